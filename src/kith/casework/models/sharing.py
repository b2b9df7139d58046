"""What may be shared of a family: for what, with whom, on what ground, and until when."""

from django.db import models
from django.db.models import F, Q

from kith.audit.history import track


@track()
class Sharing(models.Model):
    """Somebody agreed that an agency is told, for one purpose; or it is told without, for a reason."""

    class Purpose(models.TextChoices):
        HELP = "help", "Do its part in the plan"
        ASSESSMENT = "assessment", "Read the assessment"
        TEAM = "team", "Join the team around the family"
        STEP_UP = "step_up", "Say whether more help is needed than early help"
        STAY_IN_TOUCH = "stay_in_touch", "Ask how things are after help has ended"
        CASE_STUDY = "case_study", "Tell what happened as an example, with names changed"

    class Ground(models.TextChoices):
        CONSENT = "consent", "Consent"
        PUBLIC_TASK = "public_task", "The council’s task in law, without consent"
        LEGAL_DUTY = "legal_duty", "A duty in law, without consent"
        VITAL = "vital", "To protect somebody’s life, without consent"

    class Giver(models.TextChoices):
        PARENT = "parent", "Somebody with parental responsibility"
        ADULT = "adult", "An adult, for themself"
        YOUNG_PERSON = "young_person", "The young person themself"

    class How(models.TextChoices):
        SPOKEN = "spoken", "They said so"
        WRITTEN = "written", "They signed"
        SELF = "self", "They asked for help themself"
        PAGE = "page", "On the family’s own page"

    family = models.ForeignKey("families.Family", models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=14, choices=Purpose)
    # With whom: every service of a kind, or one organisation; neither for what the hub itself does.
    agency = models.CharField(max_length=20, blank=True)
    organisation = models.ForeignKey(
        "partners.Organisation", models.PROTECT, null=True, related_name="+"
    )
    ground = models.CharField(max_length=12, choices=Ground)
    given_by = models.CharField(max_length=200, blank=True)
    giver = models.CharField(max_length=12, choices=Giver, blank=True)
    how = models.CharField(max_length=10, choices=How, blank=True)
    competence = models.TextField(blank=True)  # why a young person may decide this themself
    reason = models.TextField(blank=True)  # why it is shared without consent
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    # For the assessment: that what it says of people outside the home may be read too.
    of_others = models.BooleanField(default=False)
    since = models.DateField()
    until = models.DateField(null=True)  # the last day
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    # Taken back, or ended where there was no consent.
    ended_at = models.DateTimeField(null=True)
    ended_said_by = models.CharField(max_length=200, blank=True)
    ended_words = models.TextField(blank=True)
    ended_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    WITH_NOBODY = (Purpose.STAY_IN_TOUCH, Purpose.CASE_STUDY)

    class Meta:
        verbose_name_plural = "sharing"
        constraints = [
            models.CheckConstraint(
                name="sharing_is_with_one_kind_or_one_organisation",
                condition=Q(purpose__in=["stay_in_touch", "case_study"], agency="")
                & Q(organisation__isnull=True)
                | ~Q(purpose__in=["stay_in_touch", "case_study"])
                & (
                    ~Q(agency="") & Q(organisation__isnull=True)
                    | Q(agency="", organisation__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="sharing_has_consent_or_a_reason_and_who_decided",
                condition=Q(ground="consent") & ~Q(given_by="") & ~Q(giver="") & ~Q(how="")
                | ~Q(ground="consent") & ~Q(reason="") & Q(decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="sharing_ends_after_it_begins",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
            ),
            models.CheckConstraint(
                name="sharing_ended_says_by_whom",
                condition=Q(ended_at__isnull=True) | ~Q(ended_said_by=""),
            ),
        ]
        indexes = [models.Index(fields=["family"], name="sharing_family")]

    def __str__(self) -> str:
        return self.get_purpose_display()
