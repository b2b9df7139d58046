"""Writing a case study, answering what was found in it, releasing it, and taking it out again."""

import secrets as chances
from collections.abc import Mapping
from datetime import datetime
from random import Random

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from kith.accounts.models import User
from kith.accounts.viewer import front_door, seeing_as
from kith.analytics.pseudonyms import Disguise, cast
from kith.audit.actions import record
from kith.casestudies import drafting, queries, wordings
from kith.casestudies.models import (
    CaseStudy,
    Paragraph,
    Reading,
    Released,
    ReleasedVersion,
    Stays,
)
from kith.casestudies.permissions import may_read, may_release, may_withdraw, may_write
from kith.casework import queries as casework
from kith.casework.actions import NotPossible
from kith.casework.actions.checks import lock as lock_case
from kith.casework.models import Case, Sharing
from kith.families.models import Family
from kith.notices import actions as notices

Status = CaseStudy.Status
TAKEN_BACK = "The family took back that its story is told."
COUNCIL = "The council withdrew it."  # all that readers are told of the council's reasons
KEPT = (
    "The family’s record is kept to named people now. Its story is not told as an example: a study "
    "could lead to it."
)
HAD: dict[str, str] = {Reading.How.PAGE: "read the page", Reading.How.PDF: "took the PDF"}
TITLE = "How a family was helped"


class NoConsent(NotPossible):
    """The family has not agreed that its story is told, or its record is kept to named people. The
    message says so, and what to do."""


class StudyExists(NotPossible):
    """The case has a study already."""


class NotInHand(NotPossible):
    """The study is not at a point at which this can be done. The message says where it is."""


class WrittenMeanwhile(NotPossible):
    """Somebody else saved the study while this was being written."""


class NothingTold(NotPossible):
    """No paragraph is chosen."""


class StillFound(NotPossible):
    """Something still gives the family away. The message says how many."""


class NotFound(NotPossible):
    """What is to stay was not found, or may not stay."""


class NoWords(NotPossible):
    """Words are needed: what to change, or why."""


class NotToBeRead(NotPossible):
    """The study was withdrawn, or the family's consent has run out."""


@transaction.atomic
def begin(*, case: Case, by: User, at: datetime, chance: Random | None = None) -> CaseStudy:
    """Make a draft from a case, with every name changed.

    `chance` is for the demonstration alone: what people are called is otherwise drawn from the
    machine's own chance, and cannot be drawn again. Raises PermissionDenied, NoConsent, StudyExists.
    """
    case = lock_case(case)
    may_write(by, case).or_raise()
    _check_consent(case, by, at)
    if queries.of_case(by, case) is not None:
        raise StudyExists("There is a case study of this case already.")
    hidden = drafting.secrets_of(by, case)
    told = drafting.paragraphs_of(by, case, hidden)
    called = cast(
        hidden.people,
        chance=chance or Random(chances.randbits(256)),
        texts=[one.words for one in told],
    )
    study = CaseStudy.objects.create(
        case=case, title=TITLE, called=called, began_at=at, began_by=by
    )
    change = Disguise(hidden, called)
    Paragraph.objects.bulk_create(
        Paragraph(
            study=study,
            key=one.key,
            order=order,
            heading=one.heading,
            words=(words := change.of(one.words)),
            drafted=words,
            chosen=one.chosen,
            warning=one.warning,
            at=at,
        )
        for order, one in enumerate(told)
    )
    _record("case_study.begun", study, by, at)
    return study


@transaction.atomic
def write(
    *,
    study: CaseStudy,
    title: str,
    words: Mapping[str, tuple[bool, str]],
    revision: int,
    by: User,
    at: datetime,
) -> CaseStudy:
    """Choose paragraphs and word them: by key, whether it is told and how.

    `revision` says what the writer had before them. Raises PermissionDenied, NotInHand,
    WrittenMeanwhile, NoWords.
    """
    study = _lock(study)
    may_write(by, study.case).or_raise()
    _check(study, Status.DRAFT)
    if not title.strip():
        raise NoWords("Give the study a title.")
    if study.revision != revision:
        raise WrittenMeanwhile(
            "Somebody else saved this study while you were writing. Your words are still here, and "
            "not saved: compare them with what is saved now, then save again."
        )
    for part in study.paragraphs.select_for_update():
        if part.key not in words:
            continue
        chosen, text = words[part.key]
        text = text.strip()
        if (part.chosen, part.words) != (chosen, text):
            part.chosen, part.words, part.by, part.at = chosen, text, by, at
            part.save(update_fields=["chosen", "words", "by", "at"])
    study.title, study.revision = title.strip(), study.revision + 1
    study.save(update_fields=["title", "revision"])
    _record("case_study.written", study, by, at)
    return study


