"""What those who give services wish to have changed of them, until those who keep the directory decide."""

import uuid

from django.db import models
from django.db.models import Q


class Proposal(models.Model):
    """What a partner proposes to say of a service of its own, or of a new one; or what a group without
    an account sends from its link. Nobody else reads it before it is approved.

    `before` and `proposed` are plain values (`proposed.py`): what stood when it was written, and what
    should stand.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting for an answer"
        APPROVED = "approved", "Approved"
        SENT_BACK = "sent_back", "Sent back"
        WITHDRAWN = "withdrawn", "Withdrawn"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    provider = models.ForeignKey("directory.Provider", models.PROTECT, related_name="proposals")
    # None: a service that is not there yet.
    service = models.ForeignKey(
        "directory.Service", models.CASCADE, null=True, related_name="proposals"
    )
    before = models.JSONField(default=dict)
    proposed = models.JSONField()
    words = models.TextField(blank=True)  # to those who decide, such as of places and times
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    revision = models.PositiveIntegerField(default=1)  # counts what was sent
    # None: a group without an account, from the link that was sent to this mailbox of its.
    made_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    mailbox = models.EmailField(blank=True)
    made_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service"],
                condition=Q(state__in=["waiting", "sent_back"]),
                name="one_open_proposal_for_a_service",
            ),
            models.CheckConstraint(
                name="proposal_decided_has_who_and_when",
                condition=Q(state="waiting", decided_at=None, decided_by=None)
                | ~Q(state="waiting") & Q(decided_at__isnull=False, decided_by__isnull=False)
                # Who has no account has no name to be written down.
                | Q(state="withdrawn", decided_at__isnull=False, decided_by=None),
            ),
            models.CheckConstraint(
                name="proposal_sent_back_says_why", condition=~Q(state="sent_back") | ~Q(answer="")
            ),
            models.CheckConstraint(
                name="proposal_is_a_persons_or_came_from_a_link",
                condition=Q(made_by__isnull=False, mailbox="")
                | (Q(made_by__isnull=True) & ~Q(mailbox="")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.proposed.get("name", ""))

    @property
    def sender(self) -> str:
        """Who sent it, in words after "sent"."""
        return f"by {self.made_by}" if self.made_by else f"from the confirm link of {self.mailbox}"
