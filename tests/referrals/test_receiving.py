from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from kith.accounts.actions import hash_of
from kith.accounts.viewer import front_door, see_as, seeing_as
from kith.audit.models import Entry
from kith.families.models import Family, Person
from kith.hubs.calendar import promised
from kith.notices.models import Notice
from kith.partners.models import Organisation
from kith.referrals import actions, queries
from kith.referrals.models import Referral, Step
from tests.factories.accounts import make_user
from tests.factories.referrals import (
    ADA,
    AT,
    a_request,
    make_desk_worker,
    make_referral,
    make_sender,
    receive_request,
)

pytestmark = pytest.mark.django_db


def test_a_request_from_anyone_is_filed_with_a_number_and_a_promise(seen_by):
    received = receive_request()

    seen_by(make_desk_worker())
    referral = Referral.objects.get(pk=received.referral.pk)
    assert referral.reference.startswith("R-2026-")
    assert referral.decide_by == promised("decision", AT)
    assert referral.family.name == "Okafor"
    assert [str(child.person) for child in referral.children.all()] == ["Ada Okafor"]
    assert [named.need.code for named in referral.named_needs.filter(main=True)] == ["behaviour"]
    assert [step.kind for step in queries.steps_of(None, referral)] == ["received"]
    assert referral.as_sent["children"][0]["date_of_birth"] == "2014-03-02"


def test_the_source_is_coded_from_who_asks(seen_by):
    school = receive_request().referral
    parent = receive_request(sender_kind="parent").referral

    assert (school.source, parent.source) == ("8", "1A")


def test_whoever_has_no_account_gets_a_link_that_opens_their_request_and_no_other():
    received, other = receive_request(), receive_request(sender_name="Somebody Else")

    see_as(None, link_hash=hash_of(received.link))

    assert list(queries.opened_by_link(None)) == [received.referral]
    assert not Referral.objects.filter(pk=other.referral.pk).exists()
    assert not Family.objects.exists()
    see_as(None, link_hash=hash_of("guessed"))
    assert not queries.opened_by_link(None).exists()


def test_a_sender_sees_the_request_and_colleagues_do_but_nobody_else_does(seen_by):
    sender, stranger = make_sender("Orchard School"), make_sender("Hill School")
    referral = make_referral(by=sender)
    colleague = make_user("referrer", referral.sender_team)

    for person, sees in ((sender, True), (colleague, True), (stranger, False)):
        seen_by(person)
        assert queries.visible_to(person).filter(pk=referral.pk).exists() is sees
        assert Referral.objects.filter(pk=referral.pk).exists() is sees
        assert not Person.objects.exists()


def test_a_bad_request_is_refused_whole(seen_by):
    with pytest.raises(actions.Refused) as refused:
        receive_request(worry="", needs=())

    assert [problem.field for problem in refused.value.problems] == ["worry", "needs"]
    seen_by(front_door())
    assert not Referral.objects.exists()
    assert not Family.objects.exists()


def test_a_senders_own_number_is_taken_once():
    sender = make_sender()
    first = make_referral(by=sender, sender_reference="SIMS-17")

    with pytest.raises(actions.AlreadyReceived) as again:
        make_referral(by=sender, sender_reference="SIMS-17")

    assert again.value.referral == first
    assert make_referral(by=make_sender("Hill School"), sender_reference="SIMS-17") != first


def test_a_newer_version_updates_what_nobody_has_decided(seen_by):
    sender = make_sender()
    referral = make_referral(by=sender, sender_reference="SIMS-17")
    newer = a_request(sender_kind="partner", sender_reference="SIMS-17", worry="Now also hungry.")

    seen_by(sender)
    assert actions.update_undecided(referral=referral, request=newer, by=sender, at=AT)
    assert not actions.update_undecided(referral=referral, request=newer, by=sender, at=AT)

    seen_by(make_desk_worker())
    referral.refresh_from_db()
    assert referral.worry == "Now also hungry."
    assert referral.children.count() == 1


