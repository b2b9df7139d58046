"""Pages of the board as a picture: of today, beside an earlier day, and copies kept for a paper."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_safe

from kith.accounts.pages import needs
from kith.accounts.permissions import Permission as P
from kith.directory import actions, queries
from kith.directory.permissions import may_keep_board
from kith.ui.fields import DateField, PlainTextField
from kith.ui.queries import county_look
from kith.ui.sending import as_file
from kith.web import board_picture
from kith.web.board import board

MOST_DAYS_BACK = 730
KINDS = {"svg": "image/svg+xml", "pdf": "application/pdf", "csv": "text/csv; charset=utf-8"}


class SinceForm(forms.Form):
    """The earlier day that the board is compared with."""

    mark_optional = False

    since = DateField(label="What has changed since?", required=False)

    def __init__(self, *args: Any, today: date, **named: Any) -> None:
        super().__init__(*args, **named)
        self.today = today

    def clean_since(self) -> date | None:
        """Ask for a day that is past, and not long past."""
        since: date | None = self.cleaned_data["since"]
        if since and since >= self.today:
            raise forms.ValidationError("Enter a day before today.")
        if since and since < self.today - timedelta(days=MOST_DAYS_BACK):
            raise forms.ValidationError("Enter a day of the last two years.")
        return since


class KeepForm(SinceForm):
    """What a copy is for."""

    mark_optional = True
    field_order = ("title", "since")

    title = PlainTextField(
        label="What is it for?",
        help_text="For example: Scrutiny committee, 3 December, item 6. Everybody reads it.",
        max_length=160,
        error_messages={"required": "Enter what it is for"},
    )


@require_safe
def picture(request: HttpRequest) -> HttpResponse:
    """Show the board as a picture, with what has changed since an earlier day."""
    today = timezone.localdate()
    form = SinceForm(request.GET if _asks(request) else None, today=today)
    since = form.cleaned_data["since"] if form.is_bound and form.is_valid() else None
    data = _data(since)
    context = _shown(data) | {
        "form": form,
        "query": _query(since),
        "may_keep": bool(may_keep_board(request.user)),
        "kept_boards": list(queries.kept_boards()[:20]),
    }
    return render(request, "web/board_picture.html", context, status=200)


@require_safe
def file(request: HttpRequest, kind: str) -> HttpResponse:
    """Hand the picture out as a file: SVG, PDF, or its values as CSV."""
    form = SinceForm(request.GET, today=timezone.localdate())
    data = _data(form.cleaned_data["since"] if form.is_valid() else None)
    if data is None:
        raise Http404
    return _file(data, kind)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(P.DIRECTORY_EDIT_ALL)
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the board of today, as it is, for a paper."""
    today = timezone.localdate()
    form = KeepForm(request.POST or None, today=today)
    if request.method == "POST" and form.is_valid():
        data = _data(form.cleaned_data["since"])
        if data is None:
            form.add_error(None, "No core offer is in force: there is nothing to keep.")
        else:
            try:
                kept = actions.keep_board(
                    title=form.cleaned_data["title"], as_at=today, data=data,
                    by=request.user, at=timezone.now(),  # type: ignore[arg-type]
                )  # fmt: skip
            except actions.DirectoryRefused as problem:
                form.add_error(
                    problem.field if problem.field in form.fields else None, str(problem)
                )
            else:
                messages.success(
                    request, "Kept. It never changes; its address can go into a paper."
                )
                return redirect("kept_board", kept.uid)
    return render(request, "web/keep_board.html", {"form": form})


@require_safe
def kept(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show a copy that was kept, as it was."""
    found = _kept(uid)
    return render(request, "web/board_picture.html", _shown(found.data) | {"kept": found})


@require_safe
def kept_file(request: HttpRequest, uid: UUID, kind: str) -> HttpResponse:
    """Hand out a copy that was kept, as a file."""
    return _file(_kept(uid).data, kind)


def _asks(request: HttpRequest) -> bool:
    return any(name.startswith("since") for name in request.GET)


def _query(since: date | None) -> str:
    return f"?since={since.isoformat()}" if since else ""


def _kept(uid: UUID) -> Any:
    found = queries.kept_boards().filter(uid=uid).first()
    if found is None:
        raise Http404
    return found


def _data(since: date | None) -> dict[str, Any] | None:
    """Return what the picture of today says; None where no core offer is in force."""
    at = timezone.now()
    today = timezone.localdate(at)
    found = board(at, today)
    if found.offer is None:
        return None
    before = board(at, since, standings=queries.core_standings_on(since)) if since else None
    return board_picture.of_board(found, county_look().county_name, today, since, before)


def _shown(data: dict[str, Any] | None) -> dict[str, Any]:
    if data is None:
        return {"data": None}
    rows = [[line["name"], *(box["stands"] for box in line["boxes"])] for line in data["lines"]]
    return {
        "data": data,
        "title": board_picture.title(data),
        "summary": board_picture.summary(data),
        "picture": mark_safe(board_picture.drawn(data)),
        "rows": rows,
        "since": board_picture.said(data["since"]),
        "gaps": [gap | {"due": board_picture.said(gap["due_on"])} for gap in data["gaps"]],
    }


def _file(data: dict[str, Any], kind: str) -> HttpResponse:
    if kind not in KINDS:
        raise Http404
    if kind == "svg":
        content = board_picture.drawn(data).encode()
    elif kind == "csv":
        content = board_picture.as_csv(data).encode("utf-8-sig")
    else:
        content = board_picture.as_pdf(data)
    return as_file(content, f"core-offer-{data['as_at']}.{kind}", KINDS[kind])
