"""How the county looks. One row at most; without it, the settings say."""

import hashlib
from dataclasses import dataclass

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property

from kith.audit.history import track
from kith.ui.look import readable_on

_colour = RegexValidator(r"^#[0-9a-f]{6}$", "Write the colour as # and six letters or numbers.")


@dataclass(frozen=True)
class Masthead:
    """What the head of every page says: whose it is, and who is signed in."""

    county: str
    service: str
    person: str  # "" where nobody is signed in


@dataclass(frozen=True)
class Foot:
    """The foot of every page: whose front door it is, and how to reach it."""

    county: str
    phone: str
    dial: str
    email: str


@track()
class Look(models.Model):
    """The county's name and colours, and how its front door is reached."""

    county_name = models.CharField(max_length=60)
    service_name = models.CharField(max_length=60, default="early help")
    main_colour = models.CharField(max_length=7, default="#0b4a4c", validators=[_colour])
    accent_colour = models.CharField(max_length=7, default="#f0b429", validators=[_colour])
    link_colour = models.CharField(max_length=7, default="#0b5cad", validators=[_colour])
    button_colour = models.CharField(max_length=7, default="#0b6b4f", validators=[_colour])
    front_door_phone = models.CharField(max_length=40, blank=True)
    front_door_email = models.EmailField(blank=True)
    front_door_hours = models.CharField(max_length=200, blank=True)
    out_of_hours_phone = models.CharField(max_length=40, blank=True)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="there_is_one_look", condition=Q(id=1)),
        ]

    def __str__(self) -> str:
        return self.county_name

    @property
    def at_the_foot(self) -> "Foot":
        """What the foot of every page says."""
        return Foot(self.county_name, self.front_door_phone, self.dial, self.front_door_email)

    @property
    def on_main(self) -> str:
        """The colour of words on the main colour."""
        return readable_on(self.main_colour)

    @property
    def dial(self) -> str:
        """The front door's number as a telephone takes it."""
        return "".join(c for c in self.front_door_phone if c.isdigit() or c == "+")

    @property
    def dial_out_of_hours(self) -> str:
        """The number for evenings and weekends as a telephone takes it."""
        return "".join(c for c in self.out_of_hours_phone if c.isdigit() or c == "+")

    @property
    def css(self) -> str:
        """The style sheet that gives every page the county's colours."""
        return (
            ":root{"
            f"--kith-main:{self.main_colour};--kith-on-main:{self.on_main};"
            f"--kith-accent:{self.accent_colour};--kith-button:{self.button_colour};"
            f"--govuk-brand-colour:{self.main_colour};--govuk-link-colour:{self.link_colour};"
            f"--govuk-link-hover-colour:color-mix(in srgb,{self.link_colour},black 40%)"
            "}\n"
        )

    @cached_property
    def stylesheet(self) -> str:
        """The style sheet's address, which changes when the colours do."""
        return f"/look.css?v={hashlib.sha256(self.css.encode()).hexdigest()[:12]}"
