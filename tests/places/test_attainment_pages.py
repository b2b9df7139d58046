"""Pages of Key Stage 2 results, and taking a file in on the page of imports."""

import csv
import io
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kith.places.importing import importers
from kith.places.models import Attainment, Upload
from tests.factories.accounts import make_team, make_user
from tests.factories.places import make_places
from tests.places.test_key_stage_2 import BANBURY, COUNTY, ENGLAND, OXFORD, WHOLE, table, take

pytestmark = pytest.mark.django_db
UPLOAD = "/places/import/key-stage-2/"


@pytest.fixture
def lead():
    make_places()
    return make_user("county_lead", make_team("Desk", "desk"))


def file(data: bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="text/csv")


def page(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_file_is_shown_before_it_is_kept(client, lead):
    client.force_login(lead)

    shown = client.post(
        UPLOAD, {"file": file(WHOLE, "england_ks2revised.csv"), "year": "2019"}, follow=True
    )

    words = shown.content.decode()
    assert (
        "Results of 2018-19, revised: 2 schools; Oxfordshire; England, state-funded schools."
        in words
    )
    assert Upload.objects.get().status == ""
    assert not Attainment.objects.exists()


def test_the_stage_is_asked_where_the_files_name_does_not_tell_it(client, lead):
    client.force_login(lead)

    unsaid = client.post(UPLOAD, {"file": file(WHOLE, "ks2.csv"), "year": "2019"})
    against = client.post(
        UPLOAD,
        {"file": file(WHOLE, "ks2_provisional.csv"), "year": "2019", "status": "final"},
    )
    said = client.post(UPLOAD, {"file": file(WHOLE, "ks2.csv"), "year": "", "status": "final"})

    assert "Say whether these results are provisional, revised or final" in unsaid.content.decode()
    assert "(optional)" not in unsaid.content.decode()
    assert "The file’s name says provisional" in against.content.decode()
    assert said.status_code == 302


def test_a_wrong_file_and_one_that_is_too_large_say_what_to_do(client, lead, monkeypatch):
    client.force_login(lead)
    ks4 = b"RECTYPE,LEA,URN,SCHNAME,ATT8SCR\n1,931,123001,A,50\n"

    wrong = client.post(UPLOAD, {"file": file(ks4, "ks4final.csv"), "year": "2024"})
    narrow = replace(importers["key-stage-2"], most_bytes=100)
    monkeypatch.setitem(importers, "key-stage-2", narrow)
    large = client.post(UPLOAD, {"file": file(WHOLE, "ks2final.csv"), "year": "2024"})

    assert "This file holds results of Key Stage 4 (GCSEs)" in wrong.content.decode()
    assert "Choose the file of one authority." in large.content.decode()
    assert not Upload.objects.exists()


def test_the_county_stands_beside_england_with_its_stage(client, lead, at):
    client.force_login(lead)
    assert "No results have been taken in yet" in page(client, "/figures/attainment/")

    take(WHOLE, by=lead, at=at, status="provisional")
    words = page(client, "/figures/attainment/")

    assert "Provisional" in words
    assert "These results are provisional" in words
    assert "Oxfordshire and England, 2018-19, provisional" in words
    assert "4 points lower" in words


def test_schools_are_sorted_with_codes_in_words_at_the_end(client, lead, at):
    third = {**OXFORD, "URN": "123003", "SCHNAME": "Zeal School", "PTRWM_EXP": "90%"}
    take(table(OXFORD, BANBURY, third, COUNTY, ENGLAND), by=lead, at=at)
    client.force_login(lead)

    up = page(client, "/figures/attainment/schools/?sort=result")
    down = page(client, "/figures/attainment/schools/?sort=-result")
    cherwell = page(client, "/figures/attainment/schools/?district=E07000177")

    names = ["Elm Lane School", "Zeal School", "Mill Road School"]
    assert sorted(names, key=up.index) == names
    assert sorted(names, key=down.index) == ["Zeal School", "Elm Lane School", "Mill Road School"]
    assert "Withheld by the Department for Education: too few pupils" in up
    assert "Mill Road School" in cherwell
    assert "Zeal School" not in cherwell


def test_districts_years_and_a_school_have_their_pages(client, lead, at):
    take(WHOLE, by=lead, at=at, year=2023, status="final")
    take(WHOLE, by=lead, at=at, year=2024, status="provisional")
    client.force_login(lead)

    districts = page(client, "/figures/attainment/districts/?release=2023-final")
    years = page(client, "/figures/attainment/years/")
    school = page(client, "/figures/attainment/schools/123002/")

    assert "Schools without a published figure: 1, with 30 pupils" in districts
    assert "Cannot tell (the same), since 2022-23, final" in years
    assert "Withheld by the Department" in school
    assert "2022-23" in school
    assert "Take in what the headings stand for" in school
    assert client.get("/figures/attainment/schools/999999/").status_code == 404


def test_a_school_that_has_closed_is_found_in_the_last_results_that_speak_of_it(client, lead, at):
    take(WHOLE, by=lead, at=at, year=2023, status="final")
    take(table(OXFORD, COUNTY, ENGLAND), by=lead, at=at, year=2024, status="final")
    client.force_login(lead)

    answer = client.get("/figures/attainment/schools/123002/", follow=True)

    assert answer.redirect_chain == [
        ("/figures/attainment/schools/123002/?release=2023-final&authority=931", 302)
    ]
    assert "Mill Road School" in answer.content.decode()


def test_a_release_is_downloaded_with_codes_as_published(client, lead, at):
    formula = {**OXFORD, "SCHNAME": "=cmd()"}
    take(table(formula, BANBURY, COUNTY, ENGLAND), by=lead, at=at)
    client.force_login(lead)

    answer = client.get("/figures/attainment/download.csv?release=2019-revised")

    lines = list(csv.DictReader(io.StringIO(answer.content.decode())))
    rwm = "Reading, writing and maths: reached the expected standard"
    assert [(line["What"], line[rwm]) for line in lines] == [
        ("England", "65%"),
        ("Authority 931", "61%"),
        ("District (worked out)", ""),
        ("District (worked out)", "60.0"),
        ("School", "60%"),
        ("School", "SUPP"),
    ]
    assert lines[-2]["Name"] == "'=cmd()"
    assert {line["Stage"] for line in lines} == {"Revised"}


def test_a_question_that_makes_no_sense_is_answered_with_the_newest(client, lead, at):
    take(WHOLE, by=lead, at=at)
    client.force_login(lead)

    words = page(
        client, "/figures/attainment/schools/?release=1066-battle&authority=%00&measure=x&sort=-y"
    )

    assert "2018-19" in words
