"""Reading requests. Everything starts from `visible_to(viewer)`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Func, Q, QuerySet, TextField
from django.utils import timezone

from kith.accounts.models import OneTimeLink, User
from kith.accounts.permissions import Permission
from kith.accounts.viewer import front_door, linked, seeing_as
from kith.audit.lists import kept
from kith.families import queries as families
from kith.families.models import ContactDetail, Membership
from kith.referrals.drafts import VOICES
from kith.referrals.models import (
    Attachment,
    Draft,
    FileRow,
    Need,
    Referral,
    ReferralChild,
    RequestFile,
    Step,
    StepDown,
    WarningWord,
)

UNDECIDED = Referral.UNDECIDED
# What private links open: a request, for whoever sent it, and the family's own copy of it.
SENDERS, FAMILY_COPY = "referral", "family_copy"


class ChildrensNames(Func):
    """The children's first or last names, as they were sent, in one text."""

    template = "jsonb_path_query_array(%(expressions)s, '$.children[*].%(name)s')::text"
    output_field = TextField()


def visible_to(viewer: User) -> QuerySet[Referral]:
    """Return the requests this person may know exist."""
    if viewer.can(Permission.REFERRAL_SEE_ALL):
        return Referral.objects.all()
    reasons = Q(sender=viewer)
    if teams := viewer.teams_granting(Permission.REFERRAL_SEE):
        reasons |= Q(team__in=teams) | Q(family__in=families.visible_to(viewer))
    if teams := viewer.teams_granting(Permission.REFERRAL_SEND):
        reasons |= Q(sender_team__in=teams)
    return Referral.objects.filter(reasons)


def waiting_longest(viewer: User) -> QuerySet[Referral]:
    """Return undecided requests, those promised soonest first."""
    return (
        visible_to(viewer)
        .filter(status__in=UNDECIDED)
        .select_related("family", "sender_organisation", "held_by", "team")
        .order_by("decide_by", "pk")
    )


def sent_by(viewer: User) -> QuerySet[Referral]:
    """Return the requests that this person, or their organisation, has sent: newest first."""
    teams = viewer.teams_granting(Permission.REFERRAL_SEND)
    return (
        Referral.objects.filter(Q(sender=viewer) | Q(sender_team__in=teams))
        .select_related("sender", "sender_organisation")
        .order_by("-received_at", "-pk")
    )


def opened_by_link(viewer: User | None) -> QuerySet[Referral]:
    """Return the one request that this transaction's private link opens, if any.

    There is no person here: the database itself compares the link with the request.
    """
    return Referral.objects.filter(pk=linked("referral") or 0)


def steps_of(viewer: User | None, referral: Referral) -> QuerySet[Step]:
    """Return the way a request has taken, first step first."""
    return (
        Step.objects.filter(referral=referral)
        .select_related("by", "hub__team", "organisation")
        .order_by("at", "pk")
    )


def last_told(viewer: User | None, referrals: Iterable[Referral]) -> dict[int, str]:
    """Return the kind of the last step of each request, by its number, as its sender is shown it."""
    return dict(
        Step.objects.filter(referral__in=[referral.pk for referral in referrals])
        .order_by("referral", "-at", "-pk")
        .distinct("referral")
        .values_list("referral_id", "kind")
    )


def needs(viewer: User | None) -> QuerySet[Need]:
    """Return the needs to choose from. Everyone may see them."""
    return _needs(active_only=True)


def all_needs(viewer: User | None) -> QuerySet[Need]:
    """Return the needs with those no longer offered, in their order."""
    return _needs(active_only=False)


@kept
def _needs(*, active_only: bool) -> QuerySet[Need]:
    if active_only:
        return Need.objects.filter(active=True).order_by("order", "name")
    return Need.objects.order_by("-active", "order", "name")


def warning_words(viewer: User | None) -> QuerySet[WarningWord]:
    """Return the words that show the safeguarding stop. Everyone may see them."""
    return WarningWord.objects.order_by("text")


def draft_of(viewer: User | None, pk: int, *, link_hash: str = "") -> QuerySet[Draft]:
    """Return one draft, if the viewer owns it or holds its secret."""
    mine = Q(owner__isnull=True, key_hash=link_hash) if link_hash else Q(pk__in=[])
    if viewer:
        mine |= Q(owner=viewer)
    return Draft.objects.filter(mine, pk=pk)


