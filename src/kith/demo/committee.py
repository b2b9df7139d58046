"""The scrutiny committee of the demonstration county: who sits on it, a review of the hubs a year ago, the
meetings since, and the next. Everybody is invented; days are counted from the day the county is made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from kith.accounts.models import User
from kith.accounts.viewer import seeing_as
from kith.demo.calendar import LONDON
from kith.demo.people import address
from kith.places.queries import districts
from kith.scrutiny.actions import (
    committees,
    importing,
    inviting,
    meetings,
    minutes,
    papers,
    plan,
    publishing,
)
from kith.scrutiny.models import Committee, Item, Meeting, Seat
from kith.scrutiny.queries import seats_at

NAME = "Children’s Services Scrutiny Committee"
PLACE = "County Hall, Committee Room 2"
# Name, title, group, division, and whether councillor@ signs in as them.
COUNCILLORS = (
    ("Margaret Aldworth", "Group A", "Wheatley"),
    ("Tariq Hussein", "Group B", "Cowley"),
    ("Joan Pettifer", "Group A", "Witney South"),
    ("Colin Draycott", "Group C", "Abingdon North"),
    ("Shirley Ambrose", "Group B", "Banbury Grimsbury"),
    ("Peter Lovelock", "Group A", "Wantage"),
    ("Dilys Morgan", "Group C", "Headington"),
    ("Raymond Stokes", "Group A", "Bicester Town"),
)
# In which district each division lies.
DISTRICTS = {
    "Wheatley": "E07000179", "Cowley": "E07000178", "Witney South": "E07000181",
    "Abingdon North": "E07000180", "Banbury Grimsbury": "E07000177", "Wantage": "E07000180",
    "Headington": "E07000178", "Bicester Town": "E07000177",
}  # fmt: skip
OWN_NOTES = (
    "Ask how many families waited longer than promised, and in which hub.",
    "Headington parents told me that they did not know there was a hub. Ask who tells them.",
    "The figures on page 2 do not say of which months they are.",
    "Thank the staff of the hub that we saw.",
)
CO_OPTED = (("Hester Quill", "Mrs", "Parent governors"), ("Ivor Bright", "Mr", "A diocese"))
DIRECTOR = ("", "Deputy Director, Education and Early Intervention")
MANAGER = ("", "Early Intervention Service Manager")
PROGRAMME = ("", "Thriving Families Programme Manager")


@dataclass(frozen=True)
class Said:
    """A sentence of minutes: what it is, who speaks, the words, and the place of what it answers."""

    kind: str
    words: str
    speaker: str = ""
    answers: int | None = None
    asked: tuple[str, str, int] | None = None  # a line of the plan: kind, title, meetings from then
    votes: tuple[int, int, int] | None = None


@dataclass(frozen=True)
class Topic:
    """An item of an agenda with its minutes."""

    title: str
    words: str
    asks: tuple[tuple[str, str], ...] = ()
    said: tuple[Said, ...] = ()
    kind: str = "topic"
    exempt: tuple[int, ...] = ()
    why: str = ""
    options: str = ""  # an options paper that is to follow


REVIEW = Topic(
    "Early Intervention Hubs",
    "Officers will give an overview and a case study. Members who visited the hubs this month report what "
    "they saw, and the committee agrees the themes of its review.",
    (DIRECTOR, MANAGER),
    (
        Said("statement", "Every hub was visited by at least two members in the last four weeks. Staff were "
             "committed, and spoke openly about what had been hard.", "Cllr Aldworth"),
        Said("presentation", "An overview of the hubs after their first year: who asks for help, what "
             "each hub gives, and where demand has grown.", "Deputy Director"),
        Said("question", "How does a family know what a hub does not offer?", "Cllr Hussein"),
        Said("response", "At present from the worker they meet. A written core offer would help.",
             "Service Manager", 2),
        Said("concern", "Capacity is stretched: staff told visitors that waiting lists grow where two "
             "posts are vacant.", "Cllr Pettifer"),
        Said("resolution", "That the committee’s report on the hubs, with nine recommendations under four "
             "themes, be agreed and sent to the executive for an answer.", votes=(8, 0, 1)),
        Said("request", "That the hubs come back to the committee in twelve months, with figures.",
             asked=("return", "Early Intervention Hubs: what has changed", 3)),
    ),
)  # fmt: skip
THRIVING = Topic(
    "Thriving Families: information update",
    "The programme manager will tell how families are found and what was achieved.",
    (PROGRAMME,),
    (
        Said("presentation", "Families are found across agencies by criteria that "
             "change as the programme learns.", "Programme Manager"),
        Said("question", "What stops it from doing twice what the hubs do?", "Cllr Draycott"),
        Said("response", "It adds to the hubs, and its workers sit with them.", "Programme Manager", 1),
        Said("question", "Which research shows that this approach helps?", "Cllr Morgan"),
    ),
    kind="update",
)  # fmt: skip
LOOKED_AFTER = Topic(
    "Looked after children",
    "The executive’s report, as the committee asked in September.",
    (DIRECTOR,),
    (Said("resolution", "That the report be noted."),),
)
BUDGET = Topic(
    "Budget of early intervention",
    "Spending to the end of the quarter, and what is expected by the end of the year.",
    (DIRECTOR,),
    (
        Said("question", "Why is less spent than was planned?", "Cllr Lovelock"),
        Said("response", "Posts were empty for longer than expected; a written answer follows.",
             "Deputy Director", 0),
        Said("request", "That a written answer on the underspend come to the next meeting.",
             asked=("request", "Why less was spent than planned", 1)),
    ),
)  # fmt: skip
RETURN = Topic(
    "Early Intervention Hubs: what has changed",
    "A year after its review the committee looks at each recommendation: what was answered, what was done, "
    "and what the figures say.",
    (DIRECTOR, MANAGER, ("", "Housing options manager, Cherwell District Council")),
    (
        Said("presentation", "What was done about each recommendation, and the figures then and now.",
             "Service Manager"),
        Said("concern", "Some figures cannot tell yet whether anything changed.", "Cllr Morgan"),
        Said("resolution", "That progress be noted, and that the committee look again at the "
             "recommendations that are not achieved.", votes=(7, 0, 1)),
    ),
    kind="follow_up",
)  # fmt: skip
PLACEMENT = Topic(
    "Rent of a hub’s premises",
    "Terms that the council was offered for premises.",
    (DIRECTOR,),
    kind="topic",
    exempt=(3,),
    why="The other side would learn what the council is ready to pay.",
)
NEXT = Topic(
    "Housing and families: district councils",
    "Officers of the district councils have been asked to tell how housing is given to families in need.",
    (
        ("", "Head of Housing, Cherwell District Council"),
        ("", "Head of Housing, Oxford City Council"),
    ),
)
GRANTS = Topic(
    "Grants to voluntary groups",
    "The options for grants that the committee asked for.",
    (DIRECTOR,),
    options="Grants to voluntary groups: options",
)
# Days from today, what is on the agenda, and how far it has come.
MEETINGS: tuple[tuple[int, tuple[Topic, ...], str], ...] = (
    (-424, (THRIVING, REVIEW), "confirmed"),
    (-368, (LOOKED_AFTER, BUDGET), "confirmed"),
    (-235, (THRIVING,), "confirmed"),
    (-60, (RETURN, PLACEMENT), "cleared"),
    (9, (NEXT, BUDGET, GRANTS), "called"),
    (65, (), "planned"),
)

FROM_BEFORE = """{committee} - Wednesday, 12 June 2019 10.00 am

