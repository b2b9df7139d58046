"""Cases of the demonstration county in which children's social care was asked.

Chance of its own, by the case: the rest of the county is the same with and without it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from kith.demo.sharing import add_sharing

if TYPE_CHECKING:
    from kith.demo.book import Row
    from kith.demo.helping import Case

REASON = (
    "{child} has been at home alone on three evenings, and told us of it. {mum} says that it stops, and "
    "it has not.",
    "{child} came to school with bruises on the arm twice within a week, and there is no explanation "
    "that fits. We have not asked more.",
)
TRIED = (
    "A plan for evenings with a neighbour, and two visits a week. It held for ten days.",
    "Weekly visits, a parenting group, and a meeting with the school. {mum} came to one of four.",
)
NO_CONSENT = (
    "To ask first might put {child} in danger: we do not know who else reads {mum}'s telephone."
)
TAKEN_UP = (
    "We see the family this week. Please stay in touch with the school until our first visit."
)
BACK = (
    "Not at our threshold. Go on with the plan; ask again if {child} is alone at night once more."
)


def stepped_up(case: Case, ended: datetime, first: datetime) -> None:
    """Social care took the family up, and the case closed with it."""
    rng = Random(f"step up {case.row['reference']}")
    sent = max(first, ended - timedelta(days=rng.randint(1, 4), hours=rng.randint(1, 5)))
    span = ended - sent
    _add(
        case, rng, sent, received=sent + span * 0.4, decided=sent + span * 0.8, decision="accepted"
    )


def asked_lately(case: Case, rng: Random, at: datetime, how_far: int) -> None:
    """Social care is asked, and has got so far: with the manager, sent, received, or decided not to."""
    now = case.story.now
    span = now - at
    if how_far == 0:
        _add(case, rng, at, sent=False)
    elif how_far == 1:
        _add(case, rng, at)
    elif how_far == 2:
        _add(case, rng, at, received=at + span * 0.5)
    else:
        _add(case, rng, at, received=at + span * 0.3, decided=at + span * 0.6, decision="back")


def _add(
    case: Case,
    rng: Random,
    at: datetime,
    *,
    sent: bool = True,
    received: datetime | None = None,
    decided: datetime | None = None,
    decision: str = "",
) -> Row:
    who, worker, by = case.request.who, case.worker_at(at), case.manager
    desk = next(place for place in case.story.scene.places if place.kind == "social_care")
    agrees = rng.random() < 0.6
    mum = case.request.row["agreed_by"] or who["mum"]
    said: dict[str, Any] = {
        "ground": "consent" if agrees else "public_task",
        "agreed_by": mum if agrees else "",
        "giver": "parent" if agrees else "",
        "how": "spoken" if agrees else "",
        "ground_reason": "" if agrees else NO_CONSENT.format_map(who),
    }
    reason, tried = rng.choice(REASON).format_map(who), rng.choice(TRIED).format_map(who)
    ground = None
    if sent:
        ground = add_sharing(
            case,
            at,
            by[0],
            purpose="step_up",
            organisation_id=desk.id,
            ground=said["ground"],
            given_by=said["agreed_by"],
            giver=said["giver"],
            how=said["how"],
            reason=said["ground_reason"],
            decided_by_id=None if agrees else by[0],
            since=at.date(),
        )
    row = case.book.add(
        "casework.StepUp",
        at,
        worker.user,
        case_id=case.row.id,
        organisation_id=desk.id,
        state="decided" if decided else "received" if received else "sent" if sent else "asked",
        reason=reason,
        tried=tried,
        **said,
        sharing_id=ground.id if ground else None,
        asked_by_id=worker.user,
        asked_at=at,
        answered_by_id=by[0] if sent else None,
        answered_at=at if sent else None,
        answer="",
        way="email" if sent else "",
        spoke_with="",
        document=_document(case, reason, tried) if sent else {},
        received_by="Duty social worker" if received else "",
        received_at=received,
        receipt_kept_by_id=None,
        their_reference=f"M-{rng.randint(1000, 9999)}" if received else "",
        decision=decision,
        decision_words=(TAKEN_UP if decision == "accepted" else BACK).format_map(who)
        if decision
        else "",
        decided_at=decided,
        decision_kept_by_id=None,
    )
    case.log_about(
        "step_up.sent" if sent else "step_up.asked", at, by, row, "casework.stepup", "step up"
    )
    return row


def _document(case: Case, reason: str, tried: str) -> dict[str, Any]:
    home = case.request.home
    people = [[f"{one.given or 'Unborn child'} {one.surname}", "Child"] for one in home.children]
    people += [[f"{one.given} {one.surname}", one.role.capitalize()] for one in home.adults]
    return {
        "reference": case.row["reference"],
        "family": home.name,
        "sections": [
            {"title": "Why early help is not enough", "lines": [reason]},
            {"title": "What was tried", "lines": [tried]},
            {"title": "The family", "rows": people},
        ],
    }
