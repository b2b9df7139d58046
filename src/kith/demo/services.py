"""What there is for families in the demonstration county: services of hubs, partners and groups.

Kinds of service, each in some of the county's towns, made by chance with a seed: most checked of late,
some long ago; most open, some full or closed for now; a refuge of which nothing tells where it is.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from kith.analytics.assurance import Step, standing
from kith.demo.calendar import LONDON
from kith.demo.ground import Ground, HubAt, Spot, metres_between
from kith.demo.scene import Scene
from kith.directory.actions import set_up_terms
from kith.directory.models import (
    Access,
    Asking,
    NotHeld,
    Place,
    Provider,
    Schedule,
    SchoolTerm,
    Service,
    ServiceAtPlace,
    Tag,
    Term,
)
from kith.places.grid import to_degrees

SHARE = {"tiny": 0.14, "normal": 1.0, "large": 1.0}
COUNTY = "Oxfordshire County Council early help"
# Towns with a postcode district of theirs, and those that share one with a hub's town.
TOWNS = {
    "OX1": "Oxford", "OX2": "Oxford", "OX3": "Headington", "OX4": "Cowley", "OX5": "Kidlington",
    "OX7": "Chipping Norton", "OX9": "Thame", "OX10": "Wallingford", "OX11": "Didcot",
    "OX12": "Wantage", "OX13": "Marcham", "OX14": "Abingdon", "OX15": "Bloxham", "OX16": "Banbury",
    "OX18": "Carterton", "OX20": "Woodstock", "OX25": "Ambrosden", "OX26": "Bicester",
    "OX27": "Launton", "OX28": "Witney", "OX29": "Eynsham", "OX33": "Wheatley", "OX39": "Chinnor",
    "OX44": "Chalgrove", "OX49": "Watlington", "RG9": "Henley-on-Thames", "SN7": "Faringdon",
}  # fmt: skip
VENUES = (
    ("{town} community hall", "neutral"),
    ("{town} library", "neutral"),
    ("St Anne’s church rooms, {town}", "neutral"),
    ("{town} leisure centre", "other"),
    ("{town} Children’s Centre", "childrens_centre"),
    ("The Old Chapel, {town}", "neutral"),
)
WAYS = tuple(Access.values)
LANGUAGES = ("Polish", "Urdu", "Punjabi", "Portuguese", "Romanian", "Arabic", "Ukrainian", "Tetum")

# Days since an entry was checked: of twenty, four should have been checked again, and one is hidden.
CHECKED_AGO = (3, 5, 9, 14, 20, 27, 34, 41, 50, 58, 66, 70, 74, 80, 85, 88, 112, 130, 172, 240)


@dataclass(frozen=True)
class Kind:
    """A kind of service: what it says of itself, and how often and for whom it is there."""

    name: str
    words: str
    under: str  # the category
    often: int  # how many of them the whole county has
    ages: tuple[int | None, int | None] = (None, None)  # in months
    targets: tuple[str, ...] = ()
    by: str = "voluntary"  # voluntary, hub, county
    provider: str = "{town} Family Friends"
    when: tuple[str, int, int, int] | None = ("week", 10, 0, 90)  # how, hour, minute, minutes
    term_time: bool = False
    free: float = 0.8
    cost: str = "£2 a family"
    route: str = "come"
    not_for: str = ""
    also: str = ""
    shown: str = "full"
    professional: bool = False


def _years(first: int, last: int) -> tuple[int, int]:
    return first * 12, last * 12 + 11


KINDS = (
    Kind("Stay and play", "Toys, songs and a cup of tea. Stay with your child and meet other families.",
         "Parent, baby and toddler groups", 62, (0, 59), ("New parents",), by="hub", term_time=True),
    Kind("Baby group", "For babies who do not walk yet and whoever looks after them.",
         "Parent, baby and toddler groups", 34, (0, 11), ("New parents",), provider="{town} Toddler Group",
         when=("week", 13, 30, 60), term_time=True),
    Kind("Dads’ Saturday club", "Breakfast, building and a walk for dads, grandads and their children.",
         "Parent, baby and toddler groups", 16, (0, 107), ("Fathers and men",), provider="{town} Dads Together",
         when=("fortnight", 9, 30, 120)),
    Kind("Youth club", "Somewhere to be: pool, music, cooking and somebody to talk to.",
         "Activities", 32, _years(11, 17), ("Teenagers",), provider="{town} Youth Club",
         when=("week", 18, 30, 120), cost="50p", free=0.4),
    Kind("Young carers’ evening", "A night off for children who help to look after somebody at home.",
         "Targeted youth support", 14, _years(8, 17), ("Young carers",), provider="{town} Young Carers",
         when=("fortnight", 17, 0, 120), route="contact"),
    Kind("Parenting course", "Ten weeks on calm days, kind rules and better evenings.", "Parenting support", 24,
         (24, 143), by="hub", route="front_door", when=("week", 10, 0, 120), term_time=True, also="Parents together"),
    Kind("Parenting teenagers", "Six evenings for parents of young people: rows, phones, friends and school.",
         "Parenting support", 14, _years(11, 17), by="hub", route="front_door", when=("week", 18, 30, 120)),
    Kind("Family support worker", "Somebody who comes to your home, listens, and makes a plan with you.",
         "Intensive targeted family support", 7, by="hub", route="front_door", when=None),
    Kind("Listening post", "Talk with somebody, in confidence, about whatever is on your mind.",
         "Mental health, social and emotional support", 18, _years(11, 19), ("Teenagers",),
         provider="{town} Listening Post", when=("week", 15, 30, 150), route="contact"),
    Kind("Counselling for young people", "Up to eight talks with a counsellor. Parents need not know.",
         "Mental health, social and emotional support", 12, _years(12, 18), ("Teenagers",),
         provider="{town} Listening Post", when=None, route="contact",
         not_for="Somebody in danger now: call 999, or the front door."),
    Kind("Money advice", "Debt, benefits, bills and letters you do not dare to open.", "Debt and welfare advice", 26,
         provider="{town} Advice", when=("week", 9, 30, 180), also="Debt advice"),
    Kind("Food larder", "A week’s shopping for £4. Nobody asks why.", "Money, benefits and housing", 22,
         provider="{town} Larder", when=("week", 11, 0, 120), free=0.0, cost="£4 a visit", also="Food bank"),
    Kind("Baby clinic", "Have your baby weighed, and ask a health visitor.", "Health visiting", 24, (0, 59),
         ("New parents",), provider="Health visiting: {town} team", when=("week", 9, 30, 150)),
    Kind("Feeding support", "Breast, bottle, weaning: sit down with somebody who knows.",
         "Infant feeding support (including breastfeeding)", 16, (0, 23), ("New parents",),
         provider="{town} Family Friends", when=("week", 10, 0, 120), also="Breastfeeding café"),
    Kind("Antenatal evenings", "Birth and the first weeks, for both of you.", "Midwife and maternity", 9, (None, None),
         ("New parents",), provider="{town} midwives", when=("week", 19, 0, 120), route="contact"),
    Kind("Rhyme time", "Songs and stories in the library.", "Early years language and learning", 24, (0, 59),
         provider="{town} library", when=("week", 10, 30, 30), free=1.0, term_time=True),
    Kind("SEND parents’ coffee", "Other parents of children with additional needs, and now and then somebody who knows.",
         "Groups for parents and carers of children with SEND", 16, (None, None), ("Children with a disability",),
         provider="{town} SEND Together", when=("month_day", 10, 0, 120)),
    Kind("Autism family group", "For families of autistic children, with or without a diagnosis.",
         "Autistic Spectrum Disorder (ASD)", 10, _years(3, 17), ("Children with a disability",),
         provider="{town} SEND Together", when=("month_day", 14, 0, 120)),
    Kind("Saturday short breaks", "A day of play for a child with a disability, and a rest for you.",
         "Breaks and respite", 8, _years(5, 17), ("Children with a disability",), provider="{town} SEND Together",
         when=("fortnight", 10, 0, 300), free=0.3, cost="£8 a day", route="contact"),
    Kind("Holiday club", "Games, lunch and outings. Free with benefits-related free school meals.",
         "Holiday clubs and schemes", 26, _years(5, 13), provider="{town} Youth Club", when=("once", 9, 30, 330),
         free=0.2, cost="£12 a day; free with free school meals", route="contact"),
    Kind("Breakfast club", "A place to be, and something to eat, before school.", "Before and after school clubs", 20,
         _years(4, 11), provider="{town} Primary School", when=("week", 7, 45, 60), term_time=True, free=0.1,
         cost="£2.50"),
    Kind("Junior parkrun and play", "Two kilometres at your own pace.", "Sports and recreation", 9, _years(4, 14),
         provider="{town} Runners", when=("week", 9, 0, 60), free=1.0),
    Kind("Swimming for families", "Warm water, floats, nobody in a hurry.", "Sports and recreation", 9, (4, 143),
         provider="{town} leisure centre", when=("week", 9, 0, 60), free=0.0, cost="£5 a family"),
    Kind("Grandparents’ table", "For those who bring up grandchildren.", "Parenting support", 8, (None, None),
         ("Grandparents and other carers",), when=("month_day", 11, 0, 90)),
    Kind("Conversation café", "Practise English over coffee; children play beside you.", "Activities", 12,
         (None, None), ("Families new to the country",), when=("week", 13, 0, 90)),
    Kind("Separating well", "One evening for parents who part, on keeping children out of the middle.",
         "Separating and separated parent support", 6, by="county", provider=COUNTY, route="contact",
         when=("month_day", 18, 30, 120)),
    Kind("Freedom course", "Twelve weeks for women who live, or have lived, with abuse.", "Domestic abuse", 3,
         provider="Safe Haven", when=("week", 10, 0, 120), route="contact", shown="on_request"),
    Kind("Refuge", "Somewhere safe to stay, with your children, tonight if need be.", "Domestic abuse", 2,
         provider="Safe Haven", when=None, route="contact", shown="never"),
    Kind("Helpline for parents", "Call or write: somebody answers within the day.", "Parenting support", 1,
         by="county", provider=COUNTY, when=None, route="contact", shown="online"),
    Kind("Online safety for parents", "An hour on the screen about phones, games and strangers.",
         "Bullying and cyber bullying", 2, by="county", provider=COUNTY, when=("month_day", 19, 30, 60),
         route="contact", shown="online"),
    Kind("Community minibus", "To clinics, schools and groups, where no bus goes.", "Community transport", 5,
         provider="{town} Village Volunteers", when=None, route="contact", free=0.0, cost="£3 a journey"),
    Kind("Specialist family therapy", "Twelve sessions with two therapists.",
         "Mental health, social and emotional support", 3, by="county", provider=COUNTY, when=None,
         route="professional", professional=True),
)  # fmt: skip


@dataclass
class Telling:
    """What is made, before it is written."""

    rng: Random
    today: date
    providers: dict[str, Provider] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    services: list[Service] = field(default_factory=list)
    held: list[ServiceAtPlace] = field(default_factory=list)
    schedules: list[Schedule] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)

    def uid(self) -> uuid.UUID:
        return uuid.UUID(int=self.rng.getrandbits(128), version=4)


def tell_services(seed: str, ground: Ground, scene: Scene, today: date, size: str) -> int:
    """Write the directory of the county. Returns how many services there are."""
    set_up_terms()
    tell = Telling(Random(seed), today)
    terms = {(term.taxonomy, term.name): term for term in Term.objects.all()}
    towns = _towns(ground)
    partners = {place.name: place.id for place in scene.places}
    for kind in KINDS:
        count = max(1, round(kind.often * SHARE[size]))
        chosen: list[tuple[str, Spot, HubAt | None]]
        if kind.by == "hub":
            chosen = [
                (hub.name.removesuffix(" hub"), hub.spot, hub) for hub in ground.hubs.values()
            ]
            chosen = [chosen[number % len(chosen)] for number in range(count)]
        else:
            chosen = [(*tell.rng.choice(towns), None) for _ in range(count)]
        for number, (town, spot, hub) in enumerate(chosen):
            _tell_one(tell, kind, number, town, spot, hub, terms, partners)
    asked = _asked_about(tell)
    _write(tell)
    Asking.objects.bulk_create(asked, batch_size=1000)
    _tell_terms_of_the_year(today)
    return len(tell.services)


def _towns(ground: Ground) -> list[tuple[str, Spot]]:
    """Return towns with a place in the middle of each."""
    by_town: dict[str, list[Spot]] = {}
    for spots in ground.spots.values():
        for spot in spots:
            if town := TOWNS.get(spot.postcode.split(" ")[0]):
                by_town.setdefault(town, []).append(spot)
    found = []
    for town, spots in sorted(by_town.items()):
        middle = Spot("", sum(s.easting for s in spots) // len(spots),
                      sum(s.northing for s in spots) // len(spots), "", "")  # fmt: skip
        near = sorted(spots, key=lambda spot: (metres_between(spot, middle), spot.postcode))
        found += [(town, spot) for spot in near[: 3 if town in ("Oxford", "Banbury") else 1]]
    return found


def _tell_one(
    tell: Telling,
    kind: Kind,
    number: int,
    town: str,
    spot: Spot,
    hub: HubAt | None,
    terms: dict[tuple[str, str], Term],
    partners: dict[str, int],
) -> None:
    rng = tell.rng
    name = COUNTY if kind.by in ("hub", "county") else kind.provider.format(town=town)
    provider = tell.providers.get(name) or _provider(tell, name, partners)
    checked = tell.today - timedelta(days=CHECKED_AGO[len(tell.services) * 7 % 20])
    lasting = rng.random()
    service = Service(
        uid=tell.uid(),
        provider=provider,
        # Of what is hidden, the name tells no town.
        name=f"{kind.name}, {town}" if kind.shown == "full" else kind.name,
        also_called=kind.also,
        description=kind.words,
        phone=f"01632 96{rng.randrange(1000, 9999)}",
        email=provider.email,
        status="temporarily closed" if lasting < 0.03 else "active",
        alert="We move: back after the holidays." if lasting < 0.03 else "",
        from_months=kind.ages[0],
        to_months=kind.ages[1],
        not_for=kind.not_for,
        route=kind.route,
        taking="full" if lasting > 0.95 else "waiting" if lasting > 0.87 else "open",
        free=rng.random() < kind.free,
        languages=["English", rng.choice(LANGUAGES)] if rng.random() < 0.15 else [],
        professional_only=kind.professional,
        published=True,
        assured_on=checked,
        assured_by=provider.name,
        assurer_email=provider.email,
    )
    service.cost = "" if service.free else kind.cost
    tell.services.append(service)
    for taxonomy, names in (("category", (kind.under,)), ("target", kind.targets)):
        tell.tags += [
            Tag(uid=tell.uid(), service=service, term=terms[taxonomy, one]) for one in names
        ]
    place = _place(tell, kind, number, town, spot, hub)
    if any(held.place is place and held.service.name == service.name for held in tell.held):
        service.name += f" ({number + 1})"
    held = ServiceAtPlace(uid=tell.uid(), service=service, place=place)
    tell.held.append(held)
    if kind.when:
        tell.schedules.append(_schedule(tell, kind, number, service, held))


def _provider(tell: Telling, name: str, partners: dict[str, int]) -> Provider:
    slug = "".join(letter for letter in name.lower() if letter.isalnum() or letter == " ")
    email = f"hello@{slug.replace(' ', '-')[:50]}.example"
    provider = Provider(
        uid=tell.uid(),
        name=name,
        description=f"{name} works with families in the county.",
        email=email,
        # Of one in nine nobody has written down a mailbox: those who keep the directory are asked.
        keeper_email="" if len(tell.providers) % 9 == 4 else email,
        website="",
        partner_id=partners.get(name),
    )
    tell.providers[name] = provider
    return provider


def _place(
    tell: Telling, kind: Kind, number: int, town: str, spot: Spot, hub: HubAt | None
) -> Place:
    rng = tell.rng
    if kind.shown == "online":
        name, how, shown = "Online or by telephone", "online", "on_request"
    elif kind.shown in ("never", "on_request"):
        name, how, shown = f"{kind.name} {number + 1}", "other", kind.shown
    elif hub is not None:
        name, how, shown = f"{town} hub", "hub", "full"
    else:
        words, how = rng.choice(VENUES)
        name, shown = words.format(town=town), "full"
        if rng.random() < 0.04:
            name, shown = f"A home in {town}", "area"
    if name in tell.places:
        return tell.places[name]
    place = Place(uid=tell.uid(), name=name, kind=how, shown=shown, hub_id=hub.id if hub else None)
    if shown in ("full", "area"):
        longitude, latitude = to_degrees(spot.easting, spot.northing)
        place.town, place.postcode = (
            town,
            spot.postcode if shown == "full" else spot.postcode.split(" ")[0],
        )
        place.easting, place.northing = spot.easting, spot.northing
        if shown == "area":
            place.easting, place.northing = round(spot.easting, -3), round(spot.northing, -3)
        place.latitude, place.longitude = round(float(latitude), 5), round(float(longitude), 5)
        place.address = (
            f"{rng.randrange(1, 90)} {rng.choice(('Mill', 'School', 'Church', 'Station'))} Lane"
        )
        if shown == "area":
            place.address = ""
        place.access = sorted(rng.sample(WAYS, rng.randrange(0, 5)))
    tell.places[name] = place
    return place


def _schedule(
    tell: Telling, kind: Kind, number: int, service: Service, held: ServiceAtPlace
) -> Schedule:
    rng = tell.rng
    assert kind.when
    every, hour, minute, lasts = kind.when
    weekend = kind.name.startswith(("Dads", "Saturday", "Junior", "Swimming"))
    weekday = rng.choice((5, 6) if weekend else (0, 1, 2, 3, 4))
    begins = tell.today - timedelta(weeks=rng.randrange(4, 60))
    begins -= timedelta(days=(begins.weekday() - weekday) % 7)
    opens = datetime.combine(tell.today, time(hour, minute), LONDON)
    closes = (opens + timedelta(minutes=lasts)).time()
    once = every == "once"
    if once:
        begins = tell.today + timedelta(days=rng.randrange(10, 60))
    return Schedule(
        uid=tell.uid(),
        service=service,
        at_place=held,
        every=every,
        weekday=None if once else weekday,
        nth=rng.choice((1, 2, 3, -1)) if every == "month_day" else None,
        opens=opens.time(),
        closes=closes,
        since=begins if every in ("fortnight", "once") else None,
        term_time_only=kind.term_time,
    )


def _asked_about(tell: Telling) -> list[Asking]:
    """Return what was done about what nobody checked for long, on each day as the rule says; what
    nobody confirmed for half a year is hidden."""
    found = []
    for service in tell.services:
        assert service.assured_on
        steps: set[tuple[Step, date]] = set()
        for ago in range((tell.today - service.assured_on).days, 0, -1):
            day = tell.today - timedelta(days=ago)
            now = standing(
                day, checked_on=service.assured_on, steps=frozenset(steps), hide_months=6
            )
            steps |= {(step, day) for step in now.owed}
            if Step.HIDDEN in now.owed:
                service.published, service.hidden_on = False, day
                break
        found += [
            Asking(service=service, step=step, on=day, of_team=not service.provider.keeper_email)
            for step, day in sorted(steps, key=lambda pair: pair[1])
        ]
    return found


def _write(tell: Telling) -> None:
    Provider.objects.bulk_create(tell.providers.values(), batch_size=500)
    Place.objects.bulk_create(tell.places.values(), batch_size=500)
    Service.objects.bulk_create(tell.services, batch_size=500)
    ServiceAtPlace.objects.bulk_create(tell.held, batch_size=500)
    Schedule.objects.bulk_create(tell.schedules, batch_size=500)
    Tag.objects.bulk_create(tell.tags, batch_size=1000)
    NotHeld.objects.bulk_create(
        NotHeld(schedule=one, day=day, words="The leader is away.")
        for one in tell.schedules[::9]
        if one.every == "week" and one.weekday is not None
        for day in [tell.today + timedelta(days=(one.weekday - tell.today.weekday()) % 7 + 7)]
    )


def _tell_terms_of_the_year(today: date) -> None:
    """Write school terms from two years ago to two years on, as most English counties keep them."""
    for year in range(today.year - 2, today.year + 3):
        for name, since, until in (
            ("Autumn term, first half", (year, 9, 3), (year, 10, 24)),
            ("Autumn term, second half", (year, 11, 3), (year, 12, 19)),
            ("Spring term, first half", (year, 1, 5), (year, 2, 13)),
            ("Spring term, second half", (year, 2, 23), (year, 3, 27)),
            ("Summer term, first half", (year, 4, 13), (year, 5, 22)),
            ("Summer term, second half", (year, 6, 1), (year, 7, 22)),
        ):
            SchoolTerm.objects.create(name=f"{name} {year}", since=date(*since), until=date(*until))
