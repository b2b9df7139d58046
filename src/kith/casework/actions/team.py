"""The team around a family: who joins it and leaves it, and who leads it."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from kith.accounts.models import User
from kith.accounts.viewer import front_door, seeing_as
from kith.casework.actions.agreeing import ground_for
from kith.casework.actions.case_log import record_in
from kith.casework.actions.checks import (
    NotOfThisHub,
    NotPossible,
    OwnerUnclear,
    ReasonMissing,
    WordsMissing,
    check_not_closed,
    lock,
    works_in,
)
from kith.casework.actions.inviting import end_page, let_go, tell_joined, tell_leads
from kith.casework.actions.reading import settle_readers
from kith.casework.models import Case, LeadProfessional, Sharing, TeamMember
from kith.casework.permissions import may_work
from kith.families import queries as families
from kith.families.models import Person
from kith.partners.models import Organisation

Kind = TeamMember.Kind


class AlreadyInTeam(NotPossible):
    """They are in the team already."""


class NotInTeam(NotPossible):
    """They are not in the team, or no longer."""


class LeadsAlready(NotPossible):
    """They lead the team already."""


@transaction.atomic
def add_partner(
    *,
    case: Case,
    organisation: Organisation,
    name: str,
    email: str,
    role: str,
    family_known_as: str,
    by: User,
    at: datetime,
) -> TeamMember:
    """Add somebody of a partner to the team, and send them the way to their page.

    Whoever has an account with this e-mail address in the organisation signs in; anybody else opens
    it by a private link and a code. Raises PermissionDenied, CaseClosed, WordsMissing, OwnerUnclear,
    AlreadyInTeam, and NotShared where the family has not agreed that they join.
    """
    case = _open_case(case, by)
    if not (name.strip() and email.strip() and role.strip()):
        raise WordsMissing("Write their name, e-mail address and role.")
    if not family_known_as.strip():
        raise WordsMissing("Say how they will know which family this is about.")
    if not organisation.active:
        raise OwnerUnclear(f"{organisation} is no longer on the list of partners.")
    if in_team(case).filter(kind=Kind.PARTNER, email__iexact=email.strip()).exists():
        raise AlreadyInTeam(f"{email.strip()} is in this team already.")
    ground = ground_for(
        case=case, organisation=organisation, purpose=Sharing.Purpose.TEAM, by=by, at=at
    )
    member = _add(
        TeamMember(
            case=case,
            kind=Kind.PARTNER,
            name=name.strip(),
            role=role.strip(),
            organisation=organisation,
            email=email.strip(),
            user=_account(organisation, email.strip(), at),
            family_known_as=family_known_as.strip(),
            sharing=ground,
        ),
        by,
        at,
    )
    settle_readers(case, at)
    tell_joined(member, case, by=by, at=at)
    return member


@transaction.atomic
def add_colleague(*, case: Case, worker: User, role: str, by: User, at: datetime) -> TeamMember:
    """Add a colleague of the hub to the team.

    Raises PermissionDenied, CaseClosed, WordsMissing, NotOfThisHub, AlreadyInTeam.
    """
    case = _open_case(case, by)
    if not role.strip():
        raise WordsMissing("Write what they do in the team.")
    if not works_in(worker, case.team_id):
        raise NotOfThisHub(f"{worker} does not work at {case.team}. Choose one of its workers.")
    if in_team(case).filter(kind=Kind.WORKER, user=worker).exists():
        raise AlreadyInTeam(f"{worker} is in this team already.")
    member = TeamMember(
        case=case, kind=Kind.WORKER, name=worker.name, role=role.strip(), user=worker
    )
    return _add(member, by, at)


@transaction.atomic
def add_of_family(*, case: Case, person: Person, role: str, by: User, at: datetime) -> TeamMember:
    """Add somebody of the family to their own team.

    Raises PermissionDenied, CaseClosed, WordsMissing, NotInTeam for who is not of the family,
    AlreadyInTeam.
    """
    case = _open_case(case, by)
    if not role.strip():
        raise WordsMissing("Write who they are in the family.")
    member = next(
        (one for one in families.people_of(by, case.family) if one.person.pk == person.pk), None
    )
    if member is None:
        raise NotInTeam("Choose somebody of this family.")
    if in_team(case).filter(kind=Kind.FAMILY, person=person).exists():
        raise AlreadyInTeam(f"{person} is in this team already.")
    return _add(
        TeamMember(case=case, kind=Kind.FAMILY, name=member.name, role=role.strip(), person=person),
        by,
        at,
    )


@transaction.atomic
def leave_team(*, member: TeamMember, because: str, by: User, at: datetime) -> TeamMember:
    """Say that somebody is no longer in the team: a partner sees no more of it, and is told.

    Raises PermissionDenied, CaseClosed, NotInTeam, ReasonMissing.
    """
    case = _open_case(member.case, by)
    member = _locked(member)
    if not because.strip():
        raise ReasonMissing("Write why they leave the team.")
    _leave(member, case, because.strip(), by, at)
    return member


@transaction.atomic
def lead_team(*, member: TeamMember, by: User, at: datetime) -> LeadProfessional:
    """Make somebody of the hub or of a partner the lead professional.

    Raises PermissionDenied, CaseClosed, NotInTeam, LeadsAlready.
    """
    case = _open_case(member.case, by)
    member = _locked(member)
    if member.kind == Kind.FAMILY:
        raise NotInTeam("The lead professional is somebody of the hub or of a partner.")
    now = LeadProfessional.objects.filter(case=case, until__isnull=True).first()
    if now is not None and now.member_id == member.pk:
        raise LeadsAlready(f"{member} leads this team already.")
    before = now.member.name if now else str(case.worker or "")
    if now is not None:
        now.until = at
        now.save(update_fields=["until"])
    lead = LeadProfessional.objects.create(case=case, member=member, since=at, by=by)
    if member.kind == Kind.PARTNER:
        tell_leads(member, lead, case, at)
    record_in(
        "family_team.lead",
        member,
        case,
        by=by,
        at=at,
        after={"who": member.name},
        before={"who": before},
    )
    return lead


@transaction.atomic
def send_team_link(*, member: TeamMember, by: User, at: datetime) -> None:
    """Send somebody of a partner the way to their page again; a link they had ends.

    Raises PermissionDenied, CaseClosed, NotInTeam.
    """
    case = _open_case(member.case, by)
    member = _locked(member)
    if member.kind != Kind.PARTNER or member.withheld_at is not None:
        raise NotInTeam("Only somebody of a partner who is in the team is sent a link.")
    end_page(member, by=by, at=at)
    assert member.organisation is not None
    user = _account(member.organisation, member.email, at)
    if user != member.user:
        member.user = user
        member.save(update_fields=["user"])
    tell_joined(member, case, by=by, at=at)
    record_in("family_team.link_sent", member, case, by=by, at=at, after={"who": member.name})


def dissolve_team(*, case: Case, by: User, at: datetime) -> None:
    """End a team with its case: for whoever closes it, who was asked whether they may."""
    for member in in_team(case).select_for_update(of=("self",)).select_related("organisation"):
        _leave(member, case, "The case was closed.", by, at)


def colleagues_leave(*, case: Case, because: str, by: User, at: datetime) -> None:
    """Let the colleagues of a hub leave the team, when another hub takes its case over."""
    for member in in_team(case).select_for_update(of=("self",)).filter(kind=Kind.WORKER):
        _leave(member, case, because, by, at)


def in_team(case: Case):  # type: ignore[no-untyped-def]
    """Return who is in the team of a case now, the longest first."""
    return TeamMember.objects.filter(
        case=case, until__isnull=True, withheld_at__isnull=True
    ).order_by("since", "pk")


def _open_case(case: Case, by: User) -> Case:
    case = lock(case)
    may_work(by, case).or_raise()
    check_not_closed(case)
    return case


def _locked(member: TeamMember) -> TeamMember:
    found = TeamMember.objects.select_for_update(of=("self",)).get(pk=member.pk)
    if found.until is not None:
        raise NotInTeam(f"{found} left the team on {found.until:%-d %B %Y}.")
    return found


def _add(member: TeamMember, by: User, at: datetime) -> TeamMember:
    member.since, member.added_by, member.added_at = timezone.localdate(at), by, at
    member.save(force_insert=True)
    said = {"who": member.name, "role": member.role, "of": member.of}
    record_in("family_team.joined", member, member.case, by=by, at=at, after=said)
    return member


def _leave(member: TeamMember, case: Case, because: str, by: User, at: datetime) -> None:
    member.until, member.left_because = timezone.localdate(at), because[:300]
    member.save(update_fields=["until", "left_because"])
    if member.withheld_at is None:
        let_go(member, case, by=by, at=at)
        settle_readers(case, at)
    record_in(
        "family_team.left",
        member,
        case,
        by=by,
        at=at,
        after={"who": member.name, "reason": because},
    )


def _account(organisation: Organisation, email: str, at: datetime) -> User | None:
    """Return whoever signs in for an organisation with this e-mail address."""
    if organisation.team_id is None:
        return None
    with seeing_as(front_door()):
        user = User.objects.filter(email__iexact=email, is_active=True).first()
        held = user.current_memberships() if user else []
    return user if any(one.team_id == organisation.team_id for one in held) else None
