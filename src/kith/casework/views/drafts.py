"""What somebody types of a supervision: kept while they type, shown again, forgotten when it is saved."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone

from kith.casework import actions, oversight
from kith.casework.views.asking import said_by
from kith.typed.text import tidy_text


class Typing:
    """One page on which somebody types, with what they typed there before."""

    def __init__(
        self, request: HttpRequest, *, team: Any, supervision: Any = None, case: Any = None
    ) -> None:
        self.request = request
        self.page = {"team": team, "supervision": supervision, "case": case}
        self.drafts = oversight.drafts_of(request.user, **self.page)
        self.shown = next((one for one in self.drafts if self._is_meant(one)), None)
        self.had = request.POST.get("had", self.shown.had if self.shown else "")

    def _is_meant(self, draft: Any) -> bool:
        """Say whether a page goes on with a draft: the one asked for, or the latest. Words about one
        worker never stand before a manager who asked to write of another."""
        asked_for, worker = self.request.GET.get("draft"), self.request.GET.get("worker")
        if asked_for:
            return str(draft.pk) == asked_for
        return not worker or draft.answers.get("worker") in (worker, "", None)

    def begin_with(self, **given: Any) -> dict[str, Any]:
        """Return what stands in the fields of a form at first."""
        return given | (self.shown.answers if self.shown else {})

    def answer(self, form: Form) -> HttpResponse | None:
        """Keep what a script sends, or throw a draft away; None where the page has to answer."""
        if self.request.method != "POST":
            return None
        gone = next(
            (one for one in self.drafts if str(one.pk) == self.request.POST.get("drop")), None
        )
        if "drop" in self.request.POST:
            if gone is not None:
                actions.drop_draft(draft=gone, **said_by(self.request))
            messages.success(self.request, "The draft is thrown away.")
            here = self.request.GET.copy()
            here.pop("draft", None)
            return redirect(f"{self.request.path}?{here.urlencode()}")
        if self.request.headers.get("X-Requested-With") == "autosave":
            kept = self._keep(form)
            at = timezone.localtime(kept.saved_at).strftime("%H:%M")
            said = f"Kept at {at} as a draft that only you can see. Press the button to save it."
            return JsonResponse(
                {"had": kept.had, "at": at, "said": said, "errors": {}, "clashes": []}
            )
        if not form.is_valid():
            self.had = self._keep(form).had
        return None

    def saving(self, form: Form, do: Callable[[], None]) -> Callable[[], None]:
        """Return what saves the words and forgets their draft: both, or neither."""

        def both() -> None:
            with transaction.atomic():
                do()
                actions.forget_drafts(
                    **self.page, had=self.had, answers=self._typed(form), **said_by(self.request)
                )

        return both

    def context(self) -> dict[str, Any]:
        """What the template says of drafts."""
        posted = self.request.method == "POST"
        return {
            "typing": self,
            "draft": None if posted else self.shown,
            "others": [] if posted else [one for one in self.drafts if one != self.shown],
        }

    def _keep(self, form: Form) -> Any:
        return actions.keep_draft(
            **self.page, had=self.had, answers=self._typed(form), **said_by(self.request)
        )

    def _typed(self, form: Form) -> dict[str, Any]:
        typed: dict[str, Any] = {}
        for name, field in form.fields.items():
            value = field.widget.value_from_datadict(self.request.POST, self.request.FILES, name)
            if isinstance(value, list):
                typed[name] = [tidy_text(part) for part in value]
            elif value is not None:
                typed[name] = tidy_text(value, lines=True)
        return typed
