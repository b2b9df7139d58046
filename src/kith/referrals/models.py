"""The one front door: requests for help, and what was decided."""

import uuid
from datetime import date

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, Value

from kith.audit.history import track
from kith.audit.models import AppendOnly

DECISIONS = ("accepted", "sent_on", "social_care", "already_helped", "no_further_action")
# The state machine of a request. The database refuses every other move, whoever makes it.
MOVES: dict[str, tuple[str, ...]] = {
    "waiting": ("more_asked", *DECISIONS, "withdrawn"),
    "more_asked": ("waiting", *DECISIONS, "withdrawn"),
    "accepted": (),
    "sent_on": ("waiting",),
    "social_care": ("waiting",),
    "already_helped": ("waiting",),
    "no_further_action": ("waiting",),
    "withdrawn": ("waiting",),
}


class Need(models.Model):
    """What a family may need help with. The county edits the list; each maps to DfE's codes."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    plain_name = models.CharField(max_length=160)  # as a parent or young person would say it
    primary_need = models.CharField(max_length=2)  # DfE: N0 to N9
    safeguarding = models.BooleanField(default=False)  # choosing it shows the safeguarding stop
    active = models.BooleanField(default=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class WarningWord(models.Model):
    """A word or phrase that suggests danger: writing it shows the safeguarding stop."""

    text = models.CharField(max_length=60, unique=True)  # small letters

    class Meta:
        ordering = ["text"]

    def __str__(self) -> str:
        return self.text


class Draft(models.Model):
    """A request that somebody has begun. It expires, and says so."""

    key_hash = models.CharField(max_length=64, unique=True)  # of the secret the browser holds
    owner = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    answers = models.JSONField(default=dict)
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    referral = models.OneToOneField(
        "referrals.Referral", models.PROTECT, null=True, related_name="draft"
    )
    # When an answer first suggested that a child may be in danger, and when the desk was told of
    # it because the request was then not sent.
    danger_at = models.DateTimeField(null=True)
    desk_told_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["owner", "-changed_at"], name="draft_mine"),
            models.Index(fields=["expires_at"], name="draft_expires"),
        ]

    def __str__(self) -> str:
        return "unfinished request"


@track(exclude=["as_sent"])
class Referral(models.Model):
    """A request, from anyone, that a family be offered early help."""

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting for a decision"
        MORE_ASKED = "more_asked", "Waiting for an answer from the sender"
        ACCEPTED = "accepted", "Accepted"
        SENT_ON = "sent_on", "Sent on to another service"
        SOCIAL_CARE = "social_care", "Passed to children's social care"
        ALREADY_HELPED = "already_helped", "Already being helped"
        NO_FURTHER_ACTION = "no_further_action", "No further action"
        WITHDRAWN = "withdrawn", "Withdrawn by the sender"

    class Channel(models.TextChoices):
        WEB = "web", "On the website"
        API = "api", "From a partner's system"
        FILE = "file", "From a file"

    class Sender(models.TextChoices):
        PARTNER = "partner", "A professional who is signed in"
        PROFESSIONAL = "professional", "A professional without an account"
        PARENT = "parent", "A parent or carer"
        YOUNG_PERSON = "young_person", "A young person"
        OTHER = "other", "Somebody else"

    class Basis(models.TextChoices):
        CONSENT = "consent", "The family agreed"
        NO_CONSENT = "no_consent", "Shared without agreement, for a lawful reason"

    UNDECIDED = (Status.WAITING, Status.MORE_ASKED)
    reference = models.CharField(max_length=16, unique=True)  # R-2026-004217
    family = models.ForeignKey("families.Family", models.PROTECT, related_name="+")
    # With whom it lies: the county desk, then the hub that accepts it.
    team = models.ForeignKey("accounts.Team", models.PROTECT, related_name="+")
    status = models.CharField(max_length=20, choices=Status, default=Status.WAITING)
    received_at = models.DateTimeField()
    decide_by = models.DateTimeField()  # the promise, worked out when it arrives
    held_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    held_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    urgent = models.BooleanField(default=False)  # a safeguarding answer was given on the way

    # Who asks
    channel = models.CharField(max_length=8, choices=Channel)
    sender_kind = models.CharField(max_length=14, choices=Sender)
    sender = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    sender_team = models.ForeignKey("accounts.Team", models.PROTECT, null=True, related_name="+")
    sender_organisation = models.ForeignKey(
        "partners.Organisation", models.PROTECT, null=True, related_name="+"
    )
    sender_name = models.CharField(max_length=200)
    sender_role = models.CharField(max_length=200, blank=True)
    sender_organisation_name = models.CharField(max_length=200, blank=True)
    sender_email = models.EmailField(blank=True)
    sender_phone = models.CharField(max_length=40, blank=True)
    sender_reference = models.CharField(max_length=100, blank=True)  # their own number for it
    source = models.CharField(max_length=2)  # DfE contact source code, such as 2A

    # What is asked
    worry = models.TextField()
    going_well = models.TextField(blank=True)
    tried = models.TextField(blank=True)
    would_be_different = models.TextField(blank=True)
    needs = models.ManyToManyField(Need, through="ReferralNeed", related_name="+")
    groups = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    # In what a place is asked for, where somebody came from its page in the directory.
    service = models.ForeignKey(
        "directory.Service", models.PROTECT, null=True, blank=True, related_name="+"
    )

    # Agreement
    basis = models.CharField(max_length=12, choices=Basis)
    agreed_by = models.CharField(max_length=200, blank=True)
    agreed_how = models.CharField(max_length=20, blank=True)
    agreed_on = models.DateField(null=True)
    lawful_reason = models.TextField(blank=True)
    agencies_told = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    outcome_may_be_told = models.BooleanField(default=True)

    # How to reach the family
    interpreter = models.CharField(max_length=60, blank=True)
    contact_by = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    contact_advice = models.TextField(blank=True)
    post_is_safe = models.BooleanField(default=True)

    # The answers as they were given, for ever.
    as_sent = models.JSONField(default=dict)

    class Meta:
        triggers = [
            pgtrigger.FSM(
                name="moves",
                field="status",
                transitions=[(before, after) for before in MOVES for after in MOVES[before]],
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="referral_decision_has_who_and_when",
                condition=Q(
                    status__in=["waiting", "more_asked", "withdrawn"],
                    decided_at__isnull=True,
                    decided_by__isnull=True,
                )
                | ~Q(status__in=["waiting", "more_asked", "withdrawn"])
                & Q(decided_at__isnull=False, decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="referral_has_agreement_or_a_lawful_reason",
                condition=Q(basis="consent") & ~Q(agreed_by="")
                | Q(basis="no_consent") & ~Q(lawful_reason=""),
            ),
            models.UniqueConstraint(
                name="sender_number_used_once",
                fields=["sender_team", "sender_reference"],
                condition=~Q(sender_reference="") & Q(sender_team__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["decide_by", "id"],
                name="referral_undecided",
                condition=Q(status__in=["waiting", "more_asked"]),
            ),
            models.Index(fields=["family"], name="referral_family"),
            models.Index(fields=["team", "status", "-received_at"], name="referral_team"),
            models.Index(fields=["sender_team", "-received_at"], name="referral_sender_team"),
            models.Index(fields=["sender", "-received_at"], name="referral_sender"),
            models.Index(fields=["received_at"], name="referral_received"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def service_name(self) -> str:
        """What the service was called in which a place is asked for; "" where none is."""
        return str(self.as_sent.get("service_name", ""))


class ReferralNeed(models.Model):
    """A need named in a request; one is the main one."""

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="named_needs")
    need = models.ForeignKey(Need, models.PROTECT, related_name="+")
    main = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["referral", "need"], name="need_named_once"),
            models.UniqueConstraint(
                fields=["referral"], name="one_main_need", condition=Q(main=True)
            ),
        ]

    def __str__(self) -> str:
        return str(self.need)


class ReferralChild(models.Model):
    """A child or young person for whom help is asked, and where they learn."""

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="children")
    person = models.ForeignKey("families.Person", models.PROTECT, related_name="+")
    school = models.ForeignKey("partners.Organisation", models.PROTECT, null=True, related_name="+")
    school_name = models.CharField(max_length=200, blank=True)  # where it is not in the list
    year_group = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["referral", "person"], name="child_named_once")
        ]
        indexes = [models.Index(fields=["person"], name="referral_child_person")]

    def __str__(self) -> str:
        return f"child {self.person_id}"


class KeptFile(models.Model):
    """A file, checked by type and size and scanned where the county has a scanner. Kept in the
    database, under its walls."""

    class Scan(models.TextChoices):
        NONE = "none", "Not scanned for viruses"
        WAITING = "waiting", "Waiting to be scanned for viruses"
        CLEAN = "clean", "Scanned: no virus found"
        VIRUS = "virus", "Held a virus, and was thrown away"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=150)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    content = models.BinaryField()
    added_at = models.DateTimeField()
    scan = models.CharField(max_length=10, choices=Scan, default=Scan.NONE)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def may_be_opened(self) -> bool:
        """Whether it was scanned, or the county has nothing that scans."""
        if self.scan == self.Scan.VIRUS:
            return False
        return self.scan == self.Scan.CLEAN or not settings.KITH_CLAMD

    @property
    def scan_in_words(self) -> str:
        """What is known of viruses in it. One that came before there was a scanner waits for it."""
        unscanned = self.scan == self.Scan.NONE and settings.KITH_CLAMD
        return self.Scan.WAITING.label if unscanned else self.get_scan_display()


class Attachment(KeptFile):
    """A file sent with a request."""

    referral = models.ForeignKey(Referral, models.PROTECT, null=True, related_name="attachments")
    draft = models.ForeignKey(Draft, models.CASCADE, null=True, related_name="attachments")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="attachment_belongs_to_a_request_or_a_draft",
                condition=Q(referral__isnull=False) | Q(draft__isnull=False),
            )
        ]
        indexes = [
            models.Index(
                fields=["added_at"],
                name="attachment_not_scanned",
                condition=Q(scan__in=["none", "waiting"]),
            )
        ]


class Step(models.Model):
    """One step of a request's way, in the order taken: what happened, why, and what the sender is told."""

    class Kind(models.TextChoices):
        RECEIVED = "received", "Received"
        ASKED = "asked", "More was asked for"
        ANSWERED = "answered", "The sender answered"
        ACCEPTED = "accepted", "Accepted by a hub"
        SENT_ON = "sent_on", "Sent on to another service"
        SOCIAL_CARE = "social_care", "Passed to children's social care"
        ALREADY_HELPED = "already_helped", "Already being helped"
        NO_FURTHER_ACTION = "no_further_action", "No further action"
        WITHDRAWN = "withdrawn", "Withdrawn by the sender"
        REOPENED = "reopened", "Opened again"
        FIRST_CONTACT = "first_contact", "First contact with the family"
        ENDED = "ended", "Help has ended"
        MOVED = "moved", "Another hub took over"
        RESUMED = "resumed", "Help has begun again"

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=20, choices=Kind)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)  # for the record
    words = models.TextField(blank=True)  # for the sender
    # For the family, at the end. A version before this one adds steps without it.
    family_words = models.TextField(blank=True, db_default="")
    hub = models.ForeignKey("hubs.Hub", models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(
        "partners.Organisation", models.PROTECT, null=True, related_name="+"
    )
    told_at = models.DateTimeField(null=True)  # when word went to the sender

    class Meta:
        indexes = [models.Index(fields=["referral", "at"], name="step_in_order")]

    def __str__(self) -> str:
        return self.get_kind_display()


class WithheldAddress(models.Model):
    """The address in a request as it was sent, while the family's address is masked.

    Triggers take it out of the request, and put it back once nothing of the family is masked: a
    masked address stands in no copy. See migration 0010.
    """

    referral = models.OneToOneField(Referral, models.PROTECT, related_name="+")
    told = models.JSONField()

    def __str__(self) -> str:
        return "withheld address"


class Receipt(models.Model):
    """A partner system's request was received: the same key again gets the same answer."""

    team = models.ForeignKey("accounts.Team", models.PROTECT, related_name="+")
    key = models.CharField(max_length=100)
    body_hash = models.CharField(max_length=64)
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "key"], name="receipt_once")]

    def __str__(self) -> str:
        return self.key


