"""The scrutiny committee: meetings, visits, recommendations; and what of it is public."""

from kith.scrutiny.models.alerts import Alert
from kith.scrutiny.models.committees import Committee, Member, Seat
from kith.scrutiny.models.meetings import (
    Attendance,
    Correction,
    Declaration,
    Invited,
    Item,
    Meeting,
    Point,
    Question,
)
from kith.scrutiny.models.old_files import FromFile, OldFile
from kith.scrutiny.models.papers import Content, Look, OwnNote, Paper
from kith.scrutiny.models.plan import KeyDecision, PlanEntry
from kith.scrutiny.models.published import Edition, Published
from kith.scrutiny.models.recommendations import (
    Answer,
    Attached,
    Measure,
    Notice,
    Origin,
    Part,
    Progress,
    Promised,
    Reading,
    Recommendation,
)
from kith.scrutiny.models.visits import (
    Evidence,
    GuideQuestion,
    Photo,
    Practice,
    Review,
    TakenUp,
    Theme,
    Visit,
    VisitNote,
    Visitor,
)

__all__ = [
    "Alert",
    "Answer",
    "Attached",
    "Attendance",
    "Committee",
    "Content",
    "Correction",
    "Declaration",
    "Edition",
    "Evidence",
    "FromFile",
    "GuideQuestion",
    "Invited",
    "Item",
    "KeyDecision",
    "Look",
    "Measure",
    "Meeting",
    "Member",
    "Notice",
    "OldFile",
    "Origin",
    "OwnNote",
    "Paper",
    "Part",
    "Photo",
    "PlanEntry",
    "Point",
    "Practice",
    "Progress",
    "Promised",
    "Published",
    "Question",
    "Reading",
    "Recommendation",
    "Review",
    "Seat",
    "TakenUp",
    "Theme",
    "Visit",
    "VisitNote",
    "Visitor",
]
