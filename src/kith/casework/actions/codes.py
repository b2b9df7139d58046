"""The code that opens a page for somebody without an account: sent the way its link was sent."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from kith.accounts.viewer import front_door, seeing_as
from kith.audit.actions import record
from kith.casework import wordings
from kith.casework.actions.checks import NotPossible
from kith.casework.models import FamilyPage, ServicePage, StepUpPage, TeamPage
from kith.notices import actions as notices
from kith.notices.queries import no_provider
from kith.notices.words import Secret

Page = FamilyPage | TeamPage | StepUpPage | ServicePage
CODE_LASTS = timedelta(minutes=10)
MOST_TRIES, MOST_CODES_A_DAY = 5, 10
SOON_AGAIN = timedelta(seconds=45)


WORDINGS = {
    FamilyPage: wordings.FAMILY_CODE,
    TeamPage: wordings.TEAM_CODE,
    StepUpPage: wordings.STEP_UP_CODE,
    ServicePage: wordings.SERVICE_CODE,
}


class CodeRefused(NotPossible):
    """The code is wrong, too old, or tried too often. The message says what to do."""


@transaction.atomic
def send_code(*, page: Page, at: datetime) -> None:
    """Send the code that opens a page, the way its link was sent. For whoever holds the link.

    A code is good for ten minutes; a new one ends the one before. Raises CodeRefused when codes are
    asked for too often.
    """
    with seeing_as(front_door()):
        page = _locked(page)
        if no_provider(page.channel):
            raise CodeRefused("We cannot send text messages at present. Ring us.")
        today = timezone.localdate(at)
        sent = page.codes_sent if page.codes_on == today else 0
        if page.code_sent_at and at - page.code_sent_at < SOON_AGAIN:
            raise CodeRefused("A code was sent just now. Look for it before you ask for another.")
        if sent >= MOST_CODES_A_DAY:
            raise CodeRefused("Too many codes were sent today. Try again tomorrow, or ring us.")
        code = f"{secrets.randbelow(1_000_000):06}"
        page.code_hash, page.code_sent_at, page.code_tries = _hash(page, code), at, 0
        page.codes_on, page.codes_sent = today, sent + 1
        page.save(
            update_fields=["code_hash", "code_sent_at", "code_tries", "codes_on", "codes_sent"]
        )
        notices.send(
            WORDINGS[type(page)],
            to=page.sent_to,
            channel=page.channel,
            context={"code": Secret(code)},
            once_key=f"casework.{_kind(page)}_code:{page.pk}:{at.isoformat()}",
            at=at,
            about=(type(page).__name__.lower(), page.pk),
        )


def try_code(*, page: Page, code: str, at: datetime) -> None:
    """Open a page with its code, which is good once. A wrong try is counted, and kept though this
    raises CodeRefused."""
    with seeing_as(front_door()):
        page = _locked(page)
        old = page.code_sent_at is None or at - page.code_sent_at > CODE_LASTS
        if not page.code_hash or old or page.code_tries >= MOST_TRIES:
            refusal = "That code is over. Ask for a new one."
        elif not constant_time_compare(page.code_hash, _hash(page, code)):
            page.code_tries += 1
            page.save(update_fields=["code_tries"])
            refusal = (
                "That is not the code. Look at the last message we sent you, and type it again."
            )
        else:
            page.code_hash, page.opened_at = "", at
            page.save(update_fields=["code_hash", "opened_at"])
            opened, family_id = _opened(page)
            record(
                opened,
                subject=page,
                by=None,
                at=at,
                after={"who": page.name},
                family_id=family_id,
            )
            return
    raise CodeRefused(refusal)


def _opened(page: Page) -> tuple[str, int]:
    """Return how it is told in the log that a page was opened, and about which family."""
    if isinstance(page, FamilyPage):
        return "family_page.opened", page.family_id
    if isinstance(page, TeamPage):
        return "family_team.page_opened", page.member.case.family_id
    if isinstance(page, ServicePage):
        return "family.referred_opened", page.sending.family_id
    return "step_up.opened", page.step_up.case.family_id


def _kind(page: Page) -> str:
    kinds = {
        FamilyPage: "family",
        TeamPage: "team",
        StepUpPage: "step_up",
        ServicePage: "service",
    }
    return kinds[type(page)]


def _locked(page: Page) -> Page:
    return (
        type(page)
        ._default_manager.select_for_update(of=("self",))
        .get(pk=page.pk, ended_at__isnull=True)
    )


def _hash(page: Page, code: str) -> str:
    digits = "".join(letter for letter in code if letter.isdecimal())
    return salted_hmac(f"kith.{_kind(page)}_code.{page.pk}", digits, algorithm="sha256").hexdigest()