class RequestFile(models.Model):
    """A file of requests that a partner sent. Its content goes once every row has been read."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey("accounts.Team", models.PROTECT, related_name="+")
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    name = models.CharField(max_length=150)
    rows = models.PositiveIntegerField()
    content = models.BinaryField()
    job = models.ForeignKey("jobs.Job", models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["team", "-at"], name="request_file_team")]

    def __str__(self) -> str:
        return "file of requests"


class FileRow(models.Model):
    """What became of one row of a file."""

    class Outcome(models.TextChoices):
        SENT = "sent", "Sent"
        CHANGED = "changed", "Changed the request you sent before"
        SAME = "same", "Sent before, nothing new"
        DECIDED = "decided", "Already decided, so left as it is"
        REFUSED = "refused", "Not sent: mend it and send it again"

    file = models.ForeignKey(RequestFile, models.PROTECT, related_name="read_rows")
    number = models.PositiveIntegerField()  # as the spreadsheet counts
    outcome = models.CharField(max_length=8, choices=Outcome)
    referral = models.ForeignKey(Referral, models.PROTECT, null=True, related_name="+")
    problems = models.JSONField(default=list)  # pairs of a heading and what to do
    cells = models.JSONField(default=dict)  # of a refused row, so that it can be given back

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="row_read_once"),
            models.CheckConstraint(
                name="row_that_was_sent_has_its_request",
                condition=Q(outcome="refused", referral__isnull=True)
                | ~Q(outcome="refused") & Q(referral__isnull=False, cells={}),
            ),
        ]

    def __str__(self) -> str:
        return f"row {self.number}"


@track()
class StepDown(models.Model):
    """Children's social care passes a family to early help: the plan so far, and what to watch."""

    referral = models.OneToOneField(Referral, models.PROTECT, related_name="step_down")
    plan = models.TextField()  # what was done so far, and what goes on
    last_on = models.DateField()  # the last day of social care's work
    watch = models.TextField()  # what must be watched, and when to ask again
    social_worker = models.CharField(max_length=200, blank=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    # The hub's receipt, which is sent to social care.
    receipt_at = models.DateTimeField(null=True)
    receipt_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    receipt_words = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="step_down_receipt_says_who_and_what",
                condition=Q(receipt_at__isnull=True, receipt_by__isnull=True, receipt_words="")
                | Q(receipt_at__isnull=False, receipt_by__isnull=False) & ~Q(receipt_words=""),
            )
        ]

    def __str__(self) -> str:
        return f"step-down of {self.written_at:%d %B %Y}"


