"""Every change to a request, as one list of verbs."""

from kith.referrals.actions.deciding import (
    AlreadyDecided,
    HeldBySomebody,
    NotDecided,
    WordsMissing,
    accept,
    already_helped,
    ask_more,
    no_further_action,
    pass_to_social_care,
    put_back,
    reopen,
    send_on,
    take,
)
from kith.referrals.actions.receiving import (
    AlreadyReceived,
    NothingWaits,
    Received,
    Refused,
    answer,
    receive,
    update_undecided,
    withdraw,
)
from kith.referrals.actions.telling import tell_ended, tell_first_contact

__all__ = [
    "AlreadyDecided",
    "AlreadyReceived",
    "HeldBySomebody",
    "NotDecided",
    "NothingWaits",
    "Received",
    "Refused",
    "WordsMissing",
    "accept",
    "already_helped",
    "answer",
    "ask_more",
    "no_further_action",
    "pass_to_social_care",
    "put_back",
    "receive",
    "reopen",
    "send_on",
    "take",
    "tell_ended",
    "tell_first_contact",
    "update_undecided",
    "withdraw",
]
