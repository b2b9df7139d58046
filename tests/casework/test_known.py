"""Somebody known already is joined to another family: one person, on both records."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.utils import timezone

from kith.accounts.viewer import front_door, seeing_as
from kith.audit.models import Entry
from kith.casework.chronology import chronology
from kith.families import actions as families
from kith.families import queries
from kith.families.models import Family, Membership, Person, Relationship
from tests.casework.test_record import url, words
from tests.factories.accounts import make_team, make_user
from tests.factories.casework import make_case, make_desk, make_staffed_hub
from tests.factories.families import make_family, make_person

pytestmark = pytest.mark.django_db

NAME = "Zephyrine Quillfeather"


@pytest.fixture
def banbury():
    return make_staffed_hub("Banbury")


@pytest.fixture
def witney():
    return make_staffed_hub("Witney")


@pytest.fixture
def mums(banbury):
    """The family the child is known of: its name and address tell on it."""
    yesterday = timezone.now() - timedelta(days=1)
    family = make_case(banbury, worker=banbury.worker, at=yesterday).family
    with seeing_as(front_door()):
        Family.objects.filter(pk=family.pk).update(name="Secretname")
        families.add_address(
            family=family, postcode="OX15 9ZZ", lines="9 Hidden Row", by=front_door(),
            at=timezone.now(),
        )  # fmt: skip
    family.name = "Secretname"
    return family


@pytest.fixture
def child(mums):
    given, name = NAME.split()
    return make_person(mums, given, name, born=date(2015, 5, 4))


@pytest.fixture
def dads(banbury):
    family = make_family("Reed", team=banbury.hub.team)
    make_person(family, "Sam", "Reed", role="father")
    return family


@pytest.fixture
def worker(banbury):
    return browse(banbury.worker)


def browse(user):
    client = Client()
    client.force_login(user)
    return client


def test_a_child_is_found_compared_and_joined_to_a_second_family(
    worker, banbury, mums, dads, child
):
    page = worker.get(url("known_find", dads), {"q": ""})
    assert "Write a name" in words(page)
    found = words(worker.get(url("known_find", dads), {"q": "quillfeather"}))
    assert f"{NAME} Child or young person of Secretname" in found
    assert "Born 4 May 2015" in found
    join = url("known_join", dads, child.pk)
    assert "every team that works with Reed knows of them" in words(worker.get(join))
    with seeing_as(banbury.worker):
        sam = Person.objects.get(given_names="Sam")
    said = {"role": "child", "since": "2024-02-01", "kind": "parent", "lives_here": "on"}
    assert "Choose to whom" in words(worker.post(join, said))
    assert "Choose what they are in this family" in words(worker.post(join, {"role": ""}))
    early = said | {"since": "2015-05-03", "other": sam.pk}
    assert "before they were born" in words(worker.post(join, early))

    done = words(worker.post(join, said | {"kind": "other", "other": sam.pk}, follow=True))

    assert f"{NAME} belongs to this family too" in done
    assert "Belongs also to Secretname" in done
    with seeing_as(banbury.worker):
        assert Person.objects.filter(family_name="Quillfeather").count() == 1
        assert Membership.objects.filter(person=child, until=None).count() == 2
        assert Relationship.objects.get(person=child).other == sam
        told = [event.title for event in chronology(banbury.worker, dads, {"lives"})]
    assert f"{NAME} joined the family: child or young person" in told
    there = words(worker.get(url("person", mums, child.pk)))
    assert "Other families Child or young person of Reed" in there
    assert worker.get(join).url == url("person", dads, child.pk)
    assert (
        NAME
        not in words(worker.get(url("known_find", dads), {"q": "quillfeather"})).split("Find", 2)[
            -1
        ]
    )


def test_another_hub_learns_of_the_child_and_nothing_of_the_first_family(
    banbury, witney, mums, child
):
    dads = make_family("Reed", team=witney.hub.team)
    with seeing_as(front_door()):
        families.give_standing(
            family=dads, team=banbury.hub.team, reason="case", by=front_door(), at=timezone.now()
        )
    outsider = browse(witney.worker)
    # Whoever may not see somebody finds them no more than somebody who is not there.
    assert "Nobody you may know of" in words(
        outsider.get(url("known_find", dads), {"q": "quillfeather"})
    )
    assert outsider.get(url("known_join", dads, child.pk)).status_code == 404
    with seeing_as(witney.worker), pytest.raises(PermissionDenied):
        join(dads, child, witney.worker)
    gain = words(browse(make_desk()).get(url("known_join", dads, child.pk)))
    assert "also teams of which you may not know. Among them: Witney" in gain
    with seeing_as(banbury.worker):
        join(dads, child, banbury.worker)

    record = outsider.get(url("record", dads))
    person = outsider.get(url("person", dads, child.pk))

    assert NAME in words(record) and NAME in words(person)
    for page in (record, person, outsider.get(url("family", dads))):
        assert not tells(page.content.decode(), mums)
    assert outsider.get(url("record", mums)).status_code == 404
    assert everything_told(witney.worker, mums) == []
    assert {one.reference for one in visible(witney.worker)} == {dads.reference}
    # Each leaves a trace with the family it was done to.
    with seeing_as(make_user("dpo", make_team("County", "desk"))):
        assert Entry.objects.get(what="person.joined").family_id == dads.pk


def test_somebody_of_a_record_kept_to_named_people_is_joined_knowingly_and_the_record_stays_hidden(
    banbury, witney, mums, dads, child
):
    with seeing_as(banbury.manager):
        families.restrict(
            family=mums, reason="refuge", words="Why", people=[banbury.manager],
            by=banbury.manager, at=timezone.now(),
        )  # fmt: skip
    unnamed = browse(banbury.worker)
    assert "Nobody you may know of" in words(
        unnamed.get(url("known_find", dads), {"q": "quillfeather"})
    )
    assert unnamed.get(url("known_join", dads, child.pk)).status_code == 404
    manager, at = browse(banbury.manager), url("known_join", dads, child.pk)
    assert "They belong to a record kept to named people" in words(manager.get(at))
    assert "Say that you know who will see them" in words(manager.post(at, {"role": "child"}))
    with seeing_as(banbury.manager), pytest.raises(families.KeptToNamed):
        join(dads, child, banbury.manager)

    done = manager.post(at, {"role": "child", "knowing": "on"}, follow=True)

    assert "Belongs also to Secretname" in words(done)
    for client in (unnamed, browse(make_desk()), browse(make_user("hub_worker", banbury.hub.team))):
        page = client.get(url("person", dads, child.pk))
        assert NAME in words(page)
        assert not tells(page.content.decode(), mums)
        assert not tells(client.get(url("record", dads)).content.decode(), mums)
        assert client.get(url("record", mums)).status_code == 404
    assert everything_told(banbury.worker, mums) == []


def test_who_may_be_the_same_person_is_said_before_somebody_is_joined(worker, mums, dads, child):
    given, name = NAME.split()
    make_person(dads, given, name, born=date(2015, 5, 4))

    page = words(worker.get(url("known_join", dads, child.pk)))

    assert f"the same person : {NAME} and {NAME} of this family" in page
    assert "put the records together" in page


def test_nobody_joins_twice_nor_after_they_died_and_whoever_left_may_come_back(
    banbury, mums, dads, child
):
    said = {"by": banbury.worker, "at": timezone.now()}
    with seeing_as(banbury.worker):
        belongs = join(dads, child, banbury.worker, since=date(2020, 1, 1))
        with pytest.raises(families.BelongsAlready):
            join(dads, child, banbury.worker)
        families.leave_family(membership=belongs, until=date(2022, 1, 1), **said)
        join(dads, child, banbury.worker, since=date(2023, 1, 1))
        sam = Person.objects.get(given_names="Sam")
        families.record_death(person=sam, family=dads, on=date(2024, 1, 1), **said)
        with pytest.raises(families.OutOfOrder, match="died on 1 January 2024"):
            join(mums, sam, banbury.worker)


def join(family, person, by, **said):
    return families.join_known(
        person=person, family=family, role="child", by=by, at=timezone.now(), **said
    )


def visible(viewer):
    with seeing_as(viewer):
        return list(queries.visible_to(viewer))


def tells(text, family) -> list[str]:
    secrets = (family.reference, family.name, "9ZZ", "Hidden Row", "Ada Okafor")
    return [secret for secret in secrets if secret in text]


def everything_told(viewer, family) -> list[str]:
    """Return the tables in which a row tells somebody of a family, read as the database itself."""
    found = []
    with seeing_as(viewer), connection.cursor() as cursor:
        cursor.execute(
            "select relation.relname from pg_class relation join pg_attribute held"
            " on held.attrelid = relation.oid and held.attname = 'family_id'"
            " where relation.relrowsecurity and relation.relkind = 'r'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"select count(*) from {table} where family_id = %s", [family.pk])
            if cursor.fetchone()[0]:
                found.append(table)
    return found
