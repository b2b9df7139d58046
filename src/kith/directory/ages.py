"""Ages as people say them, in months as they are kept."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext

OLDEST = 120 * 12
SAID = re.compile(
    r"^\s*(\d{1,3})\s*(m|mo|mon|mons|month|months|y|yr|yrs|year|years)?(?:\s+old)?\s*$", re.I
)


class NotAnAge(ValueError):
    """What was typed is no age; the message says what to type."""


def read(text: str) -> tuple[int, int]:
    """Return the first and the last month of an age: "7" is from 84 to 95, "18 months" just 18.

    Raises NotAnAge.
    """
    if text.strip().lower() in {"newborn", "baby", "not born", "unborn"}:
        return (0, 0)
    said = SAID.match(text)
    if said is None:
        raise NotAnAge(_("Enter an age in years, such as 7, or in months, such as 18 months."))
    number = int(said[1])
    months = (said[2] or "y").lower().startswith("m")
    first = number if months else number * 12
    if first >= OLDEST:
        raise NotAnAge(_("Enter an age below 120 years."))
    return (first, first) if months else (first, first + 11)


def in_words(first: int | None, last: int | None) -> str:
    """Return for which ages something is, both ends included; "" where for all.

    `first` and `last` are in months; a last month that ends a year of life is told in years.
    """
    if not first and last is None:
        return ""
    if last is None:
        return _("from %(age)s") % {"age": _age(first or 0)}
    whole = (last + 1) % 12 == 0
    upper = _years((last + 1) // 12 - 1) if whole and last > 23 else _months(last)
    if not first:
        return _("up to %(age)s") % {"age": upper}
    if whole and first % 12 == 0 and first >= 24:
        years = (last + 1) // 12 - 1
        if years == first // 12:
            return npgettext("exactly", "%(number)d year", "%(number)d years", years) % {
                "number": years
            }
        return _("%(first)d to %(last)d years") % {"first": first // 12, "last": years}
    return _("%(first)s to %(last)s") % {"first": _age(first), "last": upper}


def _age(months: int) -> str:
    return _years(months // 12) if months >= 24 and months % 12 == 0 else _months(months)


def _years(years: int) -> str:
    return ngettext("%(number)d year", "%(number)d years", years) % {"number": years}


def _months(months: int) -> str:
    if months > 35:
        years, rest = divmod(months, 12)
        if rest:
            return _("%(years)d years %(months)d months") % {"years": years, "months": rest}
        return _years(years)
    return ngettext("%(number)d month", "%(number)d months", months) % {"number": months}


def typed(months: int | None, *, last: bool = False) -> str:
    """Return an age as a form shows it, so that `read` gives it back; `last` for the oldest age."""
    if months is None or (months == 0 and not last):
        return ""
    if last:
        return str((months + 1) // 12 - 1) if (months + 1) % 12 == 0 else f"{months} months"
    return str(months // 12) if months % 12 == 0 else f"{months} months"
