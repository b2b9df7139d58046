"""The county desk: the queue, one request with all that bears on it, and the decisions."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kith.accounts.permissions import Permission
from kith.audit.actions import saw_once
from kith.audit.lists import kept
from kith.directory.queries import services_among
from kith.directory.views import finding
from kith.families import queries as families
from kith.families.views.searching import nothing_known
from kith.hubs.calendar import closed_days
from kith.hubs.queries import all_hubs
from kith.notices.queries import words_to_begin_with
from kith.partners import queries as partners
from kith.places import queries as places
from kith.referrals import actions, desk, queries, sendings
from kith.referrals.decisions import DECISIONS, Decision, DecisionForm, ReopenForm
from kith.referrals.permissions import may_decide, may_end_links
from kith.referrals.summary import COLOURS, first_names, from_kept, sections
from kith.referrals.views.sent import ask_step_down

if TYPE_CHECKING:
    from kith.referrals.models import Referral

A_PAGE = 25
# Whose private links there are, by what they open.
WHOSE_LINKS = {
    queries.SENDERS: "Whoever sent the request",
    queries.FAMILY_COPY: "The family, for its own copy",
}


class FilterForm(forms.Form):
    """What of the queue to show. Every field may be left out; what is not understood is ignored."""

    mark_optional = False
    q = forms.CharField(label="Name, number or sender", required=False, max_length=100)
    state = forms.ChoiceField(label="State", choices=list(desk.STATES.items()), required=False)
    holder = forms.ChoiceField(
        label="Who has it", choices=list(desk.HOLDERS.items()), required=False
    )
    sender = forms.ChoiceField(
        label="Sender", choices=[("", "Anyone"), *desk.SENDERS.items()], required=False
    )
    need = forms.ChoiceField(label="Need", required=False)
    district = forms.ChoiceField(label="District", required=False)
    hub = forms.ChoiceField(label="Area of hub", required=False)
    urgent = forms.BooleanField(label="Urgent only", required=False)
    late = forms.BooleanField(label="Overdue only", required=False)
    due = forms.ChoiceField(
        label="Decide by", choices=[("", "Any day"), *desk.DUE.items()], required=False
    )
    order = forms.ChoiceField(
        label="First",
        choices=[("promise", "Promised soonest"), ("newest", "Newest")],
        required=False,
    )

    def __init__(self, *args: Any, viewer: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._choices("need", [(need.code, need.name) for need in queries.needs(viewer)])
        self._choices("district", [(one.code, one.name) for one in places.districts()])
        self._choices("hub", [(str(hub.pk), hub.name) for hub in all_hubs()])

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Any"), *choices]

    def filters(self) -> desk.Filters:
        """Return what is asked for; a field that is not understood asks for nothing."""
        self.is_valid()
        asked = self.cleaned_data
        return desk.Filters(
            state=asked.get("state") or "undecided",
            holder=asked.get("holder", ""),
            urgent=asked.get("urgent", False),
            late=asked.get("late", False),
            due=asked.get("due", ""),
            sender_kind=asked.get("sender", ""),
            need=asked.get("need", ""),
            district=asked.get("district", ""),
            hub=int(asked["hub"]) if asked.get("hub") else None,
            text=asked.get("q", ""),
            order=asked.get("order") or "promise",
        )


@login_required
@never_cache
def queue(request: HttpRequest) -> HttpResponse:
    """Show the requests that wait, those promised soonest first."""
    if not request.user.can(Permission.REFERRAL_DECIDE):
        raise PermissionDenied("Only the county desk sees the queue of requests.")
    now = timezone.now()
    filters, form = _asked(request.GET.urlencode())
    filtered = filters != desk.Filters()
    numbers = desk.numbers(request.user, at=now)
    pages = Paginator(desk.queue(request.user, filters, at=now), A_PAGE)
    if not filtered:
        pages.count = numbers["undecided"]  # all of them are counted already
    page = pages.get_page(request.GET.get("page"))
    return render(
        request,
        "referrals/desk/queue.html",
        {
            "page": page,
            "lines": desk.lines(request.user, page.object_list, at=now),
            "filter_form": form,
            "numbers": numbers,
            "filtered": filtered,
            "filters": filters,
        },
    )


@kept
def _asked(query: str) -> tuple[desk.Filters, SafeString]:
    """Return what of the queue a page's address asks for, and the form that asks it."""
    form = FilterForm(QueryDict(query), viewer=None)
    return form.filters(), form.render()


