"""The family's own page: whose it is, the code that opens it, and what they write on it."""

from django.db import models

from kith.audit.models import AppendOnly

FAMILY_PAGE = "family_page"  # the purpose of the links that lead to one


class OpenedByCode(models.Model):
    """A page for somebody without an account: a private link leads to it, and a code, sent the same
    way, opens it."""

    class Channel(models.TextChoices):
        EMAIL = "email", "E-mail"
        TEXT = "text", "Text message"

    name = models.CharField(max_length=200)
    channel = models.CharField(max_length=5, choices=Channel)
    sent_to = models.CharField(max_length=254)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(null=True)  # last
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    # The code that was sent last, as a hash; how often a wrong one was tried; how many were sent today.
    code_hash = models.CharField(max_length=64, blank=True)
    code_sent_at = models.DateTimeField(null=True)
    code_tries = models.PositiveSmallIntegerField(default=0)
    codes_on = models.DateField(null=True)
    codes_sent = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"page of {self.name}"


class FamilyPage(OpenedByCode):
    """One person of a family may see their plan and their agreements, and say what they think."""

    family = models.ForeignKey("families.Family", models.PROTECT, related_name="+")
    person = models.ForeignKey("families.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["family", "person"],
                name="person_has_one_page",
                condition=models.Q(ended_at__isnull=True),
            )
        ]


class FamilyWords(AppendOnly):
    """What somebody of the family wrote on their own page, for those who help them: of anything, or
    of something that the family took on in the plan."""

    class Says(models.TextChoices):
        DONE = "done", "It is done"
        HELP = "help", "I need help with this"

    family = models.ForeignKey("families.Family", models.PROTECT, related_name="+")
    page = models.ForeignKey(FamilyPage, models.PROTECT, related_name="words")
    name = models.CharField(max_length=200)
    words = models.TextField(blank=True)
    action = models.ForeignKey("PlannedAction", models.PROTECT, null=True, related_name="said")
    says = models.CharField(max_length=4, choices=Says, blank=True)
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        verbose_name_plural = "family words"
        constraints = [
            models.CheckConstraint(
                name="family_says_something",
                condition=models.Q(action__isnull=True, says="") & ~models.Q(words="")
                | models.Q(action__isnull=False) & ~models.Q(says=""),
            )
        ]
        indexes = [models.Index(fields=["family", "at"], name="family_words_family")]

    def __str__(self) -> str:
        return f"words of {self.name}"


class HandedAssessment(AppendOnly):
    """A signed assessment that a worker put on somebody's own page."""

    page = models.ForeignKey(FamilyPage, models.PROTECT, related_name="assessments")
    assessment = models.ForeignKey("Assessment", models.PROTECT, related_name="handed")
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["page", "assessment"], name="assessment_is_handed_once_to_a_page"
            )
        ]

    def __str__(self) -> str:
        return f"assessment {self.assessment_id}"
