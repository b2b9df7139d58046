"""History of rows, written by the database itself, so that nothing slips past it."""

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
