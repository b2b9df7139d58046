"""What the log says in words: what was done, to what, on which page and by what right.

Every action that is recorded anywhere has its words here; a test sees to it.
"""

from kith.accounts.roles import ROLES
from kith.jobs import registry
from kith.notices import words as notices

ACTIONS = {
    "account.corrected": "Details of an account changed",
    "account.ended": "Account ended",
    "account.invited": "Link to choose a password sent",
    "account.locked_out": "Sign-in closed for five minutes",
    "account.made": "Account made",
    "account.made_first": "First account made",
    "account.opened_again": "Account opened again",
    "account.second_factor_forgotten": "Second step of signing in taken off",
    "account.session_ended": "Signed out somewhere else",
    "account.sign_in_failed": "Sign-in failed",
    "account.signed_in": "Signed in",
    "action.date_changed": "Planned action given another date",
    "action.done": "Planned action done",
    "action.dropped": "Planned action dropped",
    "action.planned": "Action planned",
    "address.changed": "What a home is called, or whether post is safe, changed",
    "address.added": "Address added",
    "address.ended": "Address ended",
    "api_key.ended": "Key of a partner’s system ended",
    "api_key.made": "Key of a partner’s system made",
    "area.moved": "Neighbourhood given to another hub",
    "assessment.discarded": "Assessment not used",
    "assessment.sent": "Assessment sent to be signed",
    "assessment.sent_back": "Assessment sent back",
    "assessment.settled": "Two answers to one question settled",
    "assessment.signed": "Assessment signed",
    "assessment.started": "Assessment started",
    "assessment.written": "Assessment written in",
    "assessment_form.drafted": "New assessment form begun",
    "assessment_form.question_added": "Question added to the assessment form",
    "assessment_form.question_removed": "Question taken off the assessment form",
    "assessment_form.released": "New assessment form in use",
    "attachment.virus_found": "Virus found in a file",
    "case.closed": "Case closed",
    "case.followed_up": "Family asked how things are, after help ended",
    "case.contact_tried": "Contact with the family tried",
    "case.contacted": "Family contacted",
    "case.given": "Case given to a worker",
    "case.handed_over": "Case handed over to another hub",
    "case.intensity_set": "How much work a family needs changed",
    "case.note_added": "Note added",
    "case.opened": "Case opened",
    "case.reopened": "Case opened again",
    "case_audit.drawn": "Cases drawn for an audit",
    "case_audit.form_released": "New questions of case audits in use",
    "case_audit.found": "Case audited",
    "closed_day.added": "Closed day added",
    "closed_day.bank_holidays_added": "Bank holidays added",
    "closed_day.removed": "Closed day taken out",
    "contact_detail.changed": "Whether it is safe to reach somebody changed",
    "contact_detail.added": "Way to reach somebody added",
    "contact_detail.ended": "Way to reach somebody ended",
    "cover.arranged": "Cover arranged",
    "cover.ended": "Cover ended",
    "draft.begun": "Request begun",
    "draft.desk_told": "Desk told of a request that waits to be sent",
    "draft.discarded": "Request thrown away before it was sent",
    "draft.expired": "Request not sent in time, and forgotten",
    "emergency.reviewed": "Emergency look reviewed",
    "family_page.assessment": "Assessment put on the family’s own page",
    "family_page.ended": "The family’s own page ended",
    "family_page.given": "The family’s own page given",
    "family_page.opened": "The family’s own page opened",
    "family_page.words": "Something written on the family’s own page",
    "device.forgotten": "Device with a day’s work forgotten",
    "device.taken": "Day’s work taken along on a device",
    "family.added": "Family added",
    "family.emergency": "Emergency look opened",
    "family.emergency_refused": "Record kept to named people asked for in an emergency",
    "family.emergency_looked_for": "Family looked for in an emergency",
    "family.merged": "Record of the same family joined to it",
    "family.merged_into": "Joined to another record of the same family",
    "family.parted": "Joined records parted again",
    "family.renamed": "Family renamed",
    "file.read": "File of requests read",
    "file.sent": "File of requests sent",
    "goal.ended": "Goal ended",
    "goal.set": "Goal set",
    "step_down.receipt_given": "Receipt for a step-down given to social care",
    "step_down.written": "Request said to be a step-down from social care",
    "step_up.asked": "Social care to be asked: with the manager",
    "step_up.decided": "Social care decided about a family",
    "step_up.received": "Social care has received what it was asked",
    "step_up.refused": "Social care not asked: the manager decided otherwise",
    "step_up.sent": "Social care asked to take a family up",
    "step_up.withdrawn": "Social care asked no more",
    "handover.declined": "Case that another hub offered declined",
    "handover.offered": "Case offered to another hub",
    "handover.withdrawn": "Offer of a case taken back",
    "hub.changed": "Hub changed",
    "hub.opened": "Hub opened",
    "intensity.weight_changed": "What a family counts changed",
    "job.asked": "Long work asked for",
    "job.asked_again": "Long work asked for again",
    "job.stopped": "Long work stopped",
    "log.downloaded": "Log downloaded",
    "look.changed": "Name, colours or front door changed",
    "need.added": "Need added",
    "need.changed": "Need changed",
    "need.moved": "Need put in another place",
    "notice.made": "Message or letter made",
    "notice.sent_again": "Message sent again",
    "partner.added": "Partner added",
    "partner.changed": "Partner changed",
    "partner.given_team": "Partner given a team",
    "person.added": "Person added",
    "person.alive": "A death written down by mistake taken back",
    "person.belonging_corrected": "How a person belongs to the family put right",
    "person.born": "Birth of a child written down",
    "person.corrected": "Details of a person changed",
    "person.died": "Death written down",
    "person.joined": "Person belongs to the family again",
    "person.left": "Person left the family",
    "person.moved_in": "Where a person lives written down",
    "person.moved_out": "Person moved out of a home",
    "person.not_born": "End of a pregnancy written down",
    "person.other_name": "Another name of a person written down",
    "person.related": "Relationship between two people written down",
    "person.relationship_ended": "Relationship between two people ended",
    "person.merged": "Two records of one person joined",
    "person.not_same": "Two people said not to be the same",
    "person.parted": "Joined records of a person parted",
    "places.imported": "Published figures taken in",
    "plan.reviewed": "Plan reviewed",
    "post.added": "Post at a hub added",
    "post.changed": "Post at a hub changed",
    "promise.changed": "Promise changed",
    "referral.accepted": "Request accepted",
    "referral.already_helped": "Request joined to help already given",
    "referral.answered": "Question answered by the sender",
    "referral.family_link_made": "Link for the family made",
    "referral.links_ended": "Private links ended",
    "referral.more_asked": "Sender asked for more",
    "referral.moved": "Request moved to another hub",
    "referral.no_further_action": "Request ended without further action",
    "referral.put_back": "Request put back for others to take",
    "referral.received": "Request received",
    "referral.reopened": "Request opened again",
    "referral.sent_on": "Request sent on to another service",
    "referral.social_care": "Request passed to children’s social care",
    "referral.taken": "Request taken to decide",
    "referral.told_ended": "Sender told that help has ended",
    "referral.told_first_contact": "Sender told of the first contact",
    "referral.told_resumed": "Sender told that help has begun again",
    "referral.updated_by_sender": "Request changed by its sender",
    "referral.withdrawn": "Request withdrawn by its sender",
    "register.dropped_in": "Somebody who dropped in put on a register",
    "register.settled": "Two marks on a register settled",
    "register.taken": "Register taken",
    "register.undone": "Marks on a register taken back",
    "restriction.lifted": "Record or address no longer kept to named people",
    "restriction.made": "Record or address kept to named people",
    "restriction.named": "Somebody named who may see a restricted record",
    "restriction.unnamed": "Somebody no longer named on a restricted record",
    "return.asked": "Statutory return asked for",
    "return.forgotten": "File of a statutory return thrown away",
    "return.made": "Statutory return made",
    "return.taken": "File of a statutory return taken",
    "return.workbook_read": "Annex A workbook of somebody else’s read",
    "role.ended": "Role ended",
    "role.given": "Role given",
    "session.added": "Session added",
    "session.cancelled": "Session cancelled",
    "meeting.answered": "Answer to a meeting written down",
    "meeting.called": "Meeting called",
    "meeting.cancelled": "Meeting cancelled",
    "meeting.changed": "Meeting changed",
    "meeting.minutes": "Minutes written",
    "meeting.minutes_sent": "Minutes sent",
    "sharing.agreed": "Agreement to share written down",
    "sharing.ran_out": "Agreement to share ran out, and partners were told",
    "sharing.taken_back": "Agreement to share taken back",
    "sharing.without_consent": "Shared without consent",
    "family_team.joined": "Somebody added to the team around the family",
    "family_team.lead": "Lead professional changed",
    "family_team.left": "Somebody left the team around the family",
    "family_team.link_sent": "Link to their page of a team sent again",
    "family_team.page_opened": "A partner’s page of a team opened",
    "standing.ended": "A team’s work with the family ended",
    "standing.given": "A team begins to work with the family",
    "supervision.added_to": "Words added to a supervision",
    "supervision.case_added_to": "Words added to what was said of a case in supervision",
    "supervision.case_spoken_about": "Case spoken about in supervision",
    "supervision.held": "Supervision written down",
    "support.changed": "Group or session changed",
    "support.ended": "Group or session ended",
    "support.placed": "Somebody placed on a group or session",
    "support.placement_ended": "Place on a group or session ended",
    "support.set_up": "Group or session set up",
    "team.changed": "Team changed",
    "team.made": "Team made",
    "visit.dropped": "Visit dropped",
    "visit.planned": "Visit planned",
    "warning_words.set": "Words that show the safeguarding stop changed",
    "wording.changed": "Words of a letter or message changed",
    "wording.restored": "Words of a letter or message put back",
}
# What a thing is called that has neither name nor number of its own.
THINGS = {
    "accounts.cover": "Cover",
    "accounts.membership": "A role",
    "casework.assessment": "An assessment",
    "casework.assessmentform": "The assessment form",
    "casework.followup": "A question after help ended",
    "casework.familypage": "The family’s own page",
    "casework.auditfinding": "What an audit found",
    "casework.caseaudit": "A case audit",
    "casework.caseauditform": "The questions of case audits",
    "casework.casereflection": "What was said of a case in supervision",
    "casework.goal": "A goal",
    "referrals.stepdown": "A step-down from social care",
    "casework.stepup": "A request to social care",
    "casework.handoveroffer": "A handover between hubs",
    "casework.sharing": "An agreement to share",
    "casework.planreview": "A review of the plan",
    "casework.intensityweight": "What a family counts",
    "casework.plannedaction": "A planned action",
    "casework.supervision": "A supervision",
    "casework.teammeeting": "A meeting of the team",
    "casework.teammember": "Somebody of the team",
    "casework.teampage": "A partner’s page of a team",
    "families.address": "An address",
    "families.contactdetail": "A way to reach somebody",
    "families.emergencyaccess": "An emergency look",
    "families.person": "A person",
    "families.restriction": "What is kept to named people",
    "families.standing": "A team’s work with a family",
    "field.device": "A device",
    "field.visit": "A visit",
    "hubs.catchment": "A neighbourhood",
    "hubs.promise": "A promise",
    "hubs.staffpost": "A post",
    "jobs.job": "Long work",
    "notices.notice": "A message or letter",
    "notices.wording": "Words of a letter or message",
    "referrals.draft": "A request not yet sent",
    "referrals.warningword": "Words of the safeguarding stop",
    "returns.return": "A statutory return",
    "supports.attendance": "A mark on a register",
    "supports.placement": "A place on a group or session",
    "supports.session": "A session",
    "ui.look": "How Kith looks",
}
PAGES = {
    "assessment": "An assessment",
    "case": "The case",
    "compare": "Two records beside each other",
    "family": "The family’s page",
    "handover": "A handover between hubs",
    "field": "Visits and registers of the day",
    "step_up": "A request to social care",
    "letter": "A letter",
    "meeting": "A meeting of the team",
    "our_actions": "Actions of their organisation",
    "our_team": "Their part in the team",
    "plan": "The plan",
    "register": "A register",
    "request": "The request",
    "sharing": "Agreement to share",
    "supervision": "A supervision",
    "supports": "Groups and sessions of the family",
    "team": "The team around the family",
}
RIGHTS = {
    "": "Their work",
    "county": "They see every family",
    "emergency": "Emergency look",
    "leads": "They lead the family’s team",
}
FIELDS = {
    "came_of_it": "What came of it",
    "due_on": "Until",
    "gone": "The other record",
    "held_by": "Taken by",
    "key": "Which",
    "kept": "The record that stays",
    "people": "How many people",
    "task": "Which work",
    "team_id": "Team",
}
NOBODY = {
    "step_up.decided": "Social care, by its private link",
    "step_up.received": "Social care, by its private link",
    "family_page.opened": "Somebody of the family",
    "family_page.words": "Somebody of the family",
    "action.done": "Somebody of a partner, by their link",
    "meeting.answered": "Somebody of a partner, by their link",
    "family_team.page_opened": "Somebody of a partner, by their link",
    "sharing.taken_back": "Somebody of the family",
    "account.locked_out": "Somebody not signed in",
    "account.made_first": "Whoever set Kith up",
    "account.sign_in_failed": "Somebody not signed in",
    "notice.made": "Kith itself",
}


def done(what: str) -> str:
    """Say what was done."""
    return ACTIONS.get(what) or _plain(what.replace(".", ": ")).capitalize()


def thing(kind: str, name: str) -> str:
    """Say what it was done to: by its name, or by what it is."""
    return THINGS.get(kind) or name


def page(key: str) -> str:
    """Say which page was seen."""
    return PAGES.get(key) or _plain(key.replace(":", ", ")).capitalize()


def right(key: str) -> str:
    """Say by what right."""
    return RIGHTS.get(key) or _plain(key).capitalize()


def nobody(what: str) -> str:
    """Say who did it where no account did."""
    return NOBODY.get(what, "Somebody without an account")


def field(name: str) -> str:
    """Say what a field is called."""
    return FIELDS.get(name) or _plain(name).capitalize()


def value(name: str, said: str) -> str:
    """Say what a field held, where that is a key of ours and not somebody's words."""
    if name == "role" and said in ROLES:
        return ROLES[said].name
    if name == "task" and said in registry.works:
        return registry.works[said].title
    wording = notices.find(said) if name == "key" else None
    if wording:
        return wording.name
    if name in {"status", "state"}:
        return _plain(said)
    return said


def _plain(key: str) -> str:
    return key.replace("_", " ")
