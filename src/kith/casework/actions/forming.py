"""The county's assessment form: a new version is drafted, filled with questions, and released."""

from datetime import datetime

from django.db import transaction

from kith.accounts.models import User
from kith.audit.actions import record
from kith.casework.actions.checks import NotPossible, WordsMissing
from kith.casework.assessment_form import Definition, FormFaulty, Question, new_key, read
from kith.casework.models import AssessmentForm
from kith.casework.permissions import may_change_form


class FormReleased(NotPossible):
    """A version that has gone out never changes; another version may follow it."""


class QuestionFaulty(NotPossible):
    """A question that cannot be asked as it is. The message says why."""


@transaction.atomic
def draft_form(*, by: User, at: datetime) -> AssessmentForm:
    """Return the version that is being changed; begin it from the one in use where there is none.

    Raises PermissionDenied.
    """
    may_change_form(by).or_raise()
    last = AssessmentForm.objects.select_for_update().latest("version")
    if last.released_at is None:
        return last
    form = AssessmentForm.objects.create(
        version=last.version + 1, definition=last.definition, made_at=at, made_by=by
    )
    record("assessment_form.drafted", subject=form, by=by, at=at)
    return form


@transaction.atomic
def add_question(
    *,
    form: AssessmentForm,
    section: str,
    label: str,
    kind: str,
    hint: str = "",
    choices: tuple[str, ...] = (),
    needed: bool = False,
    of_others: bool = False,
    by: User,
    at: datetime,
) -> AssessmentForm:
    """Add a question of the county's own at the end of a section. `of_others`: its answers are about
    people outside the home, and partners read them only where the family agreed to that too.

    Raises PermissionDenied, FormReleased, WordsMissing, QuestionFaulty.
    """
    form, definition = _lock_open(form, by)
    if not label.strip():
        raise WordsMissing("Write the question.")
    asked = next((one for one in definition.sections if one.key == section), None)
    if asked is None:
        raise QuestionFaulty("Choose a part of the form for the question.")
    if any(question.label.casefold() == label.strip().casefold() for question in asked.questions):
        raise QuestionFaulty(f"{asked.title} asks this already.")
    question = Question(
        key=new_key(asked, label),
        label=label.strip(),
        kind=kind,
        hint=hint.strip(),
        choices=tuple(dict.fromkeys(choice.strip() for choice in choices if choice.strip())),
        needed=needed,
        own=True,
        of_others=of_others,
    )
    return _write(
        form,
        definition.with_question(section, question),
        "assessment_form.question_added",
        {
            "section": asked.title,
            "question": question.label,
            "about others": question.of_others,
        },
        by,
        at,
    )


@transaction.atomic
def remove_question(
    *, form: AssessmentForm, section: str, key: str, by: User, at: datetime
) -> AssessmentForm:
    """Take out one of the county's own questions. Answers given on earlier versions stay.

    Raises PermissionDenied, FormReleased, QuestionFaulty for one of the framework's own.
    """
    form, definition = _lock_open(form, by)
    fewer = definition.without_question(section, key)
    if fewer == definition:
        raise QuestionFaulty("Only questions that the county added can be taken out.")
    return _write(
        form,
        fewer,
        "assessment_form.question_removed",
        {"section": section, "question": key},
        by,
        at,
    )


@transaction.atomic
def release_form(*, form: AssessmentForm, changes: str, by: User, at: datetime) -> AssessmentForm:
    """Put a version into use: every assessment begun from now on is on it.

    Raises PermissionDenied, FormReleased, WordsMissing, NotPossible where nothing was changed.
    """
    form, definition = _lock_open(form, by)
    if not changes.strip():
        raise WordsMissing("Write what is new, for those who fill in the form.")
    before = AssessmentForm.objects.filter(version__lt=form.version).latest("version")
    if read(before.definition) == definition:
        raise NotPossible("Nothing has been changed yet. Add or take out a question first.")
    form.changes, form.released_at, form.released_by = changes.strip()[:300], at, by
    form.save(update_fields=["changes", "released_at", "released_by"])
    record("assessment_form.released", subject=form, by=by, at=at, after={"changes": form.changes})
    return form


def _lock_open(form: AssessmentForm, by: User) -> tuple[AssessmentForm, Definition]:
    may_change_form(by).or_raise()
    form = AssessmentForm.objects.select_for_update().get(pk=form.pk)
    if form.released_at is not None:
        raise FormReleased(
            f"Version {form.version} is in use and stays as it is. Begin a new version."
        )
    return form, read(form.definition)


def _write(
    form: AssessmentForm,
    definition: Definition,
    what: str,
    after: dict[str, object],
    by: User,
    at: datetime,
) -> AssessmentForm:
    data = definition.as_data()
    try:
        read(data)
    except FormFaulty as fault:
        raise QuestionFaulty(
            "Write two or more answers to choose from, one on each line."
            if "choose from" in str(fault)
            else str(fault)
        ) from fault
    form.definition = data
    form.save(update_fields=["definition"])
    record(what, subject=form, by=by, at=at, after=after)
    return form
