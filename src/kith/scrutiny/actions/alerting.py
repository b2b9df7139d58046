"""Letters to whoever asked for them about what committees publish: asked for, confirmed, sent, stopped.

An address is written to only once its owner has followed a link that went there. Whoever asks learns nothing
of which addresses are known.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from kith.accounts.actions import end_links, make_link
from kith.accounts.models import User
from kith.accounts.viewer import clock, linked, seeing_as
from kith.notices import actions as notices
from kith.notices.words import Secret
from kith.scrutiny import published, wordings
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.models import Alert, Committee, Published
from kith.scrutiny.permissions import may_keep

LINK = "scrutiny.alert"
CONFIRM_DAYS = 3  # an alert that nobody confirmed is forgotten
STOP_DAYS = 400
LETTERS_A_DAY = 3  # to confirm, to one address
AGAIN_AFTER = timedelta(hours=8)  # about the same thing
MOST_OF_ONE = 20  # alerts of one address
MOST_TOLD = 30  # things in one letter
SHOWN = {
    "meeting": "meeting",
    "item": "item",
    "file": "paper",
    "review": "report",
    "practice": "practice",
}


@transaction.atomic
def ask_for(
    *,
    email: str,
    words: str = "",
    committee: Committee | None = None,
    thing: Published | None = None,
    at: datetime,
) -> None:
    """Ask for letters, signed in or not: a letter with a link goes to the address, and nothing else until
    somebody follows it. It says the same whatever is known of the address. Raises ScrutinyRefused."""
    words = " ".join(words.split())
    if not words and committee is None and thing is None:
        raise ScrutinyRefused("Choose a committee, or write a word to look for.", "words")
    with seeing_as(clock()):
        mine = Alert.objects.filter(email__iexact=email)
        lately = mine.filter(asked_at__gt=at - timedelta(days=1)).count()
        if lately >= LETTERS_A_DAY or mine.count() >= MOST_OF_ONE:
            return  # whoever asks learns nothing, and whoever owns the address is left in peace
        found, new = Alert.objects.get_or_create(
            email=email,
            words=words,
            committee=committee,
            thing=thing,
            defaults={"asked_at": at, "told_until": at},
        )
        if not new and found.asked_at > at - AGAIN_AFTER:
            return  # a letter went lately
        found.asked_at = at
        found.save(update_fields=["asked_at"])
        secret = make_link(
            purpose=LINK, subject_id=found.pk, sent_to=email, at=at, days=CONFIRM_DAYS
        )
        wording = wordings.ALERT_KNOWN if found.confirmed_at else wordings.ALERT_ASKED
        notices.send(
            wording,
            to=email,
            context={"about": found.about, "link": _address("confirm_alert", secret)},
            once_key=f"scrutiny.alert:{found.pk}:{at.isoformat()}",
            at=at,
        )


def _address(name: str, secret: str) -> Secret:
    return Secret(settings.KITH_ADDRESS + reverse(f"meetings:{name}", args=[secret]))


def opened_by_link() -> Alert | None:
    """Return the alert that this transaction's private link opens, or None."""
    number = linked(LINK)
    if number is None:
        return None
    with seeing_as(clock()):
        return Alert.objects.select_related("committee", "thing").filter(pk=number).first()


@transaction.atomic
def confirm(*, at: datetime) -> Alert | None:
    """Confirm the alert whose link was followed; None where there is none (any more)."""
    found = opened_by_link()
    if found is None:
        return None
    with seeing_as(clock()):
        Alert.objects.filter(pk=found.pk, confirmed_at__isnull=True).update(
            confirmed_at=at, told_until=at
        )
    return found


@transaction.atomic
def stop(*, at: datetime) -> str:
    """End the alert whose link was followed, and forget the address. Returns what it was about, or ""."""
    found = opened_by_link()
    if found is None:
        return ""
    about = found.about
    with seeing_as(clock()):
        Alert.objects.filter(pk=found.pk).delete()
        end_links(purpose=LINK, subject_id=found.pk, at=at)
    return about


@transaction.atomic
def tell(*, by: User, at: datetime) -> int:
    """Write to everybody who asked for it what was published since, one letter for each alert; and forget
    those who never confirmed. Returns how many letters. Raises PermissionDenied."""
    may_keep(by).or_raise()
    over = at - timedelta(days=CONFIRM_DAYS)
    Alert.objects.filter(confirmed_at__isnull=True, asked_at__lt=over).delete()
    letters = 0
    alerts = Alert.objects.select_for_update(of=("self",)).filter(confirmed_at__isnull=False)
    for alert in alerts.select_related("committee", "thing").order_by("pk"):
        news = news_for(alert, until=at)
        if not news:
            continue
        secret = make_link(
            purpose=LINK, subject_id=alert.pk, sent_to=alert.email, at=at, days=STOP_DAYS
        )
        more = len(news) - MOST_TOLD
        lines = [_line(row) for row in news[:MOST_TOLD]]
        notices.send(
            wordings.ALERT,
            to=alert.email,
            context={
                "about": alert.about,
                "news": "\n\n".join(lines),
                "more": f"And {more} more, which a search on the website finds."
                if more > 0
                else "",
                "link": _address("stop_alert", secret),
            },
            once_key=f"scrutiny.alert:{alert.pk}:{at.isoformat()}",
            at=at,
        )
        alert.told_until = at
        alert.save(update_fields=["told_until"])
        letters += 1
    return letters


def news_for(alert: Alert, *, until: datetime) -> list[Published]:
    """Return what was published or changed since an alert's last letter, the newest first. An item or a paper
    of a meeting that is told of itself is not told again, unless it is what was asked for."""
    asked = published.Asked(words=alert.words, committee=alert.committee)
    rows = published.search(asked).filter(modified__gt=alert.told_until, modified__lte=until)
    if alert.thing_id:
        rows = rows.filter(pk=alert.thing_id)
    found = list(rows.select_related("above").order_by("-modified", "pk")[:1000])
    if alert.words or alert.thing_id:
        return found
    told = {row.pk for row in found}

    def stands_alone(row: Published) -> bool:
        above = row.above
        over = above.above_id if above else None
        return not (above and (above.pk in told or over in told))

    return [row for row in found if stands_alone(row)]


def _line(row: Published) -> str:
    return f"{row.get_kind_display()}: {row.name}\n{settings.KITH_ADDRESS}{page_of(row)}"


def page_of(row: Published) -> str:
    """Return the page on which everybody reads something that is published."""
    if row.kind in SHOWN:
        return reverse(f"meetings:{SHOWN[row.kind]}", args=[row.pk])
    if row.kind == Published.Kind.RECOMMENDATION:
        return reverse("recommendations:public_one", args=[row.pk])
    if row.kind == Published.Kind.PLAN and row.committee:
        return reverse("meetings:committee", args=[row.committee.slug])
    return reverse("meetings:decisions")