def page_of(request: HttpRequest, reference: str) -> dict[str, Any]:
    """Return what the page of one request shows of all that bears on its decision.

    The page itself is served by `casework`, which adds what the hubs know of the family.
    """
    referral = _found(request, reference)
    now = timezone.now()
    may = may_decide(request.user, referral)
    undecided = referral.status in queries.UNDECIDED
    saw_once(viewer=request.user, family_id=referral.family_id, page="request", at=now)
    names = {need.code: need.name for need in queries.all_needs(request.user)}
    asked = from_kept(referral.as_sent)
    return {
        "referral": referral,
        "children": first_names(asked) or "no name given",
        "sections": sections(asked, need_names=names, to_sender=False),
        "colour": COLOURS.get(referral.status, "blue"),
        "left": desk.time_left(referral.status, referral.decide_by, at=now, closed=closed_days()),
        "files": queries.files_of(request.user, referral),
        "steps": [_step(step) for step in queries.steps_of(request.user, referral)],
        "others": desk.other_requests(request.user, referral),
        "likely": desk.likely_families(request.user, referral) if may else [],
        "may_decide": bool(may),
        "undecided": undecided,
        "merges": families.merges_of(request.user, referral.family) if may else [],
        "mine": referral.held_by_id == request.user.pk,
        "decisions": DECISIONS.values(),
        "sendings": sendings.of_referral(request.user, referral),
        "today": timezone.localdate(),
        "may_end_links": bool(may_end_links(request.user, referral)),
        "may_reopen": bool(may) and not undecided and referral.status != "accepted",
    }


def _step(step: Any) -> dict[str, Any]:
    where = step.hub or step.organisation or ""
    said = [f"To {where}." if where else "", step.reason]
    said.append(f"Told the sender: {step.words}" if step.words and step.by_id else step.words)
    return {
        "title": step.get_kind_display(),
        "at": step.at,
        "by": str(step.by) if step.by else "",
        "text": "\n".join(part for part in said if part),
    }


@login_required
@require_POST
def take(request: HttpRequest, reference: str) -> HttpResponse:
    """Take a request in hand; or, when a colleague has it, ask whether to take it over."""
    referral = _found(request, reference)
    try:
        actions.take(
            referral=referral,
            by=request.user,
            at=timezone.now(),
            instead="instead" in request.POST,
        )
    except actions.HeldBySomebody:
        return render(
            request, "referrals/desk/take_over.html", {"referral": _found(request, reference)}
        )
    except actions.AlreadyDecided as already:
        messages.info(request, str(already))
    return _back(request, reference)


@login_required
@require_POST
def put_back(request: HttpRequest, reference: str) -> HttpResponse:
    """Put a request back for any colleague to take."""
    referral = _found(request, reference)
    try:
        actions.put_back(referral=referral, by=request.user, at=timezone.now())
    except actions.AlreadyDecided as already:
        messages.info(request, str(already))
    return _back(request, reference)


@login_required
@never_cache
def decide(request: HttpRequest, reference: str, decision: str) -> HttpResponse:
    """Decide a request: write the reason and the words, look at them again, confirm."""
    referral = _found(request, reference)
    chosen = DECISIONS.get(decision)
    if chosen is None:
        raise Http404("There is no such decision.")
    may_decide(request.user, referral).or_raise()
    if referral.status not in queries.UNDECIDED:
        messages.info(request, str(actions.AlreadyDecided(referral)))
        return redirect("referrals:at_desk", reference)
    organisation = _organisation(request) if chosen.organisation else None
    if chosen.organisation and organisation is None:
        return _choose_organisation(request, referral, chosen)

    children = first_names(from_kept(referral.as_sent)) or "this family"
    words = words_to_begin_with(
        chosen.words,
        {"children": children, "organisation": organisation, "reference": referral.reference},
    )
    # Whoever comes back, from the check or with services that were found, goes on with their words.
    back = request.method == "POST" and "change" in request.POST
    typed = {name: request.POST[name] for name in ("reason", "words") if request.POST.get(name)}
    form = DecisionForm(
        request.POST if request.method == "POST" and not back else None,
        decision=chosen,
        initial={"words": words} | (typed if back else {}),
    )
    place = {
        "referral": referral,
        "children": children,
        "decision": chosen,
        "organisation": organisation,
        "form": form,
        # Whoever opened the page while a question waited asks a second one knowingly.
        "again": "again" in request.POST
        if request.method == "POST"
        else referral.status == "more_asked",
        "family_address": queries.family_address(request.user, referral)
        if chosen.tells_family
        else None,
        "sender_email": referral.sender_email or (referral.sender.email if referral.sender else ""),
        "services": list(services_among(finding.numbers_chosen(request)))
        if chosen.services
        else [],
    }
    if not form.is_valid():
        return render(request, "referrals/desk/decide.html", place)
    if "confirm" not in request.POST:
        return render(request, "referrals/desk/confirm.html", place)
    extra: dict[str, Any] = {"organisation": organisation} if chosen.organisation else {}
    if chosen.services:
        extra["services"] = place["services"]
    if chosen.asks:
        extra["again"] = place["again"]
    try:
        chosen.act(
            referral=referral, by=request.user, at=timezone.now(), **form.cleaned_data, **extra
        )
    except (actions.AlreadyDecided, actions.AlreadyAsked) as already:
        messages.info(request, str(already))
        return redirect("referrals:at_desk", reference)
    except actions.SendingRefused as refusal:
        form.add_error(None, f"{refusal} Take it out of the letters.")
        return render(request, "referrals/desk/decide.html", place)
    messages.success(request, f"{chosen.done}: {referral.reference}.")
    return redirect("referrals:desk")


