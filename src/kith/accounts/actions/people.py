"""Making and ending accounts, and saying who holds which role where."""

from datetime import date, datetime, timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from kith.accounts.actions.errors import (
    AddressTaken,
    AlreadyEnded,
    AlreadyHeld,
    EndsBeforeItBegins,
    LastAdministrator,
    NotPossible,
    WrongTeam,
)
from kith.accounts.models import Cover, Membership, Team, User
from kith.accounts.permissions import Permission, may_give_roles, may_manage, may_manage_person
from kith.accounts.roles import ROLES, roles_granting
from kith.audit.actions import fields_of, record

PERSON_FIELDS = ("name", "email", "job_title", "phone")


@transaction.atomic
def add_person(
    *, name: str, email: str, job_title: str = "", phone: str = "", by: User, at: datetime
) -> User:
    """Make an account without a password; `invite` sends its owner the link to choose one.

    Raises PermissionDenied, AddressTaken.
    """
    may_manage(by).or_raise()
    _address_is_free(email)
    person = User(email=email, name=name, job_title=job_title, phone=phone, made_at=at)
    person.set_unusable_password()
    person.save()
    record("account.made", subject=person, by=by, at=at, after=fields_of(person, PERSON_FIELDS))
    return person


@transaction.atomic
def correct_person(
    *,
    person: User,
    name: str,
    email: str,
    job_title: str,
    phone: str,
    by: User,
    at: datetime,
) -> User:
    """Change what is said of a person. Raises PermissionDenied, AddressTaken."""
    person = User.objects.select_for_update().get(pk=person.pk)
    may_manage_person(by, person).or_raise()
    if email.lower() != person.email.lower():
        _address_is_free(email)
    before = fields_of(person, PERSON_FIELDS)
    person.name, person.email, person.job_title, person.phone = name, email, job_title, phone
    person.save(update_fields=PERSON_FIELDS)
    record(
        "account.corrected",
        subject=person,
        by=by,
        at=at,
        before=before,
        after=fields_of(person, PERSON_FIELDS),
    )
    return person


@transaction.atomic
def invite(*, person: User, by: User, at: datetime) -> None:
    """Send a person the link to choose a password: good for three days, and once.

    The outbox shows the link to nobody. Raises PermissionDenied, AlreadyEnded.
    """
    may_manage_person(by, person).or_raise()
    if not person.is_active:
        raise AlreadyEnded(f"{person.name}'s account has been ended.")
    key = f"{user_pk_to_url_str(person)}-{default_token_generator.make_token(person)}"
    uid, _, token = key.partition("-")
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
    get_adapter().send_mail(
        "account/email/password_reset_key",
        person.email,
        {
            "user": person,
            "invitation": True,
            "invited_by": by.name,
            "password_reset_url": settings.KITH_ADDRESS + path,
        },
    )
    record("account.invited", subject=person, by=by, at=at)


@transaction.atomic
def end_person(*, person: User, by: User, at: datetime) -> User:
    """End an account, its roles and its sessions: whoever had it sees nothing from this moment.

    Raises PermissionDenied, AlreadyEnded, LastAdministrator.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    may_give_roles(by, person).or_raise()
    if not person.is_active:
        raise AlreadyEnded(f"{person.name}'s account has been ended already.")
    _somebody_else_manages(person, at.date())
    person.is_active = False
    person.save(update_fields=["is_active"])
    today = at.date()
    ended = [str(held) for held in _from(person, today)]
    for held in _from(person, today):
        held.until = max(today, held.since)
        held.save(update_fields=["until"])
    for cover in Cover.objects.filter(
        Q(until__isnull=True) | Q(until__gt=today), Q(absent=person) | Q(covered_by=person)
    ):
        cover.until = max(today, cover.since)
        cover.save(update_fields=["until"])
    _end_sessions(person)
    record("account.ended", subject=person, by=by, at=at, before={"roles": ended})
    return person


@transaction.atomic
def open_again(*, person: User, by: User, at: datetime) -> User:
    """Open an ended account again. Its roles stay ended. Raises PermissionDenied."""
    person = User.objects.select_for_update().get(pk=person.pk)
    may_give_roles(by, person).or_raise()
    if person.is_active:
        raise NotPossible(f"{person.name}'s account is open.")
    person.is_active = True
    person.set_unusable_password()
    person.save(update_fields=["is_active", "password"])
    record("account.opened_again", subject=person, by=by, at=at)
    return person


@transaction.atomic
def forget_second_factor(*, person: User, by: User, at: datetime) -> None:
    """Take the second step of signing in off, for somebody who lost their phone.

    They are signed out everywhere, and set it up anew at the next page. Raises PermissionDenied.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    may_give_roles(by, person).or_raise()
    had = list(Authenticator.objects.filter(user=person).values_list("type", flat=True))
    Authenticator.objects.filter(user=person).delete()
    _end_sessions(person)
    record("account.second_factor_forgotten", subject=person, by=by, at=at, before={"had": had})


