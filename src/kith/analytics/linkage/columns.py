"""Agencies' extracts as columns of codes: cleaned, with the original left where it was.

A value is cleaned once however often it occurs. Codes are numbered in the order of the cleaned
values, so that the order of rows and sources changes nothing; -1 is "not known".
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from kith.analytics.linkage import keys, names

Codes = npt.NDArray[np.int64]

NEEDED = ("source", "record_id", "given_names", "family_name", "date_of_birth")
OPTIONAL = (
    "sex", "address", "postcode", "observed_on", "uprn", "phone", "email",
    "nhs_number", "upn", "nino", "household", "relationship",
)  # fmt: skip
# What is written where a name, or a day of birth, is not known.
_PLACEHOLDERS = frozenset(
    [
        "baby",
        "babyboy",
        "babygirl",
        "unknown",
        "notknown",
        "unnamed",
        "duplicate",
        "test",
        "none",
        "na",
        "tbc",
        "unborn",
    ]
)
_SENTINELS = frozenset([date(1900, 1, 1), date(1901, 1, 1), date(1753, 1, 1), date(1970, 1, 1)])
_EARLIEST, _NONE = date(1901, 1, 2), -1


class ExtractRefused(Exception):
    """An extract that cannot be read; the message says what to do."""


@dataclass(frozen=True)
class Records:
    """N records as columns. Each array has N codes; `words` are the values that codes stand for."""

    codes: dict[str, Codes]
    words: dict[str, list[str]]
    source: list[str]
    record_id: list[str]

    def __len__(self) -> int:
        return len(self.record_id)


def read(paths: Sequence[Path]) -> pa.Table:
    """Read CSV and Parquet files in the standard layout, in the order of source and record.

    Raises ExtractRefused with what to do when a file is not one, is empty, or lacks a column.
    """
    tables = []
    for path in paths:
        try:
            if path.suffix.lower() == ".parquet":
                table = pa.parquet.read_table(path)
            else:
                head = path.open("rb").readline()
                named = head.decode("utf-8-sig").strip().replace('"', "").split(",")
                table = pa.csv.read_csv(
                    path,
                    convert_options=pa.csv.ConvertOptions(
                        column_types={name: pa.string() for name in named},
                        strings_can_be_null=True,
                        null_values=[""],
                    ),
                )
        except (pa.ArrowInvalid, OSError, UnicodeDecodeError) as problem:
            raise ExtractRefused(
                f"{path.name} cannot be read: {problem}. Save it as CSV in UTF-8, or as Parquet, "
                "with one row of headings."
            ) from None
        missing = [name for name in NEEDED if name not in table.column_names]
        if missing:
            raise ExtractRefused(
                f"{path.name} has no column {', '.join(missing)}. Name the columns as the standard "
                f"layout does: {', '.join((*NEEDED, *OPTIONAL))}."
            )
        if table.num_rows == 0:
            raise ExtractRefused(f"{path.name} has headings and no rows. Send it again with rows.")
        tables.append(
            pa.table(
                {
                    name: table[name].cast(pa.string())
                    if name in table.column_names
                    else pa.nulls(table.num_rows, pa.string())
                    for name in (*NEEDED, *OPTIONAL)
                }
            )
        )
    if not tables:
        raise ExtractRefused("No extract was given. Name at least one file.")
    return pa.concat_tables(tables).sort_by([("source", "ascending"), ("record_id", "ascending")])


def clean(table: pa.Table, today: date) -> Records:
    """Clean a table in the standard layout. A day of birth after `today` is not known."""
    codes: dict[str, Codes] = {}
    words: dict[str, list[str]] = {}
    for column, make in _made_of(today).items():
        codes[column], words[column] = _coded(table, make)
    codes["birth"], words["birth"] = _days(codes["birth"], words["birth"])
    return Records(
        codes, words, table["source"].fill_null("").to_pylist(), table["record_id"].to_pylist()
    )


Made = tuple[tuple[str, ...], Callable[..., str]]


def _made_of(today: date) -> dict[str, Made]:
    """Say from which columns each coded column is made, and how."""
    return {
        "given": (("given_names",), lambda text: " ".join(_telling(text))),
        "first": (("given_names",), lambda text: next(iter(_telling(text)), "")),
        "family": (("family_name",), lambda text: "".join(_telling(text))),
        "family_first": (("family_name",), lambda text: next(iter(_telling(text)), "")),
        "birth": (("date_of_birth",), lambda text: _birth(text, today)),
        "sex": (("sex",), lambda text: text.strip()[:1].upper() if text.strip() else ""),
        "postcode": (("postcode",), _postcode),
        "address": (("postcode", "address"), _address),
        "uprn": (("uprn",), lambda text: text.strip().lstrip("0")),
        "phone": (("phone",), keys.phone_digits),
        "email": (("email",), lambda text: text.strip().casefold()),
        "nhs_number": (("nhs_number",), nhs_number),
        "upn": (("upn",), lambda text: text.strip().upper()),
        "nino": (("nino",), lambda text: "".join(text.split()).upper()),
    }


def nhs_number(text: str) -> str:
    """Return the ten digits, or nothing where the check digit (modulus 11) is wrong."""
    digits = "".join(letter for letter in text if letter.isdigit())
    if len(digits) != 10 or len(set(digits)) == 1:
        return ""
    check = 11 - sum(int(digit) * (10 - place) for place, digit in enumerate(digits[:9])) % 11
    return digits if check % 11 == int(digits[9]) and check != 10 else ""


def _telling(text: str) -> tuple[str, ...]:
    found = names.telling(text)
    return () if "".join(found) in _PLACEHOLDERS else found


def _birth(text: str, today: date) -> str:
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return ""
    return day.isoformat() if _EARLIEST <= day <= today and day not in _SENTINELS else ""


def _postcode(text: str) -> str:
    solid = keys.solid_postcode(text)
    return solid if len(solid) >= 5 else ""


def _address(postcode: str, lines: str) -> str:
    solid, folded = _postcode(postcode), names.fold(lines).replace(" ", "")
    return f"{solid} {folded}" if solid and folded else ""


def _coded(table: pa.Table, made: Made) -> tuple[Codes, list[str]]:
    columns, make = made
    joined = (
        table[columns[0]]
        if len(columns) == 1
        else pc.binary_join_element_wise(*(table[name].fill_null("") for name in columns), "\x1f")
    )
    encoded = joined.combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    values = [
        make(*value.split("\x1f")) if value else "" for value in encoded.dictionary.to_pylist()
    ]
    kept = sorted(set(values) - {""})
    number = {value: place for place, value in enumerate(kept)} | {"": _NONE}
    table_of = np.array([*(number[value] for value in values), _NONE], dtype=np.int64)
    places = encoded.indices.fill_null(len(values)).to_numpy(zero_copy_only=False)
    return table_of[places], kept


def _days(codes: Codes, words: list[str]) -> tuple[Codes, list[str]]:
    """Turn codes of days of birth into numbers that read YYYYMMDD, -1 where not known."""
    read_as = np.array([*(int(word.replace("-", "")) for word in words), _NONE], dtype=np.int64)
    return read_as[codes], words
