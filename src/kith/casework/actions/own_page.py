"""The family's own page: giving it to somebody, and what they write there."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from kith.accounts.actions import end_links, make_link
from kith.accounts.models import User
from kith.accounts.viewer import front_door, seeing_as
from kith.audit.actions import record
from kith.casework import wordings
from kith.casework.actions.checks import NotPossible, WordsMissing, check_not_closed, lock
from kith.casework.family_actions import said_of
from kith.casework.models import (
    FAMILY_PAGE,
    Assessment,
    Case,
    FamilyPage,
    FamilyWords,
    HandedAssessment,
    PlannedAction,
)
from kith.casework.permissions import may_work
from kith.families import queries as families
from kith.families.models import ContactDetail
from kith.notices import actions as notices
from kith.notices.queries import no_provider
from kith.notices.words import Secret

LONGEST_WORDS = 4000


class NotSafe(NotPossible):
    """It is not safe to write there, or it is nobody's of this family."""


class CannotBeSent(NotPossible):
    """This county's Kith sends nothing that way."""


class NotSigned(NotPossible):
    """An assessment goes to the family when a manager has signed it."""


class NotTheirs(NotPossible):
    """Nothing more can be said of it on that page."""


class HandedAlready(NotPossible):
    """The assessment is on that page."""


@transaction.atomic
def give_page(*, case: Case, way: ContactDetail, by: User, at: datetime) -> FamilyPage:
    """Give somebody of the family their own page: a link is sent to them in a way that is safe.

    A page they had is ended, with its link. Raises PermissionDenied, CaseClosed, NotSafe, CannotBeSent.
    """
    case = lock(case)
    may_work(by, case).or_raise()
    check_not_closed(case)
    whose = next(
        (
            member
            for member in families.people_of(by, case.family)
            if way.pk in {detail.pk for detail in member.contact_details}
        ),
        None,
    )
    if whose is None or not way.safe:
        raise NotSafe("It is not safe to write there. Choose another way, or ask them for one.")
    channel = "email" if way.kind == ContactDetail.Kind.EMAIL else "text"
    if no_provider(channel):
        raise CannotBeSent(
            "Text messages are not set up in this county’s Kith. Choose an e-mail address."
        )
    for before in FamilyPage.objects.filter(
        family=case.family, person=whose.person, ended_at__isnull=True
    ):
        end(page=before, by=by, at=at)
    page = FamilyPage(
        family=case.family,
        person=whose.person,
        name=whose.name,
        channel=channel,
        sent_to=way.value,
        made_at=at,
        made_by=by,
    )
    page.save(force_insert=True)
    secret = make_link(purpose=FAMILY_PAGE, subject_id=page.pk, sent_to=page.sent_to, at=at)
    notices.send(
        wordings.FAMILY_PAGE,
        to=page.sent_to,
        channel=page.channel,
        context={
            "hub": case.team,
            "link": Secret(settings.KITH_ADDRESS + reverse("own_page:link", args=[secret])),
        },
        once_key=f"casework.family_page:{page.pk}",
        at=at,
        about=("familypage", page.pk),
        team=case.team,
    )
    record(
        "family_page.given",
        subject=page,
        by=by,
        at=at,
        after={"who": page.name, "how": page.get_channel_display()},
        family_id=case.family_id,
        team_id=case.team_id,
    )
    return page


@transaction.atomic
def end_page(*, page: FamilyPage, case: Case, by: User, at: datetime) -> None:
    """End somebody's page: its link opens nothing any more. Raises PermissionDenied."""
    case = lock(case)
    may_work(by, case).or_raise()
    locked = FamilyPage.objects.select_for_update().get(
        pk=page.pk, family__head=case.family.head_id
    )
    if locked.ended_at is None:
        end(page=locked, by=by, at=at)
        record(
            "family_page.ended",
            subject=locked,
            by=by,
            at=at,
            after={"who": locked.name},
            family_id=case.family_id,
            team_id=case.team_id,
        )


def end(*, page: FamilyPage, by: User, at: datetime) -> None:
    """End a page with its link and code, for whoever has asked whether they may."""
    page.ended_at, page.ended_by, page.code_hash = at, by, ""
    page.save(update_fields=["ended_at", "ended_by", "code_hash"])
    end_links(purpose=FAMILY_PAGE, subject_id=page.pk, at=at)


