import re
from datetime import date
from importlib import import_module

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kith.families import actions, queries
from kith.families.models import Spelling
from tests.factories.accounts import make_team, make_user
from tests.factories.families import AT, make_desk_worker, make_family, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(seen_by):
    """The county desk, and three families it knows."""
    desk = make_desk_worker()
    okafor = make_family("Okafor", postcode="OX4 1AA", lines="12 High Street")
    make_person(okafor, "Katherine", "Okafor", date(2015, 3, 12))
    mother = make_person(okafor, "Ngozi", "Okafor", role="mother")
    reed = make_family("Reed", postcode="OX28 6NH")
    make_person(reed, "Zoë", "Reed-Núñez", date(2011, 7, 30))
    smith = make_family("Smith")
    make_person(smith, "John", "Smythe", date(2009, 11, 2))
    make_person(smith, "Katherine", "Smith", date(2009, 11, 2))
    seen_by(desk)
    actions.add_contact_detail(person=mother, kind="phone", value="07700 900982", by=desk, at=AT)
    return desk


def names(found):
    return [str(one.person) for one in found]


ASKED = (
    ("katherine okafor", "Katherine Okafor"),
    ("Okafor, Kate", "Katherine Okafor"),
    ("catrin okafro", "Katherine Okafor"),
    ("12/03/2015", "Katherine Okafor"),
    ("3 December 2015", "Katherine Okafor"),
    ("okafor 12.3.15", "Katherine Okafor"),
    ("zoe nunez", "Zoë Reed-Núñez"),
    ("Reed Nunez", "Zoë Reed-Núñez"),
    ("john smith", "John Smythe"),
    ("+44 7700 900982", "Ngozi Okafor"),
    ("ngozi ox41aa", "Ngozi Okafor"),
)


def test_a_person_is_found_however_they_are_asked_for(desk):
    for text, first in ASKED:
        assert names(queries.search(desk, text))[:1] == [first], text


def test_each_answer_says_why_it_was_found(desk):
    [found] = queries.search(desk, "catrin okafro 3/12/2015")

    assert found.why == (
        "Another form of the name: Catrin / Katherine",
        "Sounds alike: Okafro / Okafor",
        "Date of birth with day and month swapped: 12 March 2015",
    )
    assert found.role_name == "Child or young person"


def test_a_family_is_found_by_its_reference(desk):
    [family] = {one.family for one in queries.search(desk, "OX28 6NH")}

    [found] = queries.search(desk, family.reference.lower())

    assert (found.family, found.person, found.why) == (family, None, ("Reference",))


def test_whoever_answers_everything_asked_comes_alone(desk):
    assert names(queries.search(desk, "katherine")) == ["Katherine Okafor", "Katherine Smith"]
    assert names(queries.search(desk, "katherine smith")) == ["Katherine Smith"]
    assert names(queries.search(desk, "katherine nobody"))[0].startswith("Katherine")


def test_a_search_for_nothing_finds_nothing(desk):
    for text in ("", "   ", "\x00", "'; drop table x; --", "%%%", "F-99999999", "🙂" * 400):
        assert queries.search(desk, text) == [], text


def test_only_families_one_may_know_of_are_found(desk, seen_by):
    banbury, witney = make_team("Banbury"), make_team("Witney")
    insider, outsider = make_user("hub_worker", banbury), make_user("hub_worker", witney)
    [family] = {one.family for one in queries.search(desk, "okafor")}
    actions.give_standing(family=family, team=banbury, reason="case", by=desk, at=AT)

    seen_by(outsider)
    assert queries.search(outsider, "okafor") == []
    assert queries.search(outsider, family.reference) == []
    seen_by(insider)
    assert names(queries.search(insider, "okafor")) == ["Katherine Okafor", "Ngozi Okafor"]


