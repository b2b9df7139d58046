"""What may be shared of a family, with whom, and why not. Every screen that shares asks here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from kith.accounts.models import User
from kith.casework.models import Sharing
from kith.families import queries as families
from kith.families.models import Family, Membership
from kith.partners.models import Organisation
from kith.referrals.requests import AGENCIES

# Of which agency, as families are asked about them, each kind of organisation is. Kinds that are not
# here are agreed to by name.
AGENCY_OF: dict[str, str] = {
    Organisation.Kind.SCHOOL: "school",
    Organisation.Kind.EDUCATION: "school",
    Organisation.Kind.POLICE: "police",
    Organisation.Kind.GP: "health",
    Organisation.Kind.HEALTH_VISITING: "health",
    Organisation.Kind.SCHOOL_NURSING: "health",
    Organisation.Kind.HEALTH: "health",
    Organisation.Kind.HOUSING: "housing",
    Organisation.Kind.SOCIAL_CARE: "social_care",
    Organisation.Kind.EARLY_HELP: "early_help",
    Organisation.Kind.VOLUNTARY: "voluntary",
}
# What an organisation does that was agreed to, in a sentence about it.
SAYS = {
    Sharing.Purpose.HELP: "is told about its part in the plan",
    Sharing.Purpose.ASSESSMENT: "reads the assessment",
    Sharing.Purpose.TEAM: "joins the team around the family",
    Sharing.Purpose.STEP_UP: "is asked whether more help is needed",
}
# A young person of this age and older is taken to be able to decide; a younger one may be, and
# whoever writes it down says why (the Gillick test; Family Law Reform Act 1969, section 8).
DECIDES_FROM = 16
# After so long it is time to ask again.
ASK_AGAIN_AFTER = timedelta(days=365)


def giver(member: families.Member) -> Sharing.Giver:
    """Return as what somebody of the family agrees: a mother, or whoever is recorded as having
    parental responsibility, for the children; other adults for themselves."""
    if member.is_child:
        return Sharing.Giver.YOUNG_PERSON
    recorded = member.membership.parental_responsibility
    mother = member.role == Membership.Role.MOTHER and recorded is not False
    return Sharing.Giver.PARENT if recorded or mother else Sharing.Giver.ADULT


def visible_to(viewer: User, family: Family) -> QuerySet[Sharing]:
    """Return what was agreed about a family, on all its records, in force or not: newest first."""
    records = families.together_with(viewer, family)
    return (
        Sharing.objects.filter(family__in=records)
        .select_related("organisation", "decided_by", "recorded_by", "ended_by")
        .order_by("-recorded_at", "-pk")
    )


def on(day: date) -> Q:
    """Return the condition that sharing is in force on a day."""
    return Q(since__lte=day, ended_at__isnull=True) & (Q(until__isnull=True) | Q(until__gte=day))


def with_organisation(organisation: Organisation) -> Q:
    """Return the condition that sharing is with an organisation, by its name or by its kind."""
    by_name = Q(organisation=organisation)
    agency = AGENCY_OF.get(organisation.kind)
    return by_name | Q(agency=agency) if agency else by_name


def grounds(
    viewer: User, family: Family, purpose: str, organisation: Organisation, day: date
) -> QuerySet[Sharing]:
    """Return what lets a family's affairs be shared with an organisation on a day, the narrowest
    first; nothing where nothing does."""
    return (
        visible_to(viewer, family)
        .filter(on(day), with_organisation(organisation), purpose=purpose)
        .order_by(F("organisation").asc(nulls_last=True), "-since", "-pk")
    )


def why_not(
    viewer: User, family: Family, purpose: str, organisation: Organisation, day: date
) -> str:
    """Say why something may not be shared with an organisation, and what to do; "" where it may."""
    if grounds(viewer, family, purpose, organisation, day).exists():
        return ""
    told = f"{organisation} {SAYS[Sharing.Purpose(purpose)]}"
    last = (
        visible_to(viewer, family).filter(with_organisation(organisation), purpose=purpose).first()
    )
    if last is None:
        why = f"Nobody of the family has agreed that {told}."
    elif last.ended_at is not None:
        when = f"{timezone.localdate(last.ended_at):%-d %B %Y}"
        why = f"That {told} was taken back on {when}."
    elif last.since > day:
        why = f"That {told} was agreed from {last.since:%-d %B %Y} on."
    else:
        why = f"That {told} was agreed until {last.until:%-d %B %Y}."
    return f"{why} Ask the family, and write their answer down under “Agreement to share”."


@dataclass(frozen=True)
class Agreed:
    """One line of what is shared: with whom and what for, and whether it is time to ask again."""

    sharing: Sharing
    with_whom: str
    in_force: bool
    ask_again: bool
    open_actions: int = 0  # of partners, that rest on it


def with_whom(sharing: Sharing) -> str:
    """Return with whom something is shared, in words."""
    if sharing.organisation is not None:
        return sharing.organisation.name
    return AGENCIES.get(sharing.agency, "") or "The hub itself"


def agreed(viewer: User, family: Family, day: date) -> list[Agreed]:
    """Return everything that was agreed, what is in force first, by purpose."""
    return lines(visible_to(viewer, family).prefetch_related("actions"), day)


def lines(found: Iterable[Sharing], day: date) -> list[Agreed]:
    """Return sharing as lines: what is in force on a day first, by purpose and name."""
    purposes = list(Sharing.Purpose)
    made = [
        Agreed(
            sharing=one,
            with_whom=with_whom(one),
            in_force=one.ended_at is None
            and one.since <= day
            and (one.until is None or one.until >= day),
            ask_again=one.ground == Sharing.Ground.CONSENT and day - one.since > ASK_AGAIN_AFTER,
            open_actions=sum(not action.ended for action in one.actions.all()),
        )
        for one in found
    ]
    return sorted(
        made,
        key=lambda line: (
            not line.in_force,
            purposes.index(Sharing.Purpose(line.sharing.purpose)),
            line.with_whom,
        ),
    )
