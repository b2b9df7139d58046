"""What happens in the demonstration county: requests arrive, are decided, and help is given.

The figures are invented, but lean where the committee's review of 2012 leans: schools send most,
primary schools too few; two hubs are asked far more than their equal share of workers can bear,
so first contact is late there; some partners succeed at some hubs only; villages are far away.
"""

import uuid
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import accumulate
from math import hypot
from random import Random
from typing import Any

from kith.demo import names, words
from kith.demo.book import Book, Row
from kith.demo.calendar import LONDON, WorkingDays, rate
from kith.demo.families import Home, Households, Human
from kith.demo.ground import Ground, Spot
from kith.demo.scene import JOBS, Place, Scene, Worker
from kith.demo.words import THEMES, Theme, say
from kith.referrals.requests import NewAdult, NewChild, NewRequest, as_kept

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
# How well a hub keeps up: extra working days before a worker is found, and before a first try.
STRAIN = {"east-oxford": 2.6, "banbury": 2.2, "littlemore": 1.2, "bicester": 0.8, "didcot": 0.7}

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
SCHOOLS = ("nursery", "primary", "secondary", "special", "college")
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
CODES = {
    "education": "2B",
    "police": "6",
    "gp": "3A",
    "health_visiting": "3B",
    "school_nursing": "3C",
    "health": "3F",
    "housing": "4",
    "district": "5C",
    "social_care": "5A",
    "adult_care": "5A",
    "council": "5B",
    "early_help": "5D",
    "youth_justice": "7",
    "voluntary": "8",
    "parent": "1A",
    "young_person": "1C",
}
AGENCY = {
    "police": "police",
    "gp": "health",
    "health_visiting": "health",
    "school_nursing": "health",
    "health": "health",
    "housing": "housing",
    "district": "housing",
    "social_care": "social_care",
    "early_help": "early_help",
    "voluntary": "voluntary",
}
DECISIONS = {
    "accepted": 62,
    "sent_on": 15,
    "no_further_action": 7,
    "social_care": 6,
    "withdrawn": 4,
    "already_helped": 6,
}
ENDINGS = {
    "goals_met": 46,
    "universal": 20,
    "stepped_up": 8,
    "moved": 5,
    "declined": 12,
    "other_service": 9,
}
OUTCOMES = {
    "goals_met": ("much_better", "better", "better", "better"),
    "universal": ("better", "better", "same"),
    "stepped_up": ("worse", "worse", "same"),
    "moved": ("unknown", "better", "same"),
    "declined": ("same", "unknown", "unknown"),
    "no_contact": ("unknown",),
    "other_service": ("same", "better"),
}
COMES_BACK = 0.11  # of requests, those about a family that was known before
PUT_TOGETHER = 0.9  # of those, the ones whose records the desk put together
RURAL = 0.15  # of families, those who live in an area without many people
HOURS = (8, 9, 9, 10, 10, 11, 11, 12, 13, 14, 14, 15, 15, 15, 16, 16, 17)
PARTNER_ACTION = 0.85  # of actions that a partner could own
# Who could own an action, by a word in it.
OWNERS = (
    ("housing", "district"),
    ("damp", "district"),
    ("school", "school"),
    ("lesson", "school"),
    ("group", "voluntary"),
    ("volunteer", "voluntary"),
    ("nursery", "health_visiting"),
    ("stay-and-play", "early_help"),
    ("nurse", "school_nursing"),
    ("adult social care", "adult_care"),
)
# Senders who leave a telephone number only, and so are not sent word.
WITHOUT_EMAIL = {"family": 0.4, "professional": 0.15}


@dataclass(frozen=True)
class Sender:
    """Whoever sends one request."""

    kind: str  # as in SENDERS
    place: Place | None
    account: int | None
    name: str
    job: str
    email: str
    phone: str

    @property
    def sender_kind(self) -> str:
        if self.kind in ("parent", "young_person"):
            return self.kind
        return "partner" if self.account else "professional"


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
        self.households = Households(rng, book, ground.front_door)
        self.known: list[Home] = []
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
                hub=hub, spot=self._home_spot(hub), day=at.date(), ages=SENDERS[kind][1]
            )
            self._schools(home, at.date())
        child = home.children[0]
        sender = self._sender(kind, home, child)
        theme = self._theme(child.age(at.date()))
        if theme.key == "young_carer":
            child.young_carer = True
        if theme.key == "disability":
            child.disabilities = [rng.choice(("LD", "COMM", "AUT", "BEH", "MOB"))]
        self.households.file(home, at)
        _Request(self, home, earlier, sender, theme, at, sort).live()
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

    def _home_spot(self, hub: str) -> Spot:
        rng = self.rng
        areas, heights = self.homes[hub]
        if not areas:
            return self.ground.hubs[hub].spot
        if rng.random() < RURAL:
            middle = self.ground.hubs[hub].spot
            spots = [rng.choice(rng.choice(areas)) for _ in range(5)]
            return max(spots, key=lambda spot: _metres(spot, middle))
        return rng.choice(areas[bisect(heights, rng.random() * heights[-1])])

    def _nearest(self, kind: str, spot: Spot) -> list[Place]:
        """Return the nearest few places of a kind to the area of a postcode, nearest first."""
        key = (kind, spot.neighbourhood)
        found = self.near.get(key)
        if found is None:
            few = 3 if kind in ("secondary", "police", "health_visiting", "school_nursing") else 5
            found = sorted(self.by_kind[kind], key=lambda place: _metres(place.spot, spot))[:few]
            self.near[key] = found
        return found

    def _one_near(self, kind: str, spot: Spot) -> Place | None:
        found = self._nearest(kind, spot)
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
                place = self._one_near(phase, home.spot)
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
        place = self._one_near(kind, home.spot)
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

    def _theme(self, age: int) -> Theme:
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
        family: int,
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


