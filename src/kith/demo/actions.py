"""Making the demonstration county: the one thing this room does."""

import gc
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from random import Random

from django.conf import settings
from django.contrib.auth.hashers import get_hasher
from django.db import connection, transaction

from kith.accounts.actions import write_grants
from kith.accounts.models import Team
from kith.accounts.viewer import front_door
from kith.casework import audit_questions, caf, first_measures
from kith.casework.models import AssessmentForm, CaseAuditForm, Measure
from kith.demo import story, write
from kith.demo.attainment import tell_attainment
from kith.demo.book import Book
from kith.demo.calendar import LONDON
from kith.demo.committee import tell_committee
from kith.demo.ground import Ground, HubAt, Spot
from kith.demo.neighbour import tell_neighbour, tell_twins
from kith.demo.offer import tell_not_found, tell_offer, tell_spoken
from kith.demo.people import PASSWORD
from kith.demo.proposals import tell_proposals
from kith.demo.rare_lives import tell_rare_lives
from kith.demo.recommendations import tell_recommendations
from kith.demo.remarks import tell_remarks
from kith.demo.scene import set_scene
from kith.demo.sendings import tell_sendings
from kith.demo.services import tell_services
from kith.demo.telling import tell_cases
from kith.demo.visits import tell_visits
from kith.hubs.actions import set_up
from kith.hubs.calendar import closed_days, promise_days
from kith.hubs.models import Catchment, Hub
from kith.places.actions import load_county
from kith.places.county import the_county
from kith.places.models import District, Postcode
from kith.places.postcodes import spaced
from kith.referrals.actions.needs import set_up_needs
from kith.referrals.models import Need

SEED = 2012  # the year of the committee's review
YEARS = {"tiny": 1.5, "normal": 2.0, "large": 10.0}
ROWS_AT_ONCE = 60_000
# One loading at a time; the number means nothing.
LOCK = 2_012_092_6

# Told what is being done, how far it is, and how far there is to go.
Progress = Callable[[str, int, int], None]


class NotTheOwner(Exception):
    """The county is written in bulk, which only the owner of the tables may do."""


class NotEmpty(Exception):
    """There are requests here already, and they may be somebody's."""


def county_stands() -> bool:
    """Say whether a county has been made here, or any organisation entered."""
    with connection.cursor() as cursor:
        cursor.execute("select exists (select 1 from partners_organisation)")
        return bool(cursor.fetchone()[0])


def make_county(
    today: date,
    size: str = "normal",
    progress: Progress | None = None,
    *,
    seed: int = SEED,
) -> dict[str, int]:
    """Make the whole county in one transaction, and return how many rows each table got.

    The same date, size and seed make the same county in an empty database. Raises NotTheOwner, or
    NotEmpty where a county, or anything else, stands already.
    """
    told = progress or (lambda words, done, total: None)
    with transaction.atomic():
        _check_owner()
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])
        if county_stands():
            raise NotEmpty(
                "There is a county here already. `--fresh` makes a new one in its place."
            )
        _lay_ground(today, told)
        ground = _read_ground(today)
        start = today - timedelta(days=round(YEARS[size] * 365.25))
        rng = Random(f"{seed} {size} {today.isoformat()}")
        book = Book(write.next_ids())
        with write.open_tables(), _without_collecting():
            writer = write.Writer(book)
            scene = set_scene(rng, ground, book, start=start, today=today, size=size)
            tale = story.Story(rng, ground, scene, book, start=start, today=today)
            total = tale.expected(size)
            for number in tale.tell(size):
                if book.waiting >= ROWS_AT_ONCE:
                    writer.flush()
                if number % 50 == 0:
                    told(
                        f"Telling {YEARS[size]:g} years",
                        number,
                        total,
                    )
            writer.flush()
            writer.finish()
        # Through the rooms' own actions: what they make is words, and few.
        tell_cases(Random(f"studies {seed} {today.isoformat()}"), tale.now)
        tell_rare_lives(Random(f"lives {seed} {today.isoformat()}"), tale.now)
        tell_services(f"services {seed} {today.isoformat()}", ground, scene, today, size)
        tell_offer(today, tale.now)
        tell_not_found(Random(f"not found {seed} {today.isoformat()}"), today)
        tell_spoken(tale.now)
        tell_remarks(tale.now)
        tell_neighbour(today, tale.now)
        tell_twins(tale.now)
        tell_proposals(tale.now)
        tell_sendings(Random(f"sendings {seed} {today.isoformat()}"), tale.now)
        tell_attainment(Random(f"attainment {seed} {today.isoformat()}"), tale.now)
        tell_committee(today, tale.now)
        tell_visits(today, tale.now)  # after the committee itself
        tell_recommendations(today, tale.now)  # after its themes
        told("Done", total, total)
    return dict(writer.counts)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Let nobody look for garbage that goes round in circles: a county has none, and many rows."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def empty_county() -> None:
    """Throw away everything but the tables, to make a county anew. Raises NotTheOwner.

    The log refuses to be emptied; its owner may, and says so here.
    """
    if not (settings.DEMO or settings.TESTING):
        raise NotEmpty("Only a demonstration can be thrown away. Set KITH_MODE=demo if it is one.")
    with transaction.atomic():
        _check_owner()
        with connection.cursor() as cursor:
            tables = [
                table
                for table in connection.introspection.table_names(cursor)
                if table not in ("django_migrations", "django_content_type", "procrastinate_events")
            ]
            for table in tables:
                cursor.execute(f'alter table "{table}" disable trigger user')
            # Numbering begins anew too: the county counts on the first form to be number 1.
            names = ", ".join(f'"{table}"' for table in tables)
            cursor.execute(f"truncate {names} restart identity cascade")
            for table in tables:
                cursor.execute(f'alter table "{table}" enable trigger user')
            for series in write.SERIES:
                cursor.execute("select setval(%s, 1, false)", [series])
            cursor.execute(
                "select sequence_name from information_schema.sequences where sequence_schema = 'public'"
            )
            for (name,) in cursor.fetchall():
                cursor.execute("select setval(%s, 1, false)", [f'"{name}"'])
        write_grants()
        _put_back_forms()


