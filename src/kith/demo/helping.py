"""A hub's work with one family of the demonstration county, from acceptance to what it is by now."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from heapq import heappush
from random import Random
from typing import TYPE_CHECKING, Any

from kith.demo import words
from kith.demo.assessing import assess
from kith.demo.book import Row
from kith.demo.following import follow_up
from kith.demo.goals import set_goals
from kith.demo.groups import BACK, fit
from kith.demo.lives import tell_life
from kith.demo.measuring import measure
from kith.demo.oversight import helped, set_intensity, supervise
from kith.demo.scene import Place, Worker
from kith.demo.sharing import agree, ask_more, ground_for
from kith.demo.stepping_up import stepped_up
from kith.demo.teams import let_read, meet
from kith.demo.words import say

if TYPE_CHECKING:
    from kith.demo.asking import Request

# How well a hub keeps up: extra working days before a worker is found, and before a first try.
STRAIN = {"east-oxford": 2.6, "banbury": 2.2, "littlemore": 1.2, "bicester": 0.8, "didcot": 0.7}
VISITED_LATELY = 21  # days, of which visits that were planned are told

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
TAKES_ON = 0.4  # of plans in which the mother or father does something themselves
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


class Case:
    """A hub's work with one family, from acceptance to whatever it is by now."""

    def __init__(self, request: Request, opened: datetime, desk: tuple[int, str]) -> None:
        self.request, self.story, self.rng = request, request.story, request.rng
        self.book, self.opened, self.desk = request.book, opened, desk
        self.slug = request.home.hub
        self.family = request.family.id
        self.changes: list[tuple[datetime, int | None, dict[str, Any]]] = []
        self.hands: list[tuple[datetime, Worker]] = []
        self.actions: list[Row] = []
        self.partners: list[Row] = []  # in the team
        self.signed: Row | None = None  # the assessment signed last
        self.sharing: list[Row] = []
        self.last_at = opened  # of all that was written down

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
            intensity="usual",
            closed_at=None,
            closing_reason="",
            outcome="",
            closing_words="",
            family_words="",
        )
        agree(self)
        self.log("case.opened", self.opened, self.desk, {"hub": request.hub.name})
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
            set_goals(self, self.moment(first + timedelta(days=9)), ends, why)
            ask_more(self, first, ends)
            meet(self, first, ends)
            self._notes(first, min(ends, story.now))
            assess(self, first, ends, why)
            let_read(self, ends)
            set_intensity(self, first, ends)
            measure(self, first, ends, why)
            tell_life(self, first, ends)
            could_come = fit(self, first, ends)
            if could_come and ends > story.now - timedelta(weeks=BACK):
                story.could_come.append(could_come)
        supervise(self, given, ends)
        story.helped.append(helped(self, given, ends))
        if ends < story.now:
            self._close(ends, why, first)
        busy = request.earlier if request.merged and request.earlier else request.home
        busy.busy_until = ends
        self._apply()
        story.seldom.case(self)

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
        weeks = min(70.0, max(3.0, rng.lognormvariate(3.13, 0.55)))
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
        self.log("case.given", at, self.manager, {"worker": worker.name, "reason": reason})

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

    def worker_at(self, moment: datetime) -> Worker:
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
            worker = self.worker_at(at)
            how = rng.choices(
                ("phone", "visit", "meeting", "text", "letter"),
                (50, 28, 14, 8, 0) if reached else (60, 15, 0, 15, 10),
            )[0]
            recorded = self._recorded(at)
            carer = self.request.home.carer
            contact = self.book.add(
                "casework.Contact",
                at,
                worker.user,
                case_id=self.row.id,
                at=at,
                how=how,
                with_whom=f"{carer.given} {carer.surname}" if reached else "",
                succeeded=reached,
                words=self.request.say(words.FIRST_WORDS if reached else words.TRY_WORDS),
                child_seen=reached and how == "visit",
                by_id=worker.user,
                recorded_at=recorded,
            )
            if how == "visit" and at > story.now - timedelta(days=VISITED_LATELY):
                self.story.visited.append((contact, self.row.id, worker.user))
            self.log(
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
                self.request.step("first_contact", recorded, worker.user, words_=told, told=True)
                return at
            at = self._after(at, rng.randint(1, 3))
        return None

    def _recorded(self, at: datetime) -> datetime:
        """Most things are written down the same day; a few are late."""
        rng = self.rng
        later = timedelta(minutes=rng.randint(5, 300))
        if rng.random() < 0.05:
            later += timedelta(days=rng.randint(4, 9))
        self.last_at = max(self.last_at, at + later)
        return min(at + later, self.story.now - timedelta(seconds=rng.randint(1, 3000)))

    def _plan(self, first: datetime, ends: datetime) -> None:
        """A plan of a few actions, owned by the worker or by a partner."""
        story, rng, request = self.story, self.rng, self.request
        made = self._after(first, rng.randint(0, 8))
        themes = (request.theme, story.theme(request.child.age(made.date())))
        texts = list(dict.fromkeys(text for theme in themes for text in theme.plan))
        for what in rng.sample(texts, k=min(len(texts), rng.randint(2, 4))):
            at = made + timedelta(minutes=rng.randint(0, 50))
            if at >= min(story.now, ends):
                return
            worker = self.worker_at(at)
            place = self._partner(what) if rng.random() < PARTNER_ACTION else None
            due = story.days.on_or_after(at.date() + timedelta(days=rng.randint(7, 56)))
            action = self.book.add(
                "casework.PlannedAction",
                at,
                worker.user,
                case_id=self.row.id,
                what=request.say((what,)),
                owner_id=None if place else worker.user,
                owner_organisation_id=place.id if place else None,
                sharing_id=ground_for(self, place, at) if place else None,
                withheld_at=None,
                meeting_id=None,
                goal_id=None,
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
            self.actions.append(action)
            self._log_action("action.planned", at, worker, action)
            self._finish(action, due, ends, place)
            self._pass_on(action, at, ends)
        self._take_on(made, ends)

    def _take_on(self, made: datetime, ends: datetime) -> None:
        """Something that the mother or father does themselves."""
        carer, rng = self.request.home.carer, Random(self.row.id)
        at = made + timedelta(minutes=rng.randint(51, 59))
        if carer.row is None or at >= min(self.story.now, ends) or rng.random() >= TAKES_ON:
            return
        worker = self.worker_at(at)
        due = self.story.days.on_or_after(at.date() + timedelta(days=rng.randint(7, 42)))
        action = self.book.add(
            "casework.PlannedAction",
            at,
            worker.user,
            case_id=self.row.id,
            what=rng.choice(words.TAKEN_ON).format_map(self.request.who),
            owner_id=None,
            owner_organisation_id=None,
            owner_person_id=carer.row.id,
            owner_called=f"{carer.given} {carer.surname}",
            due_on=due,
            made_at=at,
            made_by_id=worker.user,
        )
        self._log_action("action.planned", at, worker, action)
        over = self.story.work_moment(due + timedelta(days=rng.randint(-3, 9)))
        if over < min(ends, self.story.now):
            by = self.worker_at(over)
            said = rng.choice(words.DONE[:3]).format_map(self.request.who)
            action.change(over, by.user, done_on=over.date(), came_of_it=said, ended_by_id=by.user)
            self._log_action("action.done", over, by, action)
        elif ends < self.story.now:
            by = self.worker_at(ends)
            action.change(
                ends, by.user, dropped_on=ends.date(), came_of_it="The case was closed.",
                ended_by_id=by.user,
            )  # fmt: skip

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
                    self.worker_at(ends).user,
                    dropped_on=ends.date(),
                    came_of_it="The case was closed.",
                    ended_by_id=self.worker_at(ends).user,
                )
            return
        worker = self.worker_at(at)
        by = place.senders[0][0] if place and place.senders and rng.random() < 0.6 else worker.user
        if rng.random() < 0.07:
            action.change(
                at,
                worker.user,
                dropped_on=at.date(),
                came_of_it=self.request.say(words.DROPPED),
                ended_by_id=worker.user,
            )
            self._log_action("action.dropped", at, worker, action)
        else:
            action.change(
                at,
                by,
                done_on=at.date(),
                came_of_it=self.request.say(words.DONE),
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
            return self.story.one_near(kind, self.request.home.spot)
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
            worker = self.worker_at(at)
            recorded = self._recorded(at)
            seen = rng.random()
            note = self.book.add(
                "casework.Note",
                at,
                worker.user,
                case_id=self.row.id,
                adds_to_id=None,
                happened_at=at,
                words=said.pop().format_map(request.who),
                child_seen=seen < 0.6,
                seen_alone=seen < 0.25,
                by_id=worker.user,
                recorded_at=recorded,
            )
            if note.id % 60 == 0:
                story.seldom.note_file(note, recorded)
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
        spot = self.story.home_spot(home.hub)
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
            self.story.households.find_by(
                self.book,
                {f"p:{spot.postcode.replace(' ', '')}"},
                at,
                None,
                person_id=human.row.id,
                family_id=self.family,
            )

    def _close(self, at: datetime, why: str, first: datetime | None) -> None:
        rng = self.rng
        if first is None and why != "no_contact":
            why = "no_contact"
        outcome = rng.choice(OUTCOMES[why])
        if why == "stepped_up" and first:
            stepped_up(self, at, first)
        text = self.request.say(words.CLOSING[why])
        family_words = self.request.say(words.FAMILY_CLOSING) if first else ""
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
        self.request.step("ended", at, by, words_=told, family_words=family_words, told=True)
        follow_up(self, at, why, outcome)
        self.log("case.closed", at, self.manager, {"closing_reason": why, "outcome": outcome})

    def _apply(self) -> None:
        """Make the case's changes in the order in which they happened."""
        for at, by, values in sorted(self.changes, key=lambda change: change[0]):
            self.row.change(at, by, **values)

    def moment(self, moment: datetime) -> datetime:
        """Return a moment of work on a day, or on the next working day."""
        return self._after(moment, 0)

    def log_about(
        self, what: str, at: datetime, by: tuple[int, str], row: Row, kind: str, name: str
    ) -> None:
        """Add an entry to the audit log about something of the case."""
        self.story.log(
            what,
            at,
            by,
            row,
            kind,
            name[:200],
            family=self.family,
            team=self.request.hub.team,
        )

    def log(
        self,
        what: str,
        at: datetime,
        by: tuple[int | None, str],
        after: dict[str, Any],
        *,
        team: int | None = None,
    ) -> None:
        """Add an entry about the case to the audit log."""
        self.last_at = max(self.last_at, at)
        self.story.log(
            what,
            at,
            by,
            self.row,
            "casework.case",
            self.row["reference"],
            family=self.family,
            team=team or self.request.hub.team,
            after=after,
        )

    def _log_action(self, what: str, at: datetime, worker: Worker, action: Row) -> None:
        self.last_at = max(self.last_at, at)
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
