"""One row in every guarded table, twice: for a family of one hub and for a family of another."""

import datetime
import itertools
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from kith.accounts.models import Membership, Team, User
from kith.accounts.viewer import clock, front_door, see_as, seeing_as
from kith.audit.actions import record, saw
from kith.casestudies import models as casestudies
from kith.casework import models as casework
from kith.directory import models as directory
from kith.directory.oruk import taxonomy_id
from kith.directory.proposed import values_of
from kith.families import models as families
from kith.field import models as field_models
from kith.hubs import models as hubs
from kith.jobs import models as jobs
from kith.notices import models as notices
from kith.partners import models as partners
from kith.referrals import models as referrals
from kith.returns import models as returns
from kith.scrutiny import models as scrutiny
from kith.scrutiny.content import meeting_of
from kith.supports import models as supports
from tests.factories.accounts import make_team, make_user
from tests.factories.directory import make_place, make_service

NOON = datetime.datetime(2026, 11, 16, 12, tzinfo=datetime.UTC)
_numbers = itertools.count(1)
# What is kept of a case that is offered to another hub.
OFFERED: dict[str, Any] = {
    **dict.fromkeys(("reference", "family", "worker", "intensity", "interpreter", "advice"), "x"),
    **dict.fromkeys(("reached", "signed", "review"), ""),
    **dict.fromkeys(("opened", "contact_by"), "2026-11-02"),
    **{name: [] for name in ("people", "goals", "actions", "involved", "agreed")},
}


def fill(model: type[models.Model], **fields: Any) -> Any:
    """Make a row, with something in every field that needs something."""
    for column in model._meta.local_concrete_fields:
        given = column.name in fields or column.attname in fields
        if given or column.null or column.has_default() or column.blank or column.primary_key:
            continue
        fields[column.name] = _something(column)
    return model.objects.create(**fields)


def _something(column: models.Field) -> Any:
    if column.choices:
        return column.choices[0][0]
    match column:
        case ArrayField():
            return []
        case models.DateTimeField():
            return NOON
        case models.DateField():
            return NOON.date()
        case models.TimeField():
            return NOON.time()
        case models.BooleanField():
            return False
        case models.JSONField():
            return {}
        case models.UUIDField():
            return uuid.uuid4()
        case models.BinaryField():
            return b"x"
        case models.CharField() | models.TextField():
            return f"x{next(_numbers)}"[: column.max_length or 20]
        case models.IntegerField() | models.DecimalField() | models.FloatField():
            return next(_numbers)
    raise AssertionError(f"Say what to put in {column}")


@dataclass
class Side:
    """A hub, its people, and a family that it works with."""

    hub: Team
    worker: User
    manager: User
    family: families.Family
    referral: referrals.Referral
    case: casework.Case
    sender: User
    school: Team
    organisation: partners.Organisation
    role: Membership
    adult: families.Person
    child: families.Person
    home: families.Address
    stay: families.Residence
    tie: families.Relationship
    learns: casework.Schooling
    reached: families.ContactDetail
    kept: families.Restriction
    need: referrals.Need
    attachment: referrals.Attachment
    notice: notices.Notice
    job: jobs.Job
    note: casework.Note
    note_file: casework.NoteFile
    offer: casework.HandoverOffer
    sending: referrals.Sending
    step_up: casework.StepUp
    action: casework.PlannedAction
    assessment: casework.Assessment
    goal: casework.Goal
    sharing: casework.Sharing
    page: casework.FamilyPage
    clash: casework.Clash
    member: casework.TeamMember
    seat: casework.MeetingSeat
    meeting: casework.TeamMeeting
    supervision: casework.Supervision
    audit: casework.CaseAudit
    audited: casework.AuditedCase
    support: supports.Support
    session: supports.Session
    placement: supports.Placement
    leading: supports.Leading
    differing: supports.Differing
    visit: field_models.Visit
    device: field_models.Device
    study: casestudies.CaseStudy
    service: directory.Service
    schedule: directory.Schedule
    term: directory.Term
    taxonomy: str
    merge: families.Merge
    emergency: families.EmergencyAccess
    rows: dict[str, set[Any]] = field(default_factory=dict)


