"""What the feed says of itself: OpenAPI 3.1."""

from typing import Any

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
UID: Schema = {"type": "string", "format": "uuid"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
DAY: Schema = {"type": "string", "format": "date"}
NUMBER: Schema = {"type": "number"}


def _object(required: str, **fields: Any) -> Schema:
    return {"type": "object", "required": required.split(), "properties": fields}


def _many(name: str) -> Schema:
    return {"type": "array", "items": _ref(name)}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


SCHEMAS: dict[str, Schema] = {
    "api_details": _object(
        "version profile openapi_url",
        version={"const": "HSDS-UK-3.0"},
        profile={"type": "string", "format": "uri"},
        openapi_url={"type": "string", "format": "uri"},
    ),
    "organization": _object(
        "id name description",
        id=UID, name=TEXT, description=TEXT, email=TEXT, website=TEXT, parent_organization_id=UID,
        organization_identifiers={"type": "array", "items": _object("id identifier_type identifier", id=UID)},
        services=_many("service"),
    ),
    "taxonomy": _object("id name description", id=UID, name=TEXT, description=TEXT, taxonomy_terms=_many("taxonomy_term")),
    "taxonomy_term": _object(
        "id name description", id=UID, code=TEXT, name=TEXT, description=TEXT, parent_id=UID, taxonomy=TEXT,
        taxonomy_id=UID, term=TEXT,
    ),
    "schedule": _object(
        "id", id=UID, freq={"enum": ["WEEKLY", "MONTHLY"]}, interval={"type": "integer"}, byday=TEXT, dtstart=DAY,
        valid_from=DAY, valid_to=DAY, opens_at=TEXT, closes_at=TEXT, description=TEXT, notes=TEXT,
    ),
    "location": _object(
        "id location_type", id=UID, location_type={"enum": ["physical", "virtual"]}, name=TEXT, latitude=NUMBER,
        longitude=NUMBER,
        addresses={"type": "array", "items": _object(
            "id address_1 city state_province postal_code country address_type", id=UID)},
        accessibility={"type": "array", "items": _object("id", id=UID)},
    ),
    "service": _object(
        "id last_modified", id=UID, name=TEXT, description=TEXT, last_modified=MOMENT,
        status={"enum": ["active", "temporarily closed", "inactive"]}, minimum_age=NUMBER, maximum_age=NUMBER,
        assured_date=DAY, organization=_ref("organization"), schedules=_many("schedule"),
        service_at_locations=_many("service_at_location"),
        attributes={"type": "array", "items": _object("id taxonomy_term", id=UID, taxonomy_term=_ref("taxonomy_term"))},
    ),
    "service_at_location": _object(
        "id location", id=UID, location=_ref("location"), service=_ref("service"), schedules=_many("schedule")
    ),
    "problem": _object("status detail", type=TEXT, status={"type": "integer"}, detail=TEXT),
}  # fmt: skip
PAGE = "total_items total_pages page_number size first_page last_page empty contents"

_IDS = {"type": "array", "items": UID}
_YES = {"type": "boolean"}
PARAMETERS: dict[str, tuple[Schema, str]] = {
    "search": (TEXT, "Words; all of them must be there, in any form."),
    "text": (TEXT, "As search: its name in UK 1.0."),
    "page": ({"type": "integer", "minimum": 1}, "Which page. Beyond the end: an empty one."),
    "per_page": (
        {"type": "integer", "minimum": 1, "maximum": 500},
        "How many on a page; at most 500.",
    ),
    "perPage": ({"type": "integer", "minimum": 1, "maximum": 500}, "As per_page."),
    "format": (
        {"enum": ["json", "ndjson"]},
        "ndjson: all of them, one on each line, without pages.",
    ),
    "taxonomy_term_id": (_IDS, "Sorted under this term, or one below it."),
    "taxonomy_id": (_IDS, "Sorted under any term of this list."),
    "organization_id": (_IDS, "Given by this organisation."),
    "modified_after": (MOMENT, "Changed at this moment or later, or anything told with it."),
    "minimal": (_YES, "The id and when it changed last, of all on one page."),
    "full": (_YES, "With all that belongs to each."),
    "full_service": (_YES, "With the services of each."),
    "minimum_age": (NUMBER, "Whose own lowest age is at least this."),
    "maximum_age": (NUMBER, "Whose own highest age is at most this."),
    "day": ({"type": "array", "items": TEXT}, "Held on this day of the week."),
    "start_time": (TEXT, "Beginning at this time of day or later."),
    "end_time": (TEXT, "Ending at this time of day or earlier."),
    "postcode": (TEXT, "With proximity: about this postcode. Alone: for people who live there."),
    "proximity": ({"type": "number", "minimum": 0}, "Metres from the postcode, at most 80,000."),
    "coverage": (TEXT, "For people who live at this postcode."),
    "need": ({"type": "array", "items": TEXT}, "Sorted under a term with this code (UK 1.0)."),
    "circumstance": ({"type": "array", "items": TEXT}, "As need (UK 1.0)."),
    "top_only": (_YES, "Only terms with none above them."),
    "parent_id": (_IDS, "Only terms below this one."),
}
_PAGED = "page per_page perPage format"
_SERVICES = (
    f"search text {_PAGED} taxonomy_term_id taxonomy_id organization_id modified_after full minimum_age "
    "maximum_age day start_time end_time postcode proximity coverage need circumstance"
)
LISTS = {
    "services": ("service", f"{_SERVICES} minimal"),
    "service_at_locations": ("service_at_location", _SERVICES),
    "organizations": ("organization", f"search text {_PAGED} full full_service taxonomy_term_id taxonomy_id"),
    "taxonomies": ("taxonomy", f"search text {_PAGED}"),
    "taxonomy_terms": ("taxonomy_term", f"search text {_PAGED} taxonomy_id parent_id top_only"),
}  # fmt: skip


def description(base: str) -> dict[str, Any]:
    """Return the description of the feed at an address."""
    paths: dict[str, Any] = {"/": {"get": _operation("root", "What this is", _ref("api_details"))}}
    for name, (record, parameters) in LISTS.items():
        page = _object(
            PAGE,
            **{
                key: {"type": "integer"}
                for key in ("total_items", "total_pages", "page_number", "size")
            },
            **{key: {"type": "boolean"} for key in ("first_page", "last_page", "empty")},
            contents={"type": "array", "items": _ref(record)},
        )
        asked = [_parameter(one) for one in parameters.split()]
        listed = _operation(f"list_{name}", f"List {name}", page, asked, wrong=True)
        listed["responses"]["200"]["content"]["application/x-ndjson"] = {"schema": TEXT}
        lines = listed["responses"]["200"]["content"]
        by_post = {
            **_operation(f"search_{name}", f"List {name}: as GET, so that words stay out of addresses", page, wrong=True),
            "requestBody": {
                "content": {
                    "application/json": {
                        "schema": {
                            "type": "object",
                            "properties": {one: PARAMETERS[one][0] for one in parameters.split()},
                        }
                    }
                }
            },
        }  # fmt: skip
        by_post["responses"]["200"]["content"] = lines
        paths[f"/{name}"] = {"get": listed, "post": by_post}
        uid = {"name": "id", "in": "path", "required": True, "schema": UID}
        paths[f"/{name}/{{id}}"] = {
            "get": _operation(f"one_of_{name}", f"One of {name}", _ref(record), [uid], missing=True)
        }
    for name in ("hubs", "not-offered", "core-offer"):
        paths[f"/{name}"] = {
            "get": _operation(name.replace("-", "_"), f"{name}: not of the standard", {"type": "object"}, missing=name == "core-offer")
        }  # fmt: skip
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Directory of services for families",
            "version": "3.0",
            "summary": "Open Referral UK (HSDS-UK 3.0), with fields of HSDS 3.1 and of ours (kith_) as extras.",
        },
        "servers": [{"url": base}],
        "paths": paths,
        "components": {"schemas": SCHEMAS},
    }


def _parameter(name: str) -> dict[str, Any]:
    schema, words = PARAMETERS[name]
    found = {"name": name, "in": "query", "description": words, "schema": schema}
    return found | ({"explode": False} if schema.get("type") == "array" else {})


def _operation(
    name: str, words: str, schema: Schema, parameters: list[dict[str, Any]] | None = None, *,
    wrong: bool = False, missing: bool = False,
) -> dict[str, Any]:  # fmt: skip
    told = {"application/problem+json": {"schema": _ref("problem")}}
    responses: dict[str, Any] = {
        "200": {
            "description": "What was asked for",
            "content": {"application/json": {"schema": schema}},
        }
    }
    if wrong:
        responses["400"] = {
            "description": "What cannot be read, and what to write",
            "content": told,
        }
        responses["413"] = {"description": "Too long", "content": told}
    if missing:
        responses["404"] = {"description": "There is nothing with this id", "content": told}
    return {
        "operationId": name,
        "summary": words,
        "parameters": parameters or [],
        "responses": responses,
    }
