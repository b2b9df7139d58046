"""One case: how it stands, who has it, contacts, notes, and how it ends."""

import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from kith.accounts.viewer import keep_plans
from kith.casework import (
    actions,
    following,
    handing_over,
    oversight,
    own_page,
    permissions,
    promises,
    queries,
    sharing,
    still_open,
)
from kith.casework.forms import (
    AdditionForm,
    ContactForm,
    GiveForm,
    NoteForm,
    seen_as,
)
from kith.casework.views.asking import (
    ask,
    ask_about,
    case_of,
    kept,
    note_sight,
    read_files,
    said_by,
    words_stay,
)
from kith.casework.views.oversight import case_facts
from kith.families import queries as families
from kith.families.views.searching import nothing_known
from kith.notices.queries import no_provider
from kith.referrals import queries as referrals
from kith.referrals import sendings
from kith.referrals.permissions import may_open
from kith.referrals.summary import from_kept, sections
from kith.ui.sending import as_file

SHOWN_FIRST = 20  # of notes, contacts and actions that are over


def _latest(found: Any, everything: bool) -> tuple[list[Any], bool]:
    """Return the latest of something, and whether there is more."""
    if everything:
        return list(found), False
    rows = list(found[: SHOWN_FIRST + 1])
    return rows[:SHOWN_FIRST], len(rows) > SHOWN_FIRST


@login_required
@never_cache
def find(request: HttpRequest, reference: str) -> HttpResponse:
    """Go to a case by its number."""
    found = queries.visible_to(request.user).filter(reference=reference.upper()).first()
    return (
        redirect("casework:case", found.reference) if found else nothing_known(request, reference)
    )


