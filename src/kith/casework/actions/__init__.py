"""Every change to a case, as one list of verbs. Each locks, asks, checks, changes and records."""

from kith.casework.actions.checks import (
    ActionEnded,
    ActionsOpen,
    AlreadyGiven,
    CaseClosed,
    CaseExists,
    InTheFuture,
    NotAnAddition,
    NotClosed,
    NotOfThisHub,
    NotPossible,
    OwnerUnclear,
    ReasonMissing,
    SameHub,
    TooEarly,
    TooManyFamilies,
    WordsMissing,
)
from kith.casework.actions.ending import close, reopen
from kith.casework.actions.giving import allocate, hand_over, open_from_referral, reallocate
from kith.casework.actions.planning import (
    change_due_date,
    complete_action,
    drop_action,
    plan_action,
)
from kith.casework.actions.recording import add_note, record_contact
from kith.casework.actions.reminding import remind

__all__ = [
    "ActionEnded",
    "ActionsOpen",
    "AlreadyGiven",
    "CaseClosed",
    "CaseExists",
    "InTheFuture",
    "NotAnAddition",
    "NotClosed",
    "NotOfThisHub",
    "NotPossible",
    "OwnerUnclear",
    "ReasonMissing",
    "SameHub",
    "TooEarly",
    "TooManyFamilies",
    "WordsMissing",
    "add_note",
    "allocate",
    "change_due_date",
    "close",
    "complete_action",
    "drop_action",
    "hand_over",
    "open_from_referral",
    "plan_action",
    "reallocate",
    "record_contact",
    "remind",
    "reopen",
]
