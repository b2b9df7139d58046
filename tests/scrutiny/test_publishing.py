"""What leaves the committee's room, and what never does."""

import json
from datetime import datetime, timedelta

import pytest
from django.db import connection

from kith.accounts.viewer import see_as
from kith.scrutiny import content, published, queries
from kith.scrutiny.actions import committees, inviting, meetings, minutes, publishing
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.models import Edition, Item, Meeting, Paper, Published
from tests.factories.accounts import make_team, make_user
from tests.factories.scrutiny import (
    LONDON,
    MEETS,
    NOW,
    add_item,
    call,
    hold,
    make_committee,
    make_meeting,
    make_officer,
)

pytestmark = pytest.mark.django_db
SECRET = "ZEBRAFISH"


@pytest.fixture
def officer():
    return make_officer()


def public_text() -> str:
    """All that anybody may read, as one text."""
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(json_agg(p)::text, '') from scrutiny_published p")
        rows = cursor.fetchone()[0]
        cursor.execute("select coalesce(json_agg(e)::text, '') from scrutiny_edition e")
        return rows + cursor.fetchone()[0]


def test_items_are_numbered_through_the_municipal_year_and_begin_again_with_the_next(officer):
    committee = make_committee(officer, next_number=224)
    first = call(officer, make_meeting(officer, committee))
    later = make_meeting(officer, committee, starts_at=MEETS + timedelta(days=60))
    call(officer, later)
    next_year = make_meeting(officer, committee, starts_at=datetime(2027, 6, 2, 10, tzinfo=LONDON))
    call(officer, next_year)

    assert [item.number for item in first.items.all()][:2] == ["224/26", "225/26"]
    assert later.items.first().number == "232/26"
    assert next_year.items.first().number == "1/27"


def test_numbers_of_a_meeting_begin_at_1_and_never_stand_twice(officer):
    committee = make_committee(officer, numbers="meeting")
    meeting = make_meeting(officer, committee)
    add_item(officer, meeting, "Chosen", number="3")

    with pytest.raises(ScrutinyRefused, match="Item 3 is on this agenda already"):
        add_item(officer, meeting, "Twice", number="3")
    call(officer, meeting)

    numbers = [item.number for item in meeting.items.all()]
    assert len(numbers) == len(set(numbers)) == 9
    assert "1" in numbers


def test_an_agenda_gives_five_clear_working_days_or_says_why_not(officer):
    meeting = make_meeting(officer)
    in_time = datetime(2026, 9, 15, 17, tzinfo=LONDON)  # Tuesday of the week before
    late = in_time + timedelta(days=1)

    with pytest.raises(ScrutinyRefused, match="gives 4 clear working days, and the law asks for 5"):
        publishing.publish_agenda(meeting=meeting, by=officer, at=late)
    assert Published.objects.count() == 0, "nothing was half done"
    edition = publishing.publish_agenda(meeting=meeting, by=officer, at=in_time)

    assert edition.clear_days == 5
    other = make_meeting(officer)
    publishing.publish_agenda(meeting=other, short_notice="Storm damage", by=officer, at=late)
    shown = Published.objects.get(pk=other.uid)
    assert shown.content["agenda"]["notice"]["short_notice"] == "Storm damage"


def test_what_is_exempt_leaves_its_title_and_paragraph_and_nothing_else(officer):
    meeting = make_meeting(officer)
    item = add_item(
        officer,
        meeting,
        "A placement",
        words=SECRET,
        exempt=True,
        paragraphs=[1, 3],
        public_interest="It would name a child.",
    )
    inviting.invite(item=item, name=SECRET, post=SECRET, by=officer, at=NOW)
    open_item = add_item(officer, meeting, "The hubs", words="Read me")
    for at_item, exempt in ((item, False), (open_item, True)):
        Paper.objects.create(
            item=at_item,
            title="A paper",
            text=SECRET,
            sections=[{"heading": SECRET}],
            exempt=exempt,
            paragraphs=[3] if exempt else [],
            public_interest="Prices" if exempt else "",
            added_at=NOW,
            added_by=officer,
        )
    hold(officer, meeting)
    minutes.write_point(item=item, details={"words": SECRET}, by=officer, at=NOW)
    minutes.write_point(item=open_item, details={"words": "Said aloud."}, by=officer, at=NOW)
    member = queries.seats_at(meeting)[1].member
    minutes.declare(
        meeting=meeting, member=member, kind="other", words=SECRET, item=item, by=officer, at=NOW
    )
    minutes.call_draft(meeting=meeting, by=officer, at=NOW)
    minutes.clear(meeting=meeting, cleared_by="Cllr Chair", by=officer, at=NOW)
    publishing.publish_minutes(meeting=meeting, by=officer, at=NOW)

    see_as(None)
    told = public_text()
    assert SECRET not in told
    assert "Said aloud." in told and "Read me" in told
    shown = Published.objects.get(pk=item.uid)
    assert shown.name.endswith("A placement")
    assert shown.content["paragraphs"] == [1, 3] and shown.content["points"] == []
    assert Published.objects.filter(kind="file").count() == 0


