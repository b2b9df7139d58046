"""Papers for an item: files that are added, replaced before they are published, and read for the search."""

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max, ProtectedError
from django.utils.timezone import localdate

from kith.accounts.models import User
from kith.analytics.papers import Held, read_apart
from kith.audit.actions import record
from kith.jobs.actions import soon
from kith.referrals.attachments import NotAccepted, check_file
from kith.scrutiny.actions.common import exempt_or_refuse, locked, write
from kith.scrutiny.actions.publishing import MOST_SEARCHED
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.models import Content, Item, Meeting, Paper, Published
from kith.scrutiny.permissions import may_keep

MOST_BYTES = 100 * 1024 * 1024
READ_PAPER = "scrutiny.read_paper"
AT_ONCE = 6.0  # seconds for which somebody waits; what takes longer is read in the background
LATER = 600.0
LOCKED = (
    "This PDF is protected by a password: nobody could open it. Save it without the password, and add it "
    "again."
)


@transaction.atomic
def keep_paper(
    *,
    item: Item,
    details: dict[str, Any],
    file: tuple[str, bytes] | None = None,
    paper: Paper | None = None,
    by: User,
    at: datetime,
) -> Paper:
    """Add a paper to an item, or change one; `file` is its name and what it holds.

    A paper without a file is to follow. One that is published keeps its file: what is wrong with it is
    withdrawn and added anew. Raises PermissionDenied or ScrutinyRefused.
    """
    may_keep(by).or_raise()
    meeting = locked(item.meeting)
    if meeting.state == Meeting.State.CANCELLED:
        raise ScrutinyRefused("The meeting is cancelled. Add the paper to another one.")
    exempt_or_refuse(
        details.get("exempt", False),
        details.get("paragraphs", ()),
        details.get("public_interest", ""),
    )
    _check_decision(details, at)
    kept = locked(paper) if paper else Paper(item=item, added_at=at, added_by=by)
    if kept.withdrawn_because:
        raise ScrutinyRefused("This paper was withdrawn. Add it anew.")
    if kept.public_at and not kept.exempt and details.get("exempt"):
        raise ScrutinyRefused(
            "The public can read this paper. Withdraw it, then add it anew as not for the public.",
            "exempt",
        )
    values = dict(details)
    late = None
    if file is not None:
        if kept.content_id and kept.public_at:
            raise ScrutinyRefused(
                "This paper is published with its file. Withdraw it, and add the new one beside it.",
                "file",
            )
        told, late = take_in(file)
        del told["table"]
        values |= told | {"to_follow": False}
    elif not kept.content_id and not kept.sections:
        values["to_follow"] = True
    if not kept.pk:
        last = item.papers.aggregate(last=Max("order"))["last"] or 0
        values["order"] = last + 1
    write(
        kept, "scrutiny.paper_changed" if kept.pk else "scrutiny.paper_added", values, by=by, at=at
    )
    if late:
        soon(READ_PAPER, paper=kept.pk)
    return kept


def _check_decision(details: dict[str, Any], at: datetime) -> None:
    reference, on = details.get("decision_reference", ""), details.get("decided_on")
    if (reference or on) and details.get("kind") != Paper.Kind.OPTIONS:
        raise ScrutinyRefused("A decision is written down beside an options paper alone.", "kind")
    if reference and not on:
        raise ScrutinyRefused("Say on which day it was decided.", "decided_on")
    if on and not reference:
        raise ScrutinyRefused("Give the reference of the decision.", "decision_reference")
    if on and on > localdate(at):
        raise ScrutinyRefused("That day is still to come.", "decided_on")


def take_in(
    file: tuple[str, bytes], *, field: str = "file", seconds: float = AT_ONCE
) -> tuple[dict[str, Any], bool]:
    """Check and keep a file; return what is told of it, and whether its words are still to be read.

    Raises ScrutinyRefused, with the field at which it was sent.
    """
    name, held = file
    if len(held) > MOST_BYTES:
        raise ScrutinyRefused(
            f"The file has more than {MOST_BYTES // 1024**2} MB. Save it with smaller pictures, or in "
            "several parts.",
            field,
        )
    try:
        safe, mime = check_file(name, held, most=MOST_BYTES, sheets=True)
    except NotAccepted as problem:
        raise ScrutinyRefused(f"{problem}.", field) from problem
    found = read_apart(held, mime, seconds=seconds)
    if found and found.state == "locked":
        raise ScrutinyRefused(LOCKED, field)
    sha = hashlib.sha256(held).hexdigest()
    # The same file may be sent twice at once.
    Content.objects.bulk_create(
        [Content(sha=sha, held=held, size=len(held), mime=mime)], ignore_conflicts=True
    )
    told = {
        "content_id": sha,
        "file_name": safe,
        **words_of(found or Held("read")),
    }
    return told, found is None


def words_of(found: Held) -> dict[str, Any]:
    """Return what is kept of the words of a file."""
    return {
        "text": found.text,
        "text_state": found.state,
        "pages": found.pages,
        "table": found.table,
    }


def read_through(held: bytes, mime: str) -> dict[str, Any]:
    """Return the words of a file that took too long while somebody waited."""
    return words_of(read_apart(held, mime, seconds=LATER) or Held("broken"))


@transaction.atomic
def take_off_paper(*, paper: Paper, by: User, at: datetime) -> None:
    """Take a paper away that was never published. Raises PermissionDenied or ScrutinyRefused."""
    may_keep(by).or_raise()
    paper = locked(paper)
    if paper.public_at:
        raise ScrutinyRefused("This paper was published. Withdraw it, and say why.")
    record("scrutiny.paper_removed", subject=paper, by=by, at=at, before={"title": paper.title})
    try:
        with transaction.atomic():
            paper.delete()
    except ProtectedError:
        raise ScrutinyRefused(
            "Figures or recommendations rest on this paper. It stays on the agenda."
        ) from None


@transaction.atomic
def read_later(*, paper: int) -> Paper | None:
    """Read the words of a paper that took too long at once, and add them to what is searched."""
    kept = Paper.objects.select_for_update().filter(pk=paper).select_related("content").first()
    if kept is None or kept.content is None:
        return None
    found = read_through(bytes(kept.content.held), kept.content.mime)
    for name in ("text", "text_state", "pages"):
        setattr(kept, name, found[name])
    kept.save(update_fields=["text", "text_state", "pages"])
    find_by(kept.uid, kept.text)
    return kept


def find_by(uid: UUID, text: str) -> None:
    """Let a published file be found by words that were read after it was published."""
    shown = Published.objects.filter(pk=uid, gone_at__isnull=True)
    shown.update(words=text[:MOST_SEARCHED])
