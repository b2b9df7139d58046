"""Where a child learns, from one day until another."""

from django.db import models
from django.db.models import F, Q

from kith.audit.history import track


@track()
class Schooling(models.Model):
    """A child goes to a school or another setting, is taught at home, or goes nowhere.

    A child may go to two at once. Nothing is overwritten: what is over is ended, each state of a
    row is kept, and what was written by mistake is said to be one.
    """

    class Setting(models.TextChoices):
        SCHOOL = "school", "School, nursery or college"
        ALTERNATIVE = "alternative", "Alternative provision or pupil referral unit"
        HOME = "home", "Taught at home by choice (elective home education)"
        NONE = "none", "Not in school"

    class Send(models.TextChoices):
        NONE = "none", "No special educational needs"
        SUPPORT = "support", "SEN support"
        PLAN = "plan", "Education, health and care plan"

    class Ending(models.TextChoices):
        NEXT = "next", "Moved on to the next school or to college"
        MOVED = "moved", "The family moved"
        CHOSE = "chose", "The family chose another place"
        MANAGED = "managed", "A managed move to another school"
        EXCLUDED = "excluded", "Permanently excluded"
        HOME = "home", "Taken off the roll to be taught at home"
        SEND = "send", "Another support for special educational needs, at the same place"
        BACK = "back", "Back at school"
        LEFT = "left", "Left education"
        DIED = "died", "The child died"
        OTHER = "other", "Another reason"

    NAMED = (Setting.SCHOOL, Setting.ALTERNATIVE)

    person = models.ForeignKey("families.Person", models.PROTECT, related_name="+")
    setting = models.CharField(max_length=12, choices=Setting)
    organisation = models.ForeignKey(
        "partners.Organisation", models.PROTECT, null=True, related_name="+"
    )
    name = models.CharField(max_length=200, blank=True)  # as it was called when it was written down
    send = models.CharField(max_length=8, choices=Send, blank=True)  # empty: not known
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    ending = models.CharField(max_length=8, choices=Ending, blank=True)  # empty: not known
    source = models.CharField(max_length=200)  # who said it, or where it was taken from
    mistake = models.CharField(max_length=300, blank=True)  # why this should never have stood here

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_school_has_a_name_and_no_school_has_none",
                condition=Q(setting__in=["school", "alternative"]) & ~Q(name="")
                | Q(setting__in=["home", "none"], name="", organisation__isnull=True),
            ),
            models.CheckConstraint(
                name="schooling_ends_after_it_begins",
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")),
            ),
            models.CheckConstraint(
                name="only_what_is_over_ended_for_a_reason",
                condition=Q(ending="") | Q(until__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["person"], name="schooling_person")]

    def __str__(self) -> str:
        return self.name or self.get_setting_display()
