"""The links at the head of every page: what this person may do, and nothing else."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from kith.accounts.permissions import Permission as P
from kith.scrutiny.queries import is_member_alone
from kith.ui.templatetags.ui import address


@dataclass(frozen=True)
class Place:
    """A link of the main navigation, for whoever holds one of some permissions."""

    label: str
    url_name: str
    permissions: frozenset[P]
    below: tuple[str, ...] = ()  # beginnings of other addresses that belong to it


PLACES = (
    Place("Today", "home", frozenset(P)),
    Place("Desk", "referrals:desk", frozenset({P.REFERRAL_DECIDE})),
    Place("Ask for help", "referrals:begin", frozenset({P.REFERRAL_SEND})),
    Place("My requests", "referrals:mine", frozenset({P.REFERRAL_SEND})),
    Place("Our actions", "casework:my_actions", frozenset({P.ACTION_OWN})),
    Place("Families", "families:search", frozenset({P.FAMILY_SEE, P.FAMILY_SEE_ALL})),
    Place("Cases", "casework:cases", frozenset({P.CASE_WORK, P.CASE_ALLOCATE})),
    Place(
        "Find help",
        "directory:find",
        frozenset({P.CASE_WORK, P.CASE_ALLOCATE, P.REFERRAL_DECIDE, P.REFERRAL_SEND}),
    ),
    Place(
        "Directory",
        "directory:listed",
        frozenset({P.DIRECTORY_EDIT, P.DIRECTORY_EDIT_ALL}),
    ),
    Place("Our services", "directory:ours", frozenset({P.DIRECTORY_PROPOSE})),
    Place("Visits", "field:today", frozenset({P.CASE_WORK})),
    Place("Groups", "supports:all", frozenset({P.CASE_WORK, P.CASE_ALLOCATE})),
    Place(
        "Case studies", "casestudies:listed", frozenset({P.CASE_STUDY_READ, P.CASE_STUDY_RELEASE})
    ),
    Place("Figures", "figures", frozenset({P.FIGURES_HUB, P.FIGURES_COUNTY})),
    Place("Committee", "scrutiny:home", frozenset({P.SCRUTINY_SEE})),
    Place("Returns", "returns:listed", frozenset({P.RETURNS_MAKE, P.AUDIT_SEE_ALL})),
    Place("Emergency looks", "families:emergencies", frozenset({P.EMERGENCY_REVIEW})),
    Place("Log", "audit:log", frozenset({P.AUDIT_SEE_ALL, P.AUDIT_SEE_TEAM})),
    Place("People", "accounts:people", frozenset({P.PEOPLE_MANAGE})),
    Place(
        "Settings",
        "county_settings",
        frozenset({P.SETTINGS_EDIT, P.HUB_EDIT, P.PARTNER_EDIT, P.NOTICE_EDIT, P.PLACES_IMPORT}),
        ("/hubs/", "/partners/", "/places/", "/notices/", "/jobs/"),
    ),
)


def navigation(request: HttpRequest) -> dict[str, object]:
    """Give templates `navigation`, worked out only by pages that draw it."""
    return {"navigation": SimpleLazyObject(lambda: links(request))}


@dataclass(frozen=True)
class Link:
    """A place as the navigation shows it."""

    label: str
    href: str
    current: bool


def links(request: HttpRequest) -> tuple[Link, ...]:
    """Return the links for whoever is signed in, the one they are in marked."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return ()
    held = user.permissions()
    found = [(place, address(place.url_name)) for place in PLACES if place.permissions & held]
    if is_member_alone(user):  # the committee's first page is their today
        found = [one for one in found if one[0].url_name != "home"]
    # The longest address that this one begins with is where we are.
    here = max(
        (
            (len(start), number)
            for number, (place, href) in enumerate(found)
            for start in (href, *place.below)
            if request.path == start or (start.endswith("/") and request.path.startswith(start))
        ),
        default=(0, -1),
    )[1]
    return tuple(
        Link(place.label, href, number == here) for number, (place, href) in enumerate(found)
    )
