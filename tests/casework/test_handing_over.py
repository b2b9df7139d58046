"""A case goes from one hub to another: offered, taken over, declined or taken back."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kith.accounts.models import Cover
from kith.accounts.viewer import clock, see_as
from kith.casework import actions, handing_over, queries
from kith.casework.chronology import chronology
from kith.casework.models import Allocation, Case, Contact, HandoverOffer, Note
from kith.families.models import Standing
from kith.notices.models import Notice
from kith.referrals.models import Referral
from kith.returns.gathering import Gathering
from tests.factories.accounts import make_user
from tests.factories.casework import (
    hand_over,
    make_case,
    make_desk,
    make_partner,
    make_staffed_hub,
    make_worker,
    offer_case,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    # What a hub sees depends on the clock of the database.
    return timezone.now() - timedelta(minutes=5)


@pytest.fixture
def banbury():
    return make_staffed_hub("Banbury")


@pytest.fixture
def witney():
    return make_staffed_hub("Witney")


def browser(user):
    client = Client()
    client.force_login(user)
    return client


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def sent(key, viewer):
    see_as(clock())
    found = [(one.to, one.body) for one in Notice.objects.filter(key=key).order_by("pk")]
    see_as(viewer)
    return found


def test_until_another_hub_takes_it_over_the_case_and_its_duty_stay(banbury, witney, now, seen_by):
    case = make_case(banbury, worker=banbury.worker, at=now)
    seen_by(banbury.worker)
    with pytest.raises(PermissionDenied):
        offer_case(case, witney.hub, banbury.worker, now)
    seen_by(banbury.manager)
    with pytest.raises(actions.SameHub):
        offer_case(case, banbury.hub, banbury.manager, now)
    for missing, refusal in (
        ({"reason": " "}, actions.ReasonMissing),
        ({"stands": ""}, actions.WordsMissing),
        ({"told": "", "family_knows": False}, actions.WordsMissing),
    ):
        with pytest.raises(refusal):
            offer_case(case, witney.hub, banbury.manager, now, **missing)

    offer = offer_case(case, witney.hub, banbury.manager, now)

    kept = Case.objects.get(pk=case.pk)
    assert (kept.team, kept.worker, kept.status) == (banbury.team, banbury.worker, "open")
    actions.add_note(case=case, happened_at=now, words="x", by=banbury.manager, at=now)
    with pytest.raises(actions.OfferedAlready, match="offered to Witney"):
        offer_case(case, make_staffed_hub("Bicester").hub, banbury.manager, now)
    with pytest.raises(actions.NotPossible, match="before you close"):
        actions.close(
            case=case, reason="goals_met", outcome="better", words="x", by=banbury.manager, at=now
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        HandoverOffer.objects.create(
            **{
                field.attname: getattr(offer, field.attname)
                for field in offer._meta.concrete_fields
                if field.name != "id"
            }
        )
    assert [to for to, _ in sent("casework.handover_offered", banbury.manager)] == [
        witney.manager.email
    ]
    [(_, body)] = sent("casework.handover_offered", banbury.manager)
    assert case.reference in body and "Okafor" not in body


def test_the_hub_that_is_asked_reads_the_offer_and_nothing_else_of_the_family(
    banbury, witney, now, seen_by
):
    case = make_case(banbury, worker=banbury.worker, at=now)
    seen_by(banbury.manager)
    offer = offer_case(case, witney.hub, banbury.manager, now, stands="Ada sleeps better.")

    seen_by(witney.manager)
    assert list(handing_over.to_answer(witney.manager)) == [offer]
    assert offer.facts["family"] and any("Ada" in one[0] for one in offer.facts["people"])
    assert not Case.objects.filter(pk=case.pk).exists()
    assert not Note.objects.exists() and not Standing.objects.exists()
    seen_by(witney.worker)
    assert not HandoverOffer.objects.exists()
    with pytest.raises(PermissionDenied):
        actions.take_over(offer=offer, worker=witney.worker, by=witney.worker, at=now)

    seen_by(witney.manager)
    with pytest.raises(actions.ReasonMissing):
        actions.decline_case(offer=offer, reason=" ", by=witney.manager, at=now)
    actions.decline_case(offer=offer, reason="We are full.", by=witney.manager, at=now)

    assert not HandoverOffer.objects.exists()  # it is none of theirs any more
    seen_by(banbury.manager)
    assert HandoverOffer.objects.get().answer == "We are full."
    assert {to for to, _ in sent("casework.handover_answered", banbury.manager)} == {
        banbury.manager.email,
        banbury.worker.email,
    }
    offer_case(case, witney.hub, banbury.manager, now)  # and it may be asked again


def test_a_case_that_is_taken_over_has_a_worker_there_and_its_request_goes_along(
    banbury, witney, now, seen_by
):
    case = make_case(banbury, worker=banbury.worker, at=now)
    home_start, _ = make_partner()
    home_start.email = "office@home-start.example"
    home_start.save()
    seen_by(banbury.manager)
    own = {"case": case, "due_on": timezone.localdate(now), "by": banbury.manager, "at": now}
    mine = actions.plan_action(what="Ring", owner=banbury.worker, **own)
    actions.plan_action(what="Visit", organisation=home_start, family_known_as="A.O.", **own)
    offer = offer_case(case, witney.hub, banbury.manager, now)
    assert [line[0] for line in offer.facts["actions"]] == ["Ring", "Visit"]
    full = make_worker(witney.hub, at_once=0)
    seen_by(witney.manager)
    with pytest.raises(actions.NotOfThisHub):
        actions.take_over(offer=offer, worker=banbury.worker, by=witney.manager, at=now)
    with pytest.raises(actions.TooManyFamilies):
        actions.take_over(offer=offer, worker=full, by=witney.manager, at=now)
    assert not Case.objects.exists()  # refused, they know no more than before

    taken = actions.take_over(
        offer=offer, worker=witney.worker, by=witney.manager, at=now + timedelta(minutes=1)
    )

    assert (taken.team, taken.worker, taken.status) == (witney.team, witney.worker, "open")
    assert Referral.objects.get(pk=case.referral_id).team == witney.team
    mine.refresh_from_db()
    assert mine.owner == witney.worker
    held = Allocation.objects.filter(case=case, until=None)
    assert [one.worker for one in held] == [witney.worker]
    with pytest.raises(actions.OfferOver, match="was first"):
        actions.decline_case(offer=offer, reason="x", by=witney.manager, at=now)
    assert {to for to, _ in sent("casework.handover_answered", witney.manager)} == {
        banbury.manager.email,
        banbury.worker.email,
    }
    body = dict(sent("casework.given", witney.manager))[witney.worker.email]
    assert "of Witney" in body and "Okafor" not in body
    assert [to for to, _ in sent("casework.partner_moved", witney.manager)] == [home_start.email]
    seen_by(banbury.manager)
    with pytest.raises(PermissionDenied):
        actions.allocate(case=taken, worker=banbury.worker, by=banbury.manager, at=now)
    titles = [event.title for event in chronology(banbury.manager, case.family, {"case"})]
    assert titles[:2] == [f"Given to {witney.worker}", "Handed from Banbury to Witney"]
    assert "Offered to Witney" in titles


def test_the_hub_that_had_a_case_knows_of_the_family_a_fortnight_more_unless_it_helps_elsewhere(
    banbury, witney, now, seen_by
):
    seen_by(banbury.manager)
    case = make_case(banbury, worker=banbury.worker, at=now)
    hand_over(case, witney.hub, banbury.manager, now, to=witney.worker)
    seen_by(make_desk())
    standing = Standing.objects.get(family=case.family, team=banbury.team, reason="case")
    assert standing.until == now + timedelta(days=14)

    # Handed back within the fortnight, it stays.
    seen_by(witney.manager)
    back = Case.objects.get(pk=case.pk)
    hand_over(back, banbury.hub, witney.manager, now, to=banbury.worker)
    seen_by(make_desk())
    standing.refresh_from_db()
    assert standing.until is None

    seen_by(banbury.manager)
    long_ago = now - timedelta(days=20)
    gone = make_case(banbury, worker=banbury.worker, at=long_ago)
    hand_over(gone, witney.hub, banbury.manager, long_ago, to=witney.worker)
    assert not Case.objects.filter(pk=gone.pk).exists()
    seen_by(witney.manager)
    assert Case.objects.get(pk=gone.pk).worker == witney.worker


def test_nothing_is_lost_that_was_being_written_while_the_case_moved(banbury, witney, now, seen_by):
    case = make_case(banbury, worker=banbury.worker, at=now - timedelta(hours=2))
    seen_by(banbury.worker)
    worker = browser(banbury.worker)
    by = {"by": banbury.worker, "at": now}
    people = list(queries.families.people_of(banbury.worker, case.family))
    draft = actions.start_assessment(case=case, people=people, **by)
    before = timezone.localtime(now - timedelta(hours=1))
    seen_by(banbury.manager)
    hand_over(case, witney.hub, banbury.manager, now, to=witney.worker)
    seen_by(banbury.worker)

    moment = {
        "on_day": before.day,
        "on_month": before.month,
        "on_year": before.year,
        "time": f"{before:%H:%M}",
    }
    saved = worker.post(
        reverse("casework:note", args=[case.reference]),
        {**moment, "words": "Ada was at school all week."},
        follow=True,
    )
    assert "The note is kept. Witney took this case over on" in words(saved)
    assert Note.objects.get().by == banbury.worker
    actions.record_contact(
        case=case, contacted_at=before, how="visit", succeeded=True, with_whom="Grace", **by
    )
    assert Contact.objects.get().succeeded
    saved = actions.save_answers(
        assessment=draft, answers={"about-why": actions.Typed("Tired mornings", 0)}, **by
    )
    assert saved.revisions == {"about-why": 1}

    # What only the hub that has the case may do comes back with the words, and who has it now.
    kept = worker.post(
        reverse("casework:goal", args=[case.reference]),
        {"words": "Ada sleeps through the night", "measure": "Mum says so"},
    )
    assert kept.status_code == 200
    assert "Ada sleeps through the night" in kept.content.decode()
    assert "Witney took this case over on" in words(kept) and "copy them" in words(kept)
    assert worker.get(reverse("casework:goal", args=[case.reference])).status_code == 403
    with pytest.raises(actions.TooLate, match="Witney has had this case since"):
        later = now + timedelta(minutes=2)
        actions.add_note(
            case=case, happened_at=later, words="x", by=banbury.worker, at=timezone.now()
        )


def test_offers_that_wait_are_brought_to_mind_of_whoever_stands_in(banbury, witney, at, seen_by):
    case = make_case(banbury, worker=banbury.worker, at=at)
    seen_by(banbury.manager)
    offer = offer_case(case, witney.hub, banbury.manager, at)
    deputy = make_user("hub_worker", witney.team, "Deputy")
    Cover.objects.create(
        absent=witney.manager, covered_by=deputy, since=at.date(), agreed_by=deputy
    )
    seen_by(clock())
    said = {"by": clock()}

    assert actions.remind_of_offers(at=at + timedelta(days=2), **said) == 0
    assert actions.remind_of_offers(at=at + timedelta(days=3), **said) == 1
    assert actions.remind_of_offers(at=at + timedelta(days=3), **said) == 1  # not twice
    assert [to for to, _ in sent("casework.handover_waits", clock())] == [deputy.email]
    assert actions.remind_of_offers(at=at + timedelta(days=5), **said) == 0  # a Saturday
    assert sent("casework.handover_unanswered", clock()) == []
    assert actions.remind_of_offers(at=at + timedelta(days=7), **said) == 1
    assert [to for to, _ in sent("casework.handover_unanswered", clock())] == [
        banbury.manager.email
    ]
    seen_by(deputy)
    taken = actions.take_over(offer=offer, worker=witney.worker, by=deputy, at=at)
    assert taken.worker == witney.worker


def test_an_open_episode_keeps_the_organisation_that_had_it_on_the_day(
    banbury, witney, now, seen_by
):
    desk = make_desk()
    case = make_case(banbury, worker=banbury.worker, at=now - timedelta(days=3))
    yesterday, today = timezone.localdate() - timedelta(days=1), timezone.localdate()

    def organisations(on):
        seen_by(desk)
        gathered = Gathering(desk, since=on - timedelta(days=90), on=on).facts(homes=False)
        return {(one.organisation, one.until) for one in gathered.spells}

    seen_by(banbury.manager)
    offer = offer_case(case, witney.hub, banbury.manager, now)
    assert organisations(today) == {("Banbury", None)}
    seen_by(witney.manager)
    actions.take_over(offer=offer, worker=witney.worker, by=witney.manager, at=now)
    assert organisations(today) == {("Witney", None)}
    assert organisations(yesterday) == {("Banbury", None)}


def test_the_pages_lead_from_offering_to_taking_over(banbury, witney, now, seen_by):
    case = make_case(banbury, worker=banbury.worker, at=now)
    sender, receiver = browser(banbury.manager), browser(witney.manager)
    here = reverse("casework:hand_over", args=[case.reference])
    shown = words(sender.get(here))
    assert "What becomes of what is shared" in shown and "Ends 14 days after" in shown
    answers = {
        "hub": witney.hub.pk, "reason": "Moved", "stands": "Better", "due": "",
        "family_knows": "no", "told": "", "why_not_told": "",
    }  # fmt: skip
    assert "Write why the family was not told" in words(sender.post(here, answers))
    assert sender.post(here, answers | {"why_not_told": "On Monday"}).status_code == 302
    with transaction.atomic():
        seen_by(banbury.manager)
        offer = HandoverOffer.objects.get()
    page = reverse("casework:handover", args=[offer.pk])
    assert sender.get(here).url == page
    assert "Offered to Witney" in words(sender.get(reverse("casework:case", args=[case.reference])))
    assert case.family.name in words(receiver.get(reverse("casework:handovers")))
    shown = words(receiver.get(page))
    assert "Does not know yet" in shown and "On Monday" in shown
    assert receiver.get(reverse("casework:case", args=[case.reference])).status_code == 404
    refused = receiver.post(reverse("casework:take_over", args=[offer.pk]), {"reason": ""})
    assert "Choose a worker" in words(refused)

    taken = receiver.post(
        reverse("casework:take_over", args=[offer.pk]), {"worker": witney.worker.pk}, follow=True
    )

    assert "Witney has" in words(taken) and "Taken over" in words(taken)
    again = sender.get(reverse("casework:withdraw_handover", args=[offer.pk]), follow=True)
    assert again.status_code in (200, 403)
    assert browser(witney.worker).get(page).status_code == 200
    assert browser(banbury.worker).get(page).status_code == 200
    case_page = reverse("casework:case", args=[case.reference])
    gone = "Witney took this case over from Banbury"
    assert gone in words(browser(banbury.worker).get(case_page))
    assert gone not in words(browser(witney.worker).get(case_page))


def test_why_another_hub_declined_stays_on_the_case(banbury, witney, now, seen_by):
    case = make_case(banbury, worker=banbury.worker, at=now)
    seen_by(banbury.manager)
    offer = offer_case(case, witney.hub, banbury.manager, now)
    seen_by(witney.manager)
    actions.decline_case(offer=offer, reason="We are full.", by=witney.manager, at=now)

    shown = words(browser(banbury.worker).get(reverse("casework:case", args=[case.reference])))
    assert "which declined" in shown and "The answer: We are full." in shown


def test_a_closed_case_is_offered_to_nobody_and_the_page_says_why(banbury, witney, now, seen_by):
    case = make_case(banbury, worker=banbury.worker, at=now)
    sender, here = browser(banbury.manager), reverse("casework:hand_over", args=[case.reference])
    assert "another hub" in words(sender.get(here))
    with transaction.atomic():
        seen_by(banbury.manager)
        actions.close(
            case=case,
            reason="goals_met",
            outcome="better",
            words="Well.",
            by=banbury.manager,
            at=now,
        )

    refused = sender.get(here, follow=True)

    assert "is closed, so no other hub can take it over" in words(refused)
    assert refused.redirect_chain == [(reverse("casework:case", args=[case.reference]), 302)]
