"""A review's programme of visits: covered places, clashes, who goes and who went."""

from datetime import date, datetime, timedelta

import icalendar
import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from kith.accounts.viewer import front_door, see_as, seeing_as
from kith.notices.models import Notice
from kith.scrutiny import visit_guide
from kith.scrutiny import visit_queries as queries
from kith.scrutiny.actions import visits as actions
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.models import GuideQuestion, Meeting, Member, Review, Visit, Visitor
from kith.web.today import today_for
from tests.factories.accounts import make_team, make_user
from tests.factories.visits import FIRST, LONDON, NOW, add_member, add_visit, make_visiting
from tests.paper import words_of_paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def room():
    return make_visiting()


def letters(key: str) -> list[Notice]:
    with seeing_as(front_door()):
        return list(Notice.objects.filter(key=f"scrutiny.{key}").order_by("made_at", "to"))


def entry_of(notice: Notice):
    calendar = icalendar.Calendar.from_ical(notice.calendar)
    [event] = calendar.walk("VEVENT")
    return calendar["method"], event


def test_a_review_begins_with_the_six_headings_and_a_visit_to_each_hub_on_working_days(room):
    saturday = date(2026, 9, 12)

    review = actions.begin_review(
        committee=room.committee,
        details={"title": "Hubs again", "fewest_visitors": 2, "began_on": NOW.date()},
        first_day=saturday,
        by=room.officer,
        at=NOW,
    )

    assert {one.about for one in review.guide.all()} == set(GuideQuestion.About.values)
    assert [(str(one.hub), f"{one.starts_at.astimezone(LONDON):%a %H:%M}") for one in review.visits.all()] == [
        ("Banbury", "Mon 10:00"),
        ("Bicester", "Tue 10:00"),
    ]  # fmt: skip
    assert actions.suggest_visits(review=review, first_day=saturday, by=room.officer, at=NOW) == []
    with pytest.raises(ScrutinyRefused, match="to come"):
        actions.suggest_visits(review=review, first_day=date(2026, 8, 1), by=room.officer, at=NOW)
    with pytest.raises(ScrutinyRefused, match="does not sit"):
        actions.change_review(
            review=review,
            details={"lead": Member.objects.create(name="Elsewhere")},
            by=room.officer,
            at=NOW,
        )


def test_what_is_missing_at_each_place_is_said_until_enough_members_go(room):
    first, *others = room.people
    visit = add_visit(room.review, room.officer, room.hubs[0])

    assert [(one.place, one.missing) for one in queries.covered(room.officer, room.review)] == [
        ("Banbury", 2),
        ("Bicester", 2),
    ]
    actions.put_down(visit=visit, member=first, by=room.officer, at=NOW)
    [banbury, bicester] = queries.covered(room.officer, room.review)
    assert banbury.words == "1 member. One more member is missing."
    assert bicester.words == "No visit is planned."
    # On another day at the same place: two have seen it all the same.
    again = add_visit(room.review, room.officer, room.hubs[0], starts=FIRST + timedelta(days=1))
    actions.put_down(visit=again, member=others[0], by=room.officer, at=NOW)
    assert queries.covered(room.officer, room.review)[0].missing == 0
    # Who did not go does not count.
    actions.say_who_went(
        visit=visit, went={first.pk: False}, by=room.officer, at=FIRST + timedelta(hours=1)
    )
    assert queries.covered(room.officer, room.review)[0].missing == 1


