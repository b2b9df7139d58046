"""What a group without an account sends from its confirm link, and what becomes of it."""

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
import time_machine
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kith.accounts.actions import hash_of, make_link
from kith.accounts.models import OneTimeLink
from kith.accounts.viewer import clock, seeing_as
from kith.directory import actions, assured, proposed
from kith.directory.actions import DirectoryRefused, set_up_terms
from kith.directory.models import Asking, Proposal, Provider, Service, Tag, Term
from kith.notices.models import Notice
from tests.factories.accounts import make_team, make_user
from tests.factories.directory import make_place, make_service
from tests.factories.places import make_hub, make_places

pytestmark = pytest.mark.django_db

MAILBOX = "hello@friends.example"


@pytest.fixture(autouse=True)
def manager():
    cache.clear()
    make_places()
    set_up_terms()
    desk = make_team("County desk", "desk")
    desk.email = "desk@county.example"
    desk.save()
    return make_user("hub_manager", make_hub("Banbury").team, "Mia Manager")


@pytest.fixture
def play():
    service = entry("Play")
    Provider.objects.update(keeper_email=MAILBOX)
    return Service.objects.get(pk=service.pk)


def entry(name, provider="Family Friends", **more):
    old = timezone.localdate() - timedelta(days=120)
    service = make_service(name, provider=provider, assured_on=old, phone="01632 960 001",
                           description="Toys and tea.", place=make_place(name + " hall"), when={"weekday": 0}, **more)  # fmt: skip
    Tag.objects.create(service=service, term=Term.objects.get(name="Activities"))
    return service


def link_of(service, mailbox=MAILBOX):
    return make_link(
        purpose=assured.LINK, subject_id=service.provider_id, sent_to=mailbox, at=timezone.now()
    )


def written(service, **changes):
    """Return what stands in the form as a browser sends it, with some of it changed."""
    return {"name": service.name, "description": service.description, "phone": service.phone, "route": "contact",
            "status": "active", "taking": "open", "kinds": [Term.objects.get(name="Activities").code], **changes}  # fmt: skip


def opened(client, service, secret):
    """Open a link, and return the page on which to say what has changed of a service."""
    client.get(reverse("directory:confirm", args=[secret]))
    return reverse("directory:changed", args=[service.uid])


def letters(key):
    with seeing_as(clock()):
        return list(Notice.objects.filter(key=key).order_by("made_at", "pk"))


def ask():
    with seeing_as(clock()):
        return actions.ask_for_assurance(by=clock(), at=timezone.now())


def said(by):
    return {"by": by, "at": timezone.now()}


def test_a_group_sends_what_should_stand_and_it_is_read_once_somebody_approves(
    play, manager, client
):
    secret = link_of(play)
    form = reverse("directory:changed", args=[play.uid])
    assert (
        form
        in client.get(reverse("directory:confirm", args=[secret]), follow=True).content.decode()
    )
    shown = client.get(form).content.decode()
    assert 'value="Play"' in shown and "Every Monday" in shown and "Publish it" not in shown
    assert not Proposal.objects.exists(), "opening changes nothing"
    assert "Nothing is different" in client.post(form, written(play)).content.decode()

    given = written(play, phone="01632 960 002", words="Tuesdays now.")
    told = client.post(form, given, follow=True).content.decode()

    proposal = Proposal.objects.get()
    assert (proposal.made_by, proposal.mailbox, proposal.service) == (None, MAILBOX, play)
    assert "You told us on" in told and f'value="{play.uid} ' not in told
    assert "01632 960 001" in client.get(f"/find-help/{play.uid}/").content.decode()

    client.force_login(manager)
    address = f"/directory/proposals/{proposal.uid}/"
    assert MAILBOX in client.get("/directory/proposals/").content.decode()
    page = client.get(address)
    assert f"from the confirm link of {MAILBOX}" in page.content.decode()
    mark = page.context["form"]["mark"].value()
    client.post(address, {"mark": mark, "phone": "proposed"})
    client.logout()

    assert "01632 960 002" in client.get(f"/find-help/{play.uid}/").content.decode()
    play.refresh_from_db()
    assert (play.assured_by, play.assured_on) == ("Family Friends", timezone.localdate())
    (letter,) = letters("directory.proposal_decided")
    assert letter.to == MAILBOX and "Dear Family Friends" in letter.body
    link = re.search(r"/find-help/check/[\w-]+/", letter.body)[0]
    assert "Everything is checked" in client.get(link, follow=True).content.decode()
    assert link not in letter.shown_body, "nobody else reads the link"


