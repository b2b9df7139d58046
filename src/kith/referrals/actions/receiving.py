"""A request comes in, is answered, or is taken back by whoever sent it.

Its sender may not see families, so it is filed by the front door's own account
(`seeing_as(front_door())`), and nowhere else.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from kith.accounts.actions import make_link
from kith.accounts.models import Team, User
from kith.accounts.permissions import Permission
from kith.accounts.viewer import front_door, seeing_as
from kith.audit.actions import record
from kith.directory.queries import find_service
from kith.families import actions as families
from kith.families.models import Family, Person
from kith.hubs.calendar import promised
from kith.partners.models import Organisation
from kith.partners.sources import source_code
from kith.referrals.actions.telling import (
    alert_desk,
    tell_desk_of_answer,
    tell_family,
    tell_sender_received,
)
from kith.referrals.drafts import RELATIONS
from kith.referrals.models import (
    Attachment,
    Draft,
    Need,
    Referral,
    ReferralChild,
    ReferralNeed,
    Step,
)
from kith.referrals.permissions import may_answer, may_send
from kith.referrals.requests import NewChild, NewRequest, Problem, as_kept, check

SOURCES = {"parent": "1A", "young_person": "1C", "other": "1D"}
_RELATION_SOURCES = {RELATIONS["family"]: "1A", RELATIONS["friend"]: "1B"}


class Refused(Exception):
    """A request cannot be taken as it is. `problems` says where and what to do."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("; ".join(f"{p.field}: {p.message}" for p in problems))


class AlreadyReceived(Exception):
    """The sender has used this number of theirs before. `referral` is what came of it."""

    def __init__(self, referral: Referral) -> None:
        self.referral = referral
        super().__init__(f"You have sent this before: it is {referral.reference}.")


class NothingWaits(Exception):
    """A sender answered, or withdrew, when the request no longer waits for a decision."""


class Received:
    """What became of a request: the referral, and the secret of the sender's private link."""

    def __init__(self, referral: Referral, link: str) -> None:
        self.referral, self.link = referral, link


@transaction.atomic
def receive(
    *,
    request: NewRequest,
    by: User | None,
    at: datetime,
    draft: Draft | None = None,
) -> Received:
    """Receive a request for help from anyone: file it, promise a decision, thank the sender.

    `by` is the person signed in, or a partner system's account; None for everybody else, who get
    a private link. A draft's attachments go with it. Raises Refused or AlreadyReceived.
    """
    may_send(by).or_raise()
    team = _sending_team(by)
    with seeing_as(front_door()):
        request = _checked(request, at)
        if team and request.sender_reference:
            earlier = Referral.objects.filter(
                sender_team=team, sender_reference=request.sender_reference
            ).first()
            if earlier:
                raise AlreadyReceived(earlier)
        family, children = _file_family(request, at)
        referral = Referral(
            reference=_next_reference(at),
            family=family,
            team=_desk(),
            received_at=at,
            decide_by=promised("decision", at),
            channel=request.channel,
            sender=by,
            sender_team=team,
            source=_source(request, team),
            **_asked(request),
        )
        try:
            with transaction.atomic():
                referral.save(force_insert=True)
        except IntegrityError as error:
            if "sender_number_used_once" not in str(error):
                raise
            # The same file or message arrived twice in the same moment.
            raise AlreadyReceived(
                Referral.objects.get(sender_team=team, sender_reference=request.sender_reference)
            ) from None
        _name_children(referral, request, children)
        _name_needs(referral, request)
        if draft is not None:
            Attachment.objects.filter(draft=draft).update(referral=referral, draft=None)
            Draft.objects.filter(pk=draft.pk).update(referral=referral, answers={}, changed_at=at)
        Step.objects.create(referral=referral, kind=Step.Kind.RECEIVED, at=at, by=by, told_at=at)
        link = "" if by else _link_for(referral, at)
        tell_sender_received(referral, link=link, at=at)
        tell_family(referral, what="received", by=front_door(), at=at)
        if referral.urgent:
            alert_desk(referral, at=at)
        record(
            "referral.received",
            subject=referral,
            by=by,
            at=at,
            after={"channel": referral.channel, "sender": referral.sender_kind},
        )
    return Received(referral, link)


