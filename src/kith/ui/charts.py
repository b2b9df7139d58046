"""Charts as SVG, made by the server: nothing to run, nothing to load, and readable without colours.

Positions along the page are per cents and heights are pixels, so that a chart fits a telephone and
its letters keep their size. Whoever cannot see it reads the title, the description and the table
that stands below. A value may be a number, None (nothing to count), or anything with `value` and
`hidden`, such as `analytics.indicators.Cell`: what is hidden is drawn as hidden, never as nothing.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from xml.sax.saxutils import escape, quoteattr

from django.utils.safestring import SafeString, mark_safe

Kind = Literal["bars", "columns", "line", "shares"]
COLOURS = 8
LONGEST_LABEL = 44
DASHES = ("", "7 4", "2 4", "10 4 2 4")


@dataclass(frozen=True)
class Value:
    """One value: None with `hidden` was kept back, None without it means nothing to count."""

    value: float | None
    hidden: bool = False


@dataclass(frozen=True)
class Series:
    """A name and a value for each label of the chart."""

    name: str
    values: Sequence[Any]

    @property
    def plain(self) -> list[Value]:
        return [_plain(value) for value in self.values]


@dataclass(frozen=True)
class Chart:
    """What a chart shows.

    `bars`: for names; one or more bars beside each label. `columns`: for a few months, one series.
    `line`: for time, up to four series. `shares`: each label's values as parts of its whole.
    `target` draws a line to compare with. `note` stands below, for what the figures cannot know.
    """

    kind: Kind
    title: str
    labels: Sequence[str]
    series: Sequence[Series]
    unit: str = ""
    description: str = ""
    note: str = ""
    target: float | None = None
    target_name: str = "Promised"
    decimals: int | None = None
    label_heading: str = ""
    wholes: Sequence[Any] = field(default=())  # of shares: what each label's values are parts of

    def __post_init__(self) -> None:
        for series in self.series:
            if len(series.values) != len(self.labels):
                raise ValueError(f"{series.name}: a value for each of the labels is needed")

    # In words

    def words(self, value: Value) -> str:
        """Write a value as the chart and its table show it."""
        if value.hidden:
            return "hidden"
        if value.value is None:
            return "none"
        number = value.value
        places = self.decimals
        if places is None:
            places = 0 if float(number).is_integer() else 1
        return f"{number:,.{places}f}" + ("%" if self.unit.startswith("%") else "")

    @property
    def summary(self) -> str:
        """Say the chart in a sentence, for who cannot see it."""
        if self.description:
            return self.description
        known = [
            (value.value, label, series.name)
            for series in self.series
            for label, value in zip(self.labels, series.plain, strict=True)
            if value.value is not None
        ]
        if not known:
            return "There is nothing to show."
        most, least = max(known), min(known)
        if len(known) == 1:
            return f"{most[1]}: {self.words(Value(most[0]))} {self._of}".strip() + "."
        several = len(self.series) > 1
        return (
            f"The most is {self.words(Value(most[0]))} {self._of} ({most[1]}"
            f"{', ' + most[2] if several else ''}), the least {self.words(Value(least[0]))} "
            f"({least[1]}{', ' + least[2] if several else ''}). The table has every value."
        ).replace("  ", " ")

    @property
    def _of(self) -> str:
        return self.unit.lstrip("% ") if self.unit.startswith("%") else self.unit

    @property
    def anything_hidden(self) -> bool:
        return any(value.hidden for series in self.series for value in series.plain)

    @property
    def is_empty(self) -> bool:
        return not self.labels or all(
            value.value is None and not value.hidden
            for series in self.series
            for value in series.plain
        )

    # As a table

    @property
    def table_columns(self) -> list[Any]:
        return [
            self.label_heading,
            *({"label": series.name, "numeric": True} for series in self.series),
        ]

    @property
    def table_rows(self) -> list[list[Any]]:
        return [
            [label, *(self.words(series.plain[i]) for series in self.series)]
            for i, label in enumerate(self.labels)
        ]


def bars(title: str, labels: Sequence[str], values: Sequence[Any], **options: Any) -> Chart:
    """Return a chart of one bar for each label."""
    return Chart("bars", title, labels, [Series(options.pop("name", "Value"), values)], **options)


def draw(chart: Chart, ids: str) -> SafeString:
    """Return the chart as SVG. `ids` begins the ids of its title and description."""
    if chart.is_empty:
        return mark_safe("")
    height, inside = {"bars": _bars, "columns": _columns, "line": _line, "shares": _shares}[
        chart.kind
    ](chart)
    return mark_safe(
        f'<svg class="kith-svg" xmlns="http://www.w3.org/2000/svg" width="100%" '
        f'height="{height}" role="img" aria-labelledby="{ids}-title {ids}-desc" '
        f'focusable="false"><title id="{ids}-title">{plain_text(chart.title)}</title>'
        f'<desc id="{ids}-desc">{plain_text(chart.summary)}</desc>{inside}</svg>'
    )


def _plain(value: Any) -> Value:
    hidden = bool(getattr(value, "hidden", False))
    value = getattr(value, "value", value)
    if hidden or value is None:
        return Value(None, hidden)
    number = float(value)  # a database's decimal, too
    return Value(number if math.isfinite(number) else None)


def plain_text(text: Any) -> str:
    # What XML cannot hold at all is left out.
    kept = "".join(
        c for c in str(text) if c in "\t\n" or (ord(c) >= 32 and not 0xD800 <= ord(c) <= 0xDFFF)
    )
    return escape(kept)


def _short(text: str, longest: int = LONGEST_LABEL) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def element(name: str, words: Any = None, **attributes: Any) -> str:
    written = "".join(
        f" {key.replace('_', '-').rstrip('-')}={quoteattr(_number(value))}"
        for key, value in attributes.items()
        if value is not None and value != ""
    )
    return f"<{name}{written}/>" if words is None else f"<{name}{written}>{words}</{name}>"


def _number(value: Any) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _at(percent: float) -> str:
    return f"{percent:.2f}%"


def nice_ticks(low: float, high: float, wanted: int = 4) -> list[float]:
    """Return round numbers from at or below `low` to at or above `high`: 1, 2 or 5 times a ten."""
    if not high > low:
        high = low + 1
    rough = (high - low) / wanted
    ten = 10.0 ** math.floor(math.log10(rough))
    step = next(ten * m for m in (1, 2, 5, 10) if ten * m >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(i * step, 10) for i in range(first, last + 1)]


def _extent(chart: Chart) -> tuple[float, float]:
    known = [v.value for series in chart.series for v in series.plain if v.value is not None]
    if chart.target is not None:
        known.append(chart.target)
    return min([0.0, *known]), max([0.0, *known])


def _bars(chart: Chart) -> tuple[int, str]:
    low, high = _extent(chart)
    span = (high - low) or 1.0
    room = 84.0  # the rest is for the value after the longest bar
    zero = -low / span * room
    thick = 22 if len(chart.series) == 1 else 17
    out, y = [], 0
    for i, label in enumerate(chart.labels):
        out.append(element("text", plain_text(_short(label)), x=0, y=y + 15))
        y += 21
        for number, series in enumerate(chart.series):
            value = series.plain[i]
            colour = f"fill-{number % COLOURS + 1}"
            told = element("title", plain_text(f"{label}, {series.name}: {chart.words(value)}"))
            if value.hidden:
                out.append(
                    element(
                        "rect", told, class_="fill-hidden", x=_at(zero), y=y, width=26, height=thick
                    )
                )
                after, shift = zero, 32
            else:
                number_ = value.value or 0.0
                width = abs(number_) / span * room
                begin = zero if number_ >= 0 else zero - width
                out.append(
                    element(
                        "rect",
                        told,
                        class_=colour,
                        x=_at(begin),
                        y=y,
                        width=_at(width),
                        height=thick,
                    )
                )
                after, shift = (zero + width if number_ >= 0 else zero), 6
            out.append(
                element(
                    "text",
                    plain_text(chart.words(value)),
                    class_="small" if value.hidden else "value",
                    x=_at(after),
                    dx=shift,
                    y=y + thick - 5,
                )
            )
            y += thick + 3
        y += 9
    if chart.target is not None:
        x = zero + chart.target / span * room
        out.append(element("line", class_="target", x1=_at(x), x2=_at(x), y1=0, y2=y - 6))
        out.append(
            element(
                "text",
                plain_text(f"{chart.target_name}: {chart.words(Value(chart.target))}"),
                class_="small" + (" end" if x > 60 else ""),
                x=_at(x),
                dx=-4 if x > 60 else 4,
                y=y + 10,
            )
        )
        y += 16
    if low < 0:
        out.append(element("line", class_="axis", x1=_at(zero), x2=_at(zero), y1=0, y2=y - 6))
    return max(y - 4, 20), "".join(out)


TOP, PLOT, FOOT = 26, 210, 42  # pixels above, of and below what is plotted
LINE = 16  # pixels that a line of text needs


def _frame(chart: Chart) -> tuple[list[float], Any, str]:
    """Return the ticks, where a value stands from the top, and the lines behind the values."""
    low, high = _extent(chart)
    ticks = nice_ticks(low, high)

    def y(value: float) -> float:
        return TOP + PLOT - (value - ticks[0]) / (ticks[-1] - ticks[0]) * PLOT

    lines = []
    for tick in ticks:
        is_zero = tick == 0
        lines.append(
            element(
                "line",
                class_="axis" if is_zero else "grid",
                x1="0",
                x2="100%",
                y1=y(tick),
                y2=y(tick),
            )
        )
        lines.append(
            element(
                "text", plain_text(chart.words(Value(tick))), class_="small", x=0, y=y(tick) - 4
            )
        )
    if chart.target is not None:
        lines.append(
            element(
                "line", class_="target", x1="0", x2="100%", y1=y(chart.target), y2=y(chart.target)
            )
        )
        lines.append(
            element(
                "text",
                plain_text(f"{chart.target_name}: {chart.words(Value(chart.target))}"),
                class_="small end",
                x="100%",
                y=y(chart.target) - 5,
            )
        )
    return ticks, y, "".join(lines)


def _along(count: int) -> list[float]:
    """Return where each of some labels stands, in per cent, with room for the axis's numbers."""
    left, right = 12.0, 97.0
    step = (right - left) / count
    return [left + step * (i + 0.5) for i in range(count)]


