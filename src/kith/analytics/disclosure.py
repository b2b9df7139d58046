"""Keeping small numbers from telling on people.

Primary suppression hides counts from 1 to `smallest - 1`. Secondary suppression hides more, until
nobody can work a hidden count out by subtracting: for every count that had to be hidden there is
another set of tables, agreeing with everything shown, in which that count is larger by `smallest`.

Tables that split the same things in several ways (hub by month, hub by source) share their sums,
so they are protected together. The other tables are found as cycles: one count up, another of its
row down, another of that column up, and so on round, with every sum as it was; or, where a row is
too small for that, with one row's sum up and another's down in every table that shows them.
(The cycles of a single table are those of L. Cox, "Network models for complementary cell
suppression", JASA 90, 1995.)
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from math import inf

SMALLEST = 5
PRIME = 2**61 - 1

Key = tuple[str, ...]
Counts = Mapping[tuple[str, str], int]
Line = tuple[list[Key], Key]  # what adds up, and to what
Node = tuple[str, str]  # a line of a table: a way to split, and one of its values


def hidden_keys(
    splits: Mapping[str, Sequence[str]],
    tables: Mapping[tuple[str, str], Counts],
    *,
    smallest: int = SMALLEST,
) -> set[Key]:
    """Return the keys of all counts to hide.

    `splits` gives the values of each way to split; `tables` the counts of pairs of ways, of the
    same things each time; a missing count is nought. Keys are `("hub", h, "month", m)` for a count,
    in the order of the table; `("hub", h)` for the sum of a line; `()` for the sum of all.
    """
    return _Protection(splits, tables, smallest).run()


@dataclass(frozen=True)
class _Step:
    """A way from one line to the next in a cycle, with what must be hidden to take it."""

    to: Node
    keys: tuple[Key, ...]
    swap: tuple[Node, Node] | None = None  # sums that change: the one up, the one down


class _Protection:
    def __init__(
        self,
        splits: Mapping[str, Sequence[str]],
        tables: Mapping[tuple[str, str], Counts],
        smallest: int,
    ) -> None:
        self.splits, self.tables, self.smallest = splits, tables, smallest
        self.hidden: set[Key] = set()
        self.counts: dict[Key, int] = {}
        for (first, second), counts in tables.items():
            for (a, b), n in counts.items():
                self.counts[(first, a, second, b)] = n
            for way, place in ((first, 0), (second, 1)):
                for value in splits[way]:
                    n = sum(n for where, n in counts.items() if where[place] == value)
                    if self.counts.setdefault((way, value), n) != n:
                        raise ValueError(f"two tables disagree about {way} {value}")
            self.counts[()] = sum(counts.values())

    def run(self) -> set[Key]:
        small = [key for key, n in self.counts.items() if 0 < n < self.smallest]
        self.hidden.update(small)
        # Sums first: what hides them often hides the counts below them too.
        for key in sorted(small, key=lambda k: (len(k), -self.counts[k], str(k))):
            if not (self._protect_sum(key) if len(key) < 4 else self._protect_count(key)):
                # So few that nothing shown would be safe: show the noughts alone.
                return {key for key, n in self.counts.items() if n}
        return self.hidden

    def _protect_sum(self, key: Key) -> bool:
        """Let a line's sum trade places with another's, in every table that shows both."""
        if not key:
            return False
        way, value = key
        partners = [
            (self._cost((way, other)), str(other), other)
            for other in self.splits[way]
            if self._can_swap((way, value), (way, other))
        ]
        if not partners:
            return False
        _, _, partner = min(partners)
        self._swap((way, value), (way, partner))
        return True

    def _protect_count(self, key: Key) -> bool:
        """Find a cycle by which this count may be larger, and hide what it goes through."""
        first, a, second, b = key
        cycle = self._cheapest((first, second), (second, b), (first, a), swaps=True, without=key)
        if cycle is None:
            return False
        for step in cycle:
            self.hidden.update(step.keys)
            if step.swap:
                self._swap(*step.swap, but=(first, second))
        return True

    # Trading sums

    def _can_swap(self, up: Node, down: Node, but: tuple[str, str] | None = None) -> bool:
        return (
            up != down
            and self.counts[down] >= self.smallest
            and all(self._swap_in(table, up, down) is not None for table in self._with(up[0], but))
        )

    def _swap(self, up: Node, down: Node, but: tuple[str, str] | None = None) -> None:
        self.hidden.update((up, down))
        for table in self._with(up[0], but):
            for step in self._swap_in(table, up, down) or []:
                self.hidden.update(step.keys)

    def _swap_in(self, table: tuple[str, str], up: Node, down: Node) -> list[_Step] | None:
        """Return the cheapest way, within a table, of one line up and another down."""
        if up[0] == table[0]:
            return self._cheapest(table, up, down)
        # A column up and another down is a way from the one to be lowered to the one to be raised.
        return self._cheapest(table, down, up)

    def _with(self, way: str, but: tuple[str, str] | None) -> Iterator[tuple[str, str]]:
        return (table for table in self.tables if way in table and table != but)

    # Finding ways

    def _cheapest(
        self,
        table: tuple[str, str],
        start: Node,
        end: Node,
        *,
        swaps: bool = False,
        without: Key | None = None,
    ) -> list[_Step] | None:
        """Return the way through a table that hides least (Dijkstra), or None."""
        best: dict[Node, float] = {start: 0.0}
        came: dict[Node, tuple[Node, _Step]] = {}
        queue: list[tuple[float, str, Node]] = [(0.0, "", start)]
        while queue:
            cost, _, place = heappop(queue)
            if place == end:
                way = []
                while place != start:
                    place, step = came[place]
                    way.append(step)
                return way
            if cost > best[place]:
                continue
            for step in self._steps(table, place, swaps):
                if without in step.keys:
                    continue
                further = cost + sum(self._cost(key) for key in step.keys)
                if further < best.get(step.to, inf):
                    best[step.to] = further
                    came[step.to] = (place, step)
                    heappush(queue, (further, str(step.to), step.to))
        return None

    def _steps(self, table: tuple[str, str], place: Node, swaps: bool) -> Iterator[_Step]:
        first, second = table
        way, value = place
        if way == first:  # from a row, a count goes up
            for other in self.splits[second]:
                key = (first, value, second, other)
                if self.counts.get(key) or key in self.hidden:
                    yield _Step((second, other), (key,))
        else:  # from a column, a count goes down, which it must bear
            for other in self.splits[first]:
                key = (first, other, second, value)
                if self.counts.get(key, 0) >= self.smallest:
                    yield _Step((first, other), (key,))
        if swaps:
            for other in self.splits[way]:
                there = (way, other)
                up, down = (there, place) if way == first else (place, there)
                if self._can_swap(up, down, but=table):
                    yield _Step(there, (up, down), swap=(up, down))

    def _cost(self, key: Key) -> float:
        """What hiding a count loses: nothing when it is hidden; a sum tells more than a count."""
        if key in self.hidden:
            return 0.0
        return (1 + self.counts.get(key, 0) ** 0.5) * (1 if len(key) == 4 else 20)


def worked_out(lines: Sequence[Line], hidden: Collection[Key]) -> set[Key]:
    """Return those hidden numbers that follow from all that are shown, by any sum of any lines.

    Every line says that its parts less their whole are nought. What is shown in it is known; so these
    are equations in what is hidden. Brought to reduced echelon form (modulo a prime too large to meet
    by chance), a number that follows from them stands alone in a row.
    """
    rows: dict[Key, dict[Key, int]] = {}
    for parts, whole in lines:
        row = dict.fromkeys((part for part in parts if part in hidden), 1)
        if whole in hidden:
            row[whole] = PRIME - 1
        for pivot in [key for key in row if key in rows]:
            _take(row, rows[pivot], pivot)
        if not row:
            continue
        pivot = next(iter(row))
        back = pow(row[pivot], -1, PRIME)
        row = {key: factor * back % PRIME for key, factor in row.items()}
        for other in rows.values():
            if pivot in other:
                _take(other, row, pivot)
        rows[pivot] = row
    return {pivot for pivot, row in rows.items() if len(row) == 1}


def _take(row: dict[Key, int], away: Mapping[Key, int], pivot: Key) -> None:
    """Take from a row so much of another that the pivot is gone from it."""
    times = row[pivot]
    for key, factor in away.items():
        left = (row.get(key, 0) - times * factor) % PRIME
        if left:
            row[key] = left
        else:
            row.pop(key, None)
