"""Lives of the demonstration county's families: what they are to each other, two homes, names they had,
and schools. What is rare among them stands in `rare_lives.py`.

Chance of its own, by the family: the rest of the county is the same with and without it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING

from kith.analytics.linkage.keys import keys_of
from kith.demo import names
from kith.demo.families import Human

if TYPE_CHECKING:
    from kith.demo.helping import Case
    from kith.demo.story import Story

EARLIER = 0.1  # of cases closed long ago, those whose family's life is written down
PARENTS = {"mother": "parent", "father": "parent", "step_parent": "step_parent"}
HAD_A_NAME, GUARDIAN = 0.15, 0.5
AT_HOME, OUT, MOVED_SCHOOL = 0.04, 0.09, 0.2
SUPPORT, PLAN = 0.18, 0.05
SOURCES = ("Their mother", "The school", "The school’s letter", "The child")
# From which age a child goes where; a nursery from the third birthday, the rest from September.
STAGES = (("nursery", 3), ("primary", 4), ("secondary", 11), ("college", 16))


@dataclass(frozen=True)
class Spell:
    """Where a child learns from one day until another."""

    setting: str
    place: int | None
    since: date
    until: date | None = None
    ending: str = ""


def tell_life(case: Case, first: datetime, ends: datetime) -> None:
    """Write down who a family is, some days after somebody reached it."""
    story, home = case.story, case.request.home
    rng = Random(f"life {case.row['reference']}")
    at = first + timedelta(days=rng.randint(2, 9), minutes=rng.randint(0, 200))
    long_ago = ends < story.now - timedelta(days=200) and rng.random() >= EARLIER
    if case.request.earlier or long_ago or at >= min(ends, story.now):
        return
    if any(human.row is None for human in (*home.children, *home.adults)):
        return
    by = case.worker_at(at).user
    _ties(case, rng, at, by)
    if home.shape == "two_homes":
        _second_home(case, rng, at, by)
    if rng.random() < HAD_A_NAME:
        _name_before(case, rng, at, by)
    for child in home.children:
        _schools(case, rng, child, at, by)


def _ties(case: Case, rng: Random, at: datetime, by: int) -> None:
    home = case.request.home
    since = at.date() - timedelta(days=rng.randint(300, 1600))

    def tie(
        one: Human, other: Human, kind: str, responsible: bool | None, day: date | None
    ) -> None:
        assert one.row and other.row
        case.book.add(
            "families.Relationship", at, by, person_id=one.row.id, other_id=other.row.id, kind=kind,
            parental_responsibility=responsible, since=day, until=None,
        )  # fmt: skip

    for adult in home.adults:
        for child in home.children:
            if adult.role == "father" and child.surname != home.children[0].surname:
                continue  # another man's child
            if adult.role == "grandparent":
                guardian = rng.random() < GUARDIAN
                tie(adult, child, "guardian" if guardian else "grandparent", guardian or None, None)
            else:
                day = since if adult.role == "step_parent" and child.born else None
                if day and child.born:
                    day = max(day, child.born)
                tie(adult, child, PARENTS[adult.role], adult.responsible, day)
    if home.shape in ("both", "step"):
        day = since if home.shape == "step" else None
        tie(home.adults[1], home.adults[0], "partner", None, day)
    born = [child for child in home.children if child.born]
    for one, other in pairwise(born):
        kind = "sibling" if one.surname == other.surname else "half_sibling"
        tie(one, other, kind, None, max(one.born or date.min, other.born or date.min))


def _second_home(case: Case, rng: Random, at: datetime, by: int) -> None:
    """The father's home, where the children are some days."""
    story, home = case.story, case.request.home
    areas, _ = story.homes[home.hub]
    father = next((adult for adult in home.adults if adult.role == "father"), None)
    if not areas or father is None or father.row is None or home.address is None:
        return
    spot = rng.choice(rng.choice(areas))
    since = at.date() - timedelta(days=rng.randint(120, 1400))
    street = (
        f"{rng.randint(1, 140)} {rng.choice(names.STREET_FIRST)} {rng.choice(names.STREET_SECOND)}"
    )
    address = case.book.add(
        "families.Address", at, by, family_id=case.family, called="Dad’s home", lines=street,
        postcode=spot.postcode, easting=spot.easting, northing=spot.northing, safe=True,
        since=since, until=None,
    )  # fmt: skip

    def live(human: Human, where: int, pattern: str, day: date | None) -> None:
        assert human.row
        case.book.add(
            "families.Residence", at, by, person_id=human.row.id, address_id=where,
            pattern=pattern, since=day, until=None,
        )  # fmt: skip

    live(father, address.id, "", since)
    live(home.carer, home.address.id, "", None)
    with_both = [child for child in home.children if child.born and child.surname == father.surname]
    for child in home.children:
        assert child.row
        both = child in with_both and child.born is not None
        live(child, home.address.id, "Monday to Thursday" if both else "", None)
        if both and child.born:
            live(child, address.id, "Friday to Sunday", max(since, child.born))
    for human in (father, *with_both):
        _find_by(case, human, at, by, postcode=spot.postcode)


