"""Who works at a hub: hours, and how many families at once."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q

from kith.accounts.models import User
from kith.audit.actions import fields_of, record
from kith.hubs.models import Hub, StaffPost
from kith.hubs.permissions import may_edit_hubs

FIELDS = ("title", "hours_a_week", "families_at_once", "since", "until")


class PostRefused(Exception):
    """The post cannot be as asked; the message says why, and `field` where."""

    def __init__(self, message: str, field: str = "since") -> None:
        super().__init__(message)
        self.field = field


@transaction.atomic
def add_post(
    *,
    hub: Hub,
    user: User,
    title: str,
    hours_a_week: Decimal,
    families_at_once: int,
    since: date,
    until: date | None = None,
    by: User,
    at: datetime,
) -> StaffPost:
    """Give a person a post at a hub. Raises PermissionDenied or PostRefused."""
    may_edit_hubs(by).or_raise()
    Hub.objects.select_for_update().get(pk=hub.pk)
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not user.is_active or user.is_service:
        raise PostRefused(f"The account of {user} is closed.", "user")
    post = StaffPost(
        hub=hub,
        user=user,
        title=title,
        hours_a_week=hours_a_week,
        families_at_once=families_at_once,
        since=since,
        until=until,
    )
    _check(post)
    post.save(force_insert=True)
    record("post.added", subject=post, by=by, at=at, after=_told(post), team_id=hub.team_id)
    return post


@transaction.atomic
def change_post(
    *,
    post: StaffPost,
    title: str,
    hours_a_week: Decimal,
    families_at_once: int,
    since: date,
    until: date | None,
    by: User,
    at: datetime,
) -> StaffPost:
    """Change or end a post. Raises PermissionDenied or PostRefused."""
    # The hub first, as when one is added: no two posts are checked against each other at a time.
    Hub.objects.select_for_update().get(pk=post.hub_id)
    post = StaffPost.objects.select_for_update().get(pk=post.pk)
    may_edit_hubs(by).or_raise()
    before = _told(post)
    post.title, post.hours_a_week, post.families_at_once = title, hours_a_week, families_at_once
    post.since, post.until = since, until
    _check(post)
    post.save()
    record(
        "post.changed",
        subject=post,
        by=by,
        at=at,
        before=before,
        after=_told(post),
        team_id=post.hub.team_id,
    )
    return post


def _check(post: StaffPost) -> None:
    if post.until is not None and post.until <= post.since:
        raise PostRefused("The last day must be after the first.", "until")
    others = StaffPost.objects.filter(
        Q(until__isnull=True) | Q(until__gt=post.since), hub=post.hub_id, user=post.user_id
    ).exclude(pk=post.pk)
    if post.until is not None:
        others = others.filter(since__lt=post.until)
    other = others.first()
    if other is not None:
        raise PostRefused(
            f"{post.user} has a post at this hub from {other.since:%-d %B %Y} already: "
            f"{other.title}. Change or end that one."
        )


def _told(post: StaffPost) -> dict[str, object]:
    return {"person": post.user, "hub": post.hub.name, **fields_of(post, FIELDS)}
