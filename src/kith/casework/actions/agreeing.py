"""What the family agreed may be shared; what is shared without; and taking it back."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from kith.accounts.models import User
from kith.accounts.viewer import front_door, seeing_as
from kith.analytics.days import age_on
from kith.audit.actions import record
from kith.casework import sharing as rules
from kith.casework.actions.checks import (
    InTheFuture,
    NotPossible,
    ReasonMissing,
    TooEarly,
    WordsMissing,
    check_not_closed,
    lock,
)
from kith.casework.actions.inviting import withhold_member
from kith.casework.actions.reading import settle_readers
from kith.casework.actions.reminding import tell_partner_withheld, tell_worker_taken_back
from kith.casework.models import (
    AssessmentShare,
    Case,
    FamilyPage,
    PlannedAction,
    Sharing,
    TeamMember,
)
from kith.casework.permissions import (
    may_end_sharing,
    may_share_without_consent,
    may_withhold,
    may_work,
)
from kith.families.models import Person
from kith.partners.models import Organisation
from kith.referrals.models import Referral


class NotShared(NotPossible):
    """Nothing lets this be shared with the organisation. The message says why and what to do."""


class SharedAlready(NotPossible):
    """The same is in force already."""


class AlreadyEnded(NotPossible):
    """It was taken back, or ended, before."""


class WithWhomUnclear(NotPossible):
    """Sharing is with one kind of agency or one organisation, where its purpose is about others."""


class ConsentNeeded(NotPossible):
    """For this purpose nothing but consent will do."""


class CompetenceUnclear(NotPossible):
    """A young person below 16 decides only where somebody says why they can."""


@transaction.atomic
def record_consent(
    *,
    case: Case,
    purpose: str,
    agency: str = "",
    organisation: Organisation | None = None,
    given_by: str,
    giver: str,
    how: str,
    person: Person | None = None,
    competence: str = "",
    of_others: bool = False,
    since: date,
    until: date | None = None,
    by: User,
    at: datetime,
) -> Sharing:
    """Write down that somebody of the family agreed. `person` is whoever agreed, where on record:
    with a birthday it tells whether `competence` is needed. `of_others`: of the assessment, what it
    says of people outside the home may be read too.

    Raises PermissionDenied, CaseClosed, WithWhomUnclear, WordsMissing, CompetenceUnclear,
    InTheFuture, TooEarly, SharedAlready.
    """
    case = lock(case)
    may_work(by, case).or_raise()
    return write_consent(
        case=case,
        purpose=purpose,
        agency=agency,
        organisation=organisation,
        given_by=given_by,
        giver=giver,
        how=how,
        person=person,
        competence=competence,
        of_others=of_others,
        since=since,
        until=until,
        by=by,
        at=at,
    )


def write_consent(
    *,
    case: Case,
    purpose: str,
    agency: str = "",
    organisation: Organisation | None = None,
    given_by: str,
    giver: str,
    how: str,
    person: Person | None = None,
    competence: str = "",
    of_others: bool = False,
    since: date,
    until: date | None = None,
    by: User,
    at: datetime,
) -> Sharing:
    """Write an agreement down in a locked case, for whoever was asked whether they may. Raises what
    `record_consent` does."""
    if not given_by.strip():
        raise WordsMissing("Say who agreed.")
    if giver == Sharing.Giver.YOUNG_PERSON and not competence.strip():
        born = person.date_of_birth if person else None
        if born is None or age_on(born, since) < rules.DECIDES_FROM:
            raise CompetenceUnclear(
                "Say why this young person can decide it: what they understood, in their words. "
                "Below 16, a parent decides unless they can."
            )
    return _keep(
        case,
        Sharing(
            purpose=purpose,
            agency=agency,
            organisation=organisation,
            ground=Sharing.Ground.CONSENT,
            given_by=given_by.strip(),
            giver=giver,
            how=how,
            competence=competence.strip(),
            of_others=of_others and purpose == Sharing.Purpose.ASSESSMENT,
            since=since,
            until=until,
        ),
        "sharing.agreed",
        by,
        at,
    )


@transaction.atomic
def share_without_consent(
    *,
    case: Case,
    purpose: str,
    agency: str = "",
    organisation: Organisation | None = None,
    ground: str,
    reason: str,
    since: date,
    until: date | None = None,
    by: User,
    at: datetime,
) -> Sharing:
    """Write down that a manager decided to share without consent, on which ground and why.

    Raises PermissionDenied, CaseClosed, ConsentNeeded, WithWhomUnclear, ReasonMissing, InTheFuture,
    TooEarly, SharedAlready.
    """
    case = lock(case)
    may_share_without_consent(by, case).or_raise()
    if purpose in Sharing.WITH_NOBODY:
        raise ConsentNeeded("Only the family can agree to this. Ask them first.")
    if ground == Sharing.Ground.CONSENT or not reason.strip():
        raise ReasonMissing("Write why this is shared without consent.")
    return _keep(
        case,
        Sharing(
            purpose=purpose,
            agency=agency,
            organisation=organisation,
            ground=ground,
            reason=reason.strip(),
            decided_by=by,
            since=since,
            until=until,
        ),
        "sharing.without_consent",
        by,
        at,
    )


def _keep(case: Case, sharing: Sharing, what: str, by: User, at: datetime) -> Sharing:
    # Most stories are told when they are over.
    if sharing.purpose != Sharing.Purpose.CASE_STUDY:
        check_not_closed(case)
    today = timezone.localdate(at)
    alone = sharing.purpose in Sharing.WITH_NOBODY
    if (bool(sharing.agency) + (sharing.organisation is not None)) != (0 if alone else 1):
        raise WithWhomUnclear(
            "This is about the hub alone: choose nobody else."
            if alone
            else "Choose with whom it may be shared."
        )
    if sharing.since > today:
        raise InTheFuture("That day is still to come. Give the day on which it was agreed.")
    if sharing.until is not None and sharing.until < today:
        raise TooEarly("That day has passed. Give a day from today on, or none.")
    sharing.family, sharing.recorded_at, sharing.recorded_by = case.family, at, by
    same = rules.visible_to(by, case.family).filter(
        rules.on(today),
        purpose=sharing.purpose,
        agency=sharing.agency,
        organisation=sharing.organisation,
        ground=sharing.ground,
        until=sharing.until,
        given_by=sharing.given_by,
        of_others=sharing.of_others,
    )
    if same.exists():
        raise SharedAlready("This is written down already, and in force.")
    sharing.save(force_insert=True)
    if sharing.purpose == Sharing.Purpose.ASSESSMENT:
        for one in _cases_of(sharing):
            settle_readers(one, at)
    record(
        what,
        subject=sharing,
        by=by,
        at=at,
        after={
            "what for": sharing.get_purpose_display(),
            "with whom": rules.with_whom(sharing),
            "who agreed": sharing.given_by,
            "ground": sharing.get_ground_display(),
            "until": sharing.until,
        },
        family_id=case.family_id,
        team_id=case.team_id,
    )
    return sharing


# What rooms above this one share on the same ground ends with it, in the same transaction.
TakenBack = Callable[..., None]  # of `sharing`, `by` and `at`
_further: list[TakenBack] = []


def also_when_taken_back(act: TakenBack) -> None:
    """Let a room above this one act when something is taken back: on every page alike."""
    if act not in _further:
        _further.append(act)


@transaction.atomic
def take_back(
    *,
    sharing: Sharing,
    said_by: str,
    words: str = "",
    page: FamilyPage | None = None,
    by: User | None,
    at: datetime,
) -> Sharing:
    """Take an agreement back, or end what is shared without. On the family's own page `by` is
    None, and only what was agreed can be taken back.

    Partners see no more of what rested on it, actions or the team; they and the worker are told. Of two who
    do it together the second is told so. Raises PermissionDenied, AlreadyEnded, WordsMissing.
    """
    with seeing_as(front_door()):
        locked = Sharing.objects.select_for_update(of=("self",)).get(pk=sharing.pk)
        cases = _cases_of(locked)
    if by is not None:
        may_end_sharing(by, locked, cases).or_raise()
    elif (
        page is None
        or page.family.head_id != locked.family.head_id
        or locked.ground != Sharing.Ground.CONSENT
    ):
        raise PermissionDenied("This is not yours to take back.")
    if locked.ended_at is not None:
        raise AlreadyEnded(
            f"This was ended on {timezone.localdate(locked.ended_at):%-d %B %Y} already."
        )
    if not said_by.strip():
        raise WordsMissing("Say who took it back.")
    with seeing_as(front_door()):
        locked.ended_at, locked.ended_by = at, by
        locked.ended_said_by, locked.ended_words = said_by.strip(), words.strip()
        locked.save(update_fields=["ended_at", "ended_by", "ended_said_by", "ended_words"])
        _withhold(locked, cases, at)
        record(
            "sharing.taken_back",
            subject=locked,
            by=by,
            at=at,
            after={
                "what for": locked.get_purpose_display(),
                "with whom": rules.with_whom(locked),
                "said by": locked.ended_said_by,
            },
            family_id=locked.family_id,
            team_id=cases[0].team_id if cases else None,
        )
        for case in cases:
            if case.status != Case.Status.CLOSED:
                tell_worker_taken_back(locked, case, at)
        for act in _further:
            act(sharing=locked, by=by, at=at)
    return locked


@transaction.atomic
def withhold_what_ran_out(*, by: User, at: datetime) -> int:
    """Show partners no more of what rests on agreements whose last day has passed, and tell them.
    Returns how many agreements that were. Run again, it withholds nothing twice.

    Raises PermissionDenied.
    """
    may_withhold(by).or_raise()
    over = Sharing.objects.filter(
        Exists(_resting_actions(OuterRef("pk")))
        | Exists(_resting_members(OuterRef("pk")))
        | Exists(AssessmentShare.objects.filter(sharing=OuterRef("pk"), ended_at__isnull=True)),
        until__lt=timezone.localdate(at),
        ended_at__isnull=True,
    )
    with seeing_as(front_door()):
        ran_out = Sharing.objects.select_for_update(of=("self",)).filter(pk__in=over.values("pk"))
        found = list(ran_out.order_by("pk"))
        for sharing in found:
            cases = _cases_of(sharing)
            _withhold(sharing, cases, at)
            record(
                "sharing.ran_out",
                subject=sharing,
                by=by,
                at=at,
                after={"with whom": rules.with_whom(sharing), "until": sharing.until},
                family_id=sharing.family_id,
                team_id=cases[0].team_id if cases else None,
            )
    return len(found)


def _cases_of(sharing: Sharing) -> list[Case]:
    """Return the family's cases, on all its records."""
    cases = Case.objects.filter(family__head=sharing.family.head_id)
    return list(cases.select_related("team", "worker").order_by("pk"))


