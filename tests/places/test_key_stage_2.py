"""Key Stage 2 results go in as they are published, each stage beside the others; wrong files change nothing."""

import csv
import io

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kith.analytics.attainment import BY_KEY
from kith.audit.models import Entry
from kith.places import counts, key_stage_2
from kith.places.actions import import_attainment, keep_upload, take_in
from kith.places.files import WrongFile
from kith.places.importing import importers
from kith.places.models import Attainment, AttainmentColumn
from tests.factories.accounts import make_team, make_user
from tests.factories.places import make_places
from tests.factories.real_files import real_file

pytestmark = pytest.mark.django_db
SURREY = "ks2_2018-19_la936.csv"
RWM = BY_KEY["rwm-expected"]
HEADINGS = (
    *("RECTYPE", "LEA", "ESTAB", "URN", "SCHNAME", "PCODE", "NFTYPE", "TELIG"),
    *("PTRWM_EXP", "PTREAD_EXP", "READ_AVERAGE", "PTRWM_EXP_18"),
)


def row(**given) -> dict[str, str]:
    plain = {"RECTYPE": "1", "LEA": "931", "ESTAB": "2004", "NFTYPE": "CY", "TELIG": "30"}
    return {**plain, "PTRWM_EXP": "60%", "PTREAD_EXP": "70%", "READ_AVERAGE": "104", **given}


OXFORD = row(URN="123001", SCHNAME="Elm Lane School", PCODE="OX4 1AA")
BANBURY = row(URN="123002", SCHNAME="Mill Road School", PCODE="OX16 1AA", PTRWM_EXP="SUPP")
COUNTY = row(RECTYPE="3", URN="", ESTAB="", SCHNAME="Oxfordshire", TELIG="7000", PTRWM_EXP="61%")
ENGLAND = row(RECTYPE="5", LEA=" ", URN=" ", ESTAB="", SCHNAME="", TELIG="640000", PTRWM_EXP="65%")


def table(*rows, headings=HEADINGS, mark=True) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, headings, restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig" if mark else "utf-8")


WHOLE = table(OXFORD, BANBURY, COUNTY, ENGLAND)


@pytest.fixture
def lead():
    make_places()
    return make_user("county_lead", make_team("Desk", "desk"))


def take(data, *, by, at, name="england_ks2.csv", year=2019, status="revised"):
    return import_attainment(data=data, name=name, year=year, status=status, by=by, at=at)


def told(wrong) -> str:
    return "\n".join(str(problem) for problem in wrong.value.problems)


def test_a_real_file_goes_in_as_it_is_published(lead, at, seen_by):
    data = real_file(SURREY, folder="attainment")

    done = take(data, by=lead, at=at, name=SURREY, year=None, status="final")
    again = take(data, by=lead, at=at, name=SURREY, year=None, status="final")

    assert (done.adds, done.changes, done.left_out) == (242, 0, 0)
    assert again.is_nothing
    assert again.same == 242
    assert any(note.startswith("12 rows stop before the last column") for note in done.notes)
    wyke = Attainment.objects.get(urn=145543)
    assert (wyke.year, wyke.status, wyke.authority, wyke.kind) == (2019, "final", "936", "school")
    assert wyke.published["PTRWM_EXP"] == "78%"
    assert wyke.published["PTRWM_EXP_FSM6CLA1A"] == "SUPP"
    [release] = counts.releases()
    surrey = counts.Results(release, "936").of_county(RWM)
    assert (surrey.county.value, surrey.county.of, surrey.england.value) == (70, 12_400, 65)
    assert (surrey.difference.points, surrey.difference.verdict) == (5, "higher")
    seen_by(make_user("dpo", make_team("Data protection", "desk")))
    assert Entry.objects.filter(what="places.imported", by_id=lead.pk).count() == 2


def test_every_number_and_code_of_the_real_file_is_kept(lead, at):
    data = real_file(SURREY, folder="attainment")
    take(data, by=lead, at=at, name=SURREY, status="final")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))

    kept = {row.urn: row.published for row in Attainment.objects.filter(urn__isnull=False)}

    for published in rows:
        if not published["URN"].strip():
            continue
        held = kept[int(published["URN"])]
        for heading, cell in published.items():
            if heading.upper() not in key_stage_2.ABOUT:
                assert held.get(heading.upper(), "") == (cell or "").strip()


