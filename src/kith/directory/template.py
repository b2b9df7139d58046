"""Services in a table that people fill in: its columns, and each row understood or with what to mend.

A row is a service, found again by its reference: the id that it has here, or the sender's own number.
A column that is not in the file changes nothing; an empty cell empties what it stands for. Where and
when are added, never taken away: that is done on the service's own page.
"""

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.writer.excel import save_workbook

from kith.directory import ages
from kith.directory.models import Place, Service
from kith.hubs.models import Weekday
from kith.places import postcodes
from kith.typed.fields import ClockField
from kith.typed.tables import Limits, Rows, Unreadable, plain_heading, unquoted
from kith.typed.text import tidy_text

LIMITS = Limits(bytes=10 * 1024 * 1024, rows=10_000)
YES_NO = {"yes": "Yes", "no": "No"}
SHOWN = {key: str(label).split(":")[0] for key, label in Place.Shown.choices}
ROUTES = {key: str(label) for key, label in Service.Route.choices}
STATUSES = {key: str(label) for key, label in Service.Status.choices}
TAKING = {key: str(label) for key, label in Service.Taking.choices}
DAYS = {str(number): str(label) for number, label in Weekday.choices}
check_url = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True)
class Column:
    """One column: its key, its heading, what to put into it, and what may stand there."""

    key: str
    title: str
    explanation: str
    required: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)
    most: int = 200


COLUMNS = (
    Column("reference", "Reference", "Your own number for this service, or its id here. The same again changes the same service.", True, most=100),
    Column("name", "Name", "What it is called.", True),
    Column("provider", "Provider", "Who gives it. A name that is not known here is added.", True),
    Column("description", "Description", "What it is, as you would say it to a parent.", True, most=2000),
    Column("kinds", "Kinds of help", "Names from the list, with semicolons between. At least one.", True, most=1000),
    Column("targets", "For whom above all", "Names from the list, with semicolons between.", most=1000),
    Column("from_months", "Youngest age", "For example 7, or 18 months. Empty: from birth.", most=20),
    Column("to_months", "Oldest age", "The whole year counts: 4 is until the fifth birthday.", most=20),
    Column("who_for", "Who it is for", "In words.", most=1000),
    Column("not_for", "Who it is not for", "In words.", most=1000),
    Column("route", "How to get it", "Empty: contact them first.", choices=ROUTES),
    Column("how_to_ask", "What to say or bring", "In words.", most=1000),
    Column("phone", "Telephone", "Of the group, never of a person.", most=40),
    Column("email", "E-mail", "Of the group, never of a person.", most=254),
    Column("url", "Website", "For example https://group.example", most=500),
    Column("status", "Does it run", "Empty: it runs.", choices=STATUSES),
    Column("alert", "What one must know today", "Needed where it is closed for now.", most=300),
    Column("taking", "New people", "Empty: open to new people.", choices=TAKING),
    Column("free", "Free", "Empty: not known.", choices=YES_NO),
    Column("cost", "Cost", "For example £2 a family.", most=1000),
    Column("languages", "Languages", "With semicolons between.", most=400),
    Column("place", "Place", "What the place is called. It is added to where the service is already."),
    Column("address", "Address", "Without town and postcode.", most=300),
    Column("town", "Town", "Town or village.", most=100),
    Column("postcode", "Postcode", "Needed unless nothing of the address may be known.", most=10),
    Column("shown", "Address shown", "How much of it everybody may know. Empty: the full address.", choices=SHOWN),
    Column("weekday", "Day", "When it is held every week. It is added to the times there are.", choices=DAYS),
    Column("opens", "From", "For example 10am.", most=20),
    Column("closes", "To", "For example 11.30am.", most=20),
    Column("term_time_only", "In school terms only", "", choices=YES_NO),
    Column("published", "Published", "Empty: it comes as a draft, which nobody else sees.", choices=YES_NO),
)  # fmt: skip
BY_KEY = {column.key: column for column in COLUMNS}
# Of the service itself, as its own page asks for it.
OWN = (
    "name", "description", "from_months", "to_months", "who_for", "not_for", "route", "how_to_ask", "phone",
    "email", "url", "status", "alert", "taking", "free", "cost", "languages", "published",
)  # fmt: skip
INSTEAD: dict[str, Any] = {
    "route": "contact", "status": "active", "taking": "open", "published": False, "shown": "full",
    "from_months": None, "to_months": None, "free": None, "languages": (), "targets": (), "opens": None,
    "closes": None, "weekday": None, "term_time_only": False,
}  # fmt: skip


@dataclass(frozen=True)
class Known:
    """What the cells may name: terms by their names in small letters, and postcodes of the county."""

    kinds: Mapping[str, str]  # name -> "taxonomy/code"
    targets: Mapping[str, str]
    postcodes: frozenset[str]  # packed


