"""Meetings of the team around a family: called, answered, held, written down and sent."""

from datetime import timedelta

import icalendar
import pytest
import time_machine
from django.utils import timezone

from kith.accounts.viewer import clock, front_door, seeing_as
from kith.casework import actions, team
from kith.casework.actions import Decision
from kith.casework.models import MeetingSeat, Minutes, MinutesCopy, TeamMeeting, TeamMember
from kith.families import queries as families
from kith.families.actions import add_contact_detail
from kith.notices.delivery import _message
from kith.notices.models import Notice
from tests.casework.test_team import agree, join, notice, said
from tests.factories.casework import make_case, make_partner, make_staffed_hub

pytestmark = pytest.mark.django_db


@pytest.fixture
def banbury():
    hub = make_staffed_hub("Banbury")
    hub.hub.phone = "01632 960 150"
    hub.hub.save()
    return hub


@pytest.fixture
def case(banbury, seen_by):
    made = make_case(banbury, worker=banbury.worker, at=timezone.now() - timedelta(days=20))
    seen_by(banbury.worker)
    return made


@pytest.fixture
def school():
    return make_partner("Orchard School")


@pytest.fixture
def senco(banbury, case, school):
    agree(case, banbury.worker, school[0])
    return join(case, banbury.worker, school[0], email=school[1].email, name="Sen Co", role="SENCo")


@pytest.fixture
def mother(banbury, case):
    [person] = [
        one.person for one in families.people_of(banbury.worker, case.family) if not one.is_child
    ]
    return actions.add_of_family(case=case, person=person, role="Mother", **said(banbury.worker))


def call(case, by, members, days=3, **changes):
    answers = {"minutes_long": 60, "place": "Banbury hub", "agenda": "How school goes", **changes}
    answers.setdefault("starts_at", timezone.now() + timedelta(days=days))
    return actions.call_meeting(case=case, members=members, **answers, **said(by))


def held(case, by, members):
    """A meeting that began an hour ago."""
    with time_machine.travel(timezone.now() - timedelta(days=2), tick=True):
        meeting, _ = call(case, by, members, days=0, starts_at=timezone.now() + timedelta(days=1))
    return meeting


def write(meeting, by, *, after=0, decisions=None, attendance=None, discussion="We agreed."):
    seats = attendance or dict.fromkeys(
        MeetingSeat.objects.filter(meeting=meeting).values_list("pk", flat=True), "attended"
    )
    return actions.write_minutes(
        meeting=meeting, after_version=after, attendance=seats, others="", discussion=discussion,
        decisions=decisions or {}, **said(by),
    )  # fmt: skip


def test_everybody_is_asked_with_an_entry_for_the_calendar_and_nothing_of_the_family(
    banbury, case, senco, mother
):
    meeting, untold = call(case, banbury.worker, [senco, mother])

    assert untold == [mother], "she has a telephone and no e-mail address"
    sent = notice("meeting_called", senco.email)
    assert "Okafor" not in sent.body + sent.calendar and "How school goes" not in sent.body
    message = _message(sent).message()
    [entry] = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    assert entry.get_param("method") == "REQUEST"
    [event] = icalendar.Calendar.from_ical(entry.get_payload(decode=True)).walk("VEVENT")
    assert event["dtstart"].dt == meeting.starts_at.replace(microsecond=0)
    assert event["uid"].startswith(str(meeting.uid)) and event["sequence"] == 0
    assert event["attendee"] == f"mailto:{senco.email}"


def test_the_family_is_written_to_only_where_it_is_safe_and_without_a_calendar_entry(
    banbury, case, mother
):
    add = {"person": mother.person, "kind": "email", "by": banbury.worker, "at": timezone.now()}
    add_contact_detail(value="shared@home.example", safe=False, **add)
    _, untold = call(case, banbury.worker, [mother])
    assert untold == [mother]
    add_contact_detail(value="grace@home.example", **add)
    _, untold = call(case, banbury.worker, [mother], days=5)
    assert not untold and notice("meeting_family", "grace@home.example").calendar == ""


