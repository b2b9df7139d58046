"""What a team around a family is sent, and what ends with somebody's place in it."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from kith.accounts.actions import end_links, make_link
from kith.accounts.models import User
from kith.accounts.viewer import front_door, seeing_as
from kith.casework import invitations, wordings
from kith.casework.models import (
    TEAM_PAGE,
    AssessmentShare,
    Case,
    LeadProfessional,
    MeetingSeat,
    Minutes,
    PlannedAction,
    TeamMeeting,
    TeamMember,
    TeamPage,
)
from kith.families import queries as families
from kith.families.models import ContactDetail
from kith.notices import actions as notices
from kith.notices.words import Secret, Wording

Kind = TeamMember.Kind


def address_of(member: TeamMember, case: Case) -> str:
    """Return where somebody of a team gets e-mail: of the family only where that is safe; "" if
    nowhere."""
    if member.kind == Kind.PARTNER:
        return member.email
    if member.kind == Kind.WORKER:
        return member.user.email if member.user else ""
    with seeing_as(front_door()):
        people = families.people_of(front_door(), case.family)
    ways = [
        way
        for person in people
        if member.person_id in {record.pk for record in (person.person, *person.records)}
        for way in person.contact_details
        if way.kind == ContactDetail.Kind.EMAIL and way.until is None
    ]
    unsafe = {way.value.lower() for way in ways if not way.safe}
    safe = [way for way in ways if way.value.lower() not in unsafe]
    return max(safe, key=lambda way: way.preferred).value if safe else ""


def tell_joined(member: TeamMember, case: Case, *, by: User, at: datetime) -> None:
    """Send somebody of a partner the way to their page: signed in, or by a private link and a code."""
    page = None
    if member.user is None:
        page = TeamPage(
            member=member,
            name=member.name,
            channel=TeamPage.Channel.EMAIL,
            sent_to=member.email,
            made_at=at,
            made_by=by,
        )
        page.save(force_insert=True)
    key = f"casework.team_joined:{member.pk}:{page.pk if page else 0}"
    told = {"organisation": member.organisation, "link": _page_of(member, case, at)}
    _tell_partner(wordings.TEAM_JOINED, member, case, key, at, **told)


def _tell_partner(
    wording: Wording, member: TeamMember, case: Case, key: str, at: datetime, **told: object
) -> None:
    """Write to somebody of a partner in a team, once for each key."""
    notices.send(
        wording,
        to=member.email,
        context={"name": member.name, "hub": case.team, "phone": _phone(case)} | told,
        once_key=key,
        at=at,
        about=("teammember", member.pk),
        team=case.team,
    )


def tell_leads(member: TeamMember, lead: LeadProfessional, case: Case, at: datetime) -> None:
    """Tell somebody of a partner that they lead the team from now on."""
    key = f"casework.team_leads:{lead.pk}"
    _tell_partner(wordings.TEAM_LEADS, member, case, key, at, link=_page_of(member, case, at))


def tell_asked(action: PlannedAction, case: Case, at: datetime, *, again: str = "") -> None:
    """Tell those of a partner who are in the team without an account that there is something for
    them to do: not what, nor for whom."""
    for member in TeamMember.objects.filter(
        case=case,
        organisation=action.owner_organisation,
        kind=Kind.PARTNER,
        user__isnull=True,
        until__isnull=True,
        withheld_at__isnull=True,
    ).select_related("organisation"):
        told = {
            "organisation": member.organisation,
            "due": f"{action.due_on:%-d %B %Y}",
            "link": _page_of(member, case, at),
        }
        key = f"casework.team_asked:{action.pk}:{member.pk}{again}"
        _tell_partner(wordings.TEAM_ASKED, member, case, key, at, **told)


def end_page(member: TeamMember, *, by: User | None, at: datetime) -> None:
    """End the page of somebody who has no account, with its link."""
    pages = TeamPage.objects.filter(member=member, ended_at__isnull=True)
    if pages.update(ended_at=at, ended_by=by, code_hash=""):
        end_links(purpose=TEAM_PAGE, subject_id=member.pk, at=at)


def withhold_member(member: TeamMember, case: Case, at: datetime) -> None:
    """Tell somebody of a partner no more of the team, since the family no longer agrees: their page,
    and what leads there, ends; meetings to come are taken out of their calendar."""
    member.withheld_at = at
    member.save(update_fields=["withheld_at"])
    let_go(member, case, by=None, at=at)


def let_go(member: TeamMember, case: Case, *, by: User | None, at: datetime) -> None:
    """End what hangs on somebody's place in a team, and tell a partner's that it has ended."""
    LeadProfessional.objects.filter(member=member, until__isnull=True).update(until=at)
    coming = MeetingSeat.objects.filter(
        member=member, meeting__starts_at__gt=at, meeting__cancelled_at__isnull=True
    )
    for seat in coming.select_related("meeting"):
        tell_cancelled(member, seat.meeting, case, at, to_all=False)
    end_page(member, by=by, at=at)
    if member.kind == Kind.PARTNER:
        key = f"casework.team_left:{member.pk}:{at.isoformat()}"
        _tell_partner(wordings.TEAM_LEFT, member, case, key, at)


def tell_called(member: TeamMember, meeting: TeamMeeting, case: Case, at: datetime) -> bool:
    """Ask somebody to a meeting, as it is now. Returns whether there is an address to write to."""
    if not (to := address_of(member, case)):
        return False
    of_family = member.kind == Kind.FAMILY
    context: dict[str, object] = {
        "name": member.name,
        "when": when(meeting),
        "place": meeting.place,
    }
    if of_family:
        context["phone"] = _phone(case)
    else:
        context |= {"hub": case.team, "link": _page_of(member, case, at)}
    notices.send(
        wordings.MEETING_FAMILY if of_family else wordings.MEETING_CALLED,
        to=to,
        context=context,
        once_key=f"casework.meeting_called:{meeting.pk}:{meeting.sequence}:{member.pk}",
        at=at,
        about=("teammeeting", meeting.pk),
        team=case.team,
        # Others may look into the calendar of a family.
        calendar="" if of_family else _entry(meeting, to, case, at),
    )
    return True


def tell_cancelled(
    member: TeamMember, meeting: TeamMeeting, case: Case, at: datetime, *, to_all: bool = True
) -> None:
    """Tell somebody that a meeting will not be, or will be without them."""
    if not (to := address_of(member, case)):
        return
    notices.send(
        wordings.MEETING_CANCELLED,
        to=to,
        context={"name": member.name, "when": when(meeting), "phone": _phone(case)},
        once_key=f"casework.meeting_cancelled:{meeting.pk}:{member.pk}:{'' if to_all else 'left'}",
        at=at,
        about=("teammeeting", meeting.pk),
        team=case.team,
        calendar="" if member.kind == Kind.FAMILY else _entry(meeting, to, case, at, over=True),
    )


def tell_tomorrow(member: TeamMember, meeting: TeamMeeting, case: Case, at: datetime) -> bool:
    """Remind somebody of a meeting. Returns whether there is an address to write to."""
    if not (to := address_of(member, case)):
        return False
    notices.send(
        wordings.MEETING_TOMORROW,
        to=to,
        context={
            "name": member.name,
            "when": when(meeting),
            "place": meeting.place,
            "phone": _phone(case),
        },
        once_key=f"casework.meeting_tomorrow:{meeting.pk}:{meeting.sequence}:{member.pk}",
        at=at,
        about=("teammeeting", meeting.pk),
        team=case.team,
    )
    return True


def tell_minutes(member: TeamMember, minutes: Minutes, case: Case, at: datetime) -> None:
    """Tell somebody that there are minutes for them to read. Those of the family read them on their
    own page, where they have one."""
    if not (to := address_of(member, case)):
        return
    if member.kind == Kind.FAMILY:
        notices.send(
            wordings.FAMILY_NEW,
            to=to,
            context={"hub": case.team},
            once_key=f"casework.minutes_family:{minutes.pk}:{member.pk}",
            at=at,
            about=("minutes", minutes.pk),
            team=case.team,
        )
        return
    notices.send(
        wordings.MINUTES_READY,
        to=to,
        context={
            "name": member.name,
            "when": when(minutes.meeting),
            "link": _page_of(member, case, at),
        },
        once_key=f"casework.minutes_ready:{minutes.pk}:{member.pk}",
        at=at,
        about=("minutes", minutes.pk),
        team=case.team,
    )


def tell_reads(member: TeamMember, share: AssessmentShare, case: Case, at: datetime) -> None:
    """Tell somebody of a partner that an assessment is there for them to read."""
    until = f" You can read it until {share.until:%-d %B %Y}." if share.until else ""
    key = f"casework.assessment_opened:{share.pk}"
    way = _page_of(member, case, at)
    _tell_partner(wordings.ASSESSMENT_OPENED, member, case, key, at, until=until, way=way)


def tell_reads_no_more(
    member: TeamMember, share: AssessmentShare, case: Case, at: datetime
) -> None:
    """Tell somebody of a partner, who stays in the team, that the assessment is closed to them."""
    key = f"casework.assessment_closed:{share.pk}"
    _tell_partner(wordings.ASSESSMENT_CLOSED, member, case, key, at)


def when(meeting: TeamMeeting) -> str:
    """Return when a meeting is, in words: Thursday 3 December 2026, 2pm."""
    local = timezone.localtime(meeting.starts_at)
    minutes = f":{local:%M}" if local.minute else ""
    return f"{local:%A %-d %B %Y}, {local:%-I}{minutes}{local:%p}".replace("AM", "am").replace(
        "PM", "pm"
    )


def _page_of(member: TeamMember, case: Case, at: datetime) -> str:
    """Return where somebody finds what they are told of: a page to sign in to or, for whoever has no
    account, a private link. Each message has one of its own: the secret of the one before is not
    kept, and a code is asked for behind every one."""
    if member.kind == Kind.WORKER:
        return _link("casework:team", case.reference)
    if member.user is not None:
        return _link("casework:our_team", member.pk)
    # The link leads to the member: the database lets it see what they may see.
    secret = make_link(purpose=TEAM_PAGE, subject_id=member.pk, sent_to=member.email, at=at)
    return Secret(settings.KITH_ADDRESS + reverse("our_team:link", args=[secret]))


def _entry(
    meeting: TeamMeeting, email: str, case: Case, at: datetime, *, over: bool = False
) -> str:
    return invitations.entry(
        meeting, email=email, hub=str(case.team), phone=_phone(case), at=at, over=over
    )


def _phone(case: Case) -> str:
    hub = getattr(case.team, "hub", None)
    return hub.phone if hub else ""


def _link(name: str, *arguments: object) -> str:
    return settings.KITH_ADDRESS + reverse(name, args=arguments)
