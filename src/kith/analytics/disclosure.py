"""Keeping small numbers from telling on people.

Primary suppression hides counts from 1 to `smallest - 1`. Secondary suppression hides more, until
nobody can work a hidden count out by subtracting from totals: for every count that had to be
hidden, the published numbers must leave at least `smallest` room above it.

A table with its totals is a circulation: every row and every column is a place where as much goes
in as comes out, and every count, totals included, is an arc between two places. How far a hidden
count may move, with everything shown held fixed and no count below nought, is a maximum flow along
hidden arcs. (L. Cox, "Network models for complementary cell suppression", JASA 90, 1995.)
"""

from collections import deque
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from math import inf

SMALLEST = 5
TOTAL = "__total__"

Key = Hashable


@dataclass(frozen=True)
class Arc:
    """A count, as an arc from one sum to another. Keys are shared between tables."""

    key: Key
    tail: Key
    head: Key
    count: int
    margin: bool = False  # a sum of others, which says more than they do


def table_arcs(
    counts: Mapping[tuple[Key, Key], int],
    rows: Sequence[Key],
    columns: Sequence[Key],
    *,
    row_name: str = "row",
    column_name: str = "column",
) -> list[Arc]:
    """Return the arcs of a table of rows by columns, with its totals. Missing counts are nought.

    Keys: `(row_name, row, column_name, column)` for a count, `(row_name, row)` and
    `(column_name, column)` for the sums of lines, `("all",)` for the grand total. Two tables that
    split one thing by hub thus share the keys of the hubs' totals, and are protected together.
    """
    arcs = []
    for row in rows:
        for column in columns:
            key = (row_name, row, column_name, column)
            n = counts.get((row, column), 0)
            arcs.append(Arc(key, (row_name, row), (column_name, column), n))
        n = sum(counts.get((row, column), 0) for column in columns)
        arcs.append(Arc((row_name, row), (column_name, TOTAL), (row_name, row), n, margin=True))
    for column in columns:
        n = sum(counts.get((row, column), 0) for row in rows)
        arcs.append(
            Arc((column_name, column), (column_name, column), (row_name, TOTAL), n, margin=True)
        )
    n = sum(counts.get((row, column), 0) for row in rows for column in columns)
    arcs.append(Arc(("all",), (row_name, TOTAL), (column_name, TOTAL), n, margin=True))
    return arcs


def list_arcs(counts: Mapping[Key, int], *, name: str = "row") -> list[Arc]:
    """Return the arcs of a plain list of counts with its total. Keys: `(name, item)`, `("all",)`."""
    arcs = [Arc((name, item), "all", "parts", n) for item, n in counts.items()]
    arcs.append(Arc(("all",), "parts", "all", sum(counts.values()), margin=True))
    return arcs


def hidden_keys(tables: Iterable[Sequence[Arc]], *, smallest: int = SMALLEST) -> set[Key]:
    """Return the keys of all counts to hide, so that no table gives away a count below `smallest`.

    Tables that share keys are protected together: what one hides, all hide.
    """
    tables = [list(table) for table in tables]
    hidden = {arc.key for table in tables for arc in table if 0 < arc.count < smallest}
    sensitive = set(hidden)
    changed = True
    while changed:
        before = len(hidden)
        for table in tables:
            _protect(table, hidden, sensitive, smallest)
        changed = len(hidden) != before and len(tables) > 1
    return hidden


def room_above(arcs: Sequence[Arc], hidden: set[Key], key: Key) -> float:
    """Return by how much a hidden count could be larger, as far as the shown numbers tell."""
    target = next(arc for arc in arcs if arc.key == key)
    return _max_flow(_residual(arcs, hidden, without=key), target.head, target.tail)


