"""What is asked before a request's transaction begins."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from kith.referrals.actions.limits import TooMany, count_use_of_key
from kith.referrals.api import PREFIX, too_many


class ApiLimitMiddleware:
    """Count each question of a partner's system, and answer 429 above the limit.

    It stands outside of the transaction of the question, whose row would make every other question
    with the same key wait until it is answered.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(PREFIX):
            kind, _, secret = request.headers.get("Authorization", "").partition(" ")
            if kind.lower() == "bearer" and secret:
                try:
                    count_use_of_key(secret=secret, at=timezone.now())
                except TooMany as too:
                    return too_many(too.seconds)
        return self.get_response(request)
