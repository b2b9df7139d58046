"""Reviews of a topic: visits to places, what members saw, and the themes that came of it. Notes and
photographs are for the committee and its officers and are never published; only agreed themes are."""

import uuid

from django.db import models
from django.db.models import F, Q

from kith.audit.history import track
from kith.scrutiny.models.committees import Committee, Member
from kith.scrutiny.models.meetings import Item
from kith.scrutiny.models.papers import Content


@track()
class Review(models.Model):
    """A topic that a committee looks into, from the first visit to the return a year later."""

    class State(models.TextChoices):
        PLANNED = "planned", "Being planned"
        VISITING = "visiting", "Visits and evidence"
        THEMES = "themes", "Themes and findings"
        REPORTED = "reported", "Reported"
        FOLLOWED = "followed", "Followed up"
        CLOSED = "closed", "Closed"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    committee = models.ForeignKey(Committee, models.PROTECT, related_name="reviews")
    title = models.CharField(max_length=200)
    aim = models.TextField(blank=True)
    introduction = models.TextField(blank=True)  # of the report
    lead = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.PLANNED)
    fewest_visitors = models.PositiveSmallIntegerField(default=2)  # members at each place
    item = models.ForeignKey(
        Item, models.PROTECT, null=True, related_name="reviews"
    )  # discussed at
    return_on = models.DateField(null=True)  # when the committee means to look again
    began_on = models.DateField()
    public_at = models.DateTimeField(null=True)  # its report was published

    def __str__(self) -> str:
        return self.title


@track()
class GuideQuestion(models.Model):
    """A question of the visit guide: what every visitor looks at."""

    class About(models.TextChoices):
        STAFF = "staff", "Staff and their motivation"
        FACILITIES = "facilities", "Facilities"
        SPACE = "space", "Space"
        DEMAND = "demand", "Demand"
        PARTNERS = "partners", "Partners"
        USERS = "users", "What service users say"
        OTHER = "other", "Anything else"

    review = models.ForeignKey(Review, models.CASCADE, related_name="guide")
    order = models.PositiveSmallIntegerField()
    about = models.CharField(max_length=10, choices=About, default=About.OTHER)
    words = models.CharField(max_length=300)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.words


@track()
class Visit(models.Model):
    """A visit of members to one place."""

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        HELD = "held", "Held"
        CANCELLED = "cancelled", "Cancelled"

    review = models.ForeignKey(Review, models.PROTECT, related_name="visits")
    hub = models.ForeignKey("hubs.Hub", models.PROTECT, null=True, related_name="+")
    place = models.CharField(max_length=200)
    address = models.CharField(max_length=300, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    contact = models.CharField(max_length=200, blank=True)  # whom to ask for at the door
    travel = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.PLANNED)
    why = models.CharField(max_length=300, blank=True)  # cancelled

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="visit_ends_after_it_begins", condition=Q(ends_at__gt=F("starts_at"))
            ),
            models.CheckConstraint(
                name="visit_cancelled_says_why", condition=~Q(state="cancelled") | ~Q(why="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}, {self.starts_at:%d %B %Y}"


@track()
class Visitor(models.Model):
    """A member who goes on a visit."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="visitors")
    member = models.ForeignKey(Member, models.PROTECT, related_name="visits")
    went = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit", "member"], name="visitor_goes_once")
        ]

    def __str__(self) -> str:
        return str(self.member)


@track()
class VisitNote(models.Model):
    """What a visitor noted, at the place or after: one thing."""

    class Whose(models.TextChoices):
        OWN = "own", "What I saw"
        STAFF = "staff", "What staff said"
        USER = "user", "What a service user said"
        PARTNER = "partner", "What a partner said"

    key = models.UUIDField(default=uuid.uuid4, unique=True)  # of the phone: sent twice, kept once
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="notes")
    member = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    question = models.ForeignKey(GuideQuestion, models.PROTECT, null=True, related_name="+")
    about = models.CharField(
        max_length=10, choices=GuideQuestion.About, default=GuideQuestion.About.OTHER
    )
    whose = models.CharField(max_length=7, choices=Whose, default=Whose.OWN)
    # A service user's words are noted only with their consent, and say nothing of who they are.
    consent = models.BooleanField(default=False)
    words = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="words_of_a_service_user_with_consent",
                condition=~Q(whose="user") | Q(consent=True),
            )
        ]

    def __str__(self) -> str:
        return self.words[:60]


@track()
class Photo(models.Model):
    """A photograph of a visit."""

    key = models.UUIDField(default=uuid.uuid4, unique=True)
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="photos")
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    content = models.ForeignKey(Content, models.PROTECT, related_name="+")
    caption = models.CharField(max_length=200)
    people = models.BooleanField(default=False)  # somebody can be known on it
    consent = models.BooleanField(default=False)  # of everybody on it
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="photograph_of_people_with_consent",
                condition=Q(people=False) | Q(consent=True),
            )
        ]

    def __str__(self) -> str:
        return self.caption


@track()
class Theme(models.Model):
    """What the evidence of a review says about one matter, in the committee's words."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed from the notes"
        WRITTEN = "written", "Being written"
        AGREED = "agreed", "Agreed by the committee"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    review = models.ForeignKey(Review, models.PROTECT, related_name="themes")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=150)
    findings = models.TextField(blank=True)  # paragraphs
    state = models.CharField(max_length=8, choices=State, default=State.PROPOSED)
    proposed_because = models.TextField(blank=True)  # by the method, in words
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="themes")  # agreed in
    agreed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.title


