"""The secrets that a browser holds for somebody without an account, in one signed cookie.

Each opens one thing: an unfinished request by its number, or a sent one by its reference. The
database keeps hashes only, and compares them itself (`kith.link`).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from kith.accounts.actions import hash_of
from kith.accounts.viewer import see_as

if TYPE_CHECKING:
    from kith.accounts.models import User

COOKIE = "kith_requests"
SALT = "kith.referrals.keys"
DAYS = 180
MOST = 10


def secret_of(request: HttpRequest, name: str) -> str:
    """Return the secret this browser holds for something; "" for none."""
    return _secrets(request).get(name, "")


def work_with_key(request: HttpRequest, name: str) -> tuple[User | None, str]:
    """Let the rest of this transaction use the secret for something. Returns viewer and hash."""
    secret = secret_of(request, name)
    viewer = request.user if request.user.is_authenticated else None
    link_hash = hash_of(secret) if secret else ""
    see_as(viewer, link_hash=link_hash)
    return viewer, link_hash


def keep_key(request: HttpRequest, response: HttpResponse, **secrets: str) -> None:
    """Have the browser hold some secrets, the newest ten."""
    held = _secrets(request)
    for name, secret in secrets.items():
        held.pop(name, None)
        held[name] = secret
    newest = dict(list(held.items())[-MOST:])
    response.set_cookie(
        COOKIE,
        signing.dumps(json.dumps(newest), salt=SALT, compress=True),
        max_age=DAYS * 24 * 60 * 60,
        path="/requests/",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def _secrets(request: HttpRequest) -> dict[str, str]:
    try:
        text = signing.loads(
            request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=DAYS * 24 * 60 * 60
        )
        held = json.loads(text)
    except (signing.BadSignature, ValueError):
        return {}
    return {str(name): str(secret) for name, secret in held.items()}
