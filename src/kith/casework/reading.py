"""What a partner in the team reads of an assessment, why it may not, and who has read."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Q
from django.utils import timezone

from kith.accounts.models import User
from kith.accounts.viewer import front_door, seeing_as
from kith.casework import sharing as rules
from kith.casework.models import (
    Answer,
    Assessment,
    AssessmentLook,
    AssessmentShare,
    Case,
    Sharing,
    TeamMember,
)
from kith.casework.queries import ReadPart, read_plainly
from kith.families.models import Family


@dataclass(frozen=True)
class Shared:
    """The assessment that somebody of a partner may read; else why they may not."""

    share: AssessmentShare | None
    why_not: str = ""


def shared_with(viewer: User | None, member: TeamMember, case: Case, today: date) -> Shared:
    """Return the assessment that a member of the team may read. It is found with their own rights, or
    those of their link; why there is none is told by the front door."""
    share = (
        AssessmentShare.objects.filter(member=member, ended_at__isnull=True)
        .filter(Q(until__isnull=True) | Q(until__gte=today))
        .select_related("assessment__form", "member__organisation")
        .first()
    )
    if share is not None:
        share.assessment.case = share.member.case = case
        return Shared(share)
    with seeing_as(front_door()):
        assert member.organisation is not None
        why = rules.why_not(
            front_door(), case.family, Sharing.Purpose.ASSESSMENT, member.organisation, today
        )
        if why:
            return Shared(None, f"{why.partition(' Ask the family')[0]} {case.team} can ask them.")
        signed = Assessment.objects.filter(case=case, status=Assessment.Status.SIGNED)
        if signed.exists():
            return Shared(None, f"Ask {case.team}: it can be opened to you.")
        return Shared(None, "The family agreed that you read it. No assessment is signed yet.")


def read(viewer: User | None, share: AssessmentShare) -> list[ReadPart]:
    """Return a shared assessment as it is read: what was left out by agreement is not there, and
    nothing is said of earlier ones or of drafts."""
    answers = Answer.objects.filter(assessment=share.assessment_id)
    return read_plainly(viewer, share.assessment, dict(answers.values_list("key", "words")))


@dataclass(frozen=True)
class Reader:
    """Somebody of a partner who has read an assessment, how often, and when last."""

    who: str
    times: int
    last: date


def readers_of(viewer: User, family: Family) -> list[Reader]:
    """Return who of partners has read an assessment of a family, the latest first."""
    found = (
        AssessmentLook.objects.filter(share__member__case__family__head=family.head_id)
        .values("share__member__name", "share__member__organisation__name")
        .annotate(times=Count("pk"), last=Max("at"))
        .order_by("-last")
    )
    return [
        Reader(
            f"{one['share__member__name']}, {one['share__member__organisation__name']}",
            one["times"],
            _day(one["last"]),
        )
        for one in found
    ]


def _day(at: datetime) -> date:
    return timezone.localdate(at)
