"""The codes of the national data standards, as the DfE's census schema of 2024 lists them."""

ETHNICITIES = {
    "WBRI": "White British",
    "WIRI": "White Irish",
    "WIRT": "Traveller of Irish heritage",
    "WOTH": "Any other White background",
    "WROM": "Gypsy/Roma",
    "MWBC": "White and Black Caribbean",
    "MWBA": "White and Black African",
    "MWAS": "White and Asian",
    "MOTH": "Any other mixed background",
    "AIND": "Indian",
    "APKN": "Pakistani",
    "ABAN": "Bangladeshi",
    "AOTH": "Any other Asian background",
    "BCRB": "Caribbean",
    "BAFR": "African",
    "BOTH": "Any other Black background",
    "CHNE": "Chinese",
    "OOTH": "Any other ethnic group",
    "REFU": "Refused",
    "NOBT": "Information not yet obtained",
}
NOT_OBTAINED = "NOBT"

SOURCES = {
    "1A": "Individual: family member, relative or carer",
    "1B": "Individual: acquaintance, including neighbours and child minders",
    "1C": "Individual: self",
    "1D": "Individual: other, including strangers",
    "2A": "Schools",
    "2B": "Education services",
    "3A": "Health services: general practitioner (GP)",
    "3B": "Health services: health visitor",
    "3C": "Health services: school nurse",
    "3D": "Health services: other primary health services",
    "3E": "Health services: A&E (accident and emergency department)",
    "3F": "Health services: other, for example hospice",
    "4": "Housing: local authority housing or housing association",
    "5A": "LA services: social care, for example adults' social care",
    "5B": "LA services: other internal",
    "5C": "LA services: external, for example another local authority's",
    "5D": "LA services: early help",
    "6": "Police",
    "7": "Other legal agency, including courts, probation and prison",
    "8": "Other, including children's centres and voluntary organisations",
    "9": "Anonymous",
    "10": "Unknown",
}
UNKNOWN_SOURCE, EARLY_HELP = "10", "5D"

DISABILITIES = (
    "NONE", "MOB", "HAND", "PC", "INC", "COMM", "LD", "HEAR", "VIS", "BEH", "CON", "AUT", "DDA",
)  # fmt: skip

# Ofsted's Annex A writes a letter before each.
ANNEX_SEX = {"M": "a) Male", "F": "b) Female", "U": "c) Not stated/recorded"}
ANNEX_NEITHER = "d) Neither"
_ORDER = (
    "WBRI", "WIRI", "WIRT", "WOTH", "WROM", "MWBC", "MWBA", "MWAS", "MOTH", "AIND", "APKN", "ABAN",
    "AOTH", "BCRB", "BAFR", "BOTH", "CHNE", "OOTH", "REFU", "NOBT",
)  # fmt: skip
_LETTERS = "abcdefghijklmnopqrst"
ANNEX_ETHNICITY = {code: f"{letter}) {code}" for letter, code in zip(_LETTERS, _ORDER, strict=True)}
ANNEX_ETHNICITY_UNKNOWN = "u) UNKNOWN"
ANNEX_SOURCE = {
    "1A": "a) 1A: Individual",
    "1B": "b) 1B: Individual",
    "1C": "c) 1C: Individual",
    "1D": "d) 1D: Individual",
    "2A": "e) 2A: Schools",
    "2B": "f) 2B: Education services",
    "3A": "g) 3A: Health services",
    "3B": "h) 3B: Health services",
    "3C": "i) 3C: Health services",
    "3D": "j) 3D: Health services",
    "3E": "k) 3E: Health services",
    "3F": "l) 3F: Health services",
    "4": "m) 4: Housing",
    "5A": "n) 5A: LA services",
    "5B": "o) 5B: LA services",
    "5C": "p) 5C: LA services",
    "5D": "p1) 5D: LA services",
    "6": "q) 6: Police",
    "7": "r) 7: Other legal agency",
    "8": "s) 8: Other",
    "9": "t) 9: Anonymous",
    "10": "u) 10: Unknown",
}
ANNEX_YES, ANNEX_NO, ANNEX_UNKNOWN = "a) Yes", "b) No", "c) Unknown"
