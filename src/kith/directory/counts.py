"""Numbers about what people look for and do not find, and about the core offer. Their one home."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.db.models import Sum
from django.utils.timezone import localdate

from kith.analytics.figures import open_share
from kith.analytics.indicators import Figure, Indicator, Period, Row
from kith.directory.models import NotFound, Offering
from kith.directory.queries import core_standings, core_standings_on, offer_in_force
from kith.hubs.queries import all_hubs

NOT_FOUND = Indicator(
    key="searches-not-found",
    name="Searched for, and nothing found",
    definition=(
        "Searches on Find help, in cases and at the desk for which no service has all that was asked, by "
        "the words of the directory's own lists: a kind of help or whom it is for, as it is called or by "
        "another word for it; words that mean the same; what is said not to be offered. One search may "
        "stand in several lines. By the hub in whose area somebody looked, where a place was given."
    ),
    unit="searches",
    better="neither",
    kind="count",
    source="Find help, counted each day; what was typed is not kept",
    by=("what", "hub"),
)
NOBODY = "Hubs and what they offer are counted, not people: nothing is hidden."
WHOLE_OFFER = Indicator(
    key="hubs-with-the-whole-offer",
    name="Hubs that run the whole core offer",
    definition=(
        "Of the county’s hubs, the share that say of every item of the core offer that it is running, as it "
        "stood at the end of the period’s last day, by the core offer in force on it."
    ),
    unit="% run all of it",
    better="more",
    kind="share",
    source="What hubs say of the core offer, as published",
    by=("hub",),
    small=NOBODY,
    chance=False,
)
OFFER_RUNNING = Indicator(
    key="core-offer-running",
    name="The core offer that is running",
    definition=(
        "Of the items of the core offer, each counted once in every hub, the share of which the hub says that "
        "they are running, as it stood at the end of the period’s last day, by the core offer in force "
        "on it."
    ),
    unit="% is running",
    better="more",
    kind="share",
    source="What hubs say of the core offer, as published",
    by=("hub", "item"),
    small=NOBODY,
    chance=False,
)
INDICATORS = (WHOLE_OFFER, OFFER_RUNNING)
Lines = dict[tuple[str, str], Counter[str]]  # kind and key; by the slug of a hub, "" for none


def not_found(period: Period) -> Lines:
    """Return how often each thing was looked for in a period, where nothing was found."""
    rows: Any = (
        NotFound.objects.filter(day__range=(period.first, period.last))
        .values_list("kind", "key", "hub__slug")
        .annotate(Sum("count"))
        .order_by()
    )
    lines: Lines = {}
    for kind, key, slug, n in rows:
        lines.setdefault((kind, key), Counter())[slug or ""] += n
    return lines


def figure(indicator: Indicator, period: Period, *, by: str, at: datetime, hub: str = "") -> Figure:
    """Return how hubs stood to the core offer at the end of a period, split one way.

    Raises LookupError for what is not one of this module's.
    """
    if indicator not in INDICATORS or by not in indicator.by:
        raise LookupError(f"{indicator.key} by {by}")
    offer = offer_in_force(period.last)
    past = period.last < localdate(at)
    standings = core_standings_on(period.last) if past else core_standings()
    items = [(item.code, item.name) for item in offer.items.all()] if offer else []
    hubs = [(one.pk, one.slug, one.name) for one in all_hubs()]
    running = {
        (code, pk): (one := standings.get((code, pk))) is not None
        and one.state == Offering.State.RUNNING
        for code, _ in items
        for pk, _, _ in hubs
    }
    if not items:
        lines = [(slug, name, 0, 0) for _, slug, name in hubs] if by == "hub" else []
    elif indicator == WHOLE_OFFER:
        whole = [all(running[code, pk] for code, _ in items) for pk, _, _ in hubs]
        lines = [
            (slug, name, int(yes), 1) for (_, slug, name), yes in zip(hubs, whole, strict=True)
        ]
    elif by == "hub":
        lines = [
            (slug, name, sum(running[code, pk] for code, _ in items), len(items))
            for pk, slug, name in hubs
        ]
    else:
        lines = [
            (code, name, sum(running[code, pk] for pk, _, _ in hubs), len(hubs))
            for code, name in items
        ]
    rows = tuple(Row(key, name, open_share(yes, of)) for key, name, yes, of in lines)
    total = Row(
        "all", "All", open_share(sum(one[2] for one in lines), sum(one[3] for one in lines))
    )
    columns = (indicator.unit[0].upper() + indicator.unit[1:], "Out of")
    missing = "" if items else f"No core offer was in force on {period.last:%-d %B %Y}."
    return Figure(indicator, period, by, columns, rows, total, at, missing)