def test_a_request_that_suggests_danger_alerts_the_desk(seen_by):
    desk = make_desk_worker()
    desk.memberships.get().team.email = "desk@county.example"
    desk.memberships.get().team.save()
    team = desk.memberships.get().team
    team.email = "desk@county.example"
    team.save()

    quiet, urgent = make_referral(), make_referral(urgent=True)

    seen_by(front_door())
    alerts = Notice.objects.filter(key="referral.alert")
    assert [notice.about_id for notice in alerts] == [urgent.pk]
    assert quiet.pk != urgent.pk
    assert "Okafor" not in alerts[0].subject + alerts[0].body


def test_the_sender_is_thanked_without_a_name_in_the_subject(seen_by):
    referral = make_referral()

    seen_by(front_door())
    thanks = Notice.objects.get(key="referral.received")
    assert "/requests/link/" in thanks.body and "/requests/link/" not in thanks.shown_body
    assert thanks.to == "sam.field@school.example"
    assert referral.reference in thanks.subject
    assert "Ada" not in thanks.subject + thanks.body


def test_the_sender_answers_and_the_promise_begins_again(seen_by):
    sender, desk = make_sender(), make_desk_worker()
    referral = make_referral(by=sender)
    seen_by(desk)
    actions.ask_more(referral=referral, words="Which school?", by=desk, at=AT)
    later = AT + timedelta(days=1)

    seen_by(sender)
    actions.answer(referral=referral, words="Orchard.", by=sender, at=later)

    referral.refresh_from_db()
    assert referral.status == "waiting"
    assert referral.decide_by == promised("decision", later)
    assert [step.kind for step in queries.steps_of(sender, referral)] == [
        "received",
        "asked",
        "answered",
    ]


def test_only_whoever_sent_it_answers_or_withdraws_and_only_until_it_is_decided(seen_by):
    sender, stranger, desk = make_sender(), make_sender("Hill"), make_desk_worker()
    referral = make_referral(by=sender)

    seen_by(stranger)
    with pytest.raises(PermissionDenied, match="whoever sent"):
        actions.withdraw(referral=referral, reason="mine now", by=stranger, at=AT)

    seen_by(sender)
    actions.withdraw(referral=referral, reason="They moved away.", by=sender, at=AT)
    with pytest.raises(actions.NothingWaits):
        actions.withdraw(referral=referral, reason="again", by=sender, at=AT)
    seen_by(desk)
    assert Referral.objects.get(pk=referral.pk).status == "withdrawn"


def test_a_link_lets_its_holder_withdraw_that_request_only():
    received, other = receive_request(), receive_request()
    see_as(None, link_hash=hash_of(received.link))

    with pytest.raises(PermissionDenied):
        actions.withdraw(referral=other.referral, reason="", by=None, at=AT)
    actions.withdraw(referral=received.referral, reason="Sorted out.", by=None, at=AT)

    with seeing_as(front_door()):
        assert Referral.objects.get(pk=received.referral.pk).status == "withdrawn"
        assert Referral.objects.get(pk=other.referral.pk).status == "waiting"
        assert Step.objects.filter(kind="withdrawn").count() == 1


def test_receiving_is_recorded(seen_by):
    sender = make_sender()
    referral = make_referral(by=sender)

    seen_by(make_user("dpo", make_desk_worker().memberships.get().team))
    entry = Entry.objects.get(what="referral.received")
    assert (entry.by_id, entry.subject_name) == (sender.pk, referral.reference)
    assert entry.family_id == referral.family_id


def test_what_was_chosen_from_a_list_is_kept_by_name_too(seen_by):
    school = Organisation.objects.create(name="Hill School", kind="school", phase="primary")
    charity = Organisation.objects.create(name="Home-Start", kind="voluntary")

    referral = make_referral(
        children=(replace(ADA, school_id=school.pk),), sender_organisation_id=school.pk
    )
    with pytest.raises(actions.Refused, match="Choose the school"):
        make_referral(children=(replace(ADA, school_id=charity.pk),))

    assert referral.as_sent["children"][0]["school_name"] == "Hill School"
    assert referral.sender_organisation_name == "Hill School"


def test_children_of_one_request_are_one_family(seen_by):
    referral = make_referral(children=(ADA, replace(ADA, given_names="Ben", family_name="Reed")))

    seen_by(make_desk_worker())
    assert referral.family.name == "Okafor and Reed"
    assert referral.family.memberships.filter(role="child").count() == 2
