"""What a person must mend before a return is right. Nothing is left out because of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from kith.analytics.returns.codes import ETHNICITIES, SOURCES
from kith.analytics.returns.episodes import episodes
from kith.analytics.returns.facts import Child, Facts

OLDEST = 25  # years: help for young people with special needs ends there
OVERDUE_BIRTH = timedelta(weeks=4)


@dataclass(frozen=True)
class Kind:
    """A kind of fault: what is wrong, what the return says meanwhile, and what to do."""

    key: str
    name: str
    meanwhile: str
    mend: str


KINDS = {
    kind.key: kind
    for kind in (
        Kind(
            "closed_before_opened",
            "A case was closed before it was opened",
            "The dates stand as they are recorded.",
            "Ask the hub which date is right.",
        ),
        Kind(
            "no_birth",
            "A child has no date of birth",
            "The date and the age are empty.",
            "Enter the date of birth; of an unborn child, the date on which it is expected.",
        ),
        Kind(
            "born_later",
            "A child’s date of birth is in the future",
            "The date stands as it is recorded; the age is empty.",
            "Correct it; of an unborn child, enter it as the date on which it is expected.",
        ),
        Kind(
            "birth_overdue",
            "A child was expected more than four weeks ago",
            "The date of birth is empty.",
            "Enter the date of birth.",
        ),
        Kind(
            "too_old",
            "A child is over 25",
            "They stay in the return.",
            "Check the date of birth, and whether they are an adult of the family.",
        ),
        Kind(
            "no_sex",
            "A child’s sex is not known",
            "Annex A says “c) Not stated/recorded”, the SSD says U.",
            "Ask the family, and enter it.",
        ),
        Kind(
            "no_ethnicity",
            "A child’s ethnicity is not recorded",
            "Annex A says “t) NOBT”: not yet obtained. The SSD is empty.",
            "Ask the family, and enter it. “Refused” is an answer too.",
        ),
        Kind(
            "wrong_ethnicity",
            "A child’s ethnicity is not on the national list",
            "Annex A says “u) UNKNOWN”.",
            "Choose one of the list.",
        ),
        Kind(
            "no_name",
            "A child has no first or last name",
            "The name is empty.",
            "Enter the name. Of an unborn child, “Unborn” and the mother’s last name.",
        ),
        Kind(
            "marked_duplicate",
            "A child’s name says that the record is a duplicate",
            "The child is counted, and perhaps twice.",
            "Join the two records, and take the word out of the name.",
        ),
        Kind(
            "no_source",
            "A request’s source is not on the national list",
            "The source is “10: Unknown”.",
            "Correct what kind of organisation the sender is.",
        ),
        Kind(
            "no_assessment",
            "A child is being helped and no assessment has been started",
            "List 2 gives the day on which help began as the start of the assessment.",
            "Start the assessment.",
        ),
        Kind(
            "no_worker",
            "A child is being helped and nobody has been given the case",
            "The worker is empty.",
            "Give the family to a worker.",
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something to mend, and where: a child, a case or a request, and the family it is of."""

    kind: str
    what: str  # the number or reference by which it is found
    family: str = ""
    child: int | None = None


def faults(facts: Facts, *, since: date, on: date) -> list[Fault]:
    """Return what is wrong with what the return tells of a period, worst first."""
    found = [
        *_of_children(facts, since=since, on=on),
        *_of_cases(facts, since=since, on=on),
        *_of_requests(facts, since=since, on=on),
    ]
    order = {key: place for place, key in enumerate(KINDS)}
    return sorted(set(found), key=lambda fault: (order[fault.kind], fault.family, fault.what))


def _families(facts: Facts, *, since: date, on: date) -> dict[int, str]:
    """Return the children of whom the period tells, each with the family to look at."""
    told: dict[int, str] = {}
    for contact in facts.contacts:
        if since <= contact.on <= on:
            told.setdefault(contact.child, contact.family)
    for passed in facts.passed_on:
        if since <= passed.on <= on:
            told.setdefault(passed.child, passed.family)
    for spell in facts.spells:
        if spell.since <= on and (spell.until or date.max) >= since:
            told.setdefault(spell.child, spell.family)
    return told


def _of_children(facts: Facts, *, since: date, on: date) -> Iterator[Fault]:
    for number, family in _families(facts, since=since, on=on).items():
        child = facts.children[number]
        for kind in _wrong_with(child, on):
            yield Fault(kind, child.id, family, number)


def _wrong_with(child: Child, on: date) -> Iterator[str]:
    unborn = child.born is None and child.expected is not None
    age = child.age_on(on)
    if child.born is None and child.expected is None:
        yield "no_birth"
    if child.born is not None and child.born > on:
        yield "born_later"
    if unborn and child.expected is not None and child.expected + OVERDUE_BIRTH < on:
        yield "birth_overdue"
    if age is not None and age > OLDEST:
        yield "too_old"
    if child.sex not in ("F", "M") and not unborn:
        yield "no_sex"
    if not child.ethnicity and not unborn:
        yield "no_ethnicity"
    if child.ethnicity and child.ethnicity not in ETHNICITIES:
        yield "wrong_ethnicity"
    if not child.forename.strip() or not child.surname.strip():
        yield "no_name"
    if "duplicate" in f"{child.forename} {child.surname}".casefold():
        yield "marked_duplicate"


def _of_cases(facts: Facts, *, since: date, on: date) -> Iterator[Fault]:
    for spell in facts.spells:
        # Looked for whenever it ended: a wrong date may be what keeps it out of the period.
        if spell.until is not None and spell.until < spell.since:
            yield Fault("closed_before_opened", spell.case, spell.family)
    begun = {(assessment.child, assessment.case) for assessment in facts.assessments}
    for episode in episodes(facts.spells):
        if episode.until is not None or episode.since > on:
            continue
        last = episode.last
        if not any((episode.child, spell.case) in begun for spell in episode.spells):
            yield Fault("no_assessment", last.case, last.family)
        if not any(work.until is None for work in last.work):
            yield Fault("no_worker", last.case, last.family)


def _of_requests(facts: Facts, *, since: date, on: date) -> Iterator[Fault]:
    for contact in facts.contacts:
        if since <= contact.on <= on and contact.source not in SOURCES:
            yield Fault("no_source", contact.reference, contact.family)
