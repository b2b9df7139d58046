"""Population of small areas by age, as the Office for National Statistics publishes it.

Single years of age ("0", "1" ... "90+", or women and men apart: "F0", "M0" ...) are added up to the
ages that early help asks about. Extracts with bands (`pop0_4` ... or the census's `c21_aged_15_under`)
are taken as they are.
"""

import re

from kith.places.figures import (
    CODE,
    CODE_EXPECTED,
    Figures,
    check_edition,
    checked_year,
    gather,
)
from kith.places.files import (
    Column,
    Problem,
    Row,
    WrongFile,
    headings_of,
    matching,
    number,
    read_table,
)

BANDS = {
    "population_0_4": (0, 4),
    "population_5_10": (5, 10),
    "population_11_15": (11, 15),
    "population_16_17": (16, 17),
    "population_0_15": (0, 15),
    "population_0_17": (0, 17),
}
NAMES = {name: f"People aged {low} to {high}" for name, (low, high) in BANDS.items()}
NAMES["population_total"] = "People of all ages"
EXPECTED = "a number of people"
SINGLE = re.compile(r"(?:([FM])\s?)?(\d{1,2})(?:\s?\+)?", re.I)


def read(data: bytes, year: int | None = None) -> Figures:
    """Return the figures of a file. Raises WrongFile with everything that is wrong."""
    year = checked_year(year)
    # Years before the census of 2021 were published for both; later ones for its areas only.
    check_edition(
        headings_of(data),
        wanted=2021 if year >= 2021 else None,
        why=f"the estimates of {year}",
    )
    people = number(0, 1_000_000)
    singles = {
        f"age{found[2]}{(found[1] or '').upper()}": heading
        for heading in headings_of(data)
        if (found := SINGLE.fullmatch(heading))
    }
    wanted = [
        Column(
            "code",
            ("LSOA 2021 Code", "LSOA 2011 Code", "LSOA Code", "lsoa21_code", "lsoa11_code", "LSOA21CD", "LSOA11CD"),
            matching(CODE),
            CODE_EXPECTED,
        ),
        Column("population_total", ("Total", "All Ages", "pop_total"), people, EXPECTED, needed=False),
    ]  # fmt: skip
    wanted += [Column(key, (heading,), people, EXPECTED) for key, heading in singles.items()]
    if not singles:
        wanted += [
            Column(name, _band_headings(name), people, EXPECTED, needed=False) for name in BANDS
        ]
    rows = read_table(data, wanted)
    if singles:
        rows = _added_up(rows, singles)
    if not any(name in rows[0].values for name in NAMES):
        raise WrongFile(Problem("columns of ages, such as “0”, “1”, “2” or “pop0_4”", 1))
    source = f"Population estimates {year} (ONS, Open Government Licence v3.0)"
    return gather(rows, list(NAMES), year=year, source=source)


def _band_headings(name: str) -> tuple[str, ...]:
    low, high = BANDS[name]
    more = ("c21_aged_15_under",) if name == "population_0_15" else ()
    return (f"pop{low}_{high}", name, *more)


def _added_up(rows: list[Row], singles: dict[str, str]) -> list[Row]:
    """Return rows with the ages that we keep. Raises WrongFile when a single year is missing."""
    apart = any(key[-1] in "FM" for key in singles)
    ends = ("F", "M") if apart else ("",)
    missing = [
        f"{end}{age}" for age in range(18) for end in ends if f"age{age}{end}" not in singles
    ]
    if missing:
        raise WrongFile(
            Problem(f"a column for each year of age from 0 to 17; missing: {', '.join(missing)}", 1)
        )
    added = []
    for row in rows:
        values = {"code": row.values["code"]}
        for name, (low, high) in BANDS.items():
            values[name] = sum(
                row.values[f"age{age}{end}"] for age in range(low, high + 1) for end in ends
            )
        if "population_total" in row.values:
            values["population_total"] = row.values["population_total"]
        added.append(Row(row.number, values))
    return added
