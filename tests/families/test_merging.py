from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kith.accounts.viewer import front_door, see_as
from kith.audit.models import Entry
from kith.casework import actions as casework
from kith.casework import schooling
from kith.families import actions, living, queries
from kith.families.models import Family, Merge, Person, Restriction, Standing
from tests.factories.accounts import make_team, make_user
from tests.factories.families import AT, make_desk_worker, make_family, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(seen_by):
    desk = make_desk_worker()
    seen_by(desk)
    return desk


def test_merged_records_are_one_family_to_every_team_that_knew_either(desk, at, seen_by):
    banbury, witney = make_team("Banbury"), make_team("Witney")
    kept, gone = make_family("Okafor", team=banbury), make_family("Okafor", team=witney)
    child, again = make_person(kept, "Katherine"), make_person(gone, "Kate")
    brother = make_person(gone, "Obi")

    merge = actions.merge(
        kept=kept, gone=gone, same_people=[(child, again)], reasons=["Same address"], by=desk, at=at
    )

    for team in (banbury, witney):
        worker = make_user("hub_worker", team)
        seen_by(worker)
        assert set(queries.visible_to(worker)) == {kept, gone}
        members = queries.people_of(worker, kept)
        assert {member.person for member in members} == {child, brother}
        assert next(m for m in members if m.person == child).other_names == ["Kate Okafor"]
    seen_by(desk)
    assert [found.pk for found in queries.merges_of(desk, kept)] == [merge.pk]


def test_an_address_that_both_records_have_stands_there_once(client, desk, at, seen_by):
    home = {"postcode": "OX16 5QB", "lines": "12, High Street"}
    kept, gone = make_family(**home), make_family(**home | {"lines": "12 high street"})
    unsafe = make_family(**home, safe=False)
    client.force_login(desk)

    def compared(one, other):
        shown = client.get(f"/families/compare/{one.reference}/{other.reference}/").content.decode()
        return shown.lower().count("high street"), shown.count("Addresses on both records")

    assert compared(kept, gone) == (1, 1)
    assert compared(kept, unsafe) == (2, 0)
    seen_by(desk)
    for other in (gone, unsafe):
        actions.merge(kept=kept, gone=other, same_people=[], by=desk, at=at)
    [address] = queries.addresses_of(desk, kept)
    assert (address.lines.lower(), address.safe) == ("12, high street", False)


def test_a_merge_is_taken_back_whole(desk, at, seen_by):
    banbury, witney = make_team("Banbury"), make_team("Witney")
    kept, gone = make_family("Okafor", team=banbury), make_family("Okafor", team=witney)
    child, again = make_person(kept, "Katherine"), make_person(gone, "Kate")
    merge = actions.merge(kept=kept, gone=gone, same_people=[(child, again)], by=desk, at=at)

    actions.undo_merge(merge=merge, by=desk, at=at)

    gone.refresh_from_db()
    again.refresh_from_db()
    assert (gone.head_id, gone.merged_into_id) == (gone.pk, None)
    assert (again.head_id, again.merged_into_id) == (again.pk, None)
    worker = make_user("hub_worker", witney)
    seen_by(worker)
    assert [family.pk for family in queries.visible_to(worker)] == [gone.pk]
    seen_by(desk)
    with pytest.raises(actions.AlreadyUndone, match="Dee Desk has already parted"):
        actions.undo_merge(merge=merge, by=desk, at=at)


