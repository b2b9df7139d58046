"""What a paper and the county's figures say of the newest Key Stage 2 results."""

from datetime import date

import pytest

from kith.analytics.indicators import Period
from kith.places import counts
from tests.places.test_key_stage_2 import BANBURY, COUNTY, ENGLAND, OXFORD, WHOLE, lead, table, take

pytestmark = pytest.mark.django_db
__all__ = ["lead"]
POOR = ("TFSM6CLA1A", "TNotFSM6CLA1A", "PTRWM_EXP_FSM6CLA1A", "PTRWM_EXP_NotFSM6CLA1A")
HEADINGS = ("RECTYPE", "LEA", "URN", "SCHNAME", "PCODE", "TELIG", "PTRWM_EXP", *POOR)
GAPS = dict(zip(POOR, ("1700", "5300", "40%", "68%"), strict=True))


def period(last: date) -> Period:
    return Period(date(last.year - 1, last.month, 1), last, "A year")


def test_without_results_there_is_no_update(lead):
    assert counts.attainment_update() is None


def test_an_update_says_the_newest_results_beside_england_and_the_year_before(lead, at):
    before = {**COUNTY, "PTRWM_EXP": "55%"}
    take(table(OXFORD, before, ENGLAND), by=lead, at=at, year=2024, status="final")
    newest = table(OXFORD, BANBURY, {**COUNTY, **GAPS}, {**ENGLAND, **GAPS}, headings=HEADINGS)
    take(newest, by=lead, at=at, year=2025, status="provisional")

    update = counts.attainment_update()

    assert (update.release.key, update.name, update.taken_in_on) == (
        "2025-provisional",
        "Oxfordshire",
        at.date(),
    )
    [line] = update.lines
    assert line.words == (
        "In 2024-25 (provisional) 61% of pupils in Oxfordshire reached the expected standard in reading, writing and "
        "maths. England: 65%; the county is 4 points lower. In 2023-24 (final) it was 55%: 6 points higher now."
    )
    assert (line.beside_england.verdict, line.change.verdict) == ("lower", "higher")
    assert update.gaps[0] == (
        "Oxfordshire: 40% of disadvantaged pupils and 68% of the others reached the expected standard in reading, "
        "writing and maths, a gap of 28 points."
    )
    assert "Cherwell: Nothing is published." in update.districts
    assert any("provisional: schools have not checked them" in line for line in update.missing)
    assert any("Schools without a published figure: 1 of 2" in line for line in update.missing)


def test_what_may_be_chance_is_said_to_be_so(lead, at):
    small = {**COUNTY, "TELIG": "60", "PTRWM_EXP": "60%"}
    take(table({**small, "PTRWM_EXP": "57%"}), by=lead, at=at, year=2024, status="final")
    take(table(small, ENGLAND), by=lead, at=at, year=2025, status="final")

    [line, *_] = counts.attainment_update().lines

    assert "We cannot tell whether the county is different: it may be chance" in line.words
    assert "In 2023-24 (final) it was 57%; we cannot tell whether it has changed" in line.words
    assert any("no results of schools" in line for line in counts.attainment_update().missing)


def test_the_county_s_figures_take_the_surest_results_that_were_out(lead, at):
    [expected, *_] = counts.SHARES
    take(WHOLE, by=lead, at=at, year=2024, status="provisional")
    take(table(OXFORD, {**COUNTY, "PTRWM_EXP": "58%"}), by=lead, at=at, year=2024, status="revised")
    take(WHOLE, by=lead, at=at, year=2025, status="provisional")

    def figure(last, by="school-year"):
        return counts.figure(expected, period(last), by=by, at=at)

    assert figure(date(2024, 8, 31)).rows == ()
    assert "No Key Stage 2 results" in figure(date(2024, 8, 31)).missing
    assert figure(date(2025, 8, 31)).total.cells[0].value == 58
    assert [row.label for row in figure(date(2025, 9, 30)).rows] == [
        "2023-24, revised",
        "2024-25, provisional",
    ]
    districts = figure(date(2025, 9, 30), "district")
    assert [(row.label, row.cells[0].value) for row in districts.rows] == [
        ("Cherwell", None),
        ("Oxford", 60),
    ]
    assert districts.missing == "Results of 2024-25, provisional. England: 65%."


def test_the_gap_is_a_figure_with_its_interval(lead, at):
    data = table({**COUNTY, **GAPS}, {**ENGLAND, **GAPS}, headings=HEADINGS)
    take(data, by=lead, at=at, year=2025, status="final")

    found = counts.figure(counts.GAP, period(date(2025, 12, 31)), by="school-year", at=at)

    points, low, high, of = (cell.value for cell in found.total.cells)
    assert (points, of) == (28, 7000)
    assert 24 < low < 28 < high < 32
    assert "England: 40% of disadvantaged pupils" in found.missing
