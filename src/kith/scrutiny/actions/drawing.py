"""Papers that write themselves: recommendations followed up, and information updates, as of the day."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from kith.accounts.models import User
from kith.scrutiny import following
from kith.scrutiny.actions.common import locked, write
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.models import Item, Meeting, Paper, Reading, Recommendation
from kith.scrutiny.permissions import may_keep
from kith.scrutiny.recommendation_queries import followed_up, line_of
from kith.scrutiny.updates import UPDATES, sections_of

Section = dict[str, Any]
HEAD = ["Figure", "On the day of the decision", "Now", "Change", "What one can tell"]


@transaction.atomic
def draw_follow_up(*, item: Item, by: User, at: datetime) -> Paper:
    """Write the paper of an item from what is followed up, or write it again while it is a draft.

    What each figure showed is kept. Once the agenda is published the paper stays as it is.
    Raises PermissionDenied or ScrutinyRefused.
    """
    may_keep(by).or_raise()
    meeting = _to_come(item)
    found = followed_up(by, meeting.committee_id)
    if not found:
        raise ScrutinyRefused("Nothing is followed up, so there is nothing to write.", "item")
    followed = {
        measure.pk: following.follow(measure, at) for one in found for measure in one.measures.all()
    }
    values: dict[str, Any] = {
        "title": "Recommendations followed up: what was promised, what was done, what changed",
        "author": "Written from the records and figures of the county",
        "sections": _sections(found, followed, at),
    }
    paper = keep_drawn(item, Paper.Kind.FIGURES, values, by=by, at=at)
    for number, one in followed.items():
        if one.now is not None:
            Reading.objects.create(
                measure_id=number, on=localdate(at), value=one.now, paper=paper, at=at
            )
    return paper


@transaction.atomic
def draw_update(*, item: Item, key: str, by: User, at: datetime) -> Paper:
    """Write an information update under an item from the figures of the day, or write it again while the
    agenda is not published. Raises PermissionDenied or ScrutinyRefused."""
    may_keep(by).or_raise()
    if key not in UPDATES:
        raise ScrutinyRefused("Choose what the update is about.", "about")
    update = UPDATES[key]
    values = {
        "title": f"Information update: {update.name}",
        "author": "Written from the records and figures of the county",
        "sections": sections_of(update, at),
    }
    return keep_drawn(item, Paper.Kind.FIGURES, values, by=by, at=at)


def keep_drawn(item: Item, kind: str, values: dict[str, Any], *, by: User, at: datetime) -> Paper:
    """Keep a paper that wrote itself under an item: a new one, or the one of its kind and title anew while
    its agenda is not published. Raises ScrutinyRefused."""
    _to_come(item)
    drawn = Paper.objects.filter(
        item=item, kind=kind, title=values["title"], drawn_at__isnull=False
    )
    paper = drawn.filter(withdrawn_because="").first()
    if paper is not None and paper.public_at is not None:
        raise ScrutinyRefused(
            "This paper is published with its agenda, and stays as it is.", "item"
        )
    paper = paper or Paper(
        item=item, kind=kind, order=item.papers.count() + 1, added_at=at, added_by=by
    )
    return write(paper, "scrutiny.figures_paper_made", {**values, "drawn_at": at}, by=by, at=at)


def _to_come(item: Item) -> Meeting:
    """Return the meeting of an item, locked, if it is not over. Raises ScrutinyRefused."""
    meeting = locked(item.meeting)
    if meeting.state in (Meeting.State.HELD, Meeting.State.CANCELLED):
        raise ScrutinyRefused(
            f"The meeting was {meeting.get_state_display().lower()}. Choose an item of a later one.",
            "item",
        )
    return meeting


def _sections(
    found: list[Recommendation], followed: dict[int, following.Followed], at: datetime
) -> list[Section]:
    today = localdate(at)
    lines = [line_of(one, today) for one in found]
    late = sum(bool(line.late) for line in lines)
    sections: list[Section] = [
        {
            "heading": "In short",
            "paragraphs": [
                f"{len(found)} recommendation{'s are' if len(found) != 1 else ' is'} followed up; "
                f"{late or 'none'} {'is' if late == 1 else 'are'} overdue. Figures were counted on "
                f"{today:%-d %B %Y}."
            ],
            "table": {
                "head": ["Recommendation", "Owner", "Answer", "Progress", "Overdue"],
                "rows": [
                    [
                        f"R{line.found.number}",
                        line.found.owner,
                        ", ".join(one.get_said_display() for one in line.answers) or "None yet",
                        str(line.progress) if line.progress else "Nothing said yet",
                        " ".join(one.words for one in line.late) or "No",
                    ]
                    for line in lines
                ],
            },
        }
    ]
    for line in lines:
        sections.append(_section(line, [followed[one.pk] for one in line.found.measures.all()]))
    told: dict[str, list[str]] = {}
    for one in followed.values():
        if one.now is not None:
            now = one.now
            told[now["figure"]] = [now["name"], now["definition"], now["source"]]
    if told:
        sections.append(
            {
                "heading": "What the figures are",
                "paragraphs": [
                    "A change is told only where chance alone would bring it in fewer than 5 of 100 cases. "
                    "Small numbers are kept back, and nothing is said of their change.",
                    "That a figure moved does not say that the recommendation moved it.",
                ],
                "table": {"head": ["Figure", "Definition", "Source"], "rows": list(told.values())},
            }
        )
    return sections


def _section(line: Any, followed: list[following.Followed]) -> Section:
    found: Recommendation = line.found
    agreed = f" Agreed on {found.agreed_on:%-d %B %Y}." if found.agreed_on else ""
    paragraphs = [found.words, f"For {found.owner or 'the committee itself'}.{agreed}"]
    paragraphs += [
        f"{one.get_said_display()}, {one.by_whom}, {one.answered_on:%-d %B %Y}: {one.words}"
        + (f" Reason: {one.reason}" if one.reason else "")
        for one in line.answers
    ] or [line.waiting or "There is no answer yet."]
    if line.progress:
        said = line.progress
        paragraphs.append(f"{said} ({said.on:%-d %B %Y}). {said.words}".strip())
    paragraphs += [one.words for one in line.late]
    section: Section = {"heading": f"R{found.number}", "paragraphs": paragraphs}
    if followed:
        section["table"] = {
            "head": HEAD,
            "rows": [row for one in followed for row in following.rows_of(one)],
        }
    return section