@login_required
@never_cache
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a case: how it stands, the people, the plan, contacts and notes."""
    keep_plans()
    found = case_of(request, reference)
    viewer, now, today = request.user, timezone.now(), timezone.localdate()
    note_sight(request, found.family, "case")
    records = families.together_with(viewer, found.family)
    sent = sendings.of_family(viewer, records)
    everything = "all" in request.GET
    plan = list(queries.plan_of(viewer, found))
    planned = [(action, promises.action(action, today)) for action in plan]
    ended = [line for line in planned if line[0].ended]
    contacts, older = _latest(queries.contacts_of(viewer, found), everything)
    notes, older_notes = _latest(queries.notes_of(viewer, found), everything)
    if not everything:
        planned = [line for line in planned if not line[0].ended] + ended[:SHOWN_FIRST]
    asked = from_kept(found.referral.as_sent)
    needs = {need.code: need.name for need in referrals.needs(viewer)}
    assessments = queries.assessments_of(viewer, found.family)
    goals, reviews = queries.goals_of(viewer, found), list(queries.reviews_of(viewer, found))
    may_work = permissions.may_work(viewer, found)
    handed = handing_over.history_of(viewer, found)
    reopenings = list(queries.reopenings_of(viewer, found))
    return render(
        request,
        "casework/case.html",
        {
            "case": found,
            "promise": promises.first_contact(found, now),
            "closed": found.closed_at is not None,
            "plan": planned,
            "more": older or older_notes or len(planned) < len(plan),
            "sendings": sent,
            "goals": goals,
            "review": reviews[0] if reviews else None,
            "reviews": reviews,
            "review_due": promises.due(reviews[0].next_on, today) if reviews else None,
            "goals_in_hand": any(one.goal.ended_on is None for one in goals),
            "contacts": contacts,
            "notes": notes,
            "history": _history(request, found, handed, reopenings),
            "gone": _gone(handed, now) if not may_work else None,
            "offer": next((one for one in handed if one["what"] == "waiting"), None),
            # Of all that was asked of social care, what was asked last.
            "step_up": next((one for one in handed if one["what"].startswith("step_up_")), None),
            "opened_again": reopenings[0].at if reopenings else None,
            "people": families.people_of(viewer, found.family, records=records),
            "addresses": families.addresses_of(viewer, found.family, records=records),
            "asked": sections(asked, need_names=needs, to_sender=False)
            if found.referral.as_sent
            else [],
            "today": today,
            "assessments": assessments,
            "distances": queries.distances(viewer, found.family, assessments=assessments),
            "may_assess": may_work
            and found.closed_at is None
            and all(one.status == "signed" for one in assessments if one.case_id == found.pk),
            "follow_ups": following.of_case(viewer, found) if found.closed_at else [],
            "pages": own_page.pages_of(viewer, records),
            "no_texts": no_provider("text"),
            "family_words": own_page.words_of(viewer, records),
            "shared": [one for one in sharing.agreed(viewer, found.family, today) if one.in_force],
            "may_work": may_work,
            "may_allocate": permissions.may_allocate(viewer, found),
            "may_close": permissions.may_close(viewer, found),
            **case_facts(request, found),
        },
    )


@login_required
@never_cache
def give(request: HttpRequest, reference: str) -> HttpResponse:
    """Give a family to a worker, with an eye on caseloads."""
    found = case_of(request, reference)
    permissions.may_allocate(request.user, found).or_raise()
    again = found.worker is not None
    loads = [
        load
        for load in queries.caseloads(request.user, found.team, timezone.localdate())
        if load.worker != found.worker
    ]
    # Whom the page showed as having the family: a colleague may have changed it meanwhile.
    shown = request.POST.get("from_worker", str(found.worker_id or ""))
    form = GiveForm(request.POST or None, loads=loads, again=again)

    def do() -> None:
        worker = form.workers[form.cleaned_data["worker"]]
        said = {"worker": worker, "reason": form.cleaned_data["reason"], **said_by(request)}
        if shown != str(found.worker_id or ""):
            with_whom = f"is with {found.worker}" if found.worker else "waits for a worker"
            raise actions.AlreadyGiven(
                f"While you looked, this changed: {found.reference} {with_whom}. Choose again."
            )
        if found.worker is not None:
            actions.reallocate(case=found, from_worker=found.worker, **said)
        else:
            actions.allocate(case=found, **said)
        messages.success(request, f"{found.reference} is now with {worker}.")

    return ask(
        request,
        form,
        do,
        done=reverse("casework:case", args=[found.reference]),
        template="casework/give.html",
        case=found,
        title=f"Who takes over {found.family.name}?"
        if again
        else f"Who will work with {found.family.name}?",
        loads=loads,
        promise=promises.first_contact(found, timezone.now()),
        button="Give to this worker",
        from_worker=found.worker_id or "",
    )


@never_cache
@words_stay
def contact(request: HttpRequest, reference: str) -> HttpResponse:
    """Record a try to reach the family."""
    found = case_of(request, reference)
    now = timezone.now()
    permissions.may_write_down(request.user, found, now).or_raise()
    form = ContactForm(request.POST or None, now=now, first=found.first_contact_at is None)

    def do() -> None:
        answers = form.cleaned_data
        actions.record_contact(
            case=found,
            contacted_at=answers["moment"],
            how=answers["how"],
            succeeded=answers["succeeded"] == "yes",
            with_whom=answers["with_whom"],
            words=answers["words"],
            sender_words=answers.get("sender_words", ""),
            **seen_as(answers["seen"]),
            **said_by(request),
        )
        kept(request, found, "The contact is recorded.")

    return ask_about(request, found, form, do, title="Record a contact", button="Save contact")


@never_cache
@words_stay
def note(request: HttpRequest, reference: str) -> HttpResponse:
    """Add a note to a case."""
    found = case_of(request, reference)
    now = timezone.now()
    permissions.may_write_down(request.user, found, now).or_raise()
    form = NoteForm(request.POST or None, request.FILES or None, now=now)

    def do() -> None:
        actions.add_note(
            case=found,
            happened_at=form.cleaned_data["moment"],
            words=form.cleaned_data["words"],
            **seen_as(form.cleaned_data["seen"]),
            files=read_files(form),
            **said_by(request),
        )
        kept(request, found, "The note is kept.")

    return ask_about(request, found, form, do, title="Add a note", button="Save note")


@never_cache
@words_stay
def addition(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Add to a note, which itself stays as it is."""
    found = case_of(request, reference)
    permissions.may_write_down(request.user, found, timezone.now()).or_raise()
    first = get_object_or_404(queries.notes_of(request.user, found), pk=pk)
    form = AdditionForm(request.POST or None, request.FILES or None)

    def do() -> None:
        said = said_by(request)
        actions.add_note(
            case=found,
            happened_at=said["at"],
            words=form.cleaned_data["words"],
            adds_to=first,
            files=read_files(form),
            **said,
        )
        kept(request, found, "Your words stand under the note.")

    return ask_about(request, found, form, do, title="Add to a note", button="Save", note=first)


