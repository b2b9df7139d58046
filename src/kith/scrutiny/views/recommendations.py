"""The pages of recommendations: the list, one with its whole way and its figures, and what is decided."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kith.scrutiny import following, permissions
from kith.scrutiny import queries as meetings
from kith.scrutiny import recommendation_forms as forms
from kith.scrutiny import recommendation_queries as queries
from kith.scrutiny.actions import drawing, measuring, recommending, sending, tracking
from kith.scrutiny.recommendation_way import way_of
from kith.scrutiny.views.asking import do, said_by
from kith.scrutiny.views.visits import ask
from kith.scrutiny.visit_queries import committees_to_choose

COLOURS = {
    "drafted": "grey", "dropped": "grey", "agreed": "yellow", "sent": "yellow", "answered": "blue",
    "monitored": "blue", "stopped": "grey", "merged": "grey",
}  # fmt: skip


def found_of(
    request: HttpRequest, uid: UUID, may: Callable[[Any], Any] = permissions.may_see
) -> Any:
    """Return a recommendation that this person may read; refused without the right, 404 otherwise."""
    may(request.user).or_raise()
    return get_object_or_404(queries.visible_to(request.user), uid=uid)


def page_of(found: Any) -> str:
    return reverse("recommendations:one", args=[found.uid])


def ask_about(
    request: HttpRequest,
    found: Any,
    form: Form,
    do: Callable[[], Any],
    title: str,
    button: str,
    **more: Any,
) -> HttpResponse:
    return ask(
        request, form, do, done=page_of(found), title=title, button=button,
        caption=f"R{found.number}", **more,
    )  # fmt: skip


@login_required
@never_cache
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Show the recommendations, those that are overdue first."""
    permissions.may_see(request.user).or_raise()
    today = timezone.localdate()
    asked = forms.ListForm(request.GET or None, choices=queries.choices_of(request.user))
    told = asked.cleaned_data if asked.is_bound and asked.is_valid() else {}
    wanted = queries.Asked(
        state=told.get("state", ""),
        late=told.get("late", False),
        theme=int(told["theme"]) if told.get("theme") else None,
        owner=told.get("owner", ""),
        committee=int(told["committee"]) if told.get("committee") else None,
    )
    lines = queries.listed(request.user, wanted, today)
    return render(
        request,
        "scrutiny/recommendations/listed.html",
        {
            "form": asked,
            "lines": lines,
            "late": sum(bool(line.late) for line in lines),
            "narrowed": any(told.values()),
            "colours": COLOURS,
            "may_keep": permissions.may_keep(request.user),
        },
    )


