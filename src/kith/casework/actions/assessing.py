"""The assessment: begun, written by several people at once, signed by a manager.

Nobody's words are ever written over. Whoever saves says which revision of an answer they had
before them; where somebody else has written meanwhile, both texts are kept until a person decides.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from kith.accounts.models import User
from kith.audit.actions import record
from kith.casework import wordings
from kith.casework.actions.checks import NotPossible, ReasonMissing, check_not_closed, lock
from kith.casework.actions.reading import settle_readers
from kith.casework.assessment_form import missing
from kith.casework.models import Answer, AssessedPerson, Assessment, AssessmentForm, Case, Clash
from kith.casework.permissions import may_sign, may_work, may_write_down
from kith.casework.queries import assessments_of
from kith.families.queries import Member
from kith.notices import actions as notices

# The log tells of sittings; the answers' own history tells of every change.
SITTING = timedelta(minutes=30)
Status = Assessment.Status


class AssessmentInHand(NotPossible):
    """A case has one assessment in hand at a time."""


class NotADraft(NotPossible):
    """Only a draft is written; what is with the manager, or signed, stays as it is."""


class NotSent(NotPossible):
    """A manager signs, or sends back, what was sent to them."""


class NothingAssessed(NotPossible):
    """An assessment is about at least one child, born or not."""


class NotReady(NotPossible):
    """Something must be answered, or decided, before a manager can sign. `where` says what."""

    def __init__(self, where: list[str]) -> None:
        self.where = where
        super().__init__(f"Before it goes to the manager: {'; '.join(where)}.")


@dataclass(frozen=True)
class Typed:
    """What somebody typed at a question, and the revision they had before them (0: nothing)."""

    words: str
    revision: int


@dataclass
class Saved:
    """What became of what was typed: the revision of each answer now, and where texts clash."""

    revisions: dict[str, int] = field(default_factory=dict)
    clashes: dict[str, Clash] = field(default_factory=dict)


@transaction.atomic
def start_assessment(*, case: Case, people: Iterable[Member], by: User, at: datetime) -> Assessment:
    """Begin an assessment of some people of a family, on the form that is in use.

    Takes over the answers of the last signed one, for the questions that are still asked. Raises
    PermissionDenied, CaseClosed, AssessmentInHand, NothingAssessed.
    """
    case = lock(case)
    may_work(by, case).or_raise()
    check_not_closed(case)
    people = list(people)
    if not any(member.is_child for member in people):
        raise NothingAssessed("Choose at least one child. An unborn child counts.")
    in_hand = case.assessments.filter(status__in=[Status.DRAFT, Status.SENT]).first()
    if in_hand is not None:
        raise AssessmentInHand(
            f"An {in_hand} is {in_hand.get_status_display().lower()}. Go on with that one."
        )
    last = next(
        (one for one in assessments_of(by, case.family) if one.status == Status.SIGNED), None
    )
    assessment = Assessment.objects.create(
        case=case,
        form=AssessmentForm.objects.filter(released_at__isnull=False).latest("version"),
        previous=last,
        started_at=at,
        started_by=by,
    )
    AssessedPerson.objects.bulk_create(
        AssessedPerson(
            assessment=assessment,
            person=member.person,
            is_child=member.is_child,
            name=member.name or "Unborn child",
            order=order,
        )
        for order, member in enumerate(people)
    )
    if last is not None:
        asked = {slot.key for part in assessment.parts() for slot in part.slots}
        Answer.objects.bulk_create(
            Answer(
                assessment=assessment,
                key=answer.key,
                words=answer.words,
                taken_over=True,
                by=by,
                at=at,
            )
            for answer in last.answers.filter(key__in=asked).exclude(words="")
        )
    _record("assessment.started", assessment, by, at, {"people": len(people)})
    return assessment


@transaction.atomic
def save_answers(
    *, assessment: Assessment, answers: Mapping[str, Typed], by: User, at: datetime
) -> Saved:
    """Keep what somebody typed, question by question.

    An answer that somebody else has changed meanwhile stays as it is; the words typed are kept
    beside it as a `Clash`. Raises PermissionDenied, CaseClosed, NotADraft; KeyError for a question
    that is not asked.
    """
    assessment = _lock_draft(assessment, by, at)
    asked = {slot.key for part in assessment.parts() for slot in part.slots}
    if unknown := answers.keys() - asked:
        raise KeyError(f"Not asked: {', '.join(sorted(unknown))}")
    have = {answer.key: answer for answer in assessment.answers.filter(key__in=answers)}
    saved = Saved()
    written = sitting = False
    for key, typed in answers.items():
        answer = have.get(key)
        if answer is None:
            if typed.words:
                Answer.objects.create(
                    assessment=assessment, key=key, words=typed.words, by=by, at=at
                )
                written = True
            saved.revisions[key] = 1 if typed.words else 0
            continue
        if typed.words != answer.words and typed.revision != answer.revision:
            saved.clashes[key] = _keep_beside(assessment, key, typed.words, by, at)
        elif typed.words != answer.words:
            sitting = sitting or (answer.by_id == by.pk and at - answer.at < SITTING)
            answer.words, answer.by, answer.at = typed.words, by, at
            answer.revision, answer.taken_over = answer.revision + 1, False
            answer.save(update_fields=["words", "by", "at", "revision", "taken_over"])
            written = True
        saved.revisions[key] = answer.revision
    if saved.clashes or (written and not sitting):
        _record(
            "assessment.written",
            assessment,
            by,
            at,
            {"questions": sorted(answers), "clashes": sorted(saved.clashes)},
        )
    return saved


@transaction.atomic
def settle(*, clash: Clash, words: str, revision: int, by: User, at: datetime) -> Clash:
    """Say what stands at a question for which two texts were written. Both stay in the history.

    `revision` is that of the answer before whoever decides. Raises PermissionDenied, CaseClosed,
    NotADraft, NotPossible where it was settled, or the answer changed, meanwhile.
    """
    assessment = _lock_draft(clash.assessment, by)
    clash = Clash.objects.select_for_update().get(pk=clash.pk)
    if clash.settled_at is not None:
        raise NotPossible("This was decided already. See what stands there now.")
    answer = assessment.answers.get(key=clash.key)
    if answer.revision != revision:
        raise NotPossible("Somebody has just written here again. Look at both texts once more.")
    if answer.words != words:
        answer.words, answer.by, answer.at = words, by, at
        answer.revision, answer.taken_over = answer.revision + 1, False
        answer.save(update_fields=["words", "by", "at", "revision", "taken_over"])
    clash.settled_at, clash.settled_by = at, by
    clash.save(update_fields=["settled_at", "settled_by"])
    _record("assessment.settled", assessment, by, at, {"question": clash.key})
    return clash


@transaction.atomic
def send_to_manager(*, assessment: Assessment, by: User, at: datetime) -> Assessment:
    """Give an assessment to the manager to sign.

    Raises PermissionDenied, CaseClosed, NotADraft, NotReady.
    """
    assessment = _lock_draft(assessment, by)
    words = {answer.key: answer.words for answer in assessment.answers.all()}
    open_questions = [
        f"answer “{question.label}” in {part.title}"
        for part, question in missing(assessment.parts(), words)
    ]
    if assessment.clashes.filter(settled_at__isnull=True).exists():
        open_questions.append("decide where two texts were written at once")
    if open_questions:
        raise NotReady(open_questions)
    assessment.status, assessment.sent_at, assessment.sent_by = Status.SENT, at, by
    assessment.sent_back = ""
    assessment.save(update_fields=["status", "sent_at", "sent_by", "sent_back"])
    _record("assessment.sent", assessment, by, at)
    return assessment


@transaction.atomic
def send_back(*, assessment: Assessment, reason: str, by: User, at: datetime) -> Assessment:
    """Give an assessment back to be written further. Raises PermissionDenied, NotSent, ReasonMissing."""
    assessment = _lock_sent(assessment, by)
    if not reason.strip():
        raise ReasonMissing("Write what is missing, or should be changed.")
    assessment.status, assessment.sent_back = Status.DRAFT, reason.strip()
    assessment.save(update_fields=["status", "sent_back"])
    _tell_sent_back(assessment, by, at)
    _record("assessment.sent_back", assessment, by, at, {"reason": assessment.sent_back})
    return assessment


@transaction.atomic
def sign(*, assessment: Assessment, by: User, at: datetime) -> Assessment:
    """Sign an assessment: it never changes again. Raises PermissionDenied, NotSent."""
    assessment = _lock_sent(assessment, by)
    assessment.status, assessment.signed_at, assessment.signed_by = Status.SIGNED, at, by
    assessment.save(update_fields=["status", "signed_at", "signed_by"])
    _record("assessment.signed", assessment, by, at)
    settle_readers(assessment.case, at)
    return assessment


@transaction.atomic
def discard(*, assessment: Assessment, reason: str, by: User, at: datetime) -> Assessment:
    """Say that a draft is not used, and why. What was written stays readable.

    Raises PermissionDenied, CaseClosed, NotADraft, ReasonMissing.
    """
    assessment = _lock_draft(assessment, by)
    if not reason.strip():
        raise ReasonMissing("Write why this assessment is not used.")
    assessment.status, assessment.not_used_because = Status.DISCARDED, reason.strip()[:300]
    assessment.save(update_fields=["status", "not_used_because"])
    _record("assessment.discarded", assessment, by, at, {"reason": assessment.not_used_because})
    return assessment


def _tell_sent_back(assessment: Assessment, by: User, at: datetime) -> None:
    """Tell the worker, and whoever sent it where that is a colleague: what is missing is read there."""
    case = assessment.case
    for user in {one for one in (case.worker, assessment.sent_by) if one and one != by}:
        notices.send(
            wordings.ASSESSMENT_BACK,
            to=user.email,
            context={
                "reference": case.reference,
                "manager": by,
                "link": settings.KITH_ADDRESS
                + reverse("casework:assessment", args=[assessment.pk]),
            },
            once_key=f"casework.assessment_back:{assessment.pk}:{user.pk}:{at.isoformat()}",
            at=at,
            about=("case", case.pk),
            team=case.team,
        )


def _lock_draft(assessment: Assessment, by: User, writing: datetime | None = None) -> Assessment:
    """`writing`: when somebody writes on, who may be of the hub that has just handed the case over."""
    assessment = _locked(assessment)
    if writing is None:
        may_work(by, assessment.case).or_raise()
    else:
        may_write_down(by, assessment.case, writing).or_raise()
    check_not_closed(assessment.case)
    if assessment.status != Status.DRAFT:
        raise NotADraft(
            f"This assessment is {assessment.get_status_display().lower()}, and stays as it is."
        )
    return assessment


def _lock_sent(assessment: Assessment, by: User) -> Assessment:
    assessment = _locked(assessment)
    may_sign(by, assessment).or_raise()
    if assessment.status != Status.SENT:
        raise NotSent(f"This assessment is {assessment.get_status_display().lower()}.")
    return assessment


def _locked(assessment: Assessment) -> Assessment:
    # Joined rows would be those of before the wait for the lock.
    return Assessment.objects.select_for_update().get(pk=assessment.pk)


def _keep_beside(assessment: Assessment, key: str, words: str, by: User, at: datetime) -> Clash:
    clash, _ = Clash.objects.update_or_create(
        assessment=assessment,
        key=key,
        by=by,
        settled_at=None,
        defaults={"words": words, "at": at},
    )
    return clash


def _record(
    what: str,
    assessment: Assessment,
    by: User,
    at: datetime,
    after: dict[str, object] | None = None,
) -> None:
    record(
        what,
        subject=assessment,
        by=by,
        at=at,
        after=after or {},
        family_id=assessment.case.family_id,
        team_id=assessment.case.team_id,
    )
