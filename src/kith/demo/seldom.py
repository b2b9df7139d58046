"""What seldom happens in the demonstration county, so that every page has something to show.

Files sent with a request, letters in the outbox, a case that another hub takes over or that is
opened again, and a look at a record in an emergency. Chance of its own: the rest of the county is
the same with and without it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from kith.demo.handing_over import DECLINED, WITHDRAWN, let_go, offer
from kith.demo.scene import Worker
from kith.demo.stepping_up import asked_lately
from kith.notices import words as notices
from kith.referrals import wordings

if TYPE_CHECKING:
    from kith.demo.asking import Request
    from kith.demo.book import Row
    from kith.demo.helping import Case
    from kith.demo.story import Story

WITH_A_FILE = 0.04  # of requests of the last year
OUTBOX_DAYS = 14  # for which letters are kept in the outbox
WRONG_ADDRESS = 0.03  # of letters
TAKEN_OVER = 0.015  # of open cases
OFFERED = 0.02  # of open cases, lately
STEPPED_UP = 0.03  # of open cases, lately
OPENED_AGAIN = 0.02  # of cases that closed in the last months
EMERGENCIES = 6  # at most; the last of them nobody has reviewed
SITE = "http://127.0.0.1:8000"

HAND_OVER_REASON = (
    "The family has moved into the area of {hub}, and {child} changes school after the holidays.",
    "{hub} has a group that fits, and the family can walk there.",
)
REOPENING_REASON = (
    "{mum} rang: things are as they were before the summer, and {he} has stopped going to school.",
    "The school asks us back: two exclusions since we closed.",
)
EMERGENCY_REASON = (
    "The police have rung: {child} was found alone at the station, and I must know whom to call.",
    "{mum} is at our door with the children and says that home is not safe tonight.",
    "The hospital asks whether anybody works with the family; the ward cannot reach the carer.",
)
REVIEW = "The telephone log bears it out. The look was right, and only the first page was opened."
LETTER = """To whom it may concern

{child} has been in my class since September. I see {him} on most days, and have written down what
I noticed over four weeks.

Week 1: on time twice. Tired, but joins in when asked.
Week 2: away on Monday and Tuesday; no reason given.
Week 3: on time every day after {carer} was met at the gate.
Week 4: cried on Thursday and would not say why.

