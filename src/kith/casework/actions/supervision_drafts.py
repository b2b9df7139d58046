"""What is typed of a supervision and not saved yet: kept while somebody types, for them alone.

The log tells that a draft was begun, thrown away or too old; what stands in it, nobody but its writer.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from kith.accounts.models import Team, User
from kith.accounts.viewer import clock, seeing_as
from kith.audit.actions import record
from kith.casework.models import Case, Supervision, SupervisionDraft
from kith.casework.permissions import (
    DRAFTS_KEPT_FOR,
    may_clear_drafts,
    may_draft_supervision,
)


@transaction.atomic
def keep_draft(
    *,
    team: Team,
    supervision: Supervision | None,
    case: Case | None,
    had: str,
    answers: Mapping[str, Any],
    by: User,
    at: datetime,
) -> SupervisionDraft:
    """Keep what stands in the fields of a page.

    `had` is the draft that the window goes on with. If another window has gone on with it meanwhile,
    this one gets a draft of its own: neither text meets the other. Raises PermissionDenied.
    """
    may_draft_supervision(by, team, supervision).or_raise()
    draft = _gone_on_with(had, by, team, supervision, case)
    if draft is None:
        draft = SupervisionDraft.objects.create(
            team=team, supervision=supervision, case=case, answers=answers, by=by, saved_at=at
        )
        record("supervision.draft_begun", subject=draft, by=by, at=at)
    elif draft.answers != answers:
        draft.answers, draft.saved_at, draft.revision = answers, at, draft.revision + 1
        draft.save(update_fields=["answers", "saved_at", "revision"])
    return draft


@transaction.atomic
def drop_draft(*, draft: SupervisionDraft, by: User, at: datetime) -> None:
    """Throw one's own draft away. Nothing happens to one that is gone already."""
    gone, _ = SupervisionDraft.objects.filter(pk=draft.pk, by=by).delete()
    if gone:
        record("supervision.draft_dropped", subject=draft, by=by, at=at)


@transaction.atomic
def forget_drafts(
    *,
    team: Team,
    supervision: Supervision | None,
    case: Case | None,
    had: str,
    answers: Mapping[str, Any],
    by: User,
    at: datetime,
) -> None:
    """Throw away the draft of what was saved just now, in the same transaction.

    What another window typed differently stays, to be read and thrown away by a person.
    """
    draft = _gone_on_with(had, by, team, supervision, case)
    same = SupervisionDraft.objects.filter(
        by=by, team=team, supervision=supervision, case=case, answers=dict(answers)
    )
    for saved in {*same, *([draft] if draft else [])}:
        record("supervision.draft_saved", subject=saved, by=by, at=at)
        SupervisionDraft.objects.filter(pk=saved.pk).delete()


@transaction.atomic
def clear_old_drafts(*, by: User, at: datetime) -> int:
    """Throw away what nobody went on with for so long, and say how many. Raises PermissionDenied."""
    may_clear_drafts(by).or_raise()
    with seeing_as(clock()):
        old = list(
            SupervisionDraft.objects.select_for_update(skip_locked=True).filter(
                saved_at__lt=at - DRAFTS_KEPT_FOR
            )
        )
        for draft in old:
            record("supervision.draft_expired", subject=draft, by=by, at=at)
        SupervisionDraft.objects.filter(pk__in=[draft.pk for draft in old]).delete()
    return len(old)


def _gone_on_with(
    had: str, by: User, team: Team, supervision: Supervision | None, case: Case | None
) -> SupervisionDraft | None:
    key, _, revision = had.partition(":")
    if not (key.isdecimal() and revision.isdecimal() and len(key) < 19 and len(revision) < 10):
        return None
    return (
        SupervisionDraft.objects.select_for_update()
        .filter(
            pk=int(key),
            revision=int(revision),
            by=by,
            team=team,
            supervision=supervision,
            case=case,
        )
        .first()
    )
