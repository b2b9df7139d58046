"""What partners propose of their own services, what those who keep the directory decide, and what stood
once and is put back."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from kith.accounts.actions import make_link
from kith.accounts.models import User
from kith.accounts.viewer import linked
from kith.audit.actions import record
from kith.directory import history, proposed, wordings
from kith.directory.actions.holding import check_held, write_held
from kith.directory.actions.refusals import DirectoryRefused
from kith.directory.actions.services import Told, check, hold_after_all, write_service
from kith.directory.assured import LINK
from kith.directory.held import TIME, Values, in_order, is_held, settled, unaddressed
from kith.directory.models import Proposal, Provider, Service
from kith.directory.permissions import may_keep_directory, may_propose
from kith.notices import actions as notices
from kith.notices.words import Secret

State = Proposal.State
OPEN = (State.WAITING, State.SENT_BACK)


@transaction.atomic
def propose(
    *, provider: Provider, service: Service | None, details: Told, held: Values | None = None, words: str = "",
    known: Proposal | None = None, revision: int = 0, by: User | None, mailbox: str = "", at: datetime,
) -> Proposal:  # fmt: skip
    """Propose what should be said of a service, or of a new one; `known` is said anew, as it was
    read (`revision`). `held` are places and times (`held.py`). `by` is None with the link that was sent to the `mailbox` of its provider.

    Nobody reads it before it is approved. Raises PermissionDenied, DirectoryRefused, NotAPostcode
    or NotInTheCounty.
    """
    # Lock the provider: two colleagues may propose for one service together.
    provider = Provider.objects.select_for_update().get(pk=provider.pk)
    _may(by, provider)
    if service is not None and service.provider_id != provider.pk:
        raise DirectoryRefused("This service is another provider’s.")
    proposal = Proposal(provider=provider, service=service)
    open_ones = Proposal.objects.select_for_update().filter(provider=provider, state__in=OPEN)
    there = open_ones.filter(pk=known.pk).first() if known else None
    if known and (there is None or there.revision != revision):
        raise DirectoryRefused(
            "This was changed or decided while you wrote. Open it again in another window, and put "
            "in there what you wrote here."
        )
    if there is None and service and open_ones.filter(service=service).exists():
        raise DirectoryRefused("A colleague has just proposed a change to this service. Open it.")
    check(details, timezone.localdate(at))
    stands = proposed.values_of(service) if service else {}
    check_held(held or {}, {name: stands[name] for name in in_order(stands)})
    values = proposed.plain(details, (str(term.uid) for term in details.terms)) | settled(
        held or {}
    )
    if there is not None:
        proposal = there
        proposal.revision += 1
        proposal.before = stands | proposal.before  # what was not asked about then stood so
    elif service:
        proposal.before = stands
    if all(proposal.before.get(name) == value for name, value in values.items()) and not words:
        raise DirectoryRefused(
            "Nothing is different from what stands. Change something, or go back."
        )
    proposal.proposed, proposal.words = values, words
    proposal.state, proposal.answer = State.WAITING, ""
    proposal.decided_by = proposal.decided_at = None
    proposal.made_by, proposal.mailbox, proposal.made_at = by, "" if by else mailbox, at
    proposal.save()
    after = unaddressed(values)
    record(
        "directory.proposed", subject=proposal, by=by, at=at, before=proposal.before, after=after
    )
    return proposal


def _may(by: User | None, provider: Provider) -> None:
    """Whoever has no account proposes with a private link, and of what that opens. Raises
    PermissionDenied."""
    if by is not None:
        may_propose(by, provider).or_raise()
    elif linked(LINK) != provider.pk:
        raise PermissionDenied("This link is another provider’s, or is over.")


@transaction.atomic
def withdraw(*, proposal: Proposal, by: User | None, at: datetime) -> Proposal:
    """Take back what was proposed; `by` is None with the link of its provider. Raises
    PermissionDenied or DirectoryRefused."""
    proposal = Proposal.objects.select_for_update().get(pk=proposal.pk)
    _may(by, proposal.provider)
    if proposal.state not in OPEN:
        raise DirectoryRefused("This has been decided already.")
    _decide(proposal, State.WITHDRAWN, "", by, at)
    return proposal


@transaction.atomic
def approve(
    *, proposal: Proposal, keep: Iterable[str] = (), agreed: Iterable[str] = (),
    reworded: Values | None = None, mark: str, by: User, at: datetime,
) -> Service:  # fmt: skip
    """Let what was proposed stand, but for what is to stay as it is now (`keep`, by name), or is said
    in other words (`reworded`); whoever proposed it is told. Where everybody would know more of a
    place than now, that must be `agreed`, by name.

    `mark` is of what was read (`proposed.mark_of`): nobody approves what they did not see. Raises
    PermissionDenied, DirectoryRefused, NotAPostcode or NotInTheCounty.
    """
    proposal = _to_decide(proposal, by)
    if proposal.service_id:
        proposal.service = Service.objects.select_for_update().get(pk=proposal.service_id)
    if mark != proposed.mark_of(proposal):
        raise DirectoryRefused("Something was changed while you read. Please read it again.")
    lines, reworded = proposed.lines_of(proposal), reworded or {}
    if set(reworded) - {line.name for line in lines if line.may_be_reworded}:
        raise DirectoryRefused("Only words and times that were proposed can be others.")
    _agreed(lines, keep, agreed)
    stands = proposed.now_of(proposal)
    values = proposed.merged(proposal, keep) | reworded
    answer = proposed.outcome(proposal, keep, reworded)
    known = proposal.service
    details = told_of(values, proposal.provider, known, timezone.localdate(at))
    service = write_service(details=details, known=known, by=by, at=at)
    write_held(service=service, stands=stands, values=values, by=by, at=at)
    # It is the provider who has said that it is true.
    service.assured_by = proposal.provider.name
    service.save(update_fields=["assured_by"])
    proposal.service = service
    _decide(proposal, State.APPROVED, answer, by, at)
    _tell(proposal, at)
    return service


def _agreed(lines: Iterable[proposed.Line], keep: Iterable[str], agreed: Iterable[str]) -> None:
    if {line.name for line in lines if line.weakens} - set(keep) - set(agreed):
        raise DirectoryRefused(
            "Say that everybody may know more of the address than now, or keep it."
        )


@transaction.atomic
def put_back(
    *, service: Service, key: str, keep: Iterable[str] = (), agreed: Iterable[str] = (),
    reworded: Values | None = None, mark: str, by: User, at: datetime,
) -> Service:  # fmt: skip
    """Let stand again what stood of a service after a step of its history (`key`), but for what is to
    stay as it is now (`keep`, by name), or is said in other words. Who gives it, and whether families can
    read it, stay as they are; but what was hidden because nobody had confirmed it is shown again, as
    whenever somebody writes it.

    It is a new change: nothing of the history is lost. `mark` is of what was read (`history.mark_of`).
    Raises PermissionDenied or DirectoryRefused.
    """
    may_keep_directory(by).or_raise()
    service = Service.objects.select_for_update().get(pk=service.pk)
    step = history.step_at(service, key)
    if step is None:
        raise DirectoryRefused("There is no such step. Open the history again.")
    today = timezone.localdate(at)
    lines, now, then = history.to_put_back(service, step.values, today)
    if mark != history.mark_of(now, key):
        raise DirectoryRefused("Something was changed while you read. Please read it again.")
    _agreed(lines, keep, agreed)
    changed = {line.name for line in lines} - set(keep)
    if not changed:
        raise DirectoryRefused("All of it is to stay as it stands now. Choose what to put back.")
    values = now | {name: then[name] for name in changed} | (reworded or {})
    terms = proposed.terms_of(values)
    if not terms or len(terms) < len(values["terms"]):
        raise DirectoryRefused("A kind that it was sorted under is gone. Keep what stands now.")
    retired = [one for one in terms if not one.active and str(one.uid) not in now["terms"]]
    if retired:
        raise DirectoryRefused(
            f"“{retired[0]}” is not in use any more. Choose “As it stands now” for “Sorted under”."
        )
    details = told_of(values, service.provider, service, today)
    after = {"at": step.at.isoformat(), "fields": sorted(changed)}
    record("directory.put_back", subject=service, by=by, at=at, after=after)
    service = write_service(details=details, known=service, by=by, at=at)
    write_held(service=service, stands=now, values=values, by=by, at=at)
    for schedule in service.schedules.all():
        name = f"{TIME}{schedule.uid}"
        if name in changed:
            days = [away["day"] for away in values[name]["off"]]
            hold_after_all(schedule=schedule, but=days, by=by, at=at)
    return service


@transaction.atomic
def send_back(*, proposal: Proposal, reason: str, mark: str, by: User, at: datetime) -> Proposal:
    """Say why what was proposed cannot stand so. Raises PermissionDenied or DirectoryRefused."""
    proposal = _to_decide(proposal, by)
    if mark != proposed.mark_of(proposal):
        raise DirectoryRefused("Something was changed while you read. Please read it again.")
    if not reason.strip():
        raise DirectoryRefused("Enter what is to be changed.", "reason")
    _decide(proposal, State.SENT_BACK, reason, by, at)
    _tell(proposal, at)
    return proposal


def _to_decide(proposal: Proposal, by: User) -> Proposal:
    # Lock the row: two who keep the directory may decide together.
    proposal = Proposal.objects.select_for_update().get(pk=proposal.pk)
    may_keep_directory(by).or_raise()
    if proposal.state != State.WAITING:
        raise DirectoryRefused("Somebody else has just decided this, or it was withdrawn.")
    return proposal


def _decide(proposal: Proposal, state: str, answer: str, by: User | None, at: datetime) -> None:
    before = {"state": proposal.state}
    proposal.state, proposal.answer = state, answer
    proposal.decided_by, proposal.decided_at = by, at
    if state != State.SENT_BACK:
        proposal.proposed = unaddressed(proposal.proposed)
    proposal.save(
        update_fields=["state", "answer", "proposed", "decided_by", "decided_at", "service"]
    )
    after = {"state": state, "answer": answer}
    record("directory.proposal_decided", subject=proposal, by=by, at=at, before=before, after=after)


def told_of(values: dict[str, Any], provider: Provider, known: Service | None, today: date) -> Told:
    """Return plain values as what is said of a service, which may be there already."""
    given: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in values.items()
        if not is_held(name)
    }
    until = date.fromisoformat(values["taking_until"]) if values["taking_until"] else None
    given |= {
        "provider": known.provider if known else provider,
        "terms": tuple(proposed.terms_of(values)),
        # What has run out while it waited is not known any more.
        "taking_until": until if until and until >= today else None,
        "published": known is None or known.published or known.hidden_on is not None,
        "professional_only": known.professional_only if known else False,
    }
    return Told(**given)


def _tell(proposal: Proposal, at: datetime) -> None:
    """Write to whoever proposed it what was decided: a person; or a group, with a link to its page."""
    person, provider = proposal.made_by, proposal.provider
    if person is None:
        # To the mailbox that is the group's now: it may have another since.
        name, to = provider.name, provider.keeper_email
    else:
        name, to = person.name, person.email if person.is_active else ""
    if not to:
        return
    link = settings.KITH_ADDRESS + reverse("directory:ours") if person else _own_link(provider, at)
    approved = proposal.state == State.APPROVED
    notices.send(
        wordings.PROPOSAL_DECIDED,
        to=to,
        context={
            "name": name,
            "service": str(proposal),
            "decision": "It stands in the directory now, for everybody to read."
            + (" Some of it stands differently from what you sent:" if proposal.answer else "")
            if approved
            else "It cannot stand so yet. Please change it, and send it again.",
            "answer": proposal.answer,
            "link": link,
        },
        once_key=f"directory.proposal:{proposal.pk}:{proposal.revision}:{proposal.state}",
        at=at,
    )


def _own_link(provider: Provider, at: datetime) -> Secret:
    secret = make_link(purpose=LINK, subject_id=provider.pk, sent_to=provider.keeper_email, at=at)
    return Secret(settings.KITH_ADDRESS + reverse("directory:confirm", args=[secret]))
