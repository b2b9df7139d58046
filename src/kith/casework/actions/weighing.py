"""How much work each family needs, and what that counts."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from kith.accounts.models import User
from kith.audit.actions import record
from kith.casework import intensity as counting
from kith.casework.actions.checks import NotPossible, ReasonMissing, check_not_closed, lock
from kith.casework.models import Case, Intensity, IntensityChange, IntensityWeight
from kith.casework.permissions import may_set_intensity, may_set_weights


class SameIntensity(NotPossible):
    """The family has this intensity already."""


class WeightsOutOfOrder(NotPossible):
    """A family that needs more work counts for less than one that needs less."""


@transaction.atomic
def set_intensity(
    *, case: Case, was: str, intensity: str, reason: str, by: User, at: datetime
) -> Case:
    """Say how much work a family needs from now on (`Intensity`), and why.

    `was` is what the page showed: when that has changed meanwhile, SameIntensity is raised, as it is
    when nothing would change. Raises PermissionDenied, CaseClosed, ReasonMissing too.
    """
    case = lock(case)
    may_set_intensity(by, case).or_raise()
    check_not_closed(case)
    if intensity not in Intensity.values:
        raise ValueError(intensity)
    stands = case.get_intensity_display().lower()
    if case.intensity != was:
        raise SameIntensity(f"While you looked, somebody set this to {stands}. Look at it again.")
    if case.intensity == intensity:
        raise SameIntensity(f"It is {stands} already. Choose another, or go back.")
    if not reason.strip():
        raise ReasonMissing("Write why.")
    IntensityChange.objects.create(
        case=case, was=was, now=intensity, reason=reason.strip(), by=by, at=at
    )
    case.intensity = intensity
    case.save(update_fields=["intensity"])
    record(
        "case.intensity_set",
        subject=case,
        by=by,
        at=at,
        before={"intensity": was},
        after={"intensity": intensity, "reason": reason.strip()},
    )
    return case


@transaction.atomic
def set_weights(*, weights: Mapping[str, Decimal], by: User, at: datetime) -> None:
    """Set as how many families one counts, by intensity. Caseloads count anew at once.

    Raises PermissionDenied, WeightsOutOfOrder.
    """
    may_set_weights(by).or_raise()
    before = counting.weights()
    after = {key: weights.get(key, before[key]) for key in Intensity.values}
    if not after["light"] <= after["usual"] <= after["intensive"]:
        raise WeightsOutOfOrder(
            "A family that needs more work cannot count for less than one that needs less."
        )
    for key in Intensity.values:
        if after[key] == before[key]:
            continue
        one, _ = IntensityWeight.objects.update_or_create(
            intensity=key, defaults={"weight": after[key], "changed_at": at, "changed_by": by}
        )
        record(
            "intensity.weight_changed",
            subject=one,
            by=by,
            at=at,
            before={key: before[key]},
            after={key: after[key]},
        )
