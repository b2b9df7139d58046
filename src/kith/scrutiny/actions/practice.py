"""Exemplar practice: what works somewhere, and who has taken it up since when."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from kith.accounts.models import User
from kith.audit.actions import record
from kith.hubs.models import Hub
from kith.scrutiny import following
from kith.scrutiny.actions.common import locked, write
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.models import Practice, Review, TakenUp
from kith.scrutiny.permissions import may_answer


@transaction.atomic
def keep_practice(
    *,
    details: dict[str, Any],
    practice: Practice | None = None,
    review: Review | None = None,
    by: User,
    at: datetime,
) -> Practice:
    """Write down what works somewhere, or change what is said of it.

    Raises PermissionDenied or ScrutinyRefused.
    """
    may_answer(by).or_raise()
    practice = locked(practice) if practice else Practice(review=review, made_at=at)
    same = Practice.objects.filter(title__iexact=details["title"]).exclude(pk=practice.pk)
    if same.exists():
        raise ScrutinyRefused("There is a practice of this name. Choose another name.", "title")
    if not details.get("hub") and not details.get("where"):
        raise ScrutinyRefused("Choose the hub, or say where it is done.", "where")
    what = "scrutiny.practice_changed" if practice.pk else "scrutiny.practice_added"
    return write(practice, what, details, by=by, at=at)


@transaction.atomic
def take_up(
    *, practice: Practice, hub: Hub, since: date, words: str = "", by: User, at: datetime
) -> TakenUp:
    """Write down that another hub took a practice up. Its figure of the year up to that day is kept.

    Raises PermissionDenied or ScrutinyRefused.
    """
    may_answer(by).or_raise()
    practice = locked(practice)
    if practice.hub_id == hub.pk:
        raise ScrutinyRefused("It comes from this hub. Choose another.", "hub")
    if practice.taken_up.filter(hub=hub, ended_on=None).exists():
        raise ScrutinyRefused(f"{hub} has taken it up already.", "hub")
    if since > timezone.localdate(at):
        raise ScrutinyRefused(
            "Write it down once it has begun: the figure of that day is kept.", "since"
        )
    taken = TakenUp(practice=practice, hub=hub, since=since, words=words)
    taken.baseline = _first_value(taken, at)
    taken.save()
    after = {"hub": str(hub), "since": since, "figure": practice.figure}
    record("scrutiny.practice_taken_up", subject=practice, by=by, at=at, after=after)
    return taken


@transaction.atomic
def stop_taking_up(*, taken: TakenUp, on: date, by: User, at: datetime) -> TakenUp:
    """Write down that a hub does it no longer. Raises PermissionDenied or ScrutinyRefused."""
    may_answer(by).or_raise()
    taken = locked(taken)
    if taken.ended_on is not None:
        raise ScrutinyRefused("That has ended already.")
    if not taken.since <= on <= timezone.localdate(at):
        raise ScrutinyRefused("Choose a day from when it began until today.", "on")
    taken.ended_on = on
    taken.save(update_fields=["ended_on"])
    after = {"hub": str(taken.hub), "ended": on}
    record("scrutiny.practice_ended", subject=taken.practice, by=by, at=at, after=after)
    return taken


def _first_value(taken: TakenUp, at: datetime) -> following.Value:
    """Return the hub's figure of the year up to the day it began; empty where nothing counts it (yet)."""
    measure = following.of_hub(taken.practice.figure, taken.hub)
    return following.value_on(measure, taken.since, at) or {}


@transaction.atomic
def bind_figures(*, by: User, at: datetime) -> int:
    """Keep the first value of practices whose figure began to be counted since they were taken up.

    Returns how many. Raises PermissionDenied.
    """
    may_answer(by).or_raise()
    waiting = TakenUp.objects.select_for_update(of=("self",)).filter(baseline={})
    bound = 0
    for taken in waiting.exclude(practice__figure="").select_related("practice", "hub"):
        taken.baseline = _first_value(taken, at)
        if taken.baseline:
            taken.save(update_fields=["baseline"])
            after = {"hub": str(taken.hub), "since": taken.since}
            record(
                "scrutiny.practice_figure_kept", subject=taken.practice, by=by, at=at, after=after
            )
            bound += 1
    return bound