def _metres(a: Spot, b: Spot) -> float:
    return hypot(a.easting - b.easting, a.northing - b.northing)


class _Request:
    """One request and what came of it."""

    def __init__(
        self,
        story: Story,
        home: Home,
        earlier: Home | None,
        sender: Sender,
        theme: Theme,
        at: datetime,
        sort: str,
    ) -> None:
        self.story, self.rng, self.book = story, story.rng, story.book
        self.home, self.earlier, self.sender, self.theme, self.at = (
            home,
            earlier,
            sender,
            theme,
            at,
        )
        assert home.row is not None
        self.family = home.row
        self.hub = story.ground.hubs[home.hub]
        self.who = self._who()
        self.child = home.children[0]
        self.urgent = False
        self.sort = sort
        self.merged: datetime | None = None
        self.mirror: Row | None = None

    def live(self) -> None:
        self._arrive()
        self._decide()

    # Arriving

    def _arrive(self) -> None:
        story, rng, sender, at, home = self.story, self.rng, self.sender, self.at, self.home
        needs = [rng.choice(self.theme.needs)]
        if rng.random() < 0.55:
            needs += [rng.choice(story._theme(self.child.age(at.date())).needs)]
        needs = list(dict.fromkeys(code for code in needs if code in story.ground.needs))
        self.urgent = bool(story.ground.danger.intersection(needs))
        # Sometimes brothers and sisters are named too.
        named = [self.child]
        others = [c for c in home.children[1:] if c.expected or c.age(at.date()) < 18]
        if others and rng.random() < 0.45:
            named += others
        kind = sender.sender_kind
        yours = kind in ("parent", "young_person")
        consent = yours or rng.random() < 0.93
        carer = home.carer
        agreed_by = (
            f"{carer.given} {carer.surname}"
            if kind != "young_person"
            else f"{self.child.given} {self.child.surname}"
        )
        groups = [
            group
            for group, has in (
                ("young_carer", self.child.young_carer),
                ("disability", bool(self.child.disabilities)),
                ("father", home.shape == "father"),
            )
            if has
        ]
        place = sender.place
        agencies = {"school", "early_help"}
        if place and place.kind in AGENCY:
            agencies.add(AGENCY[place.kind])
        if rng.random() < 0.5:
            agencies.add("health")
        said = self._say
        request = NewRequest(
            channel=self._pick({"web": 82, "api": 12, "file": 6}) if sender.account else "web",
            sender_kind=kind,
            sender_name=sender.name,
            worry=words.worry(rng, self.theme, self.who, sender=kind),
            children=tuple(self._new_child(child) for child in named),
            basis="consent" if consent else "no_consent",
            adults=tuple(self._new_adult(adult) for adult in home.adults),
            sender_role=sender.job,
            sender_organisation_id=place.id if place else None,
            sender_organisation_name=place.name if place else "",
            sender_email=sender.email,
            sender_phone=sender.phone,
            address=home.street,
            postcode=home.spot.postcode,
            going_well=said(words.GOING_WELL) if rng.random() < 0.8 else "",
            tried=said(self.theme.tried) if not yours and rng.random() < 0.85 else "",
            would_be_different=said(words.WOULD_HELP_PARENT if yours else self.theme.different),
            needs=tuple(needs),
            main_need=needs[0],
            groups=tuple(groups),
            agreed_by=agreed_by if consent else "",
            agreed_how=("self" if yours else rng.choice(("spoken", "written"))) if consent else "",
            agreed_on=(at - timedelta(days=rng.randint(0, 5))).date() if consent else None,
            lawful_reason="" if consent else said(words.LAWFUL),
            agencies_told=tuple(sorted(agencies)),
            outcome_may_be_told=rng.random() < 0.94,
            interpreter=home.interpreter,
            contact_by=tuple(sorted(rng.sample(("phone", "text", "email"), k=rng.randint(1, 2)))),
            contact_advice=said(words.CONTACT_ADVICE) if rng.random() < 0.25 else "",
            post_is_safe=home.safe,
            urgent=self.urgent,
        )
        self.told = request.outcome_may_be_told
        number = self.book.next_number("referrals_reference")
        ground = story.ground
        self.decide_by = story.days.promised(at, ground.decision_days)
        asked = {
            name: getattr(request, name)
            for name in (
                *("channel", "sender_kind", "sender_name", "sender_role", "urgent", "worry"),
                *("going_well", "tried", "would_be_different", "basis", "agreed_by"),
                *("agreed_how", "agreed_on", "lawful_reason", "outcome_may_be_told"),
                *("interpreter", "contact_advice", "post_is_safe", "sender_email"),
                *("sender_phone", "sender_organisation_name", "sender_organisation_id"),
            )
        }
        lists = {n: list(getattr(request, n)) for n in ("groups", "agencies_told", "contact_by")}
        self.row = self.book.add(
            "referrals.Referral",
            at,
            ground.front_door,
            reference=f"R-{at.year}-{number:06d}",
            family_id=self.family.id,
            team_id=story.scene.desk_team,
            status="waiting",
            received_at=at,
            decide_by=self.decide_by,
            held_by_id=None,
            held_at=None,
            decided_at=None,
            decided_by_id=None,
            sender_id=sender.account,
            sender_team_id=place.team if place and sender.account else None,
            sender_reference="",
            source="2A" if sender.kind in SCHOOLS else CODES[sender.kind],
            as_sent=as_kept(request),
            **asked,
            **lists,
        )
        for child in named:
            assert child.row is not None
            self.book.add(
                "referrals.ReferralChild",
                at,
                None,
                referral_id=self.row.id,
                person_id=child.row.id,
                school_id=child.school,
                school_name="",
                year_group=self._year_group(child),
            )
        for code in needs:
            self.book.add(
                "referrals.ReferralNeed",
                at,
                None,
                referral_id=self.row.id,
                need_id=ground.needs[code],
                main=code == needs[0],
            )
        self._step("received", at, sender.account, told=True)
        self._log("referral.received", at, (sender.account, sender.name if sender.account else ""))

    def _new_child(self, child: Human) -> NewChild:
        return NewChild(
            given_names=child.given,
            family_name=child.surname,
            date_of_birth=child.born,
            expected_on=child.expected,
            sex=child.sex,
            ethnicity=child.ethnicity,
            school_id=child.school,
            school_name=self.story.scene.names.get(child.school, ""),
            year_group=self._year_group(child),
            young_carer=child.young_carer,
            disabilities=tuple(child.disabilities),
        )

    def _new_adult(self, adult: Human) -> NewAdult:
        return NewAdult(
            given_names=adult.given,
            family_name=adult.surname,
            role=adult.role,
            date_of_birth=adult.born,
            parental_responsibility=adult.responsible,
            lives_here=adult.here,
            phone=adult.phone,
            phone_safe=self.home.safe,
            email=adult.email,
            email_safe=self.home.safe,
        )

    def _year_group(self, child: Human) -> str:
        if not child.born:
            return ""
        at = self.at.date()
        first = at.year if at.month >= 9 else at.year - 1
        year = first - child.born.year - (5 if child.born.month < 9 else 6) + 1
        if year < 0 or year > 13:
            return ""
        return "Reception" if year == 0 else f"Year {year}"

    # Deciding

    def _decide(self) -> None:
        story, rng, at = self.story, self.rng, self.at
        desk = rng.choice(story.scene.desk)
        decided = self._when_decided()
        if self.sort == "asked" or (not self.sort and rng.random() < 0.08):
            asked = self._ask(desk)
            if asked is None:
                return
            decided = asked
        if decided >= story.now or self.sort:
            if rng.random() < 0.4:
                held = at + (story.now - at) * rng.uniform(0.3, 0.95)
                self.row.change(held, desk[0], held_by_id=desk[0], held_at=held)
                self._log("referral.taken", held, desk, after={"held_by": desk[1]})
                story.saw(desk, self.family.id, "request", held)
            return
        outcome = self._pick(DECISIONS)
        busy = self.earlier and self.earlier.busy_until and self.earlier.busy_until > decided
        if busy and rng.random() < 0.75:
            outcome = "already_helped"
        elif outcome == "already_helped" and not self.earlier and rng.random() < 0.6:
            outcome = "accepted"
        self._put_together(desk, decided)
        if outcome == "withdrawn":
            self.row.change(decided, story.ground.front_door, status="withdrawn")
            self._step(
                "withdrawn", decided, self.sender.account, reason=self._say(words.WITHDRAW_REASON)
            )
            self._log("referral.withdrawn", decided, (self.sender.account, self.sender.name))
            return
        story.saw(desk, self.family.id, "request", decided - timedelta(minutes=rng.randint(3, 40)))
        team = self.hub.team if outcome == "accepted" else story.scene.desk_team
        self.row.change(
            decided,
            desk[0],
            status=outcome,
            decided_at=decided,
            decided_by_id=desk[0],
            held_by_id=desk[0],
            held_at=decided - timedelta(minutes=rng.randint(1, 50)),
            team_id=team,
        )
        reasons, told, place = self._words_for(outcome)
        reason = self._say(reasons)
        self._step(
            outcome,
            decided,
            desk[0],
            reason=reason,
            words_=self._say(told),
            hub=self.hub.id if outcome == "accepted" else None,
            organisation=place.id if place else None,
            told=True,
        )
        self._log(
            f"referral.{outcome}",
            decided,
            desk,
            before={"status": "waiting"},
            after={"status": outcome, "reason": reason},
        )
        if outcome == "accepted":
            if self.mirror and self.mirror["team_id"] == self.hub.team:
                self.mirror.change(decided, desk[0], until=decided)
            self._standing(self.family.id, decided, desk[0])
            self._mirror(decided, desk[0])
            _Case(self, decided, desk).live()

    def _words_for(self, outcome: str) -> tuple[tuple[str, ...], tuple[str, ...], Place | None]:
        match outcome:
            case "accepted":
                return words.ACCEPT_REASON, words.ACCEPT_WORDS, None
            case "sent_on":
                near = sorted(
                    self.rng.sample(
                        self.story.destinations, k=min(8, len(self.story.destinations))
                    ),
                    key=lambda place: _metres(place.spot, self.home.spot),
                )
                self.who["organisation"] = near[0].name
                return words.SENT_ON_REASON, words.SENT_ON_WORDS, near[0]
            case "social_care":
                return words.SOCIAL_CARE_REASON, words.SOCIAL_CARE_WORDS, None
            case "already_helped":
                return words.HELPED_REASON, words.HELPED_WORDS, None
            case _:
                return words.NFA_REASON, words.NFA_WORDS, None

    def _when_decided(self) -> datetime:
        """Most requests are decided within two working days; in busy months more are late."""
        story, rng = self.story, self.rng
        day = story.days.on_or_after(self.at.date())
        busy = self.at.month in (1, 9, 11)
        draw = rng.random()
        if self.urgent:
            days = 0 if draw < 0.8 else 1
        elif (story.today - self.at.date()).days < 14:
            # What is overdue today is told apart, so that the queue is what a visitor can take in.
            days = rng.choice((0, 0, 0, 1))
        elif draw < (0.84 if busy else 0.9):
            days = rng.choice((0, 0, 0, 1, 1, 2))
        else:
            days = rng.choice((3, 3, 4, 4, 5, 7, 9))
        day = story.days.add(day, days) if days else day
        moment = story.work_moment(day)
        if moment <= self.at:
            moment = story.work_moment(self.at.date() + timedelta(days=1))
        if days == 2 and moment > self.decide_by:
            moment = self.decide_by - timedelta(minutes=rng.randint(5, 300))
        return max(moment, self.at + timedelta(minutes=7))

    def _ask(self, desk: tuple[int, str]) -> datetime | None:
        """Ask the sender for more. Returns when it is decided after the answer; None: not yet."""
        story, rng = self.story, self.rng
        asked = min(
            self.at + timedelta(hours=rng.randint(2, 30)), self.decide_by - timedelta(minutes=30)
        )
        asked = story.work_moment(asked.date())
        if asked <= self.at:
            asked = self.at + timedelta(minutes=rng.randint(10, 50))
        if asked >= story.now:
            return self._when_decided()
        until = story.days.promised(asked, story.ground.answer_days)
        self.row.change(asked, desk[0], status="more_asked", decide_by=until)
        question = self._say(words.ASK_WORDS)
        self._step("asked", asked, desk[0], words_=question, told=True)
        self._log("referral.more_asked", asked, desk, before={"status": "waiting"})
        answered = story.work_moment(asked.date() + timedelta(days=rng.randint(1, 9)))
        if answered >= story.now or self.sort:
            return None
        decide_by = story.days.promised(answered, story.ground.decision_days)
        self.row.change(answered, story.ground.front_door, status="waiting", decide_by=decide_by)
        self._step("answered", answered, self.sender.account, words_=self._say(words.ANSWER_WORDS))
        self._log("referral.answered", answered, (self.sender.account, self.sender.name))
        decided = story.work_moment(answered.date() + timedelta(days=1))
        return max(decided, answered + timedelta(minutes=20))

    # Records of one family

    def _put_together(self, desk: tuple[int, str], decided: datetime) -> None:
        """The desk finds that it knows the family, and says so; now and then it does not notice."""
        if not self.earlier or self.rng.random() > PUT_TOGETHER:
            return
        assert self.earlier.row is not None
        kept, gone, book = self.earlier.row, self.family, self.book
        at = decided - timedelta(minutes=self.rng.randint(2, 25))
        if at <= self.at:
            return
        reasons = ["Same family name", "Born on the same day", "Lives at the same postcode"]
        merge = book.add(
            "families.Merge",
            at,
            desk[0],
            kind="family",
            family_id=kept.id,
            kept_id=kept.id,
            gone_id=gone.id,
            part_of_id=None,
            reasons=reasons,
            by_id=desk[0],
            at=at,
            undone_by_id=None,
            undone_at=None,
        )
        gone.change(at, desk[0], merged_into_id=kept.id, head_id=kept.id)
        pairs = list(zip(self.earlier.children, self.home.children, strict=False))
        pairs += list(zip(self.earlier.adults, self.home.adults, strict=False))
        for before, now in pairs:
            assert before.row is not None and now.row is not None
            book.add(
                "families.Merge",
                at,
                desk[0],
                kind="person",
                family_id=kept.id,
                kept_id=before.row.id,
                gone_id=now.row.id,
                part_of_id=merge.id,
                reasons=reasons,
                by_id=desk[0],
                at=at,
                undone_by_id=None,
                undone_at=None,
            )
            now.row.change(at, desk[0], merged_into_id=before.row.id, head_id=before.row.id)
        self.merged = at
        self.merge_id = merge.id
        story = self.story
        team = story.scene.desk_team
        for row, what, after in (
            (kept, "family.merged", {"gone": gone["reference"], "people": len(pairs)}),
            (gone, "family.merged_into", {"kept": kept["reference"]}),
        ):
            story.log(
                what,
                at,
                desk,
                row,
                "families.family",
                row["reference"],
                family=row.id,
                team=team,
                after=after,
            )
        if self.earlier.known_to is not None:
            self.mirror = self._standing(
                gone.id, at, desk[0], reason="merge", team=self.earlier.known_to
            )

    def _mirror(self, at: datetime, by: int) -> None:
        """Both records of a family are known to the same teams."""
        keeper = self.earlier if self.merged and self.earlier else self.home
        if self.merged and self.earlier and self.earlier.known_to is None:
            assert self.earlier.row is not None
            self._standing(self.earlier.row.id, at, by, reason="merge")
        keeper.known_to = self.hub.team
        self.home.known_to = self.hub.team

    def _standing(
        self,
        family: int,
        at: datetime,
        by: int,
        *,
        reason: str = "case",
        team: int | None = None,
    ) -> Row:
        return self.book.add(
            "families.Standing",
            at,
            by,
            family_id=family,
            team_id=team or self.hub.team,
            user_id=None,
            reason=reason,
            merge_id=self.merge_id if reason == "merge" else None,
            since=at,
            until=None,
        )

    # Words and small things

    def _step(
        self,
        kind: str,
        at: datetime,
        by: int | None,
        *,
        reason: str = "",
        words_: str = "",
        hub: int | None = None,
        organisation: int | None = None,
        told: bool = False,
    ) -> None:
        self.book.add(
            "referrals.Step",
            at,
            by,
            referral_id=self.row.id,
            kind=kind,
            at=at,
            by_id=by,
            reason=reason,
            words=words_,
            hub_id=hub,
            organisation_id=organisation,
            told_at=at if told and (self.sender.account or self.sender.email) else None,
        )

    def _log(
        self,
        what: str,
        at: datetime,
        by: tuple[int | None, str],
        *,
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
    ) -> None:
        self.story.log(
            what,
            at,
            by,
            self.row,
            "referrals.referral",
            self.row["reference"],
            family=self.family.id,
            team=self.row["team_id"],
            before=before,
            after=after,
        )

    def _say(self, phrases: tuple[str, ...]) -> str:
        return say(self.rng, phrases, self.who)

    def _pick(self, weights: dict[str, int]) -> str:
        return self.rng.choices(list(weights), list(weights.values()))[0]

    def _who(self) -> dict[str, str]:
        child, carer = self.home.children[0], self.home.carer
        if child.sex == "F":
            he, his, him, himself = "she", "her", "her", "herself"
        else:
            he, his, him, himself = "he", "his", "him", "himself"
        carer_name = {"mother": "Mum", "father": "Dad", "grandparent": "Nan"}.get(
            carer.role, carer.given
        )
        if self.sender.kind not in ("parent", "young_person"):
            carer_name = f"{'Ms' if carer.sex == 'F' else 'Mr'} {carer.surname}"
        younger = self.home.children[1].sex if len(self.home.children) > 1 else "F"
        return {
            "child": child.known_as or child.given or "The baby",
            "he": he,
            "his": his,
            "him": him,
            "himself": himself,
            "He": he.capitalize(),
            "His": his.capitalize(),
            "mum": carer_name,
            "carer": carer_name,
            "himself_c": "herself" if carer.sex == "F" else "himself",
            "sibling": "brother" if younger == "M" else "sister",
            "hub": self.hub.name,
            "organisation": "",
        }


