"""As how many families a family counts: the sums behind caseloads.

What a family needs is said by people (`actions.set_intensity`); what that counts, by the county.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Case as When
from django.db.models import DecimalField, Value
from django.db.models import When as Where

from kith.audit.lists import kept
from kith.casework.models import Intensity, IntensityWeight

DEFAULTS = {
    Intensity.LIGHT: Decimal("0.5"),
    Intensity.USUAL: Decimal("1"),
    Intensity.INTENSIVE: Decimal("2"),
}
MEANING = {
    Intensity.LIGHT: "Seen every few weeks. What was agreed goes on by itself, or help is about to end.",
    Intensity.USUAL: "Seen every week or two. Every family begins here.",
    Intensity.INTENSIVE: "Seen more than once a week, in a crisis, or with many agencies to bring together.",
}


@kept
def weights() -> dict[str, Decimal]:
    """Return as how many families one family counts, by intensity."""
    set_to = dict(IntensityWeight.objects.values_list("intensity", "weight"))
    return {str(key): set_to.get(key, weight) for key, weight in DEFAULTS.items()}


@dataclass(frozen=True)
class Weight:
    """What a family of one intensity counts, what that means, and who set it."""

    key: str
    name: str
    meaning: str
    counts: Decimal
    set_by: str = ""  # nobody yet: Kith's own number
    set_at: datetime | None = None


@kept
def explained() -> tuple[Weight, ...]:
    """Return every intensity, the lightest first, with its weight and where that comes from."""
    held = {one.intensity: one for one in IntensityWeight.objects.select_related("changed_by")}
    return tuple(
        Weight(
            key,
            str(key.label),
            MEANING[key],
            held[key].weight if key in held else counts,
            str(held[key].changed_by) if key in held else "",
            held[key].changed_at if key in held else None,
        )
        for key, counts in DEFAULTS.items()
    )


def weight() -> When:
    """Return the expression for what a case counts."""
    return When(
        *(Where(intensity=key, then=Value(counts)) for key, counts in weights().items()),
        output_field=DecimalField(max_digits=6, decimal_places=1),
    )


def plain(number: Decimal) -> str:
    """Write a number of families as people do: 3, or 2.5."""
    return f"{float(number):g}"
