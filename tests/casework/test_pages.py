"""The pages: who gets to see them, what they say, and how many questions they ask the database."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kith.accounts.viewer import seeing_as
from kith.audit.models import Sight
from kith.casework import actions
from kith.casework.models import Case, Contact, Note, PlannedAction
from kith.families import actions as families
from kith.referrals import actions as referral_actions
from tests.factories.accounts import make_user
from tests.factories.casework import (
    make_case,
    make_desk,
    make_partner,
    make_referral,
    make_staffed_hub,
    make_worker,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    # Pages read the clock, so what they show happened yesterday.
    return timezone.now() - timedelta(days=1)


@pytest.fixture
def banbury():
    return make_staffed_hub("Banbury")


@pytest.fixture
def case(banbury, now):
    return make_case(banbury, worker=banbury.worker, at=now)


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(name, case, *more):
    return reverse(f"casework:{name}", args=[case.reference, *more])


def words(response) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.split())


def test_a_case_does_not_exist_for_another_hub_or_somebody_without_standing(banbury, case):
    witney = make_staffed_hub("Witney")
    _, partner = make_partner()
    names = ["case", "contact", "note", "plan", "give", "close", "hand_over", "reopen", "letter"]

    for stranger in (witney.worker, witney.manager, partner, make_user()):
        client = browser(stranger)
        for name in names:
            assert client.get(url(name, case)).status_code == 404, (stranger, name)
        assert (
            client.get(reverse("casework:family", args=[case.family.reference])).status_code == 404
        )
    assert browser(banbury.worker).get(url("case", case)).status_code == 200
    assert Client().get(url("case", case)).status_code == 302


def test_a_number_that_leads_nowhere_says_so_on_the_page_of_the_search(banbury, case):
    worker = browser(banbury.worker)
    elsewhere = make_case(make_staffed_hub()).reference
    hidden = (elsewhere, elsewhere.replace("C-", "R-"))
    missing = ("C-2026-909999", "R-2026-909999")

    seen = [
        (reference, worker.get("/families/", {"q": reference.lower()}, follow=True))
        for reference in (*hidden, *missing)
    ]

    for reference, page in seen:
        assert page.status_code == 404
        assert f"Nothing that you may know of has the reference {reference}." in words(page)
        assert 'action="/families/"' in page.content.decode()
    # Not one word tells what is hidden from what is not there.
    assert len({words(page).replace(reference, "") for reference, page in seen}) == 1
    own = worker.get("/families/", {"q": case.reference}, follow=True)
    assert own.redirect_chain[-1][0] == url("case", case)


def test_a_worker_may_not_do_what_the_manager_does(banbury, case):
    worker, manager = browser(banbury.worker), browser(banbury.manager)
    for name in ("give", "close", "hand_over", "reopen"):
        assert worker.get(url(name, case)).status_code == 403, name
        assert manager.get(url(name, case)).status_code == 200, name


def test_the_case_page_says_how_things_stand_and_keeps_that_it_was_seen(banbury, case):
    response = browser(banbury.worker).get(url("case", case))

    said = words(response)
    assert "First contact by" in said and "Okafor" in said and str(banbury.worker) in said
    assert "Often late, and tired." in said  # the request as it was sent
    with seeing_as(banbury.manager):
        (sight,) = Sight.objects.filter(family_id=case.family_id, page="case")
    assert sight.viewer_id == banbury.worker.pk and sight.right == ""


def test_the_desk_sees_a_case_by_the_countys_right_and_works_on_none(banbury, case):
    desk = make_desk()

    response = browser(desk).get(url("case", case))

    assert response.status_code == 200
    assert "Record a contact" not in words(response)
    assert browser(desk).get(url("contact", case)).status_code == 403
    with seeing_as(banbury.manager):
        assert Sight.objects.get(viewer_id=desk.pk).right == "county"


def test_a_worker_records_a_contact_with_a_telephone(banbury, case, now):
    client = browser(banbury.worker)
    today = timezone.localdate()
    answers = {
        "succeeded": "yes",
        "with_whom": "",
        "how": "phone",
        "on": (today - timedelta(days=1)).isoformat(),
        "time": "11:59pm",
        "words": "Grace will think about it.",
        "sender_words": "We spoke with the mother.",
    }

    back = client.post(url("contact", case), answers)
    assert back.status_code == 200 and "Say whom you reached" in words(back)
    assert "Grace will think about it." in back.content.decode()
    ahead = client.post(url("contact", case), answers | {"with_whom": "Grace", "on": "2999-01-01"})
    assert "must be today or in the past" in words(ahead)
    done = client.post(url("contact", case), answers | {"with_whom": "Grace"}, follow=True)

    assert "The contact is recorded" in words(done)
    with seeing_as(banbury.worker):
        assert Contact.objects.get().with_whom == "Grace"
        assert Case.objects.get(pk=case.pk).first_contact_at is not None


def test_hostile_words_are_refused_or_kept_harmless(banbury, case):
    client = browser(banbury.worker)
    said = {"on": timezone.localdate().isoformat(), "time": "0:00"}
    refused = ("\x00", "a" * 30_000)
    harmless = ("<script>alert(1)</script>", "\u202egnp.exe", "'; drop table casework_case; --")

    for typed in (*refused, *harmless):
        with seeing_as(banbury.worker):
            before = Note.objects.count()
        response = client.post(url("note", case), {"words": typed, **said}, follow=True)

        assert response.status_code == 200
        assert b"<script>alert" not in response.content
        with seeing_as(banbury.worker):
            kept = list(Note.objects.values_list("words", flat=True))
        assert all("\x00" not in note and "\u202e" not in note for note in kept)
        assert len(kept) == before + (typed in harmless), typed[:30]


def test_a_time_that_is_none_is_refused_at_its_field(banbury, case):
    client = browser(banbury.worker)
    said = {"words": "Met Ada", "on": timezone.localdate().isoformat()}

    for time in ("25:00", "soon", "", "\x00", "9" * 500):
        response = client.post(url("note", case), {**said, "time": time})

        assert response.status_code == 200, time
        assert 'href="#id_time"' in response.content.decode(), time
        with seeing_as(banbury.worker):
            assert not Note.objects.exists(), time


def test_the_manager_sees_caseloads_and_gives_the_family(banbury, now):
    waiting = make_case(banbury, at=now)
    busy = make_worker(banbury.hub, "Bea Busy", at_once=1)
    make_case(banbury, worker=busy, at=now)
    client = browser(banbury.manager)

    page = words(client.get(url("give", waiting)))
    assert "Bea Busy" in page and "Has 1 of 1 family: no room; 30 hours a week" in page
    full = client.post(url("give", waiting), {"worker": busy.pk, "from_worker": ""})
    assert "can have 1 family at once, and has 1" in words(full)
    stranger = make_staffed_hub("Witney").worker
    wrong = client.post(url("give", waiting), {"worker": stranger.pk, "from_worker": ""})
    assert wrong.status_code == 200 and "There is a problem" in words(wrong)
    given = client.post(
        url("give", waiting), {"worker": banbury.worker.pk, "from_worker": ""}, follow=True
    )

    assert f"is now with {banbury.worker}" in words(given)


def test_a_manager_who_is_second_is_told_who_was_first(banbury, now):
    waiting = make_case(banbury, at=now)
    client = browser(banbury.manager)
    with seeing_as(banbury.manager):
        actions.allocate(case=waiting, worker=banbury.worker, by=banbury.manager, at=timezone.now())

    late = client.post(
        url("give", waiting),
        {"worker": banbury.manager.pk, "from_worker": "", "reason": "I know them"},
    )

    assert f"While you looked, this changed: {waiting.reference} is with" in words(late)


def test_the_inbox_shows_who_waits_longest_first(banbury, now):
    second = make_case(banbury, at=now)
    first = make_case(banbury, at=now - timedelta(days=9))
    body = browser(banbury.manager).get(reverse("casework:inbox")).content.decode()

    assert body.index(first.reference) < body.index(second.reference)
    assert "First contact overdue since" in body
    assert "Give to a worker" in body
    colleague = browser(banbury.worker).get(reverse("casework:inbox")).content.decode()
    assert first.reference in colleague and "Give to a worker" not in colleague


def test_my_families_are_mine_and_of_whom_i_cover_for(banbury, case, now):
    from kith.accounts.models import Cover

    other = make_worker(banbury.hub, "Oli Other")
    page = reverse("casework:cases")
    assert case.reference not in words(browser(other).get(page))
    assert case.reference in words(browser(banbury.worker).get(page))

    Cover.objects.create(
        absent=banbury.worker,
        covered_by=other,
        since=timezone.localdate(),
        agreed_by=banbury.manager,
    )

    covered = words(browser(other).get(page))
    assert case.reference in covered and f"for {banbury.worker}" in covered


def test_open_cases_can_be_those_of_one_worker(banbury, case, now):
    other = make_worker(banbury.hub, "Oli Other")
    theirs = make_case(banbury, worker=other, at=now)
    client, page = browser(banbury.manager), reverse("casework:open")

    assert f"worker={other.pk}" in client.get(reverse("casework:workers")).content.decode()
    shown = words(client.get(page + f"?worker={other.pk}"))
    assert theirs.reference in shown and case.reference not in shown
    for odd in ("x", "-1", "9" * 30, "%00"):
        assert client.get(page + f"?worker={odd}&page={odd}").status_code == 200


def test_a_manager_without_families_begins_with_those_who_wait(banbury, case):
    client = browser(banbury.manager)
    assert client.get(reverse("casework:cases")).headers["Location"] == reverse("casework:inbox")
    assert "My families" not in words(client.get(reverse("casework:inbox")))
    assert "My families" in words(browser(banbury.worker).get(reverse("casework:inbox")))


def test_lists_of_cases_are_for_hubs_only(banbury):
    _, partner = make_partner()
    for name in ("cases", "inbox", "open", "workers"):
        assert browser(partner).get(reverse(f"casework:{name}")).status_code == 404
        assert browser(banbury.worker).get(reverse(f"casework:{name}")).status_code == 200
    other = make_staffed_hub("Witney")
    asked = reverse("casework:inbox") + f"?hub={other.team.pk}"
    assert browser(banbury.manager).get(asked).status_code == 404


def test_the_desk_sees_at_the_request_what_the_hubs_know_and_their_room(banbury, now):
    desk = make_desk()
    known = make_case(banbury, worker=banbury.worker, at=now)
    make_staffed_hub("Witney")
    referral = make_referral(now)
    with seeing_as(desk):
        families.merge(kept=known.family, gone=referral.family, by=desk, at=now)
    page = reverse("referrals:at_desk", args=[referral.reference])

    shown = browser(desk).get(page)

    told = words(shown)
    assert f"It works with this family now: {known.reference} ({banbury.worker})." in told
    assert re.search(r"Room for \d+ more: 1 open, 0 waiting, \d+ at most", told)
    assert [fit.hub.name for fit in shown.context["hubs"]] == ["Banbury", "Witney"]
    seen = browser(banbury.worker).get(page)
    assert "Which hub?" not in words(seen)
    with seeing_as(desk):
        referral_actions.no_further_action(
            referral=referral, reason="r", words="w", by=desk, at=now
        )
    assert "Which hub?" not in words(browser(desk).get(page))


def test_the_desk_accepts_for_a_hub_with_reasons(banbury, now):
    referral, desk = make_referral(now), make_desk()
    page = reverse("casework:accept", args=[referral.reference])
    assert browser(banbury.manager).get(page).status_code == 404

    shown = browser(desk).get(page)
    assert "Nothing speaks for one hub" in words(shown)
    empty = browser(desk).post(page, {"reason": "", "words": ""})
    assert 'href="#id_hub_0"' in empty.content.decode()
    browser(desk).post(
        page, {"hub": banbury.hub.pk, "reason": "They asked for it", "words": "They will ring."}
    )

    with seeing_as(banbury.manager):
        case = Case.objects.get(referral=referral)
    assert (case.team, case.status) == (banbury.team, "unallocated")
    assert browser(banbury.manager).get(page).status_code == 403


def test_a_partner_marks_its_action_as_done_and_sees_nothing_else(banbury, case, now):
    home_start, partner = make_partner()
    with seeing_as(banbury.worker):
        said = {"by": banbury.worker, "at": timezone.now(), "due_on": timezone.localdate()}
        theirs = actions.plan_action(
            case=case,
            what="Weekly visits",
            organisation=home_start,
            family_known_as="A.O., Year 8",
            **said,
        )
        ours = actions.plan_action(
            case=case, what="Secret of the hub", owner=banbury.worker, **said
        )
    client = browser(partner)

    page = words(client.get(reverse("casework:my_actions")))
    assert "Weekly visits" in page and "A.O., Year 8" in page and "Due today" in page
    assert "Okafor" not in page and "Secret" not in page and case.reference not in page
    assert client.get(reverse("casework:action_done", args=[ours.pk])).status_code == 404
    for name in ("action_drop", "action_day"):
        assert client.get(reverse(f"casework:{name}", args=[theirs.pk])).status_code == 404
    done = client.post(
        reverse("casework:action_done", args=[theirs.pk]),
        {"came_of_it": "Six visits"},
        follow=True,
    )

    assert "The action is done" in words(done)
    with seeing_as(banbury.worker):
        assert PlannedAction.objects.get(pk=theirs.pk).ended_by == partner
    assert browser(banbury.worker).get(reverse("casework:my_actions")).status_code == 403


def test_an_action_is_planned_for_a_partner_with_as_little_of_the_family_as_needed(banbury, case):
    home_start, _ = make_partner()
    client = browser(banbury.worker)
    assert "A.O. (C-" in client.get(url("plan", case)).content.decode()
    answers = {
        "what": "Weekly visits",
        "who": "partner",
        "organisation": home_start.pk,
        "due_on": (timezone.localdate() + timedelta(days=7)).isoformat(),
    }

    missing = client.post(url("plan", case), answers)
    assert 'href="#id_family_known_as"' in missing.content.decode()
    client.post(url("plan", case), answers | {"family_known_as": "A.O."})

    with seeing_as(banbury.worker):
        planned = PlannedAction.objects.get()
    assert (planned.owner_organisation, planned.family_known_as) == (home_start, "A.O.")


def test_closing_asks_about_open_actions_and_gives_a_letter(banbury, case):
    client = browser(banbury.manager)
    with seeing_as(banbury.manager):
        actions.plan_action(
            case=case,
            what="Ring",
            owner=banbury.worker,
            due_on=timezone.localdate(),
            by=banbury.manager,
            at=timezone.now(),
        )
    answers = {
        "reason": "goals_met",
        "outcome": "better",
        "words": "Back at school.",
        "family_words": "You did this.",
    }

    back = client.post(url("close", case), answers)
    assert 'href="#id_becomes_action_' in back.content.decode()
    seen = {"seen": back.context["form"].initial["seen"], "rest_ends": "on"}
    late = client.post(url("close", case), answers | seen | {"seen": ""})
    assert "This came after you opened the page: Action: Ring" in words(late)
    closed = client.post(url("close", case), answers | seen, follow=True)

    assert "is closed" in words(closed)
    letter = words(client.get(url("letter", case)))
    assert "You did this." in letter and "Back at school." not in letter
    refused = client.post(
        url("contact", case),
        {
            "succeeded": "no",
            "how": "phone",
            "on": timezone.localdate().isoformat(),
            "time": "0:00",
        },
    )
    assert "was closed on" in words(refused)
    again = client.post(url("reopen", case), {"reason": "Worse again"}, follow=True)
    assert "waits for a worker" in words(again)


def fill(case, people, many, now):
    with seeing_as(people.worker):
        for _ in range(many):
            said = {"by": people.worker, "at": now + timedelta(hours=1)}
            actions.record_contact(
                case=case, contacted_at=now, how="phone", succeeded=True, with_whom="G", **said
            )
            note = actions.add_note(case=case, happened_at=now, words="Note", **said)
            actions.add_note(case=case, happened_at=now, words="More", adds_to=note, **said)
            actions.plan_action(
                case=case,
                what="Ring",
                owner=people.worker,
                due_on=timezone.localdate(now + timedelta(hours=1)),
                **said,
            )


def test_pages_ask_the_same_number_of_questions_however_much_there_is(banbury, case, now):
    fill(case, banbury, 1, now)
    referral, desk = make_referral(now), make_desk()
    waiting = make_case(banbury, at=now)
    family = reverse("casework:family", args=[case.family.reference])
    pages = [
        (banbury.worker, url("case", case)),
        (banbury.worker, family),
        (banbury.worker, reverse("casework:cases")),
        (banbury.manager, reverse("casework:inbox")),
        (banbury.manager, reverse("casework:open")),
        (banbury.manager, reverse("casework:workers")),
        (banbury.manager, url("give", waiting)),
        (desk, reverse("casework:accept", args=[referral.reference])),
    ]

    def count():
        counts = []
        for viewer, page in pages:
            client = browser(viewer)
            client.get(page)  # sessions and caches are warm
            with CaptureQueriesContext(connection) as asked:
                assert client.get(page).status_code == 200
            counts.append((page, len(asked)))
        return counts

    few = count()
    fill(case, banbury, 6, now)
    for _ in range(5):
        make_case(banbury, at=now)
        make_case(banbury, worker=make_worker(banbury.hub), at=now)
        make_case(banbury, worker=banbury.worker, at=now)

    assert count() == few
    assert max(number for _, number in few) <= 40, few
