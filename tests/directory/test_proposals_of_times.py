"""Places and times that those who give a service propose: in words, approved in whole or in part."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from kith.accounts.actions import make_link
from kith.accounts.viewer import clock, seeing_as
from kith.audit.models import Entry
from kith.directory import actions, assured, proposed
from kith.directory.actions import DirectoryRefused, set_up_terms
from kith.directory.models import Place, Proposal, Provider, Schedule, Service, Tag, Term
from kith.directory.times import in_words
from kith.notices.models import Notice
from tests.factories.accounts import make_team, make_user
from tests.factories.directory import make_place, make_service
from tests.factories.places import make_hub, make_places

pytestmark = pytest.mark.django_db

MAILBOX = "hello@friends.example"
CHAPEL = {"name": "The Old Chapel", "town": "Banbury", "postcode": "OX16 1AA", "shown": "full"}


@pytest.fixture
def manager():
    cache.clear()
    make_places()
    set_up_terms()
    return make_user("hub_manager", make_hub("Banbury").team, "Mia Manager")


@pytest.fixture
def play(manager):
    return given_at(make_place("The Mill"))


def given_at(place):
    service = make_service("Play", phone="01632 960 001", description="Toys.", place=place,
                           when={"weekday": 0, "term_time_only": True})  # fmt: skip
    Tag.objects.create(service=service, term=Term.objects.get(name="Activities"))
    Provider.objects.update(keeper_email=MAILBOX)
    return Service.objects.get(pk=service.pk)


def said(by):
    return {"by": by, "at": timezone.now()}


def form_of(client, service):
    link = make_link(
        purpose=assured.LINK, subject_id=service.provider_id, sent_to=MAILBOX, at=timezone.now()
    )
    client.get(reverse("directory:confirm", args=[link]))
    return reverse("directory:changed", args=[service.uid])


def send(client, service, **changes):
    """Send the form as a browser does: all that stands in it, and what somebody changed.

    `time__` and `place__` are of what is there, `more__` and `other__` of what is new.
    """
    address = form_of(client, service)
    form = client.get(address).context["form"]
    given = {}
    for part in (form, *form.held):
        for bound in part:
            value = bound.value()
            if value is None or value is False:
                continue
            if hasattr(value, "strftime") and hasattr(value, "year"):
                for piece in ("day", "month", "year"):
                    given[f"{bound.html_name}_{piece}"] = getattr(value, piece)
            else:
                given[bound.html_name] = value
    held = form.held
    parts = {"time": held.times, "place": held.places, "more": held.new_times, "other": [held.new_place]}  # fmt: skip
    for name, value in changes.items():
        which, _, field = name.partition("__")
        if value == "OTHER":
            value = held.new_place.prefix
        given[f"{parts[which][0].prefix}-{field}" if field else name] = value
    return client.post(address, given)


def answers(page, **other):
    """Return what a keeper sends who approves all, but for what is said otherwise by its words."""
    form = page.context["form"]
    given = {"mark": form["mark"].value()}
    for line, _ in form.pairs:
        given[line.name] = other.get(line.label, "proposed")
        given["agree-" + line.name] = other.get("agree", "")
    return given


def times_of(service):
    return sorted(in_words(one) for one in Schedule.objects.filter(service=service))


def places_of(service):
    return sorted(one.place.name for one in service.at_places.all())


def test_a_group_that_moves_and_meets_on_another_day_is_found_there_once_it_is_approved(
    play, manager, client
):
    sent = send(
        client, play, time__what="different", time__weekday="1", place__what="different",
        **{f"place__{name}": value for name, value in CHAPEL.items()},
        more__every="once", more__since_day="5", more__since_month="12", more__since_year="2031", more__opens="2pm",
    )  # fmt: skip
    assert sent.status_code == 302
    public = f"/find-help/{play.uid}/"
    assert "The Mill" in client.get(public).content.decode()

    client.force_login(manager)
    address = f"/directory/proposals/{Proposal.objects.get().uid}/"
    page = client.get(address)
    lines = {(line.label, line.now, line.proposed) for line, _ in page.context["form"].pairs}
    assert (
        "When",
        "Every Monday in term time, 10am to 11.30am",
        "Every Tuesday in term time, 10am to 11.30am",
    ) in lines
    assert ("When", "", "Friday 5 December 2031, 2pm") in lines
    assert "A place that the directory does not have yet" in page.content.decode()
    assert not Place.objects.filter(name="The Old Chapel").exists()
    assert client.post(address, answers(page)).status_code == 302

    assert times_of(play) == [
        "Every Tuesday in term time, 10am to 11.30am",
        "Friday 5 December 2031, 2pm",
    ]
    assert places_of(play) == ["The Old Chapel"]
    moved = Schedule.objects.get(service=play, every="week")
    assert moved.at_place.place.postcode == "OX16 1AA" and moved.at_place.place.easting
    assert "The Old Chapel" in client.get(public).content.decode()


def test_some_of_it_is_approved_but_never_a_time_at_a_place_that_ends(play, manager, client):
    send(
        client, play, time__what="different", time__closes="12pm", time__held="OTHER",
        place__what="over", **{f"other__{name}": value for name, value in CHAPEL.items()},
    )  # fmt: skip
    client.force_login(manager)
    address = f"/directory/proposals/{Proposal.objects.get().uid}/"
    page = client.get(address)
    torn = client.post(address, answers(page, When="now"))
    assert "is at a place where it is not given any more" in torn.content.decode()
    assert places_of(play) == ["The Mill"] and times_of(play)[0].endswith("11.30am")
    assert client.post(address, answers(page, Where="now")).status_code == 200, "nor at one not yet"
    assert client.post(address, answers(page)).status_code == 302
    assert (places_of(play), times_of(play)) == (
        ["The Old Chapel"],
        ["Every Monday in term time, 10am to midday"],
    )


def test_what_is_left_out_on_one_day_or_ends_is_told_and_done(play, manager, client):
    day = timezone.localdate() + timedelta(days=30)
    send(client, play, time__what="off", time__off_day_day=day.day, time__off_day_month=day.month,
         time__off_day_year=day.year, time__off_words="A wedding")  # fmt: skip
    one = Proposal.objects.get()
    (line,) = proposed.lines_of(one)
    assert line.proposed == f"{line.now}\nNot on {day:%-d %B %Y}: A wedding"
    actions.approve(proposal=one, mark=proposed.mark_of(one), **said(manager))
    assert [away.day for away in Schedule.objects.get().not_held.all()] == [day]

    send(client, play, time__what="over")
    one = Proposal.objects.get(state="waiting")
    (line,) = proposed.lines_of(one)
    assert line.proposed == "" and "A wedding" in line.now
    actions.approve(proposal=one, mark=proposed.mark_of(one), **said(manager))
    assert not Schedule.objects.exists()


def test_times_that_a_keeper_changed_meanwhile_are_shown_and_a_person_chooses(
    play, manager, client
):
    send(client, play, time__what="different", time__weekday="1")
    client.force_login(manager)
    Schedule.objects.update(weekday=3)
    address = f"/directory/proposals/{Proposal.objects.get().uid}/"
    page = client.get(address)
    shown = page.content.decode()
    assert all(f"Every {day} in term" in shown for day in ("Monday", "Tuesday", "Thursday"))
    assert "changed it since" in shown
    unsaid = client.post(address, {"mark": page.context["form"]["mark"].value()})
    assert "Choose what is to stand: When" in unsaid.content.decode()
    client.post(address, answers(page, When="now"))
    assert times_of(play) == ["Every Thursday in term time, 10am to 11.30am"]


def test_a_keeper_puts_times_differently_and_the_group_is_told(play, manager, client):
    send(client, play, time__what="different", time__weekday="1", time__until_day="1",
         time__until_month="7", time__until_year="2031")  # fmt: skip
    client.force_login(manager)
    address = f"/directory/proposals/{Proposal.objects.get().uid}/"
    page = client.get(address)
    (times,) = page.context["form"].times.values()
    given = answers(page, When="reworded")
    own = {"every": "week", "weekday": "2", "opens": "10am", "closes": "9am", "held": times["held"].value()}  # fmt: skip
    given |= {f"{times.prefix}-{name}": value for name, value in own.items()}
    wrong = client.post(address, given)
    assert "It ends before it begins" in wrong.content.decode()
    assert times_of(play) == ["Every Monday in term time, 10am to 11.30am"]
    assert client.post(address, given | {f"{times.prefix}-closes": "11am"}).status_code == 302
    assert times_of(play) == ["Every Wednesday, 10am to 11am"]
    with seeing_as(clock()):
        letter = Notice.objects.get(key="directory.proposal_decided")
    assert "When: we put it differently, “Every Wednesday, 10am to 11am”." in letter.body


@pytest.mark.parametrize("shown", ["area", "on_request", "never"])
def test_nothing_more_of_an_address_is_known_unless_a_keeper_says_so(manager, client, shown):
    town = {"area": "Witney"}.get(shown, "")
    play = given_at(make_place("Quiet house", shown=shown, town=town, postcode=""))
    opened = client.get(form_of(client, play)).content.decode()
    assert "Quiet house" not in opened
    send(client, play, place__what="different", **{f"place__{k}": v for k, v in CHAPEL.items()})
    one = Proposal.objects.get()
    mark = proposed.mark_of(one)
    with pytest.raises(DirectoryRefused, match="more of the address"):
        actions.approve(proposal=one, mark=mark, **said(manager))
    client.force_login(manager)
    address = f"/directory/proposals/{one.uid}/"
    page = client.get(address)
    assert "Everybody would know more" in page.content.decode()
    refused = client.post(address, answers(page))
    assert "Tick this if everybody may know it" in refused.content.decode()
    assert places_of(play) == ["Quiet house"]
    assert client.post(address, answers(page, agree="on")).status_code == 302
    assert places_of(play) == ["The Old Chapel"]


def test_of_a_place_that_is_shown_by_its_area_no_address_stays_with_the_proposal(
    play, manager, client
):
    hidden = CHAPEL | {"shown": "area", "address": "12 Hidden Road"}
    send(client, play, place__what="different", **{f"place__{k}": v for k, v in hidden.items()})
    one = Proposal.objects.get()
    actions.approve(proposal=one, mark=proposed.mark_of(one), **said(manager))
    assert Place.objects.get(name="The Old Chapel").postcode == "OX16"
    one.refresh_from_db()
    assert "Hidden Road" not in str(one.proposed) and "1AA" not in str(one.proposed)
    with seeing_as(make_user("dpo", make_team("Data protection", "desk"))):
        told = [entry.after for entry in Entry.objects.filter(what="directory.proposed")]
    assert told and "Hidden Road" not in str(told) and "1AA" not in str(told)


def test_a_place_that_the_directory_has_is_not_doubled_nor_a_hidden_one_given_away(
    play, manager, client
):
    known = make_place("The Old Chapel", postcode="OX16 1AA")
    hidden = make_place("Safe room", shown="on_request")
    for where, there in ((CHAPEL, known), (CHAPEL | {"name": "Safe room"}, None)):
        Proposal.objects.all().delete()
        send(client, play, place__what="different", **{f"place__{k}": v for k, v in where.items()})
        (value,) = [
            value for name, value in Proposal.objects.get().proposed.items() if name[:6] == "place-"
        ]
        assert value["place"] == (str(there.uid) if there else "")
    assert str(hidden.uid) not in str(Proposal.objects.get().proposed)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"time__what": "different", "time__every": "fortnight"}, "Enter the first day, to count the weeks from."),
        ({"time__what": "different", "time__every": "month_day"}, "Choose which one of the month."),
        ({"time__what": "different", "time__closes": "9am"}, "It ends before it begins."),
        ({"time__weekday": "4"}, "Choose what is different, or put it back as it was."),
        ({"time__what": "off"}, "Enter the day on which it is not held."),
        ({"place__what": "different", "place__name": "Hall"}, "Enter the postcode"),
        ({"place__what": "different", "place__name": "Hall", "place__postcode": "nonsense"}, "postcode"),
        ({"place__what": "different", "place__postcode": "OX16 1AA"}, "Enter what the place is called."),
        ({"place__what": "over"}, "is at a place where it is not given any more"),
        ({"more__opens": "10am"}, "Choose the day of the week."),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_place_and_nothing_typed_is_lost(
    play, client, changes, message
):
    answer = send(client, play, description="Toys and songs.", **changes)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert message in page and "Toys and songs." in page
    assert "There is a problem" in page
    assert not Proposal.objects.exists()


def test_what_was_sent_is_opened_as_it_was_sent_and_can_be_put_back(play, client):
    send(client, play, time__what="different", time__weekday="1", words="Soon.")
    assert "Every Tuesday in term time" in client.get(form_of(client, play)).content.decode()
    send(client, play, more__weekday="5", more__opens="9am", words="Soon.")
    one = Proposal.objects.get()
    assert {line.proposed for line in proposed.lines_of(one)} == {
        "Every Tuesday in term time, 10am to 11.30am",
        "Every Saturday, 9am",
    }
    send(client, play, time__what="different", time__weekday="0", words="Soon.")
    one.refresh_from_db()
    assert [line.proposed for line in proposed.lines_of(one)] == ["Every Saturday, 9am"]
