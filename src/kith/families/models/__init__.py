"""Who we help: people, the families they belong to, and which teams may know of them."""

from kith.families.models.living import OtherName, Relationship, Residence
from kith.families.models.records import (
    Address,
    ContactDetail,
    EmergencyAccess,
    Family,
    Membership,
    Merge,
    NotSame,
    Person,
    SearchKey,
    Spelling,
    Standing,
)

__all__ = [
    "Address",
    "ContactDetail",
    "EmergencyAccess",
    "Family",
    "Membership",
    "Merge",
    "NotSame",
    "OtherName",
    "Person",
    "Relationship",
    "Residence",
    "SearchKey",
    "Spelling",
    "Standing",
]
