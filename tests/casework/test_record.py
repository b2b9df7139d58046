"""The pages on which a hub worker keeps who a family is."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kith.accounts.viewer import seeing_as
from kith.families import actions as families
from kith.families.models import Person
from kith.web.today import today_for
from tests.factories.casework import make_case, make_desk, make_staffed_hub

pytestmark = pytest.mark.django_db


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


def url(name, family, *more):
    return reverse(f"casework:{name}", args=[family.reference, *more])


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def person_called(family, banbury, name):
    with seeing_as(banbury.worker):
        return Person.objects.get(memberships__family=family, given_names=name)


def test_a_worker_adds_an_unborn_child_and_says_later_that_it_is_born(worker, banbury, family):
    add = url("person_add", family)
    asked = {"given_names": "Baby", "role": "child", "born": "unborn", "lives_here": "on"}
    asked |= {"sex": "U"}
    assert "Give the day on which the child is expected" in words(worker.post(add, asked))
    expected = timezone.localdate() - timedelta(days=3)
    done = worker.post(add, asked | {"expected_on": expected.isoformat()}, follow=True)
    assert "This day has passed" in words(done)
    baby = person_called(family, banbury, "Baby")
    # The prompt stands on the family's page and the case's too.
    assert "This day has passed" in words(worker.get(url("family", family)))

    due = worker.get(reverse("casework:expected"))
    with seeing_as(banbury.worker):
        tasks = today_for(banbury.worker, timezone.now()).to_do
    [card] = [task for task in tasks if "expected" in task.label]
    assert card.number == len(due.context["rows"]) == 1

    born = url("person_born", family, baby.pk)
    said = {"on": expected.isoformat(), "given_names": "Nnedi", "family_name": "Okafor", "sex": "F"}
    page = words(worker.post(born, said, follow=True))

    assert "The birth is written down" in page
    assert "Had this name before: Baby" in page
    assert worker.get(born).status_code == 302, "a child is born once"


def test_a_correction_shows_what_somebody_else_changed_meanwhile(worker, banbury, family):
    ada = person_called(family, banbury, "Ada")
    correct = url("person_correct", family, ada.pk)
    shown = worker.get(correct).context["form"].initial
    answers = {"given_names": "Ada", "family_name": "Reed", "role": "child", "born": "born"}
    answers |= {"sex": "F", "date_of_birth": "2014-03-02", "lives_here": "on"}
    first = worker.post(correct, answers | {"mark": shown["mark"]})
    assert first.status_code == 302

    late = worker.post(correct, answers | {"mark": shown["mark"], "family_name": "Read"})

    assert "While you looked, somebody changed this record" in words(late)
    assert "What the record says now" in words(late)
    with seeing_as(banbury.worker):
        assert Person.objects.get(pk=ada.pk).family_name == "Reed"
    mark = re.search(r'name="mark" value="(\w+)"', late.content.decode())[1]
    assert worker.post(correct, answers | {"mark": mark, "family_name": "Read"}).status_code == 302
    with seeing_as(banbury.worker):
        assert Person.objects.get(pk=ada.pk).family_name == "Read"


def test_homes_are_added_with_who_lives_there_and_refusals_stand_at_their_field(
    worker, banbury, family
):
    ada = person_called(family, banbury, "Ada")
    add = url("home_add", family)
    assert "Write the postcode, or the address" in words(worker.post(add, {"lines": ""}))
    said = {"postcode": "ox4 1aa", "called": "Dad’s flat", "people": [ada.pk], "safe": "on"}
    if "first" in worker.get(add).context["form"].fields:
        assert "still has its other home" in words(worker.post(add, said))
        said["first"] = "kept"
    page = worker.post(add, said, follow=True)
    home = next(h for h in page.context["found"].homes if h.row["called"] == "Dad’s flat")
    assert [stay.words for stay in home.here] == ["Ada Okafor"]

    again = worker.post(url("home_in", family, home.number), {"person": ada.pk})
    assert "lives there then" in words(again)
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    early = worker.post(url("stay_end", family, home.here[0].number), {"until": tomorrow})
    assert "must be today or in the past" in words(early)


def test_whoever_died_is_told_of_gently_and_the_letter_leaves_them_out(worker, banbury, family):
    said = {"given_names": "Sam", "role": "father", "born": "born", "sex": "M"}
    worker.post(url("person_add", family), said)
    number = person_called(family, banbury, "Sam").pk
    died = url("person_died", family, number)
    page = words(worker.post(died, {"on": timezone.localdate().isoformat()}, follow=True))

    assert "Nothing more is sent to them" in page and "Died on" in page
    assert "Died on" in words(worker.get(url("family", family)))
    assert "It is written down already" in words(worker.post(died, {"on": "2026-01-01"}))
    back = worker.post(url("person_alive", family, number), follow=True)
    assert "Taken back" in words(back)


def test_the_page_of_a_past_day_says_which_of_two_questions_it_answers(worker, banbury, family):
    as_at = url("as_at", family)
    before = (date(2020, 1, 1)).isoformat()

    now = words(worker.get(as_at, {"on": before, "knew": "now"}))
    then = words(worker.get(as_at, {"on": before, "knew": "then"}))

    assert "What we know now about that day." in now and "Ada Okafor" in now
    assert "What we knew on that day." in then and "Ada" not in then
    assert "Nothing was written down about this family by then" in then
    today = {"on": timezone.localdate().isoformat(), "knew": "then"}
    assert "Ada Okafor" in words(worker.get(as_at, today))
    assert "must be a real date" in words(worker.get(as_at, {"on": "2026-02-31", "knew": "now"}))


def test_when_a_second_home_is_added_whoever_stays_at_the_first_is_written_down(
    worker, banbury, family
):
    add = url("home_add", family)
    first = {"postcode": "OX16 5QB", "lines": "12 High Street", "safe": "on"}
    if "first" not in worker.get(add).context["form"].fields:
        worker.post(add, first)
    mum = person_called(family, banbury, "Ada")
    told = words(worker.get(url("person", family, mum.pk)))
    assert "Said to live with the family, at its one home: 12 High Street, OX16 5QB." in told
    worker.post(url("person_add", family), {"given_names": "Obi", "role": "child", "born": "born", "sex": "M", "lives_here": "on"})  # fmt: skip
    ada = person_called(family, banbury, "Ada")
    said = {"postcode": "OX4 1AA", "people": [ada.pk], "safe": "on", "first": "left"}
    assert "Give the day on which they moved" in words(worker.post(add, said))

    found = worker.post(add, said | {"first": "kept"}, follow=True).context["found"]

    names = [[stay.words for stay in home.here] for home in found.homes]
    assert names[0] == ["Ada Okafor"]
    assert "Obi" in names[1]
    assert "Ada Okafor" not in names[1]
    assert found.unsaid == []


def test_a_child_as_foster_carer_is_asked_about_and_written_down_when_it_is_right(
    worker, banbury, family
):
    for name, born in (("Obi", "2017-05-04"), ("Ife", "2019-05-04")):
        worker.post(url("person_add", family), {"given_names": name, "role": "child", "born": "born", "sex": "U", "date_of_birth": born})  # fmt: skip
    obi, ife = (person_called(family, banbury, name) for name in ("Obi", "Ife"))
    ask = url("person_relate", family, obi.pk)
    said = {"kind": "foster_carer", "other": ife.pk, "parental_responsibility": "no"}

    assert "sure_of" not in worker.get(ask).context["form"].fields
    asked = worker.post(ask, said)
    assert "This looks odd. Tick what is right, or mend your answers." in words(asked)
    [(key, told)] = asked.context["form"].fields["sure_of"].choices
    assert re.fullmatch(r"Yes: Obi is \d+ years old\.", told)
    done = worker.post(ask, said | {"sure_of": [key]}, follow=True)

    assert "Foster carer of Ife" in words(done)


def test_records_with_open_cases_at_two_hubs_are_one_family_until_they_are_parted(banbury):
    yesterday = timezone.now() - timedelta(days=1)
    witney = make_staffed_hub("Witney")
    mine = make_case(banbury, worker=banbury.worker, at=yesterday)
    theirs = make_case(witney, worker=witney.worker, at=yesterday)
    desk = make_desk()
    said = {"by": desk, "at": timezone.now()}
    with seeing_as(desk):
        for family, postcode in ((mine.family, "OX16 5QB"), (theirs.family, "OX28 6AB")):
            families.add_home(family=family, postcode=postcode, **said)
        merge = families.merge(kept=mine.family, gone=theirs.family, **said)

    def seen(user):
        client = Client()
        client.force_login(user)
        return [client.get(url("case", case)).status_code for case in (mine, theirs)]

    assert seen(banbury.worker) == seen(witney.worker) == [200, 200]
    page = Client()
    page.force_login(witney.worker)
    assert page.get(url("family", theirs.family)).url == url("family", mine.family)
    shown = words(page.get(url("record", mine.family)))
    assert mine.family.reference in shown
    assert theirs.family.reference in shown
    # Who lives at which of two homes is not known of one that nobody was put down for.
    assert "Who lives here is not written down" in shown
    assert "Nobody is written down as living here" not in shown
    page.post(url("person_add", mine.family), {"given_names": "Late", "role": "child", "born": "born", "sex": "U"})  # fmt: skip
    with seeing_as(desk):
        families.undo_merge(merge=merge, **said)

    assert (seen(banbury.worker), seen(witney.worker)) == ([200, 404], [404, 200])
    assert person_called(mine.family, banbury, "Late")
    assert "Late" not in words(page.get(url("record", theirs.family)))


def test_a_manager_restricts_a_record_on_screen_and_a_worker_not_named_finds_nothing(
    worker, banbury, family
):
    manager = Client()
    manager.force_login(banbury.manager)
    assert "Keep this record to named people" in words(manager.get(url("record", family)))
    restrict = url("restrict", family)
    assert "Name at least one person" in words(manager.post(restrict, {"words": ""}))
    asked = manager.get(restrict).context["form"]
    assert set(asked["people"].value()) == {str(banbury.manager.pk), str(banbury.worker.pk)}
    said = {"reason": "staff", "words": "A colleague’s", "people": [banbury.manager.pk]}
    listed = words(manager.post(restrict, said, follow=True))

    assert family.reference in listed
    assert "Named: Manager of Banbury" in listed
    assert "Worker of Banbury works with this family, and does not see the family" in listed
    assert worker.get(url("family", family)).status_code == 404
    assert worker.get(reverse("casework:restrictions")).status_code == 403
    [kept] = manager.get(reverse("casework:restrictions")).context["kept"]
    one = reverse("casework:restriction", args=[kept.restriction.pk])
    manager.post(one, {"person": banbury.worker.pk})
    assert worker.get(url("family", family)).status_code == 200
    back = reverse("casework:unname", args=[kept.restriction.pk])
    manager.post(back, {"person": banbury.worker.pk})
    assert worker.get(url("family", family)).status_code == 404
    refused = manager.post(back, {"person": banbury.manager.pk}, follow=True)
    assert "Name somebody else first" in words(refused)
    manager.post(reverse("casework:lift", args=[kept.restriction.pk]), {"words": "She left"})
    assert worker.get(url("family", family)).status_code == 200


def test_whoever_compares_two_records_sees_the_requests_and_cases_on_each(banbury, family):
    witney = make_staffed_hub("Witney")
    other = make_case(witney, worker=witney.worker).family
    client = Client()
    client.force_login(make_desk())

    page = client.get(reverse("families:compare", args=[family.reference, other.reference]))

    shown = words(page)
    assert "at Banbury, open" in shown and "at Witney, open" in shown
    assert shown.count("Request R-") == 2
