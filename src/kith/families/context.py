"""What every page says while somebody looks at a record in an emergency."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from kith.families import emergencies

SESSION_KEY = "emergency_until"


def open_emergencies(request: HttpRequest) -> dict[str, object]:
    """Give templates `open_emergencies`. Nothing is asked of the database unless one was opened."""
    session = getattr(request, "session", None)
    until = session.get(SESSION_KEY, 0) if session is not None else 0
    now = timezone.now()
    if not until or until < now.timestamp() or not request.user.is_authenticated:
        return {}
    viewer = request.user
    return {"open_emergencies": SimpleLazyObject(lambda: list(emergencies.open_for(viewer, now)))}
