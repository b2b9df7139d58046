"""Reading a file of requests: from whatever a spreadsheet saved to `NewRequest`s, row by row.

Nothing here touches the database. A file that cannot be read raises `Unreadable`; what is wrong
with a row is kept with the row.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from kith.referrals.requests import (
    ADULT_ROLES,
    AGENCIES,
    AGREED_HOW,
    CONTACT_BY,
    GROUPS,
    SEXES,
    NewAdult,
    NewChild,
    NewRequest,
    Problem,
    hides_something,
)
from kith.typed.tables import Limits, Unreadable, plain_heading, read_table, unquoted

LARGEST_FILE = 5 * 1024 * 1024
MOST_ROWS = 2_000
MOST_COLUMNS = 200
LONGEST_CELL = 20_000
CHILDREN, ADULTS = 4, 2
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True)
class Column:
    """One column: its key, its heading, and what to put into it."""

    key: str
    title: str
    explanation: str
    required: bool = False
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """One row: its number as the spreadsheet counts, its cells, and what was made of them.

    `request` is None where something cannot be understood; `rest` is then what can be.
    """

    number: int
    cells: Mapping[str, str]
    request: NewRequest | None
    problems: list[Problem] = field(default_factory=list)
    rest: NewRequest | None = None


@dataclass(frozen=True)
class Sending:
    """What is the same for every row: who sends, and what the names in the file stand for."""

    organisation_id: int | None
    organisation_name: str
    needs: Mapping[str, str]  # each code and name, in small letters -> code
    schools: Mapping[int, int]  # number of the school register -> our own


def columns() -> list[Column]:
    """Return every column, in the order of the template."""
    return [
        Column(
            "sender_reference",
            "Your number",
            "Your own number or code for this request. The same number again changes that request "
            "while it is not decided; it never makes a second one.",
            True,
            ("your reference", "sender reference", "reference", "id", "case number"),
        ),
        Column(
            "sender_name",
            "Your name",
            "Who we should ring about it.",
            True,
            ("sender name", "referrer", "referrer name"),
        ),
        Column("sender_role", "Your role", "For example SENCo.", also=("sender role", "role")),
        Column("sender_email", "Your e-mail", "", also=("sender email", "your email")),
        Column(
            "sender_phone", "Your telephone", "", also=("sender phone", "your phone", "telephone")
        ),
        *(column for number in range(1, CHILDREN + 1) for column in _child_columns(number)),
        *(column for number in range(1, ADULTS + 1) for column in _adult_columns(number)),
        Column("address", "Address", "Without the postcode."),
        Column("postcode", "Postcode", "Write “none” where the family has no fixed address.", True),
        Column("worry", "Worry", "What you are worried about.", True, ("concern", "concerns")),
        Column("going_well", "Going well", "What goes well.", also=("strengths",)),
        Column("tried", "Tried already", "What has been tried.", also=("tried",)),
        Column("would_be_different", "What would be different", "If help works."),
        Column(
            "needs",
            "Needs",
            "What the family needs help with: names or codes from the list, separated by ; or /",
            True,
            ("need",),
        ),
        Column("main_need", "Main need", "One of these; the first where you leave it empty."),
        Column("groups", "Groups", _choices(GROUPS)),
        Column(
            "basis", "Family agrees", "yes or no", True, ("agreed", "consent", "basis", "agreement")
        ),
        Column("agreed_by", "Who agreed", "Needed where the family agrees.", also=("agreed by",)),
        Column("agreed_how", "How they agreed", _choices(AGREED_HOW), also=("agreed how",)),
        Column("agreed_on", "Date they agreed", "16/11/2026 or 2026-11-16", also=("agreed on",)),
        Column("lawful_reason", "Lawful reason", "Needed where the family has not agreed."),
        Column("agencies_told", "Who may be told", _choices(AGENCIES), also=("agencies told",)),
        Column("interpreter", "Interpreter", "The language, where one is needed."),
        Column("contact_by", "Ways to be in touch", _choices(CONTACT_BY), also=("contact by",)),
        Column("contact_advice", "What is unsafe", "Who must not know, and when not to ring."),
        Column("post_is_safe", "Post is safe", "yes or no; yes where you leave it empty."),
        Column(
            "urgent",
            "At risk",
            "yes where a child may be at risk of harm. In danger now: ring 999.",
            also=("urgent", "safeguarding"),
        ),
    ]


def _child_columns(number: int) -> list[Column]:
    """The first child's columns may be headed without a number."""
    first = number == 1

    def also(*names: str) -> tuple[str, ...]:
        numbered = tuple(f"{kind} {number} {name}" for name in names for kind in ("child", "pupil"))
        bare = tuple(f"{kind} {name}" for name in names for kind in ("child", "pupil", "childs"))
        return numbered + ((*names, *bare) if first else ())

    def column(key: str, title: str, words: str, *names: str, required: bool = False) -> Column:
        heading = f"Child {number} {title}"
        return Column(f"child_{number}_{key}", heading, words, required and first, also(*names))

    return [
        column(
            "given_names", "first name", "", "first name", "forename", "given names", required=True
        ),
        column(
            "family_name", "last name", "", "last name", "surname", "family name", required=True
        ),
        column(
            "date_of_birth",
            "date of birth",
            "14/03/2014 or 2014-03-14",
            *("date of birth", "dob", "born"),
            required=True,
        ),
        column("sex", "sex", "F, M or U for not known", "sex", "gender"),
        column("school_urn", "school number", "In the national register", "school number", "urn"),
        column("school_name", "school", "Where you have no number", "school", "school name"),
        column("year_group", "year group", "", "year group", "year"),
    ]


