"""A place in a service of the directory is asked for through the one front door, with its name on it."""

import pytest
from django.test import Client

from kith.accounts.viewer import front_door, see_as
from kith.directory.models import Service
from kith.referrals.models import Referral
from tests.factories.directory import make_place, make_service
from tests.factories.referrals import make_desk_worker
from tests.referrals.asking import PARENT, Asker, set_the_scene

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def scene():
    set_the_scene()


@pytest.fixture
def group():
    return make_service("Stay and play", place=make_place("The Hall"), route="front_door")


def test_a_parent_asks_from_the_listing_and_everybody_reads_for_what(group):
    page = Client().get(f"/find-help/{group.uid}/").content.decode()
    assert f"/requests/new/?service={group.uid}" in page
    assert (
        "Ask for a place: Stay and play"
        in Client().get(f"/requests/new/?service={group.uid}").content.decode()
    )

    asker = Asker(answers=PARENT).begin(asked=f"?service={group.uid}")
    for question in ("you", "children", "worry", "needs"):
        asker.fill(until=question)
        page = asker.client.get(asker.here()).content.decode()
        assert "A place is asked for in <strong>Stay and play</strong>" in page
    asker.fill()
    check = asker.client.get(asker.here()).content.decode()
    sent = asker.send()
    done = asker.client.get(sent.url).content.decode()

    assert "A place is asked for in" in check and "Stay and play" in check
    assert "You asked for a place in <strong>Stay and play</strong>" in done
    see_as(front_door())
    referral = Referral.objects.get()
    assert referral.service == group
    desk = Client()
    desk.force_login(make_desk_worker())
    at_desk = f"/requests/desk/{referral.reference}/"
    for page in (at_desk, f"{at_desk}decide/no-further-action/"):
        assert "Stay and play" in desk.get(page).content.decode()


def test_a_listing_that_is_not_asked_for_here_has_no_such_button(group):
    Service.objects.update(route="contact")
    assert "Ask for a place" not in Client().get(f"/find-help/{group.uid}/").content.decode()


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({"taking": "full"}, "It takes nobody new just now"),
        ({"taking": "waiting"}, "There is a waiting list"),
        ({"status": "temporarily closed", "alert": "Flooded."}, "It is closed for now. Flooded."),
    ],
)
def test_whoever_asks_is_told_first_that_there_is_no_place_now(group, state, said):
    Service.objects.update(**state)
    page = Client().get(f"/requests/new/?service={group.uid}").content.decode()
    assert said in " ".join(page.split())


@pytest.mark.parametrize("asked", ["nonsense", "3f7b145d-84af-42d7-8fae-eaca714b02b2", ""])
def test_what_is_not_listed_is_said_and_help_can_be_asked_for_all_the_same(asked):
    page = Client().get(f"/requests/new/?service={asked}").content.decode()
    assert "no longer listed" in page

    asker = Asker(answers=PARENT).begin(asked=f"?service={asked}").fill()
    asker.send()

    see_as(front_door())
    assert Referral.objects.get().service is None


def test_what_is_taken_out_meanwhile_loses_nothing(group):
    asker = Asker(answers=PARENT).begin(asked=f"?service={group.uid}").fill()
    Service.objects.update(published=False)

    asker.send()

    see_as(front_door())
    referral = Referral.objects.get()
    assert referral.as_sent["service_name"] == "Stay and play"
    assert referral.service == group
