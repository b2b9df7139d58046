"""History of rows, written by the database itself, so that nothing slips past it."""

from datetime import datetime
from typing import Any, cast

import pghistory
from django.db import models
from django.db.models import Func


class CurrentViewer(Func):
    """The person for whom this transaction works, as the database knows them."""

    template = "nullif(current_setting('kith.viewer', true), '')::bigint"
    output_field = models.BigIntegerField()
    allowed_default = True


def track(**options: Any) -> Any:
    """Keep every past state of a model's rows in an append-only table beside it.

    `pgh_created_at` says when, `pgh_label` what happened (insert, update, delete), `pgh_by` who:
    the number of the person, taken by the database from the transaction's own setting.
    """
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        context_field=cast(Any, None),
        append_only=True,
        attrs={"pgh_by": models.BigIntegerField(null=True, db_default=CurrentViewer())},
        **options,
    )


def changed_at(
    rows: models.QuerySet[Any], moment: datetime, field: str
) -> list[tuple[Any, dict[str, Any]]]:
    """Return those of these rows in which a field was changed last by the transaction of a moment
    (`pgh_created_at`), each with all that it said before."""
    found = {row.pk: row for row in rows.order_by("pk")}
    events = cast(Any, rows.model).pgh_event_model.objects.filter(pgh_obj__in=list(found))
    last: dict[int, dict[str, Any]] = {}
    before: dict[int, dict[str, Any]] = {}
    for event in events.order_by("pgh_id").values():
        number = event["pgh_obj_id"]
        was, last[number] = last.get(number), event
        if was is None or was[field] == event[field]:
            continue
        before.pop(number, None)
        if event["pgh_created_at"] == moment:
            before[number] = was
    return [(found[number], before[number]) for number in sorted(before)]
