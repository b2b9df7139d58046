"""Early help episodes: spells of help that follow each other closely are one.

The rule is that of the Standard Safeguarding Dataset: what begins at most one day after the last
ended goes on with it. The faults of the extracts in use elsewhere are kept out: an episode that
is open has its worker and organisation, and two workers make no second row.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from kith.analytics.returns.facts import Spell, Work

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Episode:
    """A child is helped, from a day until another; `spells` are in order, and never none."""

    child: int
    since: date
    until: date | None
    spells: tuple[Spell, ...]

    @property
    def id(self) -> str:
        """Unique: two episodes of one child never begin on the same day."""
        return f"{self.spells[0].case}-{self.child}-{self.since:%Y%m%d}"

    @property
    def last(self) -> Spell:
        """The spell that is still open, or else ended last."""
        return max(self.spells, key=lambda spell: (spell.until or date.max, spell.since))

    @property
    def reason(self) -> str:
        """Why it began."""
        return self.spells[0].reason

    @property
    def end_reason(self) -> str:
        """Why it ended; nothing while it goes on."""
        return "" if self.until is None else self.last.end_reason

    @property
    def work(self) -> tuple[Work, ...]:
        """Everybody who worked with the family in it, first first."""
        work = {one.number: one for spell in self.spells for one in spell.work}
        return tuple(sorted(work.values(), key=lambda one: (one.since, one.number)))

    @property
    def worker(self) -> int | None:
        """The one who works with the family now, or did last."""
        if not self.work:
            return None
        return max(
            self.work, key=lambda one: (one.until or date.max, one.since, one.number)
        ).professional


def episodes(spells: Iterable[Spell]) -> list[Episode]:
    """Return each child's episodes in order."""
    in_order = sorted(
        spells, key=lambda spell: (spell.child, spell.since, spell.until or date.max, spell.case)
    )
    found = []
    for _, of_child in groupby(in_order, key=lambda spell: spell.child):
        found += _joined(list(of_child))
    return found


def _joined(spells: Sequence[Spell]) -> list[Episode]:
    joined: list[list[Spell]] = []
    until: date | None = None
    for spell in spells:
        # Closed on the day it was opened, or before: it lasts a day at least.
        end = None if spell.until is None else max(spell.until, spell.since)
        if joined and (until is None or spell.since <= until + A_DAY):
            joined[-1].append(spell)
            until = None if until is None or end is None else max(until, end)
        else:
            joined.append([spell])
            until = end
    return [_episode(group) for group in joined]


def _episode(spells: list[Spell]) -> Episode:
    ends = [spell.until for spell in spells]
    closed = [end for end in ends if end is not None]
    return Episode(
        child=spells[0].child,
        since=spells[0].since,
        until=max(closed) if len(closed) == len(ends) else None,
        spells=tuple(spells),
    )
