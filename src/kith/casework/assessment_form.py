"""The assessment form as data: sections of questions to a family, to each child, to each adult.

A version of the form is stored as what `as_data` returns. The county adds questions of its own;
those of the Common Assessment Framework stay, so that what was found can be compared over years.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

KINDS = {
    "words": "Several lines of text",
    "line": "One line of text",
    "choice": "One of several answers",
    "yes_no": "Yes or no",
    "day": "A date",
    "score": "A score from 0 to 10",
}
ABOUT = {"family": "The family", "child": "Each child", "adult": "Each adult"}
LONGEST = {"words": 8000, "line": 200}
SCORES = range(11)
# The framework's own questions whose answers are about people outside the home: wider family,
# neighbours, who else helps.
OF_OTHERS = ("about-others", "surroundings-wider", "surroundings-community")
_KEY = re.compile(r"[a-z][a-z0-9_]{0,29}")


class FormFaulty(ValueError):
    """What is stored is no form. The message says where."""


@dataclass(frozen=True)
class Question:
    """One thing that is asked. `needed` before a manager can sign; `own` where the county added it;
    `of_others` where the county said that its answers are about people outside the home."""

    key: str
    label: str
    kind: str = "words"
    hint: str = ""
    choices: tuple[str, ...] = ()
    needed: bool = False
    own: bool = False
    of_others: bool = False


@dataclass(frozen=True)
class Section:
    """Questions that stand on one page, asked once of the family or of each child or adult."""

    key: str
    title: str
    of: str = "family"
    lead: str = ""
    questions: tuple[Question, ...] = ()


class Somebody(Protocol):
    """A person whom an assessment is about: an `AssessedPerson`."""

    person_id: int
    is_child: bool
    name: str


@dataclass(frozen=True)
class Slot:
    """A question asked of somebody, or of the family: the place of one answer."""

    key: str
    question: Question


@dataclass(frozen=True)
class Part:
    """A section as it is asked of somebody: one page of the assessment."""

    section: Section
    somebody: Somebody | None = None
    slots: tuple[Slot, ...] = field(default=())

    @property
    def key(self) -> str:
        """How addresses call it: the section, and the person's number."""
        return self.section.key + (f"-{self.somebody.person_id}" if self.somebody else "")

    @property
    def title(self) -> str:
        return self.section.title + (f": {self.somebody.name}" if self.somebody else "")


@dataclass(frozen=True)
class Definition:
    """All sections of a form, in their order."""

    sections: tuple[Section, ...]

    def parts(self, people: Iterable[Somebody]) -> list[Part]:
        """Return the pages of an assessment of these people, each with its questions."""
        people = list(people)
        asked: list[Part] = []
        for section in self.sections:
            whom: list[Somebody | None] = (
                [None]
                if section.of == "family"
                else [one for one in people if one.is_child == (section.of == "child")]
            )
            asked += [
                Part(
                    section,
                    somebody,
                    tuple(
                        Slot(key_of(section, question, somebody), question)
                        for question in section.questions
                    ),
                )
                for somebody in whom
            ]
        return asked

    def with_question(self, section_key: str, question: Question) -> "Definition":
        """Return the form with one more question at the end of a section."""
        return Definition(
            tuple(
                Section(**{**vars(section), "questions": (*section.questions, question)})
                if section.key == section_key
                else section
                for section in self.sections
            )
        )

    def without_question(self, section_key: str, key: str) -> "Definition":
        """Return the form without one of the county's own questions."""
        return Definition(
            tuple(
                Section(
                    **{
                        **vars(section),
                        "questions": tuple(
                            question
                            for question in section.questions
                            if section.key != section_key or question.key != key or not question.own
                        ),
                    }
                )
                for section in self.sections
            )
        )

    def as_data(self) -> list[dict[str, Any]]:
        """Return the form as it is stored."""
        return [
            {**vars(section), "questions": [_plain(question) for question in section.questions]}
            for section in self.sections
        ]


def read(data: Any) -> Definition:
    """Return a form from what is stored. Raises FormFaulty."""
    try:
        sections = tuple(
            Section(
                **{
                    **section,
                    "questions": tuple(
                        Question(**{**question, "choices": tuple(question["choices"])})
                        for question in section["questions"]
                    ),
                }
            )
            for section in data
        )
    except (TypeError, KeyError) as error:
        raise FormFaulty(f"The form is not as it should be: {error}") from error
    check(sections)
    return Definition(sections)


def check(sections: Iterable[Section]) -> None:
    """Raise FormFaulty for keys that are no keys or stand twice, and for kinds that there are not."""
    seen: set[str] = set()
    for section in sections:
        if section.of not in ABOUT:
            raise FormFaulty(f"{section.title} asks nobody that there is: {section.of}")
        for question in section.questions:
            key = key_of(section, question, None)
            if not (_KEY.fullmatch(section.key) and _KEY.fullmatch(question.key)):
                raise FormFaulty(f"{key} is no key")
            if key in seen:
                raise FormFaulty(f"{key} stands twice")
            seen.add(key)
            if question.kind not in KINDS:
                raise FormFaulty(f"{key} is of no kind that there is: {question.kind}")
            if (question.kind == "choice") != (len(question.choices) > 1):
                raise FormFaulty(f"{key} needs two or more answers to choose from")


def key_of(section: Section, question: Question, somebody: Somebody | None) -> str:
    """Return the place of an answer: "health-teeth", or "health-teeth-12" for one person."""
    return f"{section.key}-{question.key}" + (f"-{somebody.person_id}" if somebody else "")


def shown(question: Question, words: str) -> str:
    """Return an answer as it is read: "7 of 10", "Yes", "3 March 2026"."""
    if not words:
        return ""
    match question.kind:
        case "score":
            return f"{words} of 10"
        case "yes_no":
            return {"yes": "Yes", "no": "No"}.get(words, words)
        case "day":
            return _day(words)
    return words


def tells_of_others(section: Section, question: Question) -> bool:
    """Say whether answers to a question are about people outside the home. They are left out for
    partners, unless the family agreed to that too."""
    return question.of_others or key_of(section, question, None) in OF_OTHERS


def of_others(parts: Iterable[Part]) -> list[str]:
    """Return the places of answers that are about people outside the home."""
    return [
        slot.key
        for part in parts
        for slot in part.slots
        if tells_of_others(part.section, slot.question)
    ]


def missing(parts: Iterable[Part], answers: Mapping[str, str]) -> list[tuple[Part, Question]]:
    """Return what must be answered before a manager can sign, and is not."""
    return [
        (part, slot.question)
        for part in parts
        for slot in part.slots
        if slot.question.needed and not answers.get(slot.key, "").strip()
    ]


def new_key(section: Section, label: str) -> str:
    """Return a key for a question of the county's own that the section has not had."""
    have = {question.key for question in section.questions}
    stem = "own_" + (re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")[:20] or "question")
    return next(
        key
        for number in range(1, 1000)
        if (key := stem if number == 1 else f"{stem}_{number}") not in have
    )


def _plain(question: Question) -> dict[str, Any]:
    return {**vars(question), "choices": list(question.choices)}


def _day(words: str) -> str:
    try:
        return f"{date.fromisoformat(words):%-d %B %Y}"
    except ValueError:
        return words
