"""What the worker does for the front door."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from kith.accounts.models import User
from kith.accounts.viewer import seeing_as
from kith.jobs.progress import Progress
from kith.jobs.registry import errand, every, work
from kith.referrals import queries
from kith.referrals.actions import clear_expired_drafts, filing
from kith.referrals.actions.scanning import SCAN_FILES, scan_soon
from kith.referrals.scanning import scan_waiting


@work(filing.READ_FILE, title="Read a file of requests", in_parts=True)
def read_file(progress: Progress, file: str) -> dict[str, Any]:
    """Receive each row of a file once, however often the worker is killed on the way."""
    progress.step("Checking every row")
    with seeing_as(progress.by):
        kept = queries.request_files(progress.by).get(pk=file)
        rows = filing.rows_of(kept) if kept.content else []
    progress.step("Sending the good rows")
    for row in rows:
        with progress.once(f"row {row.number}") as first:
            if first:
                filing.receive_row(file=kept, row=row, by=progress.by, at=timezone.now())
        progress.advance(total=len(rows))
    with progress.once("put away") as first:
        if first:
            filing.put_away(file=kept, by=progress.by, at=timezone.now())
        counts = queries.file_outcomes(progress.by, kept)
    refused = counts.get("refused", 0)
    said = f"{sum(counts.values())} rows read, {refused} not sent."
    return {"said": said, "see": f"/requests/files/{kept.pk}/"}


@errand(SCAN_FILES)
def scan_files() -> None:
    """Scan files for viruses that could not be scanned when they were sent."""
    scan_waiting()


@every("* * * * *", "referrals.scan")
def scan(*, by: User, at: datetime) -> None:
    """Look for files that wait to be scanned."""
    scan_soon(by=by, at=at)


@every("*/10 * * * *", "referrals.expired_drafts")
def expired_drafts(*, by: User, at: datetime) -> None:
    """Throw away unfinished requests whose time is over, and tell the desk of those that hint at danger."""
    clear_expired_drafts(by=by, at=at)


@every("20 2 * * *", "referrals.old_files")
def old_files(*, by: User, at: datetime) -> None:
    """Throw away what stood in refused rows of old files."""
    filing.clear_old_rows(by=by, at=at)
