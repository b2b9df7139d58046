"""Case audits: a fair draw, findings by somebody who did not work on the case, and what follows."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kith.accounts.viewer import see_as, seeing_as
from kith.casework import actions, auditing, queries
from kith.casework.models import AuditedCase, AuditFinding, CaseAudit, CaseAuditForm
from tests.factories.accounts import make_user
from tests.factories.casework import AT, make_case, make_desk, make_staffed_hub

pytestmark = pytest.mark.django_db
SINCE = AT.date() - timedelta(days=30)


@pytest.fixture
def hub():
    return make_staffed_hub("Banbury")


@pytest.fixture
def lead():
    return make_user("county_lead", make_desk().memberships.get().team, "Lea Lead")


def draw(by, team, how_many=1, seed="5eed", **changes):
    facts = {"why": "The child’s voice", "which": "open", "since": SINCE, "at": AT} | changes
    with seeing_as(by):
        return actions.draw_sample(team=team, how_many=how_many, seed=seed, by=by, **facts)


def write(audited, by, grade="good", **changes):
    number = len(audited.audit.form.questions)
    facts = {
        "answers": [("yes", "")] * number,
        "good": "Ada speaks on every page.",
        "better": "",
        "at": AT,
    } | changes
    with seeing_as(by):
        return actions.write_finding(audited=audited, grade=grade, by=by, **facts)


def only_case_of(audit, viewer):
    see_as(viewer)
    return auditing.drawn_cases(viewer, audit).get()


def test_the_same_seed_draws_the_same_cases_and_every_case_has_the_same_chance():
    numbers = list(range(1, 21))
    assert auditing.draw(numbers, 5, "a") == auditing.draw(reversed(numbers), 5, "a")
    assert auditing.draw(numbers, 5, "a") != auditing.draw(numbers, 5, "b")

    drawn = [number for seed in range(4000) for number in auditing.draw(numbers, 5, str(seed))]

    # Each is drawn 1000 times of 4000, give or take five standard deviations.
    assert all(abs(drawn.count(number) - 1000) < 140 for number in numbers)


def test_a_manager_draws_from_the_hub_and_a_county_lead_from_every_hub(hub, lead):
    witney = make_staffed_hub("Witney")
    here, there = make_case(hub, worker=hub.worker), make_case(witney, worker=witney.worker)
    for by, team in ((hub.worker, hub.team), (hub.manager, witney.team), (hub.manager, None)):
        with pytest.raises(PermissionDenied):
            draw(by, team)
    with pytest.raises(actions.NothingToDraw, match="Only 1 case fits"):
        draw(hub.manager, hub.team, 2)
    with pytest.raises(actions.NothingToDraw, match="Only 0 cases fit"):
        draw(hub.manager, hub.team, which="closed")

    small, large = draw(hub.manager, hub.team), draw(lead, None, 2)

    assert only_case_of(small, hub.manager).case == here
    see_as(lead)
    assert {one.case for one in auditing.drawn_cases(lead, large)} == {here, there}
    assert auditing.fair(lead, large)
    see_as(hub.manager)
    assert set(auditing.audits(hub.manager)) == {small, large}
    assert auditing.fair(hub.manager, large)  # of it the manager sees the hub's own case
    assert only_case_of(large, hub.manager).case == here
    see_as(witney.manager)
    assert set(auditing.audits(witney.manager)) == {large}
    assert not AuditedCase.objects.filter(audit=small).exists()
    assert not CaseAudit.objects.filter(pk=small.pk).exists()  # the database says so too


def test_nobody_audits_a_case_they_worked_on(hub, lead):
    case = make_case(hub, worker=hub.worker)
    audited = only_case_of(draw(hub.manager, hub.team), hub.manager)
    with seeing_as(hub.manager):
        actions.add_note(
            case=case,
            happened_at=AT,
            words="I took the call.",
            child_seen=False,
            by=hub.manager,
            at=AT,
        )

    with pytest.raises(PermissionDenied, match="You have worked on this case"):
        write(audited, hub.manager)
    with pytest.raises(PermissionDenied, match="Only the hub's manager or a county lead"):
        write(audited, hub.worker)
    assert write(audited, lead).by == lead


def test_a_finding_answers_every_question_and_says_how_poor_work_gets_better(hub):
    make_case(hub, worker=hub.worker)
    audited = only_case_of(draw(hub.manager, hub.team), hub.manager)
    for changes, wrong in (
        ({"answers": [("yes", "")]}, actions.AnswersMissing),
        ({"good": " "}, actions.WordsMissing),
        ({"grade": "inadequate"}, actions.WordsMissing),
    ):
        with pytest.raises(wrong):
            write(audited, hub.manager, **changes)

    write(audited, hub.manager, grade="requires_improvement", better="See Ada alone.")

    with pytest.raises(actions.AlreadyAudited):
        write(audited, hub.manager)
    see_as(hub.worker)  # whoever works with the family learns from it
    (found,) = auditing.findings_of(hub.worker, audited.case)
    assert (found.finding.grade, found.finding.better) == ("requires_improvement", "See Ada alone.")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update casework_auditfinding set grade = 'good'")


def test_what_must_be_done_is_in_the_plan_of_whoever_does_it(hub, lead):
    witney = make_staffed_hub("Witney")
    make_case(hub, worker=hub.worker)
    audited = only_case_of(draw(lead, hub.team), lead)
    finding = write(audited, lead)
    must = {"finding": finding, "what": "See Ada alone", "by": lead, "at": AT}
    with seeing_as(lead):
        with pytest.raises(actions.NotOfThisHub):
            actions.require_action(owner=witney.worker, due_on=AT.date(), **must)
        with pytest.raises(actions.TooEarly):
            actions.require_action(owner=hub.worker, due_on=AT.date() - timedelta(days=1), **must)
        action = actions.require_action(owner=hub.worker, due_on=AT.date(), **must)

    see_as(hub.worker)
    assert list(queries.actions_due(hub.worker, AT.date())) == [action]


def test_results_by_hub_say_how_many_are_missing(hub, lead):
    make_staffed_hub("Witney")
    for _ in range(3):
        make_case(hub, worker=hub.worker)
    audit = draw(hub.manager, hub.team, 2)
    see_as(hub.manager)
    write(auditing.drawn_cases(hub.manager, audit)[0], hub.manager, grade="outstanding")

    see_as(lead)
    here, there = auditing.results(lead, AT - timedelta(days=1))
    assert (here.drawn, here.audited, here.missing, here.grades) == (2, 1, 1, (1, 0, 0, 0))
    assert (there.drawn, there.audited) == (0, 0)
    see_as(hub.manager)
    assert [one.hub for one in auditing.results(hub.manager, AT - timedelta(days=1))] == ["Banbury"]


def test_new_questions_are_a_new_version_and_an_audit_keeps_its_own(hub, lead):
    make_case(hub, worker=hub.worker)
    audit = draw(hub.manager, hub.team)
    first = CaseAuditForm.objects.get()
    see_as(lead)
    for questions, wrong in (
        ([" "], "from 1 to"),
        (["A?", "A?"], "twice"),
        (first.questions, "in use"),
    ):
        with pytest.raises(actions.QuestionsFaulty, match=wrong):
            actions.release_audit_form(questions=questions, changes="x", by=lead, at=AT)
    with pytest.raises(PermissionDenied):
        actions.release_audit_form(questions=["A?"], changes="x", by=hub.manager, at=AT)

    actions.release_audit_form(questions=["Is Ada safe?"], changes="One only", by=lead, at=AT)

    assert [form.version for form in auditing.forms(lead)] == [2, 1]
    assert only_case_of(audit, hub.manager).audit.form == first
    assert draw(hub.manager, hub.team).form.version == 2
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update casework_caseauditform set questions = '[]'")


def test_an_audit_from_the_draw_to_the_action_on_the_pages(hub):
    now = timezone.now() - timedelta(days=1)
    case = make_case(hub, worker=hub.worker, at=now)
    manager = Client()
    manager.force_login(hub.manager)
    page = reverse("casework:audit_draw")
    asked = {
        "why": "Autumn",
        "team": hub.team.pk,
        "which": "open",
        "since": timezone.localdate(now).isoformat(),
        "how_many": "2",
    }
    assert "Only 1 case fits" in manager.post(page, asked).content.decode()
    drawn = manager.post(page, asked | {"how_many": "1"})
    shown = manager.get(drawn.url).content.decode()
    assert case.reference in shown and "these same cases" in shown and "Not audited yet" in shown
    see_as(hub.manager)
    audited = AuditedCase.objects.get()
    form = reverse("casework:audit_write", args=[audited.pk])
    filled = {f"answer-{n}": "yes" for n in range(1, len(audited.audit.form.questions) + 1)}
    poor = filled | {"grade": "inadequate", "good": "Kind."}
    assert "Write what must get better" in manager.post(form, poor).content.decode()
    missing = {"grade": "good", "good": "Kind."}
    assert "Answer question 3" in manager.post(form, missing).content.decode()

    assert manager.post(form, poor | {"better": "Visit."}).status_code == 302
    must = {
        "what": "Visit",
        "owner": hub.worker.pk,
        "due_on": (timezone.localdate() + timedelta(days=3)).isoformat(),
    }
    action = reverse("casework:audit_action", args=[audited.pk])
    assert manager.post(action, must).status_code == 302

    see_as(hub.manager)
    assert AuditFinding.objects.get().follows.get().action.owner == hub.worker
    for address in ("audited", "audits"):
        where = reverse(f"casework:{address}", args=[audited.pk] if address == "audited" else [])
        assert "Inadequate" in manager.get(where).content.decode()
    on_case = manager.get(reverse("casework:case", args=[case.reference])).content.decode()
    assert "Inadequate" in on_case and "Visit." in on_case

    see_as(hub.manager)
    actions.close(
        case=case, reason="goals_met", outcome="better", words="Well done.", rest_ends=True,
        by=hub.manager, at=timezone.now(),
    )  # fmt: skip
    shown = manager.get(reverse("casework:audited", args=[audited.pk])).content.decode()
    assert "no action can be planned in it" in shown and action not in shown
    assert manager.get(action).url == reverse("casework:audited", args=[audited.pk])
