"""The shell: pages for everybody, what goes wrong, who sees which links, the county's look."""

from html.parser import HTMLParser
from itertools import pairwise

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import ConnectionHandler
from django.test import Client, override_settings
from django.urls import reverse

from kith.accounts.roles import ROLES
from kith.audit.models import Entry
from kith.ui import actions as ui_actions
from kith.ui.look import NotAColour, contrast, readable_on
from kith.ui.queries import county_look
from kith.web import health
from kith.web.navigation import PLACES
from tests.factories.accounts import make_team, make_user
from tests.factories.casework import make_hub

pytestmark = pytest.mark.django_db
PUBLIC = ["start", "help", "privacy", "cookies", "accessibility"]
PEOPLE = [key for key, role in ROLES.items() if role.for_people]


def somebody(role: str):
    kind = sorted(ROLES[role].team_kinds)[0]
    team = make_hub().team if kind == "hub" else make_team(kind=kind)
    return make_user(role, team, name=f"A {role}")


@pytest.mark.parametrize("name", PUBLIC)
def test_the_pages_for_everybody_open_without_signing_in(client, name):
    page = client.get(reverse(name))

    assert page.status_code == 200
    assert b"<h1" in page.content
    assert b"999" in page.content


def test_the_start_page_asks_who_you_are_and_names_whom_to_call(client):
    page = client.get("/").content.decode()

    for words in ("parent or carer", "young person", "work with children", "hub or the county"):
        assert words in page
    for number in ("999", "0808 800 5000", "0800 1111", "01632 960 150"):
        assert number in page


@pytest.mark.parametrize("name", ["home", "figures", "county_settings", "look"])
def test_what_is_for_staff_asks_to_sign_in(client, name):
    answer = client.get(reverse(name))

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("role", PEOPLE)
def test_everybody_has_a_first_page_whose_links_they_may_follow(client, role):
    make_hub("Witney")
    client.force_login(somebody(role))

    page = client.get(reverse("home"))

    assert page.status_code == 200
    for link in page.context["navigation"]:
        answer = client.get(link.href, follow=True)
        assert answer.status_code == 200, (role, link)


def test_every_link_of_the_navigation_leads_to_a_page():
    assert all(reverse(place.url_name) for place in PLACES)


def test_somebody_without_a_team_is_told_what_to_do(client):
    client.force_login(make_user())

    page = client.get(reverse("home"))

    assert b"belongs to no team yet" in page.content


def test_the_navigation_marks_where_we_are(client):
    client.force_login(somebody("county_lead"))

    page = client.get(reverse("look"))

    current = [link.label for link in page.context["navigation"] if link.current]
    assert current == ["Settings"]


# What goes wrong


def test_what_is_not_there_and_what_is_refused_say_so_kindly(client):
    client.force_login(somebody("hub_worker"))

    missing, refused = client.get("/nowhere/"), client.get(reverse("county_settings"))

    assert missing.status_code == 404
    assert b"nothing here for you to see" in missing.content
    assert refused.status_code == 403
    assert b"Only those who may change the county" in refused.content


def test_a_form_that_is_not_ours_is_refused_in_plain_words():
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(somebody("county_lead"))

    answer = strict.post(reverse("look"), {"county_name": "Elsewhere"})

    assert answer.status_code == 403
    assert b"This page has been open too long" in answer.content
    assert county_look().county_name != "Elsewhere"


def test_too_much_at_once_is_refused_with_what_to_do(client):
    client.force_login(somebody("county_lead"))

    with override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=1000):
        answer = client.post(reverse("look"), {"county_name": "x" * 5000})

    assert answer.status_code == 413
    assert b"too much at once" in answer.content


def test_what_breaks_says_sorry_without_the_database(
    client, monkeypatch, django_assert_num_queries
):
    from kith.web.problems import broken

    with django_assert_num_queries(0):
        page = broken(None)

    assert page.status_code == 500
    assert b"not yours" in page.content and b"999" in page.content


def test_health_answers_without_signing_in(client):
    assert client.get("/health").json() == {"status": "ok"}
    assert client.post("/health").status_code == 405


def test_health_is_503_and_one_line_of_the_log_while_the_database_is_away(
    client, monkeypatch, caplog
):
    nowhere = settings.DATABASES["default"] | {"HOST": "127.0.0.1", "PORT": "1", "OPTIONS": {}}
    monkeypatch.setattr(health, "connection", ConnectionHandler({"default": nowhere})["default"])

    answer = client.get("/health")

    assert answer.status_code == 503
    assert answer.json() == {"status": "the database does not answer"}
    (line,) = caplog.records
    assert line.getMessage() == "Service Unavailable: /health"
    assert line.exc_info is None


