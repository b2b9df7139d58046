"""Our own validator of Open Referral UK feeds: what the standard asks, and what most feeds get wrong.

Facts of HSDS-UK 3.0 (openreferraluk.org/specifications/3.0): endpoints, required fields, formats. It
checks the envelope that the official list schemas do not ask for, and that filters really filter.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

Answer = tuple[int, Mapping[str, str], Any]
Ask = Callable[[str, dict[str, str]], Answer]
ENVELOPE = {
    "total_items": int, "total_pages": int, "page_number": int, "size": int, "first_page": bool,
    "last_page": bool, "empty": bool, "contents": list,
}  # fmt: skip
REQUIRED = {
    "service": "id name status",
    "organization": "id name description",
    "location": "id location_type",
    "address": "id address_1 city state_province postal_code country address_type",
    "service_at_location": "id",
    "schedule": "id",
    "taxonomy": "id name description",
    "taxonomy_term": "id name description",
    "attribute": "id",
    "phone": "id number",
    "organization_identifier": "id identifier_type identifier",
    "cost_option": "id", "language": "id", "service_area": "id", "accessibility": "id", "funding": "id",
    "capacitie": "id unit available updated",
}  # fmt: skip
NESTED = {
    "addresses": "address", "schedules": "schedule", "attributes": "attribute", "phones": "phone",
    "service_at_locations": "service_at_location", "organization_identifiers": "organization_identifier",
    "cost_options": "cost_option", "languages": "language", "service_areas": "service_area",
    "accessibility": "accessibility", "funding": "funding", "taxonomy_terms": "taxonomy_term",
    "services": "service", "capacities": "capacitie",
}  # fmt: skip
ONE = {
    "organization": "organization",
    "location": "location",
    "service": "service",
    "taxonomy_term": "taxonomy_term",
}
ENUMS = {
    "status": {"active", "inactive", "defunct", "temporarily closed"},
    "location_type": {"physical", "postal", "virtual"},
    "address_type": {"physical", "postal", "virtual"},
    "freq": {"WEEKLY", "MONTHLY"},
}
URIS = {"url", "website", "uri", "term_uri", "profile", "openapi_url", "schedule_link"}
EMAILS = {"email", "assurer_email"}
DAYS = {"assured_date", "valid_from", "valid_to", "dtstart"}
NUMBERS = {"minimum_age", "maximum_age", "latitude", "longitude", "amount", "interval"}
MOMENT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$")
LISTS = {
    "services": "service",
    "service_at_locations": "service_at_location",
    "organizations": "organization",
    "taxonomies": "taxonomy",
    "taxonomy_terms": "taxonomy_term",
}


@dataclass(frozen=True)
class Fault:
    """What is wrong, where, and how much it matters: 1 fails the feed."""

    level: int
    where: str
    words: str


def validate(ask: Ask) -> list[Fault]:
    """Return everything that is wrong with a feed."""
    return list(_basic(ask)) + list(_extended(ask)) + list(_obeys(ask))


def _basic(ask: Ask) -> Iterator[Fault]:
    status, headers, body = ask("/", {})
    if status != 200 or not isinstance(body, dict):
        yield Fault(1, "/", "does not answer")
        return
    if body.get("version") != "HSDS-UK-3.0":
        yield Fault(1, "/", "version is not HSDS-UK-3.0")
    yield from _formats("/", body)
    for key in ("profile", "openapi_url"):
        if key not in body:
            yield Fault(1, "/", f"{key} is missing")
    if headers.get("Access-Control-Allow-Origin") != "*":
        yield Fault(2, "/", "other websites cannot read it")
    if ask("", {})[0] != 200:
        yield Fault(1, "/", "does not answer without the final slash")
    yield from _list(ask, "services", 1)


def _extended(ask: Ask) -> Iterator[Fault]:
    for name in ("taxonomies", "taxonomy_terms", "organizations", "service_at_locations"):
        yield from _list(ask, name, 2)
        if ask(f"/{name}", {})[2].get("empty", True):
            yield Fault(2, f"/{name}", "is empty")


def _list(ask: Ask, name: str, level: int) -> Iterator[Fault]:
    where = f"/{name}"
    status, headers, body = ask(where, {})
    if status != 200 or not isinstance(body, dict):
        yield Fault(level, where, f"answers {status}")
        return
    faults = [Fault(level, where, words) for words in _envelope(body)]
    yield from faults
    if faults:
        return
    if headers.get("Access-Control-Allow-Origin") != "*":
        yield Fault(2, where, "other websites cannot read it")
    total, seen = body["total_items"], []
    size = max(1, -(-total // 3))
    pages = max(1, -(-total // size))
    for spelling in ("perPage", "per_page"):
        for page in range(1, pages + 1):
            _, _, part = ask(where, {spelling: str(size), "page": str(page)})
            if words := next(_envelope(part), ""):
                yield Fault(level, where, words)
                continue
            if part["total_items"] != total:
                yield Fault(level, where, "total_items changes from page to page")
            expected = size if page < pages else total - size * (pages - 1)
            if part["size"] != len(part["contents"]) or part["size"] != min(expected, 500):
                yield Fault(level, where, f"{spelling} is not obeyed")
            if part["first_page"] != (page == 1) or part["last_page"] != (page == pages):
                yield Fault(level, where, "first_page or last_page is wrong")
            if spelling == "perPage":
                seen += [one.get("id") for one in part["contents"] if isinstance(one, dict)]
    if len(seen) != len(set(seen)):
        yield Fault(level, where, "the same id stands on two pages")
    beyond = ask(where, {"page": "99999"})
    if beyond[0] != 200 or not beyond[2].get("empty"):
        yield Fault(2, where, "a page beyond the end is no empty page")
    kind = LISTS[name]
    for one in body["contents"][:25]:
        yield from _record(where, kind, one, level)
    for uid in seen[:10]:
        status, _, one = ask(f"{where}/{uid}", {})
        if status != 200 or not isinstance(one, dict) or one.get("id") != uid:
            yield Fault(level, f"{where}/{{id}}", f"answers {status} to an id of its own")
        else:
            yield from _record(f"{where}/{{id}}", kind, one, level)
    lines = ask(where, {"format": "ndjson"})[2]
    told = [json.loads(line) for line in lines.splitlines()] if isinstance(lines, str) else []
    if len(told) != total:
        yield Fault(2, where, "ndjson does not tell all of them")
    status, headers, _ = ask(f"{where}/00000000-0000-4000-8000-000000000000", {})
    if status != 404 or "json" not in headers.get("Content-Type", ""):
        yield Fault(2, f"{where}/{{id}}", "an unknown id is not answered with 404 in JSON")


def _envelope(body: Any) -> Iterator[str]:
    if not isinstance(body, dict):
        yield "is no object"
        return
    for key, kind in ENVELOPE.items():
        value = body.get(key)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            yield f"{key} is missing or of the wrong type"
            return
    if body["empty"] != (not body["contents"]):
        yield "empty is wrong"


def _record(where: str, kind: str, one: Any, level: int) -> Iterator[Fault]:
    if not isinstance(one, dict):
        yield Fault(level, where, f"{kind} is no object")
        return
    for key in REQUIRED[kind].split():
        if one.get(key) in (None, ""):
            yield Fault(level, where, f"{kind}.{key} is missing")
    yield from _formats(where, one, kind, level)
    for key, value in one.items():
        if key in NESTED and isinstance(value, list):
            for part in value:
                yield from _record(where, NESTED[key], part, level)
        elif key in ONE and isinstance(value, dict):
            yield from _record(where, ONE[key], value, level)


def _formats(
    where: str, one: dict[str, Any], kind: str = "root", level: int = 1
) -> Iterator[Fault]:
    def wrong(key: str, words: str) -> Fault:
        return Fault(level, where, f"{kind}.{key} {words}")

    for key, value in one.items():
        if value is None or value in ("", [], {}):
            yield wrong(key, "has no value: it should be left out")
        elif key == "id" or key.endswith("_id"):
            try:
                UUID(str(value))
            except ValueError:
                yield wrong(key, "is no uuid")
        elif key in ENUMS and value not in ENUMS[key]:
            yield wrong(key, f"is {value!r}")
        elif key in URIS and not re.match(r"^https?://[^\s/]+", str(value)):
            yield wrong(key, "is no address")
        elif key in EMAILS and not re.match(r"^[^@\s]+@[^@\s]+\.[^@\s]+$", str(value)):
            yield wrong(key, "is no e-mail address")
        elif key in DAYS and not re.match(r"^\d{4}-\d\d-\d\d$", str(value)):
            yield wrong(key, "is no day")
        elif key in NUMBERS and (isinstance(value, bool) or not isinstance(value, int | float)):
            yield wrong(key, "is no number")
        elif key in ("last_modified", "updated") and not MOMENT.match(str(value)):
            yield wrong(key, "is no moment with its offset")
        elif key in ("opens_at", "closes_at") and not re.match(
            r"^([01]\d|2[0-3]):[0-5]\d", str(value)
        ):
            yield wrong(key, "is no time of day")
        elif key == "byday" and not re.match(r"^(-?\d?(MO|TU|WE|TH|FR|SA|SU))(,|$)", str(value)):
            yield wrong(key, "is no day of a rule")
        elif key == "description" and re.search(r"<[a-z]+[ >]", str(value)):
            yield wrong(key, "has HTML in it")
    for low, high in (("minimum_age", "maximum_age"),):
        if (
            isinstance(one.get(low), int | float)
            and isinstance(one.get(high), int | float)
            and one[low] > one[high]
        ):
            yield wrong(low, "is above the highest age")


def _obeys(ask: Ask) -> Iterator[Fault]:
    """Check that what is asked is filtered, with searches made of the feed's own records."""
    records = [
        ask(f"/services/{one['id']}", {})[2]
        for one in ask("/services", {})[2].get("contents", [])[:8]
        if isinstance(one, dict)
    ]
    records = [one for one in records if isinstance(one, dict) and one.get("id")]

    def found(path: str = "/services", **parameters: str) -> set[str]:
        body = ask(path, {**parameters, "per_page": "500"})[2]
        return (
            {one["id"] for one in body["contents"]}
            if isinstance(body, dict) and "contents" in body
            else set()
        )

    def wrong(words: str) -> Fault:
        return Fault(3, "/services", words)

    everything = found()
    for one in records:
        word = max(re.findall(r"[A-Za-z]{4,}", one.get("name", "")) or [""], key=len)
        if word and one["id"] not in found(search=word):
            yield wrong("a search for a word of a name does not find it")
        for attribute in one.get("attributes", [])[:1]:
            those = found(taxonomy_term_id=attribute["taxonomy_term"]["id"])
            if one["id"] not in those or those == everything:
                yield wrong("taxonomy_term_id does not filter")
        organization = one.get("organization", {}).get("id", "")
        if organization:
            those = found(organization_id=organization)
            if one["id"] not in those or those == everything:
                yield wrong("organization_id does not filter")
        if one["id"] not in found(modified_after=one.get("last_modified", "")):
            yield wrong("modified_after leaves out what changed at that moment")
    if found(search="zzqxwv"):
        yield wrong("search does not filter")
    if found(modified_after="2999-01-01"):
        yield wrong("modified_after does not filter")
    if ask("/services", {"modified_after": "yesterday"})[0] != 400:
        yield wrong("a date that is none is not refused")
    minimal = ask("/services", {"minimal": "true"})[2]
    if {frozenset(one) for one in minimal.get("contents", [])} - {
        frozenset({"id", "last_modified"})
    }:
        yield wrong("minimal tells more than the id and the date")
    stale = [one for one in records if str(one.get("assured_date", "")) < "2026"]
    if records and len(stale) * 2 > len(records):
        yield wrong("most is assured long ago or never")