def test_a_search_takes_as_many_queries_for_many_people_as_for_one(desk):
    def queries_for(text: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            queries.search(desk, text)
        return len(captured)

    few = queries_for("okafor")
    family = make_family("Okafor")
    for number in range(30):
        make_person(family, f"Child{chr(97 + number % 26)}", "Okafor")

    assert queries_for("okafor") == few <= 8
    assert len(queries.search(desk, "okafor", limit=10)) == 10


def test_the_best_twenty_are_shown_first_and_more_when_asked_for(client, desk):
    family = make_family("Okafor")
    for number in range(30):
        make_person(family, f"Child{chr(97 + number % 26)}", "Okafor")
    client.force_login(desk)

    first = client.get("/families/?q=okafor").content.decode()
    more = client.get("/families/?q=okafor&more=1").content.decode()

    assert first.count("data-key-stop") == 20 and 'href="?q=okafor&amp;more=1"' in first
    assert "The best 20 answers" in first and "32 answers." in more
    assert more.count("data-key-stop") == 32 and "see the best" not in more


def test_a_person_with_two_merged_records_is_found_once(desk):
    again = make_family("Okafor", postcode="OX4 1AA")
    child = make_person(again, "Kate", "Okafor", date(2015, 3, 12))
    first = queries.search(desk, "katherine okafor 12/3/2015")[0]

    actions.merge(
        kept=first.family, gone=again, same_people=[(first.person, child)], by=desk, at=AT
    )

    found = queries.search(desk, "kate okafor 12/3/2015")
    assert [(one.person, one.family) for one in found] == [(first.person, first.family)]


def test_names_kept_by_older_code_are_spelled_too(desk):
    spelled = set(Spelling.objects.values_list("form", "word"))
    migration = import_module("kith.families.migrations.0005_spelling")

    with connection.cursor() as cursor:
        migration.spell(cursor)

    assert {("h:oka_or", "okafor"), ("s:AKFR", "okafor"), ("k:catherine", "katherine")} <= spelled
    assert Spelling.objects.count() == 2 * len(spelled)
    assert set(Spelling.objects.values_list("form", "word")) == spelled


def test_a_spelling_is_seen_by_whoever_sees_somebody_of_that_name(desk, seen_by):
    team = make_team()
    make_person(make_family("Adeyemi", team=team), "Tunde", "Adeyemi", date(2012, 1, 5))

    seen_by(make_user("hub_worker", team))

    assert set(Spelling.objects.values_list("word", flat=True)) == {"tunde", "adeyemi"}


def test_row_security_lets_a_search_use_the_index(desk, seen_by):
    """As the application's own role, for the desk and for a hub worker alike."""
    for viewer in (desk, make_user("hub_worker", make_team())):
        seen_by(viewer)
        with connection.cursor() as cursor:
            cursor.execute("set local enable_seqscan = off")
            cursor.execute(
                "explain select person_id from families_searchkey kept where key = any(%s)",
                [["n:okafor", "s:AKFR"]],
            )
            plan = "\n".join(row[0] for row in cursor.fetchall())
        assert re.search(r"Index Cond: \(\(?key", plan), plan


# --- People who may be the same ------------------------------------------------------------------


def test_people_who_may_be_the_same_are_suggested_with_reasons(desk):
    new = make_family("Okafor", postcode="OX4 1AA", lines="12 High Street")
    child = make_person(new, "Kate", "Okafor", date(2015, 12, 3))
    other = make_person(new, "Zed", "Okafor", date(2017, 1, 1))

    suggested = queries.likely_same(desk, [child.pk, other.pk])

    assert [(str(pair.person), str(pair.other)) for pair in suggested] == [
        ("Kate Okafor", "Katherine Okafor")
    ]
    why = {str(reason) for reason in suggested[0].comparison.for_it}
    assert {"Same address", "Same last name"} < why
    assert any("swapped" in reason for reason in why)


def test_a_twin_is_not_suggested(desk):
    new = make_family("Okafor", postcode="OX4 1AA", lines="12 High Street")
    twin = make_person(new, "Adaeze", "Okafor", date(2015, 3, 12))

    assert queries.likely_same(desk, [twin.pk]) == []


def test_two_children_named_in_one_request_are_not_suggested_for_each_other(desk):
    new = make_family("Ray")
    first, second = (make_person(new, "Al", "Ray", date(2015, 3, 1)) for _ in range(2))

    assert queries.likely_same(desk, [first.pk, second.pk]) == []


def test_a_school_they_share_speaks_for_them(desk):
    one = make_person(make_family("Ray"), "Alan", "Ray", date(2015, 3, 1))
    other = make_person(make_family("Ray"), "Alan", "Ray", date(2015, 5, 1))
    schools = {one.pk: frozenset({"Ash"}), other.pk: frozenset({"Ash"})}

    def score(**options):
        return [pair.comparison.score for pair in queries.likely_same(desk, [one.pk], **options)]

    assert max(score(schools_of=lambda people: schools), default=-9) > max(score(), default=-10)


def test_people_said_not_to_be_the_same_are_not_suggested_again(desk):
    new = make_family("Okafor", postcode="OX4 1AA")
    child = make_person(new, "Kate", "Okafor", date(2015, 3, 12))
    [pair] = queries.likely_same(desk, [child.pk])

    actions.say_not_same(first=pair.person, second=pair.other, by=desk, at=AT)
    actions.say_not_same(first=pair.other, second=pair.person, by=desk, at=AT)

    assert queries.likely_same(desk, [child.pk]) == []
