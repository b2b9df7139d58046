"""What was published, as OParl 1.1 JSON."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from kith.analytics.oparl.types import VERSION
from kith.scrutiny.oparl import A_PAGE, Asked, OParl, kinds
from kith.ui.queries import county_look

FILTERS = ("created_since", "created_until", "modified_since", "modified_until")


def _for_all(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let pages of other sites read the answer: all of it is public."""

    @wraps(view)
    def answered(*args: Any, **named: Any) -> HttpResponse:
        answer = view(*args, **named)
        answer["Access-Control-Allow-Origin"] = "*"
        return answer

    return answered


def _error(message: str, status: int) -> JsonResponse:
    told = {"type": f"{VERSION}Error", "message": message, "debug": message}
    return JsonResponse(told, status=status)


def _council(request: HttpRequest) -> OParl:
    def file_at(name: str, uid: object) -> str:
        return request.build_absolute_uri(reverse(f"meetings:{name}", args=[uid]))

    return OParl(
        request.build_absolute_uri(reverse("oparl:system")), county_look().county_name, file_at
    )


@require_safe
@_for_all
def system(request: HttpRequest) -> HttpResponse:
    """Lead to the entry, at the address that it has as an object."""
    return redirect("oparl:object", "system", "1")


@require_safe
@_for_all
def bodies(request: HttpRequest) -> HttpResponse:
    """Return the one council there is."""
    return _page(request, [_council(request).body()], 1, 1)


@require_safe
@_for_all
def one(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Return an object."""
    found = _council(request).one(kind, key)
    if found is None:
        return _error("There is no such object here.", 404)
    return JsonResponse(found)


@require_safe
@_for_all
def missing(request: HttpRequest, rest: str) -> HttpResponse:
    """Say that there is nothing at an address, as OParl says it."""
    return _error("There is nothing at this address.", 404)


@require_safe
@_for_all
def listed(request: HttpRequest, kind: str) -> HttpResponse:
    """Return a page of a list, as far as the filters ask for it."""
    if kind not in set(kinds()):
        return _error("There is no such list here.", 404)
    try:
        asked = Asked(**{name: _moment(request, name) for name in FILTERS})
        page = int(request.GET.get("page", "1"))
    except ValueError as problem:
        return _error(str(problem), 400)
    if page < 1:
        return _error("Pages are counted from 1.", 400)
    found, total = _council(request).listed(kind, asked, min(page, 10**6))
    return _page(request, found, total, page)


def _moment(request: HttpRequest, name: str) -> datetime | None:
    text = request.GET.get(name, "")
    if not text:
        return None
    # A plus sign that was not written as %2B arrives as a space.
    try:
        found = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        raise ValueError(f"{name} is no moment. Write it as 2012-09-26T10:00:00+01:00.") from None
    return found if found.tzinfo else timezone.make_aware(found)


def _page(request: HttpRequest, found: list[Any], total: int, page: int) -> JsonResponse:
    pages = max(1, -(-total // A_PAGE))
    kept = {name: request.GET[name] for name in (*FILTERS, "omit_internal") if name in request.GET}

    def at(number: int) -> str:
        query = {**kept, **({"page": number} if number > 1 else {})}
        asked = f"?{urlencode(query)}" if query else ""
        return request.build_absolute_uri(request.path + asked)

    links = {"first": at(1), "self": at(page), "last": at(pages)}
    links |= {"prev": at(page - 1)} if page > 1 else {}
    links |= {"next": at(page + 1)} if page < pages else {}
    return JsonResponse(
        {
            "data": found,
            "pagination": {
                "totalElements": total,
                "elementsPerPage": A_PAGE,
                "currentPage": page,
                "totalPages": pages,
            },
            "links": links,
        }
    )
