"""Agendas, minutes and packs on paper."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kith.accounts.pages import needs
from kith.accounts.permissions import Permission as P
from kith.scrutiny import content, packs, printing, published, queries
from kith.scrutiny.actions import publishing
from kith.scrutiny.views.asking import meeting_of
from kith.ui.queries import county_look
from kith.ui.sending import as_file


def _pdf(made: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer


def _published(uid: UUID) -> Any:
    shown = published.thing(uid, "meeting")
    if shown is None or shown.gone_at or "agenda" not in shown.content:
        raise Http404
    return shown


@require_safe
def agenda(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Print the agenda frontsheet as it is published now."""
    shown = _published(uid)
    return _pdf(printing.agenda(shown.content, _county()), f"agenda-{shown.day:%Y-%m-%d}")


@require_safe
def minutes(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Print the minutes as they are published now."""
    shown = _published(uid)
    if "minutes" not in shown.content:
        raise Http404
    return _pdf(printing.minutes(shown.content, _county()), f"minutes-{shown.day:%Y-%m-%d}")


@require_safe
def paper(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Print a published paper that wrote itself."""
    shown = published.thing(uid, "file")
    if shown is None or shown.gone_at or not shown.content.get("sections"):
        raise Http404
    meeting = published.thing(shown.above.above_id, "meeting")
    if meeting is None or meeting.gone_at:
        raise Http404
    return _pdf(printing.paper(shown.content, meeting.content, _county()), "paper")


@require_safe
def report(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Print the report of a review as it is published now."""
    shown = published.thing(uid, "review")
    if shown is None or shown.gone_at:
        raise Http404
    return _pdf(printing.report(shown.content, _county()), f"report-{shown.day:%Y-%m-%d}")


@require_safe
@never_cache
@needs(P.SCRUTINY_KEEP)
def brief(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Print the chair's brief, which is never published."""
    found = meeting_of(request, uid)
    items = queries.agenda(request.user, found)  # type: ignore[arg-type]
    asked = content.asked_before(found, private=True)
    told = {"meeting": content.meeting_of(found), "asked": asked}
    on = timezone.localdate(found.starts_at)
    return _pdf(printing.brief(told, items, _county()), f"chairs-brief-{on:%Y-%m-%d}")


@require_safe
@never_cache
@needs(P.SCRUTINY_SEE)
def private_pack(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Make the pack of a meeting with what is not for the public, for a member or an officer. Each is noted."""
    found = meeting_of(request, uid)
    items = queries.agenda(request.user, found)  # type: ignore[arg-type]
    made = packs.make_private_pack(found, items, _county(), str(request.user))
    publishing.note_private_pack(meeting=found, by=request.user, at=timezone.now())  # type: ignore[arg-type]
    on = timezone.localdate(found.starts_at)
    return as_file(made.pdf, f"not-for-publication-{on:%Y-%m-%d}.pdf", "application/pdf")


def _county() -> str:
    return county_look().county_name
