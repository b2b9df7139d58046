"""What is asked about the team around a family: who joins and leads it, its meetings, their minutes."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from django import forms
from django.utils import timezone

from kith.accounts.models import User
from kith.casework.actions import Decision
from kith.casework.models import Goal, MeetingSeat, PlannedAction, TeamMember
from kith.casework.team import MeetingNow
from kith.families.queries import Member
from kith.partners.models import Organisation
from kith.ui.fields import ClockField, DateField, PlainTextField

Kind = TeamMember.Kind


class MemberForm(forms.Form):
    """Somebody joins the team."""

    kind = forms.ChoiceField(
        label="Who joins the team?",
        choices=Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who joins the team"},
    )
    organisation = forms.TypedChoiceField(
        label="Organisation",
        help_text="The family must have agreed that it joins the team",
        coerce=int,
        required=False,
        empty_value=None,
    )
    name = PlainTextField(label="Their name", max_length=200, required=False)
    email = forms.EmailField(
        label="Their e-mail address",
        help_text="At work. With it they open their page: what is theirs to do, meetings, and minutes "
        "that are sent to them.",
        required=False,
    )
    family_known_as = PlainTextField(
        label="How will they know which family?",
        help_text="As the family wishes to be spoken of in the team",
        max_length=120,
        required=False,
    )
    worker = forms.TypedChoiceField(label="Colleague", coerce=int, required=False, empty_value=None)
    person = forms.TypedChoiceField(label="Person", coerce=int, required=False, empty_value=None)
    role = PlainTextField(
        label="What are they for the family?",
        help_text="Such as “SENCo”, “health visitor” or “grandmother, looks after Ben on Fridays”",
        max_length=120,
        error_messages={"required": "Write what they are for the family"},
    )
    layout = {
        name: {"optional": False}
        for name in ("organisation", "name", "email", "family_known_as", "worker", "person")
    }
    reveals = {
        "kind": {
            Kind.PARTNER.value: ["organisation", "name", "email", "family_known_as"],
            Kind.WORKER.value: ["worker"],
            Kind.FAMILY.value: ["person"],
        }
    }
    NEEDED = {
        "organisation": "Choose the organisation",
        "name": "Write their name",
        "email": "Write their e-mail address",
        "family_known_as": "Say how they will know which family this is about",
        "worker": "Choose a colleague",
        "person": "Choose somebody of the family",
    }

    def __init__(
        self,
        *args: Any,
        partners: Sequence[Organisation],
        workers: Sequence[User],
        people: Sequence[Member],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.partners = {partner.pk: partner for partner in partners}
        self.workers = {worker.pk: worker for worker in workers}
        self.people = {one.person.pk: one.person for one in people}
        by_kind = sorted(partners, key=lambda one: (one.get_kind_display(), one.name))
        self._offer(
            "organisation",
            *(
                (kind, [(one.pk, one.name) for one in group])
                for kind, group in groupby(by_kind, key=lambda one: one.get_kind_display())
            ),
        )
        self._offer("worker", *((worker.pk, worker.name) for worker in workers))
        self._offer("person", *((one.person.pk, f"{one.name}, {one.role_name}") for one in people))

    def _offer(self, name: str, *choices: Any) -> None:
        self.fields[name].choices = [("", "Choose"), *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        for name in self.reveals["kind"].get(answers.get("kind", ""), []):
            if not answers.get(name) and not self.has_error(name):
                self.add_error(name, self.NEEDED[name])
        return answers


class LeadForm(forms.Form):
    member = forms.TypedChoiceField(
        label="Who leads the team?",
        help_text="The lead professional is whom the family turns to. They call meetings, write "
        "minutes, and see the family’s whole plan; of a partner’s, nothing else of the record.",
        widget=forms.RadioSelect,
        coerce=int,
        error_messages={"required": "Choose who leads the team"},
    )

    def __init__(self, *args: Any, members: Sequence[TeamMember], **options: Any) -> None:
        super().__init__(*args, **options)
        self.members = {member.pk: member for member in members}
        self.fields["member"].choices = [  # type: ignore[attr-defined]
            (member.pk, f"{member.name}, {member.role}, {member.of}") for member in members
        ]


class LeadActionForm(forms.Form):
    """An action that a partner's lead professional plans, for somebody of the team."""

    what = PlainTextField(
        label="What will be done?",
        help_text="One thing, such as “Ask the school for a quiet place at lunch”",
        max_length=300,
        error_messages={"required": "Write what will be done"},
    )
    member = forms.TypedChoiceField(
        label="Who will do it?",
        help_text="Partners of the team, and who of the family is in it. The hub plans what its own "
        "people do. A partner is told of it where the family has agreed that it takes part in the plan.",
        widget=forms.RadioSelect,
        coerce=int,
        error_messages={"required": "Choose who will do it"},
    )
    goal = forms.TypedChoiceField(
        label="Which goal is it for?", coerce=int, required=False, empty_value=None
    )
    due_on = DateField(
        label="By which day?",
        future=True,
        help_text="For example, 27 3 2027",
        error_messages={"required": "Enter the day by which it will be done"},
    )

    def __init__(
        self, *args: Any, members: Sequence[TeamMember], goals: Sequence[Goal], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        # An action is an organisation's, whoever of it is in the team.
        whose = {
            (one.kind, one.organisation_id or one.pk): one
            for one in reversed(members)
            if one.kind != TeamMember.Kind.WORKER
        }
        self.members = {one.pk: one for one in reversed(whose.values())}
        self.fields["member"].choices = [  # type: ignore[attr-defined]
            (one.pk, f"{one.of} ({one.name})" if one.organisation else f"{one.name}, {one.role}")
            for one in self.members.values()
        ]
        self.goals = {goal.pk: goal for goal in goals}
        if goals:
            self.fields["goal"].choices = [  # type: ignore[attr-defined]
                ("", "None of them"),
                *((goal.pk, goal.words) for goal in goals),
            ]
        else:
            del self.fields["goal"]

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        answers["goal"] = self.goals.get(answers.get("goal") or 0)
        if "member" in answers:
            answers["member"] = self.members[answers["member"]]
        return answers


class MeetingForm(forms.Form):
    """When, where and what for the team meets, and who is asked."""

    on = DateField(
        label="Day",
        future=True,
        help_text="For example, 27 3 2027",
        error_messages={"required": "Enter the day of the meeting"},
    )
    time = ClockField(
        label="Time",
        help_text="For example, 14:30",
        error_messages={"required": "Enter the time at which it begins"},
    )
    minutes_long = forms.TypedChoiceField(
        label="How long?",
        choices=[(30, "Half an hour"), (45, "45 minutes"), (60, "An hour"), (90, "An hour and a half"),
                 (120, "Two hours")],
        coerce=int,
    )  # fmt: skip
    place = PlainTextField(
        label="Where?",
        help_text="It stands in the e-mail and in calendars: a place everybody may know of",
        max_length=200,
        error_messages={"required": "Write where the meeting is"},
    )
    agenda = PlainTextField(
        label="What is it about?",
        help_text="Whoever is asked reads it on their page. It is not in the e-mail.",
        lines=True,
        rows=4,
        max_length=4000,
        required=False,
    )
    members = forms.TypedMultipleChoiceField(
        label="Who is asked?",
        widget=forms.CheckboxSelectMultiple,
        coerce=int,
        error_messages={"required": "Choose who is asked to the meeting"},
    )
    layout = {"time": {"width": 5}, "minutes_long": {"width": 10}}

    def __init__(
        self,
        *args: Any,
        members: Sequence[TeamMember],
        changed: MeetingNow | None = None,
        **options: Any,
    ) -> None:
        there = {seat.member_id for seat in changed.seats} if changed else set()
        initial: dict[str, Any] = {"minutes_long": 60, "members": [one.pk for one in members]}
        if changed:
            local = timezone.localtime(changed.meeting.starts_at)
            initial = {
                "on": local.date(),
                "time": local.strftime("%H:%M"),
                "minutes_long": changed.meeting.minutes_long,
                "place": changed.meeting.place,
                "agenda": changed.meeting.agenda,
            }
        options["initial"] = {**initial, **options.get("initial", {})}
        super().__init__(*args, **options)
        # Who was asked stays asked: only others can be asked as well.
        offered = [one for one in members if one.pk not in there]
        self.offered = {member.pk: member for member in offered}
        self.fields["members"].choices = [  # type: ignore[attr-defined]
            (one.pk, f"{one.name}, {one.of}") for one in offered
        ]
        if changed:
            self.fields["members"].required = False
            self.fields["members"].label = "Who else is asked?"
            if not offered:
                del self.fields["members"]

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("on") and answers.get("time"):
            answers["starts_at"] = timezone.make_aware(
                datetime.combine(answers["on"], answers["time"])
            )
            if answers["starts_at"] <= timezone.now():
                self.add_error("time", "That time has passed. Give one that is still to come.")
        return answers

    @property
    def asked(self) -> dict[str, Any]:
        """What was answered, as the actions take it. Call after is_valid()."""
        answers = self.cleaned_data
        return {
            **{name: answers[name] for name in ("starts_at", "minutes_long", "place", "agenda")},
            "members": [self.offered[pk] for pk in answers.get("members", [])],
        }


STATES = [
    ("goes_on", "Goes on"),
    ("later", "Goes on, with another day"),
    ("done", "Done"),
    ("dropped", "Will not be done"),
]


class MinutesForm(forms.Form):
    """Who was there, what was said, and what becomes of each open action."""

    others = PlainTextField(label="Who else was there?", max_length=300, required=False)
    discussion = PlainTextField(
        label="What was said and agreed",
        help_text="Everybody to whom you send the minutes reads this, the family too. What only the "
        "hub may know goes into a note.",
        lines=True,
        rows=10,
        max_length=20_000,
        error_messages={"required": "Write what was said"},
    )

    def __init__(
        self,
        *args: Any,
        seats: Sequence[MeetingSeat],
        actions: Sequence[PlannedAction],
        before: MeetingNow,
        **options: Any,
    ) -> None:
        last = before.minutes
        said = {one.action_id: one for one in last.reviewed.all()} if last else {}
        initial: dict[str, Any] = {}
        if last:
            initial = {"others": last.others, "discussion": last.discussion}
        options["initial"] = {**initial, **options.get("initial", {})}
        super().__init__(*args, **options)
        self.seats, self.actions = seats, actions
        self.layout: dict[str, dict[str, Any]] = {}
        self.reveals: dict[str, dict[str, list[str]]] = {}
        rest = {name: self.fields.pop(name) for name in ("others", "discussion")}
        for seat in seats:
            name = f"seat-{seat.pk}"
            gone = "apologies" if seat.reply == "apologies" else ""
            self.fields[name] = forms.ChoiceField(
                label=f"{seat.member.name}, {seat.member.of}",
                choices=MeetingSeat.Attendance.choices,
                widget=forms.RadioSelect,
                initial=seat.attendance or gone,
                error_messages={"required": f"Say whether {seat.member} was there"},
            )
            self.layout[name] = {"inline": True, "small": True}
        self.fields |= rest
        for action in actions:
            had = said.get(action.pk)
            state, words, due = (f"{part}-{action.pk}" for part in ("state", "words", "due"))
            self.fields[state] = forms.ChoiceField(
                label=f"{action.what}",
                help_text=f"{action.who}, due {action.due_on:%-d %B %Y}",
                choices=STATES,
                widget=forms.RadioSelect,
                initial="goes_on",
            )
            self.fields[due] = DateField(label="New day", future=True, required=False)
            self.fields[words] = PlainTextField(
                label="What was said of it?",
                help_text="Needed if it is done, dropped, or has another day",
                max_length=500,
                required=False,
                initial=had.words if had else "",
            )
            self.layout[state] = {"small": True}
            self.layout[due] = {"optional": False}
            self.reveals[state] = {"later": [due]}

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        for action in self.actions:
            state = answers.get(f"state-{action.pk}")
            due, words = f"due-{action.pk}", f"words-{action.pk}"
            if state == "later" and not answers.get(due) and not self.has_error(due):
                self.add_error(due, "Give the new day")
            if state in ("later", "done", "dropped") and not answers.get(words):
                self.add_error(words, "Write what was said of it")
        return answers

    @property
    def attendance(self) -> dict[int, str]:
        """Whether each was there, by the number of the seat. Call after is_valid()."""
        return {seat.pk: self.cleaned_data[f"seat-{seat.pk}"] for seat in self.seats}

    @property
    def decisions(self) -> dict[int, Decision]:
        """What becomes of each action, by its number. Call after is_valid()."""
        answers = self.cleaned_data
        return {
            one.pk: Decision(
                answers[f"state-{one.pk}"], answers[f"words-{one.pk}"], answers[f"due-{one.pk}"]
            )
            for one in self.actions
        }


class SendMinutesForm(forms.Form):
    members = forms.TypedMultipleChoiceField(
        label="Who gets the minutes?",
        widget=forms.CheckboxSelectMultiple,
        coerce=int,
        error_messages={"required": "Choose who gets the minutes"},
    )

    def __init__(self, *args: Any, members: Sequence[TeamMember], **options: Any) -> None:
        options["initial"] = {"members": [one.pk for one in members]}
        super().__init__(*args, **options)
        self.offered = {member.pk: member for member in members}
        self.fields["members"].choices = [  # type: ignore[attr-defined]
            (one.pk, f"{one.name}, {one.of}") for one in members
        ]


class AnswerForm(forms.Form):
    """Will you come?"""

    reply = forms.ChoiceField(
        label="Will you come?",
        choices=[("coming", "Yes, I will come"), ("apologies", "No, I cannot come")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether you will come"},
    )
    words = PlainTextField(
        label="Anything the others should know?",
        lines=True,
        rows=3,
        max_length=2000,
        required=False,
    )