def test_moving_a_meeting_asks_everybody_again_and_other_changes_only_who_is_new(
    banbury, case, senco, school
):
    meeting, _ = call(case, banbury.worker, [senco])
    seat = MeetingSeat.objects.get()
    with seeing_as(school[1]):
        actions.answer_meeting(seat=seat, reply="coming", words="", **said(school[1]))
    late = join(case, banbury.worker, school[0], email="late@school.example", name="Late Comer")
    same = {
        "starts_at": meeting.starts_at, "minutes_long": 60, "place": "Banbury hub", "agenda": "New",
    }  # fmt: skip
    actions.change_meeting(meeting=meeting, **same, members=[late], **said(banbury.worker))
    seat.refresh_from_db()
    assert seat.reply == "coming" and notice("meeting_called", late.email)
    with seeing_as(front_door()):
        assert Notice.objects.filter(key="casework.meeting_called", to=senco.email).count() == 1

    moved = {**same, "starts_at": meeting.starts_at + timedelta(days=1)}
    meeting, _ = actions.change_meeting(
        meeting=meeting, **moved, members=[], **said(banbury.worker)
    )
    seat.refresh_from_db()
    assert seat.reply == "" and "SEQUENCE:1" in notice("meeting_called", senco.email).calendar
    actions.cancel_meeting(meeting=meeting, because="Snow", **said(banbury.worker))
    assert "METHOD:CANCEL" in notice("meeting_cancelled", senco.email).calendar
    with pytest.raises(actions.MeetingOver):
        actions.cancel_meeting(meeting=meeting, because="Again", **said(banbury.worker))


def test_whoever_left_the_team_hears_no_more_of_its_meetings(banbury, case, senco, school):
    stays = join(case, banbury.worker, school[0], email="stays@school.example", name="Stays")
    meeting, _ = call(case, banbury.worker, [senco, stays])
    actions.leave_team(member=senco, because="Changed school", **said(banbury.worker))
    with seeing_as(front_door()):
        heard = Notice.objects.filter(to=senco.email).count()
    moved = {
        "starts_at": meeting.starts_at + timedelta(days=1), "minutes_long": 60,
        "place": "Banbury hub", "agenda": "",
    }  # fmt: skip
    actions.change_meeting(meeting=meeting, **moved, members=[], **said(banbury.worker))
    actions.cancel_meeting(meeting=meeting, because="Snow", **said(banbury.worker))
    with seeing_as(front_door()):
        assert Notice.objects.filter(to=senco.email).count() == heard
        assert Notice.objects.filter(to=stays.email, key="casework.meeting_cancelled").exists()


def test_a_meeting_needs_somebody_a_place_and_a_time_to_come(banbury, case, senco):
    with pytest.raises(actions.NobodyAsked):
        call(case, banbury.worker, [])
    with pytest.raises(actions.WordsMissing):
        call(case, banbury.worker, [senco], place=" ")
    with pytest.raises(actions.TooEarly):
        call(case, banbury.worker, [senco], days=-1)
    actions.leave_team(member=senco, because="Left", **said(banbury.worker))
    with pytest.raises(actions.NotInTeam):
        call(case, banbury.worker, [senco])
    assert not TeamMeeting.objects.exists()


def test_a_member_answers_for_themselves_and_the_hub_for_whoever_rings(
    banbury, case, senco, mother, school, seen_by
):
    meeting, _ = call(case, banbury.worker, [senco, mother])
    mine, hers = MeetingSeat.objects.filter(meeting=meeting).order_by("pk")
    actions.answer_meeting(seat=hers, reply="coming", words="Rang", **said(banbury.worker))
    seen_by(school[1])
    actions.answer_meeting(seat=mine, reply="apologies", words="Training", **said(school[1]))
    with pytest.raises(MeetingSeat.DoesNotExist):
        actions.answer_meeting(seat=hers, reply="apologies", words="", **said(school[1]))
    seen_by(banbury.worker)
    replies = dict(MeetingSeat.objects.values_list("member__name", "reply"))
    assert replies == {"Sen Co": "apologies", "Grace Okafor": "coming"}


