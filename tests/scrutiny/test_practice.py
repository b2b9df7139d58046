"""Exemplar practice: what works, who took it up, and whether figures moved beyond chance."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from kith.accounts.viewer import see_as, seeing_as
from kith.figures.registry import indicator_called
from kith.scrutiny import live
from kith.scrutiny import practice_queries as queries
from kith.scrutiny.actions import practice as actions
from kith.scrutiny.actions.refusals import ScrutinyRefused
from tests.factories.accounts import make_team, make_user
from tests.factories.visits import NOW, make_visiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def room():
    return make_visiting(1)


def keep(room, **more):
    details = {
        "title": "Sessions in village halls",
        "what": "A session each week.",
        "hub": room.hubs[0],
        "where": "",
        "for_whom": "families without a car",
        "needs": "A hall",
        "shows": "They come",
        "figure": "requests-received",
        "contact": "Hub manager, Banbury",
    }
    return actions.keep_practice(
        details={**details, **more}, review=room.review, by=room.officer, at=NOW
    )


def test_what_works_is_written_down_once_and_by_officers_or_the_county(room):
    lead = make_user("county_lead", make_team("Desk", "desk"), "Lead")
    kept = keep(room)

    with pytest.raises(ScrutinyRefused, match="of this name"):
        keep(room, title="SESSIONS in village halls")
    with pytest.raises(ScrutinyRefused, match="say where"):
        keep(room, title="Another", hub=None)
    with pytest.raises(PermissionDenied):
        actions.keep_practice(
            details={"title": "X"}, review=room.review, by=room.people[0].user, at=NOW
        )
    with seeing_as(lead):
        changed = actions.keep_practice(
            details={"title": kept.title, "hub": kept.hub, "needs": "Two halls"},
            practice=kept,
            by=lead,
            at=NOW,
        )

    assert (changed.pk, changed.needs, changed.review) == (kept.pk, "Two halls", room.review)


def test_a_hub_that_takes_it_up_keeps_its_figure_of_that_day(room):
    kept, today = keep(room), NOW.date()

    with pytest.raises(ScrutinyRefused, match="comes from this hub"):
        actions.take_up(practice=kept, hub=room.hubs[0], since=today, by=room.officer, at=NOW)
    with pytest.raises(ScrutinyRefused, match="once it has begun"):
        actions.take_up(
            practice=kept,
            hub=room.hubs[1],
            since=today + timedelta(days=1),
            by=room.officer,
            at=NOW,
        )
    taken = actions.take_up(practice=kept, hub=room.hubs[1], since=today, by=room.officer, at=NOW)
    with pytest.raises(ScrutinyRefused, match="already"):
        actions.take_up(practice=kept, hub=room.hubs[1], since=today, by=room.officer, at=NOW)

    # Whole months alone: what is kept cannot be subtracted from what the figures page shows.
    assert taken.baseline == {
        "value": 0,
        "kind": "count",
        "on": "2026-09-01",
        "period": "September 2025 to August 2026",
    }
    [line] = queries.taken_up(room.officer, kept, NOW + timedelta(days=30))
    assert line.moved is not None and line.moved.verdict == "cannot tell"
    assert queries.public_content(kept)["taken_up"] == [
        {"hub": "Bicester", "since": "2026-09-01", "words": ""}
    ]
    with pytest.raises(ScrutinyRefused, match="until today"):
        actions.stop_taking_up(taken=taken, on=today - timedelta(days=1), by=room.officer, at=NOW)
    actions.stop_taking_up(taken=taken, on=today, by=room.officer, at=NOW)
    assert queries.public_content(kept)["taken_up"] == []


def share(value, low, high):
    return {"value": value, "kind": "share", "low": low, "high": high}


def test_a_figure_has_moved_only_beyond_chance(room):
    count = indicator_called("requests-received")
    shares = next(one for one, _ in live.HOMES.values() if one.kind == "share")
    better = "better" if shares.better == "more" else "worse"

    assert live.moved(count, {"value": 100}, {"value": 120}).verdict == "cannot tell"
    assert live.moved(count, {"value": 100}, {"value": 140}).verdict != "cannot tell"
    assert live.moved(count, {}, {"value": 140}).before == "not known"
    hidden = live.moved(count, {"hidden": True}, {"value": 140})
    assert (hidden.before, hidden.verdict) == ("hidden", "cannot tell")
    assert live.moved(shares, share(40, 35, 45), share(48, 44, 52)).verdict == "cannot tell"
    assert live.moved(shares, share(40, 35, 45), share(58, 54, 62)).verdict == better
    assert live.moved(shares, {"value": 40}, {"value": 90}).verdict == "cannot tell"


def test_nothing_public_of_a_practice_names_anybody(room):
    told = queries.public_content(keep(room))

    assert set(told) == {
        *("title", "what", "where", "for_whom", "needs", "shows"),
        *("figure", "figure_name", "contact", "taken_up"),
    }
    assert told["where"] == "Banbury hub"


@time_machine.travel(NOW, tick=False)
def test_the_library_is_read_by_members_and_kept_by_officers_in_the_browser(room):
    officer, member = Client(), Client()
    officer.force_login(room.officer)
    member.force_login(room.people[0].user)
    where = reverse("visits:practice_new", args=[room.review.uid])

    wrong = officer.post(where, {"title": "Warm welcome"})
    officer.post(where, {"title": "Warm welcome", "what": "Tea", "hub": room.hubs[0].pk})
    see_as(room.officer)
    kept = queries.practices(room.officer).get()
    page = reverse("visits:practice", args=[kept.uid])
    officer.post(
        reverse("visits:take_up", args=[kept.uid]),
        {"hub": room.hubs[1].pk, "since": "2026-09-01", "words": "With biscuits"},
    )
    shown = member.get(page).content.decode()

    assert (
        "Enter what is done" in wrong.content.decode() or "What is done?" in wrong.content.decode()
    )
    assert "With biscuits" in shown and "No figure" in shown and "Change it" not in shown
    assert "Taken up by 1 more hub" in member.get(reverse("visits:practices")).content.decode()
