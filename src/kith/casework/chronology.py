"""Everything that has happened with a family, on one page, whatever record it was written on."""

from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.utils import timezone

from kith.accounts.models import User
from kith.casework.models import (
    Allocation,
    Case,
    Contact,
    Handover,
    Note,
    PlannedAction,
    Reopening,
)
from kith.casework.queries import visible_to
from kith.families import queries as families
from kith.families.models import Family, Merge
from kith.referrals import queries as referrals
from kith.referrals.models import Referral, Step

KINDS = {
    "request": "Requests for help",
    "case": "Cases",
    "contact": "Contacts",
    "note": "Notes",
    "action": "Actions",
    "record": "Records put together",
}
# Steps of a request that tell its sender what a case did, and so stand after it.
TOLD_AFTER: dict[str, str] = {
    Step.Kind.FIRST_CONTACT: "of the first contact",
    Step.Kind.ENDED: "that help has ended",
    Step.Kind.MOVED: "that another hub took over",
    Step.Kind.RESUMED: "that help has begun again",
}


@dataclass(frozen=True)
class Event:
    """One thing that happened. `words` are pairs of what they are and the words themselves."""

    at: datetime
    kind: str
    title: str
    by: str = ""
    words: tuple[tuple[str, str], ...] = ()
    referral: Referral | None = None
    case: Case | None = None
    recorded_at: datetime | None = None
    late: bool = False
    day_only: bool = False  # the hour is not known
    follows: bool = False  # comes of something else that happened in the same moment
    marks: tuple[str, ...] = field(default=())

    @property
    def kind_name(self) -> str:
        return KINDS[self.kind]


def chronology(viewer: User, family: Family, kinds: set[str] | None = None) -> list[Event]:
    """Return what has happened with a family, newest first, across all its records.

    The number of queries does not depend on how much there is. `kinds` are keys of KINDS.
    """
    records = families.together_with(viewer, family)
    requests = {
        referral.pk: referral
        for referral in referrals.visible_to(viewer)
        .filter(family__in=records)
        .select_related("sender_organisation", "family")
        .defer("as_sent")
    }
    cases = {
        case.pk: case
        for case in visible_to(viewer).filter(family__in=records).select_related("team", "worker")
    }
    events = [
        *_of_requests(requests),
        *_of_cases(cases),
        *_of_contacts(cases),
        *_of_notes(cases),
        *_of_actions(cases),
        *_of_merges(records),
    ]
    if kinds:
        events = [event for event in events if event.kind in kinds]
    # What happened in the same moment stays in its order: asked, accepted, opened, given.
    return sorted(events, key=lambda event: (event.at, event.follows))[::-1]


def _of_requests(requests: dict[int, Referral]) -> list[Event]:
    steps = (
        Step.objects.filter(referral__in=requests)
        .select_related("by", "hub__team", "organisation")
        .order_by("at", "pk")
    )
    return [
        Event(
            at=step.at,
            kind="request",
            title=_step_title(step, requests[step.referral_id]),
            by=str(step.by or ""),
            words=_words(("Reason", step.reason), (_step_words(step), step.words)),
            referral=requests[step.referral_id],
            follows=step.kind in TOLD_AFTER,
        )
        for step in steps
    ]


def _step_title(step: Step, referral: Referral) -> str:
    if step.kind == Step.Kind.RECEIVED:
        sender = (
            referral.sender_organisation
            or referral.sender_organisation_name
            or referral.get_sender_kind_display()
        )
        return f"Request received from {sender}"
    if step.kind == Step.Kind.ACCEPTED and step.hub:
        return f"Request accepted by {step.hub}"
    if step.kind == Step.Kind.SENT_ON and step.organisation:
        return f"Request sent on to {step.organisation}"
    if told := TOLD_AFTER.get(step.kind):
        return f"The sender was told {told}"
    return f"Request: {step.get_kind_display().lower()}"


def _step_words(step: Step) -> str:
    return "Answer" if step.kind == Step.Kind.ANSWERED else "Told to the sender"


