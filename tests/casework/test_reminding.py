"""Reminders go out once a day: to the worker first, then to the manager, and to partners."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied

from kith.accounts.models import Cover
from kith.accounts.viewer import clock, seeing_as
from kith.casework import actions
from kith.notices.models import Notice
from tests.factories.casework import make_case, make_partner, make_staffed_hub, make_worker

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def banbury():
    return make_staffed_hub("Banbury")


def remind(at):
    with seeing_as(clock()):
        return actions.remind(by=clock(), at=at)


def notices(key):
    with seeing_as(clock()):
        return {notice.to: notice.body for notice in Notice.objects.filter(key=f"casework.{key}")}


def morning(month, day):
    return datetime(2026, month, day, 6, 15, tzinfo=LONDON)


def test_the_worker_hears_before_and_the_manager_when_it_is_late(banbury, at):
    case = make_case(banbury, worker=banbury.worker, at=at)  # promised by Monday 23 November
    worker, manager = banbury.worker.email, banbury.manager.email

    assert remind(morning(11, 19)) == 0
    remind(morning(11, 20))  # the working day before
    body = notices("digest")[worker]
    assert f"{case.reference}: first contact by 23 November" in body
    assert "Okafor" not in body
    assert notices("manager_digest") == {}
    remind(morning(11, 24))

    assert f"{case.reference}, with {banbury.worker}" in notices("manager_digest")[manager]


def test_a_family_without_a_worker_is_the_managers_to_know(banbury, at):
    case = make_case(banbury, at=at)

    remind(morning(11, 23))

    assert notices("digest") == {}
    assert case.reference in notices("manager_digest")[banbury.manager.email]


def test_nobody_hears_twice_a_day_or_on_a_day_of_rest(banbury, at):
    make_case(banbury, worker=banbury.worker, at=at)

    assert remind(morning(11, 28)) == 0  # a Saturday
    remind(morning(11, 24))
    remind(morning(11, 24) + timedelta(hours=1))
    assert len(notices("digest")) == 1
    remind(morning(11, 25))

    with seeing_as(clock()):
        assert Notice.objects.filter(key="casework.digest").count() == 2


def test_an_overdue_review_is_the_workers_and_after_a_week_the_managers(banbury, at, seen_by):
    case = make_case(banbury, worker=banbury.worker, at=at)
    seen_by(banbury.worker)
    said = {"case": case, "by": banbury.worker}
    actions.record_contact(
        how="phone", succeeded=True, with_whom="Grace", contacted_at=at, at=at, **said
    )
    goal = actions.set_goal(words="Up on time", measure="The register says so", at=at, **said)
    actions.review_plan(
        held_on=at.date(), present="All", words="", progress={goal: (4, "")},
        next_on=date(2026, 11, 30), at=at, **said,
    )  # fmt: skip

    remind(morning(11, 26))
    assert notices("digest") == {}
    remind(morning(11, 27))
    assert (
        f"Reviews of the plan:\n- {case.reference}: due 30 November"
        in notices("digest")[banbury.worker.email]
    )
    remind(morning(12, 4))
    assert notices("manager_digest") == {}
    remind(morning(12, 9))

    body = notices("manager_digest")[banbury.manager.email]
    assert f"{case.reference}, with {banbury.worker}: overdue since 30 November" in body


def test_actions_overdue_are_chased_with_their_owner_and_after_a_week_with_the_manager(
    banbury, at, seen_by
):
    case = make_case(banbury, worker=banbury.worker, at=at)
    seen_by(banbury.worker)
    for what in ("Ring the school", "Ask the nurse"):
        actions.plan_action(
            case=case, what=what, due_on=date(2026, 11, 27), owner=banbury.worker,
            by=banbury.worker, at=at,
        )  # fmt: skip

    remind(morning(12, 2))
    line = f"{case.reference}: overdue since 27 November (2 of them)"
    assert line in notices("digest")[banbury.worker.email]
    assert "Actions overdue" not in notices("manager_digest").get(banbury.manager.email, "")
    remind(morning(12, 8))

    body = notices("manager_digest")[banbury.manager.email]
    assert f"{case.reference}, {banbury.worker}: overdue since 27 November (2 of them)" in body
    assert "/today/" in body and "school" not in body


def test_whoever_stands_in_hears_instead(banbury, at):
    case = make_case(banbury, worker=banbury.worker, at=at)
    other = make_worker(banbury.hub, "Oli Other")
    Cover.objects.create(
        absent=banbury.worker, covered_by=other, since=date(2026, 11, 20), agreed_by=other
    )

    remind(morning(11, 23))

    assert list(notices("digest")) == [other.email]
    assert case.reference in notices("digest")[other.email]


def test_a_partner_hears_of_its_actions_without_what_or_whom(banbury, at, seen_by):
    case = make_case(banbury, worker=banbury.worker, at=at)
    home_start, partner = make_partner("Home-Start")
    home_start.email = "office@homestart.example"
    home_start.save()
    seen_by(banbury.worker)
    action = actions.plan_action(
        case=case,
        what="Weekly visits to Grace",
        organisation=home_start,
        family_known_as="A.O.",
        due_on=date(2026, 11, 20),
        by=banbury.worker,
        at=at,
    )
    (asked,) = notices("partner_asked").values()
    remind(morning(11, 19))
    (due,) = notices("partner_digest").values()
    assert "1 due by 20 November 2026, 0 overdue" in due
    for body in (asked, due):
        assert "Grace" not in body and "A.O." not in body and case.reference not in body

    seen_by(partner)
    actions.complete_action(action=action, came_of_it="Six visits", by=partner, at=at)

    assert list(notices("partner_done")) == [banbury.worker.email]
    assert "Six visits" not in notices("partner_done")[banbury.worker.email]


def test_only_kith_itself_sends_reminders(banbury, at, seen_by):
    seen_by(banbury.manager)
    with pytest.raises(PermissionDenied):
        actions.remind(by=banbury.manager, at=at)
