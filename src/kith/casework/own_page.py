"""What a family sees on its own page: its plan, what it agreed to, and who has seen what is shared."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max
from django.utils import timezone

from kith.accounts.models import Membership, User
from kith.accounts.viewer import front_door, linked, seeing_as
from kith.audit.models import Sight
from kith.casework import promises, queries, reading, sharing, team
from kith.casework.family_actions import said_of
from kith.casework.models import (
    FAMILY_PAGE,
    Assessment,
    Case,
    FamilyPage,
    FamilyWords,
    Minutes,
    PlannedAction,
    Sharing,
    TeamMeeting,
    TeamMember,
)
from kith.families.models import Family


@dataclass(frozen=True)
class Seen:
    """A team whose people have looked at something of the family, and when they did last."""

    who: str
    last: date


@dataclass(frozen=True)
class Own:
    """Something that the family took on itself, how it stands, and what was said of it last."""

    action: PlannedAction
    state: promises.State
    said: FamilyWords | None
    may_say: bool


@dataclass(frozen=True)
class OwnPage:
    """All that is shown. Nothing of notes, contacts, or what others said."""

    page: FamilyPage
    case: Case | None
    goals: list[queries.GoalNow]
    own: list[Own]  # what the family took on itself
    actions: list[tuple[PlannedAction, promises.State]]  # what others do
    agreed: list[sharing.Agreed]
    seen: list[Seen]
    readers: list[reading.Reader]  # partners who read the assessment
    words: list[FamilyWords]
    assessments: list[Assessment]
    team: list[TeamMember]
    lead: str
    meetings: list[TeamMeeting]  # to come
    minutes: list[Minutes]  # that were sent to whose page it is


def opened_page(viewer: User | None) -> FamilyPage | None:
    """Return the page that the private link of this transaction leads to."""
    number = linked(FAMILY_PAGE)
    if number is None:
        return None
    with seeing_as(front_door()):
        found = FamilyPage.objects.select_related("family")
        return found.filter(pk=number, ended_at__isnull=True).first()


def read(viewer: User | None, page: FamilyPage, at: datetime) -> OwnPage:
    """Return what stands on somebody's page. The link must have been opened in this transaction."""
    today = timezone.localdate(at)
    seen = _seen(page.family)
    with seeing_as(front_door()):
        reader = front_door()
        case = (
            queries.with_names(reader)
            .filter(family__head=page.family.head_id)
            .order_by("status", "-opened_at")
            .first()
        )
        plan = [
            (one, promises.action(one, today)) for one in queries.agreed_plan_of(reader, case)
        ] if case else []  # fmt: skip
        people = team.members_of(reader, case) if case else []
        people = [one for one in people if one.until is None and one.withheld_at is None]
        return OwnPage(
            page=page,
            # Whose page it is helps themselves: the others are told to them.
            team=[one for one in people if one.person_id != page.person_id],
            lead=team.lead_of(people, case) if case else "",
            meetings=list(
                TeamMeeting.objects.filter(
                    case=case,
                    starts_at__gt=at,
                    cancelled_at__isnull=True,
                    seats__member__kind=TeamMember.Kind.FAMILY,
                )
                .distinct()
                .order_by("starts_at")
            ),
            minutes=_minutes(page),
            case=case,
            goals=queries.goals_of(reader, case) if case else [],
            own=_own(page, plan),
            actions=[line for line in plan if line[0].owner_person_id is None],
            # That social care is asked without the family's word is told by a person, not by a page:
            # whoever is dangerous may read it.
            agreed=[
                line
                for line in sharing.agreed(reader, page.family, today)
                if line.sharing.purpose != Sharing.Purpose.STEP_UP
                or line.sharing.ground == Sharing.Ground.CONSENT
            ],
            seen=seen,
            readers=reading.readers_of(reader, page.family),
            assessments=handed(page),
            words=list(
                FamilyWords.objects.filter(page=page)
                .select_related("action")
                .order_by("-at", "-pk")
            ),
        )


def _own(page: FamilyPage, plan: list[tuple[PlannedAction, promises.State]]) -> list[Own]:
    theirs = [line for line in plan if line[0].owner_person_id is not None]
    said = FamilyWords.objects.filter(action__in=[one for one, _ in theirs]).order_by("at", "pk")
    last = {one.action_id: one for one in said} if theirs else {}
    return [
        Own(action, state, last.get(action.pk), said_of(page, action)) for action, state in theirs
    ]


def _minutes(page: FamilyPage) -> list[Minutes]:
    """Return the minutes that were sent to whose page it is, the latest of each meeting."""
    sent = (
        Minutes.objects.filter(copies__member__person__head=page.person.head_id)
        .select_related("meeting")
        .prefetch_related("reviewed")
        .order_by("-meeting__starts_at", "-version")
    )
    latest: dict[int, Minutes] = {}
    for one in sent:
        latest.setdefault(one.meeting_id, one)
    return list(latest.values())


def handed(page: FamilyPage) -> list[Assessment]:
    """Return the assessments that were put on a page, the newest first."""
    return list(
        Assessment.objects.filter(handed__page=page)
        .select_related("case__family", "case__team", "form", "started_by", "signed_by")
        .order_by("-signed_at", "-pk")
    )


def pages_of(viewer: User, records: Sequence[Family]) -> list[FamilyPage]:
    """Return the pages that people of a family have now, on these records of it."""
    return list(
        FamilyPage.objects.filter(family__in=records, ended_at__isnull=True).order_by("name", "pk")
    )


def words_of(viewer: User, records: Sequence[Family]) -> list[FamilyWords]:
    """Return what people of a family wrote on their pages, on these records of it, newest first."""
    found = FamilyWords.objects.filter(family__in=records).select_related("action")
    return list(found.order_by("-at", "-pk"))


def _seen(family: Family) -> list[Seen]:
    """Return by team who has seen something of the family, the latest first."""
    last = dict(
        Sight.objects.filter(family_id=family.pk)
        .values_list("viewer_id")
        .annotate(last=Max("at"))
        .values_list("viewer_id", "last")
    )
    teams: dict[str, datetime] = {}
    for viewer_id, name in Membership.objects.filter(
        user__in=last, user__is_service=False
    ).values_list("user_id", "team__name"):
        teams[name] = max(last[viewer_id], teams.get(name, last[viewer_id]))
    newest_first = sorted(teams.items(), key=lambda held: held[1], reverse=True)
    return [Seen(who, timezone.localdate(at)) for who, at in newest_first]
