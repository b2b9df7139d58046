"""Working with a family: who does, first contact, the plan's actions, notes, and how it ended."""

from datetime import timedelta

import pgtrigger
from django.db import models
from django.db.models import F, Q

from kith.audit.history import track
from kith.audit.models import AppendOnly
from kith.referrals.models import KeptFile

# What is written down longer than this after it happened is marked as a late entry.
LATE_AFTER = timedelta(days=3)

# What a case may become. The database refuses every other move.
MOVES: dict[str, tuple[str, ...]] = {
    "unallocated": ("open", "closed"),
    "open": ("unallocated", "closed"),  # unallocated: handed to another hub
    "closed": ("unallocated",),  # opened again
}


class Intensity(models.TextChoices):
    """How much work a family needs at present."""

    LIGHT = "light", "Light"
    USUAL = "usual", "Usual"
    INTENSIVE = "intensive", "Intensive"


@track()
class Case(models.Model):
    """A hub works with a family, from the day a request was accepted until it closes."""

    seen_by: int | None = None  # for whom `queries.case_called` found it

    class Status(models.TextChoices):
        UNALLOCATED = "unallocated", "Waiting for a worker"
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"

    class ClosingReason(models.TextChoices):
        GOALS_MET = "goals_met", "What was agreed has been reached"
        UNIVERSAL = "universal", "Everyday services are enough now"
        STEPPED_UP = "stepped_up", "Passed to children's social care"
        MOVED = "moved", "The family moved away"
        DECLINED = "declined", "The family did not want the help"
        NO_CONTACT = "no_contact", "The family could not be reached"
        OTHER_SERVICE = "other_service", "Another service took over"

    class Outcome(models.TextChoices):
        MUCH_BETTER = "much_better", "Much better"
        BETTER = "better", "Better"
        SAME = "same", "About the same"
        WORSE = "worse", "Worse"
        UNKNOWN = "unknown", "Not known"

    reference = models.CharField(max_length=16, unique=True)  # C-2026-004217
    family = models.ForeignKey("families.Family", models.PROTECT, related_name="+")
    team = models.ForeignKey("accounts.Team", models.PROTECT, related_name="+")  # the hub's
    referral = models.OneToOneField("referrals.Referral", models.PROTECT, related_name="case")
    status = models.CharField(max_length=12, choices=Status, default=Status.UNALLOCATED)
    worker = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    intensity = models.CharField(
        max_length=10, choices=Intensity, default=Intensity.USUAL, db_default=Intensity.USUAL
    )
    opened_at = models.DateTimeField()
    allocated_at = models.DateTimeField(null=True)
    contact_by = models.DateTimeField()  # the promise of first contact
    first_contact_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closing_reason = models.CharField(max_length=16, choices=ClosingReason, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    closing_words = models.TextField(blank=True)  # for the sender
    family_words = models.TextField(blank=True)  # for the family, in plain words
    # What became of what was open when it closed: what, and how it ended or goes on.
    became = models.JSONField(default=list, db_default=[], blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="case_closed_has_when_why_and_what",
                condition=Q(status="closed", closed_at__isnull=False)
                & ~Q(closing_reason="")
                & ~Q(outcome="")
                | ~Q(status="closed") & Q(closed_at__isnull=True, closing_reason="", outcome=""),
            ),
            models.CheckConstraint(
                name="case_open_has_a_worker",
                condition=~Q(status="open") | Q(worker__isnull=False, allocated_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["family"], name="case_family"),
            models.Index(fields=["worker", "status"], name="case_worker"),
            models.Index(fields=["team", "status", "opened_at"], name="case_team"),
        ]
        triggers = [
            pgtrigger.FSM(
                name="case_moves_as_it_may",
                field="status",
                transitions=[(before, after) for before in MOVES for after in MOVES[before]],
            )
        ]

    def __str__(self) -> str:
        return self.reference


class Allocation(models.Model):
    """Who has worked with the family, from when to when."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="allocations")
    worker = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], name="case_has_one_worker", condition=Q(until__isnull=True)
            ),
            models.CheckConstraint(
                name="allocation_ends_after_it_begins",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.worker}"


class Handover(AppendOnly):
    """A hub passed its case to another hub."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="handovers")
    from_team = models.ForeignKey("accounts.Team", models.PROTECT, related_name="+")
    to_team = models.ForeignKey("accounts.Team", models.PROTECT, related_name="+")
    reason = models.TextField()
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"from {self.from_team} to {self.to_team}"


class Reopening(AppendOnly):
    """A closed case was opened again. How it had ended is kept here."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="reopenings")
    reason = models.TextField()
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    had_closed_at = models.DateTimeField()
    had_closing_reason = models.CharField(max_length=16, choices=Case.ClosingReason)
    had_outcome = models.CharField(max_length=12, choices=Case.Outcome)
    had_closing_words = models.TextField(blank=True)
    had_family_words = models.TextField(blank=True)
    had_became = models.JSONField(default=list, db_default=[], blank=True)

    def __str__(self) -> str:
        return f"opened again on {self.at:%d %B %Y}"


class Contact(AppendOnly):
    """A try to reach the family, and whether it succeeded."""

    class How(models.TextChoices):
        PHONE = "phone", "Telephone"
        VISIT = "visit", "Home visit"
        MEETING = "meeting", "Met elsewhere"
        TEXT = "text", "Text message"
        EMAIL = "email", "E-mail"
        LETTER = "letter", "Letter"

    case = models.ForeignKey(Case, models.PROTECT, related_name="contacts")
    at = models.DateTimeField()
    how = models.CharField(max_length=10, choices=How)
    with_whom = models.CharField(max_length=200, blank=True)
    succeeded = models.BooleanField()
    words = models.TextField(blank=True)
    child_seen = models.BooleanField(default=False, db_default=False)
    seen_alone = models.BooleanField(default=False, db_default=False)  # without a parent or carer
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        constraints = [
            models.CheckConstraint(
                name="contact_child_seen_alone_was_seen",
                condition=Q(seen_alone=False) | Q(child_seen=True, succeeded=True),
            )
        ]
        indexes = [models.Index(fields=["case", "at"], name="contact_case")]

    def __str__(self) -> str:
        return f"{self.get_how_display()}"

    @property
    def late(self) -> bool:
        return self.recorded_at - self.at > LATE_AFTER


class Note(AppendOnly):
    """Something worth keeping. A note is never changed; another may add to it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="notes")
    adds_to = models.ForeignKey("self", models.PROTECT, null=True, related_name="additions")
    happened_at = models.DateTimeField()
    words = models.TextField()
    child_seen = models.BooleanField(default=False)
    seen_alone = models.BooleanField(default=False, db_default=False)  # without a parent or carer
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        constraints = [
            models.CheckConstraint(
                name="note_child_seen_alone_was_seen",
                condition=Q(seen_alone=False) | Q(child_seen=True),
            )
        ]
        indexes = [models.Index(fields=["case", "happened_at"], name="note_case")]

    def __str__(self) -> str:
        return f"note of {self.happened_at:%d %B %Y}"

    @property
    def late(self) -> bool:
        return self.recorded_at - self.happened_at > LATE_AFTER


class NoteFile(KeptFile):
    """A file kept with a note, written with it and never taken away; another note may add more."""

    note = models.ForeignKey(Note, models.PROTECT, related_name="files")

    class Meta:
        indexes = [
            models.Index(
                fields=["added_at"],
                name="note_file_not_scanned",
                condition=Q(scan__in=["none", "waiting"]),
            )
        ]
