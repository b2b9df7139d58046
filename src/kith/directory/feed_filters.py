"""What the open feed is asked, read, and as conditions of the database."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from kith.directory import finding, oruk
from kith.directory.models import Schedule, Service, ServiceAtPlace, Term
from kith.hubs.models import Weekday
from kith.places.queries import NotAPostcode, NotInTheCounty, find_postcode

METRES_WITHOUT = 0.5  # a point is within 0 metres of itself
NEAREST = 80_000  # metres: nobody asks farther within a county


class Wrong(Exception):
    """A parameter cannot be read; the message says what to write."""


class Parameters:
    """What was asked, from the address or from a form that was sent."""

    def __init__(self, given: QueryDict) -> None:
        self.given = given

    def text(self, *names: str) -> str:
        """Return the first of some parameters that is there."""
        return next((_plain(self.given[name]) for name in names if self.given.get(name)), "")

    def texts(self, *names: str) -> list[str]:
        """Return all values of some parameters, also those with commas between."""
        found = [value for name in names for value in self.given.getlist(name)]
        return [
            part.strip() for value in found for part in _plain(value).split(",") if part.strip()
        ]

    def number(self, *names: str, least: float = 0, most: float = 10**9) -> float | None:
        """Return a number. Raises Wrong."""
        text = self.text(*names)
        if not text:
            return None
        try:
            number = float(text)
        except ValueError:
            number = float("nan")
        if not least <= number <= most:
            raise Wrong(f"{names[0]} must be a number from {least:g} to {most:g}.")
        return number

    def yes(self, name: str) -> bool:
        """Return whether a parameter says yes. Raises Wrong."""
        text = self.text(name).lower()
        if text in ("", "false", "0", "no"):
            return False
        if text in ("true", "1", "yes"):
            return True
        raise Wrong(f"{name} must be true or false.")

    def uuids(self, *names: str) -> list[UUID]:
        """Return ids. Raises Wrong."""
        try:
            return [UUID(text) for text in self.texts(*names)]
        except ValueError:
            raise Wrong(
                f"{names[0]} must be an id, such as 3f7b145d-84af-42d7-8fae-eaca714b02b2."
            ) from None

    def moment(self, name: str) -> datetime | None:
        """Return a moment; a day alone is its beginning. Raises Wrong."""
        # A plus in an address is a space.
        text = self.text(name).replace(" ", "+")
        if not text:
            return None
        try:
            found = parse_datetime(text)
            day = parse_date(text) if found is None else None
        except ValueError:
            found = day = None
        if found is None and day is None:
            raise Wrong(
                f"{name} must be a date or a moment, such as 2026-11-23 or 2026-11-23T09:30:00Z."
            )
        found = found or datetime.combine(day, time())  # type: ignore[arg-type]
        return found if timezone.is_aware(found) else timezone.make_aware(found)

    def clock(self, name: str) -> time | None:
        """Return a time of day. Raises Wrong."""
        text = self.text(name)
        try:
            return time.fromisoformat(text) if text else None
        except ValueError:
            raise Wrong(f"{name} must be a time of day, such as 09:30.") from None


def _plain(value: object) -> str:
    """Return a text without what no database takes: zero characters, halves of letters."""
    return str(value).encode("utf-8", "ignore").decode().replace("\0", " ").strip()


def narrowed(
    asked: Parameters, found: QuerySet[Service], *, place: bool = True
) -> QuerySet[Service]:
    """Return the services that fit all that is asked. Raises Wrong."""
    words = asked.text("search", "text")
    if words:
        found = found.filter(finding.having(words))
    if whose := asked.uuids("organization_id"):
        found = found.filter(provider__uid__in=whose)
    if since := asked.moment("modified_after"):
        found = found.filter(modified_at__gte=since)
    terms = chosen(asked)
    if terms is not None:
        found = found.filter(pk__in=found.filter(tags__term__in=terms).values("pk"))
    # Of the service's own ages, as the standard of 2024 says; not "suits a child of".
    if (youngest := asked.number("minimum_age", most=150)) is not None:
        found = found.filter(from_months__gte=round(youngest * 12))
    if (oldest := asked.number("maximum_age", most=150)) is not None:
        found = found.filter(to_months__lte=round(oldest * 12) + 11)
    times = _times(asked)
    if times is not None:
        found = found.filter(Exists(Schedule.objects.filter(times, service=OuterRef("pk"))))
    if covered := asked.text("coverage"):
        found = found.filter(_covers(covered))
    if place and (spot := near(asked)):
        there = ServiceAtPlace.objects.filter(finding.within(*spot), service=OuterRef("pk"))
        found = found.filter(Exists(there))
    elif place and (only := asked.text("postcode")):
        found = found.filter(_covers(only))
    return found


def chosen(asked: Parameters) -> list[int] | None:
    """Return the numbers of the terms asked for, with all below them; None where none is asked."""
    ids = asked.uuids("taxonomy_term_id")
    codes = asked.texts("need", "circumstance")
    lists = asked.uuids("taxonomy_id")
    if not (ids or codes or lists):
        return None
    found = Term.objects.filter(active=True)
    if lists:
        # In 1.0 the same name asks for a term.
        found = found.filter(Q(taxonomy__in=lists_called(lists)) | Q(uid__in=lists))
    if ids or codes:
        found = found.filter(
            Q(uid__in=ids) | Q(code__in=codes) | Q(parent__uid__in=ids) | Q(parent__code__in=codes)
        )
    else:
        found = Term.objects.filter(Q(pk__in=found) | Q(parent__in=found))
    return list(found.values_list("pk", flat=True))


def lists_called(ids: list[UUID]) -> list[str]:
    return [code for code in oruk.TAXONOMIES if oruk.taxonomy_id(code) in ids]


def _times(asked: Parameters) -> Q | None:
    days = asked.texts("day", "days")
    begins, ends = asked.clock("start_time"), asked.clock("end_time")
    if not days and not begins and not ends:
        return None
    condition = Q()
    if days:
        condition &= Q(weekday__in=[_weekday(day) for day in days])
    if begins:
        condition &= Q(opens__gte=begins)
    if ends:
        condition &= Q(closes__lte=ends)
    return condition


def _weekday(text: str) -> int:
    for number, day in enumerate(Weekday.labels):
        if text.lower() in (str(day).lower(), str(day)[:3].lower(), str(day)[:2].lower()):
            return number
    raise Wrong("day must be a day of the week, such as Monday or MO.")


def near(asked: Parameters) -> tuple[float, float, float] | None:
    """Return easting, northing and metres, where a place and a distance are asked. Raises Wrong."""
    metres = asked.number("proximity", most=10**7)
    text = asked.text("postcode")
    if metres is None:
        return None
    if not text:
        raise Wrong("proximity needs a postcode.")
    postcode = _postcode(text)
    return postcode.easting, postcode.northing, min(max(metres, METRES_WITHOUT), NEAREST)


def _postcode(text: str) -> Any:
    try:
        return find_postcode(text)
    except (NotAPostcode, NotInTheCounty) as wrong:
        raise Wrong(str(wrong)) from None


def _covers(text: str) -> Q:
    """Return the condition that a service is for people who live at a postcode."""
    postcode = _postcode(text)
    return Q(area_names=[]) | Q(area_names__contains=[postcode.district.name])


def with_service(rows: QuerySet[ServiceAtPlace]) -> QuerySet[ServiceAtPlace]:
    return rows.prefetch_related(
        "service__schedules__not_held", "service__schedules__at_place", "service__at_places__place",
        "service__tags__term__parent",
    )  # fmt: skip
