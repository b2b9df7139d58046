from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from kith.hubs import actions
from kith.hubs.calendar import DEFAULTS
from kith.hubs.models import Catchment, ClosedDay, Hub, StaffPost
from kith.hubs.queries import hub_of_neighbourhood
from tests.factories.accounts import make_team, make_user
from tests.factories.places import make_catchment, make_hub, make_places

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    make_places()
    oxford = make_hub("East Oxford", "OX4 1AA", phone="01632 960105", premises="<b>Hall</b>")
    banbury = make_hub("Banbury", "OX16 2AA", order=1, shares_with="Banbury Library")
    for code in ("OX4 1", "OX4 2"):
        make_catchment(oxford, code)
    make_catchment(banbury, "OX16 1")
    return oxford, banbury


@pytest.fixture
def lead(county):
    return make_user("county_lead", make_team("Desk", "desk"))


def the_day(day: date, name: str = "since") -> dict[str, int]:
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def test_anybody_finds_their_hub_by_postcode(client, county):
    page = client.get("/hubs/", {"postcode": "0x42ab"}).content.decode()

    assert "Your hub is East Oxford" in page
    assert "5.1 km away" in page
    assert "OX4 2, Oxford" in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("OX4", "only the first half"),
        ("", "Enter a postcode"),
        ("RG1 1AA", "RG1 1AA is not in"),
        ("\0<script>", "is not a postcode"),
        ("x" * 5000, "too long"),
    ],
)
def test_a_postcode_that_is_none_says_so_at_the_field_and_keeps_what_was_typed(
    client, county, typed, words
):
    response = client.get("/hubs/", {"postcode": typed})

    page = response.content.decode()
    assert response.status_code == 200
    assert words in page
    assert 'id="postcode-error"' in page
    assert "<script>x" not in page.lower()


def test_a_postcode_without_a_hub_is_told_so(client, county):
    page = client.get("/hubs/", {"postcode": "OX16 2AA"}).content.decode()

    assert "No hub looks after OX16 2AA yet" in page


def test_the_public_page_of_a_hub_says_where_it_is_and_not_who_works_there(client, county, lead):
    oxford, _ = county
    worker = make_user("hub_worker", oxford.team, name="Ama Quill")
    StaffPost.objects.create(
        hub=oxford, user=worker, title="Family worker", hours_a_week=30, since=date(2024, 1, 1)
    )

    public = client.get("/hubs/east-oxford/").content.decode()
    client.force_login(worker)
    inside = client.get("/hubs/east-oxford/").content.decode()

    assert "01632 960105" in public
    assert "&lt;b&gt;Hall" in public
    assert "Ama Quill" not in public
    assert "Ama Quill" in inside
    assert "Hub worker" in inside
    assert "Add a post" not in inside
    assert "Banbury Library" in client.get("/hubs/banbury/").content.decode()
    assert client.get("/hubs/nowhere/").status_code == 404


def test_a_referrer_sees_the_public_page_only(client, county):
    oxford, _ = county
    worker = make_user("hub_worker", oxford.team, name="Ama Quill")
    StaffPost.objects.create(
        hub=oxford, user=worker, title="Family worker", hours_a_week=30, since=date(2024, 1, 1)
    )
    client.force_login(make_user("referrer", make_team("A school", "partner")))

    assert "Ama Quill" not in client.get("/hubs/east-oxford/").content.decode()


def test_the_lead_changes_a_hub_and_wrong_input_is_kept_and_explained(client, county, lead):
    client.force_login(lead)
    form = {
        "name": "East Oxford and Cowley",
        "postcode": "OX4",
        "address": "New Hall",
        "premises": "",
        "shares_with": "",
        "opening_hours": "",
        "phone": "01632 960105",
        "email": "",
    }

    wrong = client.post("/hubs/east-oxford/change/", form)
    right = client.post("/hubs/east-oxford/change/", {**form, "postcode": "ox42aa"})

    page = wrong.content.decode()
    assert "OX4 is only the first half" in page
    assert "East Oxford and Cowley" in page
    assert right.status_code == 302
    hub = Hub.objects.get(slug="east-oxford")
    assert (hub.name, hub.postcode, hub.easting) == ("East Oxford and Cowley", "OX4 2AA", 455_000)


def test_two_hubs_have_two_names(client, county, lead):
    client.force_login(lead)
    form = {"name": "banbury", "postcode": "OX4 1AA"}

    taken = client.post("/hubs/new/", form).content.decode()
    opened = client.post("/hubs/new/", {**form, "name": "Thame"})
    reserved = client.post("/hubs/new/", {**form, "name": "Areas"}).content.decode()

    assert "There is a hub called banbury already" in taken
    assert opened.status_code == 302
    assert Hub.objects.get(slug="thame").team.kind == "hub"
    assert "There is a hub called Areas already" in reserved


