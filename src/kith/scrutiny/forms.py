"""Forms for those who keep the committees."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import get_current_timezone, localtime

from kith.scrutiny.actions.common import missing_of_exempt
from kith.scrutiny.models import (
    Attendance,
    Committee,
    Declaration,
    Item,
    KeyDecision,
    Meeting,
    Member,
    PlanEntry,
    Point,
    Seat,
)
from kith.ui.fields import ChoosingForm, ClockField, DateField, PlainTextField

# Schedule 12A to the Local Government Act 1972, Part 1, England, since 1 March 2006.
PARAGRAPHS = {
    1: "Information about any individual",
    2: "Information likely to reveal who an individual is",
    3: "Financial or business affairs of any person, the council included",
    4: "Consultations or negotiations on labour relations",
    5: "Legal professional privilege",
    6: "A notice, order or direction that the council means to give",
    7: "Preventing, investigating or prosecuting crime",
}
NOBODY = [("", "Nobody")]


def moment(day: date, clock: time) -> datetime:
    """Return a moment of the county's clocks."""
    return datetime.combine(day, clock, tzinfo=get_current_timezone())


def after(start: datetime, clock: time | None) -> datetime | None:
    """Return when the clock next shows a time after a moment: past midnight is the next day."""
    if clock is None:
        return None
    began = localtime(start)
    on = began.date() + timedelta(days=clock <= began.time())
    return moment(on, clock)


def people(members: Iterable[Member]) -> list[tuple[str, str]]:
    """Return members to choose from."""
    return [(str(one.pk), str(one)) for one in members]


class CommitteeForm(forms.Form):
    """What is said of a committee."""

    name = PlainTextField(label="What is the committee called?", max_length=150)
    kind = forms.ChoiceField(label="What is it?", choices=Committee.Kind.choices)
    remit = PlainTextField(label="What does it look into?", lines=True, rows=3, max_length=2000, required=False)  # fmt: skip
    numbers = forms.ChoiceField(
        label="How are its items numbered?",
        choices=Committee.Numbers.choices,
        widget=forms.RadioSelect,
        initial=Committee.Numbers.YEAR,
    )
    next_number = forms.IntegerField(label="The next number", min_value=1, max_value=99999, initial=1)  # fmt: skip
    quorum = forms.IntegerField(
        label="How many members with a vote must be there?", min_value=1, max_value=100, initial=3
    )
    notice_days = forms.IntegerField(
        label="Clear days of notice",
        help_text="The law asks for five.",
        min_value=0,
        max_value=60,
        initial=5,
    )
    working_days = forms.BooleanField(label="Count working days only", required=False, initial=True)
    months_open = forms.IntegerField(
        label="After how many months is an open recommendation overdue by its age?",
        help_text="Only of one that no day is set for. Six is usual.",
        min_value=1,
        max_value=60,
        initial=6,
    )
    year_begins = forms.TypedChoiceField(
        label="The municipal year begins in",
        choices=[(number, date(2000, number, 1).strftime("%B")) for number in range(1, 13)],
        coerce=int,
        initial=5,
    )
    call_in_days = forms.IntegerField(
        label="For how many working days can a decision be called in?",
        min_value=1,
        max_value=60,
        initial=5,
    )
    usual_place = PlainTextField(
        label="Where does it usually meet?", max_length=200, required=False
    )
    contact = PlainTextField(
        label="Whom can the public ask?", help_text="A post and a telephone number.", required=False
    )
    contact_email = forms.EmailField(label="Their e-mail", required=False)
    since = DateField(label="Since when does it meet?")

    def details(self) -> dict[str, Any]:
        """Return what the action is told."""
        return {**self.cleaned_data}


class MemberForm(ChoosingForm):
    """Who somebody is that sits on a committee, and in which seat."""

    name = PlainTextField(label="Name, without title", max_length=150)
    called = PlainTextField(label="Title", help_text="Cllr, Mrs, Dr", max_length=40, required=False)
    councillor = forms.ChoiceField(
        label="Are they a councillor?",
        choices=[("yes", "Yes"), ("no", "No: co-opted")],
        widget=forms.RadioSelect,
        initial="yes",
    )
    group = PlainTextField(label="Political group", max_length=100, required=False)
    division = PlainTextField(
        label="Division they were elected for", max_length=100, required=False
    )
    district = forms.ChoiceField(
        label="District in which the division lies",
        help_text="Their page shows what changed there.",
        required=False,
    )
    hub = forms.ChoiceField(label="Hub in whose area the division lies", required=False)
    represents = PlainTextField(label="Whom do they represent?", help_text="Of co-opted members: parent governors, a diocese.", max_length=150, required=False)  # fmt: skip
    account = forms.ChoiceField(label="Their account in Kith", required=False)

    SAID = ("name", "called", "group", "division", "district", "represents")

    def details(self, users: dict[str, Any], hubs: dict[str, Any]) -> dict[str, Any]:
        """Return what the action is told."""
        said = self.cleaned_data
        told = {name: said[name] for name in self.SAID}
        told |= {"user": users.get(said["account"]), "hub": hubs.get(said["hub"])}
        return {**told, "councillor": said["councillor"] == "yes"}


