"""Reading for returns: those that were made, and the facts they are made from."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, QuerySet

from kith.accounts.models import User
from kith.accounts.permissions import Permission
from kith.analytics.returns.facts import Facts
from kith.analytics.returns.faults import KINDS, Kind
from kith.casework import queries as casework
from kith.families import queries as families
from kith.referrals import queries as requests
from kith.returns.gathering import Gathering
from kith.returns.models import Return, ReturnFile, ToMend

KIND_NAMES = dict(Return.Kind.choices)


def visible_to(viewer: User) -> QuerySet[Return]:
    """Return the returns this person may know of: their own, or all for the data protection officer."""
    if viewer.can(Permission.AUDIT_SEE_ALL):
        return Return.objects.all()
    return Return.objects.filter(by=viewer)


def listed(viewer: User) -> QuerySet[Return]:
    """Return the returns that were asked for, newest first."""
    return visible_to(viewer).select_related("by", "job").order_by("-at", "pk")


def file_of(viewer: User, made: Return) -> ReturnFile | None:
    """Return the file of a return that this person asked for; None where it is forgotten or not theirs."""
    return ReturnFile.objects.filter(made=made, made__by=viewer).first()


def has_file(viewer: User, made: Return) -> bool:
    """Say whether this person can take a return's file, without reading it."""
    return ReturnFile.objects.filter(made=made, made__by=viewer).exists()


def to_mend(viewer: User, made: Return, kind: str = "") -> QuerySet[ToMend]:
    """Return what a return names as wrong, for whoever asked for it; of one kind if one is named."""
    found = ToMend.objects.filter(made=made, made__by=viewer).order_by("order")
    return found.filter(kind=kind) if kind else found


@dataclass(frozen=True)
class Place:
    """Something to mend, and where the viewer can look at it; nowhere, where they may not see it."""

    what: str
    family: str
    kind: Kind
    page: str = ""  # case, request, person or family
    reference: str = ""
    person: int = 0


def places(viewer: User, found: list[ToMend]) -> list[Place]:
    """Return where each thing to mend can be looked at, as far as this viewer may see it now."""
    known = dict(
        families.visible_to(viewer)
        .filter(reference__in={one.family for one in found})
        .values_list("reference", "name")
    )
    named = {one.what for one in found}
    pages = dict.fromkeys(
        casework.visible_to(viewer).filter(reference__in=named).values_list("reference", flat=True),
        "case",
    ) | dict.fromkeys(
        requests.visible_to(viewer).filter(reference__in=named).values_list("reference", flat=True),
        "request",
    )
    # A child is mended on their own page, where the record that is told of stands there by itself.
    numbers = {int(what[2:]) for what in named if what[:2] == "KP" and what[2:].isdigit()}
    people = set(
        families.people_visible_to(viewer)
        .filter(
            pk__in=numbers,
            head=F("pk"),
            memberships__family__reference__in=known,
            memberships__until__isnull=True,
        )
        .values_list("memberships__family__reference", "pk")
    )
    answer = []
    for one in found:
        page = pages.get(one.what) or ("family" if one.family in known else "")
        number = next(
            (pk for family, pk in people if (family, f"KP{pk}") == (one.family, one.what)), 0
        )
        page = "person" if page == "family" and number else page
        answer.append(
            Place(
                what=one.what,
                family=f"{known[one.family]} ({one.family})" if one.family in known else one.family,
                kind=KINDS[one.kind],
                page=page,
                reference=one.family if page in {"family", "person"} else one.what,
                person=number,
            )
        )
    return answer


def facts(viewer: User, *, since: date, on: date, homes: bool) -> Facts:
    """Return the facts of a period, as far as this viewer may see them."""
    return Gathering(viewer, since=since, on=on).facts(homes=homes)