def test_what_was_written_while_merged_stays_where_it_was_written(desk, at, seen_by):
    banbury, witney, bicester = make_team("Banbury"), make_team("Witney"), make_team("Bicester")
    kept, gone = make_family("Okafor", team=banbury), make_family("Okafor", team=witney)
    merge = actions.merge(kept=kept, gone=gone, by=desk, at=at)
    actions.add_address(family=gone, postcode="OX4 1AA", by=desk, at=at)
    actions.give_standing(family=gone, team=bicester, reason="case", by=desk, at=at)
    late = make_person(kept, "Late")

    worker = make_user("hub_worker", bicester)
    seen_by(worker)
    assert set(queries.visible_to(worker)) == {kept, gone}
    seen_by(desk)
    actions.undo_merge(merge=merge, by=desk, at=at)

    assert [a.postcode for a in queries.addresses_of(desk, gone)] == ["OX4 1AA"]
    assert queries.addresses_of(desk, kept) == []
    assert [member.person for member in queries.people_of(desk, kept)] == [late]
    seen_by(worker)
    assert [family.pk for family in queries.visible_to(worker)] == [gone.pk]


def test_a_team_let_in_while_records_are_merged_knows_of_all_of_them(desk, at, seen_by):
    banbury = make_team("Banbury")
    worker = make_user("hub_worker", banbury)
    first, second, third = (make_family() for _ in range(3))
    actions.merge(kept=first, gone=second, by=desk, at=at)
    actions.merge(kept=third, gone=first, by=desk, at=at)

    actions.give_standing(family=second, team=banbury, reason="case", by=desk, at=at)
    seen_by(worker)
    assert set(queries.visible_to(worker)) == {first, second, third}

    seen_by(desk)
    actions.end_standing(family=second, team=banbury, reason="case", by=desk, at=at)
    seen_by(worker)
    assert not queries.visible_to(worker).exists()


def test_what_cannot_be_merged_is_refused_with_the_reason(desk, at):
    first, second, third = (make_family() for _ in range(3))
    stranger = make_person(third)
    child, twin = make_person(first), make_person(first, "Obi")
    other = make_person(second)

    def merge(**options):
        return actions.merge(**{"kept": first, "gone": second, "by": desk, "at": at} | options)

    with pytest.raises(actions.CannotMerge, match="with itself"):
        merge(gone=first)
    with pytest.raises(actions.CannotMerge, match="these two families"):
        merge(same_people=[(child, stranger)])
    with pytest.raises(actions.CannotMerge, match="one other only"):
        merge(same_people=[(child, other), (twin, other)])
    with pytest.raises(actions.CannotMerge, match="one other only"):
        merge(same_people=[(child, child)])
    merge()
    with pytest.raises(actions.AlreadyMerged, match="Dee Desk has already put one"):
        merge()
    with pytest.raises(actions.AlreadyMerged):
        merge(kept=second, gone=first)
    with pytest.raises(actions.AlreadyMerged):
        merge(kept=third, gone=second)


def test_only_the_desk_merges_and_parts(desk, at, seen_by):
    banbury = make_team("Banbury")
    worker = make_user("hub_manager", banbury)
    kept, gone = make_family(team=banbury), make_family(team=banbury)
    seen_by(worker)
    with pytest.raises(PermissionDenied, match="Only the county desk"):
        actions.merge(kept=kept, gone=gone, by=worker, at=at)

    seen_by(desk)
    merge = actions.merge(kept=kept, gone=gone, by=desk, at=at)
    seen_by(worker)
    with pytest.raises(PermissionDenied, match="Only the county desk"):
        actions.undo_merge(merge=merge, by=worker, at=at)


def test_two_records_of_one_child_in_one_family_are_put_together_and_parted(desk, at):
    family = make_family()
    child, again = (
        make_person(family, "Katherine", born=date(2015, 3, 12)),
        make_person(family, "Kate"),
    )

    merge = actions.merge_people(family=family, kept=again, gone=child, by=desk, at=at)
    [member] = queries.people_of(desk, family)
    assert (member.person, member.date_of_birth) == (again, date(2015, 3, 12))

    actions.undo_merge(merge=merge, by=desk, at=at)
    assert len(queries.people_of(desk, family)) == 2


