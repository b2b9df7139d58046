"""Other directories: naming one, saying what its terms mean, having it read, and settling what was
changed both there and here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from rapidfuzz import fuzz

from kith.accounts.models import User
from kith.audit.actions import fields_of, record
from kith.directory import fetching
from kith.directory.actions.bringing import write_settled
from kith.directory.actions.refusals import DirectoryRefused
from kith.directory.arriving import Term as TheirTerm
from kith.directory.models import (
    Brought,
    Place,
    Provider,
    Reading,
    Service,
    Source,
    SourceTerm,
    Term,
)
from kith.directory.permissions import may_bring
from kith.jobs import actions as jobs

READ_SOURCE = "directory.read_source"
READINGS_KEPT = 20
LIKE_ENOUGH = 88  # of 100: names so alike are taken for the same
SOURCE = ("name", "address", "publishes", "daily")


@dataclass(frozen=True)
class OtherDirectory:
    """What is said of another directory."""

    name: str
    address: str
    publishes: bool = True
    daily: bool = False


@transaction.atomic
def write_source(
    *, details: OtherDirectory, known: Source | None = None, by: User, at: datetime
) -> Source:
    """Add another directory, or change what is said of it. Raises PermissionDenied or
    DirectoryRefused."""
    may_bring(by).or_raise()
    address = details.address.strip().rstrip("/").removesuffix("/services")
    try:
        fetching.check(address)
    except fetching.Forbidden as problem:
        raise DirectoryRefused(str(problem), "address") from None
    if "?" in address or "#" in address:
        raise DirectoryRefused("Leave out what follows the question mark.", "address")
    others = Source.objects.exclude(pk=known.pk) if known else Source.objects.all()
    if others.filter(address__iexact=address).exists():
        raise DirectoryRefused("This directory is in the list already.", "address")
    source = known or Source(made_by=by, made_at=at)
    before = fields_of(source, SOURCE) if known else {}
    if known and known.address != address:
        # What came from there goes on belonging to it.
        for model in (Service, Provider, Place):
            model.objects.filter(source=known.address).update(source=address)  # type: ignore[attr-defined]
    source.name, source.address = details.name, address
    source.publishes, source.daily = details.publishes, details.daily
    source.save()
    after = fields_of(source, SOURCE)
    record("directory.source_written", subject=source, by=by, at=at, before=before, after=after)
    return source


@transaction.atomic
def choose_terms(
    *, source: Source, chosen: Mapping[str, Term | None], by: User, at: datetime
) -> int:
    """Say what terms of theirs mean: one of ours, or none. Returns how many were changed."""
    may_bring(by).or_raise()
    changed = {}
    for one in source.terms.filter(key__in=list(chosen)).select_related("term"):
        if one.term == chosen[one.key] and one.chosen:
            continue
        if one.term != chosen[one.key]:
            changed[one.name] = str(chosen[one.key] or "")
        one.term, one.chosen = chosen[one.key], True
        one.save(update_fields=["term", "chosen"])
    record("directory.terms_chosen", subject=source, by=by, at=at, after=changed)
    return len(changed)


@transaction.atomic
def note_terms(
    *, source: Source, counted: Iterable[tuple[TheirTerm, int]], by: User, at: datetime
) -> None:
    """Note which terms a feed uses, how often, and guess what the new ones mean."""
    may_bring(by).or_raise()
    known = {one.key: one for one in source.terms.all()}
    ours = list(Term.objects.filter(active=True))
    for theirs, count in counted:
        one = known.pop(theirs.key, None) or SourceTerm(source=source, key=theirs.key)
        before = (one.name, one.taxonomy, one.count, one.term_id)
        one.name, one.taxonomy, one.count = theirs.name, theirs.taxonomy, count
        if one.term_id is None and not one.chosen:
            one.term = _guess(theirs.name, ours)
        if one.pk is None or before != (one.name, one.taxonomy, one.count, one.term_id):
            one.save()
    source.terms.filter(pk__in=[one.pk for one in known.values()]).update(count=0)


def _guess(name: str, ours: list[Term]) -> Term | None:
    """Return the term of ours that theirs most likely means; None where none is like enough."""
    said = name.lower().strip()
    for term in ours:
        if term.name.lower() == said:
            return term
    for term in ours:
        if said in (word.lower() for word in term.synonyms):
            return term
    likely = max(ours, key=lambda term: _alike(term.name.lower(), said), default=None)
    return likely if likely and _alike(likely.name.lower(), said) >= LIKE_ENOUGH else None


def _alike(ours: str, theirs: str) -> float:
    """Return how alike two names are, of 100. A long one may also be a part of the other."""
    alike = fuzz.token_sort_ratio(ours, theirs)
    if len(theirs.split()) > 2:
        alike = max(alike, fuzz.token_set_ratio(ours, theirs) - 5)
    return alike


@transaction.atomic
def read_source(
    *, source: Source, kind: str, take_away: bool = False, by: User, at: datetime
) -> Reading:
    """Have a source read, to look what would come or to bring it. Raises PermissionDenied or
    DirectoryRefused."""
    source = Source.objects.select_for_update().get(pk=source.pk)
    may_bring(by).or_raise()
    now = source.readings.filter(job__state__in=["waiting", "running"])
    if now.exists():
        raise DirectoryRefused("It is being read already. Wait until that has ended.")
    old = source.readings.values_list("pk", flat=True)[READINGS_KEPT:]
    Reading.objects.filter(pk__in=list(old)).delete()
    reading = Reading(source=source, kind=Reading.Kind(kind), take_away=take_away, by=by, at=at)
    reading.save()
    reading.job = jobs.start(
        READ_SOURCE, arguments={"reading": reading.pk}, by=by, at=at,
        title=f"{'Look into' if kind == 'look' else 'Import'} {source.name}",
    )  # fmt: skip
    reading.save(update_fields=["job"])
    record("directory.source_read", subject=source, by=by, at=at, after={"kind": kind})
    return reading


@transaction.atomic
def settle(*, brought: Brought, name: str, take: bool, by: User, at: datetime) -> None:
    """Take what they say, or keep what stands here, of something that was changed in both places.

    Raises PermissionDenied or DirectoryRefused.
    """
    brought = Brought.objects.select_for_update().select_related("source").get(pk=brought.pk)
    may_bring(by).or_raise()
    if name not in brought.differs:
        raise DirectoryRefused("This has been settled already.")
    theirs = brought.differs.pop(name)
    if take:
        write_settled(brought, name, theirs)
    # They have been heard: it comes up again only when they change it once more.
    brought.said[name] = theirs
    brought.save()
    words = {"field": name, "taken": "theirs" if take else "ours"}
    record("directory.settled", subject=brought.source, by=by, at=at, after=words)