@track()
class Evidence(models.Model):
    """What a theme rests on: a note of a visit, a figure, a paper. Where it lies, a person decides."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="evidence")
    theme = models.ForeignKey(Theme, models.SET_NULL, null=True, related_name="evidence")
    note = models.ForeignKey(VisitNote, models.PROTECT, null=True, related_name="evidence")
    sentence = models.PositiveSmallIntegerField(default=0)  # of the note
    figure = models.CharField(max_length=60, blank=True)  # key of an indicator
    words = models.TextField()
    tone = models.CharField(max_length=8, blank=True)  # praise, concern, or not to be told
    placed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    placed_at = models.DateTimeField()
    # Whoever noted it took it out of the note again. The row stays, with none of its words.
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="evidence_taken_back_says_nothing",
                condition=Q(taken_back_at__isnull=True) | Q(words="", theme__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["note", "sentence"],
                name="sentence_is_evidence_once",
                condition=Q(note__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.words[:60]


@track()
class Practice(models.Model):
    """Exemplar practice: what works somewhere, so that others can take it up."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    review = models.ForeignKey(Review, models.PROTECT, null=True, related_name="practices")
    title = models.CharField(max_length=150)
    what = models.TextField()
    hub = models.ForeignKey("hubs.Hub", models.PROTECT, null=True, related_name="+")
    where = models.CharField(max_length=200, blank=True)
    for_whom = models.CharField(max_length=300, blank=True)
    needs = models.TextField(blank=True)  # what it takes: people, money, premises
    shows = models.TextField(blank=True)  # evidence, in words
    figure = models.CharField(max_length=60, blank=True)  # key of an indicator that should move
    contact = models.CharField(max_length=200, blank=True)  # a post
    public_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "exemplar practice"

    def __str__(self) -> str:
        return self.title


@track()
class TakenUp(models.Model):
    """Another hub took up a practice. Its figure of that day is kept, to see whether it moved."""

    practice = models.ForeignKey(Practice, models.CASCADE, related_name="taken_up")
    hub = models.ForeignKey("hubs.Hub", models.PROTECT, related_name="+")
    since = models.DateField()
    words = models.CharField(max_length=300, blank=True)
    baseline = models.JSONField(default=dict, blank=True)
    ended_on = models.DateField(null=True)

    class Meta:
        verbose_name_plural = "taken up"

    def __str__(self) -> str:
        return f"{self.hub}: {self.practice}"
