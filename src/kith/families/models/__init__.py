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
from kith.families.models.restricting import Named, Restriction

__all__ = [
    "Address",
    "ContactDetail",
    "EmergencyAccess",
    "Family",
    "Membership",
    "Merge",
    "Named",
    "NotSame",
    "OtherName",
    "Person",
    "Relationship",
    "Residence",
    "Restriction",
    "SearchKey",
    "Spelling",
    "Standing",
]
