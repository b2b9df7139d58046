"""A partner sends many requests in one file: good rows go in, bad rows come back with reasons."""

from datetime import datetime, timedelta

from django.db import transaction

from kith.accounts.models import User
from kith.accounts.permissions import Permission
from kith.audit.actions import record
from kith.jobs import actions as jobs
from kith.partners import queries as partners
from kith.referrals import files
from kith.referrals.actions.receiving import (
    AlreadyReceived,
    NothingWaits,
    Refused,
    problems_of,
    receive,
    update_undecided,
)
from kith.referrals.models import FileRow, Need, Referral, RequestFile
from kith.referrals.permissions import may_clear_drafts, may_send_for_team
from kith.referrals.requests import Problem

READ_FILE = "referrals.read_file"
# For so long the bad rows of a file can be fetched.
KEPT_DAYS = 30
Outcome = FileRow.Outcome


@transaction.atomic
def send_file(*, name: str, content: bytes, by: User, at: datetime) -> RequestFile:
    """Keep a file and have its rows read. Raises PermissionDenied or files.Unreadable."""
    may_send_for_team(by).or_raise()
    rows = files.read(name, content)
    file = RequestFile(
        team=by.teams_granting(Permission.REFERRAL_SEND)[0],
        by=by,
        at=at,
        name=name[-150:],
        rows=len(rows),
        content=content,
    )
    file.job = jobs.start(READ_FILE, arguments={"file": str(file.pk)}, by=by, at=at)
    file.save(force_insert=True)
    record("file.sent", subject=file, by=by, at=at, after={"rows": len(rows)})
    return file


def rows_of(file: RequestFile) -> list[files.Row]:
    """Return the rows of a file as they are understood. Raises files.Unreadable."""
    table = files.read(file.name, bytes(file.content))
    urns = {
        int(cells[f"child_{n}_school_urn"])
        for _, cells in table
        for n in range(1, files.CHILDREN + 1)
        if cells.get(f"child_{n}_school_urn", "").isdecimal()
        and len(cells[f"child_{n}_school_urn"]) < 10
    }
    organisation = partners.active().filter(team=file.team).first()
    needs = {}
    for need in Need.objects.filter(active=True):
        for word in (need.code, need.name, need.plain_name):
            needs[word.lower()] = need.code
    sending = files.Sending(
        organisation_id=organisation.pk if organisation else None,
        organisation_name=str(organisation or file.team),
        needs=needs,
        schools={
            school.urn: school.pk
            for school in partners.schools().filter(urn__in=urns)
            if school.urn is not None
        },
    )
    return files.understand(table, sending)


@transaction.atomic
def receive_row(*, file: RequestFile, row: files.Row, by: User, at: datetime) -> FileRow:
    """Receive one row of a file and keep what became of it. Raises PermissionDenied."""
    may_send_for_team(by).or_raise()
    outcome, referral, problems = _received(row, by, at)
    refused = outcome == Outcome.REFUSED
    kept = FileRow(
        file=file,
        number=row.number,
        outcome=outcome,
        referral=referral,
        problems=[[files.column_of(problem), problem.message] for problem in problems],
        cells=dict(row.cells) if refused else {},
    )
    kept.save(force_insert=True)
    return kept


@transaction.atomic
def put_away(*, file: RequestFile, by: User, at: datetime) -> None:
    """Throw the content of a file away, now that every row of it has been read."""
    may_send_for_team(by).or_raise()
    file.content = b""
    file.save(update_fields=["content"])
    record("file.read", subject=file, by=by, at=at, after={"rows": file.rows})


@transaction.atomic
def clear_old_rows(*, by: User, at: datetime) -> int:
    """Throw away what stood in refused rows of old files; returns in how many rows."""
    may_clear_drafts(by).or_raise()
    old = at - timedelta(days=KEPT_DAYS)
    unread = RequestFile.objects.filter(at__lt=old).exclude(content=b"")
    unread.update(content=b"")
    return FileRow.objects.filter(file__at__lt=old).exclude(cells={}).update(cells={})


def _received(
    row: files.Row, by: User, at: datetime
) -> tuple[Outcome, Referral | None, list[Problem]]:
    if row.request is None:
        of_rest = problems_of(row.rest, at) if row.rest else []
        return Outcome.REFUSED, None, files.all_problems(row, of_rest)
    try:
        return Outcome.SENT, receive(request=row.request, by=by, at=at).referral, []
    except Refused as refused:
        return Outcome.REFUSED, None, refused.problems
    except AlreadyReceived as received:
        referral = received.referral
    try:
        new = update_undecided(referral=referral, request=row.request, by=by, at=at)
    except NothingWaits:
        return Outcome.DECIDED, referral, []
    return (Outcome.CHANGED if new else Outcome.SAME), referral, []