class SeatForm(ChoosingForm):
    """A seat on a committee."""

    member = forms.ChoiceField(label="Who?", error_messages={"required": "Choose a member"})
    role = forms.ChoiceField(label="As what?", choices=Seat.Role.choices, initial="member")
    votes = forms.ChoiceField(label="Do they vote?", choices=Seat.Votes.choices)
    since = DateField(label="From which day?")


class EndSeatForm(forms.Form):
    """When and why a seat ends."""

    on = DateField(label="The last day")
    because = PlainTextField(label="Why?", help_text="Resigned, not elected again, moved to another committee.", required=False)  # fmt: skip


class WhenForm(forms.Form):
    """When and where a meeting is."""

    day = DateField(label="Which day?")
    starts = ClockField(label="When does it begin?")
    ends = ClockField(
        label="When is it meant to end?",
        help_text="A time before it begins is past midnight.",
        required=False,
    )
    place = PlainTextField(
        label="Where?", max_length=200, error_messages={"required": "Say where it is"}
    )
    webcast = forms.URLField(
        label="Where can it be watched?", assume_scheme="https", required=False
    )

    def times(self) -> tuple[datetime, datetime | None]:
        """Return when it begins and is meant to end."""
        start = moment(self.cleaned_data["day"], self.cleaned_data["starts"])
        return start, after(start, self.cleaned_data.get("ends"))

    @staticmethod
    def of(meeting: Meeting) -> dict[str, Any]:
        """Return what the form shows of a meeting."""
        start = localtime(meeting.starts_at)
        return {
            "day": start.date(),
            "starts": start.time(),
            "ends": localtime(meeting.ends_at).time() if meeting.ends_at else None,
            "place": meeting.place,
            "webcast": meeting.webcast,
        }


