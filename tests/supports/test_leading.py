"""Somebody of a partner, or a volunteer, leads a session: the names on its register and no more."""

from datetime import time, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from kith.accounts.viewer import front_door, see_as, seeing_as
from kith.families.actions import restrict
from kith.families.models import Membership
from kith.notices.models import Notice
from kith.supports import actions, leading, queries
from kith.supports.models import Attendance, Session, Support
from tests.factories.accounts import make_team, make_user
from tests.factories.casework import make_case, make_staffed_hub

pytestmark = pytest.mark.django_db
Mark = actions.Mark


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def banbury():
    return make_staffed_hub("Banbury")


@pytest.fixture
def volunteer():
    return make_user("session_leader", make_team("Home-Start", "partner"), "Vol Unteer")


def give(hub, now, name="Stay and play"):
    see_as(hub.worker)
    today = timezone.localdate(now)
    return actions.set_up(
        team=hub.team, kind="group", name=name, place="The hub", leader=hub.worker,
        starts=time(10), minutes=60, since=today, weekday=today.weekday(), by=hub.worker, at=now,
    )  # fmt: skip


def on_register(hub, now, support, **changes):
    case = make_case(hub, worker=hub.worker, at=now - timedelta(days=9))
    see_as(hub.worker)
    ada = Membership.objects.get(family=case.family, role="child").person
    actions.place(
        support=support, family=case.family, people=[ada], case=case, since=support.since,
        by=hub.worker, at=now, **changes,
    )  # fmt: skip
    return case, ada


def let_lead(support, volunteer, hub, now, **changes):
    see_as(hub.worker)
    about = {"email": volunteer.email, "since": timezone.localdate(now)} | changes
    return actions.let_lead(support=support, **about, by=hub.worker, at=now)


