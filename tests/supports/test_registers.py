"""What hubs give, who is placed on it, and registers that two people may take at once."""

import itertools
from datetime import date, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from kith.accounts.viewer import clock, front_door, see_as, seeing_as
from kith.casework.actions import set_goal
from kith.casework.chronology import chronology
from kith.families.models import Membership
from kith.notices.models import Notice
from kith.supports import actions, queries
from kith.supports.models import Attendance, Differing, Session
from tests.factories.casework import make_case, make_staffed_hub, make_worker

pytestmark = pytest.mark.django_db
Mark = actions.Mark


@pytest.fixture
def banbury():
    return make_staffed_hub("Banbury")


@pytest.fixture
def now():
    return timezone.now()


def give(hub, now, **changes):
    """A weekly group whose first session is today."""
    see_as(hub.worker)
    today = timezone.localdate(now)
    about = {
        "team": hub.team, "kind": "group", "name": "Stay and play", "place": "The hub",
        "leader": hub.worker, "starts": time(10), "minutes": 90, "since": today,
        "weekday": today.weekday(), "by": hub.worker, "at": now,
    }  # fmt: skip
    return actions.set_up(**about | changes)


def family_of(hub, now):
    """A case of the hub, its family's child and its mother."""
    case = make_case(hub, worker=hub.worker, at=now - timedelta(days=30))
    see_as(hub.worker)
    people = {
        one.role: one.person
        for one in Membership.objects.filter(family=case.family).select_related("person")
    }
    return case, people["child"], people["mother"]


def on_register(hub, now, **changes):
    """A session of today on which a child and her mother are expected."""
    support = give(hub, now, **changes)
    case, ada, grace = family_of(hub, now)
    said = {"by": hub.worker, "at": now}
    actions.place(
        support=support, family=case.family, people=[ada, grace], since=support.since, **said
    )
    return support.sessions.get(on=timezone.localdate(now)), case, ada, grace


def take(session, by, now, *marks):
    return actions.mark(session=session, marks=marks, by=by, at=now)


def statuses(hub, session):
    see_as(hub.worker)
    return {
        line.person.given_names: (line.status, line.reason)
        for line in queries.register_of(hub.worker, session).lines
    }


def test_a_weekly_group_stands_in_the_calendar_and_goes_on_by_itself(banbury, now):
    support = give(banbury, now)
    first = list(support.sessions.order_by("on").values_list("on", flat=True))
    with seeing_as(clock()):
        assert actions.make_sessions(by=clock(), at=now) == 0
        later = actions.make_sessions(by=clock(), at=now + timedelta(weeks=3))

    assert first[0] == timezone.localdate(now)
    assert {(b - a).days % 7 for a, b in itertools.pairwise(first)} == {0}
    assert 2 <= later <= 3
    with pytest.raises(PermissionDenied):
        actions.make_sessions(by=banbury.worker, at=now)


def test_people_are_placed_for_a_goal_while_there_is_room(banbury, now):
    support = give(banbury, now, places=1)
    case, ada, grace = family_of(banbury, now)
    said = {"by": banbury.worker, "at": now}
    goal = set_goal(case=case, words="Mornings are calm", measure="On time", **said)
    about = {"support": support, "family": case.family, "since": support.since} | said

    with pytest.raises(actions.NoPlace, match="One is left"):
        actions.place(people=[ada, grace], **about)
    (placed,) = actions.place(people=[ada], case=case, goal=goal, **about)
    with pytest.raises(actions.AlreadyPlaced):
        actions.place(people=[ada], **about)
    with pytest.raises(actions.NoPlace, match="None is left"):
        actions.place(people=[grace], **about)

    (shown,) = queries.places_of(banbury.worker, [case.family], support.since)
    assert (shown.placement, shown.placement.goal) == (placed, goal)


def test_only_families_the_hub_works_with_are_placed_and_seen(banbury, now):
    witney = make_staffed_hub("Witney")
    session, _case, _ada, _grace = on_register(banbury, now)
    theirs, child, _ = family_of(witney, now)
    see_as(banbury.worker)
    said = {"by": banbury.worker, "at": now}

    with pytest.raises(actions.NotKnownHere):
        actions.place(
            support=session.support, family=theirs.family, people=[child],
            since=session.on, **said,
        )  # fmt: skip
    with pytest.raises(actions.NotKnownHere):
        actions.drop_in(session=session, family=theirs.family, person=child, **said)
    assert len(queries.register_of(banbury.worker, session).lines) == 2
    see_as(witney.worker)
    assert not queries.visible_to(witney.worker).exists()
    assert not queries.placements_visible_to(witney.worker).exists()
    with seeing_as(banbury.worker), pytest.raises(PermissionDenied, match="this can take its"):
        actions.mark(session=session, marks=[], by=witney.worker, at=now)


