"""Where a child learned: written down, ended and put right, and nothing overwritten."""

import hashlib
import json
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from kith.accounts.models import User
from kith.analytics.households import overlap
from kith.audit.actions import fields_of, record
from kith.audit.history import changed_at
from kith.casework.models import Schooling
from kith.families.actions.refusals import (
    ChangedMeanwhile,
    EndedAlready,
    InTheFuture,
    NothingSaid,
    NotOfThisFamily,
    NotPossible,
    OutOfOrder,
)
from kith.families.models import Family, Membership, Person
from kith.families.permissions import may_edit
from kith.partners.models import Organisation

SAID = ("setting", "organisation_id", "name", "send", "since", "until", "ending", "source")


class LearnsThereAlready(NotPossible):
    """Nobody goes to one place twice on the same day, nor is taught at home while not in school."""

    field = "since"


def mark_of_schooling(spell: Schooling) -> str:
    """Return a mark of what is written down, by which a form knows of a change meanwhile."""
    said = fields_of(spell, SAID)
    return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()[:16]


@transaction.atomic
def add_schooling(
    *,
    person: Person,
    family: Family,
    setting: str,
    organisation: Organisation | None = None,
    name: str = "",
    send: str = "",
    since: date | None = None,
    until: date | None = None,
    ending: str = "",
    source: str,
    left: Schooling | None = None,
    left_ending: str = "",
    by: User,
    at: datetime,
) -> Schooling:
    """Write down where a child learns, or learned. `left` is where they learned until then.

    Raises PermissionDenied, NotOfThisFamily, LearnsThereAlready, EndedAlready, OutOfOrder,
    InTheFuture.
    """
    may_edit(by, family).or_raise()
    person = _lock(person, family)
    if left is not None:
        if since is None:
            raise OutOfOrder("Give the day on which they began, and left the other.", "since")
        end_schooling(spell=left, family=family, until=since, ending=left_ending, by=by, at=at)
    spell = Schooling(
        person=person,
        setting=setting,
        organisation=organisation,
        name=organisation.name if organisation else name,
        send=send,
        since=since,
        until=until,
        ending=ending if until else "",
        source=source,
    )
    _check(spell, person, at)
    spell.save(force_insert=True)
    _record("person.schooling", spell, family, by, at, after=_said(spell))
    return spell


@transaction.atomic
def correct_schooling(
    *,
    spell: Schooling,
    family: Family,
    mark: str = "",
    by: User,
    at: datetime,
    **changes: Any,
) -> Schooling:
    """Put right what is written down of where a child learned.

    `mark` is that of what was shown. Raises PermissionDenied, ChangedMeanwhile, LearnsThereAlready,
    OutOfOrder, InTheFuture.
    """
    may_edit(by, family).or_raise()
    person = _lock(spell.person, family)
    spell = _lock_spell(spell)
    if mark and mark != mark_of_schooling(spell):
        raise ChangedMeanwhile(
            "While you looked, somebody changed this. What it says now stands above your answers:"
            " go through them once more, then save."
        )
    before = _said(spell)
    if organisation := changes.get("organisation"):
        changes["name"] = organisation.name
    for name, value in changes.items():
        setattr(spell, name, value)
    if spell.until is None:
        spell.ending = ""
    _check(spell, person, at)
    spell.save()
    after = _said(spell)
    changed = [name for name in after if after[name] != before[name]]
    if changed:
        _record(
            "person.schooling_corrected",
            spell,
            family,
            by,
            at,
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
        )
    return spell


@transaction.atomic
def end_schooling(
    *, spell: Schooling, family: Family, until: date, ending: str = "", by: User, at: datetime
) -> Schooling:
    """Write down that a child no longer learns somewhere, and why.

    Raises PermissionDenied, EndedAlready, OutOfOrder, InTheFuture.
    """
    may_edit(by, family).or_raise()
    person = _lock(spell.person, family)
    spell = _lock_spell(spell)
    if spell.until is not None:
        raise EndedAlready(f"It ended on {spell.until:%-d %B %Y} already.")
    spell.until, spell.ending = until, ending
    _check(spell, person, at)
    spell.save(update_fields=["until", "ending"])
    _record(
        "person.schooling_ended",
        spell,
        family,
        by,
        at,
        after={"name": str(spell), "until": until, "why": spell.get_ending_display()},
    )
    return spell


@transaction.atomic
def change_send(
    *,
    spell: Schooling,
    family: Family,
    send: str,
    since: date,
    source: str,
    by: User,
    at: datetime,
) -> Schooling:
    """Write down that a child has another support for special educational needs, at the same place.

    What was before is ended on that day. Raises PermissionDenied, NothingSaid, EndedAlready,
    OutOfOrder, InTheFuture.
    """
    if send == spell.send:
        raise NothingSaid("This is what is written down already. Choose what it is now.", "send")
    if spell.until is not None:
        raise EndedAlready(f"They left on {spell.until:%-d %B %Y} already.")
    if spell.since and since <= spell.since:
        raise OutOfOrder(
            f"They began on {spell.since:%-d %B %Y}: give a later day, or correct what stands there.",
            "since",
        )
    return add_schooling(
        person=spell.person,
        family=family,
        setting=spell.setting,
        organisation=spell.organisation,
        name=spell.name,
        send=send,
        since=since,
        source=source,
        left=spell,
        left_ending=Schooling.Ending.SEND,
        by=by,
        at=at,
    )


