"""Numbers about what changed for families, each with how sure one can be. Their one home.

Counted over the whole county, whoever asks; small ones are hidden before they leave. Whoever has no
second value is told beside those who have, and nothing is supposed of them.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import F, QuerySet

from kith.analytics.change import mean_change
from kith.analytics.days import months_after
from kith.analytics.figures import (
    NO,
    YES,
    Labels,
    Paired,
    mean_figure,
    share_figures,
    with_interval,
)
from kith.analytics.indicators import Figure, Indicator, Period
from kith.casework import assessment_form
from kith.casework.following import NOT_ASKED
from kith.casework.models import (
    Answer,
    Assessment,
    AssessmentForm,
    AuditFinding,
    Case,
    FollowUp,
)
from kith.hubs.queries import all_hubs
from kith.referrals.counts import kept, moments

INTERVAL = (
    "Beside it stands between what the true value lies 95 times in 100, if these families are like "
    "those still to come. It says nothing of why things changed: there is no group without help."
)
SMALL = (
    "A value of fewer than five families is hidden, and so is any other from which it could be "
    "worked out."
)
DISTANCE = Indicator(
    key="distance-travelled",
    name="Distance travelled",
    definition=(
        "Of the cases closed in the period: the mean change of the scores from 0 to 10 that were "
        "agreed with the family in the areas of its assessment, from the first to the last signed "
        f"assessment of the case; each case counts once, with the mean of its areas. {INTERVAL} The "
        "interval is Student’s, for paired values."
    ),
    unit="points of ten",
    better="more",
    kind="mean",
    source="Signed assessments of the hubs",
    by=("hub",),
    small=SMALL,
)
LASTS = Indicator(
    key="better-after-the-end",
    name="Better than before, after help ended",
    definition=(
        "Of the families reached three or six months after their case was closed, on a day in the "
        "period: the share that say that things are better, or much better, than when help began. "
        f"{INTERVAL} The interval is Wilson’s. Only families that agreed are asked, and some are not "
        "reached: those who answer are not like everybody."
    ),
    unit="% better or much better",
    better="more",
    kind="share",
    source="What families said after the end",
    by=("hub", "after"),
)
AUDITED = Indicator(
    key="audit-grades",
    name="Case work graded good",
    definition=(
        "Of the cases audited in the period, drawn by chance and read by somebody who had not "
        f"worked on them: the share graded good or outstanding. {INTERVAL} The interval is Wilson’s."
    ),
    unit="% good or outstanding",
    better="more",
    kind="share",
    source="Case audits of the hubs",
    by=("hub",),
)
INDICATORS = (DISTANCE, LASTS, AUDITED)
AFTER: Labels = [("3", "Three months after"), ("6", "Six months after")]
BETTER = (Case.Outcome.MUCH_BETTER, Case.Outcome.BETTER)
GOOD = (AuditFinding.Grade.GOOD, AuditFinding.Grade.OUTSTANDING)
_PERSON = re.compile(r"-\d+$")


def figure(indicator: Indicator, period: Period, *, by: str, at: datetime, hub: str = "") -> Figure:
    """Return an indicator over a period, split one way, with small numbers hidden already.

    Counted again every ten minutes. Raises LookupError for what is not one of this module's.
    """
    count = {DISTANCE.key: _distance, LASTS.key: _lasts, AUDITED.key: _audited}.get(indicator.key)
    if count is None or by not in indicator.by:
        raise LookupError(f"{indicator.key} by {by}")
    figures, _ = kept(f"casework:{indicator.key}", period, at, count)
    found: Figure = figures[by]
    return found


def hubs() -> Labels:
    """Return the hubs, as figures split by them."""
    return [(hub.slug, hub.name) for hub in all_hubs()]


def _distance(period: Period, at: datetime) -> dict[str, Figure]:
    first, after = moments(period)
    closed = Case.objects.filter(closed_at__gte=first, closed_at__lt=after)
    hub_of = dict(closed.values_list("pk", "team__hub__slug"))
    # By case, and area of each of its people, the scores with when they were signed.
    scores: dict[int, dict[str, list[tuple[datetime, int]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for case, key, signed_at, score in _scored(closed):
        scores[case][key].append((signed_at, score))
    pairs: dict[str, list[tuple[float, float]]] = defaultdict(list)
    alone: Counter[str] = Counter()
    for case, hub in hub_of.items():
        areas = [sorted(found) for found in scores[case].values()] if case in scores else []
        twice = [(found[0][1], found[-1][1]) for found in areas if found[0][0] < found[-1][0]]
        if not twice:
            alone[hub] += 1
            continue
        count = len(twice)
        pairs[hub].append(
            (sum(one for one, _ in twice) / count, sum(two for _, two in twice) / count)
        )
    by_hub = {hub: Paired(mean_change(pairs[hub]), alone[hub]) for hub in {*pairs, *alone}}
    everywhere = Paired(
        mean_change([pair for found in pairs.values() for pair in found]), sum(alone.values())
    )
    return {"hub": mean_figure(DISTANCE, period, "hub", hubs(), by_hub, everywhere, at)}


def _scored(closed: QuerySet[Case]) -> Iterator[tuple[int, str, datetime, int]]:
    """Return the scores of signed assessments: of which case and area, when, and what."""
    scored = _score_keys()
    answers = Answer.objects.filter(
        assessment__case__in=closed.values("pk"),
        assessment__status=Assessment.Status.SIGNED,
        words__in=[str(score) for score in assessment_form.SCORES],
    ).values_list("assessment__case", "assessment__form", "assessment__signed_at", "key", "words")
    for case, form, signed_at, key, words in answers:
        if signed_at and _PERSON.sub("", key) in scored[form]:
            yield case, key, signed_at, int(words)


def scores_by_area(
    closed: QuerySet[Case],
) -> dict[tuple[int, str, str], list[tuple[datetime, float]]]:
    """Return the scores of cases by case, area of life and whose they are, with when they were
    signed."""
    found: dict[tuple[int, str, str], list[tuple[datetime, float]]] = defaultdict(list)
    for case, key, signed_at, score in _scored(closed):
        found[case, _PERSON.sub("", key), key].append((signed_at, float(score)))
    return found


def areas() -> Labels:
    """Return the areas of life that are scored, as the newest form that has each calls them."""
    found: dict[str, str] = {}
    for definition in AssessmentForm.objects.order_by("-version").values_list(
        "definition", flat=True
    ):
        for section in assessment_form.read(definition).sections:
            for question in section.questions:
                if question.kind == "score":
                    key = assessment_form.key_of(section, question, None)
                    found.setdefault(key, section.title)
    return list(found.items())


def _score_keys() -> dict[int, set[str]]:
    """Return by form the places of questions that are answered with a score."""
    return {
        pk: {
            assessment_form.key_of(section, question, None)
            for section in assessment_form.read(definition).sections
            for question in section.questions
            if question.kind == "score"
        }
        for pk, definition in AssessmentForm.objects.values_list("pk", "definition")
    }


def _lasts(period: Period, at: datetime) -> dict[str, Figure]:
    asked = FollowUp.objects.filter(on__gte=period.first, on__lte=period.last)
    tables: dict[str, Counter[tuple[str, str]]] = {"hub": Counter(), "after": Counter()}
    reached = asked.filter(reached=True).exclude(outcome=Case.Outcome.UNKNOWN)
    for hub, months, outcome in reached.values_list("case__team__hub__slug", "months", "outcome"):
        answer = YES if outcome in BETTER else NO
        tables["hub"][hub, answer] += 1
        tables["after"][str(months), answer] += 1
    missing = _not_known(period)
    splits = {"hub": hubs(), "after": AFTER}
    return {
        way: with_interval(one, missing=missing)
        for way, one in share_figures(LASTS, period, splits, tables, at).items()
    }


def _not_known(period: Period) -> str:
    """Say of how many nothing is known, in numbers that tell on nobody."""
    owed = 0
    for months in (3, 6):
        owed += (
            Case.objects.filter(
                closed_at__date__gte=_back(period.first, months),
                closed_at__date__lte=_back(period.last, months),
            )
            .exclude(closing_reason__in=NOT_ASKED)
            .count()
        )
    known = (
        FollowUp.objects.filter(on__gte=period.first, on__lte=period.last, reached=True)
        .exclude(outcome=Case.Outcome.UNKNOWN)
        .count()
    )
    unknown = max(0, owed - known)
    if not unknown:
        return ""
    return (
        f"In the whole county, of {some(unknown)} more times when a family might have been "
        "asked nothing is known: it had not agreed, was not reached, or could not say."
    )


def some(number: int) -> str:
    """Write a number so that it tells on nobody: in tens."""
    return f"about {round(number, -1)}" if number >= 10 else "fewer than ten"


def _back(day: date, months: int) -> date:
    return months_after(day, -months)


def _audited(period: Period, at: datetime) -> dict[str, Figure]:
    first, after = moments(period)
    found = AuditFinding.objects.filter(at__gte=first, at__lt=after)
    table: Counter[tuple[str, str]] = Counter()
    for hub, grade in found.values_list(F("audited__team__hub__slug"), "grade"):
        table[hub, YES if grade in GOOD else NO] += 1
    figures = share_figures(AUDITED, period, {"hub": hubs()}, {"hub": table}, at)
    return {way: with_interval(one) for way, one in figures.items()}
