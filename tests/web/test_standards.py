"""Whether a standard of the core offer is met, as the county's own data tell it."""

from datetime import datetime, time, timedelta

import pytest
from django.core.cache import caches
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kith.accounts.viewer import see_as, seeing_as
from kith.analytics.standards import MET, NOT_MET, UNKNOWN
from kith.casework.actions import record_contact
from kith.directory import actions
from kith.directory.actions import DirectoryRefused, Item, Standing
from kith.directory.models import CoreItem, NotHeld
from kith.directory.queries import core_standings, entries_at, to_confirm
from kith.supports import actions as supports
from kith.web.board import board
from tests.factories.accounts import make_team, make_user
from tests.factories.casework import AT, make_case, make_staffed_hub
from tests.factories.directory import make_place, make_service

pytestmark = pytest.mark.django_db
MONDAY_10 = time(10)


@pytest.fixture
def lead():
    caches["figures"].clear()
    return make_user("county_lead", make_team("County", "desk"))


def in_force(lead, at, **measure):
    said = {"by": lead, "at": at}
    offer = actions.draft_offer(**said)
    details = Item("Stay and play", "Toys.", "under fives", "Every week.", **measure)
    code = actions.write_item(offer=offer, details=details, **said).code
    day = at.date() - timedelta(days=200)
    actions.agree_offer(offer=offer, on=day, agreed_by="Cabinet", in_force_from=day, **said)
    return code


def place_of(hub, at):
    (line,) = board(at, timezone.localdate(at)).lines
    return next(place for place in line.places if place.hub == hub)


def test_how_often_it_is_held_is_counted_from_registers_and_not_from_the_hubs_word(client, lead):
    at = timezone.now()
    today = timezone.localdate(at)
    hub = make_staffed_hub("Banbury")
    code = in_force(lead, at, every="week", at_least=80)
    standing = Standing("running", standard_said=True)
    actions.say_offering(hub=hub.hub, code=code, standing=standing, by=lead, at=at)
    assert place_of(hub.hub, at).standard == UNKNOWN, "the hub’s word does not count here"

    see_as(hub.worker)
    said = {"by": hub.worker, "at": at}
    monday = today - timedelta(days=today.weekday())
    first = monday - timedelta(weeks=12)
    group = supports.set_up(
        team=hub.team, kind="drop_in", name="Play", place="The hub", leader=hub.worker, core_code=code,
        starts=MONDAY_10, minutes=60, since=first, **said,
    )  # fmt: skip
    sessions = [group.sessions.get()] + [
        supports.add_session(
            support=group, on=first + timedelta(weeks=n), starts=MONDAY_10, minutes=60, **said
        )
        for n in range(1, 12)
    ]
    for session in sessions[:9]:
        supports.mark(session=session, marks=[], others=3, **said)
    caches["figures"].clear()
    found = place_of(hub.hub, at)
    assert (found.standard, found.measured) == (UNKNOWN, True)
    assert found.how == "3 of 12 weeks not written down"

    supports.cancel_session(session=sessions[9], reason="Snow.", **said)
    supports.cancel_session(session=sessions[10], reason="Snow.", **said)
    supports.cancel_session(session=sessions[11], reason="Snow.", **said)
    caches["figures"].clear()
    found = place_of(hub.hub, at)
    assert (found.standard, found.gap) == (NOT_MET, True)
    assert found.how == "9 of 12 weeks, by registers"

    page = client.get(reverse("offer_standard", args=[hub.hub.slug, code])).content.decode()
    assert (
        "Standard not met" in page and "9 of 12" in page and "Registers of the hub’s groups" in page
    )
    assert "Came, all sessions together" not in page
    client.force_login(lead)
    page = client.get(reverse("offer_standard", args=[hub.hub.slug, code])).content.decode()
    assert "Came, all sessions together" in page and "27" in page


def test_without_a_register_the_times_in_the_directory_tell_and_days_called_off_do_not_count(lead):
    at = timezone.make_aware(datetime(2026, 11, 25, 12))
    hub = make_staffed_hub("Banbury").hub
    code = in_force(lead, at, every="week", at_least=80)
    entry = make_service("Play", place=make_place(hub=hub), when={"weekday": 1})
    actions.say_offering(
        hub=hub, code=code, standing=Standing("running", entry=entry), by=lead, at=at
    )
    found = place_of(hub, at)
    assert (found.standard, found.how) == (MET, "12 of 12 weeks, by times in the directory")
    assert "announced" in found.findings[0].missing

    schedule = entry.schedules.get()
    for weeks in range(1, 4):
        NotHeld.objects.create(
            schedule=schedule, day=datetime(2026, 11, 24).date() - timedelta(weeks=weeks)
        )
    assert place_of(hub, at).standard == NOT_MET