def test_an_exempt_item_says_by_which_paragraph_and_why(officer):
    meeting = make_meeting(officer)

    with pytest.raises(ScrutinyRefused, match="Choose the paragraph") as refused:
        add_item(officer, meeting, exempt=True)
    assert refused.value.field == "paragraphs"
    with pytest.raises(ScrutinyRefused, match="public interest"):
        add_item(officer, meeting, exempt=True, paragraphs=[3])


def test_drafts_do_not_leave_the_room_and_what_is_changed_after_publishing_waits(officer):
    meeting = make_meeting(officer)
    item = add_item(officer, meeting, words="As published")
    call(officer, meeting)
    item.refresh_from_db()
    meetings.write_item(meeting=meeting, item=item, details={"words": SECRET}, by=officer, at=NOW)
    hold(officer, meeting)
    minutes.write_point(item=item, details={"words": SECRET}, by=officer, at=NOW)
    publishing.show_change(meeting=meeting, by=officer, at=NOW)

    assert SECRET not in public_text()
    with pytest.raises(ScrutinyRefused, match="chair clears the minutes before"):
        publishing.publish_minutes(meeting=meeting, by=officer, at=NOW)
    minutes.call_draft(meeting=meeting, by=officer, at=NOW)
    with pytest.raises(ScrutinyRefused, match="chair clears"):
        publishing.publish_minutes(meeting=meeting, by=officer, at=NOW)
    assert SECRET not in public_text()


def test_a_late_item_says_what_makes_it_urgent_and_stands_in_a_supplement(officer):
    meeting = call(officer, make_meeting(officer))
    late = MEETS - timedelta(days=2)

    with pytest.raises(ScrutinyRefused, match="special circumstances"):
        meetings.write_item(meeting=meeting, details={"title": "Flood"}, by=officer, at=late)
    item = meetings.write_item(
        meeting=meeting,
        details={"title": "Flood", "late_because": "The river rose"},
        by=officer,
        at=late,
    )
    edition = publishing.publish_agenda(meeting=meeting, by=officer, at=late)

    assert edition.kind == Edition.Kind.SUPPLEMENT
    assert Published.objects.get(pk=item.uid).content["late_because"] == "The river rose"
    kept = Edition.objects.get(of_id=meeting.uid, kind=Edition.Kind.AGENDA)
    assert "Flood" not in json.dumps(kept.content), "what was published before stays as it was"


def test_a_paper_that_is_withdrawn_is_gone_from_everywhere_but_its_place(officer):
    meeting = make_meeting(officer)
    item = add_item(officer, meeting)
    paper = Paper.objects.create(
        item=item, title=f"Report {SECRET}", text="budget", added_at=NOW, added_by=officer
    )
    call(officer, meeting)
    assert published.search(published.Asked("budget")).get().pk == paper.uid

    publishing.withdraw_paper(paper=paper, because="It named a child", by=officer, at=NOW)

    assert not published.search(published.Asked("budget")).exists()
    gone = Published.objects.get(pk=paper.uid)
    assert gone.gone_at and not gone.words and not gone.content and not gone.name
    assert SECRET not in json.dumps(Published.objects.get(pk=meeting.uid).content)


def test_a_moved_meeting_is_called_anew_and_a_cancelled_one_says_why(officer):
    meeting = call(officer, make_meeting(officer))
    new = MEETS + timedelta(days=14)

    meetings.move_meeting(
        meeting=meeting,
        starts_at=new,
        ends_at=None,
        place="Town Hall",
        why="Snow",
        by=officer,
        at=NOW,
    )
    publishing.show_change(meeting=meeting, by=officer, at=NOW)
    shown = Published.objects.get(pk=meeting.uid)
    assert shown.content["meeting"]["moved_from"] == "2026-09-23T10:00:00+01:00"
    assert shown.day == new.date()
    numbers = [item.number for item in meeting.items.all()]
    call(officer, meeting)
    assert [item.number for item in meeting.items.all()] == numbers, "numbers stay"

    with pytest.raises(ScrutinyRefused, match="Say why"):
        meetings.cancel_meeting(meeting=meeting, why=" ", by=officer, at=NOW)
    meetings.cancel_meeting(meeting=meeting, why="No quorum is expected", by=officer, at=NOW)
    publishing.show_change(meeting=meeting, by=officer, at=NOW)
    shown.refresh_from_db()
    assert shown.content["meeting"]["state"] == "cancelled"
    assert shown.content["agenda"]["items"], "its agenda stays to be read"


