"""The lists that services are sorted by, and words that mean the same."""

from django.db import transaction
from django.utils.text import slugify

from kith.directory.first_terms import CATEGORIES, SAME, TARGETS
from kith.directory.models import SameMeaning, Term

CATEGORY, TARGET = Term.Taxonomy.CATEGORY, Term.Taxonomy.TARGET


@transaction.atomic
def set_up_terms() -> int:
    """Write the first lists where there are none yet. Returns how many terms there are then."""
    if not Term.objects.exists():
        for place, (name, (words, below)) in enumerate(CATEGORIES.items()):
            above = _term(CATEGORY, name, words, "", place, None)
            for number, (under, synonyms) in enumerate(below):
                _term(CATEGORY, under, f"{name}: {under}", synonyms, number, above)
        for place, (name, words, synonyms) in enumerate(TARGETS):
            _term(TARGET, name, words, synonyms, place, None)
    if not SameMeaning.objects.exists():
        SameMeaning.objects.bulk_create(SameMeaning(words=list(words)) for words in SAME)
    return Term.objects.count()


def _term(
    taxonomy: str, name: str, words: str, synonyms: str, order: int, above: Term | None
) -> Term:
    # Two headings have a "Social, emotional and mental health support".
    code = slugify(f"{above.name[:20]} {name}" if above else name)[:80].strip("-")
    return Term.objects.create(
        taxonomy=taxonomy,
        code=code,
        name=name,
        description=words,
        parent=above,
        synonyms=[word.strip() for word in synonyms.split(",") if word.strip()],
        order=order,
    )
