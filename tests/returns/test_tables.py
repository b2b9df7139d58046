"""The rows of the SSD tables, of Annex A and of the census, from plain facts."""

import json
from datetime import date, datetime
from pathlib import Path

import pytest

from kith.analytics.days import months_after
from kith.analytics.returns import annex_a, cin, codes, faults, ssd
from kith.analytics.returns.facts import (
    Assessment,
    Child,
    Contact,
    Department,
    Facts,
    Home,
    Member,
    PassedOn,
    Professional,
    Spell,
    Work,
)

ON = date(2026, 11, 16)
SINCE = date(2026, 5, 16)
SHARED = Path(__file__).parents[3] / "shared" / "data"
ADA = Child(1, "Ada", "Okafor", "F", "BAFR", date(2014, 11, 17))
BEN = Child(2, "Ben", "Okafor")
WORK = (Work(5, 7, date(2026, 9, 1)),)


def facts(**changes) -> Facts:
    return Facts(
        **{
            "children": {1: ADA, 2: BEN},
            "members": [Member(3, "F-000001", 1)],
            "homes": [Home(4, 1, ("1 Field Road", "Banbury"), "ox16 5qb", 445000, 240000)],
            "contacts": [
                Contact("R-1", 1, date(2026, 8, 3), "3F", "accepted", "F-000001"),
                Contact("R-1", 2, date(2026, 8, 3), "3F", "accepted", "F-000001"),
            ],
            "spells": [
                Spell(1, "C-1", date(2026, 8, 5), None, "Behaviour", "", "Banbury", 9, WORK, "R-1")
            ],
            "professionals": [
                Professional(7, "Wanda Worker", "Early help worker", "Banbury", 0.81)
            ],
            "departments": [Department(9, "Banbury")],
        }
        | changes
    )


def rows(told: Facts, table: str) -> list[dict[str, object]]:
    found = ssd.tables(told, on=ON)[table]
    return [dict(zip(ssd.COLUMNS[table], row, strict=True)) for row in found]


def listed(told: Facts, name: str) -> list[dict[str, object]]:
    found = annex_a.lists(told, on=ON)[name]
    return [dict(zip(annex_a.COLUMNS[name], row, strict=True)) for row in found]


# The Standard Safeguarding Dataset


def test_every_table_has_its_columns_in_order_and_every_row_fills_them():
    told = ssd.tables(facts(), on=ON)

    assert list(told) == [
        "ssd_person", "ssd_family", "ssd_address", "ssd_contacts", "ssd_early_help_episodes",
        "ssd_involvements", "ssd_professionals", "ssd_department",
    ]  # fmt: skip
    for name, table in told.items():
        found = list(table)
        assert found, name
        assert {len(row) for row in found} == {len(ssd.COLUMNS[name])}, name


def test_an_open_episode_has_its_organisation_and_worker_in_the_table():
    (row,) = rows(facts(), "ssd_early_help_episodes")

    assert row["earl_episode_organisation"] == "Banbury"
    assert row["earl_episode_worker_id"] == "7"
    assert row["earl_episode_end_date"] is None


def test_numbers_of_people_are_letters_and_digits_and_the_same_in_every_table():
    told = facts()

    (person, _) = rows(told, "ssd_person")
    assert person["pers_person_id"] == "KP1"
    assert str(person["pers_person_id"]).isalnum()
    for table, column in (
        ("ssd_family", "fami_person_id"),
        ("ssd_address", "addr_person_id"),
        ("ssd_contacts", "cont_person_id"),
        ("ssd_early_help_episodes", "earl_person_id"),
        ("ssd_involvements", "invo_person_id"),
    ):
        assert rows(told, table)[0][column] == "KP1"


def test_a_contact_has_a_row_for_each_child_and_every_key_of_what_came_of_it():
    found = rows(facts(), "ssd_contacts")

    assert [row["cont_person_id"] for row in found] == ["KP1", "KP2"]
    assert len({row["cont_contact_id"] for row in found}) == 2
    came_of_it = json.loads(str(found[0]["cont_contact_outcome_json"]))
    assert list(came_of_it) == list(ssd.OUTCOME_FLAGS)
    assert came_of_it["OTHER_OUTCOMES_EXIST_FLAG"] == "Y"
    assert set(json.loads(ssd.outcome_json("")).values()) == {""}


def test_an_address_has_no_spaces_in_its_postcode_and_every_key():
    (row,) = rows(facts(), "ssd_address")

    assert row["addr_address_postcode"] == "OX165QB"
    held = json.loads(str(row["addr_address_json"]))
    assert list(held) == list(ssd.ADDRESS_KEYS)
    assert (held["STREET"], held["TOWN"]) == ("1 Field Road", "Banbury")


