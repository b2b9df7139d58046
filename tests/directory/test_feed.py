"""The open feed: as the standard asks, obedient, and shut for what is not for everybody."""

import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from kith.directory import actions, openapi
from kith.directory.actions import set_up_terms
from kith.directory.models import NotHeld, Place, Schedule, Service
from tests.directory.oruk_validator import validate
from tests.factories.accounts import make_team, make_user
from tests.factories.directory import make_place, make_service
from tests.factories.places import make_hub, make_places

pytestmark = pytest.mark.django_db
BASE = "/api/oruk/v3"


@pytest.fixture
def feed():
    """A few services of every sort, and a way to ask for them."""
    make_places()
    set_up_terms()
    today = timezone.localdate()
    hall = make_place("The Old Chapel", address="1 Mill Lane", access=["step_free", "loop"])
    make_service(
        "Stay and play", place=hall, kind="Activities", when={}, from_months=0, to_months=59, free=True,
        description="Toys & songs.", phone="01632 960 001", email="play@friends.example", assured_on=today,
        assurer_email="hello@friends.example", languages=["English", "Polish"], area_names=["Cherwell"],
        url="https://friends.example/play",
    )  # fmt: skip
    make_service(
        "Youth club", place=make_place("Hall", easting=470000, northing=205000, town="Thame"), target="Teenagers",
        provider="Youth Trust", when={"weekday": 4, "every": "month_day", "nth": -1}, from_months=132, to_months=227,
        assured_on=today, cost="50p", taking="waiting",
    )  # fmt: skip
    make_service(
        "Refuge",
        place=make_place("12 Secret Lane", shown="never"),
        kind="Domestic abuse",
        provider="Safe Haven",
        assured_on=today,
    )
    make_service(
        "Home group",
        place=make_place(
            "At Ann’s", shown="area", address="9 Elm Row", latitude=52.06123, longitude=-1.33123
        ),
        provider="Neighbours",
        assured_on=today,
    )
    make_service(
        "Helpline", place=make_place("Line", kind="online", shown="on_request"), assured_on=today
    )
    return ask


def ask(path, params=None, client=Client()):  # noqa: B008
    answer = client.get(f"{BASE}{path}", params or {})
    body = b"".join(answer) if answer.streaming else answer.content
    kind = answer.headers.get("Content-Type", "")
    text = body.decode()
    return (
        answer.status_code,
        answer.headers,
        json.loads(text) if text and kind.endswith("json") and "ndjson" not in kind else text,
    )


def names(feed, path="/services", **params):
    contents = feed(path, params)[2]["contents"]
    return {(one.get("service") or one)["name"] for one in contents}


def test_the_feed_is_valid_by_our_own_validator(feed):
    assert validate(feed) == []


SPOIL = {
    "version": lambda path, params, body: body.update(version="HSDS-UK-3") if path == "/" else None,
    "left_out_page_key": lambda path, params, body: body.pop("last_page", None),
    "null": lambda path, params, body: [one.update(alert=None) for one in body.get("contents", [])],
    "empty": lambda path, params, body: [one.update(phones=[]) for one in body.get("contents", [])],
    "no_offset": lambda path, params, body: [one.update(last_modified="2026-11-23T10:00:00") for one in body.get("contents", []) if "last_modified" in one],
    "age_as_text": lambda path, params, body: [one.update(minimum_age="5") for one in body.get("contents", [])],
    "wrong_total": lambda path, params, body: body.update(total_items=body["total_items"] + 1) if params.get("page") == "2" else None,
    "own_status": lambda path, params, body: [one.update(status="open") for one in body.get("contents", [])],
    "no_description": lambda path, params, body: [one["organization"].pop("description") for one in body.get("contents", []) if "organization" in one],
    "no_uuid": lambda path, params, body: [one.update(id="1") for one in body.get("contents", [])],
    "bad_url": lambda path, params, body: body.update(url="friends.example") if "/services/" in path else None,
    "html": lambda path, params, body: [one.update(description="<p>Toys") for one in body.get("contents", [])],
    "half_address": lambda path, params, body: [
        address.pop("state_province", None) for at in body.get("service_at_locations", []) for address in at["location"].get("addresses", [])
    ],
    "daily": lambda path, params, body: [one.update(freq="DAILY") for one in body.get("schedules", [])],
    "ages_turned": lambda path, params, body: body.update(minimum_age=90, maximum_age=5) if "/services/" in path else None,
    "no_terms": lambda path, params, body: body.update(contents=[], empty=True, total_items=0, size=0, total_pages=1) if path == "/taxonomies" else None,
    "stale": lambda path, params, body: body.update(assured_date="2019-01-01") if "/services/" in path else None,
    "minimal_tells_all": lambda path, params, body: [one.update(name="x") for one in body["contents"]] if "minimal" in params else None,
}  # fmt: skip


