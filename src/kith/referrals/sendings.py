"""Reading to which services families were sent, and how it went."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from kith.accounts.models import User
from kith.families import queries as families
from kith.families.models import Family
from kith.referrals.models import Sending, SendingOutcome

# So long after a family was told of a service somebody asks how it went, unless another day is given.
ASKED_AFTER = timedelta(days=28)
HOW = Sending.How.choices
OUTCOMES = SendingOutcome.Outcome.choices
OPEN = tuple(one.value for one in SendingOutcome.OPEN)


def visible_to(viewer: User) -> QuerySet[Sending]:
    """Return what this person may know of: whoever sees the family sees where it was sent."""
    return Sending.objects.filter(family__in=families.visible_to(viewer))


def of_family(viewer: User, records: Sequence[Family]) -> QuerySet[Sending]:
    """Return to which services a family was sent, the latest first, with all that is known of how it
    went. `records` are those of `families.together_with`."""
    return (
        visible_to(viewer)
        .filter(family__in=[record.pk for record in records])
        .select_related("service", "person", "by")
        .prefetch_related(Prefetch("outcomes", SendingOutcome.objects.select_related("by")))
        .order_by("-at", "-pk")
    )


def to_ask(viewer: User, family_ids: Any, today: date) -> QuerySet[Sending]:
    """Return those of some families of which somebody should ask by now how it went, the longest due
    first; what is known last says until when to wait."""
    last = SendingOutcome.objects.filter(sending=OuterRef("pk")).order_by("-at", "-pk")
    return (
        visible_to(viewer)
        .filter(family__in=family_ids)
        .annotate(known=Exists(last), ask_again=Subquery(last.values("ask_on")[:1]))
        .filter(Q(known=False, ask_on__lte=today) | Q(ask_again__lte=today))
        .prefetch_related("outcomes")
        .order_by("ask_on", "pk")
    )
