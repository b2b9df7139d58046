"""A member's own page: what is theirs, what is new, what they asked, and what changed where they were elected."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from kith.accounts.viewer import see_as
from kith.scrutiny import division, queries
from kith.scrutiny import member_queries as mine
from kith.scrutiny.actions import inviting, meetings, minutes, papers
from kith.scrutiny.models import Look, OwnNote
from tests.factories.accounts import make_team, make_user
from tests.factories.casework import make_staffed_hub
from tests.factories.scrutiny import (
    MEETS,
    NOW,
    add_item,
    call,
    hold,
    make_committee,
    make_meeting,
    make_officer,
    sit,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return make_officer()


@pytest.fixture
def committee(officer):
    return make_committee(officer, members=2, team=make_team("Members", "committee"))


def elect(officer, committee, name="Dilys Morgan", **said):
    """Give somebody with an account a seat."""
    member = sit(committee, officer, name)
    member.user = make_user("committee_member", committee.team, name)
    for field, value in said.items():
        setattr(member, field, value)
    member.save()
    return member


def seats(member):
    return mine.seats_held(member, MEETS.date())


def test_a_member_sees_the_meetings_of_their_committees_and_what_came_since_they_looked(
    officer, committee
):
    member = elect(officer, committee)
    meeting = make_meeting(officer, committee)
    item = add_item(officer, meeting)
    make_meeting(officer, make_committee(officer, team=make_team("Others", "committee")))
    user = member.user

    see_as(user)
    (unopened,) = mine.coming(user, seats(member), NOW)
    assert (unopened.meeting, unopened.looked_at, unopened.is_new) == (meeting, None, True)

    meetings.look_at(meeting=meeting, by=user, at=NOW)
    assert not mine.coming(user, seats(member), NOW)[0].is_new

    see_as(officer)
    later = NOW + timedelta(hours=1)
    details = {"title": "Waiting times", "kind": "report", "to_follow": True}
    papers.keep_paper(item=item, details=details, by=officer, at=later)
    call(officer, meeting, at=later)
    see_as(user)
    (since,) = mine.coming(user, seats(member), later)
    assert [str(one) for one in since.new_papers] == ["Waiting times"]
    assert [one.kind for one in since.published] == ["agenda"]

    meetings.look_at(meeting=meeting, by=user, at=later)
    assert not mine.coming(user, seats(member), later)[0].is_new
    see_as(officer)
    assert not Look.objects.exists()  # nobody else knows when they looked


def test_notes_are_found_by_their_words_and_by_nobody_else(officer, committee):
    member, other = elect(officer, committee), elect(officer, committee, "Other Member")
    meeting = make_meeting(officer, committee)
    hubs = add_item(officer, meeting, "The hubs")
    budget = add_item(officer, meeting, "The budget")
    see_as(member.user)
    meetings.note_for_oneself(
        item=hubs, words="Ask why two posts are vacant", by=member.user, at=NOW
    )
    meetings.note_for_oneself(item=budget, words="Underspend again", by=member.user, at=NOW)

    def found(words=""):
        return [one.words.split()[0] for one in mine.notes(member.user, words)]

    assert found() == ["Ask", "Underspend"]
    assert found("VACANT posts") == ["Ask"]
    assert found("budget") == ["Underspend"]
    assert found("vacant budget") == []
    for somebody in (other.user, officer):
        see_as(somebody)
        assert not mine.notes(somebody)
        assert not OwnNote.objects.exists()


def test_a_member_finds_what_they_asked_and_which_of_it_nobody_answered(officer, committee):
    member, other = elect(officer, committee), elect(officer, committee, "Evan Price")
    meeting = make_meeting(officer, committee)
    item = add_item(officer, meeting)
    hold(officer, meeting)

    def said(kind, speaker, words, **more):
        details = {"kind": kind, "speaker": speaker, "words": words, **more}
        return minutes.write_point(item=item, details=details, by=officer, at=NOW)

    why = said("question", "Cllr Morgan", "Why is less spent?")
    said("response", "Deputy Director", "Posts were empty.", answers=why)
    said("question", "Cllr Dilys Morgan", "When will they be filled?")
    said("question", "Cllr Price", "What does research show?")
    said("statement", "Cllr Morgan", "Visits were useful.")
    said("question", "", "Who else was asked?")
    see_as(member.user)

    asked = mine.questions(member.user, member)

    assert [(one.words, one.answers) for one in asked] == [
        ("When will they be filled?", []),
        ("Why is less spent?", [("Deputy Director", "Posts were empty.")]),
    ]
    see_as(other.user)
    (theirs,) = mine.questions(other.user, other)
    assert theirs.words == "What does research show?"


def test_a_surname_that_two_members_share_names_neither(officer, committee):
    member = elect(officer, committee)
    elect(officer, committee, "Rhys Morgan")
    meeting = make_meeting(officer, committee)
    item = add_item(officer, meeting)
    hold(officer, meeting)

    def asks(speaker):
        details = {"kind": "question", "speaker": speaker, "words": "Why?"}
        return minutes.write_point(item=item, details=details, by=officer, at=NOW).member

    assert asks("Cllr Morgan") is None
    assert asks("Dilys Morgan") == member


def test_the_speaker_is_chosen_from_those_who_may_be_there(client, officer, committee):
    meeting = make_meeting(officer, committee)
    item = add_item(officer, meeting)
    inviting.invite(item=item, name="Ann Fry", post="Deputy Director", by=officer, at=NOW)
    stands_in = sit(make_committee(officer, members=0), officer, "Stands In")
    call(officer, meeting)
    minutes.say_attendance(meeting=meeting, member=stands_in, state="present", by=officer, at=NOW)
    client.force_login(officer)

    page = client.get(reverse("scrutiny:item_minutes", args=[item.uid])).content.decode()

    assert '<option value="Cllr Stands In">' in page
    assert '<option value="Ann Fry, Deputy Director">' in page
    assert 'list="speakers"' in page
    assert len(queries.speakers_of(officer, item)) == 4
    assert queries.speakers_of(make_user("county_desk", make_team("Desk", "desk")), item) == []


def test_attendance_counts_from_the_first_day_of_the_seat(officer, committee):
    member = elect(officer, committee)
    assert [
        (one.seat.committee, one.came, one.of)
        for one in mine.attended(member, seats(member), MEETS.date())
    ] == [(committee, 0, 0)]


def test_figures_are_of_the_hub_or_the_district_in_which_the_division_lies(officer, committee):
    here, there = make_staffed_hub("Here").hub, make_staffed_hub("There").hub
    member = elect(officer, committee, division="Headington")

    assert division.areas_of(member, date(2026, 9, 1)) == []

    member.hub = here
    (area,) = division.areas_of(member, date(2026, 9, 1))
    changed = division.changed([area], NOW)

    assert (area.by, area.key) == ("hub", here.slug)
    assert changed
    assert {one.line.label for one in changed} <= {str(here), ""}
    assert str(there) not in {one.line.label for one in changed}
    assert all(one.now["definition"] and one.now["source"] for one in changed)
    # Nobody was helped there: nothing is said of a change.
    assert not [one for one in changed if one.line.word in ("better", "worse")]


def test_a_councillor_lands_on_one_page_and_each_link_of_the_committee_opens(
    client, officer, committee
):
    member = elect(officer, committee, division="Headington")
    make_meeting(officer, committee)
    client.force_login(member.user)

    page = client.get(reverse("home"), follow=True)

    assert page.redirect_chain == [(reverse("scrutiny:home"), 302)]
    words = page.content.decode()
    assert "Nobody has said yet in which district" in words
    assert [link.label for link in page.context["navigation"]].count("Committee") == 1
    assert not {"Today", "Reviews", "Recommendations"} & {
        link.label for link in page.context["navigation"]
    }
    for name in (
        *("scrutiny:home", "scrutiny:meetings", "scrutiny:my_notes", "scrutiny:decisions"),
        *("visits:reviews", "visits:practices", "recommendations:listed"),
    ):
        assert client.get(reverse(name)).status_code == 200, name

    client.force_login(officer)
    assert client.get(reverse("home")).status_code == 200
    assert b"My page" not in client.get(reverse("scrutiny:home")).content


def test_a_committees_public_pages_are_found_from_the_start(client):
    page = client.get(reverse("start")).content.decode()

    assert f'href="{reverse("meetings:committees")}"' in page


def test_what_is_kept_from_the_public_asks_for_paragraph_and_reason_at_once(
    client, officer, committee
):
    meeting = make_meeting(officer, committee)
    client.force_login(officer)
    address = reverse("scrutiny:add_item", args=[meeting.uid])
    sent = {"title": "A contract", "kind": "topic", "exempt": "on"}

    refused = client.post(address, sent)

    assert set(refused.context["form"].errors) == {"paragraphs", "public_interest"}
    assert not meeting.items.filter(title="A contract").exists()
    whole = {**sent, "paragraphs": ["3"], "public_interest": "It would weaken our hand."}
    assert client.post(address, whole).status_code == 302
    assert meeting.items.filter(title="A contract", exempt=True).exists()


def test_a_search_shows_how_it_is_narrowed_only_where_it_is(client):
    address = reverse("meetings:search")

    plain = client.get(address, {"q": "hubs"}).content.decode()
    narrowed = client.get(address, {"q": "hubs", "kind": "paper"}).content.decode()

    assert '<details class="govuk-details">' in plain
    assert '<details class="govuk-details" open>' in narrowed


def test_old_files_are_asked_for_where_none_was_sent(client, officer, committee):
    client.force_login(officer)

    page = client.post(reverse("scrutiny:old_files", args=[committee.slug]), {"sent": "yes"})

    assert page.status_code == 200
    assert "documents" in page.context["form"].errors
