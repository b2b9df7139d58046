"""The committee's review of the hubs in the demonstration county: who visited which hub, what they noted
there in their own words, and the next review, whose visits are still to come. Everything is invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

from kith.accounts.models import User
from kith.accounts.viewer import front_door, seeing_as
from kith.demo.calendar import LONDON
from kith.demo.people import address
from kith.hubs.calendar import is_working_day
from kith.hubs.models import Hub
from kith.notices.models import Notice
from kith.scrutiny.actions import notes, practice, themes, visits
from kith.scrutiny.models import Committee, GuideQuestion, Member, Review, Visit

NAMES = UUID("5a1a3a5e-2012-4926-9a26-000000000009")  # of notes: the same county has the same keys
BEFORE_THE_MEETING = 446  # days from today: visits begin about three weeks before it


@dataclass(frozen=True)
class Seen:
    """A note: which visitor, under which question of the guide (from 1), whose words, and the words."""

    who: int
    question: int
    words: str
    whose: str = "own"


# Which members went to each hub (their places in the committee), and what they noted.
HUBS: dict[str, tuple[tuple[int, ...], tuple[Seen, ...]]] = {
    "abingdon": ((3, 5), (
        Seen(0, 1, "Staff were proud of what they do and spoke warmly of one another."),
        Seen(1, 1, "The team is committed, but two people told me they take work home most evenings."),
        Seen(0, 2, "One post has been empty since spring, and the others share its families."),
        Seen(1, 3, "The building is welcoming. The ground floor kitchen makes it feel like a home."),
        Seen(0, 5, "Three rooms for families are enough on most days, and all were in use."),
        Seen(0, 6, "Requests from secondary schools have doubled, mostly about attendance."),
        Seen(1, 7, "Families wait about five weeks for a first visit, longer for the group.", "staff"),
        Seen(1, 8, "Secondary schools know the hub well. Two primary schools had not heard of it.", "partner"),
        Seen(0, 9, "They listened to all of us, not only to my son.", "user"),
        Seen(1, 10, "A forum of partners meets every month and agrees who does what for a family."),
    )),
    "banbury": ((4, 6, 1), (
        Seen(0, 1, "Very committed staff. They laughed a lot, and knew every family we asked about."),
        Seen(1, 1, "Staff motivation is high, though nobody could say what next year’s budget will be."),
        Seen(0, 2, "All posts are filled. New staff shadow a colleague for a month, which they praised."),
        Seen(1, 3, "A house of its own with a garden: the best building I have seen on these visits."),
        Seen(2, 4, "A wheelchair reaches every room, and there is a hearing loop."),
        Seen(0, 5, "Two group rooms and plenty of space. Three groups can run at once."),
        Seen(2, 5, "I thought the space was short: a parent was spoken to in the corridor."),
        Seen(1, 6, "Demand grows every month, above all for help with behaviour at home."),
        Seen(2, 7, "Staff said waiting lists are short here because volunteers run the drop-in.", "staff"),
        Seen(0, 8, "Police come to the young people’s evening, and both sides speak well of it."),
        Seen(1, 8, "Voluntary groups want to help more, but do not know what the hub offers.", "partner"),
        Seen(0, 9, "I met other parents here, and we help each other now.", "user"),
        Seen(2, 10, "Volunteers are trained together and meet their own supervisor every fortnight."),
    )),
    "bicester": ((7, 0), (
        Seen(0, 1, "Staff are kind and patient. Morale has dipped since two colleagues left."),
        Seen(1, 2, "Two vacancies, both advertised twice without a candidate."),
        Seen(0, 3, "It is an office building, and a young parent told us it felt like going to see the bank."),
        Seen(1, 4, "Step-free throughout. Six parking places are not enough on group days."),
        Seen(0, 5, "There is no room for groups, so they meet in the library on Thursdays."),
        Seen(1, 6, "New housing brings young families faster than the hub can meet them."),
        Seen(0, 7, "Waiting lists have grown to seven weeks with two posts vacant.", "staff"),
        Seen(1, 8, "Schools praised the hub’s worker who was a teacher before.", "partner"),
        Seen(0, 8, "The district council’s housing officers and the hub rarely speak."),
        Seen(1, 9, "I waited a long time, and then it was very good.", "user"),
    )),
    "didcot": ((5, 2), (
        Seen(0, 1, "Strong teamwork. A worker showed us how goals are agreed with a family."),
        Seen(1, 2, "Staff asked for more training in autism. Time to think is short."),
        Seen(0, 3, "Five minutes from the station and easy to find. The lift was out of order."),
        Seen(1, 4, "With the lift out of order, a mother carried her pushchair up two floors."),
        Seen(0, 5, "Two family rooms and one for groups. Noise comes through the wall."),
        Seen(1, 6, "Most who ask are referred by schools; few find the hub by themselves."),
        Seen(0, 7, "Families wait four weeks. A letter every fortnight tells them so.", "staff"),
        Seen(1, 8, "Health visitors sit here on Tuesdays, and referrals have doubled since."),
        Seen(0, 8, "Nobody could tell us what the hub does not do. A written offer would help.", "partner"),
        Seen(1, 9, "I did not know such help was there until the school told me.", "user"),
    )),
    "east-oxford": ((1, 6, 0), (
        Seen(0, 1, "Staff are committed and tired. Everybody we met had worked late that week."),
        Seen(1, 1, "Motivation comes from the families, staff said, and not from the paperwork.", "staff"),
        Seen(2, 2, "One worker carries twenty-two families; fifteen were agreed."),
        Seen(0, 3, "The rooms are tired too: paint peels in the hall, and the heating failed twice."),
        Seen(1, 5, "Space is the greatest worry. There is no quiet room to talk in private."),
        Seen(2, 5, "Space seemed enough to me on a quiet afternoon, with two rooms free."),
        Seen(0, 6, "The hub meets the highest demand in the county with the same money as the others."),
        Seen(1, 7, "Waiting lists stand at nine weeks, and families ring every day.", "staff"),
        Seen(2, 8, "Thirty voluntary groups work nearby. Links with them are strong and personal."),
        Seen(0, 8, "Funding between hubs does not follow need, a partner said.", "partner"),
        Seen(1, 9, "Somebody here speaks my language, so I came back.", "user"),
        Seen(2, 10, "Young carers have an evening of their own, planned by themselves."),
    )),
    "littlemore": ((2, 4), (
        Seen(0, 1, "A small team with great heart. They know every head teacher by first name."),
        Seen(1, 2, "Staff share desks with library staff and store their files in a van."),
        Seen(0, 3, "The hub has no building of its own. The library closes at five, and so does the hub."),
        Seen(1, 3, "Sharing the library keeps the front door friendly, but facilities are poor."),
        Seen(0, 5, "No private room. Families talk between bookshelves."),
        Seen(1, 5, "Space is too short for any group of more than six people."),
        Seen(0, 6, "Demand is lower than elsewhere because people cannot see that there is a hub."),
        Seen(1, 8, "Families would rather meet in the village hall than come here.", "partner"),
        Seen(0, 9, "I would not come if my neighbours could see me in the library.", "user"),
        Seen(1, 10, "Meetings in a café on Fridays reach fathers who never came to the library."),
    )),
    "witney": ((2, 3), (
        Seen(0, 1, "Staff are cheerful and stay: most have been here since the beginning."),
        Seen(1, 2, "No vacancies, and three former school staff who know how schools think."),
        Seen(0, 3, "Bright rooms and a play corner. A child did not want to leave."),
        Seen(1, 4, "The bus from the villages runs every two hours. Without a car it is a day’s journey."),
        Seen(0, 5, "Enough space, thanks to the children’s centre next door."),
        Seen(1, 6, "Families in the villages are not reached; the map in the office shows it."),
        Seen(0, 7, "Waiting is short, two weeks at most.", "staff"),
        Seen(1, 8, "The children’s centre and the hub plan their year together.", "partner"),
        Seen(0, 8, "Primary schools in the west have no link with the hub yet."),
        Seen(1, 9, "When they came to our village hall I went. I cannot get to town.", "user"),
        Seen(0, 10, "Sessions in three village halls bring help to families without a car."),
    )),
}  # fmt: skip


def tell_visits(today: date, now: datetime) -> None:
    """Tell the review of the hubs, and begin the next one. Without a committee there is nothing to tell."""
    now -= timedelta(hours=1)
    committee = Committee.objects.filter(kind=Committee.Kind.SCRUTINY).order_by("pk").first()
    officer = User.objects.filter(email=address("officer")).first()
    if committee is None or officer is None:
        return
    with seeing_as(officer):
        members = list(
            Member.objects.filter(seats__committee=committee, councillor=True).order_by("pk")
        )
        review = _of_the_hubs(committee, members, officer, today)
        _themes(review, officer, now)
        _practice(review, officer, now)
        _next(committee, members, officer, today, now)
    with seeing_as(front_door()):
        # What was sent long ago waits for nothing.
        Notice.objects.filter(key__startswith="scrutiny.visit", sent_at=None).update(
            state=Notice.State.SENT, sent_at=now, next_try_at=None, tries=1
        )


def _begin(
    committee: Committee, officer: User, at: datetime, lead: Member, **details: Any
) -> Review:
    return visits.begin_review(
        committee=committee,
        details={"fewest_visitors": 2, "began_on": at.date(), "lead": lead, **details},
        first_day=None,
        by=officer,
        at=at,
    )


def _morning(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=LONDON)


def _plan(
    review: Review, hub: Hub, starts: datetime, officer: User, at: datetime, **more: str
) -> Visit:
    details = {
        **visits.place_of(hub),
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=2),
        "contact": "The hub manager, at reception",
        **more,
    }
    return visits.plan_visit(review=review, details=details, by=officer, at=at)


def _of_the_hubs(committee: Committee, members: list[Member], officer: User, today: date) -> Review:
    first = today - timedelta(days=BEFORE_THE_MEETING)
    at = _morning(first - timedelta(days=21))
    review = _begin(
        committee, officer, at, members[0],
        title="Early intervention hubs",
        aim="How do the hubs work after their first year? Is what they offer the same everywhere, who "
        "works with them, and do they have what they need?",
    )  # fmt: skip
    questions = list(review.guide.order_by("order"))
    day = first
    for slug, (places, seen) in HUBS.items():
        hub = Hub.objects.filter(slug=slug).first()
        if hub is None:
            continue
        while not is_working_day(day):
            day += timedelta(days=1)
        visit = _plan(review, hub, _morning(day, 10), officer, at)
        who = [members[place] for place in places]
        for member in who:
            visits.put_down(visit=visit, member=member, by=officer, at=at)
        over = _morning(day, 13)
        _note(visit, who, seen, questions, officer, over)
        visits.say_who_went(
            visit=visit, went={member.pk: True for member in who}, by=officer, at=over
        )
        day += timedelta(days=1)
    return review


def _note(
    visit: Visit,
    who: list[Member],
    seen: tuple[Seen, ...],
    questions: list[GuideQuestion],
    officer: User,
    at: datetime,
) -> None:
    for number, one in enumerate(seen):
        member = who[one.who]
        by = member.user or officer
        noted = notes.Noted(
            key=uuid5(NAMES, f"{visit.hub and visit.hub.slug} {number}"),
            words=one.words,
            whose=one.whose,
            consent=one.whose == "user",
            question=questions[one.question - 1],
        )
        with seeing_as(by):
            notes.write_note(
                visit=visit,
                noted=noted,
                member=member,
                by=by,
                at=at + timedelta(minutes=3 * number),
            )


# What the committee made of the themes that were proposed: the word of the field that most of a theme's
# sentences have, its name, and what the committee finds.
FOUND = {
    "staff and morale": ("Staff and their motivation", "Visitors met committed and skilled staff in every hub. "
        "Morale is highest where posts are filled and a colleague has time to show how things are done; "
        "empty posts and work taken home wear teams down."),
    "space": ("Space and premises", "Rooms to talk in private and rooms for groups differ widely. One "
        "hub has no premises of its own. Visitors of one place did not always see it alike, so the committee "
        "asks for a survey of rooms rather than relying on single visits."),
    "waiting": ("Waiting and capacity", "Families wait between two and nine weeks. Lists are longest where posts "
        "are empty and shortest where volunteers share the work."),
    "getting there": ("Help close to home", "Families without a car, and those who do not want to be seen, are "
        "reached where sessions are held in village halls and cafés. This is done well in one area and hardly "
        "at all in others."),
    "schools": ("Schools and partners", "Secondary schools know their hub. Many primary schools do not, and "
        "nobody outside can say in a sentence what a hub offers and what it does not."),
}  # fmt: skip


def _themes(review: Review, officer: User, now: datetime) -> None:
    """Propose themes from the notes, and let the committee name those it kept and agree what they find."""
    last_visit = review.visits.order_by("ends_at").last()
    assert last_visit
    meeting = (
        review.committee.meetings.filter(state="held", starts_at__gt=last_visit.ends_at)
        .order_by("starts_at")
        .first()
    )
    at = meeting.starts_at - timedelta(days=2) if meeting else now - timedelta(days=60)
    themes.propose_themes(review=review, by=officer, at=at)
    items = list(meeting.items.filter(kind="topic").order_by("order")) if meeting else []
    for theme in review.themes.order_by("order"):
        key = next((key for key in FOUND if theme.title.lower().startswith(key)), None)
        if key is None:
            continue
        title, findings = FOUND[key]
        theme = themes.write_theme(
            theme=theme, title=title, findings=findings, by=officer, at=at + timedelta(hours=1)
        )
        if items and key != "schools":  # one is still being written
            at_meeting = items[-1].meeting.starts_at + timedelta(hours=2)
            themes.agree_theme(theme=theme, item=items[-1], by=officer, at=at_meeting)
    last = review.themes.filter(state="proposed").order_by("-order").first()
    written = review.themes.filter(state="written").first()
    if last is not None and written is not None:
        themes.merge_themes(theme=last, into=written, by=officer, at=at + timedelta(hours=2))


@dataclass(frozen=True)
class Works:
    """A practice: where it was seen, what it is, the figure that should move, and who took it up."""

    hub: str
    title: str
    what: str
    for_whom: str
    needs: str
    shows: str
    figure: str = ""
    taken: tuple[tuple[str, int, str], ...] = ()  # hub, days ago, in which way


PRACTICES = (
    Works("witney", "Sessions in village halls", "Two workers hold a session in one of three village halls "
          "each week. Families come without an appointment.", "families in villages without a car",
          "A hall for half a day a week, and two workers who know the villages.",
          "Visitors met families who had never been to the hub.", "requests-received",
          (("didcot", 250, "In two halls, every fortnight"), ("bicester", 120, "In one hall"))),
    Works("abingdon", "A monthly forum of partners", "Schools, health visitors, police and voluntary groups "
          "agree who does what for a family, and what is missing.", "whoever works with families",
          "A room, a morning a month, and a chair who is not of the hub.",
          "Partners said they ask one another first, before a family is sent on.", "",
          (("banbury", 300, "Every two months"),)),
    Works("banbury", "Volunteers with a supervisor of their own", "Volunteers are trained together and meet "
          "their supervisor every fortnight. They run the drop-in.", "parents of young children",
          "Half a post to supervise, and references and checks before anybody begins.",
          "Waiting is short where volunteers share the work.", "days-to-decision"),
    Works("east-oxford", "An evening planned by young carers", "Young carers choose what their evening is about "
          "and who is invited.", "young people who care for somebody",
          "A room in the evening, transport home, and a worker who listens.",
          "The same young people have come for a year.", "",
          (("littlemore", 90, "Once a month, in the café"),)),
    Works("bicester", "A worker who was a teacher", "One post is held by somebody who has taught, and sits in "
          "schools two mornings a week.", "primary schools and their families",
          "A job description that asks for it.", "Head teachers praised it unasked."),
)  # fmt: skip


def _practice(review: Review, officer: User, now: datetime) -> None:
    at = now - timedelta(days=390)
    hubs = {hub.slug: hub for hub in Hub.objects.all()}
    for one in PRACTICES:
        kept = practice.keep_practice(
            details={
                "title": one.title,
                "what": one.what,
                "hub": hubs.get(one.hub),
                "where": "" if one.hub in hubs else one.hub,
                "for_whom": one.for_whom,
                "needs": one.needs,
                "shows": one.shows,
                "figure": one.figure,
                "contact": f"Hub manager, {hubs.get(one.hub) or one.hub}",
            },
            review=review,
            by=officer,
            at=at,
        )
        for slug, ago, words in one.taken:
            if slug in hubs:
                then = now - timedelta(days=ago)
                practice.take_up(
                    practice=kept,
                    hub=hubs[slug],
                    since=then.date(),
                    words=words,
                    by=officer,
                    at=then,
                )


def _next(
    committee: Committee, members: list[Member], officer: User, today: date, now: datetime
) -> None:
    """A review whose visits are being made: one today, one that too few go to, one that was moved."""
    at = now - timedelta(days=14)
    review = _begin(
        committee, officer, at, members[1],
        title="Help close to home",
        aim="Do families who live far from a hub get help near them, in places they like to go to?",
    )  # fmt: skip
    hubs = {hub.slug: hub for hub in Hub.objects.all()}
    mine = next((one for one in members if one.user_id), members[-1])
    other = next(one for one in members if one.pk != mine.pk)
    made = [
        _plan(review, hubs["witney"], _morning(today, 10), officer, at),
        _plan(review, hubs["didcot"], _morning(today + timedelta(days=7), 14), officer, at),
        _plan(review, hubs["bicester"], _morning(today + timedelta(days=8), 10), officer, at),
    ]
    for visit, member in ((made[0], mine), (made[0], other), (made[1], mine), (made[2], other)):
        visits.put_down(visit=visit, member=member, by=officer, at=at)
    # So that there is a clash to see: from Didcot nobody is in Bicester in twenty minutes.
    visits.put_down(visit=made[2], member=mine, by=officer, at=at)
    starts = _morning(today + timedelta(days=7), 16) + timedelta(minutes=20)
    visits.change_visit(
        visit=made[2],
        details={"starts_at": starts, "ends_at": starts + timedelta(hours=2)},
        why="The hub has its training day.",
        by=officer,
        at=now,
    )
    visits.plan_visit(
        review=review,
        details={
            "place": "Village hall, Charlbury",
            "address": "Market Street, Charlbury",
            "starts_at": _morning(today + timedelta(days=7), 16),
            "ends_at": _morning(today + timedelta(days=7), 17),
        },
        by=officer,
        at=at,
    )
