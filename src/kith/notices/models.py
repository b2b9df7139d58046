"""What is sent to people: the words, and the outbox."""

import uuid

from django.db import models
from django.db.models import Q

from kith.notices.words import NOT_SHOWN


class Channel(models.TextChoices):
    EMAIL = "email", "E-mail"
    TEXT = "text", "Text message"
    LETTER = "letter", "Letter"


class Wording(models.Model):
    """A county's own words for a notice, in place of those that come with Kith (`wordings.py`)."""

    key = models.CharField(max_length=60)
    # Words that a box on a page begins with go by no channel of their own.
    channel = models.CharField(max_length=10, choices=[*Channel.choices, ("page", "On the page")])
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "channel"], name="wording_once")]

    def __str__(self) -> str:
        return f"{self.key} ({self.channel})"


class Notice(models.Model):
    """One message to one person, in the outbox until it is sent or given up."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting to be sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Could not be sent"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=60)  # which wording
    channel = models.CharField(max_length=10, choices=Channel)
    to = models.TextField()  # an address, a number, or the lines of a postal address
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    # What of the body is for the receiver alone, such as a link that opens an account. Nobody is
    # shown it in the outbox, and it is taken out of the body once it was sent.
    secrets = models.JSONField(default=list)
    calendar = models.TextField(blank=True)  # an entry for the receiver's calendar (iCalendar)
    about_kind = models.CharField(max_length=40, blank=True)  # such as `referral`
    about_id = models.BigIntegerField(null=True)
    team = models.ForeignKey("accounts.Team", models.PROTECT, null=True, related_name="+")
    # The same notice asked for twice (a retried request or job) is sent once.
    once_key = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    next_try_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True)
    provider_reference = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="notice_sent_says_when",
                condition=Q(state="sent", sent_at__isnull=False)
                | ~Q(state="sent") & Q(sent_at__isnull=True),
            )
        ]
        indexes = [
            models.Index(fields=["next_try_at"], name="notice_due", condition=Q(state="waiting")),
            models.Index(fields=["about_kind", "about_id"], name="notice_about"),
        ]

    def __str__(self) -> str:
        return f"{self.key} by {self.channel}"

    @property
    def shown_body(self) -> str:
        """The body without what is for the receiver alone."""
        body = self.body
        for secret in self.secrets:
            body = body.replace(secret, NOT_SHOWN)
        return body