SENDING = "sending"  # what a private link of a service that is asked opens


class Sending(AppendOnly):
    """A family was told of a service of the directory, or the service was asked to take them."""

    class Kind(models.TextChoices):
        SIGNPOSTED = "signposted", "Signposted to"
        REFERRED = "referred", "Referred to"

    class How(models.TextChoices):
        SPOKEN = "spoken", "In person"
        PHONE = "phone", "By telephone"
        MESSAGE = "message", "In a text or an e-mail"
        LETTER = "letter", "In a letter"
        LEAFLET = "leaflet", "With a leaflet"
        LINK = "link", "By e-mail, with a private link"

    kind = models.CharField(max_length=10, choices=Kind)
    family = models.ForeignKey("families.Family", models.PROTECT, related_name="+")
    person = models.ForeignKey("families.Person", models.PROTECT, null=True, related_name="+")
    service = models.ForeignKey("directory.Service", models.PROTECT, related_name="+")
    # As they were called then: an entry may change, or be hidden.
    service_name = models.CharField(max_length=200)
    provider_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    how = models.CharField(max_length=10, choices=How)
    words = models.TextField(blank=True)  # why this one, and what was said
    ask_on = models.DateField(null=True)  # when to ask how it went
    # The request at whose decision it was; none where a hub already helps.
    referral = models.ForeignKey(Referral, models.PROTECT, null=True, related_name="sendings")
    # Of one that was asked to take the family: who of them agreed, what the service is shown, and
    # where its link went, or with whom somebody spoke.
    agreed_by = models.CharField(max_length=200, blank=True, db_default="")
    agreed_how = models.CharField(max_length=20, blank=True, db_default="")
    shown = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    asked_of = models.CharField(max_length=254, blank=True, db_default="")

    class Meta(AppendOnly.Meta):
        indexes = [
            models.Index(fields=["family", "-at"], name="sending_family"),
            models.Index(fields=["service", "-at"], name="sending_service"),
            models.Index(
                fields=["referral"],
                name="sending_referral",
                condition=Q(referral__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="a_service_is_asked_with_agreement",
                condition=Q(kind="signposted") | ~Q(agreed_by="") & ~Q(agreed_how=""),
            )
        ]

    def __str__(self) -> str:
        return self.service_name

    @property
    def last(self) -> "SendingOutcome | None":
        """What is known of how it went, as far as it was read with this (`sendings.of_family`)."""
        return next(iter(self.outcomes.all()), None)

    @property
    def last_said(self) -> "SendingOutcome | None":
        """What the service itself said of it last, read in the same way."""
        return next((one for one in self.outcomes.all() if one.said_by), None)

    @property
    def to_ask_on(self) -> date | None:
        """When to ask how it went, or how it goes on."""
        return self.last.ask_on if self.last else self.ask_on


class SendingOutcome(AppendOnly):
    """How it went, as it was known on a day. What was said before stays; the last one counts."""

    class Outcome(models.TextChoices):
        UNKNOWN = "unknown", "Not known yet"
        OFFERED = "offered", "There is a place for them"
        STARTED = "started", "They go there, or have begun"
        WAITING = "waiting", "They are waiting for a place"
        DID_NOT_GO = "did_not_go", "They did not go"
        NOT_SUITABLE = "not_suitable", "It was not right for them"
        FULL = "full", "It was full, or did not take them"
        NOT_REACHED = "not_reached", "The family could not be reached"
        MOVED_ON = "moved_on", "They went, and have moved on"
        CHANGED_MIND = "changed_mind", "The family does not want it any more"
        MISTAKE = "mistake", "This was written down by mistake"

    # After these there is something left to ask.
    OPEN = (Outcome.UNKNOWN, Outcome.OFFERED, Outcome.WAITING)
    # What a service that was asked says itself; and after what it is asked no more.
    BY_SERVICE = (
        Outcome.OFFERED,
        Outcome.WAITING,
        Outcome.FULL,
        Outcome.NOT_SUITABLE,
        Outcome.NOT_REACHED,
        Outcome.STARTED,
        Outcome.DID_NOT_GO,
    )
    TAKEN_BACK = (Outcome.CHANGED_MIND, Outcome.MISTAKE)

    sending = models.ForeignKey(Sending, models.PROTECT, related_name="outcomes")
    outcome = models.CharField(max_length=14, choices=Outcome)
    on = models.DateField()  # on which day it was so
    words = models.TextField(blank=True)
    ask_on = models.DateField(null=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    said_by = models.CharField(
        max_length=200, blank=True, db_default=""
    )  # where the service says so
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["sending", "-at"], name="sending_outcome_last")]
        constraints = [
            models.CheckConstraint(
                name="only_what_is_open_is_asked_about_again",
                condition=Q(ask_on__isnull=True) | Q(outcome__in=["unknown", "offered", "waiting"]),
            ),
            models.CheckConstraint(
                name="an_outcome_is_said_by_somebody",
                condition=Q(by__isnull=False) | ~Q(said_by=""),
            ),
        ]

    def __str__(self) -> str:
        return self.get_outcome_display()

    @property
    def colour(self) -> str:
        """The colour of its tag."""
        return {
            "offered": "turquoise",
            "started": "green",
            "moved_on": "green",
            "waiting": "yellow",
        }.get(self.outcome, "grey")

    @property
    def teller(self) -> str:
        """Who said so: somebody of the service, or whoever wrote it down."""
        return f"{self.said_by}, for the service" if self.said_by else str(self.by)
