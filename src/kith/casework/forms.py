"""What is asked of people who work with families. Each form is one page, one thing."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django import forms
from django.utils import timezone

from kith.accounts.models import User
from kith.casework import assessment_form
from kith.casework.actions import Typed
from kith.casework.intensity import plain
from kith.casework.models import Answer, Case, Contact, Goal
from kith.casework.queries import Caseload
from kith.casework.still_open_forms import StillOpenForm
from kith.casework.suggestions import HubSuggestion
from kith.families.queries import Member
from kith.partners.models import Organisation
from kith.referrals.attachments import KINDS
from kith.ui.fields import ClockField, DateField, FilesField, PlainTextField


class MomentForm(forms.Form):
    """A form that asks when something happened. `moment` is when, once the form is valid."""

    on = DateField(label="Day", past=True)
    time = ClockField(label="Time", help_text="For example, 14:30")

    def __init__(self, *args: Any, now: datetime, **options: Any) -> None:
        self.now = now
        local = timezone.localtime(now)
        options["initial"] = {
            "on": local.date(),
            "time": local.strftime("%H:%M"),
            **options.get("initial", {}),
        }
        super().__init__(*args, **options)

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("on") and answers.get("time"):
            answers["moment"] = timezone.make_aware(
                datetime.combine(answers["on"], answers["time"])
            )
            # A time of this very minute has happened, though its seconds may not.
            local = timezone.localtime(self.now)
            if answers["moment"] > local:
                self.add_error("time", "That time is still to come.")
        return answers


FILES = f"{KINDS}, 10 MB at most each. They stay with the note."
# A child is seen alone when no parent or carer is by.
SEEN = [("no", "No"), ("seen", "Yes"), ("alone", "Yes, and alone, without a parent or carer")]


def seen_as(answer: str) -> dict[str, bool]:
    """Return whether a child was seen, and alone, as the actions take it."""
    return {"child_seen": answer in ("seen", "alone"), "seen_alone": answer == "alone"}


class ContactForm(MomentForm):
    succeeded = forms.ChoiceField(
        label="Did you reach the family?",
        choices=[("yes", "Yes"), ("no", "No, I tried")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether you reached the family"},
    )
    with_whom = PlainTextField(label="Whom did you reach?", required=False)
    seen = forms.ChoiceField(
        label="Was a child seen and heard?", choices=SEEN, widget=forms.RadioSelect, required=False
    )
    sender_words = PlainTextField(
        label="Words for the sender of the request",
        help_text="They are told that first contact was made, as far as the family agreed. "
        "Add words only where they help: no details of the family.",
        lines=True,
        rows=3,
        max_length=2000,
        required=False,
    )
    how = forms.ChoiceField(
        label="How?",
        choices=Contact.How.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how you reached them, or tried to"},
    )
    words = PlainTextField(
        label="What was said or agreed", lines=True, rows=5, max_length=10_000, required=False
    )

    field_order = ["succeeded", "with_whom", "seen", "sender_words", "how", "on", "time", "words"]
    reveals = {"succeeded": {"yes": ["with_whom", "seen", "sender_words"]}}
    layout = {
        "time": {"width": 5},
        "how": {"small": True},
        "with_whom": {"optional": False},
    }

    def __init__(self, *args: Any, first: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not first:
            del self.fields["sender_words"]
            self.reveals = {"succeeded": {"yes": ["with_whom", "seen"]}}

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        if answers.get("succeeded") == "yes" and not answers.get("with_whom"):
            self.add_error("with_whom", "Say whom you reached, such as the mother.")
        return answers


class NoteForm(MomentForm):
    words = PlainTextField(
        label="Note",
        help_text="Write what you saw and heard, and what you make of it, so that the family "
        "could read it. A note cannot be changed; you can add to it.",
        lines=True,
        rows=10,
        max_length=20_000,
        error_messages={"required": "Write the note"},
    )
    seen = forms.ChoiceField(
        label="Was a child seen and heard?", choices=SEEN, widget=forms.RadioSelect, required=False
    )

    attached = FilesField(label="Files", help_text=FILES, required=False)

    field_order = ["words", "seen", "attached", "on", "time"]
    layout = {"time": {"width": 5}}


class AdditionForm(forms.Form):
    words = PlainTextField(
        label="What do you want to add?",
        help_text="A correction, or how the family sees it. It stands under the note, "
        "with your name and today’s date.",
        lines=True,
        max_length=20_000,
        error_messages={"required": "Write what you want to add"},
    )
    attached = FilesField(label="Files", help_text=FILES, required=False)


class ActionForm(forms.Form):
    what = PlainTextField(
        label="What will be done?",
        help_text="One thing, such as “Ask the school for a quiet place at lunch”",
        max_length=300,
        error_messages={"required": "Write what will be done"},
    )
    who = forms.ChoiceField(
        label="Who will do it?",
        choices=[
            ("worker", "Somebody at the hub"),
            ("partner", "A partner"),
            ("family", "Somebody of the family"),
        ],
        widget=forms.RadioSelect,
    )
    owner = forms.TypedChoiceField(label="Worker", coerce=int, required=False, empty_value=None)
    organisation = forms.TypedChoiceField(
        label="Partner",
        help_text="Only partners that the family has agreed may be told",
        coerce=int,
        required=False,
        empty_value=None,
    )
    family_known_as = PlainTextField(
        label="How will the partner know which family?",
        help_text="This is all that the partner sees of the family. Give as little as it needs.",
        max_length=120,
        required=False,
    )
    person = forms.TypedChoiceField(
        label="Who of the family?",
        help_text="What they said they will do themselves. They see it on their own page, and can say "
        "there that it is done or that they need help; you ask them how it goes. They get no reminders.",
        coerce=int,
        required=False,
        empty_value=None,
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

    layout = {
        name: {"optional": False} for name in ("owner", "organisation", "family_known_as", "person")
    }
    reveals = {
        "who": {
            "worker": ["owner"],
            "partner": ["organisation", "family_known_as"],
            "family": ["person"],
        },
    }

    def __init__(
        self,
        *args: Any,
        workers: Sequence[User],
        partners: Sequence[Organisation],
        people: Sequence[Member] = (),
        goals: Sequence[Goal] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.people = {one.person.pk: one.person for one in people}
        self.fields["person"].choices = [  # type: ignore[attr-defined]
            ("", "Choose somebody"),
            *((one.person.pk, f"{one.name}, {one.role_name.lower()}") for one in people),
        ]
        self.goals = {goal.pk: goal for goal in goals}
        if goals:
            self.fields["goal"].choices = [  # type: ignore[attr-defined]
                ("", "None of them"),
                *((goal.pk, goal.words) for goal in goals),
            ]
        else:
            del self.fields["goal"]
        self.workers = {worker.pk: worker for worker in workers}
        self.partners = {partner.pk: partner for partner in partners}
        owner, organisation = self.fields["owner"], self.fields["organisation"]
        owner.choices = [(worker.pk, str(worker)) for worker in workers]  # type: ignore[attr-defined]
        by_kind = sorted(partners, key=lambda found: (found.get_kind_display(), found.name))
        organisation.choices = [  # type: ignore[attr-defined]
            ("", "Choose a partner"),
            *(
                (kind, [(partner.pk, partner.name) for partner in group])
                for kind, group in groupby(by_kind, key=lambda found: found.get_kind_display())
            ),
        ]

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        answers["goal"] = self.goals.get(answers.get("goal") or 0)
        answers["owner"] = self.workers.get(answers.get("owner") or 0)
        answers["organisation"] = self.partners.get(answers.get("organisation") or 0)
        answers["person"] = self.people.get(answers.get("person") or 0)
        if answers.get("who") == "family":
            answers["owner"] = answers["organisation"] = None
            if not answers["person"] and not self.has_error("person"):
                self.add_error("person", "Choose who of the family.")
        else:
            answers["person"] = None
        if answers.get("who") == "worker":
            answers["organisation"] = None
            if not answers["owner"] and not self.has_error("owner"):
                self.add_error("owner", "Choose a worker.")
        if answers.get("who") == "partner":
            answers["owner"] = None
            if not answers["organisation"] and not self.has_error("organisation"):
                self.add_error("organisation", "Choose a partner.")
            if not answers.get("family_known_as") and not self.has_error("family_known_as"):
                self.add_error(
                    "family_known_as", "Say how the partner will know which family this is about."
                )
        return answers


class GoalForm(forms.Form):
    words = PlainTextField(
        label="What should be different?",
        help_text="In the family’s own words. For example: “Mornings without a row.”",
        max_length=300,
        error_messages={"required": "Write what should be different"},
    )
    measure = PlainTextField(
        label="How will you know?",
        help_text="Something that everybody can see. For example: in school by nine on four days of five",
        max_length=300,
        error_messages={"required": "Write how you will know"},
    )


class EndGoalForm(forms.Form):
    ending = forms.ChoiceField(
        label="How did it end?", choices=Goal.Ending.choices, widget=forms.RadioSelect
    )
    words = PlainTextField(
        label="How do you know, or why?",
        lines=True,
        rows=4,
        max_length=2000,
        error_messages={"required": "Write how you know, or why"},
    )


class ReviewForm(forms.Form):
    """A review of the plan: who was there, and how near each goal is."""

    held_on = DateField(label="When did you meet?", past=True)
    present = PlainTextField(
        label="Who was there?",
        max_length=300,
        error_messages={"required": "Write who was there"},
    )
    words = PlainTextField(
        label="What did you talk about?", lines=True, rows=5, max_length=5000, required=False
    )
    next_on = DateField(label="When do you look at it again?")

    def __init__(self, *args: Any, goals: Sequence[Goal], **options: Any) -> None:
        super().__init__(*args, **options)
        self.goals = goals
        last = {name: self.fields.pop(name) for name in ("words", "next_on")}
        self.layout: dict[str, dict[str, Any]] = {}
        for goal in goals:
            self.fields[f"score-{goal.pk}"] = forms.ChoiceField(
                label=f"How near is “{goal.words}”?",
                help_text=f"0: not begun. 10: reached. You will know by: {goal.measure}",
                choices=[(str(score), str(score)) for score in assessment_form.SCORES],
                widget=forms.RadioSelect,
                error_messages={"required": f"Say how near “{goal.words}” is"},
            )
            self.layout[f"score-{goal.pk}"] = {"inline": True, "small": True}
            self.fields[f"words-{goal.pk}"] = PlainTextField(
                label="What shows it?", max_length=500, required=False
            )
        self.fields |= last

    @property
    def progress(self) -> dict[Goal, tuple[int, str]]:
        """How near each goal is, with words. Call after is_valid()."""
        return {
            goal: (
                int(self.cleaned_data[f"score-{goal.pk}"]),
                self.cleaned_data[f"words-{goal.pk}"],
            )
            for goal in self.goals
        }


class DoneForm(forms.Form):
    came_of_it = PlainTextField(
        label="What was done, and what came of it?",
        lines=True,
        max_length=5000,
        error_messages={"required": "Write what was done and what came of it"},
    )


class ReasonForm(forms.Form):
    reason = PlainTextField(
        label="Why?",
        lines=True,
        rows=4,
        max_length=2000,
        error_messages={"required": "Write why"},
    )


class DueForm(forms.Form):
    due_on = DateField(
        label="New day",
        future=True,
        help_text="For example, 27 3 2027",
        error_messages={"required": "Enter the new day"},
    )
    reason = PlainTextField(
        label="Why does the day change?",
        max_length=300,
        error_messages={"required": "Write why the day changes"},
    )


class GiveForm(forms.Form):
    worker = forms.TypedChoiceField(
        label="Worker",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a worker"},
    )
    reason = PlainTextField(
        label="Reason",
        lines=True,
        rows=3,
        max_length=300,
        required=False,
        error_messages={"required": "Write why another worker takes over"},
    )

    def __init__(self, *args: Any, loads: Sequence[Caseload], again: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.workers = {load.worker.pk: load.worker for load in loads}
        self.fields["worker"].choices = [  # type: ignore[attr-defined]
            (load.worker.pk, str(load.worker)) for load in loads
        ]
        self.hints = {"worker": {str(load.worker.pk): _load_hint(load) for load in loads}}
        self.fields["reason"].help_text = (
            "Why does another worker take over?"
            if again
            else "Needed only when the worker has no room for another family."
        )
        self.fields["reason"].required = again


def _load_hint(load: Caseload) -> str:
    if load.at_once is None:
        said = [f"Has {_count(load.families, 'family', 'families')}, and no post here"]
    else:
        room = load.at_once - load.weight
        counted = f" (counted as {plain(load.weight)})" if load.weight != load.families else ""
        said = [
            f"Has {load.families}{counted} of {_count(load.at_once, 'family', 'families')}: "
            + (f"room for {plain(room)} more" if room > 0 else "no room")
        ]
    if load.hours_a_week is not None and load.hours_each is not None:
        said.append(
            f"{load.hours_a_week:g} hours a week, "
            f"{load.hours_each:.1f} for each family with this one"
        )
    if load.to_reach:
        said.append(f"{load.to_reach} still to reach")
    if load.overdue:
        said.append(f"{_count(load.overdue, 'action', 'actions')} overdue")
    if load.away:
        until = f" until {load.away_until:%-d %B}" if load.away_until else ""
        said.append(f"away{until}, covered by {load.covered_by}")
    return "; ".join(said)


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


class CloseForm(StillOpenForm):
    """Why a case closes, what came of it, and what becomes of all that is open."""

    reason = forms.ChoiceField(
        label="Why does the case close?",
        choices=Case.ClosingReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose why the case closes"},
    )
    outcome = forms.ChoiceField(
        label="How are things for the family now, compared with the beginning?",
        choices=Case.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how things are for the family now"},
    )
    words = PlainTextField(
        label="Words for the sender of the request",
        help_text="They also hear the reason and how things are, as far as the family agreed.",
        lines=True,
        rows=4,
        max_length=3000,
        error_messages={"required": "Write what the sender of the request is told"},
    )
    family_words = PlainTextField(
        label="Words for the family",
        help_text="In plain words. They stand in the e-mail to the family, where one is sent, in its own copy of "
        "the request, and in the letter you can print.",
        lines=True,
        rows=6,
        max_length=3000,
        required=False,
    )


class AcceptForm(forms.Form):
    hub = forms.TypedChoiceField(
        label="Which hub?",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a hub"},
    )
    reason = PlainTextField(
        label="Reason, for the record",
        lines=True,
        rows=3,
        max_length=2000,
        error_messages={"required": "Write why this hub"},
    )
    words = PlainTextField(
        label="Words for the sender",
        help_text="They are told that the request was accepted. Nothing more about the family "
        "than they know.",
        lines=True,
        rows=4,
        max_length=2000,
        required=False,
    )

    def __init__(self, *args: Any, suggestions: Sequence[HubSuggestion], **options: Any) -> None:
        super().__init__(*args, **options)
        self.hubs = {suggestion.hub.pk: suggestion.hub for suggestion in suggestions}
        self.fields["hub"].choices = [  # type: ignore[attr-defined]
            (suggestion.hub.pk, _hub_label(suggestion, first=suggestion is suggestions[0]))
            for suggestion in suggestions
        ]
        self.hints = {
            "hub": {str(suggestion.hub.pk): _hub_hint(suggestion) for suggestion in suggestions}
        }


def _hub_label(suggestion: HubSuggestion, *, first: bool) -> str:
    return (
        f"{suggestion.hub} (suggested)" if first and suggestion.reasons() else str(suggestion.hub)
    )


def _hub_hint(suggestion: HubSuggestion) -> str:
    said = suggestion.reasons()
    if suggestion.km is not None:
        said.append(f"{suggestion.km:.1f} km from the family’s home.")
    room = suggestion.room
    if room.capacity:
        families = room.open + room.waiting
        left = "no room" if room.room <= 0 else f"room for {plain(room.room)} more"
        said.append(f"{families} of {room.capacity} families, {room.waiting} waiting: {left}.")
    return " ".join(said)


# The assessment

# A radio button that was chosen cannot be unchosen: this one takes the answer back.
NO_ANSWER = "-"
SCORES = [*((str(n), str(n)) for n in assessment_form.SCORES), (NO_ANSWER, "Not agreed yet")]


class PartForm(forms.Form):
    """A page of an assessment, with the answers that stand there.

    `had` goes out with the page and comes back: for each question the revision of its answer and a
    digest of its words. So what was not touched is told from what was, without a script.
    """

    had = forms.CharField(required=False, widget=forms.HiddenInput)
    layout: dict[str, dict[str, Any]]
    mark_optional = False  # nothing must be answered to be saved

    def __init__(
        self, *args: Any, part: assessment_form.Part, answers: Mapping[str, Answer], **options: Any
    ) -> None:
        self.part, self.layout = part, {}
        words = {slot.key: _words(answers, slot.key) for slot in part.slots}
        options["initial"] = words | {
            "had": _dump_had(
                {
                    slot.key: (_revision(answers, slot.key), _digest(words[slot.key]))
                    for slot in part.slots
                }
            )
        }
        super().__init__(*args, **options)
        for slot in part.slots:
            self.fields[slot.key] = _field_for(slot.question)
            if slot.question.kind in ("choice", "yes_no", "score"):
                self.layout[slot.key] = {"small": True, "inline": slot.question.kind != "choice"}

    def typed(self) -> dict[str, Typed]:
        """Return what was touched, with the revision that was on the page. Call after is_valid();
        answers that are not valid are left out."""
        had = _load_had(self.cleaned_data.get("had", ""))
        found: dict[str, Typed] = {}
        for slot in self.part.slots:
            if slot.key not in self.cleaned_data:
                continue
            words = _as_words(self.cleaned_data[slot.key])
            revision, digest = had.get(slot.key, (0, ""))
            if digest != _digest(words):
                found[slot.key] = Typed(words, revision)
        return found

    def had_now(self, saved: Mapping[str, tuple[int, str]]) -> str:
        """Return `had` as it is once some answers are saved: revision and words of each."""
        had = _load_had(self.cleaned_data.get("had", ""))
        return _dump_had(
            had | {key: (number, _digest(text)) for key, (number, text) in saved.items()}
        )


def _dump_had(had: Mapping[str, tuple[int, str]]) -> str:
    return json.dumps({key: list(seen) for key, seen in had.items()})


def _load_had(text: str) -> dict[str, tuple[int, str]]:
    # Whatever is no good counts as nothing seen: both texts are then kept.
    try:
        return {
            str(key): (int(number), str(digest))
            for key, (number, digest) in json.loads(text).items()
        }
    except (ValueError, TypeError, AttributeError):
        return {}


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def _words(answers: Mapping[str, Answer], key: str) -> str:
    return answers[key].words if key in answers else ""


def _revision(answers: Mapping[str, Answer], key: str) -> int:
    return answers[key].revision if key in answers else 0


def _as_words(value: Any) -> str:
    if value == NO_ANSWER:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value or "")


def _field_for(question: assessment_form.Question) -> forms.Field:
    about: dict[str, Any] = {
        "label": question.label + (" (needed before signing)" if question.needed else ""),
        "help_text": question.hint,
        "required": False,
    }
    match question.kind:
        case "line":
            return PlainTextField(max_length=assessment_form.LONGEST["line"], **about)
        case "day":
            return DateField(**about)
        case "score":
            return forms.ChoiceField(choices=SCORES, widget=forms.RadioSelect, **about)
        case "yes_no":
            answers = [("yes", "Yes"), ("no", "No"), (NO_ANSWER, "Not known")]
            return forms.ChoiceField(choices=answers, widget=forms.RadioSelect, **about)
        case "choice":
            answers = [(choice, choice) for choice in question.choices]
            return forms.ChoiceField(
                choices=[*answers, (NO_ANSWER, "Not known")], widget=forms.RadioSelect, **about
            )
    return PlainTextField(lines=True, rows=4, max_length=assessment_form.LONGEST["words"], **about)


class StartAssessmentForm(forms.Form):
    """Whom an assessment is about."""

    people = forms.MultipleChoiceField(
        label="Whom is it about?",
        help_text="Choose at least one child. Children and adults are each asked.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one child"},
    )

    def __init__(self, *args: Any, members: Sequence[Member], **options: Any) -> None:
        options["initial"] = {"people": [str(member.person.pk) for member in members]}
        super().__init__(*args, **options)
        self.members = {str(member.person.pk): member for member in members}
        self.fields["people"].choices = [  # type: ignore[attr-defined]
            (key, f"{member.name or 'Unborn child'}, {member.role_name.lower()}")
            for key, member in self.members.items()
        ]


class SettleForm(forms.Form):
    """What stands where two texts were written."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    mark_optional = False

    def __init__(self, *args: Any, question: assessment_form.Question, **options: Any) -> None:
        super().__init__(*args, **options)
        lines = question.kind == "words"
        self.fields["words"] = PlainTextField(
            label="What should stand here",
            help_text="Both texts are put together for you. Change them as you like.",
            lines=lines,
            max_length=assessment_form.LONGEST["words" if lines else "line"],
            required=False,
        )


