"""Groups and sessions of the demonstration county's hubs, who came to them, and visits planned."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from kith.demo.book import Row
from kith.demo.calendar import LONDON

if TYPE_CHECKING:
    from kith.demo.helping import Case
    from kith.demo.oversight import Helped
    from kith.demo.story import Story

BACK, AHEAD = 26, 8  # weeks
# What goes worse in one hub: the standard is not met there, or nobody can tell.
WORSE: dict[tuple[str, str], dict[str, Any]] = {
    ("didcot", "Stay and play"): {"cancelled": 0.6},
    ("bicester", "Stay and play"): {"untaken": 0.6},
}
LED_BY_VOLUNTEER = "Parents together"
# What whoever leads must know of somebody who is placed.
TO_KNOW = ("", "", "", "Allergic to nuts; has an EpiPen.", "Asthma: has an inhaler with them.")
MOST_FAMILIES = 60  # of a hub, from whom people are placed
REASONS = (
    "ill",
    "ill",
    "appointment",
    "school",
    "transport",
    "forgot",
    "unknown",
    "chose",
    "other",
)
CANCELLED = (
    "The leader is ill.",
    "The hall is in use for an election.",
    "Snow.",
    "Too few can come.",
)


# In how many days, when, and what for each worker means to visit.
VISITS = ((0, time(10, 0), "To see how mornings go"), (0, time(13, 30), "To look at the plan"),
          (1, time(9, 30), ""), (3, time(16, 0), "After school, to see the children"))  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """A group as every hub gives it: whom it is for, and on which day of the week."""

    kind: str
    name: str
    words: str
    weekday: int
    starts: time
    minutes: int
    places: int | None
    ages: tuple[int, int] | None  # of the children for whom it is; None: for a parent
    share: float  # of families that it fits, those who are placed
    core_code: str = ""  # of which item of the core offer it is
    cancelled: float = 0.05  # of its sessions
    untaken: float = 0.04  # of its older sessions: nobody took the register


KINDS = (
    Kind("drop_in", "Stay and play", "For families with children under five. Nobody needs a place.",
         1, time(10, 0), 90, None, (0, 4), 0.5, "stay-and-play"),
    Kind("group", "Parents together", "Ten weeks on calm evenings and kind rules, for parents.",
         3, time(10, 0), 120, 12, None, 0.4),
    Kind("group", "Young carers", "For children who help to look after somebody at home.",
         2, time(16, 0), 90, 10, (8, 17), 0.3, "young-carers-group"),
    Kind("off_site", "Walk and talk", "A walk with somebody to talk to, for young people.",
         4, time(15, 45), 60, 8, (11, 17), 0.4),
)  # fmt: skip


@dataclass(frozen=True)
class Fit:
    """A family that could be placed: while its case is in hand, with those who could come."""

    case: int
    reference: str
    family: int
    team: int
    slug: str
    first: datetime
    ends: datetime
    carer: int
    children: tuple[tuple[int, date | None], ...]


def fit(case: Case, first: datetime, ends: datetime) -> Fit | None:
    """Return what is kept of a case until the groups are told."""
    home = case.request.home
    if home.carer.row is None or any(child.row is None for child in home.children):
        return None
    return Fit(
        case.row.id,
        case.row["reference"],
        case.family,
        case.request.hub.team,
        case.slug,
        first,
        ends,
        home.carer.row.id,
        tuple((child.row.id, child.born) for child in home.children if child.row),
    )


def tell_groups(story: Story) -> None:
    """Tell what each hub gives, who is placed on it, and the registers of the last half year."""
    rng = Random(f"groups {story.today}")
    for slug, hub in story.ground.hubs.items():
        there = [worker for worker in story.scene.workers[slug] if worker.there(story.today)]
        if not there:
            continue
        fits = [
            one
            for one in story.could_come
            if one.slug == slug and one.ends.date() > story.today - timedelta(weeks=BACK)
        ][-MOST_FAMILIES:]
        for number, usual in enumerate(KINDS):
            kind = replace(usual, **WORSE.get((slug, usual.name), {}))
            leader = there[number % len(there)]
            support = _give(story, rng, hub.team, hub.name, kind, leader.user, leader.name, fits)
            if slug == "banbury" and kind.name == LED_BY_VOLUNTEER:
                _let_lead(story, support, hub.team, leader.user, leader.name)


def _give(
    story: Story,
    rng: Random,
    team: int,
    hub: str,
    kind: Kind,
    leader: int,
    name: str,
    fits: list[Fit],
) -> Row:
    book, today = story.book, story.today
    first = today - timedelta(weeks=BACK)
    first += timedelta(days=(kind.weekday - first.weekday()) % 7)
    made = datetime.combine(first - timedelta(days=10), time(9, 30), LONDON)
    support = book.add(
        "supports.Support", made, leader, team_id=team, kind=kind.kind, name=kind.name,
        words=kind.words, core_code=kind.core_code, leader_id=leader, places=kind.places, weekday=kind.weekday,
        place="The green by the library" if kind.kind == "off_site" else f"{hub} hub",
        starts=kind.starts, minutes=kind.minutes, since=first, until=None, ended_reason="",
        made_at=made, made_by_id=leader,
    )  # fmt: skip
    story.log(
        "support.set_up", made, (leader, name), support, "supports.support", kind.name,
        family=None, team=team, after={"kind": kind.kind, "name": kind.name},
    )  # fmt: skip
    placed = [
        place
        for one in fits
        if rng.random() < kind.share
        for place in _place(story, rng, kind, support, one, leader, name)
    ]
    if kind.places:
        placed = placed[: kind.places]
    for row in placed:
        book.rows["supports.Placement"].append(row)
        book.waiting += 1
    for week in range(BACK + AHEAD):
        day = first + timedelta(weeks=week)
        if story.days.on_or_after(day) == day:
            _hold(story, rng, kind, support, day, leader, placed, fits)
    return support


def _let_lead(story: Story, support: Row, team: int, leader: int, name: str) -> None:
    """A volunteer leads a group for the hub since four weeks."""
    at = story.now - timedelta(days=28)
    row = story.book.add(
        "supports.Leading", at, leader, support_id=support.id, team_id=team,
        user_id=story.scene.volunteer[0], since=at.date(), until=None, ended_at=None,
        ended_by_id=None, made_at=at, made_by_id=leader,
    )  # fmt: skip
    story.log(
        "support.led_by", at, (leader, name), row, "supports.leading", support["name"],
        family=None, team=team, after={"who": story.scene.volunteer[1]},
    )  # fmt: skip


def _place(
    story: Story, rng: Random, kind: Kind, support: Row, one: Fit, leader: int, name: str
) -> list[Row]:
    """Return the places of a family's people on a group; not written yet: there may be no room."""
    since = max(one.first.date() + timedelta(days=rng.randint(3, 20)), support["since"])
    last = min(one.ends.date(), story.today)
    if since >= last:
        return []
    who = [
        child
        for child, born in one.children
        if kind.ages and born and kind.ages[0] <= (since - born).days // 365 <= kind.ages[1]
    ]
    if kind.ages is None:
        who = [one.carer]
    until = one.ends.date() if one.ends < story.now else None
    at = datetime.combine(since - timedelta(days=1), time(11, 15), LONDON)
    rows = []
    for person in who:
        number = story.book.next_number("supports.Placement")
        row = Row(
            {
                "id": number, "support_id": support.id, "what": kind.name, "family_id": one.family,
                "person_id": person, "case_id": one.case, "goal_id": None, "since": since,
                "until": None, "words": "", "to_know": rng.choice(TO_KNOW), "made_at": at, "made_by_id": leader,
                "ended_by_id": None,
            },
            at,
            leader,
        )  # fmt: skip
        if until is not None:
            end = datetime.combine(until, time(16, 0), LONDON)
            row.change(end, leader, until=until, words="The case ended.", ended_by_id=leader)
        rows.append(row)
    return rows


