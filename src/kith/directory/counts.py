"""Numbers about what people look for and do not find. The one home of this indicator."""

from collections import Counter
from typing import Any

from django.db.models import Sum

from kith.analytics.indicators import Indicator, Period
from kith.directory.models import NotFound

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
