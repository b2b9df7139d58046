"""What a committee does with a recommendation: drafts, agrees, puts together, looks again, ends."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate

from kith.accounts.models import User
from kith.scrutiny.actions.common import locked, write
from kith.scrutiny.actions.measuring import take_baseline
from kith.scrutiny.actions.plan import keep_entry, put_on_agenda
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.models import (
    Committee,
    Item,
    Meeting,
    Origin,
    Part,
    PlanEntry,
    Progress,
    Recommendation,
    Review,
    Theme,
)
from kith.scrutiny.permissions import may_keep

State, Owned = Recommendation.State, Recommendation.Owned
OPEN_TO_CHANGE = (State.DRAFTED, State.AGREED)


def now_in(found: Recommendation, *states: str, so: str) -> Recommendation:
    """Return a recommendation, locked, if it stands in one of some states; else say what to do."""
    found = locked(found)
    if found.state not in states:
        raise ScrutinyRefused(f"This recommendation is “{found.get_state_display()}”. {so}")
    return found


@transaction.atomic
def draft(
    *,
    committee: Committee,
    details: dict[str, Any],
    parts: Sequence[str] = (),
    review: Review | None = None,
    theme: Theme | None = None,
    by: User,
    at: datetime,
) -> Recommendation:
    """Draft a recommendation, from a theme with its evidence or from nothing. Gaps stop nothing.

    Raises PermissionDenied or ScrutinyRefused.
    """
    may_keep(by).or_raise()
    committee = locked(committee)  # numbers are given one after the other
    review = theme.review if theme else review
    if review and review.committee_id != committee.pk:
        raise ScrutinyRefused("That review is of another committee.", "theme")
    if theme and not theme.evidence.exists() and not theme.findings.strip():
        raise ScrutinyRefused(
            "This theme has neither evidence nor findings yet. Give it some first, or draft without it.",
            "theme",
        )
    beside = Recommendation.objects.filter(committee=committee, review=review)
    number = (beside.aggregate(last=Max("number"))["last"] or 0) + 1
    made = Recommendation(
        committee=committee, review=review, theme=theme, number=number, made_at=at
    )
    write(made, "scrutiny.recommendation_drafted", _checked(details), by=by, at=at)
    _write_parts(made, parts)
    return made


@transaction.atomic
def reword(
    *,
    recommendation: Recommendation,
    details: dict[str, Any],
    parts: Sequence[str] | None = None,
    by: User,
    at: datetime,
) -> Recommendation:
    """Change a draft; of one that was agreed, all but its formal words and its parts.

    Raises PermissionDenied or ScrutinyRefused.
    """
    may_keep(by).or_raise()
    found = locked(recommendation)
    if found.state in (State.MERGED, State.STOPPED, State.DROPPED):
        raise ScrutinyRefused("It is no longer in hand. Take it up again first.")
    details = _checked(details)
    if found.state != State.DRAFTED:
        now = [part.words for part in found.parts.all()]
        if details["words"] != found.words or (parts is not None and list(parts) != now):
            raise ScrutinyRefused(
                "The committee agreed these words: they stay. Draft another recommendation instead.",
                "words",
            )
    write(found, "scrutiny.recommendation_changed", details, by=by, at=at)
    if found.state == State.DRAFTED and parts is not None:
        _write_parts(found, parts)
    return found


def _checked(details: dict[str, Any]) -> dict[str, Any]:
    if not details.get("words", "").strip():
        raise ScrutinyRefused("Write what is recommended.", "words")
    if details.get("owned") and not details.get("owner") and details["owned"] != Owned.COMMITTEE:
        raise ScrutinyRefused("Say which post or body it is for.", "owner")
    return details


def _write_parts(found: Recommendation, parts: Sequence[str]) -> None:
    found.parts.all().delete()
    kept = [words.strip() for words in parts if words.strip()]
    if len(kept) == 1:
        raise ScrutinyRefused(
            "One part alone is the recommendation itself. Add another, or leave it empty.", "parts"
        )
    for order, words in enumerate(kept, start=1):
        Part.objects.create(recommendation=found, order=order, words=words)


@transaction.atomic
def drop(*, recommendation: Recommendation, because: str, by: User, at: datetime) -> Recommendation:
    """Put a draft away. Raises PermissionDenied or ScrutinyRefused."""
    may_keep(by).or_raise()
    found = now_in(recommendation, State.DRAFTED, so="Only a draft can be put away.")
    if not because.strip():
        raise ScrutinyRefused("Say why it is not put forward.", "because")
    values = {"state": State.DROPPED, "stopped_because": because}
    return write(found, "scrutiny.recommendation_dropped", values, by=by, at=at)


@transaction.atomic
def redraft(*, recommendation: Recommendation, by: User, at: datetime) -> Recommendation:
    """Take a draft up again that was put away. Raises PermissionDenied or ScrutinyRefused."""
    may_keep(by).or_raise()
    found = now_in(recommendation, State.DROPPED, so="Only what was put away is taken up so.")
    values = {"state": State.DRAFTED, "stopped_because": ""}
    return write(found, "scrutiny.recommendation_redrafted", values, by=by, at=at)


@transaction.atomic
def agree(*, recommendation: Recommendation, item: Item, by: User, at: datetime) -> Recommendation:
    """Write down that the committee agreed it, in an item of a meeting. From now on its words stay, and
    each measure keeps its value of that day. Raises PermissionDenied or ScrutinyRefused."""
    may_keep(by).or_raise()
    found = now_in(recommendation, State.DRAFTED, so="Only a draft can be agreed.")
    on = _decided_in(found, item, at)
    write(
        found,
        "scrutiny.recommendation_agreed",
        {"state": State.AGREED, "item": item, "agreed_on": on},
        by=by,
        at=at,
    )
    Origin.objects.create(recommendation=found, item=item, words=found.words)
    for measure in found.measures.all():
        take_baseline(measure, at)
    return found


def _decided_in(found: Recommendation, item: Item | None, at: datetime) -> date:
    """Return the day on which an item was decided, if it can have been."""
    if item is None:
        raise ScrutinyRefused("Choose the item of the meeting in which it was decided.", "item")
    meeting = item.meeting
    joint = meeting.together_with.filter(pk=found.committee_id).exists()
    if meeting.committee_id != found.committee_id and not joint:
        raise ScrutinyRefused("That meeting is of another committee.", "item")
    if meeting.state in (Meeting.State.PLANNED, Meeting.State.CANCELLED):
        raise ScrutinyRefused(
            f"That meeting is {meeting.get_state_display().lower()}. A committee decides in a meeting: "
            "choose one that was called and has begun.",
            "item",
        )
    on = localdate(meeting.starts_at)
    if on > localdate(at):
        raise ScrutinyRefused("That meeting is still to come.", "item")
    if found.agreed_on and on < found.agreed_on:
        raise ScrutinyRefused("That meeting was before the one that agreed it.", "item")
    return on


@transaction.atomic
def put_together(
    *, recommendation: Recommendation, other: Recommendation, by: User, at: datetime
) -> Recommendation:
    """Make one of two records of the same recommendation, such as of minutes and a report: what `other`
    stands in is told under the one that stays. Raises PermissionDenied or ScrutinyRefused."""
    may_keep(by).or_raise()
    if recommendation.pk == other.pk:
        raise ScrutinyRefused("Choose another recommendation.", "other")
    # In one order, so that two who put the same two together wait for each other.
    first, second = sorted([recommendation, other], key=lambda one: one.pk)
    locked(first), locked(second)
    stays, goes = locked(recommendation), locked(other)
    if stays.committee_id != goes.committee_id:
        raise ScrutinyRefused("That one is of another committee.", "other")
    for one in (stays, goes):
        if one.state not in OPEN_TO_CHANGE:
            raise ScrutinyRefused(
                f"R{one.number} is “{one.get_state_display()}”. Only what was not sent yet is put together.",
                "other",
            )
    if goes.merged.exists():
        raise ScrutinyRefused("That one stands for others already. Part those first.", "other")
    if stays.state == State.DRAFTED and goes.state == State.AGREED:
        raise ScrutinyRefused(
            "The other was agreed by the committee, and this is a draft. Open the other, and put this one "
            "with it.",
            "other",
        )
    write(
        goes,
        "scrutiny.recommendation_put_together",
        {"state": State.MERGED, "merged_into": stays},
        by=by,
        at=at,
    )
    return stays


@transaction.atomic
def part(*, recommendation: Recommendation, by: User, at: datetime) -> Recommendation:
    """Make two again of what was put together; `recommendation` is the one that went.

    Raises PermissionDenied or ScrutinyRefused.
    """
    may_keep(by).or_raise()
    found = now_in(recommendation, State.MERGED, so="It stands by itself already.")
    if found.merged_into and found.merged_into.state not in OPEN_TO_CHANGE:
        raise ScrutinyRefused("They were sent as one. What was sent cannot be parted.")
    values = {"state": State.AGREED if found.agreed_on else State.DRAFTED, "merged_into": None}
    return write(found, "scrutiny.recommendation_parted", values, by=by, at=at)


@transaction.atomic
def note_origin(
    *,
    recommendation: Recommendation,
    words: str,
    file: str = "",
    line: int | None = None,
    by: User,
    at: datetime,
) -> Origin:
    """Say where else it stands, word for word. Raises PermissionDenied or ScrutinyRefused."""
    may_keep(by).or_raise()
    if not words.strip():
        raise ScrutinyRefused("Copy the words as they stand there.", "words")
    made = Origin(recommendation=locked(recommendation), file=file, line=line)
    return write(made, "scrutiny.recommendation_origin", {"words": words}, by=by, at=at)


@transaction.atomic
def look_again(
    *, recommendations: Sequence[Recommendation], meeting: Meeting, by: User, at: datetime
) -> PlanEntry:
    """Bring recommendations back to a meeting: a line of the forward plan, and an item where the agenda
    is not published yet. Raises PermissionDenied or ScrutinyRefused."""
    may_keep(by).or_raise()
    if not recommendations:
        raise ScrutinyRefused("Choose what comes back.", "recommendations")
    found = [
        now_in(
            one, State.AGREED, State.SENT, State.ANSWERED, State.MONITORED,
            so="Only what is followed up comes back.",
        )
        for one in sorted(recommendations, key=lambda one: one.pk)
    ]  # fmt: skip
    names = ", ".join(f"R{one.number}" for one in sorted(found, key=lambda one: one.number))
    entry = keep_entry(
        committee=found[0].committee,
        details={
            "kind": PlanEntry.Kind.RETURN,
            "title": f"Recommendations followed up: {names}"[:200],
            "why": "What was promised, what was done, and the figures before and now.",
            "due_meeting": meeting,
        },
        by=by,
        at=at,
    )
    if meeting.state == Meeting.State.PLANNED:
        put_on_agenda(entry=entry, meeting=meeting, by=by, at=at)
    for one in found:
        write(one, "scrutiny.recommendation_comes_back", {"look_again": meeting}, by=by, at=at)
    return entry


@transaction.atomic
def stop(
    *,
    recommendation: Recommendation,
    item: Item | None,
    because: str,
    impact: str = "",
    by: User,
    at: datetime,
) -> Recommendation:
    """End the following up: a decision of the committee, with its reason, its item, and what changed.

    Raises PermissionDenied or ScrutinyRefused.
    """
    may_keep(by).or_raise()
    found = now_in(
        recommendation, State.AGREED, State.SENT, State.ANSWERED, State.MONITORED,
        so="Only what is followed up can be stopped.",
    )  # fmt: skip
    if not because.strip():
        raise ScrutinyRefused("Say why it is no longer followed up.", "because")
    on = _decided_in(found, item, at)
    values = {
        "state": State.STOPPED,
        "stopped_because": because,
        "stopped_item": item,
        "impact": impact,
    }
    write(found, "scrutiny.recommendation_stopped", values, by=by, at=at)
    Progress.objects.create(
        recommendation=found, said=Progress.Said.STOP, words=because, item=item, on=on,
        by_whom=str(found.committee), by=by, at=at,
    )  # fmt: skip
    return found


@transaction.atomic
def take_up_again(
    *, recommendation: Recommendation, because: str, by: User, at: datetime
) -> Recommendation:
    """Follow a recommendation up again. Raises PermissionDenied or ScrutinyRefused."""
    may_keep(by).or_raise()
    found = now_in(recommendation, State.STOPPED, so="It is in hand already.")
    if not because.strip():
        raise ScrutinyRefused("Say why it is taken up again.", "because")
    values = {"state": State.MONITORED, "stopped_because": "", "stopped_item": None}
    write(found, "scrutiny.recommendation_taken_up", values, by=by, at=at)
    Progress.objects.create(
        recommendation=found, said=Progress.Said.IN_PROGRESS, words=because, on=localdate(at),
        by_whom=str(found.committee), by=by, at=at,
    )  # fmt: skip
    return found
