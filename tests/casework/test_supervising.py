"""Supervision: what two people say of cases, and of the worker, and who may read which."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kith.accounts.viewer import see_as, seeing_as
from kith.audit.models import Entry, Sight
from kith.casework import actions, oversight, own_page, queries
from kith.casework.chronology import chronology
from kith.casework.models import CaseReflection, PlannedAction, Supervision
from kith.families import queries as families
from kith.hubs.calendar import add_working_days
from tests.factories.accounts import make_user
from tests.factories.casework import AT, make_case, make_desk, make_staffed_hub, make_worker

pytestmark = pytest.mark.django_db
TODAY = AT.date()
SECRET = "Tired, and asks for Fridays off."


@pytest.fixture
def hub():
    return make_staffed_hub("Banbury")


@pytest.fixture
def case(hub):
    case = make_case(hub, worker=hub.worker)
    see_as(hub.manager)
    return case


def hold(hub, at=AT, **changes):
    facts = {"held_on": at.date(), "words": SECRET, "next_on": at.date() + timedelta(days=28)}
    with seeing_as(hub.manager):
        return actions.hold_supervision(
            worker=hub.worker, team=hub.team, by=hub.manager, at=at, **facts | changes
        )


def reflect(held, case, hub, words="Mornings are hard because nobody sleeps.", at=AT):
    with seeing_as(hub.manager):
        return actions.reflect(supervision=held, case=case, words=words, by=hub.manager, at=at)


def test_only_a_manager_of_the_workers_hub_writes_down_a_supervision(hub, case):
    witney = make_staffed_hub("Witney")
    for by, why in (
        (witney.manager, "Only a manager of the worker's hub"),
        (make_worker(hub.hub), "Only a manager of the worker's hub"),
        (hub.worker, "Somebody else talks with you"),
    ):
        with pytest.raises(PermissionDenied, match=why):
            actions.hold_supervision(
                worker=hub.worker,
                team=hub.team,
                held_on=TODAY,
                words="",
                next_on=None,
                by=by,
                at=AT,
            )
    with pytest.raises(actions.NotOfThisHub):
        actions.hold_supervision(
            worker=witney.worker,
            team=hub.team,
            held_on=TODAY,
            words="",
            next_on=None,
            by=hub.manager,
            at=AT,
        )
    for changes, wrong in (
        ({"held_on": TODAY + timedelta(days=1)}, actions.InTheFuture),
        ({"next_on": TODAY}, actions.TooEarly),
    ):
        with pytest.raises(wrong):
            hold(hub, **changes)

    held = hold(hub)

    with pytest.raises(actions.AlreadyWritten):
        hold(hub)
    see_as(hub.worker)
    assert list(oversight.supervisions_with(hub.worker, hub.worker, hub.team)) == [held]


def test_words_about_the_worker_are_on_no_familys_record_and_in_no_log(hub, case):
    held = hold(hub)
    reflect(held, case, hub)
    colleague, successor = (
        make_worker(hub.hub, "Oli Other"),
        make_user("hub_manager", hub.team, "Sue Successor"),
    )

    for viewer, sees in (
        (hub.worker, True),
        (hub.manager, True),
        (successor, True),
        (colleague, False),
    ):
        see_as(viewer)
        assert oversight.supervisions_visible_to(viewer).exists() is sees, viewer
        assert Supervision.objects.exists() is sees, viewer  # the database says so too
    see_as(colleague)
    (said,) = oversight.reflections_of(colleague, case)
    assert (said.worker, said.manager) == (hub.worker, hub.manager)
    told = str([(event.title, event.words) for event in chronology(colleague, case.family)])
    assert "nobody sleeps" in told and SECRET not in told
    see_as(make_user("dpo", make_desk().memberships.get().team))
    entries = Entry.objects.filter(what__startswith="supervision.")
    assert {entry.what for entry in entries} == {
        "supervision.held",
        "supervision.case_spoken_about",
    }
    assert SECRET not in str([(entry.before, entry.after) for entry in entries])


def test_what_was_said_is_changed_by_addition_only(hub, case):
    held = hold(hub)
    reflection = reflect(held, case, hub)
    with seeing_as(hub.worker):
        actions.add_to_supervision(
            supervision=held, words="Every second Friday.", by=hub.worker, at=AT
        )
        actions.add_to_reflection(
            reflection=reflection, words="Two nights a week.", by=hub.worker, at=AT
        )
    colleague = make_worker(hub.hub, "Oli Other")
    see_as(colleague)
    with pytest.raises(PermissionDenied, match="two people who talked"):
        actions.add_to_supervision(supervision=held, words="I heard.", by=colleague, at=AT)

    see_as(hub.manager)
    assert [one.words for one in oversight.additions_to(hub.manager, held)] == [
        "Every second Friday."
    ]
    (said,) = oversight.reflections_of(hub.manager, case)
    assert [one.words for one in said.additions.all()] == ["Two nights a week."]
    for table in (
        "casework_supervision",
        "casework_supervisionaddition",
        "casework_casereflection",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"update {table} set words = 'x'")


def test_a_case_is_spoken_about_with_whoever_had_it_on_that_day_and_once(hub, case):
    held, other = hold(hub), make_worker(hub.hub, "Oli Other")
    others = make_case(hub, worker=other)
    with pytest.raises(actions.NotWithThem, match="was not with Worker of Banbury"):
        reflect(held, others, hub)
    with pytest.raises(actions.WordsMissing):
        reflect(held, case, hub, words=" ")

    reflect(held, case, hub)

    with pytest.raises(actions.AlreadySpokenOf, match="Add to it"):
        reflect(held, case, hub)
    see_as(hub.manager)
    assert not oversight.to_speak_about(hub.manager, held).exists()
    # What was said late is of the worker who had the case then, though another has it now.
    second = make_case(hub, worker=hub.worker)
    with seeing_as(hub.manager):
        actions.reallocate(
            case=second,
            from_worker=hub.worker,
            worker=other,
            reason="Leave",
            by=hub.manager,
            at=AT + timedelta(days=2),
        )
    assert [one.pk for one in oversight.to_speak_about(hub.manager, held)] == [second.pk]
    late = reflect(held, second, hub, at=AT + timedelta(days=5))
    assert late.late


def test_an_agreed_action_is_in_the_plan_and_among_what_is_due(hub, case):
    reflection = reflect(hold(hub), case, hub)
    stranger = make_worker(hub.hub, "Oli Other")
    agree = {
        "reflection": reflection,
        "what": "See Ada alone",
        "due_on": TODAY + timedelta(days=3),
        "by": hub.manager,
        "at": AT,
    }
    with pytest.raises(actions.OwnerUnclear, match="the worker or the manager"):
        actions.agree_action(owner=stranger, **agree)

    mine = actions.agree_action(owner=hub.worker, **agree)
    theirs = actions.agree_action(owner=hub.manager, **agree)

    for owner, action in ((hub.worker, mine), (hub.manager, theirs)):
        see_as(owner)
        assert list(queries.actions_due(owner, TODAY + timedelta(days=7))) == [action]
    (said,) = oversight.reflections_of(hub.manager, case)
    assert [one.action for one in said.agreed.all()] == [mine, theirs]
    # Next time it is at hand, until it is done.
    following = hold(hub, at=AT + timedelta(days=2))
    see_as(hub.worker)
    actions.complete_action(
        action=mine, came_of_it="Seen.", by=hub.worker, at=AT + timedelta(days=1)
    )
    see_as(hub.manager)
    assert list(oversight.agreed_before(hub.manager, following)) == [theirs]


def test_a_case_not_spoken_about_for_longer_than_promised_is_listed(hub, case):
    quiet = make_case(hub, worker=hub.worker)
    reflect(hold(hub, at=AT + timedelta(days=1)), case, hub, at=AT + timedelta(days=1))
    see_as(hub.manager)
    last_day = add_working_days(AT, 30)

    assert not oversight.not_spoken_about(hub.manager, last_day).exists()
    after = add_working_days(last_day, 1)
    (listed,) = oversight.not_spoken_about(hub.manager, after)
    assert (listed, listed.spoken_on, listed.with_us_since) == (quiet, None, TODAY)
    assert oversight.not_spoken_about(hub.manager, after + timedelta(days=7)).count() == 2
    (talk,) = oversight.talks(hub.manager, hub.team, after)
    assert (talk.worker, talk.families, talk.not_spoken_about) == (hub.worker, 2, 1)
    assert talk.overdue(after.date())
    witney = make_staffed_hub("Witney")
    see_as(witney.manager)
    assert not oversight.not_spoken_about(witney.manager, after).exists()


def test_nothing_new_is_said_of_a_closed_case_but_words_are_added(hub, case):
    held = hold(hub)
    reflection = reflect(held, case, hub)
    second = make_case(hub, worker=hub.worker)
    for one in (case, second):
        with seeing_as(hub.manager):
            actions.close(
                case=one,
                reason="goals_met",
                outcome="better",
                words="It helped.",
                family_words="",
                rest_ends=False,
                by=hub.manager,
                at=AT,
            )

    with pytest.raises(actions.CaseClosed):
        reflect(held, second, hub)
    see_as(hub.manager)
    actions.add_to_reflection(reflection=reflection, words="Ended well.", by=hub.manager, at=AT)
    assert CaseReflection.objects.filter(case=case).count() == 2


def test_what_was_agreed_in_supervision_is_not_on_the_familys_own_page(hub, case):
    reflection = reflect(hold(hub), case, hub)
    plan = {"due_on": TODAY + timedelta(days=3), "owner": hub.worker, "by": hub.manager, "at": AT}
    see_as(hub.manager)
    actions.agree_action(reflection=reflection, what="Wonder about Dad", **plan)
    actions.plan_action(case=case, what="Ring the school", **plan)
    members = families.people_of(hub.manager, case.family)
    (way,) = [detail for member in members for detail in member.contact_details]
    page = actions.give_page(case=case, way=way, by=hub.manager, at=AT)

    shown = own_page.read(None, page, AT)

    assert [action.what for action, _ in shown.actions] == ["Ring the school"]


# The pages


@pytest.fixture
def now():
    return timezone.now() - timedelta(days=1)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def day(name, moment):
    return {name: timezone.localdate(moment).isoformat()}


def test_a_manager_writes_a_supervision_down_case_by_case(hub, now):
    case = make_case(hub, worker=hub.worker, at=now)
    manager, worker = signed_in(hub.manager), signed_in(hub.worker)
    new = reverse("casework:supervision_new")
    assert "Choose the worker" in manager.post(new, {"words": SECRET}).content.decode()
    begun = manager.post(new, {"worker": hub.worker.pk, "words": SECRET, **day("held_on", now)})
    held = _only_supervision(hub)
    assert begun.url == reverse("casework:supervision_one", args=[held.pk])
    page = reverse("casework:supervision_case", args=[held.pk, case.reference])
    assert case.family.name in manager.get(begun.url).content.decode()

    half = manager.post(page, {"words": "We wondered.", "what": "See Ada alone"}).content.decode()
    assert "Enter the day by which it will be done" in half and "We wondered." in half
    due = timezone.now() + timedelta(days=3)
    sent = {
        "words": "We wondered.",
        "what": "See Ada alone",
        "owner": hub.worker.pk,
        **day("due_on", due),
    }
    assert manager.post(page, sent).status_code == 302
    assert "is written down" in manager.post(page, sent).content.decode()

    see_as(hub.worker)
    assert PlannedAction.objects.count() == 1
    shown = worker.get(reverse("casework:case", args=[case.reference])).content.decode()
    assert "Last spoken about on" in shown and "Agreed in supervision" in shown
    assert SECRET not in shown
    assert SECRET in worker.get(begun.url).content.decode()
    for name, of in (
        ("supervision_add", [held.pk]),
        ("supervision_case_add", [held.pk, case.reference]),
    ):
        add = reverse(f"casework:{name}", args=of)
        assert "Write what you want to add" in worker.post(add, {"words": " "}).content.decode()
        assert worker.post(add, {"words": "Mondays."}).url == begun.url
    assert worker.get(begun.url).content.decode().count("Mondays.") == 2
    see_as(hub.manager)
    assert Sight.objects.filter(page="supervision", family_id=case.family_id).exists()


def _only_supervision(hub):
    with seeing_as(hub.manager):
        return Supervision.objects.get()


def test_colleagues_and_the_county_do_not_find_a_supervision(hub, now):
    make_case(hub, worker=hub.worker, at=now)
    held = hold(hub, at=now)
    colleague = signed_in(make_worker(hub.hub, "Oli Other"))

    assert colleague.get(reverse("casework:supervision_one", args=[held.pk])).status_code == 404
    own = colleague.get(reverse("casework:supervision")).content.decode()
    assert "Cases of yours" in own and "With whom you talk" not in own
    assert "Your own supervision" not in own
    assert (
        "Your own supervision"
        in signed_in(hub.worker).get(reverse("casework:supervision")).content.decode()
    )
