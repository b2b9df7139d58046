"""Every change to hubs: opening and changing them, posts, areas, promises and closed days."""

from kith.hubs.actions.areas import CannotMove, move_neighbourhoods, propose_catchments
from kith.hubs.actions.calendar import (
    AlreadyClosed,
    add_bank_holidays,
    add_closed_day,
    remove_closed_day,
    set_promises,
)
from kith.hubs.actions.hubs import NameTaken, change_hub, open_hub
from kith.hubs.actions.posts import PostRefused, add_post, change_post
from kith.hubs.actions.setting_up import set_up

__all__ = [
    "AlreadyClosed",
    "CannotMove",
    "NameTaken",
    "PostRefused",
    "add_bank_holidays",
    "add_closed_day",
    "add_post",
    "change_hub",
    "change_post",
    "move_neighbourhoods",
    "open_hub",
    "propose_catchments",
    "remove_closed_day",
    "set_promises",
    "set_up",
]
