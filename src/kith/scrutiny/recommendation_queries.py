"""Reading recommendations: what is followed up, what is overdue and why, and what can be chosen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from kith.accounts.models import User
from kith.accounts.permissions import Permission
from kith.accounts.viewer import clock, linked, seeing_as
from kith.analytics.days import months_after
from kith.scrutiny.models import (
    Answer,
    Attached,
    Item,
    Measure,
    Meeting,
    Notice,
    Origin,
    Progress,
    Promised,
    Recommendation,
    Theme,
)

LINK = "recommendation"  # what a private link to an owner is for
State = Recommendation.State
OPEN = (State.AGREED, State.SENT, State.ANSWERED, State.MONITORED)


def visible_to(viewer: User) -> QuerySet[Recommendation]:
    """Return the recommendations somebody may read: of all committees for officers and those who
    answer, of their own for members; none for others."""
    found = Recommendation.objects.select_related("committee", "theme", "item__meeting")
    if viewer.can(Permission.SCRUTINY_KEEP) or viewer.can(Permission.SCRUTINY_ANSWER):
        return found
    return found.filter(committee__team__in=viewer.teams_granting(Permission.SCRUTINY_SEE))


def opened_by_link() -> Recommendation | None:
    """Return the recommendation that this transaction's private link opens, or None."""
    number = linked(LINK)
    if number is None:
        return None
    with seeing_as(clock()):
        found = Recommendation.objects.select_related("committee").filter(pk=number).first()
        if found:
            # Read here, since the page that shows them works for nobody.
            found.open_parts = list(found.parts.all())  # type: ignore[attr-defined]
            given = found.answers.select_related("part").prefetch_related(files_of_answers())
            found.given = list(given.order_by("at"))  # type: ignore[attr-defined]
            found.earlier = files_to_replace(found)  # type: ignore[attr-defined]
        return found


def files_of_answers() -> Prefetch:
    """The files of answers, without what they hold."""
    light = Attached.objects.select_related("content", "replaced_by")
    return Prefetch(
        "files", light.defer("content__held", "text", "replaced_by__text").order_by("pk")
    )


def files_to_replace(found: Recommendation) -> list[Attached]:
    """Return the files of a recommendation's answers whose place another may take."""
    files = Attached.objects.filter(answer__recommendation=found, replaced_by=None)
    return list(files.filter(withdrawn_because="").defer("text").order_by("pk"))


def file_called(viewer: User, uid: UUID) -> Attached | None:
    """Return a file that came with an answer to what somebody may read, or None."""
    found = Attached.objects.filter(uid=uid, answer__recommendation__in=visible_to(viewer))
    return found.select_related("content", "answer__recommendation").first()


def is_settled(found: Recommendation) -> bool:
    """Say whether all of it is answered, and what is accepted in principle says what will be done and
    when. An answer in principle without both means that nothing happens."""
    last = last_answers(found.answers.all())
    whole = last.get(None)
    parts = [part.pk for part in found.parts.all()]
    if whole is None and not (parts and all(pk in last for pk in parts)):
        return False
    principle = any(one.said == Answer.Said.IN_PRINCIPLE for one in last.values())
    return not principle or any(one.due_on for one in found.promised.all())


def last_answers(answers: Iterable[Answer]) -> dict[int | None, Answer]:
    """Return the last answer to each part, and to the whole (None). A later one to the whole takes the
    place of all before it."""
    found: dict[int | None, Answer] = {}
    for one in sorted(answers, key=lambda one: (one.answered_on, one.at, one.pk)):
        if one.part_id is None:
            found.clear()
        found[one.part_id] = one
    return found


@dataclass(frozen=True)
class Overdue:
    """Why something is late: in law, by a day that was asked for or promised, or by its age."""

    how: Literal["law", "asked", "promised", "due", "age"]
    since: date
    words: str


