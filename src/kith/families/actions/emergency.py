"""Breaking the glass: somebody without standing opens a record, says why, for some hours.

Every such look is written in the log and reviewed by the data protection officer.
"""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from kith.accounts.models import Membership, User
from kith.accounts.permissions import Permission
from kith.accounts.roles import roles_granting
from kith.accounts.viewer import front_door, seeing_as
from kith.audit.actions import record
from kith.families import queries, restricting, wordings
from kith.families.models import EmergencyAccess, Family, Standing
from kith.families.permissions import already_reviewed, may_break_glass, may_review
from kith.notices import actions as notices

HOURS = 4  # the database allows no longer (migration 0003)
SHORTEST_REASON = 20
MOST_FOUND = 5


class ReasonMissing(ValueError):
    """An emergency needs a reason that somebody else can judge."""


class NoSuchFamily(LookupError):
    """No family has this reference."""


class AlreadyReviewed(Exception):
    """Somebody has reviewed this emergency look already. The message says who."""


@transaction.atomic
def break_glass(*, family_reference: str, reason: str, by: User, at: datetime) -> EmergencyAccess:
    """Open a family's record to one person for four hours.

    Asking again while it is open gives what is open. Raises PermissionDenied, ReasonMissing or
    NoSuchFamily.
    """
    may_break_glass(by).or_raise()
    if len(reason.strip()) < SHORTEST_REASON:
        raise ReasonMissing(
            "Write why you must see this record now. Somebody else will read and judge it."
        )
    reference = family_reference.strip().upper()
    with seeing_as(front_door()):
        family = Family.objects.filter(reference=reference).first()
        if family is None:
            raise NoSuchFamily(f"There is no family with the reference {reference[:20]}.")
        records = list(Family.objects.filter(head=family.head_id or family.pk)) or [family]
    # Said as if there were none: the data protection officer is told (`note_refused_look`).
    if restricting.hides(by, records):
        raise NoSuchFamily(f"There is no family with the reference {reference[:20]}.")
    until = at + timedelta(hours=HOURS)
    opened = (
        EmergencyAccess.objects.filter(
            family__in=[kept.pk for kept in records], user=by, until__gt=at
        )
        .order_by("-until")
        .first()
    )
    if opened is not None and queries.visible_to(by).filter(pk=family.pk).exists():
        return opened
    emergency = EmergencyAccess(family=family, user=by, reason=reason.strip(), at=at, until=until)
    emergency.save(force_insert=True)
    for kept in records:
        Standing(
            family=kept, user=by, reason=Standing.Reason.EMERGENCY, since=at, until=until
        ).save(force_insert=True)
    record(
        "family.emergency",
        subject=family,
        by=by,
        at=at,
        after={"reason": emergency.reason, "until": until},
    )
    _report(emergency, reference, records)
    return emergency


@transaction.atomic
def note_refused_look(*, family_reference: str, reason: str, by: User, at: datetime) -> None:
    """Tell the data protection officer that somebody asked in an emergency for a record that is
    kept to named people, who may then name them. Nothing is noted where there is no such record."""
    may_break_glass(by).or_raise()
    with seeing_as(front_door()):
        family = Family.objects.filter(reference=family_reference.strip().upper()).first()
        records = list(Family.objects.filter(head=family.head_id)) if family else []
    if family is not None and restricting.hides(by, records):
        _tell_of_refusal(family, reason, by, at)


def _tell_of_refusal(family: Family, reason: str, by: User, at: datetime) -> None:
    record("family.emergency_refused", subject=family, by=by, at=at, after={"reason": reason})
    on = timezone.localdate(at)
    officers = Membership.objects.filter(
        Q(until__isnull=True) | Q(until__gt=on),
        role__in=roles_granting(Permission.EMERGENCY_REVIEW),
        since__lte=on,
        user__is_active=True,
        team__active=True,
    )
    for address in sorted(set(officers.values_list("user__email", flat=True))):
        notices.send(
            wordings.EMERGENCY_REFUSED,
            to=address,
            context={
                "reference": family.reference,
                "who": by.name,
                "reason": reason,
                "link": settings.KITH_ADDRESS + reverse("casework:restrictions"),
            },
            once_key=f"emergency-refused-{family.pk}-{by.pk}-{at:%Y%m%d%H%M}-{address}"[:120],
            at=at,
        )


