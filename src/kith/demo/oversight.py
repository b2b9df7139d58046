"""What the demonstration county's managers and workers say of their work with families."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING

from kith.casework.audit_questions import FIRST
from kith.casework.auditing import draw
from kith.demo.calendar import LONDON

if TYPE_CHECKING:
    from kith.demo.book import Row
    from kith.demo.helping import Case
    from kith.demo.scene import Worker
    from kith.demo.story import Story

INTENSIVE, LIGHTER = 0.16, 0.3  # of cases: those that need more for a while, and less near the end
MORE = (
    "Three agencies are involved and {mum} asks us to hold them together.",
    "{child} has been out of school for two weeks; we go there three times a week.",
    "{mum} is in hospital, and we see the children every other day.",
)
CALMER = (
    "The worst is over. A visit a week is enough now.",
    "School has a plan for {child} that works; we see the family once a week again.",
)
LESS = (
    "What was agreed goes on by itself. We ring every three weeks until we close.",
    "{mum} knows whom to ask. A last few visits, further apart.",
)


def set_intensity(case: Case, first: datetime, ends: datetime) -> None:
    """Say how much work a family needs, as it changes while a hub works with it."""
    with _own_chance(case, f"intensity {case.row.id} {first:%Y%m%d}") as rng:
        last = min(ends, case.story.now)
        changes: list[tuple[datetime, str, tuple[str, ...]]] = []
        if rng.random() < INTENSIVE:
            begins = first + timedelta(days=rng.randint(4, 40))
            changes.append((begins, "intensive", MORE))
            changes.append((begins + timedelta(days=rng.randint(28, 90)), "usual", CALMER))
        if rng.random() < LIGHTER:
            changes.append((ends - timedelta(days=rng.randint(20, 45)), "light", LESS))
        now, after = "usual", first
        for moment, intensity, reasons in changes:
            if moment <= after:
                continue
            at = case.moment(moment)
            if at >= last:
                return
            if now == intensity:
                continue
            worker = case.worker_at(at)
            case.book.add(
                "casework.IntensityChange",
                at,
                worker.user,
                case_id=case.row.id,
                was=now,
                now=intensity,
                reason=rng.choice(reasons).format_map(case.request.who),
                by_id=worker.user,
                at=at,
            )
            case.changes.append((at, worker.user, {"intensity": intensity}))
            case.log("case.intensity_set", at, (worker.user, worker.name), {"intensity": intensity})
            now, after = intensity, at


# How a supervision goes, and what is said in it

SAID = (
    "We asked what has changed for {child} since last time. {mum} opens the door now, and that is "
    "the work so far. Hypothesis: mornings are hard because nobody sleeps. Keep the visits early.",
    "{child} has not been seen alone yet. We talked about why that is hard in a small flat, and "
    "agreed to meet {him} at school.",
    "The plan has stood still. We went through each action: two wait for others. Name a day, and "
    "ring on that day.",
    "Going well. What would be good enough to end? We wrote down two things that the family would "
    "see for itself.",
    "{mum} and the school see it differently. Both at one table would be better than two "
    "telephone calls.",
    "We looked at risk together: nothing new since the last contact. If {child} misses school "
    "again this week, we ask the school to tell us the same day.",
    "Father is hardly in the record. We wondered what he would say about mornings, and how to ask.",
)
AGREED = (
    "See {child} alone, at school",
    "Write to {child}'s father and offer to meet",
    "Ask the school for attendance week by week",
    "Go through the plan with {mum}, and drop what nobody will do",
    "Ring the health visitor about sleep",
    "Bring the chronology to the next supervision",
)
DONE = (
    "Done. {child} talked more than we thought.",
    "Done, and written up in the notes.",
    "Done; we speak of it next time.",
)
ABOUT_THE_WORKER = (
    "Well, if tired: two court weeks in a row. Takes Friday back as time in lieu. Wants to learn "
    "more about neglect; we look for a course in the new year.",
    "Caseload feels right. Proud of the group she runs on Tuesdays. No leave booked: reminded.",
    "A hard month after the complaint. Talked it through; support offered through occupational "
    "health. We meet again sooner.",
    "Settling in. Shadowed two visits, and will be observed on one. Mileage claims are late.",
    "Good spirits. Asks for more work with young people. Lone working: checked that the buddy "
    "system is used.",
)
ADDED = "I read this again and agree, except that the two weeks were three. Thank you for the time."
EVERY = timedelta(days=28)
SPOKEN_ABOUT = 0.62  # of cases, each time
FORGOTTEN = 0.07  # of cases nobody ever thinks of
HELD = 0.93  # of the days agreed
CONFIRMED = 0.1  # to which the worker adds words


def supervise(case: Case, given: datetime, ends: datetime) -> None:
    """Let a manager and a worker speak about a case, about once a month."""
    with _own_chance(case, f"supervision {case.row.id} {given:%Y%m%d}") as rng:
        if rng.random() < FORGOTTEN:
            return
        last = min(ends, case.story.now)
        for worker, day in _days(case, given, last):
            if rng.random() < SPOKEN_ABOUT:
                _speak(case, worker, day, ends, rng)


def _days(case: Case, given: datetime, last: datetime) -> Iterator[tuple[Worker, date]]:
    """Yield the days on which the worker of a case had supervision while they had it.

    Every worker has it in every fourth week, on a day of their own.
    """
    day = given.date() + timedelta(days=1)
    while True:
        worker = case.worker_at(_night(day))
        own = day + timedelta(days=(worker.user * 5 - day.toordinal()) % EVERY.days)
        held_on = case.story.days.on_or_after(own)
        if held_on >= last.date():
            return
        held = Random(f"held {worker.user} {held_on}").random() < HELD
        if held and case.worker_at(_night(held_on)) is worker:
            yield worker, held_on
        day = own + timedelta(days=1)


def _night(day: date) -> datetime:
    return datetime.combine(day, time(23), LONDON)


def _speak(case: Case, worker: Worker, day: date, ends: datetime, rng: Random) -> None:
    if case.manager[0] == worker.user:
        return
    book, who, manager = case.book, case.request.who, case.manager
    held = _held(case, worker, day)
    at = held["recorded_at"] + timedelta(minutes=rng.randint(2, 40))
    if at >= min(case.story.now, ends):
        return
    said = book.add(
        "casework.CaseReflection",
        at,
        manager[0],
        supervision_id=held.id,
        case_id=case.row.id,
        adds_to_id=None,
        held_on=day,
        worker_id=worker.user,
        manager_id=manager[0],
        words=rng.choice(SAID).format_map(who),
        by_id=manager[0],
        recorded_at=at,
    )
    case.log_about(
        "supervision.case_spoken_about", at, manager, said, "casework.casereflection",
        f"spoken about on {day:%d %B %Y}",
    )  # fmt: skip
    if rng.random() < 0.35:
        _agree(case, worker, said, at, ends, rng)


def _agree(
    case: Case, worker: Worker, said: Row, at: datetime, ends: datetime, rng: Random
) -> None:
    """Put an action that was agreed into the plan, and see how it goes."""
    days, who = case.story.days, case.request.who
    due = days.on_or_after(at.date() + timedelta(days=rng.randint(7, 28)))
    action = case.book.add(
        "casework.PlannedAction",
        at,
        case.manager[0],
        case_id=case.row.id,
        what=rng.choice(AGREED).format_map(who),
        owner_id=worker.user,
        owner_organisation_id=None,
        goal_id=None,
        meeting_id=None,
        family_known_as="",
        due_on=due,
        date_reason="",
        done_on=None,
        dropped_on=None,
        came_of_it="",
        ended_by_id=None,
        made_at=at,
        made_by_id=case.manager[0],
    )
    case.log_about(
        "action.planned", at, case.manager, action, "casework.plannedaction", "planned action"
    )
    case.book.add(
        "casework.AgreedAction", at, case.manager[0], reflection_id=said.id, action_id=action.id
    )
    done = case.story.work_moment(days.on_or_after(due + timedelta(days=rng.randint(-4, 9))))
    last = min(ends, case.story.now)
    if at < done < last:
        by = case.worker_at(done)
        words = rng.choice(DONE).format_map(who)
        action.change(done, by.user, done_on=done.date(), came_of_it=words, ended_by_id=by.user)
        case.log_about(
            "action.done", done, (by.user, by.name), action, "casework.plannedaction",
            "planned action",
        )  # fmt: skip
    elif ends < case.story.now:
        by = case.worker_at(ends)
        action.change(
            ends,
            by.user,
            dropped_on=ends.date(),
            came_of_it="The case was closed.",
            ended_by_id=by.user,
        )
    if not action["done_on"] and not action["dropped_on"]:
        for since, after in case.hands:
            if since > at and after.user != action["owner_id"]:
                action.change(since, case.manager[0], owner_id=after.user)


def _held(case: Case, worker: Worker, day: date) -> Row:
    """Return the supervision of a worker on a day: written down with the first case spoken about."""
    known = case.story.supervisions
    if (worker.user, day) in known:
        return known[worker.user, day]
    rng = Random(f"words {worker.user} {day}")
    at = datetime.combine(day, time(rng.randint(10, 16), rng.randint(0, 59)), LONDON)
    held = known[worker.user, day] = case.book.add(
        "casework.Supervision",
        at,
        case.manager[0],
        team_id=case.request.hub.team,
        worker_id=worker.user,
        manager_id=case.manager[0],
        held_on=day,
        words=rng.choice(ABOUT_THE_WORKER),
        next_on=case.story.days.on_or_after(day + EVERY),
        recorded_at=at,
    )
    case.story.log(
        "supervision.held",
        at,
        case.manager,
        held,
        "casework.supervision",
        "supervision",
        family=None,
        team=case.request.hub.team,
    )
    later = at + timedelta(days=1, hours=1)
    if rng.random() < CONFIRMED and later < case.story.now:
        case.book.add(
            "casework.SupervisionAddition",
            later,
            worker.user,
            supervision_id=held.id,
            words=ADDED,
            by_id=worker.user,
            recorded_at=later,
        )
    return held


@contextmanager
def _own_chance(case: Case, seed: str) -> Iterator[Random]:
    """Let the case and its story draw from a chance of its own: the rest of the story stays as it is."""
    rng, story = Random(seed), case.story
    before, case.rng = case.rng, rng
    told_by, story.rng = story.rng, rng
    try:
        yield rng
    finally:
        case.rng, story.rng = before, told_by


# Case audits: each hub draws a few cases each quarter, and the manager of another hub reads some.

AUDITS = (
    "The child’s voice, {when}",
    "Fathers on the record, {when}",
    "Plans that follow from assessments, {when}",
    "Closing well, {when}",
)
A_QUARTER = timedelta(days=91)
DRAWN = 6
NOT_READ = 0.12  # of the cases drawn; the latest audit is half read
GRADES = {"outstanding": 8, "good": 52, "requires_improvement": 34, "inadequate": 6}
FOUND_GOOD = (
    "The record is kind, and {child} can be heard in it. Visits are when the family is home.",
    "A clear thread from why help was asked for to what was done. The school is kept in the picture.",
    "The worker notices what goes well, and says so to {mum}. Goals are in the family's words.",
)
FOUND_BETTER = (
    "{child} is seen, and yet seldom speaks in the notes. Write down what {he} says.",
    "The father is missing from assessment and plan. Say why, or reach him.",
    "Two actions waited for a month with nobody asking. Agree who rings whom, and when.",
    "Reviews were late twice, and nobody wrote down why.",
)
MUST = (
    "Write to {child}'s father and offer to meet",
    "See {child} alone, and write down {his} words",
)
ANSWERS = {
    "outstanding": (("yes", 9), ("partly", 1)),
    "good": (("yes", 6), ("partly", 3), ("no", 1), ("unclear", 1)),
    "requires_improvement": (("yes", 3), ("partly", 4), ("no", 2), ("unclear", 2)),
    "inadequate": (("yes", 1), ("partly", 2), ("no", 5), ("unclear", 3)),
}


@dataclass(frozen=True, slots=True)
class Helped:
    """What an audit asks of a case: whose it is, when it was open, and who is meant."""

    case: int
    reference: str
    family: int
    team: int
    slug: str
    opened: datetime
    ends: datetime
    worker: int
    who: dict[str, str]


def helped(case: Case, given: datetime, ends: datetime) -> Helped:
    """Return what is kept of a case until the audits are told."""
    return Helped(
        case.row.id,
        case.row["reference"],
        case.family,
        case.request.hub.team,
        case.slug,
        case.opened,
        ends,
        case.worker_at(ends).user,
        {name: case.request.who[name] for name in ("child", "mum", "he", "his")},
    )


def audit_cases(story: Story) -> None:
    """Tell the audits of the last year: of each hub, each quarter."""
    rng = Random(f"audits {story.today}")
    told_by, story.rng = story.rng, rng
    try:
        for back in (3, 2, 1, 0):
            day = story.days.on_or_after(story.today - back * A_QUARTER - timedelta(days=30))
            for slug, hub in story.ground.hubs.items():
                _audit(story, slug, hub.team, day, AUDITS[back], rng, latest=back == 0)
    finally:
        story.rng = told_by


def _audit(
    story: Story, slug: str, team: int, day: date, why: str, rng: Random, *, latest: bool
) -> None:
    """Draw cases of a hub on a day, and let another hub's manager read most of them."""
    manager = story.scene.managers.get(slug)
    at, since = story.work_moment(day), day - 2 * A_QUARTER
    fit = [
        one
        for one in story.helped
        if one.team == team and since <= one.opened.date() < day and one.ends.date() > day
    ]
    if manager is None or len(fit) < 2:
        return
    seed = f"{rng.getrandbits(64):016x}"
    by_number = {one.case: one for one in fit}
    drawn = draw(by_number, DRAWN, seed)
    audit = story.book.add(
        "casework.CaseAudit",
        at,
        manager[0],
        form_id=1,
        why=why.format(when=f"{day:%B %Y}"),
        team_id=team,
        which="open",
        since=since,
        how_many=len(drawn),
        seed=seed,
        drawn_from=sorted(by_number),
        drawn_by_id=manager[0],
        drawn_at=at,
    )
    story.log(
        "case_audit.drawn", at, manager, audit, "casework.caseaudit", audit["why"],
        family=None, team=team,
    )  # fmt: skip
    for number in drawn:
        audited = story.book.add(
            "casework.AuditedCase", at, manager[0], audit_id=audit.id, case_id=number, team_id=team
        )
        if rng.random() >= (0.5 if latest else NOT_READ):
            _find(story, by_number[number], audited, at, manager, rng)


