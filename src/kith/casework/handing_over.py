"""Cases that one hub offers another: what the other is told, what becomes of what was agreed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils import timezone

from kith.accounts.models import Team, User
from kith.accounts.permissions import Permission
from kith.accounts.viewer import front_door, seeing_as
from kith.analytics.days import age_on
from kith.casework import involvement, own_page, queries, sharing, still_open
from kith.casework.models import Assessment, Case, Handover, HandoverOffer, Sharing, StepUp
from kith.casework.permissions import STAYS_IN_SIGHT, handed_over_by
from kith.families import queries as families
from kith.hubs.calendar import working_days_ago

State = HandoverOffer.State
# An offer that nobody has answered for so many working days is brought to mind each working day;
# after twice as many, the hub that offers hears it too.
ANSWER_WITHIN = 2
SHOWN_FOR = timedelta(days=90)  # answered offers in the list


def visible_to(viewer: User) -> QuerySet[HandoverOffer]:
    """Return the offers this person may know: of cases they see, and those that wait for an answer
    of their hub. The latter come without their case, which they do not see yet."""
    asked = Q(
        to_team__in=viewer.teams_granting(Permission.CASE_ALLOCATE),
        state=State.WAITING,
    )
    # Without the case: joined to one that is not seen, the offer itself would be lost.
    return HandoverOffer.objects.filter(
        asked | Q(case__in=queries.visible_to(viewer))
    ).select_related("from_team__hub", "to_team__hub", "offered_by", "answered_by", "worker")


def family_of(viewer: User, offer: HandoverOffer) -> int:
    """Return the number of the family of an offer: to note that somebody saw it, who may see no more
    of the family yet."""
    with seeing_as(front_door()):
        return Case.objects.values_list("family_id", flat=True).get(pk=offer.case_id)


def to_answer(viewer: User, team: Team | None = None) -> QuerySet[HandoverOffer]:
    """Return the offers that wait for one of this person's hubs, the longest waiting first."""
    teams = [team] if team else queries.teams_of(viewer)
    return (
        visible_to(viewer)
        .filter(state=State.WAITING, to_team__in=teams)
        .order_by("offered_at", "pk")
    )


def offered(viewer: User, at: datetime, team: Team | None = None) -> QuerySet[HandoverOffer]:
    """Return the offers that this person's hubs made: those that wait, then those lately answered."""
    teams = [team] if team else queries.teams_of(viewer)
    return (
        visible_to(viewer)
        .filter(Q(state=State.WAITING) | Q(answered_at__gt=at - SHOWN_FOR), from_team__in=teams)
        .order_by(F("answered_at").desc(nulls_first=True), "-offered_at", "-pk")
    )


def waiting(viewer: User, at: datetime) -> list[HandoverOffer]:
    """Return the offers that have waited longer than they should, the longest first."""
    since = working_days_ago(at, ANSWER_WITHIN)
    return list(
        HandoverOffer.objects.filter(
            state=State.WAITING, offered_at__lt=since, case__in=queries.visible_to(viewer)
        )
        .select_related("from_team__hub", "to_team__hub", "case")
        .order_by("offered_at", "pk")
    )


def history_of(viewer: User, case: Case) -> list[dict[str, Any]]:
    """Return from which hub to which a case was handed, and offered without being taken over, and
    what was asked of social care, as one question: the newest first."""
    shown = ("at", "who", "before", "after", "why", "answer", "what", "offer")
    handed = Handover.objects.filter(queries.of(viewer, case)).values_list(
        "at",
        "by__name",
        "from_team__name",
        "to_team__name",
        "reason",
        Value(""),
        Value("handed"),
        Value(0),
    )
    offers = (
        HandoverOffer.objects.filter(queries.of(viewer, case))
        .exclude(state=State.ACCEPTED)
        .values_list(
            "offered_at",
            "offered_by__name",
            "from_team__name",
            "to_team__name",
            "reason",
            "answer",
            "state",
            "pk",
        )
    )
    asked = StepUp.objects.filter(queries.of(viewer, case)).values_list(
        "asked_at",
        "asked_by__name",
        "decision",
        "organisation__name",
        "reason",
        "answer",
        Concat(Value("step_up_"), "state"),
        "pk",
    )
    rows = handed.union(offers, asked, all=True)
    return sorted(
        (dict(zip(shown, row, strict=True)) for row in rows),
        key=lambda one: one["at"],
        reverse=True,
    )


@dataclass(frozen=True)
class Becomes:
    """One line of what is shared with somebody, and what becomes of it when another hub takes over."""

    with_whom: str
    purpose: str
    becomes: str
    look: bool = False  # somebody should look at it before


