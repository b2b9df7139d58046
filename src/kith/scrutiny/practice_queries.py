"""Reading exemplar practice: what works where, who has taken it up, and whether their figures moved."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from kith.accounts.models import User
from kith.accounts.permissions import Permission
from kith.figures.registry import name_of
from kith.scrutiny import following
from kith.scrutiny.models import Practice, Review, TakenUp
from kith.scrutiny.visit_queries import visible_to


def practices(viewer: User, review: Review | None = None) -> QuerySet[Practice]:
    """Return the exemplar practice somebody may read, by name; of one review, or all."""
    found = Practice.objects.filter(Q(review=None) | Q(review__in=visible_to(viewer)))
    if not viewer.can(Permission.SCRUTINY_SEE):
        found = found.none()
    if review is not None:
        found = found.filter(review=review)
    taken = TakenUp.objects.select_related("hub__team").order_by("since", "pk")
    return (
        found.select_related("hub__team", "review")
        .prefetch_related(Prefetch("taken_up", taken))
        .order_by("title", "pk")
    )


@dataclass(frozen=True)
class Line:
    """A hub that took a practice up, with its figure then and now."""

    taken: TakenUp
    followed: following.Followed | None  # None where the practice has no figure


def taken_up(viewer: User, practice: Practice, at: datetime) -> list[Line]:
    """Return who took a practice up, each with its figure of the year before, and of the last year."""
    found = practices(viewer).filter(pk=practice.pk).first()
    if found is None:
        return []
    return [
        Line(
            one,
            following.follow(following.of_hub(found.figure, one.hub, one.baseline), at)
            if found.figure
            else None,
        )
        for one in found.taken_up.all()
    ]


def public_content(practice: Practice) -> dict[str, Any]:
    """Return what everybody may read of a practice: nobody's name, and a post to ask."""
    return {
        "title": practice.title,
        "what": practice.what,
        "where": ", ".join(part for part in (_hub(practice), practice.where) if part),
        "for_whom": practice.for_whom,
        "needs": practice.needs,
        "shows": practice.shows,
        "figure": practice.figure,
        "figure_name": name_of(practice.figure) if practice.figure else "",
        "contact": practice.contact,
        "taken_up": [
            {"hub": str(one.hub), "since": one.since.isoformat(), "words": one.words}
            for one in practice.taken_up.select_related("hub__team").order_by("since", "pk")
            if one.ended_on is None
        ],
    }


def _hub(practice: Practice) -> str:
    return f"{practice.hub} hub" if practice.hub else ""
