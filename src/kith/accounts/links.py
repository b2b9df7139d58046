"""Opening a private link: for pages of people without an account.

    opened = open_link(request, secret, "referral")
    if opened.state is not State.OPEN:
        return render(request, "...", status=opened.status)

The database itself compares the link with the rows it opens (`kith_linked`); this module says
what became of it, so that the page can say so kindly.
"""

from dataclasses import dataclass
from enum import Enum

from allauth.core.internal import ratelimit
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from kith.accounts.actions import hash_of, limits, renew_link, use_link
from kith.accounts.actions.limits import Limit
from kith.accounts.models import OneTimeLink
from kith.accounts.viewer import see_as


class State(Enum):
    """What a link is."""

    OPEN = "open"
    OVER = "over"  # too old: a new one may be sent to the same address
    UNKNOWN = "unknown"  # mistyped, ended on purpose, or none
    TOO_MANY = "too many tries"


@dataclass(frozen=True)
class Opened:
    """A link that somebody followed."""

    state: State
    subject_id: int | None = None
    sent_to: str = ""  # the address that had it

    @property
    def status(self) -> int:
        """The answer's number: links that open nothing are not found, guessing is slowed down."""
        return {State.OPEN: 200, State.TOO_MANY: 429}.get(self.state, 404)


def open_link(request: HttpRequest, secret: str, *purposes: str) -> Opened:
    """Let the rest of this transaction see what the link opens, and say what that is.

    A person who is signed in keeps their own sight. Guessing is limited by address.
    """
    if limits.is_full(limits_of(request, "open_link", ""), at=timezone.now()):
        return Opened(State.TOO_MANY)
    link = OneTimeLink.objects.filter(secret_hash=hash_of(secret), purpose__in=purposes).first()
    if link is None or link.ended_at is not None:
        may_try(request, "open_link")
        return Opened(State.UNKNOWN)
    now = timezone.now()
    if link.expires_at <= now:
        return Opened(State.OVER)
    viewer = request.user if request.user.is_authenticated else None
    see_as(viewer, link_hash=link.secret_hash)
    use_link(link=link, at=now)
    return Opened(State.OPEN, link.subject_id, link.sent_to)


def mark_of_address(request: HttpRequest) -> str:
    """Return a mark of the address that somebody asks from, "" for none; to count by it.

    It is made with the county's secret: whoever reads the counts learns no address.
    """
    try:
        address = ratelimit.get_ip(request)
    except PermissionDenied:
        return ""
    return salted_hmac("kith.address", address, algorithm="sha256").hexdigest()[:32]


def may_try(request: HttpRequest, action: str, *, key: str = "") -> bool:
    """Count something that strangers may do, and say whether it is still allowed: see KITH_LIMITS."""
    try:
        limits.count(limits_of(request, action, key), at=timezone.now())
    except limits.TooMany:
        return False
    return True


def limits_of(request: HttpRequest, action: str, key: str) -> list[Limit]:
    """Return how often something may be done: from one address, and about one thing (`key`)."""
    of_address, of_key, window = settings.KITH_LIMITS[action]
    found, address = [], mark_of_address(request)
    if of_address and address:
        found.append(Limit(f"{action} address {address}", of_address, window))
    if of_key and key:
        found.append(Limit(f"{action} of {key}", of_key, window))
    return found


def new_link(request: HttpRequest, secret: str, purpose: str) -> tuple[str, str] | None:
    """Return a new link's secret and the one address it may go to; None when none may be sent.

    The page says the same either way: whoever asks learns no address.
    """
    # A mark of the mark: whoever reads the counts learns nothing that opens.
    if not may_try(request, "new_link", key=hash_of(hash_of(secret))[:32]):
        return None
    return renew_link(secret=secret, purpose=purpose, at=timezone.now())
