"""Finding help: what was asked, as a question to the database, and why each answer stands where it does.

Words are searched as a person means them: with slips of the keyboard mended, with other words for the
same thing, and in any form ("swim" finds "swimming"). Nothing that is asked here is kept.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from operator import and_, or_
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import F, OuterRef, Prefetch, Q
from django.db.models.functions import JSONObject, Power
from django.utils.translation import gettext as _

from kith.audit.lists import kept
from kith.directory.models import Place, SameMeaning, Schedule, Service, ServiceAtPlace
from kith.directory.spoken import meanings
from kith.places.grid import DEGREES, to_metres
from kith.places.queries import NotAPostcode, NotInTheCounty, find_postcode, nearest_postcode

A_PAGE = 20
FURTHEST_PAGE = 500
LONGEST = 200  # characters of words that are read; what is typed beyond them is left
MOST_WORDS = 12
# Beyond so many km a service counts half as much as one next door.
HALVES_AT = 6.0
WITHIN = {"1": 1.6, "3": 4.8, "5": 8.0, "10": 16.1, "20": 32.2}  # miles, in km
PARTS_OF_DAY = {
    "morning": ("00:00", "12:00"),
    "afternoon": ("12:00", "17:00"),
    "evening": ("17:00", "23:59"),
}
NAMED = "service.uid = any(%(named)s::uuid[])"
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
POINT = re.compile(r"^\s*(-?\d{1,2}(?:\.\d+)?)\s*,\s*(-?\d{1,3}(?:\.\d+)?)\s*$")


class NoSuchPlace(ValueError):
    """A place that was typed is not known; the message says what to type."""


@dataclass(frozen=True)
class Spot:
    """Where somebody looks from: a point of the British grid, in metres, and what it is called."""

    easting: float
    northing: float
    name: str


@dataclass(frozen=True)
class Asked:
    """What somebody looks for. Ages are in months: the first and the last that count."""

    words: str = ""
    spot: Spot | None = None
    within_km: float | None = None
    ages: tuple[int, int] | None = None
    days: frozenset[int] = frozenset()  # 0: Monday
    part: str = ""  # a key of PARTS_OF_DAY
    on: date | None = None  # held on this very day
    free: bool = False
    taking: bool = False  # only what takes new people now
    online: bool = False
    access: tuple[str, ...] = ()
    language: str = ""
    category: str = ""
    target: str = ""
    as_typed: bool = False  # do not mend slips
    named: tuple[
        str, ...
    ] = ()  # services that are called so in the reader's language, by their uid

    @property
    def anything(self) -> bool:
        """Say whether anything at all was asked."""
        return self != Asked()


@dataclass(frozen=True)
class Result:
    """A service that was found: its nearest place, how far that is, and why it stands here."""

    service: Service
    place: Place | None
    km: float | None
    why: str
    given_at: list[dict[str, Any]]  # that nearest one, or all where nobody said from where


# A service's places with the service itself: a page asks nothing more for them.
GIVEN_AT = (
    ServiceAtPlace.objects.filter(service=OuterRef("pk"))
    .order_by("pk")
    .values(
        of=JSONObject(
            pk="place_id",
            **{name: f"place__{name}" for name in ("name", "shown", "address", "town", "postcode")},
        )
    )
)


@dataclass
class Found:
    """An answer. `mended` are words read for others: (typed, read)."""

    results: list[Result] = field(default_factory=list)
    total: int = 0
    mended: list[tuple[str, str]] = field(default_factory=list)
    some_words_only: bool = False


def spot_of(text: str) -> Spot:
    """Return where a postcode, a town or "latitude, longitude" is. Raises NoSuchPlace."""
    text = text.strip()[:LONGEST]
    if point := POINT.match(text):
        return _of_degrees(float(point[1]), float(point[2]))
    if town := _town(text):
        return town
    try:
        postcode = find_postcode(text)
    except NotInTheCounty as problem:
        raise NoSuchPlace(str(problem)) from None
    except NotAPostcode:
        raise NoSuchPlace(
            _(
                "We do not know this place. Enter a postcode, such as OX16 5LS, or the name of a town."
            )
        ) from None
    return Spot(postcode.easting, postcode.northing, str(postcode))


def postcode_near(point: str) -> str:
    """Return the county's postcode nearest to "latitude, longitude"; "" where there is none near."""
    found = POINT.match(point[:LONGEST])
    try:
        spot = _of_degrees(float(found[1]), float(found[2])) if found else None
    except NoSuchPlace:
        return ""
    return nearest_postcode(spot.easting, spot.northing) if spot else ""


