"""Asking officers and people of other bodies to come to an item, by e-mail; what they answer, without an account."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localtime

from kith.accounts.actions import end_links, make_link
from kith.accounts.models import User
from kith.accounts.viewer import clock, linked, seeing_as
from kith.audit.actions import record
from kith.notices import actions as notices
from kith.notices import calendar
from kith.notices.words import Secret
from kith.scrutiny import wordings
from kith.scrutiny.actions.common import locked, write
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.models import Invited, Item, Meeting
from kith.scrutiny.permissions import may_keep
from kith.ui.templatetags.ui import when

LINK = "scrutiny.invited"
LASTS = timedelta(hours=2)  # where nobody said how long a meeting is
PRIVATE = "an item that is not for the public"


@transaction.atomic
def invite(
    *,
    item: Item,
    name: str,
    post: str,
    body: str = "",
    email: str = "",
    by: User,
    at: datetime,
) -> Invited:
    """Ask an officer, or somebody of another body, to come to an item; with an address they get a letter with
    an entry for their calendar and a link by which they answer. Raises PermissionDenied."""
    may_keep(by).or_raise()
    values = {"name": name, "post": post, "body": body, "email": email}
    made = write(Invited(item=item), "scrutiny.item_invited", values, by=by, at=at)
    if email and item.meeting.state != Meeting.State.CANCELLED:
        _write_to(made, wordings.INVITED, at)
        made.asked_at = at
        made.save(update_fields=["asked_at"])
    return made


@transaction.atomic
def say_who_came(*, invited: Invited, came: str, by: User, at: datetime) -> Invited:
    """Say whether somebody who was asked will come, or came. Raises PermissionDenied."""
    may_keep(by).or_raise()
    return write(locked(invited), "scrutiny.item_invited_came", {"came": came}, by=by, at=at)


@transaction.atomic
def take_back_invitation(*, invited: Invited, by: User, at: datetime) -> None:
    """Ask somebody no longer; whoever had a letter is told. Raises PermissionDenied."""
    may_keep(by).or_raise()
    record(
        "scrutiny.item_not_invited", subject=invited, by=by, at=at, before={"post": invited.post}
    )
    if invited.asked_at and invited.item.meeting.starts_at > at:
        _write_to(invited, wordings.NOT_INVITED, at, over=True)
    end_links(purpose=LINK, subject_id=invited.pk, at=at)
    invited.delete()


@transaction.atomic
def tell_invited(*, meeting: Meeting, at: datetime) -> int:
    """Tell those who had a letter that a meeting was moved or cancelled. Returns how many letters."""
    over = meeting.state == Meeting.State.CANCELLED
    asked = Invited.objects.filter(item__meeting=meeting, asked_at__isnull=False).exclude(
        came=Invited.Came.NOT
    )
    letters = 0
    for one in asked.select_related("item__meeting__committee"):
        one.item.meeting = meeting
        _write_to(one, wordings.NOT_INVITED if over else wordings.INVITED_AGAIN, at, over=over)
        if not over and one.came == Invited.Came.COMING:
            # Whoever said yes to one day has not said so to another.
            one.came, one.says = Invited.Came.ASKED, ""
            one.save(update_fields=["came", "says"])
        letters += 1
    return letters


def _write_to(
    invited: Invited, wording: wordings.Wording, at: datetime, *, over: bool = False
) -> None:
    item, meeting = invited.item, invited.item.meeting
    committee = meeting.committee
    # What is not for the public stands in no letter: it says that there is such an item, and no more.
    title = PRIVATE if item.exempt else item.title
    link = ""
    if not over:
        end_links(purpose=LINK, subject_id=invited.pk, at=at)
        days = max(1, (meeting.starts_at - at).days + 2)
        secret = make_link(
            purpose=LINK, subject_id=invited.pk, sent_to=invited.email, at=at, days=days
        )
        link = Secret(settings.KITH_ADDRESS + reverse("meetings:invited", args=[secret]))
    entry = calendar.Entry(
        uid=f"scrutiny-invited-{invited.pk}",
        sequence=meeting.times_moved * 2 + over,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at or meeting.starts_at + LASTS,
        summary=f"{committee}: {title}",
        place=meeting.place,
        words=str(link) if link else "",
        organiser=str(committee),
        confidential=item.exempt,
    )
    context: dict[str, object] = {
        "name": invited.name or invited.post,
        "committee": str(committee),
        "item": title,
        "when": when(localtime(meeting.starts_at)),
        "place": meeting.place,
        "why": meeting.why,
        "words": "" if item.exempt else item.words,
        "link": link,
    }
    notices.send(
        wording,
        to=invited.email,
        context={name: context[name] for name in wording.fields if name in context},
        once_key=f"{wording.key}:{invited.pk}:{at.isoformat()}",
        about=("scrutiny.meeting", meeting.pk),
        team=committee.team,
        calendar=calendar.entry(entry, product="Committees", email=invited.email, at=at, over=over),
        at=at,
    )


def opened_by_link() -> Invited | None:
    """Return the invitation that this transaction's private link opens, or None."""
    number = linked(LINK)
    if number is None:
        return None
    with seeing_as(clock()):
        found = Invited.objects.select_related("item__meeting__committee").filter(pk=number)
        return found.exclude(item__meeting__state=Meeting.State.CANCELLED).first()


@transaction.atomic
def answer(*, coming: str, says: str = "", at: datetime) -> Invited:
    """Say, by the link of a letter, whether one comes, who comes instead, or why nobody does.

    Raises ScrutinyRefused.
    """
    found = opened_by_link()
    if found is None:
        raise ScrutinyRefused("This invitation is over.")
    if found.item.meeting.starts_at <= at:
        raise ScrutinyRefused("The meeting has begun. Tell the committee’s officers.")
    says = says.strip()
    if coming == "instead" and not says:
        raise ScrutinyRefused("Say who comes: a name and a post.", "says")
    if coming == "no" and not says:
        raise ScrutinyRefused("Say why, so that the committee can ask somebody else.", "says")
    came = Invited.Came.NOT if coming == "no" else Invited.Came.COMING
    if coming == "instead":
        says = f"Comes instead: {says}"
    with seeing_as(clock()):
        values = {"came": came, "says": says[:300], "answered_at": at}
        write(found, "scrutiny.item_invited_answered", values, by=clock(), at=at)
    return found