def _adult_columns(number: int) -> list[Column]:
    def column(key: str, title: str, words: str, *names: str) -> Column:
        also = tuple(
            f"{kind} {number} {name}" for name in names for kind in ("adult", "parent", "carer")
        )
        if number == 1:
            also += tuple(f"{kind} {name}" for name in names for kind in ("adult", "parent"))
        return Column(f"adult_{number}_{key}", f"Adult {number} {title}", words, also=also)

    return [
        column("given_names", "first name", "", "first name", "forename", "given names"),
        column("family_name", "last name", "", "last name", "surname", "family name"),
        column("role", "is", _choices(ADULT_ROLES), "is", "role", "relationship"),
        column("phone", "telephone", "", "telephone", "phone", "mobile"),
        column("email", "e-mail", "", "email"),
    ]


def _choices(choices: Mapping[str, str]) -> str:
    return "; ".join(f"{code}: {name}" for code, name in choices.items())


# From a file to cells


def read(name: str, content: bytes) -> list[tuple[int, dict[str, str]]]:
    """Return the rows of a file as cells by column key, with their numbers. Raises Unreadable."""
    limits = Limits(bytes=LARGEST_FILE, rows=MOST_ROWS, columns=MOST_COLUMNS)
    return _by_column(read_table(content, headings=_known_headings(), limits=limits))


def _by_column(table: list[tuple[int, list[str]]]) -> list[tuple[int, dict[str, str]]]:
    if not table:
        raise Unreadable("The file is empty. Choose another file.")
    known = _known_headings()
    _, heading = table[0]
    if len(heading) > MOST_COLUMNS:
        raise Unreadable(f"The file must have {MOST_COLUMNS} columns or fewer.")
    keys = [known.get(plain_heading(cell)) for cell in heading]
    titles = {column.key: column.title for column in columns()}
    twice = sorted({titles[key] for key in keys if key and keys.count(key) > 1})
    if twice:
        raise Unreadable(f"The column “{twice[0]}” is there twice. Delete one of them.")
    missing = [c.title for c in columns() if c.required and c.key not in keys]
    if missing:
        listed = ", ".join(f"“{title}”" for title in missing[:6])
        raise Unreadable(
            f"The first row must hold the headings. Missing: {listed}. Use the template."
        )
    rows = table[1:]
    if not rows:
        raise Unreadable("The file has headings and no rows. Add a row for each request.")
    if len(rows) > MOST_ROWS:
        raise Unreadable(f"The file must have {MOST_ROWS:,} rows or fewer. Split it into two.")
    return [
        (
            number,
            {
                key: unquoted(cell)
                for key, cell in zip(keys, cells, strict=False)
                if key is not None
            },
        )
        for number, cells in rows
    ]


def _known_headings() -> dict[str, str]:
    known: dict[str, str] = {}
    for column in columns():
        for name in (column.title, column.key, *column.also):
            known.setdefault(plain_heading(name), column.key)
    return known


