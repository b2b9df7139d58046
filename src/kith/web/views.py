"""Pages of the shell."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.cache import caches
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from kith.accounts.permissions import Permission as P
from kith.analytics.days import months_after
from kith.analytics.indicators import Figure, Period
from kith.analytics.periods import periods_on
from kith.directory.permissions import (
    may_agree_offer,
    may_keep_directory,
    may_keep_words,
    may_propose,
    may_say_offering,
)
from kith.directory.queries import find_service, to_confirm
from kith.figures import registry, words
from kith.hubs.calendar import promise_days
from kith.hubs.queries import all_hubs
from kith.referrals.counts import sent_to
from kith.referrals.views.keys import COOKIE as KEYS_COOKIE
from kith.referrals.views.keys import DAYS as KEYS_DAYS
from kith.scrutiny.queries import is_member_alone
from kith.ui import actions as ui_actions
from kith.ui import queries as ui_queries
from kith.ui.look import NotAColour
from kith.ui.permissions import may_change_look
from kith.ui.tongues import COOKIE as LANGUAGE_COOKIE
from kith.web import board as boards
from kith.web import figures as web_figures
from kith.web.forms import AskedForForm, FiguresForm, LookForm
from kith.web.permissions import hubs_to_see, may_see_county_figures, may_see_figures
from kith.web.today import today_for
from kith.web.wanted import as_sheet, tables

if TYPE_CHECKING:
    from kith.accounts.models import User

KEPT = [
    ("Names, dates of birth, addresses, schools", "To know who asks, to find the right hub, and not to mix people up"),
    ("What you worry about, what goes well, what was tried", "To decide who can help, and how"),
    ("Language, disability, ethnic origin, when you give them", "To help in a way that fits, and to see that all are served fairly"),
    ("How and when it is safe to reach you", "So that a letter or a call harms nobody"),
    ("Who asked, what you agreed to, whom we may tell", "To keep to it"),
    ("What was decided, done and achieved", "To help well, to answer to you, and to learn as a county"),
    ("That a search on Find help found nothing: the day, the hub’s area, and which of our own words was meant; never what you typed, your postcode or who you are", "To know what is missing, and to say honestly what is not offered"),
    ("Who looked at or changed your record, and when", "So that nobody looks without a reason"),
]  # fmt: skip
COOKIES = [
    (settings.SESSION_COOKIE_NAME, "Keeps you signed in, or open what you opened with a private link", "Until you close the browser or sign out"),
    (settings.CSRF_COOKIE_NAME, "Proves that a form was sent from this website", "One year"),
    (KEYS_COOKIE, "Lets you go back to requests that you began or sent without an account", f"{KEYS_DAYS} days"),
    (LANGUAGE_COOKIE, "Remembers in which language you chose to read pages for finding help", "One year"),
    ("kith-field (not a cookie: the browser’s own storage)", "Holds, sealed, the visits and registers that hub staff take along on a device, and what they wrote there", "10 hours, or until you sign out; what is not sent yet until it is"),
    ("messages", "Shows you once that something was done", "Until it is shown"),
]  # fmt: skip

SETTINGS = [
    ("Name, colours and front door", "look", P.SETTINGS_EDIT, "What people see on every page, and the numbers they call."),
    ("Promises and closed days", "hubs:promises", P.SETTINGS_EDIT, "How soon things are done, in working days, and which days do not count."),
    ("Core offer", "directory:versions", P.OFFER_AGREE, "What every hub must offer, and the versions of it."),
    ("Entries that nobody confirms", "directory:hiding", P.SETTINGS_EDIT, "After how many months the directory hides them."),
    ("Words of the directory", "directory:all_words", P.DIRECTORY_EDIT_ALL, "Kinds of help, who it is for, words that mean the same, and school terms."),
    ("Needs", "referrals:needs", P.SETTINGS_EDIT, "What a request can ask for, and the words that show the safeguarding stop."),
    ("Assessment form", "casework:assessment_form", P.SETTINGS_EDIT, "What every assessment asks, and questions of your own."),
    ("Questions of case audits", "casework:audit_questions", P.SETTINGS_EDIT, "What an auditor asks of a case's record."),
    ("Measures", "casework:measures", P.SETTINGS_EDIT, "Short questionnaires, and scores of others that are written down."),
    ("What a family counts", "casework:weights", P.SETTINGS_EDIT, "As how many families one counts in a caseload, by how much it needs."),
    ("Hubs and their staff", "hubs:hubs", P.HUB_EDIT, "Premises, opening hours and posts."),
    ("Areas of the hubs", "hubs:areas", P.HUB_EDIT, "Which neighbourhood belongs to which hub."),
    ("Partners and schools", "partners:organisations", P.PARTNER_EDIT, "Who sends requests, and who takes them."),
    ("Letters and messages", "notices:wordings", P.NOTICE_EDIT, "The words of what is sent."),
    ("Areas and published figures", "places:imports", P.PLACES_IMPORT, "Postcodes, boundaries, the register of schools."),
    ("People", "accounts:people", P.PEOPLE_MANAGE, "Accounts, and what each may do."),
    ("Teams", "accounts:teams", P.PEOPLE_MANAGE, "Hubs, the desk, partner organisations, and keys for their systems."),
    ("Cover", "accounts:cover", P.COVER_ARRANGE, "Who stands in for whom."),
    ("What has been sent", "notices:outbox", P.NOTICE_SEE, "E-mail, texts and letters, and what could not be sent."),
    ("Long work", "jobs:all", P.JOB_SEE_ALL, "What runs in the background, and what failed."),
]  # fmt: skip


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The way in, for everybody."""
    begin = reverse("referrals:begin")
    ways = {who: f"{begin}?who={who}" for who in ("parent", "young_person", "professional")}
    ways |= {"staff": reverse("home")}
    promises = {key: promise_days(key) for key in ("decision", "first_contact")}
    context = {"ways": ways, "promises": promises, "hubs": all_hubs()}
    return render(request, "web/start.html", context)


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """What needs doing today, for whoever is signed in. A councillor has one page, and lands on it."""
    if is_member_alone(request.user):
        return redirect("scrutiny:home")
    at = timezone.now()
    page = today_for(request.user, at)
    memberships = request.user.current_memberships()
    place = ", ".join(
        dict.fromkeys(
            # The people of the county desk need not read it twice.
            held.role_name if held.role_name == str(held.team) else f"{held.team}: {held.role_name}"
            for held in memberships
        )
    )
    tiles, tiles_of = _tiles_at_home(request.user, at)
    context = {
        "page": page,
        "now": at,
        "place": place,
        "tiles": tiles,
        "tiles_of": tiles_of,
    }
    return render(request, "web/home.html", context)


