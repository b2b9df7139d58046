"""Making returns from real records: who may, what is told, and what becomes of the file."""

import csv
import io
import re
import zipfile
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from kith.accounts.viewer import clock, see_as, seeing_as
from kith.audit.models import Entry
from kith.casework import actions as casework
from kith.families.actions.merging import merge, merge_people
from kith.families.models import Membership, Person
from kith.jobs import running
from kith.referrals import actions as requests
from kith.referrals.requests import NewChild
from kith.returns import actions, gathering, queries
from kith.returns.models import Return, ReturnFile, ToMend
from tests.factories.accounts import make_team, make_user
from tests.factories.casework import (
    make_case,
    make_desk,
    make_referral,
    make_staffed_hub,
    step_up,
)

pytestmark = pytest.mark.django_db
TWO = (
    NewChild("Ada", "Okafor", date(2014, 3, 2), sex="F"),
    NewChild("Ben", "=Okafor", date(2016, 7, 9), sex="M"),
)


@pytest.fixture
def desk(db):
    return make_team("County desk", "desk")


@pytest.fixture
def lead(desk):
    return make_user("county_lead", desk, "Lena Lead")


@pytest.fixture
def hub(db):
    return make_staffed_hub("Banbury")


def made(lead, at, kind="annex_a", form="xlsx", on=None):
    see_as(lead)
    asked = actions.ask(kind=kind, form=form, on=on or at.date(), by=lead, at=at)
    running.run(str(asked.job_id))
    see_as(lead)
    asked.refresh_from_db()
    return asked


def sheets(asked):
    book = load_workbook(io.BytesIO(bytes(asked.file.content)))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def tables(asked):
    with zipfile.ZipFile(io.BytesIO(bytes(asked.file.content))) as archive:
        return {
            name.removesuffix(".csv"): list(
                csv.DictReader(io.StringIO(archive.read(name).decode()))
            )
            for name in archive.namelist()
        }


def close(case, hub, at, reason="goals_met"):
    with seeing_as(hub.manager):
        casework.close(
            case=case, reason=reason, outcome="better", words="Thank you.", by=hub.manager, at=at
        )


def test_annex_a_is_a_workbook_with_the_lists_as_sheets_and_what_to_mend_first(lead, hub, at):
    make_case(hub, worker=hub.worker, at=at, children=TWO)

    asked = made(lead, at)
    found = sheets(asked)

    assert list(found) == ["To mend", "List 1", "List 2", "List 3"]
    assert len(found["List 1"]) == 3, "a heading, and a row for each child"
    assert [row[5].date() for row in found["List 1"][1:]] == [at.date()] * 2
    assert [row[7] for row in found["List 2"][1:]] == ["Banbury", "Banbury"]
    assert found["List 3"][1:] == []
    wrong = {row[0] for row in found["To mend"][1:]}
    assert wrong == {
        "A child’s ethnicity is not recorded",
        "A child is being helped and no assessment has been started",
    }
    assert asked.rows == {"List 1": 2, "List 2": 2, "List 3": 0}
    assert asked.faults == {"no_ethnicity": 2, "no_assessment": 1}


def test_days_in_the_workbook_are_days_written_as_ofsted_asks(lead, hub, at):
    make_case(hub, at=at)

    asked = made(lead, at)
    book = load_workbook(io.BytesIO(bytes(asked.file.content)))

    assert book["List 1"]["D2"].number_format == "DD/MM/YYYY"
    assert book["List 1"]["D2"].is_date


def test_an_open_case_has_its_hub_and_worker_in_the_ssd_and_one_row_for_each_child(lead, hub, at):
    case = make_case(hub, worker=hub.worker, at=at, children=TWO)
    other = make_user("hub_worker", hub.team, "Olu Other")
    with seeing_as(hub.manager):
        casework.reallocate(
            case=case,
            from_worker=hub.worker,
            worker=other,
            reason="Moved on",
            by=hub.manager,
            at=at + timedelta(days=2),
        )

    found = tables(made(lead, at + timedelta(days=3), "ssd", "zip"))

    episodes = found["ssd_early_help_episodes"]
    assert len(episodes) == 2
    assert {row["earl_episode_organisation"] for row in episodes} == {"Banbury"}
    assert {row["earl_episode_worker_id"] for row in episodes} == {str(other.pk)}
    assert {row["earl_episode_end_date"] for row in episodes} == {""}
    assert len(found["ssd_involvements"]) == 4, "two workers, two children"
    assert {row["prof_professional_name"] for row in found["ssd_professionals"]} == {
        "Olu Other",
        hub.worker.name,
    }
    assert {row["dept_team_name"] for row in found["ssd_department"]} >= {"Banbury"}
    (ada, ben) = found["ssd_person"]
    assert (ada["pers_sex"], ada["pers_dob"], ben["pers_sex"]) == ("F", "2014-03-02", "M")
    assert ben["pers_surname"] == "'=Okafor", "words, never a formula"