class _Case:
    """A hub's work with one family, from acceptance to whatever it is by now."""

    def __init__(self, request: _Request, opened: datetime, desk: tuple[int, str]) -> None:
        self.request, self.story, self.rng = request, request.story, request.rng
        self.book, self.opened, self.desk = request.book, opened, desk
        self.slug = request.home.hub
        self.family = request.family.id
        self.changes: list[tuple[datetime, int | None, dict[str, Any]]] = []
        self.hands: list[tuple[datetime, Worker]] = []

    def live(self) -> None:
        story, rng, request = self.story, self.rng, self.request
        strain = STRAIN.get(self.slug, 0.4)
        self.row = self.book.add(
            "casework.Case",
            self.opened,
            self.desk[0],
            reference=f"C{request.row['reference'][1:]}",
            family_id=self.family,
            team_id=request.hub.team,
            referral_id=request.row.id,
            status="unallocated",
            worker_id=None,
            opened_at=self.opened,
            allocated_at=None,
            contact_by=story.days.promised(self.opened, story.ground.contact_days),
            first_contact_at=None,
            closed_at=None,
            closing_reason="",
            outcome="",
            closing_words="",
            family_words="",
        )
        self._log("case.opened", self.opened, self.desk, {"hub": request.hub.name})
        days = min(12, int(rng.expovariate(1 / (0.6 + strain * 0.7))))
        given = self._after(self.opened, days)
        worker = story.worker_for(self.slug, given)
        if given >= story.now or worker is None:
            return
        self.manager = story.scene.managers[self.slug]
        ends, why = self._end(given)
        self._give(given, worker, "")
        heappush(worker.closings, ends)
        self._change_hands(worker, given, min(ends, story.now))
        first = self._reach(given, ends, never=why == "no_contact")
        if first:
            self._plan(first, ends)
            self._notes(first, min(ends, story.now))
        if ends < story.now:
            self._close(ends, why, first)
        busy = request.earlier if request.merged and request.earlier else request.home
        busy.busy_until = ends
        self._apply()

    def _after(self, moment: datetime, days: int) -> datetime:
        """Return a moment of work that is so many working days after another, or later that day."""
        story = self.story
        day = story.days.on_or_after(moment.date())
        at = story.work_moment(story.days.add(day, days) if days else day)
        if at <= moment:
            at = moment + timedelta(minutes=self.rng.randint(10, 60))
            if at.hour >= 18:
                at = story.work_moment(moment.date() + timedelta(days=1))
        return at

    def _end(self, given: datetime) -> tuple[datetime, str]:
        rng = self.rng
        if rng.random() < 0.06:
            return self._after(given + timedelta(days=rng.randint(30, 60)), 0), "no_contact"
        weeks = min(70.0, max(3.0, rng.lognormvariate(2.78, 0.55)))
        why = rng.choices(list(ENDINGS), list(ENDINGS.values()))[0]
        if why == "declined":
            weeks = min(weeks, 8)
        return self._after(given + timedelta(days=int(weeks * 7)), 0), why

    def _give(self, at: datetime, worker: Worker, reason: str) -> None:
        by = self.manager[0]
        if len(worker.closings) >= worker.room and not reason:
            reason = "All workers are full; the family cannot wait."
        self.hands.append((at, worker))
        self.changes.append(
            (at, by, {"status": "open", "worker_id": worker.user, "allocated_at": at})
        )
        self.allocation = self.book.add(
            "casework.Allocation",
            at,
            by,
            case_id=self.row.id,
            worker_id=worker.user,
            since=at,
            until=None,
            by_id=by,
            reason=reason,
        )
        self._log("case.given", at, self.manager, {"worker": worker.name, "reason": reason})

    def _change_hands(self, worker: Worker, given: datetime, ends: datetime) -> None:
        """When a worker leaves, a colleague takes over."""
        while worker.until and given.date() < worker.until <= ends.date():
            at = self.story.work_moment(worker.until - timedelta(days=3))
            at = max(at, given + timedelta(hours=1))
            after = self.story.worker_for(self.slug, at + timedelta(days=3))
            if after is None or after is worker or at >= ends:
                return
            self.allocation.change(at, self.manager[0], until=at)
            self._give(at, after, f"{worker.name} leaves the hub.")
            heappush(after.closings, ends)
            worker, given = after, at

    def _worker_at(self, moment: datetime) -> Worker:
        had = [worker for since, worker in self.hands if since <= moment]
        return had[-1] if had else self.hands[0][1]

    def _reach(self, given: datetime, ends: datetime, *, never: bool) -> datetime | None:
        """Try to reach the family until somebody answers. Returns when that was."""
        story, rng = self.story, self.rng
        strain = STRAIN.get(self.slug, 0.4)
        at = self._after(given, min(9, int(rng.expovariate(1 / (0.7 + strain * 0.9)))))
        for number in range(7):
            if at >= min(story.now, ends):
                return None
            reached = not never and (rng.random() < 0.62 or number == 6)
            worker = self._worker_at(at)
            how = rng.choices(
                ("phone", "visit", "meeting", "text", "letter"),
                (50, 28, 14, 8, 0) if reached else (60, 15, 0, 15, 10),
            )[0]
            recorded = self._recorded(at)
            carer = self.request.home.carer
            self.book.add(
                "casework.Contact",
                at,
                worker.user,
                case_id=self.row.id,
                at=at,
                how=how,
                with_whom=f"{carer.given} {carer.surname}" if reached else "",
                succeeded=reached,
                words=self.request._say(words.FIRST_WORDS if reached else words.TRY_WORDS),
                by_id=worker.user,
                recorded_at=recorded,
            )
            self._log(
                "case.contacted" if reached else "case.contact_tried",
                recorded,
                (worker.user, worker.name),
                {"how": how, "first": reached},
            )
            if reached:
                self.changes.append((recorded, worker.user, {"first_contact_at": at}))
                told = words.TOLD_FIRST.format(hub=self.request.hub.name)
                if not self.request.told:
                    told = "The family has not agreed that we tell you more than this."
                self.request._step("first_contact", recorded, worker.user, words_=told, told=True)
                return at
            at = self._after(at, rng.randint(1, 3))
        return None

    def _recorded(self, at: datetime) -> datetime:
        """Most things are written down the same day; a few are late."""
        rng = self.rng
        later = timedelta(minutes=rng.randint(5, 300))
        if rng.random() < 0.05:
            later += timedelta(days=rng.randint(4, 9))
        return min(at + later, self.story.now - timedelta(seconds=rng.randint(1, 3000)))

    def _plan(self, first: datetime, ends: datetime) -> None:
        """A plan of a few actions, owned by the worker or by a partner."""
        story, rng, request = self.story, self.rng, self.request
        made = self._after(first, rng.randint(0, 8))
        themes = (request.theme, story._theme(request.child.age(made.date())))
        texts = list(dict.fromkeys(text for theme in themes for text in theme.plan))
        for what in rng.sample(texts, k=min(len(texts), rng.randint(2, 4))):
            at = made + timedelta(minutes=rng.randint(0, 50))
            if at >= min(story.now, ends):
                return
            worker = self._worker_at(at)
            place = self._partner(what) if rng.random() < PARTNER_ACTION else None
            due = story.days.on_or_after(at.date() + timedelta(days=rng.randint(7, 56)))
            action = self.book.add(
                "casework.PlannedAction",
                at,
                worker.user,
                case_id=self.row.id,
                what=request._say((what,)),
                owner_id=None if place else worker.user,
                owner_organisation_id=place.id if place else None,
                family_known_as=f"{request.who['child']}'s family" if place else "",
                due_on=due,
                date_reason="",
                done_on=None,
                dropped_on=None,
                came_of_it="",
                ended_by_id=None,
                made_at=at,
                made_by_id=worker.user,
            )
            self._log_action("action.planned", at, worker, action)
            self._finish(action, due, ends, place)
            self._pass_on(action, at, ends)

    def _finish(self, action: Row, due: date, ends: datetime, place: Place | None) -> None:
        story, rng = self.story, self.rng
        late = rng.randint(-6, 3) if rng.random() < 0.75 else rng.randint(4, 40)
        at = max(
            story.work_moment(due + timedelta(days=late)), action["made_at"] + timedelta(days=1)
        )
        last = min(ends, story.now)
        if at >= last:
            if ends < story.now:
                action.change(
                    ends,
                    self._worker_at(ends).user,
                    dropped_on=ends.date(),
                    came_of_it="The case was closed.",
                    ended_by_id=self._worker_at(ends).user,
                )
            return
        worker = self._worker_at(at)
        by = place.senders[0][0] if place and place.senders and rng.random() < 0.6 else worker.user
        if rng.random() < 0.07:
            action.change(
                at,
                worker.user,
                dropped_on=at.date(),
                came_of_it=self.request._say(words.DROPPED),
                ended_by_id=worker.user,
            )
            self._log_action("action.dropped", at, worker, action)
        else:
            action.change(
                at,
                by,
                done_on=at.date(),
                came_of_it=self.request._say(words.DONE),
                ended_by_id=by,
            )
            self._log_action("action.done", at, worker, action)

    def _pass_on(self, action: Row, at: datetime, ends: datetime) -> None:
        """An action that is open when the worker changes goes along to the next."""
        if action["owner_id"] is None or action["done_on"] or action["dropped_on"]:
            return
        for since, worker in self.hands:
            if since > at and worker.user != action["owner_id"]:
                action.change(since, self.manager[0], owner_id=worker.user)

    def _partner(self, what: str) -> Place | None:
        """Return the partner whose part an action is; None for the worker's own."""
        kind = next((kind for word, kind in OWNERS if word in what.lower()), "")
        if kind == "school":
            school = self.request.child.school
            return next((p for p in self.story.scene.places if p.id == school), None)
        if kind in self.story.by_kind:
            return self.story._one_near(kind, self.request.home.spot)
        return next(iter(self.story.scene.of_kind(kind)), None)

    def _notes(self, first: datetime, last: datetime) -> None:
        story, rng, request = self.story, self.rng, self.request
        at = first
        # What is said of this worry comes once, among what is said of any family.
        said = list(request.theme.note)
        while True:
            at = story.work_moment(at.date() + timedelta(days=rng.randint(5, 16)))
            if at >= last:
                break
            if not said:
                said = list(words.NOTE)
                rng.shuffle(said)
            worker = self._worker_at(at)
            recorded = self._recorded(at)
            note = self.book.add(
                "casework.Note",
                at,
                worker.user,
                case_id=self.row.id,
                adds_to_id=None,
                happened_at=at,
                words=said.pop().format_map(request.who),
                child_seen=rng.random() < 0.6,
                by_id=worker.user,
                recorded_at=recorded,
            )
            if rng.random() < 0.03:
                self.book.add(
                    "casework.Note",
                    at,
                    worker.user,
                    case_id=self.row.id,
                    adds_to_id=note.id,
                    happened_at=at,
                    words=say(rng, words.ADDITION, request.who),
                    child_seen=False,
                    by_id=worker.user,
                    recorded_at=min(recorded + timedelta(days=1), story.now - timedelta(minutes=1)),
                )
            if rng.random() < 0.35:
                story.saw((worker.user, worker.name), self.family, "family", recorded)
            if rng.random() < 0.03:
                self._move(at, worker)

    def _move(self, at: datetime, worker: Worker) -> None:
        """The family moves to another home of the hub's area."""
        home = self.request.home
        if home.address is None or home.address["until"] is not None:
            return
        spot = self.story._home_spot(home.hub)
        home.address.change(at, worker.user, until=at.date())
        self.book.add(
            "families.Address",
            at,
            worker.user,
            family_id=self.family,
            lines=self.story.households.street(),
            postcode=spot.postcode,
            easting=spot.easting,
            northing=spot.northing,
            safe=home.safe,
            since=at.date(),
            until=None,
        )
        for human in (*home.children, *home.adults):
            assert human.row is not None
            key = f"p:{spot.postcode.replace(' ', '')}"
            if key == f"p:{home.spot.postcode.replace(' ', '')}":
                continue
            self.book.add(
                "families.SearchKey",
                at,
                None,
                person_id=human.row.id,
                family_id=self.family,
                key=key,
            )

    def _close(self, at: datetime, why: str, first: datetime | None) -> None:
        rng = self.rng
        if first is None and why != "no_contact":
            why = "no_contact"
        outcome = rng.choice(OUTCOMES[why])
        text = self.request._say(words.CLOSING[why])
        family_words = self.request._say(words.FAMILY_CLOSING) if first else ""
        by = self.manager[0]
        self.changes.append(
            (
                at,
                by,
                {
                    "status": "closed",
                    "closed_at": at,
                    "closing_reason": why,
                    "outcome": outcome,
                    "closing_words": text,
                    "family_words": family_words,
                },
            )
        )
        self.allocation.change(at, by, until=at)
        told = (
            text
            if self.request.told
            else ("The family has not agreed that we tell you more than this.")
        )
        self.request._step("ended", at, by, words_=told, told=True)
        self._log("case.closed", at, self.manager, {"closing_reason": why, "outcome": outcome})

    def _apply(self) -> None:
        """Make the case's changes in the order in which they happened."""
        for at, by, values in sorted(self.changes, key=lambda change: change[0]):
            self.row.change(at, by, **values)

    def _log(
        self, what: str, at: datetime, by: tuple[int | None, str], after: dict[str, Any]
    ) -> None:
        self.story.log(
            what,
            at,
            by,
            self.row,
            "casework.case",
            self.row["reference"],
            family=self.family,
            team=self.request.hub.team,
            after=after,
        )

    def _log_action(self, what: str, at: datetime, worker: Worker, action: Row) -> None:
        self.story.log(
            what,
            at,
            (worker.user, worker.name),
            action,
            "casework.plannedaction",
            "planned action",
            family=self.family,
            team=self.request.hub.team,
            after={"what": action["what"]},
        )
