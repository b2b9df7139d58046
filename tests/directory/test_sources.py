"""Services of other directories: what would come, what comes, what stays ours, and hostile feeds."""

import json
from contextlib import nullcontext
from copy import deepcopy
from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as how
from hypothesis import strategies as st

from kith.accounts.viewer import clock, seeing_as
from kith.directory import actions, arriving, brought, neighbours, tasks
from kith.directory.actions import DirectoryRefused, OtherDirectory, set_up_terms
from kith.directory.actions.bringing import bring_record
from kith.directory.fetching import NotRead, Reader
from kith.directory.models import (
    Brought,
    Place,
    Provider,
    Reading,
    ReadRecord,
    Schedule,
    Service,
    Source,
    SourceTerm,
    Term,
)
from kith.directory.tasks import bring, read_sources
from kith.jobs import running
from tests.factories.accounts import make_team, make_user
from tests.factories.directory import make_service
from tests.factories.feeds import a_record, feed_of, give, serving
from tests.factories.places import make_hub, make_places

pytestmark = pytest.mark.django_db
SAMPLES = Path(__file__).parents[3] / "shared" / "data" / "oruk" / "sample-feeds"
TODAY = date(2026, 11, 23)
LONG_AGO = timezone.datetime(2026, 11, 23, 9, tzinfo=timezone.get_default_timezone())


@pytest.fixture
def desk():
    make_places()
    set_up_terms()
    return make_user("county_desk", make_team("County desk", "desk"), "Dora Desk")


@pytest.fixture
def source(desk):
    return Source.objects.create(
        name="Warden", address="https://warden.example/v3", made_by=desk, made_at=LONG_AGO
    )


class Quiet:
    """Progress that nobody watches, and that does every part."""

    def __init__(self, by):
        self.by, self.steps = by, []

    def step(self, words):
        self.steps.append(words)

    def advance(self, count=1, *, total=None): ...

    def once(self, key):
        return nullcontext(True)


def said(by):
    return {"by": by, "at": timezone.now()}


def read(source, records, *, kind="import", whole=True, take_away=False):
    """Read a feed that holds some records; return what came of it."""
    reading = Reading.objects.create(
        source=source, kind=kind, take_away=take_away, by=source.made_by, at=timezone.now()
    )
    fetched = neighbours.told(records)
    fetched.whole = whole
    bring(Quiet(source.made_by), reading, fetched)
    fetched.close()
    reading.refresh_from_db()
    return reading


def outcomes(reading):
    return {name: count for name, count in reading.counts.items() if count}


def everything():
    """Return all that is kept of services, to compare."""
    models = (Service, Place, Provider, Schedule)
    rows = [list(model.objects.order_by("pk").values()) for model in models]
    return json.dumps(rows, default=str), list(
        Service.terms.through.objects.values_list("service", "term")
    )


def test_a_look_says_what_would_come_and_changes_nothing(source):
    before = everything()
    looked = read(source, [a_record(), a_record("s2", name="")], kind="look")
    assert everything() == before
    assert outcomes(looked) == {"new": 1, "refused": 1}
    refused = looked.records.get(outcome="refused")
    assert (refused.key, refused.notes) == ("s2", ["It has no name."])

    came = read(source, [a_record(), a_record("s2", name="")])
    assert outcomes(came) == outcomes(looked)


def test_a_service_comes_with_its_provider_place_times_and_terms(source, client):
    read(source, [a_record()])
    service = Service.objects.get()
    place, times = service.at_places.get().place, list(service.schedules.all())
    assert (service.name, service.from_months, service.to_months) == ("Stay and play s1", 0, 59)
    assert (service.assured_on, service.assured_by) == (date(2026, 6, 1), "Warden")
    assert (service.provider.name, service.phone) == ("Warden Families", "01632 960 111")
    assert (place.address, place.postcode, place.shown) == ("1 High Street", "CV35 9ZZ", "full")
    assert (place.latitude, 400_000 < place.easting < 500_000) == (52.2, True)
    assert {(one.every, one.weekday, one.at_place.place) for one in times} == {
        ("week", 1, place), ("week", 3, place)
    }  # fmt: skip
    assert [tag.term.name for tag in service.tags.all()] == ["Parenting support"]
    assert "Stay and play s1" in client.get("/find-help/?q=stay+play").content.decode()
    record = client.get(f"/api/oruk/v3/services/{service.uid}").json()
    assert record["service_at_locations"][0]["location"]["addresses"][0]["city"] == "Warden"


