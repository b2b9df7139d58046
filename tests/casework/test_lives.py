"""What a family's history says of births, deaths, homes, names and schools."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from kith.accounts.viewer import seeing_as
from kith.casework import actions
from kith.casework.chronology import chronology
from kith.casework.models import Schooling
from kith.families import actions as families
from kith.families.models import Membership, Person
from tests.casework.test_record import url, words
from tests.factories.casework import make_case, make_desk, make_staffed_hub

pytestmark = pytest.mark.django_db


@pytest.fixture
def banbury():
    return make_staffed_hub("Banbury")


@pytest.fixture
def family(banbury):
    yesterday = timezone.now() - timedelta(days=1)
    return make_case(banbury, worker=banbury.worker, at=yesterday).family


def told(viewer, family):
    with seeing_as(viewer):
        events = chronology(viewer, family, {"lives"})
    return [(timezone.localdate(event.at).isoformat(), event.title) for event in events]


@pytest.fixture
def lived(banbury, family):
    """A family whose children moved between two homes, and went to schools."""
    says = {"by": banbury.worker, "at": timezone.now()}
    with seeing_as(banbury.worker):
        ada = Person.objects.get(memberships__family=family, given_names="Ada")
        families.correct_member(
            membership=Membership.objects.get(person=ada), date_of_birth=date(2014, 3, 2), **says
        )
        obi = families.add_member(
            family=family, role="child", given_names="Obi", family_name="Reed",
            date_of_birth=date(2014, 3, 2), **says,
        )  # fmt: skip
        sam = families.add_member(
            family=family, role="father", given_names="Sam", family_name="", since=date(2019, 5, 1),
            date_of_birth=date(1985, 1, 1), **says,
        )  # fmt: skip
        mums = families.add_home(family=family, postcode="OX16 5QB", called="Mum’s", **says)
        dads = families.add_home(family=family, postcode="OX4 1AA", called="Dad’s", **says)
        for child in (ada, obi):
            stay = families.move_in(person=child, address=mums, **says)
            families.move_out(stay=stay, until=date(2022, 8, 1), **says)
            families.move_in(person=child, address=dads, since=date(2022, 8, 1), **says)
        families.change_name(
            person=sam, family=family, given_names="Sam", family_name="Reed",
            on=date(2023, 6, 1), **says,
        )  # fmt: skip
        where = {"person": ada, "family": family, "source": "Her mother"}
        actions.add_schooling(
            **where, setting="none", since=date(2021, 1, 4), until=date(2021, 9, 1), **says
        )
        spell = actions.add_schooling(
            **where, setting="school", name="Elmfield", since=date(2021, 9, 1), **says
        )
        for name in ("The Barn", "The Mill"):
            both = {"setting": "alternative", "name": name, "since": date(2022, 5, 2)}
            actions.add_schooling(**where, **both, until=date(2022, 6, 1), **says)
        actions.change_send(
            spell=spell, family=family, send="plan", since=date(2023, 1, 9), source="School", **says
        )
    return sam


def test_a_family_s_life_stands_in_its_history_by_day_and_together(banbury, family, lived):
    with seeing_as(banbury.worker):
        families.record_death(
            person=lived, family=family, on=date(2024, 2, 2), by=banbury.worker, at=timezone.now()
        )

    assert told(banbury.worker, family) == [
        ("2024-02-02", "Sam Reed died"),
        ("2023-06-01", "Sam Reed: new name"),
        ("2023-01-09", "Ada Okafor: other support at Elmfield. Education, health and care plan"),
        ("2022-08-01", "Ada Okafor and Obi Reed moved from Mum’s to Dad’s"),
        ("2022-06-01", "Ada Okafor left The Mill"),
        ("2022-06-01", "Ada Okafor left The Barn"),
        ("2022-05-02", "Ada Okafor began at The Mill"),
        ("2022-05-02", "Ada Okafor began at The Barn"),
        ("2021-09-01", "Ada Okafor: Elmfield from this day, before not in school"),
        ("2021-01-04", "Ada Okafor: not in school from this day"),
        ("2019-05-01", "Sam Reed joined the family: father"),
        ("2014-03-02", "Ada Okafor and Obi Reed were born"),
    ]


def test_the_page_tells_it_under_its_own_heading(client, banbury, family, lived):
    client.force_login(banbury.worker)

    page = words(client.get(url("family", family) + "?kind=lives"))

    assert "What has happened: births, homes, names and schools" in page
    assert "Before: Sam. Since then: Sam Reed" in page
    assert "Request received" not in page


def test_a_masked_home_and_a_mistaken_school_are_not_told_of(banbury, family, lived):
    with seeing_as(banbury.worker):
        spell = Schooling.objects.get(setting="none")
        actions.say_schooling_mistaken(
            spell=spell, family=family, why="x", by=banbury.worker, at=timezone.now()
        )
    with seeing_as(banbury.manager):
        home = family.addresses.get(called="Dad’s")
        families.restrict(
            family=family, address=home, reason="refuge", words="x", people=[banbury.manager],
            by=banbury.manager, at=timezone.now(),
        )  # fmt: skip

    titles = [title for _, title in told(banbury.worker, family)]

    assert "Ada Okafor and Obi Reed left Mum’s" in titles
    assert not any("Dad’s" in title or "not in school" in title for title in titles)
    assert any("Dad’s" in title for _, title in told(banbury.manager, family))


def test_a_family_that_moves_as_a_whole_is_told_of_once(banbury, family):
    says = {"by": banbury.worker, "at": timezone.now()}
    with seeing_as(banbury.worker):
        first = families.add_home(
            family=family, postcode="OX16 5QB", since=date(2020, 1, 1), **says
        )
        families.leave_home(address=first, until=date(2022, 2, 2), **says)
        families.add_home(family=family, postcode="OX4 1AA", since=date(2022, 2, 2), **says)

    assert [title for _, title in told(banbury.worker, family) if "family" in title] == [
        "The family moved from OX16 5QB to OX4 1AA",
        "The family came to live at OX16 5QB",
    ]


def test_records_put_together_tell_of_one_birth_once(banbury, family, lived):
    other = make_case(banbury, worker=banbury.worker, at=timezone.now() - timedelta(days=1)).family
    says = {"by": make_desk(), "at": timezone.now()}
    with seeing_as(says["by"]):
        again = Person.objects.get(memberships__family=other, given_names="Ada")
        families.correct_member(
            membership=Membership.objects.get(person=again), date_of_birth=date(2014, 3, 2), **says
        )
        ada = Person.objects.get(memberships__family=family, given_names="Ada")
        families.merge(kept=family, gone=other, same_people=[(ada, again)], **says)

    births = [title for _, title in told(banbury.worker, family) if "born" in title]

    assert births == ["Ada Okafor and Obi Reed were born"]
