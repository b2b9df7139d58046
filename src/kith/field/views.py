"""The day's visits and registers: a page as any other, one that works offline, and what they send."""

import base64
import hashlib
import json
import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kith.accounts.browsers import in_words
from kith.audit.actions import saw_once
from kith.casework import actions as casework_actions
from kith.casework import queries as casework
from kith.casework.forms import SEEN, ContactForm, NoteForm, seen_as
from kith.field import actions, permissions, queries
from kith.field.forms import CameOfItForm, VisitForm
from kith.supports import actions as support_actions
from kith.supports import queries as supports
from kith.supports.forms import CHOICES, REASONS
from kith.ui.queries import county_look

KEYS, WHY = {status for status, _ in CHOICES}, {reason for reason, _ in REASONS}
HOW = ContactForm.base_fields["how"].choices  # type: ignore[attr-defined]
LARGEST = 200_000  # bytes of one entry
MOST_MARKS = 500


@login_required
@never_cache
def today(request: HttpRequest) -> HttpResponse:
    """Show today's visits and registers, and what lies on this device."""
    permissions.may_take_along(request.user).or_raise()
    day, now = timezone.localdate(), timezone.now()
    visits = queries.visits_on(request.user, day)
    for visit in visits:
        saw_once(viewer=request.user, family_id=visit.case.family_id, page="field", at=now)
    sessions = queries.registers_for(request.user, day)
    return render(
        request,
        "field/today.html",
        {
            "day": day,
            "visits": visits,
            "owed": len(queries.not_written_down(request.user, day)),
            "coming": queries.visits_after(request.user, day),
            "registers": supports.registers_in_order(request.user, sessions, day),
            "devices": queries.devices_of(request.user, now),
            **_app(),
        },
    )


@login_required
@never_cache
def visit_new(request: HttpRequest) -> HttpResponse:
    """Plan a visit."""
    permissions.may_take_along(request.user).or_raise()
    day = timezone.localdate()
    asked = request.POST.get("case") or request.GET.get("case", "")
    form = VisitForm(
        request.POST or None,
        cases=queries.could_be_visited(request.user, asked[:20]),
        initial={"on": day, "case": asked},
    )
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            actions.plan_visit(
                case=form.cases[answers["case"]],
                on=answers["on"],
                starts=answers["starts"],
                words=answers["words"],
                by=request.user,
                at=timezone.now(),
                today=day,
            )
        except actions.NotPossible as refusal:
            form.add_error("on" if isinstance(refusal, actions.WrongDay) else None, str(refusal))
        else:
            messages.success(request, "The visit is planned.")
            return redirect("field:today")
    return render(request, "field/visit.html", {"form": form})