def test_members_sign_up_themselves_and_officers_put_anybody_down(room):
    first, second, _ = room.people
    visit = add_visit(room.review, room.officer, room.hubs[0])
    outsider = make_user("committee_member", make_team("Another", "committee"), "Outsider")
    elsewhere = Member.objects.create(name="Elsewhere", user=outsider)

    with seeing_as(first.user):
        actions.put_down(visit=visit, member=first, by=first.user, at=NOW)
        with pytest.raises(PermissionDenied, match="committee officer"):
            actions.put_down(visit=visit, member=second, by=first.user, at=NOW)
        with pytest.raises(ScrutinyRefused, match="already"):
            actions.put_down(visit=visit, member=first, by=first.user, at=NOW)
    actions.put_down(visit=visit, member=second, by=room.officer, at=NOW)
    with pytest.raises(ScrutinyRefused, match="does not sit"):
        actions.put_down(visit=visit, member=elsewhere, by=room.officer, at=NOW)
    with seeing_as(first.user):
        mine, theirs = visit.visitors.order_by("member__name")
        with pytest.raises(PermissionDenied):
            actions.take_off(visitor=theirs, by=first.user, at=NOW)
        actions.take_off(visitor=mine, by=first.user, at=NOW)
        assert [one.member for one in visit.visitors.all()] == [second]
        assert queries.my_visits(first.user, NOW) == []


def test_nobody_is_put_down_for_two_places_at_once(room):
    member = room.people[0]
    visit = add_visit(room.review, room.officer, room.hubs[0])
    same_time = add_visit(
        room.review, room.officer, room.hubs[1], starts=FIRST + timedelta(hours=1)
    )
    actions.put_down(visit=visit, member=member, by=room.officer, at=NOW)

    with pytest.raises(ScrutinyRefused, match="two places at once"):
        actions.put_down(visit=same_time, member=member, by=room.officer, at=NOW)

    actions.cancel_visit(visit=visit, why="The boiler broke", by=room.officer, at=NOW)
    assert actions.put_down(visit=same_time, member=member, by=room.officer, at=NOW).pk


def test_too_little_time_to_travel_and_a_meeting_at_the_same_time_are_said(room):
    member, other, _ = room.people
    banbury = add_visit(room.review, room.officer, room.hubs[0])
    soon = add_visit(
        room.review, room.officer, room.hubs[1], starts=FIRST + timedelta(hours=2, minutes=20)
    )
    for visit in (banbury, soon):
        actions.put_down(visit=visit, member=member, by=room.officer, at=NOW)
    actions.put_down(visit=soon, member=other, by=room.officer, at=NOW)
    Meeting.objects.create(
        committee=room.committee, starts_at=FIRST + timedelta(hours=3), place="County Hall"
    )

    lines = queries.programme(
        room.officer, room.review, queries.visits_of(room.officer, room.review)
    )

    assert [len(line.clashes) for line in lines] == [1, 3]
    travel = lines[0].clashes[0]
    assert travel.startswith("Cllr Councillor A has 20 minutes to get from Banbury hub to Bicester")
    assert "about 44 (22 km in a straight line)" in travel
    at_once = [words for words in lines[1].clashes if "two places at once" in words]
    assert ["Councillor A" in at_once[0], "Councillor B" in at_once[1]] == [True, True]
    assert "the meeting of Children's Scrutiny" in at_once[0]


def test_whoever_goes_is_told_with_an_entry_for_the_calendar_that_follows_the_visit(room):
    member, unreachable = room.people[0], add_member(room.committee, "On paper", account=False)
    visit = add_visit(room.review, room.officer, room.hubs[0])

    for one in (member, unreachable):
        actions.put_down(visit=visit, member=one, by=room.officer, at=NOW)
    details = {
        "starts_at": FIRST + timedelta(days=1),
        "ends_at": FIRST + timedelta(days=1, hours=2),
    }
    later = NOW + timedelta(hours=1)
    with pytest.raises(ScrutinyRefused, match="Say why") as refusal:
        actions.change_visit(visit=visit, details=details, by=room.officer, at=later)
    actions.change_visit(
        visit=visit, details=details, why="Training day", by=room.officer, at=later
    )
    actions.cancel_visit(visit=visit, why="Flooded", by=room.officer, at=later + timedelta(hours=1))

    assert refusal.value.field == "why"
    [asked], [moved], [over] = (
        letters(f"visit_{key}") for key in ("asked", "changed", "cancelled")
    )
    assert {one.to for one in (asked, moved, over)} == {member.user.email}
    assert "Monday 7 September 2026, 10am to midday" in asked.body
    assert "Training day" in moved.body and "Flooded" in over.body
    entries = [entry_of(one) for one in (asked, moved, over)]
    assert [method for method, _ in entries] == ["REQUEST", "REQUEST", "CANCEL"]
    assert len({event["uid"] for _, event in entries}) == 1
    numbers = [event["sequence"] for _, event in entries]
    assert numbers == sorted(set(numbers))
    assert entries[1][1]["dtstart"].dt == FIRST + timedelta(days=1)


