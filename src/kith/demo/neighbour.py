"""A neighbouring county's directory, made up: looked into, imported, and changed both there and here."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from kith.accounts.models import User
from kith.accounts.viewer import clock
from kith.directory import actions, neighbours, proposed, tasks
from kith.directory.actions.holding import write_held
from kith.directory.held import in_order
from kith.directory.models import Reading, Service, Source, Twins
from kith.jobs.progress import Progress

ADDRESS = "https://directory.wardenshire.example/oruk/v3"
# What it is, what is said of it, their term, ages in years.
GROUPS = (
    (
        "Edgehill toddlers",
        "<p>Toys, songs &amp; a cup of tea.</p>",
        "Baby and toddler groups",
        (0, 4),
    ),
    ("Shipston dads’ breakfast", "Bacon rolls and building blocks.", "Dads", (0, 10)),
    ("Kineton youth café", "Pool, music and somebody to talk to.", "Activities", (11, 17)),
    ("Stour Valley short breaks", "A day out, and a rest for you.", "Breaks & respite", (5, 17)),
    ("Fenny Compton money advice", "Debt, bills and letters.", "Debt and welfare advice", (-1, -1)),
    ("Harbury new parents’ walk", "Prams, fields and company.", "Baby blues", (0, 1)),
    ("Kingfisher fishing club", "Rods and bait are lent.", "Angling", (8, 16)),
    ("Wardenshire refuge line", "Somewhere safe, tonight if need be.", "Domestic abuse", (-1, -1)),
)


# As somebody else told of groups that stand there already.
WRITTEN_TWICE = (
    "Come and see us! All welcome.",
    "A friendly group, run by volunteers.",
    "Tea, talk and somebody who listens.",
    "Bring a friend, or make one here.",
)


class _AtOnce(Progress):
    """Progress that nobody watches."""

    def __init__(self, by: User) -> None:
        self.by = by

    def step(self, words: str) -> None: ...

    def advance(self, count: int = 1, *, total: int | None = None) -> None: ...

    @contextmanager
    def once(self, key: str) -> Iterator[bool]:
        yield True


def tell_neighbour(today: date, now: datetime) -> None:
    """Write a neighbour's directory, with its terms, two imports, and a difference to be settled."""
    desk = User.objects.filter(email__startswith="desk@").first() or clock()
    source = Source(name="Wardenshire County Council", address=ADDRESS, made_by=desk, made_at=now)
    source.save()
    records = [_record(number, *group, today) for number, group in enumerate(GROUPS)]
    broken: list[Any] = [{"id": "w-98"}, {**records[0], "name": "The same once more"}]
    _read(source, Reading.Kind.LOOK, [*records, *broken], desk, now - timedelta(days=9))
    _read(source, Reading.Kind.IMPORT, [*records, *broken], desk, now - timedelta(days=8))
    ours = Service.objects.get(source=ADDRESS, source_id="w-1")
    ours.description = "Bacon rolls and building blocks. Ask for Tom’s table."
    ours.save(update_fields=["description"])
    # They changed the same, one more, and left one out.
    records[1]["description"] = "Porridge and building blocks."
    records[2]["phones"] = [{"number": "01632 961 177"}]
    _read(source, Reading.Kind.IMPORT, records[:6] + records[7:], desk, now - timedelta(days=1))


def _read(source: Source, kind: str, records: list[Any], by: User, at: datetime) -> None:
    reading = Reading(source=source, kind=kind, by=by, at=at)
    reading.save()
    fetched = neighbours.told(records)
    tasks.bring(_AtOnce(by), reading, fetched, lambda: at)
    fetched.close()


def _record(
    number: int, name: str, words: str, term: str, ages: tuple[int, int], today: date
) -> dict[str, Any]:
    place = {
        "id": f"w-place-{number}",
        "location_type": "physical",
        "name": f"{name.split()[0]} village hall",
        "latitude": 52.10 + number / 100,
        "longitude": -1.55 + number / 50,
        "addresses": [
            {
                "address_1": f"{number + 1} Church Lane",
                "city": name.split()[0],
                "postal_code": f"CV36 {number + 1}ZZ",
                "address_type": "physical",
            }
        ],
    }
    if term == "Domestic abuse":
        place = {"id": f"w-place-{number}", "location_type": "physical", "name": "Not told"}
    return {
        "id": f"w-{number}",
        "name": name,
        "description": words,
        "status": "active",
        "minimum_age": ages[0],
        "maximum_age": ages[1],
        "assured_date": (today - timedelta(days=20 + number)).isoformat(),
        "organization": {
            "id": "w-families",
            "name": "Wardenshire Families",
            "description": "Groups of neighbours on the other side of the county’s border.",
        },
        "phones": [{"number": f"01632 961 10{number}"}],
        "cost_options": [{"option": "A session", "amount": 0}],
        "service_at_locations": [
            {
                "id": f"w-at-{number}",
                "location": place,
                "schedules": []
                if term == "Domestic abuse"
                else [{"freq": "WEEKLY", "byday": "MO", "opens_at": "10:00", "closes_at": "11:30"}],
            }
        ],
        "attributes": [
            {"taxonomy_term": {"id": term.lower(), "name": term, "taxonomy": "Wardenshire"}}
        ],
    }


def tell_twins(now: datetime) -> None:
    """Write a few groups a second time, as people do, have them found, and say of one that it is two."""
    desk = User.objects.filter(email__startswith="desk@").first() or clock()
    groups = (
        Service.objects.filter(published=True, source="", schedules__isnull=False, offerings=None)
        .exclude(Q(phone="") | Q(provider__keeper_email=""))
        .distinct()
        .order_by("-pk")
    )
    at = now - timedelta(days=2)
    written = []
    for number, group in enumerate(groups[:4]):
        values = proposed.values_of(group)
        held = {name: values[name] for name in in_order(values)}
        told = {**values, "name": group.name.replace(" and ", " & ").replace("’", "'")}
        told |= {
            "phone": f"+44 {group.phone.removeprefix('0')}",
            "description": WRITTEN_TWICE[number],
        }
        details = actions.told_of(told, group.provider, None, at.date())
        again = actions.write_service(details=details, by=desk, at=at)
        write_held(service=again, stands={}, values=held, by=desk, at=at)
        written.append(again.pk)
    actions.find_twins(by=clock(), at=at)
    pair = Twins.objects.filter(other__in=written).order_by("pk").first()
    if pair:
        why = "The second is for those who have left school."
        actions.say_not_same(pair=pair, why=why, by=desk, at=now - timedelta(days=1))
