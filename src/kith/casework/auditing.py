"""Case audits: which cases are drawn, what was asked and found. Everything starts from
`queries.visible_to(viewer)`."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Prefetch, Q, QuerySet

from kith.accounts.models import Team, User
from kith.accounts.permissions import Permission
from kith.casework.models import (
    AuditAction,
    AuditedCase,
    AuditFinding,
    Case,
    CaseAudit,
    CaseAuditForm,
)
from kith.casework.queries import visible_to
from kith.hubs.queries import all_hubs

GRADES = [label for _, label in AuditFinding.Grade.choices]


def draw(numbers: Iterable[int], how_many: int, seed: str) -> list[int]:
    """Return so many of the numbers, by chance: the same seed draws the same ones, everywhere.

    Each number gets a place by a digest of the seed and itself, and the first places are drawn. So
    the draw can be checked with any tool that knows SHA-256.
    """
    return sorted(numbers, key=lambda number: _place(seed, number))[:how_many]


def _place(seed: str, number: int) -> str:
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()


def could_be_drawn(viewer: User, team: Team | None, which: str, since: date) -> QuerySet[Case]:
    """Return the cases from which a sample is drawn: opened since a day, or closed since it."""
    opened = Q(closed_at__isnull=True, opened_at__date__gte=since)
    closed = Q(closed_at__date__gte=since)
    wanted = {"open": opened, "closed": closed, "both": opened | closed}[which]
    cases = visible_to(viewer).filter(wanted)
    if team is not None:
        cases = cases.filter(team=team)
    return cases.order_by("pk")


def teams_to_audit(viewer: User) -> list[Team]:
    """Return the hubs whose cases this person may draw: every hub for a county lead."""
    if audits_county(viewer):
        return [hub.team for hub in all_hubs()]
    return viewer.teams_granting(Permission.CASE_AUDIT)


def audits_county(viewer: User) -> bool:
    """Say whether this person draws from every hub."""
    return any(team.kind == Team.Kind.DESK for team in viewer.teams_granting(Permission.CASE_AUDIT))


def audits(viewer: User) -> QuerySet[CaseAudit]:
    """Return the audits of this person's hubs, and those in which a case of theirs was drawn."""
    teams = teams_to_audit(viewer)
    mine = Q(team__in=teams) | Q(cases__team__in=teams)
    if audits_county(viewer):
        mine |= Q(team__isnull=True)
    return (
        CaseAudit.objects.filter(pk__in=CaseAudit.objects.filter(mine).values("pk"))
        .select_related("team", "drawn_by", "form")
        .annotate(drawn=Count("cases", distinct=True), done=Count("cases__finding", distinct=True))
        .order_by("-drawn_at", "-pk")
    )


def drawn_cases(viewer: User, audit: CaseAudit) -> QuerySet[AuditedCase]:
    """Return the cases of a sample that this person may know of, with what was found."""
    return _audited(viewer).filter(audit=audit).order_by("team__name", "case__reference")


def to_audit(viewer: User) -> QuerySet[AuditedCase]:
    """Return the drawn cases of this person's hubs."""
    return _audited(viewer).filter(team__in=teams_to_audit(viewer))


def findings_of(viewer: User, case: Case) -> list[AuditedCase]:
    """Return what audits found of a case, the latest first."""
    found = _audited(viewer).filter(case=case, finding__isnull=False)
    return list(found.order_by("-finding__at", "-pk"))


def _audited(viewer: User) -> QuerySet[AuditedCase]:
    return (
        AuditedCase.objects.filter(case__in=visible_to(viewer))
        .select_related("audit__form", "case__family", "case__team", "team", "finding__by")
        .prefetch_related(
            Prefetch(
                "finding__follows",
                AuditAction.objects.select_related("action__owner").order_by("pk"),
            )
        )
    )


def forms(viewer: User) -> QuerySet[CaseAuditForm]:
    """Return every version of the questions, the newest first."""
    return CaseAuditForm.objects.select_related("made_by").order_by("-version")


@dataclass(frozen=True)
class HubResult:
    """How many cases of a hub were drawn, how many were audited, and with which grades."""

    hub: str
    drawn: int
    grades: tuple[int, ...]  # as many as there are grades, in their order

    @property
    def audited(self) -> int:
        return sum(self.grades)

    @property
    def missing(self) -> int:
        return self.drawn - self.audited


def results(viewer: User, since: datetime) -> list[HubResult]:
    """Return the results of audits drawn since a moment, by the hub that had the case on the day."""
    drawn: Counter[int] = Counter()
    grades: Counter[tuple[int, str]] = Counter()
    for team, grade in (
        to_audit(viewer).filter(audit__drawn_at__gte=since).values_list("team", "finding__grade")
    ):
        drawn[team] += 1
        if grade:
            grades[team, grade] += 1
    return [
        HubResult(
            str(team),
            drawn[team.pk],
            tuple(grades[team.pk, grade] for grade in AuditFinding.Grade.values),
        )
        for team in teams_to_audit(viewer)
    ]


def fair(viewer: User, audit: CaseAudit) -> bool:
    """Say whether drawing again, from the list and with the seed that were kept, gives these cases.

    Of an audit of every hub a hub's manager sees, and checks, only the hub's own.
    """
    drawn = set(drawn_cases(viewer, audit).values_list("case", flat=True))
    again = draw(audit.drawn_from, audit.how_many, audit.seed)
    return drawn <= set(again)


def answers(viewer: User, audited: AuditedCase) -> list[tuple[str, str, str]]:
    """Return each question of an audit with its answer and words; nothing before it is written."""
    finding = getattr(audited, "finding", None)
    if finding is None or not visible_to(viewer).filter(pk=audited.case_id).exists():
        return []
    said = dict(AuditFinding.Answer.choices)
    return [
        (question, str(said[answer]), words)
        for question, (answer, words) in zip(
            audited.audit.form.questions, finding.answers, strict=True
        )
    ]
