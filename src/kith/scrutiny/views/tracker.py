"""Recommendations as everybody may follow them. Nothing here reads the committee's own tables."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kith.scrutiny import published

GONE = 410
MOST = 300


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Show what committees recommended and what became of it, the newest decision first."""
    rows = list(published.rows("recommendation").order_by("-day", "order", "pk")[:MOST])
    late = request.GET.get("late") == "yes"
    shown = [row for row in rows if row.content["overdue"]] if late else rows
    context = {
        "rows": shown,
        "late": late,
        "all": len(rows),
        "overdue": sum(bool(row.content["overdue"]) for row in rows),
    }
    return render(request, "scrutiny/public/recommendations.html", context)


@require_safe
def one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show one recommendation with its way and its figures, as they were published."""
    shown = published.thing(uid, "recommendation")
    if shown is None:
        raise Http404
    if shown.gone_at:
        return render(request, "scrutiny/public/gone.html", {"shown": shown}, status=GONE)
    return render(
        request, "scrutiny/public/recommendation.html", {"shown": shown, "told": shown.content}
    )
