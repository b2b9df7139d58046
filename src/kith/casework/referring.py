"""Asking a service to take a family: who can agree, how they are reached, what the service reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from kith.accounts.models import Team, User
from kith.accounts.viewer import front_door, linked, seeing_as
from kith.analytics.days import age_on
from kith.casework import queries
from kith.casework.models import Case, ServicePage
from kith.casework.sharing import DECIDES_FROM
from kith.directory.models import Service
from kith.families import queries as families
from kith.families.models import ContactDetail, Family
from kith.families.queries import Member
from kith.hubs.calendar import promise_days, working_days_ago
from kith.hubs.models import Promise
from kith.referrals.models import SENDING, Referral, Sending
from kith.referrals.sendings import visible_to

ANSWERED_WITHIN = 5  # working days; then the service is asked once more
AGREED = {"spoken": "said so", "written": "signed"}


def ask_on(today: date) -> date:
    """Return when somebody of ours asks how it went with a service that is asked today, unless another
    day is given: after as long as the county says."""
    return today + timedelta(days=promise_days(Promise.Key.SERVICE_ASKED))


@dataclass(frozen=True)
class Asker:
    """For whom a service is asked: of a family that a hub helps, or at the decision of a request."""

    family: Family
    referral: Referral
    team: Team
    reference: str
    case: Case | None = None

    @property
    def name(self) -> str:
        """Who asks, as a service knows them."""
        return f"{self.team} hub" if hasattr(self.team, "hub") else str(self.team)

    @property
    def phone(self) -> str:
        """Where they are rung; "" where that is not known."""
        hub = getattr(self.team, "hub", None)
        return hub.phone if hub else ""


def of_case(case: Case) -> Asker:
    """Return who asks for a family that is helped."""
    return Asker(case.family, case.referral, case.team, case.reference, case)


def of_referral(referral: Referral) -> Asker:
    """Return who asks at the decision of a request."""
    return Asker(referral.family, referral, referral.team, referral.reference)


def asker_of(viewer: User, sending: Sending) -> Asker:
    """Return who asks by now: the desk at whose decision it was, else the hub that has the case."""
    if sending.referral is not None:
        return of_referral(sending.referral)
    records = families.together_with(viewer, sending.family)
    cases = queries.visible_to(viewer).filter(family__in=records)
    return of_case(cases.order_by(F("closed_at").desc(nulls_first=True), "-opened_at")[0])


def mailbox(service: Service) -> str:
    """Return where a service is written to; "" where it has no mailbox."""
    return service.email or service.provider.email


def decides(member: Member, today: date) -> bool:
    """Say whether somebody of the family can agree for themself: adults, and from 16 on."""
    born = member.date_of_birth
    return not member.is_child or (born is not None and age_on(born, today) >= DECIDES_FROM)


def agreed_words(member: Member, how: str, at: datetime) -> str:
    """Return who agreed, how and when, in words."""
    return f"{member.name} {AGREED[how]} on {timezone.localdate(at):%-d %B %Y}"


def ways_to(people: Sequence[Member]) -> dict[str, tuple[Member, ContactDetail]]:
    """Return how the family is reached, by number: nothing that is unsafe for anybody of them."""
    known = [(member, way) for member in people for way in member.contact_details if not way.until]
    unsafe = {way.value.lower() for _, way in known if not way.safe}
    return {str(way.pk): (member, way) for member, way in known if way.value.lower() not in unsafe}


def shown_to(
    asker: Asker,
    people: Sequence[Member],
    way: tuple[Member, ContactDetail] | None,
    words: str,
    agreed: str,
    by: User,
    at: datetime,
) -> list[dict[str, Any]]:
    """Return all that a service reads, as sections for a page: no address, no birthday, no record."""
    today = timezone.localdate(at)
    reach = [["Through us", f"Ring {asker.name} first{f': {asker.phone}' if asker.phone else ''}"]]
    if way:
        member, detail = way
        reach = [[member.name, detail.value]]
        reach += [["To know", detail.advice]] if detail.advice else []
    if asker.referral.contact_advice:
        reach.append(["Before you get in touch", asker.referral.contact_advice])
    if asker.referral.interpreter:
        reach.append(["Interpreter", asker.referral.interpreter])
    who = [["Asked by", f"{by}, {asker.name}"], ["Telephone", asker.phone or "Not given"]]
    return [
        {"title": "Who it is for", "rows": [[one.name, _age(one, today)] for one in people]},
        {"title": "How to reach the family", "rows": reach},
        {"title": "Why we ask you", "lines": words.splitlines()},
        {"title": "Who agreed that we ask you", "lines": [agreed]},
        {"title": "Who asks", "rows": [*who, ["Our reference", asker.reference]]},
    ]  # fmt: skip


def _age(member: Member, today: date) -> str:
    born = member.date_of_birth
    if member.is_child and born and born <= today:
        years = age_on(born, today)
        return f"{years} years old" if years != 1 else "1 year old"
    return member.role_name if not member.is_child else "Child or young person"


def page_opened(viewer: User | None) -> ServicePage | None:
    """Return the page that the private link of this transaction leads to, for the code to open."""
    number = linked(SENDING)
    if number is None:
        return None
    with seeing_as(front_door()):
        return ServicePage.objects.filter(sending=number, ended_at__isnull=True).first()


def unanswered(viewer: User, at: datetime) -> list[ServicePage]:
    """Return the pages of services that were asked, and have not said anything for so long."""
    since = working_days_ago(at, ANSWERED_WITHIN)
    waiting = visible_to(viewer).filter(
        kind=Sending.Kind.REFERRED, outcomes__isnull=True, at__lt=since
    )
    return list(
        ServicePage.objects.filter(
            sending__in=waiting, ended_at__isnull=True, chased_at__isnull=True
        )
        .select_related("sending__service__provider", "sending__referral__team__hub")
        .order_by("pk")
    )