@dataclass
class Room:
    """A committee with its meeting, and something of everything that it has; and who reads it."""

    officer: User
    councillor: User
    committee: scrutiny.Committee
    member: scrutiny.Member
    meeting: scrutiny.Meeting
    item: scrutiny.Item
    paper: scrutiny.Paper
    planned: scrutiny.PlanEntry
    decision: scrutiny.KeyDecision
    review: scrutiny.Review
    visit: scrutiny.Visit
    photo: scrutiny.Photo
    theme: scrutiny.Theme
    practice: scrutiny.Practice
    taken_up: scrutiny.TakenUp
    recommendation: scrutiny.Recommendation
    promised: scrutiny.Promised
    attached: scrutiny.Attached
    measure: scrutiny.Measure
    published: scrutiny.Published
    old_file: scrutiny.OldFile


@dataclass
class County:
    """Two hubs that know nothing of each other, and those who see more."""

    here: Side
    there: Side
    desk: User
    lead: User
    dpo: User
    administrator: User
    stranger: User
    core_item: directory.CoreItem  # of a version that is in the making
    agreed_item: directory.CoreItem  # of the version in force
    absent: directory.NotOffered
    kept_board: directory.KeptBoard
    proposal: directory.Proposal
    twins: directory.Twins
    remark: directory.Remark
    reading: directory.Reading  # of another directory
    filed: directory.ServiceFile
    same_meaning: directory.SameMeaning
    school_term: directory.SchoolTerm
    room: Room


# What a kept copy of the board says, where there is next to nothing.
KEPT = {
    "county": "Kithshire", "as_at": "2026-05-01", "version": 1, "agreed_by": "Cabinet", "hubs": [],
    "lines": [], "gaps": [], "since": "", "gaps_before": None, "changes": [],
}  # fmt: skip


def make_county() -> County:
    """Make a row in every guarded table on either side."""
    desk_team = make_team("County desk", "desk")
    desk = make_user("county_desk", desk_team, "Desk")
    lead = make_user("county_lead", desk_team, "Lead")
    offers = [
        fill(directory.CoreOffer, version=1, state="agreed", agreed_on=NOON, agreed_by="Cabinet",
             in_force_from=NOON, made_by=lead),
        fill(directory.CoreOffer, version=2, made_by=lead),
    ]  # fmt: skip
    agreed, core = (
        fill(directory.CoreItem, offer=offer, code="play", name="Play") for offer in offers
    )
    here = _side("Banbury", desk_team, desk)
    there = _side("Witney", desk_team, desk)
    with seeing_as(front_door()):
        remark = fill(directory.Remark, service=here.service)
    return County(
        core_item=core,
        remark=remark,
        agreed_item=agreed,
        kept_board=fill(directory.KeptBoard, data=KEPT, as_at=NOON, made_by=lead),
        reading=_reading(lead),
        filed=fill(directory.ServiceFile, by=lead, team=desk_team, rows=1, bad_rows=1),
        same_meaning=fill(directory.SameMeaning, words=["dads", "fathers"]),
        school_term=fill(directory.SchoolTerm, since=NOON, until=NOON),
        absent=fill(directory.NotOffered, changed_by=lead, instead="The library"),
        twins=fill(directory.Twins, one=here.service, other=there.service, points=6),
        proposal=fill(
            directory.Proposal,
            provider=here.service.provider,
            service=None,
            proposed=values_of(here.service),
            made_by=lead,
        ),
        room=make_room(),
        here=here,
        there=there,
        desk=desk,
        lead=lead,
        dpo=make_user("dpo", desk_team, "Officer"),
        administrator=make_user("administrator", desk_team, "Administrator"),
        stranger=make_user(name="Stranger"),
    )


