"""Which districts make up the county, and what is known about its postcodes besides the directory."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True)
class County:
    """What the loading of postcodes needs to know about a county.

    `ended` are postcode sectors that Royal Mail has recoded as a whole: the directory still lists
    them, unmarked, on top of the sectors that took their place. `towns` are the post towns of the
    first halves of postcodes, for names of neighbourhoods. Both may be empty.
    """

    districts: Mapping[str, str]  # ONS code to name
    ended: frozenset[str] = frozenset()  # packed sectors: OX81
    towns: Mapping[str, str] = field(default_factory=dict)


# Ended: sectors of the directory of November 2025 without one postcode in Code-Point Open of
# August 2014 (Oxfordshire's own; Ordnance Survey, Open Government Licence).
OXFORDSHIRE = County(
    districts={
        "E07000177": "Cherwell",
        "E07000178": "Oxford",
        "E07000179": "South Oxfordshire",
        "E07000180": "Vale of White Horse",
        "E07000181": "West Oxfordshire",
    },
    ended=frozenset(
        [
            *("OX167", "OX168", "OX45", "OX54", "OX60", "OX63", "OX64", "OX67", "OX68", "OX69"),
            *("OX71", "OX72", "OX81", "OX82", "OX83", "OX84", "OX85", "OX86", "OX87", "OX88"),
            *("OX91", "OX94", "OX95", "OX96", "OX98", "OX99"),
        ]
    ),
    towns={
        **dict.fromkeys(("OX1", "OX2", "OX3", "OX4", "OX33", "OX44"), "Oxford"),
        **dict.fromkeys(("OX13", "OX14"), "Abingdon"),
        **dict.fromkeys(("OX15", "OX16", "OX17"), "Banbury"),
        **dict.fromkeys(("OX25", "OX26", "OX27"), "Bicester"),
        **dict.fromkeys(("OX28", "OX29"), "Witney"),
        **dict.fromkeys(("RG4", "RG8"), "Reading"),
        "OX5": "Kidlington",
        "OX7": "Chipping Norton",
        "OX9": "Thame",
        "OX10": "Wallingford",
        "OX11": "Didcot",
        "OX12": "Wantage",
        "OX18": "Carterton",
        "OX20": "Woodstock",
        "OX39": "Chinnor",
        "OX49": "Watlington",
        "RG9": "Henley-on-Thames",
        "SN6": "Shrivenham",
        "SN7": "Faringdon",
        "GL7": "Lechlade",
        "GL56": "Moreton-in-Marsh",
        "HP18": "Aylesbury",
        "MK18": "Buckingham",
        "NN13": "Brackley",
    },
)


def the_county() -> County:
    """Return this installation's county: the districts of KITH_DISTRICTS, else Oxfordshire's.

    Raises ImproperlyConfigured where the setting cannot be read.
    """
    if not settings.KITH_DISTRICTS:
        return OXFORDSHIRE
    named = {}
    for pair in settings.KITH_DISTRICTS.split(","):
        code, _, name = (part.strip() for part in pair.partition("="))
        if not re.fullmatch(r"E0[6-9]\d{6}", code) or not name:
            raise ImproperlyConfigured(
                f"KITH_DISTRICTS has {pair!r}; each district is its ONS code and its name, such as "
                "E07000178=Oxford, with commas between."
            )
        named[code] = name
    return County(districts=named)
