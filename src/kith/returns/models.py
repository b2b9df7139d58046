"""Statutory returns: which were made, their files while they are kept, and what is to be mended."""

import uuid

from django.db import models
from django.db.models import F, Q


class Return(models.Model):
    """A return that somebody asked for. What it says about people is in `ReturnFile` and `ToMend`."""

    class Kind(models.TextChoices):
        ANNEX_A = "annex_a", "Annex A, lists 1 to 3"
        SSD = "ssd", "Standard Safeguarding Dataset, early help"
        CIN = "cin", "Children in need census, passed to social care"

    class Form(models.TextChoices):
        XLSX = "xlsx", "One workbook (.xlsx)"
        ZIP = "zip", "A CSV file for each table (.zip)"
        XML = "xml", "XML"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    form = models.CharField(max_length=4, choices=Form)
    since = models.DateField()
    on = models.DateField()  # the day of the inspection, or up to which it tells
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    job = models.ForeignKey("jobs.Job", models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(null=True)
    rows = models.JSONField(default=dict)  # name of the table -> how many rows
    faults = models.JSONField(default=dict)  # kind of fault -> how many
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="return_period_is_a_period", condition=Q(on__gte=F("since"))
            )
        ]
        indexes = [models.Index(fields=["by", "-at"], name="return_mine")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.on:%-d %B %Y}"


class ReturnFile(models.Model):
    """The file of a return, for whoever asked for it alone, until it is forgotten."""

    made = models.OneToOneField(Return, models.CASCADE, related_name="file")
    name = models.CharField(max_length=100)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    content = models.BinaryField()

    def __str__(self) -> str:
        return self.name


class ToMend(models.Model):
    """Something wrong with a record that a return tells of, and the family it is of."""

    made = models.ForeignKey(Return, models.CASCADE, related_name="to_mend")
    order = models.PositiveIntegerField()
    kind = models.CharField(max_length=30)
    what = models.CharField(max_length=30)  # number of a child, or reference
    family = models.CharField(max_length=12, blank=True)

    class Meta:
        verbose_name = "thing to mend"
        verbose_name_plural = "things to mend"
        constraints = [models.UniqueConstraint(fields=["made", "order"], name="to_mend_in_order")]

    def __str__(self) -> str:
        return self.what
