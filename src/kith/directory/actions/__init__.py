"""Every change to the directory."""

from kith.directory.actions.offer import (
    Absence,
    Item,
    Standing,
    agree_offer,
    consult,
    draft_offer,
    say_offering,
    take_out_item,
    write_item,
    write_not_offered,
)
from kith.directory.actions.refusals import DirectoryRefused
from kith.directory.actions.services import (
    Giver,
    Times,
    Told,
    Where,
    assure,
    call_off,
    drop_schedule,
    hold_at,
    leave_place,
    write_place,
    write_provider,
    write_schedule,
    write_service,
)
from kith.directory.actions.terms import set_up_terms

__all__ = [
    "Absence",
    "DirectoryRefused",
    "Giver",
    "Item",
    "Standing",
    "Times",
    "Told",
    "Where",
    "agree_offer",
    "assure",
    "call_off",
    "consult",
    "draft_offer",
    "drop_schedule",
    "hold_at",
    "leave_place",
    "say_offering",
    "set_up_terms",
    "take_out_item",
    "write_item",
    "write_not_offered",
    "write_place",
    "write_provider",
    "write_schedule",
    "write_service",
]
