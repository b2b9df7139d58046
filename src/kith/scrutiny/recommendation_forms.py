"""What is asked about recommendations, their answers and their figures."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from kith.figures.registry import HOMES, name_of, to_choose
from kith.figures.words import WAYS
from kith.referrals.attachments import MOST_FILES
from kith.scrutiny.actions.answering import Promise, Reply
from kith.scrutiny.actions.papers import MOST_BYTES
from kith.scrutiny.following import WAITED_FOR
from kith.scrutiny.models import Answer, Attached, Notice, Part, Progress, Recommendation
from kith.ui.fields import ChoosingForm, DateField, PlainTextField, ScannedFilesField

SIX = {
    "why": ("Why?", "What was seen or heard, and what it shows."),
    "who": ("Who?", "Who shall act, and with whom."),
    "what": ("What?", "What shall be different."),
    "how": ("How?", "By which steps, and with what money."),
    "where": ("Where?", "In which hubs or places."),
    "when": ("When?", "By when, and when the committee looks again."),
}
STATES = [
    ("open", "Followed up"),
    *((state.value, state.label) for state in Recommendation.State if state != "merged"),
]


class ListForm(ChoosingForm):
    """Which recommendations are shown."""

    mark_optional = False
    state = forms.ChoiceField(label="State", required=False, choices=[("", "All"), *STATES])
    theme = forms.ChoiceField(label="Theme", required=False)
    owner = forms.ChoiceField(label="Owner", required=False)
    committee = forms.ChoiceField(label="Committee", required=False)
    late = forms.BooleanField(label="Overdue only", required=False)

    def __init__(
        self, *args: Any, choices: dict[str, list[tuple[str, str]]], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        for name, found in choices.items():
            self.offer(name, [("", "All"), *found])


class DraftForm(ChoosingForm):
    """A recommendation with its six questions. Gaps are shown later, and stop nothing."""

    committee = forms.ChoiceField(label="Committee")
    theme = forms.ChoiceField(label="From which theme?", required=False)
    kind = forms.ChoiceField(label="What is it?", choices=Recommendation.Kind.choices)
    words = PlainTextField(
        label="What does the committee recommend?",
        help_text="The formal words. Once agreed they stay as they are.",
        lines=True, rows=4, max_length=3000,
        error_messages={"required": "Write what is recommended."},
    )  # fmt: skip
    parts = PlainTextField(
        label="Its parts, if it asks for several things",
        help_text="One in each line. Each part is answered by itself.",
        lines=True, rows=3, max_length=3000, required=False,
    )  # fmt: skip
    owned = forms.ChoiceField(label="Who shall answer?", choices=Recommendation.Owned.choices)
    owner = PlainTextField(
        label="Which post or body?",
        help_text="No account is needed.",
        max_length=200,
        required=False,
    )
    owner_email = forms.EmailField(label="Their e-mail address", required=False)
    due_on = DateField(label="By when shall it be done?", required=False)

    def __init__(
        self,
        *args: Any,
        committees: Sequence[Any],
        themes: Sequence[Any],
        change: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.committees = {str(one.pk): one for one in committees}
        self.themes = {str(one.pk): one for one in themes}
        self.offer("committee", [(key, str(one)) for key, one in self.committees.items()])
        self.offer("theme", [("", "None"), *((k, str(v)) for k, v in self.themes.items())])
        for name, (label, hint) in SIX.items():
            self.fields[name] = PlainTextField(
                label=label, help_text=hint, lines=True, rows=2, max_length=1500, required=False
            )
        for name in ("committee", "theme", "kind") if change else ():
            del self.fields[name]

    @property
    def details(self) -> dict[str, Any]:
        """The answers as the actions take them. Call after is_valid()."""
        kept = ("kind", "words", *SIX, "owned", "owner", "owner_email", "due_on")
        return {name: self.cleaned_data[name] for name in kept if name in self.cleaned_data}

    @property
    def each_part(self) -> list[str]:
        """The parts, one for each line. Call after is_valid()."""
        return [line.strip() for line in self.cleaned_data["parts"].splitlines() if line.strip()]


class OneOfForm(ChoosingForm):
    """One thing to choose, and words where they are needed."""

    def __init__(
        self,
        *args: Any,
        name: str,
        label: str,
        rows: Iterable[Any],
        words: Iterable[tuple[str, str, bool]] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.rows = {str(row.pk): row for row in rows}
        self.name = name
        shown = [("", "Choose one"), *((key, self._named(row)) for key, row in self.rows.items())]
        self.fields[name] = forms.ChoiceField(
            label=label, choices=shown, error_messages={"required": "Choose one."}
        )
        for key, asked, required in words:
            self.fields[key] = PlainTextField(
                label=asked, lines=True, rows=3, max_length=2000, required=required
            )

    @staticmethod
    def _named(row: Any) -> str:
        meeting = getattr(row, "meeting", None)
        return f"{meeting}: {row}" if meeting else str(row)

    @property
    def chosen(self) -> Any:
        return self.rows[self.cleaned_data[self.name]]


class WhyForm(forms.Form):
    """A reason."""

    because = PlainTextField(label="Why?", lines=True, rows=3, max_length=1000)


class SendForm(forms.Form):
    """To whom, and whether the law's clock runs."""

    law = forms.ChoiceField(
        label="How is it sent?",
        choices=Notice.Law.choices,
        help_text="Only a notice to the executive starts the two months of section 9FE. Ask the monitoring "
        "officer about health, and crime and disorder.",
    )
    to = PlainTextField(label="To", max_length=200)
    email = forms.EmailField(
        label="E-mail address",
        required=False,
        help_text="The words and a private link to answer are sent there. Leave it empty if you write by letter.",
    )
    received_on = DateField(
        label="When is it received?",
        help_text="The report or the notice, whichever is later. That day is counted.",
    )
    asked_by = DateField(
        label="By when do you ask for an answer?",
        help_text="For a request without a time in law.",
        required=False,
    )


