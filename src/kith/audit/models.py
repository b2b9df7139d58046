"""What was done, and who looked at whom. Rows are added and never touched again."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import Q


class AppendOnly(models.Model):
    """A table to which rows are added, and that refuses everything else."""

    class Meta:
        abstract = True
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="no_truncate",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                func="raise exception '% is append only', TG_TABLE_NAME;",
            ),
        ]


class Entry(AppendOnly):
    """Something a person did: `what` is a verb such as `referral.accepted`.

    Names are copied, not linked: the log outlives the people and things it speaks of, and this
    module stands below all of them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField()
    what = models.CharField(max_length=60)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=200, blank=True)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    subject_name = models.CharField(max_length=200, blank=True)
    family_id = models.BigIntegerField(null=True)
    team_id = models.BigIntegerField(null=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta(AppendOnly.Meta):
        verbose_name_plural = "entries"
        indexes = [
            models.Index(fields=["-at"], name="entry_newest"),
            models.Index(
                fields=["family_id", "-at"],
                name="entry_family",
                condition=Q(family_id__isnull=False),
            ),
            models.Index(fields=["subject_kind", "subject_id"], name="entry_subject"),
            models.Index(fields=["by_id", "-at"], name="entry_by"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.subject_name}"


class Sight(AppendOnly):
    """A person saw a family's record: which page, and by what right when it was not their own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField()
    viewer_id = models.BigIntegerField()
    viewer_name = models.CharField(max_length=200)
    family_id = models.BigIntegerField()
    page = models.CharField(max_length=80)
    right = models.CharField(max_length=40, blank=True)

    class Meta(AppendOnly.Meta):
        indexes = [
            models.Index(fields=["family_id", "-at"], name="sight_family"),
            models.Index(fields=["viewer_id", "-at"], name="sight_viewer"),
        ]

    def __str__(self) -> str:
        return f"{self.viewer_name} saw family {self.family_id}"
