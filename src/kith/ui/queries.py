"""Reading the county's look."""

from django.conf import settings

from kith.audit.lists import kept
from kith.ui.models import Look


def default_look() -> Look:
    """Return the look that the settings give, which is not stored."""
    return Look(
        pk=1,
        county_name=settings.KITH_COUNTY,
        front_door_phone=settings.KITH_FRONT_DOOR_PHONE,
        front_door_email=settings.KITH_FRONT_DOOR_EMAIL,
        front_door_hours=settings.KITH_FRONT_DOOR_HOURS,
        out_of_hours_phone=settings.KITH_OUT_OF_HOURS_PHONE,
    )


@kept
def county_look() -> Look:
    """Return how the county looks today."""
    return Look.objects.filter(pk=1).first() or default_look()
