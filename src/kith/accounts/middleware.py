"""One request, one transaction, one viewer."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from kith.accounts.sign_in import needs_second_factor
from kith.accounts.viewer import see_as
from kith.audit.lists import as_of

type_response = Callable[[HttpRequest], HttpResponse]
HAS_FACTOR = "second_factor"
FACTOR_PAGES = "/accounts/2fa/"


class ViewerMiddleware:
    """Run each request in a transaction that works for the person who is signed in.

    An answer of 500 or more undoes everything the request had written.
    """

    def __init__(self, get_response: type_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Only what shows, and stands in no other transaction, may use what others were answered.
        only_shows = request.method in ("GET", "HEAD") and not connection.in_atomic_block
        with transaction.atomic():
            version = see_as(request.user if request.user.is_authenticated else None)
            with as_of(version if only_shows else None):
                response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response


class SecondFactorMiddleware:
    """Send staff who have no second factor yet to set one up, before anything else.

    Whoever has one was asked for it by allauth when they signed in.
    """

    # Where one is set up, signed out or helped; and the header's own links.
    ALLOWED = ("/accounts/", "/static/", "/health", "/look.css")

    def __init__(self, get_response: type_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(FACTOR_PAGES) and request.method == "POST":
            # It may have been taken away: look again at the next page.
            request.session.pop(HAS_FACTOR, None)
        elif (
            request.user.is_authenticated
            and not request.path.startswith(self.ALLOWED)
            and not request.session.get(HAS_FACTOR)
            and needs_second_factor(request.user)
        ):
            if not is_mfa_enabled(request.user):
                messages.info(request, "Before you go on, add a second step to signing in.")
                return redirect("mfa_index")
            request.session[HAS_FACTOR] = True
        return self.get_response(request)