def test_a_register_is_taken_all_at_once_or_one_by_one_and_says_who_is_not_marked(banbury, now):
    session, case, ada, grace = on_register(banbury, now)
    today = session.on

    assert list(queries.mine_to_take(banbury.worker, today)) == [session]
    take(session, banbury.worker, now, Mark(ada.pk, "attended"))
    assert list(queries.mine_to_take(banbury.worker, today)) == [session], "Grace is not marked"
    assert queries.register_of(banbury.worker, session).not_marked == 1
    take(session, banbury.worker, now, Mark(grace.pk, "missed", "ill"))

    assert statuses(banbury, session) == {"Ada": ("attended", ""), "Grace": ("missed", "ill")}
    assert not queries.mine_to_take(banbury.worker, today).exists()
    titles = [event.title for event in chronology(banbury.worker, case.family, {"support"})]
    assert titles[0] == "Stay and play: came: Ada; missed: Grace (ill)" or titles[1] == (
        "Stay and play: came: Ada; missed: Grace (ill)"
    )


def test_a_mark_never_silently_replaces_what_somebody_else_marked_meanwhile(banbury, now):
    colleague = make_worker(banbury.hub, "Colleague")
    session, _, ada, grace = on_register(banbury, now)
    take(session, banbury.worker, now, Mark(ada.pk, "attended", had=0), Mark(grace.pk, "late"))
    see_as(colleague)

    # The colleague's page was opened before: nobody was marked on it.
    came = take(session, colleague, now, Mark(ada.pk, "missed", "forgot"), Mark(grace.pk, "late"))

    assert (len(came.changed), len(came.differing)) == (0, 1)
    assert statuses(banbury, session)["Ada"] == ("attended", "")
    (line, differing), *more = queries.register_of(colleague, session).differing
    assert (line.person, differing.status, differing.by, more) == (ada, "missed", colleague, [])

    actions.settle(differing=differing, take=True, by=banbury.worker, at=now)
    assert statuses(banbury, session)["Ada"] == ("missed", "forgot")
    assert not queries.register_of(colleague, session).differing
    with pytest.raises(actions.Settled):
        actions.settle(differing=differing, take=False, by=colleague, at=now)


def test_what_was_just_saved_is_undone_but_not_what_was_marked_again_since(banbury, now):
    colleague = make_worker(banbury.hub, "Colleague")
    session, _, ada, grace = on_register(banbury, now)
    take(session, banbury.worker, now, Mark(ada.pk, "late"))
    came = take(
        session, banbury.worker, now, Mark(ada.pk, "attended", had=1), Mark(grace.pk, "attended")
    )
    take(session, colleague, now, Mark(grace.pk, "missed", "ill", had=1))

    assert actions.undo(session=session, batch=came.batch, by=colleague, at=now) == 0
    assert actions.undo(session=session, batch=came.batch, by=banbury.worker, at=now) == 1

    assert statuses(banbury, session) == {"Ada": ("late", ""), "Grace": ("missed", "ill")}


def test_whoever_dropped_in_is_found_among_the_hubs_families_and_stands_on_the_register(
    banbury, now
):
    support = give(banbury, now, kind="drop_in")
    case, ada, _ = family_of(banbury, now)
    session = support.sessions.get(on=support.since)
    said = {"by": banbury.worker, "at": now}

    found = queries.could_drop_in(banbury.worker, session, "Okafor")
    assert {one.person.given_names for one in found} == {"Ada", "Grace"}
    line = actions.drop_in(session=session, family=case.family, person=ada, **said)
    actions.mark(session=session, marks=[], others=3, **said)

    assert statuses(banbury, session) == {"Ada": ("attended", "")}
    with pytest.raises(actions.AlreadyPlaced):
        actions.drop_in(session=session, family=case.family, person=ada, **said)
    actions.mark(session=session, marks=[Mark(ada.pk, "", had=line.turn)], **said)
    assert statuses(banbury, session) == {}, "taken back, nothing is left to show"


def test_a_cancelled_session_says_why_and_has_no_register(banbury, now):
    session, _, ada, _ = on_register(banbury, now)
    coming = session.support.sessions.filter(on__gt=session.on).earliest("on")
    said = {"by": banbury.worker, "at": now}

    with pytest.raises(actions.NotYet):
        take(coming, banbury.worker, now, Mark(ada.pk, "attended"))
    with pytest.raises(actions.ReasonMissing):
        actions.cancel_session(session=session, reason=" ", **said)
    actions.cancel_session(session=session, reason="The hall is flooded.", **said)
    with pytest.raises(actions.SessionCancelled, match="flooded"):
        take(session, banbury.worker, now, Mark(ada.pk, "attended"))
    assert not queries.mine_to_take(banbury.worker, session.on).exists()


def test_ending_a_group_ends_places_and_cancels_what_was_to_come(banbury, now):
    session, case, _, _ = on_register(banbury, now)
    support = session.support

    actions.end(
        support=support, until=session.on, reason="The leader leaves.", by=banbury.worker, at=now
    )

    assert set(support.sessions.filter(cancelled_at=None).values_list("on")) == {(session.on,)}
    places = queries.places_of(banbury.worker, [case.family], session.on + timedelta(days=1))
    assert all(one.over for one in places) and len(places) == 2
    with pytest.raises(actions.SupportEnded):
        actions.end(
            support=support, until=session.on, reason="x", by=banbury.worker,
            at=now + timedelta(days=2),
        )  # fmt: skip


