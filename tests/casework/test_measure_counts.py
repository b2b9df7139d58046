"""Areas of life, attendance, questionnaires and feedback in figures: with what is missing said."""

import random
from datetime import date, timedelta
from fractions import Fraction
from itertools import product

import pytest
from django.core.cache import caches
from django.utils import timezone

from kith.accounts.viewer import clock, seeing_as
from kith.analytics.figures import MeanBook, ShareBook
from kith.analytics.indicators import Period
from kith.analytics.periods import quarters_of
from kith.casework import measure_counts
from kith.casework.models import (
    Answer,
    Assessment,
    AssessmentForm,
    Attendance,
    Case,
    Feedback,
    Measure,
    Score,
)
from kith.families.models import Membership
from tests.factories.casework import AT, make_case, make_staffed_hub

YEAR = Period(date(2026, 4, 1), date(2027, 3, 31), "2026-27")
HUBS = [("a", "Abingdon"), ("b", "Banbury"), ("c", "Didcot")]
AREAS = [("x", "Parents"), ("y", "Surroundings"), ("z", "Development")]


def shown(figure):
    return {row.label: [cell.text for cell in row.cells] for row in (*figure.rows, figure.total)}


def book(**cells):
    """`ax=3`: three pairs of values of hub a in area x."""
    table = {tuple(key): [(0.0, float(n % 3)) for n in range(many)] for key, many in cells.items()}
    return MeanBook({"hub": HUBS, "area": AREAS}, {("hub", "area"): table})


def test_a_mean_of_few_is_hidden_with_others_from_which_it_could_be_worked_out():
    found = book(ax=3, bx=20, cx=30, ay=12, by=9, cy=40)

    figure = found.by(measure_counts.AREAS, YEAR, "area", AT, of=("hub", "a"))
    cells = shown(figure)
    assert cells["Parents"] == ["hidden"] * 4 and cells["Surroundings"][0] in ("hidden", "0.9")
    gone = [hub for hub, _ in HUBS if found.cells("hub", hub, "area", "x")[0].hidden]
    assert "a" in gone and len(gone) > 1
    assert found.cells("area", "x")[3].text == "50" and not found.cells()[0].hidden
    assert found.cells("hub", "a", "area", "z")[3].text == "0"


def test_no_line_that_adds_up_to_a_number_shown_leaves_one_hidden_alone_or_few_together():
    rng = random.Random(3)
    for _ in range(60):
        cells = {
            f"{hub}{area}": rng.choice((0, 1, 2, 4, 6, 9, 30)) for hub in "abc" for area in "xyz"
        }
        found = book(**cells)
        lines = [([("hub", h, "area", a) for a in "xyz"], ("hub", h)) for h in "abc"]
        lines += [([("hub", h, "area", a) for h in "abc"], ("area", a)) for a in "xyz"]
        lines += [([("hub", h) for h in "abc"], ()), ([("area", a) for a in "xyz"], ())]
        for parts, whole in lines:
            if found.cells(*whole)[0].hidden:
                continue
            gone = [part for part in parts if found.cells(*part)[0].hidden]
            n = [cells[part[1] + part[3]] for part in gone if len(part) == 4]
            assert len(gone) != 1, (cells, parts)
            assert not n or sum(n) >= 5, (cells, parts)
        for where, many in cells.items():
            if 0 < many < 5:
                assert found.cells("hub", where[0], "area", where[1])[0].hidden


WAYS = ("hub", "quarter", "area")
SPLITS = {"hub": HUBS, "quarter": [("1", "Jan"), ("2", "Apr")], "area": AREAS[:2]}


