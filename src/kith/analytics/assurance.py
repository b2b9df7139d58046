"""Whether what is said of something can still be relied on, and who must be asked about it today."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from kith.analytics.days import months_after

TERM_MONTHS = 3  # so long what was checked is relied on
AHEAD = timedelta(days=14)  # it is asked so long before that is over, and warned before hiding
TEAM_AFTER = timedelta(days=14)  # those who keep the list are told when nobody answers for so long


class Stage(StrEnum):
    """How an entry stands."""

    CHECKED = "checked"
    DUE = "due"  # the three months are over within a fortnight
    OVERDUE = "overdue"
    HIDDEN = "hidden"


class Step(StrEnum):
    """What was done about an entry on a day."""

    ASKED = "asked"
    TOLD = "told"  # those who keep the list
    WARNED = "warned"  # that it will be hidden
    HIDDEN = "hidden"


@dataclass(frozen=True)
class Standing:
    """How an entry stands on a day, and what is to be done about it then.

    `due_on` is the last day on which it can be relied on. `hides_on` is the day on which nobody will
    read it any more if it is not confirmed: None where it never is hidden, or is already.
    """

    stage: Stage
    due_on: date
    hides_on: date | None
    owed: frozenset[Step]
    asked: int  # how often, since it was checked last


def standing(
    today: date,
    *,
    checked_on: date | None,
    steps: frozenset[tuple[Step, date]] = frozenset(),
    hidden: bool = False,
    hide_months: int | None,
) -> Standing:
    """Say how an entry stands, from what was done about it since somebody last said it is true.

    It is asked a fortnight before three months are over, and again when they are; a fortnight later
    those who keep the list are told. Where `hide_months` is set, it is hidden so many months after
    it was checked, and never sooner than a fortnight after a warning. What nobody ever checked
    counts as due on the day on which it is first asked about. What is done on a day is not owed
    again, and what was missed is made up once.
    """
    since = {(step, on) for step, on in steps if checked_on is None or on > checked_on}
    letters = [on for step, on in since if step in (Step.ASKED, Step.WARNED)]
    begun = min((on for _, on in since), default=today)
    counts_from = checked_on or months_after(begun, -TERM_MONTHS)
    due_on = months_after(counts_from, TERM_MONTHS)
    overdue = today > due_on

    owed: set[Step] = set()
    asked_by = max(letters, default=date.min)
    if any(asked_by < milestone <= today for milestone in (due_on - AHEAD, due_on)):
        owed.add(Step.ASKED)
    if today >= due_on + TEAM_AFTER and not _done(Step.TOLD, since, due_on):
        owed.add(Step.TOLD)

    hides_on = None
    if hide_months is not None:
        earliest = months_after(counts_from, hide_months)
        warned = [on for step, on in since if step == Step.WARNED and on >= earliest - AHEAD]
        # A warning comes before hiding, however late it was sent.
        hides_on = max(earliest, min(warned, default=today) + AHEAD)
        if not warned and today >= earliest - AHEAD:
            owed.add(Step.WARNED)
            owed.discard(Step.ASKED)  # one letter says both
        elif warned and today >= hides_on:
            owed.add(Step.HIDDEN)
    if hidden:
        return Standing(Stage.HIDDEN, due_on, None, frozenset(), len(letters))
    stage = Stage.OVERDUE if overdue else Stage.DUE if today >= due_on - AHEAD else Stage.CHECKED
    return Standing(stage, due_on, hides_on, frozenset(owed), len(letters))


def _done(step: Step, since: set[tuple[Step, date]], from_day: date) -> bool:
    return any(done == step and on >= from_day for done, on in since)