@pytest.mark.parametrize(("gap", "episodes"), [(1, 1), (2, 2)])
def test_a_case_opened_again_after_a_day_goes_on_and_after_two_begins_anew(
    lead, hub, at, gap, episodes
):
    case = make_case(hub, worker=hub.worker, at=at)
    closed = at + timedelta(days=10)
    close(case, hub, closed)
    with seeing_as(hub.manager):
        casework.reopen(
            case=case, reason="Too soon", by=hub.manager, at=closed + timedelta(days=gap)
        )

    found = tables(made(lead, closed + timedelta(days=20), "ssd", "zip"))

    rows = found["ssd_early_help_episodes"]
    assert len(rows) == episodes
    assert rows[-1]["earl_episode_end_date"] == ""
    assert len({row["earl_episode_id"] for row in rows}) == episodes
    assert rows[0]["earl_episode_worker_id"] == str(hub.worker.pk)


def test_those_passed_to_social_care_are_in_list_3_and_in_the_census(lead, hub, at):
    case = make_case(hub, worker=hub.worker, at=at)
    left = make_case(hub, worker=hub.worker, at=at)
    with seeing_as(hub.manager):
        step_up(case, hub.manager, at + timedelta(days=7))
        step_up(left, hub.manager, at + timedelta(days=7), "no_further_action")
    close(case, hub, at + timedelta(days=7), "stepped_up")
    desk = make_desk()
    with seeing_as(desk):
        request = make_referral(at, children=(NewChild("Cy", "Reed", date(2015, 1, 1)),))
        see_as(desk)
        requests.pass_to_social_care(
            referral=request, reason="Harm", words="Passed on.", by=desk, at=at
        )

    asked = made(lead, at + timedelta(days=8))
    passed, stepped_up, not_taken_up = sheets(asked)["List 3"][1:]

    assert (passed[5].date(), passed[8:]) == (at.date(), (0, "County desk", "Dee Desk"))
    assert stepped_up[5].date() == (at + timedelta(days=7)).date()
    assert stepped_up[6:] == ("p1) 5D: LA services", "b) No", 0, "Banbury", hub.worker.name)
    assert not_taken_up[6:] == ("p1) 5D: LA services", "a) Yes", 0, "Banbury", hub.worker.name)
    assert passed[7] == "c) Unknown", "what social care made of the desk’s requests it knows itself"

    census = made(lead, at + timedelta(days=8), "cin", "xml")
    assert bytes(census.file.content).count(b"<CINreferralDate>") == 3
    assert bytes(census.file.content).count(b"<ReferralNFA>true<") == 1
    assert census.rows == {"Children": 3}
    assert census.faults == {"no_sex": 3, "no_ethnicity": 3}, "of those passed on, and no case"


def test_two_records_of_one_child_are_one_child_with_what_either_knows(lead, hub, at):
    case = make_case(hub, at=at, children=TWO)
    see_as(lead)
    ada, ben = Person.objects.filter(memberships__family=case.family, memberships__role="child")
    ben.ethnicity = "WBRI"
    ben.save()
    merge_people(family=case.family, kept=ada, gone=ben, by=make_desk(), at=at)

    found = sheets(made(lead, at))["List 1"][1:]

    assert [(row[0], row[1], row[2]) for row in found] == [(f"KP{ada.pk}", "b) Female", "a) WBRI")]


def test_help_that_began_under_another_record_of_the_family_is_one_episode(lead, hub, at):
    first = make_case(hub, worker=hub.worker, at=at)
    close(first, hub, at + timedelta(days=10))
    second = make_case(hub, worker=hub.worker, at=at + timedelta(days=11))
    see_as(lead)
    child, again = (
        Person.objects.get(memberships__family=case.family, memberships__role="child")
        for case in (first, second)
    )
    merge(
        kept=first.family,
        gone=second.family,
        same_people=[(child, again)],
        by=make_desk(),
        at=at + timedelta(days=12),
    )

    asked = made(lead, at + timedelta(days=300))

    (row,) = sheets(asked)["List 2"][1:]
    assert (row[0], row[5].date()) == (f"KP{child.pk}", at.date())


def test_a_child_who_came_to_the_family_later_is_not_in_an_episode_that_was_over(lead, hub, at):
    case = make_case(hub, worker=hub.worker, at=at)
    close(case, hub, at + timedelta(days=5))
    see_as(lead)
    later = Person.objects.create(given_names="New", family_name="Okafor")
    Membership.objects.create(
        family=case.family, person=later, role="child", since=(at + timedelta(days=9)).date()
    )

    found = tables(made(lead, at + timedelta(days=20), "ssd", "zip"))

    assert len(found["ssd_early_help_episodes"]) == 1


def test_more_records_than_a_list_of_values_may_have_can_be_asked_for(lead):
    see_as(lead)

    assert not gathering._among(Person.objects, "id", range(70_000)).exists()


def test_only_a_county_lead_makes_one_and_it_is_in_the_log(lead, desk, at):
    for role in ("county_desk", "dpo", "administrator"):
        somebody = make_user(role, desk)
        see_as(somebody)
        with pytest.raises(PermissionDenied):
            actions.ask(kind="ssd", form="zip", on=at.date(), by=somebody, at=at)

    asked = made(lead, at)
    actions.take(made=asked, by=lead, at=at)

    see_as(make_user("dpo", desk))
    assert set(Entry.objects.filter(what__startswith="return.").values_list("what", flat=True)) == {
        "return.asked",
        "return.made",
        "return.taken",
    }


