"""How a hub looks after its work: how much each family needs."""

from django.db import models
from django.db.models import F, Q

from kith.audit.models import AppendOnly
from kith.casework.models.case import Case, Intensity


class IntensityWeight(models.Model):
    """As how many families one family counts, by the intensity of the work. The county's to set."""

    intensity = models.CharField(max_length=10, choices=Intensity, unique=True)
    weight = models.DecimalField(max_digits=3, decimal_places=1)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="weight_is_more_than_nothing", condition=Q(weight__gt=0, weight__lte=10)
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_intensity_display()}: {self.weight}"


class IntensityChange(AppendOnly):
    """Somebody said that a family needs more work, or less, and why."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="intensity_changes")
    was = models.CharField(max_length=10, choices=Intensity)
    now = models.CharField(max_length=10, choices=Intensity)
    reason = models.CharField(max_length=300)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        indexes = [models.Index(fields=["case", "at"], name="intensity_change_case")]
        constraints = [
            models.CheckConstraint(
                name="intensity_changes_with_a_reason",
                condition=~Q(reason="") & ~Q(was=F("now")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_now_display()}"