def find(asked: Asked, *, page: int = 1, professional: bool = False) -> Found:
    """Return what answers, best first. `professional` also finds what only those who refer may use.

    Relevance is PostgreSQL's `ts_rank` (a word in the name weighs most), times a share that falls
    from one next door to a half at HALVES_AT km and on towards nothing. Without words, the nearest
    stands first; without a place, the name decides.
    """
    found = Found()
    groups = _groups(asked, found)
    rows = _ask(asked, groups, " && ", page, professional)
    if not rows and len(groups) > 1:
        rows = _ask(asked, groups, " || ", page, professional)
        found.some_words_only = bool(rows)
    found.total = rows[0][-1] if rows else 0
    with_times = Prefetch("schedules", Schedule.objects.select_related("at_place").order_by("pk"))
    services = {
        service.pk: service
        for service in Service.objects.filter(pk__in=[row[0] for row in rows])
        .select_related("provider")
        .prefetch_related(with_times)
        .annotate(given_at=ArraySubquery(GIVEN_AT))
    }
    places = Place.objects.in_bulk({row[1] for row in rows if row[1]})
    for number, nearest, km, in_name, in_kind, _total in rows:
        if service := services.get(number):
            why = _why(in_name, in_kind) if groups else ""
            given_at = [one for one in service.given_at if nearest in (None, one["pk"])]
            found.results.append(Result(service, places.get(nearest), km, why, given_at))
    return found


def numbers_found(asked: Asked) -> list[int]:
    """Return the numbers of all services for everybody that answer, in the order of `find`."""
    groups = _groups(asked, Found())
    rows = _ask(asked, groups, " && ", None, False)
    if not rows and len(groups) > 1:
        rows = _ask(asked, groups, " || ", None, False)
    return [row[0] for row in rows]


