"""Finding entries that stand twice, and saying whether they are one: put together, or parted again."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from kith.accounts.models import User
from kith.analytics.twins import Pair, pairs
from kith.audit.actions import record
from kith.directory import proposed, twins
from kith.directory.actions.holding import write_held
from kith.directory.actions.proposing import told_of
from kith.directory.actions.refusals import DirectoryRefused
from kith.directory.actions.services import write_service
from kith.directory.held import Values
from kith.directory.models import NotOffered, Offering, Proposal, Remark, Service, Twins
from kith.directory.permissions import may_ask_for_assurance, may_keep_directory

State = Twins.State


@transaction.atomic
def find_twins(*, by: User, at: datetime) -> int:
    """Look through the directory for entries that may be the same. Returns how many are to decide.

    What was said not to be the same stays so, unless more speaks for it than did. Raises
    PermissionDenied.
    """
    if not by.is_service:
        may_keep_directory(by).or_raise()
    else:
        may_ask_for_assurance(by).or_raise()
    found = {(pair.one, pair.other): pair for pair in pairs(twins.entries())}
    known = {(one.one_id, one.other_id): one for one in Twins.objects.select_for_update()}
    today = timezone.localdate(at)
    new = []
    for key, pair in found.items():
        one = known.get(key)
        if one is None:
            made = Twins(one_id=pair.one, other_id=pair.other, found_on=today)
            new.append(_with(made, pair))
        elif one.state == State.OPEN or (
            one.state == State.NOT_SAME
            and (set(pair.reasons) - set(one.reasons) or set(one.against) - set(pair.against))
        ):
            one.state, one.decided_by, one.decided_at = State.OPEN, None, None
            _with(one, pair).save()
    Twins.objects.bulk_create(new)
    gone = [one.pk for key, one in known.items() if one.state == State.OPEN and key not in found]
    Twins.objects.filter(pk__in=gone).delete()
    return Twins.objects.filter(state=State.OPEN).count()


def _with(one: Twins, pair: Pair) -> Twins:
    one.points, one.reasons, one.against = pair.points, list(pair.reasons), list(pair.against)
    return one


@transaction.atomic
def say_not_same(*, pair: Twins, why: str = "", by: User, at: datetime) -> Twins:
    """Say that two entries tell of two services. Raises PermissionDenied or DirectoryRefused."""
    pair = _locked(pair, by, State.OPEN)
    pair.why = why.strip()[:300]
    _decide(pair, State.NOT_SAME, by, at)
    record("directory.not_same", subject=pair, by=by, at=at, after=_named(pair))
    return pair


@transaction.atomic
def ask_again(*, pair: Twins, by: User, at: datetime) -> Twins:
    """Take back that two entries are not the same. Raises PermissionDenied or DirectoryRefused."""
    pair = _locked(pair, by, State.NOT_SAME)
    pair.state, pair.why, pair.decided_by, pair.decided_at = State.OPEN, "", None, None
    pair.save()
    record("directory.asked_again", subject=pair, by=by, at=at, after=_named(pair))
    return pair


@transaction.atomic
def put_together(
    *, pair: Twins, kept: Service, keep: Iterable[str], mark: str, agreed: Iterable[str] = (),
    reworded: Values | None = None, by: User, at: datetime,
) -> Service:  # fmt: skip
    """Let one entry tell of what two told: `kept` stays, with the other's words but for what is to stay
    as it is (`keep`, by name) or is said in other words. The other is listed no more: its page and its
    address in the feed lead to the one that stays, and so does what named it.

    `mark` is of what was read (`twins.mark_of`). Raises PermissionDenied or DirectoryRefused.
    """
    pair = _locked(pair, by, State.OPEN)
    both = {
        one.pk: one
        for one in Service.objects.select_for_update()
        .filter(pk__in=[pair.one_id, pair.other_id])
        .order_by("pk")
    }
    other = both[pair.other_id if kept.pk == pair.one_id else pair.one_id]
    kept = both[kept.pk]
    if any(one.told_by_id for one in both.values()):
        raise DirectoryRefused("One of them was put together with another meanwhile. Look again.")
    if other.published and not kept.published and not kept.hidden_on:
        raise DirectoryRefused("Let the one stay that families can read.")
    waits = Proposal.objects.filter(service__in=both.values(), state__in=["waiting", "sent_back"])
    if one := waits.select_related("service").first():
        raise DirectoryRefused(f"A change to {one.service} is not decided yet. Decide it first.")
    lines, now, theirs = twins.beside(kept, other)
    if mark != twins.mark_of(now, theirs):
        raise DirectoryRefused("Something was changed while you read. Please read it again.")
    changed = {line.name for line in lines} - set(keep)
    weakened = {line.name for line in lines if line.weakens} & changed
    if weakened - set(agreed):
        raise DirectoryRefused(
            "Say that everybody may know more of the address than now, or keep it."
        )
    values = now | {name: theirs[name] for name in changed} | (reworded or {})
    pair.undo = {"before": now, "published": other.published, "hidden_on": other.hidden_on}
    # Unlisted first: no moment in which both are told of, and no time stands twice.
    Service.objects.filter(pk=other.pk).update(published=False, hidden_on=None, told_by=kept)
    kept = _write(kept, now, values, by, at)
    pair.undo |= {"after": proposed.values_of(kept), "moved": _move(other, kept)}
    pair.kept = kept
    _decide(pair, State.ONE, by, at)
    record(
        "directory.put_together",
        subject=pair,
        by=by,
        at=at,
        after=_named(pair) | {"kept": kept.name},
    )
    return kept


@transaction.atomic
def part(*, pair: Twins, by: User, at: datetime) -> Twins:
    """Let two entries stand again as they did before they were put together.

    Raises PermissionDenied; DirectoryRefused where what was taken over was changed since.
    """
    pair = _locked(pair, by, State.ONE)
    assert pair.kept is not None, "what is put together has one that stays"
    kept = Service.objects.select_for_update().get(pk=pair.kept.pk)
    if changed := twins.changed_since(pair):
        raise DirectoryRefused(
            f"This was changed since: {', '.join(changed).lower()}. Put it back in the history of "
            f"{kept.name} first, then part them."
        )
    before, after, now = pair.undo["before"], pair.undo["after"], proposed.values_of(kept)
    touched = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    _write(kept, now, now | {name: before.get(name) for name in touched}, by, at)
    other = pair.other if pair.one_id == kept.pk else pair.one
    hidden = pair.undo["hidden_on"]
    Service.objects.filter(pk=other.pk).update(
        told_by=None,
        published=pair.undo["published"],
        hidden_on=date.fromisoformat(str(hidden)) if hidden else None,
    )
    _move_back(pair.undo["moved"], other, kept)
    pair.state, pair.kept, pair.undo = State.OPEN, None, {}
    pair.decided_by = pair.decided_at = None
    pair.save()
    record("directory.parted", subject=pair, by=by, at=at, after=_named(pair))
    return pair


def _write(kept: Service, now: Values, values: Values, by: User, at: datetime) -> Service:
    details = told_of(values, kept.provider, kept, timezone.localdate(at))
    kept = write_service(details=details, known=kept, by=by, at=at)
    write_held(service=kept, stands=now, values=values, by=by, at=at)
    return kept


def _move(other: Service, kept: Service) -> dict[str, list[int]]:
    """Let all that named an entry name another. Returns the numbers of what did."""
    hubs = Offering.objects.filter(service=kept, core_code="").values("hub")
    rows: dict[str, Any] = {
        "offerings": Offering.objects.filter(service=other).exclude(core_code="", hub__in=hubs),
        "remarks": Remark.objects.filter(service=other),
    }
    moved = {name: sorted(found.values_list("pk", flat=True)) for name, found in rows.items()}
    Offering.objects.filter(pk__in=moved["offerings"]).update(service=kept)
    Remark.objects.filter(pk__in=moved["remarks"]).update(service=kept)
    instead = Offering.objects.filter(instead_service=other)
    moved["instead"] = sorted(instead.values_list("pk", flat=True))
    Offering.objects.filter(pk__in=moved["instead"]).update(instead_service=kept)
    absent = NotOffered.objects.filter(services=other).exclude(services=kept)
    moved["absent"] = sorted(absent.values_list("pk", flat=True))
    for one in NotOffered.objects.filter(pk__in=moved["absent"]):
        one.services.add(kept)
    return moved


def _move_back(moved: dict[str, list[int]], other: Service, kept: Service) -> None:
    Offering.objects.filter(pk__in=moved["offerings"], service=kept).update(service=other)
    Remark.objects.filter(pk__in=moved["remarks"], service=kept).update(service=other)
    Offering.objects.filter(pk__in=moved["instead"], instead_service=kept).update(
        instead_service=other
    )
    for one in NotOffered.objects.filter(pk__in=moved["absent"]):
        one.services.remove(kept)


def _locked(pair: Twins, by: User, state: str) -> Twins:
    may_keep_directory(by).or_raise()
    # Lock the row: two who keep the directory may decide together.
    locked = (
        Twins.objects.select_for_update(of=("self",)).select_related("one", "other").get(pk=pair.pk)
    )
    if locked.state != state:
        raise DirectoryRefused(f"Somebody else was first: {locked.get_state_display().lower()}.")
    return locked


def _decide(pair: Twins, state: str, by: User, at: datetime) -> None:
    pair.state, pair.decided_by, pair.decided_at = state, by, at
    pair.save()


def _named(pair: Twins) -> dict[str, str]:
    return {"one": pair.one.name, "other": pair.other.name, "why": pair.why}
