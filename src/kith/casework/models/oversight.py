"""How a hub looks after its work: how much each family needs, and what is said of it in supervision."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from kith.audit.models import AppendOnly
from kith.casework.models.case import LATE_AFTER, Case, Intensity
from kith.casework.models.plan import PlannedAction


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


class Supervision(AppendOnly):
    """A manager and a worker talked about the worker's cases, and how the worker is.

    The words here are about the worker, and apart from every family's record: the database shows
    them to the two of them and to whoever manages the hub. What was said of a family is a
    `CaseReflection`.
    """

    team = models.ForeignKey("accounts.Team", models.PROTECT, related_name="+")
    worker = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    manager = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    held_on = models.DateField()
    words = models.TextField(blank=True)
    next_on = models.DateField(null=True)
    recorded_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        constraints = [
            models.CheckConstraint(
                name="supervision_is_between_two_people", condition=~Q(worker=F("manager"))
            ),
            models.CheckConstraint(
                name="next_supervision_comes_after",
                condition=Q(next_on__isnull=True) | Q(next_on__gt=F("held_on")),
            ),
        ]
        indexes = [
            models.Index(fields=["team", "worker", "held_on"], name="supervision_worker"),
        ]

    def __str__(self) -> str:
        return f"supervision of {self.held_on:%d %B %Y}"

    @property
    def late(self) -> bool:
        return (timezone.localdate(self.recorded_at) - self.held_on) > LATE_AFTER


class SupervisionAddition(AppendOnly):
    """Words added later to what was said about the worker: by the worker, or by a manager."""

    supervision = models.ForeignKey(Supervision, models.PROTECT, related_name="additions")
    words = models.TextField()
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        indexes = [models.Index(fields=["supervision"], name="supervision_addition_of")]

    def __str__(self) -> str:
        return f"added on {self.recorded_at:%d %B %Y}"


class CaseReflection(AppendOnly):
    """What was said of a case in supervision. It belongs to the family's record.

    Who talked, and when, stands here too: whoever sees the case need not see the supervision.
    """

    supervision = models.ForeignKey(Supervision, models.PROTECT, related_name="reflections")
    case = models.ForeignKey(Case, models.PROTECT, related_name="reflections")
    adds_to = models.ForeignKey("self", models.PROTECT, null=True, related_name="additions")
    held_on = models.DateField()
    worker = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    manager = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    words = models.TextField()
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["supervision", "case"],
                name="case_is_spoken_about_once_in_a_supervision",
                condition=Q(adds_to__isnull=True),
            )
        ]
        indexes = [models.Index(fields=["case", "held_on"], name="case_reflection_case")]

    def __str__(self) -> str:
        return f"spoken about on {self.held_on:%d %B %Y}"

    @property
    def late(self) -> bool:
        return (timezone.localdate(self.recorded_at) - self.held_on) > LATE_AFTER


class AgreedAction(AppendOnly):
    """An action of the plan that was agreed in supervision."""

    reflection = models.ForeignKey(CaseReflection, models.PROTECT, related_name="agreed")
    action = models.OneToOneField(PlannedAction, models.PROTECT, related_name="agreed_in")

    def __str__(self) -> str:
        return f"{self.action_id}"


class SupervisionDraft(models.Model):
    """What somebody types of a supervision and has not saved: theirs alone, until they save it or
    throw it away.

    It belongs to one page: a new supervision of a hub; words about its worker; words about one of its
    cases. Each window that types on the same page keeps a draft of its own.
    """

    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    team = models.ForeignKey("accounts.Team", models.PROTECT, related_name="+")
    supervision = models.ForeignKey(Supervision, models.PROTECT, null=True, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+")
    answers = models.JSONField()  # by the name of the field: what stood in it, however wrong
    revision = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="draft_of_a_case_is_in_a_supervision",
                condition=Q(case__isnull=True) | Q(supervision__isnull=False),
            )
        ]
        indexes = [models.Index(fields=["by", "supervision"], name="supervision_draft_by")]

    def __str__(self) -> str:
        return f"draft of {self.saved_at:%d %B %Y}"

    @property
    def had(self) -> str:
        """What a window says of the draft that it goes on with."""
        return f"{self.pk}:{self.revision}"
