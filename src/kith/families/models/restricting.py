"""Records kept to named people: a family, or one of its addresses."""

from django.db import models
from django.db.models import Q

from kith.families.models.records import Address, Family


class Restriction(models.Model):
    """A family's record, or one address of it, is kept to those named, for a reason.

    The database's wall (`accounts.guards.wall_restricted`) is worked out from it by triggers.
    """

    class Reason(models.TextChoices):
        STAFF = "staff", "The family of somebody who works here"
        REFUGE = "refuge", "A refuge or another secret address"
        ADOPTION = "adoption", "Adoption"
        OTHER = "other", "Another reason"

    family = models.ForeignKey(Family, models.PROTECT, related_name="restrictions")
    # An address that is masked; none where the whole record is restricted.
    address = models.ForeignKey(Address, models.PROTECT, null=True, related_name="restrictions")
    reason = models.CharField(max_length=8, choices=Reason)
    words = models.TextField()
    # While records are put together, what restricts one restricts all: this stands for that one.
    mirror_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="mirrors")
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["family"],
                name="family_is_restricted_once",
                condition=Q(address__isnull=True, ended_at__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["address"],
                name="address_is_masked_once",
                condition=Q(ended_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return "masked address" if self.address_id else "restricted record"


class Named(models.Model):
    """Somebody who may see what is restricted, from when until when."""

    restriction = models.ForeignKey(Restriction, models.PROTECT, related_name="named")
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["restriction", "user"],
                name="somebody_is_named_once",
                condition=Q(ended_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} of {self.restriction_id}"
