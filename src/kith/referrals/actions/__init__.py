"""Every change to a request, as one list of verbs."""

from kith.referrals.actions.deciding import (
    AlreadyAsked,
    AlreadyDecided,
    HeldBySomebody,
    NotDecided,
    WordsMissing,
    accept,
    already_helped,
    ask_more,
    move_to_hub,
    no_further_action,
    pass_to_social_care,
    put_back,
    reopen,
    send_on,
    take,
)
from kith.referrals.actions.drafting import (
    AlreadySent,
    clear_expired_drafts,
    tell_desk_of_stopped_drafts,
)
from kith.referrals.actions.limits import TooMany
from kith.referrals.actions.needs import NeedExists, set_up_needs
from kith.referrals.actions.once import KeyUsedDifferently, receive_once
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
from kith.referrals.actions.sending import SendingRefused, say_how_it_went, signpost
from kith.referrals.actions.stepping_down import (
    DayUnlikely,
    ReceiptGiven,
    give_receipt,
    write_step_down,
)
from kith.referrals.actions.telling import (
    end_private_links,
    tell_ended,
    tell_family_ended,
    tell_first_contact,
    tell_new_link,
    tell_resumed,
)

__all__ = [
    "AlreadyAsked",
    "AlreadyDecided",
    "AlreadyReceived",
    "AlreadySent",
    "DayUnlikely",
    "HeldBySomebody",
    "KeyUsedDifferently",
    "NeedExists",
    "NotDecided",
    "NothingWaits",
    "ReceiptGiven",
    "Received",
    "Refused",
    "SendingRefused",
    "TooMany",
    "WordsMissing",
    "accept",
    "already_helped",
    "answer",
    "ask_more",
    "clear_expired_drafts",
    "end_private_links",
    "give_receipt",
    "move_to_hub",
    "no_further_action",
    "pass_to_social_care",
    "put_back",
    "receive",
    "receive_once",
    "reopen",
    "say_how_it_went",
    "send_on",
    "set_up_needs",
    "signpost",
    "take",
    "tell_desk_of_stopped_drafts",
    "tell_ended",
    "tell_family_ended",
    "tell_first_contact",
    "tell_new_link",
    "tell_resumed",
    "update_undecided",
    "withdraw",
    "write_step_down",
]