def what_becomes(viewer: User, case: Case, today: date) -> list[Becomes]:
    """Return what becomes of everything that is shared of a family, and of who sees its record."""
    found = []
    for line in sharing.agreed(viewer, case.family, today):
        if not line.in_force:
            continue
        one = line.sharing
        if one.purpose == Sharing.Purpose.STAY_IN_TOUCH:
            becomes = "Goes along: the new hub asks, after help has ended."
        elif line.open_actions:
            many = f"{line.open_actions} actions" if line.open_actions > 1 else "its action"
            becomes = f"Goes along: it keeps {many}, and is told which hub has the case."
        elif one.ground != Sharing.Ground.CONSENT:
            becomes = "Goes along, without consent: the new manager looks at the reason again."
        else:
            becomes = "Goes along: the family agreed to it, whichever hub helps."
        if line.ask_again:
            becomes += " It is over a year old: ask the family again."
        found.append(
            Becomes(
                line.with_whom if one.purpose not in Sharing.WITH_NOBODY else "The hub",
                one.get_purpose_display(),
                becomes,
                look=line.ask_again or one.ground != Sharing.Ground.CONSENT,
            )
        )
    records = families.together_with(viewer, case.family)
    found += [
        Becomes(page.name, "Their own page", "Stays, and names the new hub.")
        for page in own_page.pages_of(viewer, records)
    ]
    others = queries.visible_to(viewer).filter(family__in=records, team=case.team)
    keeps = others.exclude(pk=case.pk).exists()
    found.append(
        Becomes(
            str(case.team),
            "The whole record",
            "Stays: this hub has, or had, another case of the family."
            if keeps
            else f"Ends {STAYS_IN_SIGHT.days} days after the other hub has taken over, so that "
            "what is being written can be finished.",
        )
    )
    return found


def facts(viewer: User, case: Case, today: date) -> dict[str, Any]:
    """Return what the other hub is shown before it has the case: enough to decide and to plan."""
    records = families.together_with(viewer, case.family)
    now, _ = involvement.involved(viewer, records, timezone.now())
    plan = [action for action in queries.plan_of(viewer, case) if not action.ended]
    review = queries.reviews_of(viewer, case).first()
    signed = next(
        (
            one
            for one in queries.assessments_of(viewer, case.family)
            if one.status == Assessment.Status.SIGNED
        ),
        None,
    )
    return {
        "reference": case.reference,
        "family": str(case.family),
        "people": [
            [one.name or "Unborn child", one.role_name, _age(one, today)]
            for one in families.people_of(viewer, case.family, records=records)
        ],
        "worker": str(case.worker or ""),
        "intensity": case.get_intensity_display(),
        "opened": timezone.localdate(case.opened_at).isoformat(),
        "reached": timezone.localdate(case.first_contact_at).isoformat()
        if case.first_contact_at
        else "",
        "contact_by": timezone.localdate(case.contact_by).isoformat(),
        "interpreter": case.referral.interpreter,
        "advice": case.referral.contact_advice,
        "signed": timezone.localdate(signed.signed_at).isoformat() if signed else "",
        "goals": [
            [one.goal.words, f"{one.last.score} of 10" if one.last else "Not reviewed yet"]
            for one in queries.goals_of(viewer, case)
            if one.goal.ended_on is None
        ],
        "actions": [[action.what, action.due_on.isoformat(), action.who] for action in plan],
        "review": review.next_on.isoformat() if review and review.next_on else "",
        "involved": [[one.who, one.what] for one in now],
        "agreed": [
            [one.with_whom, one.purpose, one.becomes] for one in what_becomes(viewer, case, today)
        ],
        "open": [
            [one.what, one.facts] for one in still_open.of_case(viewer, case, today, case.team)
        ],
    }


def open_of(viewer: User, offer: HandoverOffer, today: date) -> list[still_open.StillOpen]:
    """Return what is open of an offered case, of which whoever takes it over decides: by day and
    name only, since they do not see the case yet."""
    if offer.state != State.WAITING:
        return []
    with seeing_as(front_door()):
        case = Case.objects.select_related("team", "family").get(pk=offer.case_id)
        return still_open.of_case(front_door(), case, today, offer.to_team)


def _age(member: families.Member, today: date) -> str:
    if member.date_of_birth:
        return f"{age_on(member.date_of_birth, today)}"
    return f"expected {member.expected_on:%-d %B %Y}" if member.expected_on else ""


def begin_with(known: dict[str, Any]) -> dict[str, str]:
    """Return words with which the boxes of a handover begin, from what is known."""
    stands = [f"{words} ({score.lower()})" for words, score in known["goals"]]
    if known["signed"]:
        stands.insert(0, f"Assessment signed on {_day(known['signed'])}.")
    due = [f"{what}: by {_day(day)}, {who}" for what, day, who in known["actions"]]
    if known["review"]:
        due.append(f"Review of the plan: by {_day(known['review'])}")
    if not known["reached"]:
        due.insert(0, f"First contact: promised by {_day(known['contact_by'])}")
    return {"stands": "\n".join(stands), "due": "\n".join(due)}


def shown(offer: HandoverOffer) -> dict[str, Any]:
    """Return what was kept of a case when it was offered, with days as days."""
    known = dict(offer.facts)
    for name in ("opened", "reached", "contact_by", "signed", "review"):
        known[name] = date.fromisoformat(known[name]) if known[name] else None
    known["actions"] = [[what, date.fromisoformat(day), who] for what, day, who in known["actions"]]
    return known


def _day(day: str) -> str:
    return f"{date.fromisoformat(day):%-d %B %Y}"


def moved(viewer: User, case: Case, at: datetime) -> str:
    """Say that another hub took a case over while somebody of this person's hub was still writing;
    "" where none did."""
    handed = handed_over_by(viewer, case, at)
    if handed is None:
        return ""
    when = timezone.localtime(handed.at)
    hub = getattr(handed.to_team, "hub", None)
    ring = f" Ring them on {hub.phone}." if hub and hub.phone else ""
    return f"{handed.to_team} took this case over on {when:%-d %B %Y at %H:%M}.{ring}"
