"""Reading what must be confirmed, by whom, since when; and what people say about entries."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import F, Prefetch, Q, QuerySet

from kith.accounts.actions import hash_of
from kith.accounts.models import OneTimeLink, Team
from kith.analytics.assurance import AHEAD, Stage, Standing, Step, standing
from kith.directory.models import (
    Asking,
    HidingRule,
    Proposal,
    Provider,
    Remark,
    Service,
    ServiceAtPlace,
)
from kith.directory.queries import DUE_ON
from kith.hubs.models import Hub

LINK = "directory.provider"  # what the links open that providers are sent
HIDE_MONTHS = 6  # unless the county has set something else


def hide_months() -> int | None:
    """Return after how many months nobody reads what nobody confirmed; None: never."""
    rule = HidingRule.objects.first()
    return rule.months if rule else HIDE_MONTHS


def kept_services() -> QuerySet[Service]:
    """Return the services that must be true: those that run and are read, or were until they were
    hidden; each with all that is told with it."""
    return (
        Service.objects.filter(
            Q(published=True) | Q(hidden_on__isnull=False),
            status__in=[Service.Status.ACTIVE, Service.Status.CLOSED],
        )
        .select_related("provider")
        .prefetch_related(
            Prefetch(
                "at_places",
                ServiceAtPlace.objects.select_related("place__hub__team").order_by("pk"),
            ),
            "schedules",
            "askings",
        )
    )


def to_check(today: date, only: str = "") -> QuerySet[Service]:
    """Return the services that must be confirmed within a fortnight, or should have been, the oldest
    first. `only`: due, overdue or hidden."""
    found = kept_services().annotate(due_on=DUE_ON)
    overdue = Q(assured_on__isnull=True) | Q(due_on__lt=today)
    match only:
        case Stage.HIDDEN:
            found = found.filter(hidden_on__isnull=False)
        case Stage.OVERDUE:
            found = found.filter(overdue, hidden_on=None)
        case Stage.DUE:
            found = found.filter(due_on__gte=today, due_on__lte=today + AHEAD, hidden_on=None)
        case _:
            found = found.filter(
                overdue | Q(due_on__lte=today + AHEAD) | Q(hidden_on__isnull=False)
            )
    return found.order_by(F("assured_on").asc(nulls_first=True), "name", "pk")


def to_ask(today: date) -> QuerySet[Service]:
    """Return the services about which somebody is to be asked: not those whose provider has answered,
    with a change that nobody has decided on. What is sent back is asked about again."""
    waiting = Proposal.objects.filter(state=Proposal.State.WAITING, service__isnull=False)
    return to_check(today).exclude(pk__in=waiting.values("service"))


def needs_checking(service: Service, today: date) -> bool:
    """Say whether somebody is to be asked about a service: it must be confirmed within a fortnight,
    or should have been, and nobody has answered."""
    return to_ask(today).filter(pk=service.pk).exists()


def to_check_at(hub: Hub, found: QuerySet[Service]) -> QuerySet[Service]:
    """Return those of some services that a hub keeps, as they are given at a place of its."""
    return found.filter(pk__in=ServiceAtPlace.objects.filter(place__hub=hub).values("service"))


def standing_of(service: Service, today: date, months: int | None, desk: Team | None) -> Standing:
    """Say how an entry stands, and what is to be done about it. Where nobody can be warned, as
    neither its provider nor the team that keeps it has a mailbox, it is never hidden."""
    team = team_of(service, desk)
    if not service.provider.keeper_email and not (team and team.email):
        months = None
    return standing(
        today,
        checked_on=service.assured_on,
        steps=frozenset((Step(one.step), one.on) for one in service.askings.all()),
        hidden=service.hidden_on is not None,
        hide_months=months,
    )


def desk_team() -> Team | None:
    """Return the team that keeps whatever is of no hub."""
    return Team.objects.filter(kind=Team.Kind.DESK, active=True).order_by("pk").first()


def team_of(service: Service, desk: Team | None) -> Team | None:
    """Return who keeps an entry: the hub at a place of which it is given, else the county desk."""
    hubs = (held.place.hub for held in service.at_places.all())
    return next((hub.team for hub in hubs if hub and hub.team.active), desk)


def asked_of(service: Service) -> list[Asking]:
    """Return what was done about an entry since somebody last said that it is true."""
    since = service.assured_on or date.min
    return sorted(
        (one for one in service.askings.all() if one.on > since), key=lambda one: (one.on, one.pk)
    )


def provider_opened(number: int) -> Provider | None:
    """Return the provider that a private link opens."""
    return Provider.objects.filter(pk=number).first()


def provider_of_link(secret: str) -> Provider | None:
    """Return the provider to whom a link was sent, whether it still opens anything or not."""
    links = OneTimeLink.objects.filter(secret_hash=hash_of(secret), purpose=LINK)
    number = links.values_list("subject_id", flat=True).first()
    return provider_opened(number) if number else None


def kept_by(provider: Provider) -> QuerySet[Service]:
    """Return what a provider gives, which must be true, by name."""
    return kept_services().filter(provider=provider).order_by("name", "pk")


# What people say about entries


def remarks(
    *, state: str = "", owner: int | None = None, hub: Hub | None = None
) -> QuerySet[Remark]:
    """Return what was said about entries, the newest first. `state`: "" what is open, done, or all."""
    found = Remark.objects.select_related("service__provider", "owner")
    if state != "all":
        found = found.filter(state=state or Remark.State.OPEN)
    if owner is not None:
        found = found.filter(owner=owner)
    if hub is not None:
        here = ServiceAtPlace.objects.filter(place__hub=hub).values("service")
        found = found.filter(service__in=here)
    return found.order_by("-made_at", "-pk")


def remarks_on(service: Service) -> QuerySet[Remark]:
    """Return what was said about an entry and is still open, the newest first."""
    return remarks().filter(service=service)


def remark_numbered(number: int) -> Remark | None:
    """Return something that was said about an entry."""
    return remarks(state="all").select_related("done_by").filter(pk=number).first()


def changes_told(services: Iterable[Service]) -> dict[int, datetime]:
    """Return when providers told last of a change that nobody has seen to, by the service's number."""
    told = remarks().filter(service__in=list(services), topic=Remark.Topic.CHANGED)
    return dict(told.order_by("made_at", "pk").values_list("service", "made_at"))
