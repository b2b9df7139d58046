"""How things are with a family after help has ended: asked at three and at six months."""

from django.db import models
from django.db.models import Q

from kith.audit.models import AppendOnly
from kith.casework.models.case import Case, Contact


class FollowUp(AppendOnly):
    """A try to ask a family how things are, so many months after its case was closed."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="follow_ups")
    months = models.PositiveSmallIntegerField(choices=[(3, "3 months"), (6, "6 months")])
    on = models.DateField()
    how = models.CharField(max_length=10, choices=Contact.How)
    reached = models.BooleanField()
    # Beside how they were when help ended, in the same words.
    outcome = models.CharField(max_length=12, choices=Case.Outcome, blank=True)
    words = models.TextField(blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["case", "months"],
                name="family_is_followed_up_once_each_time",
                condition=Q(reached=True),
            ),
            models.CheckConstraint(
                name="follow_up_reached_says_how_things_are",
                condition=Q(reached=True) & ~Q(outcome="") | Q(reached=False, outcome=""),
            ),
        ]
        indexes = [models.Index(fields=["case", "months"], name="follow_up_case")]

    def __str__(self) -> str:
        return f"after {self.months} months"