def _tiles_at_home(user: "User", at: datetime) -> tuple[list[web_figures.Tile], str]:
    """Return the figures of a first page: the county's, or those of one's own hub."""
    if not may_see_figures(user):
        return [], ""
    period = next(iter(periods_on(timezone.localdate(at)).values()))
    if may_see_county_figures(user):
        keys, hub, name = web_figures.COUNTY_TILES[:4], "", ""
    else:
        own = next(iter(hubs_to_see(user)), None)
        if own is None:
            return [], ""
        keys, hub, name = web_figures.HUB_TILES[2:6], own.slug, own.name
    query = f"?hub={hub}" if hub else ""
    return [web_figures.tile(key, period, at, hub=hub, query=query) for key in keys], name


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """How to find one's way, and whom to ask."""
    return render(request, "web/help.html", {})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept about people, why, and what they may ask."""
    columns = ["What", "Why"]
    return render(request, "web/privacy.html", {"columns": columns, "rows": KEPT})


@require_safe
def cookies(request: HttpRequest) -> HttpResponse:
    """The cookies that Kith sets."""
    columns = ["Name", "What it is for", "How long it stays"]
    return render(request, "web/cookies.html", {"columns": columns, "rows": COOKIES})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return render(request, "web/accessibility.html", {})


SECONDS_DRAWN = 60  # how long a board's drawing is kept by each web process


@dataclass(frozen=True)
class Asked:
    """Which figures a page is asked for: over which months, and of which hub or of the county."""

    period_key: str
    period: Period
    hub: str
    hub_name: str
    hubs: list[tuple[str, str]]
    periods: dict[str, Period]

    @property
    def query(self) -> str:
        parts = {"period": self.period_key, "hub": self.hub}
        return "?" + urlencode({name: value for name, value in parts.items() if value})


def _asked(request: HttpRequest) -> Asked:
    """Read what the address asks for. 404 for a hub that is not theirs to see."""
    may_see_figures(request.user).or_raise()
    periods = periods_on(timezone.localdate())
    key = request.GET.get("period", "")
    key = key if key in periods else next(iter(periods))
    hubs = {hub.slug: hub.name for hub in hubs_to_see(request.user)}
    county = bool(may_see_county_figures(request.user))
    hub = request.GET.get("hub", "" if county or "hub" in request.GET else next(iter(hubs), ""))
    if hub and hub not in hubs:
        raise Http404
    return Asked(key, periods[key], hub, hubs.get(hub, ""), list(hubs.items()), periods)


@require_safe
@login_required
def figures(request: HttpRequest) -> HttpResponse:
    """The figures of the county, or of a hub."""
    asked = _asked(request)
    return render(request, "web/figures.html", {"asked": asked, "board": _board(request, asked)})


def _board(request: HttpRequest, asked: Asked) -> SafeString:
    """Draw the tiles and charts. The drawing is kept for a minute; its counts are for ten."""
    county = bool(may_see_county_figures(request.user))
    cache = caches["figures"]
    key = f"board:{asked.query}:{county}:{','.join(slug for slug, _ in asked.hubs)}"
    drawn: SafeString | None = cache.get(key)
    if drawn is None:
        tiles, pictures = web_figures.board(
            asked.period, timezone.now(), hub=asked.hub, query=asked.query, county=county
        )
        filters = FiguresForm(
            {"period": asked.period_key, "hub": asked.hub}, periods=asked.periods, hubs=asked.hubs
        )
        context = {"asked": asked, "filters": filters, "tiles": tiles, "pictures": pictures}
        drawn = render_to_string("web/figures_board.html", context, request)
        cache.set(key, drawn, SECONDS_DRAWN)
    return drawn


def _figure(request: HttpRequest, key: str) -> tuple[Asked, Figure, list[str]]:
    asked = _asked(request)
    try:
        indicator = registry.indicator_called(key)
        ways = registry.ways_of(indicator, asked.hub)
        if not asked.hub and not may_see_county_figures(request.user):
            ways = [way for way in ways if way not in registry.BY_HUB]
        by = request.GET.get("by", "")
        by = by if by in ways else next(iter(ways), "")
        figure = registry.figure_of(key, asked.period, by=by, at=timezone.now(), hub=asked.hub)
    except registry.NoSuchFigure:
        raise Http404 from None
    return asked, figure, ways


@require_safe
@login_required
def figure(request: HttpRequest, key: str) -> HttpResponse:
    """One indicator: what it means, its values, and their picture."""
    asked, found, ways = _figure(request, key)
    query = f"{asked.query}&by={found.by}"
    context = {
        "asked": asked,
        "figure": found,
        "indicator": found.indicator,
        "chart": web_figures.chart_of(found),
        "columns": words.headings(found),
        "rows": words.lines(found),
        "ways": [
            {
                "label": f"By {words.WAYS[way].lower()}",
                "href": f"{asked.query}&by={way}",
                "current": way == found.by,
            }
            for way in ways
        ],
        "filters": FiguresForm(
            {"period": asked.period_key, "hub": asked.hub, "by": found.by},
            periods=asked.periods,
            hubs=asked.hubs,
            by=found.by,
        ),
        "download": reverse("figure_csv", args=[key]) + query,
        "back": reverse("figures") + asked.query,
        "same_at_any_time": key == registry.NOW,
    }
    return render(request, "web/figure.html", context)


@require_safe
@login_required
def figure_csv(request: HttpRequest, key: str) -> HttpResponse:
    """The same values for a spreadsheet."""
    asked, found, _ = _figure(request, key)
    answer = HttpResponse(web_figures.as_csv(found), content_type="text/csv; charset=utf-8")
    name = "-".join(filter(None, [key, asked.hub, f"by-{found.by}", asked.period_key]))
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


@login_required
def county_settings(request: HttpRequest) -> HttpResponse:
    """Everything a county can set, for whoever may set it."""
    cards = [
        {"label": label, "href": reverse(name), "text": text}
        for label, name, permission, text in SETTINGS
        if request.user.can(permission)
    ]
    if not cards:
        raise PermissionDenied("Only those who may change the county's settings see this page.")
    return render(request, "web/settings.html", {"cards": cards})


@login_required
def look(request: HttpRequest) -> HttpResponse:
    """Change the county's name, colours and front-door numbers."""
    may_change_look(request.user).or_raise()
    now = ui_queries.county_look()
    form = LookForm(request.POST or None, initial=now.__dict__)
    if request.method == "POST" and form.is_valid():
        try:
            ui_actions.change_look(by=request.user, at=timezone.now(), **form.cleaned_data)
        except (ui_actions.Unreadable, NotAColour) as problem:
            form.add_error(getattr(problem, "field", None), str(problem))
        else:
            messages.success(request, "The county's name and colours are changed.")
            return redirect("look")
    return render(request, "web/look.html", {"form": form, "look_now": now})