def make_room() -> Room:
    """Make a committee, with a row in each of its tables. Leaves its officer as the viewer."""
    team = make_team("Scrutiny", "committee")
    officer = make_user("committee_officer", team, "Committee officer")
    councillor = make_user("committee_member", team, "Councillor")
    see_as(officer)
    committee = fill(scrutiny.Committee, slug="scrutiny", team=team)
    member = fill(scrutiny.Member, user=councillor)
    fill(scrutiny.Seat, committee=committee, member=member)
    meeting = fill(scrutiny.Meeting, committee=committee, minutes="none", state="planned")
    meeting.together_with.add(committee)
    item = fill(scrutiny.Item, meeting=meeting, kind="topic")
    content = fill(scrutiny.Content, sha=f"{next(_numbers):064}")
    sections = [{"heading": "In short", "paragraphs": []}]
    paper = fill(
        scrutiny.Paper,
        item=item,
        content=content,
        added_by=officer,
        sections=sections,
        drawn_at=NOON,
    )
    attendance = fill(scrutiny.Attendance, meeting=meeting, member=member)
    attendance.out_for.add(item)
    fill(scrutiny.Invited, item=item)
    fill(scrutiny.Declaration, meeting=meeting, member=member)
    fill(scrutiny.Question, meeting=meeting)
    point = fill(scrutiny.Point, item=item)
    fill(scrutiny.Correction, meeting=meeting, made_at=meeting, point=point, by=officer)
    planned = fill(scrutiny.PlanEntry, committee=committee, state="planned")
    decision = fill(scrutiny.KeyDecision)
    review = fill(scrutiny.Review, committee=committee, state="planned")
    fill(scrutiny.GuideQuestion, review=review)
    visit = fill(
        scrutiny.Visit,
        review=review,
        starts_at=NOON,
        ends_at=NOON + datetime.timedelta(hours=1),
        state="planned",
    )
    fill(scrutiny.Visitor, visit=visit, member=member)
    note = fill(scrutiny.VisitNote, visit=visit, by=councillor)
    photo = fill(scrutiny.Photo, visit=visit, by=councillor, content=content)
    theme = fill(scrutiny.Theme, review=review, state="proposed")
    fill(scrutiny.Evidence, review=review, theme=theme, note=note)
    practice = fill(scrutiny.Practice, review=review)
    taken_up = fill(scrutiny.TakenUp, practice=practice, hub=hubs.Hub.objects.order_by("pk")[0])
    asked = fill(
        scrutiny.Recommendation,
        committee=committee,
        review=review,
        theme=theme,
        state="drafted",
        agreed_on=NOON.date(),
    )
    fill(scrutiny.Part, recommendation=asked)
    fill(scrutiny.Origin, recommendation=asked, item=item)
    fill(scrutiny.Notice, recommendation=asked, by=officer, law="executive", due_on=NOON.date())
    answer = fill(scrutiny.Answer, recommendation=asked, said="accepted")
    attached = fill(scrutiny.Attached, answer=answer, content=content)
    promised = fill(scrutiny.Promised, recommendation=asked)
    fill(scrutiny.Progress, recommendation=asked)
    measure = fill(scrutiny.Measure, recommendation=asked)
    fill(scrutiny.Reading, measure=measure)
    published = fill(
        scrutiny.Published,
        kind="meeting",
        committee=committee,
        content={"meeting": meeting_of(meeting)},
    )
    fill(scrutiny.Edition, of=published, kind="agenda")
    found = {"doc_type": "agenda", "warnings": [], "date": None, "start_time": None}
    old_file = fill(
        scrutiny.OldFile,
        read_by=officer,
        committee=committee,
        content=content,
        found=found,
        decided={},
        lines={},
    )
    fill(scrutiny.FromFile, file=old_file, place="date")
    with seeing_as(clock()):
        fill(scrutiny.Alert, committee=committee)
    see_as(councillor)
    fill(scrutiny.OwnNote, user=councillor, item=item)
    fill(scrutiny.Look, user=councillor, meeting=meeting)
    see_as(officer)
    return Room(
        officer=officer,
        councillor=councillor,
        committee=committee,
        member=member,
        meeting=meeting,
        item=item,
        paper=paper,
        planned=planned,
        decision=decision,
        review=review,
        visit=visit,
        photo=photo,
        theme=theme,
        practice=practice,
        taken_up=taken_up,
        recommendation=asked,
        promised=promised,
        attached=attached,
        measure=measure,
        published=published,
        old_file=old_file,
    )


