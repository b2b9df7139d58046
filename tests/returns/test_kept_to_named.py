"""Returns of a period in which a family is kept to named people, and another's address is masked."""

import io
import zipfile
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook

from kith.accounts.viewer import front_door, see_as, seeing_as
from kith.casework import actions as casework
from kith.families import actions as families
from kith.families.models import Person
from kith.referrals.requests import NewChild
from tests.factories.accounts import make_team, make_user
from tests.factories.casework import make_case, make_referral, make_staffed_hub, step_up
from tests.returns.test_making import close, made, tables

pytestmark = pytest.mark.django_db

HIDDEN = (NewChild("Zephyrine", "Quillfeather", date(2014, 3, 2), sex="F"),)
MASKED = (NewChild("Marigold", "Masked", date(2015, 4, 3), sex="F"),)
OPEN = (NewChild("Olive", "Open", date(2016, 5, 4), sex="F"),)


@pytest.fixture
def hub(db):
    return make_staffed_hub("Banbury")


@pytest.fixture
def desk(db):
    return make_team("County desk", "desk")


@pytest.fixture
def lead(desk):
    return make_user("county_lead", desk, "Lena Lead")


@pytest.fixture
def cases(hub, at):
    """Three families that were passed to social care: two with an address of their own."""
    made_cases = {}
    for name, children in (("hidden", HIDDEN), ("masked", MASKED), ("open", OPEN)):
        case = make_case(hub, worker=hub.worker, at=at, children=children)
        with seeing_as(hub.manager):
            families.add_home(
                family=case.family, postcode=f"OX{len(made_cases) + 1} 9ZZ", lines=f"1 {name} Row",
                by=hub.manager, at=at,
            )  # fmt: skip
            step_up(case, hub.manager, at + timedelta(days=7))
        close(case, hub, at + timedelta(days=7), "stepped_up")
        made_cases[name] = case
    return made_cases


@pytest.fixture
def named(desk):
    return make_user("county_lead", desk, "Nora Named")


@pytest.fixture
def kept(cases, hub, named, at):
    """What is restricted, and to whom."""
    with seeing_as(hub.manager):
        casework.keep_to_named(
            family=cases["hidden"].family, reason="staff", words="Why", people=[named, hub.manager],
            by=hub.manager, at=at,
        )  # fmt: skip
        casework.keep_to_named(
            family=cases["masked"].family,
            address=cases["masked"].family.addresses.get(lines="1 masked Row"),
            reason="refuge", words="Why", people=[named, hub.manager], by=hub.manager, at=at,
        )  # fmt: skip
    return named


def all_of(asked) -> str:
    """Return all words of a return's file."""
    content = bytes(asked.file.content)
    if asked.form == "xml":
        return content.decode()
    if asked.form == "zip":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(archive.read(name).decode() for name in archive.namelist())
    book = load_workbook(io.BytesIO(content))
    return "\n".join(
        str(value) for sheet in book for row in sheet.iter_rows(values_only=True) for value in row
    )


RETURNS = (("annex_a", "xlsx"), ("ssd", "zip"), ("ssd", "xlsx"), ("cin", "xml"))


@pytest.mark.parametrize(("kind", "form"), RETURNS)
def test_a_family_kept_to_named_people_is_in_no_return_of_anybody_else_and_in_theirs(
    lead,
    kept,
    cases,
    at,
    kind,
    form,
):
    later = at + timedelta(days=9)

    without, full = made(lead, later, kind, form), made(kept, later, kind, form)

    see_as(lead)
    told = all_of(without)
    for secret in ("Zephyrine", "Quillfeather", "hidden Row", cases["hidden"].reference,
                   cases["hidden"].family.reference, "2014-03-02"):  # fmt: skip
        assert secret not in told, secret
    if kind == "ssd":
        assert "Marigold" in told and "Olive" in told
    waiting = {one.family for one in without.to_mend.all()}
    assert cases["hidden"].family.reference not in waiting
    fewer = {name: full.rows[name] - without.rows[name] for name in full.rows}
    if kind == "cin":
        assert (without.rows, full.rows) == ({"Children": 2}, {"Children": 3})
    elif kind == "annex_a":
        assert {name: count for name, count in fewer.items() if name.startswith("List")} == {
            "List 1": 1, "List 2": 1, "List 3": 1,
        }  # fmt: skip
    else:
        assert fewer["ssd_person"] == fewer["ssd_early_help_episodes"] == 1
        see_as(kept)
        assert "Zephyrine" in all_of(full)