{sender}
"""


class Seldom:
    """Adds to a county, as it is told, what happens once in a while."""

    def __init__(self, story: Story) -> None:
        self.story, self.book = story, story.book
        # Looking at the state takes nothing from it.
        self.rng = Random(f"seldom {hash(story.rng.getstate()[1])}")
        self.seen: set[str] = set()
        self.stepped_up = 0  # how often social care was asked lately
        self.asked = 0  # how often Banbury was asked to take a case over
        self.looks: list[Request] = []  # of whom somebody else may have had to know

    def _happens(self, what: str, share: float) -> bool:
        """Say whether it happens now: by chance, and the first time it can."""
        first = what not in self.seen
        if self.rng.random() < share or first:
            self.seen.add(what)
            return True
        return False

    def _id(self) -> uuid.UUID:
        return uuid.UUID(int=self.rng.getrandbits(128), version=4)

    @contextmanager
    def _own_chance(self) -> Iterator[None]:
        """Let the story, too, draw from this chance for the rest of the block."""
        before, self.story.rng = self.story.rng, self.rng
        try:
            yield
        finally:
            self.story.rng = before

    def request(self, request: Request) -> None:
        """Add what may come with one request."""
        age = self.story.now - request.at
        if age < timedelta(days=365) and self._happens("file", WITH_A_FILE):
            self._file(request)
        if age < timedelta(days=OUTBOX_DAYS):
            self._letters(request)
        if timedelta(days=5) < age < timedelta(days=120) and request.row["status"] == "accepted":
            self.looks.append(request)

    def _file(self, request: Request) -> None:
        who = request.who | {"sender": request.sender.name}
        text = LETTER.format_map(who)
        if self.rng.random() < 0.4:
            name, kind, content = "Letter.txt", "text/plain", text.encode()
        else:
            name, kind, content = "Observations.pdf", "application/pdf", _pdf(text.splitlines())
        self.book.add(
            "referrals.Attachment",
            request.at,
            None,
            id=self._id(),
            referral_id=request.row.id,
            draft_id=None,
            name=name,
            content_type=kind,
            size=len(content),
            content=content,
            added_at=request.at,
        )

    def note_file(self, note: Row, at: datetime) -> None:
        """Keep a drawing or a plan of the week with a note."""
        content = _pdf(["Our week", "", note["words"]])
        self.book.add(
            "casework.NoteFile",
            at,
            None,
            id=self._id(),
            note_id=note.id,
            name="Our week.pdf",
            content_type="application/pdf",
            size=len(content),
            content=content,
            added_at=at,
            scan="none",
        )

    # The outbox

    def _letters(self, request: Request) -> None:
        """Word to the sender of each step of the last days; one waits, now and then one fails."""
        story, sender, row = self.story, request.sender, request.row
        to = sender.email
        if not to and sender.account:
            to = f"{sender.name.replace(' ', '.').replace(chr(39), '').lower()}@partner.example"
        if not to:
            return
        common = {
            "reference": row["reference"],
            "link": f"{SITE}/requests/sent/{row['reference']}/",
            "county": "Oxfordshire",
        }
        by = request.decide_by.astimezone(story.now.tzinfo)
        self._letter(
            wordings.RECEIVED,
            to,
            common | {"decide_by": f"5pm on {by:%A} {by.day} {by:%B %Y}"},
            request.at,
            row.id,
            row["team_id"],
        )
        if row["decided_at"] and row["decided_at"] < story.now:
            told = common | {"outcome": "We have decided", "words": "You can read it on the page."}
            self._letter(wordings.DECIDED, to, told, row["decided_at"], row.id, row["team_id"])

    def _letter(
        self,
        wording: notices.Wording,
        to: str,
        context: dict[str, str],
        at: datetime,
        about: int,
        team: int | None,
        about_kind: str = "referral",
    ) -> None:
        subject, body = wording.words_for("email")
        state: dict[str, Any] = {
            "state": "sent",
            "tries": 1,
            "sent_at": at + timedelta(seconds=self.rng.randint(1, 40)),
            "next_try_at": None,
            "problem": "",
        }
        if at > self.story.now - timedelta(days=5) and self._happens("failed", WRONG_ADDRESS):
            state = {
                "state": "failed",
                "tries": 1,
                "sent_at": None,
                "next_try_at": None,
                "problem": "The mail server refuses this address: there is no such mailbox.",
            }
        elif at > self.story.now - timedelta(days=4) and self._happens("waiting", 0.02):
            state = {
                "state": "waiting",
                "tries": 6,
                "sent_at": None,
                "next_try_at": self.story.now + timedelta(days=1),
                "problem": "The mail server did not answer. It is tried again.",
            }
        key = self._id()
        self.book.add(
            "notices.Notice",
            at,
            None,
            id=key,
            key=wording.key,
            channel="email",
            to=to,
            subject=notices.fill(subject, context),
            body=notices.fill(body, context),
            secrets=[],
            about_kind=about_kind,
            about_id=about,
            team_id=team,
            once_key=f"demo:{key}",
            made_at=at,
            provider_reference="",
            **state,
        )

    # Cases

    def case(self, case: Case) -> None:
        """Let another hub take a case over, or open one again."""
        now = self.story.now
        last = max(case.last_at, case.row["closed_at"] or case.last_at)
        if case.row["status"] == "open" and now - last > timedelta(hours=20):
            if case.row["first_contact_at"] and self._happens("hand_over", TAKEN_OVER):
                with self._own_chance():
                    self._hand_over(case, self._between(last, now))
            elif (
                case.row["first_contact_at"]
                and (self.asked or case.slug != "banbury")
                and self._happens("offer", OFFERED)
            ):
                with self._own_chance():
                    early = max(last, now - timedelta(days=9))
                    self._offer(case, self._between(early, now))
            if (
                case.row["worker_id"] == case.hands[-1][1].user  # not handed over
                and case.row["first_contact_at"]
                and self._happens("step_up", STEPPED_UP)
            ):
                with self._own_chance():
                    early = max(last, now - timedelta(days=5))
                    asked_lately(case, self.rng, self._between(early, now), self.stepped_up % 4)
                    self.stepped_up += 1
        elif (
            case.row["status"] == "closed"
            and timedelta(days=3) < now - last < timedelta(days=150)
            and case.row["closing_reason"] != "no_contact"
            and self._happens("reopen", OPENED_AGAIN)
        ):
            with self._own_chance():
                self._reopen(case, self._between(last + timedelta(days=1), now))

    def _between(self, after: datetime, before: datetime) -> datetime:
        """Return a moment between two, nearer the later one."""
        return after + (before - after) * self.rng.uniform(0.4, 0.9)

    def _hand_over(self, case: Case, at: datetime) -> None:
        story, request = self.story, case.request
        slug = self.rng.choice([slug for slug in story.ground.hubs if slug != case.slug])
        hub = story.ground.hubs[slug]
        reason = self.rng.choice(HAND_OVER_REASON).format_map(request.who | {"hub": hub.name})
        by = story.scene.managers[slug]
        there = [worker for worker in story.scene.workers[slug] if worker.there(at.date())]
        if not there:
            return
        worker = min(there, key=lambda w: (len(w.closings) / max(1, w.room), w.user))
        offered = max(case.last_at, at - timedelta(days=self.rng.randint(1, 3)))
        answer = {"state": "accepted", "worker_id": worker.user}
        answer |= {"answered_at": at, "answered_by_id": by[0]}
        offer(case, self.rng, hub.team, reason, offered, **answer)
        self.book.add(
            "casework.Handover",
            at,
            by[0],
            case_id=case.row.id,
            from_team_id=case.row["team_id"],
            to_team_id=hub.team,
            reason=reason,
            by_id=by[0],
            at=at,
        )
        case.allocation.change(at, by[0], until=at)
        for family in request.records():
            request.standing(family, at, by[0], team=hub.team)
        request.known_to(hub.team)
        request.row.change(at, by[0], team_id=hub.team)
        request.step("moved", at, by[0], words_=f"{hub.name} helps the family now.", told=True)
        case.row.change(
            at, by[0], team_id=hub.team, worker_id=None, allocated_at=None, status="unallocated"
        )
        case.log("case.handed_over", at, by, {"hub": hub.name, "reason": reason}, team=hub.team)
        self._given_to(case, worker, by, at)
        let_go(case, at, by[0])

    def _offer(self, case: Case, at: datetime) -> None:
        """A case is offered to another hub: most wait for an answer, some were declined or stay."""
        story, by = self.story, case.manager
        others = [slug for slug in story.ground.hubs if slug != case.slug]
        # Banbury, whose manager one signs in as, has something to answer.
        slug = "banbury" if "banbury" in others and self.asked < 2 else self.rng.choice(others)
        self.asked += slug == "banbury"
        hub = story.ground.hubs[slug]
        reason = self.rng.choice(HAND_OVER_REASON).format_map(case.request.who | {"hub": hub.name})
        which = self.rng.random()
        answered = at + timedelta(hours=self.rng.randint(3, 30))
        answer: dict[str, Any] = {}
        if self.asked > 1 and which < 0.4 and answered < story.now:
            ended = which < 0.25
            who = story.scene.managers[slug] if ended else by
            answer = {
                "state": "declined" if ended else "withdrawn",
                "answered_by_id": who[0],
                "answered_at": answered,
                "answer": DECLINED if ended else WITHDRAWN,
            }
        offer(case, self.rng, hub.team, reason, at, **answer)

    def _reopen(self, case: Case, at: datetime) -> None:
        by, row = case.manager, case.row
        reason = self.rng.choice(REOPENING_REASON).format_map(case.request.who)
        names = ("closed_at", "closing_reason", "outcome", "closing_words", "family_words")
        self.book.add(
            "casework.Reopening",
            at,
            by[0],
            case_id=row.id,
            reason=reason,
            by_id=by[0],
            at=at,
            **{f"had_{name}": row[name] for name in names},
        )
        row.change(
            at,
            by[0],
            **dict.fromkeys(names[1:], ""),
            closed_at=None,
            status="unallocated",
            worker_id=None,
            allocated_at=None,
        )
        case.request.step("resumed", at, by[0], words_="We help the family again.", told=True)
        case.log("case.reopened", at, by, {"reason": reason})
        self._given_again(case, case.slug, at)

    def _given_again(self, case: Case, slug: str, at: datetime) -> None:
        """The hub's manager finds a worker within a day; some wait for one now."""
        story = self.story
        given = at + timedelta(hours=self.rng.randint(2, 26))
        there = [worker for worker in story.scene.workers[slug] if worker.there(given.date())]
        if given >= story.now or not there:
            return
        worker: Worker = min(there, key=lambda w: (len(w.closings) / max(1, w.room), w.user))
        self._given_to(case, worker, story.scene.managers[slug], given)

    def _given_to(self, case: Case, worker: Worker, by: tuple[int, str], given: datetime) -> None:
        case.allocation = self.book.add(
            "casework.Allocation",
            given,
            by[0],
            case_id=case.row.id,
            worker_id=worker.user,
            since=given,
            until=None,
            by_id=by[0],
            reason="Has room, and knows the school.",
        )
        case.row.change(given, by[0], status="open", worker_id=worker.user, allocated_at=given)
        for action in case.actions:
            if action["owner_id"] and not action["done_on"] and not action["dropped_on"]:
                action.change(given, by[0], owner_id=worker.user)
        after = {"worker": worker.name, "reason": "Has room, and knows the school."}
        case.log("case.given", given, by, after, team=case.row["team_id"])

    # Emergencies

    def emergencies(self) -> None:
        """A few looks in an emergency, by workers of other hubs; all but the last are reviewed."""
        story, rng = self.story, self.rng
        chosen = rng.sample(
            self.looks, k=min(EMERGENCIES, max(2, len(self.looks) // 60), len(self.looks))
        )
        for left, request in zip(reversed(range(len(chosen))), chosen, strict=True):
            # The last one was yesterday, and nobody has reviewed it yet.
            at = story.now - timedelta(hours=14)
            if left:
                at = self._between(request.at + timedelta(days=1), story.now - timedelta(days=3))
            hubs = [slug for slug in story.ground.hubs if slug != request.home.hub]
            workers = [w for slug in hubs for w in story.scene.workers[slug] if w.there(at.date())]
            with self._own_chance():
                self._look(request, rng.choice(workers), at, reviewed=bool(left))

    def _look(self, request: Request, worker: Worker, at: datetime, *, reviewed: bool) -> None:
        story, family = self.story, request.family
        until = at + timedelta(hours=4)
        reason = self.rng.choice(EMERGENCY_REASON).format_map(request.who)
        by = (worker.user, worker.name)
        look = self.book.add(
            "families.EmergencyAccess",
            at,
            worker.user,
            family_id=family.id,
            user_id=worker.user,
            reason=reason,
            at=at,
            until=until,
            reviewed_by_id=None,
            reviewed_at=None,
            review="",
            justified=None,
        )
        for record in request.records():
            self.book.add(
                "families.Standing",
                at,
                worker.user,
                family_id=record,
                team_id=None,
                user_id=worker.user,
                reason="emergency",
                merge_id=None,
                since=at,
                until=until,
            )
        about = ("families.family", family["reference"])
        after: dict[str, Any] = {"reason": reason, "until": until.isoformat()}
        told: dict[str, Any] = {
            "family": family.id,
            "team": story.scene.desk_team,
            "after": after,
        }
        story.log("family.emergency", at, by, family, *about, **told)
        story.saw(by, family.id, "family", at + timedelta(minutes=2))
        if not reviewed:
            return
        dpo, when = story.scene.dpo, story.work_moment((at + timedelta(days=1)).date())
        when = min(max(when, until), story.now - timedelta(minutes=5))
        look.change(
            when,
            dpo[0],
            reviewed_by_id=dpo[0],
            reviewed_at=when,
            review=REVIEW,
            justified=True,
        )
        told["after"] = {"justified": True, "review": REVIEW}
        story.log("emergency.reviewed", when, dpo, look, "families.emergencyaccess", "emergency look", **told)  # fmt: skip


def _pdf(lines: list[str]) -> bytes:
    """Return a page of plain text as a PDF: small, and the same each time."""
    safe = [line.replace("\\", "").replace("(", "[").replace(")", "]") for line in lines]
    shown = " ".join(f"({line}) '" for line in safe)
    text = f"BT /F1 11 Tf 60 780 Td 16 TL {shown} ET".encode("latin-1", "replace")
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(parts) + 1, table)
    return out + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(parts) + 1,
        start,
    )