def _report(emergency: EmergencyAccess, reference: str, records: list[Family]) -> None:
    """Tell the data protection officer, and the managers of the hubs that work with the family."""
    at, until = emergency.at, timezone.localtime(emergency.until)
    with seeing_as(front_door()):
        teams = set(
            Standing.objects.filter(
                Q(until__isnull=True) | Q(until__gt=at), family__in=records, team__isnull=False
            ).values_list("team_id", flat=True)
        )
    on = timezone.localdate(at)
    held = Membership.objects.filter(
        Q(role__in=roles_granting(Permission.EMERGENCY_REVIEW))
        | Q(role__in=roles_granting(Permission.AUDIT_SEE_TEAM), team__in=teams),
        Q(until__isnull=True) | Q(until__gt=on),
        since__lte=on,
        user__is_active=True,
        team__active=True,
    )
    addresses = set(held.exclude(user=emergency.user).values_list("user__email", flat=True))
    for address in sorted(addresses):
        notices.send(
            wordings.EMERGENCY,
            to=address,
            context={
                "reference": reference,
                "who": emergency.user.name,
                "until": f"{until:%-I:%M%p}".lower() + f" on {until:%A %-d %B %Y}",
                "reason": emergency.reason,
                "link": settings.KITH_ADDRESS + reverse("families:emergencies"),
            },
            once_key=f"emergency-{emergency.pk}-{address}"[:120],
            at=at,
            about=("emergency", emergency.pk),
        )


@transaction.atomic
def look_for_in_emergency(
    *,
    given_names: str,
    family_name: str,
    date_of_birth: date,
    reason: str,
    by: User,
    at: datetime,
) -> list[str]:
    """Return the references of families with a person of exactly this name and birthday.

    That somebody looked stands in the log, found or not. Raises PermissionDenied.
    """
    may_break_glass(by).or_raise()
    with seeing_as(front_door()):
        families = list(
            Family.objects.filter(
                memberships__person__given_names__iexact=given_names.strip(),
                memberships__person__family_name__iexact=family_name.strip(),
                memberships__person__date_of_birth=date_of_birth,
            )
            .order_by("reference")
            .distinct()
        )
        hidden = [one for one in families if restricting.hides(by, [one])]
    for one in hidden:
        _tell_of_refusal(one, reason, by, at)
    found = [one.reference for one in families if one not in hidden][:MOST_FOUND]
    record(
        "family.emergency_looked_for",
        subject=by,
        by=by,
        at=at,
        after={"reason": reason, "found": found},
    )
    return found


@transaction.atomic
def review_emergency(
    *, emergency: EmergencyAccess, justified: bool, review: str, by: User, at: datetime
) -> EmergencyAccess:
    """Say whether an emergency look was justified, and why.

    Raises PermissionDenied, AlreadyReviewed, or ReasonMissing without a word of explanation.
    """
    # Asked first: whoever may not review cannot lock it either.
    may_review(by, emergency).or_raise()
    emergency = EmergencyAccess.objects.select_for_update().get(pk=emergency.pk)
    if emergency.reviewed_at is not None:
        raise AlreadyReviewed(already_reviewed(emergency, by))
    if not review.strip():
        raise ReasonMissing("Write what you found.")
    emergency.justified, emergency.review = justified, review.strip()
    emergency.reviewed_by, emergency.reviewed_at = by, at
    emergency.save(update_fields=["justified", "review", "reviewed_by", "reviewed_at"])
    record(
        "emergency.reviewed",
        subject=emergency,
        by=by,
        at=at,
        after={"justified": justified, "review": emergency.review},
    )
    return emergency
