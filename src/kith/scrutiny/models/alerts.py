"""Who wants to be told by e-mail of what committees publish: an address, and what it is about. Nothing else."""

from django.db import models
from django.db.models.functions import Lower

from kith.scrutiny.models.committees import Committee
from kith.scrutiny.models.published import Published


class Alert(models.Model):
    """That somebody wants letters about a committee, about words, or about one published thing.

    Kept for these letters alone: it goes when they stop it, and when they never confirmed it.
    """

    email = models.EmailField()
    words = models.CharField(max_length=200, blank=True)
    committee = models.ForeignKey(Committee, models.PROTECT, null=True, related_name="+")
    thing = models.ForeignKey(Published, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    told_until = models.DateTimeField()  # what was published after this is news

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                "words",
                "committee",
                "thing",
                name="an_alert_is_asked_for_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return self.about

    @property
    def about(self) -> str:
        """What it is about, in words."""
        of = str(self.thing.name) if self.thing else ""
        of = of or (str(self.committee) if self.committee else "all committees")
        return f"“{self.words}” in {of}" if self.words else of