Present: Councillor Margaret Aldworth (in the chair), Councillor Colin Draycott, Councillor Wilfred Ames

41/19 Apologies for absence
Minutes:
Apologies were received from Councillor Joan Pettifer and Hester Quill.

42/19 Minutes
Minutes:
The minutes of the meeting held on 10 April 2019 were approved as a correct record.

43/19 Children’s centres
Minutes:
Councillor Draycott asked how many families come from villages without a bus.
In response, the Early Intervention Service Manager said that nobody counts it yet.
The committee requested that a report on journeys to the centres come to the September meeting.
RESOLVED: that the committee visit two centres before then.

45/19 Close
The meeting finished at 12.15 pm.
"""


def tell_committee(today: date, now: datetime) -> None:
    """Make the committee with its meetings, through the room's own actions."""
    officer = User.objects.get(email=address("officer"))
    now -= timedelta(hours=2)
    with seeing_as(officer):
        committee = _committee(officer, today)
        told: list[Meeting] = []
        for days, topics, state in MEETINGS:
            told.append(_meeting(committee, officer, today, days, topics, state, told, now))
        _requests(committee, officer, told, now)
        _decisions(officer, today, now)
        publishing.publish_plan(committee=committee, by=officer, at=now)
        _from_before(committee, officer, now)
    councillor = User.objects.get(email=address("councillor"))
    with seeing_as(councillor):
        _own_notes(councillor, told, now)


def _own_notes(councillor: User, told: list[Meeting], now: datetime) -> None:
    """Leave a councillor's own notes under items of the last meetings and the next, which only they read."""
    notes = iter(OWN_NOTES)
    for meeting in reversed(told):
        topics = meeting.items.filter(kind=Item.Kind.TOPIC).order_by("order")
        for item, words in zip(topics, notes, strict=False):
            meetings.note_for_oneself(
                item=item, words=words, by=councillor, at=min(now, meeting.starts_at)
            )


