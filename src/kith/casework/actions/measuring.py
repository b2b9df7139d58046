"""Values over time are written down, by hand or from a file; feedback is given; measures released."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from kith.accounts.models import User
from kith.accounts.viewer import front_door, seeing_as
from kith.audit.actions import record
from kith.casework import first_measures, queries
from kith.casework.actions.case_log import record_in
from kith.casework.actions.checks import (
    InTheFuture,
    NotOfThisFamily,
    NotPossible,
    ReasonMissing,
    TooEarly,
    WordsMissing,
    lock,
)
from kith.casework.attendance_file import FileRow
from kith.casework.models import (
    Attendance,
    Case,
    Exclusion,
    FamilyPage,
    Feedback,
    Measure,
    Mistake,
    Score,
)
from kith.casework.permissions import may_change_form, may_work
from kith.families import queries as families
from kith.families.models import Person
from kith.referrals.models import Referral
from kith.referrals.permissions import may_answer


class OutOfRange(NotPossible):
    """The score is none that the measure can give, or the numbers do not add up."""


class Overlaps(NotPossible):
    """Some of these days are written down already."""


class MeasureFaulty(NotPossible):
    """The measure has no range, no questions, or a name that another has."""


@transaction.atomic
def release_measure(
    *,
    name: str,
    kind: str,
    about: str,
    low: int,
    high: int,
    better: str,
    meaning: str,
    source: str,
    questions: Iterable[str] = (),
    key: str = "",
    in_use: bool = True,
    by: User,
    at: datetime,
) -> Measure:
    """Have a new measure, or a new version of one (`key`); or ask one no more (`in_use=False`).
    Values of earlier versions stay what they are. Raises PermissionDenied, MeasureFaulty."""
    may_change_form(by).or_raise()
    asked = [question.strip() for question in questions if question.strip()]
    if kind == Measure.Kind.QUESTIONS:
        low, high = 0, 4 * len(asked)
    if not name.strip() or not meaning.strip() or not source.strip():
        raise MeasureFaulty("Write its name, what its numbers mean, and whose it is.")
    if kind == Measure.Kind.QUESTIONS and not 2 <= len(asked) <= 20:
        raise MeasureFaulty("Write from 2 to 20 questions, one on each line.")
    if low >= high:
        raise MeasureFaulty("The highest score must be higher than the lowest.")
    before = Measure.objects.filter(key=key).order_by("-version").first()
    if not key:
        key = slugify(name)[:50]
        if not key or Measure.objects.filter(key=key).exists():
            raise MeasureFaulty(
                "Another measure has this name. Choose another, or change that one."
            )
    made = Measure(
        key=key,
        version=before.version + 1 if before else 1,
        name=name.strip(),
        kind=kind,
        about=about,
        low=low,
        high=high,
        better=better,
        meaning=meaning.strip(),
        source=source.strip(),
        questions=asked if kind == Measure.Kind.QUESTIONS else [],
        in_use=in_use,
        made_at=at,
        made_by=by,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise MeasureFaulty("Somebody has just changed this measure. Look at it again.") from None
    record(
        "measure.released",
        subject=made,
        by=by,
        at=at,
        after={"version": made.version, "in use": in_use},
    )
    return made


@transaction.atomic
def keep_score(
    *,
    case: Case,
    measure: Measure,
    person: Person | None,
    on: date,
    source: str,
    answers: list[int | None] | None = None,
    value: Decimal | float | None = None,
    by: User,
    at: datetime,
) -> Score:
    """Write down answers, or a score worked out elsewhere: also after the case has closed.

    Raises PermissionDenied, NotOfThisFamily, OutOfRange, InTheFuture, WordsMissing.
    """
    case = lock(case)
    may_work(by, case).or_raise()
    _check_day(on, at)
    _check_source(source)
    _check_person(by, case, person, measure.about)
    if measure.kind == Measure.Kind.QUESTIONS:
        answers = list(answers or [])
        if len(answers) != len(measure.questions) or any(
            answer is not None and answer not in range(5) for answer in answers
        ):
            raise OutOfRange("Answer each question with one of its five answers, or leave it out.")
        if all(answer is None for answer in answers):
            raise OutOfRange("Answer at least one question.")
        value = first_measures.total(answers)
    elif value is None or not measure.low <= value <= measure.high:
        raise OutOfRange(f"Enter a score from {measure.low} to {measure.high}.")
    kept = Score(
        case=case,
        measure=measure,
        person=person,
        on=on,
        answers=answers if measure.kind == Measure.Kind.QUESTIONS else [],
        value=value,
        source=source.strip(),
        recorded_at=at,
        by=by,
    )
    kept.save(force_insert=True)
    record_in("measure.scored", kept, case, by=by, at=at, after={"measure": measure.name, "on": on})
    return kept


@transaction.atomic
def keep_attendance(
    *,
    case: Case,
    person: Person,
    first: date,
    last: date,
    possible: int,
    attended: int,
    authorised: int,
    unauthorised: int,
    source: str,
    by: User,
    at: datetime,
) -> Attendance:
    """Write down how many sessions a child attended from a day to a day.

    Raises PermissionDenied, NotOfThisFamily, InTheFuture, TooEarly, OutOfRange, Overlaps,
    WordsMissing.
    """
    case = lock(case)
    may_work(by, case).or_raise()
    _check_day(last, at)
    if last < first:
        raise TooEarly("The last day is before the first.")
    _check_source(source)
    _check_person(by, case, person, Measure.About.CHILD)
    if possible < 1 or min(attended, authorised, unauthorised) < 0:
        raise OutOfRange("At least one session must have been possible.")
    if possible > 2 * ((last - first).days + 1):
        raise OutOfRange(f"There are two sessions a day: not {possible} in so few days.")
    if attended + authorised + unauthorised != possible:
        raise OutOfRange(
            f"{attended} attended, {authorised} authorised and {unauthorised} unauthorised absences are "
            f"{attended + authorised + unauthorised} sessions, and {possible} were possible."
        )
    there = Attendance.objects.filter(
        case=case, person=person, first__lte=last, last__gte=first, mistake__isnull=True
    ).first()
    if there is not None:
        raise Overlaps(f"{there} is written down already. Say first if that is a mistake.")
    kept = Attendance(
        case=case,
        person=person,
        first=first,
        last=last,
        possible=possible,
        attended=attended,
        authorised=authorised,
        unauthorised=unauthorised,
        source=source.strip(),
        recorded_at=at,
        by=by,
    )
    kept.save(force_insert=True)
    record_in("attendance.written", kept, case, by=by, at=at, after={"from": first, "to": last})
    return kept


@transaction.atomic
def keep_exclusion(
    *,
    case: Case,
    person: Person,
    on: date,
    kind: str,
    sessions: int | None = None,
    source: str,
    by: User,
    at: datetime,
) -> Exclusion:
    """Write down that a school sent a child away.

    Raises PermissionDenied, NotOfThisFamily, InTheFuture, OutOfRange, Overlaps, WordsMissing.
    """
    case = lock(case)
    may_work(by, case).or_raise()
    _check_day(on, at)
    _check_source(source)
    _check_person(by, case, person, Measure.About.CHILD)
    if kind == Exclusion.Kind.SUSPENSION and (sessions is None or not 1 <= sessions <= 90):
        # Education Act 2002, section 51A: 45 days in a school year at most.
        raise OutOfRange("Enter from 1 to 90 sessions: a day has two.")
    if Exclusion.objects.filter(case=case, person=person, on=on, mistake__isnull=True).exists():
        raise Overlaps("An exclusion on this day is written down already.")
    kept = Exclusion(
        case=case,
        person=person,
        on=on,
        kind=kind,
        sessions=sessions if kind == Exclusion.Kind.SUSPENSION else None,
        source=source.strip(),
        recorded_at=at,
        by=by,
    )
    kept.save(force_insert=True)
    record_in("attendance.excluded", kept, case, by=by, at=at, after={"on": on, "kind": kind})
    return kept


@transaction.atomic
def call_mistake(
    *, value: Score | Attendance | Exclusion, why: str, by: User, at: datetime
) -> Mistake:
    """Say that a value was entered by mistake: it stays readable and counts to nothing.

    Raises PermissionDenied, ReasonMissing, NotPossible where somebody said so already.
    """
    case = lock(value.case)
    may_work(by, case).or_raise()
    if not why.strip():
        raise ReasonMissing("Write what is wrong with it.")
    kind = type(value).__name__.lower()
    if Mistake.objects.filter(**{kind: value}).exists():
        raise NotPossible("Somebody has said already that this was a mistake.")
    made = Mistake(**{kind: value}, why=why.strip()[:300], by=by, at=at)
    made.save(force_insert=True)
    record_in("measure.mistaken", made, case, by=by, at=at, after={"what": str(value)})
    return made


@transaction.atomic
def give_feedback(
    *,
    case: Case,
    of: str,
    answers: dict[str, int],
    words: str = "",
    name: str = "",
    page: FamilyPage | None = None,
    referral: Referral | None = None,
    by: User | None,
    at: datetime,
) -> Feedback:
    """Take what somebody of the family thinks (`page`, their own page), or whoever asked for help
    (`referral`, by account or private link). Raises PermissionDenied, OutOfRange, WordsMissing."""
    if referral is not None:
        may_answer(by, referral).or_raise()
    elif page is None:
        assert by is not None
        may_work(by, case).or_raise()
    asked = first_measures.FEEDBACK[of]
    if any(key not in asked or answer not in range(5) for key, answer in answers.items()):
        raise OutOfRange("Choose one of the five answers.")
    if not answers and not words.strip():
        raise WordsMissing("Answer something, or write what you think.")
    with seeing_as(front_door()):
        made = Feedback(
            case=case, of=of, name=name.strip()[:200], answers=answers, words=words.strip(), at=at
        )
        made.save(force_insert=True)
        record_in("feedback.given", made, case, by=by, at=at, after={"who": made.get_of_display()})
    return made


def _check_day(on: date, at: datetime) -> None:
    if on > timezone.localdate(at):
        raise InTheFuture("That day is still to come.")


def _check_source(source: str) -> None:
    if not source.strip():
        raise WordsMissing("Say who told you, or where it is from.")


def _check_person(by: User, case: Case, person: Person | None, about: str) -> None:
    if about == Measure.About.FAMILY:
        if person is not None:
            raise NotOfThisFamily("This is about the family, and nobody alone.")
        return
    members = {one.person.pk: one for one in families.people_of(by, case.family)}
    member = members.get(person.pk) if person else None
    if member is None or member.is_child != (about == Measure.About.CHILD):
        whom = "child" if about == Measure.About.CHILD else "parent or carer"
        raise NotOfThisFamily(f"Choose a {whom} of this family.")


@dataclass(frozen=True)
class Filed:
    """What became of a file: how many rows were kept, and those that are wrong."""

    kept: int
    wrong: list[FileRow]


@transaction.atomic
def keep_file(
    *, rows: Sequence[FileRow], although_some_are_wrong: bool, by: User, at: datetime
) -> Filed:
    """Keep the rows of a file: all, or with `although_some_are_wrong` those that are right. Each wrong
    row says what is wrong with it."""
    kept = 0
    wrong = []
    with transaction.atomic():
        before = transaction.savepoint()
        for row in rows:
            if not row.problems:
                try:
                    with transaction.atomic():
                        _keep_row(row, by, at)
                except (NotPossible, PermissionDenied) as refusal:
                    row.problems.append(str(refusal))
                else:
                    kept += 1
            if row.problems:
                wrong.append(row)
        if wrong and not although_some_are_wrong:
            transaction.savepoint_rollback(before)
            kept = 0
    return Filed(kept, wrong)


def _keep_row(row: FileRow, by: User, at: datetime) -> None:
    case = queries.with_names(by).filter(reference=row.reference).first()
    if case is None:
        raise NotPossible(f"There is no case {row.reference} that you may know of.")
    wanted = tuple(" ".join(part.casefold().split()) for part in row.name)
    named = [
        member.person
        for member in families.people_of(by, case.family)
        if member.is_child
        and (member.person.given_names.casefold(), member.person.family_name.casefold()) == wanted
    ]
    if len(named) != 1:
        many = "more than one child" if named else "no child"
        raise NotOfThisFamily(f"There is {many} called {' '.join(row.name)} in {row.reference}.")
    facts = row.facts
    common: dict[str, Any] = {
        "case": case,
        "person": named[0],
        "source": facts["source"],
        "by": by,
        "at": at,
    }
    if row.kind == "attendance":
        numbers = {
            name: facts[name] for name in ("possible", "attended", "authorised", "unauthorised")
        }
        keep_attendance(first=facts["from"], last=facts["to"], **numbers, **common)
    else:
        keep_exclusion(on=facts["from"], kind=row.kind, sessions=facts.get("sessions"), **common)
