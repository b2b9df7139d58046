"""Published figures of areas, as the files of `deprivation` and `population` bring them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from kith.places.files import Problem, Row, WrongFile

CODE = r"[EW]01\d{6}"
CODE_EXPECTED = "the code of an area, such as E01028422"
# The areas were drawn anew after each census, and most keep their codes: only the heading tells
# "LSOA code (2011)", `LSOA11CD` and `lsoa11_code` from those of 2021.
EDITION = re.compile(r"lsoa\W*(?:code)?\W*(?:20)?(11|21)(?!\d)", re.I)


@dataclass(frozen=True)
class Figures:
    """Figures by area and name. None where the publisher withholds one."""

    year: int
    source: str
    values: dict[tuple[str, str], Decimal | None]
    rows: dict[str, int]  # the line of the file that an area stands in


def gather(rows: list[Row], names: list[str], *, year: int, source: str) -> Figures:
    """Return the figures of rows, each with `code` and some names. Raises WrongFile on doubles."""
    values: dict[tuple[str, str], Decimal | None] = {}
    lines: dict[str, int] = {}
    problems = []
    for row in rows:
        code = row.values["code"]
        if code in lines:
            problems.append(
                Problem(f"each area once; it is in row {lines[code]} too", row.number, "code", code)
            )
            continue
        lines[code] = row.number
        for name in names:
            if name in row.values:
                value = row.values[name]
                values[code, name] = None if value is None else round(Decimal(str(value)), 4)
    if problems:
        raise WrongFile(*problems)
    return Figures(year=year, source=source, values=values, rows=lines)


def checked_year(year: int | None) -> int:
    """Return the year that figures are for. Raises WrongFile when it was not given."""
    if year is None:
        raise WrongFile(Problem("the year that the figures are for"))
    return year


def check_edition(headings: Iterable[str], *, wanted: int | None, why: str) -> None:
    """Raise WrongFile when a heading names the areas of another census than the figures are for.

    `why` says what the figures are, such as "the indices of 2019". Without `wanted`, or where no
    heading says which areas these are, nothing is known and nothing is wrong.
    """
    for heading in headings:
        found = EDITION.match(heading.strip())
        if wanted and found and 2000 + int(found[1]) != wanted:
            raise WrongFile(
                Problem(
                    f"the areas (LSOA) of {wanted}, for which {why} were published. Choose the "
                    f"year of this file’s figures, or the file that goes with that year",
                    1,
                    heading,
                )
            )
