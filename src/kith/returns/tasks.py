"""Making returns in the background, and forgetting old ones."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from kith.accounts.models import User
from kith.jobs.progress import Failed, Progress
from kith.jobs.registry import every, work
from kith.returns import actions, queries


@work(actions.TASK, title="Make a statutory return")
def make(progress: Progress, *, asked: str) -> dict[str, Any]:
    """Make the return that somebody asked for, of what they may see."""
    found = queries.visible_to(progress.by).filter(pk=asked).first()
    if found is None:
        raise Failed("This return is not there any more. Ask for it again.")
    try:
        made = actions.make(asked=found, by=progress.by, at=timezone.now(), step=progress.step)
    except (PermissionDenied, actions.NothingToTell) as refusal:
        raise Failed(str(refusal)) from None
    count = sum(made.faults.values())
    things = "thing must" if count == 1 else "things must"
    mend = f"{count:,} {things} be mended." if count else "Nothing to mend was found."
    return {"said": f"The file is ready. {mend}", "see": f"/returns/{made.pk}/"}


@every("40 2 * * *", "returns.forget_old")
def forget_old(*, by: User, at: datetime) -> None:
    """Throw away the files of returns that are old."""
    actions.forget_old(by=by, at=at)
