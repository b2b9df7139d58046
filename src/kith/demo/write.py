"""Writing the county in bulk: COPY, past row security, as the owner of the tables.

COPY is not allowed into a table with row security for a role that it applies to, and it applies to
the owner because Kith forces it. Within the one transaction of the loading the owner lifts the
force, and puts it back before the end: whoever else is connected never sees a table unguarded,
and a loading that is killed leaves nothing behind. The triggers that write history are still
meanwhile, since the county knows its own past: it writes what each row was, when, and by whom.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection, models
from psycopg import sql

from kith.demo.book import Book, Row

# In the order in which rows need one another.
TABLES = (
    "accounts.Team",
    "accounts.User",
    "accounts.Membership",
    "hubs.StaffPost",
    "partners.Organisation",
    "families.Family",
    "families.Person",
    "families.Membership",
    "families.Address",
    "families.ContactDetail",
    "families.OtherName",
    "families.Relationship",
    "families.Residence",
    "families.SearchKey",
    "families.Spelling",
    "families.Merge",
    "families.Standing",
    "families.EmergencyAccess",
    "referrals.Referral",
    "referrals.ReferralChild",
    "referrals.ReferralNeed",
    "referrals.Step",
    "referrals.StepDown",
    "referrals.Attachment",
    "casework.Case",
    "casework.Allocation",
    "casework.Handover",
    "casework.HandoverOffer",
    "casework.Reopening",
    "casework.IntensityChange",
    "casework.Contact",
    "casework.Note",
    "casework.NoteFile",
    "casework.Schooling",
    "casework.Goal",
    "casework.PlanReview",
    "casework.GoalProgress",
    "casework.Sharing",
    "casework.StepUp",
    "casework.Score",
    "casework.Attendance",
    "casework.Feedback",
    "casework.PlannedAction",
    "casework.TeamMember",
    "casework.LeadProfessional",
    "casework.TeamMeeting",
    "casework.MeetingSeat",
    "casework.Minutes",
    "casework.ReviewedAction",
    "casework.MinutesCopy",
    "casework.FollowUp",
    "supports.Support",
    "supports.Leading",
    "supports.Session",
    "supports.Placement",
    "supports.Attendance",
    "field.Visit",
    "casework.Supervision",
    "casework.SupervisionAddition",
    "casework.CaseReflection",
    "casework.AgreedAction",
    "casework.CaseAudit",
    "casework.AuditedCase",
    "casework.AuditFinding",
    "casework.AuditAction",
    "casework.Assessment",
    "casework.AssessmentShare",
    "casework.AssessmentLook",
    "casework.AssessedPerson",
    "casework.Answer",
    "notices.Notice",
    "audit.Entry",
    "audit.Sight",
)
SERIES = {"referrals_reference": "referrals_reference"}


def next_ids() -> dict[str, int]:
    """Return the number at which each table, and each series of references, goes on."""
    found: dict[str, int] = {}
    with connection.cursor() as cursor:
        for label in TABLES:
            model = apps.get_model(label)
            if model._meta.pk.get_internal_type() != "BigAutoField":
                continue
            cursor.execute(f"select coalesce(max(id), 0) + 1 from {model._meta.db_table}")
            found[label] = cursor.fetchone()[0]
        for series in SERIES:
            cursor.execute(f"select last_value + is_called::int from {series}")
            found[series] = cursor.fetchone()[0]
    return found


@contextmanager
def open_tables():  # type: ignore[no-untyped-def]
    """Lift row security's force and the tables' own triggers until the end of the block."""
    tables = _tables_written()
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        for table in tables:
            cursor.execute(f"alter table {table} disable trigger user")
            cursor.execute(f"alter table {table} no force row level security")
    yield
    with connection.cursor() as cursor:
        # Keys that point to other rows are checked now: a table cannot change with checks pending.
        cursor.execute("set constraints all immediate")
        for table in tables:
            cursor.execute(f"alter table {table} enable trigger user")
            cursor.execute("select relrowsecurity from pg_class where oid = %s::regclass", [table])
            if cursor.fetchone()[0]:
                cursor.execute(f"alter table {table} force row level security")


class Writer:
    """Copies what a book holds into the tables, and goes on with their numbers at the end."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.plans = {label: _Plan(apps.get_model(label)) for label in TABLES}
        self.counts: Counter[str] = Counter()

    def flush(self) -> None:
        """Write everything that waits."""
        rows = self.book.take()
        for label in TABLES:
            if rows.get(label):
                self.counts[label] += len(rows[label])
                self.counts["history"] += self.plans[label].copy(rows[label])

    def finish(self) -> None:
        """Let the database go on numbering where the book has stopped."""
        numbers = self.book.next_ids()
        with connection.cursor() as cursor:
            for label, number in numbers.items():
                if label in SERIES:
                    cursor.execute("select setval(%s, %s, false)", [SERIES[label], number])
                elif label in self.plans:
                    table = self.plans[label].table
                    cursor.execute(
                        "select setval(pg_get_serial_sequence(%s, 'id'), %s, false)",
                        [table, number],
                    )
            for plan in self.plans.values():
                cursor.execute(f"analyze {plan.table}")
                if plan.history:
                    cursor.execute(f"analyze {plan.history}")


