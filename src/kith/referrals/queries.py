"""Reading requests. Everything starts from `visible_to(viewer)`."""

from django.db.models import Q, QuerySet

from kith.accounts.models import User
from kith.accounts.permissions import Permission
from kith.families import queries as families
from kith.referrals.models import Need, Referral, Step

UNDECIDED = Referral.UNDECIDED


def visible_to(viewer: User) -> QuerySet[Referral]:
    """Return the requests this person may know exist."""
    if viewer.can(Permission.REFERRAL_SEE_ALL):
        return Referral.objects.all()
    reasons = Q(sender=viewer)
    if teams := viewer.teams_granting(Permission.REFERRAL_SEE):
        reasons |= Q(team__in=teams) | Q(family__in=families.visible_to(viewer))
    if teams := viewer.teams_granting(Permission.REFERRAL_SEND):
        reasons |= Q(sender_team__in=teams)
    return Referral.objects.filter(reasons)


def waiting_longest(viewer: User) -> QuerySet[Referral]:
    """Return undecided requests, those promised soonest first."""
    return (
        visible_to(viewer)
        .filter(status__in=UNDECIDED)
        .select_related("family", "sender_organisation", "held_by", "team")
        .order_by("decide_by", "pk")
    )


def sent_by(viewer: User) -> QuerySet[Referral]:
    """Return the requests that this person, or their organisation, has sent: newest first."""
    teams = viewer.teams_granting(Permission.REFERRAL_SEND)
    return (
        Referral.objects.filter(Q(sender=viewer) | Q(sender_team__in=teams))
        .select_related("sender", "sender_organisation")
        .order_by("-received_at", "-pk")
    )


def opened_by_link(viewer: User | None) -> QuerySet[Referral]:
    """Return the one request that this transaction's one-time link opens, if any.

    There is no person here: the database itself compares the link with the request.
    """
    from kith.accounts.viewer import linked

    return Referral.objects.filter(pk=linked("referral"))


def steps_of(viewer: User | None, referral: Referral) -> QuerySet[Step]:
    """Return the way a request has taken, first step first."""
    return (
        Step.objects.filter(referral=referral)
        .select_related("by", "hub__team", "organisation")
        .order_by("at", "pk")
    )


def needs(viewer: User | None) -> QuerySet[Need]:
    """Return the needs to choose from. Everyone may see them."""
    return Need.objects.filter(active=True).order_by("order", "name")
