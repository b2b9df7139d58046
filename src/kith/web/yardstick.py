"""A bare view beside which `bench/` measures the pages, on the same server. Only with KITH_YARDSTICK.

One query by primary key, and its answer as JSON. Asked at `/yardstick` it goes through everything a
page goes through before its own work: session, sign-in, row security's viewer, one transaction. At
`/yardstick/bare` it is answered before all of that: what Django and the database alone cost.
"""

from collections.abc import Callable

from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest, HttpResponse, JsonResponse

ADDRESS = "yardstick"
ROW = 1  # of Django's own list of models: small, and the same everywhere


def yardstick(request: HttpRequest) -> HttpResponse:
    """Answer with one row, found by its primary key."""
    found = ContentType.objects.get(pk=ROW)
    return JsonResponse({"app": found.app_label, "model": found.model})


class BareYardstick:
    """Answer `/yardstick/bare` before any other middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == f"/{ADDRESS}/bare":
            return yardstick(request)
        return self.get_response(request)
