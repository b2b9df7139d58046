"""Teams around the demonstration county's families: who is in them, their meetings, their minutes."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from kith.casework.assessment_form import OF_OTHERS
from kith.demo import names, words
from kith.demo.book import Row
from kith.demo.sharing import ground_for
from kith.demo.words import say

if TYPE_CHECKING:
    from kith.demo.helping import Case
    from kith.demo.scene import Place

HAS_TEAM = 0.4  # of families whom somebody has reached
PARTNER_LEADS = 0.3  # of teams with somebody of a school
FORGOTTEN = 0.08  # of meetings that nobody wrote down
READS = 0.5  # of partners in a team, where an assessment is signed
MOST_PARTNERS = 3
FIRST_CHOICE = 0.8  # whom a partner sends: mostly the one who deals with the hub
CLOSED = "The case was closed."
AGENDA = (
    "How the last weeks were, what is done, and what comes next.",
    "School days: what helps, and who does what until the holidays.",
    "The plan as it stands, and whether the family needs all of it.",
)


SAID = (
    "Everybody said one thing that is better and one thing that is not.",
    "{mum} told how the mornings go now. School tells the same day when {child} is late.",
    "{child} came for the first half and said what helps: somebody to sit with at lunch.",
    "We went through the plan line by line. What is done came off; nothing new for now.",
    "{mum} asked that not everybody rings in the same week. The worker rings, the others write.",
    "Whether all of us are still needed: yes until the end of term, then we look again.",
)


def meet(case: Case, first: datetime, ends: datetime) -> None:
    """Bring a team together, and let it meet every few weeks until the end or today."""
    rng, story = case.rng, case.story
    last = min(ends, story.now)
    formed = case.moment(first + timedelta(days=rng.randint(10, 20)))
    places = _places(case)
    if not places or formed >= last or rng.random() >= HAS_TEAM:
        return
    over = ends if ends < story.now else None
    members = [
        _member(case, formed, over, kind="worker", name=(worker := case.worker_at(formed)).name,
                role="Family worker", user_id=worker.user),
        _member(case, formed, over, kind="family", role="Mother" if case.request.home.carer.sex == "F" else "Father",
                name=f"{case.request.home.carer.given} {case.request.home.carer.surname}",
                person_id=case.request.home.carer.row.id if case.request.home.carer.row else None),
        *(_partner(case, formed, over, place) for place in places),
    ]  # fmt: skip
    case.partners = members[2:]
    _lead(case, formed, over, places, members)
    at = case.moment(formed + timedelta(days=rng.randint(4, 12)))
    while at < last:
        at = at.replace(hour=rng.choice((10, 11, 14, 15)), minute=rng.choice((0, 30)), second=0)
        called = case.moment(at - timedelta(days=rng.randint(6, 12)))
        _meeting(case, members, called=max(called, formed), at=at)
        at = case.moment(at + timedelta(days=rng.randint(36, 48)))
    if over is None:
        soon = case.moment(story.now + timedelta(days=rng.randint(1, 24)))
        soon = soon.replace(hour=rng.choice((10, 14)), minute=0, second=0)
        called = max(formed, story.now - timedelta(days=rng.randint(1, 6)))
        if called < story.now < soon:
            _meeting(case, members, called=called, at=soon, to_come=True)


def let_read(case: Case, ends: datetime) -> None:
    """Let some partners of a team read the assessment, as the family agreed; and some have read it."""
    signed, story, rng = case.signed, case.story, Random(case.row.id)
    if signed is None or ends < story.now:
        return
    by_number = {place.id: place for place in story.scene.places}
    for member in case.partners:
        agreed = case.moment(max(signed["signed_at"], member["added_at"]) + timedelta(days=3))
        if agreed >= story.now or rng.random() >= READS:
            continue
        place = by_number[member["organisation_id"]]
        share = case.book.add(
            "casework.AssessmentShare", agreed, case.worker_at(agreed).user,
            assessment_id=signed.id, member_id=member.id,
            sharing_id=ground_for(case, place, agreed, purpose="assessment"),
            without=list(OF_OTHERS), since=agreed, until=None, ended_at=None,
        )  # fmt: skip
        looked = agreed + timedelta(days=rng.randint(1, 20), minutes=rng.randint(0, 300))
        if looked < story.now:
            case.book.add(
                "casework.AssessmentLook", looked, member["user_id"],
                share_id=share.id, on_paper=False, by_id=member["user_id"], at=looked,
            )  # fmt: skip


def _places(case: Case) -> list[Place]:
    """Return the partners that help: the child's school, and whoever has an action in the plan."""
    by_number = {place.id: place for place in case.story.scene.places}
    wanted = [case.request.child.school]
    wanted += [action["owner_organisation_id"] for action in case.actions]
    found = [by_number[number] for number in dict.fromkeys(wanted) if number in by_number]
    return found[:MOST_PARTNERS]