def _put_back_forms() -> None:
    """Put the first version of each form back, which the migrations wrote."""
    at = datetime(SEED, 9, 26, 9, 0, tzinfo=LONDON)
    AssessmentForm.objects.create(
        version=1,
        definition=caf.FIRST.as_data(),
        changes="The headings of the Common Assessment Framework.",
        made_at=at,
        released_at=at,
    )
    for one in first_measures.FIRST:
        Measure.objects.create(version=1, made_at=at, **one)
    CaseAuditForm.objects.create(
        version=1,
        questions=list(audit_questions.FIRST),
        changes=audit_questions.CHANGES,
        made_at=at,
    )


def _check_owner() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select tableowner = current_user from pg_tables where tablename = 'families_family'"
        )
        row = cursor.fetchone()
    if not row or not row[0]:
        raise NotTheOwner(
            "The county is made as the owner of the database: `kith manage make_county`, "
            "or set KITH_DATABASE_ROLE=owner and KITH_OWNER_DATABASE_URL."
        )


def _lay_ground(today: date, told: Progress) -> None:
    """Load real places and set the hubs up, as a real county would."""
    told("Reading postcodes and drawing neighbourhoods", 0, 1)
    load_county(lambda words: told(words, 0, 1))
    set_up_needs()
    set_up(at=datetime.combine(today - timedelta(days=4000), time(9, 0), LONDON))


def _read_ground(today: date) -> Ground:
    spots: dict[str, list[Spot]] = defaultdict(list)
    ended = the_county().ended  # nobody has lived in OX8 since it became OX28 and OX29
    for code, easting, northing, district, neighbourhood in Postcode.objects.order_by(
        "code"
    ).values_list("code", "easting", "northing", "district_id", "neighbourhood_id"):
        if code[:-2] in ended:
            continue
        spots[neighbourhood].append(Spot(spaced(code), easting, northing, district, neighbourhood))
    hubs = {}
    for hub in Hub.objects.select_related("team").order_by("order", "pk"):
        spot = Spot(hub.postcode, hub.easting, hub.northing, "", "")
        hubs[hub.slug] = HubAt(hub.pk, hub.team_id, hub.slug, hub.name, spot)
    everywhere = [spot for area in spots.values() for spot in area]
    for slug, hub_at in hubs.items():
        # A hub's premises stand at the postcode nearest to them.
        own = min(
            everywhere,
            key=lambda spot: (
                (spot.easting - hub_at.spot.easting) ** 2
                + (spot.northing - hub_at.spot.northing) ** 2
            ),
        )
        hubs[slug] = HubAt(hub_at.id, hub_at.team, slug, hub_at.name, own)
    desk = Team.objects.filter(kind=Team.Kind.DESK).order_by("pk").first()
    needs = list(Need.objects.filter(active=True))
    return Ground(
        measures=dict(Measure.objects.order_by("version").values_list("key", "pk")),
        spots=dict(spots),
        hub_of=dict(
            Catchment.objects.filter(until__isnull=True)
            .order_by("neighbourhood_id")
            .values_list("neighbourhood_id", "hub__slug")
        ),
        hubs=hubs,
        districts=dict(District.objects.order_by("code").values_list("code", "name")),
        needs={need.code: need.pk for need in needs},
        danger={need.code for need in needs if need.safeguarding},
        closed=closed_days(),
        decision_days=promise_days("decision"),
        contact_days=promise_days("first_contact"),
        answer_days=promise_days("more_asked"),
        password=_password_hash(),
        front_door=front_door().pk,
        desk_team=desk.pk if desk else None,
    )


def _password_hash() -> str:
    """Return the one password's hash; its salt is fixed, so that the county is the same each time."""
    return get_hasher("default").encode(PASSWORD, "demonstration-county")