def test_a_school_lies_in_the_district_of_its_postcode_and_codes_are_not_numbers(lead, at):
    take(WHOLE, by=lead, at=at)

    [release] = counts.releases()
    results = counts.Results(release, "931")
    cherwell, oxford = results.by_district(RWM)

    assert (oxford.name, oxford.together.result.value, oxford.together.schools) == ("Oxford", 60, 1)
    assert (cherwell.name, cherwell.together.result.value) == ("Cherwell", None)
    assert (cherwell.together.without, cherwell.together.pupils_without) == (1, 30)
    banbury = next(school for school in results.schools if school.urn == 123002)
    assert banbury.result(RWM).words.startswith("Withheld")


def test_stages_stand_beside_one_another_and_replace_only_their_own(lead, at):
    take(WHOLE, by=lead, at=at, status="provisional")
    take(WHOLE, by=lead, at=at)
    newer = table({**OXFORD, "PTRWM_EXP": "63%"}, COUNTY, ENGLAND)

    done = take(newer, by=lead, at=at)

    assert (done.adds, done.changes, done.removes, done.same) == (0, 1, 1, 2)
    assert ("Elm Lane School, PTRWM_EXP", "60% becomes 63%") in done.examples
    assert ("Mill Road School", "Taken out: it is not in this file") in done.examples
    assert any("The provisional results of this year stay" in note for note in done.notes)
    provisional = Attainment.objects.filter(status="provisional")
    assert provisional.count() == 4
    assert provisional.get(urn=123001).published["PTRWM_EXP"] == "60%"
    assert [one.key for one in counts.releases()] == ["2019-revised", "2019-provisional"]


def test_englands_line_may_come_in_a_file_of_its_own(lead, at):
    schools = take(table(OXFORD, COUNTY), by=lead, at=at)
    england = take(table(ENGLAND), by=lead, at=at)

    assert any("no line for England" in note for note in schools.notes)
    assert (england.adds, england.removes) == (1, 0)
    [release] = counts.releases()
    assert counts.Results(release, "931").of_england(RWM).value == 65


def test_of_a_file_of_all_england_the_schools_of_this_county_are_kept(lead, at):
    elsewhere = [
        row(LEA="201", URN=f"20000{n}", SCHNAME=f"City School {n}", PCODE="EC1A 1AA")
        for n in range(3)
    ]
    city = row(RECTYPE="3", LEA="201", URN="", SCHNAME="City of London")

    done = take(table(OXFORD, BANBURY, *elsewhere, COUNTY, city, ENGLAND), by=lead, at=at)

    assert (done.adds, done.left_out) == (5, 3)
    assert counts.authorities() == [("931", "Oxfordshire"), ("201", "City of London")]
    with pytest.raises(WrongFile, match="None of the authorities"):
        take(
            table(*elsewhere, row(LEA="202", URN="200009", SCHNAME="X", PCODE="NW1 1AA")),
            by=lead,
            at=at,
        )


def test_results_of_another_county_stand_beside_the_own(lead, at):
    take(WHOLE, by=lead, at=at)
    other = row(LEA="936", URN="125001", SCHNAME="Surrey School", PCODE="GU1 1AA")
    surrey = row(RECTYPE="3", LEA="936", URN="", SCHNAME="Surrey", TELIG="12000", PTRWM_EXP="70%")

    done = take(table(other, surrey), by=lead, at=at)

    assert (done.adds, done.removes) == (2, 0)
    assert counts.authorities() == [("931", "Oxfordshire"), ("936", "Surrey")]
    [release] = counts.releases()
    assert counts.Results(release, "936").of_county(RWM).england.value == 65


def test_levels_of_years_before_2016_are_read_and_never_set_beside_standards(lead, at):
    headings = (
        "RECTYPE",
        "LEA",
        "URN",
        "SCHNAME",
        "PCODE",
        "TELIG",
        "PTREADWRITTAMATX",
        "PTENGMATX",
    )
    levels = {**COUNTY, "PTREADWRITTAMATX": "79", "PTENGMATX": "x"}
    take(table(levels, headings=headings, mark=False), by=lead, at=at, year=2014, status="final")
    take(WHOLE, by=lead, at=at)

    level, standard = BY_KEY["rwm-level-4"], RWM

    assert [one.release.year for one in counts.over_years("931", level)] == [2014]
    assert [one.release.year for one in counts.over_years("931", standard)] == [2019]
    result = counts.Results(counts.Release(2014, "final"), "931").of_county(
        BY_KEY["english-maths-level-4"]
    )
    assert result.county.words == "Not available"