def test_an_entry_shows_what_it_must_and_is_not_relied_on_when_nobody_checked_it(lead):
    at = timezone.now()
    today = timezone.localdate(at)
    hub = make_staffed_hub("Banbury").hub
    code = in_force(lead, at, entry_shows=("free", "step_free"))
    steps = make_place(hub=hub, access=[])
    entry = make_service("Play", place=steps, free=True, assured_on=today)
    standing = Standing("running", entry=entry)
    actions.say_offering(hub=hub, code=code, standing=standing, by=lead, at=at)
    assert (place_of(hub, at).standard, place_of(hub, at).how) == (
        NOT_MET, "1 of 2 shown by its entry"
    )  # fmt: skip

    steps.access = ["step_free"]
    steps.save()
    assert place_of(hub, at).standard == MET
    entry.assured_on = today - timedelta(days=120)
    entry.save()
    found = place_of(hub, at)
    assert (found.standard, found.stale) == (UNKNOWN, True)
    entry.free = None
    entry.assured_on = today
    entry.save()
    assert place_of(hub, at).standard == UNKNOWN


def test_the_hubs_word_grows_stale_after_three_months_and_does_not_count_as_met(lead):
    at = timezone.now()
    hub = make_staffed_hub("Banbury").hub
    code = in_force(lead, at)
    actions.say_offering(
        hub=hub, code=code, standing=Standing("running", standard_said=True), by=lead, at=at
    )
    assert (place_of(hub, at).standard, place_of(hub, at).measured) == (MET, False)

    later = at + timedelta(days=95)
    late = place_of(hub, later)
    assert (late.standard, late.stale) == (UNKNOWN, True)
    assert late.how.endswith("too long ago")


def test_a_manager_confirms_what_no_data_show_and_today_asks_for_it_in_time(client, lead):
    at = timezone.now()
    here, there = make_staffed_hub("Banbury"), make_staffed_hub("Witney")
    manager = make_user("hub_manager", here.team)
    code = in_force(lead, at)
    said = timezone.now() - timedelta(days=100)
    for hub in (here.hub, there.hub):
        actions.say_offering(
            hub=hub, code=code, standing=Standing("running", standard_said=True), by=lead, at=said
        )
    assert [one.hub for _, one in to_confirm([here.hub], at.date())] == [here.hub]
    client.force_login(manager)
    assert "Standards to confirm" in client.get(reverse("home")).content.decode()
    page = client.get(reverse("offer_board")).content.decode()
    assert "Banbury: Stay and play" in page and "Witney: Stay and play" not in page

    confirm = reverse("directory:confirm_standard", args=[here.hub.slug, code])
    page = client.get(reverse("offer_standard", args=[here.hub.slug, code])).content.decode()
    assert confirm in page and "Stale" in page
    client.post(confirm, {"met": "perhaps"})
    assert place_of(here.hub, at).stale, "nothing was said"
    client.post(confirm, {"met": "yes"})
    found = place_of(here.hub, timezone.now())
    assert (found.standard, found.stale, found.offering.said_by) == (MET, False, manager)
    page = client.get(reverse("offer_standard", args=[here.hub.slug, code]))
    assert "Said by" in page.content.decode()
    assert "Said by" not in Client().get(page.wsgi_request.path).content.decode()
    assert not to_confirm([here.hub], at.date())
    assert to_confirm([here.hub], at.date() + timedelta(days=80)), "asked a fortnight before"

    with pytest.raises(PermissionDenied):
        actions.confirm_standard(hub=there.hub, code=code, met=True, by=manager, at=at)


def test_what_is_measured_or_does_not_run_cannot_be_confirmed(lead):
    at = timezone.now()
    hub = make_staffed_hub("Banbury").hub
    code = in_force(lead, at, every="week", at_least=80)
    for words in ("does not run", "measured"):
        with pytest.raises(DirectoryRefused, match=words):
            actions.confirm_standard(hub=hub, code=code, met=True, by=lead, at=at)
        actions.say_offering(hub=hub, code=code, standing=Standing("running"), by=lead, at=at)
    assert not to_confirm([hub], at.date())


def test_however_standards_are_measured_each_table_is_asked_once(lead):
    at = timezone.now()
    first, second = make_staffed_hub("Banbury"), make_staffed_hub("Witney")
    code = in_force(lead, at, every="week", at_least=80, entry_shows=("free", "step_free"))
    for hub in (first.hub, second.hub):
        entry = make_service(
            f"Play {hub.slug}", place=make_place(hub=hub), when={"weekday": 1}, free=True
        )
        standing = Standing("running", entry=entry)
        actions.say_offering(hub=hub, code=code, standing=standing, by=lead, at=at)

    with CaptureQueriesContext(connection) as asked:
        found = board(at, timezone.localdate(at))

    tables = [
        query["sql"].split(' FROM "')[1].split('"')[0]
        for query in asked.captured_queries
        if ' FROM "directory' in query["sql"] or ' FROM "supports' in query["sql"]
    ]
    assert {"directory_schedule", "directory_serviceatplace", "supports_session"} <= set(tables)
    assert sorted(tables) == sorted(set(tables)), "one question for each table"
    assert all(len(place.findings) == 2 for line in found.lines for place in line.places)