def draft_opened_by(viewer: User | None, link_hash: str) -> Draft | None:
    """Return the draft that a secret opens."""
    return Draft.objects.filter(owner__isnull=True, key_hash=link_hash).first()


def unfinished_of(viewer: User) -> QuerySet[Draft]:
    """Return the requests this person has begun and not sent: last changed first."""
    return Draft.objects.filter(owner=viewer, referral__isnull=True).order_by("-changed_at", "-pk")


def files_of_draft(viewer: User | None, draft: Draft) -> QuerySet[Attachment]:
    """Return the files of an unfinished request, without what they hold."""
    return Attachment.objects.filter(draft=draft).defer("content").order_by("added_at", "pk")


def sent_with(viewer: User | None, draft: Draft) -> QuerySet[Referral]:
    """Return what became of a draft, for whoever sent it."""
    return mine_or_linked(viewer).filter(pk=draft.referral_id or 0)


def mine_or_linked(viewer: User | None) -> QuerySet[Referral]:
    """Return the requests that the viewer's organisation sent, and the one their link opens."""
    found = opened_by_link(viewer)
    return (found | sent_by(viewer) if viewer else found).distinct()


def search_sent(viewer: User, *, text: str = "", state: str = "") -> QuerySet[Referral]:
    """Return what one's organisation sent, by number or name of a child, and by state.

    `state`: "open" waits for a decision, "ask" waits for the sender's answer, "done" is decided.
    """
    found = sent_by(viewer)
    if text:
        found = found.annotate(
            first=ChildrensNames("as_sent", name="given_names"),
            last=ChildrensNames("as_sent", name="family_name"),
        ).filter(
            Q(reference__icontains=text)
            | Q(sender_reference__icontains=text)
            | Q(first__icontains=text)
            | Q(last__icontains=text)
        )
    match state:
        case "open":
            found = found.filter(status__in=UNDECIDED)
        case "ask":
            found = found.filter(status=Referral.Status.MORE_ASKED)
        case "done":
            found = found.exclude(status__in=UNDECIDED)
    return found


def files_of(viewer: User | None, referral: Referral) -> QuerySet[Attachment]:
    """Return the files of a request that the viewer has found, without what they hold."""
    return Attachment.objects.filter(referral=referral).defer("content").order_by("added_at", "pk")


def files_for(viewer: User | None) -> QuerySet[Attachment]:
    """Return the files of every request that the viewer may see, by account or by link."""
    seen = mine_or_linked(viewer).values("pk")
    mine = Q(referral__in=seen)
    if viewer:
        mine |= Q(referral__in=visible_to(viewer).values("pk"))
    return Attachment.objects.filter(mine)


def step_down_of(viewer: User | None, referral: Referral) -> StepDown | None:
    """Return what social care said of a step-down; None for another request."""
    seen = Q(referral__in=mine_or_linked(viewer).values("pk"))
    if viewer:
        seen |= Q(referral__in=visible_to(viewer).values("pk"))
    return (
        StepDown.objects.filter(seen, referral=referral)
        .select_related("written_by", "receipt_by")
        .first()
    )


def links_to(viewer: User, referral: Referral, *, at: datetime) -> QuerySet[OneTimeLink]:
    """Return the private links that open a request or the family's copy of it now, newest first."""
    return OneTimeLink.objects.filter(
        purpose__in=[SENDERS, FAMILY_COPY],
        subject_id__in=visible_to(viewer).filter(pk=referral.pk).values("pk"),
        ended_at=None,
        expires_at__gt=at,
    ).order_by("-made_at", "-pk")


def family_copy(viewer: User | None) -> Referral | None:
    """Return the request whose copy for the family this transaction's link opens, if any.

    A family's link opens its own copy and nothing else, so the rest of the request stays behind
    the database's wall: it is read here for the front door, and only what the family was asked
    and told is shown.
    """
    number = linked(FAMILY_COPY)
    if number is None:
        return None
    with seeing_as(front_door()):
        return (
            Referral.objects.select_related("team")
            .prefetch_related("steps__hub__team", "steps__organisation")
            .get(pk=number)
        )


