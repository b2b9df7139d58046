"""What happens in the demonstration county: day by day, who asks for help, and for whom.

The figures are invented, but lean where the committee's review of 2012 leans: schools send most,
primary schools too few; two hubs are asked far more than their equal share of workers can bear,
so first contact is late there; some partners succeed at some hubs only; villages are far away.

What becomes of a request stands in `asking.py`, and a hub's work with a family in `helping.py`.
"""

import uuid
from bisect import bisect
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from heapq import heappop
from itertools import accumulate
from random import Random
from typing import Any

from kith.demo import names
from kith.demo.asking import Request, Sender
from kith.demo.book import Book, Row
from kith.demo.calendar import LONDON, WorkingDays, rate
from kith.demo.families import Home, Households, Human
from kith.demo.ground import Ground, Spot, metres_between
from kith.demo.groups import Fit, tell_groups, tell_visits
from kith.demo.oversight import Helped, audit_cases
from kith.demo.scene import JOBS, SCHOOLS, Place, Scene, Worker
from kith.demo.seldom import Seldom
from kith.demo.words import THEMES, Theme

REQUESTS_A_MONTH = {"tiny": 5, "normal": 350, "large": 375}
# Requests that wait at the desk today, besides those of the last days: how many there are of
# each sort. Overdue; waiting for an answer; about a family that is known already; new.
WAITING = {
    "tiny": {"overdue": 2, "asked": 1, "again": 2, "new": 4},
    "normal": {"overdue": 5, "asked": 1, "again": 4, "new": 0},
    "large": {"overdue": 6, "asked": 1, "again": 4, "new": 0},
}

# Share of the county's requests for families of each hub's area, in hundredths.
DEMAND = {
    "east-oxford": 24,
    "banbury": 22,
    "littlemore": 14,
    "bicester": 11,
    "didcot": 11,
    "abingdon": 10,
    "witney": 8,
}

# Who sends, in hundredths of all requests; ages and phase of the child they write about.
SENDERS = {
    "secondary": (37, (11, 16)),
    "primary": (13, (4, 10)),
    "special": (2, (5, 17)),
    "nursery": (2, (2, 4)),
    "college": (2, (16, 18)),
    "education": (2, (6, 15)),
    "police": (7, (10, 17)),
    "gp": (5, (0, 17)),
    "health_visiting": (7, (0, 4)),
    "school_nursing": (4, (5, 16)),
    "health": (2, (8, 18)),
    "housing": (2, (0, 16)),
    "district": (1, (0, 16)),
    "social_care": (4, (0, 17)),
    "early_help": (3, (0, 5)),
    "youth_justice": (1, (12, 17)),
    "voluntary": (2, (3, 17)),
    "parent": (6, (1, 17)),
    "young_person": (1, (13, 18)),
}
# Partners succeed unevenly: how much more or less a kind of partner sends in a hub's area.
UNEVEN = {
    "police": {"banbury": 1.9, "east-oxford": 1.5, "witney": 0.2, "didcot": 0.4},
    "gp": {"abingdon": 2.2, "didcot": 0.15, "bicester": 0.4},
    "health_visiting": {"littlemore": 1.8, "bicester": 1.5, "banbury": 0.5},
    "primary": {"witney": 1.7, "abingdon": 1.4, "east-oxford": 0.5, "banbury": 0.6},
    "voluntary": {"witney": 2.0, "banbury": 0.4},
    "housing": {"east-oxford": 1.8, "abingdon": 0.4},
    "early_help": {"littlemore": 2.0, "didcot": 0.3},
}
COMES_BACK = 0.11  # of requests, those about a family that was known before
RURAL = 0.15  # of families, those who live in an area without many people
HOURS = (8, 9, 9, 10, 10, 11, 11, 12, 13, 14, 14, 15, 15, 15, 16, 16, 17)
# Senders who leave a telephone number only, and so are not sent word.
WITHOUT_EMAIL = {"family": 0.4, "professional": 0.15}