def _hold(
    story: Story,
    rng: Random,
    kind: Kind,
    support: Row,
    day: date,
    leader: int,
    placed: list[Row],
    fits: list[Fit],
) -> None:
    book = story.book
    made = support["made_at"]
    session = book.add(
        "supports.Session", made, leader, support_id=support.id, on=day, starts=kind.starts,
        minutes=kind.minutes, place="", cancelled_at=None, cancelled_by_id=None,
        cancelled_reason="", others=0, taken_at=None, taken_by_id=None, made_at=made,
        made_by_id=leader,
    )  # fmt: skip
    if day >= story.today:
        return
    begins = datetime.combine(day, kind.starts, LONDON)
    recent = (story.today - day).days <= 14
    chance = rng.random()
    if chance < kind.cancelled:
        session.change(
            begins - timedelta(days=1), leader, cancelled_at=begins - timedelta(days=1),
            cancelled_by_id=leader, cancelled_reason=rng.choice(CANCELLED),
        )  # fmt: skip
        return
    if chance < kind.cancelled + max(0.25 if recent else 0, kind.untaken):
        return  # nobody has taken the register
    at = min(begins + timedelta(minutes=kind.minutes + rng.randint(5, 90)), story.now)
    others = rng.choice((0, 0, 1, 2, 3)) if kind.kind == "drop_in" else 0
    session.change(at, leader, taken_at=at, taken_by_id=leader, others=others)
    batch = uuid.UUID(int=rng.getrandbits(128), version=4)
    expected = [
        row
        for row in placed
        if row["since"] <= day and (row["until"] is None or day <= row["until"])
    ]
    marks = [(row["family_id"], row["person_id"], False) for row in expected]
    if recent and len(marks) > 2 and rng.random() < 0.3:
        marks = marks[:-1]  # somebody is not marked yet
    if kind.kind == "drop_in" and rng.random() < 0.5:
        have = {person for _, person, _ in marks}
        by_chance = [
            one
            for one in fits
            if one.first.date() <= day <= one.ends.date() and one.children[0][0] not in have
        ]
        if by_chance:
            one = rng.choice(by_chance)
            marks.append((one.family, one.children[0][0], True))
    for family, person, dropped_in in marks:
        status = "attended" if dropped_in else rng.choices(
            ("attended", "late", "missed", "not_expected"), (70, 7, 19, 4)
        )[0]  # fmt: skip
        book.add(
            "supports.Attendance", at, leader, session_id=session.id, what=kind.name, at=begins,
            family_id=family, person_id=person, dropped_in=dropped_in, status=status,
            reason=rng.choice(REASONS) if status == "missed" else "", turn=1, marked_at=at,
            marked_by_id=leader, batch=batch, was_status="", was_reason="",
        )  # fmt: skip