def _resting_actions(sharing: Any) -> QuerySet[PlannedAction]:
    return PlannedAction.objects.filter(
        sharing=sharing, done_on__isnull=True, dropped_on__isnull=True, withheld_at__isnull=True
    )


def _resting_members(sharing: Any) -> QuerySet[TeamMember]:
    return TeamMember.objects.filter(sharing=sharing, until__isnull=True, withheld_at__isnull=True)


def _withhold(sharing: Sharing, cases: list[Case], at: datetime) -> None:
    """Share no longer what rested on this, unless something else in force lets it be shared."""
    today = timezone.localdate(at)
    by_number = {case.pk: case for case in cases}

    def still(organisation: Organisation) -> Sharing | None:
        return rules.grounds(
            front_door(), sharing.family, sharing.purpose, organisation, today
        ).first()

    actions = _resting_actions(sharing).select_for_update(of=("self",))
    for action in actions.select_related("owner_organisation").order_by("pk"):
        assert action.owner_organisation is not None
        if other := still(action.owner_organisation):
            action.sharing = other
            action.save(update_fields=["sharing"])
            continue
        action.withheld_at = at
        action.save(update_fields=["withheld_at"])
        if case := by_number.get(action.case_id):
            tell_partner_withheld(action, case, at)
    members = _resting_members(sharing).select_for_update(of=("self",))
    for member in members.select_related("organisation").order_by("pk"):
        assert member.organisation is not None
        if other := still(member.organisation):
            member.sharing = other
            member.save(update_fields=["sharing"])
            continue
        withhold_member(member, by_number[member.case_id], at)
    for case in cases:
        settle_readers(case, at)


