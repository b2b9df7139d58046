"""What is asked about reviews, their visits and the guide."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from kith.hubs.models import Hub
from kith.places.queries import NotAPostcode, NotInTheCounty, find_postcode
from kith.scrutiny.models import Committee, GuideQuestion, Member, Visitor
from kith.ui.fields import ChoosingForm, ClockField, DateField, PlainTextField


class ReviewForm(ChoosingForm):
    """What a committee looks into, and how many look at each place."""

    committee = forms.ChoiceField(
        label="Which committee?", error_messages={"required": "Choose a committee"}
    )
    title = PlainTextField(label="Topic", max_length=200)
    aim = PlainTextField(
        label="What do you want to find out?", lines=True, rows=3, max_length=1000, required=False
    )
    lead = forms.ChoiceField(label="Lead member", required=False)
    fewest_visitors = forms.IntegerField(
        label="How many members should see each place, at the least?", min_value=1, max_value=20
    )
    began_on = DateField(label="When does the review begin?")
    first_day = DateField(
        label="First day of visits",
        help_text="A visit to each hub is then suggested, one each working day at 10am. You can change "
        "every one. Leave it empty to plan the visits yourself.",
        required=False,
    )
    return_on = DateField(label="When does the committee look again?", required=False)
    layout = {"fewest_visitors": {"width": 3}}

    def __init__(
        self,
        *args: Any,
        committees: Sequence[Committee],
        members: Sequence[Member],
        change: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.committees = {str(one.pk): one for one in committees}
        self.members = {str(one.pk): one for one in members}
        self.offer(
            "committee", [("", "Choose one"), *((k, str(v)) for k, v in self.committees.items())]
        )
        self.offer("lead", [("", "Nobody yet"), *((k, str(v)) for k, v in self.members.items())])
        for name in ("committee", "first_day") if change else ("return_on",):
            del self.fields[name]

    @property
    def details(self) -> dict[str, Any]:
        """The answers as the actions take them. Call after is_valid()."""
        kept = ("title", "aim", "fewest_visitors", "began_on", "return_on")
        found = {name: self.cleaned_data[name] for name in kept if name in self.cleaned_data}
        return {**found, "lead": self.members.get(self.cleaned_data["lead"])}


class FirstDayForm(forms.Form):
    """From when on every hub is visited."""

    first_day = DateField(
        label="First day of visits",
        help_text="Each hub without a visit gets one, one each working day at 10am. You can change every "
        "one.",
    )


class VisitForm(ChoosingForm):
    """Where, when, and whom to ask for."""

    hub = forms.ChoiceField(
        label="Which hub?", required=False, help_text="Or say below which other place you visit."
    )
    place = PlainTextField(label="Which other place?", max_length=200, required=False)
    address = PlainTextField(
        label="Address",
        max_length=300,
        required=False,
        help_text="A hub’s own is filled in by itself.",
    )
    postcode = PlainTextField(
        label="Postcode",
        max_length=10,
        required=False,
        help_text="To see whether there is time to get there from another visit.",
    )
    on = DateField(label="Day")
    starts = ClockField(label="Begins at", help_text="For example, 10:00")
    ends = ClockField(label="Ends at", help_text="For example, 12:00")
    contact = PlainTextField(
        label="Whom do members ask for at the door?", max_length=200, required=False
    )
    travel = PlainTextField(label="Getting there", max_length=300, required=False)
    why = PlainTextField(
        label="Why does it move?",
        max_length=300,
        required=False,
        help_text="If the day, time or place changes. Those who go are told.",
    )
    layout = {"starts": {"width": 5}, "ends": {"width": 5}, "postcode": {"width": 10}}

    def __init__(
        self, *args: Any, hubs: Sequence[Hub], change: bool = False, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.hubs = {str(hub.pk): hub for hub in hubs}
        self.offer("hub", [("", "Another place"), *((k, str(v)) for k, v in self.hubs.items())])
        if not change:
            del self.fields["why"]

    def clean_postcode(self) -> str:
        typed = self.cleaned_data["postcode"]
        if not typed:
            return ""
        try:
            return str(find_postcode(typed))
        except NotInTheCounty:
            return str(typed).upper()[
                :8
            ]  # next door: it can be visited, how far it is we do not know
        except NotAPostcode as refusal:
            raise forms.ValidationError(str(refusal)) from None

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if not answers.get("hub") and not answers.get("place") and "place" not in self.errors:
            self.add_error("hub", "Choose a hub, or say which other place you visit")
        starts, ends = answers.get("starts"), answers.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", "A visit ends after it begins")
        return answers

    @property
    def chosen_hub(self) -> Hub | None:
        return self.hubs.get(self.cleaned_data["hub"])

    @property
    def details(self) -> dict[str, Any]:
        """The answers as the actions take them. Call after is_valid()."""
        answers = self.cleaned_data
        kept = ("place", "address", "postcode", "contact", "travel")
        return {
            **{name: answers[name] for name in kept},
            "hub": self.chosen_hub,
            "starts_at": _moment(answers, "starts"),
            "ends_at": _moment(answers, "ends"),
        }


def _moment(answers: dict[str, Any], name: str) -> datetime:
    return timezone.make_aware(datetime.combine(answers["on"], answers[name]))


class WhyForm(forms.Form):
    """Why something is as it is."""

    why = PlainTextField(label="Why?", max_length=300)

    def __init__(self, *args: Any, label: str, needed: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["why"].label = label
        self.fields["why"].error_messages["required"] = needed


class WhoForm(ChoosingForm):
    """Whom an officer puts down."""

    member = forms.ChoiceField(
        label="Who goes?", widget=forms.RadioSelect, error_messages={"required": "Choose a member"}
    )

    def __init__(self, *args: Any, members: Sequence[Member], **options: Any) -> None:
        super().__init__(*args, **options)
        self.members = {str(one.pk): one for one in members}
        self.offer("member", [(key, str(one)) for key, one in self.members.items()])

    @property
    def chosen(self) -> Member:
        return self.members[self.cleaned_data["member"]]


class WentForm(forms.Form):
    """Who of those who were down went."""

    def __init__(self, *args: Any, visitors: Sequence[Visitor], **options: Any) -> None:
        super().__init__(*args, **options)
        for one in visitors:
            self.fields[f"went_{one.member_id}"] = forms.ChoiceField(
                label=str(one.member),
                choices=[("yes", "Went"), ("no", "Did not go")],
                widget=forms.RadioSelect,
                error_messages={"required": f"Say whether {one.member} went"},
                initial={True: "yes", False: "no"}.get(one.went),  # type: ignore[arg-type]
            )

    @property
    def went(self) -> dict[int, bool]:
        return {
            int(name.removeprefix("went_")): value == "yes"
            for name, value in self.cleaned_data.items()
        }


class QuestionForm(forms.Form):
    """One question of the guide; one without words is left out."""

    number = forms.IntegerField(required=False, widget=forms.HiddenInput)
    about = forms.ChoiceField(
        label="About", choices=GuideQuestion.About.choices, required=False, initial="other"
    )
    words = PlainTextField(
        label="Question",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    mark_optional = False


QuestionFormSet = forms.formset_factory(QuestionForm, extra=3, max_num=60)
