"""Whose word is taken about where a visitor comes from and whether they came over TLS."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST")


class TrustedProxies:
    """Forget what anybody but our own proxies says in `X-Forwarded-…`.

    Lock-outs and limits count by the visitor's address, and secure cookies go by TLS: whoever
    reaches the web server past the proxy must not be able to choose either. First of all
    middleware, so that nothing has read the headers yet.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.META.get("REMOTE_ADDR", "") not in settings.KITH_PROXY_ADDRESSES:
            for name in FORWARDED:
                request.META.pop(name, None)
        return self.get_response(request)
