"""Files of Explore Education Statistics, in both their shapes, become lines like those of the tables."""

import csv
import io

import pytest

from kith.analytics.attainment import BY_KEY
from kith.places import counts
from kith.places.files import WrongFile
from kith.places.models import Attainment
from tests.places.test_key_stage_2 import WHOLE, lead, take, told

pytestmark = pytest.mark.django_db
__all__ = ["lead"]
RWM = BY_KEY["rwm-expected"]
LONG = (
    *("time_period", "time_identifier", "geographic_level", "old_la_code", "la_name", "school_urn"),
    *("school_name", "school_laestab", "version", "establishment_type_group", "breakdown_topic"),
    *("breakdown", "subject", "eligible_pupil_count", "expected_standard_pupil_percent"),
    *("higher_standard_pupil_percent", "average_scaled_score"),
)
WIDE = (
    *("time_period", "geographic_level", "old_la_code", "la_name", "version", "gender"),
    *("t_rwm_eligible_pupils", "pt_rwm_met_expected_standard", "pt_read_met_expected_standard"),
    *("avg_writta_progress_score", "avg_writta_progress_score_lower_CI"),
)


def long(level="Local authority", subject="Reading, writing and maths", **given) -> dict[str, str]:
    plain = {
        "time_period": "202425",
        "time_identifier": "Academic year",
        "geographic_level": level,
        "version": "Provisional",
        "establishment_type_group": "All state funded",
        "breakdown_topic": "All pupils",
        "breakdown": "Total",
        "subject": subject,
        "eligible_pupil_count": "7100",
        "expected_standard_pupil_percent": "62",
        "higher_standard_pupil_percent": "8",
        "average_scaled_score": "z",
    }
    place = {"old_la_code": "931", "la_name": "Oxfordshire"} if level == "Local authority" else {}
    return {**plain, **place, **given}


def file(*rows, headings=LONG) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, headings, restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def test_the_long_shape_gives_the_county_and_england_with_disadvantaged_pupils(lead, at):
    poor = {"breakdown_topic": "Disadvantaged status", "breakdown": "Disadvantaged"}
    others = {"breakdown_topic": "Disadvantaged status", "breakdown": "Disadvantaged all other"}
    data = file(
        long(),
        long(**poor, eligible_pupil_count="1700", expected_standard_pupil_percent="41"),
        long(**others, eligible_pupil_count="5400", expected_standard_pupil_percent="c"),
        long(subject="Reading", expected_standard_pupil_percent="75", average_scaled_score="106"),
        long(breakdown_topic="Sex", breakdown="Girls", expected_standard_pupil_percent="66"),
        long(breakdown_topic="Average (2023 to 2025)", breakdown="3 year average"),
        long(time_period="202324", expected_standard_pupil_percent="60"),
        long("National", expected_standard_pupil_percent="63", eligible_pupil_count="650000"),
        long("Regional", expected_standard_pupil_percent="64"),
    )

    done = take(data, by=lead, at=at, year=None, status="", name="ks2_regional_and_la.csv")

    assert done.adds == 2
    assert "2024-25 is read" in done.notes[-1]
    [release] = counts.releases()
    assert release.key == "2025-provisional"
    results = counts.Results(release, "931")
    assert results.county.published == {
        "PTRWM_EXP": "62%",
        "PTRWM_HIGH": "8%",
        "RWM_AVERAGE": "z",
        "TELIG": "7100",
        "PTRWM_EXP_FSM6CLA1A": "41%",
        "PTRWM_HIGH_FSM6CLA1A": "8%",
        "RWM_AVERAGE_FSM6CLA1A": "z",
        "TFSM6CLA1A": "1700",
        "PTRWM_EXP_NOTFSM6CLA1A": "c",
        "PTRWM_HIGH_NOTFSM6CLA1A": "8%",
        "RWM_AVERAGE_NOTFSM6CLA1A": "z",
        "TNOTFSM6CLA1A": "5400",
        "PTREAD_EXP": "75%",
        "PTREAD_HIGH": "8%",
        "READ_AVERAGE": "106",
    }
    assert results.of_england(RWM).value == 63
    assert results.of_county(RWM).county.of == 7100


