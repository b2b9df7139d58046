"""What every hub must offer, what each does offer, and what is not offered."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from kith.audit.history import track
from kith.audit.models import AppendOnly
from kith.directory.models.services import Service, _uid


@track()
class CoreOffer(models.Model):
    """A version of the core offer: one wording, for all hubs. What is in force is never changed."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        CONSULTED = "consulted", "Out for consultation"
        AGREED = "agreed", "Agreed"

    version = models.PositiveSmallIntegerField(unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    words = models.TextField(blank=True)  # what is new in it, and why
    consulted_on = models.DateField(null=True)
    consulted_whom = models.CharField(max_length=300, blank=True)
    agreed_on = models.DateField(null=True)
    agreed_by = models.CharField(max_length=200, blank=True)  # "Cabinet", "the director"
    in_force_from = models.DateField(null=True)
    made_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="agreed_offer_says_by_whom_and_from_when",
                condition=~Q(state="agreed")
                | (Q(agreed_on__isnull=False, in_force_from__isnull=False) & ~Q(agreed_by="")),
            ),
            models.UniqueConstraint(
                fields=["in_force_from"], condition=Q(state="agreed"), name="one_offer_from_a_day"
            ),
            models.UniqueConstraint(
                fields=["state"], condition=~Q(state="agreed"), name="one_offer_in_the_making"
            ),
        ]
        ordering = ["-version"]

    def __str__(self) -> str:
        return f"Core offer, version {self.version}"


@track()
class CoreItem(models.Model):
    """Something of the core offer, in the words of one version. `code` is the same in all versions."""

    class Every(models.TextChoices):
        WEEK = "week", "Every week"
        FORTNIGHT = "fortnight", "Every two weeks"
        MONTH = "month", "Every month"

    class Entry(models.TextChoices):
        """What an entry of the directory can show of itself."""

        FREE = "free", "It is free"
        STEP_FREE = "step_free", "It is held where there are no steps"
        TAKING = "taking", "New people can come now"
        LANGUAGES = "languages", "It says in which languages, or that there are interpreters"
        AGES = "ages", "It says for which ages it is"

    offer = models.ForeignKey(CoreOffer, models.CASCADE, related_name="items")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    words = models.TextField()
    who_for = models.CharField(max_length=300)
    standard = models.CharField(max_length=300)  # in words: "held every week in term time"
    # How it is known whether the standard is met: a figure of the county's, by hub (a share of at least
    # so much, or a median of at most so many days), or in how many of the weeks, fortnights or months it
    # was held. And what its entry in the directory must show. Without any, the hub says so itself, and
    # the page says that it does.
    indicator = models.CharField(max_length=60, blank=True)
    every = models.CharField(max_length=10, choices=Every, blank=True)
    term_time_only = models.BooleanField(default=False)
    at_least = models.PositiveSmallIntegerField(null=True)  # per cent
    at_most = models.PositiveSmallIntegerField(null=True)  # days
    entry_shows = ArrayField(
        models.CharField(max_length=10, choices=Entry), default=list, blank=True
    )
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["offer", "code"], name="core_item_once"),
            models.CheckConstraint(
                name="measured_item_says_how_much_is_enough",
                condition=Q(indicator="", every="", at_least=None, at_most=None)
                | (
                    (Q(indicator="") ^ Q(every=""))
                    & Q(at_least__gte=1, at_least__lte=100, at_most=None)
                )
                | (~Q(indicator="") & Q(every="", at_least=None, at_most__gte=1)),
            ),
        ]
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name

    @property
    def measured(self) -> bool:
        """Say whether data tell if the standard is met; else the hub says so."""
        return bool(self.indicator or self.every or self.entry_shows)


