"""A hub offers its case to another hub, which takes it over or says why not."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from kith.audit.history import track
from kith.casework.models.case import Case


@track()
class HandoverOffer(models.Model):
    """A hub asks another to take over a case. Until it is taken over, the first hub has the case."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting for an answer"
        ACCEPTED = "accepted", "Taken over"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Taken back"

    case = models.ForeignKey(Case, models.PROTECT, related_name="handover_offers")
    from_team = models.ForeignKey("accounts.Team", models.PROTECT, related_name="+")
    to_team = models.ForeignKey("accounts.Team", models.PROTECT, related_name="+")
    reason = models.TextField()
    stands = models.TextField()  # where things stand
    due = models.TextField(blank=True)  # what is due next
    family_knows = models.BooleanField()
    told = models.TextField()  # what the family was told, or why it was not
    # What the other hub is shown before it has the case: people, plan, agreements, who is involved.
    facts = models.JSONField(encoder=DjangoJSONEncoder)
    offered_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    answered_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)  # why it is declined or taken back
    worker = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                name="case_is_offered_to_one_hub_at_a_time",
                condition=Q(state="waiting"),
            ),
            models.CheckConstraint(
                name="handover_offer_is_to_another_hub",
                condition=~Q(from_team=models.F("to_team")),
            ),
            models.CheckConstraint(
                name="handover_offer_answered_says_who_and_when",
                condition=Q(state="waiting", answered_at=None, answered_by=None, worker=None)
                | Q(state="accepted", answered_at__isnull=False, answered_by__isnull=False)
                & Q(worker__isnull=False)
                | Q(state__in=["declined", "withdrawn"], worker=None)
                & Q(answered_at__isnull=False, answered_by__isnull=False)
                & ~Q(answer=""),
            ),
        ]
        indexes = [models.Index(fields=["case"], name="handover_offer_case")]

    def __str__(self) -> str:
        return f"from {self.from_team} to {self.to_team}"