def test_a_code_that_nobody_knows_is_kept_and_told(lead, at):
    done = take(table({**OXFORD, "PTRWM_EXP": "QQ"}), by=lead, at=at)

    assert any("“QQ”, in 1 cells, first in row 2, PTRWM_EXP" in note for note in done.notes)
    assert Attainment.objects.get(urn=123001).published["PTRWM_EXP"] == "QQ"


def test_rows_of_a_kind_that_nobody_knows_are_left_out_and_told(lead, at):
    done = take(table(OXFORD, {**COUNTY, "RECTYPE": "7"}), by=lead, at=at)

    assert done.adds == 1
    assert any("1 rows have the record type 7" in note and "row 3" in note for note in done.notes)
    with pytest.raises(WrongFile, match="at least one row"):
        take(table({**COUNTY, "RECTYPE": "7"}), by=lead, at=at)


def test_without_a_line_for_the_county_its_schools_stand_for_it(lead, at):
    take(table(OXFORD, BANBURY, ENGLAND), by=lead, at=at)

    [release] = counts.releases()
    found = counts.Results(release, "931").of_county(RWM)

    assert found.worked_out
    assert (found.county.value, found.county.of) == (60, 30)


def test_the_change_since_the_year_before_names_both_stages(lead, at):
    take(WHOLE, by=lead, at=at, year=2023, status="final")
    take(
        table(OXFORD, {**COUNTY, "PTRWM_EXP": "66%"}),
        by=lead,
        at=at,
        year=2024,
        status="provisional",
    )

    before, after = counts.over_years("931", RWM)

    assert (before.since, after.since) == (None, counts.Release(2023, "final"))
    assert (after.release.name, after.change.points) == ("2023-24, provisional", 5)
    assert after.change.verdict == "higher"
    assert after.county.england.words == counts.NO_ENGLAND


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "this one is empty"),
        (b"PK\x03\x04", "This is a spreadsheet"),
        (b"hello", "headings divided by commas"),
        (b"RECTYPE,LEA,URN,SCHNAME,ATT8SCR\n1,931,123001,A,50\n", "results of Key Stage 4 (GCSEs)"),
        (b"Column,Field Name,Label/Description\n1,RECTYPE,x\n", "names of the columns (metadata)"),
        (b"LEA,SCHNAME,PTRWM_EXP\n931,A,5\n", "a column with the heading URN"),
        (b"RECTYPE,LEA,URN,SCHNAME\n1,931,123001,A\n", "a column of Key Stage 2 results"),
        (table(), "at least one row below the headings"),
        (table(OXFORD, OXFORD), "Row 3, URN: “123001”. Expected each school once; it is in row 2 too"),
        (table({**OXFORD, "PTRWM_EXP": "178%"}), "Row 2, PTRWM_EXP: “178%”. Expected a number from 0 to 100"),
        (table({**OXFORD, "TELIG": "2.5"}), "Row 2, TELIG: “2.5”. Expected a whole number of pupils"),
        (table({**OXFORD, "RECTYPE": "School"}), "Row 2, RECTYPE: “School”. Expected 1 (school)"),
        (table({**OXFORD, "URN": "12"}), "Row 2, URN: “12”. Expected the school’s number of six digits"),
        (table({**OXFORD, "LEA": "Oxon"}), "Row 2, LEA: “Oxon”. Expected the authority’s number"),
        (table({**OXFORD, "SCHNAME": ""}), "Row 2, SCHNAME. Expected the school’s name"),
        (table({**OXFORD, "PTRWM_EXP": "see the letter"}), "a number, or a code such as SUPP"),
        (table(COUNTY, COUNTY), "each authority once"),
        (WHOLE + b"1,931\n", "Row 6: “2 values”. Expected at least the kind, number and name"),
        (WHOLE + b"1,931,1,123009,A,OX4 1AA,CY,30,60%", "the file stops in the middle of it"),
        (WHOLE + b"1,931,1,123009,A,OX4 1AA,CY,30,1,2,3,4,5\n", "Expected 12 values, as many as"),
        (table(OXFORD, headings=(*HEADINGS, "PTRWM_EXP")), "this heading once only"),
        (b"x" * (key_stage_2.MOST_BYTES + 1), "a file of 40 MB at most"),
    ],
)  # fmt: skip
def test_a_wrong_file_says_what_is_wrong_and_where_and_changes_nothing(data, words, lead, at):
    with pytest.raises(WrongFile) as wrong:
        take(data, by=lead, at=at)

    assert words in told(wrong)
    assert not Attainment.objects.exists()


