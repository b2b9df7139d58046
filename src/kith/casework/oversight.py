"""What is known of a hub's oversight of its work. Everything starts from `queries.visible_to(viewer)`."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    Max,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models import (
    Case as When,
)
from django.db.models import When as Where
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from kith.accounts.models import Team, User
from kith.accounts.permissions import Permission
from kith.casework.models import (
    AgreedAction,
    Allocation,
    Case,
    CaseReflection,
    IntensityChange,
    PlannedAction,
    Supervision,
    SupervisionAddition,
    SupervisionDraft,
)
from kith.casework.queries import OPEN, of, teams_of, visible_to, with_names, workers_of
from kith.hubs.calendar import promise_days, working_days_ago
from kith.hubs.models import Promise


def intensity_changes_of(viewer: User, case: Case) -> QuerySet[IntensityChange]:
    """Return who said when that a family needs more work, or less, the latest first."""
    return (
        IntensityChange.objects.filter(of(viewer, case)).select_related("by").order_by("-at", "-pk")
    )


# Supervision


def supervisions_visible_to(viewer: User) -> QuerySet[Supervision]:
    """Return the supervisions this person took part in, and those of the hubs they manage."""
    return Supervision.objects.filter(
        Q(worker=viewer)
        | Q(manager=viewer)
        | Q(team__in=viewer.teams_granting(Permission.CASE_SUPERVISE))
    ).select_related("worker", "manager", "team")


def supervisions_with(viewer: User, worker: User, team: Team) -> QuerySet[Supervision]:
    """Return the supervisions of one worker of a hub, the latest first."""
    return (
        supervisions_visible_to(viewer)
        .filter(worker=worker, team=team)
        .annotate(cases=Count("reflections", filter=Q(reflections__adds_to__isnull=True)))
        .order_by("-held_on", "-pk")
    )


def additions_to(viewer: User, supervision: Supervision) -> QuerySet[SupervisionAddition]:
    """Return the words added to what was said about a worker, the oldest first."""
    return (
        SupervisionAddition.objects.filter(
            supervision=supervision, supervision__in=supervisions_visible_to(viewer)
        )
        .select_related("by")
        .order_by("recorded_at", "pk")
    )


def drafts_of(
    viewer: User, team: Team, supervision: Supervision | None = None, case: Case | None = None
) -> list[SupervisionDraft]:
    """Return what the viewer typed on one page and has not saved, the latest first."""
    return list(
        SupervisionDraft.objects.filter(
            by=viewer, team=team, supervision=supervision, case=case
        ).order_by("-saved_at", "-pk")
    )


def unfinished(viewer: User, team: Team) -> list[SupervisionDraft]:
    """Return all that the viewer typed of supervisions of a hub and has not saved, the latest first."""
    return list(
        SupervisionDraft.objects.filter(
            Q(supervision__isnull=True) | Q(supervision__in=supervisions_visible_to(viewer)),
            Q(case__isnull=True) | Q(case__in=visible_to(viewer)),
            by=viewer,
            team=team,
        )
        .select_related("supervision__worker", "case__family")
        .order_by("-saved_at", "-pk")
    )


def supervises(viewer: User, team: Team) -> bool:
    """Say whether this person holds supervision with the workers of a hub."""
    return viewer.can(Permission.CASE_SUPERVISE, in_team=team)


@dataclass(frozen=True)
class Talks:
    """When a worker of a hub had supervision, when they have it next, and what waits to be said."""

    worker: User
    last: Supervision | None
    families: int
    not_spoken_about: int  # of their cases, for longer than the county's promise

    def overdue(self, today: date) -> bool:
        """Say whether the day agreed for the next one has passed."""
        return bool(self.last and self.last.next_on and self.last.next_on < today)


def talks(viewer: User, team: Team, at: datetime) -> list[Talks]:
    """Return each worker of a hub, those with whom nobody has talked for longest first."""
    workers = list(workers_of(viewer, team, timezone.localdate(at)))
    last: dict[int, Supervision] = {}
    for held in (
        supervisions_visible_to(viewer)
        .filter(team=team, worker__in=workers)
        .order_by("worker", "-held_on", "-pk")
        .distinct("worker")
    ):
        last[held.worker_id] = held
    counts = {
        row["worker"]: row
        for row in _with_last_spoken(
            visible_to(viewer).filter(team=team, status=Case.Status.OPEN), at
        )
        .order_by()
        .values("worker")
        .annotate(families=Count("pk"), owed=Count("pk", filter=Q(owed=True)))
    }
    none = {"families": 0, "owed": 0}
    found = [
        Talks(
            worker,
            last.get(worker.pk),
            counts.get(worker.pk, none)["families"],
            counts.get(worker.pk, none)["owed"],
        )
        for worker in workers
        # Whoever manages, and has no family of their own, has nobody here to talk with.
        if worker.pk != viewer.pk
    ]
    return sorted(
        found,
        key=lambda one: (
            one.last.held_on if one.last else date.min,
            -one.not_spoken_about,
            one.worker.name,
            one.worker.pk,
        ),
    )


def not_spoken_about(
    viewer: User, at: datetime, team: Team | None = None, worker_id: int | None = None
) -> QuerySet[Case]:
    """Return the open cases that were not spoken about in supervision for longer than the promise.

    Each has `spoken_on` (None for never) and `with_us_since`, the day its first worker got it: a case
    never spoken about counts from then. Longest first.
    """
    cases = with_names(viewer).filter(status=Case.Status.OPEN)
    cases = cases.filter(team__in=[team] if team else teams_of(viewer))
    if worker_id is not None:
        cases = cases.filter(worker=worker_id)
    return _with_last_spoken(cases, at, owed_only=True)


def to_speak_about(viewer: User, supervision: Supervision) -> QuerySet[Case]:
    """Return the cases the worker had on the day of a supervision, and that nobody wrote of in it:
    those longest not spoken about first."""
    held = Allocation.objects.filter(
        case=OuterRef("pk"),
        worker=supervision.worker_id,
        since__date__lte=supervision.held_on,
    ).exclude(until__date__lt=supervision.held_on)
    written = CaseReflection.objects.filter(case=OuterRef("pk"), supervision=supervision)
    cases = (
        with_names(viewer)
        .filter(Exists(held), ~Exists(written), team=supervision.team_id)
        .exclude(status=Case.Status.CLOSED)
    )
    return _with_last_spoken(cases, supervision.recorded_at)


def agreed_before(viewer: User, supervision: Supervision) -> QuerySet[PlannedAction]:
    """Return what was agreed in earlier supervisions of the same worker and is still to do."""
    return (
        PlannedAction.objects.filter(
            OPEN,
            case__in=visible_to(viewer),
            agreed_in__reflection__worker=supervision.worker_id,
            agreed_in__reflection__held_on__lt=supervision.held_on,
        )
        .exclude(case__status=Case.Status.CLOSED)
        .select_related("case__family", "owner", "owner_organisation")
        .order_by("due_on", "pk")
    )


def reflections_in(viewer: User, supervision: Supervision) -> QuerySet[CaseReflection]:
    """Return what was said of each case in a supervision, in the order in which it was written."""
    return (
        _reflections(viewer)
        .filter(supervision=supervision)
        .select_related("case__family")
        .order_by("recorded_at", "pk")
    )


def reflections_of(viewer: User, case: Case) -> QuerySet[CaseReflection]:
    """Return what was said of a case in supervision, the latest first."""
    return _reflections(viewer).filter(case=case).order_by("-held_on", "-pk")


def _reflections(viewer: User) -> QuerySet[CaseReflection]:
    return (
        CaseReflection.objects.filter(case__in=visible_to(viewer), adds_to__isnull=True)
        .select_related("worker", "manager", "by")
        .prefetch_related(
            Prefetch(
                "additions",
                CaseReflection.objects.select_related("by").order_by("recorded_at", "pk"),
            ),
            Prefetch(
                "agreed",
                AgreedAction.objects.select_related("action__owner").order_by(
                    "action__due_on", "pk"
                ),
            ),
        )
    )


def _with_last_spoken(
    cases: QuerySet[Case], at: datetime, *, owed_only: bool = False
) -> QuerySet[Case]:
    """Add `spoken_on`, `with_us_since`, `quiet_since` and `owed` to cases: the quietest first."""
    long_ago = timezone.localdate(working_days_ago(at, promise_days(Promise.Key.SUPERVISED)))
    spoken = CaseReflection.objects.filter(case=OuterRef("pk")).order_by()
    given = Allocation.objects.filter(case=OuterRef("pk")).order_by()
    known = (
        cases.annotate(
            spoken_on=Subquery(spoken.values("case").annotate(n=Max("held_on")).values("n")),
            with_us_since=TruncDate(
                Subquery(given.values("case").annotate(n=Min("since")).values("n"))
            ),
        )
        .annotate(quiet_since=Coalesce("spoken_on", "with_us_since"))
        .annotate(
            owed=When(
                Where(Q(quiet_since__lt=long_ago), then=Value(True)),
                default=Value(False),
                output_field=BooleanField(),
            )
        )
        .order_by("quiet_since", "pk")
    )
    return known.filter(owed=True) if owed_only else known