def overdue(found: Recommendation, today: date) -> list[Overdue]:
    """Return why a recommendation is late on a day; nothing where it is not."""
    if found.state not in OPEN:
        return []
    late: list[Overdue] = []
    promised = [one for one in found.promised.all() if not one.done_on]
    if found.state == State.SENT:
        for one in sorted(found.notices.all(), key=lambda one: -one.pk)[:1]:
            # Who answered in principle has answered in law, whatever is still open.
            if one.due_on and one.due_on < today and not found.answers.all():
                late.append(
                    Overdue(
                        "law",
                        one.due_on,
                        f"Overdue in law: an answer was due by {one.due_on:%-d %B %Y}.",
                    )
                )
            elif one.asked_by and one.asked_by < today and not found.answers.all():
                late.append(
                    Overdue(
                        "asked",
                        one.asked_by,
                        f"The committee asked for an answer by {one.asked_by:%-d %B %Y}. No law sets that day.",
                    )
                )
    late += [
        Overdue("promised", one.due_on, f"Promised by {one.due_on:%-d %B %Y}: {one.words}")
        for one in promised
        if one.due_on and one.due_on < today
    ]
    done = any(one.said == Progress.Said.ACHIEVED for one in newest(found.progress.all())[:1])
    if found.due_on and found.due_on < today and not done:
        late.append(Overdue("due", found.due_on, f"It was to be done by {found.due_on:%-d %B %Y}."))
    days = [found.due_on, *(one.due_on for one in promised)]
    if found.state == State.SENT and not found.answers.all():
        days += [day for one in found.notices.all() for day in (one.due_on, one.asked_by)]
    if found.agreed_on and not any(days) and not done:
        months = found.committee.months_open
        aged = months_after(found.agreed_on, months)
        if aged < today:
            late.append(
                Overdue(
                    "age",
                    aged,
                    f"Open for more than {months} month{'' if months == 1 else 's'}, as long as this "
                    "committee allows without a day on which it is due.",
                )
            )
    return late


def newest(progress: Iterable[Progress]) -> list[Progress]:
    """Return what was said of progress, the newest first."""
    return sorted(progress, key=lambda one: (one.on, one.at, one.pk), reverse=True)


@dataclass(frozen=True)
class Line:
    """A recommendation as a list shows it."""

    found: Recommendation
    late: list[Overdue]
    answers: list[Answer]
    progress: Progress | None
    notice: Notice | None

    @property
    def waiting(self) -> str:
        """What is waited for, in words."""
        if self.found.state not in (State.AGREED, State.SENT):
            return ""
        if self.answers:
            principle = any(one.said == Answer.Said.IN_PRINCIPLE for one in self.answers)
            return (
                "Accepted in principle, without something to be done and a day: it stays open."
                if principle
                else "Answered in part."
            )
        if self.notice is None:
            return "Not sent yet."
        if self.notice.due_on:
            return f"An answer is due in law by {self.notice.due_on:%-d %B %Y}."
        if self.notice.asked_by:
            return f"Requested by {self.notice.asked_by:%-d %B %Y}."
        return "Requested."


@dataclass(frozen=True)
class Asked:
    """What a list is to show."""

    state: str = ""  # "", "open", or a state
    late: bool = False
    theme: int | None = None
    owner: str = ""
    committee: int | None = None


def listed(viewer: User, asked: Asked, today: date) -> list[Line]:
    """Return the recommendations a list shows, those that are late first."""
    found = visible_to(viewer).exclude(state=State.MERGED)
    if asked.state == "open":
        found = found.filter(state__in=OPEN)
    elif asked.state:
        found = found.filter(state=asked.state)
    if asked.theme:
        found = found.filter(theme=asked.theme)
    if asked.owner:
        found = found.filter(owner=asked.owner)
    if asked.committee:
        found = found.filter(committee=asked.committee)
    lines = [line_of(one, today) for one in _with_all(found)]
    if asked.late:
        lines = [line for line in lines if line.late]
    return sorted(
        lines,
        key=lambda line: (
            not line.late,
            -(line.found.agreed_on or date.max).toordinal(),
            line.found.number,
            line.found.pk,
        ),
    )


def _with_all(found: QuerySet[Recommendation]) -> QuerySet[Recommendation]:
    return found.prefetch_related("answers", "promised", "notices", "progress", "parts")


def line_of(found: Recommendation, today: date) -> Line:
    """Return one recommendation as a list shows it."""
    notices = sorted(found.notices.all(), key=lambda one: one.pk)
    return Line(
        found,
        overdue(found, today),
        list(last_answers(found.answers.all()).values()),
        next(iter(newest(found.progress.all())), None),
        notices[-1] if notices else None,
    )


