"""Reading partner organisations. That they exist is public; nothing about people is here."""

from django.db.models import QuerySet

from kith.audit.lists import kept
from kith.partners.models import Organisation


def active() -> QuerySet[Organisation]:
    """Return the organisations the county works with now, by name."""
    return (
        Organisation.objects.filter(active=True)
        .select_related("team", "district")
        .order_by("name", "pk")
    )


def everybody() -> QuerySet[Organisation]:
    """Return all organisations, also those the county no longer works with."""
    return Organisation.objects.select_related("team", "district").order_by("name", "pk")


@kept
def names() -> dict[int, str]:
    """Return the names of all organisations, by their numbers."""
    return dict(Organisation.objects.values_list("pk", "name"))


def listed(
    *, text: str = "", kind: str = "", phase: str = "", only: str = ""
) -> QuerySet[Organisation]:
    """Return organisations for a list. `only`: takes (requests), team (people sign in) or past."""
    found = everybody().filter(active=only != "past")
    if kind:
        found = found.filter(kind=kind)
    if phase:
        found = found.filter(phase=phase)
    if only == "takes":
        found = found.filter(takes_requests=True)
    if only == "team":
        found = found.filter(team__isnull=False)
    return matching(found, text)


def schools(text: str = "") -> QuerySet[Organisation]:
    """Return open schools, nurseries and colleges, all words of `text` in their name or place.

    A number finds the school with that number in the register of schools.
    """
    found = active().filter(kind=Organisation.Kind.SCHOOL)
    return matching(found, text)


def destinations() -> QuerySet[Organisation]:
    """Return the organisations to which the desk may send a request on."""
    return active().filter(takes_requests=True)


def by_kind(kind: str) -> QuerySet[Organisation]:
    """Return the organisations of one kind."""
    return active().filter(kind=kind)


def matching(organisations: QuerySet[Organisation], text: str) -> QuerySet[Organisation]:
    """Return those with all words of a text in their name, address or postcode, or its number."""
    for word in text.replace("\0", " ").split()[:8]:
        by_number = {"urn": int(word)} if word.isdecimal() and len(word) < 10 else None
        found = (
            organisations.filter(name__icontains=word)
            | organisations.filter(address__icontains=word)
            | organisations.filter(postcode__icontains=word)
        )
        organisations = found | organisations.filter(**by_number) if by_number else found
    return organisations
