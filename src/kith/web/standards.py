"""What the county's data tell of a standard of the core offer in one hub, and what they do not.

A finding says what was found, how that is known, over which days, and what it cannot know. Figures come
from their one home; how often something is held comes from the registers of groups, or where there are
none from the times in the directory; what an entry must show, from the entry.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, cast

from kith.analytics import standards
from kith.analytics.change import wilson
from kith.analytics.days import months_after
from kith.analytics.indicators import Cell, Figure, Period
from kith.analytics.periods import periods_on
from kith.analytics.standards import FEW, MET, NOT_MET, UNKNOWN, Every, Held, Stretch
from kith.directory.models import CoreItem, Offering
from kith.directory.queries import school_terms, steps_free, timetables
from kith.figures.registry import figure_of
from kith.hubs.calendar import closed_days
from kith.hubs.models import Hub
from kith.supports.counts import GroupDays, held_for_core_offer

How = Literal["figure", "registers", "times", "entry", "said", ""]
SAID_MONTHS = 3  # so long a hub's word is relied on, as an entry of the directory is
STRETCHES = {"week": "weeks", "fortnight": "fortnights", "month": "months"}
SAID_SO = "The hub’s manager says so. No data of the county’s show it."


@dataclass(frozen=True)
class Finding:
    """One thing that is known, or not, of a standard: `short` for the board, the rest for its own page."""

    verdict: str  # MET, NOT_MET or UNKNOWN
    how: How
    short: str  # "92%, counted"
    definition: str
    source: str
    checked: datetime | date | None
    period: str = ""
    parts: tuple[tuple[str, str], ...] = ()  # numerator, denominator, and what it may truly be
    missing: str = ""
    stale: bool = False
    within: tuple[tuple[str, str], ...] = ()  # for those who may see the county's figures

    @property
    def measured(self) -> bool:
        return self.how not in ("said", "")


@dataclass(frozen=True)
class Data:
    """All that the findings of all hubs are made of, read once."""

    today: date
    at: datetime
    period: Period
    figures: Mapping[str, Figure]
    of: Mapping[tuple[str, bool], list[Stretch]]  # by how often, and whether in term time
    groups: Mapping[tuple[str, str], GroupDays]
    times: Mapping[int, frozenset[date]]
    step_free: frozenset[int]


def read(
    items: list[CoreItem], standings: Mapping[tuple[str, int], Offering], today: date, at: datetime
) -> Data:
    """Read what the standards of some items are measured by: one question for each table."""
    period = next(iter(periods_on(today).values()))
    figures = {
        key: figure_of(key, period, by="hub", at=at)
        for key in {item.indicator for item in items if item.indicator}
    }
    often = {(item.every, item.term_time_only) for item in items if item.every}
    closed, terms = (closed_days(), school_terms()) if often else (frozenset[date](), ())
    of = {
        (every, in_term): standards.stretches(
            today, cast(Every, every), terms=terms if in_term else None, closed=closed
        )
        for every, in_term in often
    }
    days = [day for found in of.values() for stretch in found for day in stretch]
    groups: Mapping[tuple[str, str], GroupDays] = {}
    times: Mapping[int, frozenset[date]] = {}
    if days:
        asked = Period(min(days), max(days), "")
        groups = held_for_core_offer(asked, at)
        held = {item.code for item in items if item.every}
        entries = {
            one.service_id
            for (code, _), one in standings.items()
            if code in held and one.service_id
        }
        times = (
            timetables(entries, asked.first, asked.last, terms=terms, closed=closed)
            if entries
            else {}
        )
    shown = {item.code for item in items if CoreItem.Entry.STEP_FREE in item.entry_shows}
    where = {one.service_id for (code, _), one in standings.items() if code in shown}
    free = steps_free(number for number in where if number) if any(where) else frozenset()
    return Data(today, at, period, figures, of, groups, times, free)


def findings(item: CoreItem, hub: Hub, offering: Offering, data: Data) -> tuple[Finding, ...]:
    """Return what is known of an item's standard in a hub where it runs."""
    found = []
    if item.indicator:
        found.append(_by_figure(item, hub, data))
    if item.every:
        found.append(_by_days(item, hub, offering, data))
    if item.entry_shows:
        found.append(_by_entry(item, offering, data))
    return tuple(found) or (said(offering, data.today),)


def together(found: tuple[Finding, ...]) -> str:
    """Return what all findings say together: one that is not met, or not known, is enough."""
    verdicts = {one.verdict for one in found}
    return next(
        (one for one in (NOT_MET, UNKNOWN) if one in verdicts), MET if verdicts else UNKNOWN
    )