def test_a_meeting_past_midnight_and_over_the_change_of_clocks_keeps_its_hours(officer):
    starts = datetime(2026, 10, 24, 22, tzinfo=LONDON)  # the clocks go back in the night
    meeting = make_meeting(officer, starts_at=starts)
    call(officer, meeting)
    finished = datetime(2026, 10, 25, 1, 30, tzinfo=LONDON, fold=1)

    with pytest.raises(ScrutinyRefused, match="finished after it began"):
        meetings.end_meeting(
            meeting=meeting,
            began_at=finished,
            finished_at=starts,
            chair="",
            by=officer,
            at=finished,
        )
    meetings.end_meeting(
        meeting=meeting, began_at=starts, finished_at=finished, chair="", by=officer, at=finished
    )

    meeting.refresh_from_db()
    assert meeting.finished_at - meeting.began_at == timedelta(hours=4, minutes=30)
    told = content.minutes_of(meeting)
    assert told["began_at"] == "2026-10-24T22:00:00+01:00"
    assert told["finished_at"] == "2026-10-25T01:30:00+00:00"


def test_hub_staff_and_strangers_see_nothing_of_the_committees_own_tables(officer):
    meeting = call(officer, make_meeting(officer))
    worker = make_user("hub_worker", make_team("Banbury"))
    member = make_user("committee_member", make_team("Other committee", "committee"))

    see_as(worker)
    assert not Meeting.objects.exists() and not Item.objects.exists()
    assert Published.objects.filter(pk=meeting.uid).exists()
    see_as(member)
    assert queries.meeting_called(member, meeting.uid) is None, "of another committee"


def test_nobody_of_the_executive_sits_on_scrutiny(officer):
    cabinet = make_committee(officer, members=0, kind="executive")
    scrutiny = make_committee(officer, members=0)
    both = committees.keep_member(details={"name": "Both"}, by=officer, at=NOW)
    since = NOW.date()
    seat = committees.give_seat(committee=cabinet, member=both, since=since, by=officer, at=NOW)

    with pytest.raises(ScrutinyRefused, match="section 9FA"):
        committees.give_seat(committee=scrutiny, member=both, since=since, by=officer, at=NOW)
    committees.end_seat(seat=seat, on=since, by=officer, at=NOW)
    after = since + timedelta(days=1)
    committees.give_seat(committee=scrutiny, member=both, since=after, by=officer, at=NOW)

    assert [one.member for one in queries.seats_on(scrutiny, after)] == [both]


def test_a_joint_meeting_has_the_members_of_both_committees_once(officer):
    one, other = make_committee(officer), make_committee(officer, members=2)
    shared = queries.seats_on(one, NOW.date())[1].member
    committees.give_seat(committee=other, member=shared, since=NOW.date(), by=officer, at=NOW)

    meeting = make_meeting(officer, one, together_with=[other])

    assert len(queries.seats_at(meeting)) == 6
    shown = publishing.announce(meeting=meeting, by=officer, at=NOW)
    assert shown.content["meeting"]["together_with"] == [other.name]


def test_items_are_moved_and_taken_off_until_the_agenda_is_published(officer):
    meeting = make_meeting(officer)
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
    first, second = add_item(officer, meeting, "First"), add_item(officer, meeting, "Second")

    meetings.move_item(item=second, up=True, by=officer, at=NOW)
    titles = [item.title for item in meeting.items.all()]
    assert titles[6:8] == ["Second", "First"]
    meetings.remove_item(item=second, by=officer, at=NOW)
    assert [item.order for item in meeting.items.all()] == list(range(1, 10))
    call(officer, meeting)
    first.refresh_from_db()
    with pytest.raises(ScrutinyRefused, match="It stays; say in its minutes"):
        meetings.remove_item(item=first, by=officer, at=NOW)
    with pytest.raises(ScrutinyRefused, match="have their numbers"):
        meetings.move_item(item=first, up=True, by=officer, at=NOW)
