"""Reading case studies: those a hub writes, what is found in them, and those that were released."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from kith.accounts.models import Team, User
from kith.accounts.permissions import Permission
from kith.analytics.pseudonyms import Disguise, Secrets, plain
from kith.analytics.reidentifying import CHANGE_OR_SAY, Finding, check
from kith.casestudies import counts, drafting
from kith.casestudies.models import CaseStudy, Paragraph, Reading, Released, ReleasedVersion, Stays
from kith.casework import queries as casework
from kith.casework import sharing
from kith.casework.models import Case, Sharing
from kith.families import restricting
from kith.families.models import Family

Status = CaseStudy.Status
RESTRICTED = (
    "This family’s record is kept to named people, so its story is never told as an example: a study "
    "could lead to it."
)


def visible_to(viewer: User) -> QuerySet[CaseStudy]:
    """Return the studies of cases that this person may know exist."""
    return CaseStudy.objects.filter(case__in=casework.visible_to(viewer)).select_related(
        "case__family", "case__team", "case__referral", "began_by", "sent_by", "released_by",
        "released", "consent", "ended_by",
    )  # fmt: skip


def of_case(viewer: User, case: Case) -> CaseStudy | None:
    """Return the study of a case that is in hand or was released, if there is one."""
    return visible_to(viewer).filter(case=case).exclude(status=Status.DROPPED).first()


def in_hand(viewer: User) -> QuerySet[CaseStudy]:
    """Return the studies of this person's hubs (of all, for a county lead): what waits first."""
    teams = viewer.teams_granting(Permission.CASE_STUDY_RELEASE)
    found = visible_to(viewer).exclude(status=Status.DROPPED)
    if not any(team.kind == Team.Kind.DESK for team in teams):
        teams += viewer.teams_granting(Permission.CASE_WORK)
        found = found.filter(case__team__in=teams)
    return found.order_by("-sent_at", "-began_at", "-pk")


def to_release(viewer: User) -> QuerySet[CaseStudy]:
    """Return the studies that wait for this person: sent, and no word of them theirs."""
    waiting = in_hand(viewer).filter(status=Status.SENT).order_by("sent_at", "pk")
    if not viewer.can(Permission.CASE_STUDY_RELEASE):
        return waiting.none()
    teams = viewer.teams_granting(Permission.CASE_STUDY_RELEASE)
    if not any(team.kind == Team.Kind.DESK for team in teams):
        waiting = waiting.filter(case__team__in=teams)
    return waiting.exclude(
        Q(began_by=viewer)
        | Q(sent_by=viewer)
        | Exists(Stays.objects.filter(study=OuterRef("pk"), by=viewer))
        | Exists(Paragraph.objects.filter(study=OuterRef("pk"), events__by=viewer))
    )


def consents(viewer: User, family: Family) -> QuerySet[Sharing]:
    """Return what a family agreed to about being told of as an example, the newest first."""
    return sharing.visible_to(viewer, family).filter(purpose=Sharing.Purpose.CASE_STUDY)


def in_force(viewer: User, family: Family, day: date) -> QuerySet[Sharing]:
    """Return the consents that are in force on a day: those that last longest first."""
    return (
        consents(viewer, family)
        .filter(sharing.on(day), ground=Sharing.Ground.CONSENT)
        .order_by("-until", "-pk")
    )


def why_no_consent(viewer: User, family: Family, day: date) -> str:
    """Say why a family may not be told of, and what to do; "" where it may."""
    if restricting.restricted(viewer, family):
        return RESTRICTED
    if in_force(viewer, family, day).exists():
        return ""
    last = consents(viewer, family).first()
    if last is None:
        why = "The family has not agreed that its story is told as an example."
    elif last.ended_at is not None:
        when = f"{timezone.localdate(last.ended_at):%-d %B %Y}"
        why = f"On {when} {last.ended_said_by} took back that the story is told."
    elif last.since > day:
        why = f"The family agreed from {last.since:%-d %B %Y} on."
    else:
        why = f"The family agreed until {last.until:%-d %B %Y}."
    return f"{why} Ask them, and write their answer down under “Agreement to share”."


@dataclass(frozen=True)
class Found:
    """A finding, and why its words stay if somebody has said so."""

    finding: Finding
    stays: Stays | None
    heading: str = ""

    @property
    def open(self) -> bool:
        return self.finding.hard or self.stays is None


@dataclass(frozen=True)
class Piece:
    """A stretch of a paragraph: plain, or with what was found in it."""

    text: str
    found: Found | None = None
    number: int = 0


@dataclass(frozen=True)
class Checked:
    """A study looked through: its paragraphs with findings at their places, and what is shared."""

    paragraphs: list[tuple[Paragraph, list[Piece]]]
    found: list[Found]
    shared: list[counts.Shared]
    counted_at: datetime

    @property
    def hard(self) -> list[Found]:
        return [one for one in self.found if one.finding.hard]

    @property
    def unanswered(self) -> list[Found]:
        return [one for one in self.found if one.open]