def followed_up(viewer: User, committee: int) -> list[Recommendation]:
    """Return what a committee follows up, in the order of its numbers, with its measures."""
    found = _with_all(visible_to(viewer).filter(committee=committee, state__in=OPEN))
    return list(found.prefetch_related("measures").order_by("agreed_on", "number", "pk"))


def choices_of(viewer: User) -> dict[str, list[tuple[str, str]]]:
    """Return what a list can be narrowed to: committees, themes and owners of what somebody sees."""
    found = visible_to(viewer).exclude(state=State.MERGED)
    themes = found.exclude(theme=None).values_list("theme", "theme__title")
    committees = found.values_list("committee", "committee__name")
    return {
        "committee": [
            (str(pk), name) for pk, name in sorted(set(committees), key=lambda one: one[1])
        ],
        "theme": [(str(pk), name) for pk, name in sorted(set(themes), key=lambda one: one[1])],
        "owner": [
            (name, name)
            for name in sorted(set(found.exclude(owner="").values_list("owner", flat=True)))
        ],
    }


def origins_of(viewer: User, found: Recommendation) -> list[Origin]:
    """Return where it stands, also under what was put together with it."""
    if not visible_to(viewer).filter(pk=found.pk).exists():
        return []
    both = Q(recommendation=found) | Q(recommendation__merged_into=found)
    return list(
        Origin.objects.filter(both)
        .select_related("item__meeting", "paper", "recommendation")
        .order_by("pk")
    )


def merged_into(viewer: User, found: Recommendation) -> list[Recommendation]:
    """Return what was put together with a recommendation."""
    return list(visible_to(viewer).filter(merged_into=found).order_by("pk"))


def to_put_together(viewer: User, found: Recommendation) -> list[Recommendation]:
    """Return what may be the same as a recommendation: of its committee, and not sent yet."""
    others = visible_to(viewer).filter(
        committee=found.committee_id, state__in=(State.DRAFTED, State.AGREED), merged=None
    )
    return list(others.exclude(pk=found.pk).order_by("number", "pk"))


def promised_of(viewer: User, found: Recommendation) -> list[Promised]:
    """Return what was promised about a recommendation, the earliest due first."""
    if not visible_to(viewer).filter(pk=found.pk).exists():
        return []
    return sorted(found.promised.all(), key=lambda one: (one.due_on or date.max, one.pk))


def promised_numbered(viewer: User, pk: int) -> Promised | None:
    """Return something that was promised about what somebody may read, or None."""
    return (
        Promised.objects.filter(pk=pk, recommendation__in=visible_to(viewer))
        .select_related("recommendation")
        .first()
    )


def measure_numbered(viewer: User, pk: int) -> Measure | None:
    """Return a measure of what somebody may read, or None."""
    return (
        Measure.objects.filter(pk=pk, recommendation__in=visible_to(viewer))
        .select_related("recommendation")
        .first()
    )


def themes_to_choose(viewer: User) -> list[Theme]:
    """Return the themes from which a recommendation can be drafted."""
    if not viewer.can(Permission.SCRUTINY_SEE):
        return []
    return list(Theme.objects.select_related("review__committee").order_by("review", "order", "pk"))


def items_to_decide_in(viewer: User, found: Recommendation, at: datetime) -> list[Item]:
    """Return the items of meetings that have begun in which a recommendation can be decided on."""
    if not visible_to(viewer).filter(pk=found.pk).exists():
        return []
    items = Item.objects.filter(
        meeting__committee=found.committee_id,
        meeting__starts_at__lte=at,
        meeting__state__in=(Meeting.State.CALLED, Meeting.State.HELD),
        kind__in=(
            Item.Kind.TOPIC,
            Item.Kind.UPDATE,
            Item.Kind.FOLLOW_UP,
            Item.Kind.ACTIONS,
            Item.Kind.OTHER,
        ),
    )
    return list(items.select_related("meeting").order_by("-meeting__starts_at", "order")[:60])


def meetings_to_come(viewer: User, found: Recommendation, at: datetime) -> list[Meeting]:
    """Return the meetings to which a recommendation can come back."""
    if not visible_to(viewer).filter(pk=found.pk).exists():
        return []
    return list(
        Meeting.objects.filter(
            committee=found.committee_id,
            starts_at__gt=at,
            state__in=(Meeting.State.PLANNED, Meeting.State.CALLED),
        ).order_by("starts_at")
    )
