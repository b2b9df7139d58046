"""What needs doing today: the right things, first, and no slower with more of them."""

from datetime import time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate, localtime

from kith.accounts.viewer import front_door, seeing_as
from kith.casework.models import Assessment, AssessmentForm, HandoverOffer, PlannedAction
from kith.field import actions as field
from kith.field.models import Visit
from kith.referrals import actions
from kith.supports import actions as supports
from kith.web.today import today_for
from tests.factories.accounts import make_team, make_user
from tests.factories.casework import ask_social_care, make_case, make_staffed_hub, make_worker
from tests.factories.referrals import make_desk_worker, make_referral, make_sender

pytestmark = pytest.mark.django_db


def number(page, label: str) -> int:
    return next(task.number for task in page.tasks if task.label == label)


def test_the_desk_sees_what_is_past_its_promise_first(seen_by):
    now = timezone.now()
    with seeing_as(front_door()):
        make_referral(at=now - timedelta(days=30))
        make_referral(at=now)
    worker = make_desk_worker()
    seen_by(worker)

    page = today_for(worker, now)

    assert number(page, "Past the promise") == 1
    assert number(page, "Can wait until tomorrow") + number(page, "Due today") == 1
    assert "Late" in page.shelves[0].rows[0][1]
    assert "Late" not in page.shelves[0].rows[1][1]


def test_each_card_of_the_desk_opens_exactly_what_it_counts(client, seen_by):
    now = timezone.now()
    worker = make_desk_worker()
    seen_by(worker)
    made = [make_referral(at=now, urgent=number == 0) for number in range(7)]
    ends = localtime(now).replace(hour=23, minute=59, second=59)
    for referral, decide_by in zip(
        made, [now - timedelta(days=2), ends, ends, *[ends + timedelta(hours=1)] * 4], strict=True
    ):
        type(referral).objects.filter(pk=referral.pk).update(decide_by=decide_by)
    actions.take(referral=made[3], by=worker, at=now)
    actions.ask_more(referral=made[6], words="How old is Ada?", by=worker, at=now)
    client.force_login(worker)

    tasks = {task.label: task for task in today_for(worker, now).tasks if "/desk/" in task.href}

    numbers = {"Marked urgent": 1, "Past the promise": 1, "Due today": 2, "With you": 1}
    numbers |= {"Can wait until tomorrow": 3, "Waiting for an answer": 1}
    assert {label: task.number for label, task in tasks.items()} == numbers
    for task in tasks.values():
        opened = client.get(task.href)
        assert opened.context["page"].paginator.count == task.number, task.label


def test_each_card_of_a_hub_opens_exactly_what_it_counts(client, seen_by):
    now = timezone.now()
    banbury, witney = make_staffed_hub("Banbury"), make_staffed_hub("Witney")
    lead = make_user("county_lead", make_team("Leads", "desk"))
    reached = make_case(banbury, worker=banbury.worker, at=now - timedelta(days=30))
    make_case(banbury, worker=banbury.worker, at=now - timedelta(days=30))
    make_case(witney, at=now - timedelta(days=30))
    soon = make_case(banbury, at=now)
    today = localdate(now)
    with seeing_as(front_door()):
        type(reached).objects.filter(pk=reached.pk).update(first_contact_at=now)
        type(soon).objects.filter(pk=soon.pk).update(contact_by=now + timedelta(minutes=1))
        for due in (-3, 0, 5, 20):
            PlannedAction.objects.create(
                case=reached,
                what=f"In {due} days",
                owner=banbury.worker,
                due_on=today + timedelta(days=due),
                made_at=now,
                made_by=banbury.worker,
            )
        PlannedAction.objects.create(
            case=reached,
            what="Ring school",
            owner_person=reached.family.memberships.get(role="mother").person,
            owner_called="Grace Okafor",
            due_on=today,
            made_at=now,
            made_by=banbury.worker,
        )

        bicester = make_staffed_hub("Bicester")
        elsewhere = make_case(bicester, worker=bicester.worker, at=now)
        HandoverOffer.objects.create(
            case=elsewhere,
            from_team=elsewhere.team,
            to_team=banbury.team,
            family_knows=True,
            facts={"family": "Okafor", "reference": elsewhere.reference},
            offered_by=witney.manager,
            offered_at=now,
        )
        ask_social_care(reached, banbury.worker, now)
        Assessment.objects.create(
            case=reached,
            form=AssessmentForm.objects.get(),
            status="sent",
            started_at=now,
            started_by=banbury.worker,
            sent_at=now,
            sent_by=banbury.worker,
        )

    def opened(user):
        seen_by(user)
        client.force_login(user)
        found = {}
        for task in today_for(user, now).tasks:
            if "/cases/" not in task.href:
                continue
            page = client.get(task.href)
            assert page.status_code == 200, task.label
            lists = {"Actions": "actions", "Families to ask": "ask"}
            name = next((lists[one] for one in lists if task.label.startswith(one)), "rows")
            found[task.label] = (task.number, len(page.context[name]))
        return found

    assert opened(banbury.worker) == {
        "Families to reach": (1, 1),
        "Actions late": (1, 1),
        "Actions this week": (2, 2),
        "My families": (2, 2),
        "Families to ask": (1, 1),
    }
    assert opened(banbury.manager) == {
        "Waiting for a worker": (1, 1),
        "First contact late": (1, 1),
        "First contact due by tomorrow": (1, 1),
        "Cases that are stuck": (0, 0),
        "Cases other hubs offer": (1, 1),
        "Social care to be asked": (1, 1),
        "Assessments to sign": (1, 1),
        "To ask after the end": (0, 0),
        "Cases not spoken about": (0, 0),
    }
    assert opened(lead) == {
        "Waiting for a worker": (2, 2),
        "First contact late": (2, 2),
        "First contact due by tomorrow": (1, 1),
        "Cases that are stuck": (0, 0),
        "Cases other hubs offer": (1, 1),
        "Social care to be asked": (1, 1),
        "To ask after the end": (0, 0),
    }


