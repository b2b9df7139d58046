"""Committees and who sits on them."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify

from kith.accounts.models import User
from kith.scrutiny.actions.common import locked, write
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.models import Committee, Member, Seat
from kith.scrutiny.permissions import may_keep


@transaction.atomic
def set_up_committee(
    *, details: dict[str, Any], committee: Committee | None = None, by: User, at: datetime
) -> Committee:
    """Set up a committee, or change what is said of it. Its address stays.

    Raises PermissionDenied or ScrutinyRefused.
    """
    may_keep(by).or_raise()
    committee = locked(committee) if committee else Committee(slug=_slug(details["name"]))
    if details.get("until") and details["until"] < details["since"]:
        raise ScrutinyRefused("The committee cannot end before it begins.", "until")
    same = Committee.objects.filter(name__iexact=details["name"], until__isnull=True)
    if same.exclude(pk=committee.pk).exists():
        raise ScrutinyRefused("There is a committee of this name.", "name")
    what = "scrutiny.committee_changed" if committee.pk else "scrutiny.committee_set_up"
    return write(committee, what, details, by=by, at=at)


def _slug(name: str) -> str:
    root = slugify(name)[:50].strip("-") or "committee"
    taken = set(Committee.objects.filter(slug__startswith=root).values_list("slug", flat=True))
    free = (f"{root}-{number}" if number > 1 else root for number in range(1, 10_000))
    return next(slug for slug in free if slug not in taken)


@transaction.atomic
def keep_member(
    *, details: dict[str, Any], member: Member | None = None, by: User, at: datetime
) -> Member:
    """Add a councillor or somebody who was co-opted, or change what is said of them.

    Raises PermissionDenied or ScrutinyRefused.
    """
    may_keep(by).or_raise()
    member = locked(member) if member else Member()
    user = details.get("user")
    if user and Member.objects.filter(user=user).exclude(pk=member.pk).exists():
        raise ScrutinyRefused("This account belongs to another member already.", "user")
    what = "scrutiny.member_changed" if member.pk else "scrutiny.member_added"
    return write(member, what, details, by=by, at=at)


@transaction.atomic
def give_seat(
    *,
    committee: Committee,
    member: Member,
    role: str = Seat.Role.MEMBER,
    votes: str = Seat.Votes.ALL,
    since: date,
    by: User,
    at: datetime,
) -> Seat:
    """Give a member a seat. A chair takes the place of nobody: the chair before is ended first.

    Nobody of the executive sits on a scrutiny committee: Local Government Act 2000, s. 9FA(3).
    Raises PermissionDenied or ScrutinyRefused.
    """
    may_keep(by).or_raise()
    committee = locked(committee)
    held = Seat.objects.filter(Q(until__isnull=True) | Q(until__gt=since))
    if held.filter(committee=committee, member=member).exists():
        raise ScrutinyRefused(f"{member} has a seat on this committee already.", "member")
    if role == Seat.Role.CHAIR and held.filter(committee=committee, role=role).exists():
        raise ScrutinyRefused("The committee has a chair. End that seat first.", "role")
    if role == Seat.Role.CO_OPTED and member.councillor:
        raise ScrutinyRefused(
            "A councillor is not co-opted. Choose Member, or say that this person is no councillor.",
            "role",
        )
    if role != Seat.Role.CO_OPTED and not member.councillor:
        raise ScrutinyRefused("Somebody who is no councillor is co-opted.", "role")
    against = {Committee.Kind.SCRUTINY: Committee.Kind.EXECUTIVE}
    against[Committee.Kind.EXECUTIVE] = Committee.Kind.SCRUTINY
    other = against.get(Committee.Kind(committee.kind))
    if other and held.filter(committee__kind=other, member=member).exists():
        raise ScrutinyRefused(
            "A member of the executive cannot sit on a scrutiny committee (Local Government Act 2000, "
            "section 9FA). End the other seat first.",
            "member",
        )
    if member.until and member.until < since:
        raise ScrutinyRefused(f"{member} left on {member.until:%d %B %Y}.", "since")
    seat = Seat(committee=committee, member=member)
    return write(
        seat, "scrutiny.seat_given", {"role": role, "votes": votes, "since": since}, by=by, at=at
    )


@transaction.atomic
def end_seat(*, seat: Seat, on: date, because: str = "", by: User, at: datetime) -> Seat:
    """End a seat with a day: the last on which it is held. Raises PermissionDenied, ScrutinyRefused."""
    may_keep(by).or_raise()
    seat = locked(seat)
    if on < seat.since:
        raise ScrutinyRefused(f"The seat is held since {seat.since:%d %B %Y}.", "on")
    after = date.fromordinal(on.toordinal() + 1)
    return write(
        seat, "scrutiny.seat_ended", {"until": after, "ended_because": because}, by=by, at=at
    )