@transaction.atomic
def update_undecided(*, referral: Referral, request: NewRequest, by: User, at: datetime) -> bool:
    """Take a newer version of a request from its own sender, while nobody has decided.

    Returns whether anything was different. People are added, never taken away: the desk may
    have looked at them. Raises PermissionDenied, Refused, or NothingWaits once it is decided.
    """
    may_answer(by, referral).or_raise()
    with seeing_as(front_door()):
        referral = Referral.objects.select_for_update().get(pk=referral.pk)
        if referral.status not in Referral.UNDECIDED:
            raise NothingWaits(f"{referral.reference} has been decided and stays as it is.")
        request = _checked(request, at)
        if referral.as_sent == as_kept(request):
            return False
        before = referral.as_sent
        for name, value in _asked(request).items():
            setattr(referral, name, value)
        referral.save()
        _name_children(referral, request, _file_new_children(referral, request, at))
        ReferralNeed.objects.filter(referral=referral).update(main=False)
        _name_needs(referral, request)
        record(
            "referral.updated_by_sender",
            subject=referral,
            by=by,
            at=at,
            before=before,
            after=referral.as_sent,
        )
    return True


@transaction.atomic
def answer(*, referral: Referral, words: str, by: User | None, at: datetime) -> Referral:
    """Answer the desk's question, or add something. Raises PermissionDenied or NothingWaits."""
    may_answer(by, referral).or_raise()
    with seeing_as(front_door()):
        referral = Referral.objects.select_for_update().get(pk=referral.pk)
        if referral.status not in Referral.UNDECIDED:
            raise NothingWaits("This request has been decided, so there is nothing to answer.")
        if referral.status == Referral.Status.MORE_ASKED:
            referral.status = Referral.Status.WAITING
            # The clock stood still while the sender was asked.
            referral.decide_by = promised("decision", at)
            referral.save(update_fields=["status", "decide_by"])
        Step.objects.create(
            referral=referral, kind=Step.Kind.ANSWERED, at=at, by=by, words=words.strip()
        )
        tell_desk_of_answer(referral, at=at)
        record("referral.answered", subject=referral, by=by, at=at)
    return referral


@transaction.atomic
def withdraw(*, referral: Referral, reason: str, by: User | None, at: datetime) -> Referral:
    """Take back a request that nobody has decided. Raises PermissionDenied or NothingWaits."""
    may_answer(by, referral).or_raise()
    with seeing_as(front_door()):
        referral = Referral.objects.select_for_update().get(pk=referral.pk)
        if referral.status not in Referral.UNDECIDED:
            raise NothingWaits("This request has been decided, so it cannot be withdrawn.")
        before = referral.status
        referral.status = Referral.Status.WITHDRAWN
        referral.save(update_fields=["status"])
        Step.objects.create(
            referral=referral, kind=Step.Kind.WITHDRAWN, at=at, by=by, reason=reason.strip()
        )
        record(
            "referral.withdrawn",
            subject=referral,
            by=by,
            at=at,
            before={"status": before},
            after={"status": referral.status, "reason": reason},
        )
    return referral


def problems_of(request: NewRequest, at: datetime) -> list[Problem]:
    """Return everything for which a request would be refused."""
    try:
        _checked(request, at)
    except Refused as refused:
        return refused.problems
    return []


def _checked(request: NewRequest, at: datetime) -> NewRequest:
    """Return a request with the names of what was chosen from lists. Raises Refused."""
    known = set(Need.objects.filter(active=True).values_list("code", flat=True))
    problems = check(request, today=timezone.localdate(at), known_needs=known)
    chosen = {child.school_id for child in request.children} | {request.sender_organisation_id}
    names: dict[int, str] = {}
    schools: set[int] = set()
    for organisation in Organisation.objects.filter(pk__in=[pk for pk in chosen if pk]):
        names[organisation.pk] = organisation.name
        if organisation.kind == Organisation.Kind.SCHOOL:
            schools.add(organisation.pk)
    if request.sender_organisation_id and request.sender_organisation_id not in names:
        problems.append(
            Problem("sender_organisation_id", "Choose your organisation from the list again")
        )
    for number, child in enumerate(request.children):
        if child.school_id and child.school_id not in schools:
            problems.append(
                Problem(f"children.{number}.school_id", "Choose the school from the list again")
            )
    if problems:
        raise Refused(problems)
    return replace(
        request,
        sender_organisation_name=names.get(
            request.sender_organisation_id or 0, request.sender_organisation_name
        ),
        children=tuple(
            replace(child, school_name=names.get(child.school_id or 0, child.school_name))
            for child in request.children
        ),
    )


def _sending_team(by: User | None) -> Team | None:
    teams = by.teams_granting(Permission.REFERRAL_SEND) if by else []
    return teams[0] if teams else None


def _desk() -> Team:
    return Team.objects.filter(kind=Team.Kind.DESK, active=True).order_by("pk")[0]


def _next_reference(at: datetime) -> str:
    with connection.cursor() as cursor:
        cursor.execute("select nextval('referrals_reference')")
        (number,) = cursor.fetchone()
    return f"R-{timezone.localdate(at).year}-{number:06}"


