"""An unfinished request: begun, saved page by page, sent once, or cleared away."""

import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from kith.accounts.actions import hash_of, make_link
from kith.accounts.models import OneTimeLink, Team, User
from kith.accounts.permissions import Permission
from kith.accounts.viewer import clock, front_door, seeing_as
from kith.audit.actions import record
from kith.directory.queries import find_service
from kith.hubs.calendar import promised
from kith.notices import actions as notices
from kith.notices.words import Secret
from kith.referrals import wordings
from kith.referrals.actions.limits import (
    TooMany,
    clear_closed_windows,
    count_begun,
    count_file,
)
from kith.referrals.actions.receiving import receive
from kith.referrals.actions.scanning import first_look
from kith.referrals.actions.stepping_down import check_said, write_step_down
from kith.referrals.attachments import (
    MOST_BYTES_TOGETHER,
    MOST_FILES,
    NotAccepted,
    check_file,
)
from kith.referrals.drafts import VOICES, Answers, Page, danger_in
from kith.referrals.models import Attachment, Draft, Need, Referral, WarningWord
from kith.referrals.permissions import (
    may_answer,
    may_begin_step_down,
    may_clear_drafts,
    may_write,
    may_write_step_down,
)
from kith.referrals.queries import FAMILY_COPY
from kith.referrals.requests import hides_something

LINK_DAYS = 180
STOPPED_AFTER_MINUTES = 30


STEP_DOWN = "step_down"  # among the answers of a draft: what social care said first


