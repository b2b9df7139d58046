"""What is typed of a supervision is kept while somebody types: for them alone, until they save it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kith.accounts.viewer import clock, see_as, seeing_as
from kith.casework import actions, oversight
from kith.casework.models import CaseReflection, Supervision, SupervisionDraft
from tests.factories.casework import make_case, make_staffed_hub, make_worker

pytestmark = pytest.mark.django_db
WORDS = "Tired, and asks for Fridays off."


@pytest.fixture
def now():
    return timezone.now() - timedelta(days=1)


@pytest.fixture
def hub():
    return make_staffed_hub("Banbury")


@pytest.fixture
def case(hub, now):
    return make_case(hub, worker=hub.worker, at=now)


@pytest.fixture
def held(hub, case, now):
    with seeing_as(hub.manager):
        return actions.hold_supervision(
            worker=hub.worker, team=hub.team, held_on=timezone.localdate(now), words="", next_on=None,
            by=hub.manager, at=now,
        )  # fmt: skip


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def types(client, page, had="", **answers):
    return client.post(
        page, answers | {"had": had}, headers={"X-Requested-With": "autosave"}
    ).json()


def test_what_is_typed_stands_there_again_however_wrong_and_goes_when_it_is_saved(hub, case, held):
    manager = signed_in(hub.manager)
    page = reverse("casework:supervision_case", args=[held.pk, case.reference])

    told = types(manager, page, words="We wondered\nwhy.\x00", owner=hub.worker.pk, due_on_day="31")
    told = types(manager, page, told["had"], words="We wondered\nwhy not.", due_on_day="31")

    assert "draft that only you can see" in told["said"] and told["errors"] == {}
    again = manager.get(page).content.decode()
    assert "We wondered\nwhy not." in again and 'value="31"' in again
    assert "You typed this and have not saved it" in again and f'value="{told["had"]}"' in again
    see_as(hub.manager)
    assert not CaseReflection.objects.exists()
    assert manager.post(page, {"words": "We wondered.", "had": told["had"]}).status_code == 302
    see_as(hub.manager)
    assert CaseReflection.objects.get().words == "We wondered."
    assert not SupervisionDraft.objects.exists()


def test_two_windows_keep_two_texts_and_saving_one_leaves_the_other(hub, case, held):
    manager = signed_in(hub.manager)
    page = reverse("casework:supervision_case", args=[held.pk, case.reference])
    one = types(manager, page, words="Mornings.")
    mine = types(manager, page, one["had"], words="Mornings are hard.")
    other = types(manager, page, one["had"], words="Evenings.")

    assert other["had"].split(":")[0] != mine["had"].split(":")[0]
    shown = manager.get(page).content.decode()
    assert "Mornings are hard." in shown and "Evenings." in shown and "in another window" in shown
    manager.post(page, {"words": "Evenings.", "had": other["had"]})

    left = reverse("casework:supervision_case_add", args=[held.pk, case.reference])
    assert manager.get(page).url.startswith(left)  # it is written down: more is added to it
    shown = manager.get(left).content.decode()
    assert "Mornings are hard." in shown
    listed = manager.get(reverse("casework:supervision_one", args=[held.pk])).content.decode()
    assert "Begun and not saved" in listed and "Mornings are hard." in listed
    (draft,) = oversight_of(hub.manager, hub.team)
    assert manager.post(left, {"drop": draft.pk}).status_code == 302
    assert oversight_of(hub.manager, hub.team) == []


def oversight_of(viewer, team):
    with seeing_as(viewer):
        return oversight.unfinished(viewer, team)


def test_words_about_one_worker_never_stand_on_the_page_of_another(hub):
    other = make_worker(hub.hub, "Oli Other")
    manager, new = signed_in(hub.manager), reverse("casework:supervision_new")
    types(manager, new, worker=hub.worker.pk, words=WORDS)

    assert WORDS in manager.get(new).content.decode()
    theirs = manager.get(new, {"worker": other.pk}).content.decode()
    (box,) = theirs.split("<textarea")[1:]
    assert WORDS not in box and "You typed this and have not saved it" in theirs
    listed = manager.get(reverse("casework:supervision")).content.decode()
    assert "A new supervision" in listed and WORDS in listed


def test_what_is_refused_is_kept_without_a_script_too(hub):
    manager, new = signed_in(hub.manager), reverse("casework:supervision_new")

    refused = manager.post(new, {"words": WORDS}).content.decode()

    assert "Choose the worker" in refused
    assert WORDS in manager.get(new).content.decode()
    see_as(hub.manager)
    assert not Supervision.objects.exists() and SupervisionDraft.objects.count() == 1


def test_a_draft_is_its_writers_alone(hub, case, held, now):
    with seeing_as(hub.worker):
        draft = actions.keep_draft(
            team=hub.team, supervision=held, case=None, had="", answers={"words": WORDS},
            by=hub.worker, at=now,
        )  # fmt: skip

    for viewer in (hub.manager, make_staffed_hub("Witney").manager):
        see_as(viewer)
        assert not SupervisionDraft.objects.exists(), viewer
    with pytest.raises(PermissionDenied, match="Only a manager of this hub"):
        actions.keep_draft(
            team=hub.team, supervision=None, case=None, had="", answers={}, by=hub.worker, at=now
        )
    see_as(hub.manager)
    actions.drop_draft(draft=draft, by=hub.manager, at=now)
    see_as(hub.worker)
    assert SupervisionDraft.objects.get() == draft


def test_a_draft_goes_90_days_after_its_last_word(hub, held, now):
    with seeing_as(hub.manager):
        actions.keep_draft(
            team=hub.team, supervision=held, case=None, had="", answers={"words": WORDS},
            by=hub.manager, at=now,
        )  # fmt: skip

    see_as(clock())
    assert actions.clear_old_drafts(by=clock(), at=now + timedelta(days=90)) == 0
    assert actions.clear_old_drafts(by=clock(), at=now + timedelta(days=91)) == 1
    with pytest.raises(PermissionDenied):
        actions.clear_old_drafts(by=hub.manager, at=now + timedelta(days=91))


def test_whoever_is_signed_out_in_the_middle_gets_their_words_back(hub, case, held):
    nobody = Client()
    pages = [
        reverse("casework:supervision_new"),
        reverse("casework:supervision_case", args=[held.pk, case.reference]),
        reverse("casework:note", args=[case.reference]),
        reverse("casework:ask_step_up", args=[case.reference]),
        reverse("casework:hand_over", args=[case.reference]),
        reverse("casework:close", args=[case.reference]),
    ]
    for page in pages:
        answer = nobody.post(page, {"words": WORDS})
        assert answer.status_code == 401 and WORDS in answer.content.decode(), page
        assert "no-store" in answer.headers["Cache-Control"]
        asked = nobody.get(page, {"hub": "4"})
        assert asked.status_code == 302 and "next=" in asked.url and "hub" in asked.url
    file = SimpleUploadedFile("drawing.txt", b"three chairs")
    answer = nobody.post(pages[2], {"words": WORDS, "attached": file}).content.decode()
    assert "The files are not kept" in answer and WORDS in answer