@login_required
@never_cache
@require_safe
def one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show a recommendation with its whole way, and its figures before and now."""
    found = found_of(request, uid)
    now, user = timezone.now(), request.user
    line = queries.line_of(found, timezone.localdate(now))
    keeps, answers = permissions.may_keep(user), permissions.may_answer(user)
    state = str(found.state)
    follows = state in queries.OPEN
    own = found.owned == "committee" or found.kind == "committee_action"
    return render(
        request,
        "scrutiny/recommendations/one.html",
        {
            "found": found,
            "line": line,
            "colour": COLOURS[state],
            "parts": found.parts.all(),
            "six": [
                (label, getattr(found, name), hint) for name, (label, hint) in forms.SIX.items()
            ],
            "gaps": [label for name, (label, _) in forms.SIX.items() if not getattr(found, name)],
            "way": way_of(user, found),
            "promised": queries.promised_of(user, found),
            "today": timezone.localdate(now),
            "origins": queries.origins_of(user, found),
            "merged": queries.merged_into(user, found),
            "followed": [
                (following.follow(measure, now), following.behind(measure, now))
                for measure in found.measures.all()
            ],
            "items": [
                item
                for meeting in queries.meetings_to_come(user, found, now)
                for item in meetings.agenda(user, meeting)
                if item.kind == "follow_up"
            ]
            if keeps and follows
            else [],
            "may_keep": keeps,
            "may_draft": keeps and state == "drafted",
            "may_put_together": keeps and state in ("drafted", "agreed"),
            "may_send": keeps and follows and found.owned != "committee",
            "may_answer": answers and follows and not own,
            "may_say": answers
            and (state in ("answered", "monitored") or (own and state == "agreed")),
            "may_follow": keeps and follows,
            "may_publish": keeps and state not in ("drafted", "dropped", "merged"),
            "may_measure": keeps and state not in ("merged", "stopped", "dropped"),
        },
    )


def _draft_form(request: HttpRequest, **options: Any) -> forms.DraftForm:
    return forms.DraftForm(
        request.POST or None,
        committees=committees_to_choose(request.user, timezone.localdate()),
        themes=queries.themes_to_choose(request.user),
        **options,
    )


@login_required
@never_cache
def new(request: HttpRequest) -> HttpResponse:
    """Draft a recommendation, from a theme or from nothing."""
    permissions.may_keep(request.user).or_raise()
    form = _draft_form(request, initial={"theme": request.GET.get("theme", "")})
    made: list[Any] = []

    def do() -> None:
        theme = form.themes.get(form.cleaned_data["theme"])
        committee = form.committees[form.cleaned_data["committee"]]
        made.append(
            recommending.draft(
                committee=committee, details=form.details, parts=form.each_part, theme=theme,
                **said_by(request),
            )
        )  # fmt: skip

    return ask(
        request, form, do, done=lambda: page_of(made[0]), title="Draft a recommendation",
        button="Save the draft", back=reverse("recommendations:listed"),
        text="Only its words are needed now. What is missing is shown beside it.",
    )  # fmt: skip


@login_required
@never_cache
def change(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Change a draft; or what is said beside words that were agreed."""
    found = found_of(request, uid, permissions.may_keep)
    names = ("words", *forms.SIX, "owned", "owner", "owner_email", "due_on")
    initial = {name: getattr(found, name) for name in names}
    initial["parts"] = "\n".join(part.words for part in found.parts.all())
    form = _draft_form(request, initial=initial, change=True)

    def do() -> None:
        recommending.reword(
            recommendation=found, details=form.details, parts=form.each_part, **said_by(request)
        )

    return ask_about(request, found, form, do, "Change the recommendation", "Save")


