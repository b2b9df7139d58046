"""Two entries that may tell of one service: why, and what those who keep the directory said to it."""

from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q

from kith.analytics.twins import VERY_LIKELY
from kith.directory.models.services import Service


class Twins(models.Model):
    """A pair of entries, with the reasons for and against; and whether they are one, once it was said."""

    class State(models.TextChoices):
        OPEN = "open", "To decide"
        NOT_SAME = "not_same", "Not the same"
        ONE = "one", "Put together"

    one = models.ForeignKey(Service, models.CASCADE, related_name="+")
    other = models.ForeignKey(Service, models.CASCADE, related_name="+")
    points = models.FloatField()
    reasons = ArrayField(models.CharField(max_length=120), default=list)
    against = ArrayField(models.CharField(max_length=120), default=list)
    found_on = models.DateField()
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    why = models.CharField(max_length=300, blank=True)
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    # Of what was put together: which entry stays, and all that is needed to part them again.
    kept = models.ForeignKey(Service, models.CASCADE, null=True, related_name="+")
    undo = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name_plural = "twins"
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="twins_once"),
            models.CheckConstraint(name="twins_in_order", condition=Q(one__lt=F("other"))),
            models.CheckConstraint(
                name="twins_decided_by_somebody",
                condition=Q(state="open") | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["state", "-points"], name="twins_state")]

    def __str__(self) -> str:
        return f"{self.one_id} and {self.other_id}"

    @property
    def very_likely(self) -> bool:
        """Say whether all but everything speaks for it: see `analytics.twins`."""
        return self.points >= VERY_LIKELY
