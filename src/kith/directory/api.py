"""The directory's open feed: `/api/oruk/v3`, described at its own `openapi.json`.

Anonymous, readable from any website, and obedient: what is asked for is filtered, and what cannot be
read is answered with 400 and what to write. Takes the parameters of 2026, 2024 and UK 1.0.
"""

import contextlib
import functools
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db.models import Q, QuerySet
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponsePermanentRedirect,
    QueryDict,
    StreamingHttpResponse,
)
from django.http.multipartparser import MultiPartParserError
from django.urls import URLPattern, re_path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from kith.directory import finding, openapi, oruk, queries
from kith.directory.feed_filters import (
    Parameters,
    Wrong,
    chosen,
    lists_called,
    narrowed,
    near,
    with_service,
)
from kith.hubs.queries import all_hubs

PREFIX = "api/oruk/v3"
A_PAGE, MOST_A_PAGE = 50, 500
LONGEST_BODY = 64 * 1024
View = Callable[..., HttpResponseBase]


def _given(request: HttpRequest) -> QueryDict:
    given = request.GET.copy()
    if request.method != "POST":
        return given
    if len(request.body) > LONGEST_BODY:
        raise Wrong("What was sent is too long.")
    if request.content_type == "application/json":
        try:
            sent = json.loads(request.body or b"{}")
        except ValueError:
            raise Wrong("What was sent is not JSON.") from None
        if not isinstance(sent, dict):
            raise Wrong("Send an object with the parameters as its keys.")
        for name, value in sent.items():
            values = value if isinstance(value, list) else [value]
            given.setlist(
                name, [str(one).lower() if isinstance(one, bool) else str(one) for one in values]
            )
    else:
        for name, found in request.POST.lists():
            given.setlist(name, found)
    return given