def test_an_import_again_changes_nothing_and_ids_stay(source):
    records = [a_record(), a_record("s2", service_at_locations=[])]
    read(source, records)
    before = everything()
    again = read(source, records)
    assert everything() == before
    assert outcomes(again) == {"same": 2}

    changed = read(source, [a_record(name="Play and stay"), records[1]])
    assert outcomes(changed) == {"changed": 1, "same": 1}
    assert changed.records.get().changes == [["Name", "Stay and play s1", "Play and stay"]]
    assert Service.objects.get(source_id="s1").name == "Play and stay"
    assert json.dumps(str(Service.objects.get(source_id="s1").uid)) in before[0].replace("'", '"')


def test_what_our_own_people_changed_is_not_written_over_and_is_settled_by_a_person(
    source, client, desk
):
    read(source, [a_record()])
    service = Service.objects.get()
    service.phone, service.description = "01632 960 999", "Ours"
    service.save()

    assert outcomes(read(source, [a_record()])) == {"same": 1}
    both = read(source, [a_record(description="Theirs", name="New name")])
    service.refresh_from_db()
    assert (service.phone, service.description, service.name) == (
        "01632 960 999",
        "Ours",
        "New name",
    )
    assert outcomes(both) == {"differs": 1}
    assert ["What it is, not taken", "Ours", "Theirs"] in both.records.get().changes
    assert outcomes(read(source, [a_record(description="Theirs", name="New name")])) == {"same": 1}

    client.force_login(desk)
    page = client.get(f"/directory/sources/{source.uid}/").content.decode()
    assert "Ours" in page and "Theirs" in page
    kept = Brought.objects.exclude(differs={}).get()
    settle = f"/directory/sources/{source.uid}/settle/{kept.pk}/"
    client.post(settle, {"field": "description", "take": "theirs"})
    service.refresh_from_db()
    assert service.description == "Theirs"
    client.post(settle, {"field": "description", "take": "ours"})  # once is enough
    assert not brought.differences(source)

    service.description = "Ours again"
    service.save()
    read(source, [a_record(description="Theirs too", name="New name")])
    client.post(settle, {"field": "description", "take": "ours"})
    assert outcomes(read(source, [a_record(description="Theirs too", name="New name")])) == {
        "same": 1
    }
    service.refresh_from_db()
    assert service.description == "Ours again"


def test_times_and_places_of_our_own_stay(source):
    read(source, [a_record()])
    service = Service.objects.get()
    held = service.at_places.get()
    ours = Schedule.objects.create(service=service, at_place=held, every="week", weekday=6)
    moved = read(source, [a_record(service_at_locations=[])])
    assert outcomes(moved) == {"differs": 1}
    assert ours in service.schedules.all() and held in service.at_places.all()


def test_what_is_gone_is_kept_and_published_no_more_and_may_come_back(source):
    records = [a_record(f"s{number}") for number in range(8)]
    read(source, records)
    gone = read(source, records[1:])
    first = Service.objects.get(source_id="s0")
    assert outcomes(gone) == {"same": 7, "gone": 1}
    assert (first.published, Service.objects.count()) == (False, 8)
    assert outcomes(read(source, records[1:])) == {"same": 7}

    assert outcomes(read(source, records)) == {"changed": 1, "same": 7}
    first.refresh_from_db()
    assert first.published

    first.published = False
    first.save()
    read(source, records)
    first.refresh_from_db()
    assert not first.published, "our own people unpublished it"


def test_what_nobody_confirmed_is_shown_again_when_they_have_checked_it(source):
    records = [a_record(f"s{number}") for number in range(8)]
    read(source, records)
    hidden = {"published": False, "hidden_on": TODAY}
    Service.objects.filter(source_id__in=["s0", "s1"]).update(**hidden)
    assert outcomes(read(source, records)) == {"same": 8}
    read(source, [a_record("s0", assured_date="2026-11-01"), *records[2:]])
    read(source, [a_record("s0", assured_date="2026-11-01"), *records[1:]])
    stands = Service.objects.order_by("source_id").values_list("published", "hidden_on")[:2]
    assert list(stands) == [(True, None), (True, None)], "one was checked, one came back"