def paragraphs(viewer: User, study: CaseStudy) -> list[Paragraph]:
    """Return the paragraphs of a study, chosen or not, in their order."""
    found = Paragraph.objects.filter(study=study, study__in=visible_to(viewer))
    return list(found.select_related("by").order_by("order", "pk"))


def secrets(viewer: User, study: CaseStudy) -> Secrets:
    """Return everything of which nothing may remain in a study."""
    return drafting.secrets_of(viewer, study.case)


def disguise(viewer: User, study: CaseStudy) -> Disguise:
    """Return how texts of a study are changed: everybody called what they are called in it."""
    return Disguise(secrets(viewer, study), study.called)


def look_through(viewer: User, study: CaseStudy, at: datetime) -> Checked:
    """Return what in a study's chosen words still gives the family away, each at its place."""
    parts = [one for one in paragraphs(viewer, study) if one.chosen and one.words.strip()]
    texts = [("title", study.title), *((part.key, part.words) for part in parts)]
    found = check(texts, secrets(viewer, study), pseudonyms=list(study.called.values()))
    told = {part.key for part in parts}
    shared, counted_at = counts.shared(counts.facts_of(viewer, study.case), told, at=at)
    found += [_rare(one) for one in shared if one.rare]
    few = next((one for one in shared if one.few), None)
    if few is not None:
        found.append(_few(few))
    answers = {one.mark: one for one in study.stays.select_related("by").order_by("at", "pk")}
    headings = {"title": "The title"} | {part.key: part.heading for part in parts}
    all_found = [
        Found(one, None if one.hard else answers.get(one.mark), headings.get(one.part, ""))
        for one in found
    ]
    return Checked(
        paragraphs=[(part, _pieces(part, all_found)) for part in parts],
        found=all_found,
        shared=shared,
        counted_at=counted_at,
    )


def _few(few: counts.Shared) -> Finding:
    why = (
        f"Together with what is told before it, {few.said} families in the county share this. "
        "Whoever knows one of them may know it again."
    )
    return Finding(few.part, "few", 0, 0, few.fact, why, CHANGE_OR_SAY)


def _rare(rare: counts.Shared) -> Finding:
    why = (
        f"In the whole county {rare.alone} families have this, by the county’s own records. It alone "
        "may give them away."
    )
    return Finding(rare.part, "rare_fact", 0, 0, rare.fact, why, CHANGE_OR_SAY)


def _pieces(part: Paragraph, found: list[Found]) -> list[Piece]:
    text, at, pieces = plain(part.words), 0, []
    for number, one in enumerate(found, start=1):
        place = one.finding
        if place.part != part.key or place.end <= place.start or place.start < at:
            continue
        pieces += [Piece(text[at : place.start]), Piece(text[place.start : place.end], one, number)]
        at = place.end
    return [*pieces, Piece(text[at:])]


# --- What was released ------------------------------------------------------------------------------


def released_to(viewer: User) -> QuerySet[Released]:
    """Return the released studies this person may know of: all for readers, else their hubs' own."""
    own = Q(pk__in=visible_to(viewer).filter(released__isnull=False).values("released"))
    if viewer.can(Permission.CASE_STUDY_READ):
        return Released.objects.all()
    return Released.objects.filter(own)


def released(viewer: User) -> QuerySet[Released]:
    """Return the released studies, the newest first."""
    return released_to(viewer).order_by("-released_at", "pk")


def standing(viewer: User, day: date) -> QuerySet[Released]:
    """Return the released studies that may still be read."""
    return released(viewer).filter(Q(until__isnull=True) | Q(until__gte=day), withdrawn_at=None)


def stands(viewer: User, one: Released, day: date) -> bool:
    """Say whether a released study may still be read."""
    return one.withdrawn_at is None and (one.until is None or day <= one.until)


def version_of(viewer: User, one: Released, day: date) -> ReleasedVersion | None:
    """Return the words that stand of a released study; None where it may not be read any more."""
    if not stands(viewer, one, day):
        return None
    found = ReleasedVersion.objects.filter(released=one, released__in=released_to(viewer))
    return found.order_by("-version").first()


def readings_of(viewer: User, study: CaseStudy) -> list[Reading]:
    """Return who had a released study, the latest first: for those who see its case."""
    if study.released_id is None or not visible_to(viewer).filter(pk=study.pk).exists():
        return []
    found = Reading.objects.filter(released=study.released_id).select_related("by")
    return list(found.order_by("-at", "-pk"))


def study_of(viewer: User, one: Released) -> CaseStudy | None:
    """Return the study behind a released one, for those who see its case."""
    return visible_to(viewer).filter(released=one).first()