# From cells to requests


def understand(rows: list[tuple[int, dict[str, str]]], sending: Sending) -> list[Row]:
    """Return each row as a request, or with what cannot be understood in it."""
    seen: dict[str, int] = {}
    understood = []
    for number, cells in rows:
        row = _understand(number, cells, sending)
        reference = cells.get("sender_reference", "")
        if reference and reference in seen:
            said = f"This number is also in row {seen[reference]}. Each request needs its own"
            problems = [Problem("sender_reference", said), *row.problems]
            row = replace(row, request=None, problems=problems)
        elif reference:
            seen[reference] = number
        understood.append(row)
    return understood


def _understand(number: int, cells: Mapping[str, str], sending: Sending) -> Row:
    problems: list[Problem] = []

    def text(key: str) -> str:
        value = cells.get(key, "")
        if len(value) > LONGEST_CELL:
            problems.append(Problem(key, f"Use {LONGEST_CELL:,} characters or fewer"))
            return ""
        if hides_something(value):
            said = "Remove the hidden characters from this text and type it again"
            problems.append(Problem(key, said))
            return ""
        return value

    def understood(key: str, reader: Callable[[str], Any], otherwise: Any) -> Any:
        value = text(key)
        if not value:
            return otherwise
        try:
            return reader(value)
        except ValueError as error:
            problems.append(Problem(key, str(error)))
            return otherwise

    def one_of(key: str, choices: Mapping[str, str], otherwise: str) -> str:
        return str(understood(key, lambda value: _chosen(value, choices), otherwise))

    def some_of(key: str, choices: Mapping[str, str]) -> tuple[str, ...]:
        return tuple(
            understood(key, lambda value: [_chosen(v, choices) for v in _listed(value)], ())
        )

    def child(n: int) -> NewChild:
        urn = understood(f"child_{n}_school_urn", _whole_number, None)
        if urn is not None and urn not in sending.schools:
            said = "We know no school with this number"
            problems.append(Problem(f"child_{n}_school_urn", said))
        return NewChild(
            given_names=text(f"child_{n}_given_names"),
            family_name=text(f"child_{n}_family_name"),
            date_of_birth=understood(f"child_{n}_date_of_birth", read_date, None),
            sex=one_of(f"child_{n}_sex", SEXES, "U"),
            school_id=sending.schools.get(urn) if urn else None,
            school_name=text(f"child_{n}_school_name"),
            year_group=text(f"child_{n}_year_group"),
        )

    def adult(n: int) -> NewAdult:
        return NewAdult(
            given_names=text(f"adult_{n}_given_names"),
            family_name=text(f"adult_{n}_family_name"),
            role=one_of(f"adult_{n}_role", ADULT_ROLES, "carer"),
            phone=text(f"adult_{n}_phone"),
            email=text(f"adult_{n}_email"),
        )

    def named(kind: str, n: int) -> bool:
        return any(cells.get(f"{kind}_{n}_{part}") for part in ("given_names", "family_name"))

    if not cells.get("sender_reference"):
        problems.append(Problem("sender_reference", "Enter your own number for this request"))
    if not cells.get("basis"):
        problems.append(Problem("basis", "Enter yes or no: does the family agree?"))
    agrees = understood("basis", _yes_or_no, True)
    homeless = cells.get("postcode", "").lower() in ("none", "no fixed address", "nfa")
    request = NewRequest(
        channel="file",
        sender_kind="partner",
        sender_name=text("sender_name"),
        sender_role=text("sender_role"),
        sender_email=text("sender_email"),
        sender_phone=text("sender_phone"),
        sender_reference=text("sender_reference"),
        sender_organisation_id=sending.organisation_id,
        sender_organisation_name=sending.organisation_name,
        children=tuple(child(n) for n in range(1, CHILDREN + 1) if n == 1 or named("child", n)),
        adults=tuple(adult(n) for n in range(1, ADULTS + 1) if named("adult", n)),
        address=text("address"),
        postcode="" if homeless else text("postcode"),
        no_fixed_address=homeless,
        worry=text("worry"),
        going_well=text("going_well"),
        tried=text("tried"),
        would_be_different=text("would_be_different"),
        needs=tuple(sending.needs.get(need.lower(), need) for need in _listed(text("needs"))),
        main_need=sending.needs.get(text("main_need").lower(), text("main_need")),
        groups=some_of("groups", GROUPS),
        basis="consent" if agrees else "no_consent",
        agreed_by=text("agreed_by"),
        agreed_how=one_of("agreed_how", AGREED_HOW, ""),
        agreed_on=understood("agreed_on", read_date, None),
        lawful_reason=text("lawful_reason"),
        agencies_told=some_of("agencies_told", AGENCIES),
        interpreter=text("interpreter"),
        contact_by=some_of("contact_by", CONTACT_BY),
        contact_advice=text("contact_advice"),
        post_is_safe=understood("post_is_safe", _yes_or_no, True),
        urgent=understood("urgent", _yes_or_no, False),
    )
    # Each text once, though one that is read twice is wrong twice.
    said_once = list(dict.fromkeys(problems))
    return Row(number, cells, None if problems else request, said_once, rest=request)