def ground_for(
    *,
    case: Case,
    organisation: Organisation,
    purpose: str = Sharing.Purpose.HELP,
    by: User,
    at: datetime,
) -> Sharing:
    """Return what lets a partner be told, held until the transaction ends: nobody takes it back in
    between. Raises NotShared."""
    today = timezone.localdate(at)
    found = (
        rules.grounds(by, case.family, purpose, organisation, today)
        .select_for_update(of=("self",))
        .first()
    )
    if found is None:
        raise NotShared(rules.why_not(by, case.family, purpose, organisation, today))
    return found


def agreed_in_request(case: Case, referral: Referral, *, by: User, at: datetime) -> None:
    """Take over what the family agreed to when help was asked for, or why nobody asked them."""
    agreed = referral.basis == Referral.Basis.CONSENT
    day = referral.agreed_on or timezone.localdate(referral.received_at)
    own = referral.sender_kind == "young_person"
    for agency in dict.fromkeys(referral.agencies_told):
        Sharing.objects.create(
            family=case.family,
            purpose=Sharing.Purpose.HELP,
            agency=agency,
            ground=Sharing.Ground.CONSENT if agreed else Sharing.Ground.PUBLIC_TASK,
            given_by=referral.agreed_by if agreed else "",
            giver=(Sharing.Giver.YOUNG_PERSON if own else Sharing.Giver.PARENT) if agreed else "",
            how=referral.agreed_how if agreed else "",
            reason="" if agreed else referral.lawful_reason,
            decided_by=None if agreed else by,
            since=min(day, timezone.localdate(at)),
            recorded_at=at,
            recorded_by=by,
        )


__all__ = [
    "AlreadyEnded",
    "CompetenceUnclear",
    "ConsentNeeded",
    "NotShared",
    "SharedAlready",
    "WithWhomUnclear",
    "agreed_in_request",
    "ground_for",
    "record_consent",
    "share_without_consent",
    "take_back",
    "withhold_what_ran_out",
]
