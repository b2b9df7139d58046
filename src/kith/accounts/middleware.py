"""One request, one transaction, one viewer."""

from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kith.accounts.viewer import see_as

type_response = Callable[[HttpRequest], HttpResponse]


class ViewerMiddleware:
    """Run each request in a transaction that works for the person who is signed in.

    An answer of 500 or more undoes everything the request had written.
    """

    def __init__(self, get_response: type_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with transaction.atomic():
            see_as(request.user if request.user.is_authenticated else None)
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response


class SecondFactorMiddleware:
    """Send staff who have no second factor yet to set one up, before anything else."""

    ALLOWED = ("/accounts/", "/static/", "/health")

    def __init__(self, get_response: type_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            settings.KITH_SECOND_FACTOR
            and request.user.is_authenticated
            and not request.path.startswith(self.ALLOWED)
            and not request.session.get("second_factor")
        ):
            from allauth.mfa.utils import is_mfa_enabled

            if not is_mfa_enabled(request.user):
                return redirect(reverse("mfa_index"))
            request.session["second_factor"] = True
        return self.get_response(request)
