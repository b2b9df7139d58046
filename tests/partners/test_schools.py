"""The register of schools, real and mangled."""

import csv
import io

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kith.partners import gias, queries
from kith.partners.models import Organisation
from kith.places.actions import keep_upload, take_in
from kith.places.files import WrongFile
from kith.places.importing import importers
from tests.factories.accounts import make_team, make_user
from tests.factories.places import NORTHING, make_places
from tests.factories.real_files import real_file

pytestmark = pytest.mark.django_db
HEADINGS = [
    "URN", "EstablishmentName", "PhaseOfEducation (name)", "EstablishmentStatus (name)",
    "TypeOfEstablishment (name)", "Easting", "Northing", "Postcode", "Street", "Town",
    "NumberOfPupils", "PercentageFSM", "TelephoneNum",
]  # fmt: skip


def school(urn="100001", name="St Wystan’s School", phase="Primary", status="Open", **more) -> dict:
    return {
        "URN": urn,
        "EstablishmentName": name,
        "PhaseOfEducation (name)": phase,
        "EstablishmentStatus (name)": status,
        "TypeOfEstablishment (name)": "Community school",
        "Easting": "450010",
        "Northing": str(NORTHING),
        "Postcode": "OX4 1AA",
        "Street": "Alma Row",
        "Town": "Oxford",
        "NumberOfPupils": "210",
        "PercentageFSM": "12.5",
        "TelephoneNum": "01632960201",
        **more,
    }


def table(*rows: dict, encoding: str = "cp1252") -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADINGS)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


@pytest.fixture
def desk():
    make_places()
    return make_user("county_desk", make_team("Desk", "desk"))


def take(data, *, by, at):
    upload, preview = keep_upload(
        importer=importers["schools"], name="gias.csv", data=data, year=None, by=by, at=at
    )
    take_in(upload=upload, by=by, at=at)
    return preview


def test_schools_go_in_as_the_register_has_them(desk, at):
    preview = take(
        table(
            school(),
            school("100002", "Ash Lane School", "Not applicable",
                   **{"TypeOfEstablishment (name)": "Community special school"}),
            school("100003", "Far Away School", Easting="530000", Northing="180000", Postcode=""),
            school("100004", "Gone School", status="Closed"),
            school("100005", "Nowhere School", Easting="", Northing="", Postcode=""),
        ),
        by=desk,
        at=at,
    )  # fmt: skip

    assert (preview.adds, preview.left_out) == (2, 3)
    assert preview.notes == ("Left out, because the file gives no place for them: Nowhere School.",)
    first, second = queries.schools()[1], queries.schools()[0]
    assert (first.name, first.phase, first.postcode) == ("St Wystan’s School", "primary", "OX4 1AA")
    assert (first.address, first.pupils, first.phone) == ("Alma Row\nOxford", 210, "01632960201")
    assert (first.district.name, float(first.free_meals_percent)) == ("Oxford", 12.5)
    assert second.phase == "special"


def test_a_newer_register_updates_and_leaves_what_is_ours_alone(desk, at):
    take(table(school()), by=desk, at=at)
    ours = Organisation.objects.get(urn=100001)
    ours.team, ours.email = make_team("St Wystan's", "partner"), "office@school.kith.example"
    ours.save()

    again = take(table(school()), by=desk, at=at)
    newer = take(table(school(name="St Wystan’s Academy", NumberOfPupils="")), by=desk, at=at)
    closed = take(table(school(status="Closed")), by=desk, at=at)

    assert again.is_nothing
    assert (newer.changes, newer.adds) == (1, 0)
    assert newer.examples == (
        ("St Wystan’s Academy", "name: St Wystan’s School becomes St Wystan’s Academy"),
    )
    ours.refresh_from_db()
    assert (ours.pupils, ours.email, ours.team_id is None) == (
        210,
        "office@school.kith.example",
        False,
    )
    assert closed.changes == 1
    assert not ours.active
    assert not queries.schools().exists()


def test_a_wrong_register_gets_the_whole_list_and_changes_nothing(desk, at):
    data = table(
        school(urn="12"),
        school("100002", phase="Elementary", Postcode="OX4"),
    )

    with pytest.raises(WrongFile) as wrong:
        take(data, by=desk, at=at)
    first_part = [str(problem) for problem in wrong.value.problems]
    with pytest.raises(WrongFile, match=r"Row 3, URN: “100001”.*it is in row 2 too"):
        take(table(school(), school()), by=desk, at=at)

    assert first_part == [
        "Row 2, URN: “12”. Expected a number of six digits.",
        "Row 3, PhaseOfEducation (name): “Elementary”. "
        "Expected a phase such as Primary, Secondary, 16 plus or Not applicable.",
        "Row 3, Postcode: “OX4”. Expected a postcode.",
    ]
    assert not Organisation.objects.exists()


def test_a_file_without_the_columns_says_which_are_missing(desk, at):
    with pytest.raises(WrongFile) as wrong:
        take(b"name;town\nA;B\n", by=desk, at=at)

    told = " ".join(str(problem) for problem in wrong.value.problems)
    assert "headings divided by commas" in told
    assert "“URN”" in told
    assert "“EstablishmentName”" in told


def test_only_whoever_may_edit_partners_takes_the_register_in(desk, at):
    worker = make_user("hub_worker", make_team("Banbury"))

    with pytest.raises(PermissionDenied):
        take(table(school()), by=worker, at=at)
    take(table(school()), by=desk, at=at)


def test_the_countys_real_register_is_read():
    found = gias.read(real_file("ox_schools_gias2025.csv"))

    assert len(found) == 372
    phases = [one.phase for one in found]
    assert phases.count("primary") > 200
    assert phases.count("secondary") > 30
    assert phases.count("special") > 10


CELLS = st.one_of(st.text(max_size=10), st.sampled_from(["", "\0", "nan", "9" * 300, "100005"]))


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.lists(
        st.builds(
            lambda slips: {**school(), **slips},
            st.dictionaries(st.sampled_from(HEADINGS), CELLS, max_size=4),
        ),
        max_size=4,
    ),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1252"]),
)
def test_a_mangled_register_is_taken_in_whole_or_refused_whole(desk, at, rows, encoding):
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADINGS)
    writer.writeheader()
    writer.writerows(rows)
    before = Organisation.objects.count()
    try:
        done = take(out.getvalue().encode(encoding, "replace"), by=desk, at=at)
    except WrongFile as wrong:
        assert wrong.problems
        assert Organisation.objects.count() == before
    else:
        assert Organisation.objects.count() == before + done.adds
