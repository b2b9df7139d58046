"""The consistency board: every item of the core offer beside every hub.

It lives in the shell because the standards are measured by figures of many rooms. A hub's state is
what its manager says; whether the standard is met is the county's own figure where there is one, and
the hub's word, marked as such, where there is none. One question to the database for each table.
"""

from dataclasses import dataclass
from datetime import date, datetime

from kith.analytics.indicators import Figure
from kith.analytics.periods import periods_on
from kith.directory.models import CoreItem, CoreOffer, Offering
from kith.directory.queries import core_standings, offer_in_force
from kith.hubs.models import Hub
from kith.hubs.queries import all_hubs
from kith.web.figures import figure_of, indicator_called

MET, NOT_MET, UNKNOWN = "met", "not met", "not known"


@dataclass(frozen=True)
class Place:
    """How one hub stands to one item: what it says, whether the standard is met, and how that is known."""

    hub: Hub
    offering: Offering | None
    standard: str  # MET, NOT_MET or UNKNOWN
    how: str  # "92%, counted"; "the hub says so, 3 weeks ago"; why it is not known

    @property
    def gap(self) -> bool:
        """A gap is an item that is not running in a hub, or that runs below its standard."""
        state = self.offering.state if self.offering else ""
        return state != Offering.State.RUNNING or self.standard == NOT_MET

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


def _order(offering: Offering | None) -> tuple[bool, date]:
    owned = offering is not None and offering.owner_id is not None
    return owned, (offering.due_on if offering and offering.due_on else date.max)


def board(at: datetime, today: date) -> Board:
    """Return how all hubs stand to the core offer that is in force on a day."""
    offer, hubs = offer_in_force(today), tuple(all_hubs())
    if offer is None:
        return Board(None, hubs, (), "", None)
    period = next(iter(periods_on(today).values()))
    standings = core_standings()
    figures: dict[str, Figure] = {}
    lines = []
    for item in offer.items.all():
        if item.indicator and item.indicator not in figures:
            figures[item.indicator] = figure_of(item.indicator, period, by="hub", at=at)
        places = tuple(
            _place(
                item, hub, standings.get((item.code, hub.pk)), figures.get(item.indicator), today
            )
            for hub in hubs
        )
        name = indicator_called(item.indicator).name if item.indicator else ""
        lines.append(Line(item, places, name))
    counted = max((figure.counted_at for figure in figures.values()), default=None)
    return Board(offer, hubs, tuple(lines), period.name, counted)


def _place(
    item: CoreItem, hub: Hub, offering: Offering | None, figure: Figure | None, today: date
) -> Place:
    if offering is None or offering.state != Offering.State.RUNNING:
        return Place(hub, offering, UNKNOWN, "")
    if figure is None:
        if offering.standard_said is None:
            return Place(hub, offering, UNKNOWN, "the hub has not said")
        assert offering.said_on
        days = (today - offering.said_on).days
        when = "today" if days < 1 else f"{days} day{'' if days == 1 else 's'} ago"
        standard = MET if offering.standard_said else NOT_MET
        return Place(hub, offering, standard, f"the hub says so, {when}")
    cell = next((row.cells[0] for row in figure.rows if row.key == hub.slug), None)
    if cell is None or cell.value is None:
        hidden = cell is not None and cell.hidden
        return Place(hub, offering, UNKNOWN, "too few to show" if hidden else "nothing to count")
    standard = MET if cell.value >= (item.at_least or 0) else NOT_MET
    return Place(hub, offering, standard, f"{cell.text}%, counted")