@login_required
@never_cache
def note_file(request: HttpRequest, reference: str, file: uuid.UUID) -> HttpResponse:
    """Give a file of a note to whoever may see the case."""
    found = case_of(request, reference)
    kept_file: Any = get_object_or_404(queries.files_of_notes(request.user, found), pk=file)
    may_open(kept_file).or_raise()
    note_sight(request, found.family, "note_file")
    return as_file(bytes(kept_file.content), kept_file.name, kept_file.content_type)


@login_required
@never_cache
def letter(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the closing letter for the family, to be printed."""
    found = case_of(request, reference)
    permissions.may_work(request.user, found).or_raise()
    if found.closed_at is None:
        raise Http404
    note_sight(request, found.family, "letter")
    addresses = families.addresses_of(request.user, found.family)
    return render(
        request,
        "casework/letter.html",
        {
            "case": found,
            "people": families.people_of(request.user, found.family),
            "address": next((place for place in addresses if place.until is None), None),
        },
    )


HANDED = {
    "handed": "Handed from {before} to {after}",
    "waiting": "Offered to {after}, which has not answered yet",
    "declined": "Offered to {after}, which declined",
    "withdrawn": "Offered to {after}, and taken back",
    "step_up_asked": "{after} is to be asked: with the manager",
    "step_up_sent": "{after} was asked to take the family up: no receipt yet",
    "step_up_received": "{after} was asked to take the family up, and has it",
    "step_up_refused": "{after} was not asked: the manager decided otherwise",
    "step_up_withdrawn": "{after} was asked to take the family up; taken back",
    "step_up_decided": "{after} was asked to take the family up, and has decided",
}


def _gone(handed: list[dict[str, Any]], now: datetime) -> dict[str, Any] | None:
    """To which hub a case was handed lately, and until when the hub that had it sees the record."""
    last = next((one for one in handed if one["what"] == "handed"), None)
    if last is None or last["at"] < now - permissions.STAYS_IN_SIGHT:
        return None
    return last | {"until": last["at"] + permissions.STAYS_IN_SIGHT}


def _with_answer(one: dict[str, Any]) -> str:
    """Why a case was offered, or social care asked; and why it was declined, refused or taken back."""
    return f"{one['why']}\n\nThe answer: {one['answer']}" if one["answer"] else one["why"]


def _history(
    request: HttpRequest, case: Any, handed: list[dict[str, Any]], reopenings: list[Any]
) -> list[dict[str, Any]]:
    """Who had the case and how much it needed, from which hub it came, if it was opened again."""
    viewer = request.user
    told = [
        {
            "at": given.since,
            "title": f"Given to {given.worker}",
            "by": given.by,
            "text": given.reason,
        }
        for given in queries.allocations_of(viewer, case)
    ]
    told += [
        {
            "at": one["at"],
            "title": HANDED[one["what"]].format(**one),
            "by": one["who"],
            "text": _with_answer(one),
        }
        for one in handed
    ]
    told += [
        {
            "at": opened.at,
            "title": "Opened again",
            "by": opened.by,
            "text": still_open.reopened(opened),
        }
        for opened in reopenings
    ]
    told += [
        {
            "at": change.at,
            "title": f"{change.get_now_display()} intensity, before {change.get_was_display().lower()}",
            "by": change.by,
            "text": change.reason,
        }
        for change in oversight.intensity_changes_of(viewer, case)
    ]
    told.append({"at": case.opened_at, "title": "Opened from the request", "by": "", "text": ""})
    return sorted(told, key=lambda event: event["at"], reverse=True)
