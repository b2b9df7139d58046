from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from kith.audit.models import Entry
from kith.families import actions, queries
from kith.families.models import Family, SearchKey
from tests.factories.accounts import make_team, make_user
from tests.factories.families import make_desk_worker, make_family, make_person

pytestmark = pytest.mark.django_db


def test_a_family_gets_a_reference_of_its_own_and_stands_for_itself(at, seen_by):
    desk = make_desk_worker()
    seen_by(desk)

    first = actions.add_family(name="Okafor", by=desk, at=at)
    second = actions.add_family(name="Reed", by=desk, at=at)

    assert first.reference != second.reference
    assert Family.objects.get(pk=first.pk).head_id == first.pk


def test_only_teams_with_standing_know_that_a_family_exists(at, seen_by):
    banbury, witney = make_team("Banbury"), make_team("Witney")
    insider, outsider = make_user("hub_worker", banbury), make_user("hub_worker", witney)
    family = make_family(team=banbury)
    child = make_person(family, "Ada", "Okafor", date(2016, 5, 4))

    seen_by(outsider)
    assert not queries.visible_to(outsider).exists()
    assert queries.people_of(outsider, family) == []
    with pytest.raises(PermissionDenied, match="team that works with this family"):
        actions.add_address(family=family, postcode="OX4 1AA", by=outsider, at=at)
    seen_by(insider)
    assert list(queries.visible_to(insider)) == [family]
    assert [member.person for member in queries.people_of(insider, family)] == [child]
    actions.add_address(family=family, postcode="ox41aa", by=insider, at=at)
    assert [address.postcode for address in queries.addresses_of(insider, family)] == ["OX4 1AA"]


def test_a_team_gets_standing_once_for_each_reason(at, seen_by):
    desk, banbury = make_desk_worker(), make_team("Banbury")
    worker = make_user("hub_worker", banbury)
    family = make_family()
    seen_by(desk)

    first = actions.give_standing(family=family, team=banbury, reason="request", by=desk, at=at)
    again = actions.give_standing(family=family, team=banbury, reason="request", by=desk, at=at)
    actions.give_standing(family=family, team=banbury, reason="case", by=desk, at=at)
    assert first == again

    actions.end_standing(family=family, team=banbury, reason="case", by=desk, at=at)
    seen_by(worker)
    assert queries.visible_to(worker).exists()
    seen_by(desk)
    actions.end_standing(family=family, team=banbury, reason="request", by=desk, at=at)
    seen_by(worker)
    assert not queries.visible_to(worker).exists()


def test_people_are_found_by_what_is_learned_later(at, seen_by):
    desk = make_desk_worker()
    family = make_family()
    child = make_person(family, "Ada", "Okafor", date(2016, 5, 4))
    seen_by(desk)

    actions.add_address(family=family, postcode="OX4 1AA", by=desk, at=at)
    actions.add_contact_detail(person=child, kind="phone", value="07700 900 982", by=desk, at=at)
    actions.correct_person(person=child, family=family, family_name="Reed", by=desk, at=at)

    keys = set(SearchKey.objects.filter(person=child).values_list("key", flat=True))
    assert {"n:reed", "n:ada", "b:2016-05-04", "p:OX41AA", "t:07700900982"} <= keys
    assert "n:okafor" not in keys


def test_every_change_is_written_in_the_log(at, seen_by):
    desk = make_desk_worker()
    dpo = make_user("dpo", make_team(kind="desk"))
    family = make_family()
    person = make_person(family)
    seen_by(desk)

    actions.rename_family(family=family, name="Okafor and Reed", by=desk, at=at)
    actions.end_membership(family=family, person=person, until=at.date(), by=desk, at=at)

    seen_by(dpo)
    log = [entry.what for entry in Entry.objects.filter(family_id=family.pk).order_by("at", "pk")]
    assert sorted(log) == ["family.added", "family.renamed", "person.added", "person.left"]


def test_children_are_listed_first_and_eldest_first(seen_by):
    desk = make_desk_worker()
    family = make_family()
    make_person(family, "Mum", role="mother", born=date(1985, 1, 1))
    make_person(family, "Young", born=date(2019, 1, 1))
    make_person(family, "Old", born=date(2012, 1, 1))
    seen_by(desk)

    names = [member.person.given_names for member in queries.people_of(desk, family)]

    assert names == ["Old", "Young", "Mum"]
