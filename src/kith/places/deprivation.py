"""English indices of deprivation: of areas, and of income deprivation affecting children (IDACI).

As the Ministry publishes them ("File 7: all ranks, deciles and scores"), for 2015, 2019 and 2025.
Extracts whose headings begin with the year, such as `imd19_IMD_rank`, are understood too.
The income measure of 2025 is taken after housing costs: never mix it with earlier years.
"""

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
    WrongFile,
    headings_of,
    matching,
    number,
    read_table,
    whole_number,
)

NAMES = {
    "imd_score": "Index of Multiple Deprivation, score",
    "imd_rank": "Index of Multiple Deprivation, rank in England (1 is most deprived)",
    "imd_decile": "Index of Multiple Deprivation, tenth in England (1 is most deprived)",
    "idaci_score": "Share of children in income-deprived families (IDACI)",
    "idaci_rank": "IDACI, rank in England (1 is most deprived)",
    "idaci_decile": "IDACI, tenth in England (1 is most deprived)",
    "idaci_children": "Children in income-deprived families",
}
RANK = "(where 1 is most deprived)"
DECILE = "(where 1 is most deprived 10% of LSOAs)"
IMD = "Index of Multiple Deprivation (IMD)"
IDACI = "Income Deprivation Affecting Children Index (IDACI)"
MOST_RANK = 40_000
# The areas of which census each year's indices are for.
EDITIONS = {2015: 2011, 2019: 2011, 2025: 2021}


def columns(year: int) -> list[Column]:
    """Return the columns of a file of one year."""
    short = f"imd{year % 100:02d}"
    score, rank, decile = number(0, 100), whole_number(1, MOST_RANK), whole_number(1, 10)

    def figure(key: str, names: tuple[str, ...], read: object, expected: str) -> Column:
        return Column(key, names, read, expected, needed=False, blank=True)  # type: ignore[arg-type]

    return [
        Column(
            "code",
            ("LSOA code (2021)", "LSOA code (2011)", "lsoa21_code", "lsoa11_code", "LSOA21CD", "LSOA11CD"),
            matching(CODE),
            CODE_EXPECTED,
        ),
        figure("imd_score", (f"{IMD} Score", f"{short}_IMD_score", f"{short}_score"), score, "a score from 0 to 100"),
        figure("imd_rank", (f"{IMD} Rank {RANK}", f"{short}_IMD_rank"), rank, "a rank: a whole number from 1"),
        figure("imd_decile", (f"{IMD} Decile {DECILE}", f"{short}_IMD_decile", f"{short}_decile"), decile, "a whole number from 1 to 10"),
        figure("idaci_score", (f"{IDACI} Score (rate)",), number(0, 1), "a share from 0 to 1"),
        figure("idaci_rank", (f"{IDACI} Rank {RANK}",), rank, "a rank: a whole number from 1"),
        figure("idaci_decile", (f"{IDACI} Decile {DECILE}",), decile, "a whole number from 1 to 10"),
        figure("idaci_children", (f"{short}_idaci_numerator",), number(0, 100_000), "a number of children"),
    ]  # fmt: skip


def read(data: bytes, year: int | None = None) -> Figures:
    """Return the figures of a file. Raises WrongFile with everything that is wrong."""
    year = checked_year(year)
    check_edition(headings_of(data), wanted=EDITIONS.get(year), why=f"the indices of {year}")
    rows = read_table(data, columns(year))
    if not any(name in rows[0].values for name in NAMES):
        raise WrongFile(
            Problem(f"a column such as “{IMD} Score” or “{IDACI} Score (rate)” for {year}", 1)
        )
    source = f"English indices of deprivation {year} (MHCLG, Open Government Licence v3.0)"
    return gather(rows, list(NAMES), year=year, source=source)