def test_the_card_of_registers_opens_exactly_what_it_counts(client, seen_by):
    now = timezone.now()
    banbury = make_staffed_hub("Banbury")
    colleague = make_worker(banbury.hub)
    seen_by(banbury.worker)
    for leader, days in ((banbury.worker, 0), (banbury.worker, 3), (colleague, 0)):
        supports.set_up(
            team=banbury.team, kind="group", name="Stay and play", place="The hub", leader=leader,
            starts=time(10), minutes=60, since=localdate(now) - timedelta(days=days),
            by=banbury.worker, at=now,
        )  # fmt: skip

    for user, count in ((banbury.worker, 2), (colleague, 1), (banbury.manager, 3)):
        seen_by(user)
        client.force_login(user)
        task = next(one for one in today_for(user, now).tasks if one.label == "Registers to take")
        assert (task.number, len(client.get(task.href).context["rows"])) == (count, count)


def test_the_card_of_visits_not_written_down_opens_exactly_what_it_counts(client, seen_by):
    now = timezone.now()
    banbury = make_staffed_hub("Banbury")
    colleague = make_worker(banbury.hub)
    for worker in (banbury.worker, colleague):
        case = make_case(banbury, worker=worker, at=now - timedelta(days=9))
        seen_by(worker)
        for days in (0, 3):
            visit = field.plan_visit(
                case=case, on=localdate(now), starts=time(14, days), by=worker, at=now,
                today=localdate(now),
            )  # fmt: skip
            Visit.objects.filter(pk=visit.pk).update(on=localdate(now) - timedelta(days=days))

    for user, count in ((banbury.worker, 1), (colleague, 1), (banbury.manager, 2)):
        seen_by(user)
        client.force_login(user)
        tasks = today_for(user, now).tasks
        task = next(one for one in tasks if one.label == "Visits not written down")
        assert (task.number, len(client.get(task.href).context["visits"])) == (count, count)


def test_the_card_of_sessions_led_for_a_hub_stands_only_there_where_somebody_leads(client, seen_by):
    now = timezone.now()
    banbury = make_staffed_hub("Banbury")
    volunteer = make_user("session_leader", make_team("Home-Start", "partner"))
    seen_by(banbury.worker)
    group = supports.set_up(
        team=banbury.team, kind="group", name="Stay and play", place="The hub",
        leader=banbury.worker, starts=time(10), minutes=60, since=localdate(now),
        by=banbury.worker, at=now,
    )  # fmt: skip
    seen_by(volunteer)
    assert today_for(volunteer, now).tasks == []
    seen_by(banbury.worker)
    supports.let_lead(
        support=group, email=volunteer.email, since=localdate(now), by=banbury.worker, at=now
    )

    seen_by(volunteer)
    client.force_login(volunteer)
    (task,) = today_for(volunteer, now).tasks
    ((title, rows),) = client.get(task.href).context["lists"]
    assert (task.number, title, len(rows)) == (1, "Today, and still to take", 1)


def test_a_sender_sees_what_their_organisation_sent_and_nothing_else(seen_by):
    mine, other = make_sender("Orchard School"), make_sender("Other School")
    ours = make_referral(by=mine)
    theirs = make_referral(by=other)
    seen_by(mine)

    page = today_for(mine, timezone.now())

    rows = [str(row) for shelf in page.shelves for row in shelf.rows]
    assert any(ours.reference in row for row in rows)
    assert not any(theirs.reference in row for row in rows)


def test_the_first_page_asks_the_database_no_more_when_there_is_more_to_do(client):
    worker = make_desk_worker()
    client.force_login(worker)
    make_referral()
    client.get(reverse("home"))
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(reverse("home"))

    for _ in range(4):
        make_referral()
    with CaptureQueriesContext(connection) as many:
        page = client.get(reverse("home"))

    assert page.status_code == 200
    assert len(many) <= len(few)
