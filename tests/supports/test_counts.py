"""How people come to what hubs give, in figures."""

from datetime import time, timedelta

import pytest
from django.core.cache import caches
from django.utils import timezone

from kith.accounts.viewer import see_as
from kith.analytics.indicators import Period
from kith.families.models import Membership
from kith.supports import actions, counts
from tests.factories.casework import make_case, make_staffed_hub

pytestmark = pytest.mark.django_db
Mark = actions.Mark


def test_people_are_counted_once_however_often_they_came_and_what_is_not_known_is_said():
    caches["figures"].clear()
    now = timezone.now()
    today = timezone.localdate(now)
    hub = make_staffed_hub("Banbury")
    see_as(hub.worker)
    said = {"by": hub.worker, "at": now}
    support = actions.set_up(
        team=hub.team, kind="group", name="Stay and play", place="The hub", leader=hub.worker,
        starts=time(10), minutes=60, since=today - timedelta(days=20), **said,
    )  # fmt: skip
    days = [today - timedelta(days=days) for days in (14, 7, 3)]
    first, second, untaken = (
        actions.add_session(support=support, on=on, starts=time(14), minutes=60, **said)
        for on in days
    )
    people = []
    for _ in range(12):
        case = make_case(hub, worker=hub.worker, at=now - timedelta(days=30))
        see_as(hub.worker)
        ada = Membership.objects.get(family=case.family, role="child").person
        actions.place(
            support=support, family=case.family, people=[ada], since=support.since, **said
        )
        people.append(ada)
    # Six came to both, five missed both, and one came every second time.
    for number, session in enumerate((first, second)):
        came = [Mark(one.pk, "attended") for one in people[:6]]
        came += [Mark(one.pk, "missed", "ill") for one in people[6:11]]
        came.append(Mark(people[11].pk, "late") if number else Mark(people[11].pk, "missed", "ill"))
        actions.mark(session=session, marks=came, **said)

    period = Period(today - timedelta(days=15), today - timedelta(days=1), "lately")
    found = counts.figure(counts.COMING, period, by="hub", at=now)

    (row,) = (one for one in found.rows if one.key == hub.hub.slug)
    share, low, high, of = (cell.text for cell in row.cells)
    assert (share, of) == ("58.3", "12") and float(low) < 58.3 < float(high)
    assert found.missing.startswith("Sessions held: 3, of which without a register: 1.")
    assert untaken.taken_at is None
    with pytest.raises(LookupError):
        counts.figure(counts.COMING, period, by="month", at=now)


def test_sessions_away_from_the_hub_are_a_share_of_those_that_were_held():
    caches["figures"].clear()
    now = timezone.now()
    today = timezone.localdate(now)
    hub = make_staffed_hub("Banbury")
    see_as(hub.worker)
    said = {"by": hub.worker, "at": now}
    begun = today - timedelta(days=20)
    here, away = (
        actions.set_up(
            team=hub.team, kind=kind, name=kind, place="Somewhere", leader=hub.worker,
            starts=time(10), minutes=60, since=begun, **said,
        )
        for kind in ("group", "off_site")
    )  # fmt: skip
    for support, number in ((here, 3), (away, 1)):
        for days in range(number):
            on = today - timedelta(days=days + 2)
            actions.add_session(support=support, on=on, starts=time(14), minutes=60, **said)

    period = Period(today - timedelta(days=15), today - timedelta(days=1), "lately")
    found = counts.figure(counts.OFF_SITE, period, by="hub", at=now)

    (row,) = (one for one in found.rows if one.key == hub.hub.slug)
    assert [row.cells[0].text, row.cells[-1].text] == ["25", "4"]
    assert found.total.cells == row.cells
