"""What is measured over time: short questionnaires, scores of others, attendance, exclusions, and
what families and senders think of the help. A value is never changed: a mistake is said to be one."""

from django.db import models
from django.db.models import F, Q

from kith.audit.models import AppendOnly
from kith.casework.models.case import Case


class Measure(AppendOnly):
    """A version of a questionnaire in words of our own, or of a score worked out elsewhere.

    The newest version of a key is asked; one that is not in use is asked no more.
    """

    class Kind(models.TextChoices):
        QUESTIONS = "questions", "Questions that are asked here"
        SCORE = "score", "A score that is worked out elsewhere"

    class About(models.TextChoices):
        CHILD = "child", "A child or young person"
        ADULT = "adult", "A parent or carer"
        FAMILY = "family", "The family"

    class Better(models.TextChoices):
        MORE = "more", "Higher is better"
        FEWER = "fewer", "Lower is better"

    key = models.SlugField()
    version = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind)
    about = models.CharField(max_length=6, choices=About)
    low = models.SmallIntegerField()
    high = models.SmallIntegerField()
    better = models.CharField(max_length=5, choices=Better)
    meaning = models.TextField()  # what the numbers mean, and what they do not
    source = models.CharField(max_length=300)  # whose it is, and under which licence
    questions = models.JSONField(default=list)  # in order; each answered from 0 to 4
    in_use = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    class Meta(AppendOnly.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["key", "version"], name="measure_has_each_version_once"
            ),
            models.CheckConstraint(name="measure_has_a_range", condition=Q(low__lt=F("high"))),
            models.CheckConstraint(
                name="measure_of_questions_has_some",
                condition=Q(kind="score", questions=[]) | Q(kind="questions") & ~Q(questions=[]),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Value(AppendOnly):
    """What every value has: who said it, and who wrote it down when."""

    source = models.CharField(max_length=200)  # who said it, or where it was taken from
    recorded_at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    class Meta(AppendOnly.Meta):
        abstract = True


class Score(Value):
    """How somebody, or the family, scored on a measure on a day."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="scores")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="scores")
    person = models.ForeignKey("families.Person", models.PROTECT, null=True, related_name="+")
    on = models.DateField()
    answers = models.JSONField(default=list)  # one for each question; null: not answered
    value = models.DecimalField(max_digits=6, decimal_places=1, null=True)  # null: too few answers

    class Meta(Value.Meta):
        indexes = [models.Index(fields=["case", "on"], name="score_case")]

    def __str__(self) -> str:
        return f"{self.measure} on {self.on:%d %B %Y}"


class Attendance(Value):
    """Of how many sessions (half days) at school a child attended how many, from a day to a day."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="attendances")
    person = models.ForeignKey("families.Person", models.PROTECT, related_name="+")
    first = models.DateField()
    last = models.DateField()
    possible = models.PositiveSmallIntegerField()
    attended = models.PositiveSmallIntegerField()
    authorised = models.PositiveSmallIntegerField()  # absences that the school authorised
    unauthorised = models.PositiveSmallIntegerField()

    class Meta(Value.Meta):
        constraints = [
            models.CheckConstraint(
                name="attendance_adds_up",
                condition=Q(possible=F("attended") + F("authorised") + F("unauthorised"))
                & Q(possible__gt=0),
            ),
            models.CheckConstraint(
                name="attendance_ends_after_it_begins", condition=Q(first__lte=F("last"))
            ),
        ]
        indexes = [models.Index(fields=["case", "person", "first"], name="attendance_case")]

    def __str__(self) -> str:
        return f"{self.first:%d %B %Y} to {self.last:%d %B %Y}"

    @property
    def percent(self) -> float:
        return round(100 * self.attended / self.possible, 1)


class Exclusion(Value):
    """A school sent a child away: for some sessions (a suspension), or for good."""

    class Kind(models.TextChoices):
        SUSPENSION = "suspension", "Suspension"
        PERMANENT = "permanent", "Permanent exclusion"

    case = models.ForeignKey(Case, models.PROTECT, related_name="exclusions")
    person = models.ForeignKey("families.Person", models.PROTECT, related_name="+")
    on = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind)
    sessions = models.PositiveSmallIntegerField(null=True)

    class Meta(Value.Meta):
        constraints = [
            models.CheckConstraint(
                name="suspension_has_sessions",
                condition=Q(kind="suspension", sessions__gt=0)
                | Q(kind="permanent", sessions__isnull=True),
            ),
        ]
        indexes = [models.Index(fields=["case", "person", "on"], name="exclusion_case")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.on:%d %B %Y}"


class Mistake(AppendOnly):
    """A value was entered by mistake: it is kept, and counts to nothing."""

    score = models.OneToOneField(Score, models.PROTECT, null=True, related_name="mistake")
    attendance = models.OneToOneField(Attendance, models.PROTECT, null=True, related_name="mistake")
    exclusion = models.OneToOneField(Exclusion, models.PROTECT, null=True, related_name="mistake")
    why = models.CharField(max_length=300)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        constraints = [
            models.CheckConstraint(
                name="mistake_is_of_one_value",
                condition=Q(score__isnull=False, attendance__isnull=True, exclusion__isnull=True)
                | Q(score__isnull=True, attendance__isnull=False, exclusion__isnull=True)
                | Q(score__isnull=True, attendance__isnull=True, exclusion__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.why


class Feedback(AppendOnly):
    """What somebody of the family, or whoever asked for help, thinks of it: a few answers, and words."""

    class Of(models.TextChoices):
        FAMILY = "family", "The family"
        SENDER = "sender", "Whoever asked for help"

    case = models.ForeignKey(Case, models.PROTECT, related_name="feedback")
    of = models.CharField(max_length=6, choices=Of)
    name = models.CharField(max_length=200, blank=True)
    answers = (
        models.JSONField()
    )  # from 0 to 4 by key of FEEDBACK; what was not answered is not there
    words = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        indexes = [models.Index(fields=["case", "at"], name="feedback_case")]

    def __str__(self) -> str:
        return f"{self.get_of_display()}, {self.at:%d %B %Y}"
