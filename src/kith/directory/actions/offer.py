"""The core offer, how each hub stands to it, local offers, and what is not offered."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from kith.accounts.models import User
from kith.audit.actions import fields_of, record
from kith.directory.actions.refusals import DirectoryRefused
from kith.directory.models import CoreItem, CoreOffer, KeptBoard, NotOffered, Offering, Service
from kith.directory.permissions import (
    may_agree_offer,
    may_keep_board,
    may_say_not_offered,
    may_say_offering,
)
from kith.directory.queries import figure_kind
from kith.hubs.models import Hub

State = CoreOffer.State
ITEM = (
    "name", "words", "who_for", "standard", "indicator", "every", "term_time_only", "at_least",
    "at_most", "entry_shows", "order",
)  # fmt: skip
OFFERING = (
    "state", "reason", "instead", "instead_service", "since", "review_on", "need", "figure",
    "owner", "due_on", "standard_said", "said_on", "said_by", "service",
)  # fmt: skip
NOT_OFFERED = ("title", "words", "hub", "synonyms", "instead", "since", "until", "review_on")


@dataclass(frozen=True)
class Item:
    """What is said of something that every hub must offer."""

    name: str
    words: str
    who_for: str
    standard: str
    indicator: str = ""
    at_least: int | None = None
    order: int = 0
    every: str = ""
    term_time_only: bool = False
    entry_shows: tuple[str, ...] = ()
    at_most: int | None = None  # days, of a median


@transaction.atomic
def draft_offer(*, by: User, at: datetime) -> CoreOffer:
    """Begin the next version of the core offer, with the words of the one before.

    Raises PermissionDenied, or DirectoryRefused where a version is in the making already.
    """
    may_agree_offer(by).or_raise()
    last = CoreOffer.objects.select_for_update().order_by("version").last()
    if last and last.state != State.AGREED:
        raise DirectoryRefused(f"Version {last.version} is not agreed yet. Change that one.")
    offer = CoreOffer.objects.create(
        version=last.version + 1 if last else 1, made_by=by, made_at=at
    )
    for item in last.items.all() if last else ():
        item.pk, item.offer = None, offer
        item.save(force_insert=True)
    record("offer.drafted", subject=offer, by=by, at=at, after={"version": offer.version})
    return offer


@transaction.atomic
def write_item(
    *, offer: CoreOffer, details: Item, item: CoreItem | None = None, by: User, at: datetime
) -> CoreItem:
    """Add something to a version that is not agreed yet, or change its words. Its code stays.

    Raises PermissionDenied or DirectoryRefused.
    """
    may_agree_offer(by).or_raise()
    offer = _open(offer)
    before = fields_of(item, ITEM) if item else {}
    written = item or CoreItem(offer=offer, code=_code(offer, details.name))
    if offer.items.filter(name__iexact=details.name).exclude(pk=written.pk).exists():
        raise DirectoryRefused("The core offer has something of this name already.", "name")
    if details.indicator:
        _right_limit(details)
    for name in ITEM:
        setattr(written, name, getattr(details, name))
    written.entry_shows = list(details.entry_shows)
    written.save()
    after = fields_of(written, ITEM)
    record("offer.item_written", subject=written, by=by, at=at, before=before, after=after)
    return written


def _right_limit(details: Item) -> None:
    """Refuse a per cent for a median, and days for a share."""
    if figure_kind(details.indicator) == "median":
        if details.at_most is None or details.at_least is not None:
            raise DirectoryRefused(
                "This figure is a median of days. Enter at most how many days, and no per cent.",
                "at_most",
            )
    elif details.at_most is not None:
        raise DirectoryRefused(
            "This figure is a share. Enter from how many per cent, and no days.", "at_least"
        )


@transaction.atomic
def take_out_item(*, item: CoreItem, by: User, at: datetime) -> None:
    """Take something out of a version that is not agreed yet. Raises as `write_item`."""
    may_agree_offer(by).or_raise()
    _open(item.offer)
    record("offer.item_taken_out", subject=item, by=by, at=at, before=fields_of(item, ITEM))
    item.delete()


@transaction.atomic
def consult(*, offer: CoreOffer, on: date, whom: str, by: User, at: datetime) -> CoreOffer:
    """Write down that a version is out for consultation, since when and with whom."""
    may_agree_offer(by).or_raise()
    offer = _open(offer)
    offer.state, offer.consulted_on, offer.consulted_whom = State.CONSULTED, on, whom
    offer.save()
    record("offer.consulted", subject=offer, by=by, at=at, after={"on": on, "whom": whom})
    return offer


@transaction.atomic
def agree_offer(
    *, offer: CoreOffer, on: date, agreed_by: str, in_force_from: date, by: User, at: datetime
) -> CoreOffer:
    """Put a version in force from a day on; from then it is never changed.

    Raises PermissionDenied, or DirectoryRefused: a version with nothing in it, one in force before it was
    agreed or before the version before it.
    """
    may_agree_offer(by).or_raise()
    offer = _open(offer)
    if not offer.items.exists():
        raise DirectoryRefused("There is nothing in this version. Add what every hub must offer.")
    if in_force_from < on:
        raise DirectoryRefused("It cannot be in force before it is agreed.", "in_force_from")
    before = CoreOffer.objects.filter(state=State.AGREED, in_force_from__gte=in_force_from)
    if late := before.order_by("in_force_from").last():
        raise DirectoryRefused(
            f"Version {late.version} is in force from {late.in_force_from:%-d %B %Y}. "
            "Choose a later day.",
            "in_force_from",
        )
    offer.state = State.AGREED
    offer.agreed_on, offer.agreed_by, offer.in_force_from = on, agreed_by, in_force_from
    offer.save()
    after = {"on": on, "by": agreed_by, "from": in_force_from}
    record("offer.agreed", subject=offer, by=by, at=at, after=after)
    return offer


@dataclass(frozen=True)
class Standing:
    """How a hub stands to an item of the core offer, or to a service of its local offer."""

    state: str
    reason: str = ""
    instead: str = ""
    instead_service: Service | None = None
    since: date | None = None
    review_on: date | None = None
    need: str = ""
    figure: str = ""
    owner: User | None = None
    due_on: date | None = None
    standard_said: bool | None = None
    entry: Service | None = None  # of an item of the core offer: what it is in the directory


@transaction.atomic
def say_offering(
    *,
    hub: Hub,
    standing: Standing,
    code: str = "",
    service: Service | None = None,
    by: User,
    at: datetime,
) -> Offering:
    """Say how a hub stands to an item of the core offer (`code`), or to a service of its local offer.

    Raises PermissionDenied or DirectoryRefused, with the field that lacks something.
    """
    may_say_offering(by, hub).or_raise()
    _check(standing, code, timezone.localdate(at))
    same = {"core_code": code} if code else {"core_code": "", "service": service}
    found = Offering.objects.select_for_update().filter(hub=hub, **same)
    offering = found.first() or Offering(hub=hub, **same)
    before = fields_of(offering, OFFERING) if offering.pk else {}
    said = offering.standard_said
    for name in OFFERING:
        if name not in ("said_on", "said_by", "service"):
            setattr(offering, name, getattr(standing, name))
    if code:
        offering.service = standing.entry
    if standing.standard_said is None:
        offering.said_on, offering.said_by = None, None
    elif standing.standard_said != said or offering.said_on is None:
        offering.said_on, offering.said_by = timezone.localdate(at), by
    offering.changed_by, offering.changed_at = by, at
    offering.save()
    record(
        "offer.said", subject=offering, by=by, at=at, team_id=hub.team_id,
        before=before, after=fields_of(offering, OFFERING),
    )  # fmt: skip
    return offering


@transaction.atomic
def confirm_standard(*, hub: Hub, code: str, met: bool, by: User, at: datetime) -> Offering:
    """Say today that a hub meets the standard of an item that no data show, or that it does not.

    Raises PermissionDenied, or DirectoryRefused: it is measured, or does not run there.
    """
    may_say_offering(by, hub).or_raise()
    offering = Offering.objects.select_for_update().filter(hub=hub, core_code=code).first()
    if offering is None or offering.state != Offering.State.RUNNING:
        raise DirectoryRefused("It does not run at this hub. Say first how it stands.")
    today = timezone.localdate(at)
    in_force = CoreOffer.objects.filter(state=State.AGREED, in_force_from__lte=today)
    offer = in_force.order_by("in_force_from").last()
    item = offer.items.filter(code=code).first() if offer else None
    if item is None:
        raise DirectoryRefused("It is not in the core offer that is in force.")
    if item.measured:
        raise DirectoryRefused("It is measured from the records. Nobody can say it.")
    before = fields_of(offering, OFFERING)
    offering.standard_said, offering.said_on, offering.said_by = met, today, by
    offering.changed_by, offering.changed_at = by, at
    offering.save()
    record(
        "offer.confirmed", subject=offering, by=by, at=at, team_id=hub.team_id,
        before=before, after=fields_of(offering, OFFERING),
    )  # fmt: skip
    return offering


@transaction.atomic
def keep_board(
    *, title: str, as_at: date, data: dict[str, Any], by: User, at: datetime
) -> KeptBoard:
    """Keep the board as it is today, for a paper of the committee. Raises PermissionDenied, or
    DirectoryRefused where it has no title or is of another day."""
    may_keep_board(by).or_raise()
    if not title.strip():
        raise DirectoryRefused("Enter what it is for.", "title")
    if as_at != timezone.localdate(at):
        raise DirectoryRefused("The board has a new day. Look at it again, then keep it.")
    kept = KeptBoard.objects.create(
        title=title.strip(), as_at=as_at, data=data, made_by=by, made_at=at
    )
    record(
        "offer.board_kept", subject=kept, by=by, at=at, after={"title": kept.title, "as_at": as_at}
    )
    return kept


def _check(standing: Standing, code: str, today: date) -> None:
    state = Offering.State
    if standing.state not in state.values:
        raise DirectoryRefused("Choose how the hub stands to it.", "state")
    if standing.state in (state.PAUSED, state.NOT_OFFERED):
        if not standing.reason:
            raise DirectoryRefused("Enter why, as a parent may read it.", "reason")
        if not standing.instead and standing.instead_service is None:
            raise DirectoryRefused("Enter where families can go instead.", "instead")
        if standing.review_on is None:
            raise DirectoryRefused("Enter when this is looked at again.", "review_on")
        if standing.review_on <= today:
            raise DirectoryRefused("Enter a day to come.", "review_on")
    if standing.state == state.PLANNED and standing.since is None:
        raise DirectoryRefused("Enter from when it is planned.", "since")
    if not code and not standing.need:
        raise DirectoryRefused("Enter which local need it answers.", "need")
    if standing.owner is not None and standing.due_on is None:
        raise DirectoryRefused("Enter by when the gap is closed.", "due_on")


@dataclass(frozen=True)
class Absence:
    """What is said of something that people ask for and do not get."""

    title: str
    words: str
    review_on: date
    hub: Hub | None = None
    synonyms: tuple[str, ...] = ()
    instead: str = ""
    services: tuple[Service, ...] = ()
    until: date | None = None


@transaction.atomic
def write_not_offered(
    *, details: Absence, known: NotOffered | None = None, by: User, at: datetime
) -> NotOffered:
    """Say that something is not offered, in a hub or anywhere in the county, and where to go instead.

    Raises PermissionDenied or DirectoryRefused.
    """
    for hub in {details.hub, known.hub if known else details.hub}:
        may_say_not_offered(by, hub).or_raise()
    if not details.instead and not details.services:
        raise DirectoryRefused("Enter where people can go instead, or choose a service.", "instead")
    if details.review_on <= timezone.localdate(at):
        raise DirectoryRefused("Enter a day to come.", "review_on")
    absence = known or NotOffered(since=timezone.localdate(at))
    before = fields_of(absence, NOT_OFFERED) if known else {}
    for name in ("title", "words", "hub", "instead", "review_on", "until"):
        setattr(absence, name, getattr(details, name))
    absence.synonyms = list(details.synonyms)
    absence.changed_by, absence.changed_at = by, at
    absence.save()
    absence.services.set(details.services)
    after = fields_of(absence, NOT_OFFERED)
    record("offer.not_offered", subject=absence, by=by, at=at, before=before, after=after)
    return absence


def _open(offer: CoreOffer) -> CoreOffer:
    offer = CoreOffer.objects.select_for_update().get(pk=offer.pk)
    if offer.state == State.AGREED:
        raise DirectoryRefused(
            f"Version {offer.version} is agreed, and never changes. Begin the next version."
        )
    return offer


def _code(offer: CoreOffer, name: str) -> str:
    """Return a code that nothing in any version has, so that no hub's word is read for another's."""
    code = slugify(name)[:56] or "item"
    taken = set(CoreItem.objects.filter(code__startswith=code).values_list("code", flat=True))
    number = 2
    fresh = code
    while fresh in taken:
        fresh, number = f"{code}-{number}", number + 1
    return fresh
