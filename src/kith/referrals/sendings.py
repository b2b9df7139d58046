"""Reading to which services families were sent, and how it went."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from kith.accounts.models import User
from kith.accounts.permissions import Permission
from kith.accounts.viewer import linked
from kith.families import queries as families
from kith.families.models import Family
from kith.hubs.calendar import promise_days
from kith.hubs.models import Promise
from kith.referrals.models import SENDING, Referral, Sending, SendingOutcome

HOW = Sending.How.choices
OUTCOMES = SendingOutcome.Outcome.choices
# In the words of the service that is asked.
BY_SERVICE = [
    (SendingOutcome.Outcome.OFFERED, "We have a place for them"),
    (SendingOutcome.Outcome.WAITING, "They are on our waiting list"),
    (SendingOutcome.Outcome.FULL, "We are full, or cannot take them"),
    (SendingOutcome.Outcome.NOT_SUITABLE, "It is not right for them"),
    (SendingOutcome.Outcome.NOT_REACHED, "We could not reach them"),
    (SendingOutcome.Outcome.STARTED, "They have begun"),
    (SendingOutcome.Outcome.DID_NOT_GO, "They did not come"),
]
OPEN = tuple(one.value for one in SendingOutcome.OPEN)


def ask_on(today: date) -> date:
    """Return when somebody asks how it went with a service that a family is told of today, unless another
    day is given: after as long as the county says."""
    return today + timedelta(days=promise_days(Promise.Key.TOLD_OF))


def visible_to(viewer: User) -> QuerySet[Sending]:
    """Return what this person may know of: whoever sees the family sees where it was sent."""
    return Sending.objects.filter(family__in=families.visible_to(viewer))


def of_family(viewer: User, records: Sequence[Family]) -> QuerySet[Sending]:
    """Return to which services a family was sent, the latest first, with all that is known of how it
    went. `records` are those of `families.together_with`."""
    return _told(visible_to(viewer).filter(family__in=[record.pk for record in records]))


def of_referral(viewer: User, referral: Referral) -> QuerySet[Sending]:
    """Return to which services a family was sent as its request was decided, the latest first."""
    return _told(visible_to(viewer).filter(referral=referral))


def asked_of(viewer: User) -> QuerySet[Sending]:
    """Return what the viewer's organisations were asked to do for families: what waits for an answer
    first. Of what is known of it, they see what they said themselves."""
    said = SendingOutcome.objects.filter(sending=OuterRef("pk"))
    return _told(_of_partner(viewer).annotate(answered=Exists(said)), "answered")


def not_answered(viewer: User) -> QuerySet[Sending]:
    """Return those of them that wait for an answer."""
    return _of_partner(viewer).filter(outcomes=None)


def _of_partner(viewer: User) -> QuerySet[Sending]:
    teams = [team.pk for team in viewer.teams_granting(Permission.ACTION_OWN)]
    return Sending.objects.filter(
        kind=Sending.Kind.REFERRED, service__provider__partner__team__in=teams
    )


def opened_by_link(viewer: User | None) -> Sending | None:
    """Return what this transaction's private link opens; None when it opens none."""
    number = linked(SENDING)
    return _told(Sending.objects.filter(pk=number)).first() if number else None


def _told(found: QuerySet[Sending], *first: str) -> QuerySet[Sending]:
    return (
        found.select_related("service__provider__partner", "person", "by")
        .prefetch_related(Prefetch("outcomes", SendingOutcome.objects.select_related("by")))
        .order_by(*first, "-at", "-pk")
    )


def to_ask(viewer: User, family_ids: Any, today: date) -> QuerySet[Sending]:
    """Return those of some families of which somebody should ask by now how it went, the longest due
    first; what is known last says until when to wait."""
    return _due(visible_to(viewer).filter(family__in=family_ids), today)


def to_ask_at_desk(viewer: User, today: date) -> QuerySet[Sending]:
    """The same of what services were asked as requests were decided: no hub asks after them."""
    decided = visible_to(viewer).filter(referral__isnull=False).select_related("referral")
    return _due(decided, today)


def _due(found: QuerySet[Sending], today: date) -> QuerySet[Sending]:
    last = SendingOutcome.objects.filter(sending=OuterRef("pk")).order_by("-at", "-pk")
    return (
        found.annotate(known=Exists(last), ask_again=Subquery(last.values("ask_on")[:1]))
        .filter(Q(known=False, ask_on__lte=today) | Q(ask_again__lte=today))
        .prefetch_related("outcomes")
        .order_by("ask_on", "pk")
    )


def begin_with(viewer: User, family: Family, today: date) -> tuple[list[str], dict[str, str]]:
    """Return the ages of a family's children as the search reads them ("18 months", "7"), and what
    stands in its boxes at first: where they live now, unless that is masked, and the age of one child."""
    ages = _ages_of(families.living_of(viewer, family), today)
    homes = families.addresses_of(viewer, family)
    near = next((home.postcode for home in homes if home.until is None and home.postcode), "")
    return ages, {"near": near, "age": ages[0] if len(ages) == 1 else ""}


def _ages_of(people: Sequence[families.Member], today: date) -> list[str]:
    told = []
    for member in people:
        born = member.date_of_birth
        if not member.is_child or member.died_on or born is None or born > today:
            continue
        months = (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)
        told.append(f"{months} months" if months < 24 else str(months // 12))
    return told
