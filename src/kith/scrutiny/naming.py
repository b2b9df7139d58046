"""Whether a note says who somebody is: asked of whoever writes it, never refused.

A committee's notes name no family and no child. What looks like a name, a telephone number, an address
or an exact age is pointed at, so that whoever wrote it can take it out.
"""

from collections.abc import Iterable

from kith.analytics.pseudonyms import Secrets
from kith.analytics.reidentifying import check
from kith.hubs.queries import all_hubs
from kith.places.queries import districts

NOBODY = Secrets(people=())
ASKED = {
    "number": "Is it somebody’s telephone number, address or e-mail?",
    "unknown_name": "Is it somebody’s name?",
    "age": "An exact age can tell who somebody is.",
}
# Words with a capital that visitors write and that name nobody.
_KNOWN = (
    "Cllr Councillor Ofsted SENCO Thriving Families Sure Start Home-Start Citizens Advice Wi-Fi "
    "Children's Centre Family Nurse Barnardo's Oxfordshire England Universal Credit"
)


def known_names() -> list[str]:
    """Return names that say nothing of who somebody is: hubs, districts, and common bodies."""
    return [*(str(hub) for hub in all_hubs()), *(one.name for one in districts()), _KNOWN]


def who_it_may_tell(words: str, known: Iterable[str]) -> list[str]:
    """Return what in a note may say who somebody is, each in words for whoever wrote it."""
    found: dict[str, str] = {}
    for one in check([("", words)], NOBODY, pseudonyms=list(known)):
        if one.kind in ASKED and one.said not in found:
            found[one.said] = ASKED[one.kind]
    return [f"“{said}”: {asked}" for said, asked in found.items()]