@require_safe
def look_css(request: HttpRequest) -> HttpResponse:
    """The county's colours, as custom properties that the style sheet reads."""
    answer = HttpResponse(ui_queries.county_look().css, content_type="text/css; charset=utf-8")
    # Its address changes with its content, so that a browser may keep it for good.
    kept = "public, max-age=31536000, immutable" if "v" in request.GET else "no-cache"
    answer.headers["Cache-Control"] = kept
    return answer


@require_safe
def offer_standard(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Show how it is known whether one hub meets the standard of one item, with all that explains it."""
    at, user = timezone.now(), request.user
    found = boards.board(at, timezone.localdate(at), only=code)
    here = [
        (line, place) for line in found.lines for place in line.places if place.hub.slug == slug
    ]
    if not here:
        raise Http404
    line, place = here[0]
    signed_in = user.is_authenticated
    context = {
        "board": found,
        "line": line,
        "item": line.item,
        "place": place,
        "signed_in": signed_in,
        "today": timezone.localdate(at),
        "may_figures": signed_in and bool(may_see_figures(user)),
    }
    context["may_say"] = signed_in and bool(may_say_offering(user, place.hub))
    context["may_confirm"] = context["may_say"] and bool(place.findings) and not line.item.measured
    return render(request, "web/offer_standard.html", context)


@require_safe
def offer_board(request: HttpRequest) -> HttpResponse:
    """Show every item of the core offer beside every hub, and the gaps."""
    at, user = timezone.now(), request.user
    found = boards.board(at, timezone.localdate(at))
    signed_in = user.is_authenticated
    own = [hub for hub in found.hubs if signed_in and user.can(P.DIRECTORY_EDIT, in_team=hub.team)]
    context = {
        "board": found,
        "to_confirm": to_confirm(own, timezone.localdate(at)) if own else [],
        "gaps": found.gaps,
        "today": timezone.localdate(at),
        "signed_in": signed_in,
        "may_say": {hub.pk for hub in found.hubs if signed_in and may_say_offering(user, hub)},
        "may_agree": signed_in and bool(may_agree_offer(user)),
        "may_figures": signed_in and bool(may_see_figures(user)),
    }
    return render(request, "web/offer_board.html", context)


@require_safe
@login_required
def service_sent(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show those who give a service, or keep its entry, how families are sent to it and how it goes."""
    service = find_service(uid)
    if service is None:
        raise Http404
    kept = bool(may_keep_directory(request.user))
    if not kept:
        may_propose(request.user, service.provider).or_raise()
    now = timezone.now()
    today = timezone.localdate(now)
    period = Period(today - timedelta(days=364), today, "The last twelve months")
    found = sent_to(service, period, now)
    context = {
        "service": service,
        "kept": kept,
        "period": period,
        "figure": found,
        "indicator": found.indicator,
        "columns": words.headings(found),
        "rows": [
            row
            for row, line in zip(words.lines(found), (*found.rows, found.total), strict=True)
            if line.key == "all" or any(cell.hidden or cell.value for cell in line.cells)
        ],
        "any": any(cell.hidden or cell.value for cell in found.total.cells),
    }
    return render(request, "web/service_sent.html", context)


@require_safe
@login_required
def asked_for(request: HttpRequest) -> HttpResponse:
    """Show those who keep the directory what people ask for and do not get, of the county or of a hub."""
    if not may_keep_directory(request.user):
        raise PermissionDenied("Only managers of hubs and the county desk see this page.")
    now = timezone.now()
    today = timezone.localdate(now)
    form = AskedForForm(request.GET)
    hub, months = form.asked()
    period = Period(months_after(today, -months), today, dict(AskedForForm.PERIODS)[str(months)])
    found = tables(period, now, hub)
    if "csv" in request.GET:
        return as_sheet(found, period)
    context = {
        "form": form,
        "period": period,
        "tables": found,
        "hub": hub,
        "download": f"?{urlencode({'hub': hub, 'months': months, 'csv': 1})}",
        "may_words": bool(may_keep_words(request.user)),
    }
    return render(request, "web/asked_for.html", context)