def test_a_child_is_born_or_expected_and_never_both():
    unborn = Child(3, "Unborn", "Reed", expected=date(2027, 1, 4))
    both = Child(4, "Cy", "Reed", born=date(2026, 1, 4), expected=date(2026, 1, 9))
    found = rows(facts(children={3: unborn, 4: both}), "ssd_person")

    assert [(row["pers_dob"], row["pers_expected_dob"]) for row in found] == [
        (None, date(2027, 1, 4)),
        (date(2026, 1, 4), None),
    ]


def test_a_caseload_is_counted_on_the_last_30_september():
    (row,) = rows(facts(), "ssd_professionals")
    assert row["prof_professional_caseload"] == 1

    later = (Work(5, 7, date(2026, 10, 1)),)
    moved = Spell(1, "C-1", date(2026, 8, 5), None, work=later)
    (row,) = rows(facts(spells=[moved]), "ssd_professionals")
    assert row["prof_professional_caseload"] == 0


# Annex A


def test_list_1_has_a_row_for_each_child_and_contact_of_six_months():
    told = facts(
        contacts=[
            Contact("R-0", 1, date(2026, 5, 15), "2A"),  # the day before the window
            Contact("R-1", 1, SINCE, "3F"),
            Contact("R-1", 2, SINCE, "3F"),
            Contact("R-2", 1, ON, "1D"),
            Contact("R-3", 1, date(2026, 11, 17), "6"),  # the day after the inspection
        ]
    )

    assert [
        (row["Child Unique ID"], row["Date of Contact"], row["Contact Source"])
        for row in listed(told, "List 1")
    ] == [
        ("KP1", SINCE, "l) 3F: Health services"),
        ("KP2", SINCE, "l) 3F: Health services"),
        ("KP1", ON, "d) 1D: Individual"),
    ]


def test_values_are_a_letter_and_a_code_and_what_is_not_known_says_so():
    ada, ben = listed(facts(), "List 1")

    assert (ada["Gender"], ada["Ethnicity"]) == ("b) Female", "o) BAFR")
    assert ada["Age of Child (Years)"] == 11  # twelve tomorrow
    assert (ben["Gender"], ben["Ethnicity"]) == ("c) Not stated/recorded", "t) NOBT")
    assert (ben["Date of Birth"], ben["Age of Child (Years)"]) == (None, None)


def test_the_window_of_six_months_ends_on_a_day_that_exists():
    assert months_after(date(2026, 8, 31), -6) == date(2026, 2, 28)
    assert months_after(date(2026, 3, 15), -6) == date(2025, 9, 15)


def test_list_2_has_the_assessments_of_help_that_was_not_over_before_the_window():
    told = facts(
        spells=[
            Spell(1, "C-1", date(2025, 1, 6), SINCE, organisation="Banbury"),
            Spell(2, "C-2", date(2025, 1, 6), date(2026, 5, 15), organisation="Witney"),
            Spell(2, "C-3", date(2026, 9, 1), None, organisation="Witney"),
        ],
        assessments=[
            Assessment(1, "C-1", date(2025, 2, 3), date(2025, 3, 3)),
            Assessment(1, "C-1", date(2026, 2, 3), date(2026, 12, 1)),  # signed later than that
        ],
    )

    assert [
        (
            row["Child Unique ID"],
            row["Assessment start date"],
            row["Assessment completion date"],
            row["Organisation completing assessment"],
        )
        for row in listed(told, "List 2")
    ] == [
        ("KP1", date(2026, 2, 3), None, "Banbury"),
        ("KP2", date(2026, 9, 1), None, "Witney"),
    ]


def test_list_3_counts_the_referrals_of_twelve_months_without_the_one_it_tells_of():
    def passed(on, reference):
        return PassedOn(reference, 1, on, "5D", "N1", "Banbury", "Wanda Worker")

    told = facts(
        passed_on=[
            passed(date(2025, 8, 31), "C-0"),
            passed(date(2025, 12, 1), "C-1"),
            passed(date(2026, 9, 1), "C-2"),
        ]
    )

    (row,) = listed(told, "List 3")
    assert row["Number of Referrals in Last 12 Months"] == 1
    assert row["Referral Source"] == "p1) 5D: LA services"
    assert (row["Allocated Team"], row["Allocated Worker"]) == ("Banbury", "Wanda Worker")


def test_every_code_of_the_standard_has_its_letter():
    assert set(codes.ANNEX_SOURCE) == set(codes.SOURCES)
    assert list(codes.ANNEX_ETHNICITY) == [*list(codes.ETHNICITIES)[:13], "BCRB", "BAFR", "BOTH", "CHNE", "OOTH", "REFU", "NOBT"]  # fmt: skip
    assert codes.ANNEX_ETHNICITY["NOBT"] == "t) NOBT"
    assert codes.ANNEX_ETHNICITY["OOTH"] == "r) OOTH"


