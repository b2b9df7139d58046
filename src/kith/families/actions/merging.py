"""Saying that two records are one, and taking it back.

Only records that stand for themselves are merged, so merges form trees whose roots are the heads.
Every action here locks the heads it touches (see `heads.py`): of two people who merge the same
records at once, the second is told what the first did.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from kith.accounts.models import User
from kith.audit.actions import record
from kith.families.actions.heads import Row, lock_heads
from kith.families.actions.restricting import level_restrictions
from kith.families.actions.standing import level_standings
from kith.families.models import Family, Membership, Merge, NotSame, Person
from kith.families.permissions import may_merge


class CannotMerge(ValueError):
    """These records cannot be put together. The message says why."""


class AlreadyMerged(Exception):
    """Somebody has merged one of these records meanwhile. The message says who and when."""

    def __init__(self, merge: Merge | None) -> None:
        self.merge = merge
        if merge is None:
            super().__init__("One of these records has been merged meanwhile. Look at it again.")
            return
        super().__init__(
            f"{merge.by} has already put one of these records together with another, "
            f"on {timezone.localtime(merge.at):%-d %B at %H:%M}. Look at it again."
        )


class AlreadyUndone(Exception):
    """Somebody has taken this merge back already. The message says who and when."""

    def __init__(self, merge: Merge) -> None:
        self.merge = merge
        when = f"{timezone.localtime(merge.undone_at):%-d %B at %H:%M}" if merge.undone_at else ""
        super().__init__(f"{merge.undone_by} has already parted these records again, on {when}.")


@transaction.atomic
def merge(
    *,
    kept: Family,
    gone: Family,
    same_people: Iterable[tuple[Person, Person]] = (),
    reasons: Sequence[str] = (),
    by: User,
    at: datetime,
) -> Merge:
    """Say that two records are one family, and which of their people are the same.

    `same_people` are pairs: the record that stays, and the one that is merged into it. All teams
    with standing on one record have it on both. Raises PermissionDenied, CannotMerge or
    AlreadyMerged.
    """
    may_merge(by).or_raise()
    kept, gone = _lock_if_they_stand(Family, kept.pk, gone.pk)
    # Before the two are one: each pair must be people of the two.
    pairs = [(kept_person.pk, gone_person.pk) for kept_person, gone_person in same_people]
    _are_people_of([kept, gone], pairs)

    done = Merge(
        kind="family",
        family=kept,
        kept_id=kept.pk,
        gone_id=gone.pk,
        reasons=list(reasons),
        by=by,
        at=at,
    )
    done.save(force_insert=True)
    _point(gone, kept)
    for kept_id, gone_id in pairs:
        _merge_people(kept, kept_id, gone_id, reasons=reasons, part_of=done, by=by, at=at)
    level_standings(kept, at=at, merge=done)
    level_restrictions(kept, by=by, at=at)
    record(
        "family.merged",
        subject=kept,
        by=by,
        at=at,
        after={"gone": gone.reference, "people": len(pairs), "reasons": list(reasons)},
    )
    record("family.merged_into", subject=gone, by=by, at=at, after={"kept": kept.reference})
    return done


@transaction.atomic
def merge_people(
    *,
    family: Family,
    kept: Person,
    gone: Person,
    reasons: Sequence[str] = (),
    by: User,
    at: datetime,
) -> Merge:
    """Say that two records of people of one family are one person.

    Raises PermissionDenied, CannotMerge or AlreadyMerged.
    """
    may_merge(by).or_raise()
    [family] = lock_heads(Family, family.pk)
    _are_people_of([family], [(kept.pk, gone.pk)])
    return _merge_people(family, kept.pk, gone.pk, reasons=reasons, part_of=None, by=by, at=at)


@transaction.atomic
def undo_merge(*, merge: Merge, by: User, at: datetime) -> Merge:
    """Take a merge back, with the people merged as part of it.

    What was written meanwhile stays where it was written; a standing given meanwhile stays with
    the record it was given for. Raises PermissionDenied or AlreadyUndone.
    """
    may_merge(by).or_raise()
    merge = Merge.objects.select_for_update().get(pk=merge.pk)
    if merge.undone_at is not None:
        raise AlreadyUndone(merge)
    if merge.kind == "person":
        _undo_person(merge, by=by, at=at)
        return merge

    [head], gone = lock_heads(Family, merge.gone_id), Family.objects.get(pk=merge.gone_id)
    for part in Merge.objects.select_for_update().filter(part_of=merge, undone_at__isnull=True):
        _undo_person(part, by=by, at=at)
    _unpoint(gone)
    _mark_undone(merge, by, at)
    level_standings(head, at=at, merge=merge)
    level_standings(gone, at=at, merge=merge)
    level_restrictions(head, gone, by=by, at=at)
    kept = Family.objects.get(pk=merge.kept_id)
    record("family.parted", subject=kept, by=by, at=at, after={"parted": gone.reference})
    record("family.parted", subject=gone, by=by, at=at, after={"from": kept.reference})
    return merge


@transaction.atomic
def say_not_same(*, first: Person, second: Person, by: User, at: datetime) -> NotSame:
    """Say that two people are not the same; they are not suggested again.

    Raises PermissionDenied, or CannotMerge for a record and itself.
    """
    may_merge(by).or_raise()
    if first.pk == second.pk:
        raise CannotMerge("These are the same record.")
    low, high = sorted((first, second), key=lambda person: person.pk)
    said, new = NotSame.objects.get_or_create(first=low, second=high, defaults={"by": by, "at": at})
    if new:
        record("person.not_same", subject=low, by=by, at=at, after={"other": high.pk})
    return said


def _merge_people(
    family: Family,
    kept_id: int,
    gone_id: int,
    *,
    reasons: Sequence[str],
    part_of: Merge | None,
    by: User,
    at: datetime,
) -> Merge:
    kept, gone = _lock_if_they_stand(Person, kept_id, gone_id)
    done = Merge(
        kind="person",
        family=family,
        kept_id=kept.pk,
        gone_id=gone.pk,
        part_of=part_of,
        reasons=list(reasons),
        by=by,
        at=at,
    )
    done.save(force_insert=True)
    _point(gone, kept)
    record(
        "person.merged", subject=kept, by=by, at=at, family_id=family.pk, after={"gone": gone.pk}
    )
    return done


def _undo_person(merge: Merge, *, by: User, at: datetime) -> None:
    lock_heads(Person, merge.gone_id)
    _unpoint(gone := Person.objects.get(pk=merge.gone_id))
    _mark_undone(merge, by, at)
    record(
        "person.parted",
        subject=gone,
        by=by,
        at=at,
        family_id=merge.family_id,
        after={"from": merge.kept_id},
    )


def _mark_undone(merge: Merge, by: User, at: datetime) -> None:
    merge.undone_by, merge.undone_at = by, at
    merge.save(update_fields=["undone_by", "undone_at"])


def _lock_if_they_stand(model: type[Row], kept_id: int, gone_id: int) -> list[Row]:
    """Lock two records that each stand for themselves; raise AlreadyMerged where one does not."""
    if kept_id == gone_id:
        raise CannotMerge("A record cannot be put together with itself.")
    heads = lock_heads(model, kept_id, gone_id)
    asked = (kept_id, gone_id)
    merged = [number for number, head in zip(asked, heads, strict=True) if number != head.pk]
    if merged:
        raise AlreadyMerged(_merge_that_took(model._meta.model_name, merged))
    return heads


def _merge_that_took(kind: str | None, numbers: list[int]) -> Merge | None:
    return (
        Merge.objects.filter(kind=kind, gone_id__in=numbers, undone_at__isnull=True)
        .select_related("by")
        .order_by("-at")
        .first()
    )


def _are_people_of(families: list[Family], pairs: list[tuple[int, int]]) -> None:
    numbers = {number for pair in pairs for number in pair}
    gone = [gone_id for _, gone_id in pairs]
    if any(kept_id == gone_id for kept_id, gone_id in pairs) or len(set(gone)) < len(gone):
        raise CannotMerge("Each person can be put together with one other only.")
    if set(gone) & {kept_id for kept_id, _ in pairs}:
        raise CannotMerge("Each person can be put together with one other only.")
    found = Membership.objects.filter(person__in=numbers, family__head__in=families)
    if set(found.values_list("person_id", flat=True)) != numbers:
        raise CannotMerge("Choose people of these two families only.")


def _point(gone: Row, kept: Row) -> None:
    """Merge one root into another: all that stood behind the first stand behind the second."""
    model = type(gone)
    model._default_manager.filter(head=gone.pk).update(head=kept.pk)
    model._default_manager.filter(pk=gone.pk).update(merged_into=kept.pk, head=kept.pk)


def _unpoint(gone: Row) -> None:
    """Let a row stand for itself again, and for all that were merged into it."""
    table = type(gone)._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            with recursive behind(id) as (
                select %s::bigint
                union
                select next.id from {table} next join behind on next.merged_into_id = behind.id
            )
            update {table} set
                head_id = %s,
                merged_into_id = case when id = %s then null else merged_into_id end
            where id in (select id from behind)
            """,
            [gone.pk, gone.pk, gone.pk],
        )
    gone.refresh_from_db(fields=["head", "merged_into"])
