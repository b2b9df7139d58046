"""How people sign in: allauth, told Kith's rules. See docs/decisions/0010-sign-in.md."""

from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base.constants import AuthError
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from kith.accounts import actions, queries
from kith.accounts.models import User
from kith.audit.actions import record

COUNCIL = "council sign-on"
WRONG = "Your e-mail address or password is not right. Try again, or ask for a new password."


class People(AuthenticationBackend):
    """Lets people sign in, and never one of Kith's own accounts or a partner system's."""

    def user_can_authenticate(self, user: AbstractBaseUser | None) -> bool:
        return isinstance(user, User) and user.is_active and not user.is_service


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator, never by signing up."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": WRONG,
        "invalid_login": WRONG,
        "incorrect_password": "That is not your password.",
        "enter_current_password": "That is not your password now.",
        "incorrect_code": "That code is not right. Codes change every 30 seconds: enter the newest.",
        "too_many_login_attempts": "That was wrong too many times. Wait five minutes, then try "
        "again, or ask for a new password.",
        "rate_limited": "That was too many times. Wait five minutes, then try again.",
        "account_inactive": "This account has been ended.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            tell_of_wrong(request, _who(request, credentials), "password", locked_out=True)
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        tell_of_wrong(request, _who(request, credentials), "password", locked_out=False)

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        if not People().user_can_authenticate(user):
            # By the council's sign-on or a passkey: a password opens no ended account.
            tell_of_wrong(request, user, "the account is ended", locked_out=False)
            return self.respond_user_inactive(request, user)
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        record("account.signed_in", subject=user, by=user, at=timezone.now())
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask again before how one signs in is changed, unless one has signed in just now."""
        records = get_authentication_records(self.request, self.request.user)
        newest = max((record["at"] for record in records), default=0)
        return bool(timezone.now().timestamp() - newest > app_settings.REAUTHENTICATION_TIMEOUT)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put it in the outbox (`EMAIL_BACKEND`), in the transaction that it belongs to."""
        message = self.render_mail(template_prefix, email, {"settings": settings, **context})
        message.send()

    def format_email_subject(self, subject: str) -> str:
        return subject


def tell_of_wrong(
    request: HttpRequest, person: User | None, step: str, *, locked_out: bool
) -> None:
    """Tell the log that a password, code or passkey was wrong, or wrong too many times."""
    if locked_out:
        actions.tell_of_lock_out(request=request, person=person, at=timezone.now())
    else:
        actions.tell_of_failure(request=request, person=person, step=step, at=timezone.now())


def _who(request: HttpRequest, credentials: dict[str, Any]) -> User | None:
    """Return whose account it is: of whoever is signed in, or of the address that was typed."""
    if isinstance(request.user, User):
        return request.user
    return queries.person_at(credentials.get("email", ""))


class SecondFactorAdapter(DefaultMFAAdapter):
    """Names Kith in authenticator apps, and speaks of codes in plain words."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
    }


class CouncilSignOnAdapter(DefaultSocialAccountAdapter):
    """The council's own sign-on opens accounts that exist, found by address; it makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if not sociallogin.is_existing:
            # Of an address that the council has not confirmed, whose it would be.
            person = queries.person_at(sociallogin.user.email or "")
            tell_of_wrong(request, person, COUNCIL, locked_out=False)

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, **details: Any
    ) -> None:
        if error != AuthError.CANCELLED:
            tell_of_wrong(request, None, COUNCIL, locked_out=False)


def needs_second_factor(user: User) -> bool:
    """Say whether this person must have an authenticator app or a passkey.

    All who see families, manage people or read the log. Partners who only send requests, and
    follow their own, need one where the county says so.
    """
    if not settings.KITH_SECOND_FACTOR:
        return False
    return settings.KITH_SECOND_FACTOR_PARTNERS or bool(user.roles() - {"referrer"})
