"""What changed for a family: first, latest and change of everything that was measured, with what is
missing said as missing."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from kith.accounts.models import User
from kith.accounts.viewer import front_door, seeing_as
from kith.casework import first_measures, queries
from kith.casework.models import (
    Attendance,
    Case,
    Exclusion,
    FamilyPage,
    Feedback,
    Measure,
    Score,
)
from kith.families import queries as families
from kith.referrals.models import Referral

MISSING_ONCE = "No second value yet"
MISSING = "Not measured"


@dataclass(frozen=True)
class Line:
    """One thing that was measured of somebody: its first value, its latest, and the change."""

    title: str
    who: str
    scale: str
    better: str  # "more", "fewer" or "" where nobody says which way is better
    values: tuple[tuple[date, float | None], ...]  # the oldest first; None: too few answers

    @property
    def known(self) -> list[tuple[date, float]]:
        return [(on, value) for on, value in self.values if value is not None]

    @property
    def first(self) -> tuple[date, float] | None:
        return self.known[0] if self.known else None

    @property
    def latest(self) -> tuple[date, float] | None:
        return self.known[-1] if len(self.known) > 1 else None

    @property
    def change(self) -> float | None:
        """By how much it went up; None without a second value."""
        if self.first is None or self.latest is None:
            return None
        return round(self.latest[1] - self.first[1], 1)

    @property
    def way(self) -> str:
        """Whether the change is for the better, for the worse, or none."""
        if self.change is None or not self.better:
            return ""
        if self.change == 0:
            return "same"
        return "better" if (self.change > 0) == (self.better == "more") else "worse"

    @property
    def missing(self) -> str:
        if not self.known:
            return "Too few answers for a score" if self.values else MISSING
        return "" if self.latest else MISSING_ONCE


@dataclass(frozen=True)
class AtSchool:
    """A child at school over time: what was written down, and what of it came before help began."""

    name: str
    periods: tuple[Attendance, ...]  # the oldest first
    line: Line
    exclusions: tuple[Exclusion, ...]  # the latest first
    before: int  # exclusions in the year before the case was opened
    since: int


@dataclass(frozen=True)
class Changed:
    """Everything on the page of what changed."""

    areas: list[Line]
    scores: list[Line]
    school: list[AtSchool]
    feedback: list[tuple[Feedback, list[tuple[str, str]]]]
    written: list[Score] = field(default_factory=list)


def measures(viewer: User) -> list[Measure]:
    """Return the newest version of every measure that is in use, by name."""
    newest = Measure.objects.order_by("key", "-version").distinct("key")
    return sorted((one for one in newest if one.in_use), key=lambda one: (one.kind, one.name))


def versions(viewer: User) -> QuerySet[Measure]:
    """Return every version of every measure, the newest of each first."""
    return Measure.objects.select_related("made_by").order_by("name", "key", "-version")


def scores_of(viewer: User, case: Case) -> QuerySet[Score]:
    """Return the scores of a case that are no mistakes, the oldest first."""
    return (
        Score.objects.filter(queries.of(viewer, case), mistake__isnull=True)
        .select_related("measure", "person", "by")
        .order_by("on", "pk")
    )


def attendance_of(viewer: User, case: Case) -> QuerySet[Attendance]:
    """Return what was written down of attendance that is no mistake, the oldest first."""
    return (
        Attendance.objects.filter(queries.of(viewer, case), mistake__isnull=True)
        .select_related("by", "person")
        .order_by("first", "pk")
    )


def exclusions_of(viewer: User, case: Case) -> QuerySet[Exclusion]:
    """Return the exclusions that are no mistakes, the latest first."""
    return (
        Exclusion.objects.filter(queries.of(viewer, case), mistake__isnull=True)
        .select_related("by", "person")
        .order_by("-on", "-pk")
    )


def feedback_of(viewer: User, case: Case) -> QuerySet[Feedback]:
    """Return what was thought of the help, the latest first."""
    return Feedback.objects.filter(queries.of(viewer, case)).order_by("-at", "-pk")


def what_changed(viewer: User, case: Case) -> Changed:
    """Return what changed for a family, of everything that was measured."""
    people = families.people_of(viewer, case.family)
    names = {one.person.pk: one.name or "Unborn child" for one in people}
    areas = [
        Line(
            one.title,
            "",
            "0 to 10",
            "more",
            tuple((on, float(score)) for on, score in one.scores),
        )
        for one in queries.distances(viewer, case.family)
    ]
    written = list(scores_of(viewer, case))
    found: dict[tuple[int, int | None, str], list[Score]] = defaultdict(list)
    for score in written:
        # Only the same version, of the same person, told by the same source is compared: a parent
        # and a teacher do not see the same child.
        found[score.measure_id, score.person_id, score.source.casefold()].append(score)
    scores = [
        Line(
            of[0].measure.name,
            f"{names.get(of[0].person_id or 0, str(of[0].person or 'The family'))}, "
            f"by {of[0].source}",
            f"{of[0].measure.low} to {of[0].measure.high}",
            of[0].measure.better,
            tuple((one.on, None if one.value is None else float(one.value)) for one in of),
        )
        for of in found.values()
    ]
    return Changed(
        areas=areas,
        scores=sorted(scores, key=lambda line: (line.who, line.title)),
        school=_at_school(viewer, case, people),
        feedback=[(one, _said(one)) for one in feedback_of(viewer, case)],
        written=written[::-1],
    )


def _at_school(viewer: User, case: Case, people: list[families.Member]) -> list[AtSchool]:
    attended: dict[int, list[Attendance]] = defaultdict(list)
    for one in attendance_of(viewer, case):
        attended[one.person_id].append(one)
    excluded: dict[int, list[Exclusion]] = defaultdict(list)
    for gone in exclusions_of(viewer, case):
        excluded[gone.person_id].append(gone)
    opened = timezone.localdate(case.opened_at)
    children = []
    for child in people:
        numbers = [child.person.pk, *(record.pk for record in child.records)]
        if not child.is_child or child.date_of_birth is None:
            continue
        periods = sorted(
            (one for number in numbers for one in attended[number]), key=lambda one: one.first
        )
        gone_from = [one for number in numbers for one in excluded[number]]
        children.append(
            AtSchool(
                name=child.name,
                periods=tuple(periods),
                line=Line(
                    "Attendance",
                    child.name,
                    "per cent of possible sessions",
                    "more",
                    tuple((one.last, one.percent) for one in periods),
                ),
                exclusions=tuple(gone_from),
                before=sum(0 < (opened - one.on).days <= 365 for one in gone_from),
                since=sum(one.on >= opened for one in gone_from),
            )
        )
    return children


def _said(feedback: Feedback) -> list[tuple[str, str]]:
    asked = first_measures.FEEDBACK[feedback.of]
    return [
        (
            question,
            first_measures.MUCH[feedback.answers[key]]
            if key in feedback.answers
            else "Not answered",
        )
        for key, question in asked.items()
    ]


def case_of_page(page: FamilyPage) -> Case | None:
    """Return the family's case that somebody's own page is about; for whoever has opened it."""
    with seeing_as(front_door()):
        return (
            queries.with_names(front_door())
            .filter(family__head=page.family.head_id)
            .order_by("status", "-opened_at")
            .first()
        )


def case_of_request(referral: Referral) -> Case | None:
    """Return the case that came of a request, for whoever sent it; None where there is none, or
    where the family has not agreed that the sender hears what came of it."""
    if not referral.outcome_may_be_told:
        return None
    with seeing_as(front_door()):
        return Case.objects.filter(referral=referral).first()