def test_posts_are_given_changed_and_not_held_twice(client, county, lead):
    oxford, _ = county
    worker = make_user("hub_worker", oxford.team)
    client.force_login(lead)
    form = {
        "user": worker.pk,
        "title": "Family worker",
        "hours_a_week": "37",
        "families_at_once": 12,
        **the_day(date(2026, 9, 1)),
    }

    assert client.post("/hubs/east-oxford/posts/add/", form).status_code == 302
    twice = client.post("/hubs/east-oxford/posts/add/", form).content.decode()
    post = StaffPost.objects.get()
    ended = client.post(f"/hubs/posts/{post.pk}/", {**form, **the_day(date(2026, 12, 1), "until")})
    backwards = client.post(
        f"/hubs/posts/{post.pk}/", {**form, **the_day(date(2026, 8, 1), "until")}
    ).content.decode()

    assert "has a post at this hub from 1 September 2026 already" in twice
    assert ended.status_code == 302
    post.refresh_from_db()
    assert (post.hours_a_week, post.until) == (Decimal("37"), date(2026, 12, 1))
    assert "The last day must be after the first" in backwards


def test_neighbourhoods_move_on_the_page(client, county, lead):
    _, banbury = county
    client.force_login(lead)
    today = date.today()
    form = {"neighbourhoods": ["OX4 2"], "hub": "banbury", **the_day(today)}

    nothing = client.post("/hubs/east-oxford/area/", {**form, "neighbourhoods": []})
    foreign = client.post("/hubs/east-oxford/area/", {**form, "neighbourhoods": ["OX16 1"]})
    moved = client.post("/hubs/east-oxford/area/", form, follow=True)

    assert "Choose at least one neighbourhood" in nothing.content.decode()
    assert foreign.status_code == 200
    assert "1 neighbourhood belongs to Banbury" in moved.content.decode()
    assert hub_of_neighbourhood("OX4 2", today) == banbury


def test_areas_are_shown_before_they_are_changed(client, county, lead):
    client.force_login(lead)
    before = Catchment.objects.count()

    look = client.post("/hubs/areas/", {**the_day(date.today()), "look": "yes"})
    assert Catchment.objects.count() == before
    other = {**the_day(date.today()), "confirm": "2020-01-01"}
    client.post("/hubs/areas/", other)
    assert Catchment.objects.count() == before
    looked_at = {**the_day(date.today()), "confirm": date.today().isoformat()}
    done = client.post("/hubs/areas/", looked_at, follow=True)

    assert "OX16 2, Cherwell" in look.content.decode()
    assert "1 neighbourhood belongs to another hub" in done.content.decode()
    assert Catchment.objects.count() == before + 1


def test_promises_and_closed_days_are_set_on_one_page(client, county, lead):
    client.force_login(lead)

    days = {str(key): number for key, number in DEFAULTS.items()}
    wrong = client.post("/hubs/promises/", days | {"decision": 0})
    client.post("/hubs/promises/", days | {"decision": 3})
    christmas_eve = {"day-name": "County day", **the_day(date(2035, 12, 24), "day-day")}
    client.post("/hubs/days/add/", christmas_eve)
    twice = client.post("/hubs/days/add/", christmas_eve)
    page = client.get("/hubs/promises/").content.decode()
    closed = ClosedDay.objects.get()
    client.post(f"/hubs/days/{closed.pk}/remove/")
    client.post("/hubs/days/bank-holidays/")

    assert wrong.status_code == 200
    assert 'value="3"' in page
    assert "County day" in page
    assert "is on the list already: County day" in twice.content.decode()
    assert not ClosedDay.objects.filter(pk=closed.pk).exists()
    assert ClosedDay.objects.filter(day=date(2026, 12, 25)).exists()


@pytest.mark.parametrize(
    "path",
    [
        "/hubs/new/",
        "/hubs/areas/",
        "/hubs/areas/without-hub/",
        "/hubs/promises/",
        "/hubs/east-oxford/change/",
        "/hubs/east-oxford/posts/add/",
        "/hubs/east-oxford/area/",
    ],
)
def test_the_countys_own_pages_are_for_the_county(client, county, lead, path):
    signed_out = client.get(path)
    client.force_login(make_user("hub_manager", county[0].team))
    manager = client.get(path)
    client.force_login(lead)
    allowed = client.get(path)

    assert signed_out.status_code == 302
    assert reverse("account_login") in signed_out["Location"]
    assert (manager.status_code, allowed.status_code) == (403, 200)


def test_the_list_of_hubs_asks_the_database_the_same_however_many_there_are(
    client, county, django_assert_max_num_queries
):
    client.get("/hubs/")
    for number in range(5):
        make_hub(f"Hub {number}", "OX4 1AA")

    with django_assert_max_num_queries(12):
        client.get("/hubs/")


def test_setting_up_without_places_says_what_is_missing(at):
    from kith.places.queries import NotInTheCounty

    with pytest.raises(NotInTheCounty):
        actions.set_up(at=at)
