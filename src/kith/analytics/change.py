"""How sure one can be of a change, a share or a median: intervals that hold the true value 95 times in 100.

Of a change only pairs count: what was first and what was later, of the same people. Whoever has no
second value is told beside it and never guessed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, lgamma, log, log1p, sqrt
from statistics import NormalDist

SURE = 0.95
MOST_STEPS = 1000


@dataclass(frozen=True)
class Change:
    """The mean of so many changes, and between what it lies. No interval for fewer than two."""

    pairs: int
    mean: float | None
    low: float | None = None
    high: float | None = None


def mean_change(pairs: Iterable[tuple[float, float]], *, sure: float = SURE) -> Change:
    """Return the mean of later minus first, with Student's t-interval for paired values.

    mean +- t(n-1) * s / sqrt(n), where s is the standard deviation of the differences (divided by
    n-1). Source: Student, "The probable error of a mean", Biometrika 6 (1908); as in Altman,
    Machin, Bryant and Gardner, "Statistics with Confidence", 2nd ed. (BMJ Books, 2000), chapter 4.
    It supposes that changes are not wildly skewed, or that there are some thirty of them.
    """
    changes = [later - first for first, later in pairs]
    n = len(changes)
    if not n:
        return Change(0, None)
    mean = sum(changes) / n
    if n == 1:
        return Change(1, mean)
    spread = sqrt(sum((change - mean) ** 2 for change in changes) / (n - 1))
    half = student_t(1 - (1 - sure) / 2, n - 1) * spread / sqrt(n)
    return Change(n, mean, mean - half, mean + half)


def wilson(yes: int, of: int, *, sure: float = SURE) -> tuple[float, float] | None:
    """Return between what a share lies, by Wilson's score interval; None of nothing.

    (p + z^2/2n +- z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n). Source: E. B. Wilson, "Probable
    inference, the law of succession, and statistical inference", JASA 22 (1927); recommended for
    small n by R. G. Newcombe, Statistics in Medicine 17 (1998), and used by Public Health England.
    Raises ValueError where `yes` is no part of `of`.
    """
    if not 0 <= yes <= of:
        raise ValueError(f"{yes} is no part of {of}")
    if not of:
        return None
    z = NormalDist().inv_cdf(1 - (1 - sure) / 2)
    share, square = yes / of, z * z / of
    middle = share + square / 2
    half = z * sqrt(share * (1 - share) / of + square / (4 * of))
    # Rounding must not let it pass what a share can be, nor leave the share itself out.
    low = max(0.0, min((middle - half) / (1 + square), share))
    high = min(1.0, max((middle + half) / (1 + square), share))
    return low, high


def median_between(values: Sequence[float], *, sure: float = SURE) -> tuple[float, float] | None:
    """Return between what a median lies: the k-th smallest and the k-th largest of the values.

    How many values lie below the true median is binomial (n, 1/2), whatever they are spread like; k
    is the largest for which both tails together stay within what `sure` leaves. Values that are equal only
    make it surer. None where no such pair is sure enough: of fewer than six, for 95 in 100.
    Source: W. J. Conover, "Practical Nonparametric Statistics", 3rd ed. (Wiley, 1999), section 3.2;
    H. A. David and H. N. Nagaraja, "Order Statistics", 3rd ed. (Wiley, 2003), section 7.1.
    """
    ordered, n = sorted(values), len(values)
    # In whole numbers until the last step: halves to the n-th power soon are too small to tell apart.
    most = int((1 - sure) / 2 * (1 << 60)) * (1 << n) >> 60
    ways, tail, k = 1, 1, 0
    while tail <= most:
        k += 1
        ways = ways * (n - k + 1) // k
        tail += ways
    return (ordered[k - 1], ordered[n - k]) if k else None


def student_t(probability: float, freedom: int) -> float:
    """Return the value below which Student's t lies with a probability, found by halving."""
    if not 0 < probability < 1 or freedom < 1:
        raise ValueError(
            f"no t for a probability of {probability} and {freedom} degrees of freedom"
        )
    low, high = -1.0, 1.0
    while _t_below(low, freedom) > probability:
        low *= 2
    while _t_below(high, freedom) < probability:
        high *= 2
    while low < (middle := (low + high) / 2) < high:
        if _t_below(middle, freedom) < probability:
            low = middle
        else:
            high = middle
    return middle


def _t_below(t: float, freedom: int) -> float:
    # Abramowitz and Stegun, "Handbook of Mathematical Functions" (1964), 26.7.1 and 26.5.27.
    beyond = beta_below(freedom / (freedom + t * t), freedom / 2, 0.5) / 2
    return 1 - beyond if t > 0 else beyond


def beta_below(x: float, a: float, b: float) -> float:
    """Return the regularised incomplete beta function, by its continued fraction.

    Abramowitz and Stegun, 26.5.8; worked out as W. J. Lentz, Applied Optics 15 (1976).
    """
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_below(1 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    fraction, c, d = 1.0, 1.0, 0.0
    for step in range(1, MOST_STEPS):
        m = step // 2
        if step % 2:
            part = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            part = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d = 1 / _not_nought(1 + part * d)
        c = _not_nought(1 + part / c)
        fraction *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return front / fraction


def _not_nought(value: float) -> float:
    return value if abs(value) > 1e-300 else 1e-300
