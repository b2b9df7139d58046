"""Whether a figure moved between two periods, or whether what one sees may be chance.

Each answer is a difference (later less first), or a ratio of rates, with an interval that holds the true
one 95 times in 100. Where the interval holds "no change", one cannot tell.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, sqrt

from kith.analytics.change import SURE, beta_below, wilson


@dataclass(frozen=True)
class Between:
    """A value and between what it lies."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Moved:
    """A change and between what it lies; `none` is what no change would be: 0, or 1 of a ratio."""

    change: float
    low: float
    high: float
    none: float = 0.0

    @property
    def up(self) -> bool:
        return self.low > self.none

    @property
    def down(self) -> bool:
        return self.high < self.none

    @property
    def sure(self) -> bool:
        return self.up or self.down


def shares_moved(
    first: tuple[int, int], later: tuple[int, int], *, sure: float = SURE
) -> Moved | None:
    """Return how far a share moved, each given as how many of how many; None where one is of nothing.

    Newcombe's hybrid score interval: the two Wilson intervals, put together as `apart` does. Source:
    R. G. Newcombe, "Interval estimation for the difference between independent proportions",
    Statistics in Medicine 17 (1998), method 10; Altman and others, "Statistics with Confidence",
    2nd ed., chapter 6.
    """
    ends_first, ends_later = wilson(*first, sure=sure), wilson(*later, sure=sure)
    if ends_first is None or ends_later is None:
        return None
    return apart(
        Between(first[0] / first[1], *ends_first), Between(later[0] / later[1], *ends_later)
    )


def apart(first: Between, later: Between) -> Moved:
    """Return the difference of two values that are known independently, each with its interval.

    The distance from each value to the end of its interval that matters is squared, and the two are
    added: G. Y. Zou and A. Donner, "Construction of confidence limits about effect measures",
    Statistics in Medicine 27 (2008). For means with t-intervals and for shares with Wilson's.
    """
    change = later.value - first.value
    down = sqrt((later.value - later.low) ** 2 + (first.high - first.value) ** 2)
    up = sqrt((later.high - later.value) ** 2 + (first.value - first.low) ** 2)
    return Moved(change, change - down, change + up)


def medians_moved(first: Between, later: Between) -> Moved:
    """Return the difference of two medians with intervals of order statistics (`median_between`).

    It lies, more surely than each of them, between the ends that are nearest and farthest. So it is
    cautious: a change is told only where the two intervals have nothing in common.
    """
    return Moved(later.value - first.value, later.low - first.high, later.high - first.low)


def rates_moved(
    first: int, first_days: int, later: int, later_days: int, *, sure: float = SURE
) -> Moved | None:
    """Return by how many times a count a day changed; None where nothing was counted at all.

    Of two Poisson counts, given their sum, the later is binomial; the exact interval of its share
    (C. J. Clopper and E. S. Pearson, Biometrika 26, 1934) is turned into one of the ratio of rates:
    J. Przyborowski and H. Wilenski, Biometrika 31 (1940); K. J. Rothman, S. Greenland and T. L. Lash,
    "Modern Epidemiology", 3rd ed. (2008), chapter 14. Counts that hang together, such as families who
    come in groups, spread more than that.

    Raises ValueError for counts below nought or periods without a day.
    """
    if min(first, later) < 0 or min(first_days, later_days) < 1:
        raise ValueError("counts are not below nought, and a period has a day at least")
    both = first + later
    if not both:
        return None
    times = first_days / later_days

    def ratio(share: float) -> float:
        return inf if share >= 1 else share / (1 - share) * times

    low, high = exact(later, both, sure=sure)
    return Moved(ratio(later / both), ratio(low), ratio(high), none=1.0)


def exact(yes: int, of: int, *, sure: float = SURE) -> tuple[float, float]:
    """Return Clopper and Pearson's interval of a share, found by halving."""
    tail = (1 - sure) / 2
    low = _where(lambda p: beta_below(p, yes, of - yes + 1), tail) if yes else 0.0
    high = _where(lambda p: beta_below(p, yes + 1, of - yes), 1 - tail) if yes < of else 1.0
    return low, high


def _where(below: Callable[[float], float], probability: float) -> float:
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) < probability else (low, middle)
    return (low + high) / 2
