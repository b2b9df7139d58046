"""What is stored of working with a family: the case, what was assessed, the plan, the team around
the family, and what may be shared."""

from kith.casework.models.assessment import (
    Answer,
    AssessedPerson,
    Assessment,
    AssessmentForm,
    Clash,
)
from kith.casework.models.auditing import (
    AuditAction,
    AuditedCase,
    AuditFinding,
    CaseAudit,
    CaseAuditForm,
)
from kith.casework.models.case import (
    LATE_AFTER,
    MOVES,
    Allocation,
    Case,
    Contact,
    Handover,
    Intensity,
    Note,
    NoteFile,
    Reopening,
)
from kith.casework.models.following import FollowUp
from kith.casework.models.handing_over import HandoverOffer
from kith.casework.models.measuring import (
    Attendance,
    Exclusion,
    Feedback,
    Measure,
    Mistake,
    Score,
)
from kith.casework.models.oversight import (
    AgreedAction,
    CaseReflection,
    IntensityChange,
    IntensityWeight,
    Supervision,
    SupervisionAddition,
    SupervisionDraft,
)
from kith.casework.models.own_page import FAMILY_PAGE, FamilyPage, FamilyWords, HandedAssessment
from kith.casework.models.plan import Goal, GoalProgress, PlannedAction, PlanReview
from kith.casework.models.reading import AssessmentLook, AssessmentShare
from kith.casework.models.schooling import Schooling
from kith.casework.models.sharing import Sharing
from kith.casework.models.stepping_up import STEP_UP, ServicePage, StepUp, StepUpPage
from kith.casework.models.team import (
    TEAM_PAGE,
    LeadProfessional,
    MeetingSeat,
    Minutes,
    MinutesCopy,
    ReviewedAction,
    TeamMeeting,
    TeamMember,
    TeamPage,
)

__all__ = [
    "FAMILY_PAGE",
    "LATE_AFTER",
    "MOVES",
    "STEP_UP",
    "TEAM_PAGE",
    "AgreedAction",
    "Allocation",
    "Answer",
    "AssessedPerson",
    "Assessment",
    "AssessmentForm",
    "AssessmentLook",
    "AssessmentShare",
    "Attendance",
    "AuditAction",
    "AuditFinding",
    "AuditedCase",
    "Case",
    "CaseAudit",
    "CaseAuditForm",
    "CaseReflection",
    "Clash",
    "Contact",
    "Exclusion",
    "FamilyPage",
    "FamilyWords",
    "Feedback",
    "FollowUp",
    "Goal",
    "GoalProgress",
    "HandedAssessment",
    "Handover",
    "HandoverOffer",
    "Intensity",
    "IntensityChange",
    "IntensityWeight",
    "LeadProfessional",
    "Measure",
    "MeetingSeat",
    "Minutes",
    "MinutesCopy",
    "Mistake",
    "Note",
    "NoteFile",
    "PlanReview",
    "PlannedAction",
    "Reopening",
    "ReviewedAction",
    "Schooling",
    "Score",
    "ServicePage",
    "Sharing",
    "StepUp",
    "StepUpPage",
    "Supervision",
    "SupervisionAddition",
    "SupervisionDraft",
    "TeamMeeting",
    "TeamMember",
    "TeamPage",
]
