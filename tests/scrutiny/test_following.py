"""Recommendations followed up in live figures, and the paper that writes itself."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from kith.analytics.indicators import HIDDEN, Between, Cell
from kith.figures import registry
from kith.scrutiny import following
from kith.scrutiny.actions import drawing, measuring, recommending
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.models import Measure, Paper, Reading
from tests.factories.recommendations import AFTER, Counted, make_agreed, make_draft, make_item
from tests.factories.scrutiny import LONDON, add_item, call, make_meeting, make_officer

pytestmark = pytest.mark.django_db
NEXT_YEAR = AFTER + timedelta(days=400)


@pytest.fixture
def officer():
    return make_officer()


@pytest.fixture
def counts(monkeypatch):
    def lands(counted: Counted) -> Counted:
        monkeypatch.setitem(
            registry.HOMES, counted.indicator.key, (counted.indicator, counted.figure)
        )
        return counted

    return lands


def tie(officer, found, **details) -> Measure:
    details = {"figure": "volunteers-active", "called": "Volunteers", **details}
    return measuring.measure_by(recommendation=found, details=details, by=officer, at=AFTER)


def test_a_measure_waits_for_its_figure_and_binds_by_itself_when_the_module_lands(officer, counts):
    measure = tie(officer, make_agreed(officer))
    shown = following.follow(measure, NEXT_YEAR)
    assert (shown.counted, shown.waited_for) == (False, "the volunteers room")
    assert measuring.bind_measures(by=officer, at=NEXT_YEAR) == 0

    counts(Counted())

    assert following.follow(measure, NEXT_YEAR).counted, "nobody told it"
    assert measuring.bind_measures(by=officer, at=NEXT_YEAR) == 1
    measure.refresh_from_db()
    assert measure.baseline_on == date(2026, 9, 23), "the day of the decision, counted later"
    assert measure.baseline["counted_at"] == NEXT_YEAR.isoformat(), "and it says when"
    assert measuring.bind_measures(by=officer, at=NEXT_YEAR) == 0


def test_the_value_of_the_day_of_the_decision_is_kept_and_never_counted_again(officer, counts):
    counted = counts(Counted())
    counted.total = (Cell(Decimal("20.0")), Cell(200))  # some modules count in decimals
    item = make_item(officer)
    draft = make_draft(officer, item.meeting.committee)
    measure = tie(officer, draft)
    assert measure.baseline == {}

    recommending.agree(recommendation=draft, item=item, by=officer, at=AFTER)
    counted.total = (Cell(60.0), Cell(200))
    measuring.bind_measures(by=officer, at=NEXT_YEAR)

    measure.refresh_from_db()
    assert measure.baseline["line"]["cells"] == [20.0, 200]
    assert (measure.baseline["definition"], measure.baseline["source"]) == (
        "Whoever gave time.", "The volunteers room",
    )  # fmt: skip
    assert (counted.asked[0].first, counted.asked[0].last) == (date(2025, 9, 1), date(2026, 8, 31))
    with pytest.raises(ScrutinyRefused, match="is kept: it stays"):
        measuring.drop_measure(measure=measure, by=officer, at=NEXT_YEAR)


def followed(officer, counts, before, now, *, at=NEXT_YEAR, **kind):
    counted = counts(Counted(**kind))
    counted.total, counted.between = before if isinstance(before[-1], Between) else (before, None)
    measure = tie(officer, make_agreed(officer))
    counted.total, counted.between = now if isinstance(now[-1], Between) else (now, None)
    return following.follow(measure, at)


@pytest.mark.parametrize(
    ("before", "now", "kind", "word", "change"),
    [
        ((Cell(20.0), Cell(200)), (Cell(40.0), Cell(200)), {}, "better", "+20.0 points"),
        ((Cell(20.0), Cell(200)), (Cell(22.0), Cell(200)), {}, "cannot", "+2.0 points"),
        ((Cell(40.0), Cell(200)), (Cell(20.0), Cell(200)), {}, "worse", "−20.0 points"),
        ((Cell(20.0), Cell(200)), (Cell(40.0), Cell(200)), {"better": "neither"}, "moved", "+20.0 points"),
        ((Cell(100),), (Cell(160),), {"kind": "count"}, "better", "+60"),
        ((Cell(100),), (Cell(110),), {"kind": "count"}, "cannot", "+10"),
        ((Cell(2.0), Cell(1.5), Cell(2.5), Cell(40)), (Cell(3.5), Cell(3.0), Cell(4.0), Cell(40)),
         {"kind": "mean"}, "better", "+1.5"),
        (((Cell(10.0),), Between(8, 12, 50)), ((Cell(6.0),), Between(5, 7.5, 50)),
         {"kind": "median", "better": "fewer"}, "better", "−4"),
        (((Cell(10.0),), Between(8, 12, 50)), ((Cell(8.0),), Between(7, 9, 50)),
         {"kind": "median", "better": "fewer"}, "cannot", "−2"),
        ((Cell(42.9), Cell(7)), (Cell(71.4), Cell(7)), {"chance": False}, "better", "+28.5 points"),
        ((Cell(None), Cell(0)), (Cell(40.0), Cell(200)), {}, "none", ""),
    ],
)  # fmt: skip
def test_a_change_is_told_only_where_chance_does_not_explain_it(
    officer, counts, before, now, kind, word, change
):
    line = followed(officer, counts, before, now, **kind).line

    assert line is not None
    assert (line.word, line.change) == (word, change)


def test_a_line_without_a_key_is_not_taken_for_all_together(officer, counts):
    counted = counts(Counted())
    counted.names = ("", "Banbury")
    counted.hubs = {"": (Cell(5.0), Cell(20))}

    shown = following.follow(tie(officer, make_agreed(officer)), NEXT_YEAR)

    assert shown.line is not None
    assert (shown.line.label, shown.line.now.text) == ("All", "20%")


def test_what_was_hidden_on_either_day_stays_hidden_and_no_difference_gives_it_away(
    officer, counts
):
    for before, now in (
        ((HIDDEN, Cell(200)), (Cell(40.0), Cell(200))),
        ((Cell(40.0), Cell(200)), (HIDDEN, HIDDEN)),
    ):
        shown = followed(officer, counts, before, now)
        assert shown.line is not None
        assert (shown.line.word, shown.line.change) == ("cannot", "")
        assert "Hidden" in shown.line.before.text + shown.line.now.text
        rows = following.rows_of(shown)
        assert not any("+" in cell or "−" in cell for row in rows for cell in row[3:4])


@settings(max_examples=40, deadline=None)
@given(
    first=some.dates(date(2024, 1, 1), date(2027, 1, 1)),
    later=some.integers(0, 62),
    days=some.sampled_from([30, 91, 182, 365]),
)
def test_no_two_periods_differ_by_less_than_a_month(first, later, days):
    one = following.period_to(first, days)
    other = following.period_to(first + timedelta(days=later), days)

    assert one.first.day == other.first.day == 1
    assert (one.last + timedelta(days=1)).day == 1
    assert one.last < first
    assert one == other or abs((one.last - other.last).days) >= 28


def test_it_is_too_early_while_the_periods_have_months_in_common(officer, counts):
    cells = (Cell(20.0), Cell(200)), (Cell(60.0), Cell(200))
    early = followed(officer, counts, *cells, at=datetime(2027, 8, 31, 9, tzinfo=LONDON))
    apart = followed(officer, counts, *cells, at=datetime(2027, 9, 1, 9, tzinfo=LONDON))

    assert early.line is not None
    assert apart.line is not None
    assert early.line.word == "cannot"
    assert "until 1 September 2027" in early.line.why
    assert apart.line.word == "better"


def test_hubs_stand_beside_each_other_and_one_line_can_be_followed_alone(officer, counts):
    counted = counts(Counted())
    counted.hubs = {"Banbury": (Cell(10.0), Cell(100)), "Witney": (Cell(30.0), Cell(100))}
    whole, witney = (tie(officer, make_agreed(officer), row=row) for row in ("", "witney"))
    counted.hubs["Witney"] = (Cell(60.0), Cell(100))

    rows = following.follow(whole, NEXT_YEAR).rows
    assert [(row.label, row.word) for row in rows] == [
        ("Banbury", "cannot"),
        ("Witney", "better"),
    ]
    alone = following.follow(witney, NEXT_YEAR)
    assert (alone.rows, alone.line.word) == ((), "better")


def test_a_target_says_whether_it_is_reached(officer, counts):
    counted = counts(Counted())
    measure = tie(officer, make_agreed(officer), target=50.0, target_on=date(2027, 12, 31))

    assert following.follow(measure, NEXT_YEAR).target == "50% by 31 December 2027: not reached"
    counted.total = (Cell(50.0), Cell(200))
    assert following.follow(measure, NEXT_YEAR).target == "50% by 31 December 2027: reached"


def test_a_definition_that_changed_is_not_compared(officer, counts):
    counts(Counted())
    measure = tie(officer, make_agreed(officer))
    measure.baseline["definition"] = "Whoever signed up."
    measure.save()

    line = following.follow(measure, NEXT_YEAR).line
    assert line is not None
    assert (line.word, line.change) == ("cannot", "")
    assert "definition has changed" in line.why


def test_a_figure_that_cannot_be_split_so_is_refused_at_its_field(officer, counts):
    counts(Counted())
    for details, field in (
        ({"figure": ""}, "figure"),
        ({"by": "moon"}, "by"),
        ({"days": 5}, "days"),
        ({"figure": "not-yet", "called": ""}, "called"),
    ):
        with pytest.raises(ScrutinyRefused) as refused:
            tie(officer, make_agreed(officer), **details)
        assert refused.value.field == field


def test_the_paper_writes_itself_until_the_agenda_is_published(officer, counts):
    counted = counts(Counted())
    found = make_agreed(officer, due_on=date(2026, 10, 1))
    measure = tie(officer, found)
    tie(officer, found, figure="forecast-against-budget", called="Forecast against budget")
    starts = datetime(2027, 12, 1, 10, tzinfo=LONDON)
    meeting = make_meeting(officer, found.committee, starts_at=starts)
    item = meeting.items.get(kind="follow_up")

    first = drawing.draw_follow_up(item=item, by=officer, at=NEXT_YEAR)
    counted.total = (Cell(60.0), Cell(200))
    again = drawing.draw_follow_up(item=item, by=officer, at=NEXT_YEAR + timedelta(hours=1))

    assert first.pk == again.pk, "it is one paper, made again"
    short, section, definitions = again.sections
    assert "1 is overdue" in short["paragraphs"][0]
    assert section["heading"] == f"R{found.number}"
    assert section["table"]["rows"][0][1:4] == ["20% of 200", "60% of 200", "+40.0 points"]
    assert section["table"]["rows"][-1][4].startswith(
        "No live figure yet. It waits for the money room"
    )
    assert definitions["table"]["rows"] == [
        ["Active volunteers", "Whoever gave time.", "The volunteers room"]
    ]
    assert [
        one.value["line"]["cells"][0]
        for one in Reading.objects.filter(measure=measure).order_by("at")
    ] == [20.0, 60.0]

    call(officer, meeting, at=NEXT_YEAR)
    with pytest.raises(ScrutinyRefused, match="is published with its agenda"):
        drawing.draw_follow_up(item=item, by=officer, at=NEXT_YEAR)
    assert Paper.objects.get(pk=first.pk).sections == again.sections


def test_no_paper_is_written_of_nothing_or_for_a_meeting_that_is_over(officer):
    meeting = make_meeting(officer)
    with pytest.raises(ScrutinyRefused, match="Nothing is followed up"):
        drawing.draw_follow_up(item=add_item(officer, meeting), by=officer, at=AFTER)
    over = make_item(officer)
    with pytest.raises(ScrutinyRefused, match="meeting was held"):
        drawing.draw_follow_up(item=over, by=officer, at=AFTER)
