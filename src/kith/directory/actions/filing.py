"""Services in a table: checked row by row, told what would change, and brought when somebody says so."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import Q
from django.db.models.functions import Lower

from kith.accounts.models import Team, User
from kith.accounts.permissions import Permission
from kith.audit.actions import record
from kith.directory import template
from kith.directory.actions.refusals import DirectoryRefused
from kith.directory.actions.services import (
    SERVICE,
    Giver,
    Times,
    Told,
    Where,
    hold_at,
    write_place,
    write_provider,
    write_schedule,
    write_service,
)
from kith.directory.models import Place, Provider, Schedule, Service, ServiceFile, Term
from kith.directory.permissions import may_bring, may_keep_directory
from kith.jobs import actions as jobs
from kith.places import postcodes
from kith.places.models import Postcode
from kith.places.queries import NotAPostcode, NotInTheCounty
from kith.typed.tables import read_table

READ_TABLE = "directory.read_table"
KEPT_DAYS = 30
NO_SUCH_ID = "There is no service with this id. Use a number of your own."
MOST_PROBLEMS, MOST_TOLD = 1000, 500  # kept of what is wrong, and of what would come
WORDS = {column.key: column.title for column in template.COLUMNS}


@dataclass
class Here:
    """What there is already of what some rows name."""

    services: dict[str, Service] = field(default_factory=dict)  # by reference
    providers: dict[str, Provider] = field(default_factory=dict)  # by name, in small letters
    places: dict[str, list[Place]] = field(default_factory=dict)  # by name, in small letters
    terms: dict[str, Term] = field(default_factory=dict)  # by "taxonomy/code"


@transaction.atomic
def send_table(*, name: str, content: bytes, by: User, at: datetime) -> ServiceFile:
    """Check a table of services and keep it until it is imported. Nothing of it is brought yet.

    Raises PermissionDenied or typed.tables.Unreadable.
    """
    may_keep_directory(by).or_raise()
    rows = rows_of(content)
    team = _team(by)
    here = _here(rows, team)
    for row in rows:
        if template.is_our_id(row.reference) and row.reference.lower() not in here.services:
            row.problems.append((WORDS["reference"], NO_SUCH_ID))
    file = ServiceFile(name=name[-150:], content=content, by=by, team=team, at=at, rows=len(rows))
    wrong = [row for row in rows if row.problems]
    file.bad_rows = len(wrong)
    file.problems = [[row.number, *what] for row in wrong for what in row.problems][:MOST_PROBLEMS]
    counts: Counter[str] = Counter()
    for row in rows:
        if row.problems:
            continue
        known = here.services.get(row.reference.lower())
        changes = _changes(row, known, here)
        outcome = "new" if known is None else "changed" if changes else "same"
        counts[outcome] += 1
        if outcome != "same" and len(file.coming) < MOST_TOLD:
            told = [] if known is None else changes
            file.coming.append([row.number, row.given["name"], outcome, told])
    file.counts = dict(counts)
    file.save()
    after = {"rows": file.rows, "bad": file.bad_rows}
    record("directory.table_sent", subject=file, by=by, at=at, after=after)
    return file


@transaction.atomic
def import_table(
    *, file: ServiceFile, good_rows_only: bool = False, by: User, at: datetime
) -> ServiceFile:
    """Have the rows of a table brought. Raises PermissionDenied or DirectoryRefused."""
    file = ServiceFile.objects.select_for_update().get(pk=file.pk)
    may_keep_directory(by).or_raise()
    if file.job_id or not file.content:
        raise DirectoryRefused("This file has been imported, or is too old. Send it again.")
    if file.bad_rows and not good_rows_only:
        raise DirectoryRefused("Mend the rows first, or choose to import the good rows.")
    if file.bad_rows == file.rows:
        raise DirectoryRefused("No row is good. Mend them, and send the file again.")
    file.counts = {}
    file.job = jobs.start(READ_TABLE, arguments={"file": file.pk}, by=by, at=at)
    file.save(update_fields=["job", "counts"])
    record("directory.table_imported", subject=file, by=by, at=at, after={"rows": file.rows})
    return file


@transaction.atomic
def bring_row(*, file: ServiceFile, row: template.Row, by: User, at: datetime) -> str:
    """Bring one good row, whole or not at all; returns what came of it: new, changed, same, refused."""
    may_keep_directory(by).or_raise()
    file = ServiceFile.objects.select_for_update().get(pk=file.pk)
    try:
        with transaction.atomic():
            outcome = _bring(row, file, by, at)
    except DirectoryRefused as refused:
        title = WORDS.get({"oldest": "to_months"}.get(refused.field or "", refused.field or ""), "")
        outcome = "refused"
        file.problems.append([row.number, title, str(refused)])
    except (NotAPostcode, NotInTheCounty) as problem:
        outcome = "refused"
        file.problems.append([row.number, WORDS["postcode"], str(problem)])
    except DatabaseError:
        outcome = "refused"
        file.problems.append([row.number, "", "It holds something that cannot be kept."])
    file.counts[outcome] = file.counts.get(outcome, 0) + 1
    file.save(update_fields=["counts", "problems"])
    return outcome


@transaction.atomic
def end_table(
    *, file: ServiceFile, rows: Iterable[template.Row], by: User, at: datetime
) -> ServiceFile:
    """Note that a table has been imported; its content is thrown away.

    What was good when it was sent and is not any more is said with the rest.
    """
    may_keep_directory(by).or_raise()
    file = ServiceFile.objects.select_for_update().get(pk=file.pk)
    said = {problem[0] for problem in file.problems}
    late = [row for row in rows if row.problems and row.number not in said]
    if late and len(file.problems) < MOST_PROBLEMS:
        file.problems += [[row.number, *what] for row in late for what in row.problems]
        file.counts["refused"] = file.counts.get("refused", 0) + len(late)
    file.content, file.ended_at = b"", at
    file.save(update_fields=["content", "ended_at", "problems", "counts"])
    record("directory.table_ended", subject=file, by=by, at=at, after=dict(file.counts))
    return file


@transaction.atomic
def forget_old_tables(*, by: User, at: datetime) -> int:
    """Throw away the content of tables that nobody imported. Returns of how many."""
    may_bring(by).or_raise()
    old = ServiceFile.objects.filter(at__lt=at - timedelta(days=KEPT_DAYS)).exclude(content=b"")
    return old.update(content=b"")


def rows_of(content: bytes) -> list[template.Row]:
    """Return the rows of a table as they are understood. Raises typed.tables.Unreadable."""
    table = read_table(content, headings=template.headings(), limits=template.LIMITS)
    codes = template.postcodes_in(table)
    terms = Term.objects.filter(active=True).order_by("-parent", "order")
    names: dict[str, dict[str, str]] = {"category": {}, "target": {}}
    for term in terms:
        names[term.taxonomy].setdefault(term.name.lower(), f"{term.taxonomy}/{term.code}")
    known = template.Known(
        kinds=names["category"],
        targets=names["target"],
        postcodes=frozenset(Postcode.objects.filter(code__in=codes).values_list("code", flat=True)),
    )
    return template.understand(table, known)


def _team(by: User) -> Team:
    teams = by.teams_granting(Permission.DIRECTORY_EDIT_ALL)
    return (teams or by.teams_granting(Permission.DIRECTORY_EDIT))[0]


def _source(team: Team) -> str:
    return f"spreadsheet:{team.pk}"


def _here(rows: Iterable[template.Row], team: Team) -> Here:
    given = [row.given for row in rows if not row.problems]
    references = {str(one["reference"]) for one in given}
    ids = [uid for one in references if (uid := template.is_our_id(one))]
    here = Here(terms={f"{one.taxonomy}/{one.code}": one for one in Term.objects.all()})
    services = (
        Service.objects.filter(Q(uid__in=ids) | Q(source=_source(team), source_id__in=references))
        .select_related("provider")
        .prefetch_related("tags__term", "at_places__place", "schedules__at_place__place")
    )
    for service in services:
        here.services[str(service.uid)] = service
        if service.source == _source(team):
            here.services[service.source_id.lower()] = service
    lower = Lower("name")
    names = {str(one["provider"]).lower() for one in given}
    for provider in Provider.objects.annotate(low=lower).filter(low__in=names).order_by("-pk"):
        here.providers[provider.name.lower()] = provider
    where = {str(one["place"]).lower() for one in given if one.get("place")}
    for place in Place.objects.annotate(low=lower).filter(low__in=where).order_by("pk"):
        here.places.setdefault(place.name.lower(), []).append(place)
    return here


def _changes(row: template.Row, known: Service | None, here: Here) -> list[str]:
    """Return what a row would change of a service, by the titles of its columns."""
    if known is None:
        return []
    given = row.given
    provider = here.providers.get(given["provider"].lower())
    changes = [] if provider == known.provider else [WORDS["provider"]]
    told = _told(row, known, here, known.provider)
    for name in template.OWN:
        now = getattr(known, name)
        if (tuple(now) if isinstance(now, list) else now) != getattr(told, name):
            changes.append(WORDS[name])
    had = {tag.term_id for tag in known.tags.all()}
    if had != {term.pk for term in told.terms}:
        changes.append(WORDS["kinds"])
    if given.get("place"):
        place = _place(given, here)
        if place is None or place not in [held.place for held in known.at_places.all()]:
            changes.append(WORDS["place"])
    if given.get("weekday") is not None and not _is_held(given, known):
        changes.append(WORDS["weekday"])
    return changes


def _told(row: template.Row, known: Service | None, here: Here, provider: Provider) -> Told:
    given = row.given
    values: dict[str, Any] = {}
    if known is not None:
        values = {name: getattr(known, name) for name in SERVICE}
        values = {key: tuple(one) if isinstance(one, list) else one for key, one in values.items()}
    values |= {name: given[name] for name in template.OWN if name in given}
    terms = []
    for column, taxonomy in (("kinds", "category"), ("targets", "target")):
        if column in given:
            terms += [here.terms[key] for key in given[column]]
        elif known is not None:
            terms += [tag.term for tag in known.tags.all() if tag.term.taxonomy == taxonomy]
    return Told(provider=provider, terms=tuple(terms), **values)


def _place(given: Mapping[str, Any], here: Here) -> Place | None:
    """Return the place that a row names, if it is known: by its name and its postcode."""
    postcode = postcodes.packed(given.get("postcode") or "")
    area = given.get("shown") == "area"
    wanted = postcode[:-3] if area else postcode
    for place in here.places.get(str(given["place"]).lower(), []):
        if postcodes.packed(place.postcode or "") == wanted:
            return place
    return None


def _is_held(given: Mapping[str, Any], service: Service) -> bool:
    times = (given["weekday"], given.get("opens"), given.get("closes"))
    name = str(given.get("place") or "").lower()
    return any(
        (one.weekday, one.opens, one.closes) == times
        and one.every == Schedule.Every.WEEK
        and (one.at_place.place.name.lower() if one.at_place else "") == name
        for one in service.schedules.all()
    )


def _bring(row: template.Row, file: ServiceFile, by: User, at: datetime) -> str:
    here, given = _here([row], file.team), row.given
    said: dict[str, Any] = {"by": by, "at": at}
    known = here.services.get(row.reference.lower())
    if known is not None and not _changes(row, known, here):
        return "same"
    provider = here.providers.get(given["provider"].lower())
    if provider is None:
        who = Giver(name=given["provider"], description=given["provider"])
        provider = write_provider(details=who, **said)
    service = write_service(details=_told(row, known, here, provider), known=known, **said)
    if known is None:
        if template.is_our_id(row.reference):
            raise DirectoryRefused(NO_SUCH_ID, "reference")
        service.source, service.source_id = _source(file.team), row.reference
        service.save(update_fields=["source", "source_id"])
    held = None
    if given.get("place"):
        place = _place(given, here)
        if place is None:
            names = ("address", "town", "postcode")
            where = {name: given.get(name, "") for name in names}
            place = write_place(
                details=Where(given["place"], "other", given.get("shown") or "full", **where),
                **said,
            )
        held = service.at_places.filter(place=place).first() or hold_at(
            service=service, place=place, **said
        )
    if given.get("weekday") is not None and not (known and _is_held(given, known)):
        times = Times(
            every="week", weekday=given["weekday"], opens=given.get("opens"),
            closes=given.get("closes"), term_time_only=bool(given.get("term_time_only")),
        )  # fmt: skip
        write_schedule(service=service, details=times, held=held, **said)
    return "new" if known is None else "changed"
