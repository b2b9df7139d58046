"""The county's own words in other languages: what families read, and what is still to be written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from kith.audit.lists import kept
from kith.directory.models import NotOffered, Service, Spoken, Term

Kind = Spoken.Kind
# What of each is read by families, with what it is called to whoever writes it, and how long it may be.
FIELDS: dict[str, dict[str, tuple[str, int]]] = {
    Kind.TERM: {"name": ("Name", 120), "description": ("In a sentence", 300)},
    Kind.ABSENT: {
        "title": ("What people ask for", 160),
        "words": ("Why it is not offered", 1000),
        "instead": ("Where to go instead", 1000),
    },
    Kind.SERVICE: {
        "name": ("Name", 200),
        "description": ("What it is", 4000),
        "who_for": ("Who it is for", 1000),
        "how_to_ask": ("What to say or bring", 1000),
    },
}
MOST_WORDS, MOST_NAMED = 8, 500
Words = Mapping[tuple[str, str, str], tuple[str, str]]  # kind, uid, field: words, and their English


def kind_of(thing: Any) -> str:
    """Return the kind of something that has words of the county."""
    kinds = {Term: Kind.TERM, NotOffered: Kind.ABSENT, Service: Kind.SERVICE}
    return kinds[type(thing)]


@kept
def _lists_in(language: str) -> Words:
    found = Spoken.objects.filter(language=language).exclude(kind=Kind.SERVICE)
    return _as_words(found)


def words_in(language: str, services: Iterable[Service] = ()) -> Words:
    """Return the county's words in a language: all of its lists, and those of some services."""
    if not language or language.startswith("en"):
        return {}
    uids = [one.uid for one in services]
    if not uids:
        return _lists_in(language)
    own = Spoken.objects.filter(language=language, kind=Kind.SERVICE, uid__in=uids)
    return {**_lists_in(language), **_as_words(own)}


def _as_words(found: QuerySet[Spoken]) -> Words:
    return {(one.kind, str(one.uid), one.field): (one.words, one.english) for one in found}


def said(words: Words, thing: Any, field: str) -> str:
    """Return something's words in the language of `words`; "" where there are none, or where the English
    has changed since."""
    known = words.get((kind_of(thing), str(thing.uid), field))
    return known[0] if known and known[1] == getattr(thing, field) else ""


@kept
def meanings() -> list[list[str]]:
    """Return kinds of help by their names in other languages, each beside the English: whoever types one
    finds what is sorted under the other."""
    found = Spoken.objects.filter(kind=Kind.TERM, field="name").order_by("pk")
    return [[one.english.lower(), one.words.lower()] for one in found]


def named(words: str, language: str) -> tuple[str, ...]:
    """Return the services whose own name, or that of a kind they are sorted under, has all of some words
    in a language, by their uid."""
    typed = [word for word in words.split() if len(word) > 2][:MOST_WORDS]
    if not typed:
        return ()
    called = Spoken.objects.filter(language=language, field="name")
    for word in typed:
        called = called.filter(words__icontains=word)
    services = called.filter(kind=Kind.SERVICE).values("uid")
    terms = called.filter(kind=Kind.TERM).values("uid")
    found = Service.objects.filter(
        Q(uid__in=services) | Q(tags__term__uid__in=terms), published=True
    )
    return tuple(str(uid) for uid in found.values_list("uid", flat=True).distinct()[:MOST_NAMED])


# For those who write them


@dataclass(frozen=True)
class Line:
    """One thing that is said: its English, its words in another language, and whether they still fit."""

    thing: Any
    field: str
    label: str
    most: int
    english: str
    words: str
    stale: bool

    @property
    def name(self) -> str:
        """Return what the line is called on a form."""
        return f"{self.field}-{self.thing.uid}"


def things(kind: str) -> list[Any]:
    """Return everything of a kind that families read, by name."""
    if kind == Kind.TERM:
        return list(Term.objects.filter(active=True).order_by("taxonomy", "order", "name"))
    if kind == Kind.ABSENT:
        return list(NotOffered.objects.filter(until=None).order_by("title", "pk"))
    # What is in the core offer is read most, and stands first.
    offered = Service.objects.filter(published=True).annotate(core=Count("offerings"))
    return list(offered.order_by("-core", "name", "pk"))


def lines(kind: str, language: str) -> list[Line]:
    """Return all there is to say of a kind in a language: what is missing or out of date first, and in
    the order of `things`."""
    found = _as_words(Spoken.objects.filter(language=language, kind=kind))
    made = []
    for thing in things(kind):
        for field, (label, most) in FIELDS[kind].items():
            english = getattr(thing, field)
            if not english:
                continue
            words, then = found.get((kind, str(thing.uid), field), ("", english))
            made.append(
                Line(thing, field, label, most, english, words, bool(words) and then != english)
            )
    return sorted(made, key=lambda line: bool(line.words) and not line.stale)


def progress(language: str) -> list[tuple[str, str, int, int, int]]:
    """Return of each kind: what it is, its name, how many lines there are, are written, and out of date."""
    told = []
    for kind in Kind:
        every = lines(kind, language)
        written = sum(bool(line.words) for line in every)
        told.append(
            (
                str(kind.value),
                str(kind.label),
                len(every),
                written,
                sum(line.stale for line in every),
            )
        )
    return told


def thing_called(kind: str, uid: UUID) -> Any:
    """Return something by its kind and number; None where it is gone."""
    rows: dict[str, Any] = {
        Kind.TERM: Term.objects, Kind.ABSENT: NotOffered.objects, Kind.SERVICE: Service.objects,
    }  # fmt: skip
    return rows[kind].filter(uid=uid).first()