class AlreadySent(Exception):
    """The request has been sent: `draft.referral` is what came of it."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        super().__init__("This request has been sent.")


@transaction.atomic
def begin(
    *,
    in_danger: bool,
    who: str = "",
    service: UUID | None = None,
    step_down: Mapping[str, Any] | None = None,
    by: User | None,
    at: datetime,
    asked_from: str = "",
) -> tuple[Draft, str]:
    """Begin a request, and return it with the secret that opens it for somebody without account.

    Whoever is signed in owns it; a partner's staff are asked for nothing that we know of them, and
    nobody again who they are when they have said so at the door (`who`, a kind of sender). `service` is
    the `uid` of what a place is asked for in, if it is still there.
    `asked_from` is the mark of the address it comes from. `step_down` is what children's social care
    says first of a family that it passes down: the request is one from the moment it is sent. Raises
    TooMany; for a step-down PermissionDenied, WordsMissing, DayUnlikely.
    """
    if step_down is not None:
        may_begin_step_down(by).or_raise()
        check_said(step_down["plan"], step_down["last_on"], step_down["watch"], at)
    count_begun(by=by, asked_from=asked_from, at=at)
    secret = secrets.token_urlsafe(24)
    partner = by is not None and by.can(Permission.REFERRAL_SEND)
    draft = Draft(
        key_hash=hash_of(secret),
        owner=by,
        answers=_known_of(by) if by and partner else _said_at_the_door(who),
        begun_at=at,
        changed_at=at,
        expires_at=promised("draft_kept", at),
    )
    if step_down is not None:
        said = {**step_down, "last_on": step_down["last_on"].isoformat()}
        draft.answers = {**draft.answers, STEP_DOWN: said}
    if service and (wanted := find_service(service)):
        named = {"service": str(wanted.uid), "service_name": wanted.name}
        draft.answers = {**draft.answers, **named}
    if in_danger:
        _mark_danger(draft, ["start"], at)
    # The new row must be one that whoever begins it can see.
    with seeing_as(by, link_hash=draft.key_hash):
        draft.save(force_insert=True)
        record("draft.begun", subject=draft, by=by, at=at)
    return draft, secret


@transaction.atomic
def save_page(
    *, draft: Draft, page: Page, values: Mapping[str, Any], by: User | None, at: datetime
) -> tuple[Draft, bool]:
    """Save the answers of a page. Also returns whether they show the safeguarding stop.

    Nothing is written to the log: until it is sent, a request is nobody's but its writer's.
    Raises PermissionDenied or AlreadySent.
    """
    draft = _locked(draft, by)
    answers = Answers(draft.answers).with_page(page, values)
    signs = _signs_of_danger(page, values)
    new_signs = [sign for sign in signs if sign not in answers.kept.get("danger", [])]
    draft.answers = answers.kept
    if new_signs:
        _mark_danger(draft, new_signs, at)
    _save(draft, at)
    return draft, bool(new_signs)


@transaction.atomic
def ask_again(*, draft: Draft, page: Page, by: User | None, at: datetime) -> Draft:
    """Take back that a page was done, such as the list of children when one more is added."""
    draft = _locked(draft, by)
    draft.answers = Answers(draft.answers).not_done(page).kept
    _save(draft, at)
    return draft


@transaction.atomic
def remove_person(
    *, draft: Draft, list_name: str, number: int, by: User | None, at: datetime
) -> Draft:
    """Take a child or an adult out of an unfinished request."""
    draft = _locked(draft, by)
    draft.answers = Answers(draft.answers).without(list_name, number).kept
    _save(draft, at)
    return draft


@transaction.atomic
def attach(
    *,
    draft: Draft,
    name: str,
    content: bytes,
    by: User | None,
    at: datetime,
    asked_from: str = "",
) -> Attachment:
    """Add a file to an unfinished request. Raises NotAccepted, saying what to do.

    Where the county scans files and the scanner cannot be reached, it is kept, and nobody can open
    it until it was scanned.
    """
    draft = _locked(draft, by)
    sizes = list(Attachment.objects.filter(draft=draft).values_list("size", flat=True))
    if len(sizes) >= MOST_FILES:
        raise NotAccepted(f"You can add {MOST_FILES} files. Remove one before you add another")
    safe_name, content_type = check_file(name, content)
    if sum(sizes) + len(content) > MOST_BYTES_TOGETHER:
        raise NotAccepted(
            f"All files together can be {MOST_BYTES_TOGETHER // 1024**2} MB. Remove one, or choose "
            "a smaller one"
        )
    try:
        count_file(size=len(content), by=by, asked_from=asked_from, at=at)
    except TooMany as too:
        again = f"{timezone.localtime(too.again_at):%H:%M}"
        raise NotAccepted(
            f"We have been sent more files than we can take. Try again after {again}, or go on "
            "without this file: you can tell us about it when we ring"
        ) from None
    scan = first_look(content)
    attachment = Attachment.objects.create(
        draft=draft,
        name=safe_name,
        content_type=content_type,
        size=len(content),
        content=content,
        added_at=at,
        scan=scan,
    )
    _save(draft, at)
    return attachment


@transaction.atomic
def detach(*, draft: Draft, attachment_id: str, by: User | None, at: datetime) -> None:
    """Take a file out of an unfinished request again."""
    draft = _locked(draft, by)
    Attachment.objects.filter(draft=draft, pk=attachment_id).delete()
    _save(draft, at)


@transaction.atomic
def send(*, draft: Draft, by: User | None, at: datetime) -> Draft:
    """Send a finished request, once: a second click finds it sent and changes nothing.

    The secret that opened the draft goes on to open the request, so that a link kept by somebody
    without an account leads on. Raises PermissionDenied or Refused.
    """
    try:
        draft = _locked(draft, by)
    except AlreadySent as sent:
        return sent.draft
    received = receive(request=Answers(draft.answers).request(), by=by, at=at, draft=draft)
    said = draft.answers.get(STEP_DOWN)
    if said and may_write_step_down(by, received.referral):
        write_step_down(
            referral=received.referral,
            **{**said, "last_on": date.fromisoformat(said["last_on"])},
            by=by,
            at=at,
        )
    if by is None:
        with seeing_as(front_door()):
            OneTimeLink.objects.create(
                secret_hash=draft.key_hash,
                purpose="referral",
                subject_id=received.referral.pk,
                sent_to=received.referral.sender_email,
                made_at=at,
                expires_at=at + timedelta(days=LINK_DAYS),
            )
    draft.refresh_from_db()
    return draft


@transaction.atomic
def send_way_back(*, draft: Draft, secret: str, to: str, by: User | None, at: datetime) -> None:
    """Send the link that leads back to an unfinished request to an address its writer names."""
    draft = _locked(draft, by)
    notices.send(
        wordings.WAY_BACK,
        to=to,
        context={
            "link": Secret(f"{settings.KITH_ADDRESS}/requests/back/{secret}/"),
            "until": f"{timezone.localtime(draft.expires_at):%-d %B %Y}",
        },
        once_key=f"{wordings.WAY_BACK.key}:{draft.pk}:{at.isoformat()}",
        at=at,
    )


@transaction.atomic
def make_family_link(*, referral: Referral, by: User | None, at: datetime) -> str:
    """Make a link to the family's own copy, for the sender to hand on. Returns its secret.

    It opens the copy in plain words and nothing else. Raises PermissionDenied.
    """
    may_answer(by, referral).or_raise()
    secret = make_link(
        purpose=FAMILY_COPY, subject_id=referral.pk, sent_to="", at=at, days=LINK_DAYS
    )
    record("referral.family_link_made", subject=referral, by=by, at=at)
    return secret


@transaction.atomic
def discard(*, draft: Draft, by: User | None, at: datetime) -> None:
    """Throw an unfinished request away, because whoever wrote it says so."""
    draft = _locked(draft, by)
    record("draft.discarded", subject=draft, by=by, at=at)
    draft.delete()


@transaction.atomic
def clear_expired_drafts(*, by: User, at: datetime) -> int:
    """Throw away unfinished requests whose time is over, and say how many.

    What was sent stays; of its draft nothing is left but the number.
    """
    may_clear_drafts(by).or_raise()
    clear_closed_windows(at=at)
    with seeing_as(clock()):
        tell_desk_of_stopped_drafts(by=by, at=at)
        expired = list(
            Draft.objects.select_for_update(skip_locked=True).filter(
                referral__isnull=True, expires_at__lt=at
            )
        )
        for draft in expired:
            record("draft.expired", subject=draft, by=by, at=at)
        Draft.objects.filter(pk__in=[draft.pk for draft in expired]).delete()
    return len(expired)


@transaction.atomic
def tell_desk_of_stopped_drafts(*, by: User, at: datetime) -> int:
    """Tell the desk of requests that hint at danger and that nobody has gone on with; say how many.

    The notice says nothing about any person: only when, and which organisation was writing.
    """
    may_clear_drafts(by).or_raise()
    quiet_since = at - timedelta(minutes=STOPPED_AFTER_MINUTES)
    with seeing_as(clock()):
        stopped = list(
            Draft.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("owner")
            .filter(
                danger_at__isnull=False,
                desk_told_at__isnull=True,
                referral__isnull=True,
                changed_at__lt=quiet_since,
            )
        )
        desk = Team.objects.filter(kind=Team.Kind.DESK, active=True).order_by("pk").first()
        for draft in stopped:
            if desk and desk.email:
                notices.send(
                    wordings.STOPPED,
                    to=desk.email,
                    context={
                        "begun": f"{timezone.localtime(draft.begun_at):%-d %B %Y at %H:%M}",
                        "from": _who_writes(draft),
                    },
                    once_key=f"{wordings.STOPPED.key}:{draft.pk}",
                    at=at,
                    team=desk,
                )
            draft.desk_told_at = at
            draft.save(update_fields=["desk_told_at"])
            record("draft.desk_told", subject=draft, by=by, at=at)
    return len(stopped)


def _locked(draft: Draft, by: User | None) -> Draft:
    """Lock a draft for its writer: two tabs, or two clicks, take turns."""
    draft = Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    may_write(by, draft).or_raise()
    if draft.referral_id is not None:
        raise AlreadySent(draft)
    return draft


def _save(draft: Draft, at: datetime) -> None:
    draft.changed_at = at
    draft.expires_at = promised("draft_kept", at)
    draft.save()


def _mark_danger(draft: Draft, signs: list[str], at: datetime) -> None:
    draft.answers = {
        **draft.answers,
        "danger": [*draft.answers.get("danger", []), *signs],
    }
    draft.danger_at = draft.danger_at or at


def _signs_of_danger(page: Page, values: Mapping[str, Any]) -> list[str]:
    """Return what in a page's answers suggests that a child may be in danger."""
    text = "\n".join(value for value in values.values() if isinstance(value, str))
    signs = danger_in(text, WarningWord.objects.values_list("text", flat=True)) if text else []
    if page.name == "needs":
        chosen = Need.objects.filter(code__in=values.get("needs", []), safeguarding=True)
        signs += list(chosen.values_list("code", flat=True))
    return [f"{page.name}: {sign}" for sign in signs if not hides_something(sign)]


def _said_at_the_door(who: str) -> dict[str, Any]:
    return {"sender_kind": who, "done": ["who"]} if who in VOICES and who != "partner" else {}


def _known_of(by: User) -> dict[str, Any]:
    """Return what the form need not ask a partner's staff."""
    team = by.teams_granting(Permission.REFERRAL_SEND)[0]
    organisation = getattr(team, "organisation", None)
    return {
        "sender_kind": "partner",
        "sender_name": by.name,
        "sender_role": by.job_title,
        "sender_email": by.email,
        "sender_phone": by.phone,
        "sender_organisation_id": organisation.pk if organisation else None,
        "sender_organisation_name": organisation.name if organisation else team.name,
    }


def _who_writes(draft: Draft) -> str:
    teams = draft.owner.teams_granting(Permission.REFERRAL_SEND) if draft.owner else []
    return teams[0].name if teams else "somebody without an account"
