"""The words: those that come with Kith, and a county's own."""

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import given
from hypothesis import strategies as st

from kith.accounts.viewer import clock, see_as
from kith.notices import actions, queries, words
from tests.factories.accounts import make_team, make_user
from tests.notices.conftest import GREETING


@pytest.mark.parametrize("wording", words.registered(), ids=lambda wording: wording.key)
def test_nothing_personal_stands_in_any_subject(wording):
    assert set(words.fields_in(wording.subject)) <= {"reference", "county"}


@pytest.mark.parametrize("wording", words.registered(), ids=lambda wording: wording.key)
def test_every_wording_can_be_filled_with_its_own_examples(wording):
    for channel in ("page",) if wording.on_page else ("email", "text"):
        subject, body = wording.words_for(channel)
        subject, body = queries.preview(wording, subject=subject, body=body)
        assert "((" not in subject + body
        assert body


def test_a_wording_with_an_unknown_or_personal_field_cannot_be_made():
    with pytest.raises(words.UnknownField, match=r"no field \(\(surname\)\)"):
        words.Wording(key="x", name="x", when="x", subject="", body="Dear ((surname))")
    with pytest.raises(words.PersonalSubject, match=r"Take \(\(name\)\) out"):
        words.Wording(
            key="x", name="x", when="x", subject="For ((name))", body="", fields={"name": "Ada"}
        )


def test_an_empty_field_takes_its_paragraph_with_it_and_a_missing_one_is_refused():
    filled = words.fill(GREETING.body, {"name": "Ada", "words": "", "reference": "R-1"})

    assert filled == "Hello Ada,\n\nYour request is R-1."
    with pytest.raises(words.MissingField):
        words.fill(GREETING.body, {"name": "Ada"})


@given(st.text())
def test_what_is_filled_in_is_never_read_for_fields_and_holds_no_control_characters(text):
    filled = words.fill("Dear ((name)).", {"name": f"((reference)){text}"})

    assert filled.startswith("Dear ((reference))")
    assert "\0" not in filled


@pytest.mark.django_db
def test_a_county_says_it_in_its_own_words_and_can_go_back(at):
    lead = make_user("county_lead", make_team("Desk", "desk"))
    worker = make_user("county_desk", make_team("Desk", "desk"))
    see_as(lead)
    own = {"wording": GREETING, "channel": "email", "at": at}

    with pytest.raises(PermissionDenied, match="county lead"):
        actions.save_wording(**own, subject="Hi", body="Hi ((name))", by=worker)
    actions.save_wording(**own, subject="Hi\r\nBcc: x@y.z", body="Hi ((name))", by=lead)
    assert queries.words_now(GREETING, "email").own
    see_as(clock())
    said = send(at, "first")
    assert (said.subject, said.body) == ("Hi Bcc: x@y.z", "Hi Ada")

    actions.restore_wording(wording=GREETING, channel="email", by=lead, at=at)
    assert send(at, "second").body.startswith("Hello Ada")


@pytest.mark.django_db
def test_words_that_could_not_be_sent_are_refused_and_nothing_is_changed(at):
    lead = make_user("county_lead", make_team("Desk", "desk"))
    see_as(lead)
    own = {"wording": GREETING, "channel": "email", "by": lead, "at": at}

    with pytest.raises(words.UnknownField):
        actions.save_wording(**own, subject="Hi", body="Hi ((surname))")
    with pytest.raises(words.PersonalSubject):
        actions.save_wording(**own, subject="Hi ((name))", body="Hi")

    assert not queries.words_now(GREETING, "email").own


def send(at, once):
    context = {"reference": "R-1", "name": "Ada", "words": ""}
    return actions.send(GREETING, to="ada@example.org", context=context, once_key=once, at=at)
