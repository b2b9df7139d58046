"""Reading what came from elsewhere: other directories' feeds, and tables that were sent."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from kith.directory.models import (
    Brought,
    Place,
    Provider,
    Reading,
    ReadRecord,
    Service,
    ServiceFile,
    Source,
    SourceTerm,
)
from kith.directory.times import in_words

MOST_DIFFERENCES = 200  # shown at a time, of what was changed both here and elsewhere


def sources() -> QuerySet[Source]:
    """Return the other directories whose feeds are read, by name."""
    return Source.objects.order_by("name", "pk")


def source_called(uid: UUID) -> Source | None:
    """Return another directory."""
    return Source.objects.filter(uid=uid).first()


def source_of(service: Service) -> Source | None:
    """Return the other directory from which a service came; None for one of our own."""
    return Source.objects.filter(address=service.source).first() if service.source else None


def daily_sources() -> list[Source]:
    """Return the directories that are read daily, and are not being read now."""
    at_work = Reading.objects.filter(job__state__in=["waiting", "running"]).values("source")
    return list(Source.objects.filter(daily=True).exclude(pk__in=at_work).order_by("pk"))


def readings(source: Source) -> QuerySet[Reading]:
    """Return the times that a directory was read, the newest first."""
    return source.readings.select_related("job", "by").order_by("-at", "-pk")


def reading_numbered(number: int) -> Reading | None:
    """Return one time that a directory was read."""
    return Reading.objects.filter(pk=number).select_related("source", "job").first()


def records_of(reading: Reading, outcome: str = "") -> QuerySet[ReadRecord]:
    """Return what became of each service of a feed; of one outcome where that is named."""
    found = reading.records.select_related("service").order_by("number")
    return found.filter(outcome=outcome) if outcome in ReadRecord.Outcome.values else found


def outcomes_of(reading: Reading) -> dict[str, int]:
    """Return how many services came to each outcome, but for those that stay as they were."""
    return dict(
        reading.records.order_by("outcome").values_list("outcome").annotate(count=Count("pk"))
    )


OUTCOMES = ReadRecord.Outcome.choices


def source_terms(source: Source) -> QuerySet[SourceTerm]:
    """Return the terms of another directory, those used most first, with ours that they mean."""
    return source.terms.select_related("term").order_by("-count", "name", "pk")


@dataclass(frozen=True)
class Difference:
    """A field that was changed there, and here by hand."""

    brought: Brought
    thing: Service | Provider | Place
    field: str
    ours: str
    theirs: str


def differences(source: Source) -> list[Difference]:
    """Return what was changed both there and here, and that nobody has settled yet."""
    models: dict[str, Any] = {"service": Service, "provider": Provider, "place": Place}
    found = []
    for one in source.brought.exclude(differs={}).order_by("kind", "key")[:MOST_DIFFERENCES]:
        thing = models[one.kind].objects.filter(source=source.address, source_id=one.key).first()
        if thing is not None:
            found += [
                Difference(
                    one, thing, name, _ours_in_words(thing, name), _theirs_in_words(name, theirs)
                )
                for name, theirs in sorted(one.differs.items())
            ]
    return found


def _ours_in_words(thing: Any, name: str) -> str:
    match name:
        case "held":
            return ", ".join(str(one.place) for one in thing.at_places.select_related("place"))
        case "times":
            return "; ".join(in_words(one) for one in thing.schedules.all())
        case "terms":
            return ", ".join(tag.term.name for tag in thing.tags.select_related("term"))
    value = getattr(thing, name, None)
    return _theirs_in_words(name, str(value) if isinstance(value, (Provider, Place)) else value)


def _theirs_in_words(name: str, value: Any) -> str:
    """Return a value as it came, in words; places and times by how many they are."""
    if name in ("held", "times"):
        return f"{len(value)} {'places' if name == 'held' else 'times'}"
    if isinstance(value, list):
        return ", ".join(str(one).rpartition("/")[2] for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def brought_numbered(source: Source, number: int) -> Brought | None:
    """Return what a directory said last of something that came from it."""
    return source.brought.filter(pk=number).first()


# Services in a spreadsheet


def service_files() -> QuerySet[ServiceFile]:
    """Return the tables of services that were sent, the newest first, without what stands in them."""
    return ServiceFile.objects.select_related("by", "job").defer("content").order_by("-at", "-pk")


def service_file(uid: UUID) -> ServiceFile | None:
    """Return a table of services."""
    return service_files().filter(uid=uid).first()


def service_file_numbered(number: int) -> ServiceFile | None:
    """Return a table of services, with what stands in it."""
    return ServiceFile.objects.filter(pk=number).select_related("by", "team").first()
