"""The figures by which one will see whether a recommendation changed anything: chosen, and kept as of the day
of the decision."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from kith.accounts.models import User
from kith.audit.actions import record
from kith.scrutiny import following
from kith.scrutiny.actions.common import locked, write
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.models import Measure, Recommendation
from kith.scrutiny.permissions import may_keep


@transaction.atomic
def measure_by(
    *, recommendation: Recommendation, details: dict[str, Any], by: User, at: datetime
) -> Measure:
    """Tie a recommendation to a figure: one that is counted, or one that a later module will count.

    Raises PermissionDenied or ScrutinyRefused.
    """
    may_keep(by).or_raise()
    found = locked(recommendation)
    if found.state in (
        Recommendation.State.MERGED,
        Recommendation.State.STOPPED,
        Recommendation.State.DROPPED,
    ):
        raise ScrutinyRefused("It is no longer in hand.")
    following.check(details)
    last = found.measures.aggregate(last=Max("order"))["last"] or 0
    made = Measure(recommendation=found, order=last + 1)
    write(made, "scrutiny.measure_added", details, by=by, at=at)
    if found.agreed_on:
        take_baseline(made, at)
    return made


def take_baseline(measure: Measure, at: datetime) -> None:
    """Keep a measure's value of the day of the decision, once and for good, if anything counts it."""
    on = measure.recommendation.agreed_on
    if measure.baseline or on is None:
        return
    value = following.value_on(measure, on, at)
    if value is None:
        return  # no figure yet: it is kept when there is one
    measure.baseline, measure.baseline_on = value, on
    measure.save(update_fields=["baseline", "baseline_on"])
    record("scrutiny.measure_baseline", subject=measure, by=None, at=at, after={"on": on})


@transaction.atomic
def drop_measure(*, measure: Measure, by: User, at: datetime) -> None:
    """Take a measure away that nothing was kept of yet. Raises PermissionDenied or ScrutinyRefused."""
    may_keep(by).or_raise()
    measure = locked(measure)
    if measure.baseline or measure.readings.exists():
        raise ScrutinyRefused("Its value on the day of the decision is kept: it stays.")
    record("scrutiny.measure_removed", subject=measure, by=by, at=at)
    measure.delete()


@transaction.atomic
def bind_measures(*, by: User, at: datetime) -> int:
    """Keep the first value of measures whose figure began to be counted since. Returns how many.

    Raises PermissionDenied.
    """
    may_keep(by).or_raise()
    waiting = Measure.objects.select_for_update(of=("self",)).filter(
        baseline={}, recommendation__agreed_on__isnull=False
    )
    bound = 0
    for measure in waiting.select_related("recommendation").order_by("pk"):
        take_baseline(measure, at)
        bound += bool(measure.baseline)
    return bound