class Story:
    """Tells the county's days, one request after another, into the book."""

    def __init__(
        self, rng: Random, ground: Ground, scene: Scene, book: Book, *, start: date, today: date
    ) -> None:
        self.rng, self.ground, self.scene, self.book = rng, ground, scene, book
        self.start, self.today = start, today
        self.now = datetime.combine(today, time(7, 30), LONDON)
        self.days = WorkingDays(
            start - timedelta(days=60), today + timedelta(days=900), ground.closed
        )
        self.seldom = Seldom(self)
        self.households = Households(rng, book, ground.front_door)
        self.known: list[Home] = []
        self.helped: list[Helped] = []  # every case, for the audits at the end
        self.visited: list[tuple[Row, int, int]] = []  # lately: the contact, the case, who
        self.could_come: list[Fit] = []  # families reached, for the groups at the end
        self.supervisions: dict[tuple[int, date], Row] = {}  # by worker and day
        self.homes: dict[str, tuple[list[list[Spot]], list[float]]] = {
            slug: self._areas(slug) for slug in ground.hubs
        }
        self.near: dict[tuple[str, str], list[Place]] = {}
        self.by_kind = {
            kind: (scene.of_kind("school", phase=kind) if kind in SCHOOLS else scene.of_kind(kind))
            for kind in SENDERS
        }
        self.destinations = [
            place
            for place in scene.places
            if place.kind in ("voluntary", "early_help", "school_nursing", "education", "health")
        ]
        self.theme_of: dict[int, tuple[list[Theme], list[float]]] = {}
        for age in range(20):
            fits = [theme for theme in THEMES if theme.ages[0] <= age <= theme.ages[1]]
            self.theme_of[age] = (fits, list(accumulate(theme.weight for theme in fits)))
        self.sender_kinds = {
            slug: (
                list(SENDERS),
                list(
                    accumulate(
                        weight * UNEVEN.get(kind, {}).get(slug, 1.0)
                        for kind, (weight, _) in SENDERS.items()
                    )
                ),
            )
            for slug in ground.hubs
        }

    def tell(self, size: str) -> Iterator[int]:
        """Tell every request of the period. Yields the number told so far, after each."""
        waiting = self._waiting(WAITING[size])
        told = 0
        for day, count, schools_share in self._calendar(REQUESTS_A_MONTH[size]):
            moments = [(self._moment(day), "") for _ in range(count)]
            moments += [found for found in waiting if found[0].date() == day]
            for at, sort in sorted(moments):
                self.request(at, schools_share, sort)
                told += 1
                yield told
        self.seldom.emergencies()
        audit_cases(self)
        tell_groups(self)
        tell_visits(self)

    def _waiting(self, wanted: dict[str, int]) -> list[tuple[datetime, str]]:
        """Return when each of the requests arrives that is still waiting today, and its sort."""
        rng = self.rng
        last = [day for day in self.days.days if day < self.today][-12:]
        since = {"overdue": last[-8:-4], "asked": last[-7:-2], "again": last[-2:], "new": last[-2:]}
        return [
            (self._moment(rng.choice(since[sort])), sort)
            for sort, count in wanted.items()
            for _ in range(count)
        ]

    def expected(self, size: str) -> int:
        """Return about how many requests `tell` will tell."""
        return int(REQUESTS_A_MONTH[size] * (self.today - self.start).days / 30.4)

    # One request, from its arrival to whatever it has come to by now

    def request(self, at: datetime, schools_share: float, sort: str = "") -> None:
        """Tell one request. `sort` says how it waits today; "" leaves it to chance."""
        rng = self.rng
        hub = self._pick(list(self.ground.hubs), [DEMAND.get(s, 10) for s in self.ground.hubs])
        earlier = None
        if self.known and (sort == "again" or (not sort and rng.random() < COMES_BACK)):
            earlier = self._earlier(at)
        if earlier:
            hub = earlier.hub
            ages = [child.age(at.date()) for child in earlier.children]
            kind = self._sender_kind(hub, schools_share, age=ages[0])
            home = self.households.again(earlier, at.date())
        else:
            kind = self._sender_kind(hub, schools_share)
            home = self.households.make(
                hub=hub, spot=self.home_spot(hub), day=at.date(), ages=SENDERS[kind][1]
            )
            self._schools(home, at.date())
        child = home.children[0]
        sender = self._sender(kind, home, child)
        theme = self.theme(child.age(at.date()))
        if theme.key == "young_carer":
            child.young_carer = True
        if theme.key == "disability":
            child.disabilities = [rng.choice(("LD", "COMM", "AUT", "BEH", "MOB"))]
        self.households.file(home, at)
        request = Request(self, home, earlier, sender, theme, at, sort)
        request.live()
        self.seldom.request(request)
        if not earlier and rng.random() < 0.35:
            self.known.append(home)
            if len(self.known) > 3000:
                self.known.pop(0)

    # Choices

    def _calendar(self, a_month: float) -> list[tuple[date, int, float]]:
        """Return for each day how many requests arrive, and the share of them from schools."""
        from_schools = sum(SENDERS[kind][0] for kind in (*SCHOOLS, "education")) / sum(
            weight for weight, _ in SENDERS.values()
        )
        days = [self.start + timedelta(days=n) for n in range((self.today - self.start).days)]
        shut = self.ground.closed
        rates = []
        for day in days:
            schools = 0.0 if day in shut else rate(day, of_schools=True)
            others = 0.12 if day in shut else rate(day, of_schools=False)
            rates.append((schools, others))
        wanted = a_month * len(days) / 30.4
        scale_schools = wanted * from_schools / max(1e-9, sum(s for s, _ in rates))
        scale_others = wanted * (1 - from_schools) / max(1e-9, sum(o for _, o in rates))
        calendar = []
        for day, (schools, others) in zip(days, rates, strict=True):
            a, b = schools * scale_schools, others * scale_others
            calendar.append((day, self._poisson(a + b), a / (a + b) if a + b else 0.0))
        return calendar

    def _poisson(self, mean: float) -> int:
        count, left = 0, self.rng.expovariate(1.0)
        while left < mean:
            count += 1
            left += self.rng.expovariate(1.0)
        return count

    def _moment(self, day: date) -> datetime:
        rng = self.rng
        return datetime.combine(
            day, time(rng.choice(HOURS), rng.randrange(60), rng.randrange(60)), LONDON
        )

    def _sender_kind(self, hub: str, schools_share: float, *, age: int | None = None) -> str:
        rng = self.rng
        schools = rng.random() < schools_share
        kinds, heights = self.sender_kinds[hub]
        for _ in range(60):
            kind = kinds[bisect(heights, rng.random() * heights[-1])]
            if (kind in SCHOOLS or kind == "education") != schools:
                continue
            low, high = SENDERS[kind][1]
            if (age is None or low <= age <= high) and (
                self.by_kind[kind] or kind in ("parent", "young_person")
            ):
                return kind
        return "parent"

    def _areas(self, slug: str) -> tuple[list[list[Spot]], list[float]]:
        """Return the areas of a hub with a weight: more where many live, and some streets need more."""
        rng = self.rng
        areas = [
            self.ground.spots[code]
            for code, hub in sorted(self.ground.hub_of.items())
            if hub == slug and self.ground.spots.get(code)
        ]
        weights = list(accumulate(len(area) * rng.lognormvariate(0.0, 0.6) for area in areas))
        return areas, weights

    def home_spot(self, hub: str) -> Spot:
        rng = self.rng
        areas, heights = self.homes[hub]
        if not areas:
            return self.ground.hubs[hub].spot
        if rng.random() < RURAL:
            middle = self.ground.hubs[hub].spot
            spots = [rng.choice(rng.choice(areas)) for _ in range(5)]
            return max(spots, key=lambda spot: metres_between(spot, middle))
        return rng.choice(areas[bisect(heights, rng.random() * heights[-1])])

    def nearest(self, kind: str, spot: Spot) -> list[Place]:
        """Return the nearest few places of a kind to the area of a postcode, nearest first."""
        key = (kind, spot.neighbourhood)
        found = self.near.get(key)
        if found is None:
            few = 3 if kind in ("secondary", "police", "health_visiting", "school_nursing") else 5
            found = sorted(self.by_kind[kind], key=lambda place: metres_between(place.spot, spot))[
                :few
            ]
            self.near[key] = found
        return found

    def one_near(self, kind: str, spot: Spot) -> Place | None:
        found = self.nearest(kind, spot)
        if not found:
            return None
        return found[min(len(found) - 1, int(self.rng.expovariate(1.1)))]

    def _schools(self, home: Home, day: date) -> None:
        """Give each child of the family a school, the same for those of one age group."""
        chosen: dict[str, int | None] = {}
        for child in home.children:
            age = child.age(day) if child.born else -1
            phase = (
                ""
                if age < 3
                else "nursery"
                if age < 4
                else "primary"
                if age < 11
                else "secondary"
                if age < 16
                else "college"
                if age < 19
                else ""
            )
            if not phase:
                continue
            if phase not in chosen:
                place = self.one_near(phase, home.spot)
                chosen[phase] = place.id if place else None
            child.school = chosen[phase]

    def _sender(self, kind: str, home: Home, child: Human) -> Sender:
        rng = self.rng
        if kind in ("parent", "young_person"):
            person = home.carer if kind == "parent" else child
            name = f"{person.given} {person.surname}"
            email = person.email or f"{person.given}.{person.surname}@mail.example".lower()
            if person.phone and rng.random() < WITHOUT_EMAIL["family"]:
                email = ""
            job = "" if kind == "young_person" else person.role.replace("_", "-").capitalize()
            return Sender(kind, None, None, name, job, email.replace(" ", ""), person.phone)
        place = self.one_near(kind, home.spot)
        if kind in SCHOOLS and place:
            same_phase = [p for p in self.by_kind[kind] if p.id == child.school]
            place = same_phase[0] if same_phase else place
            child.school = place.id
        assert place is not None
        if place.senders:
            account, name, job = rng.choice(place.senders)
            return Sender(kind, place, account, name, job, "", "")
        jobs = JOBS.get(place.phase or place.kind, ("Worker",))
        name = self._stranger()
        email, phone = f"{name.replace(' ', '.').lower()}@partner.example", ""
        if rng.random() < WITHOUT_EMAIL["professional"]:
            email, phone = "", f"01632 960{rng.randint(0, 999):03d}"
        return Sender(kind, place, None, name, rng.choice(jobs), email, phone)

    def _stranger(self) -> str:
        rng = self.rng
        return f"{rng.choice(names.BRITISH.women)} {rng.choice(names.BRITISH.surnames)}"

    def theme(self, age: int) -> Theme:
        fits, heights = self.theme_of[max(0, min(age, 18))]
        return fits[bisect(heights, self.rng.random() * heights[-1])]

    def _earlier(self, at: datetime) -> Home | None:
        """Return a family that was known before and is not waiting for a decision now."""
        for _ in range(8):
            home = self.rng.choice(self.known)
            child = home.children[0]
            if child.born and child.age(at.date()) < 18 and home.row:
                return home
        return None

    def _pick(self, options: list[Any], weights: list[float]) -> Any:
        return self.rng.choices(options, weights)[0]

    def worker_for(self, hub: str, at: datetime) -> Worker | None:
        """Return the worker of a hub who has most room."""
        there = [worker for worker in self.scene.workers[hub] if worker.there(at.date())]
        for worker in there:
            while worker.closings and worker.closings[0] <= at:
                heappop(worker.closings)
        if not there:
            return None
        return min(there, key=lambda w: (len(w.closings) + self.rng.random() * 3) / max(1, w.room))

    def work_moment(self, day: date) -> datetime:
        """Return a moment of a working day on or after a day."""
        rng = self.rng
        return datetime.combine(
            self.days.on_or_after(day), time(rng.randint(8, 17), rng.randrange(60)), LONDON
        )

    def log(
        self,
        what: str,
        at: datetime,
        by: tuple[int | None, str],
        subject: Row,
        kind: str,
        name: str,
        *,
        family: int | None,
        team: int,
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
    ) -> None:
        """Add an entry to the audit log, as the action that did this would have."""
        self.book.add(
            "audit.Entry",
            at,
            None,
            id=uuid.UUID(int=self.rng.getrandbits(128), version=4),
            at=at,
            what=what,
            by_id=by[0],
            by_name=by[1],
            subject_kind=kind,
            subject_id=str(subject.id),
            subject_name=name,
            family_id=family,
            team_id=team,
            before=before or {},
            after=after or {},
        )

    def saw(self, by: tuple[int, str], family: int, page: str, at: datetime) -> None:
        """Note that somebody looked at the family's page."""
        if at < self.now:
            self.book.add(
                "audit.Sight",
                at,
                None,
                id=uuid.UUID(int=self.rng.getrandbits(128), version=4),
                at=at,
                viewer_id=by[0],
                viewer_name=by[1],
                family_id=family,
                page=page,
                right="",
            )