def test_a_change_that_moves_nothing_tells_nobody(room):
    visit = add_visit(room.review, room.officer, room.hubs[0])
    actions.put_down(visit=visit, member=room.people[0], by=room.officer, at=NOW)
    same = {name: getattr(visit, name) for name in ("starts_at", "ends_at", "place", "hub")}

    actions.change_visit(
        visit=visit, details={**same, "travel": "By the side door"}, by=room.officer, at=NOW
    )

    assert letters("visit_changed") == []
    assert Visit.objects.get(pk=visit.pk).travel == "By the side door"


def test_who_went_is_said_afterwards_and_then_the_visit_stays_as_it_was(room):
    member = room.people[0]
    visit = add_visit(room.review, room.officer, room.hubs[0])
    actions.put_down(visit=visit, member=member, by=room.officer, at=NOW)
    after = FIRST + timedelta(hours=3)

    with pytest.raises(ScrutinyRefused, match="not begun"):
        actions.say_who_went(visit=visit, went={member.pk: True}, by=room.officer, at=NOW)
    with seeing_as(member.user):
        actions.say_who_went(visit=visit, went={member.pk: True}, by=member.user, at=after)

    visit.refresh_from_db()
    assert visit.state == Visit.State.HELD
    with pytest.raises(ScrutinyRefused, match="was held"):
        actions.cancel_visit(visit=visit, why="Too late", by=room.officer, at=after)
    with pytest.raises(ScrutinyRefused, match="was held"):
        actions.take_off(visitor=Visitor.objects.get(visit=visit), by=room.officer, at=after)


def test_the_guide_is_written_by_officers_and_a_question_with_notes_stays(room):
    questions = queries.guide_of(room.officer, room.review)
    visit = add_visit(room.review, room.officer, room.hubs[0])
    visit.notes.create(
        by=room.officer, question=questions[0], about="staff", words="Cheerful", at=NOW
    )
    wanted = [(questions[1].pk, "staff", "How are staff?"), (None, "space", "Is there room?")]

    with pytest.raises(ScrutinyRefused, match="it stays"):
        actions.write_guide(review=room.review, questions=wanted, by=room.officer, at=NOW)
    with pytest.raises(PermissionDenied):
        actions.write_guide(review=room.review, questions=wanted, by=room.people[0].user, at=NOW)
    kept = actions.write_guide(
        review=room.review,
        questions=[(questions[0].pk, "staff", questions[0].words), *wanted],
        by=room.officer,
        at=NOW,
    )

    assert [one.pk for one in kept[:2]] == [questions[0].pk, questions[1].pk]
    assert [one.words for one in queries.guide_of(room.officer, room.review)][1:] == [
        "How are staff?",
        "Is there room?",
    ]


def test_the_guide_on_paper_holds_every_question_under_its_heading(room):
    visit = add_visit(room.review, room.officer, room.hubs[0])
    questions = queries.guide_of(room.officer, room.review)

    document = visit_guide.on_paper(room.review, questions, county="Oxfordshire", visit=visit)

    text = words_of_paper(document)
    assert "Banbury hub, Monday 7 September 2026 at 10:00" in text
    for title in ("Staff and their motivation", "What service users say", "Demand"):
        assert title in text
    assert all(question.words.split(":")[0] in text for question in questions)
    assert b"StructTreeRoot" in document


