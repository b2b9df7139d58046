"""What can be done in the background: long work, small errands, and what is done by the clock.

All three are found in each module's `tasks.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

MOST_TRIES = 4
# Seconds until a failed try is made again: half a minute, five minutes, half an hour.
WAIT_SECONDS = (30, 300, 1800)


@dataclass(frozen=True)
class Work:
    """A registered piece of long work. See `work`."""

    name: str
    title: str
    do: Callable[..., dict[str, Any]]
    in_parts: bool
    tries: int


@dataclass(frozen=True)
class Timed:
    """Something done at times of day. `cron` is minute, hour, day, month, weekday, in UTC."""

    name: str
    cron: str
    do: Callable[..., None]


works: dict[str, Work] = {}
errands: dict[str, Callable[..., None]] = {}
timed: dict[str, Timed] = {}


def work(
    name: str, *, title: str, in_parts: bool = False, tries: int = MOST_TRIES
) -> Callable[[Callable[..., dict[str, Any]]], Callable[..., dict[str, Any]]]:
    """Register long work that a person asks for and can watch: `do(progress, **arguments)`.

    It runs for the person who asked, within what they may see, and returns what came of it:
    `said` is a sentence, `see` the path of a page, other values are shown as they are. As a rule
    all of it is one transaction: a killed worker leaves nothing, and it is done again. Work that
    is too long for that says `in_parts=True`; then each part is one
    `with progress.once("row 17") as first:`, and a part that is done is never done again.

    Raise `jobs.progress.Failed` with a sentence for the person when trying again is no use. Any
    other exception is tried again, up to `tries` times.
    """

    def add(do: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
        _refuse_second(name, works)
        works[name] = Work(name=name, title=title, do=do, in_parts=in_parts, tries=tries)
        return do

    return add


def errand(name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a small thing that nobody watches: `do(**arguments)`, begun by `actions.soon`.

    It opens its own transactions, and must come to the same when it is done twice.
    """

    def add(do: Callable[..., None]) -> Callable[..., None]:
        _refuse_second(name, errands)
        errands[name] = do
        return do

    return add


def every(cron: str, name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register something done by the clock: `do(by=clock, at=now)`, in one transaction.

    `cron` is in UTC. It is never run by two workers at a time, and must find out itself what is
    due: after a stop, times that were missed are made up once, not one by one.
    """

    def add(do: Callable[..., None]) -> Callable[..., None]:
        _refuse_second(name, timed)
        timed[name] = Timed(name=name, cron=cron, do=do)
        return do

    return add


def _refuse_second(name: str, known: dict[str, Any]) -> None:
    if name in known:
        raise ValueError(f"There are two pieces of work called {name}.")
