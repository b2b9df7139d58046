"""Reading about people who sign in, their teams and roles."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Prefetch, Q, QuerySet

from kith.accounts.models import ApiKey, Cover, Membership, Team, User
from kith.accounts.permissions import SENTENCES, Permission, may_arrange_cover
from kith.accounts.roles import ROLES, Role
from kith.audit.lists import kept

STATES = ("open", "ended", "all")


def people_managed_by(viewer: User) -> QuerySet[User]:
    """Return the people whose accounts this person looks after."""
    if not viewer.can(Permission.PEOPLE_MANAGE):
        return User.objects.none()
    return User.objects.filter(is_service=False)


def person_at(email: str) -> User | None:
    """Return the person who signs in with an address."""
    return User.objects.filter(email__iexact=email, is_service=False).first() if email else None


def names_of(numbers: Iterable[int]) -> dict[int, str]:
    """Return the names of some people, by their numbers: of those who wrote what everybody reads."""
    return dict(User.objects.filter(pk__in=list(numbers)).values_list("pk", "name"))


@kept
def staff_names() -> dict[int, str]:
    """Return the names of all who have an account, also of those who left, by their numbers."""
    return dict(User.objects.values_list("pk", "name"))


@kept
def team_names() -> dict[int, str]:
    """Return the names of all teams, by their numbers."""
    return dict(Team.objects.values_list("pk", "name"))


def search_people(
    viewer: User, *, text: str, state: str, team_id: int | None, on: date
) -> QuerySet[User]:
    """Return people by name, address or job, with the roles they hold that day."""
    found = people_managed_by(viewer)
    for word in text.split():
        found = found.filter(
            Q(name__icontains=word) | Q(email__icontains=word) | Q(job_title__icontains=word)
        )
    if state in {"open", "ended"}:
        found = found.filter(is_active=state == "open")
    if team_id:
        found = found.filter(
            pk__in=Membership.objects.filter(
                Q(until__isnull=True) | Q(until__gt=on), team_id=team_id
            ).values("user")
        )
    now = Membership.objects.filter(
        Q(until__isnull=True) | Q(until__gt=on), since__lte=on
    ).select_related("team")
    return found.prefetch_related(Prefetch("memberships", now.order_by("pk"))).order_by(
        "name", "pk"
    )


def memberships_of(person: User) -> QuerySet[Membership]:
    """Return every role a person has held, the newest first."""
    return Membership.objects.filter(user=person).select_related("team").order_by("-since", "-pk")


def memberships_managed_by(viewer: User) -> QuerySet[Membership]:
    """Return roles that this person may end."""
    if not viewer.can(Permission.PEOPLE_MANAGE):
        return Membership.objects.none()
    return Membership.objects.filter(user__is_service=False).select_related("team", "user")


def teams(text: str = "", kind: str = "") -> QuerySet[Team]:
    """Return the teams of people."""
    found = Team.objects.exclude(kind=Team.Kind.SERVICE)
    if text:
        found = found.filter(name__icontains=text)
    if kind in Team.Kind.values:
        found = found.filter(kind=kind)
    return found.order_by("kind", "name", "pk")


def people_in(team: Team, on: date) -> QuerySet[Membership]:
    """Return who holds which role in a team that day or later."""
    return (
        Membership.objects.filter(
            Q(until__isnull=True) | Q(until__gt=on), team=team, user__is_service=False
        )
        .select_related("user")
        .order_by("user__name", "pk")
    )


def covers_seen_by(viewer: User, on: date) -> list[Cover]:
    """Return cover that is on or to come, and concerns the viewer or is theirs to arrange."""
    found = (
        Cover.objects.filter(Q(until__isnull=True) | Q(until__gt=on))
        .select_related("absent", "covered_by", "agreed_by")
        .order_by("since", "pk")
    )
    return [
        cover
        for cover in found
        if viewer.pk in {cover.absent_id, cover.covered_by_id, cover.agreed_by_id}
        or may_arrange_cover(viewer, cover.absent, cover.covered_by)
    ]


def people_to_cover(viewer: User, on: date) -> QuerySet[User]:
    """Return staff whom this person may arrange cover for, as far as teams say."""
    staff = User.objects.filter(is_active=True, is_service=False)
    held = Q(memberships__until__isnull=True) | Q(memberships__until__gt=on)
    if viewer.can(Permission.PEOPLE_MANAGE):
        return staff.filter(held, memberships__isnull=False).distinct().order_by("name", "pk")
    reach = viewer.teams_granting(Permission.COVER_ARRANGE)
    mine = Q(memberships__team__in=reach)
    if any(team.kind == Team.Kind.DESK for team in reach):
        mine |= Q(memberships__team__kind__in=[Team.Kind.HUB, Team.Kind.DESK])
    return staff.filter(held, mine).distinct().order_by("name", "pk")


def staff(on: date) -> QuerySet[User]:
    """Return people who hold a role in a hub or at the county that day or later."""
    return (
        User.objects.filter(
            Q(memberships__until__isnull=True) | Q(memberships__until__gt=on),
            memberships__team__kind__in=[Team.Kind.HUB, Team.Kind.DESK],
            is_active=True,
            is_service=False,
        )
        .distinct()
        .order_by("name", "pk")
    )


def county_leads(on: date) -> QuerySet[User]:
    """Return who leads the county's early help that day."""
    held = Membership.objects.filter(
        Q(until__isnull=True) | Q(until__gt=on), role="county_lead", since__lte=on
    )
    return User.objects.filter(
        pk__in=held.values("user"), is_active=True, is_service=False
    ).order_by("name", "pk")


def keys_of(team: Team) -> QuerySet[ApiKey]:
    """Return a partner's keys, those that work first."""
    return ApiKey.objects.filter(team=team).order_by("ended_at", "-made_at", "pk")


@dataclass(frozen=True)
class SigningIn:
    """How a person signs in."""

    has_password: bool
    has_app: bool
    passkeys: int
    sessions: int

    @property
    def second_step(self) -> str:
        """The second step in words."""
        parts = ["an authenticator app"] if self.has_app else []
        if self.passkeys:
            parts.append("a passkey" if self.passkeys == 1 else f"{self.passkeys} passkeys")
        return " and ".join(parts) or "none yet"


def signing_in(person: User) -> SigningIn:
    """Return how a person signs in; nothing of it is a secret."""
    kinds = list(Authenticator.objects.filter(user=person).values_list("type", flat=True))
    return SigningIn(
        has_password=person.has_usable_password(),
        has_app=Authenticator.Type.TOTP in kinds,
        passkeys=kinds.count(Authenticator.Type.WEBAUTHN),
        sessions=UserSession.objects.filter(user=person).count(),
    )


def roles_in_words() -> list[tuple[Role, list[str]]]:
    """Return each role that people hold, with what it allows, in sentences."""
    return [
        (role, [SENTENCES[p] for p in Permission if p in role.permissions])
        for role in ROLES.values()
        if role.for_people
    ]


def team_kinds() -> list[tuple[str, str]]:
    """Return the kinds of team that people can belong to, with their names."""
    return [
        (str(value), str(name)) for value, name in Team.Kind.choices if value != Team.Kind.SERVICE
    ]
