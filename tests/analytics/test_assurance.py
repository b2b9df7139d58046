"""When somebody is asked whether an entry is true, and when nobody reads it any more."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from kith.analytics.assurance import AHEAD, Stage, Step, standing
from kith.analytics.days import months_after

CHECKED = date(2026, 3, 10)
DUE = date(2026, 6, 10)


def on(day, *steps, months=6, hidden=False):
    return standing(
        day, checked_on=CHECKED, steps=frozenset(steps), hidden=hidden, hide_months=months
    )


def test_it_is_asked_a_fortnight_before_three_months_are_over_and_again_when_they_are():
    assert on(DUE - timedelta(days=15)).stage == Stage.CHECKED
    assert on(DUE - timedelta(days=15)).owed == set()
    assert on(DUE - AHEAD).owed == {Step.ASKED}
    asked = (Step.ASKED, DUE - AHEAD)
    assert on(DUE - AHEAD, asked).owed == set(), "asking twice a day comes to the same"
    assert on(DUE - timedelta(days=1), asked).owed == set()
    assert (on(DUE, asked).stage, on(DUE, asked).owed) == (Stage.DUE, {Step.ASKED})
    again = (Step.ASKED, DUE)
    assert on(DUE + timedelta(days=1), asked, again).stage == Stage.OVERDUE
    assert on(DUE + timedelta(days=13), asked, again).owed == set()
    assert on(DUE + timedelta(days=14), asked, again).owed == {Step.TOLD}
    assert on(DUE + timedelta(days=14), asked, again).asked == 2


def test_it_is_hidden_when_the_county_says_a_fortnight_after_a_warning_and_not_before():
    asked = [(Step.ASKED, DUE), (Step.TOLD, DUE + AHEAD)]
    hides = date(2026, 9, 10)
    assert on(hides - timedelta(days=15), *asked).owed == set()
    assert on(hides - AHEAD, *asked).owed == {Step.WARNED}
    assert on(hides, *asked).owed == {Step.WARNED}, "never without a warning"
    assert on(hides, *asked).hides_on == hides + AHEAD
    warned = [*asked, (Step.WARNED, hides - AHEAD)]
    assert on(hides - timedelta(days=1), *warned).owed == set()
    assert on(hides, *warned).owed == {Step.HIDDEN}
    assert on(hides, *warned, months=None).owed == set(), "the county hides nothing"
    assert on(hides, *warned, months=None).hides_on is None
    assert on(hides, *warned, months=9).owed == set(), "and a later day is warned of anew"
    assert on(date(2026, 12, 10) - AHEAD, *warned, months=9).owed == {Step.WARNED}


def test_what_was_never_checked_is_asked_about_at_once_and_hidden_three_months_later():
    def never(day, *steps):
        return standing(day, checked_on=None, steps=frozenset(steps), hide_months=6)

    assert never(CHECKED).owed == {Step.ASKED}
    asked = (Step.ASKED, CHECKED)
    assert never(CHECKED + AHEAD, asked).owed == {Step.TOLD}
    assert never(DUE - AHEAD, asked, (Step.TOLD, CHECKED + AHEAD)).owed == {Step.WARNED}


def test_what_was_done_before_the_last_check_counts_no_more():
    old = (Step.WARNED, CHECKED), (Step.ASKED, CHECKED - timedelta(days=9))
    assert (on(DUE - AHEAD, *old).owed, on(DUE, *old).asked) == ({Step.ASKED}, 0)


@given(
    checked=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    late=st.integers(0, 900),
    months=st.none() | st.integers(4, 24),
)
def test_after_a_stop_of_any_length_what_was_missed_is_made_up_once(checked, late, months):
    today = months_after(checked, 3) + timedelta(days=late)
    first = standing(today, checked_on=checked, hide_months=months)
    done = frozenset((step, today) for step in first.owed)
    assert len(first.owed & {Step.ASKED, Step.WARNED}) == 1, "one letter"
    assert Step.HIDDEN not in first.owed
    again = standing(today, checked_on=checked, steps=done, hide_months=months)
    assert again.owed == set()


class AnyDays(RuleBasedStateMachine):
    """Days go by, some without the job; somebody confirms now and then; the county changes its rule."""

    @initialize(checked=st.none() | st.dates(date(2026, 1, 1), date(2026, 6, 1)))
    def begin(self, checked):
        self.today, self.checked, self.months = date(2026, 6, 1), checked, 6
        self.steps, self.hidden, self.promised = set(), False, None

    def now(self):
        return standing(
            self.today,
            checked_on=self.checked,
            steps=frozenset(self.steps),
            hidden=self.hidden,
            hide_months=self.months,
        )

    @rule(days=st.integers(1, 40))
    def days_go_by(self, days):
        self.today += timedelta(days=days)

    @rule(times=st.integers(1, 2))
    def the_job_runs(self, times):
        for number in range(times):
            before = self.now()
            assert number == 0 or before.owed == set()
            for step in before.owed:
                assert (step, self.today) not in self.steps
                self.steps.add((step, self.today))
            if Step.WARNED in before.owed:
                self.promised = before.hides_on
            if Step.HIDDEN in before.owed:
                self.hidden = True
                warned = [day for step, day in self.steps if step == Step.WARNED]
                assert self.months is not None
                assert self.today >= min(warned) + AHEAD
                assert self.promised <= self.today, "never before the day that was written"
                if self.checked:
                    assert self.today >= months_after(self.checked, self.months)

    @rule()
    def somebody_confirms(self):
        self.checked, self.hidden = self.today, False
        self.promised = None

    @rule(months=st.none() | st.integers(4, 24))
    def the_county_changes_its_rule(self, months):
        self.months = months

    @invariant()
    def what_stands_agrees_with_the_days(self):
        now = self.now()
        if self.hidden:
            assert (now.stage, now.owed) == (Stage.HIDDEN, set())
        elif self.checked == self.today:
            assert (now.stage, now.owed, now.asked) == (Stage.CHECKED, set(), 0)
        elif now.stage == Stage.CHECKED:
            assert now.owed == set()
            assert self.today < now.due_on - AHEAD
        if now.hides_on is not None:
            assert self.months is not None
            assert now.hides_on > now.due_on


TestAnyDays = AnyDays.TestCase
