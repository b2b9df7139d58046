"""Pages for people without an account: opened by a private link and the code that follows it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from kith.accounts.links import Opened, State, open_link
from kith.casework import actions
from kith.notices.queries import no_provider

# Who does nothing for so long is asked for a code again.
STAYS_OPEN = timedelta(minutes=30)


@dataclass(frozen=True)
class ByCode:
    """One kind of such page: the name of its addresses, the purpose of its links, and how the page
    that an opened link leads to is found."""

    name: str
    purpose: str
    opened: Callable[[Any], Any]
    what: str = "your page"  # what is opened
    over: str = "casework/own_page/over.html"  # what is shown where a link opens nothing

    def link(self, request: HttpRequest, secret: str) -> HttpResponse:
        """Open the page by its link: a code is sent, and asked for."""
        opened = open_link(request, secret, self.purpose)
        found = self.opened(None) if opened.state is State.OPEN else None
        if found is None:
            return self._over(request, opened)
        now = timezone.now()
        problem = ""
        if request.method == "POST":
            try:
                if "send" in request.POST:
                    actions.send_code(page=found, at=now)
                    messages.success(request, "We have sent you a code.")
                    return redirect(f"{self.name}:link", secret)
                actions.try_code(page=found, code=request.POST.get("code", "")[:40], at=now)
            except actions.CodeRefused as refused:
                problem = str(refused)
            else:
                request.session.cycle_key()
                self._keep_open(request, secret, now)
                return redirect(f"{self.name}:page")
        return render(
            request,
            "casework/own_page/code.html",
            {
                "page": found,
                "what": self.what,
                "sent": bool(found.code_hash),
                "problem": problem,
                "hidden": _hidden(found),
                "cannot": no_provider(found.channel),
            },
        )

    def mine(self, request: HttpRequest) -> tuple[Any, HttpResponse]:
        """Return the page that was opened here with a code; else what to show instead."""
        now = timezone.now()
        kept = request.session.get(self.name) or {}
        until = datetime.fromisoformat(kept["until"]) if kept.get("until") else None
        if until is None:
            return None, self._shut(request, 404)
        if now > until:
            request.session.pop(self.name, None)
            messages.info(request, f"Nothing was done here for a while, so we closed {self.what}.")
            return None, redirect(f"{self.name}:link", kept["secret"])
        opened = open_link(request, kept["secret"], self.purpose)
        found = self.opened(None) if opened.state is State.OPEN else None
        if found is None:
            return None, self._over(request, opened)
        self._keep_open(request, kept["secret"], now)
        return found, HttpResponse()

    def leave(self, request: HttpRequest) -> HttpResponse:
        """Close the page on this computer."""
        request.session.pop(self.name, None)
        messages.success(
            request,
            f"You have closed {self.what} on this computer. Open it again with the link we sent you.",
        )
        return redirect("start")

    def _keep_open(self, request: HttpRequest, secret: str, now: datetime) -> None:
        until = (now + STAYS_OPEN).isoformat()
        request.session[self.name] = {"secret": secret, "until": until}

    def _over(self, request: HttpRequest, opened: Opened) -> HttpResponse:
        status = opened.status if opened.state is not State.OPEN else 404
        return self._shut(request, status)

    def _shut(self, request: HttpRequest, status: int) -> HttpResponse:
        return render(request, self.over, {"what": self.what}, status=status)


def _hidden(found: Any) -> str:
    """Return where a code goes, so that its owner knows it and nobody learns it."""
    name, at, where = found.sent_to.partition("@")
    return f"{name[:1]}…@{where}" if at else f"the telephone that ends in {found.sent_to[-3:]}"
