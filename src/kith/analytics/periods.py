"""The periods that figures are counted over: whole months, so that none can be cut out of another."""

from datetime import date, timedelta

from kith.analytics.indicators import Period


def months_of(period: Period) -> list[tuple[str, str]]:
    """Return the months of a period, as `2026-05` and "May 2026", in order."""
    months, day = [], period.first.replace(day=1)
    while day <= period.last:
        months.append((f"{day:%Y-%m}", f"{day:%B %Y}"))
        day = (day + timedelta(days=32)).replace(day=1)
    return months


def quarter_of(day: date) -> str:
    """Return the quarter of a year in which a day lies, as `2026-3`."""
    return f"{day.year}-{(day.month + 2) // 3}"


def quarters_of(period: Period) -> list[tuple[str, str]]:
    """Return the quarters that a period touches, as `2026-3` and "Jul to Sep 2026"."""
    quarters, day = [], period.first.replace(day=1)
    while day <= period.last:
        first = day.replace(month=(day.month - 1) // 3 * 3 + 1)
        last = first.replace(month=first.month + 2)
        quarters.append((quarter_of(first), f"{first:%b} to {last:%b %Y}"))
        day = (last + timedelta(days=32)).replace(day=1)
    return quarters


def periods_on(today: date) -> dict[str, Period]:
    """Return the periods to choose from: the last twelve whole months, and council years.

    A council year runs from April to March; the present one ends with the last whole month.
    """
    end = today.replace(day=1) - timedelta(days=1)
    begin = (end.replace(day=1) - timedelta(days=330)).replace(day=1)
    periods = {"year": Period(begin, end, f"{begin:%B %Y} to {end:%B %Y}")}
    first_april = date(end.year if end.month >= 4 else end.year - 1, 4, 1)
    for back in range(3):
        first = first_april.replace(year=first_april.year - back)
        last = min(end, date(first.year + 1, 3, 31))
        name = f"{first.year}-{(first.year + 1) % 100:02}"
        if last == end and last.month != 3:
            name += f" so far, to {last:%B %Y}"
        periods[f"{first.year}"] = Period(first, last, name)
    return periods
