"""What the demonstration county's families agreed may be shared, and what some of them took back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from kith.casework.sharing import AGENCY_OF
from kith.demo.book import Row

if TYPE_CHECKING:
    from kith.demo.helping import Case
    from kith.demo.scene import Place

STAYS_IN_TOUCH = 0.45  # of families
MAY_BE_TOLD_OF = 0.06  # as an example, with names changed
TAKES_BACK = 0.03  # of families that agreed to something, some time later
WORDS = (
    "They would rather tell them themselves.",
    "It has not helped, they say.",
    "They do not want the neighbours to hear of it.",
)


def agree(case: Case) -> None:
    """Take over what was agreed when help was asked for."""
    asked = case.request.row
    consent = asked["basis"] == "consent"
    for agency in asked["agencies_told"]:
        add_sharing(
            case,
            case.opened,
            case.desk[0],
            purpose="help",
            agency=agency,
            ground="consent" if consent else "public_task",
            given_by=asked["agreed_by"],
            giver=("young_person" if asked["sender_kind"] == "young_person" else "parent")
            if consent
            else "",
            how=asked["agreed_how"],
            reason=asked["lawful_reason"],
            decided_by_id=None if consent else case.desk[0],
            since=min(asked["agreed_on"] or asked["received_at"].date(), case.opened.date()),
        )


def ground_for(case: Case, place: Place, at: datetime, purpose: str = "help") -> int:
    """Return on what a partner is told; the family is asked where nothing is agreed."""
    agency = AGENCY_OF.get(place.kind, "")
    for row in case.sharing:
        with_them = row["organisation_id"] == place.id or (agency and row["agency"] == agency)
        if with_them and row["purpose"] == purpose and row["ended_at"] is None:
            return row.id
    worker = case.worker_at(at)
    row = _spoken(case, at, purpose=purpose, organisation_id=place.id)
    case.log_about(
        "sharing.agreed", at, (worker.user, worker.name), row, "casework.sharing", PURPOSES[purpose]
    )
    return row.id


PURPOSES = {
    "help": "Do its part in the plan",
    "team": "Join the team around the family",
    "assessment": "Read the assessment",
}


def ask_more(case: Case, first: datetime, ends: datetime) -> None:
    """Ask what else the family agrees to; and let a few take something back."""
    rng, last = case.rng, min(ends, case.story.now)
    at = case.moment(first + timedelta(days=12))
    if at < last:
        if rng.random() < STAYS_IN_TOUCH:
            _spoken(case, at, purpose="stay_in_touch")
        if rng.random() < MAY_BE_TOLD_OF:
            _spoken(case, at, purpose="case_study")
    back = case.moment(first + timedelta(days=rng.randint(20, 90)))
    agreed = [one for one in case.sharing if one["ground"] == "consent"]
    if not agreed or back >= last or rng.random() >= TAKES_BACK:
        return
    row, worker = rng.choice(agreed), case.worker_at(back)
    if row["since"] > back.date():
        return
    row.change(
        back,
        worker.user,
        ended_at=back,
        ended_said_by=row["given_by"],
        ended_words=rng.choice(WORDS),
        ended_by_id=worker.user,
    )
    for action in case.actions:
        if action["sharing_id"] == row.id and not action["done_on"] and not action["dropped_on"]:
            action.change(back, worker.user, withheld_at=back)
    case.log_about(
        "sharing.taken_back", back, (worker.user, worker.name), row, "casework.sharing", "sharing"
    )


def _spoken(case: Case, at: datetime, **values: Any) -> Row:
    """What a parent said to the worker."""
    who = case.request.row["agreed_by"] or case.request.who["mum"]
    return add_sharing(
        case, at, case.worker_at(at).user,
        ground="consent", given_by=who, giver="parent", how="spoken", since=at.date(), **values,
    )  # fmt: skip


def add_sharing(case: Case, at: datetime, by: int, **values: Any) -> Row:
    """Write down what may be shared, and on what ground."""
    blank = {
        "agency": "",
        "organisation_id": None,
        "competence": "",
        "reason": "",
        "decided_by_id": None,
        "until": None,
        "recorded_at": at,
        "recorded_by_id": by,
        "ended_at": None,
        "ended_said_by": "",
        "ended_words": "",
        "ended_by_id": None,
    }
    row = case.book.add("casework.Sharing", at, by, family_id=case.family, **(blank | values))
    case.sharing.append(row)
    return row
