"""The county's list of needs, and the words that show the safeguarding stop."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from kith.referrals import forms, queries
from kith.referrals.actions import NeedExists, needs
from kith.referrals.permissions import may_edit_needs


@login_required
def listed(request: HttpRequest) -> HttpResponse:
    """List the needs, in the order in which they are offered."""
    may_edit_needs(request.user).or_raise()
    return render(
        request,
        "referrals/needs/list.html",
        {
            "needs": queries.all_needs(request.user),
            "primary_needs": needs.PRIMARY_NEEDS,
            "words": queries.warning_words(request.user),
        },
    )


@login_required
def add(request: HttpRequest) -> HttpResponse:
    """Add a need."""
    may_edit_needs(request.user).or_raise()
    form = forms.NeedForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            needs.add_need(**form.cleaned_data, by=request.user, at=timezone.now())
        except NeedExists as exists:
            form.add_error("name", str(exists))
        else:
            messages.success(request, "The need is on the list.")
            return redirect("referrals:needs")
    return render(request, "referrals/needs/edit.html", {"form": form, "title": "Add a need"})


@login_required
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a need, or take it off the list."""
    may_edit_needs(request.user).or_raise()
    need = get_object_or_404(queries.all_needs(request.user), pk=pk)
    form = forms.ChangeNeedForm(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(need, name) for name in forms.ChangeNeedForm.base_fields},
    )
    if request.method == "POST" and form.is_valid():
        try:
            needs.change_need(need=need, **form.cleaned_data, by=request.user, at=timezone.now())
        except NeedExists as exists:
            form.add_error("name", str(exists))
        else:
            messages.success(request, "The need is changed.")
            return redirect("referrals:needs")
    return render(
        request, "referrals/needs/edit.html", {"form": form, "title": f"Change “{need.name}”"}
    )


@login_required
@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a need up or down the list."""
    may_edit_needs(request.user).or_raise()
    need = get_object_or_404(queries.needs(request.user), pk=pk)
    up = request.POST.get("way") == "up"
    needs.move_need(need=need, up=up, by=request.user, at=timezone.now())
    return redirect("referrals:needs")


@login_required
def words(request: HttpRequest) -> HttpResponse:
    """Change the words that show the safeguarding stop."""
    may_edit_needs(request.user).or_raise()
    form = forms.WarningWordsForm(
        request.POST if request.method == "POST" else None,
        initial={"words": "\n".join(word.text for word in queries.warning_words(request.user))},
    )
    if request.method == "POST" and form.is_valid():
        needs.set_warning_words(
            words=form.cleaned_data["words"], by=request.user, at=timezone.now()
        )
        messages.success(request, "The warning words are changed.")
        return redirect("referrals:needs")
    return render(request, "referrals/needs/edit.html", {"form": form, "title": "Warning words"})