@dataclass
class Row:
    """A row: its number as the spreadsheet counts, what was understood, and what is to be mended."""

    number: int
    given: dict[str, Any] = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)  # column's title, what to do

    @property
    def reference(self) -> str:
        """By which the service is found again."""
        return str(self.given.get("reference", ""))


def headings() -> dict[str, str]:
    """Return what a heading may be, as `plain_heading` writes it, and its column's key."""
    return {
        plain_heading(name): column.key for column in COLUMNS for name in (column.title, column.key)
    }


def postcodes_in(table: Rows) -> set[str]:
    """Return all that stands in the column of postcodes, packed."""
    if not table:
        return set()
    keys = [headings().get(plain_heading(cell)) for cell in table[0][1]]
    if "postcode" not in keys:
        return set()
    at = keys.index("postcode")
    return {postcodes.packed(cells[at]) for _, cells in table[1:] if len(cells) > at}


def understand(table: Rows, known: Known) -> list[Row]:
    """Return each row as it is understood. Raises Unreadable where the headings are not ours."""
    if not table:
        raise Unreadable("The file is empty. Choose another file.")
    titles = headings()
    keys = [titles.get(plain_heading(cell)) for cell in table[0][1]]
    twice = [key for key in dict.fromkeys(keys) if key and keys.count(key) > 1]
    if twice:
        raise Unreadable(
            f"The column “{BY_KEY[twice[0]].title}” is there twice. Delete one of them."
        )
    missing = [one.title for one in COLUMNS if one.required and one.key not in keys]
    if missing:
        listed = ", ".join(f"“{title}”" for title in missing)
        raise Unreadable(
            f"The first row must hold the headings. Missing: {listed}. Use the template."
        )
    if len(table) == 1:
        raise Unreadable("The file has headings and no rows. Add a row for each service.")
    if len(table) > LIMITS.rows + 1:
        raise LIMITS.too_many
    seen: dict[str, int] = {}
    rows = []
    for number, cells in table[1:]:
        row = _row(
            number, {key: cell for key, cell in zip(keys, cells, strict=False) if key}, known
        )
        if row.reference and row.reference in seen:
            said = (
                f"This reference is also in row {seen[row.reference]}. Each service needs its own."
            )
            row.problems.append((BY_KEY["reference"].title, said))
        elif row.reference:
            seen[row.reference] = number
        rows.append(row)
    return rows


def _row(number: int, cells: Mapping[str, str], known: Known) -> Row:
    row = Row(number)
    for key, cell in cells.items():
        column = BY_KEY[key]
        text = tidy_text(unquoted(cell[:20_000]), lines=column.most >= 1000)
        try:
            if len(text) > column.most or len(cell) > 20_000:
                raise ValueError(f"Shorten this to {column.most:,} characters or fewer.")
            if not text and column.required:
                raise ValueError(f"Enter the {column.title.lower()}.")
            row.given[key] = _value(column, text, known) if text else INSTEAD.get(key, "")
        except ValueError as problem:
            row.problems.append((column.title, str(problem)))
    _together(row, known)
    return row


def _value(column: Column, text: str, known: Known) -> Any:
    if column.choices:
        return _chosen(
            text, column.choices, yes_no=column.choices is YES_NO, number=column.key == "weekday"
        )
    reader: Callable[[str], Any] | None = {
        "kinds": lambda: _terms(text, known.kinds),
        "targets": lambda: _terms(text, known.targets),
        "from_months": lambda: ages.read(text)[0],
        "to_months": lambda: ages.read(text)[1],
        "languages": lambda: tuple(_parts(text)),
        "email": lambda: _email(text),
        "url": lambda: _url(text),
        "postcode": lambda: postcodes.tidy(text),
        "opens": lambda: _clock(text),
        "closes": lambda: _clock(text),
    }.get(column.key)  # type: ignore[assignment]
    return reader() if reader else text  # type: ignore[call-arg]


def _parts(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]


def _chosen(text: str, choices: Mapping[str, str], *, yes_no: bool, number: bool) -> Any:
    said = text.lower().strip(" .")
    for key, label in choices.items():
        if said in (key, label.lower(), label.lower()[:3] if number else key):
            return said in ("yes",) if yes_no else int(key) if number else key
    if yes_no and said in ("y", "true", "1", "n", "false", "0"):
        return said in ("y", "true", "1")
    raise ValueError(f"Enter one of: {', '.join(choices.values())}.")


def _terms(text: str, terms: Mapping[str, str]) -> tuple[str, ...]:
    found = []
    for part in _parts(text):
        if part.lower() not in terms:
            raise ValueError(f"There is no “{part[:60]}” in the list. Copy a name from it.")
        found.append(terms[part.lower()])
    return tuple(dict.fromkeys(found))


