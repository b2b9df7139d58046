"""Case audits: a fair sample of cases, looked at closely by somebody who did not work on them."""

from django.db import models
from django.db.models import Q

from kith.audit.models import AppendOnly
from kith.casework.models.case import Case
from kith.casework.models.plan import PlannedAction


class CaseAuditForm(AppendOnly):
    """The questions of a case audit, in versions. A version is in use from its first day, and never
    changes."""

    version = models.PositiveSmallIntegerField(unique=True)
    questions = models.JSONField()  # one text each, in their order
    changes = models.CharField(max_length=300)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"version {self.version}"


class CaseAudit(AppendOnly):
    """A sample of cases, drawn by chance. The list and the seed are kept: anybody can draw it again."""

    class Which(models.TextChoices):
        OPEN = "open", "Open cases"
        CLOSED = "closed", "Closed cases"
        BOTH = "both", "Open and closed cases"

    form = models.ForeignKey(CaseAuditForm, models.PROTECT, related_name="+")
    why = models.CharField(max_length=200)
    team = models.ForeignKey("accounts.Team", models.PROTECT, null=True, related_name="+")
    which = models.CharField(max_length=6, choices=Which)
    since = models.DateField()
    how_many = models.PositiveSmallIntegerField()
    seed = models.CharField(max_length=32)
    drawn_from = models.JSONField()  # the numbers of all cases that could have been drawn
    drawn_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.why


class AuditedCase(AppendOnly):
    """A case that was drawn."""

    audit = models.ForeignKey(CaseAudit, models.PROTECT, related_name="cases")
    case = models.ForeignKey(Case, models.PROTECT, related_name="audits")
    # Whose case it was on the day: results by hub stay where they belong after a handover.
    team = models.ForeignKey("accounts.Team", models.PROTECT, related_name="+")

    class Meta(AppendOnly.Meta):
        constraints = [
            models.UniqueConstraint(fields=["audit", "case"], name="case_is_drawn_once_in_an_audit")
        ]

    def __str__(self) -> str:
        return f"{self.case_id}"


class AuditFinding(AppendOnly):
    """What somebody found who read the record of a case, and the grade they gave the work."""

    class Grade(models.TextChoices):
        OUTSTANDING = "outstanding", "Outstanding"
        GOOD = "good", "Good"
        REQUIRES_IMPROVEMENT = "requires_improvement", "Requires improvement"
        INADEQUATE = "inadequate", "Inadequate"

    class Answer(models.TextChoices):
        YES = "yes", "Yes"
        PARTLY = "partly", "Partly"
        NO = "no", "No"
        UNCLEAR = "unclear", "The record does not say"

    audited = models.OneToOneField(AuditedCase, models.PROTECT, related_name="finding")
    answers = models.JSONField()  # [answer, words] for each question, in their order
    grade = models.CharField(max_length=20, choices=Grade)
    good = models.TextField()
    better = models.TextField(blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        constraints = [
            models.CheckConstraint(
                name="work_that_must_improve_says_how",
                condition=Q(grade__in=["outstanding", "good"]) | ~Q(better=""),
            )
        ]

    def __str__(self) -> str:
        return self.get_grade_display()


class AuditAction(AppendOnly):
    """An action of the plan that follows from an audit."""

    finding = models.ForeignKey(AuditFinding, models.PROTECT, related_name="follows")
    action = models.OneToOneField(PlannedAction, models.PROTECT, related_name="after_audit")

    def __str__(self) -> str:
        return f"{self.action_id}"