def said(offering: Offering, today: date) -> Finding:
    """Return what the hub says of itself. After three months nobody relies on it: it is stale."""
    definition = (
        "No figure, register or entry shows this. The hub’s manager says whether it is met."
    )
    if offering.standard_said is None or offering.said_on is None:
        return Finding(
            UNKNOWN, "", "the hub has not said", definition, "Nobody yet", None,
            missing="The hub has not said whether it meets the standard.",
        )  # fmt: skip
    until = months_after(offering.said_on, SAID_MONTHS)
    stale = today > until
    day = f"{offering.said_on:%-d %B %Y}"
    word = "met" if offering.standard_said else "not met"
    verdict = MET if offering.standard_said else NOT_MET
    return Finding(
        UNKNOWN if stale and verdict == MET else verdict,
        "said",
        f"said by the manager on {day}" + (f" ({word}), too long ago" if stale else ""),
        definition, "The hub’s manager", offering.said_on,
        parts=(("Said", word.capitalize()), ("Relied on until", _day(until))),
        missing="It was said more than three months ago, and nobody has confirmed it since."
        if stale else SAID_SO,
        stale=stale,
    )  # fmt: skip


def _by_figure(item: CoreItem, hub: Hub, data: Data) -> Finding:
    figure = data.figures[item.indicator]
    about = figure.indicator
    cells = next((row.cells for row in figure.rows if row.key == hub.slug), ())
    if item.at_most is not None:
        return _by_median(item.at_most, hub, figure, data)
    at_least = item.at_least or 0
    missing = " ".join(one for one in (figure.missing, about.small) if one)
    verdict, short, parts = UNKNOWN, "nothing to count", [("Standard", f"At least {at_least}%")]
    if cells and cells[0].hidden:
        short = "too few to show"
    elif cells and cells[0].value is not None:
        share, last = float(cells[0].value), cells[-1].value
        of = int(last) if len(cells) > 1 and last is not None else None
        verdict = standards.share_enough(share, of, at_least)
        short = f"{cells[0].text}%, counted"
        parts.append(("Counted", f"{cells[0].text}%"))
        if of:
            yes = round(share * of / 100)
            low, high = wilson(yes, of) or (0.0, 1.0)
            parts += [
                ("That is", f"{yes:,} of {of:,}"),
                ("If these are like those to come", f"Truly between {low:.0%} and {high:.0%}"),
            ]
        if verdict == UNKNOWN:
            short = f"fewer than {FEW} to count"
            missing = f"Fewer than {FEW} were counted: one more or less would change the answer. {missing}"
    return Finding(
        verdict, "figure", short, about.definition, about.source, figure.counted_at,
        data.period.name, tuple(parts), missing,
    )  # fmt: skip


def _by_median(at_most: int, hub: Hub, figure: Figure, data: Data) -> Finding:
    about = figure.indicator
    row = next((row for row in figure.rows if row.key == hub.slug), None)
    cell = row.cells[0] if row else None
    between = row.between if row else None
    parts = [("Standard", f"A median of at most {at_most} {about.unit}")]
    missing = f"What is not over yet is not in it, so long waits come late. {about.small}"
    if cell is None or cell.hidden or cell.value is None:
        short = "too few to show" if cell and cell.hidden else "nothing to count"
        verdict = UNKNOWN
    else:
        low, high = (between.low, between.high) if between else (None, None)
        verdict = standards.median_short_enough(low, high, at_most)
        short = f"median {cell.text} {about.unit}, counted"
        parts.append(("Median, counted", f"{cell.text} {about.unit}"))
        if between:
            parts += [
                ("That is the middle of", f"{between.of:,}"),
                (
                    "If these are like those to come",
                    f"Truly between {_one(between.low)} and {_one(between.high)} {about.unit}",
                ),
            ]
        if between and verdict == UNKNOWN:
            short = f"median {cell.text} {about.unit}, too near the limit to tell"
            missing = f"The limit lies between what the median may truly be. {missing}"
        elif not between:
            short = f"fewer than {FEW} to count"
            missing = f"Fewer than {FEW} were counted: one more or less would change the answer. {missing}"
    return Finding(
        verdict, "figure", short, about.definition, about.source, figure.counted_at,
        data.period.name, tuple(parts), missing,
    )  # fmt: skip


