"""Word between hubs of a case that one offers another: both hear what comes of it."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from kith.accounts.models import Team, User
from kith.accounts.viewer import front_door, seeing_as
from kith.casework import handing_over, queries, wordings
from kith.casework.models import Case, HandoverOffer
from kith.casework.permissions import may_remind
from kith.hubs.calendar import is_working_day, working_days_ago
from kith.notices import actions as notices
from kith.notices.words import Wording

State = HandoverOffer.State
ENDED = {
    State.ACCEPTED: "has taken it over",
    State.DECLINED: "does not take it over, and says why",
}


def tell_offered(offer: HandoverOffer, case: Case, at: datetime) -> None:
    """Tell the managers of a hub that a case is offered to them: its number, and no name."""
    _tell(wordings.HANDOVER_OFFERED, offer, case, offer.to_team, "offered", at)


def tell_answered(offer: HandoverOffer, case: Case, worker: User | None, at: datetime) -> None:
    """Tell the hub that offered a case what came of it, and the worker who had it there."""
    also = [worker] if worker else []
    what = ENDED[State(offer.state)]
    _tell(wordings.HANDOVER_ANSWERED, offer, case, offer.from_team, what, at, also=also)


def tell_withdrawn(offer: HandoverOffer, case: Case, at: datetime) -> None:
    """Tell the hub that was asked that it need not answer any more."""
    _tell(wordings.HANDOVER_WITHDRAWN, offer, case, offer.to_team, "withdrawn", at)


def tell_partners_moved(offer: HandoverOffer, case: Case, at: datetime) -> None:
    """Tell partners with open actions which hub to ring from now on: not which family."""
    hub = getattr(offer.to_team, "hub", None)
    told = set()
    for action in case.actions.filter(
        owner_organisation__isnull=False,
        done_on__isnull=True,
        dropped_on__isnull=True,
        withheld_at__isnull=True,
    ).select_related("owner_organisation__team"):
        organisation = action.owner_organisation
        assert organisation is not None
        to = organisation.email or (organisation.team.email if organisation.team else "")
        if not to or organisation in told:
            continue
        told.add(organisation)
        notices.send(
            wordings.PARTNER_MOVED,
            to=to,
            context={
                "organisation": organisation,
                "from": offer.from_team,
                "hub": offer.to_team,
                "phone": hub.phone if hub else "",
                "link": settings.KITH_ADDRESS + reverse("casework:my_actions"),
            },
            once_key=f"casework.partner_moved:{offer.pk}:{organisation.pk}",
            at=at,
            about=("case", case.pk),
            team=offer.to_team,
        )


def remind_of_offers(*, by: User, at: datetime) -> int:
    """Bring offers that wait too long to mind, once each working day: those who are asked, and in
    the end those who offer. Returns how many offers. Raises PermissionDenied."""
    may_remind(by).or_raise()
    today = timezone.localdate(at)
    if not is_working_day(today):
        return 0
    long_ago = working_days_ago(at, 2 * handing_over.ANSWER_WITHIN)
    waiting = handing_over.waiting(by, at)
    for offer in waiting:
        key = f"waits:{today}"
        _tell(wordings.HANDOVER_WAITS, offer, offer.case, offer.to_team, key, at)
        if offer.offered_at < long_ago:
            _tell(wordings.HANDOVER_UNANSWERED, offer, offer.case, offer.from_team, key, at)
    return len(waiting)


def _tell(
    wording: Wording,
    offer: HandoverOffer,
    case: Case,
    team: Team,
    what: str,
    at: datetime,
    *,
    also: list[User] | None = None,
) -> None:
    """Write to the managers of a hub, or whoever stands in for them; to the hub where it has none."""
    today = timezone.localdate(at)
    with seeing_as(front_door()):
        managers = list(queries.managers_of(front_door(), team, today))
    standing_in = queries.standing_in(front_door(), today)
    people = [standing_in.get(one.pk, one) for one in [*managers, *(also or [])]]
    addresses = list(dict.fromkeys(one.email for one in people)) or [team.email]
    for address in addresses:
        notices.send(
            wording,
            to=address,
            context={
                "reference": case.reference,
                "from": offer.from_team,
                "to": offer.to_team,
                "what": what,
                "since": f"{timezone.localdate(offer.offered_at):%-d %B %Y}",
                "link": settings.KITH_ADDRESS + reverse("casework:handover", args=[offer.pk]),
            },
            once_key=f"{wording.key}:{offer.pk}:{what[:20]}:{address}"[:120],
            at=at,
            about=("case", case.pk),
            team=team,
        )