def _below(chart: Chart, places: list[float]) -> str:
    """Return the labels below, as many as there is room for on a telephone and on a wide page."""
    count = len(chart.labels)
    found = [_month(label) for label in chart.labels]
    months = [month for month in found if month]
    all_months = len(months) == count
    short = all_months or max(len(label) for label in chart.labels) <= 4
    few, many = math.ceil(count / (6 if short else 3)), math.ceil(count / (14 if short else 6))
    out, year = [], ""
    for i, label in enumerate(chart.labels):
        from_end = count - 1 - i  # the newest is always named
        if from_end % many:
            continue
        classes = "small middle" if from_end % few == 0 else "small middle kith-wide-only"
        shown = months[i][0] if all_months else _short(label, 12)
        out.append(_label(shown, classes, places[i], 19))
        if all_months and months[i][1] != year:
            year = months[i][1]
            out.append(_label(year, "small middle", places[i], 35))
    return "".join(out)


def _label(words: str, classes: str, place: float, below: int) -> str:
    return element("text", plain_text(words), class_=classes, x=_at(place), y=TOP + PLOT + below)


def _month(label: str) -> tuple[str, str] | None:
    """Return "May" and "2026" of `May 2026`; None for what is no month."""
    word, _, year = label.partition(" ")
    return (word[:3], year) if word.isalpha() and year.isdigit() and len(year) == 4 else None


