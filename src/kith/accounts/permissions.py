"""What a person may do, and the answer to "may they?", with words we can show them."""

from dataclasses import dataclass
from enum import StrEnum

from django.core.exceptions import PermissionDenied


class Permission(StrEnum):
    """One thing that a role allows. The value is stored and used in the database's row policies."""

    # The front door
    REFERRAL_SEND = "referral.send"  # send requests, and see those of one's own organisation
    REFERRAL_SEE = "referral.see"  # see requests that lie with one's own team
    REFERRAL_SEE_ALL = "referral.see_all"
    REFERRAL_DECIDE = "referral.decide"
    DRAFT_KEEP = "draft.keep"  # clear away and finish unfinished requests; Kith itself only
    # Families
    FAMILY_SEE = "family.see"  # see families with whom one's own team has standing
    FAMILY_SEE_ALL = "family.see_all"
    FAMILY_EDIT = "family.edit"
    FAMILY_MERGE = "family.merge"
    FAMILY_EMERGENCY = "family.emergency"  # break the glass, with a reason
    # Casework
    CASE_WORK = "case.work"
    CASE_ALLOCATE = "case.allocate"
    CASE_CLOSE = "case.close"
    ACTION_OWN = "action.own"  # a partner sees and updates the actions it owns
    # Figures
    FIGURES_HUB = "figures.hub"
    FIGURES_COUNTY = "figures.county"
    # The house
    HUB_EDIT = "hub.edit"
    PLACES_IMPORT = "places.import"
    PARTNER_EDIT = "partner.edit"
    PEOPLE_MANAGE = "people.manage"  # accounts, memberships
    COVER_ARRANGE = "cover.arrange"
    SETTINGS_EDIT = "settings.edit"
    NOTICE_EDIT = "notice.edit"
    NOTICE_SEE = "notice.see"  # the outbox
    JOB_SEE_ALL = "job.see_all"
    AUDIT_SEE_ALL = "audit.see_all"
    AUDIT_SEE_TEAM = "audit.see_team"
    EMERGENCY_REVIEW = "emergency.review"


@dataclass(frozen=True)
class Decision:
    """The answer to "may this person do this?", with words we can show them."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed

    def or_raise(self) -> None:
        """Raise PermissionDenied with the reason, unless allowed."""
        if not self.allowed:
            raise PermissionDenied(self.reason)


ALLOW = Decision(True)


def refuse(reason: str) -> Decision:
    """Return a refusal, with a reason that the person refused can read."""
    return Decision(False, reason)