def test_merging_and_parting_is_in_the_log_of_both_records(desk, at, seen_by):
    kept, gone = make_family(), make_family()
    merge = actions.merge(kept=kept, gone=gone, reasons=["Same address"], by=desk, at=at)
    actions.undo_merge(merge=merge, by=desk, at=at)

    seen_by(make_user("dpo", make_team(kind="desk")))
    log = Entry.objects.filter(by_name="Dee Desk")
    assert sorted(log.filter(family_id=kept.pk).values_list("what", flat=True)) == [
        "family.merged",
        "family.parted",
    ]
    assert sorted(log.filter(family_id=gone.pk).values_list("what", flat=True)) == [
        "family.merged_into",
        "family.parted",
    ]


def test_a_preview_shows_what_is_put_together_and_who_would_see_more(desk):
    banbury = make_team("Banbury")
    kept = make_family("Okafor", team=banbury, postcode="OX4 1AA")
    gone = make_family("Okafor", postcode="OX4 1AA")
    child = make_person(kept, "Katherine", "Okafor", date(2015, 3, 12))
    again = make_person(gone, "Kate", "Okafor", date(2015, 3, 12))
    make_person(gone, "Obi", "Okafor", date(2018, 1, 1))

    preview = queries.preview_merge(desk, kept, gone)

    assert [(pair.person, pair.other) for pair in preview.same_people] == [(child, again)]
    assert len(preview.gone_people) == 2
    assert preview.teams_that_gain == ["Banbury"]