def test_saving_how_it_stands_keeps_the_entry_wherever_it_is_given(client, lead):
    at = timezone.now()
    hub = make_staffed_hub("Banbury").hub
    code = in_force(lead, at, every="week", at_least=80)
    away = make_service("Play on the green", place=make_place("The green"))
    make_service("Of somebody else", place=make_place("Elsewhere"))
    standing = Standing("running", entry=away)
    actions.say_offering(hub=hub, code=code, standing=standing, by=lead, at=at)
    assert entries_at(hub) == [(str(away.uid), "Play on the green")]

    client.force_login(lead)
    say = reverse("directory:say", args=[hub.slug, code])
    assert "Play on the green" in client.get(say).content.decode()
    client.post(say, {"state": "running", "entry": str(away.uid)})
    assert core_standings()[code, hub.pk].service == away
    client.post(say, {"state": "running", "entry": ""})
    assert core_standings()[code, hub.pk].service is None


def test_a_median_of_days_is_met_only_where_its_interval_lies_below_the_limit(client, lead):
    here, few = make_staffed_hub("Banbury"), make_staffed_hub("Witney")
    reached = [(here, days) for days in (1, 1, 2, 2, 3, 3, 4, 4, 5, 6, 9, 20)]
    for hub, days in [*reached, *((few, 1) for _ in range(6))]:
        case = make_case(hub, worker=hub.worker)
        with seeing_as(hub.worker):
            record_contact(
                case=case, how="phone", with_whom="Grace", succeeded=True, words="Spoke",
                contacted_at=AT + timedelta(days=days), by=hub.worker, at=AT + timedelta(days=days),
            )  # fmt: skip
    later = AT + timedelta(days=60)
    code = in_force(lead, later, indicator="days-to-first-contact", at_most=6)
    for hub in (here.hub, few.hub):
        standing = Standing("running", standard_said=True)
        actions.say_offering(hub=hub, code=code, standing=standing, by=lead, at=later)

    def found(at_most, hub=here.hub):
        CoreItem.objects.update(at_most=at_most)
        caches["figures"].clear()
        return place_of(hub, later)

    # Twelve values: between the third and the tenth of them, 2 and 6 days.
    assert (found(6).standard, found(6).how) == (MET, "median 3.5 days, counted")
    assert (found(1).standard, found(1).gap) == (NOT_MET, True)
    near = found(4)
    assert (near.standard, near.gap) == (UNKNOWN, False)
    assert near.how == "median 3.5 days, too near the limit to tell"
    parts = dict(near.findings[0].parts)
    assert parts["If these are like those to come"] == "Truly between 2 and 6 days"
    assert parts["That is the middle of"] == "12"
    lone = found(6, few.hub)
    assert (lone.standard, lone.how) == (UNKNOWN, "fewer than 10 to count")

    assert "at most 6 days" in client.get(reverse("offer_board")).content.decode()


def test_a_standard_in_days_is_written_for_a_median_and_a_per_cent_for_a_share(client, lead):
    offer = actions.draft_offer(by=lead, at=timezone.now())
    client.force_login(lead)
    page = reverse("directory:add_item", args=[offer.version])
    written = {
        "name": "An answer", "words": "You hear.", "who_for": "all", "standard": "Soon.",
        "indicator": "days-to-decision", "order": "10",
    }  # fmt: skip
    for wrong, words in (
        ({}, "Enter from how many per cent"),
        ({"at_least": "80"}, "This figure is a median of days."),
        ({"at_most": "4", "at_least": "80"}, "This figure is a median of days."),
        ({"at_most": "4", "indicator": "decided-in-time"}, "This figure is a share."),
        ({"at_most": "4", "indicator": "", "every": "week"}, "Leave out the days."),
        ({"at_most": "4", "indicator": ""}, "or leave out the number"),
        ({"at_most": "0"}, "greater than or equal to 1"),
    ):
        answer = client.post(page, {**written, **wrong}).content.decode()
        assert words in answer and "You hear." in answer, wrong
    assert not offer.items.exists()

    client.post(page, {**written, "at_most": "4"})
    assert (offer.items.get().at_most, offer.items.get().at_least) == (4, None)
    page = client.get(reverse("directory:version", args=[offer.version])).content.decode()
    assert "“Days to a decision” is at most 4 days" in page
