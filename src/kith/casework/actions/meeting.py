"""Meetings of the team around a family: called, changed, answered, held, and told of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from kith.accounts.models import User
from kith.accounts.viewer import front_door, seeing_as
from kith.casework import sharing as rules
from kith.casework.actions import planning
from kith.casework.actions.case_log import record_in
from kith.casework.actions.checks import (
    NotPossible,
    ReasonMissing,
    TooEarly,
    WordsMissing,
    check_not_closed,
    lock,
)
from kith.casework.actions.inviting import (
    tell_called,
    tell_cancelled,
    tell_minutes,
    tell_tomorrow,
    when,
)
from kith.casework.actions.team import NotInTeam, in_team
from kith.casework.models import (
    Case,
    MeetingSeat,
    Minutes,
    MinutesCopy,
    PlannedAction,
    ReviewedAction,
    Sharing,
    TeamMeeting,
    TeamMember,
)
from kith.casework.permissions import may_lead, may_remind
from kith.hubs.calendar import add_working_days, is_working_day


class NobodyAsked(NotPossible):
    """A meeting is with somebody."""


class MeetingOver(NotPossible):
    """The meeting was held, or cancelled, before."""


class NotHeldYet(NotPossible):
    """Minutes are of a meeting that has begun."""


class MinutesChanged(NotPossible):
    """Somebody else saved minutes meanwhile."""


class NotForThem(NotPossible):
    """They may not see the minutes. The message says why."""


@dataclass(frozen=True)
class Decision:
    """What was said of an action: whether it goes on, and until when, is done, or is dropped."""

    state: str  # "goes_on", "later", "done" or "dropped"
    words: str = ""
    due_on: date | None = None


@transaction.atomic
def call_meeting(
    *,
    case: Case,
    starts_at: datetime,
    minutes_long: int,
    place: str,
    agenda: str,
    members: Iterable[TeamMember],
    by: User,
    at: datetime,
) -> tuple[TeamMeeting, list[TeamMember]]:
    """Call the team together, and ask everybody by e-mail, with an entry for their calendars. Also
    returns who has no address that is safe: somebody must tell them.

    Raises PermissionDenied, CaseClosed, WordsMissing, TooEarly, NobodyAsked, NotInTeam.
    """
    with seeing_as(front_door()):
        case = _open_case(case, by)
        _check(starts_at, place, at)
        meeting = TeamMeeting(
            case=case,
            starts_at=starts_at,
            minutes_long=minutes_long,
            place=place.strip(),
            agenda=agenda.strip(),
            called_by=by,
            called_at=at,
        )
        asked = _in_team(case, members)
        if not asked:
            raise NobodyAsked("Choose who is asked to the meeting.")
        meeting.save(force_insert=True)
        _seat(meeting, asked)
        untold = [one for one in asked if not tell_called(one, meeting, case, at)]
        record_in("meeting.called", meeting, case, by=by, at=at, after={"when": when(meeting)})
    return meeting, untold


@transaction.atomic
def change_meeting(
    *,
    meeting: TeamMeeting,
    starts_at: datetime,
    minutes_long: int,
    place: str,
    agenda: str,
    members: Iterable[TeamMember],
    by: User,
    at: datetime,
) -> tuple[TeamMeeting, list[TeamMember]]:
    """Give a meeting another time or place, or ask more people to it. Where the time changes,
    everybody is asked again. Returns what `call_meeting` does and raises the same, and MeetingOver.
    """
    with seeing_as(front_door()):
        meeting, case = _to_come(meeting, by)
        _check(starts_at, place, at)
        before = {"when": when(meeting), "where": meeting.place}
        moved = starts_at != meeting.starts_at
        told_anew = moved or (minutes_long, place.strip()) != (meeting.minutes_long, meeting.place)
        meeting.starts_at, meeting.minutes_long = starts_at, minutes_long
        meeting.place, meeting.agenda = place.strip(), agenda.strip()
        meeting.sequence += told_anew
        meeting.save(update_fields=["starts_at", "minutes_long", "place", "agenda", "sequence"])
        there = {seat.member_id for seat in meeting.seats.all()}
        new = [one for one in _in_team(case, members) if one.pk not in there]
        _seat(meeting, new)
        if moved:
            meeting.seats.update(reply="", reply_words="", replied_at=None)
        asked = _still_asked(meeting) if told_anew else new
        untold = [one for one in asked if not tell_called(one, meeting, case, at)]
        after = {"when": when(meeting), "where": meeting.place}
        record_in("meeting.changed", meeting, case, by=by, at=at, after=after, before=before)
    return meeting, untold


@transaction.atomic
def cancel_meeting(*, meeting: TeamMeeting, because: str, by: User, at: datetime) -> TeamMeeting:
    """Call a meeting off, and tell everybody who was asked.

    Raises PermissionDenied, CaseClosed, MeetingOver, ReasonMissing.
    """
    with seeing_as(front_door()):
        meeting, case = _to_come(meeting, by)
        if not because.strip():
            raise ReasonMissing("Write why the meeting is cancelled.")
        _call_off(meeting, case, because.strip(), by, at)
    return meeting


def call_off_all(*, case: Case, by: User, at: datetime) -> None:
    """Cancel what is to come of a case that is being closed."""
    for meeting in case.meetings.select_for_update().filter(
        starts_at__gt=at, cancelled_at__isnull=True
    ):
        _call_off(meeting, case, "The case was closed.", by, at)


def _call_off(meeting: TeamMeeting, case: Case, because: str, by: User, at: datetime) -> None:
    meeting.cancelled_at, meeting.cancelled_because = at, because[:300]
    meeting.sequence += 1
    meeting.save(update_fields=["cancelled_at", "cancelled_because", "sequence"])
    for member in _still_asked(meeting):
        tell_cancelled(member, meeting, case, at)
    after = {"when": when(meeting), "reason": because}
    record_in("meeting.cancelled", meeting, case, by=by, at=at, after=after)


@transaction.atomic
def answer_meeting(
    *, seat: MeetingSeat, reply: str, words: str, by: User | None, at: datetime
) -> MeetingSeat:
    """Say whether somebody will come: they themselves, on their page, or whoever leads the team.

    `by` is None for whoever has no account; their link must have been opened in this transaction.
    Raises MeetingOver, ValueError.
    """
    locked = MeetingSeat.objects.select_for_update(of=("self",)).get(pk=seat.pk)
    if reply not in MeetingSeat.Reply.values:
        raise ValueError(reply)
    with seeing_as(front_door()):
        meeting = TeamMeeting.objects.select_related("case").get(pk=locked.meeting_id)
        own = by is None or locked.member.user_id == by.pk
        if by is not None and not own:
            may_lead(by, meeting.case).or_raise()
        if meeting.cancelled_at is not None or meeting.starts_at <= at:
            raise MeetingOver("This meeting is over, or was cancelled.")
        locked.reply, locked.reply_words, locked.replied_at = reply, words.strip()[:2000], at
        locked.save(update_fields=["reply", "reply_words", "replied_at"])
        said = {"who": locked.member.name, "answer": locked.get_reply_display()}
        record_in("meeting.answered", meeting, meeting.case, by=by, at=at, after=said)
    return locked


@transaction.atomic
def write_minutes(
    *,
    meeting: TeamMeeting,
    after_version: int,
    attendance: Mapping[int, str],
    others: str,
    discussion: str,
    decisions: Mapping[int, Decision],
    by: User,
    at: datetime,
) -> Minutes:
    """Write down a meeting: who was there, what was said, and what was said of each action.

    `after_version` is the version that the writer had before them (0 for none); `attendance` is by
    the number of the seat, `decisions` by that of the action. What was decided of actions is done in
    the plan. To put minutes right is to write them again: a further version, which stands.
    Raises PermissionDenied, CaseClosed, MeetingOver, NotHeldYet, MinutesChanged, WordsMissing,
    ReasonMissing, TooEarly, and ActionEnded for an action that somebody ended meanwhile.
    """
    with seeing_as(front_door()):
        case = _open_case(Case(pk=meeting.case_id), by)
        meeting = TeamMeeting.objects.select_for_update().get(pk=meeting.pk)
        if meeting.cancelled_at is not None:
            raise MeetingOver("This meeting was cancelled.")
        if meeting.starts_at > at:
            raise NotHeldYet("This meeting has not begun. Write the minutes when it has.")
        last = meeting.minutes.order_by("-version").first()
        if (last.version if last else 0) != after_version:
            assert last is not None
            raise MinutesChanged(
                f"While you wrote, {last.by} saved minutes of this meeting. Yours are below: look at "
                "theirs, and save yours again if they should stand instead."
            )
        if not discussion.strip():
            raise WordsMissing("Write what was said.")
        seats = {seat.pk: seat for seat in _seats(meeting)}
        for number, seat in seats.items():
            if not (came := attendance.get(number, "")):
                raise WordsMissing(f"Say whether {seat.member} was there.")
            seat.attendance = MeetingSeat.Attendance(came)
            seat.save(update_fields=["attendance"])
        minutes = Minutes.objects.create(
            meeting=meeting,
            version=after_version + 1,
            others=others.strip(),
            discussion=discussion.strip(),
            by=by,
            at=at,
        )
        told = [
            _decide(action, decisions[action.pk], by, at)
            for action in PlannedAction.objects.filter(case=case, pk__in=decisions).order_by(
                "due_on", "pk"
            )
        ]
        # What was said before of actions that are over by now still stands in the next version.
        kept = (
            [one for one in last.reviewed.all() if one.action_id not in decisions] if last else []
        )
        for one in (*kept, *told):
            one.pk, one.minutes = None, minutes
            one._state.adding = True
        ReviewedAction.objects.bulk_create([*kept, *told])
        record_in(
            "meeting.minutes", meeting, case, by=by, at=at, after={"version": minutes.version}
        )
    return minutes


def _decide(action: PlannedAction, decision: Decision, by: User, at: datetime) -> ReviewedAction:
    words = decision.words.strip()
    if decision.state == "done":
        action = planning.complete_action(action=action, came_of_it=words, by=by, at=at)
        state = "Done"
    elif decision.state == "dropped":
        action = planning.drop_action(action=action, reason=words, by=by, at=at)
        state = "Dropped"
    else:
        if decision.state == "later" and decision.due_on:
            action = planning.change_due_date(
                action=action, due_on=decision.due_on, reason=words, by=by, at=at
            )
        state = f"Goes on, due {action.due_on:%-d %B %Y}"
    return ReviewedAction(
        action=action, what=action.what, owner=action.who[:200], state=state, words=words
    )


def why_not_minutes(member: TeamMember, case: Case, on: date) -> str:
    """Say why somebody may not be sent minutes on a day; "" where they may."""
    if member.until is not None:
        return f"Left the team on {member.until:%-d %B %Y}."
    if member.kind != TeamMember.Kind.PARTNER:
        return ""
    assert member.organisation is not None
    return rules.why_not(
        front_door(), case.family, Sharing.Purpose.TEAM, member.organisation, on
    ) or ("The family no longer agrees that they are told." if member.withheld_at else "")


@transaction.atomic
def send_minutes(
    *, minutes: Minutes, members: Iterable[TeamMember], by: User, at: datetime
) -> list[MinutesCopy]:
    """Let people of the team read the minutes, and tell them so. Who has them already is left out.

    Raises PermissionDenied, MinutesChanged where a later version stands, NotForThem, NotInTeam.
    """
    with seeing_as(front_door()):
        case = lock(Case(pk=minutes.meeting.case_id))
        may_lead(by, case).or_raise()
        if minutes.meeting.minutes.filter(version__gt=minutes.version).exists():
            raise MinutesChanged("These minutes were put right meanwhile. Send the newer ones.")
        have = set(minutes.copies.values_list("member_id", flat=True))
        copies = []
        for member in members:
            if member.case_id != case.pk:
                raise NotInTeam(f"{member} is not in this team.")
            if why := why_not_minutes(member, case, timezone.localdate(at)):
                raise NotForThem(f"{member}: {why}")
            if member.pk not in have:
                copies.append(
                    MinutesCopy.objects.create(minutes=minutes, member=member, by=by, at=at)
                )
                tell_minutes(member, minutes, case, at)
        if copies:
            names = [copy.member.name for copy in copies]
            record_in(
                "meeting.minutes_sent", minutes.meeting, case, by=by, at=at, after={"to": names}
            )
    return copies


@transaction.atomic
def remind_of_meetings(*, by: User, at: datetime) -> int:
    """On a working day, remind everybody of the meetings until the end of the next working day.
    Returns how many were reminded. Run again, it reminds nobody twice. Raises PermissionDenied.
    """
    may_remind(by).or_raise()
    if not is_working_day(timezone.localdate(at)):
        return 0
    seats = (
        MeetingSeat.objects.filter(
            meeting__starts_at__gt=at,
            meeting__starts_at__lte=add_working_days(at, 1),
            meeting__cancelled_at__isnull=True,
            member__until__isnull=True,
            member__withheld_at__isnull=True,
        )
        .exclude(reply=MeetingSeat.Reply.APOLOGIES)
        .select_related("meeting__case__team__hub", "meeting__case__family", "member__user")
        .order_by("pk")
    )
    # Who was asked on the same day needs no reminder.
    today = timezone.localdate(at)
    return sum(
        tell_tomorrow(seat.member, seat.meeting, seat.meeting.case, at)
        for seat in seats
        if timezone.localdate(seat.meeting.called_at) < today
    )


def _open_case(case: Case, by: User) -> Case:
    case = lock(case)
    may_lead(by, case).or_raise()
    check_not_closed(case)
    return case


def _to_come(meeting: TeamMeeting, by: User) -> tuple[TeamMeeting, Case]:
    case = _open_case(Case(pk=meeting.case_id), by)
    meeting = TeamMeeting.objects.select_for_update().get(pk=meeting.pk)
    if meeting.cancelled_at is not None:
        raise MeetingOver("This meeting was cancelled before.")
    if meeting.minutes.exists():
        raise MeetingOver("This meeting was held: it has minutes.")
    return meeting, case


def _check(starts_at: datetime, place: str, at: datetime) -> None:
    if starts_at <= at:
        raise TooEarly("That time has passed. Give one that is still to come.")
    if not place.strip():
        raise WordsMissing("Write where the meeting is.")


def _in_team(case: Case, members: Iterable[TeamMember]) -> list[TeamMember]:
    numbers = {member.pk for member in members}
    found = list(
        in_team(case).filter(pk__in=numbers).select_related("organisation", "user", "person")
    )
    if len(found) != len(numbers):
        raise NotInTeam("Somebody you chose has left the team meanwhile. Choose again.")
    return found


def _seat(meeting: TeamMeeting, members: Iterable[TeamMember]) -> None:
    for member in members:
        MeetingSeat.objects.create(meeting=meeting, member=member)


def _seats(meeting: TeamMeeting):  # type: ignore[no-untyped-def]
    return meeting.seats.select_related("member__user", "member__organisation").order_by(
        "member__since", "pk"
    )


def _still_asked(meeting: TeamMeeting) -> list[TeamMember]:
    """Return who was asked and is in the team still: whoever left was told then, and no more since."""
    return [
        seat.member
        for seat in _seats(meeting)
        if seat.member.until is None and seat.member.withheld_at is None
    ]


__all__ = [
    "Decision",
    "MeetingOver",
    "MinutesChanged",
    "NobodyAsked",
    "NotForThem",
    "NotHeldYet",
    "answer_meeting",
    "call_meeting",
    "call_off_all",
    "cancel_meeting",
    "change_meeting",
    "remind_of_meetings",
    "send_minutes",
    "why_not_minutes",
    "write_minutes",
]
