"""Asking for help on the website: each of the three ways in, saved as it goes, sent once."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from kith.accounts.viewer import clock, front_door, see_as, seeing_as
from kith.notices.models import Notice
from kith.referrals.actions import clear_expired_drafts, tell_desk_of_stopped_drafts
from kith.referrals.models import Draft, Referral
from tests.factories.referrals import make_desk_worker, make_sender
from tests.referrals.asking import (
    EVERYONE,
    KINDS,
    OTHER,
    PARENT,
    YOUNG,
    Asker,
    problems,
    set_the_scene,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def scene():
    set_the_scene()


def the_referral() -> Referral:
    see_as(front_door())
    return Referral.objects.get()


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_person_without_an_account_can_ask_for_help(kind):
    asker = Asker(answers=KINDS[kind]).begin().fill()

    sent = asker.send()
    page = asker.client.get(sent.url).content.decode()

    referral = the_referral()
    assert referral.sender_kind == kind
    assert referral.reference in page
    child = referral.children.get()
    assert (str(child.person), child.year_group) == ("Ada Okafor", "Year 7")
    assert referral.basis == "consent" and referral.agreed_on == timezone.localdate()
    assert not referral.post_is_safe
    assert [str(need) for need in referral.named_needs.filter(main=True)] == ["School attendance"]


@pytest.mark.parametrize(
    ("relation", "source"), [("family", "1A"), ("friend", "1B"), ("else", "1D")]
)
def test_who_asks_for_another_family_is_counted_by_the_departments_code(relation, source):
    answers = OTHER | {"you": OTHER["you"] | {"relation": relation}}

    Asker(answers=answers).begin().fill().send()

    assert the_referral().source == source


def test_a_partner_who_is_signed_in_is_not_asked_what_we_know():
    sender = make_sender("Orchard School")
    asker = Asker(sender).begin()
    assert asker.here().endswith("/you/")
    assert sender.email in asker.client.get(asker.here()).content.decode()

    asker.fill().send()

    referral = the_referral()
    assert (referral.sender_kind, referral.sender, referral.sender_organisation_name) == (
        "partner", sender, "Orchard School",
    )  # fmt: skip
    assert asker.client.get(f"/requests/sent/{referral.reference}/").status_code == 200


@pytest.mark.parametrize(
    "answers, page, said",
    [
        (YOUNG, "child/0/", "Enter your date of birth"),
        (YOUNG, "home/", "Enter your postcode, or say you have no fixed address"),
        (PARENT, "needs/", "Choose at least one thing that you need help with"),
        (EVERYONE, "needs/", "Choose at least one thing that the family needs help with"),
    ],
)
def test_what_is_missing_is_said_in_the_words_of_whoever_asks(answers, page, said):
    asker = Asker(answers=answers).begin().fill(until=page.partition("/")[0])

    assert problems(asker.post(page, {})) == [said]


def test_the_first_page_says_whom_to_call_before_anything_is_asked():
    page = Client().get("/requests/new/").content.decode()

    for number in ("tel:999", "0800 1111", "0808 800 5000"):
        assert number in page


def test_danger_right_now_shows_the_numbers_and_marks_the_request_urgent():
    asker = Asker()
    first = asker.client.post("/requests/new/", {"danger": "yes"})
    assert first.url.endswith("/stop/")
    assert "tel:999" in asker.client.get(first.url).content.decode()
    asker.base = first.url.removesuffix("stop/")

    asker.fill().send()

    assert the_referral().urgent
    assert Notice.objects.filter(key="referral.alert").count() == 1


def test_a_worry_that_hints_at_danger_stops_once_and_goes_on():
    asker = Asker(answers=YOUNG).begin().fill(until="worry")

    first = asker.post("worry/", {"worry": "My dad HITS me, and I want to die."})
    again = asker.post("worry/", {"worry": "My dad hits me. I want to die."})

    assert first.url.endswith("/stop/")
    stop = asker.client.get(first.url).content.decode()
    assert "Childline" in stop and "It is not your fault" in stop
    assert not again.url.endswith("/stop/")
    asker.fill().send()
    assert the_referral().urgent


def test_an_innocent_word_does_not_stop():
    asker = Asker(answers=PARENT).begin().fill(until="worry")

    response = asker.post("worry/", {"worry": "She hides behind white lies about the exhibition."})

    assert response.url.endswith("/going_well/")
    assert not the_draft(asker).danger_at


def test_a_need_that_is_about_safety_stops():
    asker = Asker().begin().fill(until="needs")

    response = asker.post("needs/", {"needs": ["domestic_abuse"]})

    assert response.url.endswith("/stop/")


def test_the_desk_hears_of_danger_that_is_never_sent_but_not_of_whom(at):
    asker = Asker(make_sender("Orchard School")).begin().fill(until="worry")
    asker.post("worry/", {"worry": "Ada Okafor was beaten."})
    later = timezone.now() + timedelta(minutes=31)

    see_as(clock())
    assert tell_desk_of_stopped_drafts(by=clock(), at=timezone.now()) == 0
    assert tell_desk_of_stopped_drafts(by=clock(), at=later) == 1
    assert tell_desk_of_stopped_drafts(by=clock(), at=later) == 0

    notice = Notice.objects.get(key="referral.stopped")
    assert notice.to == "desk@county.example" and "Orchard School" in notice.body
    assert "Ada" not in notice.body + notice.subject and "beaten" not in notice.body


def test_two_clicks_and_two_tabs_send_one_request():
    asker = Asker().begin().fill()

    first, second = asker.send(), asker.send()
    from_another_tab = asker.post("worry/", {"worry": "Changed in another tab."})
    by_the_back_button = asker.client.get(f"{asker.base}check/")

    addresses = {r.url for r in (first, second, from_another_tab, by_the_back_button)}
    assert addresses == {f"{asker.base}done/"}
    assert the_referral().worry == EVERYONE["worry"]["worry"]


def test_a_draft_is_nobodys_but_its_writers():
    writer = Asker().begin().fill(until="worry")
    stranger, colleague = Client(), Asker(make_sender())

    assert writer.client.get(f"{writer.base}worry/").status_code == 200
    for client in (stranger, colleague.client):
        assert client.get(f"{writer.base}worry/").status_code == 404
        assert client.post(f"{writer.base}worry/", {"worry": "x"}).status_code == 404
        assert client.post(f"{writer.base}check/").status_code == 404
    owned = Asker(make_sender("Hill School")).begin()
    for client in (stranger, colleague.client, writer.client):
        assert client.get(f"{owned.base}you/").status_code == 404


def test_the_link_given_leads_back_to_what_was_written_from_another_browser():
    asker = Asker().begin().fill(until="worry")
    page = asker.client.post(f"{asker.base}save/", {"email": "sam@school.example"})
    link = re.search(r"/requests/back/[\w-]+/", page.content.decode())[0]
    elsewhere = Client()

    there = elsewhere.get(link, follow=True)

    assert there.redirect_chain[-1][0] == f"{asker.base}worry/"
    see_as(front_door())
    notice = Notice.objects.get(key="referral.way_back")
    assert link not in notice.shown_body, "the desk, who can read the outbox, cannot open it"
    assert link in notice.body and notice.to == "sam@school.example"


def test_the_page_says_how_long_a_draft_is_kept_and_then_it_is_gone():
    asker = Asker().begin().fill(until="worry")
    see_as(clock())
    draft = Draft.objects.get()
    kept_until = timezone.localtime(draft.expires_at)
    assert (
        f"{kept_until.day} {kept_until:%B %Y}"
        in asker.client.get(f"{asker.base}worry/").content.decode()
    )

    see_as(clock())
    assert clear_expired_drafts(by=clock(), at=draft.expires_at) == 0
    assert clear_expired_drafts(by=clock(), at=draft.expires_at + timedelta(seconds=1)) == 1

    gone = asker.client.get(f"{asker.base}worry/")
    assert gone.status_code == 404 and "28 days" in gone.content.decode()


def test_nobody_but_kith_itself_clears_drafts_away(at):
    from django.core.exceptions import PermissionDenied

    sender = make_sender()
    with pytest.raises(PermissionDenied, match="Only Kith itself"):
        clear_expired_drafts(by=sender, at=at)


def test_what_was_written_can_be_thrown_away():
    asker = Asker().begin().fill(until="worry")

    assert "Delete what you wrote?" in asker.client.get(f"{asker.base}discard/").content.decode()
    asker.client.post(f"{asker.base}discard/")

    see_as(clock())
    assert not Draft.objects.exists()


def test_the_first_child_is_asked_for_at_once_and_nobody_is_asked_whether_there_is_one():
    asker = Asker().begin().fill(until="child")
    assert asker.here().endswith("/child/0/")
    empty = asker.client.get(f"{asker.base}children/", follow=True)
    assert empty.redirect_chain[-1][0].endswith("/child/0/")

    asker.fill(until="adults").post("children/0/remove/", {})

    assert asker.here().endswith("/child/0/")


@pytest.mark.parametrize(
    ("who", "page"),
    [("parent", "you"), ("young_person", "you"), ("partner", "who"), ("nonsense", "who")],
)
def test_who_said_at_the_door_who_they_are_is_not_asked_again(who, page):
    asker = Asker(answers=KINDS.get(who, EVERYONE))

    begun = asker.client.post(f"/requests/new/?who={who}", {"danger": "no"})

    asker.base = begun.url
    assert asker.here().endswith(f"/{page}/")
    assert b"Who are you asking for?" in asker.client.get(f"{asker.base}who/").content


def test_whether_an_address_is_safe_is_never_answered_for_somebody():
    asker = Asker().begin().fill(until="adults")
    adult = EVERYONE["adult"] | {"email": "grace@home.example", "email_safe": "", "phone_safe": ""}
    empty = asker.client.get(f"{asker.base}adult/0/").content.decode()

    said = problems(asker.post("adult/0/", adult))

    assert 'name="email_safe"' in empty
    assert not re.search(r'name="(email|phone)_safe"[^>]*checked', empty)
    assert "Say whether it is safe to ring this number" in said
    assert "Say whether it is safe to write to this address" in said
    nothing = adult | {"phone": "", "email": ""}
    assert asker.post("adult/0/", nothing).status_code == 302


def test_several_children_are_added_changed_and_removed():
    asker = Asker().begin().fill(until="adults")
    ben = EVERYONE["child"] | {"given_names": "Ben", "date_of_birth_year": "2017"}
    more = asker.post("children/", {"another": "yes"})
    assert more.url.endswith("/child/1/")
    asker.client.post(more.url, ben)
    asker.client.post(more.url, ben)  # the back button, and once more
    asker.post("school/1/", EVERYONE["school"])
    asker.post("more/1/", {})
    listed = asker.client.get(f"{asker.base}children/").content.decode()
    assert "Ada Okafor" in listed and listed.count("Ben Okafor</dt>") == 1

    asker.post("children/0/remove/", {})
    asker.fill().send()

    assert [str(child.person) for child in the_referral().children.all()] == ["Ben Okafor"]


def test_a_baby_who_is_expected_needs_no_name_and_no_birthday():
    asker = Asker().begin().fill(until="child")
    due = timezone.localdate() + timedelta(days=90)

    asker.post("child/0/", {
        "given_names": "", "family_name": "Okafor", "unborn": "yes", "sex": "U",
        "expected_on_day": due.day, "expected_on_month": due.month, "expected_on_year": due.year,
    })  # fmt: skip
    asker.post("school/0/", {"school_name": ""})
    asker.post("more/0/", {})
    asker.fill().send()

    person = the_referral().children.get().person
    assert (person.expected_on, person.date_of_birth) == (due, None)


def test_without_agreement_a_worker_gives_a_lawful_reason_and_a_parent_cannot():
    asker = Asker().begin().fill(until="agreement")
    lawful = asker.post("agreement/", {"basis": "no_consent"})
    assert lawful.url.endswith("/lawful/")
    assert problems(asker.post("lawful/", {"lawful_reason": " "})) == [
        "Give the lawful reason for asking without the family&#x27;s agreement"
    ]
    sent = asker.fill().send()
    assert "The family has not agreed" in asker.client.get(sent.url).content.decode()
    assert the_referral().basis == "no_consent"

    parent = Asker(answers=PARENT).begin().fill(until="consent")
    assert parent.client.get(f"{parent.base}agreement/").status_code == 302
    assert problems(parent.post("consent/", {})) == [
        "Tick the box if you agree, so that we may help"
    ]


def test_a_postcode_outside_the_county_is_explained_and_allowed():
    asker = Asker().begin().fill(until="home")

    refused = asker.post("home/", {"postcode": "SW1A 1AA"})
    assert "SW1A 1AA is not in" in problems(refused)[0]
    assert "tick the box below" in problems(refused)[0]
    assert 'value="SW1A 1AA"' in refused.content.decode()
    allowed = asker.post("home/", {"postcode": "SW1A 1AA", "outside": "on"})

    assert allowed.url.endswith("/worry/")
    asker.fill().send()
    assert the_referral().as_sent["postcode"] == "SW1A 1AA"


def test_no_fixed_address_needs_no_postcode():
    asker = Asker().begin().fill(until="home")

    assert "Enter a postcode" in problems(asker.post("home/", {"postcode": ""}))[0]
    asker.post("home/", {"no_fixed_address": "on"})

    assert asker.here().endswith("/worry/")


def test_the_sender_without_an_account_follows_the_request_by_the_link_they_hold():
    asker = Asker().begin().fill()
    done = asker.client.get(asker.send().url).content.decode()
    link = re.search(r"/requests/link/[\w-]+/", done)[0]
    elsewhere, stranger = Client(), Client()
    reference = the_referral().reference

    page = elsewhere.get(link, follow=True)

    assert page.redirect_chain[-1][0] == f"/requests/sent/{reference}/"
    assert "Often late, and tired." in page.content.decode()
    assert elsewhere.get(f"/requests/sent/{reference}/request.pdf").content[:5] == b"%PDF-"
    assert elsewhere.get(f"/requests/sent/{reference}/family/").status_code == 200
    assert stranger.get(f"/requests/sent/{reference}/").status_code == 404
    for address in ("link/wrong/", "link/%00/", "back/%00/", "sent/%00/", "sent/R-2026-999999/"):
        assert stranger.get(f"/requests/{address}").status_code == 404
    assert not Referral.objects.exists()  # the link was the other browser's alone


def test_the_familys_link_opens_its_copy_in_plain_words_and_nothing_else():
    asker = Asker().begin().fill()
    asker.client.get(asker.send().url)
    reference = the_referral().reference
    made = asker.client.post(f"/requests/sent/{reference}/family/link/").content.decode()
    link = re.search(r"/requests/link/[\w-]+/", made)[0]
    family = Client()

    copy = family.get(link, follow=True).content.decode()

    assert "Going to school" in copy and "Sam Field" in copy and reference in copy
    assert "Often late" not in copy  # what a worker wrote about them is not left on the table
    assert family.get(f"/requests/sent/{reference}/family.pdf").content[:5] == b"%PDF-"
    for place in ("", "request.pdf", "withdraw/"):
        assert family.get(f"/requests/sent/{reference}/{place}").status_code == 404
    with seeing_as(front_door()):
        assert Referral.objects.get().status == "waiting"


def test_the_desk_ends_a_familys_link_and_the_senders_still_opens():
    asker = Asker().begin().fill()
    done = asker.client.get(asker.send().url).content.decode()
    senders = re.search(r"/requests/link/[\w-]+/", done)[0]
    reference = the_referral().reference
    made = asker.client.post(f"/requests/sent/{reference}/family/link/").content.decode()
    familys = re.search(r"/requests/link/[\w-]+/", made)[0]
    family, desk = Client(), Asker(make_desk_worker()).client
    assert family.get(familys, follow=True).status_code == 200
    links = f"/requests/desk/{reference}/links/"
    page = desk.get(links).content.decode()
    assert page.count('name="end"') == 2 and "Last opened on" in page

    said = desk.post(links, {"end": "family_copy"}, follow=True).content.decode()

    assert "The link is ended: it opens nothing any more." in said
    assert said.count('name="end"') == 1 and "There is none." in said
    assert family.get(f"/requests/sent/{reference}/family/").status_code == 404
    assert "This link does not open" in Client().get(familys, follow=True).content.decode()
    assert Client().get(senders, follow=True).status_code == 200
    assert desk.post(links, {"end": "nonsense"}).status_code == 200
    assert Asker(make_sender("Hill School")).client.get(links).status_code == 404


def test_a_sender_withdraws_with_a_reason_and_a_colleague_elsewhere_cannot():
    asker = Asker(make_sender("Orchard School")).begin().fill()
    asker.send()
    reference = the_referral().reference
    outsider = Asker(make_sender("Hill School")).client

    assert outsider.get(f"/requests/sent/{reference}/withdraw/").status_code == 404
    assert problems(asker.client.post(f"/requests/sent/{reference}/withdraw/", {})) == [
        "Say in a few words why"
    ]
    asker.client.post(f"/requests/sent/{reference}/withdraw/", {"reason": "They moved away."})

    assert the_referral().status == "withdrawn"


def test_a_sender_answers_the_desks_question(at):
    from kith.referrals.actions import ask_more

    asker = Asker(make_sender("Orchard School")).begin().fill()
    asker.send()
    referral, desk = the_referral(), make_desk_worker()
    see_as(desk)
    ask_more(referral=referral, words="Which school?", by=desk, at=timezone.now())

    page = asker.client.get(f"/requests/sent/{referral.reference}/").content.decode()
    assert "Which school?" in page
    empty = asker.client.post(f"/requests/sent/{referral.reference}/answer/", {"words": ""})
    assert problems(empty) == ["Write your answer"]
    asker.client.post(f"/requests/sent/{referral.reference}/answer/", {"words": "Orchard."})

    referral = the_referral()
    assert referral.status == "waiting"
    assert [step.words for step in referral.steps.filter(kind="answered")] == ["Orchard."]


def test_the_list_of_ones_organisation_is_found_by_number_name_and_state():
    ours, theirs = make_sender("Orchard School"), make_sender("Hill School")
    Asker(ours).begin().fill().send()
    reference = the_referral().reference
    colleague = Client()
    colleague.force_login(ours)
    outsider = Client()
    outsider.force_login(theirs)

    assert reference in colleague.get("/requests/sent/").content.decode()
    for query in (f"q={reference[-4:]}", "q=ada", "state=open"):
        assert reference in colleague.get(f"/requests/sent/?{query}").content.decode()
    for query in ("q=zzz", "state=done", "state=ask", "q=sex", "state=%3Cscript%3E&page=zzz&q=x"):
        assert reference not in colleague.get(f"/requests/sent/?{query}").content.decode()
    assert reference not in outsider.get("/requests/sent/").content.decode()


def test_a_grandparent_without_the_familys_agreement_is_shown_whom_to_call():
    asker = Asker(answers=OTHER).begin().fill(until="consent")

    page = asker.client.get(f"{asker.base}consent/").content.decode()

    assert "do not send this form" in page and "0808 800 5000" in page


def the_draft(asker: Asker) -> Draft:
    with seeing_as(clock()):
        return Draft.objects.get(pk=asker.number)
