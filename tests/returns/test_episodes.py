"""Early help episodes: what is joined, and what an episode keeps."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as some

from kith.analytics.returns.episodes import A_DAY, episodes
from kith.analytics.returns.facts import Spell, Work

MONDAY = date(2026, 3, 2)


def spell(since, until, *, case="C-1", child=1, organisation="Banbury", work=(), **fields):
    return Spell(child, case, since, until, organisation=organisation, work=work, **fields)


def after(days):
    return MONDAY + timedelta(days=days)


def test_help_that_begins_the_day_after_goes_on():
    found = episodes([spell(MONDAY, after(10)), spell(after(11), after(20), case="C-2")])

    assert [(one.since, one.until) for one in found] == [(MONDAY, after(20))]


def test_help_that_begins_two_days_after_is_another_episode():
    found = episodes([spell(MONDAY, after(10)), spell(after(12), after(20), case="C-2")])

    assert [(one.since, one.until) for one in found] == [
        (MONDAY, after(10)),
        (after(12), after(20)),
    ]
    assert len({one.id for one in found}) == 2


def test_a_case_opened_again_makes_two_episodes_with_numbers_of_their_own():
    found = episodes([spell(MONDAY, after(10)), spell(after(30), None)])

    assert len({one.id for one in found}) == 2


def test_an_open_episode_keeps_its_organisation_and_its_worker():
    work = (Work(1, professional=7, since=MONDAY),)
    (found,) = episodes([spell(MONDAY, None, work=work)])

    assert (found.until, found.last.organisation, found.worker) == (None, "Banbury", 7)
    assert found.end_reason == ""


def test_two_workers_make_one_row_with_the_one_who_is_there_now():
    work = (
        Work(1, professional=7, since=MONDAY, until=after(5)),
        Work(2, professional=8, since=after(5)),
    )
    (found,) = episodes([spell(MONDAY, None, work=work)])

    assert found.worker == 8
    assert [one.professional for one in found.work] == [7, 8]


def test_an_episode_that_goes_on_says_who_has_it_and_not_how_an_earlier_part_ended():
    (found,) = episodes(
        [
            spell(MONDAY, after(10), reason="Behaviour", end_reason="Outcomes met"),
            spell(after(11), None, case="C-2", organisation="Witney", reason="Housing"),
        ]
    )

    assert (found.reason, found.end_reason) == ("Behaviour", "")
    assert found.last.organisation == "Witney"


def test_a_case_closed_before_it_was_opened_is_kept_as_it_is_recorded():
    (found,) = episodes([spell(MONDAY, after(-3))])

    assert (found.since, found.until) == (MONDAY, after(-3))


DAYS = some.integers(0, 120)
SPELLS = some.lists(
    some.tuples(some.integers(1, 3), DAYS, some.none() | some.integers(0, 20)), max_size=12
)


@given(SPELLS)
def test_whatever_the_spells_no_day_of_help_is_lost_or_added_and_gaps_are_of_two_days(drawn):
    spells = [
        spell(
            after(start),
            None if length is None else after(start + length),
            child=child,
            case=f"C-{number}",
        )
        for number, (child, start, length) in enumerate(drawn)
    ]

    found = episodes(spells)

    assert sorted(one.case for episode in found for one in episode.spells) == sorted(
        one.case for one in spells
    )
    assert len({episode.id for episode in found}) == len(found)
    for before, later in pairwise(found):
        if before.child == later.child:
            assert before.until is not None
            assert later.since - before.until > A_DAY
    for episode in found:
        assert all(episode.child == one.child for one in episode.spells)
        assert episode.since == min(one.since for one in episode.spells)
        ends = [one.until for one in episode.spells]
        assert episode.until == (None if None in ends else max(ends))
        assert episode.last.organisation == "Banbury"


@given(SPELLS)
def test_the_order_in_which_spells_come_does_not_matter(drawn):
    spells = [
        spell(after(start), None if length is None else after(start + length), child=child)
        for child, start, length in drawn
    ]

    assert [(one.child, one.since, one.until) for one in episodes(spells)] == [
        (one.child, one.since, one.until) for one in episodes(spells[::-1])
    ]
