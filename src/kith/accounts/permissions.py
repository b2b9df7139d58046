"""What a person may do, and the answer to "may they?", with words we can show them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied

if TYPE_CHECKING:
    from kith.accounts.models import Team, User


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
    FAMILY_RESTRICT = "family.restrict"  # keep a record, or an address, to named people
    FAMILY_EMERGENCY = "family.emergency"  # break the glass, with a reason
    # Casework
    CASE_WORK = "case.work"
    CASE_ALLOCATE = "case.allocate"
    CASE_CLOSE = "case.close"
    CASE_SUPERVISE = "case.supervise"  # and read what was said of the hub's workers
    CASE_AUDIT = "case.audit"
    CASE_STUDY_RELEASE = "case_study.release"
    CASE_STUDY_READ = "case_study.read"  # released studies, and nothing of the family
    ASSESSMENT_SIGN = "assessment.sign"
    ACTION_OWN = "action.own"  # a partner sees and updates the actions it owns
    # Groups and sessions
    REGISTER_LEAD = (
        "register.lead"  # take the register of what one was asked to lead, and see its names
    )
    # The directory
    DIRECTORY_EDIT = "directory.edit"  # services, places and times; and what one's own hub offers
    DIRECTORY_EDIT_ALL = "directory.edit_all"  # what any hub offers, and what none does
    DIRECTORY_PROPOSE = "directory.propose"  # changes to services of one's own organisation
    OFFER_AGREE = "offer.agree"  # write the core offer, and put it in force
    # Figures
    FIGURES_HUB = "figures.hub"
    FIGURES_COUNTY = "figures.county"
    # What the county must tell the government
    RETURNS_MAKE = "returns.make"
    # The scrutiny committee
    SCRUTINY_SEE = "scrutiny.see"  # its papers, also those that are not for the public
    SCRUTINY_VISIT = "scrutiny.visit"  # notes of visits, and the themes made of them
    SCRUTINY_KEEP = "scrutiny.keep"  # agendas, minutes, recommendations: the committee's officers
    SCRUTINY_ANSWER = "scrutiny.answer"  # answer recommendations for the council
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


# What each allows, in words: on the roles page and in docs/roles.md. "In their team" is said by role.
SENTENCES = {
    Permission.REFERRAL_SEND: "Send requests for help, and follow those of their own organisation.",
    Permission.REFERRAL_SEE: "See the requests that lie with their own team.",
    Permission.REFERRAL_SEE_ALL: "See every request in the county.",
    Permission.REFERRAL_DECIDE: "Decide what happens with a request.",
    Permission.DRAFT_KEEP: "Clear away unfinished requests that have expired.",
    Permission.FAMILY_SEE: "See the families whom their own team was asked to help or works with.",
    Permission.FAMILY_SEE_ALL: "See every family in the county.",
    Permission.FAMILY_EDIT: "Correct and complete the record of a family that they may see.",
    Permission.FAMILY_MERGE: "Say that two records are of the same person or family, and take it back.",
    Permission.FAMILY_RESTRICT: "Keep a family’s record, or one of its addresses, to people who are "
    "named.",
    Permission.FAMILY_EMERGENCY: "In an emergency, look at a family that is not theirs, for four "
    "hours, with a reason that is reviewed.",
    Permission.CASE_WORK: "Work with families of their hub: contacts, notes and planned actions.",
    Permission.CASE_ALLOCATE: "Give a family to a worker.",
    Permission.CASE_CLOSE: "Close a case with its reason and outcome.",
    Permission.CASE_SUPERVISE: "Hold supervision with the workers of their hub, and read what was said "
    "of them.",
    Permission.CASE_AUDIT: "Draw cases by chance and audit those they have not worked on.",
    Permission.CASE_STUDY_RELEASE: "Release a case study that they did not write, and withdraw one.",
    Permission.CASE_STUDY_READ: "Read the case studies that were released, in which nobody is named.",
    Permission.ASSESSMENT_SIGN: "Sign an assessment that a colleague has written, or send it back.",
    Permission.ACTION_OWN: "See and update the planned actions that their organisation has taken on.",
    Permission.REGISTER_LEAD: "Take the register of a group that a hub asked them to lead, and see who "
    "stands on it and what safety asks to know; nothing else of the families.",
    Permission.DIRECTORY_EDIT: "Keep the directory of services, and say what their own hub offers.",
    Permission.DIRECTORY_EDIT_ALL: "Say what any hub offers, and what is offered nowhere in the county.",
    Permission.DIRECTORY_PROPOSE: "Propose what the directory says of the services of their own "
    "organisation.",
    Permission.OFFER_AGREE: "Write the core offer, and put an agreed version in force.",
    Permission.FIGURES_HUB: "See the figures of their hub.",
    Permission.FIGURES_COUNTY: "See the figures of the whole county.",
    Permission.RETURNS_MAKE: "Make the files that Ofsted and the Department for Education ask for, with "
    "the record of every child they tell of.",
    Permission.SCRUTINY_SEE: "Read the papers of the scrutiny committees, also those that are not for the "
    "public.",
    Permission.SCRUTINY_VISIT: "Write and read the notes of a committee’s visits, and make themes of them.",
    Permission.SCRUTINY_KEEP: "Keep the committees: agendas, papers, minutes, recommendations, and what "
    "of them is published.",
    Permission.SCRUTINY_ANSWER: "Answer a committee’s recommendations for the council, and say how far "
    "they have come.",
    Permission.HUB_EDIT: "Change the hubs: premises, areas, staff and closed days.",
    Permission.PLACES_IMPORT: "Load official areas, figures and the register of schools.",
    Permission.PARTNER_EDIT: "Change the list of partner organisations, and make keys for their systems.",
    Permission.PEOPLE_MANAGE: "Make and end accounts, and say who has which role where.",
    Permission.COVER_ARRANGE: "Say who stands in for an absent colleague.",
    Permission.SETTINGS_EDIT: "Change the county's promises, needs, colours and other settings.",
    Permission.NOTICE_EDIT: "Change the words of e-mails, texts and letters.",
    Permission.NOTICE_SEE: "See what was sent to whom.",
    Permission.JOB_SEE_ALL: "Watch everybody's long-running work.",
    Permission.AUDIT_SEE_ALL: "See who did and saw what, in the whole county.",
    Permission.AUDIT_SEE_TEAM: "See who did and saw what for the families of their own team.",
    Permission.EMERGENCY_REVIEW: "Review every emergency look at a record.",
}


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


def may_manage(user: User) -> Decision:
    """Accounts, teams and roles belong to administrators."""
    if user.can(Permission.PEOPLE_MANAGE):
        return ALLOW
    return refuse("Only an administrator can do that.")


def may_manage_person(user: User, person: User) -> Decision:
    """Nobody changes one of Kith's own accounts, or that of a partner's system."""
    if person.is_service:
        return refuse("This account is not a person's, and cannot be changed.")
    return may_manage(user)


def may_give_roles(user: User, person: User) -> Decision:
    """Nobody gives themselves a role, or ends themselves: two people are needed."""
    if user.pk == person.pk:
        return refuse("Another administrator must do that for you.")
    return may_manage_person(user, person)


def may_arrange_cover(user: User, absent: User, covered_by: User) -> Decision:
    """Managers arrange it for the people of their own teams, the county for the hubs and the desk.

    Whoever covers gets all that the absent colleague may do. So every role of theirs must lie in
    the arranger's reach, and nobody arranges it for themselves.
    """
    if covered_by.pk == user.pk:
        return refuse("Somebody else must agree that you stand in for a colleague.")
    if absent.is_service:
        return refuse("This account is not a person's.")
    if user.can(Permission.PEOPLE_MANAGE):
        return ALLOW
    reach = user.teams_granting(Permission.COVER_ARRANGE)
    teams = {team.pk for team in reach}
    kinds = {"hub", "desk"} if any(team.kind == "desk" for team in reach) else set()
    roles = absent.current_memberships()
    if not roles:
        return refuse(f"{absent.name} holds no role that somebody could stand in for.")
    for held in roles:
        if not (held.team_id in teams or held.team.kind in kinds) or held.role == "administrator":
            return refuse(
                f"{absent.name} is also {held.role_name} in {held.team}. "
                "Ask an administrator to arrange this."
            )
    return ALLOW


def may_make_keys(user: User, team: Team) -> Decision:
    """Keys are for partner organisations, and made by whoever keeps the list of them."""
    if team.kind != "partner":
        return refuse("Keys are for partner organisations.")
    if user.can(Permission.PARTNER_EDIT) or user.can(Permission.PEOPLE_MANAGE):
        return ALLOW
    return refuse("Only the county desk and administrators make keys for partners' systems.")
