"""Asking for notices, what became of them, and the county's own words."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from kith.accounts.models import Team, User
from kith.accounts.viewer import clock, seeing_as
from kith.audit.actions import record
from kith.jobs.actions import soon
from kith.notices import queries, words
from kith.notices.models import Channel, Notice
from kith.notices.models import Wording as OwnWording
from kith.notices.permissions import may_edit_wordings, may_see_outbox

State = Notice.State
DELIVER = "notices.deliver"
# Minutes to wait after each try that came to nothing. After the last, it is given up.
WAIT_MINUTES = (1, 5, 30, 120, 360, 720, 1440)
MOST_AT_ONCE = 500
# Kith's own accounts have addresses that nobody reads.
NOBODY_READS = "@kith.internal"


class NotFailed(Exception):
    """Only a notice that could not be sent can be sent again."""


@transaction.atomic
def send(
    wording: words.Wording,
    *,
    to: str,
    context: Mapping[str, object],
    once_key: str,
    at: datetime,
    channel: str = "email",
    about: tuple[str, int] | None = None,
    team: Team | None = None,
    calendar: str = "",
) -> Notice | None:
    """Put a notice in the outbox. It is sent once this transaction is committed, else never.

    `calendar` goes with an e-mail: an entry for the receiver's calendar, as iCalendar.

    The same `once_key` again returns the notice that is there. None when there is nobody to send
    to. An address that cannot be right is kept as a failed notice for the desk to see, as it must
    not stop what the notice tells of. Raises words.MissingField.
    """
    subject, body = _words(wording, channel, {"county": settings.KITH_COUNTY, **context})
    filled = [words.tidy(value) for value in context.values() if isinstance(value, words.Secret)]
    return _put(
        Notice(
            key=wording.key,
            channel=channel,
            to=words.tidy(to),
            subject=subject,
            body=body,
            secrets=[secret for secret in filled if secret],
            calendar=calendar,
            about_kind=about[0] if about else "",
            about_id=about[1] if about else None,
            team=team,
            once_key=once_key,
        ),
        at,
    )


@transaction.atomic
def post(*, key: str, to: str, subject: str, body: str, at: datetime) -> Notice | None:
    """Put an e-mail that a library wrote in the outbox, such as those of signing in.

    Its words are for the receiver alone: what a library writes may hold a link or a code.
    """
    return _put(
        Notice(
            key=key[:60],
            channel=Channel.EMAIL,
            to=words.tidy(to),
            subject=" ".join(words.tidy(subject).split())[: words.LONGEST_SUBJECT],
            body=body.strip(),
            secrets=[body.strip()],
            once_key=f"{key}:{uuid4()}"[-120:],
        ),
        at,
    )


def _put(notice: Notice, at: datetime) -> Notice | None:
    if not notice.to or notice.to.lower().endswith(NOBODY_READS):
        return None
    notice.made_at = notice.next_try_at = at
    notice.problem = queries.no_provider(notice.channel) or _wrong_address(
        notice.channel, notice.to
    )
    if notice.problem:
        notice.state, notice.next_try_at = State.FAILED, None
    with seeing_as(clock()):
        there = Notice.objects.filter(once_key=notice.once_key).first()
        if there:
            return there
        try:
            with transaction.atomic():
                notice.save(force_insert=True)
        except IntegrityError:
            # The same was asked for in the same moment.
            return Notice.objects.get(once_key=notice.once_key)
        record("notice.made", subject=notice, by=None, at=at, after={"key": notice.key})
    if notice.state == State.WAITING:
        soon(DELIVER, notice_id=str(notice.pk))
    return notice


@transaction.atomic
def send_again(*, notice: Notice, by: User, at: datetime) -> Notice:
    """Try a failed notice again from the beginning. Raises PermissionDenied or NotFailed."""
    notice = Notice.objects.select_for_update().get(pk=notice.pk)
    may_see_outbox(by).or_raise()
    if notice.state != State.FAILED:
        raise NotFailed("Only a notice that could not be sent can be sent again.")
    if missing := queries.no_provider(notice.channel):
        raise NotFailed(missing)
    before = notice.problem
    notice.state, notice.tries, notice.problem, notice.next_try_at = State.WAITING, 0, "", at
    notice.save(update_fields=["state", "tries", "problem", "next_try_at"])
    record("notice.sent_again", subject=notice, by=by, at=at, before={"problem": before})
    soon(DELIVER, notice_id=str(notice.pk))
    return notice


@transaction.atomic
def save_wording(
    *, wording: words.Wording, channel: str, subject: str, body: str, by: User, at: datetime
) -> None:
    """Put a notice in the county's own words. Raises PermissionDenied, UnknownField, PersonalSubject."""
    may_edit_wordings(by).or_raise()
    subject, body = " ".join(subject.split()), body.replace("\r\n", "\n").strip()
    words.check_words(wording, subject=subject, body=body)
    before = queries.words_now(wording, channel)
    own, _ = OwnWording.objects.update_or_create(
        key=wording.key,
        channel=channel,
        defaults={"subject": subject, "body": body, "changed_at": at, "changed_by": by},
    )
    record(
        "wording.changed",
        subject=own,
        by=by,
        at=at,
        before={"subject": before.subject, "body": before.body},
        after={"key": wording.key, "subject": subject, "body": body},
    )


