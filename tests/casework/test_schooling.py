"""Where children learn: typed and corrected on the record's pages, and nothing overwritten."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.utils import timezone

from kith.accounts.viewer import front_door, seeing_as
from kith.casework import actions, schooling
from kith.casework.models import Schooling
from kith.families import actions as families
from kith.families import living
from kith.families.models import Person
from kith.partners.models import Organisation
from tests.casework.test_record import person_called, url, words
from tests.factories.casework import make_case, make_desk, make_staffed_hub
from tests.families.test_living import long_ago

pytestmark = pytest.mark.django_db

LONG_AGO = date(2019, 9, 2)


@pytest.fixture
def banbury():
    return make_staffed_hub("Banbury")


@pytest.fixture
def family(banbury):
    yesterday = timezone.now() - timedelta(days=1)
    return make_case(banbury, worker=banbury.worker, at=yesterday).family


@pytest.fixture
def worker(banbury):
    client = Client()
    client.force_login(banbury.worker)
    return client


@pytest.fixture
def ada(family, banbury):
    return person_called(family, banbury, "Ada")


@pytest.fixture
def schools(db):
    return [
        Organisation.objects.create(name=name, kind="school", phase=phase, postcode="OX16 5QB")
        for name, phase in (("Marlfield Primary", "primary"), ("Marlfield Academy", "secondary"))
    ]


def go(family, child, by, at=None, **said):
    given = {"setting": "school", "name": "Elmfield", "source": "Her mother"} | said
    with seeing_as(by):
        return actions.add_schooling(
            person=child, family=family, by=by, at=at or timezone.now(), **given
        )


def known(viewer, family, day, moment=None):
    """Return where everybody of a family learned on a day, as known now or at a moment."""
    with seeing_as(viewer):
        facts = (
            living.facts_known(viewer, [family], moment)
            if moment
            else living.facts_now(viewer, [family])
        )
        found = living.on_a_day(facts, day, head=family.pk)
        schooling.put_with(viewer, found, facts, at=moment)
        schooling.on_the_day(found)
        return [its.words for one in found.people for its in one.schools]


def test_a_school_is_found_by_part_of_its_name_and_stands_on_every_page_of_the_record(
    worker, family, ada, schools
):
    add = url("school_add", family, ada.pk)
    asked = {"setting": "school", "name": "Marlfield", "source": "Her mother", "send": "support"}
    page = worker.post(add, asked)
    assert "Which one do you mean by “Marlfield”?" in words(page)
    assert "Marlfield Academy, OX16 5QB" in words(page)

    done = worker.post(add, asked | {"chosen": schools[0].pk, "since": "2019-09-02"}, follow=True)

    assert "Marlfield Primary" in words(done)
    assert "SEN support. Source: Her mother" in words(done)
    assert "Marlfield Primary, since 2 September 2019" in words(worker.get(url("record", family)))
    with seeing_as(front_door()):
        assert Schooling.objects.get().organisation == schools[0]
    typed = worker.post(add, asked | {"name": "Nowhere", "former": "both"})
    assert "We do not know “Nowhere”" in words(typed)
    free = asked | {"name": "Nowhere", "former": "both", "chosen": "none"}
    assert "Nowhere" in words(worker.post(add, free, follow=True))


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({"setting": ""}, "Choose where they learn"),
        ({"name": ""}, "Write the name of the school or place"),
        ({"setting": "home"}, "Take the name out"),
        ({"source": ""}, "Who says so"),
        ({"since": "2999-01-01"}, "must be today or in the past"),
        ({"since": "2020-02-30"}, "real date"),
        ({"since": "2000-01-01"}, "They were born on"),
        ({"since": "2020-01-02", "until": "2020-01-01"}, "the end must be a later day"),
        ({"ending": "moved"}, "Give the day on which it ended"),
        ({"chosen": "9" * 19}, "We do not know"),
        ({"chosen": "x' or 1=1"}, "We do not know"),
        ({"name": "Elmfield\x00"}, "name"),
    ],
)
def test_what_cannot_be_so_is_refused_at_its_field_and_nothing_is_lost(
    worker, family, ada, changed, refused
):
    with seeing_as(front_door()):
        Person.objects.filter(pk=ada.pk).update(date_of_birth=date(2014, 3, 2))
    said = {"setting": "school", "name": "Elmfield", "source": "Her mother"} | changed
    if "chosen" not in changed:
        said["chosen"] = "none"
    if changed == {"name": "Elmfield\x00"}:
        said.pop("chosen")

    page = worker.post(url("school_add", family, ada.pk), said)

    assert page.status_code == 200
    assert refused in words(page)
    assert "Elmfield" in page.content.decode() or not said["name"]
    with seeing_as(front_door()):
        assert not Schooling.objects.exists()


def test_a_child_who_goes_elsewhere_has_left_the_first_place_or_goes_to_both(
    worker, family, ada, banbury
):
    go(family, ada, banbury.worker, since=LONG_AGO)
    add = url("school_add", family, ada.pk)
    said = {"setting": "alternative", "name": "The Barn", "chosen": "none", "source": "School"}
    assert "Say whether they still go to the other place" in words(worker.post(add, said))
    said["former"] = "left"
    assert "Give the day on which they began, and left" in words(worker.post(add, said))
    worker.post(add, said | {"since": "2024-01-08", "left_ending": "managed"})

    assert known(banbury.worker, family, date(2024, 1, 7)) == ["Elmfield"]
    assert known(banbury.worker, family, date(2024, 1, 8)) == ["The Barn"]
    page = words(worker.get(url("person", family, ada.pk)))
    assert "Ended: A managed move to another school" in page
    again = said | {"since": "2024-02-01", "former": "both"}
    assert "It is written down already that they were there then" in words(worker.post(add, again))


def test_taught_at_home_or_not_in_school_is_over_once_a_child_goes_to_school(
    worker, family, ada, banbury
):
    go(family, ada, banbury.worker, setting="none", name="", since=LONG_AGO)
    assert "Not in school" in words(worker.get(url("record", family)))
    add = url("school_add", family, ada.pk)
    said = {"setting": "school", "name": "Elmfield", "chosen": "none", "source": "School"}
    assert "until then, “Not in school” stands there" in words(worker.post(add, said))

    worker.post(add, said | {"since": "2021-09-06"})

    today = timezone.localdate()
    assert known(banbury.worker, family, today) == ["Elmfield"]
    assert known(banbury.worker, family, date(2021, 9, 5)) == ["Not in school"]


def test_other_support_at_the_same_place_leaves_what_was_before_known(worker, family, ada, banbury):
    spell = go(family, ada, banbury.worker, send="support", since=LONG_AGO)
    send = url("school_send", family, spell.pk)
    said = {"send": "support", "since": "2023-01-09", "source": "The school"}
    assert "This is what is written down already" in words(worker.post(send, said))
    early = said | {"send": "plan", "since": "2019-09-02"}
    assert "give a later day" in words(worker.post(send, early))

    page = words(worker.post(send, said | {"send": "plan"}, follow=True))

    assert "Education, health and care plan. Source: The school" in page
    assert "Another support for special educational needs, at the same place" in page


def test_a_correction_keeps_what_was_known_and_notices_who_else_corrected(
    worker, family, ada, banbury
):
    spell = go(family, ada, banbury.worker, since=LONG_AGO)
    correct = url("school_correct", family, spell.pk)
    begin = worker.get(correct).context["form"].initial
    said = {key: value for key, value in begin.items() if value}
    said |= {"since": "2020-01-06", "name": "Elmfield School", "chosen": "none"}
    assert worker.post(correct, said).status_code == 302

    late = worker.post(correct, said | {"since": "2020-02-06"})

    assert "While you looked, somebody changed this" in words(late)
    assert "What the record says now" in words(late)
    assert known(banbury.worker, family, date(2019, 12, 1)) == []
    assert known(banbury.worker, family, date(2020, 2, 1)) == ["Elmfield School"]


def test_what_was_written_by_mistake_is_shown_no_more_and_was_known_then(
    worker, family, ada, banbury
):
    spell = go(family, ada, banbury.worker, since=LONG_AGO)
    with seeing_as(front_door()):
        long_ago(30)
    mistake = url("school_mistake", family, spell.pk)
    assert "Say why it should not stand there" in words(worker.post(mistake, {"why": " "}))

    page = words(worker.post(mistake, {"why": "Her cousin’s"}, follow=True))

    assert "It is off the record" in page and "Elmfield" not in page
    for name in ("school_mistake", "school_end", "school_correct", "school_send"):
        assert worker.get(url(name, family, spell.pk)).status_code == 404
    assert known(banbury.worker, family, timezone.localdate()) == []
    a_week_ago = timezone.now() - timedelta(days=7)
    assert known(banbury.worker, family, a_week_ago.date(), a_week_ago) == ["Elmfield"]


def test_what_was_so_and_what_was_known_are_two_questions(family, ada, banbury):
    spell = go(family, ada, banbury.worker, since=LONG_AGO)
    with seeing_as(front_door()):
        long_ago(30)
    with seeing_as(banbury.worker):
        actions.correct_schooling(
            spell=spell, family=family, name="Oakfield", by=banbury.worker, at=timezone.now()
        )
    week_ago = timezone.now() - timedelta(days=7)

    assert known(banbury.worker, family, LONG_AGO) == ["Oakfield"]
    assert known(banbury.worker, family, LONG_AGO, week_ago) == ["Elmfield"]


def test_records_put_together_tell_a_school_once_and_keep_their_own_when_parted(banbury, family):
    witney = make_staffed_hub("Witney")
    other = make_case(witney, worker=witney.worker, at=timezone.now() - timedelta(days=1)).family
    here = person_called(family, banbury, "Ada")
    there = person_called(other, witney, "Ada")
    go(family, here, banbury.worker, since=LONG_AGO)
    go(other, there, witney.worker, since=LONG_AGO)
    go(other, there, witney.worker, name="Oakfield", since=date(2020, 1, 6))
    desk, today = make_desk(), timezone.localdate()
    said = {"by": desk, "at": timezone.now()}
    assert known(banbury.worker, other, today) == []
    with seeing_as(desk):
        merge = families.merge(kept=family, gone=other, same_people=[(here, there)], **said)

    def together(viewer):
        with seeing_as(viewer):
            records = [family, other]
            facts = living.facts_now(viewer, records)
            found = living.on_a_day(facts, today, head=family.pk)
            schooling.put_with(viewer, found, facts)
            return [its.words for one in found.people for its in one.schools]

    assert together(banbury.worker) == together(witney.worker) == ["Oakfield", "Elmfield"]
    with seeing_as(desk):
        families.undo_merge(merge=merge, **said)
    assert known(banbury.worker, family, today) == ["Elmfield"]
    assert known(witney.worker, other, today) == ["Oakfield", "Elmfield"]


def test_only_whoever_works_with_the_family_changes_it_and_the_database_hides_it_from_others(
    family, ada, banbury
):
    spell = go(family, ada, banbury.worker, since=LONG_AGO)
    outsider, desk = make_staffed_hub("Witney").worker, make_desk()

    with pytest.raises(PermissionDenied), seeing_as(outsider):
        actions.say_schooling_mistaken(
            spell=spell, family=family, why="x", by=outsider, at=timezone.now()
        )
    assert hidden(outsider) and not hidden(desk)
    with seeing_as(banbury.manager):
        families.restrict(
            family=family,
            reason="staff",
            words="Why",
            people=[banbury.manager],
            by=banbury.manager,
            at=timezone.now(),
        )

    assert hidden(desk) and hidden(banbury.worker)
    assert not hidden(banbury.manager)


def hidden(viewer) -> bool:
    with seeing_as(viewer), connection.cursor() as cursor:
        cursor.execute(
            "select (select count(*) from casework_schooling),"
            " (select count(*) from casework_schoolingevent)"
        )
        return cursor.fetchone() == (0, 0)


def test_a_death_ends_where_a_child_learned(worker, family, ada, banbury):
    go(family, ada, banbury.worker, since=LONG_AGO)

    page = worker.post(url("person_died", family, ada.pk), {"on": "2024-02-02"}, follow=True)

    assert "until 2 February 2024 Ended: The child died" in words(page)
    again = {"setting": "school", "name": "Oakfield", "chosen": "none", "source": "School"}
    page = words(worker.post(url("school_add", family, ada.pk), again))
    assert "They died on 2 February 2024: say until when" in page
    page = words(worker.post(url("person_alive", family, ada.pk), follow=True))
    assert "What had ended with it stands again: 1 place of learning." in page
    assert "The child died" not in page and "Other support at Elmfield" in page