@login_required
@never_cache
def agree(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Write down in which item the committee agreed it."""
    found = found_of(request, uid, permissions.may_keep)
    items = queries.items_to_decide_in(request.user, found, timezone.now())
    form = forms.OneOfForm(
        request.POST or None, name="item", label="In which item was it agreed?", rows=items
    )

    def do() -> None:
        recommending.agree(recommendation=found, item=form.chosen, **said_by(request))
        messages.success(request, "Agreed. Its figures are kept as of that day.")

    text = (
        ""
        if items
        else "No meeting of this committee has begun yet. Recommendations are agreed in one."
    )
    return ask_about(
        request, found, form, do, "The committee agreed it", "It was agreed", text=text
    )


@login_required
@never_cache
def drop(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Put a draft away."""
    found = found_of(request, uid, permissions.may_keep)
    form = forms.WhyForm(request.POST or None)

    def do() -> None:
        because = form.cleaned_data["because"]
        recommending.drop(recommendation=found, because=because, **said_by(request))

    return ask_about(request, found, form, do, "Do not put it forward", "Put it away")


@login_required
@never_cache
def take_up(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take up again what was put away or stopped."""
    found = found_of(request, uid, permissions.may_keep)
    form = forms.WhyForm(request.POST or None)

    def do() -> None:
        if found.state == "dropped":
            recommending.redraft(recommendation=found, **said_by(request))
        else:
            because = form.cleaned_data["because"]
            recommending.take_up_again(recommendation=found, because=because, **said_by(request))

    return ask_about(request, found, form, do, "Take it up again", "Take it up again")


@login_required
@never_cache
def together(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Put another record of the same recommendation together with this one."""
    found = found_of(request, uid, permissions.may_keep)
    others = queries.to_put_together(request.user, found)
    form = forms.OneOfForm(
        request.POST or None,
        name="other",
        label="Which record is the same recommendation?",
        rows=others,
    )

    def do() -> None:
        recommending.put_together(recommendation=found, other=form.chosen, **said_by(request))
        messages.success(request, "They are one now. What each stood in is kept.")

    return ask_about(
        request, found, form, do, "Put two records together", "Put them together",
        text="This one stays. The other is told under it, and can be parted until it is sent.",
    )  # fmt: skip


@login_required
@require_POST
def part(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Make two again of what was put together."""
    found = found_of(request, uid, permissions.may_keep)
    return do(
        request,
        lambda: recommending.part(recommendation=found, **said_by(request)),
        page_of(found),
        "It stands by itself again.",
    )


@login_required
@never_cache
def send(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Send it, with the notice or as a request."""
    found = found_of(request, uid, permissions.may_keep)
    initial = {
        "law": "none" if found.owned == "body" else "executive",
        "to": found.owner,
        "email": found.owner_email,
        "received_on": timezone.localdate(),
    }
    form = forms.SendForm(request.POST or None, initial=initial)

    def do() -> None:
        notice = sending.send(recommendation=found, **form.cleaned_data, **said_by(request))
        if notice.due_on:
            messages.success(
                request, f"Sent. An answer is due in law by {notice.due_on:%-d %B %Y}."
            )
        else:
            messages.success(request, "Sent as a request. No law sets a day for the answer.")

    return ask_about(request, found, form, do, "Send the recommendation", "Send it")


@login_required
@never_cache
def back(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Bring it back to a meeting."""
    found = found_of(request, uid, permissions.may_keep)
    to_come = queries.meetings_to_come(request.user, found, timezone.now())
    form = forms.OneOfForm(
        request.POST or None, name="due_meeting", label="To which meeting?", rows=to_come
    )

    def do() -> None:
        recommending.look_again(recommendations=[found], meeting=form.chosen, **said_by(request))
        messages.success(request, "It stands in the forward plan of that meeting.")

    text = "" if to_come else "No meeting of this committee is planned. Plan one first."
    return ask_about(
        request, found, form, do, "Bring it back to a meeting", "Bring it back", text=text
    )


@login_required
@never_cache
def stop(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Write down that the committee follows it up no longer."""
    found = found_of(request, uid, permissions.may_keep)
    words = [
        ("because", "Why is it no longer followed up?", True),
        ("impact", "What changed, all in all?", False),
    ]
    form = forms.OneOfForm(
        request.POST or None,
        name="item",
        label="In which item was it decided?",
        rows=queries.items_to_decide_in(request.user, found, timezone.now()),
        words=words,
    )

    def do() -> None:
        told = form.cleaned_data
        recommending.stop(
            recommendation=found, item=form.chosen, because=told["because"], impact=told["impact"],
            **said_by(request),
        )  # fmt: skip

    return ask_about(request, found, form, do, "Stop following it up", "Stop following it up")


@login_required
@never_cache
def measure(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Tie it to a figure."""
    found = found_of(request, uid, permissions.may_keep)
    form = forms.MeasureForm(request.POST or None)

    def do() -> None:
        measuring.measure_by(recommendation=found, details=form.details, **said_by(request))

    return ask_about(request, found, form, do, "Choose a figure", "Choose it")


@login_required
@require_POST
def unmeasure(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a figure away of which nothing is kept."""
    permissions.may_keep(request.user).or_raise()
    measured = queries.measure_numbered(request.user, pk)
    if measured is None:
        raise Http404
    found = measured.recommendation
    return do(
        request,
        lambda: measuring.drop_measure(measure=measured, **said_by(request)),
        page_of(found),
        "The figure is taken away.",
    )


@login_required
@require_POST
def draw(request: HttpRequest, item: UUID) -> HttpResponse:
    """Write the paper of an item from what is followed up."""
    permissions.may_keep(request.user).or_raise()
    found = meetings.item_called(request.user, item)
    where = reverse("recommendations:listed")
    if found is None:
        raise Http404
    return do(
        request,
        lambda: drawing.draw_follow_up(item=found, **said_by(request)),
        where,
        f"The paper is written for item “{found}” of {found.meeting}. Write it again until the agenda is published.",
    )


@login_required
@require_POST
def publish(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Let the public follow it, as it stands now."""
    found = found_of(request, uid, permissions.may_keep)
    return do(
        request,
        lambda: tracking.publish(recommendation=found, **said_by(request)),
        page_of(found),
        "Published as it stands. Publish it again when something is new.",
    )


@login_required
@require_POST
def unpublish(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take it back from the public."""
    found = found_of(request, uid, permissions.may_keep)
    return do(
        request,
        lambda: tracking.unpublish(recommendation=found, **said_by(request)),
        page_of(found),
        "It is taken back.",
    )
