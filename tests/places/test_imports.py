"""Official files: real ones go in, wrong ones come back with all that is wrong, and change nothing."""

import csv
import io
import json
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kith.audit.models import Entry
from kith.places import deprivation, lsoa, population
from kith.places.actions import AlreadyTakenIn, keep_upload, take_in
from kith.places.files import WrongFile
from kith.places.importing import importers
from kith.places.models import AreaFigure, Neighbourhood, Postcode, Upload
from tests.factories.accounts import make_team, make_user
from tests.factories.places import NORTHING, make_places
from tests.factories.real_files import real_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def places():
    return make_places()


@pytest.fixture
def lead():
    return make_user("county_lead", make_team("Desk", "desk"))


def square(code="E01028001", name="Oxford 001A", easting=450_000, **more) -> dict:
    corners = [(-1500, -1500), (1500, -1500), (1500, 1500), (-1500, 1500), (-1500, -1500)]
    ring = [[easting + dx, NORTHING + dy] for dx, dy in corners]
    return {
        "type": "Feature",
        "properties": {"LSOA21CD": code, "LSOA21NM": name, **more},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def geojson(*features) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()


def take(key, data, *, by, at, year=None):
    upload, preview = keep_upload(
        importer=importers[key], name=f"{key}.csv", data=data, year=year, by=by, at=at
    )
    return preview, take_in(upload=upload, by=by, at=at)


def test_boundaries_go_in_and_postcodes_know_their_area(places, lead, at, seen_by):
    data = geojson(square(), square("E01028002", "Cherwell 001A", 470_000))

    preview, done = take("lsoa", data, by=lead, at=at)

    assert preview == done
    assert (done.adds, done.changes, done.left_out) == (2, 0, 0)
    area = Neighbourhood.objects.get(code="E01028001")
    assert (area.kind, area.name, area.district.name) == ("lsoa", "Oxford 001A", "Oxford")
    assert Postcode.objects.get(code="OX41AA").lsoa == area
    assert Postcode.objects.get(code="OX42AA").lsoa is None
    seen_by(make_user("dpo", make_team("Data protection", "desk")))
    assert Entry.objects.filter(what="places.imported", by_id=lead.pk).count() == 1


def test_taking_the_same_file_in_again_changes_nothing_and_a_newer_one_updates(places, lead, at):
    take("lsoa", geojson(square()), by=lead, at=at)

    again, _ = take("lsoa", geojson(square()), by=lead, at=at)
    newer, _ = take("lsoa", geojson(square(name="Oxford 001Z", easting=455_000)), by=lead, at=at)

    assert again.is_nothing
    assert (newer.adds, newer.changes) == (0, 1)
    assert Postcode.objects.get(code="OX42AA").lsoa_id == "E01028001"


def test_areas_of_other_counties_are_left_out(places, lead, at):
    data = geojson(square(), square("E01000001", "Reading 001A", 480_000))

    preview, _ = take("lsoa", data, by=lead, at=at)

    assert (preview.adds, preview.left_out) == (1, 1)


def test_a_wrong_file_of_boundaries_gets_the_whole_list_and_changes_nothing(places, lead, at):
    data = geojson(
        square("nonsense"),
        square(),
        square(),
        {"type": "Feature", "properties": {"LSOA21CD": "E01028003"}, "geometry": None},
        square("E01028004", easting=5_000_000),
        "not a feature",
    )

    with pytest.raises(WrongFile) as wrong:
        take("lsoa", data, by=lead, at=at)

    told = [str(problem) for problem in wrong.value.problems]
    assert "Row 1, code: “NONSENSE”. Expected a code such as E01028422." in told
    assert "Row 3, code: “E01028001”. Expected each area once; it is feature 2 too." in told
    assert any(line.startswith("Row 4, properties") for line in told)
    assert any(line.startswith("Row 4, geometry. Expected a Polygon") for line in told)
    assert any("Row 5, geometry" in line and "Great Britain" in line for line in told)
    assert any(line.startswith("Row 6. Expected a feature") for line in told)
    assert not Neighbourhood.objects.filter(kind="lsoa").exists()
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "this one is empty"),
        (b"PK\x03\x04rest", "This is a spreadsheet"),
        (b"\x89PNG....", "This is a picture"),
        (b"{", "GeoJSON"),
        (b"[1,2]", "FeatureCollection"),
        (b'{"type": "FeatureCollection", "features": []}', "at least one feature"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_a_file_that_is_something_else_is_refused_in_words(data, words):
    with pytest.raises(WrongFile, match=words):
        lsoa.read(data)


def test_figures_go_in_for_known_areas_only_and_withheld_ones_stay_empty(places, lead, at):
    take("lsoa", geojson(square()), by=lead, at=at)
    data = (
        "LSOA code (2021),Index of Multiple Deprivation (IMD) Score,"
        "Income Deprivation Affecting Children Index (IDACI) Score (rate)\r\n"
        "E01028001,12.345,\r\n"
        "E01000001,50,0.5\r\n"
    ).encode("utf-8-sig")

    preview, _ = take("deprivation", data, by=lead, at=at, year=2025)
    again, _ = take("deprivation", data, by=lead, at=at, year=2025)
    changed, _ = take("deprivation", data.replace(b"12.345", b"13"), by=lead, at=at, year=2025)

    assert (preview.adds, preview.left_out) == (2, 1)
    assert again.is_nothing
    assert (changed.adds, changed.changes) == (0, 1)
    figures = {figure.name: figure.value for figure in AreaFigure.objects.all()}
    assert figures == {"imd_score": Decimal("13"), "idaci_score": None}
    assert AreaFigure.objects.first().year == 2025


def test_single_years_of_age_are_added_up(places, lead, at):
    take("lsoa", geojson(square()), by=lead, at=at)
    ages = list(range(90))
    headings = [f"{sex}{age}" for sex in "FM" for age in ages] + ["F90+", "M90+"]
    data = ",".join(["LSOA 2021 Code", "Total", *headings]) + "\n"
    data += ",".join(["E01028001", "1,600", *["2"] * len(headings)]).replace("1,600", '"1,600"')

    take("population", data.encode("cp1252"), by=lead, at=at, year=2024)

    figures = {figure.name: int(figure.value) for figure in AreaFigure.objects.all()}
    assert figures == {
        "population_total": 1600,
        "population_0_4": 20,
        "population_5_10": 24,
        "population_11_15": 20,
        "population_16_17": 8,
        "population_0_15": 64,
        "population_0_17": 72,
    }


def test_a_wrong_table_names_every_row_column_value_and_what_was_expected():
    data = (
        b"LSOA code (2019),lsoa11_code,imd19_IMD_rank,imd19_IMD_decile\n"
        b"x,E01028422,first,11\n"
        b"x,E01028422,25395,8\n"
        b"x,hello,25395\n"
    )

    with pytest.raises(WrongFile) as wrong:
        deprivation.read(data, 2019)

    assert [str(problem) for problem in wrong.value.problems] == [
        "Row 2, imd19_IMD_rank: “first”. Expected a rank: a whole number from 1.",
        "Row 2, imd19_IMD_decile: “11”. Expected a whole number from 1 to 10.",
        "Row 4: “3 values”. Expected 4 values, as many as there are headings.",
    ]


def test_figures_without_boundaries_say_what_to_do_first(places, lead, at):
    with pytest.raises(WrongFile, match="Take in the boundaries of the same areas first"):
        take("deprivation", b"LSOA21CD,imd25_IMD_score\nE01028001,1\n", by=lead, at=at, year=2025)


def test_only_whoever_may_takes_a_file_in_and_only_once(places, lead, at):
    worker = make_user("hub_worker", make_team("Banbury"))
    importer = importers["lsoa"]

    with pytest.raises(PermissionDenied):
        keep_upload(
            importer=importer, name="a", data=geojson(square()), year=None, by=worker, at=at
        )
    upload, _ = keep_upload(
        importer=importer, name="a", data=geojson(square()), year=None, by=lead, at=at
    )
    with pytest.raises(PermissionDenied):
        take_in(upload=upload, by=worker, at=at)
    take_in(upload=upload, by=lead, at=at)
    with pytest.raises(AlreadyTakenIn):
        take_in(upload=upload, by=lead, at=at)


# Real files


@pytest.mark.parametrize(("edition", "areas"), [("11", 407), ("21", 428)])
def test_the_countys_real_boundaries_are_read(edition, areas):
    found = lsoa.read(real_file(f"ox_lsoa{edition}.geojson"))

    assert len(found) == areas
    assert {boundary.place for boundary in found} == {
        "Cherwell",
        "Oxford",
        "South Oxfordshire",
        "Vale of White Horse",
        "West Oxfordshire",
    }
    assert sum(boundary.shape.area for boundary in found) / 1e6 == pytest.approx(2605, rel=0.01)


def test_the_countys_real_figures_are_read():
    old = population.read(real_file("ox_lsoa11.csv"), 2020)
    new = population.read(real_file("ox_lsoa21.csv"), 2021)
    imd19 = deprivation.read(real_file("ox_lsoa11.csv"), 2019)
    imd25 = deprivation.read(real_file("ox_lsoa21.csv"), 2025)

    def sum_of(figures, name):
        return sum(v for (_, key), v in figures.values.items() if key == name and v is not None)

    assert sum_of(old, "population_total") == 696_880
    assert sum_of(new, "population_0_15") > 120_000
    deciles = [v for (_, key), v in imd19.values.items() if key == "imd_decile"]
    assert (deciles.count(1), deciles.count(2)) == (1, 16)
    withheld = [v for (_, key), v in imd19.values.items() if key == "idaci_children"]
    assert withheld.count(None) == 90
    assert [v for (_, key), v in imd25.values.items() if key == "idaci_children"].count(None) == 22


# Mangled files

CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["E01028001", "E01028002", "5", "0.5", "", "-1", "1e999", "nan", "\0", '"', ",", "9" * 400]
    ),
)


