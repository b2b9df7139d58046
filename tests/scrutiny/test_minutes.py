"""Who was there, what was resolved, and how minutes become the record."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError, transaction

from kith.scrutiny import published, queries
from kith.scrutiny.actions import committees, meetings, minutes, plan, publishing
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.models import Meeting, Published
from tests.factories.accounts import make_team, make_user
from tests.factories.scrutiny import (
    MEETS,
    NOW,
    add_item,
    call,
    hold,
    make_committee,
    make_meeting,
    make_officer,
    sit,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return make_officer()


@pytest.fixture
def meeting(officer):
    meeting = make_meeting(officer)
    add_item(officer, meeting)
    return call(officer, meeting)


def the_hubs(meeting):
    return meeting.items.get(title="The hubs")


def members(meeting):
    return [seat.member for seat in queries.seats_at(meeting)]


def test_a_substitute_stands_in_for_one_member_who_was_not_there(officer, meeting):
    away, other, *_ = members(meeting)
    stands_in = sit(make_committee(officer, members=0), officer, "Stands In")

    def said(member, state, **more):
        return minutes.say_attendance(
            meeting=meeting, member=member, state=state, by=officer, at=NOW, **more
        )

    said(away, "apologies")
    said(stands_in, "present", instead_of=away)
    with pytest.raises(ScrutinyRefused, match="stood in for"):
        said(other, "present", instead_of=away)
    with pytest.raises(ScrutinyRefused, match="A substitute was there"):
        said(stands_in, "apologies", instead_of=away)

    told = publishing.content.minutes_of(meeting)["attendance"]
    assert {one["name"]: one["instead_of"] for one in told} == {
        str(away): "",
        str(stands_in): str(away),
    }


def test_a_resignation_in_mid_meeting_ends_the_quorum_from_then_on(officer, meeting):
    minutes.all_present(meeting=meeting, by=officer, at=MEETS)
    chair, leaver, *_ = members(meeting)
    left = MEETS + timedelta(hours=1)
    for member in (chair, leaver):
        minutes.say_attendance(
            meeting=meeting,
            member=member,
            state="present",
            left_at=left,
            left_because="Resigned from the council",
            by=officer,
            at=left,
        )
    seat = next(one for one in queries.seats_at(meeting) if one.member == leaver)
    committees.end_seat(seat=seat, on=MEETS.date(), because="Resigned", by=officer, at=left)

    before, after = (
        queries.quorum_at(officer, meeting, left + timedelta(minutes=minute)) for minute in (-1, 1)
    )
    assert (before.there, before.met) == (4, True)
    assert (after.there, after.met) == (2, False)
    kept = meeting.attendances.get(member=leaver)
    assert (kept.state, kept.left_because) == ("part", "Resigned from the council")


def test_votes_are_of_a_resolution_and_no_more_than_who_was_there(officer, meeting):
    minutes.all_present(meeting=meeting, by=officer, at=MEETS)
    item, (chair, second, *_) = the_hubs(meeting), members(meeting)

    def point(**details):
        return minutes.write_point(
            item=item, details={"words": "That it be noted.", **details}, by=officer, at=NOW
        )

    with pytest.raises(ScrutinyRefused, match="Votes belong to what was resolved"):
        point(kind="statement", votes_for=3)
    with pytest.raises(ScrutinyRefused, match="More votes than the 4 members"):
        point(kind="resolution", votes_for=3, votes_against=2)
    with pytest.raises(ScrutinyRefused, match="Somebody else seconds"):
        point(kind="resolution", moved_by=chair, seconded_by=chair)
    resolved = point(
        kind="resolution",
        moved_by=chair,
        seconded_by=second,
        votes_for=3,
        abstained=1,
        carried=True,
    )

    [told] = publishing.content.points_of([resolved])
    assert (told["for"], told["against"], told["abstained"]) == (3, None, 1)


def test_an_answer_is_tied_to_its_question_by_its_place(officer, meeting):
    item = the_hubs(meeting)
    asked = minutes.write_point(
        item=item, details={"kind": "question", "words": "What does it cost?"}, by=officer, at=NOW
    )
    said = {"kind": "response", "words": "Nothing.", "answers": asked, "speaker": "Director"}
    answer = minutes.write_point(item=item, details=said, by=officer, at=NOW)
    minutes.move_point(point=answer, up=True, by=officer, at=NOW)

    told = publishing.content.points_of(item.points.all())

    assert [one["words"] for one in told] == ["Nothing.", "What does it cost?"]
    assert told[0]["answers"] == 1


def test_minutes_go_from_draft_to_cleared_to_confirmed_and_are_then_only_corrected(
    officer, meeting
):
    hold(officer, meeting)
    item = the_hubs(meeting)
    with pytest.raises(ScrutinyRefused, match="Nothing is minuted"):
        minutes.call_draft(meeting=meeting, by=officer, at=NOW)
    point = minutes.write_point(item=item, details={"words": "Mr Gillet came."}, by=officer, at=NOW)
    minutes.call_draft(meeting=meeting, by=officer, at=NOW)
    minutes.clear(meeting=meeting, cleared_by="Cllr Chair", by=officer, at=NOW)
    with pytest.raises(ScrutinyRefused, match="chair has cleared"):
        minutes.write_point(item=item, details={"words": "Other"}, point=point, by=officer, at=NOW)
    publishing.publish_minutes(meeting=meeting, by=officer, at=NOW)
    later = make_meeting(officer, meeting.committee, starts_at=MEETS + timedelta(days=40))
    with pytest.raises(ScrutinyRefused, match="has not begun"):
        minutes.confirm(meeting=meeting, at_meeting=later, by=officer, at=NOW)
    hold(officer, later)
    assert list(queries.to_confirm(officer, later)) == [meeting]

    words = "Mr Gillett, not Gillet"
    minutes.correct(meeting=meeting, made_at=later, point=point, words=words, by=officer, at=NOW)
    minutes.confirm(meeting=meeting, at_meeting=later, by=officer, at=NOW)
    publishing.publish_minutes(meeting=meeting, by=officer, at=NOW)

    told = Published.objects.get(pk=meeting.uid).content["minutes"]
    assert (told["state"], told["confirmed_on"]) == ("confirmed", "2026-11-02")
    assert told["items"][str(item.uid)][0]["words"] == "Mr Gillet came.", "its own words stay"
    assert told["corrections"][0]["words"] == words
    with pytest.raises(ScrutinyRefused, match="confirmed, and their words stay"):
        minutes.write_point(item=item, details={"words": "Late"}, by=officer, at=NOW)
    with pytest.raises(ProgrammingError, match="Invalid transition"), transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk).update(minutes="draft")


def test_what_was_asked_for_becomes_a_line_of_the_plan_and_then_an_item(officer, meeting):
    hold(officer, meeting)
    november = make_meeting(officer, meeting.committee, starts_at=MEETS + timedelta(days=50))
    said = {"kind": "request", "words": "Looked after children to come to the November meeting."}
    point = minutes.write_point(item=the_hubs(meeting), details=said, by=officer, at=NOW)
    details = {"kind": "request", "title": "Looked after children", "due_meeting": november}

    with pytest.raises(ScrutinyRefused, match="That meeting was held"):
        plan.keep_entry(
            committee=meeting.committee,
            details={**details, "due_meeting": meeting},
            by=officer,
            at=NOW,
        )
    entry = plan.keep_entry(
        committee=meeting.committee, details=details, point=point, by=officer, at=NOW
    )
    assert list(queries.open_actions(officer, meeting.committee)) == [entry]
    item = plan.put_on_agenda(entry=entry, meeting=november, by=officer, at=NOW)
    with pytest.raises(ScrutinyRefused, match="on that agenda already"):
        plan.put_on_agenda(entry=entry, meeting=november, by=officer, at=NOW)

    titles = [one.title for one in november.items.all()]
    assert titles.index(item.title) == titles.index("Recommendations followed up") - 1
    meetings.cancel_meeting(meeting=november, why="Snow", by=officer, at=NOW)
    entry.refresh_from_db()
    assert entry.state == "planned", "it goes back to the plan"


def test_only_committee_officers_write(officer, meeting):
    member = make_user("committee_member", make_team("Members", "committee"))

    with pytest.raises(PermissionDenied, match="committee officer"):
        minutes.write_point(item=the_hubs(meeting), details={"words": "x"}, by=member, at=NOW)
    with pytest.raises(PermissionDenied, match="committee officer"):
        publishing.publish_agenda(meeting=meeting, by=member, at=NOW)


def test_attendance_is_counted_while_a_seat_is_held(officer):
    committee = make_committee(officer)
    member = queries.seats_on(committee, NOW.date())[1].member
    first = make_meeting(officer, committee)
    hold(officer, first)
    late = make_meeting(officer, committee, starts_at=MEETS + timedelta(days=30))
    call(officer, late)
    minutes.say_attendance(meeting=late, member=member, state="apologies", by=officer, at=NOW)
    hold(officer, late)
    for held in (first, late):
        item = held.items.first()
        minutes.write_point(item=item, details={"words": "Opened."}, by=officer, at=NOW)
        minutes.call_draft(meeting=held, by=officer, at=NOW)
        minutes.clear(meeting=held, cleared_by="Chair", by=officer, at=NOW)
        publishing.publish_minutes(meeting=held, by=officer, at=NOW)
    joined = sit(committee, officer, "Joined Later", since=MEETS.date() + timedelta(days=7))
    days = (NOW.date(), NOW.date() + timedelta(days=90))

    rates = published.attendance_rates(committee, *days)
    assert (rates[member.pk], rates[joined.pk]) == ((1, 2), (0, 1))