def _reading(lead: User) -> Any:
    source = fill(directory.Source, name="Warden", address="https://w.example", made_by=lead)
    return fill(directory.Reading, source=source, by=lead, ended_at=NOON)


def _side(name: str, desk_team: Team, desk: User) -> Side:
    hub_team, school_team = make_team(name), make_team(f"{name} School", "partner")
    worker = make_user("hub_worker", hub_team, f"{name} worker")
    manager = make_user("hub_manager", hub_team, f"{name} manager")
    sender = make_user("referrer", school_team, f"{name} sender")
    fill(hubs.Hub, team=hub_team, slug=name.lower())
    school = fill(
        partners.Organisation,
        name=f"{name} School",
        team=school_team,
        kind="school",
        phase="primary",
    )
    made: dict[str, set[Any]] = {}

    def row(model: type[models.Model], **fields: Any) -> Any:
        made_row = fill(model, **fields)
        made.setdefault(model._meta.db_table, set()).add(made_row.pk)
        return made_row

    with seeing_as(front_door()):
        family = row(families.Family, reference=f"F-{next(_numbers):06}")
        families.Family.objects.filter(pk=family.pk).update(head=family)
        row(families.Standing, family=family, team=hub_team, reason="case", since=NOON)
        adult, child = row(families.Person), row(families.Person, expected_on=NOON.date())
        families.Person.objects.update(head=models.F("pk"))
        row(families.Membership, family=family, person=adult, role="mother")
        row(families.Membership, family=family, person=child, role="child")
        home = row(families.Address, family=family)
        reached = row(families.ContactDetail, person=adult)
        row(families.OtherName, person=adult, family_name="Before")
        tie = row(families.Relationship, person=adult, other=child, kind="parent")
        stay = row(families.Residence, person=adult, address=home)
        learns = row(casework.Schooling, person=child, organisation=school, name=school.name)
        name = f"name{next(_numbers)}"
        row(families.SearchKey, person=child, family=family, key=f"n:{name}")
        row(families.Spelling, word=name)
        referral = row(
            referrals.Referral,
            reference=f"R-2026-{next(_numbers):06}",
            family=family,
            team=desk_team,
            basis="consent",
            agreed_by="Her mother",
            sender=sender,
            sender_team=school_team,
            sender_kind="partner",
        )
        need = fill(referrals.Need)
        row(referrals.ReferralNeed, referral=referral, need=need)
        row(referrals.ReferralChild, referral=referral, person=child)
        row(referrals.StepDown, referral=referral, written_by=worker)
        row(referrals.Step, referral=referral, kind="received", by=sender)
        attachment = row(referrals.Attachment, referral=referral)
        row(referrals.Draft, owner=sender)
        row(referrals.Receipt, team=school_team, referral=referral)
        notice = row(notices.Notice, team=hub_team)
        case = row(
            casework.Case,
            reference=f"C-2026-{next(_numbers):06}",
            family=family,
            team=hub_team,
            referral=referral,
        )
        row(casework.Allocation, case=case, worker=worker, by=manager)
        row(casework.Handover, case=case, from_team=hub_team, to_team=hub_team, by=manager)
        offer = row(
            casework.HandoverOffer,
            case=case,
            from_team=hub_team,
            to_team=school_team,
            facts=OFFERED,
            offered_by=manager,
        )
        measure = casework.Measure.objects.filter(key="sdq-total").latest("version")
        score = row(casework.Score, case=case, measure=measure, person=child, by=worker)
        row(casework.Mistake, score=score, by=worker)
        row(
            casework.Attendance,
            case=case,
            person=child,
            possible=2,
            attended=2,
            authorised=0,
            unauthorised=0,
            by=worker,
        )
        row(casework.Exclusion, case=case, person=child, kind="suspension", sessions=2, by=worker)
        row(casework.Feedback, case=case)
        step_up = row(
            casework.StepUp,
            case=case,
            organisation=school,
            ground="consent",
            agreed_by="Her mother",
            asked_by=worker,
        )
        row(casework.StepUpPage, step_up=step_up, channel="email", made_by=manager)
        row(casework.Reopening, case=case, by=manager)
        row(casework.IntensityChange, case=case, by=worker, was="usual", now="light")
        row(casework.Contact, case=case, by=worker, succeeded=True)
        note = row(casework.Note, case=case, by=worker)
        note_file = row(casework.NoteFile, note=note)
        row(casework.FollowUp, case=case, months=3, reached=False, by=worker)
        goal = row(casework.Goal, case=case, made_by=worker)
        review = row(casework.PlanReview, case=case, by=worker)
        row(casework.GoalProgress, goal=goal, review=review, by=worker, score=3)
        sending = row(
            referrals.Sending,
            family=family,
            person=child,
            referral=referral,
            service=make_service("A group"),
            by=worker,
        )
        row(referrals.SendingOutcome, sending=sending, by=worker)
        row(casework.ServicePage, sending=sending, channel="email", made_by=worker)
        page = row(
            casework.FamilyPage, family=family, person=adult, channel="email", made_by=worker
        )
        row(casework.FamilyWords, family=family, page=page, words="Thank you")
        assessment = row(
            casework.Assessment,
            case=case,
            form=casework.AssessmentForm.objects.latest("version"),
            started_by=worker,
        )
        row(casework.HandedAssessment, page=page, assessment=assessment, by=worker)
        row(casework.AssessedPerson, assessment=assessment, person=child)
        row(casework.Answer, assessment=assessment, key="about-why", by=worker)
        clash = row(casework.Clash, assessment=assessment, key="about-why", by=worker)
        sharing = row(
            casework.Sharing,
            family=family,
            organisation=school,
            purpose="help",
            ground="consent",
            given_by="Her mother",
            giver="parent",
            how="spoken",
            recorded_by=worker,
        )
        action = row(
            casework.PlannedAction,
            case=case,
            made_by=worker,
            owner_organisation=school,
            sharing=sharing,
        )
        member = row(
            casework.TeamMember,
            case=case,
            kind="partner",
            organisation=school,
            email=sender.email,
            user=sender,
            sharing=sharing,
            added_by=worker,
        )
        row(casework.LeadProfessional, case=case, member=member, by=worker)
        signed = row(
            casework.Assessment,
            case=case,
            form=assessment.form,
            status="signed",
            started_by=worker,
            signed_at=timezone.now(),
            signed_by=manager,
        )
        reads = row(casework.AssessmentShare, assessment=signed, member=member, sharing=sharing)
        row(casework.AssessmentLook, share=reads, by=sender)
        row(casework.TeamPage, member=member, channel="email", made_by=worker)
        meeting = row(
            casework.TeamMeeting,
            case=case,
            starts_at=timezone.now() + datetime.timedelta(days=3),
            called_by=worker,
        )
        seat = row(casework.MeetingSeat, meeting=meeting, member=member)
        minutes = row(casework.Minutes, meeting=meeting, version=1, by=worker)
        row(casework.ReviewedAction, minutes=minutes, action=action)
        row(casework.MinutesCopy, minutes=minutes, member=member, by=worker)
    with seeing_as(worker):
        visit = row(field_models.Visit, case=case, worker=worker, made_by=worker)
        device = row(field_models.Device, user=worker)
        row(field_models.Sent, key=uuid.uuid4(), by=worker, differing=0)
        support = row(supports.Support, team=hub_team, leader=worker, made_by=worker, minutes=60)
        leading = row(supports.Leading, support=support, team=hub_team, user=worker, made_by=worker)
        session = row(supports.Session, support=support, made_by=worker)
        placement = row(
            supports.Placement, support=support, family=family, person=child, made_by=worker
        )
        line = row(
            supports.Attendance, session=session, family=family, person=child, marked_by=worker
        )
        differing = row(supports.Differing, attendance=line, status="missed", by=worker)
    with seeing_as(manager):
        supervision = row(casework.Supervision, team=hub_team, worker=worker, manager=manager)
        row(casework.SupervisionAddition, supervision=supervision, by=manager)
        reflection = row(
            casework.CaseReflection,
            supervision=supervision,
            case=case,
            worker=worker,
            manager=manager,
            by=manager,
        )
        row(casework.AgreedAction, reflection=reflection, action=action)
        row(
            casework.SupervisionDraft,
            by=manager,
            team=hub_team,
            supervision=supervision,
            case=case,
        )
        told = row(casestudies.Released)
        service = make_service(f"Play {next(_numbers)}", place=make_place(name), when={})
        study = row(casestudies.CaseStudy, case=case, began_by=worker, released=told)
        row(casestudies.Paragraph, study=study, key="family")
        row(casestudies.Stays, study=study, by=worker)
        row(casestudies.ReleasedVersion, released=told, version=1, paragraphs=[])
        row(casestudies.Reading, released=told, version=1, how="page", by=manager)
        audit = row(
            casework.CaseAudit,
            form=casework.CaseAuditForm.objects.latest("version"),
            team=hub_team,
            drawn_from=[case.pk],
            how_many=1,
            drawn_by=manager,
        )
        audited = row(casework.AuditedCase, audit=audit, case=case, team=hub_team)
        finding = row(
            casework.AuditFinding,
            audited=audited,
            answers=[["yes", ""] for _ in audit.form.questions],
            by=manager,
        )
        row(casework.AuditAction, finding=finding, action=action)
    with seeing_as(front_door()):
        masked = row(families.Address, family=family, lines="2 Refuge Road")
        kept = row(families.Restriction, family=family, address=masked, reason="refuge", by=manager)
        for person in (worker, manager, desk):
            row(families.Named, restriction=kept, user=person, by=manager)
        row(referrals.WithheldAddress, referral=referral, told={})
    with seeing_as(desk):
        merge = row(families.Merge, family=family, kept_id=family.pk, by=desk, kind="family")
        row(families.NotSame, first=adult, second=child, by=desk)
    with seeing_as(sender):
        file = row(referrals.RequestFile, by=sender, team=school_team)
        row(referrals.FileRow, file=file, referral=referral)
    with seeing_as(worker):
        emergency = row(families.EmergencyAccess, family=family, user=worker)
        job = row(jobs.Job, by=worker)
        row(jobs.Checkpoint, job=job)
        asked = row(returns.Return, by=worker, since=NOON.date(), on=NOON.date())
        row(returns.ReturnFile, made=asked)
        row(returns.ToMend, made=asked)
        entry = record("family.added", subject=family, by=worker, at=NOON)
        sight = saw(viewer=worker, family_id=family.pk, page="families:family", at=NOON)
        made |= {"audit_entry": {entry.pk}, "audit_sight": {sight.pk}}
    return Side(
        hub=hub_team,
        worker=worker,
        manager=manager,
        family=family,
        referral=referral,
        case=case,
        sender=sender,
        school=school_team,
        organisation=school,
        role=worker.memberships.get(),
        adult=adult,
        child=child,
        home=home,
        stay=stay,
        tie=tie,
        learns=learns,
        reached=reached,
        kept=kept,
        need=need,
        attachment=attachment,
        notice=notice,
        job=job,
        note=note,
        note_file=note_file,
        offer=offer,
        sending=sending,
        step_up=step_up,
        action=action,
        assessment=assessment,
        goal=goal,
        sharing=sharing,
        page=page,
        clash=clash,
        member=member,
        seat=seat,
        meeting=meeting,
        supervision=supervision,
        audit=audit,
        audited=audited,
        support=support,
        session=session,
        placement=placement,
        leading=leading,
        differing=differing,
        visit=visit,
        device=device,
        study=study,
        service=service,
        schedule=service.schedules.get(),
        term=fill(directory.Term, taxonomy="target", code=f"term{next(_numbers)}"),
        taxonomy=str(taxonomy_id("target")),
        merge=merge,
        emergency=emergency,
        rows=made,
    )