def follows(cells, sums):
    """What of hidden cells follows from sums that are shown: by fractions, from the smallest cells up,
    each sum an equation. (The program works on its lines, and modulo a prime.)"""
    rows, done = [[Fraction(cell in of) for cell in cells] for of in sums], 0
    for column in range(len(cells)):
        found = next((n for n in range(done, len(rows)) if rows[n][column]), None)
        if found is None:
            continue
        rows[done], rows[found] = rows[found], rows[done]
        pivot = [a / rows[done][column] for a in rows[done]]
        rows = [[a - row[column] * b for a, b in zip(row, pivot, strict=True)] for row in rows]
        rows[done], done = pivot, done + 1
    return [row for row in rows if sum(map(bool, row)) == 1]


def test_no_mean_of_a_hubs_quarter_follows_from_all_the_pages_together():
    rng = random.Random(5)
    keys = list(product("abc", "12", "xy"))
    some_hidden = some_shown = 0
    for _ in range(40):
        many = {key: rng.choice((0, 3, 7, 12, 30, 30)) for key in keys}
        table = {key: [(0.0, float(n % 3)) for n in range(number)] for key, number in many.items()}
        found = MeanBook(SPLITS, {}, cube=(WAYS, table))
        # Every number on every page, by which of its ways are named.
        hidden, sums = [], []
        for named in product((True, False), repeat=3):
            for values in {
                tuple(v if n else "" for v, n in zip(k, named, strict=True)) for k in keys
            }:
                where = [x for way, v in zip(WAYS, values, strict=True) if v for x in (way, v)]
                of = [
                    k
                    for k in keys
                    if many[k] and all(v in ("", w) for v, w in zip(values, k, strict=True))
                ]
                gone = found.cells(*where)[0].hidden
                if all(named):
                    assert gone or not 0 < many[values] < 5
                    hidden += of if gone else []
                    some_hidden, some_shown = some_hidden + gone, some_shown + (not gone)
                if of and not gone:
                    sums.append(of)
        assert not follows(hidden, sums), many
    assert some_hidden > 50 and some_shown > 50


def test_quarters_are_those_of_the_calendar_that_a_period_touches():
    period = Period(date(2026, 5, 1), date(2026, 10, 31), "x")
    assert quarters_of(period) == [
        ("2026-2", "Apr to Jun 2026"),
        ("2026-3", "Jul to Sep 2026"),
        ("2026-4", "Oct to Dec 2026"),
    ]


@pytest.fixture
def closed(db):
    """Eight cases of Banbury, closed in the year, and one of which nothing was measured."""
    caches["figures"].clear()
    banbury = make_staffed_hub("Banbury")
    cases = [
        make_case(banbury, worker=banbury.worker, at=AT + timedelta(minutes=n)) for n in range(9)
    ]
    with seeing_as(clock()):
        Case.objects.update(
            status="closed", closed_at=AT, closing_reason="goals_met", outcome="better"
        )
        form = AssessmentForm.objects.latest("version")
        measure = Measure.objects.get(key="sdq-total")
        for number, case in enumerate(cases[:8]):
            child = Membership.objects.get(family=case.family, role="child").person
            for later in (False, True):
                day = AT.date() + timedelta(days=60 if later else 0)
                _assess(case, form, 6 if later else 4 - number % 2, later, banbury.worker)
                about = {"case": case, "person": child, "by": banbury.worker, "recorded_at": AT}
                Attendance.objects.create(
                    first=day, last=day + timedelta(days=20), possible=100, source="School",
                    attended=90 if later else 80, authorised=0, unauthorised=10 if later else 20,
                    **about,
                )  # fmt: skip
                Score.objects.create(
                    measure=measure, on=day, value=10 if later else 20, source="Parent", **about
                )
            Feedback.objects.create(
                case=case, of="family", answers={"helped": 4 if number < 6 else 1}, at=AT
            )
    return banbury


def _assess(case, form, score, later, worker):
    at = AT + timedelta(days=60 if later else 0)
    made = Assessment.objects.create(case=case, form=form, started_by=worker, started_at=at)
    Answer.objects.create(
        assessment=made, key="parenting-score", words=str(score), by=worker, at=at
    )
    found = Assessment.objects.filter(pk=made.pk)
    found.update(status="sent", sent_at=at, sent_by=worker)
    found.update(status="signed", signed_at=at, signed_by=worker)


