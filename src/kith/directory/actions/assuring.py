"""Keeping the directory true: asking those who know, and hiding what nobody confirms."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from kith.accounts.actions import make_link
from kith.accounts.models import Team, User
from kith.analytics.assurance import Stage, Standing, Step
from kith.audit.actions import record
from kith.directory import assured, wordings
from kith.directory.actions.refusals import DirectoryRefused
from kith.directory.models import Asking, HidingRule, Provider, Service
from kith.directory.permissions import may_ask_for_assurance, may_keep_directory, may_set_hiding
from kith.directory.said import Line, lines_of, mark_of
from kith.notices import actions as notices
from kith.notices.words import Secret

# So many entries are told in full in a letter; the page tells of all.
MOST_IN_FULL = 25
MOST_LINES = 200  # and so many are named


@dataclass(frozen=True)
class Due:
    """An entry that needs checking, and how it stands."""

    service: Service
    standing: Standing
    team: Team | None  # who keeps it


@transaction.atomic
def set_hiding(*, months: int | None, by: User, at: datetime) -> HidingRule:
    """Set after how many months nobody reads what nobody confirmed; None: never.

    Raises PermissionDenied or DirectoryRefused.
    """
    may_set_hiding(by).or_raise()
    if months is not None and not 4 <= months <= 24:
        raise DirectoryRefused("Choose from 4 to 24 months, or never.", "months")
    before = {"months": assured.hide_months()}
    rule, _ = HidingRule.objects.update_or_create(
        pk=1, defaults={"months": months, "changed_by": by, "changed_at": at}
    )
    record(
        "directory.hiding_set", subject=rule, by=by, at=at, before=before, after={"months": months}
    )
    return rule


def said_true(service: Service, *, who: str, mailbox: str, today: date) -> None:
    """Write that what stands of a locked service is true; what was hidden is shown again."""
    service.assured_on, service.assured_by, service.assurer_email = today, who, mailbox
    if service.hidden_on is not None:
        service.hidden_on, service.published = None, True
    service.save(
        update_fields=["assured_on", "assured_by", "assurer_email", "hidden_on", "published"]
    )


@dataclass(frozen=True)
class Confirmed:
    """What came of confirming: what is true, and what was changed since it was read."""

    true: list[Service]
    changed: list[Service]


@transaction.atomic
def confirm(
    *, provider: Provider, read: Mapping[UUID, str], by: User | None, at: datetime
) -> Confirmed:
    """Say, for who gives them, that what was read of services is true. `by` is None with a link.

    `read` has a mark of what stood there (`said.mark_of`): what was changed meanwhile is not
    confirmed. Doing it twice changes nothing. Raises PermissionDenied.
    """
    if by is not None:
        may_keep_directory(by).or_raise()
    today = timezone.localdate(at)
    came = Confirmed([], [])
    for service in assured.kept_services().select_for_update(of=("self",)).filter(
        provider=provider, uid__in=list(read)
    ).order_by("pk"):  # fmt: skip
        if mark_of(service) != read[service.uid]:
            came.changed.append(service)
            continue
        came.true.append(service)
        if service.assured_on == today and service.hidden_on is None:
            continue
        before = {"assured_on": service.assured_on, "hidden_on": service.hidden_on}
        # The feed says whose mailbox it is: the one that everybody may read, never the keeper's.
        said_true(service, who=provider.name, mailbox=provider.email, today=today)
        record(
            "directory.confirmed", subject=service, by=by, at=at, before=before,
            after={"assured_on": today, "who": provider.name},
        )  # fmt: skip
    return came


@transaction.atomic
def tell_new_link(*, secret: str, to: str, at: datetime) -> None:
    """Send a new link in the place of one that is over, to the mailbox that had it."""
    provider = assured.provider_of_link(secret)
    if provider is None or provider.keeper_email.lower() != to.lower():
        return  # the mailbox was changed since: its own letters go there
    today, months, desk = timezone.localdate(at), assured.hide_months(), assured.desk_team()
    due = [
        Due(one, assured.standing_of(one, today, months, desk), None)
        for one in assured.to_ask(today).filter(provider=provider)
    ]
    _write_to_provider(provider, due, secret, f"new:{today}:{secret[:8]}", at)


@transaction.atomic
def ask_provider(*, provider: Provider, by: User, at: datetime) -> int:
    """Write to a provider now about all of its services that need checking: its letter is lost, say.

    Returns how many there are. Raises PermissionDenied or DirectoryRefused.
    """
    may_keep_directory(by).or_raise()
    if not provider.keeper_email:
        raise DirectoryRefused(f"Nobody knows a mailbox of {provider.name}. Add it first.")
    today, months, desk = timezone.localdate(at), assured.hide_months(), assured.desk_team()
    due = [
        Due(one, assured.standing_of(one, today, months, desk), None)
        for one in assured.to_ask(today)
        .filter(provider=provider)
        .select_for_update(of=("self",))
        .order_by("pk")
    ]
    if not due:
        raise DirectoryRefused(
            f"All that {provider.name} gives has been checked of late, or they have sent what has changed."
        )
    secret = make_link(
        purpose=assured.LINK, subject_id=provider.pk, sent_to=provider.keeper_email, at=at
    )
    # Who presses twice sends one letter.
    _write_to_provider(provider, due, secret, f"now:{at:%Y-%m-%d %H:%M}", at)
    _note(due, today, asked=True, only=frozenset({Step.WARNED}))
    record("directory.provider_asked", subject=provider, by=by, at=at, after={"services": len(due)})
    return len(due)


@transaction.atomic
def ask_for_assurance(*, by: User, at: datetime) -> int:
    """Ask those who keep entries whether they are true, tell who keeps the directory, and hide what
    nobody confirmed. Done twice a day it comes to the same. Returns how many letters were written.

    Raises PermissionDenied.
    """
    may_ask_for_assurance(by).or_raise()
    today, months = timezone.localdate(at), assured.hide_months()
    by_provider: dict[Provider, list[Due]] = defaultdict(list)
    by_team: dict[Team, list[Due]] = defaultdict(list)
    desk = assured.desk_team()
    # Locked: who confirms in this moment is waited for, or waits, and is never overwritten.
    for service in assured.to_ask(today).select_for_update(of=("self",)).order_by("pk"):
        due = Due(
            service,
            assured.standing_of(service, today, months, desk),
            assured.team_of(service, desk),
        )
        if service.provider.keeper_email:
            by_provider[service.provider].append(due)
        elif due.team:
            by_team[due.team].append(due)
        if (
            service.provider.keeper_email
            and due.team
            and due.standing.owed & {Step.TOLD, Step.HIDDEN}
        ):
            by_team[due.team].append(due)
    letters = 0
    for provider, entries in sorted(by_provider.items(), key=lambda pair: pair[0].pk):
        if any(one.standing.owed - {Step.TOLD} for one in entries):
            for one in entries:
                _hidden_if_owed(one, by, at, today)
            secret = make_link(
                purpose=assured.LINK, subject_id=provider.pk, sent_to=provider.keeper_email, at=at
            )
            _write_to_provider(provider, entries, secret, str(today), at)
            _note(entries, today, asked=True)
            letters += 1
    for team, entries in sorted(by_team.items(), key=lambda pair: pair[0].pk):
        if any(one.standing.owed for one in entries):
            own = [one for one in entries if not one.service.provider.keeper_email]
            for one in own:
                _hidden_if_owed(one, by, at, today)
            letters += _write_to_team(team, entries, today, at)
            _note(own, today, asked=True)
            _note(entries, today, asked=False)
    return letters


def _hidden_if_owed(due: Due, by: User, at: datetime, today: date) -> None:
    """Hide an entry whose time is over."""
    service = due.service
    if Step.HIDDEN in due.standing.owed:
        service.published, service.hidden_on = False, today
        service.save(update_fields=["published", "hidden_on"])
        before = {"published": True, "assured_on": service.assured_on}
        after = {"hidden_on": today}
        record("directory.hidden", subject=service, by=by, at=at, before=before, after=after)


def _note(
    entries: Sequence[Due],
    today: date,
    *,
    asked: bool,
    only: frozenset[Step] = frozenset(Step),
) -> None:
    """Keep what was done. Whatever stands in the letter to who knows it was `asked` about."""
    rows = []
    for one in entries:
        steps = set(one.standing.owed & (only if asked else {Step.TOLD}))
        if asked and one.service.hidden_on is None and Step.WARNED not in steps:
            steps.add(Step.ASKED)
        of_team = not one.service.provider.keeper_email
        rows += [
            Asking(service=one.service, step=step, on=today, of_team=of_team) for step in steps
        ]
    Asking.objects.bulk_create(rows, ignore_conflicts=True)


def _write_to_provider(
    provider: Provider, entries: Sequence[Due], secret: str, once: str, at: datetime
) -> None:
    shown = [one for one in entries if one.service.hidden_on is None]
    hidden = [one.service.name for one in entries if one.service.hidden_on is not None]
    parts = []
    for number, one in enumerate(shown[:MOST_LINES]):
        hides = one.standing.hides_on
        head = one.service.name.upper()
        if hides and one.standing.stage == Stage.OVERDUE:
            head += f"\nNobody reads this from {hides:%-d %B %Y} on, unless you confirm it."
        lines = [_in_a_letter(line) for line in lines_of(one.service)]
        parts.append("\n".join([head, *(lines if number < MOST_IN_FULL else [])]))
    hiding = any(one.standing.hides_on for one in shown)
    notices.send(
        wordings.PLEASE_CHECK,
        to=provider.keeper_email,
        context={
            "provider": provider.name,
            "services": "\n\n".join(parts + _more(shown)),
            "hiding": "What nobody confirms for long is hidden, since families must be able to rely on what they read."
            if hiding
            else "",
            "hidden": "Hidden already, because nobody confirmed it: " + ", ".join(hidden)
            + ". It is shown again as soon as you confirm it."
            if hidden
            else "",
            "link": Secret(settings.KITH_ADDRESS + reverse("directory:confirm", args=[secret])),
        },
        once_key=f"directory.please_check:{provider.pk}:{once}",
        at=at,
    )  # fmt: skip


def _first(lines: list[str]) -> list[str]:
    return lines[:MOST_LINES] + _more(lines)


def _more(lines: Sequence[object]) -> list[str]:
    left = len(lines) - MOST_LINES
    return [f"And {left} more: the page lists them all."] if left > 0 else []


def _in_a_letter(line: Line) -> str:
    label = line.label if line.label.endswith("?") else f"{line.label}:"
    return f"{label} {line.words.replace(chr(10), '; ')}"


def _write_to_team(team: Team, entries: Sequence[Due], today: date, at: datetime) -> int:
    lines = []
    for one in sorted(entries, key=lambda due: (due.service.name, due.service.pk)):
        words = f"due on {one.standing.due_on:%-d %B %Y}"
        if one.service.hidden_on:
            words = f"hidden since {one.service.hidden_on:%-d %B %Y}"
        elif one.standing.hides_on and Step.WARNED in one.standing.owed:
            words += f", hidden from {one.standing.hides_on:%-d %B %Y} on"
        if one.service.provider.keeper_email:
            words += f"; its provider was asked {one.standing.asked} time"
            words += "" if one.standing.asked == 1 else "s"
        lines.append(f"- {one.service.name} ({one.service.provider.name}): {words}")
    sent = notices.send(
        wordings.TO_CHECK,
        to=team.email,
        context={
            "services": "\n".join(_first(lines)),
            "link": settings.KITH_ADDRESS + reverse("directory:checking"),
        },
        once_key=f"directory.to_check:{team.pk}:{today}",
        team=team,
        at=at,
    )
    return 1 if sent else 0
