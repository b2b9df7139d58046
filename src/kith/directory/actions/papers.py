"""Making leaflets, each once: making one takes a processor for a while, and anybody may ask."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from kith.accounts.actions import limits
from kith.directory.leaflet import Leaflet, as_pdf, fingerprint_of
from kith.directory.models import MadeLeaflet

MOST_KEPT, KEPT_FOR = 400, timedelta(days=2)  # every leaflet says on which day it was made


@transaction.atomic
def leaflet_on_paper(
    *, leaflet: Leaflet, county: str, website: str, large: bool, limited: Sequence[limits.Limit],
    at: datetime,
) -> bytes:  # fmt: skip
    """Return a leaflet as PDF: as it was made already, or made now, once for all who ask together.

    Only what is made now counts in what is `limited`. Raises TooMany.
    """
    given: dict[str, Any] = {
        "county": county,
        "website": website,
        "today": timezone.localdate(at),
        "large": large,
    }
    mark = fingerprint_of(leaflet, **given)
    if (kept := _kept(mark)) is not None:
        return kept
    with connection.cursor() as cursor:
        # Who asks for the same in this moment waits, and finds it made.
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 2))", [f"leaflet {mark}"])
    if (kept := _kept(mark)) is not None:
        return kept
    if limits.is_full(limited, at=at):
        raise limits.TooMany(at + limits.HOUR, at)
    content = as_pdf(leaflet, **given)
    MadeLeaflet.objects.create(fingerprint=mark, content=content, made_at=at)
    last = MadeLeaflet.objects.order_by("-made_at")[:MOST_KEPT]
    MadeLeaflet.objects.exclude(pk__in=last.values("pk")).delete()
    MadeLeaflet.objects.filter(made_at__lt=at - KEPT_FOR).delete()
    with suppress(limits.TooMany):  # those who were let in together may be a few too many
        limits.count(limited, at=at)
    return content


def _kept(mark: str) -> bytes | None:
    found = MadeLeaflet.objects.filter(pk=mark).values_list("content", flat=True).first()
    return None if found is None else bytes(found)
