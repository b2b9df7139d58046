"""Every change to families, as one list of verbs."""

from kith.families.actions.emergency import (
    AlreadyReviewed,
    NoSuchFamily,
    ReasonMissing,
    break_glass,
    look_for_in_emergency,
    review_emergency,
)
from kith.families.actions.keeping import (
    add_address,
    add_contact_detail,
    add_family,
    add_person,
    correct_person,
    end_address,
    end_contact_detail,
    end_membership,
    found_in_the_end,
    rename_family,
    write_search_keys,
)
from kith.families.actions.merging import (
    AlreadyMerged,
    AlreadyUndone,
    CannotMerge,
    merge,
    merge_people,
    say_not_same,
    undo_merge,
)
from kith.families.actions.standing import end_standing, give_standing

__all__ = [
    "AlreadyMerged",
    "AlreadyReviewed",
    "AlreadyUndone",
    "CannotMerge",
    "NoSuchFamily",
    "ReasonMissing",
    "add_address",
    "add_contact_detail",
    "add_family",
    "add_person",
    "break_glass",
    "correct_person",
    "end_address",
    "end_contact_detail",
    "end_membership",
    "end_standing",
    "found_in_the_end",
    "give_standing",
    "look_for_in_emergency",
    "merge",
    "merge_people",
    "rename_family",
    "review_emergency",
    "say_not_same",
    "undo_merge",
    "write_search_keys",
]
