"""Looking people up."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.cache import never_cache

from kith.accounts.permissions import Permission
from kith.analytics.linkage.keys import read_search
from kith.families import queries
from kith.families.permissions import may_merge

# Requests and cases are found by their own pages, whose addresses alone are known here.
ELSEWHERE = {"R": "referrals:find", "C": "casework:case"}


@login_required
@never_cache
def search(request: HttpRequest) -> HttpResponse:
    """Find people by name, date of birth, postcode, telephone or reference."""
    user = request.user
    if not (user.can(Permission.FAMILY_SEE) or user.can(Permission.FAMILY_SEE_ALL)):
        raise PermissionDenied("Only hubs and the county desk look families up.")
    text = request.GET.get("q", "").replace("\0", " ").strip()[:200]
    for reference in read_search(text).references:
        if address := _page_of(reference):
            return redirect(address)
    found = queries.search(user, text) if text else []
    return render(
        request,
        "families/search.html",
        {
            "text": text,
            "answers": [_answer(one) for one in found],
            "most": queries.MOST_FOUND,
            "may_merge": bool(may_merge(user)),
        },
    )


@dataclass(frozen=True)
class Answer:
    """Somebody found, as a line of the list shows them, in plain values."""

    name: str
    role: str
    person: bool  # or a family, found by its reference
    born: date | None
    expected: date | None
    family: str
    reference: str
    why: tuple[str, ...]


def _answer(one: queries.Found) -> Answer:
    return Answer(
        name=str(one.person or one.family.name),
        role=one.role_name,
        person=one.person is not None,
        born=one.person.date_of_birth if one.person else None,
        expected=one.person.expected_on if one.person else None,
        family=one.family.name,
        reference=one.family.reference,
        why=one.why,
    )


def _page_of(reference: str) -> str:
    try:
        return reverse(ELSEWHERE.get(reference[0], ""), args=[reference])
    except NoReverseMatch:
        return ""