def _find(
    story: Story,
    one: Helped,
    audited: Row,
    drawn: datetime,
    manager: tuple[int, str],
    rng: Random,
) -> None:
    """Write down what the manager, who does not work with the family, found of a case."""
    at = story.work_moment(
        story.days.on_or_after(drawn.date() + timedelta(days=rng.randint(2, 20)))
    )
    if at >= story.now or one.worker == manager[0]:
        return
    grade = rng.choices(list(GRADES), list(GRADES.values()))[0]
    poor = grade in ("requires_improvement", "inadequate")
    choices = [answer for answer, share in ANSWERS[grade] for _ in range(share)]
    finding = story.book.add(
        "casework.AuditFinding",
        at,
        manager[0],
        audited_id=audited.id,
        answers=[[rng.choice(choices), ""] for _ in FIRST],
        grade=grade,
        good=rng.choice(FOUND_GOOD).format_map(one.who),
        better=rng.choice(FOUND_BETTER).format_map(one.who) if poor or rng.random() < 0.4 else "",
        by_id=manager[0],
        at=at,
    )
    story.log(
        "case_audit.found", at, manager, finding, "casework.auditfinding", "audit finding",
        family=one.family, team=one.team, after={"case": one.reference, "grade": grade},
    )  # fmt: skip
    due = story.days.on_or_after(at.date() + timedelta(days=14))
    if not poor or one.ends < story.now or one.ends.date() <= due:
        return
    action = story.book.add(
        "casework.PlannedAction",
        at,
        manager[0],
        case_id=one.case,
        what=rng.choice(MUST).format_map(one.who),
        owner_id=one.worker,
        owner_organisation_id=None,
        goal_id=None,
        meeting_id=None,
        family_known_as="",
        due_on=due,
        date_reason="",
        done_on=None,
        dropped_on=None,
        came_of_it="",
        ended_by_id=None,
        made_at=at,
        made_by_id=manager[0],
    )
    if due < story.today:
        done = story.work_moment(due)
        action.change(done, one.worker, done_on=due, came_of_it="Done.", ended_by_id=one.worker)
    story.book.add(
        "casework.AuditAction", at, manager[0], finding_id=finding.id, action_id=action.id
    )