# What is asked depends on whether the family agrees: where that is unclear, it is asked first.
_ON_AGREEMENT = frozenset(("agreed_by", "agreed_how", "agreed_on", "lawful_reason"))


def all_problems(row: Row, of_rest: Iterable[Problem]) -> list[Problem]:
    """Return everything that is wrong with a row, in the order of its columns: what cannot be
    understood in it, and what is wrong with the rest of it, which speaks of other columns only."""
    told = {column_of(problem) for problem in row.problems}
    unclear = any(problem.field == "basis" for problem in row.problems)
    more = [
        problem
        for problem in of_rest
        if column_of(problem) not in told and not (unclear and problem.field in _ON_AGREEMENT)
    ]
    order = {column.title: place for place, column in enumerate(columns())}
    return sorted(
        [*row.problems, *more], key=lambda problem: order.get(column_of(problem), len(order))
    )


def column_of(problem: Problem) -> str:
    """Return the heading of the column where a problem lies: `children.0.sex` is “Child 1 sex”."""
    parts = problem.field.split(".")
    key = problem.field
    if len(parts) == 3 and parts[1].isdecimal():
        kind = "child" if parts[0] == "children" else "adult"
        key = f"{kind}_{int(parts[1]) + 1}_{parts[2]}"
    elif len(parts) > 1:
        key = parts[0]
    key = key.replace("school_id", "school_urn")
    titles = {column.key: column.title for column in columns()}
    return titles.get(key, key.replace("_", " ").capitalize())


def read_date(text: str) -> date:
    """Read a date as people in Britain write it, or ISO. Raises ValueError with what to do."""
    text = re.sub(r"[ T]00:00(:00(\.0+)?)?$", "", text.strip())
    if found := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text):
        year, month, day = (int(part) for part in found.groups())
    elif found := re.fullmatch(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})", text):
        day, month, year = (int(part) for part in found.groups())
    elif (
        found := re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?[- ]([A-Za-z]{3,9})\.?[- ](\d{4})", text)
    ) and found[2][:3].lower() in MONTHS:
        day, month, year = int(found[1]), MONTHS.index(found[2][:3].lower()) + 1, int(found[3])
    else:
        raise ValueError("Enter a date like 14/03/2014 or 2014-03-14")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError("There is no such date. Enter one like 14/03/2014") from None


def _yes_or_no(text: str) -> bool:
    if text.lower() in ("yes", "y", "true", "1", "consent"):
        return True
    if text.lower() in ("no", "n", "false", "0", "no consent", "no_consent"):
        return False
    raise ValueError("Enter yes or no")


def _whole_number(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise ValueError("Enter the number with digits only")
    return int(text)


def _listed(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;/\n|]", text) if part.strip()]


def _chosen(text: str, choices: Mapping[str, str]) -> str:
    """Return the code of a choice named by code, by name, or by the beginning of its name."""
    asked = text.lower()
    for code, name in choices.items():
        if asked in (code.lower(), code.lower().replace("_", " "), name.lower()):
            return code
    starting = [code for code, name in choices.items() if name.lower().startswith(asked)]
    if len(starting) == 1:
        return starting[0]
    raise ValueError(f"“{text[:40]}” is not one of: {', '.join(choices)}")
