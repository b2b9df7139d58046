"""Notes and photographs of a visit: kept once, seen by those who visit, with consent and without names."""

import uuid
from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.urls import reverse

from kith.accounts.viewer import see_as, seeing_as
from kith.audit.models import Entry
from kith.scrutiny import naming
from kith.scrutiny import note_queries as queries
from kith.scrutiny import visit_queries as visits
from kith.scrutiny.actions import notes as actions
from kith.scrutiny.actions.notes import Noted
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.actions.visits import put_down
from kith.scrutiny.models import Content, Evidence, Photo, Theme, VisitNote
from tests.factories.accounts import make_team, make_user
from tests.factories.pictures import PLACE, make_jpeg
from tests.factories.visits import FIRST, NOW, add_visit, make_visiting

pytestmark = pytest.mark.django_db
THERE = FIRST + timedelta(minutes=30)


@pytest.fixture
def room():
    made = make_visiting()
    made.visit = add_visit(made.review, made.officer, made.hubs[0])
    made.first, made.second, made.outsider = made.people
    for one in (made.first, made.second):
        put_down(visit=made.visit, member=one, by=made.officer, at=NOW)
    return made


def note(room, words="The waiting room is cold.", *, by=None, at=THERE, **more) -> VisitNote:
    noted = Noted(key=more.pop("key", uuid.uuid4()), words=words, **more)
    return actions.write_note(visit=room.visit, noted=noted, by=by or room.first.user, at=at)


def test_a_note_that_is_sent_twice_is_kept_once_and_its_words_may_change(room):
    see_as(room.first.user)
    key = uuid.uuid4()

    first, again = note(room, key=key), note(room, key=key)
    changed = note(room, "The waiting room is cold and dark.", key=key)

    assert first.pk == again.pk == changed.pk
    assert VisitNote.objects.get().words == "The waiting room is cold and dark."
    with seeing_as(make_user("dpo", make_team("County", "desk"), "Officer")):
        told = list(Entry.objects.filter(what__startswith="scrutiny.note"))
    assert sorted(one.what for one in told) == ["scrutiny.note_changed", "scrutiny.note_written"]
    assert "cold" not in str([one.after for one in told])
    with pytest.raises(ScrutinyRefused, match="Somebody else wrote"):
        note(room, key=key, by=room.second.user)


def test_notes_are_written_by_those_who_go_from_the_day_of_the_visit_on(room):
    see_as(room.officer)

    with pytest.raises(ScrutinyRefused, match="from the day of the visit"):
        note(room, at=FIRST - timedelta(days=1))
    with pytest.raises(ScrutinyRefused, match="Only those who go"):
        note(room, by=room.outsider.user)
    lead = make_user("county_lead", make_team("Desk", "desk"), "Lead")
    with pytest.raises(PermissionDenied):
        note(room, by=lead)
    assert note(room).pk and note(room, by=room.officer).member is None


def test_an_officer_types_up_what_a_member_noted_on_paper(room):
    see_as(room.officer)
    page = pages_of(room.officer)
    where = f"{reverse('visits:notes', args=[room.visit.pk])}?member={room.second.pk}"

    with time_machine.travel(THERE, tick=False):
        page.post(where, typed(page.get(where), words="Cramped, but kind."))
    noted = Noted(key=uuid.uuid4(), words="Not there")
    with pytest.raises(ScrutinyRefused, match="is not down"):
        actions.write_note(
            visit=room.visit, noted=noted, member=room.outsider, by=room.officer, at=THERE
        )

    [kept] = queries.notes_of(room.officer, room.visit)
    assert (kept.member, kept.by, kept.words) == (room.second, room.officer, "Cramped, but kind.")
    with seeing_as(room.first.user), pytest.raises(PermissionDenied):
        actions.write_note(
            visit=room.visit, noted=noted, member=room.second, by=room.first.user, at=THERE
        )


def test_a_service_users_words_need_their_consent(room):
    see_as(room.first.user)

    with pytest.raises(ScrutinyRefused, match="agreed") as refusal:
        note(room, "It was the first place that listened.", whose="user")
    kept = note(room, "It was the first place that listened.", whose="user", consent=True)

    assert refusal.value.field == "consent"
    assert kept.consent and not note(room, "Tidy", whose="staff", consent=True).consent


def test_a_note_taken_back_is_shown_nowhere_any_more(room):
    see_as(room.first.user)
    kept = note(room, "Sam Miller told me so.")
    theme = Theme.objects.create(review=room.review, order=1, title="Talk")
    Evidence.objects.create(
        review=room.review, theme=theme, note=kept, words=kept.words, placed_at=THERE
    )

    note(room, "", key=kept.key)

    assert queries.notes_of(room.first.user, room.visit) == []
    evidence = Evidence.objects.get()
    assert (evidence.words, evidence.theme) == ("", None)
    assert evidence.taken_back_at is not None


def test_those_who_are_visited_read_no_notes(room):
    with seeing_as(room.first.user):
        note(room)
    lead = make_user("county_lead", make_team("Desk", "desk"), "Lead")

    see_as(room.second.user)
    assert len(queries.notes_of(room.second.user, room.visit)) == 1
    see_as(lead)
    assert visits.visit_called(lead, room.visit.pk) == room.visit
    assert queries.notes_of(lead, room.visit) == []
    assert not VisitNote.objects.exists()  # the database itself