def test_what_was_sent_counts_as_answered_until_it_is_sent_back(play, manager, client):
    choir = entry("Choir")
    secret = link_of(play)
    form = opened(client, play, secret)
    client.post(form, written(play, words="At the library."))

    client.force_login(manager)
    entry_page = client.get(f"/directory/{play.uid}/").content.decode()
    assert "waits for you" in entry_page and "Ask its provider now" not in entry_page
    assert client.get("/directory/checking/").content.decode().count("Change sent") == 1
    client.logout()
    ask()
    (letter,) = letters("directory.please_check")
    assert "CHOIR" in letter.body and "PLAY" not in letter.body
    assert {one.service for one in Asking.objects.all()} == {choir}
    with pytest.raises(DirectoryRefused, match="sent what has changed"):
        Service.objects.filter(pk=choir.pk).update(assured_on=timezone.localdate())
        actions.ask_provider(provider=play.provider, **said(manager))

    proposal = Proposal.objects.get()
    mark = proposed.mark_of(proposal)
    actions.send_back(proposal=proposal, reason="Which library?", mark=mark, **said(manager))

    (back,) = letters("directory.proposal_decided")
    assert "Which library?" in back.body
    page = client.get(
        re.search(r"/find-help/check/[\w-]+/", back.body)[0], follow=True
    ).content.decode()
    assert "Which library?" in page and "Change what you sent" in page
    assert play in assured.to_ask(timezone.localdate())
    assert "At the library." in client.get(form).content.decode()
    again = written(play, words="The one in Witney.", revision="1")
    client.post(form, again)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.revision, proposal.words) == (
        "waiting",
        2,
        "The one in Witney.",
    )
    assert "changed or decided while you wrote" in client.post(form, again).content.decode()


def test_a_group_takes_back_what_it_sent_and_is_asked_again(play, manager, client):
    other = entry("Bus", provider="Play Bus")
    form = opened(client, play, link_of(play))
    client.post(form, written(play, words="Wrong.", phone="01632 960 009"))
    proposal = Proposal.objects.get()
    with seeing_as(None), pytest.raises(PermissionDenied):
        actions.withdraw(proposal=proposal, by=None, at=timezone.now())
    assert Client().post(form + "back/").status_code == 404
    client.post(reverse("directory:take_back", args=[other.uid]))
    proposal.refresh_from_db()
    assert proposal.state == "waiting"

    page = client.post(form + "back/", follow=True).content.decode()

    proposal.refresh_from_db()
    assert proposal.state == "withdrawn" and "Taken back" in page
    assert f'value="{play.uid} ' in page, "it can be confirmed again"
    assert play in assured.to_ask(timezone.localdate())
    assert "taken back, already" in client.post(form + "back/", follow=True).content.decode()
    client.force_login(manager)
    assert "Withdrawn" in client.get("/directory/proposals/?only=decided").content.decode()


def test_a_link_opens_its_own_groups_entries_alone(play, client):
    other = entry("Bus", provider="Play Bus")
    secret = link_of(play)
    opened(client, play, secret)
    theirs = reverse("directory:changed", args=[other.uid])
    assert client.post(theirs, written(other, name="Ours")).status_code == 404
    forger = Client()
    forged = opened(forger, play, "x" + secret)
    assert forger.post(forged, written(play, name="Ours")).status_code == 404
    details = actions.Told(other.provider, "Ours", "", tuple(tag.term for tag in other.tags.all()), phone="1")  # fmt: skip
    for link in ("", hash_of(secret)):
        with seeing_as(None, link_hash=link), pytest.raises(PermissionDenied):
            actions.propose(
                provider=other.provider, service=other, details=details, by=None, mailbox=MAILBOX, at=timezone.now()
            )  # fmt: skip
    with seeing_as(None, link_hash=hash_of(secret)), pytest.raises(DirectoryRefused):
        actions.propose(
            provider=play.provider, service=other, details=details, by=None, mailbox=MAILBOX, at=timezone.now()
        )  # fmt: skip
    assert not Proposal.objects.exists()