def test_a_masked_address_is_no_row_and_the_child_is_told_of_without_it(lead, kept, cases, at):
    later = at + timedelta(days=9)

    without = tables(made(lead, later, "ssd", "zip"))
    see_as(kept)
    full = tables(made(kept, later, "ssd", "zip"))

    children = {row["pers_forename"]: row["pers_person_id"] for row in without["ssd_person"]}
    lived = {row["addr_address_postcode"] for row in without["ssd_address"]}
    assert "OX29ZZ" not in lived and "OX39ZZ" in lived
    assert "masked Row" not in str(without)
    assert "OX29ZZ" in {row["addr_address_postcode"] for row in full["ssd_address"]}
    episodes = {row["earl_person_id"] for row in without["ssd_early_help_episodes"]}
    assert children["Marigold"] in episodes
    assert children["Marigold"] in {row["fami_person_id"] for row in without["ssd_family"]}


def test_a_child_at_a_masked_refuge_is_told_at_no_home_that_is_only_guessed(
    lead,
    kept,
    cases,
    hub,
    at,
):
    says = {"by": hub.manager, "at": at}
    with seeing_as(hub.manager):
        mari = Person.objects.get(given_names="Marigold")
        family = cases["masked"].family
        families.move_in(person=mari, address=family.addresses.get(lines="1 masked Row"), **says)
        families.add_home(family=family, postcode="OX7 9ZZ", **says)
        # A second family, whose home nobody is written down for either.
        families.join_known(
            person=mari, family=cases["open"].family, role="child", knowing=True, **says
        )

    def told(viewer):
        found = tables(made(viewer, at + timedelta(days=9), "ssd", "zip"))
        names = {row["pers_person_id"]: row["pers_forename"] for row in found["ssd_person"]}
        return {
            (names[row["addr_person_id"]], row["addr_address_postcode"])
            for row in found["ssd_address"]
            if row["addr_address_postcode"].endswith("9ZZ")
        }

    assert told(lead) == {("Olive", "OX39ZZ")}
    see_as(kept)
    assert told(kept) >= {("Marigold", "OX29ZZ"), ("Olive", "OX39ZZ")}
    with seeing_as(hub.manager):
        families.move_in(person=mari, address=family.addresses.get(postcode="OX7 9ZZ"), **says)
    see_as(lead)
    assert ("Marigold", "OX79ZZ") in told(lead)


def test_a_child_of_two_families_is_told_of_with_the_one_that_may_be_seen(
    lead,
    kept,
    cases,
    hub,
    at,
):
    with seeing_as(hub.manager):
        child = Person.objects.get(given_names="Zephyrine")
        families.join_known(
            person=child, family=cases["open"].family, role="child", knowing=True, by=hub.manager,
            at=at,
        )  # fmt: skip

    without = tables(made(lead, at + timedelta(days=9), "ssd", "zip"))

    assert "Zephyrine" in {row["pers_forename"] for row in without["ssd_person"]}
    assert cases["hidden"].family.reference not in str(without)
    assert "hidden Row" not in str(without)


def test_a_request_that_the_lead_sent_for_a_family_now_hidden_stops_no_return(
    lead,
    hub,
    named,
    at,
):
    make_case(hub, worker=hub.worker, at=at, children=OPEN)
    request = make_referral(at, children=HIDDEN)
    with seeing_as(front_door()):
        type(request).objects.filter(pk=request.pk).update(sender=lead)
    with seeing_as(named):
        families.restrict(
            family=request.family, reason="staff", words="Why", people=[named], by=named, at=at
        )

    told = tables(made(lead, at + timedelta(days=1), "ssd", "zip"))

    assert "Quillfeather" not in str(told)
    assert "Olive" in str(told)


def test_children_are_told_at_the_homes_where_they_live_and_from_when(lead, hub, at):
    case = make_case(hub, worker=hub.worker, at=at, children=(*OPEN, *MASKED))
    says = {"by": hub.manager, "at": at}
    with seeing_as(hub.manager):
        first = families.add_home(family=case.family, postcode="OX1 9ZZ", **says)
        second = families.add_home(family=case.family, postcode="OX2 9ZZ", **says)
        olive, mari = (Person.objects.get(given_names=name) for name in ("Olive", "Marigold"))
        families.move_in(person=olive, address=first, **says)
        families.move_in(person=olive, address=second, since=date(2024, 2, 1), **says)
        families.move_in(person=mari, address=first, until=date(2023, 1, 1), **says)

    told = tables(made(lead, at + timedelta(days=1), "ssd", "zip"))

    names = {row["pers_person_id"]: row["pers_forename"] for row in told["ssd_person"]}
    homes = {
        (names[row["addr_person_id"]], row["addr_address_postcode"]): (
            row["addr_address_start_date"],
            row["addr_address_end_date"],
        )
        for row in told["ssd_address"]
        if row["addr_address_postcode"].endswith("9ZZ")
    }
    assert homes == {
        ("Olive", "OX19ZZ"): ("", ""),
        ("Olive", "OX29ZZ"): ("2024-02-01", ""),
        ("Marigold", "OX19ZZ"): ("", "2023-01-01"),
    }
