"""What the demonstration county is built on, read from the database: real postcodes and the hubs."""

from dataclasses import dataclass, field
from datetime import date
from math import hypot


@dataclass(frozen=True)
class Spot:
    """A real postcode, and where it is (metres on the British grid)."""

    postcode: str  # as printed: OX4 1AA
    easting: int
    northing: int
    district: str
    neighbourhood: str


@dataclass(frozen=True)
class HubAt:
    """A hub: its keys, its name and where it stands."""

    id: int
    team: int
    slug: str
    name: str
    spot: Spot


@dataclass
class Ground:
    """Everything outside the generator that it needs to know. Plain values only."""

    spots: dict[str, list[Spot]]  # by neighbourhood
    hub_of: dict[str, str]  # neighbourhood to the hub's slug
    hubs: dict[str, HubAt]
    districts: dict[str, str]  # code to name
    needs: dict[str, int]
    danger: set[str]  # needs that show the safeguarding stop
    closed: frozenset[date]
    decision_days: int = 2
    contact_days: int = 5
    answer_days: int = 10
    password: str = ""
    front_door: int = 0
    desk_team: int | None = None
    measures: dict[str, int] = field(default_factory=dict)  # the newest version of each, by key
    next_ids: dict[str, int] = field(default_factory=dict)


def metres_between(a: Spot, b: Spot) -> float:
    """Return how far apart two places are, as the crow flies."""
    return hypot(a.easting - b.easting, a.northing - b.northing)
