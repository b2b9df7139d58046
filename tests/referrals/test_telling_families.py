"""The family's own copy goes by e-mail where that is safe, and nowhere else."""

import pytest
from django.test import Client

from kith.accounts.viewer import clock, front_door, seeing_as
from kith.families.models import ContactDetail
from kith.notices.models import Notice
from kith.referrals import actions, queries
from kith.referrals.requests import NewAdult
from tests.factories.referrals import AT, make_desk_worker, make_referral

pytestmark = pytest.mark.django_db
GRACE = NewAdult("Grace", "Okafor", role="mother", email="grace@home.example")
AGREED = {"adults": (GRACE,), "contact_by": ("phone", "email")}
SAID = {"reason": "Close to home.", "words": "Words for the sender only."}


def to_the_family() -> list[Notice]:
    with seeing_as(clock()):
        return list(Notice.objects.filter(key__startswith="referral.family").order_by("made_at"))


def test_the_adult_who_agreed_gets_the_familys_copy_when_it_arrives_and_is_decided():
    referral, desk = make_referral(**AGREED), make_desk_worker()
    with seeing_as(desk):
        actions.no_further_action(referral=referral, **SAID, by=desk, at=AT)

    arrived, decided = to_the_family()

    assert arrived.to == decided.to == "grace@home.example"
    assert arrived.subject == decided.subject == f"Your copy of {referral.reference}"
    assert "Help for Ada, asked for by Sam Field, Orchard School" in arrived.body
    assert "People at the county desk read the request" in arrived.body
    assert "We will not do anything more for now." in decided.body
    for private in (referral.worry, SAID["words"], SAID["reason"]):
        assert private not in arrived.body + decided.body
    link = next(line for line in decided.body.splitlines() if "/requests/link/" in line)
    opened = Client().get(link[link.index("/requests/") :], follow=True)
    assert opened.redirect_chain[-1][0] == f"/requests/sent/{referral.reference}/family/"
    assert opened.status_code == 200


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"adults": (NewAdult("Grace", "Okafor", role="mother", email="grace@home.example",
                              email_safe=False),)}, "It is not safe to write"),
        ({"adults": (GRACE, NewAdult("Gil", "Okafor", role="father", email="GRACE@home.example",
                                     email_safe=False))}, "It is not safe to write"),
        ({"adults": (NewAdult("Gil", "Okafor", role="father", email="gil@home.example"),)},
         "We do not know which adult"),
        ({"adults": (NewAdult("Grace", "Okafor", role="mother"),)}, "We have no e-mail address"),
        ({"basis": "no_consent", "lawful_reason": "Asking her puts Ada at risk."},
         "has not agreed"),
        ({"urgent": True}, "suggested danger"),
        ({"contact_by": ("phone",)}, "did not ask to be reached"),
        ({"contact_by": ()}, "did not ask to be reached"),
    ],
    ids=["unsafe", "unsafe for another", "agreed by another", "no address", "not agreed",
         "danger", "not by e-mail", "no way said"],
)  # fmt: skip
def test_no_copy_goes_by_e_mail_where_it_is_not_safe_or_not_wished(changes, why):
    referral = make_referral(**AGREED | changes)
    desk = make_desk_worker()
    with seeing_as(desk):
        actions.already_helped(referral=referral, **SAID, by=desk, at=AT)
        address = queries.family_address(desk, referral)

    assert to_the_family() == []
    assert address.to == ""
    assert why in address.why_not


def test_a_parent_who_asked_is_told_once_as_the_sender():
    make_referral(
        sender_kind="parent", sender_name="Grace Okafor", sender_email=GRACE.email, **AGREED
    )

    assert to_the_family() == []


def test_an_address_that_turns_out_to_be_unsafe_is_not_used_again(client):
    referral, desk = make_referral(**AGREED), make_desk_worker()
    client.force_login(desk)
    decide = f"/requests/desk/{referral.reference}/decide/already-helped/"
    assert "Goes to Grace Okafor by e-mail." in client.post(decide, SAID).content.decode()

    with seeing_as(front_door()):
        ContactDetail.objects.filter(kind="email").update(safe=False)

    assert "It is not safe to write" in client.post(decide, SAID).content.decode()
    client.post(decide, SAID | {"confirm": "yes"})
    assert len(to_the_family()) == 1


def test_that_social_care_will_come_is_said_by_a_person():
    referral, desk = make_referral(**AGREED), make_desk_worker()
    with seeing_as(desk):
        actions.pass_to_social_care(referral=referral, **SAID, by=desk, at=AT)

    assert len(to_the_family()) == 1
