"""Word to the sender at every turn, as far as the family's agreement allows; to the family itself,
where an e-mail is safe; and to the desk."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from kith.accounts.actions import end_links, hash_of, make_link
from kith.accounts.models import User
from kith.audit.actions import record
from kith.hubs.models import Hub
from kith.notices import actions as notices
from kith.notices.words import Secret, Wording
from kith.referrals import queries, wordings
from kith.referrals.family_copy import family_copy_of
from kith.referrals.models import Referral, Step
from kith.referrals.permissions import may_end_links, may_tell_sender

NOT_AGREED = "The family has not agreed that we tell you more than this."


@transaction.atomic
def tell_first_contact(*, referral: Referral, words: str, by: User, at: datetime) -> Step:
    """Tell the sender that the family has been reached. Raises PermissionDenied."""
    return _report(referral, Step.Kind.FIRST_CONTACT, words, by, at)


@transaction.atomic
def tell_ended(
    *, referral: Referral, words: str, family_words: str = "", by: User, at: datetime
) -> Step:
    """Tell the sender that help has ended and what came of it, and keep the words for the family.

    Raises PermissionDenied.
    """
    return _report(referral, Step.Kind.ENDED, words, by, at, family_words=family_words)


@transaction.atomic
def tell_resumed(*, referral: Referral, by: User, at: datetime) -> Step:
    """Tell the sender that a hub works with the family again. Raises PermissionDenied."""
    return _report(referral, Step.Kind.RESUMED, f"{referral.team} helps the family again.", by, at)


def tell_moved(referral: Referral, hub: Hub, *, by: User, at: datetime) -> None:
    """Tell the sender that another hub takes over: which, as far as the family agreed."""
    ring = f" You can ring them on {hub.phone}." if hub.phone else ""
    words = f"{hub.name} helps the family now.{ring}"
    step = Step(referral=referral, kind=Step.Kind.MOVED, at=at, by=by)
    step.words = words if referral.outcome_may_be_told else NOT_AGREED
    tell_sender(step)
    step.save()


def _report(
    referral: Referral, kind: str, words: str, by: User, at: datetime, *, family_words: str = ""
) -> Step:
    may_tell_sender(by, referral).or_raise()
    if not referral.outcome_may_be_told:
        words = NOT_AGREED
    step = Step(referral=referral, kind=kind, at=at, by=by, words=words.strip())
    step.family_words = family_words.strip()
    tell_sender(step)
    step.save()
    record(f"referral.told_{kind}", subject=referral, by=by, at=at)
    return step


def tell_sender(step: Step) -> None:
    """Send word of a step to whoever sent the request, where we have an e-mail address."""
    referral = step.referral
    wording = {
        Step.Kind.ASKED: wordings.ASKED,
        Step.Kind.FIRST_CONTACT: wordings.FIRST_CONTACT,
        Step.Kind.ENDED: wordings.ENDED,
        Step.Kind.MOVED: wordings.MOVED,
        Step.Kind.RESUMED: wordings.RESUMED,
        Step.Kind.REOPENED: wordings.REOPENED,
    }.get(Step.Kind(step.kind), wordings.DECIDED)
    to = _sender_address(referral)
    if not to:
        return
    _send(
        wording,
        referral,
        to=to,
        at=step.at,
        link=_link_for_sender(referral, step.at),
        outcome=Step.Kind(step.kind).label,
        words=step.words,
        once=f"{step.kind}:{step.at.isoformat()}",
    )
    step.told_at = step.at


def send_to_sender(wording: Wording, referral: Referral, *, words: str, at: datetime) -> None:
    """Write to whoever sent the request, where we have an e-mail address, outside the steps of its
    way."""
    if to := _sender_address(referral):
        link = _link_for_sender(referral, at)
        once = at.isoformat()
        _send(wording, referral, to=to, at=at, link=link, words=words, once=once)


def tell_family(referral: Referral, *, what: str, by: User, at: datetime) -> None:
    """Send the family its own copy in plain words, where an e-mail is safe: `family_address`."""
    to = queries.family_address(by, referral).to
    if not to:
        return
    names = {need.code: need.plain_name for need in queries.all_needs(by)}
    asked, happens, rights = (
        "\n".join(section["lines"])
        for section in family_copy_of(referral, need_names=names, in_letter=True)["sections"][:3]
    )
    _send_to_family(
        wordings.FAMILY_COPY,
        referral,
        to=to,
        at=at,
        asked=asked,
        happens=happens,
        rights=rights,
        once=what,
    )


@transaction.atomic
def tell_family_ended(*, referral: Referral, words: str, by: User, at: datetime) -> None:
    """Tell the family that help has ended, in the words written for it, where an e-mail is safe.

    Raises PermissionDenied.
    """
    may_tell_sender(by, referral).or_raise()
    if to := queries.family_address(by, referral).to:
        _send_to_family(
            wordings.FAMILY_ENDED, referral, to=to, at=at, words=words, once=f"{at.isoformat()}"
        )


def _send_to_family(
    wording: Wording, referral: Referral, *, to: str, at: datetime, once: str, **context: str
) -> None:
    secret = make_link(purpose=queries.FAMILY_COPY, subject_id=referral.pk, sent_to="", at=at)
    _send(wording, referral, to=to, at=at, link=_address_of_link(secret), once=once, **context)


def tell_sender_received(referral: Referral, *, link: str, at: datetime) -> None:
    """Thank the sender, with the number and the promise."""
    to = _sender_address(referral)
    # A file is answered by its report, not by a letter for each of its rows.
    if not to or referral.channel == Referral.Channel.FILE:
        return
    promised = timezone.localtime(referral.decide_by)
    _send(
        wordings.RECEIVED,
        referral,
        to=to,
        at=at,
        link=_address_of_link(link) if link else _address_for_account(referral),
        decide_by=f"{promised:%-I%p on %A %-d %B %Y}".replace("PM", "pm").replace("AM", "am"),
        once="received",
    )


def alert_desk(referral: Referral, *, at: datetime) -> None:
    """Ask the county desk to look at a request now."""
    _send_to_desk(wordings.ALERT, referral, at=at, once="alert")


def tell_desk_of_answer(referral: Referral, *, at: datetime) -> None:
    """Tell whoever holds the request, else the desk, that the sender has answered."""
    _send_to_desk(wordings.ANSWERED, referral, at=at, once=f"answered:{at.isoformat()}")


def _send_to_desk(wording: Wording, referral: Referral, *, at: datetime, once: str) -> None:
    to = (referral.held_by.email if referral.held_by else "") or referral.team.email
    if to:
        link = f"{settings.KITH_ADDRESS}/requests/desk/{referral.reference}/"
        _send(wording, referral, to=to, at=at, link=link, once=once)


def _send(
    wording: Wording, referral: Referral, *, to: str, at: datetime, once: str, **context: str
) -> None:
    notices.send(
        wording,
        to=to,
        context={"reference": referral.reference, **context},
        once_key=f"{wording.key}:{referral.pk}:{once}",
        at=at,
        about=("referral", referral.pk),
        team=referral.team,
    )


def _sender_address(referral: Referral) -> str:
    return referral.sender_email or (referral.sender.email if referral.sender else "")


@transaction.atomic
def tell_new_link(*, secret: str, to: str, at: datetime) -> None:
    """Send a new private link to the address that the old one was sent to, and to no other."""
    notices.send(
        wordings.NEW_LINK,
        to=to,
        context={"link": _address_of_link(secret)},
        once_key=f"new-link-{hash_of(secret)}",
        at=at,
        channel="email" if "@" in to else "text",
    )


@transaction.atomic
def end_private_links(*, referral: Referral, purpose: str, by: User, at: datetime) -> int:
    """End every link that opens a request, or the family's copy of it. Returns how many there were.

    Raises PermissionDenied.
    """
    may_end_links(by, referral).or_raise()
    whose = "the family" if purpose == queries.FAMILY_COPY else "the sender"
    ended = end_links(purpose=purpose, subject_id=referral.pk, at=at)
    if ended:
        record(
            "referral.links_ended",
            subject=referral,
            by=by,
            at=at,
            after={"whose": whose, "links": ended},
        )
    return ended


def _link_for_sender(referral: Referral, at: datetime) -> str:
    if referral.sender and not referral.sender.is_service:
        return _address_for_account(referral)
    secret = make_link(
        purpose=queries.SENDERS, subject_id=referral.pk, sent_to=_sender_address(referral), at=at
    )
    return _address_of_link(secret)


def _address_for_account(referral: Referral) -> str:
    return f"{settings.KITH_ADDRESS}/requests/sent/{referral.reference}/"


def _address_of_link(secret: str) -> str:
    return Secret(f"{settings.KITH_ADDRESS}/requests/link/{secret}/")
