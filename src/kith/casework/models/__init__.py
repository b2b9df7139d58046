"""What is stored of working with a family: the case, and what was assessed."""

from kith.casework.models.assessment import (
    Answer,
    AssessedPerson,
    Assessment,
    AssessmentForm,
    Clash,
)
from kith.casework.models.case import (
    LATE_AFTER,
    MOVES,
    Allocation,
    Case,
    Contact,
    Handover,
    Note,
    PlannedAction,
    Reopening,
)

__all__ = [
    "LATE_AFTER",
    "MOVES",
    "Allocation",
    "Answer",
    "AssessedPerson",
    "Assessment",
    "AssessmentForm",
    "Case",
    "Clash",
    "Contact",
    "Handover",
    "Note",
    "PlannedAction",
    "Reopening",
]
