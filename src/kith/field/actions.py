"""Planning visits, taking a day along, and doing what is sent in from the field: each thing once."""

import hashlib
import hmac
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from kith.accounts.models import User
from kith.audit.actions import record
from kith.casework import actions as casework
from kith.casework.models import Case
from kith.field.models import Device, Sent, Visit
from kith.field.permissions import may_take_along, may_visit
from kith.supports import actions as supports
from kith.supports.models import Session

# So long a day lies readable on a device. Kith signs people out after as long.
A_DAY = timedelta(hours=10)
FARTHEST = timedelta(days=60)


class NotPossible(Exception):
    """What was sent cannot be done. The message says why, in words for the person."""


class WrongDay(NotPossible):
    """A visit is planned for a day that comes, and soon."""


class AlreadyPlanned(NotPossible):
    """The same person visits the family at that time already."""


class CaseClosed(NotPossible):
    """Nobody is visited for a closed case."""


class Ended(NotPossible):
    """The device was forgotten, or its day is over: what lies on it cannot be opened any more."""


class KeyTaken(NotPossible):
    """The number of an entry was used for something else."""


# Visits


@transaction.atomic
def plan_visit(
    *,
    case: Case,
    on: date,
    starts: time | None,
    words: str = "",
    by: User,
    at: datetime,
    today: date,
) -> Visit:
    """Plan to visit a family. Raises PermissionDenied, CaseClosed, WrongDay, AlreadyPlanned."""
    case = Case.objects.select_for_update().get(pk=case.pk)
    may_visit(by, case).or_raise()
    if case.closed_at is not None:
        raise CaseClosed(f"{case.reference} is closed.")
    if not today <= on <= today + FARTHEST:
        raise WrongDay(f"Give a day from today on, within {FARTHEST.days} days.")
    same = Visit.objects.filter(case=case, worker=by, on=on, starts=starts, dropped_at__isnull=True)
    if same.exists():
        raise AlreadyPlanned("You have planned this visit already.")
    visit = Visit.objects.create(
        case=case, worker=by, on=on, starts=starts, words=words.strip(), made_at=at, made_by=by
    )
    record(
        "visit.planned",
        subject=visit,
        by=by,
        at=at,
        after={"on": on},
        family_id=case.family_id,
        team_id=case.team_id,
    )
    return visit


@transaction.atomic
def drop_visit(*, visit: Visit, by: User, at: datetime) -> Visit:
    """Say that a visit will not be made. Raises PermissionDenied."""
    visit = Visit.objects.select_for_update(of=("self",)).select_related("case").get(pk=visit.pk)
    may_visit(by, visit.case).or_raise()
    if visit.dropped_at is None:
        visit.dropped_at = at
        visit.save(update_fields=["dropped_at"])
        record(
            "visit.dropped",
            subject=visit,
            by=by,
            at=at,
            family_id=visit.case.family_id,
            team_id=visit.case.team_id,
        )
    return visit


# Devices


@transaction.atomic
def take_along(*, name: str, by: User, at: datetime) -> Device:
    """Let a browser keep this person's day, sealed, for some hours. Raises PermissionDenied."""
    may_take_along(by).or_raise()
    device = Device.objects.create(user=by, name=name[:120], made_at=at, until=at + A_DAY)
    record("device.taken", subject=device, by=by, at=at, after={"until": device.until})
    return device


@transaction.atomic
def forget_device(*, device: Device, by: User, at: datetime) -> Device:
    """Give a device's key to nobody any more: what lies on it stays shut, and is wiped when it next
    asks. Raises PermissionDenied."""
    device = Device.objects.select_for_update().get(pk=device.pk)
    if device.user_id != by.pk:
        raise PermissionDenied("This device is somebody else’s.")
    if device.ended_at is None:
        device.ended_at = at
        device.save(update_fields=["ended_at"])
        record("device.forgotten", subject=device, by=by, at=at)
    return device


def key_of(device: Device) -> bytes:
    """Return the key with which a device seals what it keeps: 32 bytes, stored nowhere.

    Raises Ended for one that was forgotten. Past its day it is still given to its own person, to
    send in what was written.
    """
    if device.ended_at is not None:
        raise Ended("What was on this device was forgotten.")
    name = b"kith.field:" + device.pk.bytes + str(device.user_id).encode()
    return hmac.new(settings.SECRET_KEY.encode(), name, hashlib.sha256).digest()


# Entries


@dataclass(frozen=True)
class Done:
    """What came of an entry: what to say of it, and whether it had been done before."""

    told: str
    differing: int = 0
    again: bool = False


@transaction.atomic
def send_contact(
    *, key: uuid.UUID, case: Case, what: dict[str, Any], by: User, at: datetime
) -> Done:
    """Record a contact that was written in the field, once. Raises what `record_contact` raises,
    and KeyTaken."""

    def do() -> Done:
        casework.record_contact(case=case, **what, by=by, at=at)
        return Done(f"The contact with {case.reference} is recorded.")

    return _once(key, "contact", {"case": case.pk, **what}, do, by, at)


@transaction.atomic
def send_note(*, key: uuid.UUID, case: Case, what: dict[str, Any], by: User, at: datetime) -> Done:
    """Keep a note that was written in the field, once. Raises what `add_note` raises, and KeyTaken."""

    def do() -> Done:
        casework.add_note(case=case, **what, by=by, at=at)
        return Done(f"The note on {case.reference} is kept.")

    return _once(key, "note", {"case": case.pk, **what}, do, by, at)


@transaction.atomic
def send_marks(
    *, key: uuid.UUID, session: Session, marks: Sequence[supports.Mark], by: User, at: datetime
) -> Done:
    """Mark a register as it was marked in the field, once. Where somebody else marked differently
    meanwhile, both stand until a person decides. Raises what `mark` raises, and KeyTaken."""

    def do() -> Done:
        came = supports.mark(session=session, marks=marks, by=by, at=at)
        told = f"The register of {session.support} is saved."
        if n := len(came.differing):
            told += f" Somebody else marked {n} differently meanwhile: decide on the register."
        return Done(told, len(came.differing))

    said = {"session": session.pk, "marks": [vars(mark) for mark in marks]}
    return _once(key, "marks", said, do, by, at)


def _once(key: uuid.UUID, kind: str, said: dict[str, Any], do: Any, by: User, at: datetime) -> Done:
    """Do something under a number, or answer as it was answered when it was done."""
    may_take_along(by).or_raise()
    text = json.dumps({"kind": kind, **said}, sort_keys=True, default=str)
    content_hash = hashlib.sha256(text.encode()).hexdigest()
    try:
        # The same entry from two tabs at once: the second waits here for the first.
        with transaction.atomic():
            sent = Sent.objects.create(
                key=key, by=by, kind=kind, content_hash=content_hash, at=at, told=""
            )
    except IntegrityError:
        known = Sent.objects.filter(key=key).first()
        if known is None or known.content_hash != content_hash:
            raise KeyTaken(
                "Something else was sent under this number. Copy the words and write them anew."
            ) from None
        return Done(known.told, known.differing, again=True)
    done: Done = do()
    sent.told, sent.differing = done.told[:300], done.differing
    sent.save(update_fields=["told", "differing"])
    return done
