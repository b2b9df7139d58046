"""A family's life with us on one page."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from kith.accounts.viewer import seeing_as
from kith.casework import actions
from kith.casework.chronology import Event, chronology, latest
from kith.casework.templatetags.casework import happened
from kith.families import actions as families
from kith.families.models import Standing
from kith.families.queries import visible_to
from tests.casework.test_pages import browser, words
from tests.factories.casework import AT, make_case, make_desk, make_referral, make_staffed_hub

pytestmark = pytest.mark.django_db


@pytest.fixture
def banbury():
    return make_staffed_hub("Banbury")


def titles(viewer, family, kinds=None):
    with seeing_as(viewer):
        return [event.title for event in chronology(viewer, family, kinds)]


def test_everything_that_happened_stands_in_order_newest_first(banbury, at):
    case = make_case(banbury, worker=banbury.worker, at=at)
    said = {"by": banbury.manager}
    with seeing_as(banbury.manager):
        actions.add_note(
            case=case,
            happened_at=at + timedelta(hours=2),
            words="Met.",
            at=at + timedelta(days=5),
            **said,
        )
        actions.record_contact(
            case=case,
            contacted_at=at + timedelta(hours=1),
            how="phone",
            succeeded=True,
            with_whom="Grace",
            at=at + timedelta(hours=1),
            **said,
        )
        actions.close(
            case=case,
            reason="goals_met",
            outcome="better",
            words="x",
            at=at + timedelta(days=9),
            **said,
        )
        actions.reopen(case=case, reason="Worse", at=at + timedelta(days=20), **said)

    found = titles(banbury.manager, case.family)

    assert found == [
        "The sender was told that help has begun again",
        "Case opened again",
        "The sender was told that help has ended",
        "Case closed",
        "Note",
        "The sender was told of the first contact",
        "Telephone: reached Grace",
        "Grace Okafor agreed to share. The school, nursery or college; Voluntary and community "
        "groups: do its part in the plan",
        "Given to Worker of Banbury",
        "Case opened at Banbury",
        "Request accepted by Banbury",
        "Request received from Orchard School",
        "Ada Okafor was born",
    ]
    with seeing_as(banbury.manager):
        note = chronology(banbury.manager, case.family, {"note"})[0]
    assert note.late and note.recorded_at == at + timedelta(days=5)


def test_a_try_in_the_same_minute_is_not_the_first_contact(banbury, at):
    case = make_case(banbury, worker=banbury.worker, at=at)
    rung = {"case": case, "how": "phone", "contacted_at": at + timedelta(hours=1)}
    rung["with_whom"] = "Grace"
    with seeing_as(banbury.worker):
        for succeeded in (False, True):
            actions.record_contact(
                **rung, succeeded=succeeded, by=banbury.worker, at=at + timedelta(hours=2)
            )
        events = chronology(banbury.worker, case.family)

    marked = [event.title for event in events if "First contact" in event.marks]
    assert marked == ["Telephone: reached Grace"]


def test_records_put_together_are_one_family_until_they_are_taken_apart(banbury, at):
    case, desk = make_case(banbury, at=at), make_desk()
    other = make_referral(at + timedelta(days=1), sender_organisation_name="Meadow School")
    with seeing_as(desk):
        merge = families.merge(kept=case.family, gone=other.family, by=desk, at=at)
    with seeing_as(banbury.worker):
        # The hub now knows of the second record too, and each leads to the one page.
        both = list(visible_to(banbury.worker))
    assert len(both) == 2
    for family in both:
        found = titles(banbury.worker, family)
        assert "Request received from Meadow School" in found
        assert any(title.startswith("Put together: F-") for title in found)
    gone = next(family for family in both if family.pk != case.family_id)
    page = browser(banbury.worker).get(
        reverse("casework:family", args=[gone.reference]), follow=True
    )
    assert page.redirect_chain and f"Records put together: {case.family.reference}" in words(page)
    assert words(page).count("Banbury: works with the family") == 1

    with seeing_as(desk):
        families.undo_merge(merge=merge, by=desk, at=at + timedelta(days=2))

    with seeing_as(banbury.worker):
        (left,) = visible_to(banbury.worker)
    assert left.pk == case.family_id
    assert "Request received from Meadow School" not in titles(banbury.worker, left)


def test_the_latest_are_the_same_as_of_all_and_what_is_older_is_counted(banbury, at):
    case = make_case(banbury, worker=banbury.worker, at=at)
    said = {"case": case, "by": banbury.worker}
    with seeing_as(banbury.worker):
        for day in range(9):
            then = {"at": at + timedelta(days=day + 1)}
            actions.add_note(words=f"Met {day}.", happened_at=then["at"], **said, **then)
            planned = actions.plan_action(
                what=f"Call {day}", owner=banbury.worker, due_on=then["at"].date(), **said, **then
            )
            if day % 2:
                actions.complete_action(
                    action=planned,
                    came_of_it="Done.",
                    by=banbury.worker,
                    at=at + timedelta(days=20 - day),
                )
        everything = chronology(banbury.worker, case.family)
        for most in (1, 3, 8, 50):
            for kind in ("", "note", "action", "case"):
                found, counts = latest(banbury.worker, case.family, most, kind=kind)

                told = [event for event in everything if not kind or event.kind == kind]
                assert found[:most] == told[:most]
                assert counts == Counter(event.kind for event in everything)
            assert sum(event.kind == "note" for event in found) == 0


def test_what_a_team_no_longer_knows_it_no_longer_sees_in_the_same_transaction(banbury, at):
    case = make_case(banbury, worker=banbury.worker, at=at)
    with seeing_as(banbury.worker):
        actions.add_note(case=case, words="Met.", happened_at=at, by=banbury.worker, at=at)
    notes = "select count(*) from casework_note"

    with seeing_as(banbury.worker), connection.cursor() as cursor:
        cursor.execute(notes)
        before = cursor.fetchone()
    with seeing_as(make_desk()):
        Standing.objects.filter(family=case.family).update(until=at)
    with seeing_as(banbury.worker), connection.cursor() as cursor:
        cursor.execute(notes)
        after = cursor.fetchone()

    assert (before, after) == ((1,), (0,))


def test_the_page_filters_by_kind_and_turns_the_order(banbury):
    at = timezone.now() - timedelta(days=1)
    case = make_case(banbury, worker=banbury.worker, at=at)
    page = reverse("casework:family", args=[case.family.reference])
    client = browser(banbury.worker)

    everything = client.get(page).content.decode()
    assert everything.index("Given to") < everything.index("Request received")
    oldest = client.get(page + "?order=oldest").content.decode()
    assert oldest.index("Request received") < oldest.index("Given to")
    requests = words(client.get(page + "?kind=request"))
    assert "Request received" in requests and "Given to" not in requests
    assert client.get(page + "?kind=%00nonsense&order=%00").status_code == 200


def test_a_line_of_the_history_lets_nothing_that_was_typed_act():
    event = Event(
        AT, "note", "<b>Note</b>", by="O'Brien & Co", words=(("<i>", "a<script>"),),
        case="C-2026-000001", recorded_at=AT, late=True, marks=("Child seen",),
    )  # fmt: skip

    drawn = happened([event])

    assert "<b>" not in drawn and "<script>" not in drawn and "<i>" not in drawn
    assert "O&#x27;Brien &amp; Co" in drawn
    assert 'href="/cases/C-2026-000001/"' in drawn
    assert "16 November 2026 at 9:30am" in drawn and "Late entry" in drawn
