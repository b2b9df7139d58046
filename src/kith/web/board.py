"""The consistency board: every item of the core offer beside every hub.

It lives in the shell because the standards are measured by figures of many rooms. A hub's state is
what its manager says; whether the standard is met is what the county's own data tell where there are
any (`standards.py`), and the hub's word, marked as such, where there are none. One question to the database for each table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from kith.directory.models import CoreItem, CoreOffer, Offering
from kith.directory.queries import core_standings, offer_in_force
from kith.figures.registry import indicator_called
from kith.hubs.models import Hub
from kith.hubs.queries import all_hubs
from kith.web import standards
from kith.web.standards import NOT_MET, UNKNOWN, Finding


@dataclass(frozen=True)
class Box:
    """All that a box of the board is drawn from: nothing but plain words, so that drawings are kept."""

    hub: str
    hub_slug: str
    item: str
    code: str
    state: str  # "" where the hub has not said
    standard: str
    stale: bool
    by_word: bool  # the hub's own, and not measured
    how: str
    checked: date | None  # of what is measured


@dataclass(frozen=True)
class Place:
    """How one hub stands to one item: what it says, whether the standard is met, and how that is known."""

    hub: Hub
    offering: Offering | None
    standard: str  # MET, NOT_MET or UNKNOWN
    how: str  # "92%, counted"; "said by the manager on 3 May 2026"; why it is not known
    item: CoreItem
    findings: tuple[Finding, ...] = ()

    @property
    def box(self) -> Box:
        by_word = bool(self.findings) and self.findings[0].how == "said"
        checked = _as_day(self.checked) if self.measured and self.checked else None
        state = self.offering.state if self.offering else ""
        return Box(
            self.hub.name, self.hub.slug, self.item.name, self.item.code, state, self.standard,
            self.stale, by_word, self.how, checked,
        )  # fmt: skip

    @property
    def gap(self) -> bool:
        """A gap is an item that is not running in a hub, or that runs below its standard."""
        state = self.offering.state if self.offering else ""
        return state != Offering.State.RUNNING or self.standard == NOT_MET

    @property
    def stale(self) -> bool:
        return any(one.stale for one in self.findings)

    @property
    def measured(self) -> bool:
        """Say whether data tell it, and not the hub's word."""
        return any(one.measured for one in self.findings)

    @property
    def checked(self) -> datetime | date | None:
        """When what is known of it longest was last looked at."""
        known = [one.checked for one in self.findings if one.checked]
        return min(known, key=_as_day, default=None)

    @property
    def words(self) -> str:
        return str(self.offering.get_state_display()) if self.offering else "Not said"


@dataclass(frozen=True)
class Line:
    """An item beside all hubs."""

    item: CoreItem
    places: tuple[Place, ...]
    figure: str  # the name of the figure that measures it; "" where the hubs say so


@dataclass(frozen=True)
class Board:
    """The whole of it on a day; `offer` is None where no version is in force."""

    offer: CoreOffer | None
    hubs: tuple[Hub, ...]
    lines: tuple[Line, ...]
    period: str
    counted_at: datetime | None

    @property
    def gaps(self) -> list[tuple[CoreItem, Place]]:
        """The gaps, those without an owner first, then by the day they should be closed."""
        found = [(line.item, place) for line in self.lines for place in line.places if place.gap]
        return sorted(found, key=lambda gap: _order(gap[1].offering))

    @property
    def running(self) -> int:
        return sum(
            place.offering is not None and place.offering.state == Offering.State.RUNNING
            for line in self.lines
            for place in line.places
        )

    @property
    def all(self) -> int:
        return len(self.lines) * len(self.hubs)


def _as_day(moment: datetime | date) -> date:
    return timezone.localdate(moment) if isinstance(moment, datetime) else moment


def _order(offering: Offering | None) -> tuple[bool, date]:
    owned = offering is not None and offering.owner_id is not None
    return owned, (offering.due_on if offering and offering.due_on else date.max)


def board(
    at: datetime,
    today: date,
    *,
    standings: Mapping[tuple[str, int], Offering] | None = None,
    only: str = "",
) -> Board:
    """Return how all hubs stand to the core offer that is in force on a day, or to `only` one item.

    `standings`: as they were then, where the day is past.
    """
    offer, hubs = offer_in_force(today), tuple(all_hubs())
    if offer is None:
        return Board(None, hubs, (), "", None)
    standings = core_standings() if standings is None else standings
    items = [item for item in offer.items.all() if only in ("", item.code)]
    data = standards.read(items, standings, today, at)
    lines = tuple(
        Line(
            item,
            tuple(_place(item, hub, standings.get((item.code, hub.pk)), data) for hub in hubs),
            indicator_called(item.indicator).name if item.indicator else "",
        )
        for item in items
    )
    counted = max((figure.counted_at for figure in data.figures.values()), default=None)
    return Board(offer, hubs, lines, data.period.name, counted)


def _place(item: CoreItem, hub: Hub, offering: Offering | None, data: standards.Data) -> Place:
    if offering is None or offering.state != Offering.State.RUNNING:
        return Place(hub, offering, UNKNOWN, "", item)
    found = standards.findings(item, hub, offering, data)
    how = "; ".join(one.short for one in found)
    return Place(hub, offering, standards.together(found), how, item, found)
