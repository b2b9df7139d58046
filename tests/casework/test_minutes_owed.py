"""A meeting that nobody wrote down: its chair hears once, then the manager's list shows it; and what
is overdue for a week goes from its owner to the manager."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from kith.accounts.viewer import clock, seeing_as
from kith.casework import actions, queries
from tests.casework.test_family_actions import of
from tests.casework.test_leading import plan, team_of
from tests.casework.test_meetings import call, write
from tests.casework.test_reminding import morning, notices, remind
from tests.factories.casework import AT, make_case, make_staffed_hub, make_worker

pytestmark = pytest.mark.django_db
HELD = AT + timedelta(hours=4)  # Monday 16 November, after lunch


@pytest.fixture
def banbury():
    return make_staffed_hub("Banbury")


def ask_for_minutes(at):
    with seeing_as(clock()):
        return actions.remind_of_minutes(by=clock(), at=at)


def met(case, by, members):
    with time_machine.travel(AT, tick=False), seeing_as(by):
        return call(case, by, members, starts_at=HELD)[0]


def test_a_partners_lead_is_reminded_once_after_two_working_days(banbury):
    with time_machine.travel(AT, tick=False):
        case, lead, member = team_of(banbury)
    met(case, banbury.worker, [member])
    with seeing_as(banbury.worker), pytest.raises(PermissionDenied):
        actions.remind_of_minutes(by=banbury.worker, at=morning(11, 19))

    assert ask_for_minutes(morning(11, 18)) == 0, "two working days are not over"
    assert ask_for_minutes(morning(11, 19)) == 1
    assert ask_for_minutes(morning(11, 20)) == 0, "once"
    assert ask_for_minutes(morning(11, 21)) == 0

    sent = notices("minutes_owed")
    assert list(sent) == [lead.email]
    assert f"- {case.reference}: 16 November 2026 at 13:30" in sent[lead.email]
    assert "Okafor" not in sent[lead.email]


def test_without_a_lead_it_is_the_worker_and_then_the_managers_list(banbury):
    cases = [make_case(banbury, worker=banbury.worker) for _ in range(3)]
    meetings = []
    for case in cases:
        with time_machine.travel(AT, tick=False), seeing_as(banbury.worker):
            mother = actions.add_of_family(
                case=case, person=of(case, "Grace"), role="Mother", by=banbury.worker, at=AT
            )
        meetings.append(met(case, banbury.worker, [mother]))
    with seeing_as(banbury.worker):
        with time_machine.travel(HELD + timedelta(hours=2), tick=False):
            write(meetings[1], banbury.worker)
        actions.cancel_meeting(
            meeting=meetings[2], because="Nobody came", by=banbury.worker, at=HELD
        )

    assert ask_for_minutes(morning(11, 19)) == 1

    assert list(notices("minutes_owed")) == [banbury.worker.email]
    with seeing_as(banbury.manager):
        on_friday = queries.stuck_by_reason(banbury.manager, morning(11, 20))
        on_monday = queries.stuck(banbury.manager, morning(11, 23)).filter(no_minutes=True)
        assert on_friday["no_minutes"] == 0
        assert [case.pk for case in on_monday] == [cases[0].pk]
        with time_machine.travel(morning(11, 23), tick=False):
            write(meetings[0], banbury.worker)
        assert not on_monday.all().exists()


def test_what_is_overdue_goes_to_the_owner_and_after_a_week_to_the_manager(banbury):
    with time_machine.travel(AT, tick=False):
        case, lead, member = team_of(banbury)
        colleague = make_worker(banbury.hub)
        with seeing_as(lead):
            plan(case, lead, member, what="Sit with her at lunch")  # due Monday 23 November
        with seeing_as(banbury.worker):
            own = {"case": case, "due_on": (AT + timedelta(days=7)).date()}
            said = {"by": banbury.worker, "at": AT}
            actions.plan_action(what="Ring", owner=colleague, **own, **said)
            actions.plan_action(what="Write down", person=of(case, "Grace"), **own, **said)

    remind(morning(11, 24))
    assert "Actions overdue" not in "".join(notices("manager_digest").values())
    assert "1 overdue" in notices("partner_digest")["office@kith.example"]
    remind(morning(12, 1))

    told = notices("manager_digest")[banbury.manager.email]
    assert f"{case.reference}, Orchard School: overdue since 23 November" in told
    assert f"{case.reference}, {colleague}: overdue since 23 November" in told
    assert "Grace" not in told, "what the family took on is asked about, not chased"
