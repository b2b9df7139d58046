"""Pages in other languages than English, for whoever asks: which are offered, and a page in one.

A view marked `@in_their_language` is drawn in the language of `?lang=`, which is then kept in a
cookie; all other pages stay English. Words are in `kith/locale/`; docs/how-to/add-a-language.md.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString, mark_safe

COOKIE = "kith_language"
A_YEAR = 60 * 60 * 24 * 365
ENGLISH = "en"


@dataclass(frozen=True)
class Tongue:
    """A language that pages are offered in, as its own speakers call it."""

    code: str
    name: str
    rtl: bool

    @property
    def foreign(self) -> bool:
        """Say whether it is another than English."""
        return self.code != ENGLISH

    @property
    def own(self) -> SafeString:
        """What an element says of itself that holds the county's own, English, words."""
        return mark_safe(' lang="en" dir="ltr"' if self.foreign else "")


def offered() -> list[Tongue]:
    """Return the languages of the county's setting after English; none where it names none."""
    codes = [code for code in settings.KITH_LANGUAGES if code in LANG_INFO and code != ENGLISH]
    return [_tongue(code) for code in (ENGLISH, *codes)] if codes else []


def _tongue(code: str) -> Tongue:
    known = LANG_INFO[code]
    return Tongue(code, str(known["name_local"]), bool(known["bidi"]))


def foreign(request: HttpRequest) -> str:
    """Return the code of the language that a page is drawn in; "" for English."""
    tongue: Tongue | None = getattr(request, "tongue", None)
    return tongue.code if tongue and tongue.foreign else ""


def in_their_language(
    view: Callable[..., HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Draw a page in the language that its reader chose."""

    @wraps(view)
    def drawn(request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
        tongues = {one.code: one for one in offered()}
        if not tongues:
            return view(request, *args, **named)
        asked = request.GET.get("lang", "")
        kept = request.COOKIES.get(COOKIE, "")
        tongue = tongues.get(asked) or tongues.get(kept) or tongues[ENGLISH]
        request.tongue, request.tongues = tongue, tuple(tongues.values())  # type: ignore[attr-defined]
        if tongue.foreign:
            with translation.override(tongue.code):
                answer = view(request, *args, **named)
        else:
            answer = view(request, *args, **named)
        patch_vary_headers(answer, ["Cookie"])
        answer.headers["Content-Language"] = tongue.code
        if asked in tongues and asked != kept:
            answer.set_cookie(
                COOKIE,
                asked,
                max_age=A_YEAR,
                httponly=True,
                samesite="Lax",
                secure=bool(settings.SESSION_COOKIE_SECURE),
            )
        return answer

    return drawn
