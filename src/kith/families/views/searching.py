"""Looking people up."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.cache import never_cache

from kith.accounts.permissions import Permission
from kith.analytics.linkage.keys import read_search
from kith.families import queries
from kith.families.permissions import may_merge

if TYPE_CHECKING:
    from kith.accounts.models import User

# Requests and cases are found by their own pages, whose addresses alone are known here.
ELSEWHERE = {"R": "referrals:find", "C": "casework:find"}


@login_required
@never_cache
def search(request: HttpRequest) -> HttpResponse:
    """Find people by name, date of birth, postcode, telephone or reference."""
    user = request.user
    if not _may_search(user):
        raise PermissionDenied("Only hubs and the county desk look families up.")
    text = request.GET.get("q", "").replace("\0", " ").strip()[:200]
    for reference in read_search(text).references:
        if address := _page_of(reference):
            return redirect(address)
    most = queries.MOST_FOUND if "more" in request.GET else queries.SHOWN_FIRST
    found = queries.search(user, text, most) if text else []
    return _page(request, text, [_answer(one) for one in found], most=most)


def nothing_known(request: HttpRequest, reference: str) -> HttpResponse:
    """Say on the page of the search that a reference leads nowhere: in the same words whether
    there is none such or this person may not see it. For the pages that ELSEWHERE names."""
    if not _may_search(request.user):
        raise Http404
    return _page(request, reference, [], status=404)


def _may_search(user: "User") -> bool:
    return user.can(Permission.FAMILY_SEE) or user.can(Permission.FAMILY_SEE_ALL)


def _page(
    request: HttpRequest,
    text: str,
    answers: list["Answer"],
    *,
    most: int = queries.SHOWN_FIRST,
    status: int = 200,
) -> HttpResponse:
    asked = read_search(text)
    return render(
        request,
        "families/search.html",
        {
            "text": text,
            "answers": answers,
            "reference": asked.references[0] if asked.references and not asked.words else "",
            "more_than_shown": len(answers) >= most,
            "most": queries.MOST_FOUND if most < queries.MOST_FOUND else None,
            "may_merge": bool(may_merge(request.user)),
        },
        status=status,
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
