"""What people say about an entry of the directory: feedback, and changes that a provider tells of."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop as _

from kith.directory.models.services import Service


class Remark(models.Model):
    """Something that somebody said about an entry, without an account, and what became of it."""

    class Topic(models.TextChoices):
        WRONG = "wrong", _("The time or place is wrong")
        CLOSED = "closed", _("It has closed, or does not run any more")
        NO_ANSWER = "no_answer", _("They do not answer")
        OTHER = "other", _("Something else")
        THANKS = "thanks", _("I want to say thank you")
        CHANGED = "changed", "Its provider says that something has changed"

    class State(models.TextChoices):
        OPEN = "open", "Open"
        DONE = "done", "Done"

    service = models.ForeignKey(Service, models.CASCADE, related_name="remarks")
    topic = models.CharField(max_length=10, choices=Topic)
    words = models.TextField(blank=True)
    email = models.EmailField(blank=True)  # only of who wants an answer; deleted after a while
    made_at = models.DateTimeField()
    state = models.CharField(max_length=4, choices=State, default=State.OPEN)
    owner = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    reply = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="remark_done_has_who_and_when",
                condition=Q(state="open", done_at=None, done_by=None, reply="")
                | Q(state="done", done_at__isnull=False, done_by__isnull=False),
            )
        ]
        indexes = [models.Index(fields=["state", "made_at"], name="remark_state")]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """The number by which people ask after it."""
        return f"D-{self.made_at:%Y}-{self.pk:06}"
