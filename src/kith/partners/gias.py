"""The register of schools: Get Information About Schools (Department for Education).

Its CSV has headings such as `URN` and `EstablishmentName` and is in Windows encoding. Extracts with
`urn` and `establishment_name` are understood too.
"""

from collections.abc import Callable
from dataclasses import dataclass

from kith.partners.models import Organisation
from kith.places.files import (
    Column,
    Problem,
    Row,
    WrongFile,
    matching,
    number,
    read_table,
    whole_number,
    words,
)
from kith.places.postcodes import tidy

Phase = Organisation.Phase
PHASES = {
    "nursery": Phase.NURSERY,
    "primary": Phase.PRIMARY,
    "middle deemed primary": Phase.PRIMARY,
    "secondary": Phase.SECONDARY,
    "middle deemed secondary": Phase.SECONDARY,
    "all-through": Phase.ALL_THROUGH,
    "all through": Phase.ALL_THROUGH,
    "16 plus": Phase.COLLEGE,
    "not applicable": "",
}
OPEN_STATES = ("open", "open, but proposed to close")
CLOSED_STATES = ("closed", "proposed to open")


@dataclass(frozen=True)
class School:
    """A school as the register has it. None where the file has no such column."""

    row: int
    urn: int
    name: str
    phase: str
    open: bool
    easting: int | None
    northing: int | None
    postcode: str
    address: str | None
    phone: str | None
    pupils: int | None
    free_meals_percent: float | None


def _one_of(known: tuple[str, ...]) -> Callable[[str], str]:
    def read(cell: str) -> str:
        if cell.casefold() not in known:
            raise ValueError(cell)
        return cell.casefold()

    return read


COLUMNS = [
    Column("urn", ("URN",), whole_number(100_000, 999_999), "a number of six digits"),
    Column("name", ("EstablishmentName", "establishment_name"), words(200), "a name of at most 200 letters"),
    Column("phase", ("PhaseOfEducation (name)", "education_phase"), _one_of(tuple(PHASES)), "a phase such as Primary, Secondary, 16 plus or Not applicable"),
    Column("easting", ("Easting",), number(0, 700_000), "metres on the British grid", blank=True),
    Column("northing", ("Northing",), number(0, 1_300_000), "metres on the British grid", blank=True),
    Column("type", ("TypeOfEstablishment (name)", "establishment_type"), words(200), "a type", needed=False, blank=True),
    Column("group", ("EstablishmentTypeGroup (name)", "establishment_type_group"), words(200), "a group of types", needed=False, blank=True),
    Column("status", ("EstablishmentStatus (name)",), _one_of(OPEN_STATES + CLOSED_STATES), "Open, Closed, or Open, but proposed to close", needed=False),
    Column("postcode", ("Postcode",), tidy, "a postcode", needed=False, blank=True),
    Column("street", ("Street",), words(200), "a street", needed=False, blank=True),
    Column("locality", ("Locality",), words(200), "a place", needed=False, blank=True),
    Column("town", ("Town",), words(200), "a town", needed=False, blank=True),
    Column("phone", ("TelephoneNum",), matching(r"[0-9+() -]{5,40}"), "a telephone number", needed=False, blank=True),
    Column("pupils", ("NumberOfPupils", "number_of_pupils"), whole_number(0, 100_000), "a number of pupils", needed=False, blank=True),
    Column("meals", ("PercentageFSM", "percentage_fsm"), number(0, 100), "a percentage from 0 to 100", needed=False, blank=True),
]  # fmt: skip


def read(data: bytes, year: int | None = None) -> list[School]:
    """Return the schools of a file. Raises WrongFile with everything that is wrong."""
    rows = read_table(data, COLUMNS)
    lines: dict[int, int] = {}
    problems = []
    for row in rows:
        urn = row.values["urn"]
        if urn in lines:
            problems.append(
                Problem(f"each school once; it is in row {lines[urn]} too", row.number, "URN", str(urn))
            )  # fmt: skip
        lines.setdefault(urn, row.number)
    if problems:
        raise WrongFile(*problems)
    return [_school(row) for row in rows]


def _is_closed(row: Row) -> bool:
    return row.values.get("status", "open") in CLOSED_STATES


def _school(row: Row) -> School:
    values = row.values
    parts = [values[key] for key in ("street", "locality", "town") if values.get(key)]
    on_grid = values["easting"] and values["northing"]
    return School(
        row=row.number,
        urn=values["urn"],
        name=values["name"],
        phase=_phase(values),
        open=not _is_closed(row),
        easting=round(values["easting"]) if on_grid else None,
        northing=round(values["northing"]) if on_grid else None,
        postcode=values.get("postcode") or "",
        address="\n".join(parts) if "street" in values else None,
        phone=values.get("phone"),
        pupils=values.get("pupils"),
        free_meals_percent=values.get("meals"),
    )


def _phase(values: dict[str, object]) -> str:
    kind = f"{values.get('group') or ''} {values.get('type') or ''}".casefold()
    if "special" in kind or "pupil referral" in kind or "alternative provision" in kind:
        return Phase.SPECIAL
    named = PHASES[str(values["phase"])]
    if not named and ("college" in kind or "further education" in kind):
        return Phase.COLLEGE
    return named
