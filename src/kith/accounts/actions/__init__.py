"""Every change to people, teams and keys."""

from kith.accounts.actions.errors import (
    AddressTaken,
    AlreadyEnded,
    AlreadyHeld,
    EndsBeforeItBegins,
    LastAdministrator,
    NotPossible,
    NotStaff,
    WrongTeam,
)
from kith.accounts.actions.failing import tell_of_failure, tell_of_lock_out
from kith.accounts.actions.first import AdministratorThere, make_first_administrator
from kith.accounts.actions.grants import write_grants
from kith.accounts.actions.keys import end_api_key, make_api_key, use_api_key
from kith.accounts.actions.links import end_links, hash_of, make_link, renew_link, use_link
from kith.accounts.actions.people import (
    add_person,
    correct_person,
    details,
    end_person,
    end_role,
    end_session,
    forget_second_factor,
    give_role,
    invite,
    open_again,
)
from kith.accounts.actions.teams import add_team, arrange_cover, change_team, end_cover

__all__ = [
    "AddressTaken",
    "AdministratorThere",
    "AlreadyEnded",
    "AlreadyHeld",
    "EndsBeforeItBegins",
    "LastAdministrator",
    "NotPossible",
    "NotStaff",
    "WrongTeam",
    "add_person",
    "add_team",
    "arrange_cover",
    "change_team",
    "correct_person",
    "details",
    "end_api_key",
    "end_cover",
    "end_links",
    "end_person",
    "end_role",
    "end_session",
    "forget_second_factor",
    "give_role",
    "hash_of",
    "invite",
    "make_api_key",
    "make_first_administrator",
    "make_link",
    "open_again",
    "renew_link",
    "tell_of_failure",
    "tell_of_lock_out",
    "use_api_key",
    "use_link",
    "write_grants",
]