@transaction.atomic
def say_schooling_mistaken(
    *, spell: Schooling, family: Family, why: str, by: User, at: datetime
) -> Schooling:
    """Say that something should never have been written down. It is kept, and shown no more.

    Raises PermissionDenied, NothingSaid, EndedAlready.
    """
    may_edit(by, family).or_raise()
    _lock(spell.person, family)
    spell = _lock_spell(spell)
    if not why.strip():
        raise NothingSaid("Say why it should not stand there.", "why")
    spell.mistake = why.strip()
    spell.save(update_fields=["mistake"])
    _record(
        "person.schooling_mistaken",
        spell,
        family,
        by,
        at,
        before=_said(spell),
        after={"why": spell.mistake},
    )
    return spell


def _lock(person: Person, family: Family) -> Person:
    """Lock the record that stands for somebody, so that two who write of them wait in line."""
    person = Person.objects.get(pk=person.pk)
    Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person.head_id or person.pk)
    # As the records stand now: they may have been put together since the family was read.
    head = Family.objects.filter(pk=family.pk).values("head")
    if not Membership.objects.filter(family__head__in=head, person__head=person.head_id).exists():
        raise NotOfThisFamily("Choose somebody of this family.")
    return person


def _lock_spell(spell: Schooling) -> Schooling:
    spell = Schooling.objects.select_for_update(of=("self",)).get(pk=spell.pk)
    if spell.mistake:
        raise EndedAlready("Somebody has said meanwhile that this was written down by mistake.")
    return spell


def _check(spell: Schooling, person: Person, at: datetime) -> None:
    today = timezone.localdate(at)
    for name, day in (("since", spell.since), ("until", spell.until)):
        if day and day > today:
            raise InTheFuture(
                "That day is still to come. Write it down once it has happened.", name
            )
        if day and person.date_of_birth and day < person.date_of_birth:
            raise OutOfOrder(f"They were born on {person.date_of_birth:%-d %B %Y}.", name)
        if day and person.died_on and day > person.died_on:
            raise OutOfOrder(f"They died on {person.died_on:%-d %B %Y}.", name)
    if person.date_of_birth is None and person.expected_on is not None:
        raise OutOfOrder("The child is not born yet.", "setting")
    if person.died_on and spell.until is None:
        raise OutOfOrder(f"They died on {person.died_on:%-d %B %Y}: say until when.", "until")
    if spell.since and spell.until and spell.until <= spell.since:
        raise OutOfOrder(f"It began on {spell.since:%-d %B %Y}: the end must be a later day.")
    if spell.setting in Schooling.NAMED and not spell.name:
        raise NothingSaid("Write the name of the school or place.", "name")
    others = Schooling.objects.filter(person__head=person.head_id, mistake="").exclude(pk=spell.pk)
    for other in others:
        if not overlap((spell.since, spell.until), (other.since, other.until)):
            continue
        if _same_place(spell, other):
            raise LearnsThereAlready(
                f"It is written down already that they were there then, {_when(other)}."
                " Correct that, or give other days."
            )


def _same_place(one: Schooling, other: Schooling) -> bool:
    if one.organisation_id and other.organisation_id:
        return one.organisation_id == other.organisation_id
    return (one.setting, one.name.casefold()) == (other.setting, other.name.casefold())


def _when(spell: Schooling) -> str:
    begins = f"from {spell.since:%-d %B %Y}" if spell.since else "since when is not known"
    return f"{begins} until {spell.until:%-d %B %Y}" if spell.until else begins


def _said(spell: Schooling) -> dict[str, Any]:
    return {
        "where": str(spell),
        "setting": spell.get_setting_display(),
        "support": spell.get_send_display(),
        "since": spell.since,
        "until": spell.until,
        "why": spell.get_ending_display(),
        "source": spell.source,
    }


def _record(
    what: str, spell: Schooling, family: Family, by: User, at: datetime, **said: Any
) -> None:
    record(what, subject=spell, by=by, at=at, family_id=family.pk, **said)


def end_at_death(*, person: Person, on: date) -> None:
    """End all that runs with a child's life. The death itself is in the log."""
    running = Schooling.objects.filter(person__head=person.head_id, mistake="").filter(
        Q(until__isnull=True) | Q(until__gt=on)
    )
    for spell in running:
        spell.until = max(on, spell.since or on)
        spell.ending = Schooling.Ending.DIED
        spell.save(update_fields=["until", "ending"])


def begin_again(*, person: Person, written_at: datetime) -> int:
    """Let go on what a death ended that was written down by mistake, unless somebody changed it since.
    Returns how many places of learning stand again. The death taken back is in the log."""
    again = 0
    theirs = Schooling.objects.filter(person__head=person.head_id, mistake="")
    for spell, was in changed_at(theirs, written_at, "until"):
        if spell.ending != Schooling.Ending.DIED:
            continue
        spell.until, spell.ending = was["until"], was["ending"]
        spell.save(update_fields=["until", "ending"])
        again += 1
    return again
