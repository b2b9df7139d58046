"""Many who ask for the same leaflet in one moment have it made once."""

from django.utils import timezone

from kith.accounts.actions.limits import Limit
from kith.accounts.models import Tally
from kith.directory import actions
from kith.directory.leaflet import Leaflet
from kith.directory.models import MadeLeaflet
from tests.factories.together import in_one_moment


def test_who_asks_for_the_same_leaflet_in_one_moment_waits_and_finds_it_made(fresh_database):
    leaflet = Leaflet("Help", "help", ["Near you."], ["Ring us."])

    def ask():
        return actions.leaflet_on_paper(
            leaflet=leaflet, county="Oxfordshire", website="https://kith.example", large=False,
            limited=[Limit("make_leaflet of test", 9)], at=timezone.now(),
        )  # fmt: skip

    came = in_one_moment(ask, ask)

    assert not isinstance(came, Exception), came
    assert MadeLeaflet.objects.count() == 1
    assert Tally.objects.get(key="make_leaflet of test").count == 1
