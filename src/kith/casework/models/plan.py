"""The family's plan: goals in their own words, what will be done for them, and how it comes on."""

from django.db import models
from django.db.models import Q

from kith.audit.history import track
from kith.audit.models import AppendOnly
from kith.casework.models.case import Case


@track()
class Goal(models.Model):
    """What should be different, in the family's words, and how everybody will know."""

    class Ending(models.TextChoices):
        REACHED = "reached", "Reached"
        CHANGED = "changed", "Another goal took its place"
        GIVEN_UP = "given_up", "Given up"

    case = models.ForeignKey(Case, models.PROTECT, related_name="goals")
    words = models.CharField(max_length=300)
    measure = models.CharField(max_length=300)  # how we will know
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    ended_on = models.DateField(null=True)
    ending = models.CharField(max_length=10, choices=Ending, blank=True)
    ending_words = models.TextField(blank=True)
    ended_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="goal_ended_has_when_and_how",
                condition=Q(ended_on__isnull=True, ending="")
                | Q(ended_on__isnull=False) & ~Q(ending=""),
            )
        ]
        indexes = [models.Index(fields=["case", "made_at"], name="goal_case")]

    def __str__(self) -> str:
        return self.words


class PlanReview(AppendOnly):
    """The family and those who help it looked at the plan together."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="reviews")
    held_on = models.DateField()
    present = models.CharField(max_length=300)
    words = models.TextField(blank=True)
    next_on = models.DateField()
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        indexes = [models.Index(fields=["case", "held_on"], name="plan_review_case")]

    def __str__(self) -> str:
        return f"review of {self.held_on:%d %B %Y}"


class GoalProgress(AppendOnly):
    """How near a goal is, from 0 (not begun) to 10 (reached), as agreed on a day."""

    goal = models.ForeignKey(Goal, models.PROTECT, related_name="progress")
    review = models.ForeignKey(PlanReview, models.PROTECT, null=True, related_name="progress")
    on = models.DateField()
    score = models.PositiveSmallIntegerField()
    words = models.TextField(blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        verbose_name_plural = "progress"
        constraints = [
            models.CheckConstraint(name="progress_is_from_0_to_10", condition=Q(score__lte=10))
        ]
        indexes = [models.Index(fields=["goal", "on"], name="goal_progress_goal")]

    def __str__(self) -> str:
        return f"{self.score} of 10"


@track()
class PlannedAction(models.Model):
    """One thing somebody will do by a date: a worker, a partner, or somebody of the family."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="actions")
    goal = models.ForeignKey("Goal", models.PROTECT, null=True, related_name="actions")
    what = models.CharField(max_length=300)
    owner = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    owner_organisation = models.ForeignKey(
        "partners.Organisation", models.PROTECT, null=True, related_name="+"
    )
    # Somebody of the family, and as what they were called when they took it on.
    owner_person = models.ForeignKey("families.Person", models.PROTECT, null=True, related_name="+")
    owner_called = models.CharField(max_length=201, blank=True)
    # All that a partner is told of the family: as little as lets it do its part.
    family_known_as = models.CharField(max_length=120, blank=True)
    # On what ground the partner is told, and since when it no longer is.
    sharing = models.ForeignKey("Sharing", models.PROTECT, null=True, related_name="actions")
    withheld_at = models.DateTimeField(null=True)
    meeting = models.ForeignKey("TeamMeeting", models.PROTECT, null=True, related_name="actions")
    due_on = models.DateField()
    date_reason = models.CharField(max_length=300, blank=True)  # why the date was changed last
    done_on = models.DateField(null=True)
    dropped_on = models.DateField(null=True)
    came_of_it = models.TextField(blank=True)  # or why it was dropped
    ended_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="action_has_one_owner",
                condition=Q(
                    owner__isnull=False, owner_organisation__isnull=True, owner_person__isnull=True
                )
                | Q(owner__isnull=True, owner_organisation__isnull=False, owner_person__isnull=True)
                | Q(
                    owner__isnull=True, owner_organisation__isnull=True, owner_person__isnull=False
                ),
            ),
            models.CheckConstraint(
                name="action_of_the_family_says_whose",
                condition=Q(owner_person__isnull=True, owner_called="")
                | Q(owner_person__isnull=False) & ~Q(owner_called=""),
            ),
            models.CheckConstraint(
                name="action_is_done_or_dropped_not_both",
                condition=Q(done_on__isnull=True) | Q(dropped_on__isnull=True),
            ),
            models.CheckConstraint(
                name="action_says_why_it_was_dropped",
                condition=Q(dropped_on__isnull=True) | ~Q(came_of_it=""),
            ),
        ]
        indexes = [
            models.Index(fields=["case", "due_on"], name="action_case"),
            models.Index(
                fields=["owner", "due_on"],
                name="action_due",
                condition=Q(done_on__isnull=True, dropped_on__isnull=True),
            ),
            models.Index(
                fields=["owner_organisation", "due_on"],
                name="action_partner",
                condition=Q(owner_organisation__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def who(self) -> str:
        """Return who does it, in words."""
        return str(self.owner or self.owner_organisation or self.owner_called)

    @property
    def ended(self) -> bool:
        return self.done_on is not None or self.dropped_on is not None
