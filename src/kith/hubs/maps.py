"""Maps of the hubs and their areas."""

from datetime import date

from django.urls import reverse

from kith.hubs.models import Hub
from kith.hubs.queries import all_hubs, catchment_of, hub_numbers_on
from kith.places.queries import sectors_with_outlines, with_outlines
from kith.ui.maps import Area, Map, Place

COLOURS = 8


def of_county(on: date) -> Map:
    """Return a map of all hubs with their areas on a day."""
    hubs = list(all_hubs())
    colour = {hub.pk: number % COLOURS + 1 for number, hub in enumerate(hubs)}
    names = {hub.pk: hub.name for hub in hubs}
    held = hub_numbers_on(on)
    sectors = list(sectors_with_outlines())
    # Official areas that were given to a hub lie on top of the sectors.
    official = with_outlines(held.keys() - {place.code for place in sectors})
    return Map(
        title="The hubs and their areas",
        areas=[
            Area(
                name=place.name,
                outline=place.outline,
                facts=(names.get(held.get(place.code, 0), "No hub"),),
                shade=None,
                colour=colour.get(held.get(place.code, 0)),
            )
            for place in (*sectors, *official)
        ],
        places=[_spot(hub) for hub in hubs],
        headings=("Place", "Hub"),
        legend=[(f"fill-{colour[hub.pk]}", hub.name) for hub in hubs],
        description=f"{len(hubs)} hubs, and which neighbourhood belongs to which.",
    )


def of_hub(hub: Hub, on: date) -> Map:
    """Return a map of one hub’s area on a day, and where it stands."""
    own = list(with_outlines(catchment_of(hub, on).values_list("neighbourhood", flat=True)))
    return Map(
        title=f"The area of {hub.name}",
        areas=[
            Area(name=place.name, outline=place.outline, facts=(place.district.name,), colour=1)
            for place in own
        ],
        places=[
            Place(name=hub.name, longitude=hub.longitude, latitude=hub.latitude, facts=("Hub",))
        ],
        headings=("Place", "District"),
        description=f"{len(own)} neighbourhoods belong to {hub.name}.",
    )


def _spot(hub: Hub) -> Place:
    return Place(
        name=hub.name,
        longitude=hub.longitude,
        latitude=hub.latitude,
        facts=(hub.postcode,),
        href=reverse("hubs:hub", args=[hub.slug]),
    )
