"""What may be shared of a family: agreed, decided without, taken back; and every place that asks."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from kith.accounts.viewer import clock, front_door, see_as
from kith.audit.models import Entry
from kith.casework import actions, queries, sharing
from kith.casework.chronology import chronology
from kith.casework.models import Case, PlannedAction, Sharing
from kith.families import queries as families
from kith.notices.models import Notice
from tests.factories.casework import (
    AT,
    make_case,
    make_partner,
    make_school,
    make_staffed_hub,
)

pytestmark = pytest.mark.django_db
TODAY = AT.date()


@pytest.fixture
def banbury():
    return make_staffed_hub("Banbury")


@pytest.fixture
def case(banbury):
    return make_case(banbury, worker=banbury.worker)


def consent(case, by, **changes):
    asked = {
        "purpose": "help",
        "agency": "police",
        "given_by": "Grace Okafor",
        "giver": "parent",
        "how": "spoken",
        "since": TODAY,
        "by": by,
        "at": AT,
    }
    return actions.record_consent(case=case, **asked | changes)


def plan(case, organisation, by, at=AT):
    return actions.plan_action(
        case=case,
        what="Ring the family",
        organisation=organisation,
        family_known_as="A.O.",
        due_on=at.date() + timedelta(days=7),
        by=by,
        at=at,
    )


def test_what_was_agreed_in_the_request_is_taken_over_into_the_case(banbury, case):
    see_as(banbury.worker)
    lines = sharing.agreed(banbury.worker, case.family, TODAY)

    assert [(line.with_whom, line.sharing.given_by, line.in_force) for line in lines] == [
        ("The school, nursery or college", "Grace Okafor", True),
        ("Voluntary and community groups", "Grace Okafor", True),
    ]


def test_a_request_without_agreement_is_shared_for_its_lawful_reason(banbury):
    case = make_case(
        banbury,
        basis="no_consent",
        agreed_by="",
        agreed_how="",
        agreed_on=None,
        lawful_reason="A child may be harmed.",
        sender_kind="professional",
    )
    see_as(banbury.worker)
    first, *_ = sharing.agreed(banbury.worker, case.family, TODAY)

    assert (first.sharing.ground, first.sharing.reason) == ("public_task", "A child may be harmed.")
    assert first.sharing.decided_by is not None


def test_a_partner_is_given_an_action_only_where_the_family_agreed(banbury, case, seen_by):
    police = make_school("Thames police", email="desk@police.example")
    police.kind = "police"
    police.save()
    seen_by(banbury.worker)
    with pytest.raises(actions.NotShared, match="Nobody of the family has agreed that Thames"):
        plan(case, police, banbury.worker)
    assert not PlannedAction.objects.exists()

    agreed = consent(case, banbury.worker)

    assert plan(case, police, banbury.worker).sharing == agreed


def test_one_organisation_may_be_agreed_to_and_no_other_of_its_kind(banbury, case, seen_by):
    ours, other = make_school("Ours"), make_school("Other")
    for school in (ours, other):
        school.kind = "gp"
        school.save()
    seen_by(banbury.worker)
    consent(case, banbury.worker, agency="", organisation=ours)

    plan(case, ours, banbury.worker)
    with pytest.raises(actions.NotShared):
        plan(case, other, banbury.worker)


def test_an_agreement_holds_until_its_last_day(banbury, case, seen_by):
    seen_by(banbury.worker)
    school = make_school()
    for one in Sharing.objects.all():
        actions.take_back(sharing=one, said_by="Grace Okafor", by=banbury.worker, at=AT)
    consent(case, banbury.worker, agency="school", until=TODAY + timedelta(days=3))

    plan(case, school, banbury.worker, AT + timedelta(days=3))
    with pytest.raises(actions.NotShared, match="was agreed until 19 November 2026"):
        plan(case, school, banbury.worker, AT + timedelta(days=4))


def test_taking_back_hides_the_action_from_the_partner_and_tells_partner_and_worker(
    banbury, case, seen_by
):
    home_start, partner = make_partner()
    home_start.email = "hello@homestart.example"
    home_start.save()
    seen_by(banbury.worker)
    action = plan(case, home_start, banbury.worker)
    seen_by(partner)
    assert list(queries.partner_actions(partner)) == [action]
    seen_by(banbury.worker)

    actions.take_back(
        sharing=action.sharing, said_by="Grace Okafor", words="No.", by=banbury.worker, at=AT
    )

    seen_by(partner)
    assert not PlannedAction.objects.filter(pk=action.pk).exists(), "the database shows it no more"
    assert list(queries.partner_actions(partner)) == []
    seen_by(banbury.worker)
    assert PlannedAction.objects.get().withheld_at == AT
    see_as(front_door())
    told = {notice.to: notice.body for notice in Notice.objects.filter(key__startswith="casework.")}
    assert "no longer for you to do" in told["hello@homestart.example"]
    assert f"/cases/{case.reference}/sharing/" in told[banbury.worker.email]
    assert "Okafor" not in "".join(told.values())
    see_as(banbury.worker)
    with pytest.raises(actions.AlreadyEnded, match="was ended on 16 November 2026 already"):
        actions.take_back(sharing=action.sharing, said_by="Grace", by=banbury.worker, at=AT)


def test_what_was_withheld_is_given_back_once_the_family_agrees_again(banbury, case, seen_by):
    home_start, partner = make_partner()
    home_start.email = "hello@homestart.example"
    home_start.save()
    seen_by(banbury.worker)
    action = plan(case, home_start, banbury.worker)
    with pytest.raises(actions.NotWithheld):
        actions.give_back_action(action=action, by=banbury.worker, at=AT)
    actions.take_back(sharing=action.sharing, said_by="Grace", by=banbury.worker, at=AT)
    with pytest.raises(actions.NotShared):
        actions.give_back_action(action=action, by=banbury.worker, at=AT)
    again = consent(case, banbury.worker, agency="", organisation=home_start)

    given = actions.give_back_action(action=action, by=banbury.worker, at=AT)

    assert (given.sharing, given.withheld_at) == (again, None)
    seen_by(partner)
    assert list(queries.partner_actions(partner)) == [action]
    with pytest.raises(PermissionDenied):
        actions.give_back_action(action=action, by=partner, at=AT)
    see_as(front_door())
    assert Notice.objects.filter(key="casework.partner_asked").count() == 2, "it is told anew"


def test_an_action_goes_on_where_something_else_lets_it_be_shared(banbury, case, seen_by):
    home_start, _ = make_partner()
    seen_by(banbury.worker)
    action = plan(case, home_start, banbury.worker)
    other = consent(case, banbury.worker, agency="", organisation=home_start)

    actions.take_back(sharing=action.sharing, said_by="Grace", by=banbury.worker, at=AT)

    action.refresh_from_db()
    assert (action.sharing, action.withheld_at) == (other, None)


def test_a_partner_sees_no_more_of_what_has_run_out_and_is_not_reminded_of_it(
    banbury, case, seen_by
):
    home_start, partner = make_partner()
    home_start.email = "hello@homestart.example"
    home_start.save()
    seen_by(banbury.worker)
    for one in Sharing.objects.all():
        actions.take_back(sharing=one, said_by="Grace Okafor", by=banbury.worker, at=AT)
    consent(case, banbury.worker, agency="voluntary", until=TODAY + timedelta(days=3))
    action = plan(case, home_start, banbury.worker)
    last_day, next_day = AT + timedelta(days=3), AT + timedelta(days=4)
    with pytest.raises(PermissionDenied):
        actions.withhold_what_ran_out(by=banbury.worker, at=next_day)
    see_as(clock())

    assert actions.withhold_what_ran_out(by=clock(), at=last_day) == 0
    assert actions.withhold_what_ran_out(by=clock(), at=next_day) == 1
    assert actions.withhold_what_ran_out(by=clock(), at=next_day) == 0

    seen_by(partner)
    assert not PlannedAction.objects.filter(pk=action.pk).exists()
    see_as(clock())
    actions.remind(by=clock(), at=AT + timedelta(days=8))
    keys = [one.key for one in Notice.objects.filter(to="hello@homestart.example")]
    assert "casework.partner_withheld" in keys and "casework.partner_digest" not in keys


def test_an_adult_without_parental_responsibility_agrees_for_themselves(banbury, case, seen_by):
    seen_by(banbury.worker)
    members = {member.role: member for member in families.people_of(banbury.worker, case.family)}
    mother, child = members["mother"], members["child"]
    assert sharing.giver(child) == "young_person"
    assert sharing.giver(mother) == "parent"
    mother.membership.role = "step_parent"
    assert sharing.giver(mother) == "adult"
    mother.membership.parental_responsibility = True
    assert sharing.giver(mother) == "parent"


def test_only_a_manager_shares_without_consent_and_says_why(banbury, case, seen_by):
    seen_by(banbury.worker)
    asked = {"case": case, "purpose": "help", "agency": "police", "since": TODAY, "at": AT}
    with pytest.raises(PermissionDenied):
        actions.share_without_consent(ground="vital", reason="Danger", by=banbury.worker, **asked)
    seen_by(banbury.manager)
    with pytest.raises(actions.ReasonMissing):
        actions.share_without_consent(ground="vital", reason=" ", by=banbury.manager, **asked)

    for purpose in ("case_study", "stay_in_touch"):
        with pytest.raises(actions.ConsentNeeded):
            actions.share_without_consent(
                ground="public_task",
                reason="It would help others",
                by=banbury.manager,
                **asked | {"purpose": purpose, "agency": ""},
            )

    made = actions.share_without_consent(
        ground="vital", reason="He said he would hurt them.", by=banbury.manager, **asked
    )

    assert made.decided_by == banbury.manager
    see_as(banbury.manager)
    entry = Entry.objects.get(what="sharing.without_consent")
    assert entry.after["with whom"] == "Police"


def test_a_young_person_below_sixteen_decides_where_somebody_says_why(banbury, case, seen_by):
    seen_by(banbury.worker)
    [child] = [
        member.person
        for member in families.people_of(banbury.worker, case.family)
        if member.is_child
    ]
    theirs = {"given_by": "Ada Okafor", "giver": "young_person", "person": child}
    with pytest.raises(actions.CompetenceUnclear, match="why this young person can decide"):
        consent(case, banbury.worker, **theirs)

    consent(case, banbury.worker, **theirs, competence="She told me what they would hear.")
    child.date_of_birth = date(2010, 11, 16)
    consent(case, banbury.worker, **theirs, agency="housing")


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"agency": ""}, actions.WithWhomUnclear),
        ({"purpose": "case_study"}, actions.WithWhomUnclear),
        ({"given_by": " "}, actions.WordsMissing),
        ({"since": TODAY + timedelta(days=1)}, actions.InTheFuture),
        (
            {"until": TODAY - timedelta(days=1), "since": TODAY - timedelta(days=9)},
            actions.TooEarly,
        ),
        ({"agency": "school", "giver": "parent"}, actions.SharedAlready),
    ],
)
def test_what_is_unclear_is_refused_and_nothing_kept(banbury, case, seen_by, changes, refusal):
    seen_by(banbury.worker)
    before = Sharing.objects.count()
    with pytest.raises(refusal), transaction.atomic():
        consent(case, banbury.worker, **changes)
    assert Sharing.objects.count() == before


def test_who_is_of_another_hub_sees_nothing_of_it(banbury, case, seen_by):
    outsider = make_staffed_hub("Witney").worker
    seen_by(outsider)
    assert not Sharing.objects.exists()
    with pytest.raises(Case.DoesNotExist):
        consent(case, outsider)


def test_the_chronology_says_who_agreed_and_who_took_it_back(banbury, case, seen_by):
    seen_by(banbury.worker)
    agreed = consent(case, banbury.worker)
    actions.take_back(
        sharing=agreed, said_by="Grace Okafor", words="Enough.", by=banbury.worker,
        at=AT + timedelta(hours=1),
    )  # fmt: skip

    titles = [
        event.title
        for event in chronology(banbury.worker, case.family)
        if event.kind == "sharing" and "Police" in event.title
    ]
    assert titles == [
        "Grace Okafor took back what was shared. Police: do its part in the plan",
        "Grace Okafor agreed to share. Police: do its part in the plan",
    ]


def test_a_worker_writes_down_what_a_parent_said_on_the_page(client, banbury, case, seen_by):
    client.force_login(banbury.worker)
    address = f"/cases/{case.reference}/sharing/agreed/"
    asked = {
        "purpose": "help", "with_whom": "police", "how": "spoken", "who": "else",
        "since": "2026-11-16",
    }  # fmt: skip

    wrong = client.post(address, {"name": ""}).content.decode()
    missing = client.post(address, asked).content.decode()
    done = client.post(address, asked | {"name": "Aunt Joy", "giver": "adult"}, follow=True)

    for message in ("Choose who agreed", "Choose what it is for", "Choose how they agreed"):
        assert message in wrong
    assert "Enter the name of whoever agreed" in missing and "Choose who they are" in missing
    page = done.content.decode()
    assert "The agreement is written down." in page
    assert "Police: do its part in the plan" in page and "by Aunt Joy" in page


def test_the_plan_says_at_the_partner_why_it_may_not_be_told(client, banbury, case, seen_by):
    police = make_school("Thames police")
    police.kind = "police"
    police.save()
    client.force_login(banbury.worker)

    page = client.post(
        f"/cases/{case.reference}/action/",
        {
            "what": "Talk to him", "who": "partner", "organisation": police.pk,
            "family_known_as": "A.O.", "due_on": f"{timezone.localdate() + timedelta(days=7)}",
        },
    ).content.decode()  # fmt: skip

    assert "Nobody of the family has agreed that Thames police is told" in page
    assert 'href="#id_organisation"' in page