def _member(case: Case, at: datetime, over: datetime | None, **values: Any) -> Row:
    worker = case.worker_at(at)
    blank = {
        "organisation_id": None,
        "email": "",
        "user_id": None,
        "person_id": None,
        "family_known_as": "",
        "sharing_id": None,
        "withheld_at": None,
        "until": None,
        "left_because": "",
    }
    row = case.book.add(
        "casework.TeamMember", at, worker.user,
        **(blank | values), case_id=case.row.id, since=at.date(), added_by_id=worker.user, added_at=at,
    )  # fmt: skip
    by = (worker.user, worker.name)
    case.log_about("family_team.joined", at, by, row, "casework.teammember", row["name"])
    if over is not None:
        row.change(over, case.manager[0], until=over.date(), left_because=CLOSED)
    return row


def _partner(case: Case, at: datetime, over: datetime | None, place: Place) -> Row:
    rng = case.rng
    if place.senders:
        user, name, job = place.senders[0 if rng.random() < FIRST_CHOICE else -1]
        email = case.story.scene.emails[user]
    else:
        user, job = None, "Link worker"
        name = f"{rng.choice(names.BRITISH.women)} {rng.choice(names.BRITISH.surnames)}"
        email = f"{name.lower().replace(' ', '.')}@place{place.id}.example"
    return _member(
        case, at, over,
        kind="partner", name=name, role=job, organisation_id=place.id, email=email, user_id=user,
        family_known_as=case.request.home.name,
        sharing_id=ground_for(case, place, at, purpose="team"),
    )  # fmt: skip


def _lead(
    case: Case, at: datetime, over: datetime | None, places: list[Place], members: list[Row]
) -> None:
    schools = [
        row for row, place in zip(members[2:], places, strict=True) if place.kind == "school"
    ]
    led_by_school = [row for row in schools if row["user_id"]] and case.rng.random() < PARTNER_LEADS
    chosen = schools[0] if led_by_school else members[0]
    if chosen["user_id"] is None:
        return
    worker = case.worker_at(at)
    row = case.book.add(
        "casework.LeadProfessional", at, worker.user,
        case_id=case.row.id, member_id=chosen.id, since=at, until=None, by_id=worker.user,
    )  # fmt: skip
    if over is not None:
        row.change(over, case.manager[0], until=over)


def _meeting(
    case: Case, members: list[Row], *, called: datetime, at: datetime, to_come: bool = False
) -> None:
    rng, book = case.rng, case.book
    worker = case.worker_at(called)
    meeting = book.add(
        "casework.TeamMeeting", called, worker.user,
        case_id=case.row.id, uid=uuid.UUID(int=rng.getrandbits(128), version=4), sequence=0,
        starts_at=at, minutes_long=60, place=f"{case.request.hub.name} hub",
        agenda=rng.choice(AGENDA), called_by_id=worker.user, called_at=called,
        cancelled_at=None, cancelled_because="",
    )  # fmt: skip
    by = (worker.user, worker.name)
    case.log_about("meeting.called", called, by, meeting, "casework.teammeeting", "meeting")
    forgotten = to_come or rng.random() < FORGOTTEN
    there = []
    for member in members:
        reply = rng.choices(("coming", "apologies", ""), (7, 1, 2))[0]
        seat = book.add(
            "casework.MeetingSeat", called, worker.user,
            meeting_id=meeting.id, member_id=member.id, reply=reply, reply_words="",
            replied_at=called + timedelta(minutes=30) if reply else None, attendance="",
        )  # fmt: skip
        came = {"apologies": "apologies", "": "absent"}.get(reply, "attended")
        if member["kind"] != "partner":
            came = "attended"
        if not forgotten:
            seat.change(at + timedelta(hours=1), worker.user, attendance=came)
        there.append((member, came))
    if forgotten:
        return
    written = case.moment(at + timedelta(days=rng.randint(0, 2), hours=2))
    if written >= case.story.now:
        return
    minutes = book.add(
        "casework.Minutes", written, worker.user,
        meeting_id=meeting.id, version=1, others="", by_id=worker.user, at=written,
        discussion=f"{say(rng, SAID, case.request.who)} {say(rng, words.SHOWN, case.request.who)}",
    )  # fmt: skip
    case.log_about("meeting.minutes", written, by, meeting, "casework.teammeeting", "meeting")
    for action in case.actions:
        ended_on = action["done_on"] or action["dropped_on"]
        if action["made_at"] < at and (ended_on is None or ended_on > at.date()):
            book.add(
                "casework.ReviewedAction", written, worker.user,
                minutes_id=minutes.id, action_id=action.id, what=action["what"],
                owner=case.story.scene.names.get(action["owner_organisation_id"]) or worker.name,
                state=f"Goes on, due {action['due_on']:%-d %B %Y}", words="",
            )  # fmt: skip
    for member, _ in there:
        book.add(
            "casework.MinutesCopy", written, worker.user,
            minutes_id=minutes.id, member_id=member.id, by_id=worker.user, at=written,
        )  # fmt: skip
