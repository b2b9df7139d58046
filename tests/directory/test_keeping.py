"""Those who keep the directory: what they write, where and when, and that it is true."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from kith.directory import actions, ages
from kith.directory.actions import DirectoryRefused, Giver, Times, Told, Where, set_up_terms
from kith.directory.models import Place, Provider, Schedule, Service, Term
from kith.places.models import Postcode
from tests.factories.accounts import make_team, make_user
from tests.factories.directory import make_service
from tests.factories.places import make_hub, make_places

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    make_places()
    set_up_terms()
    return make_user("hub_manager", make_hub("Banbury").team, "Mia Manager")


def said(by):
    return {"by": by, "at": timezone.now()}


def told(**changes):
    provider, _ = Provider.objects.get_or_create(
        name="Family Friends", defaults={"description": "Neighbours"}
    )
    term = Term.objects.get(name="Parenting support")
    given = {
        "provider": provider,
        "name": "Stay and play",
        "description": "Toys.",
        "terms": (term,),
        "phone": "01632 960 001",
    }
    return Told(**{**given, **changes})


def the_day(day: date, name: str) -> dict[str, int]:
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def test_a_service_is_written_and_changed(manager):
    service = actions.write_service(details=told(published=True), **said(manager))
    other = Term.objects.get(name="Young carers")
    actions.write_service(
        details=told(name="Play", terms=(other,), published=True), known=service, **said(manager)
    )

    service.refresh_from_db()
    assert (service.name, [tag.term for tag in service.tags.all()]) == ("Play", [other])
    assert (service.assured_on, service.assured_by) == (timezone.localdate(), "Banbury")


def test_the_day_of_a_check_is_the_county_s_and_the_public_reads_the_team_not_the_person(
    manager, client
):
    # Half past midnight on 2 July in the county; UTC still has the first.
    service = actions.write_service(
        details=told(published=True), by=manager, at=datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    )
    assert service.assured_on == date(2026, 7, 2)
    page = client.get(f"/find-help/{service.uid}/").content.decode()
    assert "by Banbury" in page and "Mia" not in page
    feed = client.get(f"/api/oruk/v3/services/{service.uid}").content.decode()
    assert "Mia" not in feed


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"terms": ()}, "kinds"), ({"from_months": 24, "to_months": 11}, "oldest"), ({"status": "temporarily closed"}, "alert"),
        ({"taking_until": date(2020, 1, 1)}, "taking_until"), ({"phone": "", "published": True}, "phone"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(manager, changes, field):
    with pytest.raises(DirectoryRefused) as refused:
        actions.write_service(details=told(**changes), **said(manager))
    assert refused.value.field == field
    assert not Service.objects.exists()


def test_only_those_who_keep_the_directory_change_it(manager):
    worker = make_user("hub_worker", make_team("Witney"))
    service = make_service("Play")
    for act in (
        lambda: actions.write_service(details=told(), **said(worker)),
        lambda: actions.assure(service=service, **said(worker)),
        lambda: actions.write_place(details=Where("Hall", "neutral", "full"), **said(worker)),
        lambda: actions.write_provider(details=Giver("Us", "We."), **said(worker)),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_a_place_has_the_point_that_everybody_may_know_and_no_other(manager):
    Postcode.objects.filter(code="OX41AA").update(easting=450321)
    full = actions.write_place(
        details=Where("Hall", "neutral", "full", "1 Mill Lane", "Oxford", "ox41aa"), **said(manager)
    )
    area = actions.write_place(
        details=Where("At home", "other", "area", "", "Oxford", "OX4 1AA"), **said(manager)
    )
    assert (full.postcode, full.easting is None) == ("OX4 1AA", False)
    assert area.postcode == "OX4"
    assert (full.easting, area.easting) == (450321, 450000), "the middle of the neighbourhood"
    point = (area.easting, area.northing)
    renamed = Where("At Ann’s", "other", "area", "", "Oxford", "OX4")
    actions.write_place(details=renamed, known=area, **said(manager))
    assert (area.name, area.easting, area.northing) == ("At Ann’s", *point)
    with pytest.raises(DirectoryRefused, match="nothing is kept by which it could be found"):
        actions.write_place(
            details=Where("Refuge", "other", "never", postcode="OX4 1AA"), **said(manager)
        )
    hidden = actions.write_place(
        details=Where("Hall", "neutral", "on_request", "1 Mill Lane", "Oxford", "OX4 1AA"),
        known=full,
        **said(manager),
    )
    assert (hidden.easting, hidden.latitude) == (None, None)
    with pytest.raises(DirectoryRefused, match="Enter the postcode"):
        actions.write_place(details=Where("Hall 2", "neutral", "full"), **said(manager))


@pytest.mark.parametrize(
    ("times", "field"),
    [
        ({"every": "week"}, "weekday"), ({"every": "month_day", "weekday": 1}, "nth"), ({"every": "fortnight", "weekday": 1}, "since"),
        ({"every": "fortnight", "weekday": 1, "since": date(2026, 11, 23)}, "since"), ({"every": "once"}, "since"),
        ({"every": "week", "weekday": 1, "since": date(2026, 11, 2), "until": date(2026, 11, 1)}, "until"),
    ],
)  # fmt: skip
def test_times_that_say_too_little_are_refused_at_their_field(manager, times, field):
    service = make_service("Play")
    with pytest.raises(DirectoryRefused) as refused:
        actions.write_schedule(service=service, details=Times(**times), **said(manager))
    assert refused.value.field == field
    assert not Schedule.objects.exists()


def test_a_day_that_is_called_off_is_not_found(manager, client):
    service = make_service("Play", when={"weekday": timezone.localdate().weekday()})
    assert "Play" in client.get("/find-help/?day=today").content.decode()
    actions.call_off(
        schedule=service.schedules.get(), day=timezone.localdate(), words="Snow", **said(manager)
    )
    assert "Nothing found" in client.get("/find-help/?day=today").content.decode()
    with pytest.raises(DirectoryRefused):
        actions.call_off(schedule=service.schedules.get(), day=date(2020, 1, 1), **said(manager))


@pytest.mark.parametrize(
    ("first", "last"), [(None, None), (0, 59), (18, 35), (84, 95), (5, 7), (24, None)]
)
def test_an_age_on_a_form_is_read_back_as_it_was(first, last):
    youngest, oldest = ages.typed(first), ages.typed(last, last=True)
    assert (ages.read(youngest)[0] if youngest else 0) == (first or 0)
    assert (ages.read(oldest)[1] if oldest else None) == last


def test_a_manager_adds_a_service_a_place_and_times_on_screen(client, manager):
    client.force_login(manager)
    client.post(
        "/directory/providers/add/", {"name": "Youth Trust", "description": "For teenagers."}
    )
    giver = Provider.objects.get()
    wrong = client.post(
        "/directory/add/",
        {"name": "Club", "youngest": "old", "status": "active", "taking": "open", "route": "come"},
    )
    page = wrong.content.decode()
    assert "Choose who gives it" in page and "Enter an age in years" in page
    given = {
        "name": "Club", "provider": str(giver.uid), "description": "Pool and music.", "kinds": ["activities-clubs-and-activities"],
        "youngest": "11", "oldest": "17", "route": "come", "status": "active", "taking": "open", "free": "yes", "published": "on",
    }  # fmt: skip
    given["kinds"] = [Term.objects.get(name="Activities").code]
    assert client.post("/directory/add/", given).status_code == 302
    service = Service.objects.get()
    assert (service.from_months, service.to_months, service.free) == (132, 215, True)
    kept = f"/directory/{service.uid}/"

    client.post(
        "/directory/places/add/",
        {
            "name": "Hall",
            "kind": "neutral",
            "shown": "full",
            "town": "Oxford",
            "postcode": "OX4 1AA",
        },
    )
    wrong = client.post(
        "/directory/places/add/",
        {"name": "Hall", "kind": "neutral", "shown": "full", "postcode": "nowhere"},
    )
    assert "postcode" in wrong.content.decode() and Place.objects.count() == 1
    client.post(
        f"{kept}at/", {"which": "known", "place": str(Place.objects.get().uid), "words": "Upstairs"}
    )
    held = service.at_places.get()
    times = {
        "every": "week",
        "weekday": "4",
        "opens": "6.30pm",
        "closes": "8.30pm",
        "held": str(held.uid),
    }
    assert (
        "It ends before it begins"
        in client.post(f"{kept}times/", {**times, "closes": "5pm"}).content.decode()
    )
    client.post(f"{kept}times/", times)
    known = Schedule.objects.get()
    shown = client.get(f"{kept}times/{known.uid}/").context["form"]
    opens = shown["opens"].value()
    again = {**times, "opens": opens}
    assert client.post(f"{kept}times/{known.uid}/", again).status_code == 302, "as it was shown"
    assert "Every Friday, 6.30pm to 8.30pm" in client.get(kept).content.decode()
    assert (
        "Every Friday, 6.30pm to 8.30pm"
        in client.get(f"/find-help/{service.uid}/").content.decode()
    )
    assert 'value="11"' in client.get(f"{kept}change/").content.decode()
    schedule = service.schedules.get()
    day = timezone.localdate() + timedelta(days=7)
    client.post(f"{kept}times/{schedule.uid}/off/", {**the_day(day, "day"), "words": "Holiday"})
    assert "Holiday" in client.get(kept).content.decode()
    Service.objects.update(assured_on=date(2020, 1, 1))
    assert "To be checked" in client.get("/directory/?only=stale").content.decode()
    client.post(f"{kept}check/")
    assert "No service fits" in client.get("/directory/?only=stale").content.decode()
    client.post(f"{kept}times/{schedule.uid}/drop/")
    client.post(f"{kept}at/{held.uid}/leave/")
    assert not service.schedules.exists() and not service.at_places.exists()
    assert client.get("/directory/00000000-0000-4000-8000-000000000000/").status_code == 404


def test_a_draft_is_seen_by_those_who_keep_the_directory_alone(client, manager):
    draft = make_service("Draft", published=False)
    assert client.get(f"/find-help/{draft.uid}/").status_code == 404
    client.force_login(manager)
    assert "Draft" in client.get(f"/directory/{draft.uid}/").content.decode()
    assert "Draft" in client.get("/directory/?only=drafts").content.decode()


def test_a_new_place_is_told_of_where_the_service_asks_for_it(manager, client):
    from django.urls import reverse

    from kith.directory.models import ServiceAtPlace

    service = actions.write_service(details=told(), **said(manager))
    address = reverse("directory:at_place", args=[service.uid])
    client.force_login(manager)
    for typed, wrong in (
        ({"which": "known"}, "Choose where, or choose “A new place”."),
        ({"which": "new"}, "Enter what the place is called."),
        ({"which": "new", "name": "Rose Hall", "kind": "neutral", "postcode": "XX"}, "postcode"),
    ):
        page = client.post(address, typed | {"words": "upstairs"}).content.decode()
        assert wrong in page and "There is a problem" in page and "upstairs" in page
    assert not Place.objects.exists()

    code = str(Postcode.objects.first())
    new = {
        "which": "new",
        "name": "Rose Hall",
        "kind": "neutral",
        "shown": "full",
        "postcode": code,
    }
    client.post(address, new | {"words": "upstairs"})

    held = ServiceAtPlace.objects.get(service=service)
    assert (held.place.name, held.place.postcode, held.words) == ("Rose Hall", code, "upstairs")
    other = actions.write_service(details=told(name="Other"), **said(manager))
    known = {"which": "known", "place": str(held.place.uid)}
    client.post(reverse("directory:at_place", args=[other.uid]), known)
    assert ServiceAtPlace.objects.get(service=other).place == held.place