@login_required
@never_cache
def came_of_it(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what came of a visit: which contact was written of it, or why it was not made."""
    visit = get_object_or_404(queries.visits_visible_to(request.user), pk=pk)
    permissions.may_settle(request.user, visit).or_raise()
    day = timezone.localdate()
    form = CameOfItForm(
        request.POST or None,
        contacts=queries.could_be_of(request.user, visit),
        to_come=visit.on > day,
    )
    back = reverse("field:not_written" if visit.on < day else "field:today")
    if request.method == "POST" and form.is_valid():
        answers, said = form.cleaned_data, {"by": request.user, "at": timezone.now()}
        try:
            if answers["came"] == "not_made":
                actions.drop_visit(
                    visit=visit, reason=answers["reason"], why=answers["why"], **said
                )
                messages.success(request, "It is noted that the visit is not made, and why.")
            else:
                actions.tie(visit=visit, contact=form.contacts[answers["came"]], **said)
                messages.success(request, "The visit is tied to that contact.")
        except actions.NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(back)
    saw_once(viewer=request.user, family_id=visit.case.family_id, page="field", at=timezone.now())
    over = visit.dropped_at is not None or visit.contact_id is not None
    return render(
        request,
        "field/came_of_it.html",
        {"form": form, "visit": visit, "back": back, "over": over, "past": visit.on <= day},
    )


@login_required
@never_cache
def not_written(request: HttpRequest) -> HttpResponse:
    """Show the visits that were planned and of which nothing is written: one's own, or the hub's."""
    permissions.may_take_along(request.user).or_raise()
    now = timezone.now()
    visits = queries.not_written_down(request.user, timezone.localdate(now))
    for family_id in {visit.case.family_id for visit in visits}:
        saw_once(viewer=request.user, family_id=family_id, page="field", at=now)
    return render(
        request,
        "field/not_written.html",
        {"visits": visits, "whole_hub": casework.gives_families(request.user)},
    )


@login_required
@require_POST
def device_end(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Forget a device: nobody opens any more what lies on it."""
    device = queries.device_called(request.user, str(pk))
    if device is not None:
        actions.forget_device(device=device, by=request.user, at=timezone.now())
        messages.success(
            request, "That device is forgotten. It is wiped when it next has a connection."
        )
    return redirect("field:today")


# What the page that works offline asks for


@require_safe
def with_me(request: HttpRequest) -> HttpResponse:
    """The page that works offline. Nothing in it is about anybody: that lies sealed on the device."""
    return HttpResponse(_shell())


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, which keeps that page and what it needs; and asks for them anew when they
    have changed."""
    kept = [reverse("field:with_me"), *_assets()]
    mark = hashlib.sha256("\n".join([*kept, _shell()]).encode()).hexdigest()[:16]
    script = render_to_string("field/worker.js", {"kept": json.dumps(kept), "mark": mark})
    answer = HttpResponse(script, content_type="text/javascript")
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What a telephone asks to put the page among its apps."""
    return JsonResponse(
        {
            "name": "Kith, with me",
            "short_name": "Kith",
            "description": "Today’s visits and registers, with or without a connection.",
            "lang": "en-GB",
            "start_url": reverse("field:with_me"),
            "scope": reverse("field:today"),
            "display": "standalone",
            "background_color": "#ffffff",
            "theme_color": "#0b4a4c",
            "icons": [{"src": static("ui/icon.svg"), "sizes": "any", "type": "image/svg+xml"}],
        },
        content_type="application/manifest+json",
    )


def _assets() -> list[str]:
    return [
        static("ui/kith.css"),
        static("ui/icon.svg"),
        static("field/field.js"),
        county_look().stylesheet,
        reverse("field:manifest"),
    ]


def _shell() -> str:
    return render_to_string("field/with_me.html", {"look": county_look(), **_app()})


def _app() -> dict[str, Any]:
    """What the script of these pages is told: words to choose from, and nothing about anybody."""
    said = {"choices": CHOICES, "reasons": REASONS, "seen": SEEN, "how": HOW}
    return {"field_words": said, "hours": actions.A_DAY.seconds // 3600}


@never_cache
@require_safe
def state(request: HttpRequest) -> HttpResponse:
    """Say whether somebody is signed in, and whether what lies on a device is to be wiped."""
    signed_in = request.user.is_authenticated
    wipe = queries.is_to_be_wiped(
        request.user if signed_in else None, request.GET.get("device", "")
    )
    return JsonResponse({"signed_in": signed_in, "wipe": wipe})


@never_cache
def pack(request: HttpRequest) -> HttpResponse:
    """Give a device its key and the day; with POST, let it be one from now on."""
    if not request.user.is_authenticated:
        return JsonResponse({"sign_in": True}, status=401)
    permissions.may_take_along(request.user).or_raise()
    now, day = timezone.now(), timezone.localdate()
    if request.method == "POST":
        name = in_words(request.headers.get("User-Agent", ""))
        device: Any = actions.take_along(name=name, by=request.user, at=now)
    else:
        device = queries.device_called(request.user, request.GET.get("device", ""))
    if device is None:
        return JsonResponse({"csrf": get_token(request), "nothing": True})
    try:
        key = actions.key_of(device)
    except actions.Ended:
        return JsonResponse({"wipe": True}, status=410)
    answer = {
        "csrf": get_token(request),
        "device": str(device.pk),
        "key": base64.b64encode(key).decode(),
        "until": device.until.isoformat(),
        "over": device.until <= now,
        "user": request.user.name,
    }
    if device.until > now:
        packed = queries.pack(request.user, day)
        for family_id in packed.families:
            saw_once(viewer=request.user, family_id=family_id, page="field", at=now)
        answer["pack"] = packed.content
    return JsonResponse(answer)


@never_cache
@require_POST
def entries(request: HttpRequest) -> HttpResponse:
    """Take one entry that was written on a device."""
    if not request.user.is_authenticated:
        return JsonResponse({"sign_in": True}, status=401)
    try:
        said = json.loads(request.body[: LARGEST + 1])
        key = uuid.UUID(str(said["key"]))
        do = {"contact": _contact, "note": _note, "marks": _marks}[said["kind"]]
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"refused": "What was sent could not be read."}, status=422)
    try:
        done = do(request, key, said)
    except _Refused as refusal:
        return JsonResponse({"refused": str(refusal)}, status=422)
    except (
        actions.NotPossible,
        casework_actions.NotPossible,
        support_actions.NotPossible,
        PermissionDenied,
    ) as refusal:
        return JsonResponse({"refused": str(refusal)}, status=422)
    # What two people marked differently is decided on the register itself.
    decide = reverse("supports:register", args=[said["session"]]) if done.differing else ""
    return JsonResponse(
        {"done": done.told, "differing": done.differing, "again": done.again, "decide": decide}
    )