@transaction.atomic
def end_session(*, session_id: int, by: User, at: datetime) -> bool:
    """End one of one's own sessions. False when there is none of that number."""
    session = UserSession.objects.filter(user=by, pk=session_id).first()
    if session is None:
        return False
    session.end()
    record("account.session_ended", subject=by, by=by, at=at)
    return True


@transaction.atomic
def give_role(
    *,
    person: User,
    team: Team,
    role: str,
    since: date,
    until: date | None,
    by: User,
    at: datetime,
) -> Membership:
    """Let a person hold a role in a team, from one day until another.

    Raises PermissionDenied (also for oneself), WrongTeam, EndsBeforeItBegins, AlreadyHeld.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    may_give_roles(by, person).or_raise()
    if not person.is_active:
        raise AlreadyEnded(f"{person.name}'s account has been ended. Open it again first.")
    kind = ROLES.get(role)
    if kind is None or not kind.for_people or team.kind not in kind.team_kinds:
        name = kind.name if kind else role
        raise WrongTeam(f"“{name}” is not a role in {team}, which is a {team.get_kind_display()}.")
    if until is not None and until <= since:
        raise EndsBeforeItBegins("The role must end after the day it begins.")
    held = _overlapping(person, team, role, since, until).first()
    if held is not None:
        ends = f"until {held.until:%-d %B %Y}" if held.until else "with no end"
        raise AlreadyHeld(
            f"{person.name} holds this role in {team} from {held.since:%-d %B %Y} {ends}. "
            "Choose other days, or end that one first."
        )
    membership = Membership(user=person, team=team, role=role, since=since, until=until)
    membership.save()
    record(
        "role.given",
        subject=membership,
        by=by,
        at=at,
        after={"person": person, **fields_of(membership, ("team", "role", "since", "until"))},
    )
    return membership


@transaction.atomic
def end_role(*, membership: Membership, until: date, by: User, at: datetime) -> Membership:
    """End a role: `until` is the first day on which it is no longer held.

    Raises PermissionDenied, EndsBeforeItBegins, AlreadyEnded, LastAdministrator.
    """
    membership = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("user", "team")
        .get(pk=membership.pk)
    )
    may_manage(by).or_raise()
    if until < membership.since:
        raise EndsBeforeItBegins("The role must end after the day it begins.")
    if membership.until is not None and membership.until <= at.date():
        raise AlreadyEnded("This role has ended already.")
    if Permission.PEOPLE_MANAGE in ROLES[membership.role].permissions:
        _somebody_else_manages(membership.user, until)
    before = fields_of(membership, ("until",))
    membership.until = until
    membership.save(update_fields=["until"])
    record(
        "role.ended",
        subject=membership,
        by=by,
        at=at,
        before=before,
        after={"person": membership.user, "team": membership.team, "role": membership.role}
        | fields_of(membership, ("until",)),
    )
    return membership


def _address_is_free(email: str) -> None:
    if User.objects.filter(email__iexact=email).exists():
        raise AddressTaken("Somebody has an account with this e-mail address already.")


def _from(person: User, day: date) -> list[Membership]:
    """Return roles held on that day or later."""
    return list(
        Membership.objects.filter(Q(until__isnull=True) | Q(until__gt=day), user=person)
        .select_related("team", "user")
        .order_by("pk")
    )


def _overlapping(person: User, team: Team, role: str, since: date, until: date | None):  # type: ignore[no-untyped-def]
    found = Membership.objects.filter(
        Q(until__isnull=True) | Q(until__gt=since), user=person, team=team, role=role
    )
    return found.filter(since__lt=until) if until else found


def managing(day: date) -> set[tuple[int, int]]:
    """Return who can make accounts on a day, and by which team; nobody changes it meanwhile.

    Whoever takes such a role away, ends such a person or closes such a team asks here first.
    """
    roles = Membership.objects.filter(role__in=roles_granting(Permission.PEOPLE_MANAGE))
    # First locked, then read anew: what is joined to a row is read before its lock is had.
    list(roles.select_for_update().order_by("pk").values_list("pk"))
    held = roles.filter(
        Q(until__isnull=True) | Q(until__gt=day + timedelta(days=1)),
        since__lte=day,
        team__active=True,
        user__is_active=True,
    )
    return set(held.values_list("user_id", "team_id"))


def _somebody_else_manages(person: User, day: date) -> None:
    """Refuse to leave the county without anybody who can make accounts."""
    if {user for user, _ in managing(day)} == {person.pk}:
        raise LastAdministrator(
            f"{person.name} is the last administrator. Give somebody else that role first."
        )


def _end_sessions(person: User) -> None:
    for session in UserSession.objects.filter(user=person):
        session.end()


def details(person: User) -> dict[str, Any]:
    """Return what is said of a person, as a form shows it."""
    return fields_of(person, PERSON_FIELDS)
