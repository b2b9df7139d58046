"""Which partners read an assessment: settled anew whenever what it rests on changes; and each look."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from kith.accounts.models import User
from kith.accounts.viewer import front_door, seeing_as
from kith.casework import sharing as rules
from kith.casework.actions.case_log import record_in
from kith.casework.actions.inviting import tell_reads, tell_reads_no_more
from kith.casework.assessment_form import OF_OTHERS, of_others
from kith.casework.models import (
    Assessment,
    AssessmentLook,
    AssessmentShare,
    Case,
    Sharing,
    TeamMember,
)


def settle_readers(case: Case, at: datetime) -> None:
    """Let each partner in the team read the latest signed assessment where an agreement in force says
    so, held until the transaction ends, and tell them; end what no longer rests on one."""
    today = timezone.localdate(at)
    with seeing_as(front_door()):
        latest = (
            Assessment.objects.filter(case=case, status=Assessment.Status.SIGNED)
            .order_by("-signed_at", "-pk")
            .first()
        )
        members = TeamMember.objects.filter(
            case=case,
            kind=TeamMember.Kind.PARTNER,
            until__isnull=True,
            withheld_at__isnull=True,
        ).select_related("organisation")
        of_case = {member.pk: member for member in members.order_by("pk")} if latest else {}
        grounds = {}
        for member in of_case.values():
            assert member.organisation is not None
            grounds[member.pk] = (
                rules.grounds(
                    front_door(),
                    case.family,
                    Sharing.Purpose.ASSESSMENT,
                    member.organisation,
                    today,
                )
                .select_for_update(of=("self",))
                .first()
            )
        have = set()
        read_before: dict[int, AssessmentShare] = {}
        shares = AssessmentShare.objects.filter(member__case=case, ended_at__isnull=True)
        for share in shares.select_for_update(of=("self",)).order_by("pk"):
            ground = grounds.get(share.member_id)
            if ground is not None and _same(share, latest, ground):
                have.add(share.member_id)
                continue
            share.ended_at = at
            share.save(update_fields=["ended_at"])
            read_before[share.member_id] = share
        for number, ground in grounds.items():
            if ground is not None and number not in have:
                assert latest is not None
                share = AssessmentShare.objects.create(
                    assessment=latest,
                    member_id=number,
                    sharing=ground,
                    without=_without(ground, latest),
                    since=at,
                    until=ground.until,
                )
                if _opens_more(share, read_before.get(number)):
                    tell_reads(of_case[number], share, case, at)
            elif ground is None and number in read_before:
                tell_reads_no_more(of_case[number], read_before[number], case, at)


def _same(share: AssessmentShare, latest: Assessment | None, ground: Sharing) -> bool:
    return (
        latest is not None
        and (share.assessment_id, share.sharing_id) == (latest.pk, ground.pk)
        and share.until == ground.until
    )


def _without(ground: Sharing, latest: Assessment) -> list[str]:
    if ground.of_others:
        return []
    return list(dict.fromkeys((*OF_OTHERS, *of_others(latest.parts()))))


def _opens_more(share: AssessmentShare, before: AssessmentShare | None) -> bool:
    """Say whether somebody reads what they did not read until now."""
    return (
        before is None
        or before.assessment_id != share.assessment_id
        or not set(before.without) <= set(share.without)
    )


@transaction.atomic
def note_look(
    *, share: AssessmentShare, case: Case, on_paper: bool = False, by: User | None, at: datetime
) -> AssessmentLook:
    """Note that somebody of a partner opened the assessment. `by` is None for whoever has no account:
    their link must have been opened in this transaction."""
    look = AssessmentLook(share=share, on_paper=on_paper, by=by, at=at)
    look.save(force_insert=True)
    member = share.member
    record_in(
        "assessment.read",
        share.assessment,
        case,
        by=by,
        at=at,
        after={"who": member.name, "of": member.of, "on paper": on_paper},
    )
    return look
