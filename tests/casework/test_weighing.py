"""How much work each family needs, and as how many families it counts in a caseload."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kith.accounts.viewer import see_as, seeing_as
from kith.audit.models import Entry
from kith.casework import actions, oversight, queries
from kith.casework.intensity import explained, weights
from kith.casework.models import Case, IntensityChange
from tests.factories.accounts import make_user
from tests.factories.casework import AT, make_case, make_desk, make_staffed_hub, make_worker

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=1)


@pytest.fixture
def hub():
    return make_staffed_hub("Banbury")


def load_of(hub, worker):
    with seeing_as(hub.manager):
        loads = queries.caseloads(hub.manager, hub.team, LATER.date())
    return next(load for load in loads if load.worker == worker)


def weigh(case, by, intensity, *, was="usual", reason="Three agencies to bring together", at=LATER):
    with seeing_as(by):
        return actions.set_intensity(
            case=case, was=was, intensity=intensity, reason=reason, by=by, at=at
        )


def test_the_worker_or_the_manager_says_how_much_work_a_family_needs_and_why(hub):
    case = make_case(hub, worker=hub.worker)
    colleague, elsewhere = make_worker(hub.hub, "Oli Other"), make_staffed_hub("Witney")
    with pytest.raises(PermissionDenied, match="worker or the hub's manager"):
        weigh(case, colleague, "light")
    with pytest.raises(Case.DoesNotExist):
        weigh(case, elsewhere.manager, "light")
    with pytest.raises(actions.ReasonMissing):
        weigh(case, hub.worker, "light", reason=" ")

    weigh(case, hub.worker, "intensive")
    weigh(case, hub.manager, "light", was="intensive", reason="Calmer now", at=LATER)

    see_as(hub.worker)
    assert [
        (change.was, change.now, change.by, change.reason)
        for change in oversight.intensity_changes_of(hub.worker, case)
    ] == [
        ("intensive", "light", hub.manager, "Calmer now"),
        ("usual", "intensive", hub.worker, "Three agencies to bring together"),
    ]
    assert Case.objects.get(pk=case.pk).intensity == "light"
    see_as(hub.manager)
    assert Entry.objects.filter(what="case.intensity_set").count() == 2
    see_as(elsewhere.manager)
    assert not IntensityChange.objects.exists()


def test_of_two_who_change_it_at_once_the_second_is_told(hub):
    case = make_case(hub, worker=hub.worker)
    weigh(case, hub.worker, "light")

    with pytest.raises(actions.SameIntensity, match="somebody set this to light"):
        weigh(case, hub.manager, "intensive")
    with pytest.raises(actions.SameIntensity, match="light already"):
        weigh(case, hub.manager, "light", was="light")


def test_the_history_of_intensity_cannot_be_rewritten(hub):
    weigh(make_case(hub, worker=hub.worker), hub.worker, "light")
    see_as(hub.worker)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update casework_intensitychange set reason = 'x'")


def test_a_caseload_counts_what_each_family_needs(hub):
    cases = [make_case(hub, worker=hub.worker) for _ in range(3)]
    assert load_of(hub, hub.worker).weight == load_of(hub, hub.worker).families == 3

    weigh(cases[0], hub.worker, "intensive")
    weigh(cases[1], hub.worker, "light")

    load = load_of(hub, hub.worker)
    assert (load.families, load.weight, load.room) == (3, Decimal("3.5"), Decimal("11.5"))
    see_as(hub.manager)
    room = queries.rooms(hub.manager, LATER.date())[hub.hub.pk]
    assert (room.open, room.weight, room.room) == (3, Decimal("3.5"), Decimal("11.5"))


def test_the_limit_counts_weight_and_a_reason_still_passes_it(hub):
    busy = make_worker(hub.hub, "Bea Busy", at_once=3)
    first = make_case(hub, worker=busy)
    weigh(first, busy, "intensive", reason="A crisis")
    heavy, light = make_case(hub), make_case(hub)
    weigh(heavy, hub.manager, "intensive")
    weigh(light, hub.manager, "light")
    see_as(hub.manager)
    give = {"worker": busy, "by": hub.manager, "at": LATER}

    with pytest.raises(
        actions.TooManyFamilies,
        match=r"3 families at once, and has 1, which counts as 2[.] This family counts as 2[.]",
    ):
        actions.allocate(case=heavy, **give)
    assert actions.allocate(case=light, **give).worker == busy
    assert actions.allocate(case=heavy, reason="She knows them", **give).worker == busy

    entry = Entry.objects.get(what="case.given", after__reason="She knows them")
    assert (entry.after["families_now"], entry.after["counted_as"]) == (3, "4.5")
    assert load_of(hub, busy).room == Decimal("-1.5")


def test_the_county_says_what_a_family_counts(hub):
    lead = make_user("county_lead", make_desk().memberships.get().team, "Lea Lead")
    case = make_case(hub, worker=hub.worker)
    weigh(case, hub.worker, "intensive")
    with pytest.raises(PermissionDenied):
        actions.set_weights(weights={"intensive": Decimal(3)}, by=hub.manager, at=AT)
    with pytest.raises(actions.WeightsOutOfOrder, match="cannot count for less"):
        actions.set_weights(weights={"intensive": Decimal("0.2")}, by=lead, at=AT)

    actions.set_weights(weights={"intensive": Decimal(3)}, by=lead, at=AT)

    assert weights() == {"light": Decimal("0.5"), "usual": 1, "intensive": 3}
    assert [(one.key, one.set_by) for one in explained()] == [
        ("light", ""),
        ("usual", ""),
        ("intensive", "Lea Lead"),
    ]
    assert load_of(hub, hub.worker).weight == 3


def test_a_closed_case_keeps_its_intensity(hub):
    case = make_case(hub, worker=hub.worker)
    with seeing_as(hub.manager):
        actions.close(
            case=case,
            reason="goals_met",
            outcome="better",
            words="It helped.",
            family_words="",
            rest_ends=False,
            by=hub.manager,
            at=LATER,
        )

    with pytest.raises(actions.CaseClosed):
        weigh(case, hub.manager, "light")


def test_the_pages_say_what_counts_who_set_it_and_why(hub):
    now = timezone.now() - timedelta(days=1)
    case = make_case(hub, worker=hub.worker, at=now)
    worker, manager = Client(), Client()
    worker.force_login(hub.worker)
    manager.force_login(hub.manager)
    page = reverse("casework:intensity", args=[case.reference])
    asked = worker.get(page).content.decode()
    assert "Counts as 0.5" in asked and 'value="usual"' in asked

    wrong = worker.post(page, {"was": "usual", "intensity": "intensive", "reason": ""})
    assert "Write why" in wrong.content.decode()
    unsure = worker.post(page, {"was": "usual", "intensity": "usual", "reason": "Same"})
    assert "usual already" in unsure.content.decode()
    done = worker.post(page, {"was": "usual", "intensity": "intensive", "reason": "In court"})

    assert done.status_code == 302
    shown = worker.get(reverse("casework:case", args=[case.reference])).content.decode()
    assert "Intensive, counts as 2" in shown and "In court" in shown
    workers = manager.get(reverse("casework:workers")).content.decode()
    assert "1 family now, which counts as 2" in workers
    assert "does not say" in workers


def test_what_a_family_counts_is_typed_as_numbers(hub):
    lead = make_user("county_lead", make_desk().memberships.get().team)
    client = Client()
    client.force_login(lead)
    page = reverse("casework:weights")
    for typed, said in (
        ({"intensive": "many"}, "such as 1.5"),
        ({"intensive": "1.55"}, "one place after the point"),
        ({"intensive": "0"}, "0.1 or more"),
        ({"intensive": "0.3"}, "cannot count for less"),
    ):
        answer = client.post(page, {"light": "0.5", "usual": "1", "intensive": "2"} | typed)
        assert said in answer.content.decode(), typed

    assert client.post(page, {"light": "0.5", "usual": "1", "intensive": "2.5"}).status_code == 302
    assert "Set by" in client.get(page).content.decode()
