"""What every page knows: how the county looks."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from kith.ui.queries import county_look


def county(request: HttpRequest) -> dict[str, object]:
    """Give templates `look`, read only by pages that use it, and whether this is a demonstration."""
    return {"look": SimpleLazyObject(county_look), "demonstration": settings.DEMO}
