"""The county's own words in other languages than English."""

from django.db import models


class Spoken(models.Model):
    """What something of the directory is called, or says, in another language; and the English that it
    was made from: where that has changed since, families read the English."""

    class Kind(models.TextChoices):
        TERM = "term", "Kinds of help, and who it is for"
        ABSENT = "absent", "What is not offered"
        SERVICE = "service", "Services"

    kind = models.CharField(max_length=8, choices=Kind)
    uid = models.UUIDField()  # of the term, what is not offered, or the service
    field = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    words = models.TextField()
    english = models.TextField()
    written_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "spoken"
        constraints = [
            models.UniqueConstraint(name="spoken_once", fields=["kind", "uid", "field", "language"])
        ]
        indexes = [models.Index(fields=["language", "kind"], name="spoken_in")]

    def __str__(self) -> str:
        return f"{self.kind} {self.field} in {self.language}"
