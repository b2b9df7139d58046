"""The report of a review: looked through, put on an agenda, published."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kith.scrutiny import permissions, printing, queries, reports
from kith.scrutiny.actions import reporting
from kith.scrutiny.forms import WhyForm
from kith.scrutiny.report_forms import AgainForm, IntroductionForm, PutForm
from kith.scrutiny.views.asking import do, said_by
from kith.scrutiny.views.visits import ask, review_of, tabs_of
from kith.ui.queries import county_look
from kith.ui.sending import as_file

PAGES = ["GET", "HEAD", "POST"]


def _page(uid: UUID) -> str:
    return reverse("visits:report", args=[uid])


@login_required
@never_cache
@require_http_methods(PAGES)
def report(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show a report as it writes itself, and what it lacks; officers write its introduction here."""
    review = review_of(request, uid)
    form = None
    if permissions.may_keep(request.user):
        form = IntroductionForm(request.POST or None, initial={"words": review.introduction})
        if request.method == "POST" and form.is_valid():
            reporting.write_introduction(review=review, **form.cleaned_data, **said_by(request))
            messages.success(request, "The introduction is kept.")
            return redirect(_page(uid))
    elif request.method == "POST":
        permissions.may_keep(request.user).or_raise()
    context = {
        "review": review,
        "tabs": tabs_of(request, review, "visits:report"),
        "form": form,
        "sections": reports.sections_of(request.user, review),  # type: ignore[arg-type]
        "gaps": reports.gaps_of(request.user, review),  # type: ignore[arg-type]
        "may_keep": permissions.may_keep(request.user),
    }
    return render(request, "scrutiny/reviews/report.html", context)


@login_required
@never_cache
@require_safe
def draft(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Print a report as it stands, marked as a draft."""
    review = review_of(request, uid)
    told = {
        "title": review.title,
        "committee": {"name": review.committee.name},
        "on": timezone.localdate().isoformat(),
        "sections": reports.sections_of(request.user, review),  # type: ignore[arg-type]
    }
    made = printing.report(told, county_look().county_name, "DRAFT")
    return as_file(made, "report-draft.pdf", "application/pdf", shown=True)


@login_required
@never_cache
@require_http_methods(PAGES)
def put(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Put a report on the agenda of a coming meeting."""
    review = review_of(request, uid)
    permissions.may_keep(request.user).or_raise()
    found = {str(one.pk): one for one in queries.items_to_come(request.user, review.committee)}  # type: ignore[arg-type]
    form = PutForm(request.POST or None)
    form.offer("item", [("", "Choose an item"), *((pk, f"{one.meeting.starts_at:%-d %B %Y}: {one}") for pk, one in found.items())])  # fmt: skip

    def do() -> None:
        item = found[form.cleaned_data["item"]]
        reporting.draw_report(review=review, item=item, **said_by(request))
        messages.success(
            request,
            f"The report stands under “{item}”. Put it there again when something of it changes, until the agenda "
            "is published.",
        )

    return ask(
        request, form, do, done=_page(uid), title="Put the report on an agenda", button="Put it there",
        caption=review.title,
    )  # fmt: skip


@login_required
@never_cache
@require_http_methods(PAGES)
def publish(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Publish a report as it stands; again, when something of it changed, with the reason."""
    review = review_of(request, uid)
    permissions.may_keep(request.user).or_raise()
    if review.public_at is None:
        if request.method != "POST":
            return redirect(_page(uid))
        return do(
            request,
            lambda: reporting.publish_report(review=review, **said_by(request)),
            _page(uid),
            "Everybody can read the report, and its exemplar practice.",
        )
    form = AgainForm(request.POST or None)

    def again() -> None:
        reporting.publish_report(review=review, **form.cleaned_data, **said_by(request))
        messages.success(request, "The new edition is published. The one before is kept.")

    return ask(
        request, form, again, done=_page(uid), title="Publish the report again", button="Publish",
        caption=review.title,
    )  # fmt: skip


@login_required
@never_cache
@require_http_methods(PAGES)
def withdraw(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Withdraw a report that should not have been published."""
    review = review_of(request, uid)
    permissions.may_keep(request.user).or_raise()
    form = WhyForm(request.POST or None)
    form.fields["why"].help_text = "The record keeps it; the public is told only that it is gone."

    def do() -> None:
        reporting.withdraw_report(
            review=review, because=form.cleaned_data["why"], **said_by(request)
        )
        messages.success(request, "It is withdrawn. Nobody of the public can open it any more.")

    return ask(
        request, form, do, done=_page(uid), title="Withdraw the report", button="Withdraw it",
        caption=review.title,
    )  # fmt: skip
