"""Sending a recommendation to who shall answer it, and reminding them."""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate

from kith.accounts.actions import end_links, make_link
from kith.accounts.models import User
from kith.analytics.clear_days import last_day_of_months
from kith.notices import actions as notices
from kith.notices.words import Secret
from kith.scrutiny import wordings
from kith.scrutiny.actions.common import write
from kith.scrutiny.actions.recommending import State, now_in
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.models import Notice, Recommendation
from kith.scrutiny.permissions import may_keep
from kith.scrutiny.recommendation_queries import LINK

Owned, Law = Recommendation.Owned, Notice.Law
POST_TAKES = 14  # days ahead on which a letter may be said to arrive
REMIND_DAYS = 14


@transaction.atomic
def send(
    *,
    recommendation: Recommendation,
    law: str,
    to: str,
    email: str = "",
    received_on: date,
    asked_by: date | None = None,
    by: User,
    at: datetime,
) -> Notice:
    """Send it to who shall answer: with a notice, which starts the two months, or as a request.

    With an address, an e-mail brings the words and a private link by which an owner without an account
    answers. Raises PermissionDenied or ScrutinyRefused.
    """
    may_keep(by).or_raise()
    found = now_in(
        recommendation, State.AGREED, State.SENT, State.ANSWERED, State.MONITORED,
        so="The committee agrees it before it is sent.",
    )  # fmt: skip
    today = localdate(at)
    if found.owned == Owned.COMMITTEE:
        raise ScrutinyRefused("This is the committee’s own to do. Say how far it is instead.")
    if law == Law.EXECUTIVE and found.owned == Owned.BODY:
        raise ScrutinyRefused(
            "The two months bind the council’s executive, and no outside body. Choose a request.",
            "law",
        )
    if not to.strip():
        raise ScrutinyRefused("Say to whom it is sent.", "to")
    if found.agreed_on and received_on < found.agreed_on:
        raise ScrutinyRefused("That is before the committee agreed it.", "received_on")
    if received_on > today + timedelta(days=POST_TAKES):
        raise ScrutinyRefused("That is too far ahead for a letter to arrive.", "received_on")
    if asked_by and asked_by < received_on:
        raise ScrutinyRefused("Ask for a day after it was received.", "asked_by")
    notice = Notice(recommendation=found, sent_at=at, by=by)
    values = {
        "law": law,
        "to": to,
        "email": email,
        "received_on": received_on,
        "due_on": last_day_of_months(received_on) if law == Law.EXECUTIVE else None,
        "asked_by": asked_by,
    }
    write(notice, "scrutiny.recommendation_notice", values, by=by, at=at)
    if found.state != State.SENT:
        write(found, "scrutiny.recommendation_sent", {"state": State.SENT}, by=by, at=at)
    if email:
        _write_to_owner(notice, wordings.RECOMMENDED, at)
    return notice


def _write_to_owner(notice: Notice, wording: Any, at: datetime) -> None:
    found = notice.recommendation
    end_links(purpose=LINK, subject_id=found.pk, at=at)
    secret = make_link(purpose=LINK, subject_id=found.pk, sent_to=notice.email, at=at)
    address = settings.KITH_ADDRESS + reverse("recommendations:link", args=[secret])
    last = notice.due_on or notice.asked_by
    notices.send(
        wording,
        to=notice.email,
        context={
            "to": notice.to,
            "committee": str(found.committee),
            "number": f"R{found.number}",
            "words": found.words,
            "by_when": f"Please answer by {last:%-d %B %Y}." if last else "",
            "law": f"This is the notice of {wordings.SECTION} It was received on "
            f"{notice.received_on:%-d %B %Y}, and that day is counted."
            if notice.law == Law.EXECUTIVE
            else "",
            "link": Secret(address),
        },
        once_key=f"recommendation:{notice.pk}:{wording.key}:{localdate(at)}",
        about=("scrutiny.recommendation", found.pk),
        at=at,
    )


@transaction.atomic
def remind(*, by: User, at: datetime) -> int:
    """Write to owners whose answer is due within two weeks, or was due and is not there, and tell the
    committee's officers: once for each notice. Returns how many letters. Raises PermissionDenied."""
    may_keep(by).or_raise()
    today = localdate(at)
    waiting = (
        Notice.objects.select_for_update(of=("self",))
        .filter(recommendation__state=State.SENT, reminded_at__isnull=True)
        .select_related("recommendation__committee")
        .order_by("pk")
    )
    letters = 0
    for notice in waiting:
        last = notice.due_on or notice.asked_by
        if last is None or last > today + timedelta(days=REMIND_DAYS):
            continue
        write(notice, "scrutiny.recommendation_reminded", {"reminded_at": at}, by=by, at=at)
        if notice.email:
            _write_to_owner(notice, wordings.REMINDED, at)
            letters += 1
        found = notice.recommendation
        if found.committee.contact_email:
            address = reverse("recommendations:one", args=[found.uid])
            notices.send(
                wordings.UNANSWERED,
                to=found.committee.contact_email,
                context={
                    "number": f"R{found.number}",
                    "words": found.words,
                    "to": notice.to,
                    "due": f"{last:%-d %B %Y}",
                    "link": settings.KITH_ADDRESS + address,
                },
                once_key=f"recommendation:{notice.pk}:officer",
                about=("scrutiny.recommendation", found.pk),
                at=at,
            )
            letters += 1
    return letters
