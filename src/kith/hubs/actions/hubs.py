"""Opening a hub and changing what is said about it."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from kith.accounts.models import Team, User
from kith.audit.actions import fields_of, record
from kith.hubs.models import Hub
from kith.hubs.permissions import may_edit_hubs
from kith.places.queries import find_postcode

FIELDS = ("premises", "shares_with", "address", "postcode", "phone", "email", "opening_hours")
# Addresses below /hubs/ that are pages of their own.
RESERVED = {"new", "areas", "promises", "days", "posts"}


class NameTaken(Exception):
    """There is a hub of this name already."""


@transaction.atomic
def open_hub(*, name: str, slug: str = "", by: User | None, at: datetime, **details: Any) -> Hub:
    """Open a hub: its team and its page. `details` are those of FIELDS; `postcode` is needed.

    Raises PermissionDenied, NameTaken, NotAPostcode or NotInTheCounty. `by` is None only while
    Kith is being set up.
    """
    if by is not None:
        may_edit_hubs(by).or_raise()
    slug = slug or slugify(name)[:50]
    taken = Team.objects.filter(kind=Team.Kind.HUB, name__iexact=name).exists()
    if taken or not slug or slug in RESERVED or Hub.objects.filter(slug=slug).exists():
        raise NameTaken(f"There is a hub called {name} already, or the name cannot be an address.")
    # A hub is its team: they are made together, and the hub is called what the team is called.
    team = Team.objects.create(name=name, kind=Team.Kind.HUB, email=details.get("email", ""))
    hub = Hub(team=team, slug=slug, order=Hub.objects.count())
    _write(hub, details)
    hub.save(force_insert=True)
    record("hub.opened", subject=hub, by=by, at=at, after={"name": name, **fields_of(hub, FIELDS)})
    return hub


@transaction.atomic
def change_hub(*, hub: Hub, name: str, by: User, at: datetime, **details: Any) -> Hub:
    """Change a hub's name and what is said about it. Raises as `open_hub` does."""
    hub = Hub.objects.select_for_update().get(pk=hub.pk)
    # Joined to the hub, its team would be read before the lock is had.
    hub.team = Team.objects.select_for_update().get(pk=hub.team_id)
    may_edit_hubs(by).or_raise()
    same_name = Team.objects.filter(kind=Team.Kind.HUB, name__iexact=name)
    if same_name.exclude(pk=hub.team_id).exists():
        raise NameTaken(f"There is a hub called {name} already.")
    before = {"name": hub.name, **fields_of(hub, FIELDS)}
    hub.team.name = name
    hub.team.email = details.get("email", hub.team.email)
    hub.team.save(update_fields=["name", "email"])
    _write(hub, details)
    hub.save()
    after = {"name": name, **fields_of(hub, FIELDS)}
    record("hub.changed", subject=hub, by=by, at=at, before=before, after=after)
    return hub


def _write(hub: Hub, details: dict[str, Any]) -> None:
    for field in FIELDS:
        setattr(hub, field, details.get(field, getattr(hub, field)))
    place = find_postcode(hub.postcode)
    hub.postcode = str(place)
    hub.easting, hub.northing = place.easting, place.northing
    hub.latitude, hub.longitude = place.latitude, place.longitude
