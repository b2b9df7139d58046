"""Tables of services that somebody has sent, checked before anything of them is kept."""

import uuid

from django.db import models


class ServiceFile(models.Model):
    """A table of services: what is wrong with its rows, what they would change, what they changed."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=150)
    content = models.BinaryField(default=b"")  # thrown away when it has been imported, or is old
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    team = models.ForeignKey("accounts.Team", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    rows = models.PositiveIntegerField()
    bad_rows = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)  # row, column, what to do
    coming = models.JSONField(default=list)  # row, name, outcome, what changes
    counts = models.JSONField(default=dict)  # outcome: how many
    job = models.OneToOneField("jobs.Job", models.PROTECT, null=True, related_name="directory_file")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return self.name
