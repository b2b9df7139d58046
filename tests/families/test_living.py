"""People and households over time: what can be written down, what is refused, what is kept."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kith.casework import actions as casework
from kith.casework import schooling
from kith.casework.models import Schooling
from kith.families import actions, living, queries
from kith.families.models import Membership, Residence
from tests.factories.accounts import make_team, make_user
from tests.factories.families import AT, make_desk_worker, make_family, make_person

pytestmark = pytest.mark.django_db
TODAY = AT.date()


@pytest.fixture
def desk(seen_by):
    desk = make_desk_worker()
    seen_by(desk)
    return desk


@pytest.fixture
def family(db):
    return make_family(postcode="OX16 5QB", lines="12 High Street")


def home_of(family):
    return family.addresses.get()


def on(desk, family, day=TODAY):
    records = queries.together_with(desk, family)
    facts = living.facts_now(desk, records)
    found = living.on_a_day(facts, day, head=records[0].pk)
    schooling.put_with(desk, found, facts)
    return found


def test_a_child_lives_at_two_homes_and_it_is_known_who_left_when(desk, family, at):
    mum, child = make_person(family, "Ada", role="mother"), make_person(family, "Obi")
    says = {"by": desk, "at": at}
    first = home_of(family)
    actions.move_in(person=mum, address=first, **says)
    weekdays = actions.move_in(person=child, address=first, pattern="Monday to Thursday", **says)
    second = actions.add_home(
        family=family, people=[child], postcode="OX4 1AA", called="Dad’s flat",
        since=date(2026, 3, 1), **says,
    )  # fmt: skip

    found = on(desk, family)
    assert [[stay.words for stay in home.here] for home in found.homes] == [
        ["Obi Okafor"],
        ["Ada Okafor", "Obi Okafor"],
    ]
    assert [len(home.here) for home in on(desk, family, date(2026, 2, 1)).homes] == [2]

    actions.move_out(stay=weekdays, until=date(2026, 6, 1), **says)
    assert [stay.words for stay in on(desk, family).homes[1].here] == ["Ada Okafor"]
    assert len(on(desk, family, date(2026, 5, 31)).homes[1].here) == 2
    with pytest.raises(actions.EndedAlready, match="1 June 2026"):
        actions.move_out(stay=weekdays, until=TODAY, **says)
    actions.leave_home(address=second, until=TODAY, **says)
    assert [home.row["called"] for home in on(desk, family).earlier_homes] == ["Dad’s flat"]
    assert on(desk, family).unsaid == []
    assert Residence.objects.get(address=second).until == TODAY


def test_nobody_lives_twice_at_one_home_whoever_says_so(desk, family, at):
    child, home = make_person(family, "Obi", born=date(2015, 5, 4)), home_of(family)
    says = {"by": desk, "at": at}
    actions.move_in(person=child, address=home, since=date(2020, 1, 1), **says)

    with pytest.raises(actions.LivesThereAlready):
        actions.move_in(person=child, address=home, since=date(2021, 1, 1), **says)
    with pytest.raises(IntegrityError, match="nobody_lives_twice"), transaction.atomic():
        Residence.objects.create(person=child, address=home, since=date(2025, 1, 1))
    with pytest.raises(actions.OutOfOrder, match="born on 4 May 2015"):
        actions.move_in(person=child, address=home, since=date(2014, 1, 1), **says)
    with pytest.raises(actions.InTheFuture):
        actions.move_in(person=child, address=home, since=TODAY + timedelta(days=1), **says)
    stranger = make_person(make_family("Reed"))
    with pytest.raises(actions.NotOfThisFamily):
        actions.move_in(person=stranger, address=home, **says)


def test_somebody_is_found_under_every_name_they_had(desk, family, at):
    person = make_person(family, "Ada", "Okafor", role="mother")
    actions.change_name(
        person=person, family=family, given_names="Ada", family_name="Whitfield",
        on=date(2025, 7, 1), by=desk, at=at,
    )  # fmt: skip
    actions.add_other_name(
        person=person, family=family, kind="alias", given_names="Zsuzsanna", by=desk, at=at
    )

    for name in ("Ada Okafor", "Whitfield", "Zsuzsanna", "Zsuzsana"):
        assert [found.person for found in queries.search(desk, name)] == [person], name
    [member] = queries.people_of(desk, family)
    assert (member.name, member.other_names) == ("Ada Whitfield", ["Ada Okafor", "Zsuzsanna"])
    # On a past day the name of that day stands first, and is not called an earlier one.
    for day, note in ((date(2025, 6, 30), "Name on that day"), (date(2025, 7, 1), "Had this name before")):  # fmt: skip
        [ada] = on(desk, family, day).people
        assert (ada.names[0].words, ada.names[0].note) == ("Ada Okafor", note)
    with pytest.raises(actions.NothingSaid):
        actions.change_name(
            person=person, family=family, given_names="Ada", family_name="Whitfield", on=None,
            by=desk, at=at,
        )  # fmt: skip


def test_an_unborn_child_is_born_and_stays_the_same_child(desk, family, at):
    baby = make_person(family, "Baby", "Okafor", expected_on=date(2026, 11, 1))
    born = {"person": baby, "family": family, "given_names": "Nnedi", "family_name": "Okafor"}
    born |= {"sex": "F", "by": desk, "at": at}

    with pytest.raises(actions.OutOfOrder, match="far from the day expected"):
        actions.say_born(on=date(2026, 2, 1), **born)
    child = actions.say_born(on=date(2026, 11, 3), **born)

    assert (child.pk, child.date_of_birth, child.expected_on) == (baby.pk, date(2026, 11, 3), None)
    # At a home that the family had before, the child lives since its birth.
    actions.add_home(family=family, people=[child], postcode="OX4 1AA", since=date(2026, 1, 5), by=desk, at=at)  # fmt: skip
    assert [stay.since for home in on(desk, family).homes for stay in home.here] == [child.date_of_birth]  # fmt: skip
    [member] = queries.people_of(desk, family)
    assert member.other_names == ["Baby Okafor"]
    with pytest.raises(actions.BornAlready, match="3 November 2026"):
        actions.say_born(on=date(2026, 11, 3), **born)


def test_whoever_died_stays_on_the_record_and_is_sent_nothing(desk, family, at):
    dad, home = make_person(family, "Sam", role="father"), home_of(family)
    says = {"by": desk, "at": at}
    actions.add_contact_detail(person=dad, kind="email", value="sam@home.example", **says)
    stay = actions.move_in(person=dad, address=home, **says)

    actions.record_death(person=dad, family=family, on=date(2026, 11, 2), **says)

    [member] = queries.people_of(desk, family)
    assert (member.died_on, member.contact_details) == (date(2026, 11, 2), ())
    assert queries.living_of(desk, family) == []
    stay.refresh_from_db()
    assert stay.until == date(2026, 11, 2)
    dad.refresh_from_db()
    with pytest.raises(actions.DiedAlready, match="nothing is sent"):
        actions.add_contact_detail(person=dad, kind="phone", value="07700 900123", **says)
    with pytest.raises(actions.DiedAlready, match="2 November 2026"):
        actions.record_death(person=dad, family=family, on=TODAY, **says)
    found = on(desk, family)
    assert (found.unsaid, found.elsewhere, found.homes[0].taken) == ([], [], [])
    alive = actions.undo_death(person=dad, family=family, **says)
    assert (alive.ways, alive.homes, alive.partners) == (1, 1, 0)
    [member] = queries.living_of(desk, family)
    assert (member.name, member.contact_details[0].value) == ("Sam Okafor", "sam@home.example")
    stay.refresh_from_db()
    assert stay.until is None


def test_people_leave_and_come_back_and_every_time_is_kept(desk, family, at):
    dad = make_person(family, "Sam", role="father", since=date(2020, 1, 1))
    membership = Membership.objects.get(person=dad)
    says = {"by": desk, "at": at}

    with pytest.raises(actions.OutOfOrder):
        actions.leave_family(membership=membership, until=date(2019, 1, 1), **says)
    actions.leave_family(membership=membership, until=date(2024, 1, 1), **says)
    again = {"person": dad, "family": family, "role": "father"}
    with pytest.raises(actions.BelongsAlready, match="until 1 January 2024"):
        actions.join_family(since=date(2023, 1, 1), **again, **says)
    actions.join_family(since=date(2025, 1, 1), **again, **says)

    def is_there(day):
        return [one.name for one in on(desk, family, day).people]

    assert is_there(date(2023, 12, 31)) == is_there(date(2025, 1, 1)) == ["Sam Okafor"]
    assert is_there(date(2024, 6, 1)) == is_there(date(2019, 12, 31)) == []


def test_what_looks_odd_between_two_people_is_written_down_only_when_somebody_says_it_is_right(
    desk, family, at
):
    says = {"family": family, "by": desk, "at": at}
    boy, girl = make_person(family, "Obi", born=date(2017, 5, 4)), make_person(family, "Ife")
    foster = {"person": boy, "other": girl, "kind": "foster_carer"}
    age = at.year - 2017 - ((at.month, at.day) < (5, 4))

    with pytest.raises(actions.LooksOdd, match="Tick what is right") as asked:
        actions.relate(**foster, **says)
    [oddity] = asked.value.oddities
    assert oddity.words == f"Obi Okafor is {age} years old."
    # Said to be right of another answer, it is not said of this one.
    with pytest.raises(actions.LooksOdd):
        actions.relate(sure_of=[oddity.key.replace("foster_carer", "guardian")], **foster, **says)
    actions.relate(sure_of=[oddity.key], **foster, **says)

    with pytest.raises(actions.LooksOdd) as asked:
        actions.relate(person=girl, other=boy, kind="sibling", **says)
    assert [one.words for one in asked.value.oddities] == [
        "Obi Okafor is written down as foster carer of Ife Okafor for the same time."
    ]
    with pytest.raises(actions.OutOfOrder, match="born on 4 May 2017"):
        actions.relate(person=boy, other=girl, kind="other", since=date(2016, 1, 1), **says)


def test_relationships_are_told_from_both_sides_and_once(desk, family, at):
    mum, dad = (make_person(family, name, role=role) for name, role in (("Ada", "mother"), ("Sam", "father")))  # fmt: skip
    child = make_person(family, "Obi")
    says = {"family": family, "by": desk, "at": at}
    actions.relate(person=mum, other=child, kind="parent", parental_responsibility=True, **says)
    tie = actions.relate(person=mum, other=dad, kind="partner", since=date(2010, 1, 1), **says)

    with pytest.raises(actions.RelatedAlready):
        actions.relate(person=dad, other=mum, kind="partner", **says)
    with pytest.raises(actions.NotOfThisFamily):
        actions.relate(person=mum, other=mum, kind="sibling", **says)
    actions.end_relationship(relationship=tie, until=date(2024, 1, 1), **says)

    ties = {one.name: [tie.words for tie in one.ties] for one in on(desk, family).people}
    assert ties == {
        "Obi Okafor": ["Ada Okafor is their parent"],
        "Ada Okafor": ["Parent of Obi Okafor", "Former partner of Sam Okafor"],
        "Sam Okafor": ["Former partner of Ada Okafor"],
    }


def test_a_correction_of_what_somebody_changed_meanwhile_is_not_silently_kept(desk, family, at):
    person = make_person(family, "Ada")
    membership = Membership.objects.select_related("person", "family").get(person=person)
    shown = actions.mark_of(person, membership)
    says = {"by": desk, "at": at}
    actions.correct_member(membership=membership, mark=shown, family_name="Reed", **says)

    with pytest.raises(actions.ChangedMeanwhile, match="somebody changed this record"):
        actions.correct_member(membership=membership, mark=shown, family_name="Read", **says)

    person.refresh_from_db()
    assert person.family_name == "Reed"
    membership = Membership.objects.select_related("person").get(person=person)
    actions.correct_member(
        membership=membership, mark=actions.mark_of(person, membership), role="father",
        family_name="Read", **says,
    )  # fmt: skip
    membership.refresh_from_db()
    assert membership.role == "father"


def test_only_whoever_works_with_the_family_changes_it(family, at, seen_by):
    outsider = make_user("hub_worker", make_team("Witney"))
    person = make_person(family)
    seen_by(outsider)

    for change in (
        lambda: actions.add_member(
            family=family, role="child", given_names="A", family_name="B", by=outsider, at=at
        ),
        lambda: actions.record_death(person=person, family=family, on=TODAY, by=outsider, at=at),
        lambda: actions.add_home(family=family, postcode="OX4 1AA", by=outsider, at=at),
    ):
        with pytest.raises(PermissionDenied, match="team that works"):
            change()


# --- As at a past day -----------------------------------------------------------------------------


def long_ago(days: int) -> None:
    """Let all that was written down so far have been written down so many days ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select tablename from pg_tables where tablename like 'families_%event'"
            " or tablename = 'casework_schoolingevent'"
        )
        for (table,) in cursor.fetchall():
            columns = _columns(cursor, table)
            cursor.execute(
                f"insert into {table} ({', '.join(columns)}) select "
                + ", ".join(
                    f"{c} - interval '{days} days'" if c == "pgh_created_at" else c for c in columns
                )
                + f" from {table}"
            )