@dataclass(frozen=True)
class SchoolTold:
    """Where a request said that a child learns, and when it said so."""

    name: str
    year_group: str
    on: date
    reference: str


def schools_told(viewer: User, person: int) -> list[SchoolTold]:
    """Return the schools that requests have named for a child, on all records that are theirs, the
    latest first."""
    told = (
        ReferralChild.objects.filter(
            person__head=person, referral__in=visible_to(viewer).values("pk")
        )
        .select_related("school", "referral")
        .order_by("-referral__received_at", "-pk")
    )
    return [
        SchoolTold(
            name,
            one.year_group,
            timezone.localdate(one.referral.received_at),
            one.referral.reference,
        )
        for one in told
        if (name := one.school.name if one.school else one.school_name)
    ]


@dataclass(frozen=True)
class FamilyAddress:
    """Where the family's own copy is sent by e-mail, and to whom; or why it goes on paper."""

    to: str = ""
    name: str = ""
    why_not: str = ""


def family_address(viewer: User, referral: Referral) -> FamilyAddress:
    """Return the e-mail address to which the family's own copy may be sent, or why to none.

    It goes to the adult who agreed, and to nobody else of the family: only at an address that is
    not marked unsafe for anybody, and only if e-mail is a way they wish to be reached. Where an
    answer suggested danger, a person must judge first.
    """
    if VOICES.get(referral.sender_kind) != "worker":
        return FamilyAddress(why_not="They asked for themselves, and are told as the sender.")
    if referral.basis != Referral.Basis.CONSENT:
        return FamilyAddress(why_not="The family has not agreed to this request.")
    if referral.urgent:
        return FamilyAddress(why_not="An answer suggested danger, so a person must judge.")
    if "email" not in referral.contact_by:
        return FamilyAddress(why_not="They did not ask to be reached by e-mail.")
    records = families.together_with(viewer, referral.family)
    adults = {
        member.person_id: _called(member)
        for member in Membership.objects.filter(family=referral.family, until__isnull=True)
        .exclude(role=Membership.Role.CHILD)
        .select_related("person")
        .order_by("pk")
    }
    agreed = _plain(referral.agreed_by)
    who = [pk for pk, names in adults.items() if agreed in names]
    if len(who) != 1:
        return FamilyAddress(why_not="We do not know which adult on the record agreed.")
    known = list(
        ContactDetail.objects.filter(
            person__memberships__family__in=records,
            kind=ContactDetail.Kind.EMAIL,
            until__isnull=True,
        ).order_by("-preferred", "pk")
    )
    theirs = [detail for detail in known if detail.person_id == who[0]]
    unsafe = {detail.value.lower() for detail in known if not detail.safe}
    safe = [detail.value for detail in theirs if detail.value.lower() not in unsafe]
    if safe:
        return FamilyAddress(to=safe[0], name=adults[who[0]][0])
    if theirs:
        return FamilyAddress(why_not="It is not safe to write to their e-mail address.")
    return FamilyAddress(why_not=f"We have no e-mail address of {referral.agreed_by}.")


def _called(member: Membership) -> list[str]:
    """Return an adult's name, and how whoever fills in a form may name them."""
    role = {"mother": ["mother", "mum"], "father": ["father", "dad"]}.get(member.role, [])
    return [
        str(member.person),
        _plain(str(member.person)),
        _plain(member.person.given_names),
        *role,
    ]


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def request_files(viewer: User) -> QuerySet[RequestFile]:
    """Return the files of requests that one's organisation has sent, newest first."""
    teams = viewer.teams_granting(Permission.REFERRAL_SEND)
    return (
        RequestFile.objects.filter(team__in=teams).select_related("by", "job").order_by("-at", "pk")
    )


def file_rows(viewer: User, file: RequestFile, outcome: str = "") -> QuerySet[FileRow]:
    """Return what became of each row of a file of one's own, in the order of the file."""
    rows = FileRow.objects.filter(file__in=request_files(viewer), file=file)
    rows = rows.filter(outcome=outcome) if outcome else rows
    return rows.select_related("referral").order_by("number")


def file_outcomes(viewer: User, file: RequestFile) -> dict[str, int]:
    """Return how many rows of a file came to each outcome."""
    counted = file_rows(viewer, file).order_by().values_list("outcome").annotate(Count("pk"))
    return dict(counted)
