"""What people see when something is refused, not there, too big or broken.

The pages for what goes wrong before Kith knows who is asking, and for what breaks, need no
database: it may be the database that is broken.
"""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from kith.ui.sending import can_send_again, send_again

LARGEST = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // (1024 * 1024)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, or 413 when too much was sent."""
    if isinstance(exception, RequestDataTooBig):
        return too_big(request)
    return _bare(
        400,
        "That did not arrive in one piece",
        ["What your browser sent could not be read. Go back, and try again."],
    )


def too_big(request: HttpRequest) -> HttpResponse:
    """413: more was sent than Kith takes at once."""
    return _bare(
        413,
        "That is too much at once",
        [
            f"What you sent is larger than {LARGEST} megabytes, so nothing of it was kept.",
            "Go back, take out or shrink the largest file, or send files one by one.",
        ],
    )


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: the reason is the one that the permission gives."""
    reason = str(exception or "") or "Your account does not allow it."
    lines = [reason, "If you think that you should, ask your manager or your administrator."]
    return _page(request, 403, "You cannot do that", lines)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: not there, or not for this person; the answer is the same."""
    lines = [
        "If you typed the address, check it. If you followed a link, it may be old.",
        "It may also be about somebody that your team does not work with.",
    ]
    return _page(request, 404, "There is nothing here for you to see", lines)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form whose proof of coming from this website is missing or old.

    What was typed on a page of ours, before signing in again, can be sent once more.
    """
    if hasattr(request, "user") and can_send_again(request):
        lines = ["You have signed in again since you opened it. What you typed is still here."]
        return send_again(request, "This page has been open too long", lines, status=403)
    return _bare(
        403,
        "This page has been open too long",
        [
            "Nothing was saved. Your browser no longer holds what proves that the form is ours.",
            "Go back, copy what you typed, load the page again and send it once more. "
            "If it happens again, let your browser keep this website’s cookies.",
        ],
    )


def broken(request: HttpRequest) -> HttpResponse:
    """500: says sorry, and needs nothing."""
    return _bare(500)


def _page(request: HttpRequest, status: int, title: str, lines: list[str]) -> HttpResponse:
    if not hasattr(request, "user"):
        return _bare(status, title, lines)
    context = {"title": title, "lines": lines}
    return render(request, "web/problem.html", context, status=status)


def _bare(status: int, title: str = "", lines: list[str] | None = None) -> HttpResponse:
    context = {"county": settings.KITH_COUNTY, "title": title, "lines": lines}
    return HttpResponse(render_to_string("500.html", context), status=status)