def _name_before(case: Case, rng: Random, at: datetime, by: int) -> None:
    home = case.request.home
    carer = home.carer
    before = rng.choice(home.culture.surnames)
    if carer.row is None or carer.sex != "F" or before == carer.surname:
        return
    until = at.date() - timedelta(days=rng.randint(400, 3000))
    if carer.born:
        until = max(until, carer.born + timedelta(days=18 * 365))
    case.book.add(
        "families.OtherName", at, by, person_id=carer.row.id, kind="former",
        given_names=carer.given, family_name=before, since=None, until=until,
    )  # fmt: skip
    _find_by(case, carer, at, by, family_name=before)


def _find_by(
    case: Case, human: Human, at: datetime, by: int, *, family_name: str = "", postcode: str = ""
) -> None:
    """Let somebody be found by a new name or home."""
    assert human.row
    keys = keys_of(
        given_names="", family_name=family_name, postcodes=[postcode] if postcode else []
    )
    case.story.households.find_by(
        case.book, keys, at, by, person_id=human.row.id, family_id=case.family
    )


# --- Schools --------------------------------------------------------------------------------------


def _schools(case: Case, rng: Random, child: Human, at: datetime, by: int) -> None:
    """Where a child has learned until the day it is written down."""
    if child.born is None or child.row is None:
        return
    story, today = case.story, at.date()
    begun = [
        (phase, day) for phase, age in STAGES if (day := _begins(child.born, phase, age)) < today
    ]
    send = "plan" if rng.random() < PLAN * (6 if child.disabilities else 1) else ""
    send = send or ("support" if rng.random() < SUPPORT else rng.choice(("", "none")))
    spells: list[Spell] = []
    for number, (phase, since) in enumerate(begun):
        last = number == len(begun) - 1
        place = child.school if last else _near(story, rng, phase, case)
        if place is None:
            continue
        until = None if last else begun[number + 1][1]
        spells.append(Spell("school", place, since, until, "" if last else "next"))
    if not spells:
        return
    now = spells[-1]
    turn = today - timedelta(days=rng.randint(10, 300))
    chance, phase = rng.random(), begun[-1][0]
    if turn > now.since and phase in ("primary", "secondary"):
        if chance < AT_HOME:
            spells[-1:] = [replace(now, until=turn, ending="home"), Spell("home", None, turn)]
        elif chance < OUT:
            why = "excluded" if phase == "secondary" else "moved"
            spells[-1:] = [replace(now, until=turn, ending=why), Spell("none", None, turn)]
        elif chance < MOVED_SCHOOL:
            before, why = _near(story, rng, phase, case), rng.choice(("moved", "chose", "managed"))
            if before not in (None, now.place):
                had = Spell("school", before, now.since, turn, why)
                spells[-1:] = [had, replace(now, since=turn)]
    called = {place.id: place.name for place in story.scene.places}
    for spell in spells:
        case.book.add(
            "casework.Schooling", at, by, person_id=child.row.id, setting=spell.setting,
            organisation_id=spell.place, name=called[spell.place] if spell.place else "",
            send="" if spell.until else send, since=spell.since, until=spell.until,
            ending=spell.ending, source=rng.choice(SOURCES), mistake="",
        )  # fmt: skip


def _begins(born: date, phase: str, age: int) -> date:
    """Return when a child begins at a stage: the September after a birthday, or the birthday itself."""
    birthday = born + timedelta(days=int(age * 365.25) + 1)
    if phase == "nursery":
        return birthday
    september = date(birthday.year, 9, 1)
    return september if birthday <= september else date(birthday.year + 1, 9, 1)


def _near(story: Story, rng: Random, phase: str, case: Case) -> int | None:
    places = story.nearest(phase, case.request.home.spot)
    return rng.choice(places).id if places else None
