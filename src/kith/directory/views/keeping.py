"""Pages for those who keep the directory: services, who gives them, where and when."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kith.accounts.pages import needs
from kith.accounts.permissions import Permission as P
from kith.accounts.queries import names_of
from kith.directory import actions, assured, brought, history, proposed, queries, twins
from kith.directory.keeping_forms import (
    AtPlaceForm,
    CallOffForm,
    FilterForm,
    PlaceForm,
    ProviderForm,
    ServiceForm,
    TimesForm,
    of_place,
    of_provider,
    said_of,
)
from kith.directory.permissions import may_bring, may_keep_words
from kith.directory.proposal_forms import PutBackForm
from kith.directory.times import in_words
from kith.directory.views.asking import ask, file_of
from kith.hubs.queries import all_hubs

A_PAGE, LATEST = 50, 3  # steps of a history: on its page, and with the entry
PAGES = ["GET", "HEAD", "POST"]
KEEPERS = (P.DIRECTORY_EDIT, P.DIRECTORY_EDIT_ALL)


@require_safe
@needs(*KEEPERS)
def listed(request: HttpRequest) -> HttpResponse:
    """List services, with when each was checked last."""
    form, today = FilterForm(request.GET), timezone.localdate()
    page = Paginator(_listed(form), A_PAGE).get_page(request.GET.get("page"))
    lines = [(service, queries.freshness(service, today)) for service in page.object_list]
    context = {
        "form": form,
        "page": page,
        "lines": lines,
        "may_bring": may_bring(request.user),  # type: ignore[arg-type]
        "may_words": may_keep_words(request.user),  # type: ignore[arg-type]
    }
    return render(request, "directory/listed.html", context)


def _listed(form: FilterForm) -> Any:
    wanted = (
        {"text": form.cleaned_data["q"], "only": form.cleaned_data["only"]}
        if form.is_valid()
        else {}
    )
    return queries.listed(**wanted, today=timezone.localdate())


@require_safe
@needs(*KEEPERS)
def download(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Hand out what the list shows, as far as everybody may read it, as a file."""
    found = _listed(FilterForm(request.GET))
    return file_of(list(found.values_list("pk", flat=True)), kind)