@track()
class Offering(models.Model):
    """How a hub stands to something: an item of the core offer, or a service of its local offer."""

    class State(models.TextChoices):
        RUNNING = "running", "Running"
        PLANNED = "planned", "Planned"
        PAUSED = "paused", "Paused"
        NOT_OFFERED = "not_offered", "Not offered"

    hub = models.ForeignKey("hubs.Hub", models.PROTECT, related_name="offerings")
    core_code = models.SlugField(max_length=60, blank=True)  # of CoreItem; empty: local offer
    # What it is in the directory: the entry of an item of the core offer, where it has one.
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="offerings"
    )
    state = models.CharField(max_length=12, choices=State)
    reason = models.TextField(blank=True)
    instead = models.TextField(blank=True)  # where to go instead
    instead_service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="+"
    )
    since = models.DateField(null=True)  # of what is planned: from when
    review_on = models.DateField(null=True)
    # A local offer names the local need that it answers, and the figure that shows it.
    need = models.TextField(blank=True)
    figure = models.CharField(max_length=60, blank=True)
    # Who closes a gap, and by when.
    owner = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(null=True)
    standard_said = models.BooleanField(null=True)  # met or not, where no data say it
    said_on = models.DateField(null=True)  # or confirmed last
    said_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    changed_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hub", "core_code"], condition=~Q(core_code=""), name="core_item_once_a_hub"
            ),
            models.UniqueConstraint(
                fields=["hub", "service"], condition=Q(core_code=""), name="local_offer_once_a_hub"
            ),
            models.CheckConstraint(
                name="local_offer_is_a_service_that_answers_a_need",
                condition=~Q(core_code="") | (Q(service__isnull=False) & ~Q(need="")),
            ),
            models.CheckConstraint(
                name="what_is_not_offered_says_why_and_when_it_is_looked_at_again",
                condition=Q(state__in=["running", "planned"])
                | (~Q(reason="") & Q(review_on__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hub_id}: {self.core_code or self.service_id} {self.state}"


class KeptBoard(AppendOnly):
    """The consistency board as it was on a day, kept for a paper of the committee. It never changes."""

    uid = _uid()
    title = models.CharField(max_length=160)
    as_at = models.DateField()
    data = models.JSONField()  # all that its picture says: of hubs and items, of nobody
    made_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.title


@track()
class NotOffered(models.Model):
    """Something people ask for that is not given, here or anywhere in the county, and what there is."""

    uid = _uid()
    title = models.CharField(max_length=160)
    words = models.TextField()  # why it is not offered, plainly
    hub = models.ForeignKey(
        "hubs.Hub", models.PROTECT, null=True, blank=True, related_name="not_offered"
    )  # None: the county
    synonyms = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    instead = models.TextField(blank=True)
    services = models.ManyToManyField(Service, blank=True, related_name="instead_of")
    since = models.DateField()
    until = models.DateField(null=True)
    review_on = models.DateField()
    changed_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "not offered"
        constraints = [
            models.CheckConstraint(
                name="not_offered_ends_after_it_begins",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def on(self, day: date) -> bool:
        """Say whether it stands on a day."""
        return self.since <= day and (self.until is None or day < self.until)


class NotFound(models.Model):
    """How often people looked for something on a day and found no service: by a word of the
    directory's own lists. What they typed is not kept, nor who they were, nor where but by hub."""

    class Kind(models.TextChoices):
        TERM = "term", "A kind of help, or whom it is for"
        MEANING = "meaning", "Words that mean the same"
        ABSENT = "absent", "Something that is not offered"
        CHOICES = "choices", "Choices alone, such as an age and a day"
        OTHER = "other", "Words that stand in none of our lists"

    MOST_A_DAY = 500  # of one line: what is more is no longer people

    day = models.DateField()
    hub = models.ForeignKey("hubs.Hub", models.PROTECT, null=True, related_name="+")  # whose area
    kind = models.CharField(max_length=8, choices=Kind)
    key = models.CharField(max_length=100, blank=True)
    count = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name_plural = "not found"
        constraints = [
            models.UniqueConstraint(
                name="not_found_counted_once",
                fields=["day", "hub", "kind", "key"],
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