def _from_before(committee: Committee, officer: User, now: datetime) -> None:
    """Leave minutes of years ago for an officer to look through and bring in, as a page gave them."""
    held = FROM_BEFORE.format(committee=committee.name).encode()
    importing.read_file(
        committee=committee, name="minutes-2019-06-12.txt", held=held, by=officer, at=now
    )


def _committee(officer: User, today: date) -> Committee:
    early = today - timedelta(days=900)
    at = datetime.combine(early, time(9), tzinfo=LONDON)
    committee = committees.set_up_committee(
        details={
            "name": NAME,
            "remit": "Looks into the council’s services for children and families: early help, education "
            "and children’s social care.",
            "since": early,
            "next_number": 201,
            "usual_place": PLACE,
            "contact": "Committee Services, 01865 000000",
            "contact_email": address("officer"),
            "quorum": 3,
            "team": _team(),
        },
        by=officer,
        at=at,
    )
    councillor = User.objects.get(email=address("councillor"))
    known = {one.code for one in districts()}
    for place, (name, group, division) in enumerate(COUNCILLORS):
        details: dict[str, Any] = {
            "name": name, "called": "Cllr", "group": group, "division": division, "councillor": True,
            "district": DISTRICTS[division] if DISTRICTS[division] in known else "",
        }  # fmt: skip
        if place == 6:
            details["user"] = councillor
        member = committees.keep_member(details=details, by=officer, at=at)
        role = {0: Seat.Role.CHAIR, 1: Seat.Role.VICE}.get(place, Seat.Role.MEMBER)
        committees.give_seat(
            committee=committee, member=member, role=role, since=early, by=officer, at=at
        )
    for name, called, represents in CO_OPTED:
        member = committees.keep_member(
            details={"name": name, "called": called, "represents": represents, "councillor": False},
            by=officer,
            at=at,
        )
        committees.give_seat(
            committee=committee,
            member=member,
            role=Seat.Role.CO_OPTED,
            votes=Seat.Votes.EDUCATION,
            since=early,
            by=officer,
            at=at,
        )
    return committee


def _team() -> Any:
    councillor = User.objects.get(email=address("councillor"))
    return councillor.memberships.get(role="committee_member").team


def _meeting(
    committee: Committee,
    officer: User,
    today: date,
    days: int,
    topics: tuple[Topic, ...],
    state: str,
    before: list[Meeting],
    now: datetime,
) -> Meeting:
    on = today + timedelta(days=days)
    on += timedelta(days=(2 - on.weekday()) % 7)  # a Wednesday
    starts = datetime.combine(on, time(10), tzinfo=LONDON)
    planned = min(starts - timedelta(days=90), now)
    called = min(starts - timedelta(days=12), now - timedelta(hours=3))
    meeting = meetings.plan_meeting(
        committee=committee,
        starts_at=starts,
        ends_at=starts + timedelta(hours=3),
        place=PLACE,
        by=officer,
        at=planned,
    )
    publishing.announce(meeting=meeting, by=officer, at=planned)
    for topic in topics:
        _item(meeting, topic, officer, planned)
    if state == "planned":
        return meeting
    short = "The room had to be changed." if (on - called.date()).days < 9 else ""
    publishing.publish_agenda(meeting=meeting, short_notice=short, by=officer, at=called)
    meeting.refresh_from_db()
    if state != "called":
        _hold(meeting, topics, officer, before, confirm=state == "confirmed")
    return meeting


def _item(meeting: Meeting, topic: Topic, officer: User, at: datetime) -> Item:
    details = {
        "title": topic.title,
        "words": topic.words,
        "kind": topic.kind,
        "exempt": bool(topic.exempt),
        "paragraphs": list(topic.exempt),
        "public_interest": topic.why,
        "minutes_planned": 40,
    }
    item = meetings.write_item(meeting=meeting, details=details, by=officer, at=at)
    for name, post in topic.asks:
        body = post.partition(", ")[2] if post.endswith("Council") else ""
        inviting.invite(item=item, name=name, post=post, body=body, by=officer, at=at)
    if topic.options:
        details = {"title": topic.options, "kind": "options", "author": DIRECTOR[1]}
        papers.keep_paper(item=item, details=details, by=officer, at=at)
    return item


