"""The early help assessment: a form kept as data, and what a family's people said to it."""

import pgtrigger
from django.db import models
from django.db.models import Q

from kith.audit.history import track
from kith.casework.assessment_form import Part, read
from kith.casework.models.case import Case

# What an assessment may become. The database refuses every other move.
MOVES: dict[str, tuple[str, ...]] = {
    "draft": ("sent", "discarded"),
    "sent": ("draft", "signed"),  # draft: sent back by the manager
}


@track()
class AssessmentForm(models.Model):
    """A version of the county's form. Once released it never changes: answers must stay readable."""

    version = models.PositiveIntegerField(unique=True)
    definition = models.JSONField()  # `casework.assessment_form.Definition`, as data
    changes = models.CharField(max_length=300, blank=True)  # what is new in it, in words
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["released_at"], name="one_form_is_being_changed", nulls_distinct=False
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="released_never_changes",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__released_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"version {self.version}"


@track()
class Assessment(models.Model):
    """What a hub and a family found out together: written as a draft, then signed by a manager."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Being written"
        SENT = "sent", "With the manager"
        SIGNED = "signed", "Signed"
        DISCARDED = "discarded", "Not used"

    case = models.ForeignKey(Case, models.PROTECT, related_name="assessments")
    form = models.ForeignKey(AssessmentForm, models.PROTECT, related_name="assessments")
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    # The signed one before it, from which answers were taken over.
    previous = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField()
    started_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    sent_back = models.TextField(blank=True)  # what the manager asked for
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    not_used_because = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                name="case_has_one_assessment_in_hand",
                condition=Q(status__in=["draft", "sent"]),
            ),
            models.CheckConstraint(
                name="assessment_signed_has_who_and_when",
                condition=Q(status="signed", signed_at__isnull=False, signed_by__isnull=False)
                | ~Q(status="signed") & Q(signed_at__isnull=True, signed_by__isnull=True),
            ),
            models.CheckConstraint(
                name="assessment_not_used_says_why",
                condition=~Q(status="discarded") | ~Q(not_used_because=""),
            ),
        ]
        indexes = [models.Index(fields=["case", "started_at"], name="assessment_case")]
        triggers = [
            pgtrigger.FSM(
                name="assessment_moves_as_it_may",
                field="status",
                transitions=[(before, after) for before in MOVES for after in MOVES[before]],
            )
        ]

    def __str__(self) -> str:
        return f"assessment begun on {self.started_at:%d %B %Y}"

    def parts(self) -> list[Part]:
        """Return its pages: the sections of its form, for each of the people it is about."""
        people = sorted(self.people.all(), key=lambda one: one.order)
        return read(self.form.definition).parts(people)


class AssessedPerson(models.Model):
    """A child or adult whom an assessment is about, as they were called when it was begun."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="people")
    person = models.ForeignKey("families.Person", models.PROTECT, related_name="+")
    is_child = models.BooleanField()
    name = models.CharField(max_length=201)
    order = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "person"], name="person_is_assessed_once_in_it"
            )
        ]

    def __str__(self) -> str:
        return self.name


@track()
class Answer(models.Model):
    """What stands at one question. `revision` says which words somebody who writes had before them."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="answers")
    key = models.CharField(max_length=80)  # section-question, or section-question-person
    words = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)
    taken_over = models.BooleanField(default=False)  # from the assessment before, untouched
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "key"], name="question_is_answered_once")
        ]
        triggers = [
            pgtrigger.Trigger(
                name="only_a_draft_is_written",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func="""
                    if exists (
                        select from casework_assessment assessment
                        where assessment.id = coalesce(new.assessment_id, old.assessment_id)
                        and assessment.status <> 'draft'
                    ) then
                        raise exception 'this assessment is no draft any more';
                    end if;
                    return coalesce(new, old);
                """,
            )
        ]

    def __str__(self) -> str:
        return self.key


class Clash(models.Model):
    """Words that somebody wrote at a question while somebody else wrote others: a person decides."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="clashes")
    key = models.CharField(max_length=80)
    words = models.TextField(blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name_plural = "clashes"
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "key", "by"],
                name="clash_waits_once_for_each_writer",
                condition=Q(settled_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.key
