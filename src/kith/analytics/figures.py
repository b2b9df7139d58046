"""Making figures out of counts, with small numbers hidden."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from statistics import median

from kith.analytics.change import Change, mean_change, median_between, wilson
from kith.analytics.disclosure import SMALLEST, Key, Line, hidden_keys, worked_out
from kith.analytics.indicators import (
    HIDDEN,
    NOTHING,
    Between,
    Cell,
    Figure,
    Indicator,
    Period,
    Row,
)

Labels = Sequence[tuple[str, str]]  # key and name of each value of a way to split, in order
YES, NO = "yes", "no"


class Book:
    """Counts of one thing, split in several ways, and what of them may be shown.

    `splits` names the values of each way to split. `tables` holds the counts of pairs of ways:
    `{("hub", "month"): {("banbury", "2026-05"): 17}}`. All tables count the same things, so all
    are protected together: no page can be subtracted from another.
    """

    def __init__(
        self,
        splits: Mapping[str, Labels],
        tables: Mapping[tuple[str, str], Mapping[tuple[str, str], int]],
        *,
        smallest: int = SMALLEST,
    ) -> None:
        self.splits = dict(splits)
        values = {way: [key for key, _ in labels] for way, labels in splits.items()}
        hidden = hidden_keys(values, tables, smallest=smallest)
        counts: dict[tuple[str, ...], int] = {}
        for (first, second), table in tables.items():
            for a in values[first]:
                for b in values[second]:
                    n = table.get((a, b), 0)
                    for key in ((first, a, second, b), (second, b, first, a)):
                        counts[key] = n
            for way, place in ((first, 0), (second, 1)):
                for value in values[way]:
                    counts[way, value] = sum(n for w, n in table.items() if w[place] == value)
            counts[()] = sum(table.values())
        self._cells = {
            key: HIDDEN if key in hidden or (*key[2:], *key[:2]) in hidden else Cell(n)
            for key, n in counts.items()
        }

    def cell(self, *where: str) -> Cell:
        """Return one count: `cell()` of all, `cell("hub", "witney")`, or of a pair of ways."""
        return self._cells[where]

    def by(self, indicator: Indicator, period: Period, way: str, at: datetime) -> Figure:
        """Return the counts split one way."""
        rows = tuple(Row(key, label, (self.cell(way, key),)) for key, label in self.splits[way])
        total = Row("all", "All", (self.cell(),))
        return Figure(indicator, period, way, (indicator.unit.capitalize(),), rows, total, at)

    def across(
        self, indicator: Indicator, period: Period, way: str, columns: str, at: datetime
    ) -> Figure:
        """Return a table: one way down the side, another along the top, sums at the end."""
        tops = self.splits[columns]
        rows = tuple(
            Row(
                key,
                label,
                (*(self.cell(way, key, columns, top) for top, _ in tops), self.cell(way, key)),
            )
            for key, label in self.splits[way]
        )
        total = Row("all", "All", (*(self.cell(columns, top) for top, _ in tops), self.cell()))
        names = (*(label for _, label in tops), "All")
        return Figure(indicator, period, way, names, rows, total, at)

    def within(
        self,
        indicator: Indicator,
        period: Period,
        way: str,
        at: datetime,
        *,
        of: tuple[str, str],
    ) -> Figure:
        """Return the counts of one line (`of=("hub", "witney")`), split one way."""
        rows = tuple(
            Row(key, label, (self.cell(*of, way, key),)) for key, label in self.splits[way]
        )
        total = Row("all", "All", (self.cell(*of),))
        return Figure(indicator, period, way, (indicator.unit.capitalize(),), rows, total, at)


def share_figures(
    indicator: Indicator,
    period: Period,
    splits: Mapping[str, Labels],
    tables: Mapping[str, Mapping[tuple[str, str], int]],
    at: datetime,
) -> dict[str, Figure]:
    """Return a share split in each way: per cent, of how many.

    `tables["hub"]` holds `{("witney", YES): 40, ("witney", NO): 8}`. A share is shown where both
    its parts may be, so that it gives neither away.
    """
    answers: Labels = [(YES, "Yes"), (NO, "No")]
    book = Book(
        {**splits, "answer": answers},
        {(way, "answer"): counts for way, counts in tables.items()},
    )

    def cells(yes: Cell, no: Cell, all_of_it: Cell) -> tuple[Cell, Cell]:
        if yes.hidden or no.hidden or all_of_it.hidden:
            return HIDDEN, all_of_it if not all_of_it.hidden else HIDDEN
        if not all_of_it.value:
            return NOTHING, Cell(0)
        return Cell(round(100 * (yes.value or 0) / all_of_it.value, 1)), all_of_it

    total = Row("all", "All", cells(book.cell("answer", YES), book.cell("answer", NO), book.cell()))
    return {
        way: Figure(
            indicator,
            period,
            way,
            (indicator.unit[0].upper() + indicator.unit[1:], "Out of"),
            tuple(
                Row(
                    key,
                    label,
                    cells(
                        book.cell(way, key, "answer", YES),
                        book.cell(way, key, "answer", NO),
                        book.cell(way, key),
                    ),
                )
                for key, label in splits[way]
            ),
            total,
            at,
        )
        for way in tables
    }


class ShareBook:
    """Shares of several questions that the same people answered, split in several ways, and what of
    them may be shown: with between what each lies, and of how many.

    `tables["hub"]` holds `{("witney", "heard", YES): 40, ("witney", "heard", NO): 8}`. All count the
    same answers, so all are protected together. A share is shown where both its parts may be.
    """

    def __init__(
        self,
        splits: Mapping[str, Labels],
        questions: Labels,
        tables: Mapping[str, Mapping[tuple[str, str, str], int]],
    ) -> None:
        self.splits, self.asked = dict(splits), questions
        answers = [(f"{key}:{said}", "") for key, _ in questions for said in (YES, NO)]
        self._book = Book(
            {**splits, "answer": answers},
            {
                (way, "answer"): {
                    (value, f"{q}:{said}"): n for (value, q, said), n in table.items()
                }
                for way, table in tables.items()
            },
        )

    def _cells(self, question: str, *where: str) -> tuple[Cell, Cell]:
        yes, no = (self._book.cell(*where, "answer", f"{question}:{said}") for said in (YES, NO))
        return _share([yes], [no])

    def _together(self, *where: str) -> tuple[Cell, Cell]:
        parts = [
            [self._book.cell(*where, "answer", f"{key}:{said}") for key, _ in self.asked]
            for said in (YES, NO)
        ]
        return _share(*parts)

    def of_question(
        self,
        indicator: Indicator,
        period: Period,
        question: str,
        way: str,
        at: datetime,
        *,
        missing: str = "",
    ) -> Figure:
        """Return the share of one question, split one way."""
        rows = [Row(key, label, self._cells(question, way, key)) for key, label in self.splits[way]]
        total = Row("all", "All", self._cells(question))
        return self._figure(indicator, period, way, rows, total, at, missing)

    def questions(
        self,
        indicator: Indicator,
        period: Period,
        way: str,
        at: datetime,
        *,
        of: tuple[str, ...] = (),
        missing: str = "",
    ) -> Figure:
        """Return the share of each question (of one line, `of=("hub", "witney")`); or of each
        question in each line of a way."""
        lines = (
            [((way, key), f"{key}:", f"{label}: ") for key, label in self.splits[way]]
            if way
            else [(of, "", "")]
        )
        rows = [
            Row(f"{before}{key}", f"{start}{asked}", self._cells(key, *where))
            for where, before, start in lines
            for key, asked in self.asked
        ]
        total = Row("all", "All questions", self._together(*of))
        name = f"{way}-question" if way else "question"
        return self._figure(indicator, period, name, rows, total, at, missing)

    @staticmethod
    def _figure(
        indicator: Indicator,
        period: Period,
        way: str,
        rows: Sequence[Row],
        total: Row,
        at: datetime,
        missing: str,
    ) -> Figure:
        columns = (indicator.unit[0].upper() + indicator.unit[1:], "Out of")
        figure = Figure(indicator, period, way, columns, tuple(rows), total, at)
        return with_interval(figure, missing=missing)


def open_share(yes: int, of: int) -> tuple[Cell, Cell]:
    """Return a share, and of how many, of what hides nobody: schools, sessions, papers."""
    return (Cell(round(100 * yes / of, 1)) if of else NOTHING, Cell(of))


def open_shares(
    indicator: Indicator,
    period: Period,
    way: str,
    labels: Labels,
    answers: Sequence[tuple[str, bool]],
    at: datetime,
    *,
    missing: str = "",
) -> Figure:
    """Return the share of answers that are yes, by the key that stands with each. Nothing is hidden."""

    def line(key: str, label: str, told: Sequence[bool]) -> Row:
        return Row(key, label, open_share(sum(told), len(told)))

    rows = tuple(
        line(key, label, [yes for where, yes in answers if where == key]) for key, label in labels
    )
    total = line("all", "All", [yes for _, yes in answers])
    return Figure(indicator, period, way, (indicator.unit, "Out of"), rows, total, at, missing)


def _share(yes: Sequence[Cell], no: Sequence[Cell]) -> tuple[Cell, Cell]:
    if any(cell.hidden for cell in (*yes, *no)):
        return HIDDEN, HIDDEN
    good = sum(int(cell.value or 0) for cell in yes)
    of = good + sum(int(cell.value or 0) for cell in no)
    return (Cell(round(100 * good / of, 1)), Cell(of)) if of else (NOTHING, Cell(0))


@dataclass(frozen=True)
class Middle:
    """A median, how many values it is the middle of, and between what the true one lies."""

    value: float | None
    of: int
    between: tuple[float, float] | None = None


FEW = 10  # an interval of fewer would be told by single people's values


def middle_of(values: Sequence[float]) -> Middle:
    """Return the median of some values; of fewer than FEW without an interval."""
    return Middle(
        median(values) if values else None,
        len(values),
        median_between(values) if len(values) >= FEW else None,
    )


def median_figure(
    indicator: Indicator,
    period: Period,
    way: str,
    labels: Labels,
    middles: Mapping[str, Middle],
    total: Middle,
    at: datetime,
    *,
    smallest: int = SMALLEST,
) -> Figure:
    """Return medians split one way. The middle of fewer than `smallest` values is hidden."""

    def row(key: str, label: str, middle: Middle | None) -> Row:
        if middle is None or middle.of == 0 or middle.value is None:
            return Row(key, label, (NOTHING,))
        if middle.of < smallest:
            return Row(key, label, (HIDDEN,))
        between = Between(*middle.between, middle.of) if middle.between else None
        return Row(key, label, (Cell(round(middle.value, 1)),), between)

    rows = tuple(row(key, label, middles.get(key)) for key, label in labels)
    return Figure(
        indicator,
        period,
        way,
        (indicator.unit.capitalize(),),
        rows,
        row("all", "All", total),
        at,
    )


@dataclass(frozen=True)
class Paired:
    """A mean change of those with two values, and how many have only one or none."""

    change: Change
    alone: int


def mean_figure(
    indicator: Indicator,
    period: Period,
    way: str,
    labels: Labels,
    values: Mapping[str, Paired],
    total: Paired,
    at: datetime,
    *,
    smallest: int = SMALLEST,
) -> Figure:
    """Return mean changes split one way, with their intervals, and how many stand behind them.

    A mean times its number is a sum: of lines that are hidden, the sum is what those shown leave of
    all. So lines are hidden until there are two or more with `smallest` pairs together, or all of it
    is. Numbers of pairs and of those without are protected as counts are.
    """
    pairs = {key: values[key].change.pairs if key in values else 0 for key, _ in labels}
    table = {
        (key, answer): n
        for key, _ in labels
        for answer, n in (
            (YES, pairs[key]),
            (NO, values[key].alone if key in values else 0),
        )
    }
    book = Book(
        {way: labels, "answer": [(YES, "Yes"), (NO, "No")]},
        {(way, "answer"): table},
        smallest=smallest,
    )
    hidden = {
        key
        for key, n in pairs.items()
        if 0 < n < smallest or (n and book.cell(way, key, "answer", YES).hidden)
    }
    rest = sorted(
        (key for key, n in pairs.items() if n and key not in hidden), key=pairs.__getitem__
    )
    while hidden and rest and (len(hidden) < 2 or sum(pairs[key] for key in hidden) < smallest):
        hidden.add(rest.pop(0))
    together = sum(pairs[key] for key in hidden)
    all_hidden = bool(hidden) and (len(hidden) < 2 or together < smallest)

    def cells(paired: Paired | None, keep: bool, with_: Cell, without: Cell) -> tuple[Cell, ...]:
        if keep:
            return HIDDEN, HIDDEN, HIDDEN, HIDDEN, without
        if paired is None or paired.change.mean is None:
            return NOTHING, NOTHING, NOTHING, with_, without
        change = paired.change
        ends = (
            NOTHING if end is None else Cell(round(end, 2)) for end in (change.low, change.high)
        )
        return Cell(round(change.mean or 0, 2)), *ends, with_, without

    rows = tuple(
        Row(
            key,
            label,
            cells(
                values.get(key),
                key in hidden,
                book.cell(way, key, "answer", YES),
                book.cell(way, key, "answer", NO),
            ),
        )
        for key, label in labels
    )
    few = 0 < total.change.pairs < smallest
    return Figure(
        indicator,
        period,
        way,
        (f"Mean change, {indicator.unit}", *BETWEEN, "With both values", "Without a later value"),
        rows,
        Row(
            "all",
            "All",
            cells(
                total,
                few or all_hidden or book.cell("answer", YES).hidden,
                book.cell("answer", YES),
                book.cell("answer", NO),
            ),
        ),
        at,
    )


Pairs = Sequence[tuple[float, float]]  # first and later


class MeanBook:
    """Mean changes of one thing, split in several ways, and what of them may be shown.

    `tables` holds the pairs of values by pairs of ways: `{("hub", "area"): {("banbury", "health"):
    [(3, 6), ...]}}`. All tables divide the same pairs, and are protected together, as counts are
    (`Book`). A mean times its number is a sum, so of every line that adds up to another number that
    is shown, two or more are hidden, with `smallest` pairs together, or none; and more, until none that
    is hidden follows from all that is shown (`worked_out`). How many stand behind a mean is told as
    “at least”, in fives.

    `cube` divides the pairs three ways at once: `(("hub", "quarter", "area"), {("banbury", "2026-2",
    "health"): [(3, 6), ...]})`. The tables of each two of its ways are made from it.
    """

    def __init__(
        self,
        splits: Mapping[str, Labels],
        tables: Mapping[tuple[str, str], Mapping[tuple[str, str], Pairs]],
        *,
        cube: tuple[tuple[str, str, str], Mapping[tuple[str, str, str], Pairs]] | None = None,
        smallest: int = SMALLEST,
    ) -> None:
        self.splits, self.smallest = dict(splits), smallest
        if cube is not None:
            tables = {**tables, **_sides(*cube)}
        values = {way: [key for key, _ in labels] for way, labels in splits.items()}
        counts = {
            ways: {key: len(pairs) for key, pairs in table.items()}
            for ways, table in tables.items()
        }
        self._pairs: dict[tuple[str, ...], list[tuple[float, float]]] = {}
        # Each line: what adds up, and to what.
        lines: list[Line] = []
        for (one, two), table in tables.items():
            self._fill(values, one, two, table)
            lines += [([(one, a, two, b) for b in values[two]], (one, a)) for a in values[one]]
            lines += [([(one, a, two, b) for a in values[one]], (two, b)) for b in values[two]]
        for way in {way for ways in tables for way in ways}:
            lines.append(([(way, key) for key in values[way]], ()))
        self._hidden = set(hidden_keys(values, counts, smallest=smallest))
        if cube is not None:
            lines += self._fill_cube(values, *cube)
        while any(self._hide_more(parts, whole) for parts, whole in lines) or self._hide_for(
            worked_out(lines, {key for key in self._hidden if self._pairs[key]}), lines
        ):
            pass

    def _fill(
        self,
        values: Mapping[str, list[str]],
        one: str,
        two: str,
        table: Mapping[tuple[str, str], Pairs],
    ) -> None:
        every: list[tuple[float, float]] = []
        for way, place in ((one, 0), (two, 1)):
            for key in values[way]:
                self._pairs[way, key] = [
                    pair for where, pairs in table.items() if where[place] == key for pair in pairs
                ]
        for a in values[one]:
            for b in values[two]:
                found = list(table.get((a, b), ()))
                self._pairs[one, a, two, b] = found
                every += found
        self._pairs[()] = every

    def _fill_cube(
        self,
        values: Mapping[str, list[str]],
        ways: tuple[str, str, str],
        table: Mapping[tuple[str, str, str], Pairs],
    ) -> list[Line]:
        one, two, three = ways
        keys = {
            where: (one, where[0], two, where[1], three, where[2])
            for where in product(values[one], values[two], values[three])
        }
        for where, key in keys.items():
            self._pairs[key] = list(table.get(where, ()))
            if 0 < len(self._pairs[key]) < self.smallest:
                self._hidden.add(key)
        lines: dict[Key, list[Key]] = defaultdict(list)
        for key in keys.values():
            for side in (key[:4], key[:2] + key[4:], key[2:]):
                lines[side].append(key)
        return [(parts, whole) for whole, parts in lines.items()]

    def _hide_for(self, known: set[Key], lines: Sequence[Line]) -> bool:
        """Hide one more beside each of those that could be worked out. Says whether it did."""
        for key in known:
            beside = {
                other
                for parts, whole in lines
                if key == whole or key in parts
                for other in (*parts, whole)
            }
            shown = [o for o, pairs in self._pairs.items() if pairs and o not in self._hidden]
            left = [other for other in shown if other in beside] or shown
            if left:
                self._hidden.add(min(left, key=lambda other: (len(self._pairs[other]), other)))
        return bool(known)

    def _hide_more(self, parts: list[tuple[str, ...]], whole: tuple[str, ...]) -> bool:
        """Hide one more of a line where those hidden could be worked out, or are too few together;
        where there is none left, what they add up to. Says whether it did."""
        if whole in self._hidden:
            return False
        n = {part: len(self._pairs[part]) for part in parts}
        gone = [part for part in parts if n[part] and part in self._hidden]
        if not gone or (len(gone) > 1 and sum(n[part] for part in gone) >= self.smallest):
            return False
        left = [part for part in parts if n[part] and part not in self._hidden]
        self._hidden.add(min(left, key=lambda part: (n[part], part)) if left else whole)
        return True

    def cells(self, *where: str) -> tuple[Cell, ...]:
        """Return a mean change, the ends of its interval, and of how many at least."""
        pairs = self._pairs[where]
        if not pairs:
            return NOTHING, NOTHING, NOTHING, Cell(0)
        if where in self._hidden:
            return (HIDDEN,) * 4
        change = mean_change(pairs)
        ends = (
            NOTHING if end is None else Cell(round(end, 2)) for end in (change.low, change.high)
        )
        return Cell(round(change.mean or 0, 2)), *ends, Cell(len(pairs) - len(pairs) % 5)

    def by(
        self,
        indicator: Indicator,
        period: Period,
        way: str,
        at: datetime,
        *,
        of: tuple[str, ...] = (),
        missing: str = "",
    ) -> Figure:
        """Return the means split one way; of one line (`of=("hub", "witney")`) where it is named."""
        return self._figure(
            indicator,
            period,
            way,
            [(key, label, self.cells(*of, way, key)) for key, label in self.splits[way]],
            self.cells(*of),
            at,
            missing,
        )

    def across(
        self,
        indicator: Indicator,
        period: Period,
        ways: tuple[str, str],
        at: datetime,
        *,
        of: tuple[str, ...] = (),
        missing: str = "",
    ) -> Figure:
        """Return a line for each pair of two ways that a table divides; of one line of a third
        (`of=("hub", "witney")`) where it is named."""
        one, two = ways
        rows = [
            (f"{a}:{b}", f"{second}, {first}", self.cells(*of, one, a, two, b))
            for b, second in self.splits[two]
            for a, first in self.splits[one]
        ]
        name = f"{two}-{one}"
        return self._figure(indicator, period, name, rows, self.cells(*of), at, missing)

    @staticmethod
    def _figure(
        indicator: Indicator,
        period: Period,
        way: str,
        rows: Sequence[tuple[str, str, tuple[Cell, ...]]],
        total: tuple[Cell, ...],
        at: datetime,
        missing: str,
    ) -> Figure:
        return Figure(
            indicator,
            period,
            way,
            (f"Mean change, {indicator.unit}", *BETWEEN, "Of at least"),
            tuple(Row(*row) for row in rows),
            Row("all", "All", total),
            at,
            missing,
        )


def _sides(
    ways: tuple[str, str, str], table: Mapping[tuple[str, str, str], Pairs]
) -> dict[tuple[str, str], dict[tuple[str, str], list[tuple[float, float]]]]:
    """Return the tables of each two of three ways."""
    sides: dict[tuple[str, str], dict[tuple[str, str], list[tuple[float, float]]]] = {}
    for first, second in ((0, 1), (0, 2), (1, 2)):
        side = sides[ways[first], ways[second]] = {}
        for where, pairs in table.items():
            side.setdefault((where[first], where[second]), []).extend(pairs)
    return sides


BETWEEN = ("95% from", "95% to")


def with_interval(figure: Figure, *, missing: str = "") -> Figure:
    """Return a share with between what it lies, worked out from what is shown and nothing else."""

    def wider(row: Row) -> Row:
        share, of = row.cells
        if share.hidden or of.hidden:
            return Row(row.key, row.label, (share, HIDDEN, HIDDEN, of))
        if share.value is None or not of.value:
            return Row(row.key, row.label, (share, NOTHING, NOTHING, of))
        ends = wilson(round(share.value * of.value / 100), round(of.value))
        assert ends is not None
        low, high = (Cell(round(100 * end, 1)) for end in ends)
        return Row(row.key, row.label, (share, low, high, of))

    first, last = figure.columns
    return Figure(
        figure.indicator,
        figure.period,
        figure.by,
        (first, *BETWEEN, last),
        tuple(wider(row) for row in figure.rows),
        wider(figure.total),
        figure.counted_at,
        missing or figure.missing,
    )
