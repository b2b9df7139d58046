"""Rows of the county before they are written: what each is now, and what it was before."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

Values = dict[str, Any]


class Row:
    """A row of one table, with every state it has had: when, who made it so, and what it said."""

    __slots__ = ("states", "values")

    def __init__(self, values: Values, at: datetime, by: int | None) -> None:
        self.values = values
        self.states: list[tuple[datetime, int | None, str, Values]] = [(at, by, "insert", values)]

    @property
    def id(self) -> int:
        return int(self.values["id"])

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def change(self, at: datetime, by: int | None, /, **values: Any) -> None:
        """Change some columns, keeping the state before."""
        self.values = {**self.values, **values}
        self.states.append((at, by, "update", self.values))


class Book:
    """Rows that wait to be written, by table (`families.Person`). Numbers them as it goes."""

    def __init__(self, next_ids: Mapping[str, int] | None = None) -> None:
        self._next: Counter[str] = Counter(next_ids or {})
        self.rows: dict[str, list[Row]] = defaultdict(list)
        self.waiting = 0

    def add(self, table: str, at: datetime, by: int | None, /, **values: Any) -> Row:
        """Add a row, numbered after the last of its table unless its key is given."""
        if "id" not in values:
            number = self._next[table] or 1
            self._next[table] = number + 1
            values["id"] = number
        row = Row(values, at, by)
        self.rows[table].append(row)
        self.waiting += 1
        return row

    def next_number(self, series: str) -> int:
        """Return the next number of a series of references."""
        number = self._next[series] or 1
        self._next[series] = number + 1
        return number

    def next_ids(self) -> dict[str, int]:
        """Return where each table's numbers, and each series, would go on."""
        return dict(self._next)

    def take(self) -> dict[str, list[Row]]:
        """Return what waits, and forget it."""
        rows, self.rows, self.waiting = self.rows, defaultdict(list), 0
        return rows
