"""Another directory's feed, page by page: Open Referral UK 3.0, and 1.0 turned into it.

A feed may never end, give the same page again and again, or count wrongly: so what it says of itself
is believed only as far as it agrees with what it gives. Only one that was read to its end tells what
is gone.
"""

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any
from urllib.parse import quote

from kith.directory.fetching import NotRead, Reader

A_PAGE = 100
MOST_PAGES = 2_000
MOST_SERVICES = 20_000
MOST_IN_A_ROW = 5  # services that cannot be fetched one by one, before the whole is given up
LONGEST_ID = 100
# What the list leaves out, and the service's own address tells.
OWN_PARTS = ("service_at_locations", "schedules", "attributes", "phones", "contacts", "languages")
Raw = dict[str, Any]


def _spool() -> IO[str]:
    return tempfile.TemporaryFile("w+", encoding="utf-8")


@dataclass
class Fetched:
    """What was read of a feed: its services, one a line, in a file that is gone when it is closed."""

    version: str = "3.0"
    lines: IO[str] = field(default_factory=_spool)
    count: int = 0
    whole: bool = False  # read to its end, so that what is not in it is gone
    notes: list[str] = field(default_factory=list)

    def services(self) -> Iterator[Any]:
        """Yield what was read of each service."""
        self.lines.seek(0)
        for line in self.lines:
            yield json.loads(line)

    def close(self) -> None:
        """Throw away what was read."""
        self.lines.close()


def told(records: list[Any]) -> Fetched:
    """Return records that are at hand as if they had been read from a feed."""
    fetched = Fetched(whole=True)
    for record in records:
        _keep(fetched, record)
    return fetched


def fetch(base: str, reader: Reader, step: Callable[[int, int | None], None]) -> Fetched:
    """Read all services of a feed. `step` is told how many are read, of how many.

    Raises NotRead where nothing can be read. What breaks off later is read as far as it went.
    """
    base = base.rstrip("/")
    first = reader.json(_page(base, 1))
    version = "1.0" if isinstance(first, dict) and "content" in first else "3.0"
    fetched = Fetched(version)
    try:
        _read_pages(base, reader, first, fetched, step)
    except NotRead as stopped:
        if not fetched.count:
            fetched.close()
            raise
        fetched.whole = False
        fetched.notes.append(f"Read as far as service {fetched.count:,}. {stopped}")
    except RecursionError:
        fetched.close()
        raise NotRead("The feed is nested too deeply to be read.") from None
    except BaseException:
        fetched.close()
        raise
    return fetched


def _read_pages(
    base: str,
    reader: Reader,
    page: Any,
    fetched: Fetched,
    step: Callable[[int, int | None], None],
) -> None:
    seen: set[bytes] = set()
    number, failed = 1, 0
    while True:
        records, ends, total = _read_page(page)
        marks = hashlib.sha256(json.dumps(records, sort_keys=True).encode()).digest()
        if records and marks in seen:
            raise NotRead(f"Page {number:,} is the same as one before, so we have stopped.")
        seen.add(marks)
        for record in records:
            if fetched.count >= MOST_SERVICES:
                raise NotRead(f"There are more than {MOST_SERVICES:,} services.")
            full, why = _full(base, reader, record, fetched.version)
            failed = failed + 1 if why else 0
            if failed > MOST_IN_A_ROW:
                raise NotRead(why)
            _keep(fetched, full)
            step(fetched.count, total)
        if ends or not records:
            break
        number += 1
        if number > MOST_PAGES:
            raise NotRead(f"There are more than {MOST_PAGES:,} pages.")
        page = reader.json(_page(base, number))
    # A list that says it holds more than it gave has not been read to its end.
    fetched.whole = total is None or fetched.count >= total
    if not fetched.whole:
        fetched.notes.append(
            f"The feed says that it holds {total:,} services, and gave {fetched.count:,}."
        )


def _read_page(page: Any) -> tuple[list[Any], bool, int | None]:
    """Return a page's records, whether it says that it is the last, and how many there are in all."""
    if isinstance(page, list):
        return page, True, None
    if not isinstance(page, dict):
        raise NotRead("The feed’s list of services is not one that Open Referral UK knows.")
    records = page.get("contents", page.get("content"))
    if not isinstance(records, list):
        raise NotRead("The feed’s list of services is not one that Open Referral UK knows.")
    at = _count(page.get("page_number", page.get("number")))
    pages = _count(page.get("total_pages", page.get("totalPages")))
    says = page.get("last_page", page.get("last"))
    ends = at >= pages if at and pages else says is True
    total = _count(page.get("total_items", page.get("totalElements")))
    return records, ends, total


def _count(value: Any) -> int | None:
    return value if type(value) is int and 0 <= value <= 10**9 else None


def _page(base: str, number: int) -> str:
    return f"{base}/services?page={number}&per_page={A_PAGE}&perPage={A_PAGE}"


def _full(base: str, reader: Reader, record: Any, version: str) -> tuple[Any, str]:
    """Return a service with all that belongs to it, and why it could not be read, if so."""
    if not isinstance(record, dict):
        return record, ""
    key = record.get("id")
    if not isinstance(key, str) or not key or len(key) > LONGEST_ID:
        return record, ""
    if any(part in record for part in (*OWN_PARTS, "service_taxonomys", "regular_schedules")):
        return from_1(record) if version == "1.0" else record, ""
    try:
        full = reader.json(f"{base}/services/{quote(key, safe='')}")
    except NotRead as problem:
        return {"id": key, "name": record.get("name"), "kith_not_read": str(problem)}, str(problem)
    if not isinstance(full, dict) or full.get("id") != key:
        why = "Its own page tells of something else than the list."
        return {"id": key, "name": record.get("name"), "kith_not_read": why}, ""
    full = {**record, **full}
    return from_1(full) if version == "1.0" else full, ""


def _keep(fetched: Fetched, record: Any) -> None:
    fetched.lines.write(json.dumps(record) + "\n")
    fetched.count += 1


def from_1(record: Raw) -> Raw:
    """Return a service of Open Referral UK 1.0 with the names that 3.0 gives its parts."""
    new = dict(record)
    new["attributes"] = [
        {"taxonomy_term": {**term, "taxonomy": term.get("vocabulary")}}
        for each in _dicts(record.get("service_taxonomys"))
        for term in _dicts([each.get("taxonomy")])
    ]
    new["service_at_locations"] = [
        {**each, "location": _location_of_1(place), "schedules": each.get("regular_schedule")}
        for each in _dicts(record.get("service_at_locations"))
        for place in _dicts([each.get("location")])
    ]
    new["schedules"] = record.get("regular_schedules", record.get("regular_schedule"))
    for one in _dicts(record.get("eligibilitys")):
        new.setdefault("minimum_age", one.get("minimum_age"))
        new.setdefault("maximum_age", one.get("maximum_age"))
        new.setdefault("eligibility_description", one.get("eligibility"))
    new["languages"] = [{"name": each.get("language")} for each in _dicts(record.get("languages"))]
    new["funding"] = record.get("fundings")
    return new


def _location_of_1(place: Raw) -> Raw:
    return {
        **place,
        "addresses": place.get("physical_addresses"),
        "accessibility": place.get("accessibility_for_disabilities"),
    }


def _dicts(value: Any) -> list[Raw]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