def _ask(
    asked: Asked, groups: list[list[str]], joined: str, page: int | None, professional: bool
) -> list[tuple[Any, ...]]:
    """Ask for a page of answers; for all where `page` is None."""
    params: dict[str, Any] = {"skip": 0, "most": None}
    if page is not None:
        params = {"skip": (min(max(page, 1), FURTHEST_PAGE) - 1) * A_PAGE, "most": A_PAGE}
    where = ["service.published", "service.status in ('active', 'temporarily closed')"]
    if not professional:
        where.append("not service.professional_only")
    query = "null::tsquery"
    if groups:
        query = joined.join(
            "(" + " || ".join(_one(params, word) for word in group) + ")" for group in groups
        )
        where.append(f"(service.words @@ asked.query{' or ' + NAMED if asked.named else ''})")
        params["named"] = list(asked.named)
    near = "select null::bigint as id, null::float as km"
    if asked.spot:
        params |= {"east": asked.spot.easting, "north": asked.spot.northing}
        near = """
            select place.id, sqrt(power(place.easting - %(east)s, 2)
                + power(place.northing - %(north)s, 2)) / 1000 as km
            from directory_serviceatplace held join directory_place place on place.id = held.place_id
            where held.service_id = service.id and place.easting is not null
            order by km limit 1"""
        if asked.within_km:
            params["within"] = asked.within_km
            where.append("near.km <= %(within)s")
    _narrow(asked, where, params)
    relevance = "ts_rank(service.words, asked.query)" if groups else "1"
    if groups and asked.named:
        relevance = f"case when {NAMED} then 1 else {relevance} end"
    order = f"{relevance} / (1 + coalesce(near.km, {2 * HALVES_AT}) / {HALVES_AT}) desc"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            with asked as materialized (select {query} as query), best as materialized (
                select service.id, near.id as place, near.km, count(*) over () as number,
                    row_number() over (order by {order}, service.name, service.id) as rank
                from asked, directory_service service left join lateral ({near}) near on true
                where {" and ".join(where)}
                order by rank
                offset %(skip)s limit %(most)s
            )
            select best.id, best.place, best.km,
                coalesce(ts_filter(service.words, '{{a}}') @@ asked.query, false),
                coalesce(ts_filter(service.words, '{{b}}') @@ asked.query, false),
                best.number
            from asked, best join directory_service service on service.id = best.id
            order by best.rank
            """,
            params,
        )
        return cursor.fetchall()


def _one(params: dict[str, Any], word: str) -> str:
    """Return the question for a word, also as the beginning of one, or for a phrase."""
    name = f"word{len(params)}"
    if " " in word:
        params[name] = word
        return f"phraseto_tsquery('english', %({name})s)"
    params[name] = _beginning(word)
    return f"to_tsquery('english', %({name})s)"


def _beginning(word: str) -> str:
    """Return a word as `to_tsquery` reads it: where it is long enough, also as a beginning."""
    quoted = "'" + word.replace("\\", " ").replace("'", "''") + "'"
    return f"{quoted}:*" if len(word) > 3 else quoted


def _narrow(asked: Asked, where: list[str], params: dict[str, Any]) -> None:
    """Add the conditions for all that is asked besides words and place."""
    if asked.ages:
        params["youngest"], params["oldest"] = asked.ages
        where.append("coalesce(service.from_months, 0) <= %(oldest)s")
        where.append("coalesce(service.to_months, 9999) >= %(youngest)s")
    if asked.free:
        where.append("service.free")
    if asked.taking:
        where.append("service.taking = 'open' and service.status = 'active'")
    if asked.language:
        params["language"] = asked.language
        where.append("%(language)s = any(service.languages)")
    for taxonomy, code in (("category", asked.category), ("target", asked.target)):
        if code:
            params[taxonomy] = code
            where.append(f"""exists (
                select from directory_tag tag join directory_term term on term.id = tag.term_id
                left join directory_term above on above.id = term.parent_id
                where tag.service_id = service.id and term.taxonomy = '{taxonomy}'
                and %({taxonomy})s in (term.code, above.code))""")
    if asked.online:
        where.append("""exists (
            select from directory_serviceatplace held
            join directory_place place on place.id = held.place_id
            where held.service_id = service.id and place.kind = 'online')""")
    if asked.access:
        params["access"] = list(asked.access)
        where.append("""exists (
            select from directory_serviceatplace held
            join directory_place place on place.id = held.place_id
            where held.service_id = service.id and place.access @> %(access)s::varchar[])""")
    times = []
    if asked.days:
        params["days"] = sorted(asked.days)
        times.append(
            "(schedule.weekday = any(%(days)s) or schedule.every = 'once' "
            "and extract(isodow from schedule.since) - 1 = any(%(days)s))"
        )
    if asked.part:
        params["begins"], params["ends"] = PARTS_OF_DAY[asked.part]
        times.append("schedule.opens < %(ends)s::time")
        times.append(
            "coalesce(schedule.closes, schedule.opens + interval '1 hour') > %(begins)s::time"
        )
    if asked.on:
        params["on"] = asked.on
        times.append("directory_held(schedule, %(on)s)")
    if times:
        where.append(f"""exists (
            select from directory_schedule schedule
            where schedule.service_id = service.id and {" and ".join(times)})""")


def _why(in_name: bool, in_kind: bool) -> str:
    """Say by which of its words a service was found."""
    if in_name:
        return _("its name")
    return _("what it is, or who gives it") if in_kind else _("its description or place")


# Words


def _groups(asked: Asked, found: Found) -> list[list[str]]:
    """Return the words asked, each with others that mean the same; slips are mended.

    A phrase that means the same as another ("children's centre", "family hub") counts as one word.
    """
    typed = [word.lower().replace("’", "'") for word in WORD.findall(asked.words[:LONGEST])]
    typed = typed[:MOST_WORDS]
    same = _same_meanings()
    read = typed if asked.as_typed else _mended(typed, found, same)
    groups: list[list[str]] = []
    at = 0
    longest = max((len(phrase) for phrase in same), default=0)
    while at < len(read):
        for length in range(min(longest, len(read) - at), 0, -1):
            phrase = tuple(_plain(word) for word in read[at : at + length])
            if phrase in same:
                groups.append(list(same[phrase]))
                at += length
                break
        else:
            if read[at]:
                groups.append([read[at].replace("'", " ").split(" ")[0]])
            at += 1
    return groups


def _mended(
    typed: list[str], found: Found, meanings: dict[tuple[str, ...], list[str]]
) -> list[str]:
    """Return the words with slips mended; those that say nothing ("for", "the") are empty.

    A word is a slip where no published service has it, in any form or as a beginning, and another
    is near it: as many letters alike as `pg_trgm` asks for, and at most two to change in five.
    """
    if not typed:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select typed.word, numnode(to_tsquery('english', quote_literal(typed.word))) > 0,
                length(typed.word) < 4 or exists (
                    select from directory_word known where known.word like typed.word || '%%')
                or exists (select from directory_word known
                    where known.stem = (ts_lexize('english_stem', typed.word))[1]),
                (select known.word from directory_word known
                    where known.word %% typed.word
                    and levenshtein(known.word, typed.word) <= greatest(1, length(typed.word) * 2 / 5)
                    order by levenshtein(known.word, typed.word), known.word limit 1)
            from unnest(%s::text[]) with ordinality typed(word, number) order by number
            """,
            [[_plain(word) for word in typed]],
        )
        rows = cursor.fetchall()
    same = {word for phrase in meanings for word in phrase}
    read = []
    for word, (plain, says, known, near) in zip(typed, rows, strict=True):
        if not says and plain not in same:
            read.append("")
        elif known or near is None or plain in same:
            read.append(word)
        else:
            found.mended.append((word, near))
            read.append(near)
    return read


