"""Putting records together, saying that people are not the same, and taking merges back."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kith.audit.actions import saw_once
from kith.families import actions, queries
from kith.families.forms import MergeForm, OnePersonForm, TwoPeopleForm
from kith.families.permissions import may_merge
from kith.families.queries import Member
from kith.families.same_people import Pair, pairs_of
from kith.ui.templatetags.ui import day

A_PAGE = 25


@login_required
@never_cache
def compare(request: HttpRequest, kept: str, gone: str) -> HttpResponse:
    """Show two records side by side, and put them together when a person says so."""
    may_merge(request.user).or_raise()
    records = [_record(request, reference) for reference in (kept, gone)]
    heads = [queries.together_with(request.user, record)[0] for record in records]
    if heads[0].pk == heads[1].pk:
        messages.info(request, f"{kept} and {gone} are together already.")
        return redirect(_next(request, "families:merges"))
    now = timezone.now()
    for head in heads:
        saw_once(viewer=request.user, family_id=head.pk, page="compare", at=now)
    preview = queries.preview_merge(request.user, *heads)
    form = MergeForm(request.POST if request.method == "POST" else None, preview=preview)
    chosen = request.method == "POST" and form.is_valid() and "change" not in request.POST
    if chosen and request.POST.get("confirm") != "yes":
        return _check_merge(request, form, preview)
    if chosen:
        try:
            _merge(request, form, preview, now)
        except (actions.AlreadyMerged, actions.CannotMerge) as refused:
            messages.warning(request, str(refused))
        else:
            messages.success(
                request,
                f"{heads[0].reference} and {heads[1].reference} are one family now. "
                "You can undo this under “Merges”.",
            )
        return redirect(_next(request, "families:merges"))
    both, own = _shared(preview.kept_addresses, preview.gone_addresses)
    return render(
        request,
        "families/compare.html",
        {
            "preview": preview,
            "form": form,
            "sides": [
                (preview.kept, preview.kept_people, own[0], preview.kept_more),
                (preview.gone, preview.gone_people, own[1], preview.gone_more),
            ],
            "both": both,
            "next": _next(request, ""),
            "here": request.get_full_path(),
        },
    )


def _check_merge(request: HttpRequest, form: MergeForm, preview: Any) -> HttpResponse:
    """Show once more who and what is put together, before it is done."""
    kept, gone = preview.kept, preview.gone
    if form.cleaned_data["keep"] == gone.reference:
        kept, gone = gone, kept
    pairs, others = form.who_is_whom()
    return render(
        request,
        "families/compare_check.html",
        {
            "form": form,
            "preview": preview,
            "kept": kept,
            "gone": gone,
            "pairs": pairs,
            "others": others,
            "next": _next(request, ""),
        },
    )


def _shared(kept: list[Any], gone: list[Any]) -> tuple[list[Any], tuple[list[Any], list[Any]]]:
    """Return the addresses that stand alike on both records, and those of each alone."""

    def alike(address: Any) -> tuple[Any, ...]:
        return (*address.place, address.safe)

    places = {alike(address) for address in kept} & {alike(address) for address in gone}
    return [address for address in kept if alike(address) in places], (
        [address for address in kept if alike(address) not in places],
        [address for address in gone if alike(address) not in places],
    )


def _merge(request: HttpRequest, form: MergeForm, preview: Any, now: Any) -> None:
    kept, gone, pairs = preview.kept, preview.gone, form.same_people()
    if form.cleaned_data["keep"] == gone.reference:
        kept, gone = gone, kept
        pairs = [(other, person) for person, other in pairs]
    reasons = {reason.words for pair in preview.same_people for reason in pair.comparison.for_it}
    actions.merge(
        kept=kept, gone=gone, same_people=pairs, reasons=sorted(reasons), by=request.user, at=now
    )


@login_required
@never_cache
def same_person(request: HttpRequest, reference: str) -> HttpResponse:
    """Say that two people of one family's records are one: choose them, look at both, confirm."""
    may_merge(request.user).or_raise()
    family = queries.together_with(request.user, _record(request, reference))[0]
    saw_once(viewer=request.user, family_id=family.pk, page="compare", at=timezone.now())
    pairs = pairs_of(request.user, family)
    members = queries.people_of(request.user, family, now_only=False)
    asked = request.GET if {"one", "other"} & set(request.GET) else None
    form = TwoPeopleForm(asked, members=members)
    place = {"family": family, "next": _next(request, "")}
    if asked is not None and form.is_valid():
        chosen = {form.cleaned_data["one"], form.cleaned_data["other"]}
        for pair in pairs:
            if chosen == {pair.one.person.pk, pair.other.person.pk}:
                return _one_person(request, pair, place)
        messages.info(request, "Somebody has said of these two that they are not the same person.")
    return render(
        request,
        "families/same_person.html",
        place
        | {
            "form": form if len(members) > 1 else None,
            "likely": [pair for pair in pairs if pair.comparison.suggests],
            "merges": queries.merges_of(request.user, family),
            "here": request.get_full_path(),
        },
    )


