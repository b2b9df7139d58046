"""What the demonstration county's managers and workers say of their work with families."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kith.demo.helping import Case

INTENSIVE, LIGHTER = 0.16, 0.3  # of cases: those that need more for a while, and less near the end
MORE = (
    "Three agencies are involved and {mum} asks us to hold them together.",
    "{child} has been out of school for two weeks; we go there three times a week.",
    "{mum} is in hospital, and we see the children every other day.",
)
CALMER = (
    "The worst is over. A visit a week is enough now.",
    "School has a plan for {child} that works; we see the family once a week again.",
)
LESS = (
    "What was agreed goes on by itself. We ring every three weeks until we close.",
    "{mum} knows whom to ask. A last few visits, further apart.",
)


def set_intensity(case: Case, first: datetime, ends: datetime) -> None:
    """Say how much work a family needs, as it changes while a hub works with it."""
    # Looking at the state takes nothing from the chance of the story itself.
    rng = Random(f"intensity {case.row.id} {first:%Y%m%d}")
    last = min(ends, case.story.now)
    changes: list[tuple[datetime, str, tuple[str, ...]]] = []
    if rng.random() < INTENSIVE:
        begins = first + timedelta(days=rng.randint(4, 40))
        changes.append((begins, "intensive", MORE))
        changes.append((begins + timedelta(days=rng.randint(28, 90)), "usual", CALMER))
    if rng.random() < LIGHTER:
        changes.append((ends - timedelta(days=rng.randint(20, 45)), "light", LESS))
    now, after = "usual", first
    for moment, intensity, reasons in changes:
        if moment <= after:
            continue
        at = case.moment(moment)
        if at >= last:
            return
        if now == intensity:
            continue
        worker = case.worker_at(at)
        case.book.add(
            "casework.IntensityChange",
            at,
            worker.user,
            case_id=case.row.id,
            was=now,
            now=intensity,
            reason=rng.choice(reasons).format_map(case.request.who),
            by_id=worker.user,
            at=at,
        )
        case.changes.append((at, worker.user, {"intensity": intensity}))
        case.log("case.intensity_set", at, (worker.user, worker.name), {"intensity": intensity})
        now, after = intensity, at
