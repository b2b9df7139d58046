"""What was typed goes with the answer that refuses it, so that it can be sent once more."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

# Never put into a page again.
SECRET = ("password", "code", "token")

SHOWN = ("application/pdf", "text/plain", "image/png", "image/jpeg")  # may open in the browser


def can_send_again(request: HttpRequest) -> bool:
    """Say whether a form came from one of our own pages, and holds nothing but text and no secret.

    The browser says where a form came from (`Origin`); another website's is not shown again.
    """
    origin = urlsplit(request.headers.get("Origin", ""))
    return (
        request.method == "POST"
        and origin.netloc == request.get_host()
        and not request.FILES
        and not any(
            word in name.lower()
            for name in request.POST
            if name != "csrfmiddlewaretoken"
            for word in SECRET
        )
    )


def send_again(
    request: HttpRequest, title: str, lines: list[str], *, status: int, sign_in: bool = False
) -> HttpResponse:
    """Answer with a page that holds what was typed, and a button that sends it again."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]
    context = {"title": title, "lines": lines, "fields": fields, "sign_in": sign_in}
    return render(request, "ui/send_again.html", context, status=status)


def as_file(content: bytes, name: str, content_type: str, *, shown: bool = False) -> HttpResponse:
    """Answer with a file to keep: never shown inside our own pages, whatever it holds.

    With `shown` a PDF, picture or text opens in the browser, in a page of its own.
    """
    shown = shown and content_type in SHOWN
    if content_type == "text/plain":
        content_type = "text/plain; charset=utf-8"
    response = HttpResponse(content, content_type=content_type)
    ascii_name = name.encode("ascii", "ignore").decode().replace('"', "") or "file"
    how = "inline" if shown else "attachment"
    response["Content-Disposition"] = f'{how}; filename="{ascii_name}"'
    response["X-Content-Type-Options"] = "nosniff"
    # A browser's own reader of PDF does not start in a sandbox. Of what is kept, nothing starts.
    if not (shown and content_type == "application/pdf"):
        response["Content-Security-Policy"] = "sandbox"
    return response