def tell_visits(story: Story) -> None:
    """Tell whom each worker means to visit today and in the next days; and what came of the visits
    of the last weeks, of some of which nobody has said anything yet."""
    of_worker: dict[int, list[Helped]] = {}
    for one in story.helped:
        if one.ends > story.now:
            of_worker.setdefault(one.worker, []).append(one)
    at = story.now - timedelta(days=1)
    for number, (worker, cases) in enumerate(of_worker.items()):
        for (days, starts, words), one in zip(VISITS, reversed(cases), strict=False):
            _visit(story, one.case, worker, story.today + timedelta(days=days), starts, at, words)
        for back, reason, one in zip(
            (3, 6), ("", "family_asked"), cases[number % 2 :], strict=False
        ):
            day = story.days.on_or_after(story.today - timedelta(days=back))
            if day >= story.today:
                continue
            visit = _visit(story, one.case, worker, day, time(11, 0), at - timedelta(days=back), "")
            if reason:
                said = datetime.combine(day, time(12, 30), LONDON)
                visit.change(
                    said, worker, dropped_at=said, dropped_by_id=worker, reason=reason,
                    why="Asked for next week.",
                )  # fmt: skip
    for contact, case, worker in story.visited:
        met = contact["at"].astimezone(LONDON)
        planned = contact["at"] - timedelta(days=1)
        visit = _visit(story, case, worker, met.date(), met.time().replace(second=0, microsecond=0),
                       planned, "")  # fmt: skip
        visit.change(contact["recorded_at"], worker, contact_id=contact.id)


def _visit(
    story: Story, case: int, worker: int, on: date, starts: time, at: datetime, words: str
) -> Row:
    return story.book.add(
        "field.Visit", at, worker, case_id=case, worker_id=worker, on=on, starts=starts,
        words=words, made_at=at, made_by_id=worker, contact_id=None, dropped_at=None,
        dropped_by_id=None, reason="", why="",
    )  # fmt: skip
