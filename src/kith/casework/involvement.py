"""Who is involved with a family, now and before: every agency and worker, and what each may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils import timezone

from kith.accounts.models import User
from kith.casework import queries, sharing
from kith.casework.models import (
    Allocation,
    AssessmentShare,
    LeadProfessional,
    PlannedAction,
    Sharing,
    StepUp,
    TeamMember,
)
from kith.families.models import Family, Standing
from kith.referrals import queries as referrals

WHOLE = "The whole record"
NO_MORE = "Nothing any more"


@dataclass(frozen=True)
class Involved:
    """Somebody who has or had to do with a family. `until` is None while they have."""

    who: str
    what: str
    since: date
    until: date | None
    may_see: str


def involved(
    viewer: User, records: Sequence[Family], at: datetime
) -> tuple[list[Involved], list[Involved]]:
    """Return who is involved now, and who was before, on these records of one family: each the
    latest first. A fixed number of queries."""
    everybody = [
        *_teams(records, at),
        *_workers(viewer, records),
        *_partners(viewer, records, at),
        *_team(viewer, records, at),
        *_social_care(viewer, records),
        *_senders(viewer, records),
    ]
    latest_first = sorted(
        everybody, key=lambda one: (one.until or one.since, one.who), reverse=True
    )
    now = [one for one in latest_first if one.until is None]
    before = [one for one in latest_first if one.until is not None]
    return now, before


def _teams(records: Sequence[Family], at: datetime) -> list[Involved]:
    standings = Standing.objects.filter(family__in=records).select_related("team", "user")
    by_who: dict[str, list[Standing]] = {}
    for standing in standings:
        by_who.setdefault(str(standing.team or standing.user), []).append(standing)
    found = []
    for who, held in by_who.items():
        open_now = [one for one in held if one.until is None or one.until > at]
        last = None if open_now else max(one.until for one in held if one.until)
        newest = max(open_now or held, key=lambda one: one.since)
        found.append(
            Involved(
                who=who,
                what=newest.get_reason_display(),
                since=timezone.localdate(min(one.since for one in held)),
                until=timezone.localdate(last) if last else None,
                may_see=WHOLE if open_now else NO_MORE,
            )
        )
    return found


def _workers(viewer: User, records: Sequence[Family]) -> list[Involved]:
    given = Allocation.objects.filter(
        case__in=queries.visible_to(viewer).filter(family__in=records)
    ).select_related("worker", "case__team")
    found = []
    for one in given:
        over = one.until or one.case.closed_at
        found.append(
            Involved(
                who=f"{one.worker}, {one.case.team}",
                what=f"Worker of {one.case.reference}",
                since=timezone.localdate(one.since),
                until=timezone.localdate(over) if over else None,
                may_see="What the hub sees",
            )
        )
    return found


def _partners(viewer: User, records: Sequence[Family], at: datetime) -> list[Involved]:
    today = timezone.localdate(at)
    planned = PlannedAction.objects.filter(
        case__in=queries.visible_to(viewer).filter(family__in=records),
        owner_organisation__isnull=False,
    ).select_related("owner_organisation", "ended_by")
    agreed = Sharing.objects.filter(
        sharing.on(today), family__in=records, purpose=Sharing.Purpose.HELP
    )
    told = {one.organisation_id or one.agency for one in agreed}
    by_partner: dict[int, list[PlannedAction]] = {}
    for action in planned:
        assert action.owner_organisation_id is not None
        by_partner.setdefault(action.owner_organisation_id, []).append(action)
    found = []
    for actions in by_partner.values():
        organisation = actions[0].owner_organisation
        assert organisation is not None
        open_now = [one for one in actions if not one.ended and one.withheld_at is None]
        ends = [
            day
            for one in actions
            if (day := one.done_on or one.dropped_on or _day(one.withheld_at)) is not None
        ]
        may_ask = organisation.pk in told or sharing.AGENCY_OF.get(organisation.kind) in told
        seen = any(one.withheld_at is None for one in actions)
        found.append(
            Involved(
                who=organisation.name,
                what=f"{len(actions)} action{'s' if len(actions) > 1 else ''} of the plan",
                since=timezone.localdate(min(one.made_at for one in actions)),
                until=None if open_now else max(ends, default=today),
                may_see=("Its own actions" if seen else NO_MORE)
                + ("" if may_ask else "; may be told no more"),
            )
        )
    return found


def _team(viewer: User, records: Sequence[Family], at: datetime) -> list[Involved]:
    """Those of the team who come from partners: the hub and the family are told of elsewhere."""
    today = timezone.localdate(at)
    reads = AssessmentShare.objects.filter(
        Q(until__isnull=True) | Q(until__gte=today), ended_at__isnull=True
    ).select_related("assessment")
    members = (
        TeamMember.objects.filter(
            case__in=queries.visible_to(viewer).filter(family__in=records),
            kind=TeamMember.Kind.PARTNER,
        )
        .select_related("organisation")
        .annotate(
            is_lead=Exists(
                LeadProfessional.objects.filter(member=OuterRef("pk"), until__isnull=True)
            )
        )
        .prefetch_related(Prefetch("reads", reads, to_attr="reads_now"))
    )
    return [
        Involved(
            who=f"{one.name}, {one.organisation}",
            what=f"In the team around the family: {one.role}",
            since=one.since,
            until=one.until or _day(one.withheld_at),
            may_see=NO_MORE if one.until or one.withheld_at else _seen_in_team(one),
        )
        for one in members
    ]


def _seen_in_team(member: TeamMember) -> str:
    told = "Its own actions, meetings, and minutes sent to them"
    for share in getattr(member, "reads_now", ()):
        told += f"; the assessment of {timezone.localdate(share.assessment.signed_at):%-d %B %Y}"
        told += f" until {share.until:%-d %B %Y}" if share.until else ""
    return told + ("; the plan, since they lead the team" if getattr(member, "is_lead", 0) else "")


def _social_care(viewer: User, records: Sequence[Family]) -> list[Involved]:
    """Those of social care who were asked to take the family up, once that was sent."""
    sent = StepUp.objects.filter(
        case__in=queries.visible_to(viewer).filter(family__in=records), sharing__isnull=False
    ).select_related("organisation", "case", "sharing")
    found = []
    for one in sent:
        waits = one.state in StepUp.OPEN
        ended_at = one.sharing.ended_at if one.sharing else None
        over = None if waits else one.decided_at or ended_at or one.answered_at
        said = f": {one.get_decision_display().lower()}" if one.decision else ""
        found.append(
            Involved(
                who=one.organisation.name,
                what=f"Asked to take the family up, from {one.case.reference}{said}",
                since=timezone.localdate(one.answered_at or one.asked_at),
                until=_day(over),
                may_see="What was sent to them" if waits else "What was sent to them then",
            )
        )
    return found


def _senders(viewer: User, records: Sequence[Family]) -> list[Involved]:
    sent = (
        referrals.visible_to(viewer)
        .filter(family__in=records)
        .select_related("sender_organisation")
        .order_by("received_at")
    )
    return [
        Involved(
            who=str(one.sender_organisation or one.sender_organisation_name or "")
            or one.get_sender_kind_display(),
            what=f"Sent {one.reference}",
            since=timezone.localdate(one.received_at),
            until=timezone.localdate(one.received_at),
            may_see="What they sent, and what came of it"
            if one.outcome_may_be_told
            else "What they sent; not what came of it",
        )
        for one in sent
    ]


def _day(moment: datetime | None) -> date | None:
    return timezone.localdate(moment) if moment else None
