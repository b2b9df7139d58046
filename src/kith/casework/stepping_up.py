"""What goes to children's social care when early help is not enough, and what waits for its word."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from kith.accounts.models import Team, User
from kith.accounts.viewer import front_door, linked, seeing_as
from kith.casework import queries
from kith.casework.models import STEP_UP, Case, Sharing, StepUp, StepUpPage
from kith.casework.permissions import manages
from kith.families import queries as families
from kith.families import restricting
from kith.families.lookup import WITHHELD
from kith.families.models import Address, Family
from kith.hubs.calendar import working_days_ago
from kith.partners.models import Organisation

State = StepUp.State
RECEIPT_WITHIN = 1  # working days; then social care and the hub hear of it each working day
DECIDED_WITHIN = 3  # working days after the receipt: two days are for the decision itself
SHOWN_FOR = timedelta(days=90)


def visible_to(viewer: User) -> QuerySet[StepUp]:
    """Return the step-ups of the cases this person may know exist."""
    return StepUp.objects.filter(case__in=queries.visible_to(viewer)).select_related(
        "case__family", "case__team__hub", "case__worker", "organisation", "asked_by", "answered_by",
        "receipt_kept_by", "decision_kept_by",
    )  # fmt: skip


def of_case(viewer: User, case: Case) -> list[StepUp]:
    """Return how often social care was asked about a family, the latest first."""
    return list(visible_to(viewer).filter(case=case).order_by("-asked_at", "-pk"))


def listed(viewer: User, at: datetime, team: Team | None = None) -> QuerySet[StepUp]:
    """Return what the viewer's hubs asked of social care: what waits first, then what is over."""
    teams = [team] if team else queries.teams_of(viewer)
    return (
        visible_to(viewer)
        .filter(case__team__in=teams)
        .filter(Q(state__in=StepUp.OPEN) | Q(decided_at__gt=at - SHOWN_FOR))
        .order_by("decided_at", "asked_at", "pk")
    )


def to_approve(viewer: User, team: Team | None = None) -> QuerySet[StepUp]:
    """Return what waits for a manager of the viewer's hubs, the oldest first."""
    teams = [team] if team else queries.teams_of(viewer)
    return (
        visible_to(viewer)
        .filter(case__team__in=teams, state=State.ASKED)
        .order_by("asked_at", "pk")
    )


def without_receipt(viewer: User, at: datetime) -> list[StepUp]:
    """Return what social care has not said it has, for longer than it may take."""
    since = working_days_ago(at, RECEIPT_WITHIN)
    found = visible_to(viewer).filter(state=State.SENT, answered_at__lt=since)
    return list(found.order_by("answered_at", "pk"))


def not_decided(viewer: User, at: datetime) -> list[StepUp]:
    """Return what social care has had for longer than it may take to decide."""
    since = working_days_ago(at, DECIDED_WITHIN)
    found = visible_to(viewer).filter(state=State.RECEIVED, received_at__lt=since)
    return list(found.order_by("received_at", "pk"))


def opened_by_link(viewer: User | None) -> StepUp | None:
    """Return what this transaction's private link opens: without its case, which nobody outside
    the council sees."""
    number = linked(STEP_UP)
    return (
        StepUp.objects.select_related("organisation").filter(pk=number).first() if number else None
    )


def page_opened(viewer: User | None) -> StepUpPage | None:
    """Return the page that the private link of this transaction leads to, for the code to open."""
    number = linked(STEP_UP)
    if number is None:
        return None
    with seeing_as(front_door()):
        return StepUpPage.objects.filter(step_up=number, ended_at__isnull=True).first()


def organisations(viewer: User) -> list[Organisation]:
    """Return the desks of children's social care that can be asked."""
    return list(
        Organisation.objects.filter(kind=Organisation.Kind.SOCIAL_CARE, active=True).order_by(
            "name", "pk"
        )
    )


