"""Reading what everybody may read: what was published, and who sits, or sat, on committees. Nothing else.

Public pages, the search, feeds and open data ask here alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, cast
from uuid import UUID

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank
from django.db.models import F, Max, Min, Model, QuerySet
from django.utils.timezone import localdate

from kith.analytics.clear_days import municipal_year
from kith.scrutiny.models import (
    Attendance,
    Committee,
    Content,
    Edition,
    Member,
    Published,
    Seat,
)


def minutes_shown(uid: UUID) -> str:
    """Return whether the public reads minutes of a meeting: `draft`, `confirmed` or nothing."""
    shown = thing(uid, Published.Kind.MEETING)
    return str((shown.content.get("minutes") or {}).get("state", "")) if shown else ""


def editions(of: Published | UUID) -> QuerySet[Edition]:
    """Return what was published of a meeting, in the order of its publishing."""
    return Edition.objects.filter(of=of).order_by("at", "pk")


def pack_in_words(uid: UUID) -> str:
    """Return what is to be said of a meeting's public pack: that it is being made, or what could not be put
    in; nothing where all is well, or no agenda is published."""
    shown = thing(uid, Published.Kind.MEETING)
    if shown is None or shown.gone_at or "agenda" not in shown.content:
        return ""
    if not shown.sha:
        return "The public’s reports pack is being made."
    left_out = shown.content["pack"]["left_out"]
    if not left_out:
        return ""
    return (
        f"The public’s reports pack is made, but these could not be put in: {'; '.join(left_out)}."
    )


def plan(committee: Committee) -> Published | None:
    """Return the forward plan of a committee as it was published."""
    return rows(Published.Kind.PLAN).filter(committee=committee).first()


def rows(kind: str) -> QuerySet[Published]:
    """Return what is published of one kind, and not taken back."""
    return Published.objects.filter(kind=kind, gone_at__isnull=True).select_related("committee")


def committee(slug: str) -> Committee | None:
    """Return a committee by its address, also one that meets no more."""
    return Committee.objects.filter(slug=slug).first()


def meetings(committee: Committee | None = None) -> QuerySet[Published]:
    """Return the published meetings, the last day first."""
    found = rows(Published.Kind.MEETING).order_by("-day", "pk")
    return found.filter(committee=committee) if committee else found


def thing(uid: UUID, kind: str) -> Published | None:
    """Return one published thing; also one that was taken back, to say that it is gone."""
    return Published.objects.filter(pk=uid, kind=kind).select_related("committee", "above").first()


def any_thing(uid: UUID) -> Published | None:
    """Return one thing that is published now, of whatever kind."""
    return Published.objects.filter(pk=uid, gone_at__isnull=True).first()


def content(shown: Published) -> bytes:
    """Return what a published file holds; nothing once it was taken back."""
    held = Content.objects.filter(pk=shown.sha).values_list("held", flat=True).first()
    return bytes(held) if held is not None and not shown.gone_at else b""


@dataclass(frozen=True)
class Asked:
    """What somebody looks for in what was published."""

    words: str = ""
    kind: str = ""
    committee: Committee | None = None
    since: date | None = None
    until: date | None = None


# Of what holds the words, the newest are ranked: to rank all that hold a common word took seconds. They are
# read in the order of the index `published_newest`.
MOST_RANKED = 1000


def search(asked: Asked) -> QuerySet[Published]:
    """Return what was published that holds the words, the best first; without words, the last first.

    Words are understood as people type them: "in quotes" together, -without, or. PostgreSQL's own
    English dictionary finds other forms of a word. Of more than `MOST_RANKED` the newest are returned.
    """
    found = Published.objects.filter(gone_at__isnull=True)
    if asked.kind:
        found = found.filter(kind=asked.kind)
    if asked.committee:
        found = found.filter(committee=asked.committee)
    if asked.since:
        found = found.filter(day__gte=asked.since)
    if asked.until:
        found = found.filter(day__lte=asked.until)
    if not asked.words.strip():
        return found.order_by("-day", "kind", "order", "pk")
    words = SearchQuery(asked.words, config="english", search_type="websearch")
    newest = found.filter(found_by=words).order_by(F("day").desc(nulls_last=True), "pk")
    # A list, not a query within one: a page counts what was found, and shows it.
    ranked = Published.objects.filter(
        pk__in=list(newest.values_list("pk", flat=True)[:MOST_RANKED])
    )
    ranked = ranked.annotate(rank=SearchRank(F("found_by"), words)).select_related("committee")
    return ranked.order_by("-rank", "-day", "pk")


def headlines(rows: Iterable[Published], words: str) -> dict[UUID, str]:
    """Return of each thing found a few of its words, with « and » around those that were asked for.

    Only for what a page shows: it reads the whole text of each.
    """
    query = SearchQuery(words, config="english", search_type="websearch")
    told = Published.objects.filter(pk__in=[row.pk for row in rows]).annotate(
        told=SearchHeadline(
            "words", query, config="english", start_sel="«", stop_sel="»", max_words=35, min_words=15,
            max_fragments=2, fragment_delimiter=" … ",
        )
    )  # fmt: skip
    return dict(told.values_list("pk", "told"))


def attendance_rates(committee: Committee, since: date, until: date) -> dict[int, tuple[int, int]]:
    """Return to how many published meetings each member came, of how many while their seat was held."""
    seats: dict[str, list[Seat]] = {}
    for seat in Seat.objects.filter(committee=committee).select_related("member"):
        seats.setdefault(str(seat.member.uid), []).append(seat)
    rates = {held[0].member_id: (0, 0) for held in seats.values()}
    for row in meetings(committee).filter(day__range=(since, until)):
        told = row.content.get("minutes", {}).get("attendance", [])
        said = {one["uid"]: one["state"] for one in told}
        for uid, held in seats.items():
            if not said or not any(_held(seat, row.day) for seat in held):
                continue
            came, of = rates[held[0].member_id]
            there = said.get(uid) in (Attendance.State.PRESENT, Attendance.State.PART)
            rates[held[0].member_id] = (came + there, of + 1)
    return rates


def _held(seat: Seat, day: date | None) -> bool:
    return day is not None and seat.since <= day and (seat.until is None or day < seat.until)


def within(shown: Published) -> list[Published]:
    """Return what is published under something: the items of a meeting, the papers of an item."""
    found = Published.objects.filter(above=shown, gone_at__isnull=True)
    return list(found.select_related("committee", "above__above").order_by("order", "pk"))


def committees() -> QuerySet[Committee]:
    """Return every committee, also those that meet no more."""
    return Committee.objects.order_by("pk")


def people() -> QuerySet[Member]:
    """Return everybody who has, or had, a seat."""
    return Member.objects.filter(seats__isnull=False).distinct().order_by("pk")


def seats(member: Member | None = None) -> QuerySet[Seat]:
    """Return every seat, or those of a member."""
    found = Seat.objects.select_related("member", "committee").order_by("pk")
    return found.filter(member=member) if member else found


def years() -> list[int]:
    """Return the municipal years in which something was published, each by when it began (in May)."""
    days = rows(Published.Kind.MEETING).filter(day__isnull=False)
    found = days.aggregate(first=Min("day"), last=Max("day"))
    first, last = found["first"] or localdate(), found["last"] or localdate()
    return list(range(municipal_year(first), municipal_year(last) + 1))


def times(kind: type[Model]) -> dict[int, tuple[datetime, datetime]]:
    """Return when each committee, member or seat was first kept, and last changed."""
    events = cast(Any, kind).pgh_event_model.objects.values_list("pgh_obj_id")
    found = events.annotate(first=Min("pgh_created_at"), last=Max("pgh_created_at"))
    return {number: (first, last) for number, first, last in found}


def beginning() -> datetime:
    """Return when the first committee was set up here."""
    known = times(Committee).values()
    return min((first for first, _ in known), default=datetime(2020, 1, 1, tzinfo=UTC))


def numbered(kind: str, number: int) -> Published | None:
    """Return something published by the number that ModernGov's readers know it by."""
    key = "content__meeting__id" if kind == Published.Kind.MEETING else "content__id"
    return rows(kind).select_related("above__above").filter(**{key: number}).first()


def latest(asked: Asked, most: int = 50) -> list[Published]:
    """Return what was published or changed last, of what somebody looks for."""
    return list(
        search(asked).select_related("committee", "above").order_by("-modified", "pk")[:most]
    )
