"""Writing the county's own words in other languages."""

from datetime import datetime
from typing import Any

from django.db import transaction

from kith.accounts.models import User
from kith.audit.actions import record
from kith.directory import spoken
from kith.directory.actions.refusals import DirectoryRefused
from kith.directory.models import Spoken
from kith.directory.permissions import may_keep_words


@transaction.atomic
def say_in(
    *, thing: Any, field: str, language: str, words: str, english: str, by: User, at: datetime
) -> None:
    """Write something's words in another language, as they say `english` now; no words take them away.

    Raises PermissionDenied; DirectoryRefused where the English changed while somebody wrote.
    """
    may_keep_words(by).or_raise()
    kind = spoken.kind_of(thing)
    label, most = spoken.FIELDS[kind][field]
    if getattr(thing, field).split() != english.split():
        raise DirectoryRefused(
            f"The English of {thing} was changed while you wrote. Read it again."
        )
    words = words.strip()
    if len(words) > 3 * most:
        raise DirectoryRefused(f"{label} of {thing} is too long: at most {3 * most} characters.")
    where = {"kind": kind, "uid": thing.uid, "field": field, "language": language}
    before = Spoken.objects.filter(**where).first()
    now = getattr(thing, field)
    if (before.words if before else "") == words and (before is None or before.english == now):
        return
    if words:
        told = {"words": words, "english": now, "written_by": by, "written_at": at}
        Spoken.objects.update_or_create(**where, defaults=told)
    elif before:
        before.delete()
    record(
        "directory.said_in", subject=thing, by=by, at=at,
        before={"words": before.words} if before else {},
        after={"language": language, "field": field, "words": words},
    )  # fmt: skip