@transaction.atomic
def keep(*, study: CaseStudy, why: Mapping[str, str], by: User, at: datetime) -> int:
    """Say why words stay in which something was found, by the finding's mark. Returns of how many.

    Raises PermissionDenied, NotInHand, NoWords, NotFound for what may not stay.
    """
    study = _lock(study)
    may_write(by, study.case).or_raise()
    _check(study, Status.DRAFT)
    answers = {mark: words.strip() for mark, words in why.items() if words.strip()}
    if not answers:
        raise NoWords("Write why at least one of them stays, or change the words.")
    may_stay = {
        one.finding.mark
        for one in queries.look_through(by, study, at).found
        if not one.finding.hard
    }
    if set(answers) - may_stay:
        raise NotFound("These words have changed meanwhile, or may not stay. Look again.")
    for mark, words in sorted(answers.items()):
        Stays(study=study, mark=mark, why=words[:300], by=by, at=at).save(force_insert=True)
    _record("case_study.kept", study, by, at, {"how many": len(answers)})
    return len(answers)


@transaction.atomic
def send(*, study: CaseStudy, by: User, at: datetime) -> CaseStudy:
    """Give a study to a manager. Raises PermissionDenied, NotInHand, NoConsent, NothingTold,
    StillFound."""
    study = _lock(study)
    may_write(by, study.case).or_raise()
    _check(study, Status.DRAFT)
    _check_consent(study.case, by, at)
    _check_words(study, by, at)
    study.status, study.sent_at, study.sent_by, study.sent_back = Status.SENT, at, by, ""
    study.save(update_fields=["status", "sent_at", "sent_by", "sent_back"])
    _record("case_study.sent", study, by, at)
    _tell_managers(study, at)
    return study


def _tell_managers(study: CaseStudy, at: datetime) -> None:
    """Tell whoever may release a study that it waits: once each time it is sent."""
    today = timezone.localdate(at)
    with seeing_as(front_door()):
        hub = [
            one
            for one in casework.managers_of(front_door(), study.case.team, today)
            if may_release(one, study)
        ]
        asked = hub or [
            one for one in casework.county_leads(front_door(), today) if may_release(one, study)
        ]
    for manager in asked:
        notices.send(
            wordings.TO_RELEASE,
            to=manager.email,
            context={
                "hub": study.case.team,
                "link": settings.KITH_ADDRESS + reverse("casestudies:one", args=[study.pk]),
            },
            once_key=f"casestudies.to_release:{study.pk}:{manager.pk}:{at.isoformat()}",
            at=at,
            about=("casestudy", study.pk),
            team=study.case.team,
        )


@transaction.atomic
def send_back(*, study: CaseStudy, words: str, by: User, at: datetime) -> CaseStudy:
    """Ask for something else first. Raises PermissionDenied, NotInHand, NoWords."""
    study = _lock(study)
    may_release(by, study).or_raise()
    _check(study, Status.SENT)
    if not words.strip():
        raise NoWords("Write what should change.")
    study.status, study.sent_back = Status.DRAFT, words.strip()
    study.save(update_fields=["status", "sent_back"])
    _record("case_study.sent_back", study, by, at)
    return study


