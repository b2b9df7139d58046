"""People who sign in, the teams they belong to, and the keys that stand in for an account."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Lower
from django.utils import timezone

from kith.accounts.permissions import Permission
from kith.accounts.roles import ROLES
from kith.audit.history import track
from kith.audit.lists import kept


class Days(Func):
    """The range of days from one date up to, not including, another."""

    function = "daterange"


class Team(models.Model):
    """People who work together: a hub, the county desk, a partner organisation, the committee."""

    class Kind(models.TextChoices):
        HUB = "hub", "Hub"
        DESK = "desk", "County desk"
        PARTNER = "partner", "Partner organisation"
        COMMITTEE = "committee", "Committee"
        SERVICE = "service", "Kith itself"

    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind)
    email = models.EmailField(blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "name"], name="team_kind_name")]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        """Find a person by e-mail address, whatever its capitals."""
        return self.get(email__iexact=username or "")


class User(AbstractBaseUser):
    """A person who signs in, or one of Kith's own service accounts."""

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=200)
    job_title = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    is_active = models.BooleanField(default=True)
    is_service = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=timezone.now)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return self.name

    def current_memberships(self, on: date | None = None) -> list["Membership"]:
        """Return what this person may act as today: their own, and of those they cover for."""
        if on is None:
            cached: list[Membership] | None = self.__dict__.get("_memberships")
            if cached is None:
                cached = self.__dict__["_memberships"] = self._memberships_on(timezone.localdate())
            return cached
        return self._memberships_on(on)

    def forget_memberships(self) -> None:
        """Look memberships up again at the next question; for after a change of them."""
        self.__dict__.pop("_memberships", None)

    def _memberships_on(self, on: date) -> list["Membership"]:
        return _memberships_of(self.pk, on) if self.is_active else []

    def can(self, permission: Permission, *, in_team: "Team | int | None" = None) -> bool:
        """Say whether this person may do something: in a given team, or in any."""
        team_id = in_team.pk if isinstance(in_team, Team) else in_team
        return any(
            permission in ROLES[membership.role].permissions
            and (team_id is None or membership.team_id == team_id)
            for membership in self.current_memberships()
            if membership.role in ROLES
        )

    def permissions(self) -> set[Permission]:
        """Return all that this person may do in any team."""
        roles = {membership.role for membership in self.current_memberships()}
        return set().union(*(ROLES[role].permissions for role in roles if role in ROLES))

    def teams_granting(self, permission: Permission) -> list["Team"]:
        """Return the teams in which this person may do something."""
        teams = {
            membership.team_id: membership.team
            for membership in self.current_memberships()
            if membership.role in ROLES and permission in ROLES[membership.role].permissions
        }
        return list(teams.values())

    def roles(self) -> set[str]:
        """Return the keys of the roles this person holds today."""
        return {membership.role for membership in self.current_memberships()}

    # Django's own names for "this person holds no rights of Django's".
    def has_perms(self, perms: Iterable[str], obj: Any = None) -> bool:
        return False

    def get_full_name(self) -> str:
        """Return the name, as libraries ask for it."""
        return self.name


@track()
class Membership(models.Model):
    """A person holds a role in a team, from one day until another."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    team = models.ForeignKey(Team, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=30)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="membership_ends_after_it_begins",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
            ),
            ExclusionConstraint(
                name="membership_held_once_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("team", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (Days("since", "until"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.role_name}, {self.team}"

    @property
    def role_name(self) -> str:
        return ROLES[self.role].name if self.role in ROLES else self.role


class RoleGrant(models.Model):
    """What each role allows, as the database's row policies read it. Written from `roles.py`."""

    role = models.CharField(max_length=30)
    permission = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["role", "permission"], name="grant_once")]

    def __str__(self) -> str:
        return f"{self.role}: {self.permission}"


@track()
class Cover(models.Model):
    """One person stands in for an absent colleague, with the colleague's roles, for a while."""

    absent = models.ForeignKey(User, models.PROTECT, related_name="+")
    covered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    agreed_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="cover_is_by_somebody_else", condition=~Q(absent=F("covered_by"))
            ),
            models.CheckConstraint(
                name="cover_ends_after_it_begins",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
            ),
        ]
        indexes = [models.Index(fields=["covered_by", "since"], name="cover_by")]

    def __str__(self) -> str:
        return f"{self.covered_by} for {self.absent}"


@kept
def _memberships_of(user_id: int, on: date) -> list[Membership]:
    covered = Cover.objects.filter(
        Q(until__isnull=True) | Q(until__gt=on), covered_by=user_id, since__lte=on
    )
    return list(
        Membership.objects.filter(
            Q(until__isnull=True) | Q(until__gt=on),
            Q(user=user_id) | Q(user__in=covered.values("absent"), user__is_active=True),
            since__lte=on,
            team__active=True,
        )
        .select_related("team")
        .order_by("pk")
    )


class OneTimeLink(models.Model):
    """A private link: it lets somebody without an account see or answer one thing.

    It opens that as often as its holder likes, until it expires or is ended; the table's name is older.
    Only a hash of the secret is kept. `purpose` names what it opens, such as `referral`.
    """

    secret_hash = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    sent_to = models.CharField(max_length=254, blank=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["purpose", "subject_id"], name="link_subject")]

    def __str__(self) -> str:
        return f"link to {self.purpose} {self.subject_id}"


class ApiKey(models.Model):
    """A partner system's key. Only a hash is kept; the first letters help to tell keys apart."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="api_keys")
    name = models.CharField(max_length=100)
    starts_with = models.CharField(max_length=12)
    secret_hash = models.CharField(max_length=64, unique=True)
    acts_as = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.starts_with}...)"


class Tally(models.Model):
    """How often something was asked for since a moment. For limits that hold in every process.

    `key` says who asks for what; of an address it holds a keyed hash, never the address.
    """

    key = models.CharField(max_length=100, primary_key=True)
    since = models.DateTimeField()
    count = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.count} since {self.since:%H:%M}"