@pytest.mark.parametrize("how", SPOIL)
def test_a_feed_that_is_broken_on_purpose_fails(feed, how):
    def spoilt(path, params):
        status, headers, body = feed(path, params)
        if isinstance(body, dict):
            SPOIL[how](path, params, body)
        return status, headers, body

    assert validate(spoilt) != []


@pytest.mark.parametrize(
    "ignored",
    [
        "search",
        "perPage",
        "per_page",
        "modified_after",
        "taxonomy_term_id",
        "organization_id",
        "format",
        "page",
    ],
)
def test_a_feed_that_does_not_obey_a_parameter_fails(feed, ignored):
    def deaf(path, params):
        return feed(path, {name: value for name, value in params.items() if name != ignored})

    assert validate(deaf) != []


@pytest.mark.parametrize("how", ["no_cors", "no_slash", "ids_unknown", "html_404"])
def test_a_feed_that_answers_badly_fails(feed, how):
    def bad(path, params):
        status, headers, body = feed(path, params)
        if how == "no_cors":
            headers = {
                name: value for name, value in headers.items() if not name.startswith("Access")
            }
        if how == "no_slash" and path == "":
            status = 404
        if how == "ids_unknown" and re.search(r"/[0-9a-f-]{36}$", path):
            status = 404
        if how == "html_404" and status == 404:
            headers = {"Content-Type": "text/html"}
        return status, headers, body

    assert validate(bad) != []