def test_much_gone_at_once_is_taken_away_only_when_somebody_says_so(source):
    records = [a_record(f"s{number}") for number in range(10)]
    read(source, records)
    for broken, whole in (([], True), (records[:3], True), (records[:3], False)):
        reading = read(source, broken, whole=whole)
        assert Service.objects.filter(published=True).count() == 10
        assert "nothing was taken" in " ".join(reading.notes)
    assert read(source, [], kind="look").counts["gone"] == 10
    read(source, records[:3], take_away=True)
    assert Service.objects.filter(published=True).count() == 3


def without_address(**more):
    place = {"id": "l1", "location_type": "physical", "name": "The refuge", "latitude": 52.1,
             "longitude": -1.4, **more}  # fmt: skip
    return a_record(service_at_locations=[{"id": "a", "location": place}])


@pytest.mark.parametrize(
    "more",
    [
        {}, {"addresses": []}, {"addresses": None}, {"addresses": "1 Mill Lane"}, {"location_type": "virtual"},
        {"kith_address_shown": "never", "addresses": [{"address_1": "1 Mill Lane", "postal_code": "OX4 1AA"}]},
        {"kith_address_shown": "on_request", "location_type": "virtual"},
    ],
)  # fmt: skip
def test_a_place_without_an_address_never_gains_one(source, more, client):
    """A refuge: whatever its feed says later, and whatever point it gives."""
    read(source, [without_address(**more)])
    place = Place.objects.get()
    assert (place.address, place.postcode, place.easting, place.latitude) == ("", "", None, None)
    if place.kind == "online":
        return
    found = read(source, [a_record()])
    place.refresh_from_db()
    assert (place.address, place.postcode, place.easting, place.latitude) == ("", "", None, None)
    assert place.shown == "on_request"
    kept = json.dumps(
        [*Brought.objects.values("said", "differs"), *ReadRecord.objects.values("notes", "changes")]
    )
    assert "High Street" not in kept and "CV35" not in kept
    assert "hidden here" in " ".join(found.records.get().notes) if found.records.exists() else True
    assert "High Street" not in client.get("/api/oruk/v3/services?full=true").content.decode()


def test_a_place_hidden_by_our_own_people_stays_hidden_and_one_that_they_hide_is_hidden_here(
    source,
):
    read(source, [a_record()])
    place = Place.objects.get()
    Place.objects.update(
        shown="never", address="", town="", postcode="", transport="",
        easting=None, northing=None, latitude=None, longitude=None,
    )  # fmt: skip
    moved = deepcopy(a_record())
    moved["service_at_locations"][0]["location"]["addresses"][0]["address_1"] = "2 Secret Street"
    read(source, [moved])
    place.refresh_from_db()
    assert (place.shown, place.address, place.postcode) == ("never", "", "")
    assert "Secret" not in json.dumps(list(Brought.objects.values("said", "differs")))

    other = Source.objects.create(
        name="O", address="https://o.example", made_by=source.made_by, made_at=LONG_AGO
    )
    read(other, [a_record()])
    mine = Place.objects.get(source=other.address)
    Place.objects.filter(pk=mine.pk).update(address="Found out by hand")
    read(other, [without_address()])
    mine.refresh_from_db()
    assert (mine.shown, mine.address, mine.easting) == ("on_request", "", None)


def test_half_a_postcode_is_an_area_and_a_wrong_one_is_left_out(source):
    for number, (postcode, shown, kept, address) in enumerate(
        [("CV35", "area", "CV35", ""), ("ABC 1234", "full", "", "1 High Street"), ("ox41aa", "full", "OX4 1AA", "1 High Street")]
    ):  # fmt: skip
        record = deepcopy(a_record(f"s{number}"))
        place = record["service_at_locations"][0]["location"]
        place["id"] = f"l{number}"
        place["addresses"][0]["postal_code"] = postcode
        read(source, [record], whole=False)
        made = Place.objects.get(source_id=f"l{number}")
        assert (made.shown, made.postcode, made.address) == (shown, kept, address)
        if shown == "area":
            assert (made.latitude, made.longitude) == (52.2, -1.5)