def room_below(arcs: Sequence[Arc], hidden: set[Key], key: Key) -> float:
    """Return by how much a hidden count could be smaller, as far as the shown numbers tell."""
    target = next(arc for arc in arcs if arc.key == key)
    flow = _max_flow(_residual(arcs, hidden, without=key), target.tail, target.head)
    return min(flow, target.count)


def _protect(arcs: list[Arc], hidden: set[Key], sensitive: set[Key], smallest: int) -> None:
    for arc in sorted((a for a in arcs if a.key in sensitive), key=lambda a: (a.count, str(a.key))):
        while room_above(arcs, hidden, arc.key) < smallest:
            more = _cheapest_cycle(arcs, hidden, arc, smallest)
            if more is None:
                # Nothing in this table can hide it well enough: show none of its sums' numbers.
                hidden.update(
                    other.key
                    for other in arcs
                    if {other.tail, other.head} & {arc.tail, arc.head} and other.count
                )
                break
            hidden.update(more)


def _cheapest_cycle(
    arcs: list[Arc], hidden: set[Key], target: Arc, smallest: int
) -> set[Key] | None:
    """Return the counts to hide so that `target` may be larger by `smallest`, losing little.

    Dijkstra from the target's head back to its tail. Going along an arc makes its count larger,
    going against it smaller, which it must bear. Shown counts cost what they tell; noughts are
    not hidden, since everyone would guess them.
    """
    ways: dict[Key, list[tuple[Key, Key, float]]] = {}
    for arc in arcs:
        if arc.key == target.key or (arc.count == 0 and arc.key not in hidden):
            continue
        cost = 0.0 if arc.key in hidden else (1 + arc.count**0.5) * (50 if arc.margin else 1)
        ways.setdefault(arc.tail, []).append((arc.head, arc.key, cost))
        if arc.count >= smallest:
            ways.setdefault(arc.head, []).append((arc.tail, arc.key, cost))
    best: dict[Key, float] = {target.head: 0.0}
    came: dict[Key, tuple[Key, Key]] = {}
    queue: list[tuple[float, int, Key]] = [(0.0, 0, target.head)]
    order = 0
    while queue:
        cost, _, place = heappop(queue)
        if place == target.tail:
            used = set()
            while place != target.head:
                place, key = came[place]
                used.add(key)
            more = used - hidden
            return more or None
        if cost > best[place]:
            continue
        for other, key, extra in ways.get(place, []):
            if cost + extra < best.get(other, inf):
                best[other] = cost + extra
                came[other] = (place, key)
                order += 1
                heappush(queue, (cost + extra, order, other))
    return None


def _residual(
    arcs: Sequence[Arc], hidden: set[Key], *, without: Key
) -> dict[Key, dict[Key, float]]:
    """Return how far hidden counts may move: up without bound, down to nought."""
    ways: dict[Key, dict[Key, float]] = {}
    for arc in arcs:
        if arc.key not in hidden or arc.key == without:
            continue
        forward = ways.setdefault(arc.tail, {})
        forward[arc.head] = inf
        backward = ways.setdefault(arc.head, {})
        backward[arc.tail] = backward.get(arc.tail, 0) + arc.count
    return ways


def _max_flow(ways: dict[Key, dict[Key, float]], source: Key, sink: Key) -> float:
    """Return the maximum flow (Edmonds and Karp): shortest ways first, until none is left."""
    total = 0.0
    while True:
        came: dict[Key, Key] = {source: source}
        queue = deque([source])
        while queue and sink not in came:
            place = queue.popleft()
            for other, room in ways.get(place, {}).items():
                if room > 0 and other not in came:
                    came[other] = place
                    queue.append(other)
        if sink not in came:
            return total
        path, place = [], sink
        while place != source:
            path.append((came[place], place))
            place = came[place]
        step = min(ways[a][b] for a, b in path)
        if step == inf:
            return inf
        for a, b in path:
            ways[a][b] -= step
            ways.setdefault(b, {})
            ways[b][a] = ways[b].get(a, 0) + step
        total += step