class _Refused(Exception):
    """An entry that cannot be done as it is."""


def _case(request: HttpRequest, said: dict[str, Any]) -> Any:
    case = casework.with_names(request.user).filter(reference=str(said.get("case"))[:20]).first()
    if case is None:
        raise _Refused(
            "You may not see this case any more. Tell the hub that has it what you wrote."
        )
    return case


def _answers(form: Any) -> dict[str, Any]:
    if form.is_valid():
        answers: dict[str, Any] = form.cleaned_data
        return answers
    raise _Refused(" ".join(words for errors in form.errors.values() for words in errors))


def _typed(said: dict[str, Any], *names: str) -> dict[str, str]:
    return {name: str(said.get(name) or "") for name in names}


def _contact(request: HttpRequest, key: uuid.UUID, said: dict[str, Any]) -> actions.Done:
    case = _case(request, said)
    typed = _typed(said, "succeeded", "with_whom", "how", "words", "on", "time", "seen")
    answers = _answers(ContactForm(typed, now=timezone.now(), first=False))
    what = {
        "contacted_at": answers["moment"],
        "how": answers["how"],
        "succeeded": answers["succeeded"] == "yes",
        "with_whom": answers["with_whom"],
        "words": answers["words"],
        **seen_as(answers["seen"]),
    }
    return actions.send_contact(key=key, case=case, what=what, by=request.user, at=timezone.now())


def _note(request: HttpRequest, key: uuid.UUID, said: dict[str, Any]) -> actions.Done:
    case = _case(request, said)
    answers = _answers(NoteForm(_typed(said, "words", "on", "time", "seen"), now=timezone.now()))
    what = {
        "happened_at": answers["moment"],
        "words": answers["words"],
        **seen_as(answers["seen"]),
    }
    return actions.send_note(key=key, case=case, what=what, by=request.user, at=timezone.now())


def _marks(request: HttpRequest, key: uuid.UUID, said: dict[str, Any]) -> actions.Done:
    number = said.get("session")
    sessions = supports.sessions_visible_to(request.user)
    session = sessions.filter(pk=number).first() if isinstance(number, int) else None
    if session is None:
        raise _Refused("You may not see this register any more.")
    marks = []
    for one in list(said.get("marks") or [])[:MOST_MARKS]:
        try:
            status, reason = str(one["status"]), str(one.get("reason") or "")
            mark = support_actions.Mark(int(one["person"]), status, reason, int(one["had"]))
        except (KeyError, TypeError, ValueError, AttributeError):
            raise _Refused("Something in these marks could not be read.") from None
        good = status in KEYS and (reason in WHY if status == "missed" else not reason)
        if not good:
            raise _Refused("Something in these marks could not be read.")
        marks.append(mark)
    return actions.send_marks(
        key=key, session=session, marks=marks, by=request.user, at=timezone.now()
    )
