"""Reading the outbox and the words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet

from kith.accounts.models import User
from kith.accounts.permissions import Permission
from kith.notices import words
from kith.notices.models import Channel, Notice
from kith.notices.models import Wording as OwnWording

CHANNELS, STATES = Channel.choices, Notice.State.choices


@dataclass(frozen=True)
class Words:
    """What is said in a notice now: the county's own words, or those that come with Kith."""

    subject: str
    body: str
    changed_by: User | None = None
    changed_at: datetime | None = None

    @property
    def own(self) -> bool:
        """Whether the county has put it in its own words."""
        return self.changed_at is not None


def visible_to(viewer: User) -> QuerySet[Notice]:
    """Return the notices this person may know of."""
    if viewer.can(Permission.NOTICE_SEE):
        return Notice.objects.all()
    return Notice.objects.none()


def outbox(
    viewer: User, *, state: str = "", channel: str = "", key: str = "", about: str = ""
) -> QuerySet[Notice]:
    """Return notices, newest first; only of one state, channel, wording or receiver where named."""
    notices = visible_to(viewer).order_by("-made_at", "pk")
    wanted = {"state": state, "channel": channel, "key": key, "to__iexact": about.strip()}
    return notices.filter(**{name: value for name, value in wanted.items() if value})


def failed(viewer: User) -> int:
    """Return how many notices could not be sent and wait for a person to look."""
    return visible_to(viewer).filter(state=Notice.State.FAILED).count()


def words_now(wording: words.Wording, channel: str) -> Words:
    """Return what a notice says now by one channel."""
    own = (
        OwnWording.objects.filter(key=wording.key, channel=channel)
        .select_related("changed_by")
        .first()
    )
    if own:
        return Words(own.subject, own.body, own.changed_by, own.changed_at)
    return Words(*wording.words_for(channel))


def channels_of(wording: words.Wording) -> list[tuple[str, str]]:
    """Return the ways in which a wording reaches people, each with its name."""
    return [(words.PAGE, "On the page")] if wording.on_page else list(CHANNELS)


def words_to_begin_with(wording: words.Wording, context: Mapping[str, object]) -> str:
    """Return the words with which a box on a page begins, filled in. Raises MissingField."""
    body = words_now(wording, words.PAGE).body
    try:
        words.check_words(wording, subject="", body=body)
    except words.UnknownField:
        # The county's words were written for an older Kith, with fields that are gone.
        body = wording.body
    return words.fill(body, {"county": settings.KITH_COUNTY, **context})


def preview(wording: words.Wording, *, subject: str, body: str) -> tuple[str, str]:
    """Return the words filled with the invented examples. Raises UnknownField, PersonalSubject."""
    words.check_words(wording, subject=subject, body=body)
    return words.fill(subject, wording.fields), words.fill(body, wording.fields)


def in_own_words(viewer: User) -> set[str]:
    """Return the keys of the notices that the county has put in its own words."""
    return set(OwnWording.objects.values_list("key", flat=True))


def no_provider(channel: str) -> str:
    """Return why nothing can be sent by a channel, or "" when it can."""
    if channel in (Channel.EMAIL, words.PAGE):
        return ""
    template = {
        Channel.TEXT: settings.KITH_NOTIFY_TEXT_TEMPLATE,
        Channel.LETTER: settings.KITH_NOTIFY_LETTER_TEMPLATE,
    }[Channel(channel)]
    if settings.KITH_NOTIFY_KEY and template:
        return ""
    return f"No provider: {Channel(channel).label.lower()}s are not set up in this county's Kith."