def test_minutes_do_in_the_plan_what_was_decided_and_keep_what_was_said(banbury, case, senco):
    due = timezone.localdate() + timedelta(days=3)
    plan = [
        actions.plan_action(case=case, what=what, owner=banbury.worker, due_on=due,
                            **said(banbury.worker))
        for what in ("Ring the GP", "Find a bed", "Breakfast club")
    ]  # fmt: skip
    meeting = held(case, banbury.worker, [senco])
    later = due + timedelta(days=30)

    minutes = write(
        meeting, banbury.worker,
        decisions={
            plan[0].pk: Decision("done", "Rung: seen on Monday"),
            plan[1].pk: Decision("later", "No bed yet", later),
            plan[2].pk: Decision("goes_on", "Three times a week"),
        },
    )  # fmt: skip

    for action in plan:
        action.refresh_from_db()
    assert plan[0].done_on and plan[0].came_of_it == "Rung: seen on Monday"
    assert plan[1].due_on == later and not plan[2].ended
    assert [one.state for one in minutes.reviewed.order_by("action__pk")] == [
        "Done", f"Goes on, due {later:%-d %B %Y}", f"Goes on, due {due:%-d %B %Y}",
    ]  # fmt: skip
    again = write(
        meeting, banbury.worker, after=1, discussion="Put right.",
        decisions={plan[1].pk: Decision("goes_on", "A bed is found")},
    )  # fmt: skip
    told = {one.what: one.words for one in again.reviewed.all()}
    assert told == {
        "Ring the GP": "Rung: seen on Monday",
        "Find a bed": "A bed is found",
        "Breakfast club": "Three times a week",
    }


def test_a_decision_that_cannot_be_done_leaves_no_minutes_at_all(banbury, case, senco):
    action = actions.plan_action(
        case=case, what="Ring the GP", owner=banbury.worker, due_on=timezone.localdate(),
        **said(banbury.worker),
    )  # fmt: skip
    meeting = held(case, banbury.worker, [senco])
    with pytest.raises(actions.WordsMissing):
        write(meeting, banbury.worker, decisions={action.pk: Decision("done", " ")})
    assert not Minutes.objects.exists()
    assert MeetingSeat.objects.get().attendance == ""


def test_of_two_who_write_minutes_the_second_is_told_and_loses_nothing(
    banbury, case, senco, client
):
    meeting = held(case, banbury.worker, [senco])
    write(meeting, banbury.worker, discussion="Hers")
    with pytest.raises(actions.MinutesChanged, match="saved minutes"):
        write(meeting, banbury.manager, discussion="His")

    client.force_login(banbury.manager)
    at = f"/cases/{case.reference}/meeting/{meeting.pk}/minutes/"
    seat = MeetingSeat.objects.get()
    form = {f"seat-{seat.pk}": "attended", "discussion": "His own words", "version": "0"}
    page = client.post(at, form).content.decode()
    assert "Yours are below" in page and "Hers" in page and "His own words" in page
    client.post(at, {**form, "version": "1"})
    assert [one.discussion for one in Minutes.objects.order_by("version")] == [
        "Hers",
        "His own words",
    ]


def test_minutes_are_not_written_before_the_meeting_nor_of_a_cancelled_one(banbury, case, senco):
    meeting, _ = call(case, banbury.worker, [senco])
    with pytest.raises(actions.NotHeldYet):
        write(meeting, banbury.worker)
    actions.cancel_meeting(meeting=meeting, because="Snow", **said(banbury.worker))
    with pytest.raises(actions.MeetingOver):
        write(meeting, banbury.worker)


def test_minutes_go_only_to_those_who_may_see_them(banbury, case, senco, mother, school, seen_by):
    meeting = held(case, banbury.worker, [senco, mother])
    minutes = write(meeting, banbury.worker, discussion="She was open about the debts.")
    seen_by(school[1])
    assert not Minutes.objects.exists(), "nobody was sent them yet"
    seen_by(banbury.worker)
    ground = senco.sharing
    actions.send_minutes(minutes=minutes, members=[senco, mother], **said(banbury.worker))
    assert "debts" not in notice("minutes_ready", senco.email).body
    seen_by(school[1])
    assert Minutes.objects.get().discussion.endswith("debts.")
    shown = team.seen_by_member(school[1], TeamMember.objects.get(), timezone.localdate())
    assert [one.pk for one in shown.minutes] == [minutes.pk]

    seen_by(banbury.worker)
    actions.take_back(sharing=ground, said_by="Grace Okafor", **said(banbury.worker))
    put_right = write(meeting, banbury.worker, after=1)
    senco.refresh_from_db()
    with pytest.raises(actions.NotForThem, match="taken back"):
        actions.send_minutes(minutes=put_right, members=[senco], **said(banbury.worker))
    with pytest.raises(actions.MinutesChanged):
        actions.send_minutes(minutes=minutes, members=[mother], **said(banbury.worker))
    assert [copy.member for copy in MinutesCopy.objects.filter(minutes=put_right)] == []
    seen_by(school[1])
    assert not Minutes.objects.exists()


