"""Changing the county's look."""

from datetime import datetime
from typing import Any

from django.db import transaction

from kith.accounts.models import User
from kith.audit.actions import fields_of, record
from kith.ui.look import PART_CONTRAST, TEXT_CONTRAST, problem_on_white, tidy_colour
from kith.ui.models import Look
from kith.ui.permissions import may_change_look
from kith.ui.queries import default_look

FIELDS = (
    "county_name",
    "service_name",
    "main_colour",
    "accent_colour",
    "link_colour",
    "button_colour",
    "front_door_phone",
    "front_door_email",
    "front_door_hours",
    "out_of_hours_phone",
)


class Unreadable(ValueError):
    """A colour in which words could not be read; `field` says which."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


@transaction.atomic
def change_look(*, by: User, at: datetime, **changes: Any) -> Look:
    """Change the county's name, colours or front-door numbers.

    Raises PermissionDenied, NotAColour, or Unreadable where words in a colour could not be read.
    """
    look = Look.objects.select_for_update().filter(pk=1).first() or default_look()
    may_change_look(by).or_raise()
    unknown = set(changes) - set(FIELDS)
    if unknown:
        raise TypeError(f"a look has no {', '.join(sorted(unknown))}")

    for field, least in {
        "main_colour": PART_CONTRAST,
        "link_colour": TEXT_CONTRAST,
        "button_colour": TEXT_CONTRAST,
        "accent_colour": None,
    }.items():
        if field in changes:
            changes[field] = tidy_colour(changes[field])
            problem = problem_on_white(changes[field], least=least) if least else ""
            if problem:
                raise Unreadable(field, problem)

    before = fields_of(look, changes)
    for field, value in changes.items():
        setattr(look, field, value)
    look.changed_at = at
    look.save()
    record(
        "look.changed", subject=look, by=by, at=at, before=before, after=fields_of(look, changes)
    )
    return look
