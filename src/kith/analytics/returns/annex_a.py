"""Lists 1 to 3 of Annex A, as Ofsted asks for them at an inspection of children's services.

Definitions: Ofsted, inspecting local authority children's services (ILACS), Annex A; names of
columns as in liia-tools `spec/annex_a`. The window is the six months before the inspection.
"""

from collections.abc import Iterator
from datetime import date

from kith.analytics.days import months_after
from kith.analytics.returns import codes
from kith.analytics.returns.episodes import episodes
from kith.analytics.returns.facts import Assessment, Child, Facts, PassedOn

Cell = str | int | date | None
Rows = Iterator[tuple[Cell, ...]]
MONTHS = 6

COMMON = (
    "Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age of Child (Years)",
)  # fmt: skip
COLUMNS: dict[str, tuple[str, ...]] = {
    "List 1": (*COMMON, "Date of Contact", "Contact Source"),
    "List 2": (
        *COMMON, "Assessment start date", "Assessment completion date",
        "Organisation completing assessment",
    ),
    "List 3": (
        *COMMON, "Date of referral", "Referral Source", "Referral NFA?",
        "Number of Referrals in Last 12 Months", "Allocated Team", "Allocated Worker",
    ),
}  # fmt: skip
NOT_KNOWN = "Not known"

# Whether social care took no further action, as far as it is known.
NFA = {True: codes.ANNEX_YES, False: codes.ANNEX_NO, None: codes.ANNEX_UNKNOWN}


def lists(facts: Facts, *, on: date) -> dict[str, Rows]:
    """Return the rows of each list for an inspection on a day."""
    since = months_after(on, -MONTHS)
    return {
        "List 1": _contacts(facts, since=since, on=on),
        "List 2": _assessments(facts, since=since, on=on),
        "List 3": _referrals(facts, since=since, on=on),
    }


def _common(child: Child, on: date) -> tuple[Cell, ...]:
    ethnicity = child.ethnicity or codes.NOT_OBTAINED
    return (
        child.id,
        codes.ANNEX_SEX.get(child.sex, codes.ANNEX_SEX["U"]),
        codes.ANNEX_ETHNICITY.get(ethnicity, codes.ANNEX_ETHNICITY_UNKNOWN),
        child.born,
        child.age_on(on),
    )


def _source(code: str) -> str:
    return codes.ANNEX_SOURCE.get(code, codes.ANNEX_SOURCE[codes.UNKNOWN_SOURCE])


def _contacts(facts: Facts, *, since: date, on: date) -> Rows:
    """One row for each child and contact."""
    inside = [contact for contact in facts.contacts if since <= contact.on <= on]
    for contact in sorted(inside, key=lambda one: (one.on, one.reference, one.child)):
        child = facts.children[contact.child]
        yield (*_common(child, on), contact.on, _source(contact.source))


def _assessments(facts: Facts, *, since: date, on: date) -> Rows:
    """One row for each child and episode of early help that was not over before the window.

    The dates are those of the last assessment begun in it; where none was, those of the help.
    """
    begun: dict[int, list[Assessment]] = {}
    for assessment in facts.assessments:
        begun.setdefault(assessment.child, []).append(assessment)
    rows = []
    for episode in episodes(facts.spells):
        if episode.since > on or (episode.until or date.max) < since:
            continue
        inside = [
            assessment
            for assessment in begun.get(episode.child, ())
            if episode.since <= assessment.started <= min(episode.until or on, on)
        ]
        last = max(inside, key=lambda one: one.started, default=None)
        started = last.started if last else episode.since
        completed = last.completed if last and (last.completed or date.max) <= on else None
        rows.append((started, episode.child, completed, episode.last.organisation or NOT_KNOWN))
    for started, number, completed, organisation in sorted(rows, key=lambda row: row[:2]):
        yield (*_common(facts.children[number], on), started, completed, organisation)


def _referrals(facts: Facts, *, since: date, on: date) -> Rows:
    """One row for each child and referral to children's social care.

    Whether social care took no further action is known where it told the hub; to whom it gave the
    child, it knows itself.
    """
    of_child: dict[int, list[PassedOn]] = {}
    for passed in facts.passed_on:
        of_child.setdefault(passed.child, []).append(passed)
    inside = [passed for passed in facts.passed_on if since <= passed.on <= on]
    for passed in sorted(inside, key=lambda one: (one.on, one.reference, one.child)):
        year_before = months_after(passed.on, -12)
        lately = sum(year_before < other.on <= passed.on for other in of_child[passed.child])
        yield (
            *_common(facts.children[passed.child], on),
            passed.on,
            _source(passed.source),
            NFA[passed.nfa],
            max(0, lately - 1),
            passed.team or NOT_KNOWN,
            passed.worker or NOT_KNOWN,
        )
