"""Nothing is left dangling when a case closes, or goes to another hub: places and visits."""

from datetime import time, timedelta

import pytest
from django.utils import timezone

from kith.accounts.viewer import front_door, see_as, seeing_as
from kith.casework import actions as casework
from kith.casework import still_open
from kith.casework.models import Case, Note
from kith.casework.still_open import Becomes
from kith.families.models import Membership
from kith.field import actions as field
from kith.field import queries as visits
from kith.field.models import Visit
from kith.supports import actions
from kith.supports.models import Placement
from tests.factories.casework import make_case, make_staffed_hub, make_worker, offer_case

pytestmark = pytest.mark.django_db
ENDING = {"reason": "goals_met", "outcome": "better", "words": "Ada is back at school."}


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def banbury():
    return make_staffed_hub("Banbury")


@pytest.fixture
def case(banbury, now):
    return make_case(banbury, worker=banbury.worker, at=now - timedelta(days=30))


def give(hub, now, kind="group", name="Stay and play"):
    see_as(hub.worker)
    today = timezone.localdate(now)
    return actions.set_up(
        team=hub.team, kind=kind, name=name, place="The hub", leader=hub.worker,
        starts=time(10), minutes=60, since=today - timedelta(days=20), by=hub.worker, at=now,
    )  # fmt: skip


def place(case, support, hub, now):
    """The child of a case has a place on something."""
    see_as(hub.worker)
    ada = Membership.objects.get(family=case.family, role="child").person
    (placed,) = actions.place(
        support=support, family=case.family, people=[ada], case=case,
        since=support.since, by=hub.worker, at=now,
    )  # fmt: skip
    return placed


def plan(case, worker, now, days=1):
    see_as(worker)
    today = timezone.localdate(now)
    return field.plan_visit(
        case=case, on=today + timedelta(days=days), starts=time(14), by=worker, at=now,
        today=today,
    )  # fmt: skip


def past(visit, days):
    Visit.objects.filter(pk=visit.pk).update(on=visit.on - timedelta(days=days))
    visit.refresh_from_db()
    return visit


def keys(case, viewer, now, to=None):
    found = still_open.of_case(viewer, case, timezone.localdate(now), to)
    return {one.what.split(":")[0]: one for one in found}


def test_a_case_closes_only_when_it_is_said_what_becomes_of_each_place_and_visit(
    banbury, case, now
):
    group = place(case, give(banbury, now), banbury, now)
    alone = place(case, give(banbury, now, "one_to_one", "Talking time"), banbury, now)
    walk = place(case, give(banbury, now, "off_site", "Walk"), banbury, now)
    visit = plan(case, banbury.worker, now)
    see_as(banbury.manager)
    said, today = {"by": banbury.manager, "at": now}, timezone.localdate(now)
    found = keys(case, banbury.manager, now)
    assert "goes_on" not in dict(found["Place on Talking time"].may), "given for a plan only"

    with pytest.raises(casework.LeftOpen, match="3 things are still open"):
        casework.close(case=case, **ENDING, **said)
    becomes = {
        f"place_{group.pk}": Becomes("goes_on"),
        f"place_{walk.pk}": Becomes("until", today + timedelta(days=400)),
    }
    with pytest.raises(casework.TooEarly, match="Walk"):
        casework.close(case=case, **ENDING, becomes=becomes, rest_ends=True, **said)
    assert Case.objects.get(pk=case.pk).status == "open", "nothing is half done"
    becomes[f"place_{walk.pk}"] = Becomes("until", today + timedelta(days=14))

    closed = casework.close(case=case, **ENDING, becomes=becomes, rest_ends=True, **said)

    placed = {one.what: one for one in Placement.objects.all()}
    assert (placed["Stay and play"].until, placed["Stay and play"].universal_since) == (None, today)
    assert placed["Walk"].until == today + timedelta(days=14)
    assert placed["Talking time"].until == today and alone.until is None
    visit.refresh_from_db()
    assert (visit.dropped_by, visit.reason) == (banbury.manager, "closed")
    assert len(closed.became) == 4 and not keys(case, banbury.manager, now)

    reopened = casework.reopen(case=closed, reason="Worse again", **said)
    kept = reopened.reopenings.get()
    assert "Place on Talking time: Ada Okafor: ends on" in still_open.reopened(kept)
    assert reopened.became == []
    see_as(banbury.worker)
    with pytest.raises(actions.AlreadyPlaced):
        place(case, group.support, banbury, now)


def test_nobody_is_placed_for_a_case_that_has_closed_meanwhile(banbury, case, now):
    support = give(banbury, now)
    see_as(banbury.manager)
    casework.close(case=case, **ENDING, by=banbury.manager, at=now)

    with pytest.raises(actions.NotPossible, match="has closed meanwhile"):
        place(case, support, banbury, now)


