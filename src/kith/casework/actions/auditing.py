"""Case audits: drawing a fair sample, writing down what was found, and what must be done."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from kith.accounts.models import Team, User
from kith.audit.actions import record
from kith.casework import auditing
from kith.casework.actions.checks import (
    InTheFuture,
    NotOfThisHub,
    NotPossible,
    WordsMissing,
    check_not_closed,
    lock,
    works_in,
)
from kith.casework.actions.planning import put_in_plan
from kith.casework.models import (
    AuditAction,
    AuditedCase,
    AuditFinding,
    CaseAudit,
    CaseAuditForm,
    PlannedAction,
)
from kith.casework.permissions import may_audit, may_change_form, may_draw

MOST_QUESTIONS = 40
LONGEST_QUESTION = 300


class NothingToDraw(NotPossible):
    """Fewer cases fit than are to be drawn."""


class AlreadyAudited(NotPossible):
    """Somebody wrote down what they found first."""


class AnswersMissing(NotPossible):
    """Every question needs an answer."""


class QuestionsFaulty(NotPossible):
    """The questions cannot be used as they are."""


@transaction.atomic
def draw_sample(
    *,
    why: str,
    team: Team | None,
    which: str,
    since: date,
    how_many: int,
    seed: str,
    by: User,
    at: datetime,
) -> CaseAudit:
    """Draw cases by chance, of one hub or of every hub (`team=None`), and keep how.

    Raises PermissionDenied, WordsMissing, InTheFuture, NothingToDraw.
    """
    may_draw(by, team).or_raise()
    if not why.strip():
        raise WordsMissing("Write what the audit is for.")
    if since > timezone.localdate(at):
        raise InTheFuture("That is in the future. Give a day that has been.")
    numbers = list(auditing.could_be_drawn(by, team, which, since).values_list("pk", "team"))
    if len(numbers) < how_many or how_many < 1:
        fit = "1 case fits" if len(numbers) == 1 else f"{len(numbers)} cases fit"
        raise NothingToDraw(f"Only {fit}. Draw fewer, or go further back.")
    audit = CaseAudit.objects.create(
        form=CaseAuditForm.objects.latest("version"),
        why=why.strip(),
        team=team,
        which=which,
        since=since,
        how_many=how_many,
        seed=seed,
        drawn_from=[number for number, _ in numbers],
        drawn_by=by,
        drawn_at=at,
    )
    teams = dict(numbers)
    drawn = auditing.draw(teams, how_many, seed)
    AuditedCase.objects.bulk_create(
        AuditedCase(audit=audit, case_id=number, team_id=teams[number]) for number in drawn
    )
    record(
        "case_audit.drawn",
        subject=audit,
        by=by,
        at=at,
        after={"why": audit.why, "of": len(numbers), "drawn": how_many, "seed": seed},
    )
    return audit


@transaction.atomic
def write_finding(
    *,
    audited: AuditedCase,
    answers: Sequence[tuple[str, str]],
    grade: str,
    good: str,
    better: str,
    by: User,
    at: datetime,
) -> AuditFinding:
    """Write down what was found: an answer with words for each question, and a grade.

    Raises PermissionDenied, AlreadyAudited, AnswersMissing, WordsMissing.
    """
    case = lock(audited.case)
    may_audit(by, audited).or_raise()
    if AuditFinding.objects.filter(audited=audited).exists():
        raise AlreadyAudited("Somebody has just written down what they found of this case.")
    if len(answers) != len(audited.audit.form.questions) or any(
        answer not in AuditFinding.Answer.values for answer, _ in answers
    ):
        raise AnswersMissing("Answer every question.")
    if grade not in AuditFinding.Grade.values:
        raise ValueError(grade)
    if not good.strip():
        raise WordsMissing("Write what is good.")
    if grade not in ("outstanding", "good") and not better.strip():
        raise WordsMissing("Write what must get better.")
    finding = AuditFinding.objects.create(
        audited=audited,
        answers=[[answer, words.strip()] for answer, words in answers],
        grade=grade,
        good=good.strip(),
        better=better.strip(),
        by=by,
        at=at,
    )
    record(
        "case_audit.found",
        subject=finding,
        by=by,
        at=at,
        after={"case": case.reference, "grade": grade},
        family_id=case.family_id,
        team_id=case.team_id,
    )
    return finding


@transaction.atomic
def require_action(
    *, finding: AuditFinding, what: str, owner: User, due_on: date, by: User, at: datetime
) -> PlannedAction:
    """Put what must be done after an audit into the plan of the case.

    Raises PermissionDenied, CaseClosed, NotOfThisHub, WordsMissing, TooEarly.
    """
    case = lock(finding.audited.case)
    may_audit(by, finding.audited).or_raise()
    check_not_closed(case)
    if not what.strip():
        raise WordsMissing("Write what must be done.")
    if not works_in(owner, case.team_id):
        raise NotOfThisHub(f"{owner} does not work at {case.team}. Choose one of its workers.")
    action = put_in_plan(case=case, what=what, owner=owner, due_on=due_on, by=by, at=at)
    AuditAction.objects.create(finding=finding, action=action)
    return action


@transaction.atomic
def release_audit_form(
    *, questions: Sequence[str], changes: str, by: User, at: datetime
) -> CaseAuditForm:
    """Put new questions into use, as the next version. Audits drawn before keep theirs.

    Raises PermissionDenied, QuestionsFaulty, WordsMissing.
    """
    may_change_form(by).or_raise()
    asked = [question.strip() for question in questions if question.strip()]
    if not asked or len(asked) > MOST_QUESTIONS:
        raise QuestionsFaulty(f"Write from 1 to {MOST_QUESTIONS} questions, one on each line.")
    if len(set(asked)) != len(asked):
        raise QuestionsFaulty("One question stands there twice.")
    if any(len(question) > LONGEST_QUESTION for question in asked):
        raise QuestionsFaulty(f"A question can have {LONGEST_QUESTION} characters at most.")
    if not changes.strip():
        raise WordsMissing("Write what is new.")
    last = CaseAuditForm.objects.latest("version")
    if last.questions == asked:
        raise QuestionsFaulty("These are the questions in use. Change something, or go back.")
    try:
        with transaction.atomic():
            form = CaseAuditForm.objects.create(
                version=last.version + 1,
                questions=asked,
                changes=changes.strip(),
                made_at=at,
                made_by=by,
            )
    except IntegrityError:
        raise QuestionsFaulty(
            "Somebody has just put other questions into use. Look at them first."
        ) from None
    record(
        "case_audit.form_released",
        subject=form,
        by=by,
        at=at,
        after={"version": form.version, "changes": form.changes},
    )
    return form