def _columns(cursor, table):
    cursor.execute(
        "select column_name from information_schema.columns where table_name = %s"
        " and column_name <> 'pgh_id'",
        [table],
    )
    return [f'"{name}"' if name.isupper() else name for (name,) in cursor.fetchall()]


def known(desk, family, moment, day):
    records = queries.together_with(desk, family)
    facts = living.facts_known(desk, records, moment)
    found = living.on_a_day(facts, day, head=records[0].pk)
    schooling.put_with(desk, found, facts, at=moment)
    return found


def test_what_was_so_and_what_was_known_are_two_questions(desk, family, at):
    dad = make_person(family, "Sam", role="father", since=date(2020, 1, 1))
    long_ago(30)
    a_month_ago = datetime.now(ZoneInfo("Europe/London")) - timedelta(days=20)
    actions.leave_family(
        membership=Membership.objects.get(person=dad), until=date(2026, 1, 1), by=desk, at=at
    )

    day = date(2026, 2, 1)

    assert [one.name for one in on(desk, family, day).people] == []
    assert [one.name for one in known(desk, family, a_month_ago, day).people] == ["Sam Okafor"]
    before_all = a_month_ago - timedelta(days=30)
    assert known(desk, family, before_all, day).people == []


CHANGES = st.lists(
    st.tuples(
        st.sampled_from(
            [
                *("add", "home", "in", "out", "leave", "back", "died", "name", "relate"),
                *("school", "left school", "merge", "undo"),
            ]
        ),
        st.integers(0, 5),
        st.integers(0, 5),
        st.integers(0, 2000),
    ),
    max_size=10,
)


