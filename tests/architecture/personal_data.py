"""Every field of every model: whose data is it?

This page is the county's answer to "what do you hold about people, and where?". A test fails for a
model or a field that is not listed, and for a table of personal data without forced row security.

    personal   about a family, or somebody who asks for help on its behalf
    staff      about a person who signs in, or works with families
    none       about nobody

A past state of a row (`...Event`) is classified as the row is, and is guarded as it is.
"""

from dataclasses import dataclass
from enum import Enum


class Wall(Enum):
    """How a table is kept."""

    ROWS = "row-level security, forced: empty unless a viewer is set"
    OPEN = "no row-level security"


@dataclass(frozen=True)
class Table:
    """The fields of a model, by whose data they are; and for an open table with staff data, why."""

    wall: Wall
    personal: str = ""
    staff: str = ""
    none: str = "id"
    why: str = ""

    def kind_of(self, field: str) -> str | None:
        """Return `personal`, `staff` or `none`; None where the field is not listed."""
        for kind in ("personal", "staff", "none"):
            if field in getattr(self, kind).split():
                return kind
        return None


ROWS, OPEN = Wall.ROWS, Wall.OPEN
SIGN_IN = "Sign-in reads it before there is a viewer. See docs/decisions/0003-open-tables.md."
VIEWER = "The row policies are worked out from it. See docs/decisions/0003-open-tables.md."
DIRECTORY = "Names of colleagues at work, which every signed-in page may show."
PUBLIC = "Published by law: who sits on a committee, and what it published."
NOBODY = "Holds numbers and names of work, about nobody."