def _hold(
    meeting: Meeting,
    topics: tuple[Topic, ...],
    officer: User,
    before: list[Meeting],
    *,
    confirm: bool,
) -> None:
    start = meeting.starts_at
    over = start + timedelta(hours=2, minutes=50)
    seats = [seat.member for seat in seats_at(meeting)]
    minutes.say_attendance(
        meeting=meeting, member=seats[-1], state="apologies", by=officer, at=start
    )
    minutes.say_attendance(
        meeting=meeting,
        member=seats[3],
        state="present",
        left_at=start + timedelta(hours=2),
        left_because="Another meeting",
        by=officer,
        at=start,
    )
    minutes.all_present(meeting=meeting, by=officer, at=start)
    meetings.end_meeting(
        meeting=meeting, began_at=start, finished_at=over, chair=str(seats[0]), by=officer, at=over
    )
    items = {item.title: item for item in meeting.items.all()}
    kinds = {item.kind: item for item in meeting.items.all()}
    _say(
        kinds["declarations"],
        (Said("note", "There were no declarations of interests."),),
        officer,
        over,
    )
    if before:
        words = (
            f"That the minutes of {before[-1].starts_at:%d %B %Y} be confirmed as a correct record."
        )
        _say(kinds["minutes"], (Said("resolution", words),), officer, over)
    minutes.keep_question(
        meeting=meeting,
        details={
            "asked_by": "A parent of two",
            "named": False,
            "words": "How long does a family in the countryside wait for a first meeting?",
            "answer": "The figures of each hub are published; where it is longer, a worker comes to them.",
            "answered_by": "Deputy Director, Education and Early Intervention",
        },
        by=officer,
        at=over,
    )
    for topic in topics:
        _say(items[topic.title], topic.said, officer, over)
        for invited in items[topic.title].invited.all():
            inviting.say_who_came(invited=invited, came="attended", by=officer, at=over)
    after = over + timedelta(days=6)
    minutes.call_draft(meeting=meeting, by=officer, at=after)
    minutes.clear(meeting=meeting, cleared_by=str(seats[0]), by=officer, at=after)
    publishing.publish_minutes(meeting=meeting, by=officer, at=after)
    waiting = [one for one in before if one.minutes == Meeting.Minutes.CLEARED]
    for one in waiting:
        minutes.confirm(meeting=one, at_meeting=meeting, by=officer, at=over)
        one.refresh_from_db()
        publishing.publish_minutes(meeting=one, by=officer, at=over)
    meeting.refresh_from_db()
    assert confirm or meeting.minutes == Meeting.Minutes.CLEARED


def _say(item: Item, said: tuple[Said, ...], officer: User, at: datetime) -> None:
    points: list[Any] = []
    for one in said:
        yes, no, none = one.votes or (None, None, None)
        details = {
            "kind": one.kind,
            "speaker": one.speaker,
            "words": one.words,
            "answers": points[one.answers] if one.answers is not None else None,
            "votes_for": yes,
            "votes_against": no,
            "abstained": none,
            "carried": one.votes and (yes or 0) > (no or 0),
        }
        points.append(minutes.write_point(item=item, details=details, by=officer, at=at))


def _requests(committee: Committee, officer: User, told: list[Meeting], now: datetime) -> None:
    """Make lines of the plan of what was asked for; what has come since is done."""
    for number, (_, topics, _) in enumerate(MEETINGS):
        for topic in topics:
            for said in topic.said:
                if said.asked is None or told[number].minutes == Meeting.Minutes.NONE:
                    continue
                kind, title, later = said.asked
                due = told[min(number + later, len(told) - 1)]
                point = _point(told[number], topic, said)
                over = due.state == Meeting.State.HELD
                details = {"kind": kind, "title": title, "due_meeting": None if over else due}
                entry = plan.keep_entry(
                    committee=committee, details=details, point=point, by=officer, at=now
                )
                if over:
                    words = f"It came to the meeting of {due.starts_at:%d %B %Y}."
                    plan.close_entry(entry=entry, done=True, outcome=words, by=officer, at=now)
    for title, kind, why in (
        ("Volunteers in the hubs", "topic", "Whether hubs find, keep and use volunteers."),
        ("Visit to the East Oxford hub", "seminar", "Members who have not been there."),
    ):
        details = {"title": title, "kind": kind, "why": why, "due_meeting": told[-1]}
        plan.keep_entry(committee=committee, details=details, by=officer, at=now)


def _point(meeting: Meeting, topic: Topic, said: Said) -> Any:
    item = meeting.items.get(title=topic.title)
    return item.points.get(words=said.words)


def _decisions(officer: User, today: date, now: datetime) -> None:
    for title, days, decided in (
        ("How money is shared between the hubs", 40, ""),
        ("Premises for the Littlemore hub", -30, "That premises be rented for three years."),
    ):
        on = today + timedelta(days=days)
        kept = plan.keep_decision(
            details={
                "title": title,
                "matter": "A decision of the executive that several divisions will feel.",
                "maker": "The Cabinet: the leader and eight members",
                "first": on,
                "last": on,
                "where": "Committee Services, County Hall",
                "decided_on": on if decided else None,
                "decision": decided,
            },
            by=officer,
            at=now,
        )
        publishing.publish_decision(decision=kept, by=officer, at=now)