@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # each example writes a record: too slow to shrink
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(CHANGES)
def test_whatever_happens_the_record_known_now_is_the_record(seen_by, changes):
    """As at today equals the present; nobody is lost; what was known earlier stays as it was."""
    with transaction.atomic():
        desk = make_desk_worker()
        seen_by(desk)
        family, other = make_family(postcode="OX16 5QB"), make_family(postcode="OX4 1AA")
        make_person(family, "Ada", role="mother")
        make_person(other, "Obi", expected_on=date(2026, 11, 1))
        before = None
        merge = None
        for number, (what, one, two, days) in enumerate(changes):
            merge = _change(desk, family, other, merge, what, one, two, days)
            if number == len(changes) // 2:
                long_ago(5)
                moment = datetime.now(ZoneInfo("Europe/London")) - timedelta(days=4)
                before = (moment, _told(known(desk, family, moment, TODAY)))

        now = datetime.now(ZoneInfo("Europe/London")) + timedelta(hours=1)
        present = on(desk, family)
        assert _told(known(desk, family, now, TODAY)) == _told(present)
        named = {one.name for one in present.people if one.died is None or one.died > TODAY}
        placed = {stay.words for home in present.homes for stay in home.here}
        placed |= {name for home in present.homes for name in home.taken}
        assert named <= placed | set(present.unsaid) | set(present.elsewhere)
        if before:
            assert _told(known(desk, family, before[0], TODAY)) == before[1]
        transaction.set_rollback(True)