def _email(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError:
        raise ValueError("Enter an e-mail address, such as group@example.org.") from None
    return text


def _url(text: str) -> str:
    text = text if "://" in text else f"https://{text}"
    try:
        check_url(text)
    except ValidationError:
        raise ValueError("Enter a web address, such as https://group.example.") from None
    return text


def _clock(text: str) -> time:
    try:
        return ClockField().to_python(text)  # type: ignore[return-value]
    except ValidationError:
        raise ValueError("Write the time like 14:30 or 2:30pm.") from None


def _together(row: Row, known: Known) -> None:
    """Look at what must fit together in a row."""
    given = row.given

    def wrong(key: str, said: str) -> None:
        row.problems.append((BY_KEY[key].title, said))

    first, last = given.get("from_months"), given.get("to_months")
    if first is not None and last is not None and first > last:
        wrong("to_months", "The oldest age is below the youngest.")
    if given.get("status") == "temporarily closed" and not given.get("alert"):
        wrong("alert", "Enter why it is closed for now, and until when if that is known.")
    if given.get("published") and given.get("route", "contact") == "contact" and not any(
        given.get(name) for name in ("phone", "email", "url")
    ):  # fmt: skip
        wrong("phone", "Enter a telephone number, e-mail address or website to contact.")
    opens, closes = given.get("opens"), given.get("closes")
    if closes and (opens is None or closes <= opens):
        wrong("closes", "It ends before it begins." if opens else "Enter from when too.")
    if opens and given.get("weekday") is None and "weekday" not in _wrong(row):
        wrong("weekday", "Enter the day.")
    shown = given.get("shown", "full")
    where = [key for key in ("address", "town", "postcode") if given.get(key)]
    if shown == "never" and where:
        wrong(where[0], "Of a place that is never shown nothing is kept. Leave this empty.")
    if where and not given.get("place"):
        wrong("place", "Enter what the place is called.")
    postcode = given.get("postcode")
    if (
        given.get("place")
        and shown in ("full", "area")
        and not postcode
        and "postcode" not in _wrong(row)
    ):
        wrong("postcode", "Enter the postcode, so that people near it find it.")
    if postcode and shown != "never" and postcodes.packed(postcode) not in known.postcodes:
        wrong("postcode", f"We do not know {postcode} as a postcode of the county. Check it.")


def _wrong(row: Row) -> set[str]:
    titles = {title for title, _ in row.problems}
    return {column.key for column in COLUMNS if column.title in titles}


# The template


def explained(column: Column) -> str:
    """Return what to put into a column, with what may stand there."""
    said = [column.explanation] if column.explanation else []
    if column.choices:
        said.append(f"One of: {'; '.join(column.choices.values())}.")
    return " ".join(said)


def workbook(kinds: list[str], targets: list[str]) -> bytes:
    """Return the empty template: a sheet to fill in, one that explains it, one of names to choose."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Services"
    bold, green = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor="0B4F4F")
    for number, column in enumerate(COLUMNS, 1):
        cell = sheet.cell(1, number, column.title + ("*" if column.required else ""))
        cell.font, cell.fill = bold, green
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = 24
        options = ",".join(column.choices.values())
        if column.choices and len(options) < 250 and "," not in "".join(column.choices.values()):
            rule = DataValidation(type="list", formula1=f'"{options}"', allow_blank=True)
            rule.error = "Choose one of the list."
            rule.add(f"{letter}2:{letter}{LIMITS.rows + 1}")
            sheet.add_data_validation(rule)
    sheet.freeze_panes = "C2"
    help_sheet = book.create_sheet("How to fill it in")
    help_sheet.append(["Column", "Needed", "What to put into it"])
    for column in COLUMNS:
        help_sheet.append([column.title, "yes" if column.required else "", explained(column)])
    help_sheet.column_dimensions["A"].width, help_sheet.column_dimensions["C"].width = 26, 100
    for cells in help_sheet.iter_rows(min_row=2, min_col=3, max_col=3):
        cells[0].alignment = Alignment(wrap_text=True, vertical="top")
    names = book.create_sheet("Names to choose")
    names.append(["Kinds of help", "For whom above all"])
    for place in range(max(len(kinds), len(targets))):
        names.append([each[place] if place < len(each) else "" for each in (kinds, targets)])
    names.column_dimensions["A"].width = names.column_dimensions["B"].width = 60
    content = io.BytesIO()
    save_workbook(book, content)
    return content.getvalue()


def is_our_id(reference: str) -> UUID | None:
    """Return a reference as the id of a service, if it is one."""
    try:
        return UUID(reference)
    except ValueError:
        return None
