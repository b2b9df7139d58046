"""Everything that has happened with a family, on one page."""

from collections import Counter
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from kith.casework import involvement
from kith.casework.chronology import KINDS, chronology, latest
from kith.casework.views.asking import note_sight
from kith.families import queries as families
from kith.families.permissions import may_merge

SHOWN_FIRST = 25  # of what has happened
SHOWN_AT_MOST = SHOWN_FIRST + SHOWN_FIRST // 4  # where it is not worth a link to a few more


@login_required
@never_cache
def family(request: HttpRequest, reference: str) -> HttpResponse:
    """Show everything that has happened with a family, across all its records."""
    viewer = request.user
    page = families.page_of(viewer, reference)
    if not page.records:
        raise Http404
    records, found = page.records, page.records[0]
    if found.reference != reference:
        return redirect("casework:family", reference=found.reference)
    note_sight(request, found, "family", page.standings)
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    oldest_first = request.GET.get("order") == "oldest"
    if oldest_first or "all" in request.GET:
        events = chronology(viewer, found, records=records)
        counts = Counter(event.kind for event in events)
        told = [event for event in events if not kind or event.kind == kind]
    else:
        told, counts = latest(viewer, found, SHOWN_AT_MOST, kind=kind, records=records)
    number = counts[kind] if kind else counts.total()
    if oldest_first:
        told.reverse()
    everything = "all" in request.GET or number <= SHOWN_AT_MOST
    return render(
        request,
        "casework/family.html",
        {
            "family": found,
            "records": records,
            "events": told if everything else told[:SHOWN_FIRST],
            "more": 0 if everything else number - SHOWN_FIRST,
            "oldest_first": oldest_first,
            "tabs": _kinds(request, kind, counts),
            "kind": KINDS[kind] if kind else "",
            "people": page.people,
            "addresses": page.addresses,
            # The same team may stand by several of the records.
            "teams": dict.fromkeys(
                (standing.team or standing.user, standing.get_reason_display())
                for standing in page.standings
            ),
            "printed_at": timezone.now(),
            "today": timezone.localdate(),
            "may_merge": bool(may_merge(request.user)),
        },
    )


@login_required
@never_cache
def involved(request: HttpRequest, reference: str) -> HttpResponse:
    """Show who is involved with a family now, and who was, and what each may see."""
    records = families.records_called(request.user, reference)
    if not records:
        raise Http404
    note_sight(request, records[0], "family")
    now, before = involvement.involved(request.user, records, timezone.now())
    return render(
        request,
        "casework/involved.html",
        {"family": records[0], "now": now, "before": before},
    )


def _kinds(request: HttpRequest, kind: str, counts: Counter[str]) -> list[dict[str, Any]]:
    order = "&order=oldest" if request.GET.get("order") == "oldest" else ""
    everything = {
        "label": "Everything",
        "href": f"?{order.lstrip('&')}",
        "current": not kind,
        "count": sum(counts.values()),
    }
    return [
        everything,
        *(
            {
                "label": label,
                "href": f"?kind={key}{order}",
                "current": key == kind,
                "count": counts[key],
            }
            for key, label in KINDS.items()
            if counts[key]
        ),
    ]