@login_required
@never_cache
def find_services(request: HttpRequest, reference: str) -> HttpResponse:
    """Find services for the family of a request: to name them in the letters, or to ask one to help.

    What is looked for is sent, not asked in the address. Words of a decision that somebody was writing
    (`decision`) are carried along, and go back to it with what was chosen.
    """
    referral = _found(request, reference)
    may_decide(request.user, referral).or_raise()
    decision = DECISIONS.get(request.POST.get("decision", ""))
    ages, begin = sendings.begin_with(request.user, referral.family, timezone.localdate())
    # Somebody who comes from a decision has looked for nothing yet.
    begun = "begin" in request.POST
    carried = [
        (name, value)
        for name in ("decision", "reason", "words", "organisation", "again", "service")
        for value in request.POST.getlist(name)
    ]
    context = {
        "referral": referral,
        "decision": decision,
        "ages": ages,
        "carried": carried,
        "back_to": reverse("referrals:at_desk", args=[reference]),
        "undecided": referral.status in queries.UNDECIDED,
    }
    found = finding.searched(request, begin, begun=begun)
    return render(request, "referrals/desk/find.html", context | found)


@login_required
@never_cache
def reopen(request: HttpRequest, reference: str) -> HttpResponse:
    """Open a decided request again, with a reason."""
    referral = _found(request, reference)
    may_decide(request.user, referral).or_raise()
    form = ReopenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.reopen(
                referral=referral,
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=timezone.now(),
            )
            messages.success(request, f"{reference} waits for a decision again.")
        except actions.NotDecided as waits:
            messages.info(request, str(waits))
        return redirect("referrals:at_desk", reference)
    return render(request, "referrals/desk/reopen.html", {"referral": referral, "form": form})


@login_required
@never_cache
def step_down(request: HttpRequest, reference: str) -> HttpResponse:
    """Let the desk say that a request is a step-down from children's social care."""
    referral = _found(request, reference)
    may_decide(request.user, referral).or_raise()
    return ask_step_down(
        request,
        referral,
        request.user,
        back=reverse("referrals:at_desk", args=[reference]),
        kept=queries.step_down_of(request.user, referral),
    )


@login_required
@never_cache
def links(request: HttpRequest, reference: str) -> HttpResponse:
    """Show which private links open a request, and end those of the sender or of the family."""
    referral, now = _found(request, reference), timezone.now()
    may_end_links(request.user, referral).or_raise()
    if (purpose := request.POST.get("end")) in WHOSE_LINKS:
        ended = actions.end_private_links(
            referral=referral, purpose=purpose, by=request.user, at=now
        )
        what = (
            "The link is ended: it opens" if ended == 1 else f"{ended} links are ended: they open"
        )
        messages.success(request, f"{what} nothing any more.")
        return redirect("referrals:links", reference)
    open_now = list(queries.links_to(request.user, referral, at=now))
    groups = [
        (whose, purpose, [link for link in open_now if link.purpose == purpose])
        for purpose, whose in WHOSE_LINKS.items()
    ]
    return render(request, "referrals/desk/links.html", {"referral": referral, "groups": groups})


@login_required
def find(request: HttpRequest, reference: str) -> HttpResponse:
    """Go to a request by its number, to the page on which this person may see it."""
    found = queries.visible_to(request.user).filter(reference=reference.upper()).first()
    if found is None:
        return nothing_known(request, reference)
    sees = request.user.can(Permission.REFERRAL_SEE)
    return redirect("referrals:at_desk" if sees else "referrals:one", found.reference)


def _found(request: HttpRequest, reference: str) -> "Referral":
    # Those who only send requests follow them on pages of their own.
    if not request.user.can(Permission.REFERRAL_SEE):
        raise Http404("There is no such request, or you may not see it.")
    return get_object_or_404(desk.to_decide(request.user), reference=reference)


def _organisation(request: HttpRequest) -> Any:
    number = request.POST.get("organisation") or request.GET.get("organisation") or ""
    if not number.isdecimal() or len(number) > 9:
        return None
    return partners.destinations().filter(pk=int(number)).first()


def _choose_organisation(
    request: HttpRequest, referral: "Referral", decision: Decision
) -> HttpResponse:
    text = request.GET.get("q", "").replace("\0", " ").strip()[:100]
    found = partners.matching(partners.destinations(), text)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "referrals/desk/choose_partner.html",
        {"referral": referral, "decision": decision, "page": page, "text": text},
    )


def _back(request: HttpRequest, reference: str) -> HttpResponse:
    """Return to the page from which a button was pressed: the queue as it was filtered, or the request."""
    back = request.POST.get("next", "")
    if back and url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        return redirect(back)
    return redirect("referrals:at_desk", reference)
