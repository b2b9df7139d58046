"""Feedback on an entry: without an account, read by those who keep it, and forgotten in time."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from kith.accounts.viewer import clock, front_door, see_as, seeing_as
from kith.directory import actions, assured
from kith.directory.actions import DirectoryRefused, set_up_terms
from kith.directory.models import Remark, Service
from kith.notices.models import Notice
from tests.factories.accounts import make_team, make_user
from tests.factories.directory import make_place, make_service
from tests.factories.places import make_hub, make_places

pytestmark = pytest.mark.django_db

NASTY = "<script>alert(1)</script> The day is wrong & so is the door."


@pytest.fixture(autouse=True)
def terms():
    cache.clear()
    set_up_terms()


@pytest.fixture
def keeper():
    return make_user("county_desk", make_team("Desk", "desk"), "Dana Desk")


@pytest.fixture
def service():
    return make_service("Baby group", assured_on=timezone.localdate())


def all_remarks():
    with seeing_as(front_door()):
        return list(Remark.objects.order_by("pk"))


def said(service, topic="wrong", words="The day is wrong.", email="", at=None):
    at = at or timezone.now()
    return actions.remark(service=service, topic=topic, words=words, email=email, by=None, at=at)


def send(client, service, **answers):
    page = reverse("directory:say_about", args=[service.uid])
    given = {"topic": "wrong", "words": NASTY, "email": "", "subject": ""} | answers
    return client.post(page, given, follow=True)


def test_anybody_says_something_about_an_entry_and_has_a_number_to_ask_by(client, service, keeper):
    entry = client.get(reverse("directory:service", args=[service.uid])).content.decode()
    assert reverse("directory:say_about", args=[service.uid]) in entry

    answer = send(client, service, email="jo@home.example").content.decode()

    (remark,) = all_remarks()
    assert f"Its number is {remark.reference}" in answer
    assert (remark.topic, remark.words, remark.email) == ("wrong", NASTY, "jo@home.example")
    client.force_login(keeper)
    for page in (
        reverse("directory:remarks"),
        reverse("directory:remark", args=[remark.pk]),
        reverse("directory:kept", args=[service.uid]),
    ):
        html = client.get(page).content.decode()
        assert "&lt;script&gt;" in html
        assert "<script>alert" not in html
        assert "jo@home.example" not in html, "the address is used, and shown to nobody"
    assert "Feedback on entries" in client.get(reverse("home")).content.decode()


def test_what_is_missing_is_asked_for_and_what_was_typed_stays(client, service):
    html = send(client, service, words="", email="not an address").content.decode()
    assert "Write what is wrong" in html
    assert "not an address" in html
    html = send(client, service, topic="").content.decode()
    assert "Choose what it is about" in html
    assert "so is the door" in html
    send(client, service, topic="changed")  # which providers say
    assert all_remarks() == []
    send(client, service, topic="thanks", words="")
    assert [one.topic for one in all_remarks()] == ["thanks"]
    with pytest.raises(DirectoryRefused):
        said(service, words="")


def test_programs_that_fill_in_every_field_are_thanked_and_not_kept(client, service):
    answer = send(client, service, subject="Cheap watches")
    assert "Thank you" in answer.content.decode()
    assert all_remarks() == []


def test_from_one_address_only_so_much_is_taken_and_words_are_not_lost(client, service):
    for _ in range(10):
        assert send(client, service).status_code == 200
    answer = send(client, service, words="The eleventh.")
    assert answer.status_code == 429
    assert "The eleventh." in answer.content.decode()
    assert "Too much was sent" in answer.content.decode()
    assert len(all_remarks()) == 10


def test_what_nobody_reads_takes_no_feedback(client, service):
    Service.objects.update(published=False, hidden_on=timezone.localdate())
    assert send(client, service).status_code == 404
    assert all_remarks() == []


def test_only_those_who_keep_the_directory_read_it(client, service, keeper):
    remark = said(service)
    worker = make_user("hub_worker", make_team("Witney"))
    see_as(worker)
    assert assured.remark_numbered(remark.pk) is None
    see_as(None)
    assert not assured.remarks(state="all").exists()
    see_as(keeper)
    assert assured.remark_numbered(remark.pk) == remark
    with pytest.raises(PermissionDenied):
        actions.take_remark(remark=remark, by=worker, at=timezone.now())
    with pytest.raises(PermissionDenied):
        actions.answer_remark(remark=remark, reply="", by=worker, at=timezone.now())


def test_somebody_sees_to_it_replies_by_email_and_it_is_done(client, service, keeper):
    said(service, email="jo@home.example", words=NASTY)
    said(service, topic="closed")
    asked, wants_none = all_remarks()
    client.force_login(keeper)
    page = reverse("directory:remark", args=[asked.pk])

    client.post(reverse("directory:take_remark", args=[asked.pk]))
    assert "Dana Desk sees to it" in client.get(page).content.decode()
    client.post(page, {"reply": "You are right: it is on Wednesdays."})

    done, _ = all_remarks()
    assert (done.state, done.done_by, done.owner) == ("done", keeper, keeper)
    with seeing_as(clock()):
        (letter,) = Notice.objects.filter(to="jo@home.example")
    assert letter.subject == f"Your feedback {done.reference}"
    assert "You are right: it is on Wednesdays." in letter.body
    assert "so is the door" in letter.body
    assert (
        "Somebody has just dealt with this"
        in client.post(page, {"reply": "Again"}).content.decode()
    )
    client.post(reverse("directory:remark", args=[wants_none.pk]), {"reply": "To whom?"})
    assert [one.state for one in all_remarks()] == ["done", "done"]
    assert all_remarks()[1].reply == "", "nobody would read it"

    def listed(**query):
        html = client.get(reverse("directory:remarks"), query).content.decode()
        return html.count("kith-items__item")

    third = said(service, topic="other")
    assert (listed(), listed(state="done"), listed(state="all"), listed(whose="mine")) == (
        1,
        2,
        3,
        0,
    )
    see_as(keeper)
    with pytest.raises(DirectoryRefused, match="no e-mail address"):
        actions.answer_remark(remark=third, reply="Hello", by=keeper, at=timezone.now())


def test_a_hub_reads_first_what_is_said_of_its_own_places(client):
    make_places()
    hub = make_hub("Banbury")
    here = make_service("Here", place=make_place("Hub", hub=hub))
    for service in (here, make_service("Elsewhere")):
        said(service)
    manager = make_user("hub_manager", hub.team)
    client.force_login(manager)
    own = client.get(reverse("directory:remarks"), {"hub": hub.slug}).content.decode()
    assert "Here." in own
    assert "Elsewhere" not in own
    assert f"?hub={hub.slug}" in client.get(reverse("home")).content.decode()


def test_addresses_are_deleted_in_time_and_remarks_after_two_years(service, keeper):
    now = timezone.now()

    def days_ago(number):
        return now - timedelta(days=number)

    old, fresh, never_answered, ancient = (
        said(service, email="jo@home.example", at=days_ago(days)) for days in (60, 20, 181, 731)
    )
    with seeing_as(keeper):
        for one, days in ((old, 31), (fresh, 5)):
            actions.answer_remark(remark=one, reply="", by=keeper, at=days_ago(days))
    with seeing_as(clock()):
        assert actions.forget_who_remarked(by=clock(), at=now) == 2
        assert actions.forget_who_remarked(by=clock(), at=now) == 0
    kept = {one.pk: one.email for one in all_remarks()}
    assert kept == {old.pk: "", fresh.pk: "jo@home.example", never_answered.pk: ""}
    assert ancient.pk not in kept
    with pytest.raises(PermissionDenied):
        actions.forget_who_remarked(by=keeper, at=now)
