"""Two people of the desk at once, on two real connections to a database that commits."""

import random
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from django.utils import timezone

from kith.accounts.viewer import see_as
from kith.families import actions as families
from kith.families.models import Family, Merge, Standing
from kith.notices.models import Notice
from kith.referrals import actions
from kith.referrals.models import MOVES, Referral, Step
from tests.factories.accounts import make_team
from tests.factories.families import make_family
from tests.factories.referrals import make_desk_worker, make_referral


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Do things at the same moment, each on a connection of its own.

    Returns what each gave, or raised.
    """
    ready = threading.Barrier(len(deeds))
    came: list[Any] = [None] * len(deeds)

    def do(number: int) -> None:
        ready.wait()
        try:
            came[number] = deeds[number]()
        except Exception as raised:
            came[number] = raised
        finally:
            connections.close_all()

    threads = [threading.Thread(target=do, args=[number]) for number in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return came


def as_desk(worker: Any, deed: Callable[..., Any], **options: Any) -> Callable[[], Any]:
    """Return a deed of this worker, done in a transaction of its own."""

    def do() -> Any:
        with transaction.atomic():
            see_as(worker)
            return deed(by=worker, at=timezone.now(), **options)

    return do


def of_kind(came: Iterable[Any], kind: type) -> list[Any]:
    return [one for one in came if isinstance(one, kind)]


def test_two_who_decide_together_make_one_decision_and_one_message(fresh_database):
    with transaction.atomic():
        first, second = make_desk_worker("Ann First"), make_desk_worker("Sue Second")
        referral = make_referral()

    came = at_once(
        as_desk(first, actions.already_helped, referral=referral, reason="r", words="w"),
        as_desk(second, actions.no_further_action, referral=referral, reason="r", words="w"),
    )

    [decided], [told] = of_kind(came, Referral), of_kind(came, actions.AlreadyDecided)
    assert str(told).startswith(f"{decided.decided_by.name} has already decided")
    assert decided.get_status_display().lower() in str(told)
    with transaction.atomic():
        see_as(first)
        kinds = list(Step.objects.filter(referral=referral).values_list("kind", flat=True))
        assert sorted(kinds) == sorted(["received", decided.status])
        assert Notice.objects.filter(key="referral.decided").count() == 1


def test_of_two_who_take_a_request_together_one_has_it_and_the_other_is_told(fresh_database):
    with transaction.atomic():
        first, second = make_desk_worker("Ann First"), make_desk_worker("Sue Second")
        referral = make_referral()

    came = at_once(
        as_desk(first, actions.take, referral=referral),
        as_desk(second, actions.take, referral=referral),
    )

    [taken], [told] = of_kind(came, Referral), of_kind(came, actions.HeldBySomebody)
    assert str(taken.held_by) in str(told)


def test_one_person_in_two_windows_decides_once_after_a_question_too(fresh_database):
    with transaction.atomic():
        desk = make_desk_worker("Ann First")
        referral = make_referral()
        see_as(desk)
        actions.ask_more(referral=referral, words="Which school?", by=desk, at=timezone.now())

    came = at_once(
        as_desk(desk, actions.no_further_action, referral=referral, reason="r", words="w"),
        as_desk(desk, actions.pass_to_social_care, referral=referral, reason="r", words="w"),
    )

    assert len(of_kind(came, Referral)) == 1
    assert len(of_kind(came, actions.AlreadyDecided)) == 1


@pytest.mark.django_db
def test_the_database_itself_refuses_a_move_that_is_none(seen_by):
    """Whoever writes past the actions, on the application's own connection, is refused too."""
    desk = make_desk_worker()
    referral = make_referral()
    seen_by(desk)
    actions.already_helped(referral=referral, reason="r", words="w", by=desk, at=timezone.now())

    for status in Referral.Status.values:
        if status in (*MOVES["already_helped"], "already_helped"):
            continue
        refused = pytest.raises(DatabaseError, match=r"(?i)transition|violates")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "update referrals_referral set status = %s where id = %s", [status, referral.pk]
            )
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "update referrals_referral set status = 'waiting' where id = %s", [referral.pk]
        )


