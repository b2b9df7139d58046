"""Records and addresses kept to named people: keeping, naming, and showing again."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kith.accounts.permissions import Permission
from kith.casework import actions, queries
from kith.casework.restricting_forms import LiftForm, NameForm, NumberForm, RestrictForm
from kith.casework.views.asking import said_by
from kith.families import actions as families
from kith.families import living, restricting
from kith.families import queries as records
from kith.families.permissions import may_change_restriction, may_restrict


@login_required
@never_cache
def listed(request: HttpRequest) -> HttpResponse:
    """Show what is kept to named people, to those named and to the data protection officer."""
    if not request.user.can(Permission.FAMILY_RESTRICT):
        raise PermissionDenied("Only those who may keep a record to named people see this list.")
    officer = request.user.can(Permission.AUDIT_SEE_ALL)
    form = NumberForm(request.GET if "reference" in request.GET else None)
    if officer and form.is_bound and form.is_valid():
        found = restricting.called(request.user, form.cleaned_data["reference"].upper())
        if found is not None:
            return redirect("casework:restrict", found.reference)
        form.add_error("reference", "There is no family with this number.")
    return render(
        request,
        "casework/restricting/listed.html",
        {
            "kept": restricting.kept(request.user),
            "officer": officer,
            "form": form,
        },
    )


@login_required
@never_cache
def restrict(request: HttpRequest, reference: str) -> HttpResponse:
    """Keep a family's record to named people."""
    family = _family(request, reference)
    may_restrict(request.user, family).or_raise()
    return _keep(
        request,
        family,
        title="Keep this record to named people",
        said="The record is kept to those named. For everybody else it is not there.",
        done=reverse("casework:restrictions"),
    )


@login_required
@never_cache
def mask(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Keep an address of a family to named people."""
    family = _family(request, reference)
    may_restrict(request.user, family).or_raise()
    home = living.home(request.user, records.together_with(request.user, family), pk)
    if home is None:
        raise Http404
    return _keep(
        request,
        home.family,
        title="Mask this address",
        said="The address is masked. Everybody else reads “Address withheld”, and whom to ask.",
        done=reverse("casework:record", args=[family.reference]),
        address=home,
    )


def _family(request: HttpRequest, reference: str) -> Any:
    if request.user.can(Permission.AUDIT_SEE_ALL):
        found = restricting.called(request.user, reference)
    else:
        found = next(iter(records.records_called(request.user, reference)), None)
    if found is None:
        raise Http404
    return found


def _keep(
    request: HttpRequest, family: Any, *, title: str, said: str, done: str, address: Any = None
) -> HttpResponse:
    people = restricting.could_see(request.user, family.pk)
    working = {case.worker_id for case in _cases_with_worker(request, family)}
    form = RestrictForm(
        request.POST or None,
        people=people,
        # Whoever works with the family is ticked: to shut them out is decided, not forgotten.
        initial={
            "people": [str(one.pk) for one in people if one == request.user or one.pk in working],
            "reason": "refuge" if address else None,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.keep_to_named(
                family=family,
                address=address,
                reason=form.cleaned_data["reason"],
                words=form.cleaned_data["words"],
                people=form.named(),
                **said_by(request),
            )
        except families.NotPossible as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, said)
            _warn_of_workers(request, family, form.named(), address)
            return redirect(done)
    return render(
        request,
        "casework/restricting/restrict.html",
        {"form": form, "family": family, "title": title, "address": address, "back": done},
    )


def _cases_with_worker(request: HttpRequest, family: Any) -> Any:
    return queries.with_names(request.user).filter(
        family__head=family.head_id, closed_at__isnull=True, worker__isnull=False
    )


def _warn_of_workers(request: HttpRequest, family: Any, named: list[Any], address: Any) -> None:
    """Say which workers of the family are not named, so that nobody is shut out unawares."""
    cases = _cases_with_worker(request, family)
    out = sorted({one.worker.name for one in cases if one.worker not in named})
    if out:
        what = "the address" if address else "the family"
        messages.info(
            request,
            f"{' and '.join(out)} {'works' if len(out) == 1 else 'work'} with this family, and "
            f"{'does' if len(out) == 1 else 'do'} not see {what} any more. Open what is kept below to"
            f" name them too{'' if address else ', or give the case to somebody who is named'}.",
        )


@login_required
@never_cache
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who may see something restricted, and let those who may change that."""
    kept = _kept(request, pk)
    may_change = may_change_restriction(request.user, kept.restriction)
    form = None
    if may_change:
        named = {person.pk for person in kept.people}
        people = restricting.could_see(request.user, kept.restriction.family_id)
        form = NameForm(
            request.POST or None, people=[person for person in people if person.pk not in named]
        )
        if request.method == "POST" and form.is_valid():
            try:
                person = form.users[form.cleaned_data["person"]]
                families.name(restriction=kept.restriction, person=person, **said_by(request))
            except families.NotPossible as refusal:
                form.add_error("person", str(refusal))
            else:
                messages.success(request, f"{person} may see it now.")
                return redirect("casework:restriction", pk)
    return render(
        request,
        "casework/restricting/one.html",
        {"kept": kept, "form": form, "may_change": may_change},
    )


@login_required
@require_POST
def unname(request: HttpRequest, pk: int) -> HttpResponse:
    """Take from somebody what only those named may see."""
    kept = _kept(request, pk)
    person = next((one for one in kept.people if str(one.pk) == request.POST.get("person")), None)
    if person is None:
        messages.info(request, "They are not named.")
        return redirect("casework:restriction", pk)
    try:
        families.unname(restriction=kept.restriction, person=person, **said_by(request))
        messages.success(request, f"{person} no longer sees it.")
    except families.NotPossible as refusal:
        messages.error(request, str(refusal))
    gone = person == request.user and not request.user.can(Permission.AUDIT_SEE_ALL)
    if gone:
        return redirect("casework:restrictions")
    return redirect("casework:restriction", pk)


@login_required
@never_cache
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """Show again to everybody who may see the family what was kept to named people."""
    kept = _kept(request, pk)
    may_change_restriction(request.user, kept.restriction).or_raise()
    form = LiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            families.lift(
                restriction=kept.restriction, words=form.cleaned_data["words"], **said_by(request)
            )
        except families.NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "It is no longer kept to named people.")
            return redirect("casework:restrictions")
    return render(request, "casework/restricting/lift.html", {"form": form, "kept": kept})


def _kept(request: HttpRequest, pk: int) -> restricting.Kept:
    kept = restricting.one(request.user, pk)
    if kept is None:
        raise Http404
    return kept