def test_the_feed_is_valid_by_the_official_schemas(feed):
    jsonschema = pytest.importorskip("jsonschema_rs")
    folder = Path(__file__).parents[3] / "shared" / "data" / "oruk" / "oruk-3.0"
    if not folder.exists():
        pytest.skip(f"{folder} is not here, so the official schemas were not tried")
    described = json.loads((folder / "openapi.bundled.json").read_text())
    tried = 0
    for path, record in described["paths"].items():
        uid = feed(path.removesuffix("/{id}"), {})[2]["contents"][0]["id"] if "{id}" in path else ""
        schema = record["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        whole = {**schema, "components": described.get("components", {})}
        status, _, body = feed(path.replace("{id}", uid), {})
        problems = [error.message for error in jsonschema.validator_for(whole).iter_errors(body)]
        assert (status, problems) == (200, []), path
        tried += 1
    assert tried == 11


def test_a_hidden_place_is_told_nowhere_however_one_asks(feed):
    everything = ""
    for path in ("/services", "/service_at_locations", "/organizations"):
        for params in (
            {"full": "true"},
            {"format": "ndjson", "full": "true"},
            {"full_service": "true"},
        ):
            everything += json.dumps(feed(path, params)[2])
    for uid in (one["id"] for one in feed("/services", {})[2]["contents"]):
        everything += json.dumps(feed(f"/services/{uid}", {})[2])
    for secret in ("Secret Lane", "Elm Row", "At Ann", "52.06123", "-1.33123"):
        assert secret not in everything
    assert "52.06" in everything, "the middle of an area is told"
    assert "Refuge" not in names(feed, proximity="80000", postcode="OX4 1AA")
    assert "Helpline" not in names(
        feed, "/service_at_locations", proximity="80000", postcode="OX4 1AA"
    )


def test_what_is_not_for_everybody_is_in_no_list_count_or_stream(feed):
    for hidden in (
        make_service("Hidden draft", published=False, kind="Activities"),
        make_service("Hidden therapy", professional_only=True, kind="Activities"),
        make_service("Hidden ended", status="defunct", kind="Activities"),
    ):
        assert feed(f"/services/{hidden.uid}", {})[0] == 404
    listed = feed("/services", {})[2]
    assert (listed["total_items"], len(listed["contents"])) == (5, 5)
    for path in ("/services", "/service_at_locations", "/organizations"):
        for params in (
            {"full": "true"},
            {"format": "ndjson"},
            {"search": "hidden"},
            {"full_service": "true"},
        ):
            assert "Hidden" not in json.dumps(feed(path, params)[2])


def test_parameters_of_every_version_are_obeyed(feed):
    assert names(feed, text="toys") == names(feed, search="songs") == {"Stay and play"}
    assert names(feed, minimum_age="5") == {"Youth club"}
    assert names(feed, maximum_age="4") == {"Stay and play"}
    assert (
        names(feed, day="Tuesday")
        == names(feed, day="TU", start_time="09:00", end_time="12:00")
        == {"Stay and play"}
    )
    assert names(feed, day="MO,FR") == {"Youth club"}
    assert names(feed, need="teenagers") == names(feed, circumstance="teenagers") == {"Youth club"}
    assert names(feed, "/service_at_locations", search="play") == {"Stay and play"}
    terms = {
        one["name"]: one["id"]
        for one in feed("/taxonomy_terms", {"per_page": "500"})[2]["contents"]
    }
    above = terms["Activities, clubs and groups"]
    assert names(feed, taxonomy_term_id=above) == {"Stay and play"}, (
        "a heading finds what is below it"
    )
    lists = {one["name"]: one["id"] for one in feed("/taxonomies", {})[2]["contents"]}
    assert names(feed, taxonomy_id=lists["Who a service is for"]) == {"Youth club"}
    below = feed("/taxonomy_terms", {"parent_id": above})[2]["contents"]
    assert len(below) == 7 and all(one["parent_id"] == above for one in below)
    assert all(
        "parent_id" not in one
        for one in feed("/taxonomy_terms", {"top_only": "true"})[2]["contents"]
    )


def test_distance_is_in_metres_from_the_postcode_and_a_postcode_alone_asks_whom_it_is_for(feed):
    from kith.places.queries import find_postcode

    here = find_postcode("OX4 1AA")
    make_service(
        "Near", place=make_place("Near", easting=here.easting + 300, northing=here.northing + 400)
    )
    assert names(feed, postcode="OX4 1AA", proximity="501") == {"Near"}
    assert names(feed, postcode="ox41aa", proximity="499") == set()
    assert "Stay and play" not in names(feed, postcode="OX4 1AA"), "it is for Cherwell alone"
    assert "Youth club" in names(feed, coverage="OX4 1AA")


@pytest.mark.parametrize(
    "params",
    [
        {"modified_after": "soon"}, {"modified_after": "2026-13-40"}, {"proximity": "5"}, {"proximity": "x", "postcode": "OX4 1AA"},
        {"postcode": "OX4"}, {"postcode": "SW1A 1AA"}, {"taxonomy_term_id": "1"}, {"organization_id": "x"}, {"full": "perhaps"},
        {"format": "xml"}, {"minimum_age": "old"}, {"minimum_age": "nan"}, {"day": "someday"}, {"start_time": "25:00"}, {"page": "one"},
        {"per_page": "-"}, {"proximity": "-1", "postcode": "OX4 1AA"}, {"minimum_age": "1e400"},
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_json_with_what_to_write(feed, params):
    status, headers, body = feed("/services", params)
    assert (status, headers["Access-Control-Allow-Origin"]) == (400, "*")
    assert headers["Content-Type"] == "application/problem+json" and len(body["detail"]) > 10


@pytest.mark.parametrize(
    "params",
    [
        {"page": "999999999"},
        {"per_page": "100000"},
        {"per_page": "0"},
        {"search": "a" * 3000},
        {"search": "' OR 1=1 --"},
        {"nonsense": "1"},
    ],
)
def test_absurd_pages_and_words_are_answered(feed, params):
    status, _, body = feed("/services", params)
    assert status == 200 and body["total_pages"] >= 1


@pytest.mark.parametrize(
    "path",
    ["/services", "/organizations", "/taxonomy_terms", "/taxonomies", "/service_at_locations"],
)
def test_characters_that_no_database_takes_are_left_out(feed, path):
    client = Client()
    for strange in ("\0", "play\0", "\ud800", "\x1b[31m", "\u202eplay"):
        sent = {"search": strange, "need": [strange], "page": 1}
        answer = client.post(f"{BASE}{path}", json.dumps(sent), content_type="application/json")
        assert answer.status_code == 200
    assert client.get(f"{BASE}{path}?search=%00&need=%00").status_code == 200


def test_it_answers_with_and_without_a_final_slash_and_says_404_in_json(feed):
    uid = feed("/services", {})[2]["contents"][0]["id"]
    for path in (
        "",
        "/",
        "/services",
        "/services/",
        f"/services/{uid}",
        f"/services/{uid}/",
        "/openapi.json",
    ):
        assert feed(path, {})[0] == 200
    for path in (
        "/services/x",
        "/services/00000000-0000-0000-0000-000000000000",
        "/reviews",
        "/services/a/b",
    ):
        status, headers, _ = feed(path, {})
        assert (status, headers["Content-Type"]) == (404, "application/problem+json")


def test_searches_may_be_sent_so_that_words_stay_out_of_addresses(feed):
    client = Client(enforce_csrf_checks=True)
    sent = client.post(
        f"{BASE}/services", {"search": "songs", "full": True}, content_type="application/json"
    )
    assert [one["name"] for one in sent.json()["contents"]] == ["Stay and play"]
    assert sent.json()["contents"][0]["phones"]
    form = client.post(f"{BASE}/services/", {"search": "songs"})
    assert form.json()["total_items"] == 1
    for wrong in ("[]", "{", '"x"'):
        assert (
            client.post(f"{BASE}/services", wrong, content_type="application/json").status_code
            == 400
        )
    assert client.post(
        f"{BASE}/services", "x" * 100_000, content_type="application/json"
    ).status_code in (400, 413)
    assert client.delete(f"{BASE}/services").status_code == 405
    asked = client.options(f"{BASE}/services")
    assert asked.status_code == 204 and "POST" in asked["Access-Control-Allow-Methods"]


def test_what_did_not_change_is_not_sent_again(feed):
    client = Client()
    first = client.get(f"{BASE}/services?full=true")
    again = client.get(f"{BASE}/services?full=true", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    Service.objects.filter(name="Stay and play").update(alert="Moved")
    assert (
        client.get(
            f"{BASE}/services?full=true", headers={"If-None-Match": first["ETag"]}
        ).status_code
        == 200
    )


def test_a_change_of_what_is_told_with_a_service_moves_its_date(feed):
    service = Service.objects.get(name="Stay and play")
    before = (timezone.now() + timedelta(milliseconds=1)).isoformat()
    assert names(feed, modified_after=before) == set()
    Schedule.objects.filter(service=service).update(opens="09:00")
    assert names(feed, modified_after=before) == {"Stay and play"}


def test_what_no_rule_can_say_is_said_in_words(feed):
    service = Service.objects.get(name="Stay and play")
    schedule = service.schedules.get()
    NotHeld.objects.create(schedule=schedule, day=date(2026, 12, 1))
    Schedule.objects.filter(pk=schedule.pk).update(term_time_only=True)
    Schedule.objects.create(service=service, every="once", since=date(2026, 12, 24), opens="10:00")
    told = feed(f"/services/{service.uid}", {})[2]["schedules"]
    weekly = next(one for one in told if "freq" in one)
    once = next(one for one in told if "freq" not in one)
    assert (weekly["freq"], weekly["byday"]) == ("WEEKLY", "TU")
    assert "Not on: 1 December 2026" in weekly["notes"] and "term time" in weekly["notes"]
    assert once["valid_from"] == once["valid_to"] == "2026-12-24"
    last = feed(f"/services/{Service.objects.get(name='Youth club').uid}", {})[2]["schedules"][0]
    assert (last["freq"], last["byday"]) == ("MONTHLY", "-1FR")


def test_the_offer_and_what_is_not_offered_are_told_beside_and_never_as_services(feed):
    lead = make_user("county_lead", make_team("County", "desk"))
    hub = make_hub("Banbury")
    assert feed("/core-offer", {})[0] == 404
    now = {"by": lead, "at": timezone.now()}
    offer = actions.draft_offer(**now)
    written = actions.write_item(
        offer=offer, details=actions.Item("Play", "Toys", "all", "Weekly"), **now
    )
    today = timezone.localdate()
    actions.agree_offer(offer=offer, on=today, agreed_by="Cabinet", in_force_from=today, **now)
    actions.say_offering(hub=hub, code=written.code, standing=actions.Standing("running"), **now)
    actions.write_not_offered(
        details=actions.Absence("Tutoring", "No money.", today + timedelta(days=9), instead="The library"), **now
    )  # fmt: skip
    assert feed("/core-offer", {})[2]["contents"][0]["kith_hubs"] == {"banbury": "running"}
    assert feed("/not-offered", {})[2]["contents"][0]["name"] == "Tutoring"
    assert feed("/hubs", {})[2]["contents"][0]["id"] == "banbury"
    assert names(feed, search="tutoring") == set()


def test_the_description_is_valid_and_knows_every_endpoint(feed):
    import schemathesis

    described = feed("/openapi.json", {})[2]
    assert described["openapi"] == "3.1.0"
    loaded = schemathesis.openapi.from_dict(
        json.loads(json.dumps(openapi.description("http://x.example")))
    )
    paths = {operation.ok().path for operation in loaded.get_all_operations()}
    assert paths == set(described["paths"]) and len(paths) == 14


def test_a_page_of_fifty_asks_a_fixed_number_of_questions(feed, django_assert_max_num_queries):
    place = Place.objects.get(name="The Old Chapel")
    for number in range(60):
        make_service(f"Play {number}", place=place, when={}, kind="Activities")
    with django_assert_max_num_queries(6):
        assert len(feed("/services", {})[2]["contents"]) == 50
    with django_assert_max_num_queries(13):
        feed("/services", {"full": "true"})