@pytest.mark.parametrize(
    ("changes", "reads"),
    [
        ({"description": "<p>Play &amp; <b>sing</b></p><script>alert(1)</script>"}, {"description": "Play & sing"}),
        ({"description": "&lt;img src=x onerror=alert(1)&gt;Hello"}, {"description": "Hello"}),
        ({"description": ["x"]}, {"description": ""}),
        ({"name": "A\0b\u202e\ud800c"}, {"name": "Abc"}),
        ({"url": "javascript:alert(1)"}, {"url": ""}), ({"url": "warden.example"}, {"url": "https://warden.example"}),
        ({"email": "nobody"}, {"email": ""}), ({"email": {}}, {"email": ""}),
        ({"minimum_age": -1, "maximum_age": -1}, {"from_months": None, "to_months": None}),
        ({"minimum_age": 10**400, "maximum_age": "x"}, {"from_months": None, "to_months": None}),
        ({"minimum_age": 12, "maximum_age": 3}, {"from_months": None, "to_months": None}),
        ({"minimum_age": 0.5, "maximum_age": 100}, {"from_months": 6, "to_months": None}),
        ({"assured_date": "2026-13-45"}, {"assured_on": None}), ({"assured_date": "2999-01-01"}, {"assured_on": None}),
        ({"assured_date": 7}, {"assured_on": None}),
        ({"status": "DROP TABLE"}, {"status": "active"}),
        ({"phones": [{"number": "<script>"}]}, {"phone": ""}),
        ({"cost_options": [{"amount": 0}]}, {"free": True}), ({"fees": "£3", "cost_options": [{"amount": 3}]}, {"free": False, "cost": "£3"}),
        ({"schedules": [{"freq": "YEARLY", "description": "At Easter"}]}, {"times": None}),
        ({"languages": [{"code": "pl"}, {"name": "Klingon"}, 7]}, {"languages": ["Klingon", "Polish"]}),
    ],
)  # fmt: skip
def test_what_is_wrong_is_cleaned_and_said(changes, reads):
    arrived = arriving.understand(a_record(**changes), TODAY)
    for name, value in reads.items():
        if value is not None or name != "times":
            assert arrived.values[name] == value
    assert "<" not in json.dumps(arrived.values) + json.dumps(arrived.notes)


def test_a_text_of_200_kb_is_cut_and_said():
    arrived = arriving.understand(a_record(description="x" * 200_000, name="y " * 100_000), TODAY)
    assert len(arrived.values["description"]) <= 5000 and len(arrived.values["name"]) <= 200
    assert "The name is too long, and was cut." in arrived.notes


@pytest.mark.parametrize(
    ("record", "why"),
    [
        (None, "not a record"), ([], "not a record"), ("x", "not a record"), ({}, "no id"), ({"id": {}}, "no id"),
        ({"id": "x" * 101}, "no id"), (a_record(name=7 * [None]), "no name"), (a_record(organization=None), "who gives it"),
        (a_record(organization={"id": "o", "name": "<br>"}), "who gives it"),
        (a_record(service_at_locations=[{"location": {"id": str(n)}} for n in range(10_000)]), "10,000 places"),
        (a_record(schedules=[{"dtstart": "2026-12-01", "opens_at": f"{n % 24}:{n % 60:02}", "notes": str(n)} for n in range(1000)]), "1,002 times"),
    ],
)  # fmt: skip
def test_a_record_that_cannot_come_is_refused_with_why_and_the_others_come(source, record, why):
    reading = read(source, [record, a_record("good")])
    assert outcomes(reading) == {"refused": 1, "new": 1}
    assert why in reading.records.get(outcome="refused").notes[0]
    assert Service.objects.get().source_id == "good"


def test_an_id_that_came_before_and_one_of_ours_are_refused(source):
    ours = make_service("Ours")
    reading = read(
        source, [a_record(), a_record(name="Other"), a_record(), a_record(str(ours.uid))]
    )
    assert [one.notes[0] for one in reading.records.filter(outcome="refused")] == [
        "Its id came before with other words; the first was taken.",
        "Its id came before.",
        "It is one of ours: they have it from this directory.",
    ]
    assert Service.objects.get(source_id="s1").name == "Stay and play s1"


