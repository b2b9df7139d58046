"""Wordings: what Kith says in a notice, before a county puts it in its own words.

A module that sends notices keeps them in its `wordings.py`, which is found by itself:

    DECIDED = register(
        Wording(
            key="referrals.decided",
            name="Your request has been decided",
            when="To the sender, when the desk has decided.",
            subject="Request ((reference)): we have decided",
            body="Hello ((name)), ...",
            fields={"reference": "R-2026-004217", "name": "Sam Field"},
        )
    )

A field stands in the words as `((name))`. A paragraph that holds nothing but an empty field is
left out.

Some words are not sent by themselves: a box on a page begins with them, and whoever fills it in
changes them (`on_page=True`). They have no subject, and one channel: the page.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings

FIELD = re.compile(r"\(\(([^()]*)\)\)")
# Subjects, and the names of files and lines of a log, are read by others: nothing personal.
SAFE_IN_SUBJECT = frozenset({"reference", "county"})
NOT_SHOWN = "[for the receiver alone]"
LONGEST_SUBJECT, LONGEST_BODY, LONGEST_TEXT, LONGEST_ON_PAGE = 150, 20_000, 900, 1500
PAGE = "page"  # the channel of words that are not sent by themselves


class Secret(str):
    """Something filled into a notice that is for its receiver alone: a link that opens something.

    The outbox shows it to nobody, and forgets it once it was sent.
    """


class UnknownField(ValueError):
    """The words name a field that this notice does not have."""

    def __init__(self, names: list[str], allowed: list[str]) -> None:
        self.names, self.allowed = names, allowed
        listed = ", ".join(f"(({name}))" for name in names)
        super().__init__(
            f"This notice has no field {listed}. You can use: "
            + ", ".join(f"(({name}))" for name in allowed)
            + "."
        )


class PersonalSubject(ValueError):
    """The subject would show something about a person to whoever sees the list of letters."""

    def __init__(self, names: list[str]) -> None:
        listed = ", ".join(f"(({name}))" for name in names)
        super().__init__(
            f"Take {listed} out of the subject. Only ((reference)) and ((county)) may stand there, "
            "because a subject can be seen on a locked screen."
        )


class MissingField(KeyError):
    """A notice was asked for without something that its words need."""


@dataclass(frozen=True)
class Wording:
    """The words of one kind of notice. `fields` maps each field to an invented example."""

    key: str
    name: str
    when: str
    subject: str
    body: str
    fields: Mapping[str, str] = field(default_factory=dict)
    # For a text message, which should be short; the body where left out.
    text: str = ""
    # A box on a page begins with these words; they are not sent by themselves.
    on_page: bool = False
    # Its one secret link stops letters of this kind: mail programs are told so (RFC 8058).
    stopped_by_link: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "fields", {**self.fields, "county": settings.KITH_COUNTY})
        check_words(self, subject=self.subject, body=self.body)
        check_words(self, subject="", body=self.text)

    def words_for(self, channel: str) -> tuple[str, str]:
        """Return the subject and body that come with Kith for a channel."""
        if channel == "text":
            return "", self.text or self.body
        return self.subject, self.body


_registered: dict[str, Wording] = {}


def register(wording: Wording) -> Wording:
    """Make a wording known, so that a county can edit it. Raises when the key is taken."""
    if _registered.get(wording.key, wording) != wording:
        raise ValueError(f"There are two wordings with the key {wording.key}.")
    _registered[wording.key] = wording
    return wording


def registered() -> list[Wording]:
    """Return every wording, by key."""
    return [_registered[key] for key in sorted(_registered)]


def find(key: str) -> Wording | None:
    """Return the wording of a key."""
    return _registered.get(key)


def notices() -> list[Wording]:
    """Return every wording that is sent as it stands, by key."""
    return [wording for wording in registered() if not wording.on_page]


def fields_in(text: str) -> list[str]:
    """Return the names of the fields a text uses, each once, in order."""
    return list(dict.fromkeys(name.strip() for name in FIELD.findall(text)))


def check_words(wording: Wording, *, subject: str, body: str) -> None:
    """Raise UnknownField or PersonalSubject where words cannot be used."""
    unknown = [name for name in fields_in(subject + body) if name not in wording.fields]
    if unknown:
        raise UnknownField(unknown, sorted(wording.fields))
    personal = [name for name in fields_in(subject) if name not in SAFE_IN_SUBJECT]
    if personal:
        raise PersonalSubject(personal)


def fill(text: str, context: Mapping[str, object]) -> str:
    """Return a text with its fields filled in. Raises MissingField.

    What is filled in is never read again for fields, so that a name cannot bring in another.
    """
    paragraphs = []
    for paragraph in text.replace("\r\n", "\n").split("\n\n"):
        missing = [name for name in fields_in(paragraph) if name not in context]
        if missing:
            raise MissingField(missing[0])
        filled = FIELD.sub(lambda found: tidy(context[found[1].strip()]), paragraph).strip("\n")
        if filled.strip():
            paragraphs.append(filled)
    return "\n\n".join(paragraphs)


def tidy(value: object) -> str:
    """Return a value as text without the characters that no letter can hold."""
    return "".join(
        letter
        for letter in str(value if value is not None else "")
        if letter >= " " or letter in "\n\t"
    ).strip()
