"""What a figure is: its definition, and its values with what had to be hidden.

An indicator is defined once, in the `counts.py` of the module that owns the data. Everything that
shows it, exports it or sets it beside a recommendation reads that definition.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal


@dataclass(frozen=True)
class Indicator:
    """One figure, defined in words a councillor can check.

    `kind` says how its cells are made: a count; a share (per cent, of `whole`); a median; a mean change.
    `by` names the ways in which it can be split, the first being the usual one.
    """

    key: str
    name: str
    definition: str
    unit: str
    better: Literal["more", "fewer", "neither"]
    kind: Literal["count", "share", "median", "mean"]
    source: str
    by: tuple[str, ...] = ("hub", "month")
    small: str = (
        "Counts from 1 to 4 are hidden, and so is any other count from which a hidden one "
        "could be worked out."
    )
    # Whether what is counted might as well have come out otherwise. Not so of what is complete and
    # decided by somebody, such as what a hub offers: there a change is a change.
    chance: bool = True


@dataclass(frozen=True)
class Period:
    """From the first day up to and including the last."""

    first: date
    last: date
    name: str

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Cell:
    """One value. None with `hidden` was kept back; None without it means there was nothing to count."""

    value: float | None
    hidden: bool = False

    @property
    def text(self) -> str:
        """Return the value as it is shown in a table."""
        if self.hidden:
            return "hidden"
        if self.value is None:
            return "none"
        return f"{self.value:,.0f}" if float(self.value).is_integer() else f"{self.value:,.1f}"


HIDDEN, NOTHING = Cell(None, hidden=True), Cell(None)


@dataclass(frozen=True)
class Between:
    """Between what the true median of a line lies, and of how many values: never of a hidden one."""

    low: float
    high: float
    of: int


@dataclass(frozen=True)
class Row:
    """One line of a figure: a hub, a month, a source."""

    key: str
    label: str
    cells: tuple[Cell, ...]
    between: Between | None = None  # of a median, where enough values stand behind it


@dataclass(frozen=True)
class Figure:
    """An indicator's values for a period: rows under columns, with a line for all together."""

    indicator: Indicator
    period: Period
    by: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    total: Row
    counted_at: datetime
    missing: str = field(default="")  # what the figure cannot know, in words

    @property
    def anything_hidden(self) -> bool:
        return any(cell.hidden for row in (*self.rows, self.total) for cell in row.cells)