def document(
    viewer: User, step_up: StepUp, case: Case, manager: User, at: datetime
) -> dict[str, Any]:
    """Return what social care reads, as sections for a page and for paper."""
    records = families.together_with(viewer, case.family)
    people = families.people_of(viewer, case.family, records=records)
    addresses = [
        one for one in families.addresses_of(viewer, case.family, records=records) if not one.until
    ]
    hub = getattr(case.team, "hub", None)
    goals = [one for one in queries.goals_of(viewer, case) if one.goal.ended_on is None]
    plan = [action for action in queries.plan_of(viewer, case) if not action.ended]
    agreed = step_up.ground == Sharing.Ground.CONSENT
    who = f"{step_up.agreed_by}: {step_up.get_how_display().lower()}"
    sections = [
        {"title": "Why early help is not enough", "lines": step_up.reason.splitlines()},
        {"title": "What was tried", "lines": step_up.tried.splitlines()},
        {
            "title": "On what ground we tell you",
            "rows": [
                ["Ground", step_up.get_ground_display()],
                ["Who agreed" if agreed else "Why", who if agreed else step_up.ground_reason],
            ],
        },
        {"title": "The family", "rows": [_row(one) for one in people]},
        {
            "title": "Where they live, and how to reach them",
            "rows": [
                *_homes(viewer, records, addresses),
                *(
                    [one.name, f"{way.value}{'' if way.safe else ' (NOT SAFE to use)'}"]
                    for one in people
                    for way in one.contact_details
                ),
                ["Interpreter", case.referral.interpreter or "Not asked for"],
                ["To know before you get in touch", case.referral.contact_advice or "Nothing"],
            ],
        },
        {
            "title": "The plan now",
            "lines": [
                *(
                    f"Goal: {one.goal.words} ({one.last.score} of 10)"
                    if one.last
                    else f"Goal: {one.goal.words}"
                    for one in goals
                ),
                *(
                    f"Action: {one.what}, {one.who}, by {_day(one.due_on)}"
                    for one in plan
                ),
            ]
            or ["No goal is set and no action is open."],
        },
        {
            "title": "Who asks",
            "rows": [
                ["Hub", f"{case.team}{f', {hub.phone}' if hub and hub.phone else ''}"],
                ["Worker", str(case.worker or "None at present")],
                ["Approved by", f"{manager}, {'manager' if manages(manager, case) else 'county lead'}"],
                ["Helped since", _day(timezone.localdate(case.opened_at))],
                ["Sent on", _day(timezone.localdate(at))],
            ],
        },
    ]  # fmt: skip
    return {"reference": case.reference, "family": str(case.family), "sections": sections}


def _homes(
    viewer: User, records: Sequence[Family], addresses: Sequence[Address]
) -> list[list[str]]:
    """Return where a family lives, each with what must be minded; and that there is somewhere else,
    where that is kept from whoever sends this."""
    masked = {kept.restriction.address_id for kept in restricting.of_family(viewer, records)}
    rows = []
    for one in addresses:
        if one.lines.startswith(WITHHELD):
            continue  # said below, without the names of those who know it
        where = ", ".join(line for line in (*one.lines.splitlines(), one.postcode) if line)
        if one.pk in masked:
            where += " (KEPT SECRET: tell nobody where it is, whoever asks)"
        elif not one.safe:
            where += " (NOT SAFE to write to)"
        rows.append([one.called or "Address", where])
    if restricting.withheld(viewer, records):
        rows.append(
            [
                "Another address",
                "It is kept to named people of the hub. Ring the hub before you visit.",
            ]
        )
    return rows


def _row(member: families.Member) -> list[str]:
    born = member.date_of_birth or member.expected_on
    when = f"born {_day(born)}" if member.date_of_birth and born else ""
    if not when and born:
        when = f"expected on {_day(born)}"
    said = [member.role_name, when or "date of birth not known"]
    return [member.name or "Unborn child", ", ".join(said)]


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"
