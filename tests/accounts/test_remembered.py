"""Within a transaction the database remembers what somebody may do, and forgets it in time."""

import pytest
from django.db import connection, transaction

from kith.accounts.models import Membership
from kith.accounts.viewer import front_door, see_as, seeing_as
from kith.casework.models import Case
from kith.families.models import Membership as Belongs
from kith.families.models import Standing
from tests.factories.accounts import make_team, make_user
from tests.factories.casework import make_case, make_staffed_hub
from tests.factories.families import make_family, make_person

pytestmark = pytest.mark.django_db


def may(permission: str = "family.see") -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select kith_may(%s)", [permission])
        return cursor.fetchone()[0]


def test_a_right_that_is_given_or_ended_counts_at_once_in_the_same_transaction():
    team, ann = make_team("Banbury"), make_user(name="Ann")
    see_as(ann)
    assert not may()

    held = Membership.objects.create(user=ann, team=team, role="hub_worker", since="2020-01-01")
    assert may()
    held.delete()
    assert not may()


def test_one_persons_rights_are_never_anothers():
    team = make_team("Banbury")
    worker, nobody = make_user("hub_worker", team), make_user()
    for _ in range(2):
        see_as(worker)
        assert may() and not may("family.see_all")
        see_as(nobody)
        assert not may()
        see_as(None)
        assert not may()


def test_what_is_taken_back_is_forgotten():
    team, ann = make_team("Banbury"), make_user(name="Ann")
    see_as(ann)
    assert not may()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Membership.objects.create(user=ann, team=team, role="hub_worker", since="2020-01-01")
        assert may()
        raise ZeroDivisionError

    assert not may()


def test_whoever_is_stopped_or_whose_team_is_closed_may_nothing_at_once():
    team = make_team("Banbury")
    worker = make_user("hub_worker", team)
    see_as(worker)
    assert may()
    team.active = False
    team.save(update_fields=["active"])
    assert not may()
    team.active = True
    team.save(update_fields=["active"])
    assert may()
    worker.is_active = False
    worker.save(update_fields=["is_active"])
    assert not may()


def asked(question: str, *values: object) -> object:
    with connection.cursor() as cursor:
        cursor.execute(f"select {question}", values)
        return cursor.fetchone()[0]


def test_a_case_that_was_seen_is_seen_no_more_as_soon_as_nobody_stands_by_its_family():
    banbury = make_staffed_hub("Banbury")
    case = make_case(banbury, worker=banbury.worker)
    see_as(banbury.worker)
    assert asked("kith_case_seen(%s)", case.pk)
    assert asked("kith_cases_seen()") == [case.pk]

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        with seeing_as(front_door()):
            Standing.objects.filter(family=case.family).update(until=case.opened_at)
        assert asked("kith_cases_seen()") == [] and not asked("kith_case_seen(%s)", case.pk)
        raise ZeroDivisionError

    assert asked("kith_case_seen(%s)", case.pk)
    with seeing_as(front_door()):
        assert asked("kith_cases_seen()") == [], "what one has seen, another may not"


def test_to_tell_of_cases_beforehand_tells_of_none_that_the_viewer_may_not_know():
    banbury, witney = make_staffed_hub("Banbury"), make_staffed_hub("Witney")
    cases = [make_case(hub, worker=hub.worker).pk for hub in (banbury, witney)]
    see_as(banbury.worker)

    assert asked("kith_cases_told(%s)", cases)

    assert asked("kith_cases_seen()") == cases[:1]


def test_a_person_who_was_seen_is_seen_no_more_as_soon_as_they_leave_the_family():
    banbury = make_staffed_hub("Banbury")
    person = make_person(make_family(team=banbury.hub.team))
    see_as(banbury.worker)
    assert asked("kith_person_seen(%s)", person.pk)

    with seeing_as(front_door()):
        Belongs.objects.filter(person=person).update(family=make_family("Elsewhere"))

    assert not asked("kith_person_seen(%s)", person.pk)


def test_a_case_that_was_seen_is_seen_no_more_as_soon_as_it_is_another_familys():
    banbury = make_staffed_hub("Banbury")
    case = make_case(banbury, worker=banbury.worker)
    see_as(banbury.worker)
    assert asked("kith_case_seen(%s)", case.pk)

    with seeing_as(front_door()):
        Case.objects.filter(pk=case.pk).update(family=make_family("Elsewhere"))

    assert not asked("kith_case_seen(%s)", case.pk)
