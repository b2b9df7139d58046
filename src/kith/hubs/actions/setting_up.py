"""What a county starts with: bank holidays, promises, hubs and their areas."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from kith.accounts.models import User
from kith.hubs.actions.areas import propose_catchments
from kith.hubs.actions.calendar import add_bank_holidays
from kith.hubs.actions.hubs import FIELDS, open_hub
from kith.hubs.calendar import DEFAULTS
from kith.hubs.models import Hub, Promise
from kith.hubs.oxfordshire import OXFORDSHIRE, NewHub


@transaction.atomic
def set_up(
    *,
    at: datetime,
    by: User | None = None,
    hubs: Iterable[NewHub] = OXFORDSHIRE,
    since: date | None = None,
) -> list[Hub]:
    """Give the county its closed days, promises and hubs, with areas by distance from `since` on.

    What is there already stays as it is, so that a second run changes nothing; only
    neighbourhoods without a hub are given to the nearest. Places must have been loaded before.
    Nobody is asked: it is run by whoever installs Kith.
    """
    add_bank_holidays(by=by, at=at)
    for key, days in DEFAULTS.items():
        Promise.objects.get_or_create(key=key, defaults={"days": days})
    have = set(Hub.objects.values_list("slug", flat=True))
    for hub in hubs:
        if hub.slug not in have:
            details = {field: getattr(hub, field) for field in FIELDS}
            open_hub(name=hub.name, slug=hub.slug, by=by, at=at, **details)
    propose_catchments(since=since or at.date(), by=by, at=at, only_without_hub=True)
    return list(Hub.objects.select_related("team").order_by("order", "pk"))