def test_a_partner_who_leads_calls_meetings_and_writes_minutes(
    banbury, case, senco, school, client
):
    actions.lead_team(member=senco, **said(banbury.worker))
    action = actions.plan_action(
        case=case, what="Ring the GP", owner=banbury.worker, due_on=timezone.localdate(),
        **said(banbury.worker),
    )  # fmt: skip
    actions.add_note(
        case=case, happened_at=timezone.now(), words="For the hub alone", **said(banbury.worker)
    )
    meeting = held(case, banbury.worker, [senco])
    client.force_login(school[1])
    at = f"/cases/{case.reference}/"
    page = client.get(at + "team/").content.decode()
    assert "Ring the GP" in page and "For the hub alone" not in page
    assert client.get(at).status_code == 404 and client.get(at + "plan/").status_code == 404
    soon = timezone.localtime() + timedelta(days=8)
    client.post(
        at + "meeting/",
        {"on": soon.date().isoformat(), "time": "14:30",
         "minutes_long": "60", "place": "Orchard School", "members": [senco.pk]},
    )  # fmt: skip
    seat = MeetingSeat.objects.get(meeting=meeting)
    answer = client.post(
        f"{at}meeting/{meeting.pk}/minutes/",
        {f"seat-{seat.pk}": "attended", "discussion": "All went well.", "version": "0",
         f"state-{action.pk}": "done", f"words-{action.pk}": "Rung"},
    )  # fmt: skip
    assert answer.status_code == 302, answer.content.decode()
    client.post(f"{at}meeting/{meeting.pk}/send/", {"members": [senco.pk]})

    with seeing_as(banbury.worker):
        assert TeamMeeting.objects.count() == 2
        action.refresh_from_db()
        assert action.done_on and action.ended_by == school[1]
        assert Minutes.objects.get().by == school[1]
        actions.leave_team(member=senco, because="Left", **said(banbury.worker))
    assert client.get(at + "team/").status_code == 404


def test_actions_agreed_at_a_meeting_stand_with_it(banbury, case, senco, client):
    meeting = held(case, banbury.worker, [senco])
    write(meeting, banbury.worker)
    client.force_login(banbury.worker)
    at = f"/cases/{case.reference}/"
    day = timezone.localdate() + timedelta(days=9)
    answer = client.post(
        f"{at}action/?meeting={meeting.pk}",
        {"what": "Book the hall", "who": "worker", "owner": banbury.worker.pk,
         "due_on": day.isoformat()},
    )  # fmt: skip
    assert answer["Location"].endswith(f"/meeting/{meeting.pk}/"), answer.content.decode()
    assert "Book the hall" in client.get(f"{at}meeting/{meeting.pk}/").content.decode()
    review = client.get(f"{at}review/?meeting={meeting.pk}").content.decode()
    assert 'value="Sen Co"' in review


def test_everybody_is_reminded_on_the_working_day_before_but_for_apologies(
    banbury, case, senco, mother, school
):
    other = join(case, banbury.worker, school[0], email="o@school.example", name="Other")
    monday = timezone.make_aware(timezone.datetime(2027, 3, 8, 6, 15))
    with time_machine.travel(monday - timedelta(days=5), tick=True):
        call(case, banbury.worker, [senco, mother, other], starts_at=monday + timedelta(hours=30))
    seat = MeetingSeat.objects.get(member=other)
    with time_machine.travel(monday - timedelta(days=4), tick=True):
        actions.answer_meeting(seat=seat, reply="apologies", words="", **said(banbury.worker))
    with seeing_as(clock()):
        assert actions.remind_of_meetings(by=clock(), at=monday - timedelta(days=1)) == 0
        assert actions.remind_of_meetings(by=clock(), at=monday) == 1
        actions.remind_of_meetings(by=clock(), at=monday + timedelta(hours=1))
        assert [one.to for one in Notice.objects.filter(key="casework.meeting_tomorrow")] == [
            senco.email
        ]
