"""The words of the directory: the lists that services are sorted by, words that mean the same, and the
terms of schools."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.text import slugify

from kith.accounts.models import User
from kith.audit.actions import fields_of, record
from kith.directory.actions.refusals import DirectoryRefused
from kith.directory.first_terms import CATEGORIES, SAME, TARGETS
from kith.directory.models import SameMeaning, SchoolTerm, Tag, Term
from kith.directory.permissions import may_keep_words

CATEGORY, TARGET = Term.Taxonomy.CATEGORY, Term.Taxonomy.TARGET
TERM = ("name", "description", "parent", "synonyms", "order", "active")
SCHOOL_TERM = ("name", "since", "until")


@transaction.atomic
def set_up_terms() -> int:
    """Write the first lists where there are none yet. Returns how many terms there are then."""
    if not Term.objects.exists():
        for place, (name, (words, below)) in enumerate(CATEGORIES.items()):
            above = _first(CATEGORY, name, words, "", place, None)
            for number, (under, synonyms) in enumerate(below):
                _first(CATEGORY, under, f"{name}: {under}", synonyms, number, above)
        for place, (name, words, synonyms) in enumerate(TARGETS):
            _first(TARGET, name, words, synonyms, place, None)
    if not SameMeaning.objects.exists():
        SameMeaning.objects.bulk_create(SameMeaning(words=list(words)) for words in SAME)
    return Term.objects.count()


def _first(
    taxonomy: str, name: str, words: str, synonyms: str, order: int, above: Term | None
) -> Term:
    return Term.objects.create(
        taxonomy=taxonomy,
        code=_code(name, above),
        name=name,
        description=words,
        parent=above,
        synonyms=[word.strip() for word in synonyms.split(",") if word.strip()],
        order=order,
    )


def _code(name: str, above: Term | None) -> str:
    # Two headings have a "Social, emotional and mental health support".
    return slugify(f"{above.name[:20]} {name}" if above else name)[:80].strip("-")


@dataclass(frozen=True)
class Kind:
    """What is said of a term: a kind of help, or a group that help is for."""

    name: str
    description: str
    parent: Term | None = None
    synonyms: tuple[str, ...] = ()
    order: int = 0


@transaction.atomic
def write_term(
    *, taxonomy: str, details: Kind, known: Term | None = None, by: User, at: datetime
) -> Term:
    """Add a term to a list, or change what is said of one. Its code, which is in addresses and in the
    feed, stays. Raises PermissionDenied or DirectoryRefused."""
    may_keep_words(by).or_raise()
    others = Term.objects.select_for_update().filter(taxonomy=taxonomy)
    others = others.exclude(pk=known.pk) if known else others
    above = details.parent
    if above and (
        above.taxonomy != taxonomy or above.parent_id or (known and above.pk == known.pk)
    ):
        raise DirectoryRefused("Choose a heading that stands under no other.", "parent")
    if above and not above.active:
        raise DirectoryRefused(f"“{above}” is retired. Choose another heading.", "parent")
    if above and known and known.below.exists():
        raise DirectoryRefused(
            "Other terms stand below this one, so it cannot stand under another.", "parent"
        )
    if same := others.filter(parent=above, name__iexact=details.name).first():
        told = "Change that one." if same.active else "It is retired: take it back instead."
        raise DirectoryRefused(f"“{same.name}” stands here already. {told}", "name")
    term = known or Term(taxonomy=taxonomy, code=_free_code(details.name, above))
    before = fields_of(term, TERM) if known else {}
    term.name, term.description, term.parent = details.name, details.description, above
    term.synonyms, term.order = list(details.synonyms), details.order
    term.save()
    after = fields_of(term, TERM)
    record("directory.term_written", subject=term, by=by, at=at, before=before, after=after)
    return term


def _free_code(name: str, above: Term | None) -> str:
    # Whatever the name, in whatever script, there is a code, and one that nothing else has.
    first = _code(name, above) or "term"
    codes = set(Term.objects.filter(code__startswith=first[:70]).values_list("code", flat=True))
    numbered = (f"{first[:70]}-{number}" for number in range(2, len(codes) + 3))
    return next(code for code in (first, *numbered) if code not in codes)


@transaction.atomic
def retire_term(*, term: Term, into: Term | None = None, by: User, at: datetime) -> Term:
    """Take a term out of the lists. Services under it are sorted under `into`, if that is said; else
    they keep it, and are found by everything but it. Raises PermissionDenied or DirectoryRefused."""
    may_keep_words(by).or_raise()
    term = Term.objects.select_for_update().get(pk=term.pk)
    if not term.active:
        raise DirectoryRefused("This is retired already.")
    if term.below.filter(active=True).exists():
        raise DirectoryRefused(
            "Retire what stands below it first, or put it under another heading."
        )
    if into and (into.pk == term.pk or into.taxonomy != term.taxonomy or not into.active):
        raise DirectoryRefused("Choose another term of the same list, that is in use.", "into")
    if into:
        there = Tag.objects.filter(term=into).values("service")
        Tag.objects.filter(term=term, service__in=there).delete()
        Tag.objects.filter(term=term).update(term=into)
    term.active = False
    term.save(update_fields=["active"])
    after = {"active": False, "into": into}
    record(
        "directory.term_retired", subject=term, by=by, at=at, before={"active": True}, after=after
    )
    return term


@transaction.atomic
def take_term_back(*, term: Term, by: User, at: datetime) -> Term:
    """Put a retired term back into its list. Raises PermissionDenied or DirectoryRefused."""
    may_keep_words(by).or_raise()
    term = Term.objects.select_for_update(of=("self",)).select_related("parent").get(pk=term.pk)
    if term.active:
        raise DirectoryRefused("This is in use already.")
    if term.parent and not term.parent.active:
        raise DirectoryRefused(f"Take back “{term.parent}”, under which it stands, first.")
    term.active = True
    term.save(update_fields=["active"])
    record("directory.term_taken_back", subject=term, by=by, at=at, after={"active": True})
    return term


@transaction.atomic
def write_same_meaning(
    *, words: tuple[str, ...], known: SameMeaning | None = None, by: User, at: datetime
) -> SameMeaning:
    """Say which words mean the same to somebody who looks for help: who types one finds what is
    written with another. Raises PermissionDenied or DirectoryRefused."""
    may_keep_words(by).or_raise()
    words = tuple({word.casefold(): word for word in words}.values())
    if len(words) < 2:
        raise DirectoryRefused("Enter at least two words or phrases, with commas between.", "words")
    if long := next((word for word in words if len(word) > 80), None):
        raise DirectoryRefused(f"“{long[:40]}…” is too long: 80 letters at most.", "words")
    typed = {word.casefold() for word in words}
    others = SameMeaning.objects.exclude(pk=known.pk) if known else SameMeaning.objects.all()
    for other in others:
        if twice := next((word for word in other.words if word.casefold() in typed), None):
            raise DirectoryRefused(f"“{twice}” stands in another line already: {other}.", "words")
    same = known or SameMeaning()
    before = fields_of(same, ("words",)) if known else {}
    same.words = list(words)
    same.save()
    after = fields_of(same, ("words",))
    record("directory.same_meaning_written", subject=same, by=by, at=at, before=before, after=after)
    return same


@transaction.atomic
def drop_same_meaning(*, same: SameMeaning, by: User, at: datetime) -> None:
    """Say that words do not mean the same after all."""
    may_keep_words(by).or_raise()
    before = fields_of(same, ("words",))
    record("directory.same_meaning_dropped", subject=same, by=by, at=at, before=before)
    same.delete()


@transaction.atomic
def write_school_term(
    *, name: str, since: date, until: date, known: SchoolTerm | None = None, by: User, at: datetime
) -> SchoolTerm:
    """Say from when until when schools are open. Raises PermissionDenied or DirectoryRefused."""
    may_keep_words(by).or_raise()
    if until < since:
        raise DirectoryRefused("The last day is before the first.", "until")
    others = SchoolTerm.objects.exclude(pk=known.pk) if known else SchoolTerm.objects.all()
    if other := others.filter(since__lte=until, until__gte=since).first():
        raise DirectoryRefused(f"It overlaps with another term: {other}.", "since")
    term = known or SchoolTerm()
    before = fields_of(term, SCHOOL_TERM) if known else {}
    term.name, term.since, term.until = name, since, until
    term.save()
    after = fields_of(term, SCHOOL_TERM)
    record("directory.school_term_written", subject=term, by=by, at=at, before=before, after=after)
    return term


@transaction.atomic
def drop_school_term(*, term: SchoolTerm, by: User, at: datetime) -> None:
    """Take out a term that was written by mistake."""
    may_keep_words(by).or_raise()
    before = fields_of(term, SCHOOL_TERM)
    record("directory.school_term_dropped", subject=term, by=by, at=at, before=before)
    term.delete()
