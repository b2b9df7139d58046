"""Whether Kith can do its work, for whatever watches it."""

from collections.abc import Callable

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.utils.cache import add_never_cache_headers

ADDRESS = "/health"


def health(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database answers, 503 when it does not."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except Error:
        # Django's own log says in one line that the service was not available.
        answer = JsonResponse({"status": "the database does not answer"}, status=503)
    else:
        answer = JsonResponse({"status": "ok"})
    add_never_cache_headers(answer)
    return answer


class Health:
    """Answer `/health` before anything that asks the database: who is signed in, for one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return health(request) if request.path == ADDRESS else self.get_response(request)
