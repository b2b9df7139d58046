"""Numbers about what committees do: whom they heard, and what was decided on options. Their one home.

Of officers in their posts and of papers, never of families: nothing is hidden. What is exempt or withdrawn
is not counted.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils.timezone import localdate

from kith.analytics.figures import open_shares
from kith.analytics.indicators import Figure, Indicator, Period
from kith.places.queries import districts
from kith.referrals.counts import kept, moments
from kith.scrutiny.models import Committee, Invited, Meeting, Paper

SOURCE = "Agendas, forward plans and minutes of committees"
DISTRICTS_HEARD = Indicator(
    key="district-officers-heard",
    name="Officers of district councils who came",
    definition=(
        "Of the officers of district, city and borough councils who were invited to items of committee "
        "meetings held in the period, the share who came, as the minutes say. Who was invited to two items "
        "counts twice. The council is known by the words of the invitation."
    ),
    unit="% of the invited came",
    better="more",
    kind="share",
    source=SOURCE,
    by=("district",),
    small="Officers are counted in their posts: nothing is hidden.",
    chance=False,
)
OPTIONS_DECIDED = Indicator(
    key="pooled-budget-options",
    name="Options papers that were decided on",
    definition=(
        "Of the options papers that lay before a committee in meetings held in the period, the share on which "
        "a decision was taken since, with its reference. A paper counts from the day of its meeting, and "
        "not while it is still to follow."
    ),
    unit="% of the papers decided on",
    better="more",
    kind="share",
    source=SOURCE,
    by=("committee",),
    small="Papers are counted: nothing is hidden.",
    chance=False,
)
INDICATORS = (DISTRICTS_HEARD, OPTIONS_DECIDED)
Counting = Callable[[Period, datetime], tuple[list[tuple[str, str]], list["Told"], str]]
OTHER = ("other", "Another district, city or borough council")
OF_ANOTHER_KIND = re.compile(r"\b(?:county|parish|town) council\b", re.I)
COUNCIL = re.compile(r"\b(?:district|city|borough)\b.*\bcouncil", re.I)


@dataclass(frozen=True)
class Told:
    """One thing that is counted, as a list beside the figure names it."""

    on: date
    words: str
    key: str  # of the row it is counted in
    yes: bool
    note: str = ""


def figure(indicator: Indicator, period: Period, *, by: str, at: datetime, hub: str = "") -> Figure:
    """Return an indicator over a period. Counted again every ten minutes.

    Raises LookupError for what is not one of this module's.
    """
    if indicator not in INDICATORS or by not in indicator.by:
        raise LookupError(f"{indicator.key} by {by}")
    told, counted_at = kept(f"scrutiny:{indicator.key}", period, at, _counting(indicator))
    labels, found, missing = told

    answers = [(one.key, one.yes) for one in found]
    return open_shares(indicator, period, by, labels, answers, counted_at, missing=missing)


def behind(indicator: Indicator, since: date) -> list[Told]:
    """Return what stands behind a figure since a day, also what is still to come, the earliest first."""
    source = _invitations if indicator == DISTRICTS_HEARD else _papers
    return sorted(source(Q(item__meeting__starts_at__date__gte=since)), key=lambda one: one.on)


def _counting(indicator: Indicator) -> Counting:
    def count(period: Period, at: datetime) -> tuple[list[tuple[str, str]], list[Told], str]:
        first, after = moments(period)
        held = Q(
            item__meeting__state=Meeting.State.HELD,
            item__meeting__starts_at__gte=first,
            item__meeting__starts_at__lt=after,
        )
        if indicator == DISTRICTS_HEARD:
            found = list(_invitations(held))
            unsaid = sum(one.note == UNSAID for one in found)
            missing = (
                f"Of {unsaid} of them nobody wrote down whether they came: they count as not having come."
                if unsaid
                else ""
            )
            return [*_districts(), OTHER], found, missing
        labels = [(one.slug, one.name) for one in Committee.objects.order_by("name", "pk")]
        return labels, list(_papers(held)), ""

    return count


def _districts() -> list[tuple[str, str]]:
    return [(one.code, one.name) for one in districts()]


def district_of(words: str, known: Iterable[tuple[str, str]]) -> str:
    """Return the code of the district whose council words speak of; `other` for a council of its kind
    that is not named; "" for anything else."""
    if not re.search(r"\bcouncil\b", words, re.I) or OF_ANOTHER_KIND.search(words):
        return ""
    # The longest name first: “South Oxfordshire” before a name within it.
    for code, name in sorted(known, key=lambda pair: -len(pair[1])):
        if re.search(rf"\b{re.escape(name)}\b", words, re.I):
            return code
    return OTHER[0] if COUNCIL.search(words) else ""


UNSAID = "not written down whether they came"


def _invitations(which: Q) -> Iterator[Told]:
    known = _districts()
    asked = (
        Invited.objects.filter(which, item__exempt=False)
        .exclude(item__meeting__state=Meeting.State.CANCELLED)
        .select_related("item__meeting", "item__plan")
    )
    for one in asked.order_by("item__meeting__starts_at", "pk"):
        key = district_of(f"{one.body} {one.post}", known)
        if not key:
            continue
        held = one.item.meeting.state == Meeting.State.HELD
        said = one.came in (Invited.Came.ATTENDED, Invited.Came.NOT)
        planned = f", of the forward plan (“{one.item.plan}”)" if one.item.plan else ""
        yield Told(
            localdate(one.item.meeting.starts_at),
            f"{one.post}{f', {one.body}' if one.body and one.body not in one.post else ''}: item "
            f"“{one.item}”{planned}",
            key,
            one.came == Invited.Came.ATTENDED,
            one.get_came_display().lower() if said or not held else UNSAID,
        )


def _papers(which: Q) -> Iterator[Told]:
    papers = (
        Paper.objects.filter(
            which, kind=Paper.Kind.OPTIONS, exempt=False, item__exempt=False, withdrawn_because=""
        )
        .exclude(item__meeting__state=Meeting.State.CANCELLED)
        .exclude(item__meeting__state=Meeting.State.HELD, to_follow=True)
        .select_related("item__meeting__committee")
        .defer("text")
    )
    for one in papers.order_by("item__meeting__starts_at", "pk"):
        note = "to follow" if one.to_follow else "not decided on yet"
        if one.decided_on:
            note = f"decided on {one.decided_on:%-d %B %Y}, {one.decision_reference}"
        yield Told(
            localdate(one.item.meeting.starts_at),
            f"“{one}”, item “{one.item}”",
            one.item.meeting.committee.slug,
            one.decided_on is not None,
            note,
        )
