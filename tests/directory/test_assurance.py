"""Keeping the directory true: who is asked by e-mail, what a press confirms, what is hidden."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kith.accounts.actions.links import LINK_DAYS
from kith.accounts.models import OneTimeLink
from kith.accounts.viewer import clock, seeing_as
from kith.audit.models import Entry
from kith.directory import actions, assured
from kith.directory.actions import DirectoryRefused, Giver, set_up_terms
from kith.directory.finding import Asked, find
from kith.directory.models import Asking, Provider, Service, ServiceAtPlace
from kith.directory.said import mark_of
from kith.notices.models import Notice
from tests.factories.accounts import make_team, make_user
from tests.factories.directory import make_place, make_service
from tests.factories.places import make_hub, make_places

pytestmark = pytest.mark.django_db

CHECKED = date(2026, 3, 10)
DUE = date(2026, 6, 10)
HIDES = date(2026, 9, 10)
MAILBOX = "hello@friends.example"


@pytest.fixture(autouse=True)
def desk():
    cache.clear()
    set_up_terms()
    team = make_team("County desk", "desk")
    team.email = "desk@county.example"
    team.save()
    return team


def group(*names, mailbox=MAILBOX, checked=CHECKED, **more):
    """Return services of one group, checked on a day."""
    made = [make_service(name, assured_on=checked, phone="01632 960000", **more) for name in names]
    Provider.objects.filter(pk=made[0].provider_id).update(keeper_email=mailbox)
    return [Service.objects.get(pk=one.pk) for one in made]


def morning(day):
    return datetime(day.year, day.month, day.day, 7, 40, tzinfo=ZoneInfo("Europe/London"))


def ask(day):
    with seeing_as(clock()):
        return actions.ask_for_assurance(by=clock(), at=morning(day))


def letters(to=MAILBOX):
    with seeing_as(clock()):
        return list(Notice.objects.filter(to=to).order_by("made_at", "pk"))


def link_in(letter):
    return re.search(r"/find-help/check/[\w-]+/", letter.body)[0]


def entries(what):
    """Return how often the log tells of something."""
    with seeing_as(make_user("dpo", make_team("Data protection", "desk"))):
        return Entry.objects.filter(what=what).count()


def fresh(*services):
    return [Service.objects.get(pk=one.pk) for one in services]


def test_a_group_gets_one_letter_for_all_that_falls_due_with_what_stands_there():
    hall = make_place("The Old Chapel")
    group("Baby group", place=hall, when={"weekday": 1})
    group("Toy library", checked=CHECKED + timedelta(days=5))
    group("Choir", checked=CHECKED + timedelta(days=90))
    away = group("Play on wheels", provider="Play Bus", mailbox="bus@play.example")[0]

    assert ask(DUE - timedelta(days=15)) == 0
    assert (ask(DUE - timedelta(days=9)), ask(DUE - timedelta(days=9))) == (2, 0)

    (letter,) = letters()
    assert letter.subject.startswith("Is this still true?")
    assert "BABY GROUP" in letter.body
    assert "TOY LIBRARY" in letter.body
    assert "CHOIR" not in letter.body
    assert "The Old Chapel, Banbury OX16 5LS; Every Tuesday, 10am to 11.30am" in letter.body
    assert "01632 960000" in letter.body
    assert "PLAY ON WHEELS" in letters("bus@play.example")[0].body
    assert away.name not in letter.body
    assert link_in(letter) not in letter.shown_body, "nobody else reads the link"


def test_reminders_escalate_and_what_nobody_confirms_is_hidden_after_a_warning(desk):
    (service,) = group("Baby group")
    said = []
    day = DUE - timedelta(days=20)
    while day < HIDES + timedelta(days=40):
        if ask(day):
            said.append(day)
        day += timedelta(days=1)

    warned, hidden = HIDES - timedelta(days=14), HIDES
    first = DUE - timedelta(days=14)
    assert said == [first, DUE, DUE + timedelta(days=14), warned, hidden]
    to_group = [timezone.localdate(one.made_at) for one in letters()]
    assert to_group == [first, DUE, warned, hidden]
    assert "Nobody reads this from 10 September 2026 on" in letters()[2].body
    assert "Hidden already, because nobody confirmed it: Baby group" in letters()[3].body
    told = letters(desk.email)
    assert [timezone.localdate(one.made_at) for one in told] == [DUE + timedelta(days=14), hidden]
    assert (
        "Baby group (Family Friends): due on 10 June 2026; its provider was asked 2 times"
        in told[0].body
    )
    assert MAILBOX not in told[0].body
    (service,) = fresh(service)
    assert (service.published, service.hidden_on) == (False, HIDES)
    assert entries("directory.hidden") == 1
    steps = [(one.step, one.on) for one in assured.asked_of(service)]
    assert [step for step, _ in steps] == ["asked", "asked", "told", "warned", "hidden"]


def test_what_is_hidden_is_found_nowhere_and_shown_again_at_once_when_confirmed(client):
    hall = make_place()
    (service,) = group("Baby group", place=hall)
    for day in (HIDES - timedelta(days=14), HIDES):
        ask(day)
    assert find(Asked(words="baby")).total == 0
    assert client.get(reverse("directory:service", args=[service.uid])).status_code == 404
    assert client.get("/api/oruk/v3/services").json()["total_items"] == 0
    assert client.get("/api/oruk/v3/service_at_locations").json()["total_items"] == 0

    page = link_in(letters()[-1])
    assert "It is shown again as soon as you do" in client.get(page, follow=True).content.decode()
    read = {service.uid: mark_of(assured.kept_by(service.provider).get())}
    actions.confirm(provider=service.provider, read=read, by=None, at=morning(HIDES))

    (service,) = fresh(service)
    assert (service.published, service.hidden_on, service.assured_on) == (True, None, HIDES)
    assert find(Asked(words="baby")).total == 1
    assert client.get("/api/oruk/v3/services").json()["total_items"] == 1
    assert ask(HIDES + timedelta(days=1)) == 0


def press(client, page):
    """Press the button of a page as a browser would: with all that stands in its form."""
    html = client.get(page, follow=True).content.decode()
    read = re.findall(r'name="read" value="([^"]+)"', html)
    return client.post(page, {"read": read}, follow=True).content.decode()


def test_opening_the_link_changes_nothing_and_pressing_the_button_confirms_all(client):
    services = group("Baby group", "Toy library")
    Provider.objects.update(email="us@friends.example")
    ask(DUE)
    page = link_in(letters()[0])
    before = list(Service.objects.values()), Asking.objects.count()

    for _ in range(3):
        html = client.get(page, follow=True).content.decode()
        client.head(page)
    assert (list(Service.objects.values()), Asking.objects.count()) == before
    assert entries("directory.confirmed") == 0
    assert "Baby group" in html
    assert "All of this is true" in html

    assert "checked today" in press(client, page)
    assert "Everything is checked" in press(client, page), "twice does no harm"
    today = timezone.localdate()
    for service in fresh(*services):
        assert service.assured_on == today
        assert (service.assured_by, service.assurer_email) == (
            "Family Friends",
            "us@friends.example",
        )
    assert MAILBOX not in client.get("/api/oruk/v3/services?full=true").content.decode()
    assert entries("directory.confirmed") == 2
    assert "Checked today" in client.get(reverse("directory:service", args=[service.uid])).content.decode()  # fmt: skip


def test_what_was_changed_while_it_was_read_is_not_confirmed_unseen(client):
    play, choir = group("Play", "Choir")
    ask(DUE)
    page = link_in(letters()[0])
    read = re.findall(
        r'name="read" value="([^"]+)"', client.get(page, follow=True).content.decode()
    )
    Service.objects.filter(pk=play.pk).update(phone="01632 961111")

    said = client.post(page, {"read": read}, follow=True).content.decode()

    assert "Play was changed while you read" in said
    assert [one.assured_on for one in fresh(play, choir)] == [CHECKED, timezone.localdate()]


def test_a_link_confirms_nothing_of_others_and_a_wrong_one_opens_nothing(client):
    (own,) = group("Play")
    (other,) = group("Bus", provider="Play Bus", mailbox="bus@play.example")
    ask(DUE)
    page = link_in(letters()[0])
    theirs = assured.kept_by(other.provider).get()

    forged = [f"{other.uid} {mark_of(theirs)}", "nonsense", f"{own.uid} guessed", "' or 1=1"]
    client.post(page, {"read": forged})
    assert [one.assured_on for one in fresh(own, other)] == [CHECKED, CHECKED]

    secret = page.split("/")[-2]
    for wrong in (secret[:-1], secret + "x", secret.swapcase(), "x" * 500):
        answer = Client().get(f"/find-help/check/{wrong}/")
        assert answer.status_code == 404
        assert "A part of it may be missing" in answer.content.decode()
    assert Client(enforce_csrf_checks=True).post(page, {"read": []}).status_code == 403
    for_a_request = actions.assuring.make_link(
        purpose="referral", subject_id=own.provider_id, sent_to=MAILBOX, at=timezone.now()
    )
    assert Client().get(f"/find-help/check/{for_a_request}/").status_code == 404


def test_who_tries_many_links_is_slowed_down(client):
    tries = [client.get(f"/find-help/check/guess{number}/").status_code for number in range(62)]
    assert (tries[0], tries[-1]) == (404, 429)


def test_an_old_link_says_so_and_a_new_one_goes_to_the_same_mailbox_only(client):
    group("Play")
    ask(DUE)
    page = link_in(letters()[0])
    long_ago = timezone.now() - timedelta(days=LINK_DAYS + 1)
    OneTimeLink.objects.update(made_at=long_ago, expires_at=timezone.now() - timedelta(days=1))

    html = client.get(page, follow=True)
    assert (html.status_code, "It has run out" in html.content.decode()) == (404, True)
    assert client.post(page, {"read": []}).status_code == 404
    client.post(f"{page}new/")
    new = link_in(letters()[-1])
    assert new != page
    assert "Is this still true?" in client.get(new, follow=True).content.decode()
    assert "A newer one has taken its place" in client.get(page, follow=True).content.decode()
    before = len(letters())
    assert "on its way" in client.post("/find-help/check/no-such/new/").content.decode()
    client.post(f"{page}new/")
    assert len(letters()) == before


def test_with_another_mailbox_the_links_of_the_old_one_are_over(client):
    (service,) = group("Play")
    ask(DUE)
    page = link_in(letters()[0])
    manager = make_user("hub_manager", make_team("Banbury"))
    actions.write_provider(
        details=Giver("Family Friends", "Neighbours", keeper_email="new@friends.example"),
        known=service.provider, by=manager, at=timezone.now(),
    )  # fmt: skip

    answer = client.get(page, follow=True)

    assert answer.status_code == 404
    assert "A newer one has taken its place" in answer.content.decode()
    assert client.post(page, {"read": []}).status_code == 404
    ask(DUE + timedelta(days=30))
    assert len(letters("new@friends.example")) == 0, "they were asked, and it is no milestone"


def test_whoever_has_lost_the_letter_is_sent_another(client):
    (service,) = group("Play")
    manager = make_user("hub_manager", make_team("Banbury"))
    at = morning(DUE)
    with pytest.raises(DirectoryRefused, match="has been checked of late"):
        actions.ask_provider(provider=service.provider, by=manager, at=morning(CHECKED))
    assert actions.ask_provider(provider=service.provider, by=manager, at=at) == 1
    actions.ask_provider(provider=service.provider, by=manager, at=at)
    assert len(letters()) == 1
    assert [one.step for one in assured.asked_of(service)] == ["asked"]
    assert "Is this still true?" in client.get(link_in(letters()[0]), follow=True).content.decode()
    worker = make_user("hub_worker", make_team("Witney"))
    with pytest.raises(PermissionDenied):
        actions.ask_provider(provider=service.provider, by=worker, at=at)
    Provider.objects.update(keeper_email="")
    client.force_login(manager)
    said = client.post(reverse("directory:ask_provider", args=[service.uid]), follow=True)
    assert "Nobody knows a mailbox" in said.content.decode()


def test_what_has_no_mailbox_is_asked_of_the_hub_at_whose_place_it_is(desk, client):
    make_places()
    hub = make_hub("Banbury")
    hub.team.email = "banbury@county.example"
    hub.team.save()
    group("Stay and play", mailbox="", place=make_place("Hub", hub=hub))
    group("Helpline", mailbox="", provider="County")

    ask(DUE)

    assert "Stay and play" in letters(hub.team.email)[0].body
    assert "Helpline" not in letters(hub.team.email)[0].body
    assert "Helpline" in letters(desk.email)[0].body
    assert "find-help/check" not in letters(desk.email)[0].body, "they sign in"
    manager = make_user("hub_manager", hub.team)
    client.force_login(manager)
    listed = client.get(reverse("directory:checking"), {"hub": hub.slug}).content.decode()
    assert "Stay and play" in listed
    assert "Helpline" not in listed
    assert "Asked 1 time" in listed
    actions.assure(service=Service.objects.get(name="Helpline"), by=manager, at=timezone.now())
    assert Service.objects.get(name="Helpline").assurer_email == "banbury@county.example"


def test_what_nobody_can_be_warned_of_is_never_hidden_and_stands_on_the_list(desk, client):
    desk.email = ""
    desk.save()
    (service,) = group("Helpline", mailbox="")
    day = DUE - timedelta(days=20)
    while day < HIDES + timedelta(days=400):
        ask(day)
        day += timedelta(days=7)
    (service,) = fresh(service)
    assert service.published
    steps = sorted(one.step for one in assured.asked_of(service))
    assert steps == ["asked", "asked", "asked", "told"], "on the page: there is nobody to write to"
    client.force_login(make_user("county_desk", desk))
    html = client.get(reverse("directory:checking"), {"q": "help friends"}).content.decode()
    assert "Helpline" in html
    assert "Hidden from" not in html
    assert (
        "Helpline" not in client.get(reverse("directory:checking"), {"q": "choir"}).content.decode()
    )


def test_a_letter_tells_of_a_place_no_more_than_everybody_may_know():
    refuge = make_place("Safe house", shown="never")
    home = make_place("12 Hidden Road", shown="area", town="Witney", postcode="OX28")
    (service,) = group("Refuge", place=refuge)
    ServiceAtPlace.objects.create(service=service, place=home)

    ask(DUE)

    body = letters()[0].body
    assert "In Witney. The address is not shown." in body
    assert "The place is not shown." in body
    for secret in ("Safe house", "Hidden Road", "OX28"):
        assert secret not in body


def test_a_letter_about_very_much_stays_a_letter(desk):
    group(*[f"Group {number}" for number in range(230)], mailbox="")
    group("Play", provider="Play Bus")
    ask(DUE)
    body = letters(desk.email)[0].body
    assert body.count("- Group") == 200
    assert "And 30 more: the page lists them all." in body


def test_drafts_and_what_has_ended_are_not_asked_about():
    group("Draft", published=False)
    group("Ended", status="defunct")
    group("Closed for now", status="temporarily closed", alert="Until spring")
    ask(DUE)
    assert "CLOSED FOR NOW" in letters()[0].body
    assert {one.service.name for one in Asking.objects.all()} == {"Closed for now"}


def test_the_county_says_when_entries_are_hidden(client):
    lead = make_user("county_lead", make_team("Lead", "desk"))
    (service,) = group("Play")
    client.force_login(lead)
    page = reverse("directory:hiding")
    assert client.post(page, {"months": "3"}).status_code == 200, "not before it was asked about"
    assert assured.hide_months() == 6
    client.post(page, {"months": "never"})
    assert assured.hide_months() is None
    for day in (DUE, HIDES, HIDES + timedelta(days=400)):
        ask(day)
    assert fresh(service)[0].published

    client.post(page, {"months": "4"})
    ask(HIDES + timedelta(days=401))
    assert fresh(service)[0].published, "a warning first"
    ask(HIDES + timedelta(days=415))
    assert not fresh(service)[0].published
    with pytest.raises(DirectoryRefused):
        actions.set_hiding(months=2, by=lead, at=timezone.now())
    manager = make_user("hub_manager", make_team("Hub"))
    for act in (
        lambda: actions.set_hiding(months=9, by=manager, at=timezone.now()),
        lambda: actions.ask_for_assurance(by=manager, at=timezone.now()),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_keepers_see_what_is_due_overdue_and_hidden_and_how_often_it_was_asked(client):
    today = timezone.localdate()
    for name, ago in (("Fresh", 10), ("Due soon", 85), ("Late", 120)):
        group(name, checked=today - timedelta(days=ago))
    group("Unseen", checked=today - timedelta(days=300), published=False, hidden_on=today)
    desk = make_user("county_desk", make_team("Desk", "desk"))
    client.force_login(desk)

    def names(**query):
        html = client.get(reverse("directory:checking"), query).content.decode()
        return {name for name in ("Fresh", "Due soon", "Late", "Unseen") if f">{name}</a>" in html}

    assert names() == {"Due soon", "Late", "Unseen"}
    assert names(only="due") == {"Due soon"}
    assert names(only="overdue") == {"Late"}
    assert names(only="hidden") == {"Unseen"}
    html = client.get(reverse("directory:checking")).content.decode()
    assert MAILBOX not in html
    today_page = client.get(reverse("home")).content.decode()
    assert "Entries to check" in today_page
    assert "1 more is hidden" in today_page
    kept = client.get(reverse("directory:kept", args=[Service.objects.get(name="Unseen").uid]))
    assert "Hidden from families since" in kept.content.decode()


def test_nothing_leads_to_what_is_hidden(client):
    make_places()
    hub = make_hub("Banbury")
    shown, hidden = group("Play", "Unseen")
    lead = make_user("county_lead", make_team("Lead", "desk"))
    said = {"by": lead, "at": timezone.now()}
    for service in (shown, hidden):
        standing = actions.Standing("running", need="Nothing else on Saturdays")
        actions.say_offering(hub=hub, service=service, standing=standing, **said)
    absence = actions.Absence("Nursery", "There is none.", timezone.localdate() + timedelta(days=9), services=(shown, hidden))  # fmt: skip
    actions.write_not_offered(details=absence, **said)
    Service.objects.filter(pk=hidden.pk).update(published=False, hidden_on=DUE)

    for page in (
        reverse("directory:hub_offer", args=[hub.slug]),
        reverse("directory:not_offered"),
        reverse("directory:find") + "?q=nursery",
    ):
        html = client.get(page, follow=True).content.decode()
        assert "Play</a>" in html
        assert "Unseen" not in html


def test_publishing_shows_what_was_hidden_by_whatever_way_it_is_done():
    (service,) = group("Play", published=False, hidden_on=DUE)
    Service.objects.filter(pk=service.pk).update(published=True)
    assert fresh(service)[0].hidden_on is None
