"""Exemplar practice: what works, who took it up, and whether figures moved beyond chance."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from kith.accounts.viewer import see_as, seeing_as
from kith.analytics.indicators import Cell
from kith.figures.registry import HOMES
from kith.scrutiny import practice_queries as queries
from kith.scrutiny.actions import practice as actions
from kith.scrutiny.actions.refusals import ScrutinyRefused
from tests.factories.accounts import make_team, make_user
from tests.factories.recommendations import Counted
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
    assert taken.baseline["line"]["cells"] == [0]
    assert taken.baseline["period"][2] == "September 2025 to August 2026"
    [line] = queries.taken_up(room.officer, kept, NOW + timedelta(days=30))
    assert line.followed is not None and line.followed.line is not None
    assert line.followed.line.word == "cannot", "the two periods have months in common"
    assert queries.public_content(kept)["taken_up"] == [
        {"hub": "Bicester", "since": "2026-09-01", "words": ""}
    ]
    with pytest.raises(ScrutinyRefused, match="until today"):
        actions.stop_taking_up(taken=taken, on=today - timedelta(days=1), by=room.officer, at=NOW)
    actions.stop_taking_up(taken=taken, on=today, by=room.officer, at=NOW)
    assert queries.public_content(kept)["taken_up"] == []


def test_a_hubs_figure_is_compared_as_a_recommendations_is(room, monkeypatch):
    counted = Counted("share")
    hub = room.hubs[1]
    counted.names, counted.hubs = (hub.slug,), {hub.slug: (Cell(20.0), Cell(200))}
    kept = keep(room, figure="volunteers-active")
    taken = actions.take_up(practice=kept, hub=hub, since=NOW.date(), by=room.officer, at=NOW)

    # Nothing counts it yet: it has no first value, and finds one by itself.
    assert taken.baseline == {}
    [waiting] = queries.taken_up(room.officer, kept, NOW)
    assert waiting.followed is not None and waiting.followed.line is None
    monkeypatch.setitem(HOMES, "volunteers-active", (counted.indicator, counted.figure))
    later = NOW + timedelta(days=400)
    assert actions.bind_figures(by=room.officer, at=later) == 1
    assert actions.bind_figures(by=room.officer, at=later) == 0

    # Of its own hub, and beyond chance alone.
    counted.total = (Cell(90.0), Cell(200))
    said = []
    for share in (22.0, 40.0):
        counted.hubs[hub.slug] = (Cell(share), Cell(200))
        [line] = queries.taken_up(room.officer, kept, later)
        assert line.followed is not None and line.followed.line is not None
        said.append((line.followed.line.said, line.followed.line.change))
    assert said == [("Cannot tell", "+2.0 points"), ("Better", "+20.0 points")]


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
