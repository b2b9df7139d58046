"""Where children learned: as it is known now, or as it was known at a moment."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from kith.accounts.models import User
from kith.analytics.asat import State, known_at
from kith.analytics.households import holds
from kith.casework.models import Schooling
from kith.families.living import Facts, OnADay, Spell
from kith.families.models import Family, Person

Row = dict[str, Any]


def put_with(viewer: User, found: OnADay, facts: Facts, *, at: datetime | None = None) -> None:
    """Put to each person of a record where they learned, the latest first; `at` a moment, what was
    known of it then. Of several records of one person the same is told once."""
    heads = {number: row["head_id"] or number for number, row in facts.people.items()}
    people = {one.number: one for one in (*found.people, *found.before)}
    for row in _in_order(_rows(list(heads), at)):
        one = people.get(heads[row["person_id"]])
        told = _told(row)
        if one is not None and not any(_same(told, other) for other in one.schools):
            one.schools.append(told)


def on_the_day(found: OnADay) -> None:
    """Leave of where people learned only what was so on the day of the record."""
    for one in (*found.people, *found.before):
        one.schools = [its for its in one.schools if holds(its.since, its.until, found.day)]


def spell(viewer: User, records: Sequence[Family], pk: int) -> Schooling | None:
    """Return where a child of a family learned once, to change it."""
    people = Person.objects.filter(memberships__family__in=records)
    found = Schooling.objects.filter(person__head__in=people.values("head"), mistake="")
    return found.select_related("person", "organisation").filter(pk=pk).first()


def running(viewer: User, person: Person) -> list[Schooling]:
    """Return where a child learns now."""
    found = Schooling.objects.filter(person__head=person.head_id, mistake="", until__isnull=True)
    return list(found.select_related("organisation").order_by("pk"))


def _rows(people: list[int], at: datetime | None) -> list[Row]:
    if at is None:
        return [{**row} for row in Schooling.objects.filter(person__in=people, mistake="").values()]
    events: Any = Schooling.pgh_event_model  # type: ignore[attr-defined]
    states = (
        State(
            row=values["pgh_obj_id"],
            at=values["pgh_created_at"],
            order=values["pgh_id"],
            label=values["pgh_label"],
            values=values,
        )
        for values in events.objects.filter(person__in=people, pgh_created_at__lte=at).values()
    )
    return [row for row in known_at(states, at).values() if not row["mistake"]]


def _in_order(rows: list[Row]) -> list[Row]:
    return sorted(
        rows,
        key=lambda row: (row["until"] or date.max, row["since"] or date.min, row["id"]),
        reverse=True,
    )


def _told(row: Row) -> Spell:
    setting = str(Schooling.Setting(row["setting"]).label)
    said = [setting if row["setting"] == Schooling.Setting.ALTERNATIVE else ""]
    said += [str(Schooling.Send(row["send"]).label) if row["send"] else ""]
    said += [f"Ended: {Schooling.Ending(row['ending']).label}" if row["ending"] else ""]
    said += [f"Source: {row['source']}"]
    return Spell(
        row["name"] or setting,
        row["since"],
        row["until"],
        row["id"],
        ". ".join(part for part in said if part),
        kind=row["setting"],
    )


def _same(one: Spell, other: Spell) -> bool:
    return (one.words, one.since, one.until, one.kind) == (
        other.words,
        other.since,
        other.until,
        other.kind,
    )