def answers(*methods: str) -> Callable[[View], View]:
    """Let a view answer some methods, for any website, and say in JSON what is wrong."""

    def decorate(view: View) -> View:
        @csrf_exempt
        @functools.wraps(view)
        def asked(request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
            if request.method == "OPTIONS":
                answer: HttpResponseBase = HttpResponse(status=204)
            elif request.method not in (*methods, "HEAD"):
                answer = problem(405, f"Ask with {' or '.join(methods)}.")
                answer["Allow"] = ", ".join((*methods, "HEAD", "OPTIONS"))
            else:
                try:
                    answer = view(request, *args, **named)
                except Wrong as wrong:
                    answer = problem(400, str(wrong))
                except MultiPartParserError:
                    answer = problem(400, "What was sent cannot be read. Send JSON or a form.")
                except RequestDataTooBig:
                    answer = problem(413, "What was sent is too long.")
            answer["Access-Control-Allow-Origin"] = "*"
            answer["Access-Control-Allow-Methods"] = ", ".join((*methods, "HEAD", "OPTIONS"))
            answer["Access-Control-Allow-Headers"] = "Content-Type, If-None-Match"
            answer["Access-Control-Expose-Headers"] = "ETag, Last-Modified"
            return answer

        asked.csrf_exempt = True  # type: ignore[attr-defined]
        return asked

    return decorate


def problem(status: int, words: str) -> HttpResponse:
    """Return what is wrong as a problem detail (RFC 9457)."""
    body = json.dumps({"type": "about:blank", "status": status, "detail": words})
    return HttpResponse(body, status=status, content_type="application/problem+json")


def _json(request: HttpRequest, record: Any, *, modified: datetime | None = None) -> HttpResponse:
    """Return JSON with its tag; 304 where whoever asks has it already."""
    body = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()
    tag = f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    fresh = request.method in ("GET", "HEAD") and is_known(request, tag)
    answer = HttpResponse(
        b"" if fresh else body, content_type="application/json", status=304 if fresh else 200
    )
    answer["ETag"] = tag
    answer["Cache-Control"] = "public, max-age=0, must-revalidate"
    return answer


def is_known(request: HttpRequest, tag: str) -> bool:
    """Say whether whoever asks has the answer with this tag already."""
    known = {part.strip() for part in request.headers.get("If-None-Match", "").split(",")}
    return tag in known or "*" in known


def _listed(
    request: HttpRequest,
    asked: Parameters,
    rows: QuerySet[Any] | list[Any],
    record: Callable[[Any], Any],
    gathered: Callable[[QuerySet[Any]], QuerySet[Any]] | None = None,
) -> HttpResponseBase:
    """Return a page of records with the standard's keys, or all of them line by line."""
    form = asked.text("format").lower()
    if form not in ("", "json", "ndjson"):
        raise Wrong("format must be json or ndjson.")
    if form == "ndjson":
        found = gathered(rows) if gathered and not isinstance(rows, list) else rows
        lines = found if isinstance(found, list) else found.iterator(chunk_size=100)
        answer = StreamingHttpResponse(
            _lines(record(one) for one in lines), content_type="application/x-ndjson"
        )
        answer["Cache-Control"] = "no-store"
        return answer
    most = 10**6 if asked.yes("minimal") and not asked.text("per_page", "perPage") else None
    size = most or _clamped(asked.number("per_page", "perPage"), A_PAGE, MOST_A_PAGE)
    number = _clamped(asked.number("page"), 1, 10**6)
    total = len(rows) if isinstance(rows, list) else rows.count()
    pages = max(1, -(-total // size))
    part = rows[(number - 1) * size : number * size]
    if gathered and not isinstance(part, list):
        part = gathered(part)
    contents = [record(one) for one in part]
    return _json(
        request,
        {
            "total_items": total,
            "total_pages": pages,
            "page_number": number,
            "size": len(contents),
            "first_page": number == 1,
            "last_page": number == pages,
            "empty": not contents,
            "contents": contents,
        },
    )


def _lines(records: Iterable[Any]) -> Iterator[bytes]:
    for record in records:
        yield json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _clamped(number: float | None, usual: int, most: int) -> int:
    return usual if number is None else int(min(max(number, 1), most))


def _one(
    request: HttpRequest, rows: QuerySet[Any], uid: str, record: Callable[[Any], Any]
) -> HttpResponse:
    try:
        found = rows.filter(uid=UUID(uid)).first()
    except ValueError:
        found = None
    if found is None:
        return problem(404, "There is nothing with this id.")
    return _json(request, record(found))


# Endpoints


@answers("GET")
def root(request: HttpRequest) -> HttpResponse:
    """Say which version of the standard this is, and where it is described."""
    return _json(
        request,
        {
            "version": oruk.VERSION,
            "profile": oruk.PROFILE,
            "openapi_url": f"{settings.KITH_ADDRESS}/{PREFIX}/openapi.json",
        },
    )


@answers("GET")
def description(request: HttpRequest) -> HttpResponse:
    """Describe the feed in OpenAPI 3.1."""
    return _json(request, openapi.description(f"{settings.KITH_ADDRESS}/{PREFIX}"))


@answers("GET", "POST")
def services(request: HttpRequest) -> HttpResponseBase:
    """List services."""
    asked = Parameters(_given(request))
    found = narrowed(asked, oruk.told()).order_by("pk")
    if asked.yes("minimal"):
        brief = found.values_list("uid", "modified_at")
        return _listed(
            request, asked, brief,  # type: ignore[arg-type]
            lambda row: {"id": str(row[0]), "last_modified": oruk.moment(row[1])},
        )  # fmt: skip
    full = asked.yes("full")
    return _listed(
        request, asked, found.select_related("provider__parent"),
        lambda one: oruk.service(one, full=full), oruk.with_all if full else None,
    )  # fmt: skip


@answers("GET")
def service(request: HttpRequest, uid: str) -> HttpResponse:
    """Show a service with all that belongs to it."""
    with contextlib.suppress(ValueError):
        if instead := queries.told_by(UUID(uid)):
            # It stood twice: whoever has kept its id goes on with the one that stays.
            address = f"{settings.KITH_ADDRESS}/{PREFIX}/services/{instead}"
            return HttpResponsePermanentRedirect(address)
    return _one(request, oruk.with_all(oruk.told()), uid, lambda one: oruk.service(one, full=True))


@answers("GET", "POST")
def service_at_locations(request: HttpRequest) -> HttpResponseBase:
    """List services at places."""
    asked = Parameters(_given(request))
    found = oruk.held().filter(service__in=narrowed(asked, oruk.told(), place=False))
    if spot := near(asked):
        found = found.filter(finding.within(*spot))
    full = asked.yes("full")
    return _listed(
        request, asked, found.order_by("pk"),
        lambda one: oruk.service_at_location(one, full=full), with_service if full else None,
    )  # fmt: skip


@answers("GET")
def service_at_location(request: HttpRequest, uid: str) -> HttpResponse:
    """Show a service at a place."""
    rows = with_service(oruk.held())
    return _one(request, rows, uid, lambda one: oruk.service_at_location(one, full=True))


@answers("GET", "POST")
def organizations(request: HttpRequest) -> HttpResponseBase:
    """List those who give services."""
    asked = Parameters(_given(request))
    found = oruk.providers().order_by("pk")
    for word in asked.text("search", "text").split()[:12]:
        found = found.filter(Q(name__icontains=word) | Q(description__icontains=word))
    wanted = chosen(asked)
    if wanted is not None:
        found = found.filter(services__in=oruk.told().filter(tags__term__in=wanted))
    if not (asked.yes("full") or asked.yes("full_service")):
        return _listed(request, asked, found, oruk.organization)
    return _listed(
        request, asked, found,
        lambda one: oruk.organization(one, services=oruk.told().filter(provider=one).order_by("pk")),
    )  # fmt: skip


@answers("GET")
def organization(request: HttpRequest, uid: str) -> HttpResponse:
    """Show somebody who gives services, with the services."""
    return _one(
        request, oruk.providers(), uid,
        lambda one: oruk.organization(one, services=oruk.told().filter(provider=one).order_by("pk")),
    )  # fmt: skip


@answers("GET", "POST")
def taxonomies(request: HttpRequest) -> HttpResponseBase:
    """List the lists that services are sorted by."""
    asked = Parameters(_given(request))
    words = asked.text("search", "text").lower().split()
    found = [
        oruk.taxonomy(code)
        for code in oruk.TAXONOMIES
        if oruk.terms().filter(taxonomy=code).exists()
    ]
    found = [
        one
        for one in found
        if all(word in f"{one['name']} {one['description']}".lower() for word in words)
    ]
    return _listed(request, asked, found, lambda one: one)


@answers("GET")
def taxonomy(request: HttpRequest, uid: str) -> HttpResponse:
    """Show a list with its terms."""
    code = next(
        (code for code in oruk.TAXONOMIES if str(oruk.taxonomy_id(code)) == uid.lower()), None
    )
    if code is None:
        return problem(404, "There is nothing with this id.")
    return _json(request, oruk.taxonomy(code, oruk.terms().filter(taxonomy=code)))


@answers("GET", "POST")
def taxonomy_terms(request: HttpRequest) -> HttpResponseBase:
    """List the terms of the lists."""
    asked = Parameters(_given(request))
    found = oruk.terms()
    for word in asked.text("search", "text").split()[:12]:
        found = found.filter(Q(name__icontains=word) | Q(description__icontains=word))
    if lists := asked.uuids("taxonomy_id"):
        found = found.filter(taxonomy__in=lists_called(lists))
    if parents := asked.uuids("parent_id"):
        found = found.filter(parent__uid__in=parents)
    if asked.yes("top_only"):
        found = found.filter(parent=None)
    return _listed(request, asked, found.order_by("pk"), oruk.term)


@answers("GET")
def taxonomy_term(request: HttpRequest, uid: str) -> HttpResponse:
    """Show a term."""
    return _one(request, oruk.terms(), uid, oruk.term)


@answers("GET")
def hubs(request: HttpRequest) -> HttpResponseBase:
    """List the county's hubs. Not of the standard."""
    found = [
        {
            "id": hub.slug,
            "name": hub.name,
            "kith_address": hub.address,
            "kith_postcode": hub.postcode,
            "latitude": hub.latitude,
            "longitude": hub.longitude,
            "kith_offer_url": f"{settings.KITH_ADDRESS}/offer/{hub.slug}/",
        }
        for hub in all_hubs()
    ]
    return _listed(request, Parameters(_given(request)), found, lambda one: one)


@answers("GET")
def core_offer(request: HttpRequest) -> HttpResponseBase:
    """Show the core offer that is in force, and how each hub stands to it. Not of the standard."""
    offer = queries.offer_in_force(timezone.localdate())
    if offer is None:
        return problem(404, "No core offer is in force yet.")
    standings, every = queries.core_standings(), list(all_hubs())
    items = [
        {
            "kith_code": item.code,
            "name": item.name,
            "description": item.words,
            "kith_who_for": item.who_for,
            "kith_standard": item.standard,
            "kith_hubs": {
                hub.slug: (
                    known.state if (known := standings.get((item.code, hub.pk))) else "not said"
                )
                for hub in every
            },
        }
        for item in offer.items.all()
    ]
    return _json(
        request,
        {
            "kith_version": offer.version,
            "kith_agreed_by": offer.agreed_by,
            "kith_in_force_from": str(offer.in_force_from),
            "contents": items,
        },
    )


@answers("GET")
def not_offered(request: HttpRequest) -> HttpResponseBase:
    """List what is not offered, and what there is instead. Never as a service. Not of the standard."""
    found = [
        {
            "id": str(one.uid),
            "name": one.title,
            "description": one.words,
            **({"kith_hub": one.hub.slug} if one.hub else {}),
            **({"kith_instead": one.instead} if one.instead else {}),
            "kith_services": [str(service.uid) for service in one.services.all()],
        }
        for one in queries.not_offered(timezone.localdate())
    ]
    return _listed(request, Parameters(_given(request)), found, lambda one: one)


@answers("GET", "POST")
def nothing(request: HttpRequest, rest: str) -> HttpResponse:
    """Say that there is no such endpoint."""
    return problem(
        404, f"There is nothing here. See {settings.KITH_ADDRESS}/{PREFIX}/openapi.json."
    )


def _paths() -> list[URLPattern]:
    lists = {
        "services": (services, service),
        "service_at_locations": (service_at_locations, service_at_location),
        "organizations": (organizations, organization),
        "taxonomies": (taxonomies, taxonomy),
        "taxonomy_terms": (taxonomy_terms, taxonomy_term),
    }
    found = [
        re_path(r"^/?$", root, name="root"),
        re_path(r"^/openapi\.json/?$", description, name="openapi"),
        re_path(r"^/hubs/?$", hubs, name="hubs"),
        re_path(r"^/core-offer/?$", core_offer, name="core_offer"),
        re_path(r"^/not-offered/?$", not_offered, name="not_offered"),
    ]
    for name, (many, one) in lists.items():
        found += [
            re_path(rf"^/{name}/?$", many, name=name),
            re_path(rf"^/{name}/(?P<uid>[^/]+)/?$", one, name=f"one_of_{name}"),
        ]
    return [*found, re_path(r"^/(?P<rest>.*)$", nothing, name="nothing")]


app_name = "oruk"
urlpatterns = _paths()