def test_two_who_merge_the_same_records_make_one_merge(fresh_database):
    with transaction.atomic():
        first, second = make_desk_worker("Ann First"), make_desk_worker("Sue Second")
        one, other = make_family(), make_family()

    came = at_once(
        as_desk(first, families.merge, kept=one, gone=other),
        as_desk(second, families.merge, kept=other, gone=one),
    )

    [merge], [told] = of_kind(came, Merge), of_kind(came, families.AlreadyMerged)
    assert str(told).startswith(f"{merge.by.name} has already put one of these records")
    with transaction.atomic():
        see_as(first)
        assert set(Family.objects.values_list("head_id", flat=True)) == {merge.kept_id}


def test_two_who_undo_together_undo_once(fresh_database):
    with transaction.atomic():
        first, second = make_desk_worker("Ann First"), make_desk_worker("Sue Second")
        one, other = make_family(), make_family()
        see_as(first)
        merge = families.merge(kept=one, gone=other, by=first, at=timezone.now())

    came = at_once(
        as_desk(first, families.undo_merge, merge=merge),
        as_desk(second, families.undo_merge, merge=merge),
    )

    [undone], [told] = of_kind(came, Merge), of_kind(came, families.AlreadyUndone)
    assert str(told).startswith(f"{undone.undone_by.name} has already parted")


def test_standing_given_while_records_are_merged_reaches_all_of_them(fresh_database):
    with transaction.atomic():
        desk, team = make_desk_worker("Ann First"), make_team("Banbury")
        one, other, third = make_family(), make_family(), make_family()

    came = at_once(
        as_desk(desk, families.merge, kept=one, gone=other),
        as_desk(desk, families.give_standing, family=other, team=team, reason="case"),
        as_desk(desk, families.merge, kept=third, gone=one),
    )

    assert len(of_kind(came, Standing)) == 1
    with transaction.atomic():
        see_as(desk)
        head = Family.objects.get(pk=other.pk).head_id
        together = set(Family.objects.filter(head=head).values_list("pk", flat=True))
        known = set(
            Standing.objects.filter(team=team, until__isnull=True).values_list("family", flat=True)
        )
        assert known == together


def test_of_many_who_merge_part_and_give_standing_at_once_nobody_waits_for_another(
    fresh_database,
):
    """No deadlock, whatever the order: each either does it, or is told what another did."""
    with transaction.atomic():
        desk = make_desk_worker("Ann First")
        teams = [make_team("Banbury"), make_team("Witney"), make_team("Didcot")]
        made = [make_family() for _ in range(6)]
    chance = random.Random(1)

    def several() -> None:
        for _ in range(8):
            kept, gone = chance.sample(made, 2)
            with transaction.atomic():
                see_as(desk)
                undoable = list(Merge.objects.filter(undone_at__isnull=True).order_by("pk"))
            try:
                if undoable and chance.random() < 0.4:
                    as_desk(desk, families.undo_merge, merge=chance.choice(undoable))()
                elif chance.random() < 0.4:
                    team = chance.choice(teams)
                    as_desk(desk, families.give_standing, family=gone, team=team, reason="case")()
                else:
                    as_desk(desk, families.merge, kept=kept, gone=gone)()
            except (families.AlreadyMerged, families.AlreadyUndone):
                pass

    came = at_once(*[several] * 6)

    assert came == [None] * 6
    with transaction.atomic():
        see_as(desk)
        for family in Family.objects.select_related("merged_into"):
            above = family.merged_into
            assert family.head_id == (above.head_id if above else family.pk)
        known = defaultdict(set)
        for standing in Standing.objects.filter(until__isnull=True).select_related("family"):
            known[standing.team_id, standing.family.head_id].add(standing.family_id)
        for (_, head), families_known in known.items():
            together = Family.objects.filter(head=head).values_list("pk", flat=True)
            assert families_known == set(together)


def test_many_merges_at_once_never_make_a_ring(fresh_database):
    with transaction.atomic():
        desk = make_desk_worker("Ann First")
        made = [make_family() for _ in range(4)]

    ring = [(made[number], made[(number + 1) % 4]) for number in range(4)]
    at_once(*(as_desk(desk, families.merge, kept=kept, gone=gone) for kept, gone in ring))

    with transaction.atomic():
        see_as(desk)
        for family in Family.objects.all():
            head = family
            for _ in range(5):
                head = Family.objects.get(pk=head.merged_into_id) if head.merged_into_id else head
            assert head.merged_into_id is None
            assert family.head_id == head.pk