def _source(request: NewRequest, team: Team | None) -> str:
    """Return the DfE contact source code of a sender."""
    organisation = _organisation(request, team)
    if organisation:
        return source_code(organisation.kind)
    if request.sender_kind == "other":
        return _RELATION_SOURCES.get(request.sender_role, SOURCES["other"])
    return SOURCES.get(request.sender_kind, "8")


def _organisation(request: NewRequest, team: Team | None) -> Organisation | None:
    if request.sender_organisation_id:
        return Organisation.objects.filter(pk=request.sender_organisation_id).first()
    return Organisation.objects.filter(team=team).first() if team else None


def _asked(request: NewRequest) -> dict[str, object]:
    """Return the fields of a referral that are simply what the request says."""
    same = (
        *("sender_kind", "sender_name", "sender_role", "sender_reference", "urgent"),
        *("worry", "going_well", "tried", "would_be_different", "basis", "agreed_by"),
        *("agreed_how", "agreed_on", "lawful_reason", "outcome_may_be_told", "interpreter"),
        *("contact_advice", "post_is_safe", "sender_email", "sender_phone"),
    )
    asked: dict[str, object] = {name: getattr(request, name) for name in same}
    asked |= {name: list(getattr(request, name)) for name in ("groups", "agencies_told")}
    asked["contact_by"] = list(request.contact_by)
    asked["sender_organisation_id"] = request.sender_organisation_id
    asked["sender_organisation_name"] = request.sender_organisation_name
    asked["service"] = find_service(UUID(request.service)) if request.service else None
    asked["as_sent"] = as_kept(request)
    return asked


@families.found_in_the_end()
def _file_family(request: NewRequest, at: datetime) -> tuple[Family, list[Person]]:
    """Make a new record of the family. Whether we know them already, a person will say."""
    by = front_door()
    names = dict.fromkeys(person.family_name.strip() for person in request.children)
    family = families.add_family(name=" and ".join(names)[:200], by=by, at=at)
    children = [_file_child(family, child, by, at) for child in request.children]
    for adult in request.adults:
        person = families.add_person(
            family=family,
            role=adult.role,
            given_names=adult.given_names.strip(),
            family_name=adult.family_name.strip(),
            date_of_birth=adult.date_of_birth,
            parental_responsibility=adult.parental_responsibility,
            lives_here=adult.lives_here,
            by=by,
            at=at,
        )
        for kind, value, safe in (
            ("phone", adult.phone, adult.phone_safe),
            ("email", adult.email, adult.email_safe),
        ):
            if value.strip():
                families.add_contact_detail(
                    person=person, kind=kind, value=value.strip(), safe=safe, by=by, at=at
                )
    if request.postcode.strip() or request.address.strip():
        families.add_address(
            family=family,
            lines=request.address.strip(),
            postcode=request.postcode,
            safe=request.post_is_safe,
            by=by,
            at=at,
        )
    return family, children


def _file_child(family: Family, child: NewChild, by: User, at: datetime) -> Person:
    return families.add_person(
        family=family,
        role="child",
        given_names=child.given_names.strip(),
        family_name=child.family_name.strip(),
        date_of_birth=child.date_of_birth,
        expected_on=child.expected_on,
        sex=child.sex,
        ethnicity=child.ethnicity,
        young_carer=child.young_carer,
        disabilities=list(child.disabilities),
        by=by,
        at=at,
    )


def _file_new_children(referral: Referral, request: NewRequest, at: datetime) -> list[Person]:
    """Return a person for every child of a newer version: those we have, and new records."""
    have = {
        (named.person.given_names, named.person.family_name, named.person.date_of_birth): (
            named.person
        )
        for named in ReferralChild.objects.filter(referral=referral).select_related("person")
    }
    by = front_door()
    return [
        have.get((child.given_names.strip(), child.family_name.strip(), child.date_of_birth))
        or _file_child(referral.family, child, by, at)
        for child in request.children
    ]


def _name_children(referral: Referral, request: NewRequest, people: list[Person]) -> None:
    for child, person in zip(request.children, people, strict=True):
        ReferralChild.objects.update_or_create(
            referral=referral,
            person=person,
            defaults={
                "school_id": child.school_id,
                "school_name": "" if child.school_id else child.school_name,
                "year_group": child.year_group,
            },
        )


def _name_needs(referral: Referral, request: NewRequest) -> None:
    main = request.main_need or request.needs[0]
    for need in Need.objects.filter(code__in=request.needs):
        ReferralNeed.objects.update_or_create(
            referral=referral, need=need, defaults={"main": need.code == main}
        )


def _link_for(referral: Referral, at: datetime) -> str:
    return make_link(
        purpose="referral",
        subject_id=referral.pk,
        sent_to=referral.sender_email or referral.sender_phone,
        at=at,
    )