@require_safe
@needs(*KEEPERS)
def kept(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show all that is kept of a service, with what can be changed, and its history."""
    service = _service(uid)
    schedules = list(service.schedules.all())
    steps = history.steps_of(service)
    context = {
        "service": service,
        "fresh": queries.freshness(service, timezone.localdate()),
        "asked": assured.asked_of(service),
        "remarks": assured.remarks_on(service),
        "needs_checking": assured.needs_checking(service, timezone.localdate()),
        "proposal": proposed.open_of([service]).get(service.pk),
        "held": [
            (one, [(each, in_words(each)) for each in schedules if each.at_place_id == one.pk])
            for one in service.at_places.all()
        ],
        "anywhere": [(each, in_words(each)) for each in schedules if each.at_place_id is None],
        "steps": _named(steps[:LATEST]),
        "more": len(steps) > LATEST,
        "source": brought.source_of(service),
        "twins": twins.of_service(service),
        "may_bring": may_bring(request.user),  # type: ignore[arg-type]
    }
    return render(request, "directory/kept.html", context)


@require_safe
@needs(*KEEPERS)
def changes(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show all that was changed of a service, step by step."""
    service = _service(uid)
    page = Paginator(history.steps_of(service), A_PAGE).get_page(request.GET.get("page"))
    context = {"service": service, "page": page, "steps": _named(page.object_list)}
    return render(request, "directory/history.html", context)


@require_http_methods(PAGES)
@needs(*KEEPERS)
def put_back(request: HttpRequest, uid: UUID, key: str) -> HttpResponse:
    """Show what would change if what stood at a step stood again; let it stand, all of it or in part."""
    service = _service(uid)
    step = history.step_at(service, key)
    if step is None:
        raise Http404
    lines, now, then = history.to_put_back(service, step.values, timezone.localdate())
    mark = history.mark_of(now, key)
    form = PutBackForm(
        request.POST or None, initial={"mark": mark}, lines=lines, stands=now, sent=then
    )
    return ask(
        request, form, f"Put back: {service.name}",
        lambda: actions.put_back(
            service=service, key=key, keep=form.keep(), agreed=form.agreed(), reworded=form.reworded(),
            mark=form.cleaned_data["mark"], **_said(request),
        ),
        lambda made: reverse("directory:kept", args=[made.uid]),
        back=reverse("directory:changes", args=[uid]),
        said="Put back, as a new change. It counts as checked today.",
        more={"service": service, "step": step},
        template="directory/put_back.html",
    )  # fmt: skip


def _named(steps: Any) -> list[tuple[Any, str]]:
    names = names_of({step.by for step in steps if step.by})
    return [(step, names.get(step.by or 0, "")) for step in steps]


@require_http_methods(PAGES)
@needs(*KEEPERS)
def write(request: HttpRequest, uid: UUID | None = None) -> HttpResponse:
    """Add a service, or change what is said of it."""
    known = _service(uid) if uid else None
    form = ServiceForm(request.POST or None, initial=said_of(known) if known else None)

    def save() -> Any:
        made = actions.write_service(details=form.details(), known=known, **_said(request))
        if known is None and (there := twins.like(made)):
            names = ", ".join(f"{one.name} ({one.provider})" for one in there)
            messages.warning(
                request,
                f"It may be in the directory already: {names}. Both stand until somebody says that "
                "they are one, under “Entries that may stand twice”.",
            )
            actions.find_twins(**_said(request))
        return made

    return ask(
        request, form, f"Change {known.name}" if known else "Add a service",
        save,
        # What is new has no place yet: that is asked next.
        lambda made: reverse("directory:kept" if known else "directory:at_place", args=[made.uid]),
        back=reverse("directory:kept", args=[uid]) if uid else reverse("directory:listed"),
        said="Saved, and checked today.",
    )  # fmt: skip


@require_POST
@needs(*KEEPERS)
def check(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Say that what stands of a service is true."""
    actions.assure(service=_service(uid), **_said(request))
    messages.success(request, "It stands that this is true today.")
    return redirect("directory:kept", uid)


@require_http_methods(PAGES)
@needs(*KEEPERS)
def provider(request: HttpRequest, uid: UUID | None = None) -> HttpResponse:
    """Add somebody who gives services, or change what is said."""
    known = _found(queries.provider_called(uid)) if uid else None
    form = ProviderForm(request.POST or None, initial=of_provider(known) if known else None)
    return ask(
        request, form, f"Change {known.name}" if known else "Add a provider",
        lambda: actions.write_provider(details=form.details(), known=known, **_said(request)),
        lambda made: reverse("directory:listed"),
        back=reverse("directory:listed"),
    )  # fmt: skip


@require_http_methods(PAGES)
@needs(*KEEPERS)
def place(request: HttpRequest, uid: UUID | None = None) -> HttpResponse:
    """Add a place, or change what is said."""
    known = _found(queries.place_called(uid)) if uid else None
    form = PlaceForm(
        request.POST or None, initial=of_place(known) if known else None, hubs=all_hubs()
    )
    return ask(
        request, form, f"Change {known.name}" if known else "Add a place",
        lambda: actions.write_place(details=form.details(), known=known, **_said(request)),
        lambda made: reverse("directory:listed"),
        back=reverse("directory:listed"),
    )  # fmt: skip


@require_http_methods(PAGES)
@needs(*KEEPERS)
def at_place(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Say at which place a service is given."""
    service, form = _service(uid), AtPlaceForm(request.POST or None, hubs=all_hubs())

    def hold() -> Any:
        # A new place is written first; what is refused of it is said at its field.
        place = form.known() or actions.write_place(details=form.details(), **_said(request))
        words = form.cleaned_data["words"]
        return actions.hold_at(service=service, place=place, words=words, **_said(request))

    kept = reverse("directory:kept", args=[uid])
    return ask(request, form, f"Where is {service.name}?", hold, lambda made: kept, back=kept)


@require_POST
@needs(*KEEPERS)
def leave_place(request: HttpRequest, uid: UUID, held: UUID) -> HttpResponse:
    """Say that a service is not given at a place any more."""
    service = _service(uid)
    found = next((one for one in service.at_places.all() if one.uid == held), None)
    actions.leave_place(held=_found(found), **_said(request))
    return redirect("directory:kept", uid)


@require_http_methods(PAGES)
@needs(*KEEPERS)
def times(request: HttpRequest, uid: UUID, schedule: UUID | None = None) -> HttpResponse:
    """Say when a service is held."""
    service = _service(uid)
    known = _schedule(service, schedule) if schedule else None
    names = [name for name in TimesForm.base_fields if name != "held"]
    initial = {name: getattr(known, name) for name in names} if known else {}
    if known and known.at_place:
        initial["held"] = str(known.at_place.uid)
    form = TimesForm(request.POST or None, initial=initial, service=service)
    return ask(
        request, form, f"When is {service.name}?",
        lambda: actions.write_schedule(service=service, known=known, **form.details(), **_said(request)),
        lambda made: reverse("directory:kept", args=[uid]),
        back=reverse("directory:kept", args=[uid]),
    )  # fmt: skip


@require_POST
@needs(*KEEPERS)
def drop_times(request: HttpRequest, uid: UUID, schedule: UUID) -> HttpResponse:
    """Say that a service is not held at a time any more."""
    actions.drop_schedule(schedule=_schedule(_service(uid), schedule), **_said(request))
    return redirect("directory:kept", uid)


@require_http_methods(PAGES)
@needs(*KEEPERS)
def call_off(request: HttpRequest, uid: UUID, schedule: UUID) -> HttpResponse:
    """Say that a service is not held on one day."""
    found, form = _schedule(_service(uid), schedule), CallOffForm(request.POST or None)
    return ask(
        request, form, in_words(found),
        lambda: actions.call_off(schedule=found, **form.cleaned_data, **_said(request)),
        lambda made: reverse("directory:kept", args=[uid]),
        back=reverse("directory:kept", args=[uid]),
    )  # fmt: skip


def _said(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.user, "at": timezone.now()}


def _found(thing: Any) -> Any:
    if thing is None:
        raise Http404
    return thing


def _service(uid: UUID) -> Any:
    return _found(queries.service_kept(uid))


def _schedule(service: Any, uid: UUID) -> Any:
    return _found(next((one for one in service.schedules.all() if one.uid == uid), None))
