"""The report of a review: written, drawn for an agenda, and published with its exemplar practice."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from kith.accounts.models import User
from kith.audit.actions import record
from kith.scrutiny import reports
from kith.scrutiny.actions.common import locked, write
from kith.scrutiny.actions.drawing import keep_drawn
from kith.scrutiny.actions.publishing import MOST_SEARCHED, keep_edition, put, take_back, words_of
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.models import Edition, Item, Paper, Practice, Published, Recommendation, Review
from kith.scrutiny.permissions import may_keep
from kith.scrutiny.practice_queries import public_content


@transaction.atomic
def write_introduction(*, review: Review, words: str, by: User, at: datetime) -> Review:
    """Write what a report begins with. Raises PermissionDenied."""
    may_keep(by).or_raise()
    return write(
        locked(review), "scrutiny.review_changed", {"introduction": words.strip()}, by=by, at=at
    )


@transaction.atomic
def draw_report(*, review: Review, item: Item, by: User, at: datetime) -> Paper:
    """Put the report, as it stands, under an item as a paper; or put it there anew while the agenda is not
    published. Raises PermissionDenied or ScrutinyRefused."""
    may_keep(by).or_raise()
    if item.meeting.committee_id != review.committee_id:
        raise ScrutinyRefused("That meeting is of another committee.", "item")
    values = {
        "title": f"Report: {review.title}"[:200],
        "author": str(review.committee),
        "sections": _sections(review, by),
    }
    return keep_drawn(item, Paper.Kind.REVIEW, values, by=by, at=at)


@transaction.atomic
def publish_report(*, review: Review, because: str = "", by: User, at: datetime) -> Edition:
    """Publish a report as it stands, with its exemplar practice; each edition is kept for ever.

    Raises PermissionDenied or ScrutinyRefused.
    """
    may_keep(by).or_raise()
    review = locked(review)
    sections = _sections(review, by)
    committee = review.committee
    told: dict[str, Any] = {
        "title": review.title,
        "committee": {"name": committee.name, "slug": committee.slug},
        "on": localdate(at).isoformat(),
        "sections": sections,
    }
    shown = put(
        review.uid,
        Published.Kind.REVIEW,
        name=f"Report: {review.title}",
        committee=committee,
        day=localdate(at),
        told=told,
        words=words_of(sections)[:MOST_SEARCHED],
        at=at,
    )
    if review.public_at is None:
        values: dict[str, Any] = {"public_at": at}
        if review.state in (Review.State.PLANNED, Review.State.VISITING, Review.State.THEMES):
            values["state"] = Review.State.REPORTED
        write(review, "scrutiny.report_published", values, by=by, at=at)
    else:
        write(review, "scrutiny.report_published", {}, by=by, at=at)
    _show_practice(review, shown, at)
    # Recommendations that the public follows already stand under the report from now on.
    own = Recommendation.objects.filter(review=review).values("uid")
    rows = Published.objects.filter(pk__in=own, gone_at__isnull=True).exclude(above=shown)
    rows.update(above=shown, modified=at)
    return keep_edition(shown, Edition.Kind.REPORT, because=because, by=by, at=at)


def _sections(review: Review, by: User) -> list[reports.Section]:
    sections = reports.sections_of(by, review)
    if not sections:
        raise ScrutinyRefused(
            "There is nothing to report yet: write an introduction, or let the committee agree themes."
        )
    return sections


def _show_practice(review: Review, shown: Published, at: datetime) -> None:
    stay = []
    for order, one in enumerate(Practice.objects.filter(review=review).order_by("title"), start=1):
        told = public_content(one)
        words = [told[name] for name in ("what", "where", "for_whom", "needs", "shows")]
        put(
            one.uid,
            Published.Kind.PRACTICE,
            name=one.title,
            above=shown,
            order=order,
            told=told,
            words="\n".join(words),
            at=at,
        )
        stay.append(one.pk)
    Practice.objects.filter(pk__in=stay, public_at__isnull=True).update(public_at=at)


@transaction.atomic
def withdraw_report(*, review: Review, because: str, by: User, at: datetime) -> Review:
    """Take a report and its practice back from the public. Raises PermissionDenied, ScrutinyRefused."""
    may_keep(by).or_raise()
    if not because.strip():
        raise ScrutinyRefused("Say why it is withdrawn: the record keeps it.", "why")
    review = locked(review)
    if review.public_at is None:
        raise ScrutinyRefused("It is not published.")
    review.public_at = None
    review.save(update_fields=["public_at"])
    record("scrutiny.report_withdrawn", subject=review, by=by, at=at, after={"because": because})
    rows = Published.objects.filter(gone_at__isnull=True)
    take_back(rows.filter(above=review.uid, kind=Published.Kind.PRACTICE), at=at)
    take_back(rows.filter(pk=review.uid), at=at)
    Practice.objects.filter(review=review).update(public_at=None)
    return review