@transaction.atomic
def release(*, study: CaseStudy, revision: int, by: User, at: datetime) -> Released:
    """Release a study to its readers, as it stands, for ever: a further version if it was before.

    `revision` says which words the manager has read. Raises PermissionDenied, NotInHand, NoConsent,
    WrittenMeanwhile, NothingTold, StillFound.
    """
    study = _lock(study)
    may_release(by, study).or_raise()
    _check(study, Status.SENT)
    if study.revision != revision:
        raise WrittenMeanwhile("The study has changed since you read it. Read it again first.")
    # Locked: nobody takes it back in between.
    consent = (
        queries.in_force(by, study.case.family, timezone.localdate(at))
        .select_for_update(of=("self",))
        .first()
    )
    _check_consent(study.case, by, at)
    _check_words(study, by, at)
    told = [
        [part.heading, part.words]
        for part in queries.paragraphs(by, study)
        if part.chosen and part.words
    ]
    one = study.released
    if one is None:
        one = Released(title=study.title, released_at=at, until=consent.until if consent else None)
        one.save(force_insert=True)
    else:
        one.title, one.released_at, one.version = study.title, at, one.version + 1
        one.until = consent.until if consent else None
        one.withdrawn_at, one.withdrawn_because = None, ""
        one.save()
    study.status, study.released, study.released_by = Status.RELEASED, one, by
    study.consent, study.ended_at, study.ended_by, study.ended_because = consent, None, None, ""
    study.save()
    ReleasedVersion(
        released=one, version=one.version, title=study.title, paragraphs=told, at=at
    ).save(force_insert=True)
    _record("case_study.released", study, by, at, {"version": one.version})
    return one


@transaction.atomic
def rewrite(*, study: CaseStudy, by: User, at: datetime) -> CaseStudy:
    """Take a study in hand again. What was released stays as it is until it is released anew.

    Raises PermissionDenied, NotInHand, NoConsent.
    """
    study = _lock(study)
    may_write(by, study.case).or_raise()
    _check(study, Status.RELEASED, Status.WITHDRAWN)
    _check_consent(study.case, by, at)
    study.status = Status.DRAFT
    study.save(update_fields=["status"])
    _record("case_study.rewritten", study, by, at)
    return study


@transaction.atomic
def drop(*, study: CaseStudy, because: str, by: User, at: datetime) -> CaseStudy:
    """Use a study no further. Raises PermissionDenied, NotInHand, NoWords."""
    study = _lock(study)
    may_write(by, study.case).or_raise()
    _check(study, Status.DRAFT)
    if study.released is not None:
        raise NotInHand("It was released before. Ask a manager to withdraw it.")
    if not because.strip():
        raise NoWords("Write why it is not used.")
    study.status, study.ended_at, study.ended_by = Status.DROPPED, at, by
    study.ended_because = because.strip()
    study.save(update_fields=["status", "ended_at", "ended_by", "ended_because"])
    _record("case_study.dropped", study, by, at)
    return study


@transaction.atomic
def withdraw(*, study: CaseStudy, because: str, by: User, at: datetime) -> CaseStudy:
    """Let nobody read a released study any more. Raises PermissionDenied, NotInHand, NoWords."""
    study = _lock(study)
    may_withdraw(by, study).or_raise()
    if study.released is None or study.released.withdrawn_at is not None:
        raise NotInHand("It is not released, so there is nothing to withdraw.")
    if not because.strip():
        raise NoWords("Write why it is withdrawn.")
    _withdraw(study, because.strip(), COUNCIL, by, at)
    return study


def withdraw_for(*, sharing: Sharing, by: User | None, at: datetime) -> None:
    """Withdraw what was released of a family that takes its consent back. Whoever takes it back,
    on whichever page: `casework.actions.take_back` says so in its own transaction."""
    if sharing.purpose != Sharing.Purpose.CASE_STUDY:
        return
    with seeing_as(front_door()):
        _withdraw_all(sharing.family.head_id, TAKEN_BACK, TAKEN_BACK, by, at)


def withdraw_restricted(*, family: int, by: User, at: datetime) -> None:
    """Withdraw what was released of a family whose record is being restricted: in that transaction.

    Readers are told only that it was withdrawn."""
    with seeing_as(front_door()):
        head = Family.objects.values_list("head", flat=True).get(pk=family)
        _withdraw_all(head, KEPT, COUNCIL, by, at)


def _withdraw_all(head: int | None, because: str, told: str, by: User | None, at: datetime) -> None:
    studies = CaseStudy.objects.select_for_update(of=("self",)).filter(
        case__family__head=head,
        released__isnull=False,
        released__withdrawn_at__isnull=True,
    )
    for study in studies.select_related("case__team", "released", "released_by").order_by("pk"):
        _withdraw(study, because, told, by, at)
        _tell_withdrawn(study, at)