def rows(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def test_whoever_leads_sees_the_names_on_the_register_and_by_raw_sql_nothing_else(
    banbury, volunteer, now
):
    led, other = give(banbury, now), give(banbury, now, "Young carers")
    _, ada = on_register(banbury, now, led, to_know="Allergic to nuts.")
    _, hidden = on_register(banbury, now, other)
    session = led.sessions.get(on=led.since)
    theirs = other.sessions.get(on=led.since)
    actions.mark(session=theirs, marks=[Mark(hidden.pk, "attended")], by=banbury.worker, at=now)
    made = let_lead(led, volunteer, banbury, now)

    see_as(volunteer)
    (name,) = leading.names_on(volunteer, session)
    assert (name.person, name.name, name.to_know) == (ada.pk, "Ada Okafor", "Allergic to nuts.")
    assert leading.names_on(volunteer, theirs) == []
    for table in (
        "families_family", "families_person", "families_address", "families_contactdetail",
        "families_membership", "casework_case", "casework_note", "casework_contact",
        "supports_placement", "supports_placementevent", "supports_attendance",
        "referrals_referral", "audit_entry",
    ):  # fmt: skip
        assert rows(f"select * from {table}") == [], table
    assert [pk for (pk,) in rows("select id from supports_support")] == [led.pk]
    assert {pk for (pk,) in rows("select support_id from supports_session")} == {led.pk}
    for change in (
        "update supports_support set name = 'Mine' returning id",
        "update supports_leading set until = null returning id",
    ):
        assert rows(change) == [], change
    with pytest.raises(DatabaseError), transaction.atomic():
        rows(
            "insert into supports_attendance (session_id, what, at, family_id, person_id,"
            " dropped_in, status, reason, turn, marked_at, marked_by_id, batch, was_status,"
            f" was_reason) select {theirs.pk}, 'x', now(), {name.family}, {ada.pk}, false,"
            f" 'attended', '', 1, now(), {volunteer.pk}, gen_random_uuid(), '', ''"
        )

    actions.mark(session=session, marks=[Mark(ada.pk, "attended")], by=volunteer, at=now)
    assert [row[0] for row in rows("select status from supports_attendance")] == ["attended"]
    see_as(banbury.worker)
    assert Attendance.objects.get(session=session).marked_by == volunteer

    actions.stop_leading(leading=made, by=banbury.worker, at=now)
    see_as(volunteer)
    assert leading.names_on(volunteer, session) == []
    for table in ("supports_support", "supports_session", "supports_attendance"):
        assert rows(f"select * from {table}") == [], table
    with pytest.raises((PermissionDenied, Session.DoesNotExist)):
        actions.mark(session=session, marks=[], by=volunteer, at=now)


def test_only_an_account_of_a_partner_is_let_in_and_is_told(banbury, volunteer, now):
    support = give(banbury, now)
    with pytest.raises(actions.NoSuchPartner):
        let_lead(support, banbury.manager, banbury, now)
    with pytest.raises(actions.WrongDay):
        let_lead(support, volunteer, banbury, now, until=support.since - timedelta(days=1))
    let_lead(support, volunteer, banbury, now)
    with pytest.raises(actions.LeadsAlready):
        let_lead(support, volunteer, banbury, now)
    with seeing_as(volunteer), pytest.raises(Support.DoesNotExist):
        actions.let_lead(
            support=support, email=volunteer.email, since=support.since, by=volunteer, at=now
        )
    with seeing_as(front_door()):
        told = Notice.objects.get(key__startswith="supports.may_lead")
    assert told.to == volunteer.email and "Stay and play" in told.body


def test_a_session_before_they_led_and_a_restricted_family_stay_hidden(banbury, volunteer, now):
    support = give(banbury, now)
    case, _ = on_register(banbury, now, support)
    session = support.sessions.get(on=support.since)
    later = let_lead(support, volunteer, banbury, now, since=support.since + timedelta(days=1))
    see_as(volunteer)
    assert leading.names_on(volunteer, session) == []
    see_as(banbury.worker)
    actions.stop_leading(leading=later, by=banbury.worker, at=now)
    let_lead(support, volunteer, banbury, now)
    see_as(volunteer)
    assert len(leading.names_on(volunteer, session)) == 1

    see_as(banbury.manager)
    restrict(
        family=case.family, reason="refuge", words="x", people=[banbury.worker, banbury.manager],
        by=banbury.manager, at=now,
    )  # fmt: skip
    see_as(volunteer)
    assert leading.names_on(volunteer, session) == []


def test_a_volunteer_takes_the_register_on_a_page_and_the_hub_lets_them_in_and_out(
    client, banbury, volunteer, now
):
    support = give(banbury, now)
    _, ada = on_register(banbury, now, support, to_know="Has an inhaler.")
    session = support.sessions.get(on=support.since)
    page = f"/supports/led/{session.pk}/"
    client.force_login(volunteer)
    assert client.get(page).status_code == 404
    assert "No hub has asked you" in client.get("/supports/led/").text

    client.force_login(banbury.worker)
    asked = f"/supports/{support.pk}/led-by/"
    wrong = client.post(asked, {"email": "nobody@kith.example", "since": f"{support.since}"})
    assert "Nobody of a partner has an account with this address" in wrong.text
    client.post(asked, {"email": volunteer.email.upper(), "since": f"{support.since}"})

    client.force_login(volunteer)
    assert "Sessions you lead for a hub" in client.get("/today/").text
    shown = client.get(page)
    assert "Ada Okafor" in shown.text and "Has an inhaler." in shown.text
    assert "/cases/" not in shown.text and "/families/" not in shown.text
    had = {f"had-{ada.pk}": "0"}
    wrong = client.post(page, had | {f"mark-{ada.pk}": "late", "others": "many"})
    assert "0 to 200" in wrong.text and "checked" in wrong.text.split("Came late")[0][-200:]
    saved = client.post(page, had | {f"mark-{ada.pk}": "late"}, follow=True)
    assert "One mark is saved." in saved.text and "Everybody is marked" in saved.text

    client.force_login(banbury.worker)
    assert "Came late" in client.get(f"/supports/sessions/{session.pk}/").text
    see_as(banbury.worker)
    made = support.led_by.get()
    client.post(f"/supports/led-by/{made.pk}/stop/")
    client.force_login(volunteer)
    assert client.get(page).status_code == 404


def test_whoever_leads_is_told_without_a_name_when_a_place_ends(banbury, volunteer, now):
    support = give(banbury, now)
    case, _ = on_register(banbury, now, support)
    let_lead(support, volunteer, banbury, now)
    see_as(banbury.manager)
    (place,) = queries.placements_visible_to(banbury.manager).filter(case=case)

    actions.end_placement(placement=place, until=support.since, by=banbury.manager, at=now)

    with seeing_as(front_door()):
        told = {one.to: one.body for one in Notice.objects.filter(key="supports.place_ends")}
    assert set(told) == {volunteer.email, banbury.worker.email}
    assert "/supports/led/" in told[volunteer.email]
    assert all("Stay and play" in one and "Okafor" not in one for one in told.values())


def test_what_is_to_take_stands_before_what_comes_and_what_is_over(banbury, volunteer, now):
    support, today = give(banbury, now), timezone.localdate(now)
    let_lead(support, volunteer, banbury, now, since=today - timedelta(days=14))
    for days in (-14, -7):
        Session.objects.create(
            support=support, on=today + timedelta(days=days), starts=time(10), made_at=now,
            taken_at=now if days == -14 else None,
            taken_by=banbury.worker if days == -14 else None,
        )  # fmt: skip
    see_as(volunteer)

    led = leading.led(volunteer, today)

    assert [(one.on - today).days for one in led.to_take] == [0, -7]
    assert [(one.on - today).days for one in led.to_come] == [7, 14, 21, 28]
    assert [(one.on - today).days for one in led.over] == [-14]