class _Plan:
    """How a model's rows, and their past states, become lines of COPY."""

    def __init__(self, model: type[models.Model]) -> None:
        self.table = model._meta.db_table
        fields = list(model._meta.concrete_fields)
        self.names = [field.attname for field in fields]
        self.read = [_reader(field) for field in fields]
        self.statement = _copy_statement(self.table, [str(field.column) for field in fields])
        self.history = ""
        events = getattr(model, "pgh_event_model", None)
        if events is not None:
            self.history = events._meta.db_table
            tracked = [
                field for field in events._meta.concrete_fields if not field.name.startswith("pgh_")
            ]
            self.history_names = [field.attname for field in tracked]
            self.history_read = [_reader(field) for field in tracked]
            self.history_statement = _copy_statement(
                self.history,
                [
                    *("pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_by"),
                    *(field.column for field in tracked),
                ],
            )

    def copy(self, rows: list[Row]) -> int:
        """Write rows and their past states. Returns how many past states."""
        columns = list(zip(self.names, self.read, strict=True))
        _copy(self.statement, ([read(row.values, name) for name, read in columns] for row in rows))
        if not self.history:
            return 0
        _copy(self.history_statement, self._states(rows))
        return sum(len(row.states) for row in rows)

    def _states(self, rows: list[Row]) -> Iterable[list[Any]]:
        columns = list(zip(self.history_names, self.history_read, strict=True))
        for row in rows:
            for at, by, label, values in row.states:
                key = row.values["id"]
                yield [at, label, key, by, *(read(values, name) for name, read in columns)]


def _copy_statement(table: str, columns: list[str]) -> sql.Composed:
    return sql.SQL("copy {} ({}) from stdin").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )


def _copy(statement: sql.Composed, lines: Iterable[list[Any]]) -> None:
    connection.ensure_connection()
    with connection.connection.cursor() as cursor, cursor.copy(statement) as copy:
        for line in lines:
            copy.write_row(line)


def _reader(field: "models.Field[Any, Any]") -> Callable[[dict[str, Any], str], Any]:
    """Return how a column is read from a row's values: with the field's own default, as text."""
    if isinstance(field, models.JSONField):
        empty = field.get_default() if field.has_default() else None
        return lambda values, name: json.dumps(values.get(name, empty), default=str)
    default = field.get_default() if field.has_default() else ("" if _is_text(field) else None)
    if callable(getattr(field, "default", None)) and field.name == "id":
        default = None
    return lambda values, name: values.get(name, default)


def _is_text(field: "models.Field[Any, Any]") -> bool:
    return isinstance(field, models.CharField | models.TextField) and not field.null


def _tables_written() -> list[str]:
    tables = []
    for label in TABLES:
        model = apps.get_model(label)
        tables.append(model._meta.db_table)
        events = getattr(model, "pgh_event_model", None)
        if events is not None:
            tables.append(events._meta.db_table)
    return tables