def _told(found):
    return (
        [
            (one.name, one.role, one.died, one.homes, one.ties, one.names, one.schools)
            for one in found.people
        ],
        [(home.lines, home.here, home.taken) for home in found.homes],
        [(home.lines, home.here) for home in found.earlier_homes],
        [one.name for one in found.before],
        sorted(found.unsaid),
        sorted(found.elsewhere),
    )


def _change(desk, family, other, merge, what, one, two, days):
    """Do something of all that can be done; what is refused changes nothing."""
    day = TODAY - timedelta(days=days)
    says = {"by": desk, "at": AT}
    records = queries.together_with(desk, family)
    members = list(
        Membership.objects.filter(family__in=records)
        .select_related("person", "family")
        .order_by("pk")
    )
    first, second = members[one % len(members)], members[two % len(members)]
    homes = [home for record in records for home in record.addresses.order_by("pk")]
    stays = list(Residence.objects.filter(address__in=homes).order_by("pk"))
    spells = list(Schooling.objects.order_by("pk"))
    person = {"person": first.person, "family": first.family}
    try:
        with transaction.atomic():
            match what:
                case "add":
                    make_person(family, f"Child {days}", since=day)
                case "home":
                    actions.add_home(family=family, postcode=f"OX{one} 1AA", since=day, **says)
                case "in":
                    home = homes[two % len(homes)]
                    actions.move_in(person=first.person, address=home, since=day, **says)
                case "out" if stays:
                    actions.move_out(stay=stays[two % len(stays)], until=day, **says)
                case "leave":
                    actions.leave_family(membership=first, until=day, **says)
                case "back":
                    actions.join_family(**person, role=first.role, since=day, **says)
                case "died":
                    actions.record_death(**person, on=day, **says)
                case "name":
                    actions.change_name(
                        **person, given_names=f"N{days}", family_name="X", on=day, **says
                    )
                case "relate":
                    actions.relate(**person, other=second.person, kind="sibling", since=day, **says)
                case "school":
                    said = {"setting": "school", "name": f"School {two}", "source": "Her"}
                    casework.add_schooling(**person, since=day, **said, **says)
                case "left school" if spells:
                    spell = spells[two % len(spells)]
                    casework.end_schooling(spell=spell, family=family, until=day, **says)
                case "merge" if merge is None:
                    return actions.merge(kept=family, gone=other, **says)
                case "undo" if merge is not None:
                    actions.undo_merge(merge=merge, **says)
                    return None
    except actions.NotPossible:
        pass
    return merge