class MergesAndUndos(RuleBasedStateMachine):
    """Whatever is merged, parted and given in whatever order: heads, standings and what each team
    sees are those of the merges that stand."""

    def __init__(self) -> None:
        super().__init__()
        from django.db import connection

        self.savepoint = connection.savepoint()
        self.desk = make_desk_worker()
        see_as(self.desk)
        county = make_team("County", "desk")
        self.lead, self.officer = make_user("county_lead", county), make_user("dpo", county)
        self.teams = [make_team() for _ in range(3)]
        self.workers = [make_user("hub_worker", team) for team in self.teams]
        self.families = [make_family() for _ in range(5)]
        self.people = [make_person(family) for family in self.families]
        self.schools: dict[str, int] = {}  # who goes there
        self.given: set[tuple[int, int]] = set()  # family, team
        self.edges: dict[int, tuple[int, int, bool]] = {}  # merge: kept, gone, people too
        self.restricted: dict[int, Restriction] = {}  # to the one who merges

    def root(self, number: int, *, people: bool = False) -> int:
        into = {
            gone: kept
            for kept, gone, with_people in self.edges.values()
            if with_people or not people
        }
        while number in into:
            number = into[number]
        return number

    @rule(family=st.integers(0, 4), team=st.integers(0, 2))
    def give(self, family: int, team: int) -> None:
        actions.give_standing(
            family=self.families[family], team=self.teams[team], reason="case", by=self.desk, at=AT
        )
        self.given.add((family, team))

    @precondition(lambda self: self.given)
    @rule(data=st.data())
    def end(self, data: st.DataObject) -> None:
        family, team = data.draw(st.sampled_from(sorted(self.given)))
        actions.end_standing(
            family=self.families[family], team=self.teams[team], reason="case", by=self.desk, at=AT
        )
        cluster = {other for other in range(5) if self.root(other) == self.root(family)}
        self.given -= {(other, team) for other in cluster}

    @rule(kept=st.integers(0, 4), gone=st.integers(0, 4), with_people=st.booleans())
    def merge(self, kept: int, gone: int, with_people: bool) -> None:
        pairs = [(self.people[kept], self.people[gone])] if with_people else []
        try:
            done = actions.merge(
                kept=self.families[kept],
                gone=self.families[gone],
                same_people=pairs,
                by=self.desk,
                at=AT,
            )
        except actions.CannotMerge:
            assert kept == gone
        except actions.AlreadyMerged:
            assert self.root(kept) != kept or self.root(gone) != gone
        else:
            assert self.root(kept) == kept and self.root(gone) == gone and kept != gone
            self.edges[done.pk] = (kept, gone, with_people)

    @rule(person=st.integers(0, 4))
    def learn(self, person: int) -> None:
        school = f"School {len(self.schools)}"
        casework.add_schooling(
            person=self.people[person],
            family=self.families[person],
            setting="school",
            name=school,
            source="The school",
            by=self.desk,
            at=AT,
        )
        self.schools[school] = person

    @precondition(lambda self: self.edges)
    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.edges)))
        actions.undo_merge(merge=Merge.objects.get(pk=number), by=self.desk, at=AT)
        del self.edges[number]

    @rule(family=st.integers(0, 4))
    def restrict(self, family: int) -> None:
        try:
            self.restricted[family] = actions.restrict(
                family=self.families[family],
                reason="staff",
                words="Why",
                people=[self.desk],
                by=self.lead,
                at=AT,
            )
        except actions.RestrictedAlready:
            assert self.hidden(family)

    @precondition(lambda self: self.restricted)
    @rule(data=st.data())
    def lift(self, data: st.DataObject) -> None:
        family = data.draw(st.sampled_from(sorted(self.restricted)))
        actions.lift(restriction=self.restricted.pop(family), words="Why", by=self.officer, at=AT)

    def hidden(self, family: int) -> bool:
        return any(self.root(other) == self.root(family) for other in self.restricted)

    @invariant()
    def heads_are_those_of_the_merges_that_stand(self) -> None:
        heads = {
            self.families.index(Family(pk=pk)): self.families.index(Family(pk=head))
            for pk, head in Family.objects.values_list("pk", "head_id")
            if Family(pk=pk) in self.families
        }
        assert heads == {number: self.root(number) for number in range(5)}
        of_people = dict(Person.objects.values_list("pk", "head_id"))
        for number, person in enumerate(self.people):
            assert of_people[person.pk] == self.people[self.root(number, people=True)].pk

    @invariant()
    def each_team_sees_what_it_was_given_and_what_is_merged_with_it(self) -> None:
        for team, worker in enumerate(self.workers):
            roots = {self.root(family) for family, given_to in self.given if given_to == team}
            expected = {
                self.families[number].pk
                for number in range(5)
                if self.root(number) in roots and not self.hidden(number)
            }
            see_as(worker)
            assert set(queries.visible_to(worker).values_list("pk", flat=True)) == expected
            assert set(Family.objects.values_list("pk", flat=True)) == expected
        see_as(self.lead)
        open_to_all = {self.families[n].pk for n in range(5) if not self.hidden(n)}
        assert set(Family.objects.values_list("pk", flat=True)) == open_to_all
        see_as(self.desk)

    @invariant()
    def schools_are_those_of_all_that_is_one_person_on_one_record(self) -> None:
        if not self.schools:
            return
        number = self.root(max(self.schools.values()))
        facts = living.facts_now(
            self.desk,
            queries.together_with(self.desk, Family.objects.get(pk=self.families[number].pk)),
        )
        found = living.on_a_day(facts, AT.date(), head=self.families[number].pk)
        schooling.put_with(self.desk, found, facts)
        told = {one.number: {its.words for its in one.schools} for one in found.people}
        expected: dict[int, set[str]] = {}
        for person in range(5):
            if self.root(person) == number:
                stands = self.people[self.root(person, people=True)].pk
                theirs = {name for name, whose in self.schools.items() if whose == person}
                expected[stands] = expected.get(stands, set()) | theirs
        assert told == expected

    @invariant()
    def nothing_is_mirrored_twice(self) -> None:
        live = Standing.objects.filter(until__isnull=True, reason="merge")
        rows = list(live.values_list("family_id", "team_id"))
        assert len(rows) == len(set(rows))

    def teardown(self) -> None:
        from django.db import connection

        connection.savepoint_rollback(self.savepoint)
        see_as(front_door())


def test_any_order_of_merges_and_undos_restores_everything(db):
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        MergesAndUndos,
        settings=settings(
            max_examples=10,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
