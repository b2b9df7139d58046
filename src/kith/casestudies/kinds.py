"""What organisations and adults are called in a study: their kind, and never their name."""

from kith.partners.models import Organisation

Kind = Organisation.Kind
KINDS: dict[str, str] = {
    Kind.SCHOOL: "a school",
    Kind.EDUCATION: "an education service",
    Kind.POLICE: "the police",
    Kind.GP: "a GP practice",
    Kind.HEALTH_VISITING: "the health visitors",
    Kind.SCHOOL_NURSING: "the school nurses",
    Kind.HEALTH: "a health service",
    Kind.HOUSING: "a housing service",
    Kind.DISTRICT: "the district council",
    Kind.SOCIAL_CARE: "children’s social care",
    Kind.ADULT_CARE: "adult social care",
    Kind.COUNCIL: "another service of the council",
    Kind.EARLY_HELP: "an early help service",
    Kind.YOUTH_JUSTICE: "the youth justice service",
    Kind.VOLUNTARY: "a voluntary group",
}
SCHOOLS: dict[str, str] = {
    Organisation.Phase.NURSERY: "a nursery",
    Organisation.Phase.PRIMARY: "a primary school",
    Organisation.Phase.SECONDARY: "a secondary school",
    Organisation.Phase.SPECIAL: "a special school",
    Organisation.Phase.COLLEGE: "a college",
}
ADULTS: dict[str, str] = {
    "mother": "their mother",
    "father": "their father",
    "step_parent": "a parent’s partner",
    "carer": "a carer",
    "grandparent": "a grandparent",
    "other": "another adult",
}


def kind_of(organisation: Organisation) -> str:
    """Return what an organisation is called in a study."""
    return SCHOOLS.get(organisation.phase) or KINDS.get(organisation.kind, "a partner")
