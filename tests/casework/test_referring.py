"""Asking a service to take a family, from its case or at the decision of its request, and its answer."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kith.accounts.actions import hash_of
from kith.accounts.viewer import clock, front_door, see_as, seeing_as
from kith.casework import actions, referring
from kith.casework.models import Case, ServicePage
from kith.families import queries as families
from kith.families.actions import restrict
from kith.notices.models import Notice
from kith.referrals import sendings
from kith.referrals.actions import AlreadyDecided, no_further_action
from kith.referrals.family_copy import family_copy_of
from kith.referrals.models import Referral, Sending, SendingOutcome
from tests.factories.accounts import make_team, make_user
from tests.factories.casework import make_case, make_partner, make_staffed_hub
from tests.factories.directory import make_place, make_service
from tests.factories.referrals import make_desk_worker, make_referral

pytestmark = pytest.mark.django_db


@pytest.fixture
def banbury():
    return make_staffed_hub("Banbury")


@pytest.fixture
def case(banbury):
    made = make_case(banbury, worker=banbury.worker)
    see_as(banbury.worker)
    return made


@pytest.fixture
def group():
    made = make_service("Young carers club", place=make_place(), provider="Friends of Banbury")
    type(made).objects.filter(pk=made.pk).update(email="club@friends.example")
    made.refresh_from_db()
    return made


def people_of(viewer, family):
    return {one.name: one for one in families.living_of(viewer, family)}


def asked(case, group, by, **changes):
    theirs = people_of(by, case.family)
    child = next(one for one in theirs.values() if one.is_child)
    adult = next(one for one in theirs.values() if not one.is_child)
    said = {
        "people": [child],
        "way": None,
        "words": "She looks after her brother.",
        "agreed_by": adult,
        "agreed_how": "spoken",
        "how": "link",
        "by": by,
        "at": timezone.now(),
    }
    return actions.refer(case=case, service=group, **said | changes)


def notices(key, viewer):
    see_as(clock())
    found = list(Notice.objects.filter(key=key).order_by("made_at", "pk"))
    see_as(viewer)
    return found


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def link_in(notice):
    return re.search(r"/asked/open/[\w-]+/", notice.body).group()


def opened(notice, viewer):
    """A browser in which the link of a letter was opened with the code that followed it."""
    client, link = Client(), link_in(notice)
    client.get(link)
    client.post(link, {"send": "1"})
    code = re.search(r"\b\d{6}\b", notices("casework.service_code", viewer)[-1].body).group()
    assert client.post(link, {"code": code}).url == reverse("asked:page")
    see_as(viewer)
    return client


def test_a_service_is_asked_reads_what_it_needs_and_answers_and_the_worker_hears(
    banbury, case, group
):
    made = asked(case, group, banbury.worker)
    (letter,) = notices("casework.service_asked", banbury.worker)
    adult, child = made.agreed_by, made.person
    assert letter.to == "club@friends.example"
    assert str(child) not in letter.body and adult not in letter.body

    client = opened(letter, banbury.worker)
    page = words(client.get(reverse("asked:page")))
    assert "She looks after her brother." in page and str(child) in page
    assert f"{adult} said so on" in page
    for kept in (case.family.name + ",", case.reference + " ", "OX16"):
        assert kept not in page.replace(f"Our reference {case.reference} ", "")
    refused = client.post(reverse("asked:page"), {"outcome": "full", "said_by": "Jo"})
    assert "Write a few words, so that the family hears why." in words(refused)
    client.post(
        reverse("asked:page"),
        {"outcome": "waiting", "words": "From January", "said_by": "Jo Field"},
    )

    see_as(banbury.worker)
    (one,) = sendings.of_family(banbury.worker, [case.family])
    assert (one.last.outcome, one.last.words) == ("waiting", "From January")
    assert one.last.teller == "Jo Field, for the service"
    assert one.to_ask_on == timezone.localdate() + timedelta(days=28)
    assert {note.to for note in notices("casework.service_news", banbury.worker)} == {
        banbury.worker.email
    }


def test_nothing_is_asked_without_agreement_or_of_somebody_too_young(banbury, case, group):
    theirs = people_of(banbury.worker, case.family)
    child = next(one for one in theirs.values() if one.is_child)
    for wrong, field in (
        ({"agreed_by": child}, "agreed_by"),
        ({"agreed_how": ""}, "agreed_how"),
        ({"words": " "}, "words"),
        ({"how": "letter"}, "how"),
        ({"how": "phone", "spoke_with": ""}, "asked_of"),
    ):
        with pytest.raises(actions.CannotSend) as refused:
            asked(case, group, banbury.worker, **wrong)
        assert refused.value.field == field
    with pytest.raises(actions.NotOfThisFamily):
        asked(case, group, banbury.worker, people=[])
    assert not Sending.objects.exists() and not notices("casework.service_asked", banbury.worker)


def test_a_service_without_a_mailbox_is_rung(banbury, case, group):
    type(group).objects.filter(pk=group.pk).update(email="")
    group.refresh_from_db()
    with pytest.raises(actions.CannotSend, match="no e-mail address"):
        asked(case, group, banbury.worker)
    made = asked(case, group, banbury.worker, how="phone", spoke_with="Jo Field")
    assert made.asked_of == "Jo Field" and not ServicePage.objects.exists()


def test_the_family_is_reached_by_nothing_that_is_unsafe(banbury, case):
    theirs = families.living_of(banbury.worker, case.family)
    ways = referring.ways_to(theirs)
    assert ways
    detail = next(iter(ways.values()))[1]
    with seeing_as(front_door()):
        type(detail).objects.filter(value=detail.value).update(safe=False)
    after = referring.ways_to(families.living_of(banbury.worker, case.family))
    assert detail.value not in [way.value for _, way in after.values()]


def test_what_is_taken_back_opens_nothing_and_the_service_is_told(banbury, case, group):
    made = asked(case, group, banbury.worker)
    (letter,) = notices("casework.service_asked", banbury.worker)
    client = opened(letter, banbury.worker)
    actions.say_how_it_went(
        case=case,
        sending=made,
        outcome="changed_mind",
        on=timezone.localdate(),
        by=banbury.worker,
        at=timezone.now(),
    )

    assert client.get(reverse("asked:page")).status_code == 404
    assert Client().get(link_in(letter)).status_code == 404
    (told,) = notices("casework.service_taken_back", banbury.worker)
    assert told.to == "club@friends.example" and "please do not get in touch" in told.body


def test_the_link_shows_nothing_but_what_it_was_sent_for(banbury, case, group):
    other = make_case(banbury, worker=banbury.worker)
    see_as(banbury.worker)
    made = asked(case, group, banbury.worker)
    asked(other, group, banbury.worker)
    actions.say_how_it_went(
        case=case, sending=made, outcome="did_not_go", on=timezone.localdate(),
        words="Her father says no", by=banbury.worker, at=timezone.now(),
    )  # fmt: skip
    letter = notices("casework.service_asked", banbury.worker)[0]
    client = opened(letter, banbury.worker)

    page = words(client.get(reverse("asked:page")))
    assert "Her father says no" not in page
    with seeing_as(None, link_hash=hash_of_link(letter)):
        assert [one.pk for one in Sending.objects.all()] == [made.pk]
        assert not SendingOutcome.objects.exists()
        assert not ServicePage.objects.exists() and not Case.objects.exists()
        assert not Referral.objects.exists()


def hash_of_link(letter):
    return hash_of(link_in(letter).split("/")[3])


def test_a_partners_people_see_and_answer_what_their_services_were_asked(
    banbury, case, group, client
):
    partner, theirs = make_partner("Friends of Banbury")
    type(group.provider).objects.filter(pk=group.provider_id).update(partner=partner)
    stranger = make_user("referrer", make_team("Elsewhere", "partner"), "Sam Elsewhere")
    made = asked(case, group, banbury.worker)
    page = reverse("casework:asked_of", args=[made.pk])

    client.force_login(stranger)
    assert client.get(page).status_code == 404
    client.force_login(theirs)
    assert "Young carers club, asked on" in words(client.get(reverse("casework:my_actions")))
    assert "She looks after her brother." in words(client.get(page))
    client.post(page, {"outcome": "offered", "words": "Tuesday", "said_by": "Ada Friend"})

    see_as(banbury.worker)
    (one,) = sendings.of_family(banbury.worker, [case.family])
    assert (one.last.outcome, one.last.by) == ("offered", theirs)
    see_as(stranger)
    with pytest.raises(PermissionDenied):
        actions.answer_for_service(
            sending=made, outcome="full", words="x", said_by="x", by=stranger, at=timezone.now()
        )
    with seeing_as(stranger):
        assert not Sending.objects.exists()


def test_a_service_that_does_not_answer_is_asked_once_more(banbury, case, group):
    made = asked(case, group, banbury.worker)
    (letter,) = notices("casework.service_asked", banbury.worker)
    later = timezone.now() + timedelta(days=12)
    while later.weekday() > 4:
        later += timedelta(days=1)
    see_as(clock())
    assert actions.chase_services(by=clock(), at=later) == 1
    assert actions.chase_services(by=clock(), at=later + timedelta(days=7)) == 0
    (again,) = notices("casework.service_chased", banbury.worker)
    assert Client().get(link_in(letter)).status_code == 404
    assert Client().get(link_in(again)).status_code == 200
    assert made.asked_of == again.to


def test_of_a_hidden_family_nobody_else_reads_what_was_asked(banbury, case, group):
    made = asked(case, group, banbury.worker)
    restrict(
        family=case.family, reason="staff", words="Why", people=[banbury.manager], by=banbury.manager,
        at=timezone.now(),
    )  # fmt: skip
    see_as(banbury.worker)
    assert not Sending.objects.filter(pk=made.pk).exists()


def test_a_worker_asks_on_the_pages_and_checks_what_the_service_will_read(
    banbury, case, group, client
):
    client.force_login(banbury.worker)
    page = reverse("casework:refer", args=[case.reference]) + f"?service={group.uid}"
    theirs = people_of(banbury.worker, case.family)
    child = next(one for one in theirs.values() if one.is_child)
    adult = next(one for one in theirs.values() if not one.is_child)
    assert "Ask Young carers club to help" in words(client.get(page))
    empty = words(client.post(page, {"asked": "yes"}))
    assert "Choose who it is for" in empty and "Choose who agreed" in empty
    said = {
        "asked": "yes", "service": str(group.uid), "people": [child.person.pk], "way": "us",
        "words": "She likes to draw.\nQuiet rooms help.", "agreed_by": adult.person.pk,
        "agreed_how": "written", "how": "link",
    }  # fmt: skip
    check = client.post(page, said)
    assert "Check before you ask" in words(check) and "Quiet rooms help." in words(check)
    see_as(banbury.worker)
    assert not Sending.objects.exists()
    back = words(client.post(page, said | {"change": "yes"}))
    assert "She likes to draw." in back and "There is a problem" not in back
    assert client.post(page, said | {"confirm": "yes"}).status_code == 302
    see_as(banbury.worker)
    assert "Quiet rooms help." in str(Sending.objects.get().shown)


def referral_at_desk():
    dee = make_desk_worker()
    with seeing_as(front_door()):
        referral = make_referral()
    see_as(dee)
    return dee, Referral.objects.get(pk=referral.pk)


def test_the_desk_names_services_in_the_letters_and_keeps_what_was_typed(group, client):
    dee, referral = referral_at_desk()
    client.force_login(dee)
    decide = reverse("referrals:decide", args=[referral.reference, "no-further-action"])
    find = reverse("referrals:find_services", args=[referral.reference])
    typed = {"decision": "no-further-action", "reason": "They manage.", "words": "Thank you."}
    page = client.post(find, typed | {"begin": "yes"}).content.decode()
    assert 'name="reason" value="They manage."' in page and "error-summary" not in page
    page = client.post(find, typed | {"q": "carers"}).content.decode()
    assert "Young carers club" in page and 'value="Thank you."' in page
    back = client.post(decide, typed | {"change": "yes", "service": str(group.uid)})
    assert "Young carers club (Friends of Banbury)" in words(back)
    assert "They manage." in words(back)
    sent = typed | {"service": str(group.uid)}
    assert "Services named" in words(client.post(decide, sent))
    client.post(decide, sent | {"confirm": "yes"})

    see_as(dee)
    (one,) = sendings.of_referral(dee, referral)
    assert (one.kind, one.how, one.service) == ("signposted", "letter", group)
    (letter,) = notices("referral.decided", dee)
    assert "Services that may help:\n- Young carers club, by Friends of Banbury" in letter.body
    referral.refresh_from_db()
    to_family = str(family_copy_of(referral, need_names={}, in_letter=True)["sections"])
    assert "Young carers club, by Friends of Banbury" in to_family
    assert "Young carers" not in str(family_copy_of(referral, need_names={})["sections"])
    went = reverse("referrals:service_went", args=[referral.reference, one.pk])
    today = timezone.localdate()
    day = {"on_day": today.day, "on_month": today.month, "on_year": today.year}
    client.post(went, {"outcome": "started"} | day)
    see_as(dee)
    (one,) = sendings.of_referral(dee, referral)
    assert one.last.outcome == "started"


def test_the_sender_hears_of_no_service_where_the_family_did_not_agree_to_it(group):
    dee = make_desk_worker()
    with seeing_as(front_door()):
        referral = make_referral(outcome_may_be_told=False)
    see_as(dee)
    no_further_action(
        referral=referral, reason="They manage", words="Thank you.", services=[group], by=dee,
        at=timezone.now(),
    )  # fmt: skip
    (letter,) = notices("referral.decided", dee)
    assert "Young carers club" not in letter.body


def test_a_service_that_is_hidden_meanwhile_is_named_in_no_letter(group, client):
    dee, referral = referral_at_desk()
    type(group).objects.filter(pk=group.pk).update(published=False)
    client.force_login(dee)
    decide = reverse("referrals:decide", args=[referral.reference, "no-further-action"])
    answer = client.post(
        decide,
        {"reason": "They manage.", "words": "Hm.", "service": str(group.uid), "confirm": "yes"},
    )
    assert "Young carers club is no longer listed" in words(answer)
    see_as(dee)
    assert Referral.objects.get(pk=referral.pk).status == "waiting"
    assert not Sending.objects.exists()


def test_the_desk_sends_a_request_on_to_a_service_both_or_neither(group, client):
    dee, referral = referral_at_desk()
    client.force_login(dee)
    page = reverse("referrals:send_on_to_service", args=[referral.reference])
    theirs = people_of(dee, referral.family)
    child = next(one for one in theirs.values() if one.is_child)
    adult = next(one for one in theirs.values() if not one.is_child)
    said = {
        "asked": "yes", "service": str(group.uid), "people": [child.person.pk], "way": "us",
        "words": "She looks after her brother.", "agreed_by": adult.person.pk,
        "agreed_how": "spoken", "how": "link", "reason": "They know her.",
        "sender_words": "We have asked the club.",
    }  # fmt: skip
    assert "Thank you for telling us about Ada." in words(
        client.post(page, {"service": said["service"]})
    )
    assert "Check before you ask" in words(client.post(page, said))
    client.post(page, said | {"confirm": "yes"})

    see_as(dee)
    referral.refresh_from_db()
    assert referral.status == "sent_on"
    (one,) = sendings.of_referral(dee, referral)
    assert (one.kind, one.asked_of) == ("referred", "club@friends.example")
    (letter,) = notices("referral.decided", dee)
    assert "We have asked the club." in letter.body
    client = opened(notices("casework.service_asked", dee)[0], dee)
    client.post(reverse("asked:page"), {"outcome": "offered", "said_by": "Jo"})
    see_as(dee)
    assert {note.to for note in notices("casework.service_news", dee)} == {dee.email}
    with pytest.raises(AlreadyDecided):
        actions.send_on_to_service(
            referral=referral, service=group, reason="x", sender_words="x", people=[child],
            way=None, words="x", agreed_by=adult, agreed_how="spoken", how="link", by=dee,
            at=timezone.now(),
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from referrals_sending")
        assert cursor.fetchone() == (1,)


def test_those_who_give_or_keep_a_service_read_figures_of_it_and_no_names(banbury, group, client):
    partner, theirs = make_partner("Friends of Banbury")
    type(group.provider).objects.filter(pk=group.provider_id).update(partner=partner)
    for number in range(7):
        one = make_case(banbury, worker=banbury.worker)
        see_as(banbury.worker)
        made = asked(one, group, banbury.worker)
        if number < 5:
            actions.say_how_it_went(
                case=one, sending=made, outcome="started", on=timezone.localdate(),
                by=banbury.worker, at=timezone.now(),
            )  # fmt: skip
    page = reverse("service_sent", args=[group.uid])
    for viewer in (theirs, banbury.manager):
        client.force_login(viewer)
        shown = words(client.get(page))
        assert re.search(r"All 0 7 7", shown), shown
        assert "They go there, or have begun" in shown and "hidden" in shown
        assert one.family.name not in shown
    client.force_login(make_partner("Somebody else")[1])
    assert client.get(page).status_code == 403


def test_the_desk_is_reminded_of_what_it_asked(group):
    dee, referral = referral_at_desk()
    theirs = people_of(dee, referral.family)
    adult = next(one for one in theirs.values() if not one.is_child)
    today = timezone.localdate()
    actions.send_on_to_service(
        referral=referral, service=group, reason="x", sender_words="x", people=[adult], way=None,
        words="x", agreed_by=adult, agreed_how="spoken", how="link",
        ask_on=today + timedelta(days=14), by=dee, at=timezone.now(),
    )  # fmt: skip
    assert not sendings.to_ask_at_desk(dee, today + timedelta(days=13))
    assert len(sendings.to_ask_at_desk(dee, today + timedelta(days=14))) == 1
