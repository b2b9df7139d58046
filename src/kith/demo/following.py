"""Asking the demonstration county's families how things are, after help has ended."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from kith.analytics.days import months_after
from kith.casework.following import MONTHS, NOT_ASKED

if TYPE_CHECKING:
    from kith.demo.helping import Case

ASKED, REACHED = 0.72, 0.6  # of families that agreed; of those asked
SAID: dict[str, str] = {
    "much_better": "They say that it has stayed much better.",
    "better": "They manage. Mornings are calmer than they were.",
    "same": "About as it was when we stopped.",
    "worse": "It is harder again since the summer. They know how to reach us.",
}
LASTS: dict[str, tuple[tuple[str, int], ...]] = {
    "much_better": (("much_better", 5), ("better", 4), ("same", 1)),
    "better": (("better", 6), ("same", 3), ("worse", 2)),
    "same": (("same", 6), ("better", 2), ("worse", 2)),
    "worse": (("worse", 5), ("same", 4), ("better", 1)),
}


def follow_up(case: Case, ended: datetime, why: str, outcome: str) -> None:
    """Write down what was asked at three and at six months, of families that agreed."""
    rng, story = case.rng, case.story
    agreed = any(
        one["purpose"] == "stay_in_touch" and one["ended_at"] is None for one in case.sharing
    )
    if not agreed or why in NOT_ASKED:
        return
    for months in MONTHS:
        day = months_after(ended.date(), months)
        at = story.work_moment(story.days.add(story.days.on_or_after(day), rng.randint(0, 9)))
        if at >= story.now or rng.random() > ASKED:
            continue
        reached = rng.random() < REACHED
        lasts = LASTS.get(outcome, LASTS["same"])
        now = rng.choices([one for one, _ in lasts], [n for _, n in lasts])[0] if reached else ""
        case.book.add(
            "casework.FollowUp",
            at,
            case.manager[0],
            case_id=case.row.id,
            months=months,
            on=at.date(),
            how=rng.choice(("phone", "phone", "text", "visit")),
            reached=reached,
            outcome=now,
            words=SAID.get(now, ""),
            by_id=case.manager[0],
            recorded_at=at,
        )