def _columns(chart: Chart) -> tuple[int, str]:
    _, y, lines = _frame(chart)
    places = _along(len(chart.labels))
    share = 85.0 / len(chart.labels)
    each = share * 0.72 / len(chart.series)
    out = [lines]
    for number, series in enumerate(chart.series):
        for i, value in enumerate(series.plain):
            x = places[i] - share * 0.36 + each * number
            told = element(
                "title", plain_text(f"{chart.labels[i]}, {series.name}: {chart.words(value)}")
            )
            if value.hidden:
                out.append(
                    element(
                        "rect",
                        told,
                        class_="fill-hidden",
                        x=_at(x),
                        y=y(0) - 14,
                        width=_at(each),
                        height=14,
                    )
                )
            elif value.value is not None:
                top, bottom = sorted((y(value.value), y(0)))
                out.append(
                    element(
                        "rect",
                        told,
                        class_=f"fill-{number % COLOURS + 1}",
                        x=_at(x),
                        y=top,
                        width=_at(each),
                        height=bottom - top,
                    )
                )
                if len(chart.series) == 1:
                    classes = "value middle" + (" kith-wide-only" if len(chart.labels) > 6 else "")
                    out.append(
                        element(
                            "text",
                            plain_text(chart.words(value)),
                            class_=classes,
                            x=_at(places[i]),
                            y=top - 5,
                        )
                    )
    out.append(_below(chart, places))
    return TOP + PLOT + FOOT, "".join(out)


