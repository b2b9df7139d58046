"""What changed for families, in figures: with intervals, missing values and small numbers."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from kith.accounts.viewer import front_door, seeing_as
from kith.analytics.change import mean_change
from kith.analytics.figures import Paired, mean_figure
from kith.analytics.indicators import Period
from kith.casework import outcome_counts
from kith.casework.models import Answer, Assessment, AssessmentForm, Case, FollowUp
from tests.factories.casework import AT, make_case, make_staffed_hub

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30), "November 2026")
LABELS = [("a", "Abingdon"), ("b", "Banbury"), ("c", "Didcot")]


def shown(figure):
    return {row.label: [cell.text for cell in row.cells] for row in (*figure.rows, figure.total)}


def means(**values):
    """A figure of mean changes: `a=(pairs, alone)`."""
    made = {
        key: Paired(mean_change([(0, n % 3) for n in range(pairs)]), alone)
        for key, (pairs, alone) in values.items()
    }
    every = [(0, n % 3) for pairs, _ in values.values() for n in range(pairs)]
    total = Paired(mean_change(every), sum(alone for _, alone in values.values()))
    return mean_figure(outcome_counts.DISTANCE, NOVEMBER, "hub", LABELS, made, total, AT)


def test_a_mean_of_few_is_hidden_with_another_from_which_it_could_be_worked_out():
    found = shown(means(a=(3, 9), b=(20, 30), c=(40, 10)))

    hidden = {name for name, cells in found.items() if cells[0] == "hidden"}
    assert (
        "Abingdon" in hidden and len(hidden) == 2
    )  # all less the rest would be Abingdon otherwise
    assert all(cells[1:4] == ["hidden"] * 3 for name, cells in found.items() if name in hidden)
    assert found["All"][3] == "63"


def test_a_single_hub_with_few_hides_all_of_it():
    found = shown(means(a=(3, 9), b=(0, 20)))
    assert {found[name][0] for name in ("Abingdon", "All")} == {"hidden"}
    assert found["Banbury"][0] == "none"


def test_means_of_many_stand_with_their_interval_and_those_without_a_later_value():
    found = shown(means(a=(9, 6), b=(12, 8)))
    mean, low, high, pairs, alone = found["Abingdon"]
    assert float(low) < float(mean) < float(high)
    assert (pairs, alone) == ("9", "6")


@pytest.fixture
def banbury(db):
    return make_staffed_hub("Banbury")


def closed(hub, at=AT):
    with seeing_as(front_door()):
        case = make_case(hub, worker=hub.worker, at=at)
    with seeing_as(front_door()):
        Case.objects.filter(pk=case.pk).update(
            status="closed", closed_at=at, closing_reason="goals_met", outcome="better"
        )
    return case


def signed(case, hub, at, **scores):
    with seeing_as(front_door()):
        made = Assessment.objects.create(
            case=case, form=AssessmentForm.objects.get(), started_at=at, started_by=hub.worker
        )
        Answer.objects.bulk_create(
            Answer(
                assessment=made, key=key.replace("__", "-"), words=str(score), by=hub.worker, at=at
            )
            for key, score in scores.items()
        )
        found = Assessment.objects.filter(pk=made.pk)
        found.update(status="sent", sent_at=at, sent_by=hub.worker)
        found.update(status="signed", signed_at=at, signed_by=hub.manager)


def score_key():
    keys = next(iter(outcome_counts._score_keys().values()))
    return sorted(keys)[0].replace("-", "__")


def test_distance_travelled_counts_cases_with_two_signed_assessments_once_each(banbury):
    key = score_key()
    for number in range(6):
        case = closed(banbury)
        signed(case, banbury, AT - timedelta(days=60), **{key: 3})
        signed(case, banbury, AT - timedelta(days=5), **{key: 5 + number % 2})
    for _ in range(7):
        once = closed(banbury)
        signed(once, banbury, AT - timedelta(days=60), **{key: 9})

    figure = outcome_counts.figure(outcome_counts.DISTANCE, NOVEMBER, by="hub", at=AT)

    mean, low, high, pairs, alone = shown(figure)["Banbury"]
    assert (mean, pairs, alone) == ("2.5", "6", "7")
    assert (low, high) == ("1.9", "3.1")


def test_better_after_the_end_has_wilsons_interval_and_says_what_is_not_known(banbury):
    today = timezone.localdate()
    period = Period(today - timedelta(days=30), today, "lately")
    # At noon: late in the evening three months ago, in summer, was another day than in winter.
    then = timezone.now().replace(hour=12) - timedelta(days=92)
    cases = [closed(banbury, at=then) for _ in range(14)]
    with seeing_as(front_door()):
        for number, case in enumerate(cases[:12]):
            FollowUp.objects.create(
                case=case, months=3, on=today, how="phone", reached=True,
                outcome="better" if number < 6 else "same", by=banbury.worker,
                recorded_at=timezone.now(),
            )  # fmt: skip

    figure = outcome_counts.figure(outcome_counts.LASTS, period, by="hub", at=timezone.now())

    assert shown(figure)["Banbury"] == ["50", "25.4", "74.6", "12"]
    assert "fewer than ten" in figure.missing and "nothing is known" in figure.missing


def test_every_indicator_can_be_split_in_every_way_it_names(banbury):
    for indicator in outcome_counts.INDICATORS:
        for way in indicator.by:
            assert outcome_counts.figure(indicator, NOVEMBER, by=way, at=AT).rows
        with pytest.raises(LookupError):
            outcome_counts.figure(indicator, NOVEMBER, by="sender", at=AT)
