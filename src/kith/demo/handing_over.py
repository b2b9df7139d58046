"""Cases of the demonstration county that one hub offers another."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from kith.casework.models import Sharing
from kith.casework.permissions import STAYS_IN_SIGHT
from kith.referrals.requests import AGENCIES

if TYPE_CHECKING:
    from random import Random

    from kith.demo.book import Row
    from kith.demo.helping import Case

STANDS = (
    "Mornings are calmer, and {child} is on time on most days. {mum} trusts us slowly: ring before you "
    "come. What is left is the evenings.",
    "The plan has begun, and nobody has given up. {child} likes to be asked alone. {mum} finds letters "
    "hard; a call is better.",
)
TOLD = "{mum} knows since our last visit and would like to meet the new worker with us once."
NOT_TOLD = "{mum} is away until Monday. Her worker tells her then, before anybody else rings."
DECLINED = (
    "Two of our workers are ill and we cannot keep the promise of a visit. Ask us in January."
)
WITHDRAWN = "The family stays where it is after all: the landlord has given them another year."


def offer(case: Case, rng: Random, to_team: int, reason: str, at: datetime, **answer: Any) -> Row:
    """Offer a case to another hub. `answer`: what became of it, where somebody has answered."""
    who, by = case.request.who, case.manager
    due = [
        [row["what"], row["due_on"].isoformat(), "the worker" if row["owner_id"] else "a partner"]
        for row in case.actions
        if not row["done_on"] and not row["dropped_on"]
    ]
    knows = rng.random() < 0.8
    home = case.request.home
    row = case.book.add(
        "casework.HandoverOffer",
        at,
        by[0],
        case_id=case.row.id,
        from_team_id=case.row["team_id"],
        to_team_id=to_team,
        reason=reason,
        stands=rng.choice(STANDS).format_map(who),
        due="\n".join(f"{what}: by {day}" for what, day, _ in due),
        family_knows=knows,
        told=(TOLD if knows else NOT_TOLD).format_map(who),
        facts={
            "reference": case.row["reference"],
            "family": home.name,
            "people": [
                *(
                    [f"{one.given or 'Unborn child'} {one.surname}", "Child", ""]
                    for one in home.children
                ),
                *([f"{one.given} {one.surname}", one.role.capitalize(), ""] for one in home.adults),
            ],
            "worker": case.worker_at(at).name,
            "intensity": case.row["intensity"].capitalize(),
            "opened": case.opened.date().isoformat(),
            "reached": case.row["first_contact_at"].date().isoformat(),
            "contact_by": case.row["contact_by"].date().isoformat(),
            "interpreter": home.interpreter,
            "advice": "",
            "signed": "",
            "goals": [],
            "actions": due,
            "review": "",
            "involved": [[case.worker_at(at).name, "Worker of the case"]],
            "agreed": [
                [
                    AGENCIES[one["agency"]],
                    Sharing.Purpose(one["purpose"]).label,
                    "Goes along: the family agreed to it, whichever hub helps.",
                ]
                for one in case.sharing
                if one["agency"] and one["ended_at"] is None
            ],
        },
        offered_by_id=by[0],
        offered_at=at,
        state="waiting",
        answered_by_id=None,
        answered_at=None,
        answer="",
        worker_id=None,
    )
    case.log("handover.offered", at, by, {"reason": reason})
    if answer:
        row.change(answer["answered_at"], answer["answered_by_id"], **answer)
    return row


def let_go(case: Case, at: datetime, by: int) -> None:
    """Let the hub that had the case know of the family a fortnight more, where it has no other case."""
    request = case.request
    if request.earlier is None and request.given is not None:
        request.given.change(at, by, until=at + STAYS_IN_SIGHT)
