"""Letting the public follow a recommendation: it is copied out as it stands, and taken back."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate

from kith.accounts.models import User
from kith.scrutiny import following
from kith.scrutiny.actions.common import locked, write
from kith.scrutiny.actions.publishing import MOST_SEARCHED, put, take_back
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.models import Attached, Paper, Published, Recommendation
from kith.scrutiny.permissions import may_keep
from kith.scrutiny.recommendation_queries import line_of
from kith.scrutiny.recommendation_way import way_of

State = Recommendation.State


@transaction.atomic
def publish(*, recommendation: Recommendation, by: User, at: datetime) -> Published:
    """Publish a recommendation as it stands now: its words, answers, progress and figures; or what is
    new of it. Raises PermissionDenied or ScrutinyRefused."""
    may_keep(by).or_raise()
    found = locked(recommendation)
    if found.state in (State.DRAFTED, State.DROPPED, State.MERGED):
        raise ScrutinyRefused(
            f"This recommendation is “{found.get_state_display()}”. Only what the committee agreed is published."
        )
    if found.item is not None and found.item.exempt:
        raise ScrutinyRefused(
            "It was agreed in an item that is not for the public: it stays inside."
        )
    write(found, "scrutiny.recommendation_published", {"public_at": at}, by=by, at=at)
    told = content_of(found=found, by=by, at=at)
    shown = put(
        found.uid,
        Published.Kind.RECOMMENDATION,
        name=f"R{found.number} {found.words}",
        committee=found.committee,
        above=_report_of(found),
        day=found.agreed_on,
        order=found.number,
        topics=[found.theme.title[:60]] if found.theme else [],
        told=told,
        words="\n".join([found.words, *(line for step in told["way"] for line in step["lines"])]),
        at=at,
    )
    _show_files(shown, files_of(found), at)
    return shown


def _report_of(found: Recommendation) -> Published | None:
    """Return the published report that a recommendation stands in."""
    if found.review is None:
        return None
    return Published.objects.filter(pk=found.review.uid, gone_at__isnull=True).first()


def files_of(found: Recommendation) -> list[Attached]:
    """Return the files of answers that the public may open: not those that were withdrawn, nor those whose
    place was taken before anybody could open them."""
    files = Attached.objects.filter(answer__recommendation=found, withdrawn_because="")
    known = files.filter(Q(replaced_by=None) | Q(public_at__isnull=False))
    return list(known.select_related("content", "answer").defer("content__held").order_by("pk"))


def told_of(file: Attached) -> dict[str, Any]:
    """Return what is published of a file: what it is, and nobody's name."""
    return {
        "uid": str(file.uid),
        "kind": Paper.Kind.ANSWER.label,
        "author": file.answer.by_whom,
        "file_name": file.file_name,
        "mime": file.mime,
        "size": file.size,
        "sha": file.content_id,
        "pages": file.pages,
        "text_state": file.text_state,
        "table": file.table,
        "earlier": file.earlier,
    }


def _show_files(above: Published, files: Iterable[Attached], at: datetime) -> None:
    stay = []
    for order, file in enumerate(files, start=1):
        put(
            file.uid,
            Published.Kind.FILE,
            name=file.file_name,
            above=above,
            order=order,
            told=told_of(file),
            words=file.text[:MOST_SEARCHED],
            sha=file.content_id,
            at=at,
        )
        stay.append(file.uid)
    Attached.objects.filter(uid__in=stay, public_at__isnull=True).update(public_at=at)
    below = Published.objects.filter(above=above, kind=Published.Kind.FILE, gone_at__isnull=True)
    take_back(below.exclude(pk__in=stay), at=at)


@transaction.atomic
def withdraw_file(*, attached: Attached, because: str, by: User, at: datetime) -> Attached:
    """Take a file of an answer back from the public at once, or keep it from ever being published.

    Raises PermissionDenied or ScrutinyRefused.
    """
    may_keep(by).or_raise()
    kept = locked(attached)
    if kept.withdrawn_because:
        raise ScrutinyRefused("It is withdrawn already.")
    write(kept, "scrutiny.answer_file_withdrawn", {"withdrawn_because": because}, by=by, at=at)
    shown = Published.objects.filter(pk=kept.uid).select_related("above")
    for row in shown.filter(gone_at__isnull=True):
        above = row.above
        for step in above.content.get("way", []) if above else ():
            step["files"] = [one for one in step["files"] if one["uid"] != str(kept.uid)]
        if above:
            above.modified = at
            above.save(update_fields=["content", "modified"])
    take_back(shown, at=at)
    return kept


def content_of(*, found: Recommendation, by: User, at: datetime) -> dict[str, Any]:
    """Return all that is published of a recommendation: plain words and numbers, no address of anybody."""
    today = localdate(at)
    line = line_of(found, today)
    public = {file.pk: told_of(file) for file in files_of(found)}
    figures = []
    for measure in found.measures.all():
        one = following.follow(measure, at)
        figures.append(
            {
                "name": one.name,
                "rows": following.rows_of(one),
                "definition": one.now["definition"] if one.now else "",
                "source": one.now["source"] if one.now else "",
                "counted": one.counted,
            }
        )
    return {
        "number": found.number,
        "words": found.words,
        "parts": [part.words for part in found.parts.all()],
        "theme": found.theme.title if found.theme else "",
        "owner": found.owner,
        "state": found.state,
        "state_words": found.get_state_display(),
        "answers": [one.get_said_display() for one in line.answers],
        "progress": str(line.progress) if line.progress else "",
        "waiting": line.waiting,
        "overdue": [one.words for one in line.late],
        "agreed_on": found.agreed_on.isoformat() if found.agreed_on else "",
        "item": str(found.item.uid) if found.item else "",
        "impact": found.impact,
        "way": [
            {
                "on": step.on.isoformat(),
                "title": step.title,
                "lines": list(step.lines),
                "who": step.who if step.title in ("Answer", "Promised", "Done as promised") else "",
                "tag": step.tag,
                "colour": step.colour,
                "figures": [list(line) for line in step.figures],
                "files": [public[file.pk] for file in step.files if file.pk in public],
            }
            for step in way_of(by, found)
            if step.title != "Drafted"
        ],
        "figures": figures,
        "as_of": today.isoformat(),
    }


@transaction.atomic
def unpublish(*, recommendation: Recommendation, by: User, at: datetime) -> Recommendation:
    """Take a recommendation back from the public. Raises PermissionDenied or ScrutinyRefused."""
    may_keep(by).or_raise()
    found = locked(recommendation)
    if not found.public_at:
        raise ScrutinyRefused("It is not published.")
    write(found, "scrutiny.recommendation_unpublished", {"public_at": None}, by=by, at=at)
    take_back(Published.objects.filter(Q(pk=found.uid) | Q(above=found.uid)), at=at)
    return found