def test_another_committees_members_do_not_know_of_the_review(room):
    outsider = make_user("committee_member", make_team("Another", "committee"), "Outsider")
    visit = add_visit(room.review, room.officer, room.hubs[0])

    with seeing_as(outsider):
        assert not queries.reviews(outsider).exists()
        assert queries.visit_called(outsider, visit.pk) is None
    see_as(room.people[0].user)
    assert list(queries.reviews(room.people[0].user)) == [room.review]


def test_today_tells_members_of_the_visits_they_make_and_nobody_else(room):
    member = room.people[0]
    visit = add_visit(room.review, room.officer, room.hubs[0])
    actions.put_down(visit=visit, member=member, by=room.officer, at=NOW)

    def told(user, at):
        with seeing_as(user):
            found = [one for one in today_for(user, at).tasks if one.label == "Visits to make"]
            return [(one.number, one.state) for one in found]

    assert told(member.user, NOW) == [(1, "")]
    assert told(member.user, FIRST - timedelta(hours=20)) == [(1, "soon")]
    assert told(member.user, FIRST + timedelta(hours=3)) == [(0, "")]
    assert told(room.officer, NOW) == []


# Pages


def pages_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@time_machine.travel(NOW, tick=False)
def test_an_officer_begins_a_review_and_a_member_signs_up_in_the_browser(room):
    officer, member = pages_of(room.officer), pages_of(room.people[0].user)

    wrong = officer.post(reverse("visits:new"), {"title": "", "committee": ""})
    made = officer.post(
        reverse("visits:new"),
        {
            "committee": room.committee.pk,
            "title": "Space for families",
            "fewest_visitors": 2,
            "began_on": "2026-09-01",
            "first_day": "2026-09-07",
        },
    )
    with seeing_as(room.officer):
        review = Review.objects.get(title="Space for families")
        visit = review.visits.get(hub=room.hubs[0])
    programme = member.get(reverse("visits:review", args=[review.uid]))
    signed_up = member.post(reverse("visits:join", args=[visit.pk]), follow=True)

    assert b"Enter topic" in wrong.content and b"Choose a committee" in wrong.content
    assert made.url == reverse("visits:review", args=[review.uid])
    assert programme.content.count(b"Nobody is down for it yet.") == 2
    assert b"Change the review" not in programme.content
    assert "I cannot go" in signed_up.content.decode()
    assert "One more member is missing" in member.get(made.url).content.decode()


@time_machine.travel(NOW, tick=False)
def test_a_visit_that_moves_asks_why_at_its_field_and_keeps_what_was_typed(room):
    officer = pages_of(room.officer)
    visit = add_visit(room.review, room.officer, room.hubs[0])
    where = reverse("visits:visit_change", args=[visit.pk])
    said = {
        "hub": room.hubs[0].pk,
        "place": visit.place,
        "address": visit.address,
        "postcode": visit.postcode,
        "on": "2026-09-08",
        "starts": "14:00",
        "ends": "15:30",
        "contact": "Reception",
    }

    refused = officer.post(where, said)
    moved = officer.post(where, {**said, "why": "The room is taken"}, follow=True)

    assert "Say why the visit moves" in refused.content.decode()
    assert "Reception" in refused.content.decode()
    assert "Moved: The room is taken" in moved.content.decode()
    with seeing_as(room.officer):
        visit.refresh_from_db()
    assert visit.starts_at == datetime(2026, 9, 8, 14, tzinfo=LONDON)


def test_whoever_answers_for_the_county_reads_reviews_and_begins_none(room):
    lead = make_user("county_lead", make_team("County desk", "desk"), "Lead")

    page = pages_of(lead).get(reverse("visits:reviews"))

    assert "The hubs" in page.content.decode()
    assert b"Begin a review" not in page.content