def test_a_merge_taken_back_leaves_each_record_with_its_own_homes_names_and_ties(desk, at):
    says = {"by": desk, "at": at}
    kept, gone = make_family(postcode="OX16 5QB"), make_family(postcode="OX4 1AA")
    mum, again = make_person(kept, "Ada", role="mother"), make_person(gone, "Adah", role="mother")
    child = make_person(gone, "Obi", born=date(2015, 5, 4))
    actions.move_in(person=mum, address=home_of(kept), since=date(2020, 1, 1), **says)
    actions.move_in(person=child, address=home_of(gone), pattern="Weekends", **says)
    actions.relate(person=again, other=child, family=gone, kind="parent", **says)
    for person, family in ((again, gone), (mum, kept)):
        actions.add_other_name(
            person=person, family=family, kind="former", family_name="Reed", **says
        )
    before = [_told(on(desk, family)) for family in (kept, gone)]

    merge = actions.merge(kept=kept, gone=gone, same_people=[(mum, again)], **says)
    kept.refresh_from_db()
    together = on(desk, kept)
    ada = next(one for one in together.people if one.name == "Ada Okafor")
    assert [tie.words for tie in ada.ties] == ["Parent of Obi Okafor"]
    assert [name.words for name in ada.names] == ["Adah Okafor", "Reed"], "each once"
    assert len(together.homes) == 2
    assert [one.name for one in together.people] == ["Obi Okafor", "Ada Okafor"]
    # Later changes stay where they were written.
    actions.move_in(person=mum, address=home_of(gone), since=date(2025, 1, 1), **says)
    actions.undo_merge(merge=merge, **says)

    for family in (kept, gone):
        family.refresh_from_db()
    after = [_told(on(desk, family)) for family in (kept, gone)]
    assert after == before
