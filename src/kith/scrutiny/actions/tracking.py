"""Letting the public follow a recommendation: it is copied out as it stands, and taken back."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from kith.accounts.models import User
from kith.scrutiny import following
from kith.scrutiny.actions.common import locked, write
from kith.scrutiny.actions.drawing import rows_of
from kith.scrutiny.actions.publishing import put, take_back
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.models import Published, Recommendation
from kith.scrutiny.permissions import may_keep
from kith.scrutiny.recommendation_queries import line_of, way_of

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
    return put(
        found.uid,
        Published.Kind.RECOMMENDATION,
        name=f"R{found.number} {found.words}",
        committee=found.committee,
        day=found.agreed_on,
        order=found.number,
        topics=[found.theme.title[:60]] if found.theme else [],
        told=told,
        words="\n".join([found.words, *(line for step in told["way"] for line in step["lines"])]),
        at=at,
    )


def content_of(*, found: Recommendation, by: User, at: datetime) -> dict[str, Any]:
    """Return all that is published of a recommendation: plain words and numbers, no address of anybody."""
    today = localdate(at)
    line = line_of(found, today)
    figures = []
    for measure in found.measures.all():
        one = following.follow(measure, at)
        figures.append(
            {
                "name": one.name,
                "rows": rows_of(one),
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
    take_back(Published.objects.filter(pk=found.uid), at=at)
    return found