# What must be mended


def kinds(told: Facts) -> set[tuple[str, str]]:
    found = faults.faults(told, since=SINCE, on=ON)
    return {(fault.kind, fault.what) for fault in found}


def test_what_is_missing_of_a_child_is_named_once_however_often_the_child_is_told_of():
    found = faults.faults(facts(), since=SINCE, on=ON)

    assert [(fault.kind, fault.what) for fault in found] == [
        ("no_birth", "KP2"),
        ("no_sex", "KP2"),
        ("no_ethnicity", "KP2"),
        ("no_assessment", "C-1"),
    ]
    assert found[0].family == "F-000001"


@pytest.mark.parametrize(
    ("child", "kind"),
    [
        (Child(1, "Ada", "Reed", "F", "XXXX", date(2014, 1, 1)), "wrong_ethnicity"),
        (Child(1, "Ada", "Reed", "F", "WBRI", date(2027, 1, 1)), "born_later"),
        (Child(1, "Ada", "Reed", "F", "WBRI", date(1999, 1, 1)), "too_old"),
        (Child(1, "Ada DUPLICATE", "Reed", "F", "WBRI", date(2014, 1, 1)), "marked_duplicate"),
        (Child(1, "", "Reed", "F", "WBRI", date(2014, 1, 1)), "no_name"),
        (Child(1, "Unborn", "Reed", expected=date(2026, 10, 1)), "birth_overdue"),
    ],
)
def test_each_fault_of_a_child_is_found(child, kind):
    assert kinds(facts(children={1: child, 2: ADA}, assessments=[Assessment(1, "C-1", ON)])) == {
        (kind, "KP1")
    }


def test_an_unborn_child_needs_no_sex_or_ethnicity_yet():
    unborn = Child(2, "Unborn", "Okafor", expected=date(2027, 1, 4))

    assert kinds(facts(children={1: ADA, 2: unborn})) == {("no_assessment", "C-1")}


def test_cases_with_impossible_dates_or_without_a_worker_are_named():
    told = facts(
        contacts=[Contact("R-9", 1, ON, "XX")],
        spells=[
            Spell(1, "C-1", ON, date(2026, 11, 2)),
            Spell(1, "C-2", date(2026, 11, 16), None),
        ],
    )

    assert kinds(told) == {
        ("closed_before_opened", "C-1"),
        ("no_assessment", "C-2"),
        ("no_worker", "C-2"),
        ("no_source", "R-9"),
    }


# The census


def test_the_census_of_those_passed_on_follows_the_national_schema():
    schema_file = SHARED / "cin-census" / "CIN_schema_2024.xsd"
    if not schema_file.exists():
        pytest.skip(
            f"NOT CHECKED against the DfE's schema: {schema_file.name} is not on this machine"
        )
    etree = pytest.importorskip("lxml.etree")
    unborn = Child(3, "Unborn", "Reed", expected=date(2027, 1, 4))
    told = facts(
        children={1: ADA, 2: Child(2, "Ben & <Bo>", "Okafor", disabilities=("AUT", "NONE", "AUT")), 3: unborn},
        passed_on=[
            PassedOn("R-1", 1, date(2026, 6, 1), "2A", "N1"),
            PassedOn("C-1", 1, date(2026, 9, 1), "5D", "N4"),
            PassedOn("C-2", 2, date(2026, 9, 1), "??", ""),
            PassedOn("C-3", 3, date(2026, 9, 1), "10", "N0"),
        ],
    )  # fmt: skip

    document = cin.census(
        told, since=date(2026, 4, 1), on=ON, authority="931", made_at=datetime(2026, 11, 16, 9)
    )

    schema = etree.XMLSchema(etree.parse(str(schema_file)))
    schema.assertValid(etree.fromstring(document))


def test_the_census_names_each_child_once_and_each_day_once():
    told = facts(
        passed_on=[
            PassedOn("R-1", 1, date(2026, 6, 1), "2A", "N1"),
            PassedOn("C-9", 1, date(2026, 6, 1), "5D", "N1"),
            PassedOn("C-1", 1, date(2026, 9, 1), "5D", "N4"),
        ],
    )
    document = cin.census(
        told, since=date(2026, 4, 1), on=ON, authority="931", made_at=datetime(2026, 11, 16, 9)
    ).decode()

    assert document.count("<Child>") == 1
    assert document.count("<CINreferralDate>") == 2
    assert "<ReferenceDate>2027-03-31</ReferenceDate>" in document


def test_a_census_of_nobody_is_none():
    with pytest.raises(cin.NobodyPassedOn):
        cin.census(facts(), since=SINCE, on=ON, authority="931", made_at=datetime(2026, 11, 16, 9))
