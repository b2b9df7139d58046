"""A school's own page: its hub, what that offers, what is near, what is not, and what is new."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kith.directory import actions, nearby
from kith.directory.models import CoreItem, CoreOffer, NotOffered, Offering, Service
from kith.hubs.models import Hub
from kith.partners.models import Organisation
from tests.factories.accounts import make_user
from tests.factories.directory import make_place, make_service
from tests.factories.places import make_hub, make_places

pytestmark = pytest.mark.django_db


@pytest.fixture
def hub() -> Hub:
    make_places()
    actions.set_up_terms()
    hub = make_hub("Banbury")
    Hub.objects.filter(pk=hub.pk).update(easting=445800, northing=240500)
    hub.refresh_from_db()
    return hub


@pytest.fixture
def school(hub: Hub) -> Organisation:
    return Organisation.objects.create(
        name="Hill View Primary School", kind="school", phase="primary", easting=445900, northing=240600
    )  # fmt: skip


def agreed(by) -> CoreOffer:
    long_ago = timezone.localdate() - timedelta(days=300)
    return CoreOffer.objects.create(
        version=1, state="agreed", agreed_on=long_ago, agreed_by="Cabinet", in_force_from=long_ago,
        made_by=by, made_at=timezone.now(),
    )  # fmt: skip


def read(client: Client, school: Organisation) -> str:
    page = client.get(reverse("directory:school_offer", args=[school.pk]))
    assert page.status_code == 200
    return page.content.decode()


def test_a_school_reads_what_is_near_it_for_the_ages_of_its_children(client, hub, school):
    place, far = make_place(), make_place("Far away", easting=445800 + 9000)
    make_service("Stay and play", place=place, from_months=0, to_months=59)
    make_service("Driving lessons", place=place, from_months=17 * 12)
    make_service("Too far to walk", place=far)
    make_service("For social workers", place=place, professional_only=True)

    page = read(client, school)

    assert "Stay and play" in page and "less than a mile away" in page
    for absent in ("Driving lessons", "Too far to walk", "For social workers"):
        assert absent not in page


def test_it_says_how_each_part_of_the_core_offer_stands_and_where_to_go_instead(
    client, hub, school
):
    worker, now = make_user("hub_manager", hub.team), timezone.now()
    offer = agreed(worker)
    CoreItem.objects.create(
        offer=offer, code="drop-in", name="Drop-in for parents", words="Once a week.", who_for="parents", order=1
    )  # fmt: skip
    Offering.objects.create(
        hub=hub, core_code="drop-in", state="paused", reason="The room is being mended.",
        instead="The library on Mondays", review_on=timezone.localdate(), changed_by=worker, changed_at=now,
    )  # fmt: skip
    NotOffered.objects.create(
        title="Autism assessment", words="The health service does these.", instead="Your doctor",
        since=timezone.localdate() - timedelta(days=300), review_on=timezone.localdate(),
        changed_by=worker, changed_at=now,
    )  # fmt: skip

    page = read(client, school)

    assert "Banbury hub" in page and "this is the nearest hub" in page
    assert "Drop-in for parents" in page and "Paused" in page and "The library on Mondays" in page
    assert "Autism assessment" in page and "Your doctor" in page
    assert reverse("referrals:begin") in page


def test_it_tells_what_is_new_but_not_that_everything_is_where_the_directory_has_just_begun(
    client, hub, school
):
    place = make_place()
    make_service("Was there from the first day", place=place)
    page = read(client, school)
    assert "Nothing that is written down." in page and "when this directory was begun" in page

    # The directory was begun long ago, and this came since.
    table = Service.pgh_event_model._meta
    columns = [field.column for field in table.concrete_fields]
    instead = {"pgh_id": "0", "pgh_created_at": "now() - interval '400 days'"}
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into {table.db_table} ({', '.join(columns)})"
            f" select {', '.join(instead.get(name, name) for name in columns)} from {table.db_table} limit 1"
        )
    make_service("Homework club", place=place)

    page = read(client, school)
    assert "New near here: Homework club" in page
    assert "New near here: Was there" not in page


def test_a_change_of_the_core_offer_at_its_hub_is_told_with_what_stood_before(hub, school):
    worker = make_user("hub_manager", hub.team)
    long_ago = timezone.now() - timedelta(days=200)
    offer = agreed(worker)
    CoreItem.objects.create(
        offer=offer, code="drop-in", name="Drop-in", words="W", who_for="parents", order=1
    )
    one = Offering.objects.create(
        hub=hub, core_code="drop-in", state="planned", since=timezone.localdate(), changed_by=worker, changed_at=long_ago
    )  # fmt: skip
    one.state, one.since, one.changed_at = "running", None, timezone.now()
    one.save()

    _, changed = nearby.changes(hub, [], timezone.localdate() - timedelta(days=92))

    assert [change.words for change in changed] == ["Drop-in: running, before planned"]


def test_of_a_school_that_stands_nowhere_it_says_that_the_front_door_knows(client, hub):
    school = Organisation.objects.create(name="School of the air", kind="school")
    page = read(client, school)
    assert "We do not know where the school stands" in page
