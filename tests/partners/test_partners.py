import pytest
from django.core.exceptions import PermissionDenied

from kith.partners import actions, queries
from kith.partners.actions import Details
from kith.partners.models import Organisation
from kith.partners.sources import NAMES, source_code, source_name
from tests.factories.accounts import make_team, make_user
from tests.factories.places import make_places
from tests.places.test_key_stage_2 import ENGLAND, OXFORD, table, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    make_places()
    return make_user("county_desk", make_team("Desk", "desk"))


def test_every_kind_of_partner_has_a_code_of_the_department():
    codes = {kind: source_code(kind) for kind in Organisation.Kind.values}

    assert set(codes.values()) <= set(NAMES)
    assert (codes["school"], codes["police"], codes["early_help"]) == ("2A", "6", "5D")
    assert codes["youth_justice"] == "7"
    assert source_code("", sender="parent") == "1A"
    assert source_code("", sender="young_person") == "1C"
    assert source_code("nonsense") == "10"
    assert source_name("2A") == "Schools"


def test_schools_are_found_by_words_place_or_number(desk):
    for name, urn, postcode in [
        ("Ash Lane Primary School", 100001, "OX4 1AA"),
        ("Ash Tree Nursery", 100002, "OX16 1AA"),
        ("Old School", 100003, ""),
    ]:
        Organisation.objects.create(
            name=name, kind="school", urn=urn, postcode=postcode, active=name != "Old School"
        )
    Organisation.objects.create(name="Ash Lane Surgery", kind="gp", takes_requests=True)

    def names(text=""):
        return [school.name for school in queries.schools(text)]

    assert names() == ["Ash Lane Primary School", "Ash Tree Nursery"]
    assert names("lane ash") == ["Ash Lane Primary School"]
    assert names("OX16") == ["Ash Tree Nursery"]
    assert names("100001") == ["Ash Lane Primary School"]
    assert names("100%") == names("\0 zebra") == []
    assert [one.name for one in queries.destinations()] == ["Ash Lane Surgery"]
    assert [one.name for one in queries.by_kind("gp")] == ["Ash Lane Surgery"]


def test_a_partner_is_added_changed_and_given_a_team(desk, at):
    partner = actions.add_partner(
        details=Details(name="Harbour Trust", kind="voluntary", postcode="ox41aa"), by=desk, at=at
    )
    team = actions.give_team(partner=partner, by=desk, at=at)
    again = actions.give_team(partner=partner, by=desk, at=at)
    changed = actions.change_partner(
        partner=partner,
        details=Details(name="Harbour", kind="voluntary", takes_requests=True),
        by=desk,
        at=at,
    )

    assert (partner.postcode, partner.district.name) == ("OX4 1AA", "Oxford")
    assert team == again
    assert team.kind == "partner"
    changed.team.refresh_from_db()
    assert changed.team.name == "Harbour"
    assert queries.destinations().get() == changed


def test_what_cannot_be_is_refused_at_its_field(desk, at):
    actions.add_partner(
        details=Details(name="Elm School", kind="school", urn=100001), by=desk, at=at
    )

    for details, field in [
        (Details(name="elm school", kind="school"), "name"),
        (Details(name="Oak School", kind="school", urn=100001), "urn"),
        (Details(name="Police", kind="police", phase="primary"), "phase"),
    ]:
        with pytest.raises(actions.PartnerRefused) as refusal:
            actions.add_partner(details=details, by=desk, at=at)
        assert refusal.value.field == field
    worker = make_user("hub_worker", make_team("Banbury"))
    with pytest.raises(PermissionDenied):
        actions.add_partner(details=Details(name="A", kind="gp"), by=worker, at=at)


def test_the_pages_list_show_add_and_change(client, desk):
    Organisation.objects.create(name="<i>Elm</i> School", kind="school", phase="primary")
    client.force_login(desk)

    page = client.get("/partners/", {"kind": "school", "q": "elm"}).content.decode()
    wrong = client.post(
        "/partners/add/", {"name": "Thames", "kind": "gp", "urn": 5, "postcode": "OX4"}
    )
    added = client.post(
        "/partners/add/",
        {"name": "Thames Surgery", "kind": "gp", "takes_requests": "on", "active": "on"},
        follow=True,
    ).content.decode()
    partner = Organisation.objects.get(name="Thames Surgery")
    client.post(f"/partners/{partner.pk}/team/")
    shown = client.get(f"/partners/{partner.pk}/").content.decode()
    client.post(f"/partners/{partner.pk}/change/", {"name": "Thames", "kind": "gp"})

    assert "&lt;i&gt;Elm" in page
    assert "1 partner" in page
    assert "Enter a number of six digits" in wrong.content.decode()
    assert "OX4 is only the first half" in wrong.content.decode()
    assert "Thames Surgery is added" in added
    assert "Its people can sign in" in shown
    assert "3A: GP" in shown
    partner.refresh_from_db()
    assert (partner.name, partner.active, partner.takes_requests) == ("Thames", False, False)


def test_hostile_filters_and_numbers_are_no_failure(client, desk):
    client.force_login(desk)

    for query in ["?q=%00%27%3Cscript%3E", "?kind=nonsense", "?page=-4", "?q=" + "9" * 2000]:
        assert client.get(f"/partners/{query}").status_code == 200
    assert client.get("/partners/999999/").status_code == 404


def test_pages_are_for_staff_and_changing_for_the_desk(client, desk):
    partner = Organisation.objects.create(name="Elm School", kind="school")
    worker = make_user("hub_worker", make_team("Banbury"))
    paths = ["/partners/", f"/partners/{partner.pk}/"]
    changing = ["/partners/add/", f"/partners/{partner.pk}/change/"]

    assert {client.get(path).status_code for path in paths + changing} == {302}
    client.force_login(make_user("referrer", make_team("Elm School", "partner")))
    assert {client.get(path).status_code for path in paths + changing} == {403}
    client.force_login(worker)
    assert {client.get(path).status_code for path in paths} == {200}
    assert {client.get(path).status_code for path in changing} == {403}
    client.force_login(desk)
    assert {client.get(path).status_code for path in paths + changing} == {200}


def test_a_school_with_published_results_links_to_them(client, desk, at):
    lead = make_user("county_lead", make_team("Lead", "desk"))
    take(table(OXFORD, ENGLAND), by=lead, at=at)
    elm = Organisation.objects.create(name="Elm Lane School", kind="school", urn=123001)
    other = Organisation.objects.create(name="Other School", kind="school", urn=123009)
    client.force_login(desk)

    with_results = client.get(f"/partners/{elm.pk}/").content.decode()
    without = client.get(f"/partners/{other.pk}/").content.decode()

    assert 'href="/figures/attainment/schools/123001/"' in with_results
    assert client.get("/figures/attainment/schools/123001/").status_code == 200
    assert "/figures/attainment/" not in without
