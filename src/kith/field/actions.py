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
from django.utils import timezone

from kith.accounts.models import Team, User
from kith.audit.actions import record
from kith.casework import actions as casework
from kith.casework.models import Case, Contact
from kith.casework.still_open import GOES_ON, Becomes
from kith.field.models import Device, Reason, Sent, Visit
from kith.field.permissions import may_settle, may_take_along, may_visit
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


class VisitOver(NotPossible):
    """What came of the visit is said already."""


class NotOfThisVisit(NotPossible):
    """The contact was written of something else."""


class ReasonMissing(NotPossible):
    """A visit is not made for a reason."""


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
    same = Visit.objects.filter(
        case=case, worker=by, on=on, starts=starts, dropped_at__isnull=True, contact__isnull=True
    )
    if same.exists():
        raise AlreadyPlanned("You have planned this visit already.")
    visit = Visit.objects.create(
        case=case, worker=by, on=on, starts=starts, words=words.strip(), made_at=at, made_by=by
    )
    _log("visit.planned", visit, case, by, at, after={"on": on})
    return visit


@transaction.atomic
def drop_visit(*, visit: Visit, reason: str, why: str = "", by: User, at: datetime) -> Visit:
    """Say that a visit will not be made, or was not, and why: a key of `Reason`, and words.

    Raises PermissionDenied, VisitOver, ReasonMissing.
    """
    visit = _lock(visit)
    may_settle(by, visit).or_raise()
    _check_open(visit)
    if reason not in Reason.values or (reason == Reason.OTHER and not why.strip()):
        raise ReasonMissing("Say why it was not made.")
    return _drop(visit, reason, why, by, at)


@transaction.atomic
def tie(*, visit: Visit, contact: Contact, by: User, at: datetime) -> Visit:
    """Say which contact was written of a visit that was planned.

    Raises PermissionDenied, VisitOver, NotOfThisVisit.
    """
    visit = _lock(visit)
    may_settle(by, visit).or_raise()
    _check_open(visit)
    if contact.case_id != visit.case_id or Visit.objects.filter(contact=contact).exists():
        raise NotOfThisVisit("That contact is of another visit. Choose another, or say why not.")
    return _tie(visit, contact, by, at)


def tie_the_visit(*, contact: Contact, by: User, at: datetime) -> None:
    """Tie a contact that was just written to the visit planned for that day, if there is one: to
    whoever wrote it before a colleague's, and to the nearest in time. A call is no visit."""
    if contact.how not in (Contact.How.VISIT, Contact.How.MEETING):
        return
    local = timezone.localtime(contact.at)
    open_that_day = Visit.objects.select_for_update().filter(
        case=contact.case, on=local.date(), contact__isnull=True, dropped_at__isnull=True
    )

    def nearness(visit: Visit) -> tuple[bool, int, int]:
        minutes = visit.starts.hour * 60 + visit.starts.minute if visit.starts else 24 * 60
        return (
            visit.worker_id != by.pk,
            abs(minutes - local.hour * 60 - local.minute),
            visit.pk,
        )

    if visit := min(open_that_day, key=nearness, default=None):
        _tie(visit, contact, by, at)


def settle_visit(
    *,
    case: Case,
    number: int,
    becomes: Becomes,
    to: Team | None,
    worker: User | None,
    by: User,
    at: datetime,
) -> str:
    """Give a visit up as its case closes or changes hubs, or let the new worker make it.

    Called by the action that closes a case or takes it over, which has asked whether it may.
    """
    visit = Visit.objects.select_for_update().get(pk=number, case=case)
    if becomes.how == GOES_ON and worker is not None:
        _move(visit, case, worker, by, at)
        return f"{worker} makes it"
    past = visit.on < timezone.localdate(at)
    _drop(visit, Reason.MOVED if to else Reason.CLOSED, "", by, at, case)
    return "was not written down" if past else "is given up"


def visits_go_along(*, case: Case, worker: User, by: User, at: datetime) -> None:
    """Let the worker who has a family now make the visits that are planned. What is past stays with
    whoever planned it: they know what came of it."""
    for visit in (
        Visit.objects.select_for_update()
        .filter(
            case=case, on__gte=timezone.localdate(at), dropped_at__isnull=True, contact__isnull=True
        )
        .exclude(worker=worker)
    ):
        _move(visit, case, worker, by, at)


def _move(visit: Visit, case: Case, worker: User, by: User, at: datetime) -> None:
    before, visit.worker = visit.worker, worker
    visit.save(update_fields=["worker"])
    _log("visit.moved", visit, case, by, at, before={"worker": before}, after={"worker": worker})


def _lock(visit: Visit) -> Visit:
    return Visit.objects.select_for_update(of=("self",)).select_related("case").get(pk=visit.pk)


def _check_open(visit: Visit) -> None:
    if visit.contact_id is not None:
        raise VisitOver("A contact was written of this visit already.")
    if visit.dropped_at is not None:
        raise VisitOver(f"{visit.dropped_by or 'Somebody'} said already that it was not made.")


def _drop(
    visit: Visit, reason: str, why: str, by: User, at: datetime, case: Case | None = None
) -> Visit:
    visit.dropped_at, visit.dropped_by = at, by
    visit.reason, visit.why = reason, why.strip()
    visit.save(update_fields=["dropped_at", "dropped_by", "reason", "why"])
    after = {"on": visit.on, "reason": Reason(reason).label, "why": visit.why}
    _log("visit.dropped", visit, case or visit.case, by, at, after=after)
    return visit


def _tie(visit: Visit, contact: Contact, by: User, at: datetime) -> Visit:
    visit.contact = contact
    visit.save(update_fields=["contact"])
    _log("visit.made", visit, contact.case, by, at, after={"on": visit.on})
    return visit


def _log(
    what: str,
    visit: Visit,
    case: Case,
    by: User,
    at: datetime,
    *,
    after: dict[str, Any],
    before: dict[str, Any] | None = None,
) -> None:
    record(
        what,
        subject=visit,
        by=by,
        at=at,
        before=before or {},
        after=after,
        family_id=case.family_id,
        team_id=case.team_id,
    )


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
