"""The county before the first request: schools, partners, staff and their accounts."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from random import Random

from kith.demo import names
from kith.demo.book import Book
from kith.demo.calendar import LONDON
from kith.demo.ground import Ground, Spot, metres_between
from kith.demo.people import SIGN_INS, address

# All hubs have the same number of workers, give or take one: they are funded alike.
SEATS = {
    "abingdon": 13,
    "banbury": 14,
    "bicester": 13,
    "didcot": 13,
    "east-oxford": 14,
    "littlemore": 13,
    "witney": 14,
}
TITLES = (
    ("Family support worker", 6),
    ("Early intervention worker", 5),
    ("Senior early intervention worker", 2),
    ("Education inclusion worker", 2),
    ("Youth worker", 2),
)
HOURS = ((37.0, 8), (30.0, 3), (22.5, 3), (18.5, 2))
FULL_WEEK = 37.0
FAMILIES_FULL_WEEK = 16
YEARS_IN_POST = 5.0


@dataclass
class Worker:
    """Somebody in a post at a hub, and the days on which the families they have now will close."""

    user: int
    name: str
    room: int
    since: date
    until: date | None
    closings: list[datetime] = field(default_factory=list)

    def there(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True)
class Place:
    """A partner organisation: what the story needs to know of it."""

    id: int
    name: str
    kind: str
    phase: str
    spot: Spot
    team: int | None
    senders: tuple[tuple[int, str, str], ...]  # account, name, job


@dataclass
class Scene:
    """Everybody there is to ask for help, decide, and work with families."""

    desk_team: int
    desk: list[tuple[int, str]] = field(default_factory=list)
    dpo: tuple[int, str] = (0, "")
    volunteer: tuple[int, str] = (0, "")  # leads a group of a hub's
    managers: dict[str, tuple[int, str]] = field(default_factory=dict)
    workers: dict[str, list[Worker]] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    emails: dict[int, str] = field(default_factory=dict)  # of accounts

    @cached_property
    def names(self) -> dict[int | None, str]:
        """The name of every place, by its number."""
        return {place.id: place.name for place in self.places}

    def of_kind(self, *kinds: str, phase: str = "") -> list[Place]:
        return [p for p in self.places if p.kind in kinds and (not phase or p.phase == phase)]


SIZES = {
    # nursery, primary, secondary, special, college
    "tiny": {"nursery": 2, "primary": 10, "secondary": 5, "special": 1, "college": 1},
    "normal": {"nursery": 24, "primary": 235, "secondary": 35, "special": 12, "college": 6},
}
PARTNERS = {
    # kind: (how many, how many in a tiny county, share with an account, takes requests, names)
    "gp": (62, 3, 0.1, False, ("{place} Surgery", "{place} Health Centre", "{place} Practice")),
    "police": (9, 2, 1.0, False, ("{place} neighbourhood police team",)),
    "health_visiting": (8, 1, 1.0, False, ("Health visiting: {place} team",)),
    "school_nursing": (7, 1, 1.0, True, ("School nursing: {place} team",)),
    "health": (4, 1, 0.5, True, ("{place} Talking Therapies for Young People",)),
    "housing": (7, 1, 0.6, True, ("{place} Housing Association",)),
    "early_help": (20, 2, 0.7, True, ("{place} Children's Centre",)),
    "voluntary": (
        44,
        4,
        0.3,
        True,
        (
            "{place} Village Volunteers",
            "{place} Family Friends",
            "{place} Youth Club",
            "{place} Toddler Group",
            "{place} Young Carers",
            "{place} Dads Together",
            "{place} Listening Post",
        ),
    ),
}
SINGLE = (
    ("social_care", "Children's social care duty desk", True),
    ("adult_care", "Adult social care access team", True),
    ("youth_justice", "Youth justice service", False),
    ("education", "County attendance service", True),
    ("education", "Special needs advice service", True),
    ("council", "Money advice service", True),
)
# Kinds of sender that are schools, by phase.
SCHOOLS = ("nursery", "primary", "secondary", "special", "college")
JOBS = {
    "nursery": ("Nursery manager", "Room leader"),
    "primary": ("Head teacher", "Special needs coordinator", "Home-school link worker"),
    "secondary": ("Special needs coordinator", "Head of year", "Pastoral lead"),
    "special": ("Deputy head", "Family liaison worker"),
    "college": ("Student welfare adviser",),
    "gp": ("GP", "Practice nurse"),
    "police": ("Neighbourhood officer", "Community support officer"),
    "health_visiting": ("Health visitor",),
    "school_nursing": ("School nurse",),
    "health": ("Counsellor",),
    "housing": ("Housing officer",),
    "district": ("Housing options officer",),
    "early_help": ("Centre manager", "Family worker"),
    "voluntary": ("Coordinator",),
    "social_care": ("Social worker",),
    "adult_care": ("Social worker",),
    "youth_justice": ("Youth justice officer",),
    "education": ("Adviser",),
    "council": ("Adviser",),
}
# Which schools have accounts: nearly all secondary schools, few primary ones.
WITH_ACCOUNTS = {"secondary": 0.95, "primary": 0.3, "special": 0.8, "nursery": 0.2, "college": 1.0}
FULL = {"nursery": 60, "primary": 240, "secondary": 1000, "special": 110, "college": 2400}


def set_scene(
    rng: Random, ground: Ground, book: Book, *, start: date, today: date, size: str
) -> Scene:
    """Make partners, staff and accounts, as they stood through the whole of the period."""
    tiny = size == "tiny"
    setting = _Setting(rng, ground, book, start, today)
    scene = setting.desk(2 if tiny else 6)
    for slug in ground.hubs:
        setting.hub(scene, slug, 3 if tiny else SEATS.get(slug, 11))
    setting.schools(scene, SIZES["tiny" if tiny else "normal"])
    setting.partners(scene, tiny=tiny)
    scene.emails = setting.emails
    return scene


class _Setting:
    def __init__(self, rng: Random, ground: Ground, book: Book, start: date, today: date) -> None:
        self.rng, self.ground, self.book = rng, ground, book
        self.start, self.today = start, today
        self.at = datetime.combine(start - timedelta(days=14), time(9, 0), LONDON)
        self.spots = [spot for area in ground.spots.values() for spot in area]
        self.used_names: set[str] = set()
        self.used_emails: set[str] = set()
        self.emails: dict[int, str] = {}
        self.phone = 0
        self.place_names = self._place_names()
        self.sign_ins = {entry.email for entry in SIGN_INS}

    # People who sign in

    def person(self, job: str, *, email: str = "", since: date | None = None) -> tuple[int, str]:
        """Make an account and return its number and its holder's name."""
        name = self._name()
        email = email or self._email(name)
        at = self._at(since or self.start - timedelta(days=14))
        user = self.book.add(
            "accounts.User",
            at,
            None,
            password=self.ground.password,
            email=email,
            name=name,
            job_title=job,
            phone=self._phone(),
            is_active=True,
            is_service=False,
            made_at=at,
        )
        self.emails[user.id] = email
        return user.id, name

    def joins(
        self, user: int, team: int, role: str, since: date, until: date | None = None
    ) -> None:
        """Give somebody a role in a team; take it back on the day they left."""
        row = self.book.add(
            "accounts.Membership",
            self._at(since),
            None,
            user_id=user,
            team_id=team,
            role=role,
            since=since,
            until=None,
        )
        if until and until <= self.today:
            row.change(self._at(until), None, until=until)

    def desk(self, count: int) -> Scene:
        """The county desk, its lead, the data protection officer and the administrator."""
        if self.ground.desk_team is None:
            team = self.book.add(
                "accounts.Team",
                self.at,
                None,
                name="County desk",
                kind="desk",
                email=address("desk.inbox"),
                active=True,
            ).id
        else:
            team = self.ground.desk_team
        scene = Scene(team)
        early = self.start - timedelta(days=400)
        for number in range(count):
            email = address("desk") if number == 0 else ""
            user, name = self.person("Referral adviser, county desk", email=email, since=early)
            self.joins(user, team, "county_desk", early)
            scene.desk.append((user, name))
        for email, job, role, own in (
            ("lead", "Early intervention lead", "county_lead", ""),
            ("dpo", "Data protection officer", "dpo", "Data protection"),
            ("admin", "Systems administrator", "administrator", "Kith administration"),
        ):
            user, name = self.person(job, email=address(email), since=early)
            if role == "dpo":
                scene.dpo = (user, name)
            where = team
            if own:
                where = self.book.add(
                    "accounts.Team", self.at, None, name=own, kind="desk", email="", active=True
                ).id
            self.joins(user, where, role, early)
        committee = self.book.add(
            "accounts.Team", self.at, None, name="Children’s services scrutiny committee",
            kind="committee", email="", active=True,
        ).id  # fmt: skip
        user, _ = self.person("Councillor", email=address("councillor"), since=early)
        self.joins(user, committee, "committee_member", early)
        # With chances of their own: the rest of the county stays what it was.
        kept, self.rng = self.rng, Random("committee officer")
        user, _ = self.person("Committee officer", email=address("officer"), since=early)
        self.joins(user, team, "committee_officer", early)
        self.rng = kept
        return scene

    def hub(self, scene: Scene, slug: str, seats: int) -> None:
        """A hub's manager, and the seats of its workers with whoever has sat in each."""
        hub = self.ground.hubs[slug]
        early = self.start - timedelta(days=500)
        user, manager = self.person("Hub manager", email=address(f"manager.{slug}"), since=early)
        self.joins(user, hub.team, "hub_manager", early)
        self._post(hub.id, user, "Hub manager", 37.0, 3, early, None)
        scene.managers[slug] = (user, manager)
        scene.workers[slug] = []
        for seat in range(seats):
            email = address(f"worker.{slug}") if seat == 0 else ""
            for since, until in self._tenures(stays=seat == 0):
                title = self._pick(TITLES)
                hours = 37.0 if seat == 0 else self._pick(HOURS)
                user, name = self.person(title, email=email, since=since)
                self.joins(user, hub.team, "hub_worker", since, until)
                room = max(4, round(FAMILIES_FULL_WEEK * hours / FULL_WEEK))
                self._post(hub.id, user, title, hours, room, since, until)
                scene.workers[slug].append(Worker(user, name, room, since, until))

    def _tenures(self, *, stays: bool) -> Iterator[tuple[date, date | None]]:
        since = self.start - timedelta(days=self.rng.randint(60, 1500))
        if stays:
            yield since, None
            return
        while since < self.today:
            until = max(since, self.start) + timedelta(
                days=60 + int(self.rng.expovariate(1 / (YEARS_IN_POST * 365)))
            )
            yield since, (until if until <= self.today else None)
            since = until + timedelta(days=self.rng.randint(20, 70))

    def _post(
        self,
        hub: int,
        user: int,
        title: str,
        hours: float,
        room: int,
        since: date,
        until: date | None,
    ) -> None:
        self.book.add(
            "hubs.StaffPost",
            self._at(since),
            None,
            hub_id=hub,
            user_id=user,
            title=title,
            hours_a_week=hours,
            families_at_once=room,
            since=since,
            until=until,
        )

    # Partners

    def schools(self, scene: Scene, how_many: dict[str, int]) -> None:
        """Invented schools on real postcodes, where people live, some way from each other."""
        apart = {"secondary": 1500.0, "primary": 350.0}
        for phase, count in how_many.items():
            taken: list[Spot] = []
            for number in range(count):
                spot = self._spot_apart(taken, apart.get(phase, 0.0))
                if phase == "secondary" and number < len(self.ground.hubs):
                    # Each hub's town has a secondary school.
                    slug = list(self.ground.hubs)[number]
                    spot = self._spot_near(self.ground.hubs[slug].spot)
                taken.append(spot)
                email = ""
                if phase == "secondary" and number == list(self.ground.hubs).index("banbury"):
                    email = address("senco")
                if phase == "primary" and number == 0:
                    email = address("head.primary")
                self._school(scene, phase, spot, email)

    def _school(self, scene: Scene, phase: str, spot: Spot, email: str) -> None:
        rng = self.rng
        name = self._school_name(phase)
        pupils = max(20, int(rng.gauss(FULL[phase], FULL[phase] * 0.3)))
        self._organisation(
            scene,
            name,
            "school",
            spot,
            phase=phase,
            accounts=(1 if rng.random() < WITH_ACCOUNTS[phase] else 0) + (phase == "secondary"),
            first_email=email,
            pupils=pupils,
            free_meals=round(min(60.0, max(2.0, rng.gauss(18, 10))), 1),
        )

    def partners(self, scene: Scene, *, tiny: bool) -> None:
        """Every other kind of partner."""
        first = {
            "police": address("police"),
            "health_visiting": address("health.visitor"),
            "housing": address("housing"),
            "voluntary": address("charity"),
        }
        hubs = list(self.ground.hubs.values())
        for kind, (count, few, share, takes, forms) in PARTNERS.items():
            for number in range(few if tiny else count):
                in_town = kind in ("police", "health_visiting", "school_nursing")
                if in_town and number < len(hubs):
                    spot, place = hubs[number].spot, hubs[number].name.removesuffix(" hub")
                else:
                    spot, place = self.rng.choice(self.spots), self.place_names.pop()
                self._organisation(
                    scene,
                    self.rng.choice(forms).format(place=place),
                    kind,
                    spot,
                    accounts=1 if number == 0 or self.rng.random() < share else 0,
                    first_email=first.pop(kind, ""),
                    takes=takes,
                )
        for code, name in self.ground.districts.items():
            spot = next((s for s in self.spots if s.district == code), self.spots[0])
            self._organisation(
                scene, f"{name} council: housing options", "district", spot, accounts=1, takes=True
            )
        for kind, name, takes in SINGLE:
            self._organisation(scene, name, kind, hubs[0].spot, accounts=1, takes=takes)

    def _organisation(
        self,
        scene: Scene,
        name: str,
        kind: str,
        spot: Spot,
        *,
        phase: str = "",
        accounts: int = 0,
        first_email: str = "",
        pupils: int | None = None,
        free_meals: float | None = None,
        takes: bool = False,
    ) -> None:
        accounts = max(accounts, 1 if first_email else 0)
        team = None
        inbox = self._email(name)
        if accounts:
            team = self.book.add(
                "accounts.Team", self.at, None, name=name, kind="partner", email=inbox, active=True
            ).id
        row = self.book.add(
            "partners.Organisation",
            self.at,
            None,
            name=name,
            kind=kind,
            team_id=team,
            phase=phase,
            urn=900_000 + self.book.next_number("urn") if kind == "school" else None,
            address=self._street(),
            postcode=spot.postcode,
            easting=spot.easting,
            northing=spot.northing,
            district_id=spot.district,
            email=inbox,
            phone=self._phone(),
            pupils=pupils,
            free_meals_percent=free_meals,
            takes_requests=takes,
            active=True,
        )
        senders = []
        jobs = JOBS[phase or kind]
        for number in range(accounts):
            job = jobs[number % len(jobs)]
            since = self.start - timedelta(days=30)
            user, person = self.person(job, email=first_email if number == 0 else "", since=since)
            assert team is not None
            self.joins(user, team, "referrer", since)
            senders.append((user, person, job))
        if first_email == address("charity"):
            since = self.start - timedelta(days=30)
            scene.volunteer = self.person("Volunteer", email=address("volunteer"), since=since)
            assert team is not None
            self.joins(scene.volunteer[0], team, "session_leader", since)
        scene.places.append(Place(row.id, name, kind, phase, spot, team, tuple(senders)))

    # Names and places

    def _place_names(self) -> list[str]:
        made = [
            first + second
            for first in names.PLACE_FIRST
            for second in names.PLACE_SECOND
            if first.lower() != second and first + second not in names.TAKEN
        ]
        self.rng.shuffle(made)
        return made

    def _school_name(self, phase: str) -> str:
        rng, place = self.rng, self.place_names.pop()
        if phase == "nursery":
            return f"{place} Nursery School"
        if phase == "special":
            return f"{place} Special School"
        if phase == "college":
            return f"{place} College"
        if phase == "secondary":
            return f"{place} {rng.choice(('School', 'Academy', 'Community School'))}"
        if rng.random() < 0.35:
            for saint in rng.sample(names.SAINTS, k=len(names.SAINTS)):
                name = f"St {saint}'s Primary School, {place}"
                if name not in self.used_names:
                    self.used_names.add(name)
                    return name
        return f"{place} {rng.choice(('Primary School', 'Community Primary School'))}"

    def _spot_apart(self, taken: list[Spot], metres: float) -> Spot:
        spot = self.rng.choice(self.spots)
        for _ in range(60):
            if all(metres_between(spot, other) >= metres for other in taken):
                break
            spot = self.rng.choice(self.spots)
        return spot

    def _spot_near(self, middle: Spot) -> Spot:
        near = [spot for spot in self.spots if metres_between(spot, middle) < 1800]
        return self.rng.choice(near or self.spots)

    def _street(self) -> str:
        rng = self.rng
        return (
            f"{rng.randint(1, 60)} {rng.choice(names.STREET_FIRST)} "
            f"{rng.choice(names.STREET_SECOND)}"
        )

    def _name(self) -> str:
        rng = self.rng
        culture = (
            names.BRITISH
            if rng.random() < 0.82
            else names.CULTURES[rng.choice(("indian", "african", "polish", "irish", "caribbean"))]
        )
        first = rng.choice(culture.women if rng.random() < 0.74 else culture.men)
        return f"{first} {rng.choice(culture.surnames)}"

    def _email(self, name: str) -> str:
        base = ".".join("".join(c if c.isalnum() else " " for c in name.lower()).split())[:60]
        email, number = address(base), 2
        while email in self.used_emails or email in self.sign_ins:
            email, number = address(f"{base}{number}"), number + 1
        self.used_emails.add(email)
        return email

    def _phone(self) -> str:
        # A range that Ofcom keeps for stories: nobody has these numbers.
        self.phone += 1
        return f"01632 960{self.phone % 1000:03d}"

    def _pick(self, weighted: tuple[tuple[object, int], ...]):  # type: ignore[no-untyped-def]
        return self.rng.choices(
            [value for value, _ in weighted], [weight for _, weight in weighted]
        )[0]

    def _at(self, day: date) -> datetime:
        return datetime.combine(day, time(9, 0), LONDON)
