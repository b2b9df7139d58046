import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kith.jobs.models import Job
from kith.places.models import AreaFigure, Neighbourhood, Upload
from tests.factories.accounts import make_team, make_user
from tests.factories.places import make_places
from tests.places.test_imports import geojson, square

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    make_places()
    return make_user("county_lead", make_team("Desk", "desk"))


def file(data: bytes, name: str = "areas.geojson") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def test_a_file_is_shown_first_and_taken_in_when_confirmed(client, lead, seen_by):
    client.force_login(lead)

    shown = client.post("/places/import/lsoa/", {"file": file(geojson(square()))}, follow=True)
    kept = Upload.objects.get()
    assert not Neighbourhood.objects.filter(kind="lsoa").exists()
    confirmed = client.post(f"/places/uploaded/{kept.pk}/confirm/")
    pressed_twice = client.post(f"/places/uploaded/{kept.pk}/confirm/")

    page = shown.content.decode()
    assert "What areas.geojson would change" in page
    assert "New: Oxford 001A" in page
    seen_by(lead)
    job = Job.objects.get()
    assert confirmed["Location"] == pressed_twice["Location"] == f"/jobs/{job.pk}/"
    assert (job.task, job.arguments) == ("places.import", {"upload": str(kept.pk)})


def test_the_job_takes_the_file_in_and_forgets_its_content(lead, seen_by, at):
    from kith.jobs.progress import Failed
    from kith.places import tasks
    from kith.places.actions import keep_upload
    from kith.places.importing import importers

    class Told:
        by = lead

        def step(self, words):
            pass

    seen_by(lead)
    upload, _ = keep_upload(
        importer=importers["lsoa"], name="a", data=geojson(square()), year=None, by=lead, at=at
    )

    done = tasks.take_in(Told(), upload=str(upload.pk))

    assert done["said"].startswith("1 added, 0 changed")
    upload.refresh_from_db()
    assert upload.content is None
    with pytest.raises(Failed, match="taken in already"):
        tasks.take_in(Told(), upload=str(upload.pk))


def test_a_wrong_file_is_answered_with_the_list_and_nothing_is_kept(client, lead):
    client.force_login(lead)
    bad = geojson(square("<script>"), square("E01028001", easting=9_999_999))

    answer = client.post("/places/import/lsoa/", {"file": file(bad)})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Nothing was changed: 2 things are wrong with this file" in page
    assert "&lt;SCRIPT&gt;" in page
    assert "a code such as E01028422" in page
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "Choose a file"),
        ({"file": b""}, "This file is empty"),
        ({"file": b"\0\0\0"}, "wrong with this file"),
        ({"file": b"a,b\n1,2\n", "year": "soon"}, "Enter a year of four digits"),
        ({"file": b"a,b\n1,2\n", "year": "20255"}, "Enter a year of four digits"),
        ({"file": b"a,b\n1,2\n", "year": "1825"}, "Enter a year from 2001"),
        ({"file": b"a,b\n1,2\n", "year": " "}, "Enter a year of four digits"),
    ],
)
def test_what_is_no_file_says_what_to_do(client, lead, sent, words):
    client.force_login(lead)
    if "file" in sent:
        sent = {**sent, "file": file(sent["file"])}

    page = client.post("/places/import/population/", {"year": 2024, **sent}).content.decode()

    assert words in page


def test_a_file_too_large_is_refused_before_it_is_read(client, lead, monkeypatch):
    from kith.places import forms

    monkeypatch.setattr(forms, "MOST_BYTES", 1000)
    client.force_login(lead)

    page = client.post("/places/import/lsoa/", {"file": file(b"x" * 2000)}).content.decode()

    assert "This file is larger than" in page


def test_each_kind_of_file_is_for_whoever_may_take_it_in(client, lead):
    kinds = {
        "lsoa": (403, 200),
        "deprivation": (403, 200),
        "population": (403, 200),
        "schools": (200, 200),
    }
    desk = make_user("county_desk", make_team("Triage", "desk"))

    for kind, (for_desk, for_lead) in kinds.items():
        client.force_login(desk)
        assert client.get(f"/places/import/{kind}/").status_code == for_desk
        client.force_login(lead)
        assert client.get(f"/places/import/{kind}/").status_code == for_lead
    assert client.get("/places/import/nonsense/").status_code == 404
    client.logout()
    assert client.get("/places/").status_code == 302
    client.force_login(make_user("hub_worker", make_team("Banbury")))
    assert client.get("/places/").status_code == 403


def test_a_neighbourhood_is_shown_with_its_map_and_figures(client, lead):
    AreaFigure.objects.create(
        area_id="OX4 1", name="population_0_15", value=1234, year=2024, source="ONS"
    )
    client.force_login(lead)

    listed = client.get("/places/neighbourhoods/", {"q": "ox4"}).content.decode()
    shown = client.get("/places/neighbourhoods/OX4%201/").content.decode()
    counted = client.get("/places/").content.decode()

    assert "OX4 1, Oxford" in listed
    assert "OX16 1" not in listed
    assert "<svg" in shown
    assert "1,234" in shown
    assert "People aged 0 to 15" in shown
    assert ">12<" in counted  # postcodes
    assert client.get("/places/neighbourhoods/%00/").status_code == 404
    assert json.dumps(Neighbourhood.objects.get(code="OX4 1").outline)