def _plain(word: str) -> str:
    """Return a word without what people leave out: "children's" and "childrens" are the same."""
    return word.replace("'s", "s").replace("'", "")


@kept
def _meanings() -> list[list[str]]:
    return [list(one.words) for one in SameMeaning.objects.order_by("pk")]


def _same_meanings() -> dict[tuple[str, ...], list[str]]:
    """Return, for each phrase as plain words, all phrases that mean the same."""
    return {
        tuple(_plain(word) for word in WORD.findall(phrase.lower().replace("’", "'"))): phrases
        for phrases in (*_meanings(), *meanings())
        for phrase in phrases
    }


# Places


def _town(text: str) -> Spot | None:
    """Return the middle of what is given in a town, by the town's name."""
    if not text or any(letter.isdigit() for letter in text):
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "select avg(easting), avg(northing), min(town) from directory_place "
            "where lower(town) = lower(%s) and easting is not null",
            [text],
        )
        east, north, name = cursor.fetchone()
    return Spot(float(east), float(north), name) if east is not None else None


def _of_degrees(latitude: float, longitude: float) -> Spot:
    west, south, east, north = DEGREES
    if not (south <= latitude <= north and west <= longitude <= east):
        raise NoSuchPlace(_("This place is not in Great Britain. Enter a postcode or a town."))
    easting, northing = to_metres(longitude, latitude)
    return Spot(float(easting), float(northing), _("where you are"))


# For the feed


def having(words: str) -> Q:
    """Return the condition that a service has all of some words, in any form."""
    groups = _groups(Asked(words=words, as_typed=True), Found())
    if not groups:
        return Q(pk__in=[])
    asked = reduce(and_, (reduce(or_, map(_as_query, group)) for group in groups))
    return Q(words=asked)


def _as_query(word: str) -> SearchQuery:
    if " " in word:
        return SearchQuery(word, config="english", search_type="phrase")
    return SearchQuery(_beginning(word), config="english", search_type="raw")


def within(easting: float, northing: float, metres: float) -> Q:
    """Return the condition that what is given at a place is within so many metres of a point."""
    there = Place.objects.alias(
        away=Power(F("easting") - easting, 2) + Power(F("northing") - northing, 2)
    ).filter(
        easting__range=(easting - metres, easting + metres),
        northing__range=(northing - metres, northing + metres),
        away__lte=metres**2,
    )
    return Q(place__in=there)