@pytest.mark.parametrize(
    ("name", "year", "status"),
    [
        ("ks2_2018-19_la936.csv", 2019, ""),
        ("2022-2023_england_ks2revised.csv", 2023, "revised"),
        ("england_ks2final.csv", None, "final"),
        ("KS2 Provisional 2024.csv", 2024, "provisional"),
        ("ks2_2016_to_2023_revised.csv", None, "revised"),
        ("provisional_and_revised.csv", None, ""),
    ],
)
def test_a_files_name_may_tell_its_year_and_stage(name, year, status):
    assert (key_stage_2.year_in(name), key_stage_2.status_in(name)) == (year, status)


def test_the_year_must_agree_with_the_name_and_with_the_columns(lead, at):
    with pytest.raises(WrongFile) as of_name:
        take(WHOLE, by=lead, at=at, year=2020, name="ks2_2018-19.csv")
    with pytest.raises(WrongFile) as of_columns:
        take(WHOLE, by=lead, at=at, year=2018)
    with pytest.raises(WrongFile) as nowhere:
        plain = table(OXFORD, headings=HEADINGS[:-1])
        take(plain, by=lead, at=at, year=None)
    from_columns = take(WHOLE, by=lead, at=at, year=None)

    assert "The file’s name says 2018-19" in told(of_name)
    assert "This file has a column for 2017-18 as a year before" in told(of_columns)
    assert "the year in which the tests were taken: enter it on the form" in told(nowhere)
    assert "2018-19, revised" in from_columns.notes[0]


def test_only_who_may_load_figures_takes_results_in(lead, at):
    worker = make_user("hub_worker", make_team("Hub", "hub"))

    with pytest.raises(PermissionDenied):
        take(WHOLE, by=worker, at=at)
    assert take(WHOLE, by=lead, at=at).adds == 4


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.data())
def test_a_mangled_file_is_refused_whole_or_read_whole(data):
    content = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))

    try:
        results = key_stage_2.read(bytes(content), 2019, name="ks2.csv", status="final")
    except WrongFile as wrong:
        assert wrong.problems
    else:
        assert results.lines


# The names of the columns


def labels(data, *, by, at, year=2019):
    upload, _ = keep_upload(
        importer=importers["key-stage-2-columns"],
        name="meta.csv",
        data=data,
        year=year,
        by=by,
        at=at,
    )
    return take_in(upload=upload, by=by, at=at)


def test_the_real_names_of_columns_go_in_and_stand_for_years_without_their_own(lead, at):
    data = real_file("ks2_2018-19_meta.csv", folder="attainment")

    done = labels(data, by=lead, at=at)
    again = labels(data, by=lead, at=at)

    assert (done.adds, again.is_nothing) == (318, True)
    expected = "Percentage of pupils reaching the expected standard in reading, writing and maths"
    assert counts.labels_of(2019)["PTRWM_EXP"] == expected
    assert counts.labels_of(2023)["PTRWM_EXP"] == expected
    assert "PTRWM_EXP_NOTFSM6CLA1A" in counts.labels_of(2019)


def test_a_label_that_changes_is_told_and_another_table_s_names_are_refused(lead, at):
    headings = b"Field Name,Label/Description\n"
    labels(headings + b"PTRWM_EXP,Old words\n", by=lead, at=at)

    done = labels(headings + b"PTRWM_EXP,New words\n", by=lead, at=at)
    with pytest.raises(WrongFile) as wrong:
        labels(headings + b"ATT8SCR,Attainment 8\n", by=lead, at=at)

    assert ("PTRWM_EXP", "“Old words” becomes “New words”") in done.examples
    assert "the headings of Key Stage 2 results" in told(wrong)
    assert counts.labels_of(2019) == {"PTRWM_EXP": "New words"}
    assert AttainmentColumn.objects.count() == 1


def test_a_school_is_followed_through_every_stage_and_year(lead, at):
    take(WHOLE, by=lead, at=at, year=2023, status="final")
    take(table({**OXFORD, "PTRWM_EXP": "SUPP"}), by=lead, at=at, year=2024, status="revised")
    take(WHOLE, by=lead, at=at, year=2024, status="provisional")

    found = counts.school_over_years(123001, RWM)

    assert [(release.key, result.value, england.value) for release, result, england in found] == [
        ("2024-revised", None, None),
        ("2024-provisional", 60, 65),
        ("2023-final", 60, 65),
    ]
