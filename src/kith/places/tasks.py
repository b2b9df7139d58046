"""Taking in official files in the background."""

from typing import Any

from django.utils import timezone

from kith.jobs.progress import Failed, Progress
from kith.jobs.registry import work
from kith.places import actions, queries
from kith.places.files import WrongFile


@work("places.import", title="Take in an official file")
def take_in(progress: Progress, *, upload: str) -> dict[str, Any]:
    """Take in a file that was kept and confirmed."""
    kept = queries.find_upload(upload)
    if kept is None:
        raise Failed("The file was not confirmed in time. Upload it again.")
    progress.step(f"Taking in {kept.name}")
    try:
        done = actions.take_in(upload=kept, by=progress.by, at=timezone.now())
    except actions.AlreadyTakenIn as problem:
        raise Failed(str(problem)) from None
    except WrongFile as wrong:
        raise Failed(f"The file does not fit what is here any more: {wrong}") from None
    return {"said": done.sentence, "see": "/places/"}