@st.composite
def mangled_tables(draw) -> bytes:
    headings = draw(
        st.lists(
            st.sampled_from(
                ["LSOA21CD", "imd25_IMD_score", "imd25_IMD_rank", "pop_total", "pop0_4", "", "é"]
            ),
            max_size=6,
        )
    )
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(headings)
    for row in draw(st.lists(st.lists(CELLS, max_size=7), max_size=6)):
        writer.writerow(row)
    text = out.getvalue()
    cut = draw(st.integers(0, len(text)))
    whole = draw(st.booleans())
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]))
    return (text if whole else text[:cut]).encode(encoding, "replace")


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["type", "features", "properties", "geometry", "coordinates"]), inner
        )
    ),
    max_leaves=12,
)


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    data=mangled_tables() | st.binary(max_size=200),
    key=st.sampled_from(["deprivation", "population"]),
)
def test_a_mangled_table_is_taken_in_whole_or_refused_whole(places_once, data, key):
    at, lead = places_once
    before = list(AreaFigure.objects.order_by("pk").values())
    try:
        _, done = take(key, data, by=lead, at=at, year=2025)
    except WrongFile as wrong:
        assert wrong.problems
        assert list(AreaFigure.objects.order_by("pk").values()) == before
    else:
        assert AreaFigure.objects.count() == len(before) + done.adds


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    feature=st.fixed_dictionaries(
        {"type": st.just("Feature")},
        optional={
            "properties": st.one_of(
                JSON, st.just({"LSOA21CD": "E01028009", "LSOA21NM": "Oxford 009A"})
            ),
            "geometry": st.one_of(
                JSON,
                st.fixed_dictionaries(
                    {
                        "type": st.sampled_from(["Polygon", "MultiPolygon", "Point"]),
                        "coordinates": JSON,
                    }
                ),
            ),
        },
    )
)
def test_mangled_boundaries_are_refused_with_a_list(places_once, feature):
    at, lead = places_once
    before = set(Neighbourhood.objects.values_list("code", flat=True))

    with pytest.raises(WrongFile) as wrong:
        take("lsoa", geojson(square("E01028008"), feature), by=lead, at=at)

    assert wrong.value.problems
    assert set(Neighbourhood.objects.values_list("code", flat=True)) == before