class PlanMeetingForm(WhenForm, ChoosingForm):
    """A meeting to come."""

    committee = forms.ChoiceField(label="Which committee?")
    together_with = forms.MultipleChoiceField(
        label="Together with another committee?",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    announce = forms.BooleanField(
        label="Show it in the public calendar now", required=False, initial=True
    )
    field_order = ("committee", "day", "starts", "ends", "place", "webcast", "together_with")


class MoveForm(WhenForm):
    """Where a meeting goes."""

    why = PlainTextField(
        label="Why is it moved?", help_text="The public reads this.", max_length=300
    )


class WhyForm(forms.Form):
    """One reason."""

    why = PlainTextField(
        label="Why?",
        help_text="The public reads this.",
        max_length=300,
        error_messages={"required": "Say why"},
    )


class PublishForm(forms.Form):
    """What is said when an agenda is published."""

    short_notice = PlainTextField(
        label="Why is it called at shorter notice?",
        help_text="Only where fewer clear days are given than the law asks for.",
        lines=True,
        rows=2,
        max_length=500,
        required=False,
    )
    because = PlainTextField(
        label="What is new?", help_text="Of a supplement.", max_length=300, required=False
    )


class ExemptForm(forms.Form):
    """A form of something that may be kept from the public: it says at once all that is missing for that."""

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("exempt"):
            told = (said.get("paragraphs") or [], said.get("public_interest") or "")
            for name, words in missing_of_exempt(*told).items():
                if name not in self.errors:
                    self.add_error(name, ValidationError(words))
        return said


class ItemForm(ExemptForm):
    """An item of an agenda."""

    title = PlainTextField(label="Title", max_length=200)
    kind = forms.ChoiceField(label="What is it?", choices=Item.Kind.choices, initial="topic")
    words = PlainTextField(label="What does the agenda say?", lines=True, rows=4, required=False)
    number = PlainTextField(
        label="Number",
        help_text="Empty: it is given when the agenda is published.",
        max_length=20,
        required=False,
    )
    minutes_planned = forms.IntegerField(
        label="Minutes planned for it", min_value=1, max_value=600, required=False
    )
    brief = PlainTextField(
        label="For the chair", help_text="Stands in the chair’s brief, and nowhere else.", lines=True, rows=2, required=False
    )  # fmt: skip
    exempt = forms.BooleanField(label="Not for the public", required=False)
    paragraphs = forms.TypedMultipleChoiceField(
        label="By which paragraph of Schedule 12A?",
        choices=[(number, f"{number}. {words}") for number, words in PARAGRAPHS.items()],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    public_interest = PlainTextField(
        label="Why does the public interest ask for it?", lines=True, rows=2, required=False
    )
    late_because = PlainTextField(
        label="Which special circumstances make it urgent?",
        help_text="Only of an item that comes after the agenda was published.",
        lines=True,
        rows=2,
        required=False,
    )

    def details(self) -> dict[str, Any]:
        """Return what the action is told."""
        return {**self.cleaned_data}

    @staticmethod
    def of(item: Item) -> dict[str, Any]:
        """Return what the form shows of an item."""
        return {name: getattr(item, name) for name in ItemForm.base_fields}


class InviteForm(forms.Form):
    """Who is asked to come to an item."""

    name = PlainTextField(label="Name", max_length=150, required=False)
    post = PlainTextField(label="Post", max_length=200)
    body = PlainTextField(
        label="Of another body", help_text="A district council, the police.", required=False
    )
    email = forms.EmailField(label="E-mail", required=False)


class HeldForm(forms.Form):
    """When a meeting began and finished, and who took the chair."""

    began = ClockField(label="When did it begin?")
    finished = ClockField(
        label="When did it finish?", help_text="A time before it began is past midnight."
    )
    chair = PlainTextField(label="Who took the chair?", max_length=150)


class AttendanceForm(ChoosingForm):
    """Whether one member was there."""

    state = forms.ChoiceField(
        label="Were they there?",
        choices=[choice for choice in Attendance.State.choices if choice[0] != "part"],
        widget=forms.RadioSelect,
    )
    instead_of = forms.ChoiceField(label="Did they stand in for somebody?", required=False)
    came = ClockField(label="Came at", help_text="Only where it was later.", required=False)
    left = ClockField(label="Left at", help_text="Only where it was earlier.", required=False)
    left_because = PlainTextField(label="Why did they leave?", required=False)
    out_for = forms.MultipleChoiceField(
        label="Left the room for", widget=forms.CheckboxSelectMultiple, required=False
    )


class StandInForm(AttendanceForm):
    """Somebody who stood in for a member and has no seat on the committee."""

    member = forms.ChoiceField(label="Who?", error_messages={"required": "Choose who stood in"})
    field_order = ("member", "state")


class DeclarationForm(ChoosingForm):
    """An interest that was declared."""

    member = forms.ChoiceField(label="Who?", error_messages={"required": "Choose a member"})
    kind = forms.ChoiceField(
        label="What?", choices=Declaration.Kind.choices, widget=forms.RadioSelect
    )
    item = forms.ChoiceField(label="In which item?", required=False)
    words = PlainTextField(label="What was declared?", lines=True, rows=2)
    left = forms.BooleanField(label="They left the room for it", required=False)


class QuestionForm(ChoosingForm):
    """A question to the meeting, and its answer."""

    asked_by = PlainTextField(label="Who asks?", max_length=150)
    member = forms.ChoiceField(label="Is it a councillor?", required=False)
    named = forms.BooleanField(label="The name may be published", required=False, initial=True)
    words = PlainTextField(label="The question", lines=True, rows=4)
    answer = PlainTextField(label="The answer", lines=True, rows=4, required=False)
    answered_by = PlainTextField(label="Who answered?", help_text="A post.", required=False)
    more = PlainTextField(label="Supplementary question", lines=True, rows=2, required=False)
    more_answer = PlainTextField(label="Its answer", lines=True, rows=2, required=False)


class PointForm(ChoosingForm):
    """A sentence of the minutes."""

    kind = forms.ChoiceField(label="What is it?", choices=Point.Kind.choices)
    speaker = PlainTextField(
        label="Who spoke?",
        help_text="As the minutes name them. Empty: nobody is named.",
        required=False,
        widget=forms.TextInput(attrs={"list": "speakers", "autocomplete": "off"}),
    )
    words = PlainTextField(label="What is minuted?", lines=True, rows=4)
    answers = forms.ChoiceField(label="Which question does it answer?", required=False)
    moved_by = forms.ChoiceField(label="Moved by", required=False)
    seconded_by = forms.ChoiceField(label="Seconded by", required=False)
    votes_for = forms.IntegerField(label="For", min_value=0, max_value=500, required=False)
    votes_against = forms.IntegerField(label="Against", min_value=0, max_value=500, required=False)
    abstained = forms.IntegerField(label="Abstained", min_value=0, max_value=500, required=False)

    VOTE = ("moved_by", "seconded_by", "votes_for", "votes_against", "abstained")

    def details(self, members: dict[str, Member], questions: dict[str, Point]) -> dict[str, Any]:
        """Return what the action is told."""
        said = self.cleaned_data
        told = {name: said[name] for name in ("kind", "speaker", "words")}
        told |= {name: said[name] for name in ("votes_for", "votes_against", "abstained")}
        told |= {name: members.get(said[name]) for name in ("moved_by", "seconded_by")}
        yes, no = said["votes_for"], said["votes_against"]
        carried = None if yes is None and no is None else (yes or 0) > (no or 0)
        return {**told, "answers": questions.get(said["answers"]), "carried": carried}


class ClearForm(forms.Form):
    """Who cleared a draft."""

    cleared_by = PlainTextField(label="Who has read and cleared them?", max_length=150)


class ConfirmForm(ChoosingForm):
    """At which meeting minutes were confirmed."""

    at_meeting = forms.ChoiceField(label="At which meeting were they confirmed?")


class CorrectForm(ConfirmForm):
    """A correction that a later meeting decided."""

    words = PlainTextField(label="What is corrected?", lines=True, rows=3)


class EntryForm(ChoosingForm):
    """A line of the forward plan."""

    title = PlainTextField(
        label="What?",
        max_length=200,
        error_messages={"required": "Say what the committee looks at"},
    )
    kind = forms.ChoiceField(label="What kind of thing?", choices=PlanEntry.Kind.choices)
    why = PlainTextField(label="Why, and what does the committee want to know?", lines=True, rows=3, required=False)  # fmt: skip
    owner = PlainTextField(label="Who brings it?", help_text="A post or a body.", required=False)
    due_meeting = forms.ChoiceField(label="To which meeting?", required=False)
    due_month = forms.ChoiceField(label="Or in which month?", required=False)
    public = forms.BooleanField(label="The public may read it", required=False, initial=True)

    def details(self, meetings: dict[str, Meeting]) -> dict[str, Any]:
        """Return what the action is told."""
        said = {**self.cleaned_data}
        said["due_meeting"] = meetings.get(said["due_meeting"])
        said["due_month"] = date.fromisoformat(said["due_month"]) if said["due_month"] else None
        return said


class CloseEntryForm(forms.Form):
    """What became of a line."""

    done = forms.ChoiceField(
        label="What became of it?",
        choices=[("yes", "It is done"), ("no", "It is not taken further")],
        widget=forms.RadioSelect,
    )
    outcome = PlainTextField(label="In words", lines=True, rows=2, required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("done") == "no" and not said.get("outcome"):
            self.add_error("outcome", ValidationError("Say why it is not taken further."))
        return said


class CallInForm(ChoosingForm):
    """Which committee calls a decision in, and why."""

    committee = forms.ChoiceField(label="Which committee?")
    on = DateField(label="On which day was it called in?")
    because = PlainTextField(
        label="Who called it in, and why?",
        help_text="The names of the members, and their grounds. The public reads this.",
        lines=True,
        rows=3,
        max_length=2000,
    )


class OutcomeForm(forms.Form):
    """What a committee said of a decision that was called in."""

    outcome = PlainTextField(
        label="What did the committee decide?",
        help_text="That the decision stands, or that it goes back, and why.",
        lines=True,
        rows=3,
        max_length=2000,
    )


class DecisionForm(forms.Form):
    """A decision that the executive means to take."""

    title = PlainTextField(label="Title", max_length=200)
    matter = PlainTextField(label="What is to be decided?", lines=True, rows=3)
    key = forms.BooleanField(label="It is a key decision", required=False, initial=True)
    maker = PlainTextField(label="Who decides?", help_text="Name and title; of a body its members.", max_length=300)  # fmt: skip
    first = DateField(label="When, or from when?")
    last = DateField(label="Until when at the latest?")
    documents = PlainTextField(label="Which documents will be read?", lines=True, rows=2, required=False)  # fmt: skip
    where = PlainTextField(label="Where can they be had?", max_length=300, required=False)
    private_because = PlainTextField(label="Why is it decided in private?", max_length=300, required=False)  # fmt: skip
    given = forms.ChoiceField(
        label="How much notice is given?",
        choices=KeyDecision.Given.choices,
        widget=forms.RadioSelect,
        initial="full",
    )
    urgency = PlainTextField(
        label="Why can it not wait for 28 clear days?", max_length=300, required=False
    )
    chair = PlainTextField(
        label="Which chair of scrutiny was told, or agreed?", max_length=200, required=False
    )
    decided_on = DateField(label="Decided on", required=False)
    decision = PlainTextField(label="What was decided?", lines=True, rows=3, required=False)

    @staticmethod
    def of(decision: KeyDecision) -> dict[str, Any]:
        """Return what the form shows of a decision."""
        return {name: getattr(decision, name) for name in DecisionForm.base_fields}


def months_from(day: date, many: int = 18) -> Sequence[tuple[str, str]]:
    """Return months to choose from, the first being that of a day."""
    found = [
        date(day.year + (day.month - 1 + number) // 12, (day.month - 1 + number) % 12 + 1, 1)
        for number in range(many)
    ]
    return [("", "Not set"), *((one.isoformat(), f"{one:%B %Y}") for one in found)]