def test_parents_that_go_round_in_a_circle_are_left_out(source):
    def given_by(key, above):
        giver = {"id": key, "name": f"Group {key}", "parent_organization_id": above}
        return a_record(f"s-{key}", organization=giver)

    circle = [
        given_by("a", "b"),
        given_by("b", "c"),
        given_by("c", "a"),
        given_by("d", "d"),
        given_by("e", "a"),
    ]
    for _ in range(2):
        reading = read(source, circle)
        parents = {
            one.source_id: one.parent.source_id if one.parent else ""
            for one in Provider.objects.all()
        }
        assert parents == {"a": "b", "b": "c", "c": "", "d": "", "e": "a"}
        assert "Group c would be a part of itself; that was left out." in reading.notes


def test_their_terms_are_guessed_until_a_person_says_what_they_mean(source, client, desk):
    def term(key, name):
        return {"taxonomy_term": {"id": key, "name": name, "taxonomy": "Kinds"}}

    record = a_record(
        attributes=[term("1", "Breaks & respite"), term("2", "Baby blues"), term("3", "Fishing")]
    )
    read(source, [record, a_record("s2", attributes=[term("3", "Fishing")])], kind="look")
    found = {one.name: (one.count, one.term and one.term.name) for one in SourceTerm.objects.all()}
    assert found == {
        "Breaks & respite": (1, "Breaks and respite"),
        "Baby blues": (1, "Perinatal mental health support (pregnancy to one year post birth)"),
        "Fishing": (2, None),
    }
    client.force_login(desk)
    address = f"/directory/sources/{source.uid}/terms/"
    page = client.get(address).content.decode()
    assert (
        page.index("Fishing") < page.index("Baby blues")
        and "2 services" in page
        and "Our guess" in page
    )
    fishing, respite = (
        SourceTerm.objects.get(name="Fishing"),
        SourceTerm.objects.get(name="Breaks & respite"),
    )
    sports = Term.objects.get(name="Sports and recreation")
    answer = {f"term_{fishing.pk}": f"category/{sports.code}", f"term_{respite.pk}": ""}
    assert (
        "There is a problem" in client.post(address, {f"term_{fishing.pk}": "x"}).content.decode()
    )
    client.post(address, answer)
    read(source, [record])
    assert {tag.term.name for tag in Service.objects.get().tags.all()} == {"Sports and recreation"}


def mutilated(record, draw):
    """Return a record with some of its parts replaced by what nobody expects."""
    record = deepcopy(record)
    odd = st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=30),
        st.lists(st.integers(), max_size=2), st.just({}), st.just([{}]), st.just("<script>x"),
    )  # fmt: skip

    def walk(thing):
        keys = list(thing) if isinstance(thing, dict) else list(range(len(thing)))
        for key in keys:
            chance = draw(st.integers(0, 11))
            if chance == 0:
                thing[key] = draw(odd)
            elif chance == 1 and isinstance(thing, dict):
                del thing[key]
                continue
            if isinstance(thing[key], (dict, list)):
                walk(thing[key])

    walk(record)
    return record