TABLES: dict[str, Table] = {
    # families
    "families.Family": Table(ROWS, personal="name", none="id reference made_at merged_into head"),
    "families.Person": Table(
        ROWS,
        personal="given_names family_name known_as date_of_birth expected_on died_on sex ethnicity "
        "disabilities language interpreter_needed young_carer",
        none="id merged_into head",
    ),
    "families.Membership": Table(
        ROWS,
        personal="family person role parental_responsibility lives_here since until",
    ),
    "families.Address": Table(
        ROWS, personal="family called lines postcode easting northing safe since until"
    ),
    "families.ContactDetail": Table(ROWS, personal="person kind value safe preferred advice until"),
    "families.OtherName": Table(ROWS, personal="person kind given_names family_name since until"),
    "families.Relationship": Table(
        ROWS, personal="person other kind parental_responsibility since until"
    ),
    "families.Residence": Table(ROWS, personal="person address pattern since until"),
    "families.Restriction": Table(
        ROWS,
        personal="family address reason words",
        staff="by ended_by",
        none="id mirror_of at ended_at",
    ),
    "families.Named": Table(ROWS, staff="user by ended_by", none="id restriction at ended_at"),
    "families.SearchKey": Table(ROWS, personal="person family key"),
    "families.Spelling": Table(ROWS, personal="form word"),
    "families.Standing": Table(
        ROWS, personal="family reason since until", staff="user", none="id team merge"
    ),
    "families.Merge": Table(
        ROWS,
        personal="family kept_id gone_id reasons",
        staff="by undone_by",
        none="id kind part_of at undone_at",
    ),
    "families.NotSame": Table(ROWS, personal="first second", staff="by", none="id at"),
    "families.EmergencyAccess": Table(
        ROWS,
        personal="family reason review",
        staff="user reviewed_by",
        none="id at until reviewed_at justified",
    ),
    # referrals
    "referrals.Need": Table(
        OPEN, none="id code name plain_name primary_need safeguarding active order"
    ),
    "referrals.WarningWord": Table(OPEN, none="id text"),
    "referrals.Draft": Table(
        ROWS,
        personal="answers danger_at",
        staff="owner",
        none="id key_hash begun_at changed_at expires_at referral desk_told_at",
    ),
    "referrals.Referral": Table(
        ROWS,
        personal="family urgent sender_name sender_role sender_organisation_name sender_email "
        "sender_phone sender_reference worry going_well tried would_be_different groups basis "
        "agreed_by agreed_how agreed_on lawful_reason agencies_told outcome_may_be_told "
        "interpreter contact_by contact_advice post_is_safe as_sent service",
        staff="held_by decided_by sender",
        none="id reference team status received_at decide_by held_at decided_at channel "
        "sender_kind sender_team sender_organisation source",
    ),
    "referrals.ReferralNeed": Table(ROWS, personal="need main", none="id referral"),
    "referrals.ReferralChild": Table(
        ROWS, personal="person school school_name year_group", none="id referral"
    ),
    "referrals.Attachment": Table(
        ROWS, personal="name content", none="id referral draft content_type size added_at scan"
    ),
    "referrals.Step": Table(
        ROWS,
        personal="reason words family_words",
        staff="by",
        none="id referral kind at hub organisation told_at",
    ),
    "referrals.Sending": Table(
        ROWS,
        personal="kind family person service service_name provider_name how words ask_on referral "
        "agreed_by agreed_how shown asked_of",
        staff="by",
        none="id at",
    ),
    "referrals.SendingOutcome": Table(
        ROWS, personal="sending outcome on words ask_on said_by", staff="by", none="id at"
    ),
    "referrals.StepDown": Table(
        ROWS,
        personal="plan last_on watch receipt_words",
        staff="social_worker written_by receipt_by",
        none="id referral written_at receipt_at",
    ),
    "referrals.RequestFile": Table(
        ROWS, personal="name content", staff="by", none="id team at rows job"
    ),
    "referrals.FileRow": Table(
        ROWS, personal="referral problems cells", none="id file number outcome"
    ),
    "referrals.WithheldAddress": Table(ROWS, personal="told", none="id referral"),
    "referrals.Receipt": Table(ROWS, personal="referral", none="id team key body_hash at"),
    # returns
    "returns.Return": Table(
        ROWS,
        staff="by",
        none="id kind form since on at job made_at rows faults forgotten_at",
    ),
    "returns.ReturnFile": Table(ROWS, personal="content", none="id made name content_type size"),
    "returns.ToMend": Table(ROWS, personal="kind what family", none="id made order"),
    # field
    "field.Visit": Table(
        ROWS,
        personal="case on starts words contact reason why",
        staff="worker made_by dropped_by",
        none="id made_at dropped_at",
    ),
    "field.Device": Table(ROWS, staff="user name made_at until ended_at"),
    "field.Sent": Table(
        ROWS, personal="content_hash told", staff="by", none="key kind at differing"
    ),
    # casestudies
    "casestudies.Released": Table(
        ROWS, none="id title version released_at until withdrawn_at withdrawn_because"
    ),
    "casestudies.ReleasedVersion": Table(
        ROWS, personal="title paragraphs", none="id released version at"
    ),
    "casestudies.Reading": Table(ROWS, staff="by", none="id released version how at"),
    "casestudies.CaseStudy": Table(
        ROWS,
        personal="title called facts sent_back ended_because",
        staff="began_by sent_by released_by ended_by",
        none="id case status revision began_at sent_at released consent ended_at",
    ),
    "casestudies.Paragraph": Table(
        ROWS,
        personal="words drafted",
        staff="by",
        none="id study key order heading chosen warning at",
    ),
    "casestudies.Stays": Table(ROWS, personal="mark why", staff="by", none="id study at"),
    # scrutiny
    "scrutiny.Committee": Table(
        OPEN,
        staff="contact contact_email",
        none="id uid slug name kind remit team numbers next_number numbers_year year_begins quorum notice_days working_days months_open call_in_days usual_place since until",
        why=PUBLIC,
    ),
    "scrutiny.Member": Table(
        OPEN,
        staff="name called councillor group division district hub represents user since until",
        none="id uid",
        why=PUBLIC,
    ),
    "scrutiny.Seat": Table(
        OPEN, staff="member role votes since until ended_because", none="id committee", why=PUBLIC
    ),
    "scrutiny.Meeting_together_with": Table(ROWS, none="id meeting committee"),
    "scrutiny.Meeting": Table(
        ROWS,
        staff="taken_by cleared_by",
        none="id uid committee starts_at ends_at place state moved_from times_moved why webcast short_notice public_at began_at finished_at minutes cleared_at confirmed_at revision",
    ),
    "scrutiny.Item": Table(
        ROWS,
        none="id uid meeting order number kind title words minutes_planned brief exempt paragraphs public_interest late_because plan",
    ),
    "scrutiny.Invited": Table(
        ROWS, staff="name post body email came says", none="id item asked_at answered_at"
    ),
    "scrutiny.Attendance_out_for": Table(ROWS, none="id attendance item"),
    "scrutiny.Attendance": Table(
        ROWS, staff="member state instead_of came_at left_at left_because", none="id meeting"
    ),
    "scrutiny.Declaration": Table(ROWS, staff="member kind words left", none="id meeting item"),
    "scrutiny.Question": Table(
        ROWS,
        personal="asked_by named words more",
        staff="member answered_by",
        none="id uid meeting received_at answer answered_at more_answer",
    ),
    "scrutiny.Point": Table(
        ROWS,
        staff="speaker member words moved_by seconded_by",
        none="id item order kind answers votes_for votes_against abstained carried",
    ),
    "scrutiny.Correction": Table(ROWS, staff="before words by", none="id meeting made_at point at"),
    "scrutiny.Content": Table(ROWS, none="sha held size mime"),
    "scrutiny.Paper": Table(
        ROWS,
        staff="author added_by",
        none="id uid item order kind title to_follow content file_name pages text text_state sections drawn_at exempt paragraphs public_interest late_because decision_reference decided_on public_at added_at withdrawn_because",
    ),
    "scrutiny.Alert": Table(
        ROWS, personal="email words", none="id committee thing asked_at confirmed_at told_until"
    ),
    "scrutiny.OldFile": Table(
        ROWS,
        staff="found lines decided read_by",
        none="id uid committee content name kind meeting review read_at brought_at",
    ),
    "scrutiny.FromFile": Table(
        ROWS,
        staff="words",
        none="id file place line item point attendance correction entry recommendation theme practice",
    ),
    "scrutiny.OwnNote": Table(ROWS, staff="user words", none="id item paper page at"),
    "scrutiny.Look": Table(ROWS, staff="user", none="id meeting at"),
    "scrutiny.PlanEntry": Table(
        ROWS,
        staff="owner",
        none="id uid committee kind title why point due_meeting due_month figures state outcome public made_at",
    ),
    "scrutiny.KeyDecision": Table(
        ROWS,
        staff="maker chair called_in_because",
        none="id uid title matter key first last documents where private_because public_at given urgency decided_on decision called_in_by called_in_on call_in_outcome",
    ),
    "scrutiny.Published": Table(
        OPEN,
        staff="name content words",
        none="uid kind committee above order day topics sha created modified gone_at found_by",
        why=PUBLIC,
    ),
    "scrutiny.Edition": Table(
        OPEN, staff="content by", none="id of kind number because clear_days at", why=PUBLIC
    ),
    "scrutiny.Review": Table(
        ROWS,
        staff="lead",
        none="id uid committee title aim introduction state fewest_visitors item return_on began_on public_at",
    ),
    "scrutiny.GuideQuestion": Table(ROWS, none="id review order about words"),
    "scrutiny.Visit": Table(
        ROWS,
        staff="contact",
        none="id review hub place address postcode starts_at ends_at travel state why",
    ),
    "scrutiny.Visitor": Table(ROWS, staff="member went", none="id visit"),
    "scrutiny.VisitNote": Table(
        ROWS,
        personal="consent words",
        staff="member by",
        none="id key visit question about whose at",
    ),
    "scrutiny.Photo": Table(
        ROWS, personal="caption", staff="by people consent", none="id key visit content at"
    ),
    "scrutiny.Theme": Table(
        ROWS, none="id uid review order title findings state proposed_because item agreed_at"
    ),
    "scrutiny.Evidence": Table(
        ROWS,
        personal="words",
        staff="placed_by",
        none="id review theme note sentence figure tone placed_at taken_back_at",
    ),
    "scrutiny.Practice": Table(
        ROWS,
        staff="contact",
        none="id uid review title what hub where for_whom needs shows figure public_at made_at",
    ),
    "scrutiny.TakenUp": Table(ROWS, none="id practice hub since words baseline ended_on"),
    "scrutiny.Recommendation": Table(
        ROWS,
        staff="owner owner_email",
        none="id uid committee review theme number kind words why who what how where when state owned item agreed_on due_on look_again impact stopped_because stopped_item merged_into made_at public_at",
    ),
    "scrutiny.Part": Table(ROWS, none="id recommendation order words"),
    "scrutiny.Origin": Table(ROWS, none="id recommendation item paper file line words"),
    "scrutiny.Notice": Table(
        ROWS,
        staff="to email by",
        none="id recommendation law sent_at received_on due_on asked_by reminded_at",
    ),
    "scrutiny.Answer": Table(
        ROWS,
        staff="by_whom by",
        none="id recommendation part said reason words answered_on paper figures at",
    ),
    "scrutiny.Attached": Table(
        ROWS,
        none="id uid answer replaces content file_name pages text text_state table added_at public_at withdrawn_because",
    ),
    "scrutiny.Promised": Table(
        ROWS, staff="owner", none="id recommendation words due_on done_on made_at"
    ),
    "scrutiny.Progress": Table(
        ROWS, staff="by_whom by", none="id recommendation said words evidence item on at"
    ),
    "scrutiny.Measure": Table(
        ROWS,
        none="id recommendation order figure called by row column better target target_on days baseline baseline_on",
    ),
    "scrutiny.Reading": Table(ROWS, none="id measure on value paper at"),
    # supports
    "supports.Support": Table(
        ROWS,
        staff="leader made_by",
        none="id team kind name words place places weekday starts minutes since until ended_reason "
        "made_at core_code",
    ),
    "supports.Session": Table(
        ROWS,
        staff="cancelled_by taken_by made_by",
        none="id support on starts minutes place cancelled_at cancelled_reason others taken_at made_at",
    ),
    "supports.Placement": Table(
        ROWS,
        personal="person goal since until words universal_since to_know",
        staff="made_by ended_by",
        none="id support what family case made_at",
    ),
    "supports.Leading": Table(
        ROWS,
        staff="user made_by ended_by since until",
        none="id support team ended_at made_at",
    ),
    "supports.Attendance": Table(
        ROWS,
        personal="person status reason was_status was_reason dropped_in",
        staff="marked_by",
        none="id session what at family turn marked_at batch",
    ),
    "supports.Differing": Table(
        ROWS,
        personal="status reason",
        staff="by settled_by",
        none="id attendance at settled_at taken",
    ),
    # casework
    "casework.Case": Table(
        ROWS,
        personal="family intensity outcome closing_reason closing_words family_words became",
        staff="worker",
        none="id reference team referral status opened_at allocated_at contact_by "
        "first_contact_at closed_at",
    ),
    "casework.Allocation": Table(
        ROWS, personal="reason", staff="worker by", none="id case since until"
    ),
    "casework.Handover": Table(
        ROWS, personal="reason", staff="by", none="id case from_team to_team at"
    ),
    "casework.HandoverOffer": Table(
        ROWS,
        personal="reason stands due family_knows told facts answer",
        staff="offered_by answered_by worker",
        none="id case from_team to_team offered_at state answered_at",
    ),
    "casework.Measure": Table(
        OPEN,
        staff="made_by",
        none="id key version name kind about low high better meaning source questions in_use made_at",
        why=DIRECTORY,
    ),
    "casework.Score": Table(
        ROWS,
        personal="person on answers value source",
        staff="by",
        none="id case measure recorded_at",
    ),
    "casework.Attendance": Table(
        ROWS,
        personal="person first last possible attended authorised unauthorised source",
        staff="by",
        none="id case recorded_at",
    ),
    "casework.Schooling": Table(
        ROWS,
        personal="person setting organisation name send since until ending source mistake",
    ),
    "casework.Exclusion": Table(
        ROWS,
        personal="person on kind sessions source",
        staff="by",
        none="id case recorded_at",
    ),
    "casework.Mistake": Table(
        ROWS, personal="why", staff="by", none="id score attendance exclusion at"
    ),
    "casework.Feedback": Table(ROWS, personal="name answers words", none="id case of at"),
    "casework.StepUp": Table(
        ROWS,
        personal="reason tried ground agreed_by giver how ground_reason answer instead document decision "
        "decision_words",
        staff="asked_by answered_by receipt_kept_by decision_kept_by spoke_with received_by",
        none="id case organisation state sharing asked_at answered_at way received_at "
        "their_reference decided_at",
    ),
    "casework.Reopening": Table(
        ROWS,
        personal="reason had_closing_reason had_outcome had_closing_words had_family_words had_became",
        staff="by",
        none="id case at had_closed_at",
    ),
    "casework.Contact": Table(
        ROWS,
        personal="at how with_whom succeeded words child_seen seen_alone",
        staff="by",
        none="id case recorded_at",
    ),
    "casework.Note": Table(
        ROWS,
        personal="happened_at words child_seen seen_alone",
        staff="by",
        none="id case adds_to recorded_at",
    ),
    "casework.NoteFile": Table(
        ROWS, personal="name content", none="id note content_type size added_at scan"
    ),
    "casework.PlannedAction": Table(
        ROWS,
        personal="what owner_called family_known_as date_reason came_of_it",
        staff="owner made_by ended_by",
        none="id case goal owner_organisation owner_person sharing withheld_at meeting due_on done_on "
        "dropped_on made_at",
    ),
    "casework.Sharing": Table(
        ROWS,
        personal="given_by giver how competence reason ended_said_by ended_words ground",
        staff="decided_by recorded_by ended_by",
        none="id family purpose agency organisation of_others since until recorded_at ended_at",
    ),
    "casework.AssessmentShare": Table(
        ROWS, none="id assessment member sharing without since until ended_at"
    ),
    "casework.AssessmentLook": Table(ROWS, staff="by", none="id share on_paper at"),
    "casework.Goal": Table(
        ROWS,
        personal="words measure ending ending_words",
        staff="made_by ended_by",
        none="id case made_at ended_on",
    ),
    "casework.PlanReview": Table(
        ROWS, personal="present words", staff="by", none="id case held_on next_on recorded_at"
    ),
    "casework.GoalProgress": Table(
        ROWS, personal="score words", staff="by", none="id goal review on recorded_at"
    ),
    "casework.FollowUp": Table(
        ROWS, personal="outcome words reached", staff="by", none="id case months on how recorded_at"
    ),
    "casework.FamilyPage": Table(
        ROWS,
        personal="person name channel sent_to",
        staff="made_by ended_by",
        none="id family made_at opened_at ended_at code_hash code_sent_at code_tries codes_on codes_sent",
    ),
    "casework.HandedAssessment": Table(ROWS, staff="by", none="id page assessment at"),
    "casework.FamilyWords": Table(
        ROWS, personal="name words says", none="id family page action at"
    ),
    "casework.IntensityWeight": Table(
        OPEN, staff="changed_by", none="id intensity weight changed_at", why=DIRECTORY
    ),
    "casework.IntensityChange": Table(
        ROWS, personal="was now reason", staff="by", none="id case at"
    ),
    "casework.Supervision": Table(
        ROWS, staff="worker manager words", none="id team held_on next_on recorded_at"
    ),
    "casework.SupervisionAddition": Table(
        ROWS, staff="words by", none="id supervision recorded_at"
    ),
    "casework.SupervisionDraft": Table(
        ROWS,
        personal="answers",
        staff="by",
        none="id team supervision case revision saved_at",
    ),
    "casework.CaseReflection": Table(
        ROWS,
        personal="words",
        staff="worker manager by",
        none="id supervision case adds_to held_on recorded_at",
    ),
    "casework.AgreedAction": Table(ROWS, none="id reflection action"),
    "casework.CaseAuditForm": Table(
        OPEN, staff="made_by", none="id version questions changes made_at", why=DIRECTORY
    ),
    "casework.CaseAudit": Table(
        ROWS,
        personal="why drawn_from",
        staff="drawn_by",
        none="id form team which since how_many seed drawn_at",
    ),
    "casework.AuditedCase": Table(ROWS, none="id audit case team"),
    "casework.AuditFinding": Table(
        ROWS, personal="answers good better", staff="grade by", none="id audited at"
    ),
    "casework.AuditAction": Table(ROWS, none="id finding action"),
    "casework.AssessmentForm": Table(
        OPEN,
        staff="made_by released_by",
        none="id version definition changes made_at released_at",
        why=DIRECTORY,
    ),
    "casework.Assessment": Table(
        ROWS,
        personal="sent_back not_used_because",
        staff="started_by sent_by signed_by",
        none="id case form status previous started_at sent_at signed_at",
    ),
    "casework.AssessedPerson": Table(
        ROWS, personal="person is_child name", none="id assessment order"
    ),
    "casework.Answer": Table(
        ROWS, personal="key words", staff="by", none="id assessment revision taken_over at"
    ),
    "casework.Clash": Table(
        ROWS,
        personal="key words",
        staff="by settled_by",
        none="id assessment at settled_at",
    ),
    "casework.TeamMember": Table(
        ROWS,
        personal="name role organisation email person family_known_as left_because",
        staff="user added_by",
        none="id case kind sharing withheld_at since until added_at",
    ),
    "casework.LeadProfessional": Table(ROWS, staff="member by", none="id case since until"),
    "casework.TeamPage": Table(
        ROWS,
        personal="name sent_to member",
        staff="made_by ended_by",
        none="id channel made_at opened_at ended_at code_hash code_sent_at code_tries codes_on "
        "codes_sent",
    ),
    "casework.StepUpPage": Table(
        ROWS,
        personal="name sent_to",
        staff="made_by ended_by",
        none="id step_up channel made_at opened_at ended_at code_hash code_sent_at code_tries codes_on "
        "codes_sent",
    ),
    "casework.ServicePage": Table(
        ROWS,
        personal="name sent_to",
        staff="made_by ended_by",
        none="id sending channel made_at opened_at ended_at code_hash code_sent_at code_tries codes_on "
        "codes_sent chased_at",
    ),
    "casework.TeamMeeting": Table(
        ROWS,
        personal="place agenda cancelled_because",
        staff="called_by",
        none="id case uid sequence starts_at minutes_long called_at cancelled_at minutes_asked_at",
    ),
    "casework.MeetingSeat": Table(
        ROWS, personal="member reply reply_words attendance", none="id meeting replied_at"
    ),
    "casework.Minutes": Table(
        ROWS, personal="others discussion", staff="by", none="id meeting version at"
    ),
    "casework.ReviewedAction": Table(
        ROWS, personal="what owner state words", none="id minutes action"
    ),
    "casework.MinutesCopy": Table(ROWS, personal="member", staff="by", none="id minutes at"),
    # what is sent, and long work
    "notices.Wording": Table(
        OPEN, staff="changed_by", none="id key channel subject body changed_at", why=DIRECTORY
    ),
    "notices.Notice": Table(
        ROWS,
        personal="to subject body secrets calendar",
        none="id key channel about_kind about_id team once_key state tries made_at next_try_at "
        "sent_at problem provider_reference",
    ),
    "jobs.Job": Table(
        ROWS,
        personal="arguments result failure",
        staff="by",
        none="id task title state done total step tries asked_at started_at ended_at "
        "cancel_asked_at",
    ),
    "jobs.Checkpoint": Table(ROWS, personal="key", none="id job"),
    "ui.Look": Table(
        OPEN,
        none="id county_name service_name main_colour accent_colour link_colour button_colour "
        "front_door_phone front_door_email front_door_hours out_of_hours_phone changed_at",
    ),
    # who we work with
    "partners.Organisation": Table(
        OPEN,
        none="id name kind team phase urn address postcode easting northing district email phone "
        "pupils free_meals_percent takes_requests active",
    ),
    # The directory: what there is, about nobody. Mailboxes are of organisations and roles.
    "directory.Provider": Table(
        OPEN,
        none="id uid name description website email charity_number partner parent keeper_email "
        "source source_id",
    ),
    "directory.Place": Table(
        OPEN,
        none="id uid name kind shown hub address town postcode easting northing latitude longitude "
        "transport access source source_id",
    ),
    "directory.Service": Table(
        OPEN,
        none="id uid provider name also_called description url email phone status alert from_months "
        "to_months who_for not_for route how_to_ask taking taking_until free cost languages "
        "interpreters accreditations funding area_names professional_only published assured_on "
        "assured_by assurer_email hidden_on words modified_at source source_id told_by",
    ),
    "directory.Asking": Table(OPEN, none="id service step on of_team"),
    "directory.Remark": Table(
        ROWS,
        personal="words email reply",
        staff="owner done_by",
        none="id service topic made_at state done_at",
    ),
    "directory.HidingRule": Table(
        OPEN, staff="changed_by", none="id months changed_at", why=DIRECTORY
    ),
    "directory.ServiceAtPlace": Table(OPEN, none="id uid service place words"),
    "directory.Schedule": Table(
        OPEN,
        none="id uid service at_place every weekday nth opens closes since until term_time_only "
        "bank_holidays words",
    ),
    "directory.NotHeld": Table(OPEN, none="id schedule day words"),
    "directory.Term": Table(
        OPEN, none="id uid taxonomy code name description parent synonyms order active"
    ),
    "directory.NotOffered_services": Table(OPEN, none="id notoffered service"),
    "directory.Tag": Table(OPEN, none="id uid service term"),
    "directory.SameMeaning": Table(OPEN, none="id words"),
    "directory.Word": Table(OPEN, none="word stem"),
    "directory.SchoolTerm": Table(OPEN, none="id name since until"),
    # Other directories. What they say of persons is not taken.
    "directory.Source": Table(
        OPEN,
        staff="made_by",
        none="id uid name address publishes daily made_at",
        why=DIRECTORY,
    ),
    "directory.SourceTerm": Table(OPEN, none="id source key name taxonomy count term chosen"),
    "directory.Brought": Table(OPEN, none="id source kind key said differs gone_on"),
    "directory.Reading": Table(
        OPEN,
        staff="by",
        none="id source kind take_away job at ended_at counts notes",
        why=DIRECTORY,
    ),
    "directory.ServiceFile": Table(
        OPEN,
        staff="by",
        none="id uid name content team at rows bad_rows problems coming counts job ended_at",
        why=DIRECTORY,
    ),
    "directory.ReadRecord": Table(
        OPEN, none="id reading number key name outcome notes changes service"
    ),
    "directory.CoreOffer": Table(
        OPEN,
        staff="made_by",
        none="id version state words consulted_on consulted_whom agreed_on agreed_by in_force_from "
        "made_at",
        why=DIRECTORY,
    ),
    "directory.CoreItem": Table(
        OPEN,
        none="id offer code name words who_for standard indicator every term_time_only at_least "
        "at_most entry_shows order",
    ),
    "directory.MadeLeaflet": Table(OPEN, none="fingerprint content made_at", why=DIRECTORY),
    "directory.Proposal": Table(
        OPEN,
        staff="made_by decided_by",
        none="id uid provider service before proposed words state revision mailbox made_at answer decided_at",
        why=DIRECTORY,
    ),
    "directory.Offering": Table(
        OPEN,
        staff="owner changed_by said_by",
        none="id hub core_code service state reason instead instead_service since review_on need "
        "figure due_on standard_said said_on changed_at",
        why=DIRECTORY,
    ),
    "directory.KeptBoard": Table(
        OPEN, staff="made_by", none="id uid title as_at data made_at", why=DIRECTORY
    ),
    "directory.NotOffered": Table(
        OPEN,
        staff="changed_by",
        none="id uid title words hub synonyms instead since until review_on changed_at",
        why=DIRECTORY,
    ),
    # Words of the directory's own lists. Nobody's, and nothing that anybody typed.
    "directory.Spoken": Table(
        OPEN,
        staff="written_by",
        none="id kind uid field language words english written_at",
        why=DIRECTORY,
    ),
    "directory.Twins": Table(
        OPEN,
        staff="decided_by",
        none="id one other points reasons against found_on state why decided_at kept undo",
        why=DIRECTORY,
    ),
    "directory.NotFound": Table(OPEN, none="id day hub kind key count"),
    "hubs.Hub": Table(
        OPEN,
        none="id team slug order premises shares_with address postcode easting northing latitude "
        "longitude phone email opening_hours",
    ),
    "hubs.StaffPost": Table(
        OPEN,
        staff="user title hours_a_week families_at_once since until",
        none="id hub",
        why=DIRECTORY,
    ),
    "hubs.Catchment": Table(OPEN, none="id hub neighbourhood since until proposed_by_distance"),
    "hubs.ClosedDay": Table(OPEN, none="id day name"),
    "hubs.Promise": Table(OPEN, none="id key days"),
    # places
    "places.District": Table(OPEN, none="code name"),
    "places.Neighbourhood": Table(
        OPEN, none="code kind name district outline easting northing latitude longitude"
    ),
    "places.Postcode": Table(
        OPEN, none="code easting northing latitude longitude district neighbourhood lsoa"
    ),
    "places.AreaFigure": Table(OPEN, none="id area name value year source"),
    # Public files only: a file is kept after all of it was read as what it says it is.
    "places.Upload": Table(
        OPEN,
        staff="by",
        none="id importer name content year status at taken_in_at result",
        why=DIRECTORY,
    ),
    "places.AttainmentColumn": Table(OPEN, none="id year heading label"),
    # Published by the Department for Education, with what is small withheld.
    "places.Attainment": Table(
        OPEN,
        none="id year status kind authority establishment urn name postcode district school_type "
        "published file taken_in_at",
    ),
    # who signs in
    # Of an address it holds a hash, made with the county's secret.
    "accounts.Tally": Table(OPEN, none="key since count"),
    "accounts.Team": Table(OPEN, none="id name kind email active"),
    "accounts.User": Table(
        OPEN,
        staff="password last_login email name job_title phone is_active made_at",
        none="id is_service",
        why=SIGN_IN,
    ),
    "accounts.Membership": Table(OPEN, staff="user role since until", none="id team", why=VIEWER),
    "accounts.RoleGrant": Table(OPEN, none="id role permission"),
    "accounts.Cover": Table(
        OPEN, staff="absent covered_by since until reason agreed_by", why=VIEWER
    ),
    "accounts.OneTimeLink": Table(
        OPEN,
        staff="sent_to",
        none="id secret_hash purpose subject_id made_at expires_at last_used_at ended_at",
        why=SIGN_IN,
    ),
    "accounts.ApiKey": Table(
        OPEN,
        staff="acts_as",
        none="id team name starts_with secret_hash made_at last_used_at ended_at",
        why=SIGN_IN,
    ),
    # what was done and seen
    "audit.Entry": Table(
        ROWS,
        personal="subject_name family_id before after",
        staff="by_id by_name",
        none="id at what subject_kind subject_id team_id",
    ),
    "audit.Sight": Table(
        ROWS, personal="family_id page right", staff="viewer_id viewer_name", none="id at"
    ),
    # libraries: sign-in
    "auth.Permission": Table(OPEN, none="id name content_type codename"),
    "auth.Group": Table(OPEN, none="id name"),
    "auth.Group_permissions": Table(OPEN, none="id group permission"),
    "contenttypes.ContentType": Table(OPEN, none="id app_label model"),
    "sessions.Session": Table(
        OPEN, staff="session_data", none="session_key expire_date", why=SIGN_IN
    ),
    "account.EmailAddress": Table(
        OPEN, staff="user email verified primary", none="id", why=SIGN_IN
    ),
    "account.EmailConfirmation": Table(
        OPEN, staff="email_address", none="id created sent key", why=SIGN_IN
    ),
    "socialaccount.SocialApp": Table(
        OPEN, none="id provider provider_id name client_id secret key settings"
    ),
    "socialaccount.SocialAccount": Table(
        OPEN, staff="user uid last_login date_joined extra_data", none="id provider", why=SIGN_IN
    ),
    "socialaccount.SocialToken": Table(
        OPEN, staff="account token token_secret", none="id app expires_at", why=SIGN_IN
    ),
    "mfa.Authenticator": Table(
        OPEN, staff="user data last_used_at", none="id type created_at", why=SIGN_IN
    ),
    "usersessions.UserSession": Table(
        OPEN,
        staff="user ip last_seen_at user_agent data",
        none="id created_at session_key",
        why=SIGN_IN,
    ),
    # libraries: the queue, which is told numbers only
    "procrastinate.ProcrastinateWorker": Table(OPEN, none="id last_heartbeat"),
    "procrastinate.ProcrastinateJob": Table(
        OPEN,
        none="id queue_name task_name priority lock args status scheduled_at attempts "
        "queueing_lock abort_requested worker",
    ),
    "procrastinate.ProcrastinateEvent": Table(OPEN, none="id job type at"),
    "procrastinate.ProcrastinatePeriodicDefer": Table(
        OPEN, none="id task_name defer_timestamp job periodic_id"
    ),
    "pghistory.Context": Table(OPEN, none="id created_at updated_at metadata"),
}

# Tables that no model knows.
OTHER_TABLES = {
    "django_migrations": NOBODY,
    "kith_lists": "How often the lists that every page reads have changed: one number.",
    "kith_walls": "Which records are kept to named people: numbers, which the application cannot read.",
    "kith_named": "Who is named on them: numbers, which the application cannot read.",
    "kith_cache": "Counters of tries, under a hash of what was tried.",
    "referrals_tally": "Counters as kith_cache, of the release before: dropped in a later one.",
}