def _of_cases(cases: dict[int, Case]) -> list[Event]:
    events = []
    handovers = list(
        Handover.objects.filter(case__in=cases).select_related("from_team", "to_team", "by")
    )
    first_team: dict[int, str] = {}
    for handed in sorted(handovers, key=lambda handed: (handed.at, handed.pk)):
        first_team.setdefault(handed.case_id, str(handed.from_team))
    for case in cases.values():
        team = first_team.get(case.pk, str(case.team))
        events.append(Event(case.opened_at, "case", f"Case opened at {team}", case=case))
        if case.closed_at:
            words = (
                ("Reason", case.get_closing_reason_display()),
                ("How things are", case.get_outcome_display()),
                ("Told to the sender", case.closing_words),
                ("Told to the family", case.family_words),
            )
            events.append(
                Event(case.closed_at, "case", "Case closed", words=_words(*words), case=case)
            )
    for given in Allocation.objects.filter(case__in=cases).select_related("worker", "by"):
        events.append(
            Event(
                given.since,
                "case",
                f"Given to {given.worker}",
                by=str(given.by),
                words=_words(("Reason", given.reason)),
                case=cases[given.case_id],
            )
        )
    for handed in handovers:
        events.append(
            Event(
                handed.at,
                "case",
                f"Handed from {handed.from_team} to {handed.to_team}",
                by=str(handed.by),
                words=_words(("Reason", handed.reason)),
                case=cases[handed.case_id],
            )
        )
    for opened in Reopening.objects.filter(case__in=cases).select_related("by"):
        case = cases[opened.case_id]
        words = (
            ("Reason", opened.get_had_closing_reason_display()),
            ("How things were", opened.get_had_outcome_display()),
            ("Told to the sender", opened.had_closing_words),
            ("Told to the family", opened.had_family_words),
        )
        events.append(
            Event(opened.had_closed_at, "case", "Case closed", words=_words(*words), case=case)
        )
        events.append(
            Event(
                opened.at,
                "case",
                "Case opened again",
                by=str(opened.by),
                words=_words(("Reason", opened.reason)),
                case=case,
            )
        )
    return events


def _of_contacts(cases: dict[int, Case]) -> list[Event]:
    return [
        Event(
            at=contact.at,
            kind="contact",
            title=(
                f"{contact.get_how_display()}: reached {contact.with_whom or 'the family'}"
                if contact.succeeded
                else f"{contact.get_how_display()}: tried, without success"
            ),
            by=str(contact.by),
            words=_words(("", contact.words)),
            case=cases[contact.case_id],
            recorded_at=contact.recorded_at,
            late=contact.late,
            marks=(
                ("First contact",) if contact.at == cases[contact.case_id].first_contact_at else ()
            ),
        )
        for contact in Contact.objects.filter(case__in=cases).select_related("by")
    ]


def _of_notes(cases: dict[int, Case]) -> list[Event]:
    return [
        Event(
            at=note.happened_at,
            kind="note",
            title=(
                f"Added to the note of {timezone.localdate(note.adds_to.happened_at):%-d %B %Y}"
                if note.adds_to
                else "Note"
            ),
            by=str(note.by),
            words=_words(("", note.words)),
            case=cases[note.case_id],
            recorded_at=note.recorded_at,
            late=note.late and note.adds_to is None,
            marks=("Child seen",) if note.child_seen else (),
        )
        for note in Note.objects.filter(case__in=cases).select_related("by", "adds_to")
    ]


def _of_actions(cases: dict[int, Case]) -> list[Event]:
    events = []
    for action in PlannedAction.objects.filter(case__in=cases).select_related(
        "owner", "owner_organisation", "made_by", "ended_by"
    ):
        case = cases[action.case_id]
        owner = action.owner or action.owner_organisation
        events.append(
            Event(
                action.made_at,
                "action",
                f"Planned: {action.what}",
                by=str(action.made_by),
                words=_words(("By", f"{owner}, until {action.due_on:%-d %B %Y}")),
                case=case,
            )
        )
        ended_on = action.done_on or action.dropped_on
        if ended_on:
            events.append(
                Event(
                    _end_of(ended_on),
                    "action",
                    f"{'Done' if action.done_on else 'Dropped'}: {action.what}",
                    by=str(action.ended_by or ""),
                    words=_words(
                        ("What came of it" if action.done_on else "Reason", action.came_of_it)
                    ),
                    case=case,
                    day_only=True,
                )
            )
    return events


def _of_merges(records: list[Family]) -> list[Event]:
    events = []
    names = {record.pk: record.reference for record in records}
    for merge in Merge.objects.filter(
        kind="family", kept_id__in=names, gone_id__in=names
    ).select_related("by", "undone_by"):
        what = f"{names.get(merge.gone_id, '')} and {names.get(merge.kept_id, '')}"
        events.append(Event(merge.at, "record", f"Put together: {what}", by=str(merge.by)))
        if merge.undone_at:
            events.append(
                Event(
                    merge.undone_at, "record", f"Taken apart again: {what}", by=str(merge.undone_by)
                )
            )
    return events


def _words(*pairs: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((label, text) for label, text in pairs if text)


def _end_of(day: date) -> datetime:
    # Only the day is kept; it is put after what happened on it.
    return timezone.make_aware(datetime.combine(day, time(23, 59)))
