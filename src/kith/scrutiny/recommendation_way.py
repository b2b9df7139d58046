"""The whole way of a recommendation, step by step: drafted, agreed, sent, answered, promised, done."""

from dataclasses import dataclass, field
from datetime import date

from django.utils.timezone import localdate

from kith.accounts.models import User
from kith.scrutiny.models import Attached, Recommendation
from kith.scrutiny.recommendation_queries import files_of_answers, visible_to


@dataclass(frozen=True)
class Step:
    """One thing on the way of a recommendation."""

    on: date
    title: str
    lines: tuple[str, ...] = ()
    who: str = ""
    tag: str = ""
    colour: str = ""
    figures: tuple[list[str], ...] = field(default=())
    files: tuple[Attached, ...] = ()


COLOURS = {
    "accepted": "green", "in_part": "yellow", "in_principle": "yellow", "not": "red", "explained": "blue",
    "achieved": "green", "acceptable": "yellow", "not_acceptable": "red", "obstacle": "red",
    "in_progress": "blue", "not_started": "grey", "stop": "grey",
}  # fmt: skip


def way_of(viewer: User, found: Recommendation) -> list[Step]:
    """Return the whole way of a recommendation, from the draft to the last that was said of it."""
    if not visible_to(viewer).filter(pk=found.pk).exists():
        return []
    steps = [
        Step(
            localdate(found.made_at),
            "Drafted",
            (f"From the theme “{found.theme}”.",) if found.theme else (),
        )
    ]
    if found.agreed_on:
        steps.append(
            Step(
                found.agreed_on,
                "Agreed by the committee",
                (f"Item {found.item}",) if found.item else (),
                str(found.committee),
            )
        )
    for one in found.notices.select_related("by"):
        title = "Notice sent" if one.due_on else "Request sent"
        due = (
            f"Answer due in law by {one.due_on:%-d %B %Y}."
            if one.due_on
            else one.get_law_display() + "."
        )
        asked = (f"Asked for by {one.asked_by:%-d %B %Y}.",) if one.asked_by else ()
        lines = (f"To {one.to}, received on {one.received_on:%-d %B %Y}.", due, *asked)
        steps.append(Step(localdate(one.sent_at), title, lines, str(one.by)))
    for answer in found.answers.select_related("part").prefetch_related(files_of_answers()):
        about = (f"Part {answer.part.order}: {answer.part.words}",) if answer.part else ()
        reason = (f"Reason: {answer.reason}",) if answer.reason else ()
        steps.append(
            Step(answer.answered_on, "Answer", (*about, answer.words, *reason), answer.by_whom,
                 answer.get_said_display(), COLOURS[answer.said], tuple(answer.figures),
                 tuple(answer.files.all()))
        )  # fmt: skip
    for promised in found.promised.all():
        due = f" by {promised.due_on:%-d %B %Y}" if promised.due_on else ""
        steps.append(
            Step(
                localdate(promised.made_at), "Promised", (f"{promised.words}{due}",), promised.owner
            )
        )
        if promised.done_on:
            steps.append(
                Step(
                    promised.done_on,
                    "Done as promised",
                    (promised.words,),
                    promised.owner,
                    "Done",
                    "green",
                )
            )
    for said in found.progress.select_related("item__meeting"):
        lines = tuple(
            words
            for words in (
                said.words,
                f"Evidence: {said.evidence}" if said.evidence else "",
                f"Item {said.item}" if said.item else "",
            )
            if words
        )
        steps.append(
            Step(
                said.on,
                "Progress",
                lines,
                said.by_whom,
                said.get_said_display(),
                COLOURS[said.said],
            )
        )
    return sorted(steps, key=lambda step: step.on)
