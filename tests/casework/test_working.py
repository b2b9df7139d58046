"""Contacts, notes and the plan."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.utils import InternalError, ProgrammingError

from kith.accounts.viewer import seeing_as
from kith.audit.models import Entry
from kith.casework import actions, queries
from kith.casework.chronology import chronology
from kith.casework.models import Contact, Note, PlannedAction
from kith.referrals.models import Step
from tests.factories.casework import AT, make_case, make_partner, make_staffed_hub

pytestmark = pytest.mark.django_db


@pytest.fixture
def banbury():
    return make_staffed_hub("Banbury")


@pytest.fixture
def case(banbury):
    return make_case(banbury, worker=banbury.worker)


def told(case):
    return list(
        Step.objects.filter(referral=case.referral, kind="first_contact").values_list(
            "words", flat=True
        )
    )


def ring(case, by, at, *, succeeded, **more):
    return actions.record_contact(
        case=case, contacted_at=at, how="phone", succeeded=succeeded, by=by, at=at, **more
    )


def test_the_first_contact_that_succeeds_is_kept_once_and_the_sender_is_told_once(
    banbury, case, at, seen_by
):
    seen_by(banbury.worker)
    ring(case, banbury.worker, at, succeeded=False)
    case.refresh_from_db()
    assert case.first_contact_at is None and told(case) == []

    first, second = at + timedelta(hours=1), at + timedelta(hours=2)
    ring(case, banbury.worker, first, succeeded=True, with_whom="Grace", sender_words="We spoke.")
    ring(case, banbury.worker, second, succeeded=True, with_whom="Ada", sender_words="Again.")

    case.refresh_from_db()
    assert case.first_contact_at == first
    assert told(case) == ["We spoke."]
    assert [contact.succeeded for contact in queries.contacts_of(banbury.worker, case)] == [
        True,
        True,
        False,
    ]


def test_the_sender_is_told_no_more_than_the_family_agreed_to(banbury, at, seen_by):
    case = make_case(banbury, worker=banbury.worker, outcome_may_be_told=False)
    seen_by(banbury.worker)

    ring(case, banbury.worker, at, succeeded=True, with_whom="Grace", sender_words="A secret")

    assert "secret" not in told(case)[0]


def test_a_contact_has_happened_since_the_hub_has_the_case_and_says_whom_it_reached(
    banbury, case, at, seen_by
):
    seen_by(banbury.worker)
    contact = {"case": case, "how": "visit", "by": banbury.worker, "at": at}

    with pytest.raises(actions.InTheFuture):
        actions.record_contact(**contact, contacted_at=at + timedelta(minutes=1), succeeded=False)
    with pytest.raises(actions.TooEarly):
        actions.record_contact(**contact, contacted_at=at - timedelta(days=1), succeeded=False)
    with pytest.raises(actions.WordsMissing, match="whom"):
        actions.record_contact(**contact, contacted_at=at, succeeded=True)
    assert not Contact.objects.exists()


def test_work_is_recorded_by_the_hubs_own_staff_only(banbury, case, at, seen_by):
    stranger = make_staffed_hub("Witney").worker
    colleague = banbury.manager
    seen_by(colleague)

    with pytest.raises(PermissionDenied, match="Only staff of the hub"):
        ring(case, stranger, at, succeeded=False)
    ring(case, colleague, at, succeeded=False)

    assert Contact.objects.get().by == colleague


def test_a_note_is_never_changed_but_added_to(banbury, case, at, seen_by):
    seen_by(banbury.worker)
    keep = {"case": case, "by": banbury.worker, "at": at}
    note = actions.add_note(**keep, happened_at=at, words="Met Ada at home.", child_seen=True)
    addition = actions.add_note(**keep, happened_at=at, words="It was Tuesday.", adds_to=note)
    further = actions.add_note(**keep, happened_at=at, words="At four.", adds_to=addition)

    assert further.adds_to_id == note.pk
    (found,) = queries.notes_of(banbury.worker, case)
    assert [added.words for added in found.additions.all()] == ["It was Tuesday.", "At four."]
    for change in (
        lambda: Note.objects.filter(pk=note.pk).update(words="Other"),
        lambda: Note.objects.filter(pk=note.pk)._raw_delete("default"),
    ):
        with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
            change()
    assert Note.objects.get(pk=note.pk).words == "Met Ada at home."


def test_a_child_seen_alone_was_seen_and_the_history_says_so(client, banbury, case, at, seen_by):
    seen_by(banbury.worker)
    keep = {"case": case, "by": banbury.worker, "at": at}
    ring(case, banbury.worker, at, succeeded=False, seen_alone=True)
    client.force_login(banbury.worker)
    written = {"words": "Ada played.", "seen": "alone", "on": at.date(), "time": "10:00"}
    client.post(f"/cases/{case.reference}/note/", written)
    actions.add_note(**keep, happened_at=at, words="Saw Ada with Grace.", child_seen=True)

    seen_by(banbury.worker)
    alone = Note.objects.get(words="Ada played.")
    assert (alone.child_seen, alone.seen_alone) == (True, True)
    assert not Contact.objects.get().child_seen, "nobody was reached, so nobody was seen"
    marks = [event.marks for event in chronology(banbury.worker, case.family, {"note"})]
    assert sorted(marks) == [("Child seen",), ("Child seen alone",)]
    assert "Child seen alone" in client.get(f"/cases/{case.reference}/").text


def test_files_stay_with_their_note_and_are_given_to_whoever_sees_the_case(
    client, banbury, case, at, seen_by
):
    client.force_login(banbury.worker)
    page = f"/cases/{case.reference}/note/"
    written = {"words": "Ada drew this.", "seen": "seen", "on": at.date(), "time": "10:00"}

    wrong = client.post(
        page,
        written
        | {
            "attached": [
                SimpleUploadedFile("drawing.png", b"\x89PNG\r\n\x1a\n"),
                SimpleUploadedFile("a.exe", b"MZ\0"),
            ]
        },
    )
    assert "a.exe: We cannot take this kind of file." in unescape(wrong.text)
    assert "Ada drew this." in wrong.text
    seen_by(banbury.worker)
    assert not Note.objects.exists(), "all of it is kept, or nothing"

    client.post(
        page,
        written
        | {
            "attached": [
                SimpleUploadedFile("drawing.png", b"\x89PNG\r\n\x1a\n"),
                SimpleUploadedFile("b.txt", b"b"),
            ]
        },
    )
    seen_by(banbury.worker)
    note = Note.objects.get()
    client.post(
        f"{page}{note.pk}/",
        {"words": "And this.", "attached": [SimpleUploadedFile("c.txt", b"later")]},
    )

    shown = client.get(f"/cases/{case.reference}/").text
    links = re.findall(rf"{page}file/[0-9a-f-]+/", shown)
    assert len(links) == 3
    given = client.get(links[-1])
    assert (given.content, given["Content-Security-Policy"]) == (b"later", "sandbox")
    assert given["Content-Disposition"] == 'attachment; filename="c.txt"'
    seen_by(banbury.worker)
    (event, *_) = chronology(banbury.worker, case.family, {"note"})[::-1]
    assert ("Files", "b.txt, drawing.png") in event.words
    client.force_login(make_staffed_hub("Witney").worker)
    assert client.get(links[0]).status_code == 404


def test_a_note_written_down_days_afterwards_is_marked_as_late(banbury, case, at, seen_by):
    seen_by(banbury.worker)
    keep = {"case": case, "words": "Met Ada.", "by": banbury.worker, "at": at}

    assert actions.add_note(**keep, happened_at=at - timedelta(days=4)).late
    assert not actions.add_note(**keep, happened_at=at - timedelta(days=2)).late
    with pytest.raises(actions.InTheFuture):
        actions.add_note(**keep, happened_at=at + timedelta(days=1))
    with pytest.raises(actions.WordsMissing):
        actions.add_note(**{**keep, "words": "  "}, happened_at=at)


def test_a_note_adds_to_a_note_of_its_own_case_only(banbury, case, at, seen_by):
    other = make_case(banbury, worker=banbury.worker)
    seen_by(banbury.worker)
    note = actions.add_note(case=other, happened_at=at, words="Other", by=banbury.worker, at=at)

    with pytest.raises(actions.NotAnAddition):
        actions.add_note(
            case=case, happened_at=at, words="More", adds_to=note, by=banbury.worker, at=at
        )


def test_an_action_has_one_owner_and_a_day_to_come(banbury, case, at, seen_by):
    home_start, _ = make_partner()
    stranger = make_staffed_hub("Witney").worker
    seen_by(banbury.worker)
    plan = {"case": case, "what": "Ring the school", "by": banbury.worker, "at": at}
    today = at.date()

    with pytest.raises(actions.OwnerUnclear):
        actions.plan_action(**plan, due_on=today)
    with pytest.raises(actions.OwnerUnclear):
        actions.plan_action(**plan, due_on=today, owner=banbury.worker, organisation=home_start)
    with pytest.raises(actions.NotOfThisHub):
        actions.plan_action(**plan, due_on=today, owner=stranger)
    with pytest.raises(actions.TooEarly):
        actions.plan_action(**plan, due_on=today - timedelta(days=1), owner=banbury.worker)
    with pytest.raises(actions.WordsMissing, match="which family"):
        actions.plan_action(**plan, due_on=today, organisation=home_start)
    assert not PlannedAction.objects.exists()

    actions.plan_action(**plan, due_on=today, owner=banbury.worker)

    assert [found.what for found in queries.actions_due(banbury.worker, today)] == [
        "Ring the school"
    ]


def test_an_action_ends_once_done_or_dropped_with_words(banbury, case, at, seen_by):
    seen_by(banbury.worker)
    by = {"by": banbury.worker, "at": at}
    plan = {"case": case, "owner": banbury.worker, "due_on": at.date(), **by}
    school, visit = (
        actions.plan_action(what="School", **plan),
        actions.plan_action(what="Visit", **plan),
    )
    with pytest.raises(actions.WordsMissing):
        actions.complete_action(action=school, came_of_it=" ", **by)
    with pytest.raises(actions.ReasonMissing):
        actions.drop_action(action=visit, reason="", **by)

    done = actions.complete_action(action=school, came_of_it="They will ring back.", **by)
    dropped = actions.drop_action(action=visit, reason="Not wanted", **by)

    assert (done.done_on, done.ended_by) == (at.date(), banbury.worker)
    assert dropped.dropped_on == at.date()
    for over in (done, dropped):
        with pytest.raises(actions.ActionEnded):
            actions.complete_action(action=over, came_of_it="Again", **by)
        with pytest.raises(actions.ActionEnded):
            actions.change_due_date(action=over, due_on=at.date(), reason="?", **by)


def test_a_due_date_changes_for_a_reason_and_the_earlier_one_is_kept(banbury, case, at, seen_by):
    seen_by(banbury.worker)
    by = {"by": banbury.worker, "at": at}
    action = actions.plan_action(
        case=case, what="Visit", owner=banbury.worker, due_on=date(2026, 11, 20), **by
    )
    with pytest.raises(actions.ReasonMissing):
        actions.change_due_date(action=action, due_on=date(2026, 11, 27), reason="", **by)

    actions.change_due_date(action=action, due_on=date(2026, 11, 27), reason="Away", **by)

    action.refresh_from_db()
    assert (action.due_on, action.date_reason) == (date(2026, 11, 27), "Away")
    seen_by(banbury.manager)
    entry = Entry.objects.get(what="action.date_changed")
    assert entry.before == {"due_on": "2026-11-20"}
    assert entry.family_id == case.family_id


def test_a_partner_sees_and_finishes_its_own_actions_and_no_more(banbury, case, at, seen_by):
    home_start, partner = make_partner("Home-Start")
    _, other_partner = make_partner("Barnardo's")
    seen_by(banbury.worker)
    plan = {"case": case, "due_on": at.date(), "by": banbury.worker, "at": at}
    theirs = actions.plan_action(
        **plan, what="Weekly visits", organisation=home_start, family_known_as="A.O., Year 8"
    )
    ours = actions.plan_action(**plan, what="Ring the school", owner=banbury.worker)

    seen_by(other_partner)
    assert not queries.actions_visible_to(other_partner).exists()
    with pytest.raises(PlannedAction.DoesNotExist):
        actions.complete_action(action=theirs, came_of_it="x", by=other_partner, at=at)
    seen_by(partner)
    (found,) = queries.partner_actions(partner)
    assert (found.what, found.family_known_as) == ("Weekly visits", "A.O., Year 8")
    assert not queries.visible_to(partner).exists()
    assert not PlannedAction.objects.filter(pk=ours.pk).exists()
    with pytest.raises(PermissionDenied):
        actions.drop_action(action=theirs, reason="No time", by=partner, at=at)
    actions.complete_action(action=theirs, came_of_it="Six visits made.", by=partner, at=at)

    seen_by(banbury.manager)
    (entry,) = Entry.objects.filter(what="action.done")
    assert (entry.by_name, entry.family_id) == (str(partner), case.family_id)


def test_a_contact_in_the_minute_in_which_the_case_was_opened_is_not_too_early():
    hub = make_staffed_hub()
    opened = AT.replace(second=40)
    case = make_case(hub, worker=hub.worker, at=opened)

    with seeing_as(hub.worker):
        actions.record_contact(
            case=case,
            contacted_at=AT.replace(second=0),
            how="phone",
            succeeded=True,
            with_whom="Grace",
            by=hub.worker,
            at=opened + timedelta(seconds=50),
        )
        with pytest.raises(actions.TooEarly):
            actions.record_contact(
                case=case,
                contacted_at=AT - timedelta(minutes=1),
                how="phone",
                succeeded=True,
                with_whom="Grace",
                by=hub.worker,
                at=opened + timedelta(seconds=50),
            )
        case.refresh_from_db()

    assert case.first_contact_at == opened
