"""Themes of a review: proposed from notes, kept by people, agreed by the committee."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from kith.accounts.viewer import see_as, seeing_as
from kith.analytics import themes as method
from kith.scrutiny import theme_queries as queries
from kith.scrutiny.actions import notes, visits
from kith.scrutiny.actions import themes as actions
from kith.scrutiny.actions.notes import Noted
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.models import Evidence, Item, Meeting, Review, Theme
from tests.factories.accounts import make_team, make_user
from tests.factories.visits import FIRST, NOW, add_visit, make_visiting

pytestmark = pytest.mark.django_db
AFTER = FIRST + timedelta(days=1)
SAID = (
    (0, 0, "Two group rooms and plenty of space."),
    (0, 1, "The space was short, and a parent was spoken to in the corridor."),
    (1, 0, "Bright rooms. There is space to play."),
    (1, 1, "Waiting lists have grown to seven weeks."),
    (0, 0, "Families wait four weeks for a first visit."),
    (1, 1, "The queue is long, and families ring about the wait."),
    (0, 1, "A dog slept under the table."),
)


@pytest.fixture
def room():
    made = make_visiting(2)
    held = [
        add_visit(made.review, made.officer, hub, starts=FIRST + timedelta(hours=4 * number))
        for number, hub in enumerate(made.hubs)
    ]
    for visit in held:
        for member in made.people:
            visits.put_down(visit=visit, member=member, by=made.officer, at=NOW)
    for place, who, words in SAID:
        note(made, held[place], made.people[who], words)
    see_as(made.officer)
    made.held = held
    return made


def note(room, visit, member, words):
    with seeing_as(member.user):
        return notes.write_note(
            visit=visit, noted=Noted(uuid.uuid4(), words), by=member.user, at=AFTER
        )


def propose(room, *, at=AFTER):
    return actions.propose_themes(review=room.review, by=room.officer, at=at)


def called(title: str) -> Theme:
    return Theme.objects.get(title=title)


def words_in(theme: Theme) -> set[str]:
    return set(theme.evidence.values_list("words", flat=True))


def lies_in(words: str) -> Theme | None:
    return Evidence.objects.get(words=words).theme


def test_themes_come_from_the_notes_with_their_reasons_and_the_rest_is_shown(room):
    ran = propose(room)

    assert (ran.themes, ran.placed) == (2, 7)
    space = called("Space")
    assert words_in(space) >= {SAID[0][2], SAID[1][2]}
    assert "“space” stands in" in space.proposed_because
    assert space.state == Theme.State.PROPOSED
    assert [one.words for one in queries.loose(room.officer, room.review).rest] == [SAID[6][2]]
    assert Review.objects.get(pk=room.review.pk).state == Review.State.THEMES


def test_running_again_never_moves_what_a_person_placed(room):
    propose(room)
    dog = Evidence.objects.get(words=SAID[6][2])
    queue = Evidence.objects.get(words=SAID[5][2])
    actions.move_evidence(evidence=[dog, queue], theme=called("Space"), by=room.officer, at=AFTER)
    left = Evidence.objects.get(words=SAID[0][2])
    actions.move_evidence(evidence=[left], theme=None, by=room.officer, at=AFTER)
    note(room, room.held[0], room.people[0], "Families wait and wait.")

    propose(room, at=AFTER + timedelta(hours=1))

    assert lies_in(SAID[6][2]) == lies_in(SAID[5][2]) == called("Space")
    assert lies_in(SAID[0][2]) is None
    kept = Evidence.objects.get(words=SAID[6][2])
    assert (kept.placed_by, kept.placed_at) == (room.officer, AFTER)
    assert [one.words for one in queries.loose(room.officer, room.review).left_out] == [SAID[0][2]]
    # The new note is in a theme, and each sentence stands once.
    assert lies_in("Families wait and wait.") is not None
    assert Evidence.objects.filter(note__isnull=False).count() == 9


def test_a_placed_sentence_follows_its_note_and_one_that_is_taken_out_is_seen_no_more(room):
    written = note(room, room.held[0], room.people[0], "The roof leaks badly. Staff were proud.")
    see_as(room.officer)
    propose(room)
    roof = Evidence.objects.get(words="The roof leaks badly.")
    proud = Evidence.objects.get(words="Staff were proud.")
    theme = actions.new_theme(review=room.review, title="Buildings", by=room.officer, at=AFTER)
    actions.move_evidence(evidence=[roof, proud], theme=theme, by=room.officer, at=AFTER)

    def reword(words):
        with seeing_as(written.by):
            notes.write_note(
                visit=written.visit, noted=Noted(written.key, words), by=written.by, at=AFTER
            )

    reword("It rained. The roof leaks very badly. Staff were proud.")
    see_as(room.officer)
    assert words_in(theme) == {"The roof leaks very badly.", "Staff were proud."}
    assert [Evidence.objects.get(pk=one.pk).sentence for one in (roof, proud)] == [1, 2]
    propose(room)
    assert words_in(theme) >= {"The roof leaks very badly.", "Staff were proud."}
    assert Evidence.objects.filter(words="It rained.").exists()

    reword("It rained. Staff were proud.")
    see_as(room.officer)
    assert words_in(theme) == {"Staff were proud."}
    assert not Evidence.objects.filter(words__contains="roof leaks").exists()
    gone = Evidence.objects.get(taken_back_at__isnull=False)
    assert (gone.words, gone.theme, gone.taken_back_at) == ("", None, AFTER)
    loose = queries.loose(room.officer, room.review)
    assert all(one.words for one in [*loose.rest, *loose.left_out]), (
        "an empty line is shown nowhere"
    )


def test_whoever_names_a_theme_keeps_what_lies_in_it(room):
    propose(room)
    before = words_in(called("Waiting"))

    actions.write_theme(
        theme=called("Waiting"), title="Too long a wait", findings="", by=room.officer, at=AFTER
    )
    propose(room)

    mine = called("Too long a wait")
    assert words_in(mine) == before
    assert set(mine.evidence.values_list("placed_by", flat=True)) == {room.officer.pk}
    with pytest.raises(ScrutinyRefused, match="this name already"):
        actions.new_theme(review=room.review, title="too long a WAIT", by=room.officer, at=AFTER)


def test_two_themes_are_put_together_and_one_is_split(room):
    propose(room)
    every = words_in(called("Space")) | words_in(called("Waiting"))

    merged = actions.merge_themes(
        theme=called("Waiting"), into=called("Space"), by=room.officer, at=AFTER
    )
    part = actions.new_theme(review=room.review, title="Queues", by=room.officer, at=AFTER)
    moved = Evidence.objects.filter(words=SAID[5][2])
    actions.move_evidence(evidence=moved, theme=part, by=room.officer, at=AFTER)

    assert words_in(merged) == every - {SAID[5][2]}
    assert words_in(part) == {SAID[5][2]}
    with pytest.raises(ScrutinyRefused, match="another theme"):
        actions.merge_themes(theme=part, into=part, by=room.officer, at=AFTER)
    with pytest.raises(ScrutinyRefused, match="Tick at least one"):
        actions.move_evidence(evidence=[], theme=part, by=room.officer, at=AFTER)


def test_findings_are_agreed_in_a_meeting_and_stay_as_they_are_then(room):
    propose(room)
    theme = called("Space")
    meeting = Meeting.objects.create(
        committee=room.committee, starts_at=AFTER, place="County Hall", state="held"
    )
    item = Item.objects.create(meeting=meeting, order=1, title="The hubs")
    later = AFTER + timedelta(days=1)

    with pytest.raises(ScrutinyRefused, match="Write the findings first"):
        actions.agree_theme(theme=theme, item=item, by=room.officer, at=later)
    actions.write_theme(
        theme=theme, title="Space", findings="Rooms differ.", by=room.officer, at=AFTER
    )
    with pytest.raises(ScrutinyRefused, match="is to come"):
        actions.agree_theme(theme=theme, item=item, by=room.officer, at=NOW)
    with pytest.raises(PermissionDenied):
        actions.agree_theme(theme=theme, item=item, by=room.people[0].user, at=later)
    actions.agree_theme(theme=theme, item=item, by=room.officer, at=later)

    for change in (
        lambda: actions.write_theme(theme=theme, title="X", findings="", by=room.officer, at=later),
        lambda: actions.add_evidence(theme=theme, words="More", by=room.officer, at=later),
        lambda: actions.move_evidence(
            evidence=theme.evidence.all()[:1], theme=None, by=room.officer, at=later
        ),
    ):
        with pytest.raises(ScrutinyRefused, match="stays as it is"):
            change()
    before = words_in(theme)
    propose(room, at=later)
    assert words_in(theme) == before
    actions.open_theme_again(theme=theme, by=room.officer, at=later)
    assert actions.add_evidence(theme=theme, words="More", by=room.officer, at=later).pk


def test_where_two_visitors_of_one_place_see_it_differently_is_shown_with_their_words(room):
    propose(room)

    found = {one.place: one for one in queries.agreement(room.officer, called("Space"))}

    assert found["Banbury"].verdict == "disagree"
    assert found["Banbury"].praise == (("Cllr Councillor A", ("plenty",)),)
    assert found["Bicester"].verdict == "cannot tell"


def test_those_who_are_visited_see_no_themes_in_the_making(room):
    propose(room)
    lead = make_user("county_lead", make_team("Desk", "desk"), "Lead")

    see_as(lead)

    assert queries.themes_of(lead, room.review) == []
    assert not Evidence.objects.exists()  # the database itself
    with pytest.raises(PermissionDenied):
        actions.propose_themes(review=room.review, by=lead, at=AFTER)


def test_the_actions_themselves_refuse_members_of_another_committee(room):
    propose(room)
    theme, other = called("Waiting"), room.review.themes.exclude(title="Waiting").first()
    stranger = make_user(
        "committee_member", make_team("Transport Scrutiny", "committee"), "Stranger"
    )
    own = {"by": stranger, "at": AFTER}
    piece = Evidence.objects.get(words=SAID[0][2])

    # Whatever page or errand calls them: the rows were found by somebody who may see them.
    for act in (
        lambda: actions.propose_themes(review=room.review, **own),
        lambda: actions.new_theme(review=room.review, title="Mine", **own),
        lambda: actions.write_theme(theme=theme, title="Mine", findings="", **own),
        lambda: actions.merge_themes(theme=theme, into=other, **own),
        lambda: actions.move_evidence(evidence=[piece], theme=None, **own),
        lambda: actions.add_evidence(theme=theme, words="Heard elsewhere.", **own),
    ):
        with pytest.raises(PermissionDenied, match="of another committee"):
            act()
    assert actions.new_theme(review=room.review, title="Ours", by=room.people[0].user, at=AFTER)


def test_more_sentences_than_can_be_put_together_are_refused_with_what_to_do(room, monkeypatch):
    monkeypatch.setattr(method, "MOST_SENTENCES", 7)
    with pytest.raises(ScrutinyRefused, match="8 sentences lie in no theme of yours, and 7 can be"):
        propose(room)
    assert not room.review.themes.exists()

    monkeypatch.setattr(method, "MOST_SENTENCES", 8)
    assert propose(room).themes


def test_how_wide_themes_are_can_be_chosen_and_every_list_of_words_is_shown(room, monkeypatch):
    monkeypatch.setitem(method.CUTS, "narrow", 0.6)  # seven sentences are few
    client = Client()
    client.force_login(room.officer)
    where = reverse("visits:propose", args=[room.review.uid])
    found = {}
    for cut in ("wide", "usual", "narrow", "nonsense"):
        client.post(where, {"cut": cut})
        see_as(room.officer)
        found[cut] = Evidence.objects.filter(theme__isnull=False).count()

    assert found == {"wide": 7, "usual": 7, "narrow": 0, "nonsense": 7}
    page = client.get(reverse("visits:themes", args=[room.review.uid])).content.decode()
    assert "could be better" in page and "together with" in page


def test_themes_are_named_and_sentences_moved_in_the_browser_without_a_script(room):
    member = Client()
    member.force_login(room.people[0].user)
    where = reverse("visits:themes", args=[room.review.uid])

    with time_machine.travel(AFTER, tick=False):
        member.post(reverse("visits:propose", args=[room.review.uid]))
        page = member.get(where)
        with seeing_as(room.officer):
            dog = Evidence.objects.get(words=SAID[6][2])
        empty = member.post(where, {})
        unnamed = member.post(where, {"evidence": dog.pk, "to": "new"})
        moved = member.post(where, {"evidence": dog.pk, "to": "new", "title": "Dogs"}, follow=True)
        with seeing_as(room.officer):
            theme = called("Dogs")
        figure = member.post(
            reverse("visits:evidence_new", args=[theme.uid]), {"figure": "requests-received"}
        )
        shown = member.get(reverse("visits:theme", args=[theme.uid])).content.decode()

    assert "Fits no theme yet" in page.content.decode()
    assert "Tick at least one sentence" in empty.content.decode()
    assert "Name the new theme" in unnamed.content.decode()
    assert f'value="{dog.pk}" checked' in unnamed.content.decode()
    assert "1 sentence moved to “Dogs”." in moved.content.decode()
    assert figure.status_code == 302
    assert "September 2025 to August 2026: county" in shown and "Placed by Councillor A" in shown