def test_a_link_that_is_over_sends_nothing(play, client, manager):
    secret = link_of(play)
    form = opened(client, play, secret)
    giver = actions.Giver("Family Friends", "Neighbours.", keeper_email="new@friends.example")
    actions.write_provider(details=giver, known=play.provider, **said(manager))
    for answer in (client.get(form), client.post(form, written(play, name="Ours"))):
        assert answer.status_code == 404
        assert "A newer one has taken its place" in answer.content.decode()
    assert not Proposal.objects.exists()


def test_what_is_sent_is_limited_and_nothing_that_was_typed_is_lost(play, client, settings):
    hour = timedelta(hours=1)
    settings.KITH_LIMITS = {**settings.KITH_LIMITS, "propose_by_link": (0, 1, hour)}
    form = opened(client, play, link_of(play))
    assert client.post(form, written(play, words="First.")).status_code == 302
    refused = client.post(form, written(play, words="Second.", revision="1"))
    assert refused.status_code == 429
    assert "Second." in refused.content.decode() and "in an hour" in refused.content.decode()
    assert Proposal.objects.get().words == "First."


def test_the_secret_stands_in_no_address_after_the_link_was_opened_and_a_page_left_open_closes(
    play, client
):
    secret = link_of(play)
    way = client.get(reverse("directory:confirm", args=[secret]), follow=True)
    assert way.redirect_chain == [("/find-help/check/", 302)]
    assert secret not in way.content.decode()
    form = reverse("directory:changed", args=[play.uid])
    assert secret not in client.get(form).content.decode()
    assert Client().get("/find-help/check/").status_code == 404, "nothing without the link"
    with time_machine.travel(timezone.now() + timedelta(hours=3), tick=False):
        closed = client.get(form)
        assert closed.status_code == 404
        assert "Open the link in our e-mail again" in closed.content.decode()
    assert client.post("/find-help/check/", {"read": []}).status_code == 404


class Hidden(HTMLParser):
    """The hidden answers of the form that sends again what was written."""

    def __init__(self, page):
        super().__init__()
        self.given = {}
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        one = dict(attrs)
        if tag == "input" and one.get("type") == "hidden" and one["name"] != "csrfmiddlewaretoken":
            self.given.setdefault(one["name"], []).append(one["value"])


def test_what_was_written_while_the_link_closed_is_kept_and_sent_once_it_is_opened_again(
    play, client
):
    secret = link_of(play)
    form = opened(client, play, secret)
    words = 'We moved:\n"Tuesdays" & <b>fruit</b>.'
    given = written(play, phone="01632 960 002", words=words)
    given |= {"kinds": [*given["kinds"], "not-a-kind"], "empty": ""}
    with time_machine.travel(timezone.now() + timedelta(hours=3), tick=False):
        answer = client.post(form, given)
        page = answer.content.decode()
        assert answer.status_code == 404 and not Proposal.objects.exists()
        assert "kept on this page" in page and "Send it again" in page
        assert "&lt;b&gt;fruit&lt;/b&gt;" in page and "<b>fruit" not in page
        assert "Play hall" not in page, "nothing of the entry is told without the link"
        kept = Hidden(page).given
        assert kept["words"] == [words] and kept["kinds"] == given["kinds"]
        assert kept["empty"] == [""]

        assert client.post(form, kept).status_code == 404, "pressed too soon, it is kept again"
        opened(client, play, secret)
        kept["kinds"].remove("not-a-kind")
        assert client.post(form, kept).status_code == 302
    assert Proposal.objects.get().words == words
    assert Proposal.objects.get().proposed["phone"] == "01632 960 002"


def test_what_was_written_is_kept_too_where_the_link_has_run_out_and_a_new_one_is_asked_for(
    play, client
):
    form = opened(client, play, link_of(play))
    OneTimeLink.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    page = client.post(form, written(play, words="Tuesdays now.")).content.decode()
    assert "Send a new link (opens in a new tab)" in page, "this page stays open beside it"
    assert Hidden(page).given["words"] == ["Tuesdays now."]
    assert "kept on this page" not in client.get(form).content.decode()
