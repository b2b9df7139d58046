"""Who we work with: schools, police, health, voluntary groups, districts."""

from django.db import models
from django.db.models import Q


class Organisation(models.Model):
    """A partner. Its `team` holds the people of it who sign in; most have none."""

    class Kind(models.TextChoices):
        SCHOOL = "school", "School, nursery or college"
        EDUCATION = "education", "Other education service"
        POLICE = "police", "Police"
        GP = "gp", "GP practice"
        HEALTH_VISITING = "health_visiting", "Health visiting"
        SCHOOL_NURSING = "school_nursing", "School nursing"
        HEALTH = "health", "Other health service"
        HOUSING = "housing", "Housing"
        DISTRICT = "district", "District or city council"
        SOCIAL_CARE = "social_care", "Children's social care"
        ADULT_CARE = "adult_care", "Adult social care"
        COUNCIL = "council", "Other service of the county council"
        EARLY_HELP = "early_help", "Children's centre or early help service"
        YOUTH_JUSTICE = "youth_justice", "Courts, probation or youth justice"
        VOLUNTARY = "voluntary", "Voluntary or community group"

    class Phase(models.TextChoices):
        NURSERY = "nursery", "Nursery"
        PRIMARY = "primary", "Primary"
        SECONDARY = "secondary", "Secondary"
        ALL_THROUGH = "all_through", "All-through"
        SPECIAL = "special", "Special"
        COLLEGE = "college", "College"

    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind)
    team = models.OneToOneField(
        "accounts.Team", models.PROTECT, null=True, blank=True, related_name="organisation"
    )
    phase = models.CharField(max_length=12, choices=Phase, blank=True)
    urn = models.PositiveIntegerField(null=True, blank=True, unique=True)  # of the school register
    address = models.TextField(blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    easting = models.IntegerField(null=True)
    northing = models.IntegerField(null=True)
    district = models.ForeignKey(
        "places.District", models.PROTECT, null=True, blank=True, related_name="+"
    )
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    pupils = models.PositiveIntegerField(null=True, blank=True)
    free_meals_percent = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    takes_requests = models.BooleanField(default=False)  # the desk may send a request on to it
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="only_schools_have_a_phase", condition=Q(phase="") | Q(kind="school")
            )
        ]
        indexes = [models.Index(fields=["kind", "name"], name="partner_kind_name")]

    def __str__(self) -> str:
        return self.name
