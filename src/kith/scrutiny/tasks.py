"""What the worker does for the committee."""

from kith.accounts.viewer import clock, seeing_as
from kith.jobs.registry import errand
from kith.scrutiny.actions.papers import READ_PAPER, read_later


@errand(READ_PAPER)
def read_paper(paper: int) -> None:
    """Read the words of a large paper, for the search."""
    with seeing_as(clock()):
        read_later(paper=paper)
