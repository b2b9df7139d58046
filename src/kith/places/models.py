"""Where things are: postcodes, neighbourhoods, districts. Public facts, nobody's data.

Distances are straight lines on the British grid (`easting`, `northing`, metres); shapes are kept
as GeoJSON in longitude and latitude.
"""

import uuid

from django.db import models


class District(models.Model):
    """A local authority district of the county."""

    code = models.CharField(max_length=9, primary_key=True)  # ONS code, such as E07000178
    name = models.CharField(max_length=100)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Neighbourhood(models.Model):
    """A small area with an outline: a postcode sector, or an official area once imported."""

    class Kind(models.TextChoices):
        SECTOR = "sector", "Postcode sector"
        LSOA = "lsoa", "Lower layer super output area"

    code = models.CharField(max_length=12, primary_key=True)  # "OX4 1" or "E01028513"
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=120)
    district = models.ForeignKey(District, models.PROTECT, related_name="neighbourhoods")
    outline = models.JSONField()  # GeoJSON Polygon or MultiPolygon
    easting = models.IntegerField()  # of a middle that lies inside
    northing = models.IntegerField()
    latitude = models.FloatField()
    longitude = models.FloatField()

    def __str__(self) -> str:
        return self.name


class Postcode(models.Model):
    """A postcode of the county, live or ended: the directory does not say which."""

    code = models.CharField(max_length=7, primary_key=True)  # capitals, no space: OX41AA
    easting = models.IntegerField()
    northing = models.IntegerField()
    latitude = models.FloatField()
    longitude = models.FloatField()
    district = models.ForeignKey(District, models.PROTECT, related_name="+")
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT, related_name="+")
    lsoa = models.ForeignKey(Neighbourhood, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.code[:-3]} {self.code[-3:]}"


class AreaFigure(models.Model):
    """A published figure of an area, such as children in low-income families."""

    area = models.ForeignKey(Neighbourhood, models.CASCADE, related_name="figures")
    name = models.CharField(max_length=60)  # such as `population_0_15`, `idaci_score`
    value = models.DecimalField(max_digits=14, decimal_places=4, null=True)  # null: withheld
    year = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area", "name", "year"], name="area_figure_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.year}, {self.area_id}"


class Attainment(models.Model):
    """Key Stage 2 results of a school, an authority or England, as published: one year, one status.

    Provisional, revised and final results stand beside one another and never replace each other.
    Every cell is kept as its text, by its heading in capitals: a number, or a code such as SUPP.
    """

    class Status(models.TextChoices):
        PROVISIONAL = "provisional", "Provisional"
        REVISED = "revised", "Revised"
        FINAL = "final", "Final"

    class Kind(models.TextChoices):
        SCHOOL = "school", "School"
        SPECIAL = "special", "Special school"
        AUTHORITY = "authority", "Local authority"
        ENGLAND = "england", "England, all schools"
        ENGLAND_STATE = "england_state", "England, state-funded schools"

    year = models.PositiveSmallIntegerField()  # in which the tests were taken
    status = models.CharField(max_length=12, choices=Status)
    kind = models.CharField(max_length=14, choices=Kind)
    authority = models.CharField(max_length=3, blank=True)  # its number (LEA); "" of England
    establishment = models.CharField(max_length=10, blank=True)
    urn = models.PositiveIntegerField(null=True)
    name = models.CharField(max_length=200, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    district = models.ForeignKey(District, models.PROTECT, null=True, related_name="+")
    school_type = models.CharField(max_length=10, blank=True)
    published = models.JSONField()
    file = models.CharField(max_length=200)  # the name of the file that it came in
    taken_in_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["year", "status", "urn"],
                condition=models.Q(urn__isnull=False),
                name="attainment_school_once",
            ),
            models.UniqueConstraint(
                fields=["year", "status", "kind", "authority"],
                condition=models.Q(urn__isnull=True),
                name="attainment_area_once",
            ),
            models.CheckConstraint(
                name="attainment_of_a_school_has_its_number",
                condition=models.Q(kind__in=["school", "special"], urn__isnull=False)
                | models.Q(kind__in=["authority", "england", "england_state"], urn__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name or self.get_kind_display()} {self.year}, {self.status}"


class AttainmentColumn(models.Model):
    """What a heading of Key Stage 2 results stands for in a year, as its publisher says."""

    year = models.PositiveSmallIntegerField()
    heading = models.CharField(max_length=60)  # in capitals
    label = models.CharField(max_length=1000)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "heading"], name="attainment_column_once")
        ]

    def __str__(self) -> str:
        return f"{self.heading} {self.year}"


class Upload(models.Model):
    """An official file that was read and found good, until it is taken in or forgotten."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    importer = models.CharField(max_length=30)  # key of the kind of file
    name = models.CharField(max_length=200)  # of the file
    content = models.BinaryField(null=True)  # emptied when it has been taken in
    year = models.PositiveSmallIntegerField(null=True)
    status = models.CharField(max_length=12, blank=True, default="")  # such as provisional
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    taken_in_at = models.DateTimeField(null=True)
    result = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["-at"], name="upload_newest")]

    def __str__(self) -> str:
        return self.name
