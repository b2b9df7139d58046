"""What every page knows: how the county looks."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from kith.ui.models import Masthead
from kith.ui.queries import county_look


def county(request: HttpRequest) -> dict[str, object]:
    """Give templates `look` and `masthead`, read only by pages that use them, whether this is a
    demonstration, and the language of a page that is offered in several."""
    return {
        "look": SimpleLazyObject(county_look),
        "masthead": SimpleLazyObject(lambda: _masthead(request)),
        "demonstration": settings.DEMO,
        "tongue": getattr(request, "tongue", None),
        "tongues": getattr(request, "tongues", ()),
    }


def _masthead(request: HttpRequest) -> Masthead:
    look, user = county_look(), getattr(request, "user", None)
    person = (user.name or user.email) if user is not None and user.is_authenticated else ""
    return Masthead(look.county_name, look.service_name, person)
