"""What changed where a councillor was elected: the county's own figures, now and a year ago.

No figure is counted for a division: it stands for the area of the hub in which the division lies, or for its
district, and says so. Small numbers are hidden by the modules that count; a change within what chance may do
is not told.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localdate

from kith.analytics.days import months_after
from kith.figures.registry import HOMES, NOW
from kith.hubs.models import Hub
from kith.hubs.queries import all_hubs, catchments_on
from kith.places.queries import districts
from kith.scrutiny import counts
from kith.scrutiny.following import Compared, Value, compare, value_on
from kith.scrutiny.models import Measure, Member

YEAR = 12  # months
SAID_FIRST = ("worse", "better", "moved", "same", "cannot", "none")


@dataclass(frozen=True)
class Area:
    """A place for which figures are counted and in which a division lies."""

    by: str  # the way in which a figure is split
    key: str
    name: str


@dataclass(frozen=True)
class Changed:
    """One figure of one area, now and a year ago."""

    area: Area
    now: Value
    line: Compared

    @property
    def known(self) -> bool:
        return self.line.now.known


def areas_of(member: Member, on: date) -> list[Area]:
    """Return the areas of a member's division: its hub, or all that have a part of its district; and the
    district. Nothing where nobody said where it lies."""
    hubs: list[Hub] = []
    if member.hub_id:
        hubs = [one for one in all_hubs() if one.pk == member.hub_id]
    elif member.district:
        parts = catchments_on(on).filter(neighbourhood__district=member.district)
        held = set(parts.order_by().values_list("hub", flat=True))
        hubs = [one for one in all_hubs() if one.pk in held]
    found = [Area("hub", one.slug, f"{one} hub’s area") for one in hubs]
    return found + [
        Area("district", one.code, f"{one.name} district")
        for one in districts()
        if one.code == member.district
    ]


def changed(areas: list[Area], at: datetime) -> list[Changed]:
    """Return every figure that is counted for one of these areas, over the last twelve whole months and
    the twelve before: what surely changed first, then those of which one cannot tell."""
    today = localdate(at)
    before = months_after(today, -YEAR)
    found = []
    for key, (indicator, _) in HOMES.items():
        if indicator in counts.INDICATORS:
            continue  # of the committee itself
        for area in areas:
            if area.by not in indicator.by:
                continue
            measure = Measure(figure=key, by=area.by, row=area.key)
            measure.baseline = (None if key == NOW else value_on(measure, before, at)) or {}
            now = value_on(measure, today, at)
            line = compare(measure, now).line
            if now is not None and line is not None:
                found.append(Changed(area, now, line))
    return sorted(
        found,
        key=lambda one: (SAID_FIRST.index(one.line.word), one.now["name"], one.area.name),
    )
