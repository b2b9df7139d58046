"""Whatever is tried in whatever order, a case stays in a state that may be, or the try is refused."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kith.accounts.viewer import see_as, seeing_as
from kith.casework import actions
from kith.casework.models import (
    MOVES,
    Allocation,
    Case,
    Contact,
    HandoverOffer,
    PlannedAction,
    Reopening,
)
from kith.referrals.models import Referral, Step
from tests.factories.casework import (
    AT,
    make_case,
    make_desk,
    make_staffed_hub,
    make_worker,
    offer_case,
)

VERBS = (
    "allocate",
    "reallocate",
    "contact",
    "try",
    "note",
    "plan",
    "finish",
    "drop",
    "postpone",
    "offer",
    "take_over",
    "take_over",
    "decline",
    "withdraw",
    "close",
    "close_all",
    "reopen",
)
WHO = ("worker", "manager", "other_worker", "other_manager")
tries = st.lists(
    st.tuples(st.sampled_from(VERBS), st.sampled_from(WHO), st.booleans()), max_size=14
)


def attempt(verb: str, people: dict, case: Case, by, at, *, second: bool):
    """Try something in one of two ways: with the one worker or hub, or with the other."""
    worker = people["other_worker" if second else "worker"]
    said = {"by": by, "at": at}
    open_action = PlannedAction.objects.filter(case=case).order_by("done_on", "pk").last()
    match verb:
        case "allocate":
            return actions.allocate(case=case, worker=worker, **said)
        case "reallocate":
            return actions.reallocate(
                case=case,
                from_worker=case.worker or people["manager"],
                worker=worker,
                reason="Leave",
                **said,
            )
        case "contact" | "try":
            return actions.record_contact(
                case=case,
                contacted_at=at,
                how="phone",
                succeeded=verb == "contact",
                with_whom="Grace",
                **said,
            )
        case "note":
            return actions.add_note(case=case, happened_at=at, words="Something", **said)
        case "plan":
            return actions.plan_action(
                case=case, what="Ring", due_on=at.date(), owner=worker, **said
            )
        case "offer":
            return offer_case(case, people["other_hub" if second else "hub"], **said)
        case "take_over" | "decline" | "withdraw":
            offer = HandoverOffer.objects.filter(case=case.pk).order_by("state", "pk").last()
            if offer is None:
                return None
            if verb == "take_over":
                return actions.take_over(offer=offer, worker=worker, **said)
            answer = actions.decline_case if verb == "decline" else actions.withdraw_offer
            return answer(offer=offer, reason="Not now", **said)
        case "close" | "close_all":
            return actions.close(
                case=case,
                reason="goals_met",
                outcome="better",
                words="Well.",
                rest_ends=verb == "close_all",
                **said,
            )
        case "reopen":
            return actions.reopen(case=case, reason="Worse", **said)
    if open_action is None:
        return None
    match verb:
        case "finish":
            return actions.complete_action(action=open_action, came_of_it="Done", **said)
        case "drop":
            return actions.drop_action(action=open_action, reason="Not wanted", **said)
        case _:
            return actions.change_due_date(
                action=open_action, due_on=at.date(), reason="Away", **said
            )


def state_of(case_id: int) -> tuple:
    case = Case.objects.get(pk=case_id)
    return (
        case.status,
        case.worker_id,
        case.team_id,
        case.first_contact_at,
        Contact.objects.filter(case=case).count(),
        Allocation.objects.filter(case=case).count(),
        PlannedAction.objects.filter(case=case, done_on=None, dropped_on=None).count(),
        Reopening.objects.filter(case=case).count(),
        list(
            HandoverOffer.objects.filter(case=case).order_by("pk").values_list("state", flat=True)
        ),
        Step.objects.filter(referral_id=case.referral_id).count(),
    )


@pytest.fixture
def people(db):
    one, other = make_staffed_hub("Banbury"), make_staffed_hub("Witney")
    return {
        "one": one,
        "desk": make_desk(),
        "hub": one.hub,
        "other_hub": other.hub,
        "worker": one.worker,
        "manager": one.manager,
        "other_worker": other.worker,
        "other_manager": other.manager,
    }


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=tries)
def test_any_sequence_of_actions_keeps_the_promises_of_the_case(people, steps):
    with transaction.atomic():
        case_id = make_case(people["one"]).pk
        at = AT
        for verb, who, second in steps:
            at += timedelta(minutes=5)
            by = people[who]
            with seeing_as(people["desk"]):  # sees every family, whoever tries
                case = Case.objects.select_related("worker").get(pk=case_id)
                before = state_of(case_id)
            try:
                with transaction.atomic():
                    see_as(by)
                    attempt(verb, people, case, by, at, second=second)
            except (
                actions.NotPossible,
                PermissionDenied,
                Case.DoesNotExist,
                PlannedAction.DoesNotExist,
            ) as refusal:
                see_as(people["desk"])
                assert state_of(case_id) == before
                assert str(refusal)
                continue
            see_as(people["desk"])
            after = Case.objects.get(pk=case_id)
            assert after.status == before[0] or after.status in MOVES[before[0]]
            in_force = Allocation.objects.filter(case=after, until=None)
            if after.status == "open":
                assert [held.worker_id for held in in_force] == [after.worker_id]
            else:
                assert not in_force.exists()
            waiting = HandoverOffer.objects.filter(case=after, state="waiting")
            assert all(one.from_team_id == after.team_id for one in waiting)
            if after.status == "closed":
                assert not waiting.exists()
            if after.status == "closed":
                assert not PlannedAction.objects.filter(
                    case=after, done_on=None, dropped_on=None
                ).exists()
            assert Referral.objects.get(pk=after.referral_id).team_id == after.team_id
            reached = Contact.objects.filter(case=after, succeeded=True).order_by("at").first()
            assert after.first_contact_at == (reached.at if reached else None)
            told = Step.objects.filter(referral_id=after.referral_id, kind="first_contact")
            assert told.count() == (1 if reached else 0)
        transaction.set_rollback(True)


def test_of_two_managers_pressing_together_one_gives_the_family(fresh_database):
    with transaction.atomic():
        banbury = make_staffed_hub("Banbury")
        workers = [make_worker(banbury.hub, name) for name in ("Ann", "Ben")]
        case = make_case(banbury)
    ready, outcomes = threading.Barrier(2), []

    def press(worker):
        try:
            with transaction.atomic():
                see_as(banbury.manager)
                ready.wait(10)
                actions.allocate(case=case, worker=worker, by=banbury.manager, at=AT)
            outcomes.append("given")
        except actions.AlreadyGiven as refusal:
            outcomes.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(worker,)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    with transaction.atomic():
        see_as(banbury.manager)
        case.refresh_from_db()
        assert Allocation.objects.count() == 1
        assert sorted(outcomes) == sorted(
            ["given", f"{case.reference} has just been given to {case.worker}."]
        )
