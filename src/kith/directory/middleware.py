"""Other directories read the open feed from end to end, every night and by many: what it was asked
before is answered from memory, before any other work, until something in the lists changes."""

from collections import OrderedDict
from collections.abc import Callable

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from kith.audit.lists import VERSION
from kith.directory.api import PREFIX, is_known

# What makes an answer that is not worth keeping, or tells what somebody looks for, is not here.
KEPT = frozenset(
    [
        "page",
        "per_page",
        "perPage",
        "full",
        "full_service",
        "minimal",
        "format",
        "taxonomy_id",
        "taxonomy_term_id",
        "organization_id",
        "parent_id",
        "top_only",
    ]
)
LISTS = ("services", "service_at_locations", "organizations", "taxonomies", "taxonomy_terms")
MOST_BYTES = 16_000_000  # for each process
LARGEST = 2_000_000

Key = tuple[str, str]


class FeedAsAnswered:
    """Answer a page of the feed as it was answered before, where the lists are the same since."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._answers: OrderedDict[Key, tuple[str, bytes, dict[str, str]]] = OrderedDict()
        self._bytes = 0

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Within a transaction one may see changes that nobody else sees yet.
        if connection.in_atomic_block or not _may_be_kept(request):
            return self.get_response(request)
        key = (request.get_host(), request.get_full_path())
        with connection.cursor() as cursor:
            cursor.execute(f"select {VERSION}")
            version = f"{cursor.fetchone()[0]} {timezone.localdate()}"
        known = self._answers.get(key)
        if known and known[0] == version:
            return _again(request, *known[1:])
        answer = self.get_response(request)
        if answer.status_code == 200 and not answer.streaming and not answer.cookies:
            self._keep(key, version, answer)
        return answer

    def _keep(self, key: Key, version: str, answer: HttpResponse) -> None:
        body = answer.content
        if len(body) > LARGEST:
            return
        if before := self._answers.pop(key, None):
            self._bytes -= len(before[1])
        self._answers[key] = (version, body, dict(answer.headers))
        self._bytes += len(body)
        while self._bytes > MOST_BYTES:
            _, (_, oldest, _) = self._answers.popitem(last=False)
            self._bytes -= len(oldest)


def _may_be_kept(request: HttpRequest) -> bool:
    start = f"/{PREFIX}/"
    return (
        request.method == "GET"
        and request.path_info.startswith(start)
        and request.path_info[len(start) :].split("/")[0] in LISTS
        and KEPT.issuperset(request.GET)
    )


def _again(request: HttpRequest, body: bytes, headers: dict[str, str]) -> HttpResponse:
    fresh = is_known(request, headers["ETag"])
    answer = HttpResponse(b"" if fresh else body, status=304 if fresh else 200)
    for name, value in headers.items():
        answer[name] = "0" if fresh and name == "Content-Length" else value
    return answer