@pytest.mark.parametrize("name", PUBLIC)
def test_pages_carry_a_strict_content_security_policy(client, name):
    policy = client.get(reverse(name)).headers["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


# The county's look

LOOK = {
    "county_name": "Borsetshire",
    "service_name": "family help",
    "front_door_phone": "01632 960 777",
    "front_door_hours": "",
    "out_of_hours_phone": "",
    "front_door_email": "door@borsetshire.example",
    "main_colour": "#1D3557",
    "accent_colour": "#fc0",
    "link_colour": "#0b5cad",
    "button_colour": "00703c",
}


def test_the_county_lead_changes_name_and_colours_and_it_is_logged(client, seen_by):
    lead = somebody("county_lead")
    client.force_login(lead)

    answer = client.post(reverse("look"), LOOK, follow=True)
    css = client.get(county_look().stylesheet)

    assert b"are changed" in answer.content
    assert b"Borsetshire" in answer.content
    assert "--kith-main:#1d3557" in css.content.decode()
    assert "--kith-accent:#ffcc00" in css.content.decode()
    assert "immutable" in css.headers["Cache-Control"]
    seen_by(somebody("dpo"))
    entry = Entry.objects.get(what="look.changed")
    assert entry.by_id == lead.pk
    assert entry.after["county_name"] == "Borsetshire"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("link_colour", "#ffff66", b"too pale to read"),
        ("button_colour", "#cccccc", b"too pale to read"),
        ("main_colour", "#eeeeee", b"too pale to read"),
        ("main_colour", "teal", b"six letters or numbers"),
        ("accent_colour", "red;}body{display:none", b"too long"),
        ("accent_colour", "#12345g", b"six letters or numbers"),
        ("county_name", "", b"Enter name of the county or council"),
        ("front_door_email", "nobody", b"like name@example.org"),
    ],
)
def test_a_look_that_nobody_could_read_is_refused_and_what_was_typed_stays(
    client, field, value, words
):
    client.force_login(somebody("administrator"))

    answer = client.post(reverse("look"), LOOK | {field: value})

    page = answer.content
    assert answer.status_code == 200
    assert words in page or (words == b"too long" and b"characters long" in page)
    assert b"Borsetshire" in page or field == "county_name"
    assert county_look().county_name == "Oxfordshire"
    assert f'href="#id_{field}"'.encode() in page


def test_only_those_who_answer_for_the_settings_change_the_look(client, at, seen_by):
    worker, lead = somebody("hub_worker"), somebody("county_lead")
    client.force_login(worker)

    assert client.post(reverse("look"), LOOK).status_code == 403
    with pytest.raises(PermissionDenied, match="county lead or an administrator"):
        ui_actions.change_look(by=worker, at=at, county_name="Elsewhere")
    seen_by(lead)
    look = ui_actions.change_look(by=lead, at=at, county_name="Elsewhere")
    assert look.county_name == county_look().county_name == "Elsewhere"
    with pytest.raises(NotAColour):
        ui_actions.change_look(by=lead, at=at, main_colour="x")
    with pytest.raises(ui_actions.Unreadable, match="too pale"):
        ui_actions.change_look(by=lead, at=at, link_colour="#ffffff")


def test_contrast_is_as_wcag_defines_it():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#ffffff", "#ffffff") == pytest.approx(1)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)  # the known limit
    assert readable_on("#0b4a4c") == "#ffffff"
    assert readable_on("#ffcc00") == "#0b0c0c"


# Every page reads well to a machine that reads aloud


class Reader(HTMLParser):
    """Notes headings, labels and boxes as a screen reader would."""

    def __init__(self) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.labels: set[str] = set()
        self.boxes: list[dict[str, str | None]] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if given.get("id"):
            self.ids.append(given["id"])
        if tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            self.levels.append(int(tag[1]))
        if tag == "label" and given.get("for"):
            self.labels.add(given["for"])
        if (tag == "input" and given.get("type") not in {"hidden", "submit"}) or tag in {
            "select",
            "textarea",
        }:
            self.boxes.append(given)


def read(page: bytes) -> Reader:
    reader = Reader()
    reader.feed(page.decode())
    return reader


def assert_reads_well(page: bytes) -> None:
    reader = read(page)
    main = reader.levels
    assert main.count(1) == 1, main
    assert all(after <= before + 1 for before, after in pairwise(main)), main
    assert len(reader.ids) == len(set(reader.ids))
    for box in reader.boxes:
        assert box.get("id") in reader.labels or box.get("aria-label"), box


@pytest.mark.parametrize("name", PUBLIC)
def test_public_pages_have_headings_in_order_and_a_label_for_each_box(client, name):
    assert_reads_well(client.get(reverse(name)).content)


@pytest.mark.parametrize("role", PEOPLE)
def test_staff_pages_have_headings_in_order_and_a_label_for_each_box(client, role):
    client.force_login(somebody(role))

    for name in ("home", "figures", "county_settings", "look"):
        page = client.get(reverse(name))
        assert_reads_well(page.content)
