"""The Department for Education's codes for who asked (children in need census, contact source)."""

from kith.partners.models import Organisation

NAMES = {
    "1A": "Individual: family member, relative or carer",
    "1B": "Individual: acquaintance, such as a neighbour or child minder",
    "1C": "Individual: self",
    "1D": "Individual: other",
    "2A": "Schools",
    "2B": "Education services",
    "3A": "GP",
    "3B": "Health visitor",
    "3C": "School nurse",
    "3D": "Other primary health services",
    "3E": "Accident and emergency",
    "3F": "Other health services",
    "4": "Housing",
    "5A": "Council: social care",
    "5B": "Council: other service",
    "5C": "Another council’s service",
    "5D": "Council: early help",
    "6": "Police",
    "7": "Other legal agency",
    "8": "Other, such as a voluntary organisation",
    "9": "Anonymous",
    "10": "Unknown",
}
_KINDS = {
    Organisation.Kind.SCHOOL: "2A",
    Organisation.Kind.EDUCATION: "2B",
    Organisation.Kind.POLICE: "6",
    Organisation.Kind.GP: "3A",
    Organisation.Kind.HEALTH_VISITING: "3B",
    Organisation.Kind.SCHOOL_NURSING: "3C",
    Organisation.Kind.HEALTH: "3F",
    Organisation.Kind.HOUSING: "4",
    Organisation.Kind.DISTRICT: "5C",
    Organisation.Kind.SOCIAL_CARE: "5A",
    Organisation.Kind.ADULT_CARE: "5A",
    Organisation.Kind.COUNCIL: "5B",
    Organisation.Kind.EARLY_HELP: "5D",
    Organisation.Kind.YOUTH_JUSTICE: "7",
    Organisation.Kind.VOLUNTARY: "8",
}
# Whoever asks without an organisation, by the referral's own words for senders.
_PEOPLE = {
    "parent": "1A",
    "young_person": "1C",
    "acquaintance": "1B",
    "other": "1D",
    "anonymous": "9",
}


def source_code(kind: str = "", *, sender: str = "") -> str:
    """Return the contact source code for a request.

    `kind` is an organisation's kind, "" where there is none; then `sender` decides: parent,
    young_person, acquaintance, other, anonymous. "10", unknown, for anything else.
    """
    if kind in _KINDS:
        return _KINDS[Organisation.Kind(kind)]
    return _PEOPLE.get(sender, "10")


def source_name(code: str) -> str:
    """Return what a contact source code means, in words."""
    return NAMES.get(code, NAMES["10"])