def test_whoever_lost_the_right_meanwhile_gets_no_file(lead, at):
    see_as(lead)
    asked = actions.ask(kind="annex_a", form="xlsx", on=at.date(), by=lead, at=at)
    lead.memberships.update(until=date(2021, 1, 1))
    lead.forget_memberships()

    running.run(str(asked.job_id))

    see_as(lead)
    asked.refresh_from_db()
    assert asked.made_at is None
    assert "Only a county lead" in asked.job.failure


def test_nobody_else_can_open_the_file_not_even_another_lead(lead, desk, hub, at):
    make_case(hub, at=at)
    asked = made(lead, at)
    assert ReturnFile.objects.count() == 1

    for other in (make_user("county_lead", desk), make_user("dpo", desk), hub.manager):
        see_as(other)
        assert not ReturnFile.objects.exists()
        assert not ToMend.objects.exists()
        client = Client()
        client.force_login(other)
        assert client.get(reverse("returns:take", args=[asked.pk])).status_code in (403, 404)


def test_the_officer_sees_that_it_was_made_and_can_take_nothing(lead, desk, at):
    asked = made(lead, at)
    client = Client()
    client.force_login(make_user("dpo", desk))

    page = client.get(reverse("returns:one", args=[asked.pk])).content.decode()

    assert "Lena Lead" in page
    assert "Only whoever asked for it can open the file." in page
    assert "Take the file" not in page


def test_the_page_counts_what_to_mend_and_leads_to_each_record(lead, hub, at):
    case = make_case(hub, worker=hub.worker, at=at, children=TWO)
    asked = made(lead, at)
    client = Client()
    client.force_login(lead)
    address = reverse("returns:one", args=[asked.pk])

    page = client.get(address).content.decode()
    assert "3 things are wrong or missing" in page
    assert reverse("casework:case", args=[case.reference]) in page
    people = f"/cases/family/{case.family.reference}/people/"
    found = re.search(rf"{people}\d+/", page)
    assert found and client.get(found[0]).status_code == 200, "each child leads to their own page"

    one_kind = client.get(f"{address}?kind=no_assessment").content.decode()
    assert reverse("casework:case", args=[case.reference]) in one_kind
    assert people not in one_kind

    taken = client.get(reverse("returns:take", args=[asked.pk]))
    assert taken["Content-Disposition"] == 'attachment; filename="annex-a-2026-11-16.xlsx"'
    assert "no-store" in taken["Cache-Control"]
    assert taken.content.startswith(b"PK")


def test_a_record_that_may_not_be_seen_is_named_without_its_name_or_a_link(lead, hub, at):
    make_case(hub, at=at)
    asked = made(lead, at)
    waiting = list(queries.to_mend(lead, asked))
    outsider = make_staffed_hub("Witney").worker

    see_as(outsider)
    places = queries.places(outsider, waiting)

    assert {place.page for place in places} == {""}
    assert not any("Okafor" in place.family for place in places)


def test_asking_takes_a_day_and_a_form_and_leads_to_the_work_under_way(lead):
    client = Client()
    client.force_login(lead)
    address = reverse("returns:ask", args=["ssd"])

    page = client.post(address, {})
    assert page.status_code == 200
    assert "Enter day" in page.content.decode()
    wrong = client.post(address, {"on": "2026-03-01", "form": "xml"})
    assert wrong.status_code == 200

    answer = client.post(address, {"on": "2026-03-01", "form": "zip"})
    see_as(lead)
    asked = Return.objects.get()
    assert answer["Location"] == reverse("jobs:one", args=[asked.job_id])
    assert (asked.since, asked.form) == (date(2020, 3, 1), "zip")


def test_a_file_is_forgotten_after_two_weeks_and_that_it_was_made_is_not(lead, at):
    old, new = made(lead, at), made(lead, at)
    Return.objects.filter(pk=old.pk).update(made_at=at - timedelta(days=15))
    Return.objects.filter(pk=new.pk).update(made_at=at - timedelta(days=13))

    with seeing_as(clock()):
        assert actions.forget_old(by=clock(), at=at) == 1

    see_as(lead)
    assert list(ReturnFile.objects.values_list("made", flat=True)) == [new.pk]
    old.refresh_from_db()
    assert old.forgotten_at == at
    with pytest.raises(actions.Forgotten):
        actions.take(made=old, by=lead, at=at)


def test_whoever_asked_can_throw_it_away_at_once(lead, at):
    asked = made(lead, at)
    client = Client()
    client.force_login(lead)

    client.post(reverse("returns:forget", args=[asked.pk]))

    see_as(lead)
    assert not ReturnFile.objects.exists()
    assert "thrown away" in client.get(reverse("returns:one", args=[asked.pk])).content.decode()


def test_a_census_of_nobody_says_so(lead, at):
    asked = made(lead, at, "cin", "xml")

    assert asked.made_at is None
    assert "Nobody was passed to children’s social care" in asked.job.failure
