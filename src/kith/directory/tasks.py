"""What the worker does for the directory: reads other directories, and asks whether entries are true."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils import timezone

from kith.accounts.models import User
from kith.accounts.viewer import seeing_as
from kith.directory import actions, arriving, brought, neighbours
from kith.directory.actions.bringing import bring_parents, bring_record, end_reading, take_away
from kith.directory.actions.filing import bring_row, end_table, rows_of
from kith.directory.actions.sources import note_terms
from kith.directory.fetching import NotRead, Reader
from kith.directory.models import Reading
from kith.jobs.progress import Failed, Progress
from kith.jobs.registry import every, work

SAY_EVERY = 25  # services read, between words of how far it is


@work(actions.READ_SOURCE, title="Read another directory", in_parts=True)
def read_source(progress: Progress, *, reading: int) -> dict[str, Any]:
    """Read another directory, and look what would come of it or bring it, a record at a time."""
    with seeing_as(progress.by):
        found = brought.reading_numbered(reading)
    if found is None:
        raise Failed("This is not there any more. Ask for it again.")

    def read(count: int, total: int | None) -> None:
        if count % SAY_EVERY == 1:
            progress.step(f"Reading their list: service {count:,}")

    progress.step("Asking for their list")
    try:
        with Reader() as reader:
            fetched = neighbours.fetch(found.source.address, reader, read)
    except NotRead as problem:
        raise Failed(
            f"{found.source.name} could not be read. {problem} Nothing was changed."
        ) from None
    try:
        return bring(progress, found, fetched)
    finally:
        fetched.close()


def bring(
    progress: Progress,
    reading: Reading,
    fetched: neighbours.Fetched,
    now: Callable[[], datetime] = timezone.now,
) -> dict[str, Any]:
    """Bring what was read, or look what would come of it. `now` is another clock in a demonstration."""
    source, by = reading.source, progress.by
    progress.step("Reading their terms")
    with progress.once("terms") as first:
        if first:
            counted = _count_terms(fetched)
            note_terms(source=source, counted=counted, by=by, at=now())
    progress.step("Comparing" if reading.kind == Reading.Kind.LOOK else "Bringing them in")
    seen: dict[str, str] = {}
    parents: dict[str, str] = {}
    told: set[tuple[str, str]] = set()
    for number, record in enumerate(fetched.services(), 1):
        key, again = arriving.key_of(record), ""
        marks = hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()
        if key in seen:
            same = seen[key] == marks
            again = f"Its id came before{'' if same else ' with other words; the first was taken'}."
        elif key:
            seen[key] = marks
        with progress.once(f"{number} {marks[:40]}") as first:
            if first:
                bring_record(
                    reading=reading, number=number, record=record, again=again, told=told, by=by,
                    at=now(),
                )  # fmt: skip
        if (above := _parent(record)) is not None:
            parents.setdefault(*above)
        progress.advance(total=fetched.count)
    notes = list(fetched.notes)
    with progress.once("the rest") as first:
        if first:
            at = now()
            if reading.kind == Reading.Kind.IMPORT:
                notes += bring_parents(source=source, parents=parents, by=by, at=at)
            if fetched.whole:
                notes += take_away(
                    reading=reading, seen=seen, first=fetched.count + 1, by=by, at=at
                )
            else:
                notes.append("It was not read to its end, so nothing was taken for gone.")
            counts = Counter(brought.outcomes_of(reading))
            other = sum(count for outcome, count in counts.items() if outcome != "gone")
            counts["same"] = fetched.count - other
            end_reading(reading=reading, counts=counts, notes=notes, by=by, at=at)
    see = f"/directory/sources/{source.uid}/readings/{reading.pk}/"
    said = (
        "One service was read." if fetched.count == 1 else f"{fetched.count:,} services were read."
    )
    return {"said": said, "see": see}


def _count_terms(fetched: neighbours.Fetched) -> list[tuple[arriving.Term, int]]:
    counts: Counter[str] = Counter()
    terms: dict[str, arriving.Term] = {}
    for record in fetched.services():
        for term in arriving.terms_of(record):
            counts[term.key] += 1
            terms.setdefault(term.key, term)
            if len(terms) > arriving.MOST_TERMS_OF_ALL:
                return [(terms[key], count) for key, count in counts.most_common()]
    return [(terms[key], count) for key, count in counts.most_common()]


def _parent(record: Any) -> tuple[str, str] | None:
    giver = record.get("organization") if isinstance(record, dict) else None
    if not isinstance(giver, dict):
        return None
    key = arriving.key_of(giver)
    return (key, arriving.key_of({"id": giver.get("parent_organization_id")})) if key else None


# After midnight of either clock, when other directories have been brought up to date.
@every("35 3 * * *", "directory.read_sources")
def read_sources(*, by: User, at: datetime) -> None:
    """Have every directory read again that is read daily."""
    for source in brought.daily_sources():
        actions.read_source(source=source, kind="import", by=by, at=at)


@every("40 6 * * *", "directory.assurance")
def ask_for_assurance(*, by: User, at: datetime) -> None:
    """Ask those who keep entries whether they are true, and hide what nobody confirmed."""
    actions.ask_for_assurance(by=by, at=at)


@every("5 4 * * *", "directory.twins")
def find_twins(*, by: User, at: datetime) -> None:
    """Look for entries that may stand twice, once other directories were read."""
    actions.find_twins(by=by, at=at)


@every("45 6 * * *", "directory.proposals")
def chase_proposals(*, by: User, at: datetime) -> None:
    """Write of changes to entries that wait too long for an answer."""
    actions.chase_proposals(by=by, at=at)


@every("45 2 * * *", "directory.forget")
def forget_who_remarked(*, by: User, at: datetime) -> None:
    """Delete addresses of people who said something about an entry, once nobody needs them."""
    actions.forget_who_remarked(by=by, at=at)
    actions.forget_not_found(by=by, at=at)


@work(actions.READ_TABLE, title="Import services from a spreadsheet", in_parts=True)
def read_table(progress: Progress, *, file: int) -> dict[str, Any]:
    """Bring each good row of a table once."""
    progress.step("Checking every row")
    with seeing_as(progress.by):
        found = brought.service_file_numbered(file)
        if found is None:
            raise Failed("This file is not there any more. Send it again.")
        rows = rows_of(bytes(found.content)) if found.content else []
    good = [row for row in rows if not row.problems]
    progress.step("Bringing the good rows")
    for row in good:
        with progress.once(f"row {row.number}") as first:
            if first:
                bring_row(file=found, row=row, by=progress.by, at=timezone.now())
        progress.advance(total=len(good))
    with progress.once("put away") as first:
        if first:
            end_table(file=found, rows=rows, by=progress.by, at=timezone.now())
    said = "One row was read." if len(good) == 1 else f"{len(good):,} rows were read."
    return {"said": said, "see": f"/directory/files/{found.uid}/"}


@every("50 2 * * *", "directory.old_tables")
def forget_old_tables(*, by: User, at: datetime) -> None:
    """Throw away tables that nobody imported."""
    actions.forget_old_tables(by=by, at=at)