def _tell_withdrawn(study: CaseStudy, at: datetime) -> None:
    """Tell whoever released a study, and the county's leads, that it is withdrawn, and who had it:
    they may not see its page, nor know of the family, any more."""
    assert study.released is not None
    leads = casework.county_leads(front_door(), timezone.localdate(at))
    people = {one.pk: one for one in (*leads, study.released_by) if one and one.is_active}
    had = Reading.objects.filter(released=study.released).select_related("by").order_by("at", "pk")
    readers = sorted({f"{one.by}: {HAD[one.how]}" for one in had})
    for person in people.values():
        notices.send(
            wordings.WITHDRAWN,
            to=person.email,
            context={
                "study": study.released.title,
                "released": f"{timezone.localdate(study.released.released_at):%-d %B %Y}",
                "why": study.ended_because,
                "readers": "\n".join(readers) or "Nobody had read it.",
            },
            once_key=f"casestudies.withdrawn:{study.pk}:{person.pk}:{at.isoformat()}",
            at=at,
            about=("casestudy", study.pk),
            team=study.case.team,
        )


def _withdraw(study: CaseStudy, because: str, told: str, by: User | None, at: datetime) -> None:
    assert study.released is not None
    study.released.withdrawn_at, study.released.withdrawn_because = at, told
    study.released.save(update_fields=["withdrawn_at", "withdrawn_because"])
    study.ended_at, study.ended_by, study.ended_because = at, by, because
    if study.status == Status.RELEASED:
        study.status = Status.WITHDRAWN
    study.save(update_fields=["status", "ended_at", "ended_by", "ended_because"])
    _record("case_study.withdrawn", study, by, at)


@transaction.atomic
def read(*, released: Released, how: str, by: User, at: datetime) -> ReleasedVersion:
    """Return the words of a released study to a reader, and note that they had them.

    Raises PermissionDenied, NotToBeRead.
    """
    may_read(by).or_raise()
    version = queries.version_of(by, released, timezone.localdate(at))
    if version is None:
        raise NotToBeRead("This case study is withdrawn.")
    had = Reading.objects.filter(released=released, version=version.version, how=how, by=by)
    if how == Reading.How.PDF or not had.filter(at__date=timezone.localdate(at)).exists():
        Reading(released=released, version=version.version, how=how, by=by, at=at).save(
            force_insert=True
        )
        record(
            "case_study.read",
            subject=released,
            by=by,
            at=at,
            after={"version": version.version, "how": Reading.How(how).label},
        )
    return version


# --- What they share --------------------------------------------------------------------------------


def _lock(study: CaseStudy) -> CaseStudy:
    CaseStudy.objects.select_for_update().get(pk=study.pk)
    return CaseStudy.objects.select_related(
        "case__family", "case__team", "case__referral", "released"
    ).get(pk=study.pk)


def _check(study: CaseStudy, *expected: str) -> None:
    if study.status not in expected:
        raise NotInHand(f"This cannot be done now: the study is “{study.get_status_display()}”.")


def _check_consent(case: Case, by: User, at: datetime) -> None:
    why = queries.why_no_consent(by, case.family, timezone.localdate(at))
    if why:
        raise NoConsent(why)


def _check_words(study: CaseStudy, by: User, at: datetime) -> None:
    checked = queries.look_through(by, study, at)
    if not checked.paragraphs:
        raise NothingTold("Choose at least one paragraph.")
    if checked.hard:
        many = len(checked.hard)
        raise StillFound(
            f"{'One real name or number still stands' if many == 1 else f'{many} real names or numbers still stand'} "
            "in the study. Change the words first."
        )
    if checked.unanswered:
        many = len(checked.unanswered)
        raise StillFound(
            f"{'One finding waits' if many == 1 else f'{many} findings wait'} for an answer: change "
            "the words, leave them out, or say why they stay."
        )


def _record(
    what: str,
    study: CaseStudy,
    by: User | None,
    at: datetime,
    after: dict | None = None,  # type: ignore[type-arg]
) -> None:
    record(
        what,
        subject=study,
        by=by,
        at=at,
        after={"title": study.title} | (after or {}),
        family_id=study.case.family_id,
        team_id=study.case.team_id,
    )
