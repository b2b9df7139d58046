"""Leaflets on paper, kept while nothing of them changes."""

from django.db import models


class MadeLeaflet(models.Model):
    """A leaflet as it was made. Its fingerprint is of all that it says: what says anything else is another."""

    fingerprint = models.CharField(max_length=64, primary_key=True)
    content = models.BinaryField()
    made_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.fingerprint[:12]