def _by_days(item: CoreItem, hub: Hub, offering: Offering, data: Data) -> Finding:
    of = data.of[item.every, item.term_time_only]
    stretch = STRETCHES[item.every]
    at_least = item.at_least or 0
    in_term = " in term time" if item.term_time_only else ""
    period = f"{_day(of[0][0])} to {_day(of[-1][1])}" if of else "No such time yet"
    definition = (
        f"Of the whole {stretch}{in_term} in the last {_back(item.every)}, in how many it was held at "
        f"least once. The standard is met from {at_least}% of them. Weeks without a working day do not count."
    )
    groups = data.groups.get((hub.slug, item.code))
    days = data.times.get(offering.service_id or 0)
    parts = [("Standard", f"At least {at_least}% of the {stretch}")]
    within: list[tuple[str, str]] = []
    if groups is not None:
        held = standards.held_in(of, groups.held, groups.unknown)
        more = [("Cancelled sessions", f"{groups.cancelled:,}")]
        came = f"{groups.came:,}" if groups.came > 4 else "hidden: too few"
        within = [("Came, all sessions together", came)]
        missing = (
            f"In {held.perhaps} of the {stretch} nobody took a register or wrote that it was cancelled. "
            "Nothing is supposed of those."
            if held.perhaps
            else ""
        )
        how, source, words = "registers", "Registers of the hub’s groups", "registers"
    elif days is not None:
        held, more = standards.held_in(of, days), []
        how, source, words = (
            "times",
            "Times in the directory, without days called off",
            "times in the directory",
        )
        missing = (
            "It is what was announced. No register says that it was held, or that anybody came."
        )
    else:
        return Finding(
            UNKNOWN, "", "no register or times", definition, "Nothing yet", None, period,
            tuple(parts),
            "No group of the hub is said to be this item, and no entry of the directory. The manager can "
            "name either.",
        )  # fmt: skip
    verdict = standards.often_enough(held, at_least)
    short = f"{held.yes} of {held.of} {stretch}, by {words}"
    if verdict == UNKNOWN:
        short = _why(held, stretch)
    parts += [(f"{stretch.capitalize()} in which it was held", f"{held.yes} of {held.of}")]
    if held.perhaps:
        parts.append(("Truly between", f"{held.least:.0f}% and {held.most:.0f}%"))
    if held.of < standards.FEW_STRETCHES:
        missing = f"Fewer than {standards.FEW_STRETCHES} {stretch} can be counted. {missing}"
    return Finding(
        verdict, cast(How, how), short, definition, source, data.at, period, (*parts, *more), missing,
        within=tuple(within),
    )  # fmt: skip


def _why(held: Held, stretch: str) -> str:
    if held.of < standards.FEW_STRETCHES:
        return f"only {held.of} {stretch}"
    return f"{held.perhaps} of {held.of} {stretch} not written down"


def _back(every: str) -> str:
    return f"{standards.MONTHS} months" if every == "month" else f"{standards.WEEKS} weeks"


def _by_entry(item: CoreItem, offering: Offering, data: Data) -> Finding:
    names = dict(CoreItem.Entry.choices)
    definition = "Its entry in the directory must show: " + "; ".join(
        str(names[key]).lower() for key in item.entry_shows
    ) + "."  # fmt: skip
    source = "The entry in the directory"
    service = offering.service
    if service is None or not service.published:
        return Finding(
            UNKNOWN, "", "no entry of the directory", definition, source, None,
            missing="No entry of the directory is said to be this item. The manager can name one.",
        )  # fmt: skip
    shows: dict[str, bool | None] = {
        "free": service.free,
        "step_free": service.pk in data.step_free,
        "taking": service.taking == service.Taking.OPEN,
        "languages": bool(service.languages or service.interpreters),
        "ages": service.from_months is not None or service.to_months is not None,
    }
    lacks = [key for key in item.entry_shows if shows[key] is False]
    unsaid = [key for key in item.entry_shows if shows[key] is None]
    verdict = NOT_MET if lacks else UNKNOWN if unsaid else MET
    words = {True: "Yes", False: "No", None: "Nobody has said"}
    good = len(item.entry_shows) - len(lacks) - len(unsaid)
    checked = service.assured_on
    due = months_after(checked, SAID_MONTHS) if checked else None
    stale = due is None or data.today > due
    return Finding(
        UNKNOWN if stale and verdict == MET else verdict,
        "entry",
        f"{good} of {len(item.entry_shows)} shown by its entry" + (", not checked lately" if stale else ""),
        definition, source, checked,
        parts=tuple((str(names[key]), words[shows[key]]) for key in item.entry_shows),
        missing="Nobody has confirmed the entry in the last three months." if stale else "",
        stale=stale,
    )  # fmt: skip


def _one(value: float) -> str:
    return Cell(round(value, 1)).text


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"
