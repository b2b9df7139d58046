"""Keeping the directory true: who was asked, and what becomes of entries that nobody confirms."""

from django.db import models
from django.db.models import Q

from kith.analytics.assurance import Step
from kith.directory.models.services import Service


class Asking(models.Model):
    """What was done on a day about an entry that has to be confirmed. Nobody's mailbox stands here."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="askings")
    step = models.CharField(max_length=8, choices=[(step.value, step.value) for step in Step])
    on = models.DateField()
    # The team that keeps it was asked, as its provider has no mailbox.
    of_team = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "step", "on"], name="asked_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.service_id}: {self.step} {self.on}"


class HidingRule(models.Model):
    """After how many months nobody reads what nobody confirmed. One row at most; without it, six."""

    months = models.PositiveSmallIntegerField(null=True)  # None: never
    changed_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="there_is_one_hiding_rule", condition=Q(id=1)),
            models.CheckConstraint(
                name="hidden_after_it_was_asked",
                condition=Q(months__isnull=True) | Q(months__gte=4, months__lte=24),
            ),
        ]

    def __str__(self) -> str:
        return f"after {self.months} months" if self.months else "never"
