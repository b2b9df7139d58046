"""Signing out takes with it what was kept in the browser."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse


class WipeOnSignOut:
    """Tell the browser, with the answer to signing out, to throw away what the page that works
    offline has kept. Works without scripts; the page itself warns of what is not sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and request.path == reverse("account_logout"):
            response["Clear-Site-Data"] = '"storage"'
        return response
