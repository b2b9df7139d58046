"""Asking for a return, making it in the background, taking its file, and forgetting it."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction

from kith.accounts.models import User
from kith.analytics.days import months_after
from kith.analytics.returns import annex_a, annex_a_reading, cin, ssd
from kith.analytics.returns import facts as plain
from kith.analytics.returns.annex_a_reading import Report
from kith.analytics.returns.faults import Fault, faults
from kith.audit.actions import record
from kith.jobs import actions as jobs
from kith.returns import files, queries, workbook
from kith.returns.models import Return, ReturnFile, ToMend
from kith.returns.permissions import may_clear, may_make

TASK = "returns.make"
# For so long the file and what is to be mended are kept.
KEPT_DAYS = 14
BATCH = 2_000
Kind, Form = Return.Kind, Return.Form
FORMS: dict[str, tuple[str, ...]] = {
    Kind.ANNEX_A: (Form.XLSX,),
    Kind.SSD: (Form.ZIP, Form.XLSX),
    Kind.CIN: (Form.XML,),
}
Step = Callable[[str], None]


class NothingToTell(Exception):
    """There is nobody of whom this return would tell. The message says so."""


class Forgotten(Exception):
    """The file has been thrown away, because it is old."""


def since_when(kind: str, on: date) -> date:
    """Return the first day that a return tells of."""
    if kind == Kind.SSD:
        return months_after(on, -12 * ssd.HISTORY_YEARS)
    if kind == Kind.CIN:
        return date(cin.census_year(on) - 1, 4, 1)
    return months_after(on, -annex_a.MONTHS)


@transaction.atomic
def ask(*, kind: str, form: str, on: date, by: User, at: datetime) -> Return:
    """Have a return made in the background. Raises PermissionDenied."""
    may_make(by).or_raise()
    if form not in FORMS[kind]:
        raise ValueError(f"{kind} is not made as {form}")
    asked = Return(kind=kind, form=form, since=since_when(kind, on), on=on, by=by, at=at)
    asked.job = jobs.start(
        TASK,
        title=f"{asked.get_kind_display()}, {on:%-d %B %Y}",
        arguments={"asked": str(asked.pk)},
        by=by,
        at=at,
    )
    asked.save(force_insert=True)
    after = {"return": kind, "since": asked.since, "on": on, "form": form}
    record("return.asked", subject=asked, by=by, at=at, after=after)
    return asked


@transaction.atomic
def make(*, asked: Return, by: User, at: datetime, step: Step) -> Return:
    """Make a return's file and keep it. Raises PermissionDenied or NothingToTell.

    It is made of what `by` may see now, which is everything or nothing.
    """
    asked = Return.objects.select_for_update().get(pk=asked.pk)
    may_make(by).or_raise()
    if asked.made_at is not None:
        return asked
    step("Reading the records")
    told = queries.facts(by, since=asked.since, on=asked.on, homes=asked.kind == Kind.SSD)
    step("Looking for what must be mended")
    # The census tells of those passed on alone.
    of_whom = plain.Facts(told.children, passed_on=told.passed_on)
    checked = of_whom if asked.kind == Kind.CIN else told
    wrong = faults(checked, since=asked.since, on=asked.on)
    rows: dict[str, int] = {}

    def done(name: str, count: int) -> None:
        rows[name] = count
        step(f"{name} is written")

    if asked.kind == Kind.CIN:
        try:
            content = cin.census(
                told,
                since=asked.since,
                on=asked.on,
                authority=settings.KITH_LA_CODE,
                made_at=at,
            )
        except cin.NobodyPassedOn:
            raise NothingToTell(
                "Nobody was passed to children’s social care in this year, so there is no census to make."
            ) from None
        rows["Children"] = content.count(b"<Child>")
    else:
        write = files.csv_files if asked.form == Form.ZIP else files.workbook
        if asked.kind == Kind.SSD:
            content = write(ssd.COLUMNS, ssd.tables(told, on=asked.on), wrong, done=done)
        else:
            content = write(annex_a.COLUMNS, annex_a.lists(told, on=asked.on), wrong, done=done)
    step("Keeping the file")
    _keep(asked, content, wrong)
    asked.made_at, asked.rows = at, rows
    asked.faults = dict(Counter(fault.kind for fault in wrong))
    asked.save(update_fields=["made_at", "rows", "faults"])
    after = {"return": asked.kind, "rows": rows, "to_mend": len(wrong)}
    record("return.made", subject=asked, by=by, at=at, after=after)
    return asked


def _keep(asked: Return, content: bytes, wrong: list[Fault]) -> None:
    kept = ReturnFile(
        made=asked,
        name=f"{asked.kind.replace('_', '-')}-{asked.on:%Y-%m-%d}.{asked.form}",
        content_type=files.TYPES[asked.form],
        size=len(content),
        content=content,
    )
    kept.save(force_insert=True)
    ToMend.objects.bulk_create(
        (
            ToMend(made=asked, order=order, kind=fault.kind, what=fault.what, family=fault.family)
            for order, fault in enumerate(wrong)
        ),
        batch_size=BATCH,
    )


@transaction.atomic
def take(*, made: Return, by: User, at: datetime) -> ReturnFile:
    """Return a return's file to whoever asked for it. Raises PermissionDenied or Forgotten."""
    may_make(by).or_raise()
    kept = queries.file_of(by, made)
    if kept is None:
        raise Forgotten
    record("return.taken", subject=made, by=by, at=at, after={"file": kept.name})
    return kept


@transaction.atomic
def forget(*, made: Return, by: User, at: datetime) -> Return:
    """Throw a return's file away before its time. Raises PermissionDenied."""
    may_make(by).or_raise()
    made = Return.objects.select_for_update().get(pk=made.pk, by=by)
    if made.forgotten_at is None and made.made_at is not None:
        _throw_away(made, at)
        record("return.forgotten", subject=made, by=by, at=at)
    return made


@transaction.atomic
def forget_old(*, by: User, at: datetime) -> int:
    """Throw away the files of returns that are old; returns of how many."""
    may_clear(by).or_raise()
    old = Return.objects.filter(
        made_at__lt=at - timedelta(days=KEPT_DAYS), forgotten_at__isnull=True
    )
    count = 0
    for made in old.select_for_update():
        _throw_away(made, at)
        record("return.forgotten", subject=made, by=by, at=at)
        count += 1
    return count


def _throw_away(made: Return, at: datetime) -> None:
    ReturnFile.objects.filter(made=made).delete()
    ToMend.objects.filter(made=made).delete()
    made.forgotten_at = at
    made.save(update_fields=["forgotten_at"])


@transaction.atomic
def read_workbook(*, content: bytes, by: User, at: datetime) -> Report:
    """Read an Annex A workbook of somebody else's, and keep nothing of it but that it was read.

    Raises PermissionDenied or workbook.Unreadable.
    """
    may_make(by).or_raise()
    report = annex_a_reading.read(workbook.sheets_of(content))
    after = {"rows": sum(report.rows.values()), "wrong": len(report.wrong)}
    record("return.workbook_read", subject=by, by=by, at=at, after=after)
    return report
