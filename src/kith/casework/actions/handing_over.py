"""A case goes from one hub to another: offered, and taken over, declined or taken back.

Until another hub has taken it over, the case and its duty stay where they are. Everything locks the
case first, then the offer: an answer and a change of the case never wait for each other.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from kith.accounts.models import Team, User
from kith.accounts.viewer import front_door, seeing_as
from kith.audit.actions import record
from kith.casework import handing_over, still_open
from kith.casework.actions.case_log import record_in
from kith.casework.actions.checks import (
    NotPossible,
    ReasonMissing,
    SameHub,
    WordsMissing,
    check_not_closed,
    lock,
)
from kith.casework.actions.giving import give
from kith.casework.actions.settling import settle_all
from kith.casework.actions.team import colleagues_leave
from kith.casework.actions.telling_hubs import (
    tell_answered,
    tell_offered,
    tell_partners_moved,
    tell_withdrawn,
)
from kith.casework.models import Allocation, Case, Handover, HandoverOffer, Note
from kith.casework.permissions import STAYS_IN_SIGHT, may_hand_over, may_take_over
from kith.casework.still_open import Becomes
from kith.families import actions as families
from kith.families import restricting
from kith.hubs.models import Hub
from kith.referrals import actions as referrals

State = HandoverOffer.State


class OfferedAlready(NotPossible):
    """A case is offered to one hub at a time."""


class OfferOver(NotPossible):
    """The offer was answered, or taken back, meanwhile. The message says how."""


@transaction.atomic
def offer_case(
    *,
    case: Case,
    hub: Hub,
    reason: str,
    stands: str,
    due: str = "",
    family_knows: bool,
    told: str,
    by: User,
    at: datetime,
) -> HandoverOffer:
    """Ask another hub to take a case over. The case stays where it is until that hub answers.

    `told` is what the family was told, or why it was not. Raises PermissionDenied, CaseClosed,
    SameHub, ReasonMissing, WordsMissing, OfferedAlready.
    """
    case = lock(case)
    may_hand_over(by, case).or_raise()
    check_not_closed(case)
    if hub.team_id == case.team_id:
        raise SameHub(f"{case.team} has this case already. Choose another hub.")
    if not reason.strip():
        raise ReasonMissing("Write why another hub takes over.")
    if not stands.strip():
        raise WordsMissing("Write where things stand with the family.")
    if not told.strip():
        raise WordsMissing(
            "Write what the family was told."
            if family_knows
            else "Write why the family was not told."
        )
    if restricting.restricted(by, case.family):
        raise NotPossible(
            "This family’s record is kept to named people, and the other hub’s managers would see"
            " the offer. Speak with them, and show the record again while it is handed over."
        )
    waiting = case.handover_offers.filter(state=State.WAITING).select_related("to_team").first()
    if waiting is not None:
        raise OfferedAlready(
            f"{case.reference} is offered to {waiting.to_team}, which has not answered yet. "
            "Take that back first."
        )
    offer = HandoverOffer(
        case=case,
        from_team=case.team,
        to_team=hub.team,
        reason=reason.strip(),
        stands=stands.strip(),
        due=due.strip(),
        family_knows=family_knows,
        told=told.strip(),
        facts=handing_over.facts(by, case, timezone.localdate(at)),
        offered_by=by,
        offered_at=at,
    )
    offer.save(force_insert=True)
    record_in(
        "handover.offered",
        offer,
        case,
        by=by,
        at=at,
        after={"hub": hub.name, "reason": offer.reason},
    )
    tell_offered(offer, case, at)
    return offer


@transaction.atomic
def take_over(
    *,
    offer: HandoverOffer,
    worker: User,
    reason: str = "",
    becomes: Mapping[str, Becomes] | None = None,
    rest_ends: bool = False,
    by: User,
    at: datetime,
) -> Case:
    """Take over a case that another hub offers, and give it to a worker. The request goes along.

    The hub that had it sees the record for some days more, to finish what it was writing; longer
    where it has helped the family in another case. `reason` is needed when the worker has no room.
    `becomes` says what becomes of planned visits and places (see `still_open`), and a note on the
    case keeps it. Raises PermissionDenied, OfferOver, CaseClosed, NotOfThisHub, TooManyFamilies,
    LeftOpen, TooEarly.
    """
    may_take_over(by, offer).or_raise()
    with seeing_as(front_door()):
        case, offer = _locked(offer)
        check_not_closed(case)
        became = settle_all(
            case=case,
            becomes=becomes or {},
            rest_ends=rest_ends,
            to=offer.to_team,
            worker=worker,
            viewer=front_door(),
            by=by,
            at=at,
        )
        families.give_standing(
            family=case.family, team=offer.to_team, reason="case", by=front_door(), at=at
        )
        hub = Hub.objects.get(team=offer.to_team_id)
        # Whose request it is decides who sees it: not yet whoever takes the case over.
        referrals.move_to_hub(referral=case.referral, hub=hub, by=by, at=at)
    had = case.worker
    before = {"hub": offer.from_team, "worker": had, "status": case.status}
    Handover.objects.create(
        case=case,
        from_team=offer.from_team,
        to_team=offer.to_team,
        reason=offer.reason,
        by=by,
        at=at,
    )
    Allocation.objects.filter(case=case, until__isnull=True).update(until=at)
    case.team, case.worker, case.allocated_at = offer.to_team, None, None
    case.status = Case.Status.UNALLOCATED
    case.save(update_fields=["team", "worker", "allocated_at", "status"])
    record(
        "case.handed_over",
        subject=case,
        by=by,
        at=at,
        before=before,
        after={"hub": hub.name, "status": case.status, "reason": offer.reason},
    )
    case = give(case=case, worker=worker, reason=reason, by=by, at=at)
    if became:
        words = f"When {offer.to_team} took the case over:\n{still_open.in_words(became)}"
        Note.objects.create(case=case, happened_at=at, words=words, by=by, recorded_at=at)
    offer.state, offer.worker = State.ACCEPTED, worker
    offer.answered_by, offer.answered_at = by, at
    offer.save(update_fields=["state", "worker", "answered_by", "answered_at"])
    _let_go(case, offer.from_team, by, at)
    colleagues_leave(case=case, because=f"{offer.to_team} took over.", by=by, at=at)
    tell_answered(offer, case, had, at)
    tell_partners_moved(offer, case, at)
    return case


@transaction.atomic
def decline_case(*, offer: HandoverOffer, reason: str, by: User, at: datetime) -> HandoverOffer:
    """Say that a hub does not take a case over, and why. It stays where it is.

    Raises PermissionDenied, OfferOver, ReasonMissing.
    """
    may_take_over(by, offer).or_raise()
    if not reason.strip():
        raise ReasonMissing("Write why your hub does not take the case over.")
    with seeing_as(front_door()):
        case, offer = _locked(offer)
        _end(offer, State.DECLINED, reason, by, at)
        record_in("handover.declined", offer, case, by=by, at=at, after={"reason": offer.answer})
        tell_answered(offer, case, case.worker, at)
    return offer


@transaction.atomic
def withdraw_offer(*, offer: HandoverOffer, reason: str, by: User, at: datetime) -> HandoverOffer:
    """Take back an offer that nobody has answered. Raises PermissionDenied, OfferOver, ReasonMissing."""
    case, offer = _locked(offer)
    may_hand_over(by, case).or_raise()
    if not reason.strip():
        raise ReasonMissing("Write why the case stays.")
    _end(offer, State.WITHDRAWN, reason, by, at)
    record_in("handover.withdrawn", offer, case, by=by, at=at, after={"reason": offer.answer})
    tell_withdrawn(offer, case, at)
    return offer


def _locked(offer: HandoverOffer) -> tuple[Case, HandoverOffer]:
    case = Case.objects.select_for_update().get(pk=offer.case_id)
    offer = HandoverOffer.objects.select_for_update().get(pk=offer.pk)
    if offer.state != State.WAITING:
        when = timezone.localtime(offer.answered_at)
        raise OfferOver(
            f"{offer.answered_by} was first: {offer.get_state_display().lower()} on "
            f"{when:%-d %B %Y at %H:%M}."
        )
    return case, offer


def _end(offer: HandoverOffer, state: str, reason: str, by: User, at: datetime) -> None:
    offer.state, offer.answer = state, reason.strip()
    offer.answered_by, offer.answered_at = by, at
    offer.save(update_fields=["state", "answer", "answered_by", "answered_at"])


def _let_go(case: Case, team: Team, by: User, at: datetime) -> None:
    """Let the hub that had a case know of the family some days more, unless it has, or had, another
    case of theirs."""
    others = Case.objects.filter(family__head=case.family.head_id, team=team)
    if not others.exclude(pk=case.pk).exists():
        families.end_standing(
            family=case.family, team=team, reason="case", by=by, at=at, until=at + STAYS_IN_SIGHT
        )
