"""How people live together, from one day until another: names, relationships, homes."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from kith.audit.history import track
from kith.families.models.records import Address, Person


def _days() -> Func:
    return Func("since", "until", Value("[)"), function="daterange", output_field=DateRangeField())


def _only(field: str) -> Func:
    """One number as a range: what lets a GiST index compare it for being the same."""
    return Func(
        field, field, Value("[]"), function="int8range", output_field=BigIntegerRangeField()
    )


@track()
class OtherName(models.Model):
    """A name that a person had before, or goes by besides the one on the record."""

    class Kind(models.TextChoices):
        FORMER = "former", "Had this name before"
        ALIAS = "alias", "Also uses this name"

    person = models.ForeignKey(Person, models.PROTECT, related_name="other_names")
    kind = models.CharField(max_length=6, choices=Kind)
    given_names = models.CharField(max_length=100, blank=True)
    family_name = models.CharField(max_length=100, blank=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="other_name_says_something",
                condition=~Q(given_names="") | ~Q(family_name=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.given_names} {self.family_name}".strip()


@track()
class Relationship(models.Model):
    """One person is something to another, from one day until another: `person` is `kind` of `other`."""

    class Kind(models.TextChoices):
        PARENT = "parent", "Parent"
        STEP_PARENT = "step_parent", "Step-parent"
        FOSTER_CARER = "foster_carer", "Foster carer"
        ADOPTIVE_PARENT = "adoptive", "Adoptive parent"
        GUARDIAN = "guardian", "Guardian"
        GRANDPARENT = "grandparent", "Grandparent"
        SIBLING = "sibling", "Brother or sister"
        HALF_SIBLING = "half_sibling", "Half-brother or half-sister"
        STEP_SIBLING = "step_sibling", "Step-brother or step-sister"
        PARTNER = "partner", "Husband, wife or partner"
        OTHER = "other", "Other relative or carer"

    # Each is to the other what the other is to them.
    MUTUAL = (Kind.SIBLING, Kind.HALF_SIBLING, Kind.STEP_SIBLING, Kind.PARTNER)

    person = models.ForeignKey(Person, models.PROTECT, related_name="relationships")
    other = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    parental_responsibility = models.BooleanField(null=True)  # None: not known
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="relationship_is_between_two_people", condition=~Q(person=F("other"))
            ),
            models.UniqueConstraint(
                fields=["person", "other", "kind"],
                name="relationship_open_once",
                condition=Q(until__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


@track()
class Residence(models.Model):
    """A person lives at one of a family's homes, from one day until another. A child may have two."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="residences")
    address = models.ForeignKey(Address, models.PROTECT, related_name="residences")
    # Which days, where they are at two homes: "Friday to Sunday, every other week".
    pattern = models.CharField(max_length=120, blank=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="nobody_lives_twice_at_one_home",
                expressions=[
                    (_only("person"), RangeOperators.OVERLAPS),
                    (_only("address"), RangeOperators.OVERLAPS),
                    (_days(), RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.address_id}"
