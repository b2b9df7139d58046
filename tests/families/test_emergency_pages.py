"""The pages of emergency looks."""

from datetime import date

import pytest
from django.urls import reverse

from kith.accounts.viewer import front_door
from kith.audit.models import Entry
from kith.families.models import EmergencyAccess
from kith.notices.models import Notice
from tests.factories.accounts import make_team, make_user
from tests.factories.families import make_family, make_person

pytestmark = pytest.mark.django_db
REASON = "The police are at the door and ask who lives here."
PAGE = "/families/emergency/"


@pytest.fixture
def worker():
    return make_user("hub_worker", make_team("Witney"), name="Wyn Worker")


@pytest.fixture
def dpo():
    return make_user("dpo", make_team("County", "desk"), email="dpo@kith.example")


@pytest.fixture
def family():
    banbury = make_team("Banbury")
    make_user("hub_manager", banbury, email="manager@kith.example")
    family = make_family(team=banbury)
    make_person(family, "Ada", "Okafor", date(2014, 3, 2))
    return family


def by_name(**changes):
    typed = {
        "reference": "",
        "given_names": "ada",
        "family_name": "OKAFOR",
        "date_of_birth_day": "2",
        "date_of_birth_month": "3",
        "date_of_birth_year": "2014",
        "reason": REASON,
    }
    return typed | changes


def test_a_worker_opens_a_record_by_its_number_and_every_page_says_so(
    client, worker, dpo, family, seen_by
):
    client.force_login(worker)
    assert client.get(reverse("casework:family", args=[family.reference])).status_code == 404

    answer = client.post(PAGE, {"reference": family.reference, "reason": REASON})

    assert answer.url == reverse("casework:family", args=[family.reference])
    assert client.get(answer.url).status_code == 200
    assert "in an emergency, until" in client.get(reverse("accounts:me")).content.decode()
    seen_by(front_door())
    told = Notice.objects.filter(key="family.emergency")
    assert set(told.values_list("to", flat=True)) == {"dpo@kith.example", "manager@kith.example"}
    assert all("Okafor" not in notice.subject for notice in told)


def test_a_record_is_found_by_exact_name_and_birthday_and_not_by_less(
    client, worker, dpo, family, seen_by
):
    client.force_login(worker)

    nearly = client.post(PAGE, by_name(date_of_birth_day="3"))
    assert "Nobody is recorded with exactly this name" in nearly.content.decode()
    part = client.post(PAGE, by_name(given_names=""))
    assert "Enter the family" in part.content.decode()
    seen_by(front_door())
    assert not EmergencyAccess.objects.exists()

    assert client.post(PAGE, by_name()).status_code == 302
    seen_by(front_door())
    assert EmergencyAccess.objects.get().family == family
    seen_by(dpo)
    looked = Entry.objects.filter(what="family.emergency_looked_for")
    assert [len(entry.after["found"]) for entry in looked.order_by("at")] == [0, 1]


@pytest.mark.parametrize("reason", ["", "urgent", "\0", " " * 50])
def test_a_reason_that_nobody_can_judge_is_refused_and_what_was_typed_is_kept(
    client, worker, family, seen_by, reason
):
    client.force_login(worker)

    page = client.post(PAGE, {"reference": family.reference, "reason": reason})

    assert page.status_code == 200
    assert family.reference in page.content.decode()
    seen_by(front_door())
    assert not EmergencyAccess.objects.exists()


def test_an_unknown_number_is_said_at_the_field(client, worker):
    client.force_login(worker)

    page = client.post(PAGE, {"reference": "F-999999", "reason": REASON})

    assert "There is no family with the reference F-999999" in page.content.decode()


def test_the_officer_reviews_a_look_and_sees_no_family(client, worker, dpo, family, seen_by):
    client.force_login(worker)
    client.post(PAGE, {"reference": family.reference, "reason": REASON})
    client.force_login(dpo)

    listed = client.get(reverse("families:emergencies")).content.decode()
    assert family.reference in listed
    assert "Okafor" not in listed
    seen_by(dpo)
    look = EmergencyAccess.objects.get()
    where = reverse("families:review_emergency", args=[look.pk])
    assert (
        "Choose an answer: was there a good reason to look?"
        in client.post(where, {"review": "Rang the police."}).content.decode()
    )
    client.post(where, {"justified": "yes", "review": "Rang the police: it was so."})

    seen_by(dpo)
    look.refresh_from_db()
    assert (look.justified, look.reviewed_by) == (True, dpo)
    assert "None is waiting" in client.get(reverse("families:emergencies")).content.decode()
    done = client.get(reverse("families:emergencies"), {"state": "done"}).content.decode()
    assert "Good reason" in done
    again = client.post(where, {"justified": "no", "review": "Changed my mind."}, follow=True)
    assert "You have already reviewed this" in again.content.decode()
    assert "You have already reviewed this" in client.get(where).content.decode()