def _one_person(request: HttpRequest, pair: Pair, place: dict[str, Any]) -> HttpResponse:
    """Show two people side by side; put them together when a person says so and why."""
    family, members = place["family"], [pair.one, pair.other]
    form = OnePersonForm(request.POST if request.method == "POST" else None, members=members)
    back = reverse("families:same_person", args=[family.reference])
    if place["next"]:
        back += "?" + urlencode({"next": place["next"]})
    if request.method == "POST" and form.is_valid():
        kept, gone = (one.person for one in members)
        if form.cleaned_data["keep"] == gone.pk:
            kept, gone = gone, kept
        said = [form.cleaned_data["reason"], *(why.words for why in pair.comparison.for_it)]
        try:
            actions.merge_people(
                family=family,
                kept=kept,
                gone=gone,
                reasons=said,
                by=request.user,
                at=timezone.now(),
            )
        except (actions.AlreadyMerged, actions.CannotMerge) as refused:
            messages.warning(request, str(refused))
        else:
            messages.success(request, f"{gone} and {kept} are one person now. You can undo it.")
        return redirect(back)
    sides = [{"name": one.name, "rows": _facts_of(one)} for one in members]
    return render(
        request,
        "families/same_person_check.html",
        place | {"pair": pair, "form": form, "sides": sides, "back": back},
    )


def _facts_of(member: Member) -> list[tuple[str, str]]:
    born = member.date_of_birth or member.expected_on
    return [
        ("In the family", member.role_name),
        ("Expected" if member.expected_on else "Born", day(born) if born else "Not known"),
        ("Also known as", ", ".join(member.other_names) or "No other name"),
        *(
            (
                detail.get_kind_display(),
                detail.value + ("" if detail.safe else " (not safe to use)"),
            )
            for detail in member.contact_details
        ),
    ]


@login_required
@require_POST
def not_same(request: HttpRequest, first: int, second: int) -> HttpResponse:
    """Note that two people are not the same, so that nobody is asked again."""
    people = queries.people_visible_to(request.user)
    try:
        actions.say_not_same(
            first=get_object_or_404(people, pk=first),
            second=get_object_or_404(people, pk=second),
            by=request.user,
            at=timezone.now(),
        )
    except actions.CannotMerge as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, "Noted: they are not the same person.")
    return redirect(_next(request, "families:search"))


@login_required
@never_cache
def merges(request: HttpRequest) -> HttpResponse:
    """List which records were put together, by whom and why, with a button to take each back."""
    if not may_merge(request.user):
        raise PermissionDenied(may_merge(request.user).reason)
    page = Paginator(queries.merges(request.user), A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "families/merges.html",
        {"page": page, "lines": queries.with_names(request.user, list(page))},
    )


@login_required
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a merge back."""
    merge = get_object_or_404(queries.merges(request.user), pk=pk)
    try:
        actions.undo_merge(merge=merge, by=request.user, at=timezone.now())
        messages.success(request, "The records are apart again.")
    except actions.AlreadyUndone as already:
        messages.info(request, str(already))
    return redirect(_next(request, "families:merges"))


def _record(request: HttpRequest, reference: str) -> Any:
    return get_object_or_404(queries.visible_to(request.user), reference=reference.upper())


def _next(request: HttpRequest, otherwise: str) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        return wanted
    return otherwise