@how(
    max_examples=40,
    deadline=None,
    # A failure shows itself; to make it small would take minutes of the database.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_no_mutilated_feed_raises_or_loses_what_was_there_and_twice_changes_nothing(source, data):
    with transaction.atomic():
        read(source, [a_record("s1"), a_record("s2")])
        ours = make_service("Ours")
        services = set(Service.objects.values_list("pk", "uid"))
        records = [mutilated(a_record(f"s{number}"), data.draw) for number in (1, 2, 3)]

        whole = data.draw(st.booleans())
        read(source, records, whole=whole)
        assert services <= set(Service.objects.values_list("pk", "uid"))
        assert Service.objects.get(pk=ours.pk).published
        assert all(Service.objects.values_list("name", flat=True))
        before = everything()
        again = read(source, records, whole=whole)
        looked = read(source, records, kind="look", whole=whole)
        assert everything() == before
        assert set(outcomes(again)) | set(outcomes(looked)) <= {"same", "refused"}
        transaction.set_rollback(True)


def test_a_feed_is_read_page_by_page_over_the_web_and_its_job_is_watched(desk, client, settings):
    settings.KITH_FEEDS_ON_LOOPBACK = True
    client.force_login(desk)
    with serving(feed_of([a_record(f"s{number}") for number in range(5)])) as at:
        wrong = client.post("/directory/sources/add/", {"name": "Warden", "address": "ftp://x"})
        assert "must begin with https://" in wrong.content.decode()
        client.post(
            "/directory/sources/add/",
            {"name": "Warden", "address": f"{at}/services", "publishes": "on"},
        )
        source = Source.objects.get()
        page = f"/directory/sources/{source.uid}/"
        assert "Import it" not in client.get(page).content.decode()
        report = client.post(f"{page}look/")["Location"]
        assert "being read already" in client.post(f"{page}import/", follow=True).content.decode()
        running.run(str(source.readings.get().job_id))
        assert not Service.objects.exists()
        assert "New: 5" in client.get(report).content.decode()
        report = client.post(f"{page}import/")["Location"]
        running.run(str(source.readings.first().job_id))
    assert Service.objects.filter(published=True).count() == 5
    text = client.get(report).content.decode()
    assert "New: 5" in text and "5 services were read" in text
    assert client.get(f"{report}?outcome=refused").status_code == 200

    client.post(f"{page}import/")
    running.run(str(source.readings.first().job_id))
    job = source.readings.first().job
    assert (job.state, Service.objects.filter(published=True).count()) == ("failed", 5)
    assert "could not be reached. Nothing was changed" in job.failure
    assert (
        client.get(f"/directory/{Service.objects.first().uid}/").content.decode().count("Warden")
        > 1
    )


def test_a_worker_that_dies_on_the_way_leaves_no_record_twice_and_none_out(
    source, settings, monkeypatch
):
    settings.KITH_FEEDS_ON_LOOPBACK = True
    records = [a_record(f"s{number}") for number in range(5)]
    brought = []

    def dies(**said):
        brought.append(said["number"])
        if brought == [1, 2, 3]:
            raise RuntimeError("the worker dies")
        return bring_record(**said)

    monkeypatch.setattr(tasks, "bring_record", dies)
    with serving(feed_of(records)) as at:
        Source.objects.update(address=at)
        with seeing_as(source.made_by):
            reading = actions.read_source(source=source, kind="import", **said(source.made_by))
        for _ in range(2):
            running.run(str(reading.job_id))
    reading.refresh_from_db()
    assert brought == [1, 2, 3, 3, 4, 5]
    assert (outcomes(reading), Service.objects.count()) == ({"new": 5}, 5)


def test_a_directory_that_cannot_be_read_says_so_in_the_list(source, desk, client, settings):
    settings.KITH_FEEDS_ON_LOOPBACK = True
    Source.objects.update(address="http://127.0.0.1:9")
    with seeing_as(desk):
        reading = actions.read_source(source=source, kind="import", **said(desk))
    running.run(str(reading.job_id))
    client.force_login(desk)
    assert "Could not be read" in client.get("/directory/sources/").content.decode()


def endless(handler, path, query):
    number = int(query.get("page", ["1"])[0])
    give(
        handler,
        {"contents": [a_record(f"s{number}")], "page_number": number, "total_pages": 10**12},
    )


def again_and_again(handler, path, query):
    give(handler, {"contents": [a_record()], "last_page": False})


def breaks_off(handler, path, query):
    if query.get("page") == ["3"]:
        give(handler, b"<html>", 500)
    else:
        endless(handler, path, query)


def test_a_feed_that_never_ends_repeats_itself_or_breaks_off_is_read_as_far_as_it_goes(
    settings, monkeypatch
):
    settings.KITH_FEEDS_ON_LOOPBACK = True
    monkeypatch.setattr(neighbours, "MOST_PAGES", 7)
    for answer, count, why in (
        (endless, 7, "more than 7 pages"), (again_and_again, 1, "same as one before"), (breaks_off, 2, "answered 500"),
    ):  # fmt: skip
        with serving(answer) as at, Reader() as reader:
            fetched = neighbours.fetch(at, reader, lambda count, total: None)
        assert (fetched.count, fetched.whole) == (count, False)
        assert why in " ".join(fetched.notes)
        fetched.close()


@pytest.mark.parametrize("page", [{}, 7, "x", {"contents": 7}, {"contents": {"a": 1}}, None])
def test_what_is_no_list_of_services_is_refused(settings, page):
    settings.KITH_FEEDS_ON_LOOPBACK = True
    answer = serving(lambda handler, path, query: give(handler, page))
    refused = pytest.raises(NotRead, match="not one that Open Referral UK knows")
    with answer as at, Reader() as reader, refused:
        neighbours.fetch(at, reader, lambda count, total: None)


def test_a_feed_of_the_first_version_is_read(source, settings):
    settings.KITH_FEEDS_ON_LOOPBACK = True
    old = {
        "id": "v1", "name": "Old club", "organization": {"id": "o", "name": "Old Group"},
        "eligibilitys": [{"minimum_age": 5, "maximum_age": 11}], "contacts": [{"phones": [{"number": "01632 960 222"}]}],
        "service_taxonomys": [{"taxonomy": {"id": "x", "name": "Parenting support", "vocabulary": "esd"}}],
        "service_at_locations": [{"location": {"id": "l", "name": "Hall", "physical_addresses": [
            {"address_1": "2 High Street", "city": "Warden", "postal_code": "CV35 9ZZ"}]},
            "regular_schedule": [{"freq": "WEEKLY", "byday": "MO", "opens_at": "2020-01-01T10:00:00Z"}]}],
    }  # fmt: skip
    listing = {
        "totalElements": 1,
        "totalPages": 1,
        "number": 1,
        "last": True,
        "content": [{"id": "v1", "name": "Old club"}],
    }
    with (
        serving(
            lambda handler, path, query: give(handler, listing if path == "/services" else old)
        ) as at,
        Reader() as reader,
    ):
        fetched = neighbours.fetch(at, reader, lambda count, total: None)
    assert fetched.version == "1.0"
    read(source, list(fetched.services()))
    service = Service.objects.get()
    assert (service.from_months, service.to_months, service.phone) == (60, 143, "01632 960 222")
    assert (service.at_places.get().place.town, service.schedules.get().weekday) == ("Warden", 0)
    assert service.tags.get().term.name == "Parenting support"


@pytest.mark.skipif(not SAMPLES.exists(), reason="THE SAMPLE FEEDS ARE NOT ON THIS MACHINE")
@pytest.mark.parametrize("name", ["oruk3-pass", "oruk3-warn", "oruk3-fail", "oruk3-test-records"])
def test_the_official_sample_feeds_come_in(source, settings, name):
    settings.KITH_FEEDS_ON_LOOPBACK = True
    listing = json.loads((SAMPLES / name / "service_list.json").read_text())
    full = json.loads((SAMPLES / name / "service_full.json").read_text())

    def answer(handler, path, query):
        give(handler, listing if path == "/services" else full)

    with serving(answer) as at, Reader() as reader:
        fetched = neighbours.fetch(at, reader, lambda count, total: None)
    reading = read(source, list(fetched.services()))
    assert fetched.count == len(listing["contents"]) > 0
    assert sum(reading.counts.values()) == fetched.count
    if name in ("oruk3-pass", "oruk3-warn"):
        service = Service.objects.get()
        assert service.name == "Community Counselling"
        assert (service.from_months, service.to_months) == (144, None)
        assert "A. Persona" not in json.dumps(list(Place.objects.values()), default=str)
    again = read(source, list(fetched.services()))
    assert set(outcomes(again)) <= {"same", "refused"}


def test_only_the_desk_and_the_lead_take_services_from_elsewhere(source):
    manager = make_user("hub_manager", make_hub("Banbury").team, "Mia Manager")
    reading = Reading.objects.create(
        source=source, kind="import", by=source.made_by, at=timezone.now()
    )
    for act in (
        lambda: actions.write_source(
            details=OtherDirectory("X", "https://x.example"), **said(manager)
        ),
        lambda: actions.read_source(source=source, kind="import", **said(manager)),
        lambda: actions.choose_terms(source=source, chosen={}, **said(manager)),
        lambda: bring_record(reading=reading, number=1, record=a_record(), **said(manager)),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert not Service.objects.exists()


def test_a_directory_stands_once_in_the_list_and_what_came_moves_with_its_address(source, desk):
    read(source, [a_record()])
    with pytest.raises(DirectoryRefused, match="in the list already"):
        actions.write_source(
            details=OtherDirectory("Again", "https://warden.example/v3/"), **said(desk)
        )
    moved = OtherDirectory("Warden", "https://new.warden.example/v3")
    actions.write_source(details=moved, known=source, **said(desk))
    source.refresh_from_db()
    assert outcomes(read(source, [a_record()])) == {"same": 1}


def test_what_is_read_daily_is_asked_for_by_the_clock_once(source):
    Source.objects.update(daily=True)
    for _ in range(2):
        with seeing_as(clock()):
            read_sources(by=clock(), at=timezone.now())
    assert source.readings.get().by == clock()