def test_what_was_measured_twice_is_counted_and_what_was_not_is_said(closed):
    at = timezone.now()

    def of(indicator, by, hub=""):
        return measure_counts.figure(indicator, YEAR, by=by, at=at, hub=hub)

    areas = of(measure_counts.AREAS, "area", closed.hub.slug)
    assert shown(areas)["Parents and carers"][0] == "2.5" and areas.total.cells[3].text == "5"
    assert "fewer than ten cases" in areas.missing
    quarters = shown(of(measure_counts.AREAS, "area-quarter"))
    assert quarters["Parents and carers, Oct to Dec 2026"][0] == "2.5"
    school = shown(of(measure_counts.SCHOOL, "hub"))
    assert school["Banbury"][0] == "10" == school["All"][0]
    scores = shown(of(measure_counts.SCORES, "measure"))
    assert scores["SDQ, total difficulties"][0] == "25", "fewer is better, and turned round"
    here = shown(of(measure_counts.AREAS, "area-quarter", closed.hub.slug))
    assert here["Parents and carers, Oct to Dec 2026"][0] == "2.5" == here["All"][0]
    said = of(measure_counts.FAMILIES, "quarter")
    assert shown(said)["Oct to Dec 2026"][0] == "hidden", "two said otherwise: few"
    assert "nobody has told" in said.missing
    with pytest.raises(LookupError):
        of(measure_counts.SCHOOL, "area")


def test_every_question_that_families_answered_is_counted_and_protected_together(closed):
    with seeing_as(clock()):
        for number, case in enumerate(Case.objects.order_by("pk")):
            Feedback.objects.create(
                case=case, of="family", at=AT + timedelta(days=1),
                answers={"heard": 4 if number < 5 else 0, "again": 4 if number < 8 else 0},
            )  # fmt: skip
    at = timezone.now()

    def of(by, hub=""):
        return shown(
            measure_counts.figure(measure_counts.FAMILIES_SAY, YEAR, by=by, at=at, hub=hub)
        )

    every, here = of("question"), of("question", closed.hub.slug)
    assert every["We were listened to."] == ["hidden"] * 4, "four said otherwise"
    assert every["We knew what would happen next."] == ["none", "none", "none", "0"]
    assert every["What we did together helped."][0] == "hidden"
    assert here == every
    assert of("hub-question")["Banbury: We were listened to."][0] == "hidden"


def test_shares_of_questions_are_shown_only_where_both_their_parts_may_be():
    told = {
        ("a", "heard", "yes"): 40, ("a", "heard", "no"): 10, ("b", "heard", "yes"): 30,
        ("b", "heard", "no"): 10, ("c", "heard", "yes"): 9, ("c", "heard", "no"): 2,
        ("a", "again", "yes"): 20, ("a", "again", "no"): 20, ("b", "again", "yes"): 20,
        ("b", "again", "no"): 30, ("c", "again", "yes"): 10, ("c", "again", "no"): 20,
    }  # fmt: skip
    found = ShareBook({"hub": HUBS}, [("heard", "Heard"), ("again", "Again")], {"hub": told})

    asked = shown(found.questions(measure_counts.FAMILIES_SAY, YEAR, "hub", AT))
    helped = shown(found.of_question(measure_counts.FAMILIES, YEAR, "heard", "hub", AT))

    assert asked["Didcot: Heard"][0] == "hidden" == helped["Didcot"][0]
    gone = [hub for _, hub in HUBS if asked[f"{hub}: Heard"][0] == "hidden"]
    assert len(gone) > 1, "two are hidden, or the one could be worked out"
    assert helped["All"] == ["78.2", "69.2", "85.2", "101"]
    assert asked["All questions"][3] == "221"