def _line(chart: Chart) -> tuple[int, str]:
    _, y, lines = _frame(chart)
    places = _along(len(chart.labels))
    out = [lines]
    told_at: list[tuple[int, float]] = []  # where values are written, so that two never overlap
    for number, series in enumerate(chart.series):
        colour, dash = number % COLOURS + 1, DASHES[number % len(DASHES)]
        values = series.plain
        for i in range(len(values) - 1):
            here, there = values[i].value, values[i + 1].value
            if here is not None and there is not None:
                out.append(
                    element(
                        "line",
                        class_=f"line line-{colour}",
                        x1=_at(places[i]),
                        y1=y(here),
                        x2=_at(places[i + 1]),
                        y2=y(there),
                        stroke_dasharray=dash,
                    )
                )
        ends = [i for i, value in enumerate(values) if value.value is not None]
        named = {ends[-1]} if ends else set()
        if len(chart.series) == 1 and ends:
            named |= {
                max(ends, key=lambda i: values[i].value or 0),
                min(ends, key=lambda i: values[i].value or 0),
            }
        for i, value in enumerate(values):
            told = element(
                "title", plain_text(f"{chart.labels[i]}, {series.name}: {chart.words(value)}")
            )
            if value.hidden:
                out.append(
                    element(
                        "rect",
                        told,
                        class_="fill-hidden",
                        x=_at(places[i]),
                        y=y(0) - 8,
                        width=8,
                        height=8,
                    )
                )
            elif value.value is not None:
                out.append(
                    element(
                        "circle",
                        told,
                        class_=f"fill-{colour}",
                        cx=_at(places[i]),
                        cy=y(value.value),
                        r=4,
                    )
                )
                if i in named:
                    above = y(value.value) - 10
                    levels = (above, above + 2 * LINE, above - LINE, above + 3 * LINE)
                    free = (
                        level
                        for level in levels
                        if not any(at == i and abs(level - it) < LINE for at, it in told_at)
                    )
                    level = next(free, above)
                    told_at.append((i, level))
                    out.append(
                        element(
                            "text",
                            plain_text(chart.words(value)),
                            class_="value middle",
                            x=_at(places[i]),
                            y=level,
                        )
                    )
    out.append(_below(chart, places))
    return TOP + PLOT + FOOT, "".join(out)


def _shares(chart: Chart) -> tuple[int, str]:
    out, y, thick = [], 0, 26
    for i, label in enumerate(chart.labels):
        values = [series.plain[i] for series in chart.series]
        known = sum(value.value or 0 for value in values)
        hidden = any(value.hidden for value in values)
        whole = known
        if hidden:
            # What is hidden is the rest of the whole, where the whole may be known.
            given = _plain(chart.wholes[i]) if chart.wholes else Value(None, hidden=True)
            whole = given.value or 0
        out.append(element("text", plain_text(_short(label)), x=0, y=y + 15))
        y += 21
        if whole < known or whole <= 0 or any((value.value or 0) < 0 for value in values):
            out.append(element("rect", class_="fill-hidden", x=0, y=y, width="100%", height=thick))
            words = "hidden: some of it is small" if hidden else "none"
            out.append(element("text", words, class_="small", x=8, y=y + 18))
        else:
            parts = [
                (value.value or 0, f"fill-{number % COLOURS + 1}", series.name, chart.words(value))
                for number, (series, value) in enumerate(zip(chart.series, values, strict=True))
            ]
            if hidden:
                parts.append((whole - known, "fill-hidden", "the rest", "hidden"))
            out.append(_one_whole(label, parts, whole, y, thick))
        y += thick + 12
    return max(y - 6, 20), "".join(out)


def _one_whole(
    label: str, parts: list[tuple[float, str, str, str]], whole: float, y: int, thick: int
) -> str:
    out, x = [], 0.0
    for amount, colour, name, words in parts:
        share = amount / whole * 100
        if share <= 0:
            continue
        told = f"{label}, {name}: {words}" + ("" if words == "hidden" else f" ({share:.0f}%)")
        out.append(
            element(
                "rect",
                element("title", plain_text(told)),
                class_=colour,
                x=_at(x),
                y=y,
                width=_at(max(share - 0.3, 0.1)),
                height=thick,
            )
        )
        if share >= 8:
            classes = "middle small" if words == "hidden" else "middle value inside"
            classes += " kith-wide-only" if share < 14 else ""
            shown = "hidden" if words == "hidden" else f"{share:.0f}%"
            out.append(element("text", shown, class_=classes, x=_at(x + share / 2), y=y + 18))
        x += share
    return "".join(out)
