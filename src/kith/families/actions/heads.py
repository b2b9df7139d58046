"""Locking the records that stand for others, so that no merge happens meanwhile.

Records merged together form a tree; its root, the head, stands for all of them, and holding the
head is holding the tree. Only heads are ever held while waiting for another lock, and in the order
of their numbers, so two people who merge, part or give standing at once cannot wait for each other.
"""

from typing import TypeVar

from django.db import transaction

from kith.families.models import Family, Person

Row = TypeVar("Row", Family, Person)


class _Moved(Exception):
    """What was thought to stand for itself has been merged meanwhile."""


def lock_heads(model: type[Row], *numbers: int) -> list[Row]:
    """Lock the records that stand for the numbered ones, and return them in the order asked.

    Raises `DoesNotExist` where there is no such record. Runs in a transaction.
    """
    while True:
        try:
            # Going back before trying again lets go of what was locked in vain: to hold a record
            # that stands for nothing, and wait, is how two people come to wait for each other.
            with transaction.atomic():
                return _lock(model, numbers)
        except _Moved:
            continue


def _lock(model: type[Row], numbers: tuple[int, ...]) -> list[Row]:
    rows = model._default_manager
    head_of = dict(rows.filter(pk__in=numbers).values_list("pk", "head_id"))
    wanted = [head_of.get(number) or number for number in numbers]
    held = {}
    for number in sorted(set(wanted)):
        # Others may meanwhile write notes and requests that name it: its number does not change.
        held[number] = rows.select_for_update(no_key=True).get(pk=number)
        if held[number].merged_into_id is not None:
            raise _Moved
    # One that was parted from its head meanwhile stands for itself now.
    after = dict(rows.filter(pk__in=numbers).values_list("pk", "head_id"))
    if [after.get(number) or number for number in numbers] != wanted:
        raise _Moved
    return [held[number] for number in wanted]