def test_whoever_takes_a_case_over_decides_who_makes_the_visits_and_what_places_go_on(
    banbury, case, now
):
    witney = make_staffed_hub("Witney")
    taker = make_worker(witney.hub, "Taker")
    placed = place(case, give(banbury, now), banbury, now)
    soon, later = plan(case, banbury.worker, now), plan(case, banbury.worker, now, days=8)
    see_as(banbury.manager)
    offer = offer_case(case, witney.hub, banbury.manager, now)
    open_then = [what[:8] for what, _ in offer.facts["open"]]
    assert open_then == ["Place on", "Visit on", "Visit on"]
    see_as(witney.manager)
    about = {"offer": offer, "worker": taker, "by": witney.manager, "at": now}

    with pytest.raises(casework.LeftOpen):
        casework.take_over(**about)
    becomes = {
        f"visit_{soon.pk}": Becomes("goes_on"),
        f"place_{placed.pk}": Becomes("until", timezone.localdate(now) + timedelta(days=30)),
    }
    with pytest.raises(casework.TooEarly, match="Stay and play"):
        casework.take_over(**about, becomes=becomes, rest_ends=True)
    becomes[f"place_{placed.pk}"] = Becomes("until", timezone.localdate(now) + timedelta(days=14))
    casework.take_over(**about, becomes=becomes, rest_ends=True)

    soon.refresh_from_db(), later.refresh_from_db()
    assert (soon.worker, soon.dropped_at) == (taker, None)
    assert (later.reason, later.dropped_by) == ("moved", witney.manager)
    words = Note.objects.get(case=case).words
    assert "Taker makes it" in words and "is given up" in words and "Stay and play" in words


def test_visits_to_come_go_along_to_a_colleague_who_has_the_family_now(banbury, case, now):
    colleague = make_worker(banbury.hub, "Colleague")
    soon, gone = plan(case, banbury.worker, now), past(plan(case, banbury.worker, now, days=2), 4)
    see_as(banbury.manager)

    casework.reallocate(
        case=case, worker=colleague, from_worker=banbury.worker, reason="Away",
        by=banbury.manager, at=now,
    )  # fmt: skip

    soon.refresh_from_db(), gone.refresh_from_db()
    assert (soon.worker, gone.worker) == (colleague, banbury.worker)


def test_a_visit_is_tied_to_the_contact_written_of_it_or_says_why_it_was_not_made(
    banbury, case, now
):
    morning = past(plan(case, banbury.worker, now, days=1), 3)
    other = past(plan(case, banbury.worker, now, days=2), 3)
    today, said = timezone.localdate(now), {"by": banbury.worker, "at": now}
    owed = visits.not_written_down(banbury.worker, today)
    assert owed == [morning, other] == visits.not_written_down(banbury.manager, today)

    def contact(how, visit):
        at = timezone.make_aware(timezone.datetime.combine(visit.on, time(15, 10)))
        return casework.record_contact(
            case=case, contacted_at=at, how=how, succeeded=False, words="No answer", **said
        )

    call = contact("phone", morning)
    assert visits.not_written_down(banbury.worker, today) == owed, "a call is no visit"
    seen = contact("visit", morning)
    morning.refresh_from_db()
    assert morning.contact == seen
    with pytest.raises(field.NotOfThisVisit):
        field.tie(visit=other, contact=seen, **said)
    with pytest.raises(field.ReasonMissing):
        field.drop_visit(visit=other, reason="other", why=" ", **said)
    assert call in visits.could_be_of(banbury.worker, other)
    field.drop_visit(visit=other, reason="family_asked", **said)
    with pytest.raises(field.VisitOver, match="said already that it was not made"):
        field.tie(visit=other, contact=call, **said)
    assert not visits.not_written_down(banbury.manager, today)


def test_the_pages_ask_about_each_thing_and_say_at_the_field_what_is_missing(
    client, banbury, case, now
):
    placed = place(case, give(banbury, now), banbury, now)
    visit = plan(case, banbury.worker, now)
    client.force_login(banbury.manager)
    page = f"/cases/{case.reference}/close/"
    shown = client.get(page)
    assert f"Visit on {visit}" in shown.text and "it is given up" in shown.text
    answers = ENDING | {"seen": shown.context["form"].initial["seen"]}

    undecided = client.post(page, answers)
    assert "Choose what becomes of this: Place on Stay and play" in undecided.text
    no_day = client.post(page, answers | {f"becomes_place_{placed.pk}": "until"})
    assert "Give the last day of this" in no_day.text
    done = client.post(page, answers | {f"becomes_place_{placed.pk}": "goes_on"}, follow=True)
    assert "goes on as a universal place" in done.text
    again = client.get(f"/cases/{case.reference}/reopen/")
    assert "does not begin again by itself" in again.text and "is given up" in again.text

    gone = client.get(f"/field/visits/{visit.pk}/")
    assert "It was not made: the case was closed." in gone.text
    with seeing_as(front_door()):
        assert Visit.objects.get(pk=visit.pk).dropped_by == banbury.manager
