"""Key Stage 2 results as Explore Education Statistics publishes them (Department for Education).

Provisional results come out here, in September, of authorities and of England. Two shapes: a row for each
place, group of pupils and subject (since 2024), or a row for each place and group with a column for each
result (before). Both become lines with the headings of the performance tables, so that everything else
knows one shape. Rows of other groups of pupils than all, disadvantaged and others, and of regions, are passed over.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from kith.analytics.attainment import MEASURES, read_cell, year_name
from kith.places.files import Problem, WrongFile, shown

MARK = "GEOGRAPHIC_LEVEL"  # the heading by which such a file is known
NEEDED = ("TIME_PERIOD", MARK)
SUBJECTS = {
    "reading, writing and maths": "RWM",
    "reading, writing and mathematics": "RWM",
    "reading": "READ",
    "writing": "WRITTA",
    "writing ta": "WRITTA",
    "maths": "MAT",
    "mathematics": "MAT",
    "grammar, punctuation and spelling": "GPS",
    "science": "SCITA",
    "science ta": "SCITA",
}
# A column of the long shape, and what it is called in the performance tables. {s} is the subject.
LONG = {
    "EXPECTED_STANDARD_PUPIL_PERCENT": "PT{s}_EXP",
    "HIGHER_STANDARD_PUPIL_PERCENT": "PT{s}_HIGH",
    "AVERAGE_SCALED_SCORE": "{s}_AVERAGE",
    "PROGRESS_MEASURE_SCORE": "{s}PROG",
    "PROGRESS_MEASURE_LOWER_CONF_INTERVAL": "{s}PROG_LOWER",
    "PROGRESS_MEASURE_UPPER_CONF_INTERVAL": "{s}PROG_UPPER",
}
WIDE = (
    (re.compile(r"PT_(RWM|READ|WRITTA|MAT|GPS|SCITA)_MET_EXPECTED_STANDARD"), "PT{s}_EXP"),
    (
        re.compile(
            r"PT_(RWM|READ|WRITTA|MAT|GPS)_(?:MET_HIGHER_STANDARD|ACHIEVED_HIGH(?:ER)?_SCORE|HIGH(?:ER)?_(?:SCORE|STANDARD))"
        ),
        "PT{s}_HIGH",
    ),
    (re.compile(r"(?:AVG|AVERAGE)_(READ|MAT|GPS)_SCALED_SCORE"), "{s}_AVERAGE"),
    (re.compile(r"AVG_(READ|WRITTA|MAT)_PROGRESS_SCORE"), "{s}PROG"),
    (re.compile(r"AVG_(READ|WRITTA|MAT)_PROGRESS_SCORE_LOWER_CI"), "{s}PROG_LOWER"),
    (re.compile(r"AVG_(READ|WRITTA|MAT)_PROGRESS_SCORE_UPPER_CI"), "{s}PROG_UPPER"),
)
PUPILS = ("ELIGIBLE_PUPIL_COUNT", "T_ELIGIBLE_PUPILS", "ELIGIBLE_PUPILS", "T_RWM_ELIGIBLE_PUPILS")
# What a column is that is neither a place nor a number: a way to part pupils or schools. A line counts as
# of all pupils only where each of them says so, those that nobody has heard of too.
ABOUT = frozenset(
    re.findall(
        r"\S+",
        """TIME_PERIOD TIME_IDENTIFIER GEOGRAPHIC_LEVEL COUNTRY_CODE COUNTRY_NAME REGION_CODE REGION_NAME
    OLD_LA_CODE NEW_LA_CODE LA_NAME SCHOOL_LAESTAB SCHOOL_URN SCHOOL_NAME VERSION SUBJECT SCHOOL_TYPE
    ESTABLISHMENT_TYPE_GROUP BREAKDOWN_TOPIC CHARACTERISTIC_GROUP CHARACTERISTIC_TYPE""",
    )
)
NUMBERED = re.compile(
    r"(?:T|PT|AVG|NUM)_.*|.*_(?:COUNT|PERCENT|SCORE|INTERVAL|CI)|.*(?:AVERAGE|PROGRESS).*"
)
# Of a school other columns tell what kind of school it is.
OF_PUPILS = re.compile(
    r"BREAKDOWN|CHARACTERISTIC|GENDER|SEX|DISADVANTAGE.*|FSM.*|ETHNIC.*|.*LANGUAGE|.*BIRTH|SEN_.*|SOCIAL_CARE.*"
)
ALL = {"", "total", "all", "all pupils", "boys and girls"}
STATE = {"all state funded", "all state-funded", "state-funded", "state funded"}
EVERY_SCHOOL = {"", "total", "all", "all schools"}
ENDS = {
    "disadvantaged": "_FSM6CLA1A",
    "disadvantaged all other": "_NOTFSM6CLA1A",
    "not disadvantaged": "_NOTFSM6CLA1A",
    "all other pupils": "_NOTFSM6CLA1A",
    "all other": "_NOTFSM6CLA1A",
    "not known to be disadvantaged": "_NOTFSM6CLA1A",
}
NUMBERS = {"": "TELIG", "_FSM6CLA1A": "TFSM6CLA1A", "_NOTFSM6CLA1A": "TNOTFSM6CLA1A"}
LIMITS = {column: measure.limits for measure in MEASURES for column in measure.columns}


@dataclass
class Found:
    """What a file says of a place, gathered from its rows."""

    row: int
    kind: str
    authority: str
    establishment: str
    urn: int | None
    name: str
    published: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Told:
    """What a file says of one year: its stage where a column tells it, and its places."""

    year: int
    status: str
    places: tuple[Found, ...]


def is_such(headings: list[str]) -> bool:
    """Say whether these headings, in capitals, are of such a file."""
    return MARK in headings


def read(headings: list[str], rows: Iterator[tuple[int, list[str]]], asked: int | None) -> Told:
    """Return what a file says of the year that is asked, else of its newest. Raises WrongFile."""
    columns = _columns(headings)
    kept: dict[int, list[tuple[int, dict[str, str]]]] = {}
    problems = []
    for number, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(headings):
            problems.append(
                Problem(f"{len(headings)} values, as many as there are headings", number, value=f"{len(cells)} values")
            )  # fmt: skip
            continue
        row = {heading: cell.strip() for heading, cell in zip(headings, cells, strict=True)}
        period = re.fullmatch(r"(20\d\d)[/-]?(\d\d)", row["TIME_PERIOD"])
        if period is None or (int(period[1]) + 1) % 100 != int(period[2]):
            problems.append(
                Problem("a school year such as 202425", number, "time_period", shown(row["TIME_PERIOD"]))
            )  # fmt: skip
            continue
        kept.setdefault(int(period[1]) + 1, []).append((number, row))
    if problems:
        raise WrongFile(*problems)
    if not kept:
        raise WrongFile(Problem("at least one row below the headings"))
    year = asked or max(kept)
    if year not in kept:
        held = ", ".join(year_name(one) for one in sorted(kept))
        raise WrongFile(
            Problem(f"results of {year_name(year)}, which you entered. This file holds {held}")
        )
    return _told(year, kept[year], columns)


def _columns(headings: list[str]) -> dict[str, tuple[str, str]]:
    """Return the columns of results: what each is called, and of the wide shape its subject."""
    problems = [
        Problem(f"a column with the heading {heading.lower()}", 1)
        for heading in NEEDED
        if heading not in headings
    ]
    columns = {heading: (LONG[heading], "") for heading in headings if heading in LONG}
    if columns and "SUBJECT" not in headings:
        problems.append(Problem("a column with the heading subject", 1))
    for heading in headings:
        for pattern, called in WIDE:
            if told := pattern.fullmatch(heading):
                columns[heading] = (called, told[1])
    if not columns:
        problems.append(
            Problem(
                "a column of Key Stage 2 results, such as expected_standard_pupil_percent or "
                "pt_rwm_met_expected_standard",
                1,
            )
        )
    if problems:
        raise WrongFile(*problems)
    return columns


def _told(
    year: int, rows: list[tuple[int, dict[str, str]]], columns: dict[str, tuple[str, str]]
) -> Told:
    places: dict[tuple[str, str], Found] = {}
    surest: dict[tuple[str, str, str], bool] = {}
    parting = [
        heading
        for heading in rows[0][1]
        if heading not in ABOUT and not NUMBERED.fullmatch(heading)
    ]
    problems: list[Problem] = []
    stages = set()
    for number, row in rows:
        group = _group(row, parting)
        place = _place(number, row, problems)
        if group is None or place is None:
            continue
        schools = row.get("ESTABLISHMENT_TYPE_GROUP", row.get("SCHOOL_TYPE", "")).casefold()
        is_state = schools in STATE
        if place.kind == "england" and is_state:
            place.kind = "england_state"
        elif not place.urn and not is_state and schools not in EVERY_SCHOOL:
            continue
        if stage := row.get("VERSION", "").casefold():
            stages.add(stage)
        key = (place.kind, str(place.urn or place.authority))
        held = places.setdefault(key, place)
        for heading, cell in _cells(row, columns, group, number, problems):
            # Of an authority state-funded schools stand for it, as in the performance tables.
            if cell and (
                heading not in held.published or (is_state and not surest[(*key, heading)])
            ):
                held.published[heading] = cell
                surest[(*key, heading)] = is_state
    if problems:
        raise WrongFile(*problems)
    found = tuple(place for place in places.values() if place.published)
    if not found:
        raise WrongFile(
            Problem(
                "results of all pupils of England, an authority or a school. This file has those of other groups only"
            )
        )
    if not any("PTRWM_EXP" in place.published for place in found):
        raise WrongFile(
            Problem(
                "results of reading, writing and maths together, as Key Stage 2 has. This file has none: is it of "
                "another key stage?"
            )
        )
    known = stages & {"provisional", "revised", "final"}
    return Told(year, known.pop() if len(known) == 1 else "", found)


def _group(row: dict[str, str], parting: list[str]) -> str | None:
    """Return the end that a group of pupils has in headings: "" of all; None of others."""
    is_school = row[MARK].casefold() == "school"
    told = {
        value
        for name in parting
        if (value := row[name].casefold()) not in ALL
        and (not is_school or OF_PUPILS.fullmatch(name))
    }
    if not told:
        return ""
    return ENDS.get(told.pop()) if len(told) == 1 else None


def _place(number: int, row: dict[str, str], problems: list[Problem]) -> Found | None:
    level = row[MARK].casefold()
    code, urn = row.get("OLD_LA_CODE", ""), row.get("SCHOOL_URN", "")
    if level == "national":
        return Found(number, "england", "", "", None, "")
    if level not in ("local authority", "school"):
        return None
    if not re.fullmatch(r"\d{3}", code):
        problems.append(
            Problem("the authority’s number of three digits", number, "old_la_code", shown(code))
        )
        return None
    if level == "local authority":
        return Found(number, "authority", code, "", None, row.get("LA_NAME", "")[:200])
    if not re.fullmatch(r"\d{6}", urn):
        problems.append(
            Problem("the school’s number of six digits", number, "school_urn", shown(urn))
        )
        return None
    estab = row.get("SCHOOL_LAESTAB", "").replace("/", "")[3:7]
    return Found(number, "school", code, estab, int(urn), row.get("SCHOOL_NAME", "")[:200])


def _cells(
    row: dict[str, str],
    columns: dict[str, tuple[str, str]],
    group: str,
    number: int,
    problems: list[Problem],
) -> Iterator[tuple[str, str]]:
    """Return what a row says, under the headings of the performance tables."""
    subject = SUBJECTS.get(row.get("SUBJECT", "").casefold(), "")
    for column, (called, of_column) in columns.items():
        about = of_column or subject
        if not about:
            continue
        heading = (
            called.format(s="WRIT" if "PROG" in called and about == "WRITTA" else about) + group
        )
        cell = row[column]
        said = read_cell(cell)
        low, high = LIMITS.get(heading, (-200.0, 200.0))
        if said.value is not None and not low <= said.value <= high:
            problems.append(
                Problem(f"a number from {low:g} to {high:g}", number, column.lower(), cell)
            )
        if said.is_code and len(cell) > 12:
            problems.append(
                Problem("a number, or a code such as z or c", number, column.lower(), shown(cell))
            )
        yield heading, f"{cell}%" if said.value is not None and heading.startswith("PT") else cell
    for column in PUPILS:
        if row.get(column) and (subject in ("RWM", "") or column.startswith("T_RWM")):
            yield NUMBERS[group], row[column]
            break
