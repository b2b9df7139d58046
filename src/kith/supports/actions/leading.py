"""Letting somebody of a partner, or a volunteer, lead a session and take its register."""

from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from kith.accounts.models import User
from kith.accounts.permissions import Permission
from kith.audit.actions import record
from kith.notices import actions as notices
from kith.supports import wordings
from kith.supports.actions.checks import (
    LeadsAlready,
    NoSuchPartner,
    SupportEnded,
    WrongDay,
    lock_support,
)
from kith.supports.models import Leading, Placement, Support
from kith.supports.permissions import may_give, may_place


@transaction.atomic
def let_lead(
    *,
    support: Support,
    email: str,
    since: date,
    until: date | None = None,
    by: User,
    at: datetime,
) -> Leading:
    """Let somebody with an account of a partner's lead a support, from a day on.

    They see the names on its registers and what safety asks to know, and are told so.
    Raises PermissionDenied, SupportEnded, NoSuchPartner, LeadsAlready, WrongDay.
    """
    support = lock_support(support)
    may_give(by, support.team_id).or_raise()
    today = timezone.localdate(at)
    if support.until is not None and support.until < today:
        raise SupportEnded(f"It ended on {support.until:%-d %B %Y}.")
    user = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if user is None or not user.can(Permission.REGISTER_LEAD):
        raise NoSuchPartner(
            "Nobody of a partner has an account with this address. An administrator adds them, as a "
            "session leader of their organisation."
        )
    if until is not None and until < max(since, today):
        raise WrongDay("Give a last day from today on, not before the first.")
    if Leading.objects.filter(support=support, user=user, ended_at__isnull=True).exists():
        raise LeadsAlready(f"{user} leads it already.")
    leading = Leading.objects.create(
        support=support,
        team=support.team,
        user=user,
        since=since,
        until=until,
        made_at=at,
        made_by=by,
    )
    _log("support.led_by", leading, {"who": user, "since": since, "until": until}, by, at)
    notices.send(
        wordings.MAY_LEAD,
        to=user.email,
        context={
            "name": user.name,
            "group": support.name,
            "hub": str(support.team),
            "since": f"{since:%-d %B %Y}",
            "link": settings.KITH_ADDRESS + reverse("supports:led"),
        },
        once_key=f"supports.may_lead:{leading.pk}",
        at=at,
    )
    return leading


@transaction.atomic
def stop_leading(*, leading: Leading, by: User, at: datetime) -> Leading:
    """Let somebody lead no more: from this moment they see no name. Raises PermissionDenied,
    SupportEnded where they lead no more already."""
    leading = Leading.objects.select_for_update().get(pk=leading.pk)
    may_give(by, leading.team_id).or_raise()
    if leading.ended_at is not None:
        raise SupportEnded("They lead it no more already.")
    leading.ended_at, leading.ended_by = at, by
    leading.save(update_fields=["ended_at", "ended_by"])
    _log("support.led_no_more", leading, {"who": leading.user}, by, at)
    return leading


@transaction.atomic
def say_to_know(*, placement: Placement, words: str, by: User, at: datetime) -> Placement:
    """Say what whoever leads must know of somebody to keep them safe. Raises PermissionDenied."""
    placement = (
        Placement.objects.select_for_update(of=("self",))
        .select_related("support")
        .get(pk=placement.pk)
    )
    may_place(by, placement.support).or_raise()
    before, placement.to_know = placement.to_know, words.strip()
    placement.save(update_fields=["to_know"])
    record(
        "support.to_know",
        subject=placement,
        by=by,
        at=at,
        before={"words": before},
        after={"words": placement.to_know},
        family_id=placement.family_id,
        team_id=placement.support.team_id,
    )
    return placement


def _log(what: str, leading: Leading, after: dict[str, object], by: User, at: datetime) -> None:
    record(what, subject=leading, by=by, at=at, after=after, team_id=leading.team_id)
