"""Asking for help: one question a page, saved as it goes, sent once."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kith.accounts.actions import hash_of
from kith.accounts.links import mark_of_address
from kith.accounts.permissions import Permission
from kith.accounts.viewer import see_as
from kith.directory.permissions import may_find_for_professionals
from kith.directory.queries import find_published
from kith.hubs.calendar import promise_days
from kith.referrals import forms, queries
from kith.referrals.actions import (
    AlreadyReceived,
    AlreadySent,
    DayUnlikely,
    Refused,
    TooMany,
    drafting,
)
from kith.referrals.attachments import MOST_BYTES, NotAccepted
from kith.referrals.drafts import LISTS, Answers, Page
from kith.referrals.pages import WORDS, hint, title
from kith.referrals.permissions import may_begin_step_down
from kith.referrals.requests import Problem
from kith.referrals.summary import first_names, sections
from kith.referrals.views.keys import keep_key, secret_of, work_with_key

View = Callable[..., HttpResponse]


@never_cache
def begin(request: HttpRequest) -> HttpResponse:
    """Ask first whether anybody is in danger, and say whom to call."""
    may_step_down = bool(may_begin_step_down(_viewer(request)))
    stepping_down = may_step_down and "step-down" in request.GET
    asked = forms.StepDownFirstForm if stepping_down else forms.DangerForm
    form = asked(request.POST if request.method == "POST" else None)
    wanted = None if stepping_down else _service(request)
    if request.method == "POST" and form.is_valid():
        in_danger = form.cleaned_data.pop("danger") == "yes"
        viewer = request.user if request.user.is_authenticated else None
        try:
            draft, secret = drafting.begin(
                in_danger=in_danger,
                who=request.GET.get("who", ""),
                service=wanted.uid if wanted else None,
                step_down=form.cleaned_data if stepping_down else None,
                by=viewer,
                at=timezone.now(),
                asked_from=mark_of_address(request),
            )
        except TooMany as too:
            return _too_many(request, too, in_danger=in_danger)
        except DayUnlikely as wrong:
            form.add_error("last_on", str(wrong))
        else:
            response = redirect("referrals:stop" if in_danger else "referrals:resume", draft.pk)
            if viewer is None:
                keep_key(request, response, **{str(draft.pk): secret})
            return response
    return render(
        request,
        "referrals/request/begin.html",
        {
            "form": form,
            "may_step_down": may_step_down,
            "stepping_down": stepping_down,
            "kept_days": promise_days("draft_kept"),
            "unfinished": unfinished(_viewer(request)),
            "service": wanted,
            "no_longer_listed": "service" in request.GET and wanted is None and not stepping_down,
        },
    )


def _service(request: HttpRequest) -> Any:
    """Return the service in which a place is asked for; None where it is none, or listed no more."""
    try:
        uid = UUID(request.GET.get("service", ""))
    except ValueError:
        return None
    return find_published(uid, professional=bool(may_find_for_professionals(request.user)))


def _too_many(request: HttpRequest, too: TooMany, *, in_danger: bool) -> HttpResponse:
    """Say that no more can be begun just now: whom to ring, and when to come back."""
    response = render(
        request,
        "referrals/request/too_many.html",
        {
            "in_danger": in_danger,
            "again_at": too.again_at,
            "unfinished": unfinished(_viewer(request)),
        },
        status=429,
    )
    response["Retry-After"] = str(too.seconds)
    return response


def unfinished(viewer: Any) -> list[tuple[Any, str]]:
    """Return what somebody who is signed in has begun, with the names of the children."""
    if viewer is None:
        return []
    return [
        (draft, first_names(Answers(draft.answers).request()) if draft.answers else "")
        for draft in queries.unfinished_of(viewer)
    ]


def with_draft(view: View) -> View:
    """Find the draft that the address names, if it is the viewer's or their browser has its key.

    One that has been sent leads to its reference. One that is not there (expired, or begun in
    another browser) is a page that says so, not a bare error.
    """

    @wraps(view)
    @never_cache
    def found(request: HttpRequest, pk: int, *args: Any, **options: Any) -> HttpResponse:
        viewer, link_hash = work_with_key(request, str(pk))
        draft = queries.draft_of(viewer, pk, link_hash=link_hash).first()
        if draft is None:
            days = promise_days("draft_kept")
            return render(request, "referrals/request/gone.html", {"kept_days": days}, status=404)
        if draft.referral_id is not None and view.__name__ != "done":
            return redirect("referrals:done", pk)
        try:
            return view(request, draft, *args, **options)
        except AlreadySent:
            # Another tab, or another click, was faster.
            return redirect("referrals:done", pk)

    return found


@with_draft
def resume(request: HttpRequest, draft: Any) -> HttpResponse:
    """Go on where the answers end."""
    return redirect(_next(draft))


@with_draft
def page(request: HttpRequest, draft: Any, name: str, number: int | None = None) -> HttpResponse:
    """Ask one question, or a few that belong together."""
    answers, asked = Answers(draft.answers), Page(name, number)
    if name not in forms.FORMS or not answers.exists(asked):
        return redirect("referrals:resume", draft.pk)
    posted = request.POST if request.method == "POST" else None
    form = forms.FORMS[name](posted, answers=answers, page=asked)
    if posted is not None and form.is_valid():
        at, viewer = timezone.now(), _viewer(request)
        if form.cleaned_data.get("another") == "yes":
            drafting.ask_again(draft=draft, page=asked, by=viewer, at=at)
            first = LISTS[name][0]
            return redirect(_address(draft, Page(first, len(answers.items(name)))))
        draft, stop = drafting.save_page(
            draft=draft, page=asked, values=form.values(), by=viewer, at=at
        )
        return redirect("referrals:stop", draft.pk) if stop else redirect(_next(draft))
    return _show(request, draft, answers, asked, form)


@with_draft
def stop(request: HttpRequest, draft: Any) -> HttpResponse:
    """Say whom to call, since an answer suggests that somebody may be in danger. Then go on."""
    return render(
        request,
        "referrals/request/stop.html",
        {"draft": draft, "answers": Answers(draft.answers), "next": _next(draft)},
    )


@with_draft
@require_POST
def remove(request: HttpRequest, draft: Any, name: str, number: int) -> HttpResponse:
    """Take a child or adult out again."""
    viewer, at = _viewer(request), timezone.now()
    if name in LISTS and number < len(Answers(draft.answers).items(name)):
        drafting.remove_person(draft=draft, list_name=name, number=number, by=viewer, at=at)
        drafting.ask_again(draft=draft, page=Page(name), by=viewer, at=at)
        return redirect(_address(draft, Page(name)))
    return redirect("referrals:resume", draft.pk)


@with_draft
@require_POST
def add_file(request: HttpRequest, draft: Any) -> HttpResponse:
    """Add a file; or show what is wrong with it."""
    file_form = forms.FileForm(request.POST, request.FILES)
    if file_form.is_valid():
        file = file_form.cleaned_data["file"]
        try:
            drafting.attach(
                draft=draft,
                name=file.name,
                # One byte more than may be sent is enough to see that it is too large.
                content=file.read(MOST_BYTES + 1),
                by=_viewer(request),
                at=timezone.now(),
                asked_from=mark_of_address(request),
            )
        except NotAccepted as problem:
            file_form.add_error("file", str(problem))
        else:
            return redirect(_address(draft, Page("files")))
    answers, asked = Answers(draft.answers), Page("files")
    form = forms.FilesForm(None, answers=answers, page=asked)
    return _show(request, draft, answers, asked, form, file_form=file_form)


@with_draft
@require_POST
def remove_file(request: HttpRequest, draft: Any, file: str) -> HttpResponse:
    """Take a file out again."""
    drafting.detach(draft=draft, attachment_id=file, by=_viewer(request), at=timezone.now())
    return redirect(_address(draft, Page("files")))


@with_draft
def save(request: HttpRequest, draft: Any) -> HttpResponse:
    """Stop for now: the answers are kept, and this is the way back."""
    form = forms.WayBackForm(request.POST if request.method == "POST" else None)
    secret, sent_to = secret_of(request, str(draft.pk)), ""
    if request.method == "POST" and form.is_valid() and form.cleaned_data["email"]:
        sent_to = form.cleaned_data["email"]
        drafting.send_way_back(
            draft=draft, secret=secret, to=sent_to, by=_viewer(request), at=timezone.now()
        )
    link = request.build_absolute_uri(reverse("referrals:back", args=[secret])) if secret else ""
    return render(
        request,
        "referrals/request/save.html",
        {"draft": draft, "form": form, "link": link, "sent_to": sent_to},
    )


@never_cache
def back(request: HttpRequest, secret: str) -> HttpResponse:
    """Come back to an unfinished request by its link; or to what became of it."""
    viewer = _viewer(request)
    see_as(viewer, link_hash=hash_of(secret))
    draft = queries.draft_opened_by(viewer, hash_of(secret))
    if draft is None:
        days = promise_days("draft_kept")
        return render(request, "referrals/request/gone.html", {"kept_days": days}, status=404)
    response = redirect("referrals:resume", draft.pk)
    keep_key(request, response, **{str(draft.pk): secret})
    return response


@with_draft
def discard(request: HttpRequest, draft: Any) -> HttpResponse:
    """Throw an unfinished request away, after asking."""
    if request.method == "POST":
        drafting.discard(draft=draft, by=_viewer(request), at=timezone.now())
        return render(request, "referrals/request/discarded.html")
    return render(request, "referrals/request/discard.html", {"draft": draft})


@with_draft
def check(request: HttpRequest, draft: Any) -> HttpResponse:
    """Show all answers, each with a way to change it; then send."""
    answers = Answers(draft.answers)
    unfinished = answers.first_unfinished()
    if unfinished is not None:
        return redirect(_address(draft, unfinished))
    problems = forms.problems_with(answers)
    if request.method == "POST" and not problems:
        try:
            drafting.send(draft=draft, by=_viewer(request), at=timezone.now())
        except Refused as refused:
            problems = refused.problems
        except AlreadyReceived as earlier:
            problems = [
                Problem(
                    "sender_reference",
                    f"You have used this number before, for request {earlier.referral.reference}. "
                    "Change your own number, or leave it empty",
                )
            ]
        else:
            return redirect("referrals:done", draft.pk)
    return render(
        request,
        "referrals/request/check.html",
        {
            "draft": draft,
            "answers": answers,
            "sections": _sections(draft, answers),
            "files": queries.files_of_draft(request.user, draft),
            "files_page": _address(draft, Page("files")),
            "problems": [
                {"message": p.message, "href": _address(draft, answers.page_of(p.field))}
                for p in problems
            ],
        },
    )


@with_draft
def done(request: HttpRequest, draft: Any) -> HttpResponse:
    """Confirm: the reference, what happens next and by when, and copies to keep."""
    if draft.referral_id is None:
        return redirect("referrals:resume", draft.pk)
    viewer, _ = work_with_key(request, str(draft.pk))
    referral = queries.sent_with(viewer, draft).first()
    if referral is None:  # the way back to it has run out
        return render(request, "referrals/request/gone.html", {}, status=404)
    secret = secret_of(request, str(draft.pk))
    link = request.build_absolute_uri(reverse("referrals:link", args=[secret])) if secret else ""
    voice = Answers({"sender_kind": referral.sender_kind}).voice
    response = render(
        request,
        "referrals/request/done.html",
        {
            "referral": referral,
            "link": link,
            "voice": voice,
            "first_contact_days": promise_days("first_contact"),
        },
    )
    if secret:
        keep_key(request, response, **{referral.reference: secret})
    return response


def _viewer(request: HttpRequest) -> Any:
    return request.user if request.user.is_authenticated else None


def _show(
    request: HttpRequest,
    draft: Any,
    answers: Answers,
    asked: Page,
    form: forms.PageForm,
    file_form: forms.FileForm | None = None,
) -> HttpResponse:
    before = answers.before(asked)
    context = {
        "draft": draft,
        "answers": answers,
        "page": asked,
        "form": form,
        "title": title(asked, answers),
        "hint": "" if form.question else hint(asked, answers),
        "caption": _caption(asked, answers),
        "back": _address(draft, before) if before else reverse("referrals:begin"),
        "signed_in_sender": request.user.is_authenticated
        and request.user.can(Permission.REFERRAL_SEND),
    }
    template = "page"
    if asked.name in LISTS:
        template = "list"
        context["people"] = [
            {
                "name": f"{person.get('given_names', '')} {person.get('family_name', '')}".strip()
                or "A baby to be born",
                "change": _address(draft, Page(LISTS[asked.name][0], number)),
                "remove": reverse("referrals:remove", args=[draft.pk, asked.name, number]),
            }
            for number, person in enumerate(answers.items(asked.name))
        ]
    if asked.name == "files":
        template = "files"
        context["file_form"] = file_form or forms.FileForm()
        context["files"] = queries.files_of_draft(request.user, draft)
    return render(request, f"referrals/request/{template}.html", context)


def _caption(asked: Page, answers: Answers) -> str:
    """Return whom a page about one child or adult is about."""
    if asked.number is None or answers.voice == "young":
        return ""
    person = answers.values(asked)
    name = f"{person.get('given_names', '')} {person.get('family_name', '')}".strip()
    return name or ("Child" if asked.list_name == "children" else "Adult")


def _next(draft: Any) -> str:
    unfinished = Answers(draft.answers).first_unfinished()
    return (
        _address(draft, unfinished) if unfinished else reverse("referrals:check", args=[draft.pk])
    )


def _address(draft: Any, page: Page) -> str:
    place = [draft.pk, page.name] + ([] if page.number is None else [page.number])
    return reverse("referrals:page" if page.number is None else "referrals:item", args=place)


def _sections(draft: Any, answers: Answers) -> list[dict[str, Any]]:
    voice = answers.voice
    names = {
        need.code: need.name if voice == "worker" else need.plain_name
        for need in queries.needs(None)
    }
    shown = []
    for section in sections(answers.request(), need_names=names):
        rows = []
        for row in section.rows:
            page = answers.page_of(row.field)
            change = page.name in WORDS and answers.exists(page)
            href = _address(draft, page) if change else ""
            rows.append({"key": row.key, "value": row.value, "href": href})
        shown.append({"title": section.title, "rows": rows})
    return shown
