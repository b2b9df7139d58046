"""Partners who may read an assessment: which, since when, on what ground, and when they looked."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from kith.audit.history import track
from kith.audit.models import AppendOnly


@track()
class AssessmentShare(models.Model):
    """Somebody of a partner in the team may read a signed assessment, as the family agreed. Ended with
    what it rests on, with their place in the team, or when a later assessment is signed."""

    assessment = models.ForeignKey("Assessment", models.PROTECT, related_name="shares")
    member = models.ForeignKey("TeamMember", models.PROTECT, related_name="reads")
    sharing = models.ForeignKey("Sharing", models.PROTECT, related_name="assessments")
    # The keys of answers that are left out: what is said of others, unless that was agreed too.
    without = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    since = models.DateTimeField()
    until = models.DateField(null=True)  # the last day, that of the agreement
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member"],
                name="team_member_reads_one_assessment",
                condition=Q(ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="assessment_share_ends_after_it_begins",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("since")),
            ),
        ]
        indexes = [models.Index(fields=["assessment"], name="assessment_share_of")]

    def __str__(self) -> str:
        return f"assessment for {self.member}"


class AssessmentLook(AppendOnly):
    """Somebody of a partner opened an assessment that they may read."""

    share = models.ForeignKey(AssessmentShare, models.PROTECT, related_name="looks")
    on_paper = models.BooleanField(default=False)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        indexes = [models.Index(fields=["share", "at"], name="assessment_look_share")]

    def __str__(self) -> str:
        return f"look of {self.share.member}"
