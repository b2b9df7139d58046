"""Leaflets: what stands in one, what never does, and that it is paper everybody can use."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from kith.directory import leaflet
from kith.directory.actions import set_up_terms
from kith.directory.models import CoreItem, CoreOffer, MadeLeaflet, NotOffered, Offering, Service
from kith.hubs.models import Hub
from kith.partners.models import Organisation
from kith.ui.queries import county_look
from tests.factories.accounts import make_team, make_user
from tests.factories.directory import make_place, make_service
from tests.factories.places import make_hub, make_places
from tests.paper import words_of_paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def hub() -> Hub:
    make_places()
    set_up_terms()
    hub = make_hub("Banbury")
    Hub.objects.filter(pk=hub.pk).update(easting=445800, northing=240500)
    hub.refresh_from_db()
    return hub


def make_school(name="Hill View Primary School", **values) -> Organisation:
    given = {"phase": "primary", "easting": 445900, "northing": 240600, **values}
    return Organisation.objects.create(name=name, kind="school", **given)


def words_of(made: leaflet.Leaflet) -> str:
    """Return all that a leaflet says, as text."""
    parts = [made.title, *made.lead, *made.ask]
    for section in made.sections:
        parts += [section.title, *section.lines]
        parts += [part for one in section.entries for part in (one.name, one.by, *one.lines)]
    return "\n".join(parts)


def today() -> date:
    return timezone.localdate()


def test_a_hub_s_leaflet_tells_what_is_near_under_its_heading_and_when_it_was_checked(hub):
    near, far = make_place(), make_place("Far away", easting=445800 + 8100)
    make_service(
        "Stay and play", place=near, kind="Parent, baby and toddler groups", when={}, phone="01632 960 001",
        free=True, to_months=59, assured_on=date(2026, 11, 3),
    )  # fmt: skip
    make_service("Too far", place=far, kind="Activities")

    made = leaflet.of_hub(hub, county_look(), today())

    (section,) = [one for one in made.sections if one.title == "Activities, clubs and groups"]
    (entry,) = section.entries
    assert (entry.name, entry.by) == ("Stay and play", "Family Friends")
    for line in (
        "Ages: up to 4 years",
        "Every Tuesday, 10am to 11.30am",
        "The Old Chapel, Banbury OX16 5LS",
        "Contact them first: 01632 960 001",
        "Free",
        "Checked on 3 November 2026",
    ):
        assert line in entry.lines
    assert "Too far" not in words_of(made)


def test_nothing_stands_in_a_leaflet_that_the_public_may_not_see(hub):
    secret = make_place("Rose House", shown="never", address="", town="", postcode="")
    asked = make_place("Behind the green door", shown="on_request", address="5 Mill Lane")
    area = make_place("The attic", shown="area", address="9 Hill Road", postcode="OX16")
    make_service("Refuge", place=secret, kind="Domestic abuse", phone="01632 960 009")
    make_service("Freedom course", place=asked, kind="Domestic abuse")
    make_service("Quiet group", place=area, kind="Activities")
    make_service("A draft", place=make_place("Hall"), kind="Activities", published=False)
    make_service("For workers", place=make_place("Hall two"), professional_only=True)
    draft = make_service("Local draft", published=False)
    lead = make_user("county_lead", make_team("Lead", "desk"), "Lee")
    Offering.objects.create(
        hub=hub, service=draft, need="Because", state="running", changed_by=lead, changed_at=timezone.now()
    )  # fmt: skip
    absent = NotOffered.objects.create(
        title="Counselling", words="No money.", since=today(), review_on=today(), changed_by=lead,
        changed_at=timezone.now(),
    )  # fmt: skip
    absent.services.add(draft)

    words = words_of(leaflet.of_hub(hub, county_look(), today()))

    for hidden in (
        "Rose House",
        "green door",
        "Mill Lane",
        "attic",
        "Hill Road",
        "A draft",
        "For workers",
    ):
        assert hidden not in words
    assert "Local draft" not in words
    # What may be known of them is there.
    assert "Refuge" in words and "01632 960 009" in words
    assert "In Banbury. Ask them for the address." in words
    assert "Counselling" in words and "Nowhere in the county" in words


def test_a_leaflet_says_how_the_hub_stands_to_the_core_offer_and_where_to_go_instead(hub):
    lead = make_user("county_lead", make_team("Lead", "desk"), "Lee")
    now = timezone.now()
    offer = CoreOffer.objects.create(
        version=1, state="agreed", agreed_on=today(), agreed_by="Cabinet", in_force_from=today(),
        made_by=lead, made_at=now,
    )  # fmt: skip
    for code in ("play", "money", "talk"):
        CoreItem.objects.create(
            offer=offer,
            code=code,
            name=code.title(),
            words="Words.",
            who_for="all",
            standard="Weekly.",
        )
    by = {"hub": hub, "changed_by": lead, "changed_at": now}
    Offering.objects.create(core_code="play", state="running", **by)
    Offering.objects.create(
        core_code="money", state="not_offered", reason="No adviser.", instead="Witney hub",
        review_on=today(), **by,
    )  # fmt: skip

    made = leaflet.of_hub(hub, county_look(), today())

    section = next(one for one in made.sections if one.title == "What every hub offers")
    told = {entry.name: (entry.by, entry.lines) for entry in section.entries}
    assert told["Play"][0] == ""
    assert told["Money"][0] == "Not offered at this hub"
    assert told["Money"][1][-2:] == ("No adviser.", "Go instead to: Witney hub")
    assert told["Talk"][0] == "Ask the hub whether it is offered here"


def test_a_school_s_leaflet_is_for_the_ages_of_its_children(hub):
    place = make_place()
    make_service("Toddlers", place=place, kind="Activities", to_months=35)
    make_service("Chess", place=place, kind="Activities", from_months=84, to_months=203)
    make_service("Sixth form", place=place, kind="Activities", from_months=192)
    make_service("For everybody", place=place, kind="Activities")
    primary, secondary = make_school(), make_school("The Big School", phase="secondary")

    of = {
        school: words_of(leaflet.of_school(school, county_look(), today()))
        for school in (primary, secondary)
    }

    named = ("Toddlers", "Chess", "Sixth form", "For everybody")
    assert [name in of[primary] for name in named] == [False, True, False, True]
    assert [name in of[secondary] for name in named] == [False, True, True, True]
    assert "Your hub is Banbury hub." in of[primary]


@pytest.mark.parametrize("size", ["", "?size=large"])
@pytest.mark.parametrize("services", [0, 3, 230])
def test_a_leaflet_is_tagged_paper_however_much_there_is(hub, client, size, services):
    place = make_place("A hall with " + "avery" * 30 + "long name")
    for number in range(services):
        make_service(
            f"Group {number} " + "Donaudampfschifffahrt" * (8 if number == 2 else 1),
            place=place, kind="Activities", description="Toys and tea. " * 8, when={}, url="https://x.example/" + "a" * 80,
        )  # fmt: skip
    school = make_school("St Somebody’s " + "and St Other’s " * 9 + "School")

    for name, key in (("hub_leaflet", hub.slug), ("school_leaflet", school.pk)):
        answer = client.get(reverse(f"directory:{name}", args=[key]) + size)
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF-")
        # Its language, its title, that it is tagged, and bookmarks.
        for mark in (b"/Lang", b"/MarkInfo", b"/StructTreeRoot", b"/Outlines", b"/DisplayDocTitle"):
            assert mark in answer.content, mark
        # Large print is one column of A4; the other kind lies on its side, to be folded.
        upright = b"/MediaBox[0 0 595.2756 841.8898]" in answer.content
        assert upright == bool(size), re.findall(rb"/MediaBox[^]]*", answer.content)[:1]
        assert ("Group 1 " in words_of_paper(answer.content)) == bool(services)
    words = words_of(leaflet.of_hub(hub, county_look(), today()))
    assert ("there are 30 more on the website" in words) == (services == 230)


def test_what_was_found_is_printed_as_it_was_found(hub, client):
    place = make_place()
    make_service("Baby group", place=place, kind="Activities")
    make_service("Chess", place=place, kind="Activities")

    answer = client.get(reverse("directory:found_leaflet") + "?q=baby")

    words = words_of_paper(answer.content)
    assert "Baby group" in words and "Chess" not in words and "How to ask for help" in words
    assert client.get(reverse("directory:found_leaflet")).status_code == 404
    page = client.get(reverse("directory:find") + "?q=baby").content.decode()
    assert reverse("directory:found_leaflet") + "?q=baby" in page


def test_somebody_of_a_school_gets_its_leaflet_from_their_first_page(hub, client):
    team = make_team("Hill View", "partner")
    school = make_school(team=team)
    senco = make_user("referrer", team, "Sia Senco")
    client.force_login(senco)

    page = client.get(reverse("home")).content.decode()

    assert reverse("directory:school_leaflet", args=[school.pk]) in page
    assert reverse("directory:school_offer", args=[school.pk]) in page
    # A school that has closed has none, and anybody can find the others by name.
    assert (
        "Hill View Primary"
        in client.get(reverse("directory:leaflets") + "?q=hill").content.decode()
    )
    Organisation.objects.filter(pk=school.pk).update(active=False)
    assert client.get(reverse("directory:school_leaflet", args=[school.pk])).status_code == 404


def test_a_leaflet_is_made_once_until_something_of_it_changes(hub, client):
    service = make_service("Play", place=make_place(), phone="01632 960 001")
    address = reverse("directory:hub_leaflet", args=[hub.slug])
    first = client.get(address).content
    MadeLeaflet.objects.update(content=b"%PDF as it is kept")
    assert client.get(address).content == b"%PDF as it is kept"
    assert "Play" in words_of_paper(first)

    assert client.get(address, {"size": "large"}).content[:5] == b"%PDF-", "another paper"
    Service.objects.filter(pk=service.pk).update(phone="01632 960 999")
    assert "01632 960 999" in words_of_paper(client.get(address).content)
    assert MadeLeaflet.objects.count() == 3

    MadeLeaflet.objects.update(made_at=timezone.now() - timedelta(days=3))
    Service.objects.filter(pk=service.pk).update(phone="01632 960 998")
    client.get(address)
    assert MadeLeaflet.objects.count() == 1, "what is old is thrown away"


def test_one_address_causes_so_many_new_leaflets_and_gets_every_one_that_is_made(
    hub, client, settings
):
    settings.KITH_LIMITS = {**settings.KITH_LIMITS, "make_leaflet": (1, 2, timedelta(hours=1))}
    address = reverse("directory:hub_leaflet", args=[hub.slug])
    large = {"size": "large"}
    assert client.get(address, REMOTE_ADDR="192.0.2.1").status_code == 200
    refused = client.get(address, large, REMOTE_ADDR="192.0.2.1")
    assert (refused.status_code, refused["Retry-After"]) == (429, "3600")
    assert "Try again in an hour" in refused.content.decode()
    assert client.get(address, REMOTE_ADDR="192.0.2.1").status_code == 200
    assert client.get(address, large, REMOTE_ADDR="192.0.2.2").status_code == 200
    school = reverse("directory:school_leaflet", args=[make_school().pk])
    assert client.get(school, REMOTE_ADDR="192.0.2.3").status_code == 429, "nor all together"
