"""Asking how things are three and six months after help has ended."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from kith.accounts.viewer import see_as
from kith.analytics.days import months_after
from kith.casework import actions, following
from kith.casework.chronology import chronology
from kith.casework.models import Case, FollowUp
from tests.factories.accounts import make_team, make_user
from tests.factories.casework import make_case, make_staffed_hub

pytestmark = pytest.mark.django_db


@pytest.fixture
def banbury():
    return make_staffed_hub("Banbury")


def ended(hub, *, months=3, agreed=True, reason="goals_met", days=0):
    """A case that was closed so many months ago, and whether the family agreed to be asked."""
    today = timezone.localdate()
    closed = months_after(today, -months) - timedelta(days=days)
    # At noon: late in the evening, an hour in winter is another day in summer.
    at = timezone.now().replace(hour=12) - (today - closed)
    case = make_case(hub, worker=hub.worker, at=at - timedelta(days=60))
    see_as(hub.worker)
    said = {"case": case, "by": hub.worker, "at": at - timedelta(days=9)}
    actions.record_contact(
        how="phone", succeeded=True, with_whom="Grace", contacted_at=said["at"], **said
    )
    if agreed:
        actions.record_consent(
            purpose="stay_in_touch", given_by="Grace Okafor", giver="parent", how="spoken",
            since=said["at"].date(), **said,
        )  # fmt: skip
    see_as(hub.manager)
    actions.close(case=case, reason=reason, outcome="better", words="x", by=hub.manager, at=at)
    return Case.objects.get(pk=case.pk)


def asked(case, by, **changes):
    said = {
        "months": 3, "on": timezone.localdate(), "how": "phone", "reached": True,
        "outcome": "much_better", "by": by, "at": timezone.now(),
    }  # fmt: skip
    return actions.follow_up(case=case, **said | changes)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -6, date(2025, 7, 15)),
        (date(2026, 12, 1), 0, date(2026, 12, 1)),
    ],
)
def test_months_end_where_the_month_ends(day, months, then):
    assert months_after(day, months) == then


def test_families_that_agreed_are_to_be_asked_at_three_and_at_six_months(banbury, seen_by):
    three, six = ended(banbury), ended(banbury, months=6, days=3)
    ended(banbury, agreed=False)
    ended(banbury, months=2)
    ended(banbury, reason="moved")
    ended(banbury, days=50)  # too long ago to be asked for it
    seen_by(banbury.manager)

    owed = following.owed(banbury.manager, timezone.now())

    assert [(one.case, one.months, one.tries) for one in owed] == [(six, 6, 0), (three, 3, 0)]
    assert [one.state.words for one in owed][1] == "Due today"


def test_whoever_was_reached_or_tried_three_times_is_asked_no_more(banbury, seen_by):
    reached, tried = ended(banbury), ended(banbury)
    seen_by(banbury.worker)
    asked(reached, banbury.worker, words="It has stayed calm.")
    for _ in range(3):
        asked(tried, banbury.worker, reached=False, outcome="worse")

    assert following.owed(banbury.worker, timezone.now()) == []
    [made] = following.of_case(banbury.worker, reached)
    assert (made.outcome, made.words) == ("much_better", "It has stayed calm.")
    assert {one.outcome for one in following.of_case(banbury.worker, tried)} == {""}
    with pytest.raises(actions.FollowedUp):
        asked(reached, banbury.worker)


def test_nobody_is_asked_against_their_wish_or_before_time_or_by_strangers(banbury, seen_by):
    silent, case = ended(banbury, agreed=False), ended(banbury)
    still = make_case(banbury)
    outsider = make_staffed_hub("Witney").worker
    seen_by(banbury.worker)
    for refusal, one, changes in (
        (actions.NotShared, silent, {}),
        (actions.NotClosed, still, {}),
        (actions.TooEarly, case, {"months": 6}),
        (actions.InTheFuture, case, {"on": timezone.localdate() + timedelta(days=1)}),
        (actions.WordsMissing, case, {"outcome": ""}),
    ):
        with pytest.raises(refusal):
            asked(one, banbury.worker, **changes)
    assert not FollowUp.objects.exists()
    seen_by(outsider)
    with pytest.raises((PermissionDenied, Case.DoesNotExist)):
        asked(case, outsider)


def test_a_family_that_is_helped_again_is_not_asked(banbury, seen_by):
    case = ended(banbury)
    seen_by(banbury.manager)
    actions.reopen(case=case, reason="Worse", by=banbury.manager, at=timezone.now())

    assert following.owed(banbury.manager, timezone.now()) == []


def test_what_came_of_asking_says_of_whom_nothing_is_known(client, banbury, seen_by):
    reached, tried = ended(banbury, days=2), ended(banbury, days=1)
    ended(banbury, agreed=False)
    seen_by(banbury.worker)
    asked(reached, banbury.worker)
    asked(tried, banbury.worker, reached=False)
    seen_by(banbury.manager)

    three, six = following.came_of_it(banbury.manager, timezone.now())

    assert (three.families, three.agreed, three.reached) == (3, 2, 1)
    assert three.outcomes == {"much_better": 1}
    assert (six.families, six.reached, six.outcomes) == (0, 0, {})
    client.force_login(banbury.manager)
    page = client.get("/cases/after-the-end/").content.decode()
    assert page.count("Write down a try") == 1
    lead = make_user("county_lead", make_team("County desk", "desk"))
    client.force_login(lead)
    assert "Write down a try" not in client.get("/cases/after-the-end/?hub=all").content.decode()
    assert "Much better: 1" in page and "Nothing is known" in page and "1 of 3" in page


def test_a_worker_writes_a_try_down_on_the_page(client, banbury):
    case = ended(banbury)
    client.force_login(banbury.worker)
    address = f"/cases/{case.reference}/after/3/"
    assert "Things were: better" in client.get(address).content.decode()
    wrong = client.post(address, {"reached": "yes"}).content.decode()
    assert "Choose how things are" in wrong and "Choose how you tried" in wrong

    done = client.post(
        address,
        {"reached": "yes", "outcome": "same", "how": "phone", "on": f"{timezone.localdate()}"},
        follow=True,
    )

    assert "It is written down." in done.content.decode()
    see_as(banbury.worker)
    assert (
        chronology(banbury.worker, case.family)[0].title
        == "Asked how things are 3 months after the end: about the same"
    )
    case_page = client.get(f"/cases/{case.reference}/").content.decode()
    assert "After help ended" in case_page and "3 months: about the same" in case_page