class QuestionForm(forms.Form):
    """A question of the county's own."""

    section = forms.ChoiceField(
        label="In which part?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the part in which it is asked"},
    )
    label = PlainTextField(label="The question", max_length=200)
    hint = PlainTextField(label="A hint under it", max_length=300, required=False)
    kind = forms.ChoiceField(
        label="How is it answered?",
        choices=list(assessment_form.KINDS.items()),
        widget=forms.RadioSelect,
        initial="words",
    )
    choices = PlainTextField(
        label="The answers to choose from",
        help_text="One on each line.",
        lines=True,
        max_length=2000,
        required=False,
    )
    needed = forms.BooleanField(
        label="It must be answered before a manager can sign", required=False
    )
    of_others = forms.BooleanField(
        label="The answers are about people outside the home: wider family, neighbours, who else "
        "helps. Partners then read them only where the family agreed to that too.",
        required=False,
    )
    reveals = {"kind": {"choice": ["choices"]}}
    layout = {"choices": {"optional": False}}

    def __init__(self, *args: Any, definition: assessment_form.Definition, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["section"].choices = [  # type: ignore[attr-defined]
            (section.key, f"{section.title} ({assessment_form.ABOUT[section.of].lower()})")
            for section in definition.sections
        ]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        given = {line.strip() for line in answers.get("choices", "").splitlines()} - {""}
        if answers.get("kind") == "choice" and "choices" not in self.errors and len(given) < 2:
            self.add_error("choices", "Enter two or more answers, one on each line")
        return answers


class ReleaseForm(forms.Form):
    changes = PlainTextField(
        label="What is new?",
        help_text="For those who fill in the form. For example: asks about screen time",
        max_length=300,
    )