@transaction.atomic
def hand_assessment(
    *, assessment: Assessment, page: FamilyPage, by: User, at: datetime
) -> HandedAssessment:
    """Put a signed assessment on somebody's own page, and tell them that there is something new.

    Raises PermissionDenied, NotSigned, NotSafe for a page of another family or one that is ended,
    HandedAlready.
    """
    case = lock(assessment.case)
    may_work(by, case).or_raise()
    page = FamilyPage.objects.select_for_update().get(pk=page.pk)
    if assessment.status != Assessment.Status.SIGNED:
        raise NotSigned("Only an assessment that a manager has signed goes to the family.")
    if page.ended_at is not None or page.family.head_id != case.family.head_id:
        raise NotSafe("This page is ended. Give them a new one first.")
    if page.assessments.filter(assessment=assessment).exists():
        raise HandedAlready(f"{page.name} has this assessment on their page already.")
    handed = HandedAssessment(page=page, assessment=assessment, by=by, at=at)
    handed.save(force_insert=True)
    notices.send(
        wordings.FAMILY_NEW,
        to=page.sent_to,
        channel=page.channel,
        context={"hub": case.team},
        once_key=f"casework.family_new:{handed.pk}",
        at=at,
        about=("familypage", page.pk),
        team=case.team,
    )
    record(
        "family_page.assessment",
        subject=page,
        by=by,
        at=at,
        after={"who": page.name, "assessment": str(assessment)},
        family_id=case.family_id,
        team_id=case.team_id,
    )
    return handed


@transaction.atomic
def add_words(*, page: FamilyPage, words: str, at: datetime) -> FamilyWords:
    """Keep what somebody wrote on their page, and tell the worker that there is something to read.

    Raises WordsMissing.
    """
    if not words.strip():
        raise WordsMissing("Write what you want to say.")
    with seeing_as(front_door()):
        said = _keep(page, words, at)
        for case in Case.objects.filter(family=page.family, status="open").select_related(
            "worker", "team"
        ):
            if case.worker is None:
                continue
            notices.send(
                wordings.FAMILY_WROTE,
                to=case.worker.email,
                context={
                    "reference": case.reference,
                    "link": settings.KITH_ADDRESS + reverse("casework:case", args=[case.reference]),
                },
                once_key=f"casework.family_wrote:{said.pk}:{case.pk}",
                at=at,
                about=("case", case.pk),
                team=case.team,
            )
    return said


@transaction.atomic
def say_of_action(
    *, page: FamilyPage, action: PlannedAction, says: str, words: str = "", at: datetime
) -> FamilyWords:
    """Keep what somebody says of something that the family took on: that it is done, or that they
    need help with it; and tell the worker, who goes on from there. The plan stays as it is.

    Raises NotTheirs, ValueError.
    """
    says = FamilyWords.Says(says)
    with seeing_as(front_door()):
        case = lock(Case(pk=action.case_id))
        locked = PlannedAction.objects.select_for_update(of=("self",)).get(pk=action.pk)
        locked.case = case
        if not said_of(page, locked):
            raise NotTheirs("This is over by now. Ring your worker if you want to say more of it.")
        said = _keep(page, words, at, action=locked, says=says)
        if case.worker is not None:
            notices.send(
                wordings.FAMILY_ON_ACTION,
                to=case.worker.email,
                context={
                    "reference": case.reference,
                    "said": "needs help with"
                    if says == FamilyWords.Says.HELP
                    else "says that they have done",
                    "link": settings.KITH_ADDRESS + reverse("casework:case", args=[case.reference]),
                },
                once_key=f"casework.family_on_action:{said.pk}",
                at=at,
                about=("case", case.pk),
                team=case.team,
            )
    return said


def _keep(page: FamilyPage, words: str, at: datetime, **about: Any) -> FamilyWords:
    said = FamilyWords(
        family=page.family,
        page=page,
        name=page.name,
        words=words.strip()[:LONGEST_WORDS],
        at=at,
        **about,
    )
    said.save(force_insert=True)
    told = {"about": said.action.what, "says": said.get_says_display()} if said.action else {}
    record(
        "family_page.words",
        subject=page,
        by=None,
        at=at,
        after={"who": page.name, **told},
        family_id=page.family_id,
    )
    return said
