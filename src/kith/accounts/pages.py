"""For views: asking for a permission before anything else."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from kith.accounts.permissions import Permission

type_view = Callable[..., HttpResponse]


def needs(*permissions: Permission) -> Callable[[type_view], type_view]:
    """Let in whoever holds one of the permissions in any team; sign in first."""

    def decorate(view: type_view) -> type_view:
        @login_required
        @wraps(view)
        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not any(request.user.can(permission) for permission in permissions):  # type: ignore[union-attr]
                raise PermissionDenied("Your role does not include this page.")
            return view(request, *args, **kwargs)

        return asked

    return decorate
