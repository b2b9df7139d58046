"""A hub asks children's social care to take a family up, and what social care says to it."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from kith.audit.history import track
from kith.casework.models.case import Case
from kith.casework.models.own_page import OpenedByCode
from kith.casework.models.sharing import Sharing

STEP_UP = "step_up"  # what a private link of social care opens


@track(exclude=["document"])
class StepUp(models.Model):
    """Early help is not enough: social care is asked, says that it has it, and decides."""

    class State(models.TextChoices):
        ASKED = "asked", "With the manager"
        SENT = "sent", "Sent, no receipt yet"
        RECEIVED = "received", "Received, not decided yet"
        DECIDED = "decided", "Decided"
        REFUSED = "refused", "Not sent: the manager decided otherwise"
        WITHDRAWN = "withdrawn", "Taken back"

    class Way(models.TextChoices):
        EMAIL = "email", "By e-mail, with a private link"
        PHONE = "phone", "By telephone"

    class Decision(models.TextChoices):
        ACCEPTED = "accepted", "Social care takes the family up"
        NO_FURTHER_ACTION = "no_further_action", "No further action"
        BACK = "back", "Early help is the right help: it goes on"

    OPEN = (State.ASKED, State.SENT, State.RECEIVED)
    case = models.ForeignKey(Case, models.PROTECT, related_name="step_ups")
    organisation = models.ForeignKey("partners.Organisation", models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    reason = models.TextField()  # why early help is not enough
    tried = models.TextField()
    # On what ground social care is told: what becomes of it when it is sent is `sharing`.
    ground = models.CharField(max_length=12, choices=Sharing.Ground)
    agreed_by = models.CharField(max_length=200, blank=True)
    giver = models.CharField(max_length=12, choices=Sharing.Giver, blank=True)
    how = models.CharField(max_length=10, choices=Sharing.How, blank=True)
    ground_reason = models.TextField(blank=True)
    sharing = models.ForeignKey(Sharing, models.PROTECT, null=True, related_name="step_ups")
    asked_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    # The manager's word: sent, refused, or taken back.
    answered_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    # Why a county lead answered, and no manager of the hub.
    instead = models.CharField(max_length=300, blank=True)
    way = models.CharField(max_length=5, choices=Way, blank=True)
    spoke_with = models.CharField(max_length=200, blank=True)
    document = models.JSONField(encoder=DjangoJSONEncoder, default=dict)  # exactly what was sent
    # The receipt, and what social care decided: by its private link, or as it told the hub.
    received_by = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField(null=True)
    receipt_kept_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+"
    )
    their_reference = models.CharField(max_length=100, blank=True)
    decision = models.CharField(max_length=20, choices=Decision, blank=True)
    decision_words = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decision_kept_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                name="case_is_stepped_up_once_at_a_time",
                condition=Q(state__in=["asked", "sent", "received"]),
            ),
            models.CheckConstraint(
                name="step_up_has_consent_or_a_reason",
                condition=Q(ground="consent") & ~Q(agreed_by="")
                | ~Q(ground="consent") & ~Q(ground_reason=""),
            ),
            models.CheckConstraint(
                name="step_up_sent_says_who_and_how_and_on_what_ground",
                condition=~Q(state__in=["sent", "received", "decided"])
                | Q(answered_at__isnull=False, answered_by__isnull=False, sharing__isnull=False)
                & ~Q(way=""),
            ),
            models.CheckConstraint(
                name="step_up_decided_was_received",
                condition=~Q(state__in=["received", "decided"])
                | Q(received_at__isnull=False) & ~Q(received_by=""),
            ),
            models.CheckConstraint(
                name="step_up_decided_says_what",
                condition=Q(state="decided", decided_at__isnull=False) & ~Q(decision="")
                | ~Q(state="decided") & Q(decision="", decided_at__isnull=True),
            ),
        ]
        indexes = [models.Index(fields=["case"], name="step_up_case")]

    def __str__(self) -> str:
        return f"to {self.organisation}"


class StepUpPage(OpenedByCode):
    """Where social care reads a request: its link leads here, and a code that goes to the address to
    which the link went opens it."""

    step_up = models.OneToOneField(StepUp, models.PROTECT, related_name="page")


class ServicePage(OpenedByCode):
    """Where a service that is asked to take a family reads of it: opened by a link and a code."""

    sending = models.OneToOneField("referrals.Sending", models.PROTECT, related_name="page")
    chased_at = models.DateTimeField(null=True)  # asked once more, when nobody answered
