"""What the family itself takes on: planned with it, said of on its own page, never chased."""

from datetime import timedelta

import pytest
from django.utils import timezone

from kith.accounts.viewer import front_door, seeing_as
from kith.casework import actions, family_actions, handing_over
from kith.casework.models import FamilyWords, PlannedAction
from kith.families.models import Membership, Person
from tests.casework.test_own_page import opened, sent, the_way
from tests.casework.test_reminding import morning, notices, remind
from tests.casework.test_team import agree, join, said
from tests.factories.casework import AT, make_case, make_partner, make_staffed_hub

pytestmark = pytest.mark.django_db


@pytest.fixture
def banbury():
    return make_staffed_hub("Banbury")


@pytest.fixture
def case(banbury, seen_by):
    made = make_case(banbury, worker=banbury.worker, at=timezone.now() - timedelta(days=9))
    seen_by(banbury.worker)
    return made


def of(case, given):
    with seeing_as(front_door()):
        found = Membership.objects.select_related("person").get(
            family=case.family, person__given_names=given
        )
    return found.person


def take_on(case, by, given="Grace", what="Ring school on Monday", due=None):
    due_on = due or timezone.localdate() + timedelta(days=7)
    return actions.plan_action(
        case=case, what=what, person=of(case, given), due_on=due_on, **said(by)
    )


def test_only_somebody_of_the_family_who_is_old_enough_takes_something_on(
    banbury, case, client, seen_by
):
    stranger = of(make_case(banbury, worker=banbury.worker), "Grace")
    other, _ = make_partner()
    due = timezone.localdate() + timedelta(days=7)
    plan = {"case": case, "what": "Ring school", "due_on": due, **said(banbury.worker)}
    with pytest.raises(actions.NotOfThisFamily):
        actions.plan_action(person=stranger, **plan)
    with pytest.raises(actions.OwnerUnclear):
        actions.plan_action(person=of(case, "Grace"), organisation=other, **plan)
    client.force_login(banbury.worker)
    page = f"/cases/{case.reference}/action/"
    typed = {"what": "Ring school", "who": "family", "due_on": due.isoformat()}
    assert "Choose who of the family" in client.post(page, typed).content.decode()

    client.post(page, {**typed, "person": of(case, "Grace").pk})

    seen_by(banbury.worker)
    action = PlannedAction.objects.get(case=case)
    assert (action.who, action.owner, action.ended) == ("Grace Okafor", None, False)
    shown = client.get(f"/cases/{case.reference}/").content.decode()
    assert "Grace Okafor <strong" in shown and "The family</strong>" in shown
    seen_by(banbury.worker)
    with seeing_as(front_door()):
        Person.objects.filter(pk=of(case, "Ada").pk).update(
            date_of_birth=timezone.localdate() - timedelta(days=9 * 365)
        )
    names = [one.name for one in family_actions.who_may_take_on(banbury.worker, case.family, due)]
    assert names == ["Grace Okafor"], "a young child has nothing to do in a plan"


def test_on_their_page_they_say_it_is_done_or_that_they_need_help_and_the_worker_hears(
    banbury, case, client, seen_by
):
    with seeing_as(banbury.worker):
        way = the_way(case, banbury.worker)
        actions.give_page(case=case, way=way, **said(banbury.worker))
    mine = take_on(case, banbury.worker)
    hubs = actions.plan_action(
        case=case, what="Ask the school", owner=banbury.worker,
        due_on=timezone.localdate(), **said(banbury.worker),
    )  # fmt: skip
    home = opened()
    page = home.get("/our-page/").content.decode()
    assert "What you do yourselves" in page and "Ring school on Monday" in page
    assert home.get(f"/our-page/action/{hubs.pk}/").status_code == 404
    one = f"/our-page/action/{mine.pk}/"
    assert "Choose whether" in home.post(one, {"says": "", "words": "x"}).content.decode()

    answer = home.post(one, {"says": "help", "words": "Nobody picks up."}, follow=True)

    assert "“I need help with this”. Your worker has been told." in answer.content.decode()
    seen_by(banbury.worker)
    told = sent("family_on_action")
    assert told.to == banbury.worker.email and "needs help with" in told.body
    assert "Okafor" not in told.body + told.subject
    assert not PlannedAction.objects.get(pk=mine.pk).ended, "a worker says when it is over"
    client.force_login(banbury.worker)
    shown = client.get(f"/cases/{case.reference}/").content.decode()
    assert "Needs help" in shown and "Nobody picks up." in shown
    assert "(2 open, 1 for the family)" in client.get("/cases/").content.decode()
    seen_by(banbury.worker)
    actions.complete_action(action=mine, came_of_it="We rang together.", **said(banbury.worker))
    over = home.get(one, follow=True).content.decode()
    assert "This is over by now" in over and "It is done<" not in over
    seen_by(banbury.worker)
    [words] = FamilyWords.objects.filter(action=mine).select_related("page__family")
    with seeing_as(front_door()), pytest.raises(actions.NotTheirs):
        actions.say_of_action(page=words.page, action=mine, says="done", at=timezone.now())


def test_of_what_the_family_took_on_its_worker_is_reminded_and_nobody_else(banbury, client):
    case = make_case(banbury, worker=banbury.worker, at=AT)
    with seeing_as(banbury.worker):
        actions.plan_action(
            case=case, what="Ring school", person=of(case, "Grace"),
            due_on=morning(11, 23).date(), by=banbury.worker, at=AT,
        )  # fmt: skip

    remind(morning(11, 24))

    digests = notices("digest")
    assert list(digests) == [banbury.worker.email]
    assert (
        "Ask the family about what they took on:\n- " + case.reference
        in digests[banbury.worker.email]
    )
    assert "Actions:" not in digests[banbury.worker.email]
    assert not notices("partner_digest")


def test_a_meeting_reviews_it_and_it_stands_in_minutes_on_paper_and_in_what_is_handed_on(
    banbury, case, client, seen_by
):
    organisation, _ = make_partner()
    agree(case, banbury.worker, organisation)
    member = join(case, banbury.worker, organisation)
    mine = take_on(case, banbury.worker)
    now = timezone.now()
    meeting, _ = actions.call_meeting(
        case=case, starts_at=now + timedelta(hours=1), minutes_long=60, place="Hub", agenda="",
        members=[member], **said(banbury.worker),
    )  # fmt: skip
    held = actions.write_minutes(
        meeting=meeting, after_version=0,
        attendance={seat.pk: "attended" for seat in meeting.seats.all()}, others="",
        discussion="All came.", decisions={mine.pk: actions.Decision("goes_on", "Not yet rung.")},
        by=banbury.worker, at=now + timedelta(hours=2),
    )  # fmt: skip

    assert [one.owner for one in held.reviewed.all()] == ["Grace Okafor"]
    facts = handing_over.facts(banbury.worker, case, timezone.localdate())
    assert facts["actions"][0][2] == "Grace Okafor"
    client.force_login(banbury.worker)
    assert client.get(f"/cases/{case.reference}/plan/").content.startswith(b"%PDF")
    listed = client.get("/cases/?show=ask").content.decode()
    assert "Ring school" not in listed, "it is not due yet"
    seen_by(banbury.worker)
    PlannedAction.objects.filter(pk=mine.pk).update(due_on=timezone.localdate())
    assert "Grace Okafor, " in client.get("/cases/?show=ask").content.decode()
