"""A record as it stood: from every past state of its rows, what was known at a moment.

Two questions are kept apart. *What was known* at a moment is answered here, from when each state
was written down. *What was so* on a day is answered by the days that the facts themselves carry
(`households.holds`). Facts written down later never change what was known before.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

DELETED = "delete"


@dataclass(frozen=True)
class State:
    """What a row said from a moment on. `order` tells apart states of one moment."""

    row: int
    at: datetime
    order: int
    label: str
    values: dict[str, Any]


def known_at(states: Iterable[State], moment: datetime) -> dict[int, dict[str, Any]]:
    """Return what each row said at a moment; rows not written down by then, or deleted, are absent."""
    last: dict[int, State] = {}
    for state in states:
        before = last.get(state.row)
        if state.at <= moment and (
            before is None or (before.at, before.order) < (state.at, state.order)
        ):
            last[state.row] = state
    return {row: state.values for row, state in last.items() if state.label != DELETED}
