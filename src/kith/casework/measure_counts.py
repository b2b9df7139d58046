"""Numbers about what was measured: areas of assessments over time, attendance at school,
questionnaires, and what families and senders think of the help. Their one home.

Counted over the whole county, whoever asks; small ones are hidden before they leave.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from kith.analytics.figures import NO, YES, Labels, MeanBook, ShareBook
from kith.analytics.indicators import Figure, Indicator, Period
from kith.analytics.periods import quarter_of, quarters_of
from kith.casework.first_measures import FEEDBACK
from kith.casework.models import Attendance, Case, Feedback, Measure, Score
from kith.casework.outcome_counts import INTERVAL, SMALL, areas, hubs, scores_by_area, some
from kith.referrals.counts import kept, moments

STUDENT = "The interval is Student’s, for paired values."
IN_FIVES = f"{SMALL} How many cases stand behind a mean is told in fives, as “at least”."
MOSTLY = 3  # of 0 to 4: "mostly" or "very much"

AREAS = Indicator(
    key="distance-by-area",
    name="Distance travelled, by area of life",
    definition=(
        "Of the cases closed in the period: the mean change of the score from 0 to 10 that was agreed "
        "with the family in an area of its assessment, from the first to the last signed assessment "
        f"of the case. A case counts once in each area that was scored twice. {INTERVAL} {STUDENT}"
    ),
    unit="points of ten",
    better="more",
    kind="mean",
    source="Signed assessments of the hubs",
    by=("area", "hub", "quarter", "area-quarter"),
    small=IN_FIVES,
)
SCHOOL = Indicator(
    key="school-attendance-change",
    name="Attendance at school, change",
    definition=(
        "Of the cases closed in the period: how many more of a hundred possible sessions at school "
        "their children attended in the last weeks that were written down than in the first. A case "
        f"counts once, with the mean of its children. {INTERVAL} {STUDENT}"
    ),
    unit="sessions of a hundred",
    better="more",
    kind="mean",
    source="Attendance that schools told the hubs, typed in or read from files",
    by=("hub", "quarter"),
    small=IN_FIVES,
)
SCORES = Indicator(
    key="questionnaire-change",
    name="Questionnaires, change",
    definition=(
        "Of the cases closed in the period: the mean change from the first to the last time that the "
        "same person, asked by the same source, filled in the same questionnaire, in hundredths of "
        "its scale so that scales of different lengths can stand together, and turned so that more "
        f"is better. A case counts once for each questionnaire. {INTERVAL} {STUDENT}"
    ),
    unit="hundredths of the scale",
    better="more",
    kind="mean",
    source="Questionnaires and scores written down by the hubs",
    by=("measure", "hub"),
    small=IN_FIVES,
)
FAMILIES = Indicator(
    key="families-say-it-helped",
    name="Families who say that it helped",
    definition=(
        "Of the families that told, in the period, what they thought of the help: the share that "
        f"answered “{FEEDBACK['family']['helped']}” with mostly or very much. {INTERVAL} The interval "
        "is Wilson’s. Families choose whether to answer: those who do are not like everybody."
    ),
    unit="% mostly or very much",
    better="more",
    kind="share",
    source="Feedback of families",
    by=("hub", "quarter"),
)
SENDERS = Indicator(
    key="senders-say-it-fits",
    name="Senders who say that help fits",
    definition=(
        "Of those who asked for help for a family and told, in the period, what they thought of it: "
        f"the share that answered “{FEEDBACK['sender']['fits']}” with mostly or very much. {INTERVAL} "
        "The interval is Wilson’s. Senders choose whether to answer."
    ),
    unit="% mostly or very much",
    better="more",
    kind="share",
    source="Feedback of those who asked for help",
    by=("hub", "quarter"),
)
_EVERY = (
    "For each question, of those who answered it in the period (whoever did so more than once counts "
    f"with the last time): the share that said mostly or very much. {INTERVAL} The interval is Wilson’s. "
    "They choose whether to answer: those who do are not like everybody. In the line for all, every "
    "answer counts."
)
FAMILIES_SAY = Indicator(
    key="what-families-say",
    name="What families say of the help",
    definition=f"Families were asked how far they agree with these sentences. {_EVERY}",
    unit="% mostly or very much",
    better="more",
    kind="share",
    source=FAMILIES.source,
    by=("question", "hub-question", "quarter-question"),
)
SENDERS_SAY = Indicator(
    key="what-senders-say",
    name="What senders say of the help",
    definition=(
        "Those who asked for help for a family were asked how far they agree with these sentences. "
        f"{_EVERY}"
    ),
    unit="% mostly or very much",
    better="more",
    kind="share",
    source=SENDERS.source,
    by=("question", "hub-question", "quarter-question"),
)
# Of each indicator about feedback: who told it, and the one question it is about, or "" for all.
TOLD = {
    FAMILIES.key: (Feedback.Of.FAMILY, "helped"),
    FAMILIES_SAY.key: (Feedback.Of.FAMILY, ""),
    SENDERS.key: (Feedback.Of.SENDER, "fits"),
    SENDERS_SAY.key: (Feedback.Of.SENDER, ""),
}
INDICATORS = (AREAS, SCHOOL, SCORES, FAMILIES, FAMILIES_SAY, SENDERS, SENDERS_SAY)


def figure(indicator: Indicator, period: Period, *, by: str, at: datetime, hub: str = "") -> Figure:
    """Return an indicator over a period, split one way, with small numbers hidden already.

    With `hub`, a hub's slug, only that hub's part, where it can be split further. Counted again
    every ten minutes. Raises LookupError for what is not one of this module's.
    """
    if indicator not in INDICATORS or by not in indicator.by:
        raise LookupError(f"{indicator.key} by {by}")
    name = f"casework:{indicator.key}"
    of = ("hub", hub) if hub else ()
    if indicator.kind == "share":
        who, question = TOLD[indicator.key]
        # One book for all that the same people told, so that no page can be taken from another.
        (said, missing), counted_at = kept(f"casework:feedback:{who}", period, at, COUNTED[who])
        if question:
            return said.of_question(indicator, period, question, by, counted_at, missing=missing)  # type: ignore[no-any-return]
        way = by.removesuffix("question").rstrip("-")
        return said.questions(indicator, period, way, counted_at, of=of, missing=missing)  # type: ignore[no-any-return]
    counts = {AREAS.key: _areas, SCHOOL.key: _school, SCORES.key: _scores}
    (book, missing), counted_at = kept(name, period, at, counts[indicator.key])
    if by == "area-quarter":
        ways = ("quarter", "area")
        return book.across(indicator, period, ways, counted_at, of=of, missing=missing)  # type: ignore[no-any-return]
    return book.by(indicator, period, by, counted_at, of=of, missing=missing)  # type: ignore[no-any-return]


def _closed(period: Period) -> tuple[QuerySet[Case], dict[int, tuple[str, str]]]:
    """Return the cases closed in a period, and of each its hub and quarter."""
    first, after = moments(period)
    closed = Case.objects.filter(closed_at__gte=first, closed_at__lt=after)
    return closed, {
        pk: (hub, quarter_of(timezone.localdate(closed_at)))
        for pk, hub, closed_at in closed.values_list("pk", "team__hub__slug", "closed_at")
        if closed_at
    }


def _areas(period: Period, at: datetime) -> tuple[MeanBook, str]:
    closed, of_case = _closed(period)
    twice: dict[tuple[int, str], list[tuple[float, float]]] = defaultdict(list)
    for (case, area, _), scores in scores_by_area(closed).items():
        twice[case, area].extend(_pair(scores))
    table: dict[tuple[str, str, str], list[tuple[float, float]]] = defaultdict(list)
    for (case, area), pairs in twice.items():
        if pairs:
            table[*of_case[case], area].append(_mean(pairs))
    splits = {"hub": hubs(), "quarter": quarters_of(period), "area": areas()}
    book = MeanBook(splits, {}, cube=(("hub", "quarter", "area"), table))
    known = {case for (case, _), pairs in twice.items() if pairs}
    return book, _without(len(of_case) - len(known), "no area was scored twice")


def _school(period: Period, at: datetime) -> tuple[MeanBook, str]:
    closed, of_case = _closed(period)
    told: dict[tuple[int, int], list[tuple[date, float]]] = defaultdict(list)
    for case, person, last, attended, possible in Attendance.objects.filter(
        case__in=closed.values("pk"), mistake__isnull=True
    ).values_list("case", "person", "last", "attended", "possible"):
        told[case, person].append((last, 100 * attended / possible))
    children: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for (case, _), values in told.items():
        children[case].extend(_pair(values))
    table: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for case, pairs in children.items():
        if pairs:
            table[of_case[case]].append(_mean(pairs))
    known = sum(bool(pairs) for pairs in children.values())
    book = MeanBook({"hub": hubs(), "quarter": quarters_of(period)}, {("hub", "quarter"): table})
    return book, _without(len(of_case) - known, "no attendance was written down twice")


def _scores(period: Period, at: datetime) -> tuple[MeanBook, str]:
    closed, of_case = _closed(period)
    told: dict[tuple[int, str, int, int | None, str], list[tuple[date, float]]] = defaultdict(list)
    for case, key, low, high, better, measure, person, source, on, value in (
        Score.objects.filter(
            case__in=closed.values("pk"), mistake__isnull=True, value__isnull=False
        ).values_list(
            *("case", "measure__key", "measure__low", "measure__high", "measure__better"),
            *("measure", "person", "source", "on", "value"),
        )
    ):  # fmt: skip
        part = 100 * (float(value) - low) / (high - low)
        turned = part if better == Measure.Better.MORE else 100 - part
        # Only the same version, of the same person, told by the same source is compared.
        told[case, key, measure, person, source.casefold()].append((on, turned))
    of_measure: dict[tuple[int, str], list[tuple[float, float]]] = defaultdict(list)
    for (case, key, *_), values in told.items():
        of_measure[case, key].extend(_pair(values))
    table: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for (case, key), pairs in of_measure.items():
        if pairs:
            table[of_case[case][0], key].append(_mean(pairs))
    names = dict(Measure.objects.order_by("version").values_list("key", "name"))
    labels: Labels = sorted(names.items(), key=lambda one: one[1].casefold())
    known = {case for (case, _), pairs in of_measure.items() if pairs}
    book = MeanBook({"hub": hubs(), "measure": labels}, {("hub", "measure"): table})
    return book, _without(len(of_case) - len(known), "no questionnaire was filled in twice")


def _families(period: Period, at: datetime) -> tuple[ShareBook, str]:
    return _said(Feedback.Of.FAMILY, period)


def _senders(period: Period, at: datetime) -> tuple[ShareBook, str]:
    return _said(Feedback.Of.SENDER, period)


COUNTED = {Feedback.Of.FAMILY: _families, Feedback.Of.SENDER: _senders}


def _said(of: str, period: Period) -> tuple[ShareBook, str]:
    first, after = moments(period)
    # Whoever told it more than once counts once, with the last.
    last: dict[tuple[int, str], tuple[str, str, int]] = {}
    for case, hub, told_at, answers in (
        Feedback.objects.filter(of=of, at__gte=first, at__lt=after)
        .order_by("at", "pk")
        .values_list("case", "case__team__hub__slug", "at", "answers")
    ):
        for question in FEEDBACK[of].keys() & answers.keys():
            quarter = quarter_of(timezone.localdate(told_at))
            last[case, question] = hub, quarter, answers[question]
    tables: dict[str, Counter[tuple[str, str, str]]] = {"hub": Counter(), "quarter": Counter()}
    for (_, question), (hub, quarter, answer) in last.items():
        said = YES if answer >= MOSTLY else NO
        tables["hub"][hub, question, said] += 1
        tables["quarter"][quarter, question, said] += 1
    splits: dict[str, Labels] = {"hub": hubs(), "quarter": quarters_of(period)}
    closed, _ = _closed(period)
    silent = closed.exclude(feedback__of=of).count()
    missing = _without(silent, "nobody has told what they thought")
    return ShareBook(splits, list(FEEDBACK[of].items()), tables), missing


def _pair(values: Iterable[tuple[date | datetime, float]]) -> list[tuple[float, float]]:
    """Return the first and the last of values with their days, where there are two days."""
    found = sorted(values)
    return [(found[0][1], found[-1][1])] if found and found[0][0] < found[-1][0] else []


def _mean(pairs: list[tuple[float, float]]) -> tuple[float, float]:
    return (
        sum(first for first, _ in pairs) / len(pairs),
        sum(later for _, later in pairs) / len(pairs),
    )


def _without(number: int, what: str) -> str:
    """Say of how many of the county's nothing is known, in numbers that tell on nobody."""
    if number <= 0:
        return ""
    return f"In the whole county, of {some(number)} cases closed in the period {what}."