@transaction.atomic
def restore_wording(*, wording: words.Wording, channel: str, by: User, at: datetime) -> None:
    """Go back to the words that come with Kith. Raises PermissionDenied."""
    may_edit_wordings(by).or_raise()
    for own in OwnWording.objects.select_for_update().filter(key=wording.key, channel=channel):
        record(
            "wording.restored",
            subject=own,
            by=by,
            at=at,
            before={"key": own.key, "subject": own.subject, "body": own.body},
        )
        own.delete()


# What the worker notes, seeing as the clock.


@transaction.atomic
def claim(*, notice_id: str, at: datetime) -> Notice | None:
    """Take a notice that is due in hand for one try; None when another worker has it or it is not due.

    The try is counted, and the next one set, before anything leaves the house: a worker that dies
    now leaves a notice that is tried again under the same number, not one that nobody remembers.
    """
    notice = (
        Notice.objects.select_for_update(skip_locked=True)
        .filter(pk=notice_id, state=State.WAITING, next_try_at__lte=at)
        .first()
    )
    if notice is None:
        return None
    wait = WAIT_MINUTES[min(notice.tries, len(WAIT_MINUTES) - 1)]
    notice.tries += 1
    notice.next_try_at = at + timedelta(minutes=wait)
    notice.save(update_fields=["tries", "next_try_at"])
    return notice


def note_sent(*, notice: Notice, reference: str, at: datetime) -> None:
    """Note that a notice has gone, and the number the provider gave it. Forget its secrets."""
    notice.body, notice.secrets, notice.calendar = notice.shown_body, [], ""
    notice.state, notice.sent_at, notice.next_try_at = State.SENT, at, None
    notice.problem, notice.provider_reference = "", reference[:100]
    notice.save(
        update_fields=[
            "state",
            "sent_at",
            "next_try_at",
            "problem",
            "provider_reference",
            "body",
            "secrets",
            "calendar",
        ]
    )


def note_problem(*, notice: Notice, why: str, hopeless: bool) -> None:
    """Note why a try came to nothing. After the last try, or when there is no hope, give up."""
    notice.problem = why[:300]
    if hopeless or notice.tries > len(WAIT_MINUTES):
        notice.state, notice.next_try_at = State.FAILED, None
    notice.save(update_fields=["problem", "state", "next_try_at"])


def queue_due(*, at: datetime) -> int:
    """Have every notice that is due delivered, oldest first; returns how many."""
    due = Notice.objects.filter(state=State.WAITING, next_try_at__lte=at)
    ids = list(due.order_by("next_try_at", "pk").values_list("pk", flat=True)[:MOST_AT_ONCE])
    for pk in ids:
        soon(DELIVER, notice_id=str(pk))
    return len(ids)


def _words(wording: words.Wording, channel: str, context: Mapping[str, object]) -> tuple[str, str]:
    now = queries.words_now(wording, channel)
    subject, body = now.subject, now.body
    try:
        words.check_words(wording, subject=subject, body=body)
    except ValueError:
        # The county's words were written for an older Kith, with fields that are gone.
        subject, body = wording.words_for(channel)
    # An e-mail's subject is one line, whatever is filled in.
    filled = " ".join(words.fill(subject, context).split())
    return filled[: words.LONGEST_SUBJECT], words.fill(body, context)


def _wrong_address(channel: str, to: str) -> str:
    if channel == Channel.EMAIL:
        try:
            validate_email(to)
        except ValidationError:
            return "This is not an e-mail address."
    if channel == Channel.TEXT and not 9 <= sum(letter.isdigit() for letter in to) <= 15:
        return "This is not a telephone number."
    if channel == Channel.LETTER and not 3 <= len([x for x in to.splitlines() if x.strip()]) <= 7:
        return "A letter needs an address of three to seven lines, the last being the postcode."
    return ""