class AnswerForm(ChoosingForm):
    """An answer with its reason, what will be done, and the figures behind it."""

    part = forms.ChoiceField(label="What do you answer?", required=False)
    said = forms.ChoiceField(label="The answer", error_messages={"required": "Choose an answer."})
    words = PlainTextField(
        label="In words", lines=True, rows=4, max_length=4000,
        error_messages={"required": "Write the answer in words."},
    )  # fmt: skip
    reason = PlainTextField(
        label="Reason",
        help_text="Needed where all or part of it is not accepted.",
        lines=True, rows=3, max_length=2000, required=False,
    )  # fmt: skip
    action = PlainTextField(
        label="What will be done?",
        help_text="An answer in principle stays open until it says what will be done, and by when.",
        max_length=500, required=False,
    )  # fmt: skip
    action_owner = PlainTextField(label="By whom?", max_length=200, required=False)
    action_due = DateField(label="By when?", required=False)
    figures = PlainTextField(
        label="Figures behind it",
        help_text="One in each line: what it is; value; unit; as of. For example: Projected underspend; "
        "412,000; pounds; 30 September 2026",
        lines=True, rows=3, max_length=4000, required=False,
    )  # fmt: skip
    attached = ScannedFilesField(
        label="Files behind it",
        help_text=f"PDF, Word, OpenDocument, a spreadsheet or text: up to {MOST_FILES}, and 100 MB together. "
        "They are published with the answer. A spreadsheet is shown as it was saved, and nothing in it is run.",
        largest=MOST_BYTES, required=False,
    )  # fmt: skip
    replaces = forms.ChoiceField(
        label="Does the file take the place of an earlier one?",
        help_text="The earlier one is kept, and shown as such.",
        required=False,
    )
    by_whom = PlainTextField(label="Who answers?", help_text="A post.", max_length=200)
    answered_on = DateField(
        label="On which day?", required=False, help_text="Today, if left empty."
    )

    def __init__(
        self,
        *args: Any,
        asked: Any,
        parts: Sequence[Part],
        earlier: Sequence[Attached],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.earlier = {str(one.pk): one for one in earlier}
        self.offer("replaces", [("", "No"), *((k, str(one)) for k, one in self.earlier.items())])
        if not self.earlier:
            del self.fields["replaces"]
        self.parts = {str(part.pk): part for part in parts}
        explained = asked.kind == Recommendation.Kind.INFORMATION
        said = [one for one in Answer.Said if (one == Answer.Said.EXPLAINED) == explained]
        # Nobody accepts by leaving a box as it was.
        first = [] if explained else [("", "Choose one")]
        self.offer("said", [*first, *((one.value, one.label) for one in said)])
        if explained:
            self.initial.setdefault("said", Answer.Said.EXPLAINED)
            del self.fields["reason"]
        self.offer(
            "part",
            [
                ("", "All of it"),
                *((k, f"Part {p.order}: {p.words}") for k, p in self.parts.items()),
            ],
        )
        if not self.parts:
            del self.fields["part"]

    def clean_figures(self) -> tuple[tuple[str, str, str, str], ...]:
        found = []
        for line in filter(None, map(str.strip, self.cleaned_data["figures"].splitlines())):
            cells = [cell.strip() for cell in line.split(";")]
            if not 2 <= len(cells) <= 4 or not all(cells[:2]):
                raise forms.ValidationError(
                    f"Write what it is, then its value, with a semicolon between: “{line[:60]}”"
                )
            found.append(tuple([*cells, "", ""][:4]))
        return tuple(found)  # type: ignore[arg-type]

    @property
    def reply(self) -> Reply:
        """The answer as the action takes it. Call after is_valid()."""
        told = self.cleaned_data
        action = told["action"]
        return Reply(
            said=told["said"],
            words=told["words"],
            reason=told.get("reason", ""),
            by_whom=told["by_whom"],
            answered_on=told["answered_on"],
            part=self.parts.get(told.get("part", "")),
            figures=told["figures"],
            # What is too large is read no further than shows it.
            files=tuple((file.name, file.read(MOST_BYTES + 1)) for file in told["attached"]),
            replaces=self.earlier.get(told.get("replaces", "")),
            promises=(Promise(action, told["action_owner"], told["action_due"]),) if action else (),
        )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not told.get("action") and (told.get("action_owner") or told.get("action_due")):
            self.add_error("action", "Say what will be done.")
        return told


class PromiseForm(forms.Form):
    """Something that will be done."""

    words = PlainTextField(label="What will be done?", max_length=500)
    owner = PlainTextField(label="By whom?", max_length=200, required=False)
    due_on = DateField(label="By when?", required=False)


class DoneForm(forms.Form):
    """That it is done."""

    done_on = DateField(label="On which day was it done?")


class ProgressForm(ChoosingForm):
    """How far it is, in the words that councils use."""

    said = forms.ChoiceField(
        label="How far is it?",
        choices=[one for one in Progress.Said.choices if one[0] != Progress.Said.STOP],
    )
    words = PlainTextField(
        label="In words",
        help_text="Needed where it is not fully implemented: what is missing, or what stands in the way.",
        lines=True, rows=3, max_length=3000, required=False,
    )  # fmt: skip
    evidence = PlainTextField(
        label="What shows it?", lines=True, rows=2, max_length=2000, required=False
    )
    on = DateField(label="As of which day?")
    by_whom = PlainTextField(
        label="Who says so?", help_text="A post.", max_length=200, required=False
    )


class MeasureForm(ChoosingForm):
    """The figure by which one will see it."""

    figure = forms.ChoiceField(
        label="Which figure?", error_messages={"required": "Choose a figure."}
    )
    called = PlainTextField(
        label="What shall it be called here?",
        help_text="Leave it empty for the figure’s own name.",
        max_length=200, required=False,
    )  # fmt: skip
    by = forms.ChoiceField(label="Split how?", required=False)
    row = PlainTextField(
        label="Only one line of it?",
        help_text="The key of a line, such as “voluntary”. Leave it empty for all together.",
        max_length=60, required=False,
    )  # fmt: skip
    better = forms.ChoiceField(
        label="What would be better?",
        required=False,
        choices=[("", "As the figure says"), ("more", "More"), ("fewer", "Fewer")],
    )
    target = forms.FloatField(label="Target", required=False)
    target_on = DateField(label="By when?", required=False)
    months = forms.IntegerField(
        label="How many months are counted?",
        help_text="The last whole months: 12 for a year.",
        min_value=1, max_value=36, initial=12,
    )  # fmt: skip
    layout = {"target": {"width": 5}, "months": {"width": 3}}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        waited = [
            (key, f"{words} (no live figure yet)")
            for key, words in WAITED_FOR.items()
            if key not in HOMES
        ]
        self.offer("figure", [("", "Choose one"), *to_choose(), *waited])
        ways = sorted({way for one, _ in HOMES.values() for way in one.by})
        self.offer("by", [("", "In its usual way"), *((way, WAYS.get(way, way)) for way in ways)])

    @property
    def details(self) -> dict[str, Any]:
        """The answers as the action takes them. Call after is_valid()."""
        told = dict(self.cleaned_data)
        told["days"] = round(told.pop("months") * 365 / 12)
        if not told["called"]:
            key = told["figure"]
            told["called"] = name_of(key) if key in HOMES else WAITED_FOR[key]
        return told