@pytest.fixture
def places_once(places, lead, at):
    take("lsoa", geojson(square(), square("E01028002", "Oxford 001B", 455_000)), by=lead, at=at)
    return at, lead


@pytest.mark.parametrize(
    ("kind", "heading", "year", "rest", "right"),
    [
        ("deprivation", "LSOA code (2021)", 2019, "imd_score", "the areas (LSOA) of 2011"),
        ("deprivation", "lsoa11_code", 2025, "imd_score", "the areas (LSOA) of 2021"),
        ("population", "LSOA 2011 Code", 2022, "population_0_4", "the areas (LSOA) of 2021"),
    ],
)
def test_figures_for_the_areas_of_another_census_are_told_apart(
    places, lead, at, kind, heading, year, rest, right
):
    take("lsoa", geojson(square()), by=lead, at=at)
    column = f"imd{year % 100}_score" if kind == "deprivation" else "pop0_4"
    data = f"{heading},{column}\nE01028001,12\n".encode()

    with pytest.raises(WrongFile, match=r"Row 1, .*LSOA.* of \d{4}, for which") as wrong:
        take(kind, data, by=lead, at=at, year=year)

    assert right in str(wrong.value)
    assert heading in str(wrong.value)
    assert not AreaFigure.objects.exists()
    fits = {2019: 2025, 2025: 2019, 2022: 2020}[year]
    done = take(kind, data.replace(b"imd%d" % (year % 100), b"imd%d" % (fits % 100)), by=lead, at=at, year=fits)  # fmt: skip
    assert done[1].adds == 1


def test_areas_of_two_censuses_are_not_mixed_and_the_second_says_what_becomes_of_the_first(
    places, lead, at
):
    old = square("E01028009", "Oxford 001B", 452_000)
    old["properties"] = {"LSOA11CD": "E01028009", "LSOA11NM": "Oxford 001B"}
    with pytest.raises(WrongFile, match="named for 2011 and 2021"):
        take("lsoa", geojson(square(), old), by=lead, at=at)

    take("lsoa", geojson(old), by=lead, at=at)
    preview, _ = take("lsoa", geojson(square()), by=lead, at=at)
    csv_of_old = b"LSOA code (2011),imd19_score\nE01028009,12\n"
    figures, _ = take("deprivation", csv_of_old, by=lead, at=at, year=2019)

    assert "another census" in preview.notes[0]
    assert Postcode.objects.get(code="OX41AA").lsoa_id == "E01028001"
    assert "Of the map’s areas 1 have no figures" in figures.notes[0]