def test_what_looks_like_a_name_or_number_is_asked_about_and_common_words_are_not(room):
    known = naming.known_names()

    asked = naming.who_it_may_tell(
        "A mum, Kelly Barnes, is 34; ring 07700 900123 or kelly@example.org, OX16 9AA.", known
    )
    quiet = naming.who_it_may_tell(
        "Staff at Banbury speak well of Home-Start. On Monday the Children's Centre was full.",
        known,
    )

    assert {one.split("”")[0].strip("“") for one in asked} == {
        *("Kelly", "Barnes", "is 34", "07700 900123", "kelly@example.org", "OX16 9AA"),
    }
    assert quiet == []


def picture(room, **more) -> Photo:
    said = {
        "key": uuid.uuid4(),
        "name": "IMG_2012.JPG",
        "content": make_jpeg(),
        "caption": "The garden",
        "people": False,
        "consent": False,
        "by": room.first.user,
        "at": THERE,
    }
    return actions.add_photo(visit=room.visit, **{**said, **more})


def test_a_photograph_loses_its_place_and_people_on_it_agree(room):
    see_as(room.first.user)
    key = uuid.uuid4()

    with pytest.raises(ScrutinyRefused, match="everybody on it agreed"):
        picture(room, people=True)
    kept = picture(room, key=key)
    again = picture(room, key=key)

    assert kept.pk == again.pk
    assert PLACE not in bytes(kept.content.held)
    assert picture(room, people=True, consent=True).content_id == kept.content_id


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.pdf", b"%PDF-1.7 ", "Choose a photograph"),
        ("a.jpg", b"", "empty"),
        ("a.jpg", make_jpeg()[:60], "cannot read this photograph"),
        ("a.jpg", b"\xff\xd8\xff" + bytes(10 * 1024 * 1024), "larger than 10 MB"),
    ],
)
def test_what_is_no_photograph_is_refused_saying_what_to_do(room, name, content, why):
    see_as(room.first.user)

    with pytest.raises(ScrutinyRefused, match=why) as refusal:
        picture(room, name=name, content=content)

    assert refusal.value.field == "file"
    assert not Photo.objects.exists()


def test_a_photograph_taken_away_leaves_nothing_behind(room):
    see_as(room.first.user)
    kept, same = picture(room), picture(room)

    actions.remove_photo(photo=kept, by=room.first.user, at=THERE)
    assert Content.objects.count() == 1
    with seeing_as(room.second.user), pytest.raises(PermissionDenied):
        actions.remove_photo(photo=same, by=room.second.user, at=THERE)
    actions.remove_photo(photo=same, by=room.first.user, at=THERE)

    assert not Content.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")


# Pages


def pages_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def typed(page, **first) -> dict[str, str]:
    """Return what a browser would send of the page's notes, the first empty one filled in."""
    formset = page.context["notes"]
    data = {"form-TOTAL_FORMS": len(formset.forms), "form-INITIAL_FORMS": len(formset.forms)}
    filled = False
    for form in formset:
        for name in ("key", "question", "words", "whose"):
            value = form[name].value()
            data[form.add_prefix(name)] = "" if value is None else str(value)
        if form["consent"].value():
            data[form.add_prefix("consent")] = "on"
        if not filled and not form["words"].value():
            filled = True
            data |= {form.add_prefix(name): value for name, value in first.items()}
    return data


def test_notes_are_saved_by_a_script_and_by_the_button_alike(room):
    member, where = pages_of(room.first.user), reverse("visits:notes", args=[room.visit.pk])
    script = {"X-Requested-With": "autosave"}

    with time_machine.travel(THERE, tick=False):
        page = member.get(where)
        data = typed(page, words="Ring 07700 900123 to ask.")
        told = member.post(where, data, headers=script).json()
        again = member.post(where, data, headers=script).json()
        refused = member.post(
            where, {**data, **typed(page, words="She was heard.", whose="user")}, headers=script
        ).json()
        plain = member.post(where, data, follow=True)

    assert told["errors"] == {} and told["said"].startswith("Saved at 10:30.")
    assert "telephone number" in told["said"] and again["errors"] == {}
    assert "Tick that they agreed" in str(refused["errors"])
    assert "Your notes are saved." in plain.content.decode()
    assert "Look again" in plain.content.decode()
    with seeing_as(room.first.user):
        assert VisitNote.objects.count() == 1


def test_what_cannot_be_kept_is_said_at_its_field_and_stays_on_the_page(room):
    member, where = pages_of(room.first.user), reverse("visits:notes", args=[room.visit.pk])

    with time_machine.travel(THERE, tick=False):
        data = typed(member.get(where), words="She was heard.", whose="user")
        page = member.post(where, data)
        signed_out = Client().post(where, data)

    assert page.context["forms"][0].errors["consent"]
    assert "She was heard." in page.content.decode()
    assert "govuk-error-summary" in page.content.decode()
    assert signed_out.status_code == 401 and "She was heard." in signed_out.content.decode()


def test_a_photograph_is_shown_to_those_who_visit_alone(room):
    member, where = pages_of(room.first.user), reverse("visits:photo_new", args=[room.visit.pk])
    file = BytesIO(make_jpeg())
    file.name = "garden.jpg"

    with time_machine.travel(THERE, tick=False):
        key = str(uuid.uuid4())
        member.post(where, {"key": key, "file": file, "caption": "The garden"})
        shown = member.get(reverse("visits:photo", args=[key]))
        lead = pages_of(make_user("county_lead", make_team("Desk", "desk"), "Lead"))
        hidden = lead.get(reverse("visits:photo", args=[key]))

    assert shown.status_code == 200 and shown["Content-Type"] == "image/jpeg"
    assert PLACE not in shown.content
    assert hidden.status_code == 403