def test_attendance_tells_what_is_missing_and_supposes_nothing(banbury, now):
    session, _, ada, grace = on_register(banbury, now)
    today = session.on
    untaken = Session.objects.create(
        support=session.support, on=today - timedelta(days=3), starts=time(9), made_at=now,
        made_by=banbury.worker,
    )  # fmt: skip
    type(session.support).objects.update(since=today - timedelta(days=30))
    session.support.placements.update(since=today - timedelta(days=30))
    take(session, banbury.worker, now, Mark(ada.pk, "late"), Mark(grace.pk, "not_expected"))

    rows, together = queries.attendance_by_group(
        banbury.worker, banbury.team, today - timedelta(days=7), today
    )

    assert [row.name for row in rows] == ["Stay and play"]
    counted = (together.held, together.not_taken, together.not_marked, together.came, together.late)
    assert counted == (2, 1, 2, 1, 1)
    assert (together.missed, together.not_expected, together.percent) == (0, 1, 100)
    assert untaken in queries.mine_to_take(banbury.worker, today)


def test_whoever_leads_is_reminded_once_a_day_of_registers_not_taken(banbury, now):
    monday = timezone.make_aware(timezone.datetime(2026, 11, 16, 6, 20))
    support = give(banbury, monday - timedelta(days=10), since=date(2026, 11, 6), weekday=None)
    family_of(banbury, monday)
    with seeing_as(clock()):
        assert actions.remind(by=clock(), at=monday) == 2  # the leader, and by now the manager
        assert actions.remind(by=clock(), at=monday) == 2
    with seeing_as(front_door()):
        sent = list(Notice.objects.filter(key__startswith="supports.untaken"))

    assert {notice.to for notice in sent} == {banbury.worker.email, banbury.manager.email}
    assert all("Stay and play, 6 November" in notice.body for notice in sent)
    assert support.name and "Okafor" not in str([notice.body for notice in sent])


# Pages


def test_the_page_takes_a_register_keeps_what_was_typed_and_shows_what_differs(
    client, banbury, now
):
    colleague = make_worker(banbury.hub, "Colleague")
    session, _, ada, grace = on_register(banbury, now)
    client.force_login(banbury.worker)
    page = f"/supports/sessions/{session.pk}/"
    had = {f"had-{ada.pk}": "0", f"had-{grace.pk}": "0"}

    wrong = client.post(page, had | {f"mark-{ada.pk}": "late", "others": "many"})
    assert "0 to 200" in wrong.text and "checked" in wrong.text.split("Came late")[0][-200:]
    assert not Attendance.objects.exists()
    assert client.post(page, had | {f"mark-{ada.pk}": "asleep"}).status_code == 200

    saved = client.post(page, had | {f"mark-{ada.pk}": "missed"}, follow=True)
    assert "One mark is saved. 1 is not marked yet." in saved.text
    assert "Undo the mark that you just saved" in saved.text
    see_as(banbury.worker)
    assert Attendance.objects.get().reason == "unknown"
    all_came = client.post(page, had | {f"had-{ada.pk}": "1", "all_came": "1"}, follow=True)
    assert "One mark is" in all_came.text or "2 marks are" in all_came.text

    client.force_login(colleague)
    client.post(page, had | {f"mark-{grace.pk}": "missed", f"why-{grace.pk}": "ill"})
    see_as(colleague)
    differing = Differing.objects.get(status="missed")
    shown = client.get(page)
    assert "Two people marked differently: decide" in shown.text
    client.post(f"/supports/differing/{differing.pk}/", {"keep": "theirs"})
    assert Attendance.objects.get(person=grace).status == "missed"


def test_the_pages_of_groups_answer_and_ask_no_more_when_there_are_more(
    client, banbury, now, django_assert_max_num_queries
):
    session, case, _ada, _grace = on_register(banbury, now)
    client.force_login(banbury.manager)
    support = session.support
    for page in (
        "/supports/", "/supports/?ended=1", "/supports/registers/", "/supports/attendance/",
        f"/supports/{support.pk}/", f"/supports/sessions/{session.pk}/",
        f"/supports/family/{case.family.reference}/",
        f"/supports/family/{case.family.reference}/place/",
        f"/supports/sessions/{session.pk}/dropped-in/?q=Okafor",
    ):  # fmt: skip
        with django_assert_max_num_queries(30):
            assert client.get(page).status_code == 200, page

    made = client.post(
        "/supports/new/",
        {
            "kind": "one_to_one", "name": "Talking time", "place": "The hub", "often": "once",
            "leader": str(banbury.manager.pk), "since": "2026-11-30", "starts": "2.30pm",
            "minutes": "45",
        },
    )  # fmt: skip
    assert made.status_code == 302
    see_as(banbury.manager)
    one = Session.objects.get(support__name="Talking time")
    assert (one.on, one.starts, one.minutes) == (date(2026, 11, 30), time(14, 30), 45)
    again = client.post(
        f"/supports/{one.support_id}/session/",
        {"on": "2026-11-30", "starts": "14:30", "minutes": "45"},
    )
    assert "There is a session at that time already." in again.text
