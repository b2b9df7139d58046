"""Who we help: people, the families they belong to, and which teams may know of them.

A merge moves nothing. It says that two records are one (`merged_into`), and undoing it takes the
sentence back; every row stays attached to the record it was written for.
"""

import re

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from kith.audit.history import track


@track()
class Family(models.Model):
    """A family we help, or were asked to help."""

    reference = models.CharField(max_length=12, unique=True)  # F-004217
    name = models.CharField(max_length=200)  # how it is spoken of: "Okafor and Reed"
    made_at = models.DateTimeField()
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    # The record that stands for all that are merged together; itself when there are none.
    head = models.ForeignKey("self", models.PROTECT, null=True, related_name="cluster")

    class Meta:
        verbose_name_plural = "families"
        constraints = [
            models.CheckConstraint(
                name="family_is_not_merged_into_itself",
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.reference})"


@track()
class Person(models.Model):
    """A child, parent or other person of a family."""

    class Sex(models.TextChoices):
        FEMALE = "F", "Female"
        MALE = "M", "Male"
        UNKNOWN = "U", "Not known"

    given_names = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100)
    known_as = models.CharField(max_length=100, blank=True)
    date_of_birth = models.DateField(null=True, blank=True)
    expected_on = models.DateField(null=True, blank=True)  # of an unborn child
    died_on = models.DateField(null=True, blank=True)  # of one unborn: the pregnancy ended
    sex = models.CharField(max_length=1, choices=Sex, default=Sex.UNKNOWN)
    ethnicity = models.CharField(max_length=4, blank=True)  # DfE code, such as WBRI
    disabilities = ArrayField(models.CharField(max_length=4), default=list, blank=True)
    language = models.CharField(max_length=60, blank=True)
    interpreter_needed = models.BooleanField(default=False)
    young_carer = models.BooleanField(default=False)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    head = models.ForeignKey("self", models.PROTECT, null=True, related_name="cluster")

    class Meta:
        verbose_name_plural = "people"
        constraints = [
            models.CheckConstraint(
                name="person_is_born_or_expected_not_both",
                condition=Q(date_of_birth__isnull=True) | Q(expected_on__isnull=True),
            ),
            models.CheckConstraint(
                name="person_is_not_merged_into_themselves",
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
            ),
            models.CheckConstraint(
                name="nobody_dies_before_they_are_born",
                condition=Q(died_on__isnull=True)
                | Q(date_of_birth__isnull=True)
                | Q(died_on__gte=F("date_of_birth")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.given_names} {self.family_name}".strip()


@track()
class Membership(models.Model):
    """A person belongs to a family, as something, from one day until another."""

    class Role(models.TextChoices):
        CHILD = "child", "Child or young person"
        MOTHER = "mother", "Mother"
        FATHER = "father", "Father"
        STEP_PARENT = "step_parent", "Step-parent or parent's partner"
        CARER = "carer", "Other carer"
        GRANDPARENT = "grandparent", "Grandparent"
        OTHER = "other", "Other adult"

    family = models.ForeignKey(Family, models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role)
    parental_responsibility = models.BooleanField(null=True)
    lives_here = models.BooleanField(default=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["family", "person"],
                name="membership_open_once",
                condition=Q(until__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}"


@track()
class Address(models.Model):
    """Where a family lives, from one day until another. `safe` says whether post may go there."""

    family = models.ForeignKey(Family, models.PROTECT, related_name="addresses")
    # "Dad's flat"
    called = models.CharField(max_length=60, blank=True, default="", db_default="")
    lines = models.TextField(blank=True)
    postcode = models.CharField(max_length=8, blank=True)  # as printed: OX4 1AA
    easting = models.IntegerField(null=True)
    northing = models.IntegerField(null=True)
    safe = models.BooleanField(default=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "addresses"

    def __str__(self) -> str:
        return self.postcode

    @property
    def place(self) -> tuple[str, ...]:
        """What two entries of one address have in common: where it is, and until when."""
        lines = " ".join(re.findall(r"\w+", self.lines.casefold()))
        return lines, "".join(self.postcode.split()).upper(), str(self.until or "")


@track()
class ContactDetail(models.Model):
    """A way to reach a person, and whether it is safe to use it."""

    class Kind(models.TextChoices):
        PHONE = "phone", "Telephone"
        EMAIL = "email", "E-mail"

    person = models.ForeignKey(Person, models.PROTECT, related_name="contact_details")
    kind = models.CharField(max_length=10, choices=Kind)
    value = models.CharField(max_length=254)
    safe = models.BooleanField(default=True)
    preferred = models.BooleanField(default=False)
    advice = models.CharField(max_length=300, blank=True)  # "not after six", "she answers"
    until = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.get_kind_display()


class SearchKey(models.Model):
    """A way in which a person may be looked up: a word of their name, birthday, postcode.

    Looked up by equality alone, since row security lets the database use an index for nothing
    looser. What the keys are is the business of `analytics.linkage.keys`.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="search_keys")
    family = models.ForeignKey(Family, models.CASCADE, related_name="search_keys")
    key = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "person", "family"], name="search_key_once")
        ]
        indexes = [models.Index(fields=["person"], name="search_key_person")]

    def __str__(self) -> str:
        return self.key


class Spelling(models.Model):
    """A word that occurs in somebody's name, and a form in which it may be meant: its sound, a slip.

    Kept once for each word, where keys for each person would be many. A word may stand twice where
    two were written at once: nothing waits for anything. The forms are `analytics.linkage.keys`'.
    """

    form = models.CharField(max_length=62, db_index=True)
    word = models.CharField(max_length=60, db_index=True)

    def __str__(self) -> str:
        return self.form


@track()
class Standing(models.Model):
    """A team, or for a while a person, has a reason to know of a family. No standing, no existence."""

    class Reason(models.TextChoices):
        REQUEST = "request", "Asked to help"
        CASE = "case", "Works with the family"
        MERGE = "merge", "A record that is the same family"
        EMERGENCY = "emergency", "Emergency look at the record"

    family = models.ForeignKey(Family, models.PROTECT, related_name="standings")
    team = models.ForeignKey("accounts.Team", models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=12, choices=Reason)
    merge = models.ForeignKey("families.Merge", models.PROTECT, null=True, related_name="standings")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="standing_is_of_a_team_or_a_person",
                condition=Q(team__isnull=False, user__isnull=True)
                | Q(team__isnull=True, user__isnull=False),
            )
        ]
        indexes = [
            models.Index(fields=["family", "team"], name="standing_family"),
            models.Index(fields=["team", "family"], name="standing_team"),
        ]

    def __str__(self) -> str:
        return f"{self.team_id or self.user_id}: {self.get_reason_display()}"


class Merge(models.Model):
    """A person said that two records are one; kept so that it can be taken back."""

    kind = models.CharField(max_length=6, choices=[("family", "Family"), ("person", "Person")])
    family = models.ForeignKey(Family, models.PROTECT, related_name="+")  # the one that stays
    kept_id = models.BigIntegerField()
    gone_id = models.BigIntegerField()
    # A family is merged together with those of its people who are the same.
    part_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts")
    reasons = models.JSONField(default=list)  # what spoke for it when it was done
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "gone_id"],
                name="record_is_merged_once",
                condition=Q(undone_at__isnull=True),
            )
        ]
        indexes = [models.Index(fields=["gone_id"], name="merge_gone")]

    def __str__(self) -> str:
        return f"{self.kind} {self.gone_id} into {self.kept_id}"


class NotSame(models.Model):
    """A person said that two people's records are not the same; they are not suggested again."""

    first = models.ForeignKey(Person, models.PROTECT, related_name="+")
    second = models.ForeignKey(Person, models.PROTECT, related_name="+")
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="not_same_said_once"),
            models.CheckConstraint(name="not_same_in_order", condition=Q(first__lt=F("second"))),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} is not {self.second_id}"


class EmergencyAccess(models.Model):
    """Breaking the glass: a person without standing looks at a family's record, says why, for hours."""

    family = models.ForeignKey(Family, models.PROTECT, related_name="emergencies")
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    reason = models.TextField()
    at = models.DateTimeField()
    until = models.DateTimeField()
    reviewed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    review = models.TextField(blank=True)
    justified = models.BooleanField(null=True)

    def __str__(self) -> str:
        return f"{self.user_id} looked at {self.family_id}"