def test_the_older_shape_has_a_column_for_each_result_and_many_years(lead, at):
    def wide(year, level, percent, **given):
        return {
            "time_period": year,
            "geographic_level": level,
            "old_la_code": "931" if level == "Local authority" else "",
            "la_name": "Oxfordshire" if level == "Local authority" else "",
            "version": "Revised",
            "gender": "Total",
            "t_rwm_eligible_pupils": "7200",
            "pt_rwm_met_expected_standard": percent,
            "pt_read_met_expected_standard": "x",
            "avg_writta_progress_score": "-0.4",
            "avg_writta_progress_score_lower_CI": "-0.6",
            **given,
        }

    data = file(
        wide("201819", "Local authority", "65"),
        wide("201819", "Local authority", "70", gender="Girls"),
        wide("202223", "Local authority", "59"),
        wide("202223", "National", "60"),
        headings=WIDE,
    )

    take(data, by=lead, at=at, year=2019, status="revised")
    take(data, by=lead, at=at, year=None, status="revised")
    with pytest.raises(WrongFile) as absent:
        take(data, by=lead, at=at, year=2022, status="revised")
    with pytest.raises(WrongFile) as contrary:
        take(data, by=lead, at=at, year=2019, status="final")

    assert [one.county.county.value for one in counts.over_years("931", RWM)] == [65, 59]
    kept = dict(Attainment.objects.filter(authority="931").values_list("year", "published"))
    assert {year: published["PTRWM_EXP"] for year, published in kept.items()} == {
        2019: "65%",
        2023: "59%",
    }
    assert kept[2019]["WRITPROG"] == "-0.4"
    assert kept[2019]["WRITPROG_LOWER"] == "-0.6"
    assert "This file holds 2018-19, 2022-23" in told(absent)
    assert "The file says that they are revised" in told(contrary)


def test_what_the_tables_say_besides_stays_and_a_school_keeps_its_district(lead, at):
    take(WHOLE, by=lead, at=at, year=2025, status="provisional")
    school = {"old_la_code": "931", "school_urn": "123001", "school_name": "Elm Lane School"}
    data = file(
        long(expected_standard_pupil_percent="61.4"),
        long("School", **school, expected_standard_pupil_percent="55"),
    )

    done = take(data, by=lead, at=at, year=2025, status="")

    elm = Attainment.objects.get(urn=123001)
    assert (done.changes, elm.published["PTRWM_EXP"]) == (2, "55%")
    assert elm.published["READ_AVERAGE"] == "104"
    assert (elm.district.name, elm.postcode) == ("Oxford", "OX4 1AA")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (file(long(time_period="2024")), "a school year such as 202425"),
        (file(long(expected_standard_pupil_percent="620")), "a number from 0 to 100"),
        (file(long(old_la_code="Oxon")), "the authority’s number of three digits"),
        (file(long(breakdown="Girls")), "results of all pupils"),
        (file(), "at least one row"),
        (file(long(subject="Reading")), "is it of another key stage?"),
        (file(long(trust_type="MAT"), headings=(*LONG, "trust_type")), "results of all pupils"),
        (file(long()) + b"1,2,3\n", "Row 3: “3 values”. Expected 17 values"),
        (file(long(), headings=LONG[:5]), "a column of Key Stage 2 results"),
        (file(long("School", old_la_code="931", school_urn="x")), "the school’s number of six digits"),
    ],
)  # fmt: skip
def test_a_wrong_one_says_what_is_wrong_and_changes_nothing(data, words, lead, at):
    with pytest.raises(WrongFile) as wrong:
        take(data, by=lead, at=at, year=None)

    assert words in told(wrong)
    assert not Attainment.objects.exists()
