"""A service as plain values, what is proposed of it beside what stands, and who proposed what."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from kith.accounts.models import User
from kith.accounts.permissions import Permission
from kith.analytics.apart import Part, words_apart
from kith.directory import ages
from kith.directory.held import TIME, Words, held_of, in_order, is_held, label_of, weakens
from kith.directory.models import Proposal, Provider, Service, Term
from kith.hubs.calendar import closed_days, working_days_between

LATE, VERY_LATE = (
    5,
    10,
)  # working days: longer waits are told to those who keep it, then to who leads

# What a partner may propose of a service, in the order in which it is shown, with its name. Whether it
# is published is for those who keep the directory.
LABELS = {
    "name": "Name", "also_called": "Also called", "description": "What it is", "terms": "Sorted under",
    "from_months": "From which age", "to_months": "Up to which age", "who_for": "Who it is for",
    "not_for": "Who it is not for", "route": "How somebody gets it", "how_to_ask": "What to say or bring",
    "phone": "Telephone", "email": "E-mail", "url": "Website", "status": "Whether it runs",
    "alert": "What people must know today", "taking": "Whether somebody new can come",
    "taking_until": "Until when that is known", "free": "Free", "cost": "Cost", "languages": "Languages",
    "interpreters": "Interpreters", "accreditations": "Accredited by",
    "area_names": "Only for people who live in",
}  # fmt: skip

# What those who decide may say in other words.
WORDED = {
    "name", "also_called", "description", "who_for", "not_for", "how_to_ask", "phone", "email", "url", "alert",
    "cost", "languages", "interpreters", "accreditations", "area_names",
}  # fmt: skip

Values = dict[str, Any]


def values_of(service: Service) -> Values:
    """Return what stands of a service, as plain values that can be kept and compared; with where and
    when it is held."""
    terms = (str(tag.term.uid) for tag in service.tags.select_related("term"))
    return plain(service, terms) | held_of(service)


def plain(said: Any, terms: Iterable[str]) -> Values:
    """Return what is said, of a service or on a form, as plain values."""
    values = {name: _plain(getattr(said, name)) for name in LABELS if name != "terms"}
    return values | {"terms": sorted(terms)}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple | list) else value


def terms_of(values: Values) -> list[Term]:
    """Return the terms that plain values name."""
    return list(Term.objects.filter(uid__in=values["terms"]))


@dataclass(frozen=True)
class Line:
    """One thing that would change: what it was, is now, and should be, in words."""

    name: str
    label: str
    before: str
    now: str
    proposed: str
    clash: bool  # somebody else has changed it meanwhile, to something else
    weakens: bool = False  # everybody would know more of where it is than they may now

    @property
    def may_be_reworded(self) -> bool:
        """Say whether those who decide may put it otherwise: words, and times that are held."""
        return self.name in WORDED or (self.name.startswith(TIME) and bool(self.proposed))

    @property
    def parts(self) -> list[Part]:
        """What is taken out and put in of what stands now."""
        return words_apart(self.now, self.proposed)


def now_of(proposal: Proposal) -> Values:
    """Return what stands now of what a proposal would change."""
    return values_of(proposal.service) if proposal.service else {}


def lines_of(proposal: Proposal) -> list[Line]:
    """Return what a proposal would change of what stands now."""
    before, now, proposed = proposal.before, now_of(proposal), proposal.proposed
    return Between([before, now, proposed]).lines(before, now, proposed)


class Between:
    """What is different between states of a service, in words: all are looked up once."""

    def __init__(self, states: list[Values]) -> None:
        self.words = _in_words(states)

    def lines(self, before: Values, now: Values, then: Values) -> list[Line]:
        """Return what `then` would change of what stands `now`, and stood `before`; places and times that
        it does not name stay."""
        lines, words = [], self.words
        for name in (*LABELS, *in_order(then)):
            was, value, stands = before.get(name), then.get(name), now.get(name)
            if value in (was, stands) or (not before and value in ("", [], None)):
                continue
            told = (
                words(name, was, before),
                words(name, stands, now),
                words(name, value, now | then),
            )
            label = label_of(name) if is_held(name) else LABELS[name]
            lines.append(
                Line(name, label, *told, clash=stands != was, weakens=weakens(name, value, now))
            )
        return lines


def merged(proposal: Proposal, keep: Iterable[str]) -> Values:
    """Return what stands once a proposal is approved, but for what is to stay as it is now."""
    changed = {line.name for line in lines_of(proposal)} - set(keep)
    now = now_of(proposal) or proposal.proposed
    return now | {name: proposal.proposed[name] for name in changed}


def outcome(proposal: Proposal, keep: Iterable[str], reworded: Values) -> str:
    """Return what will not stand as it was proposed, in words for whoever proposed it; "" if all does."""
    words, kept = _in_words([proposal.proposed]), set(keep)
    lines = lines_of(proposal)
    told = [
        f"{line.label}: we put it differently, “{words(line.name, reworded[line.name], proposal.proposed)}”."
        for line in lines
        if line.name in reworded and line.name not in kept
    ]
    left = [f"{line.label}: this stays as it was." for line in lines if line.name in kept]
    return "\n".join(told + left)


def mark_of(proposal: Proposal) -> str:
    """Return a mark of all that somebody who decides has before them: another once it changes."""
    return mark([proposal.revision, now_of(proposal)])


def mark(seen: Any) -> str:
    """Return a mark of plain values: another once they change."""
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()[:24]


def _in_words(every: list[Values]) -> Any:
    uids = {uid for values in every for uid in values.get("terms", [])}
    terms = {str(uid): name for uid, name in Term.objects.filter(uid__in=uids).values_list("uid", "name")}  # fmt: skip
    choices = {"route": Service.Route, "status": Service.Status, "taking": Service.Taking}

    held = Words(every)

    def words(name: str, value: Any, among: Values) -> str:
        if is_held(name):
            return held.of(name, value, among)
        if value in (None, "", []):
            return ""
        match name:
            case "terms":
                return ", ".join(sorted(terms.get(uid, "a term that is gone") for uid in value))
            case "from_months" | "to_months":
                age = ages.typed(value, last=name == "to_months")
                return f"{age} years" if age.isdecimal() else age
            case "taking_until":
                return f"{date.fromisoformat(value):%-d %B %Y}"
            case "free":
                return "Yes" if value else "No"
            case "route" | "status" | "taking":
                return str(choices[name](value).label)
        return ", ".join(value) if isinstance(value, list) else str(value)

    return words


# Who reads which


def own_providers(viewer: User) -> QuerySet[Provider]:
    """Return the providers whose services somebody may propose changes to."""
    teams = viewer.teams_granting(Permission.DIRECTORY_PROPOSE)
    return Provider.objects.filter(partner__team__in=teams).order_by("name", "pk")


def own_services(viewer: User) -> QuerySet[Service]:
    """Return the services of somebody's own organisation."""
    return (
        Service.objects.filter(provider__in=own_providers(viewer))
        .select_related("provider")
        .order_by("name", "pk")
    )


def own_proposals(viewer: User) -> QuerySet[Proposal]:
    """Return what somebody's own organisation has proposed, the newest first."""
    return _all().filter(provider__in=own_providers(viewer))


def waiting() -> QuerySet[Proposal]:
    """Return what waits for those who keep the directory, the oldest first."""
    return _all().filter(state=Proposal.State.WAITING).order_by("made_at", "pk")


def waiting_longer_than(days: int, at: datetime) -> list[Proposal]:
    """Return what has waited for more than so many working days, the oldest first."""
    closed = closed_days()
    found = waiting().prefetch_related("service__at_places__place__hub__team")
    return [one for one in found if working_days_between(one.made_at, at, closed=closed) > days]


def waited(proposals: Iterable[Proposal], at: datetime) -> list[tuple[Proposal, int, bool]]:
    """Return proposals with how many working days each has waited, and whether that is too long."""
    closed = closed_days()
    days = [(one, working_days_between(one.made_at, at, closed=closed)) for one in proposals]
    return [(one, number, number > LATE) for one, number in days]


def decided() -> QuerySet[Proposal]:
    """Return what was decided, the latest first."""
    return _all().exclude(state=Proposal.State.WAITING).order_by("-decided_at", "-pk")


def open_of(services: Iterable[Service]) -> dict[int, Proposal]:
    """Return what is proposed of services and not decided, or sent back, by the service's number."""
    states = [Proposal.State.WAITING, Proposal.State.SENT_BACK]
    found = _all().filter(service__in=list(services), state__in=states)
    return {one.service_id: one for one in found if one.service_id}


def proposal_called(uid: UUID) -> Proposal | None:
    """Return a proposal, for those who keep the directory."""
    return _all().filter(uid=uid).first()


def _all() -> QuerySet[Proposal]:
    return Proposal.objects.select_related(
        "provider", "service__provider", "made_by", "decided_by"
    ).order_by("-made_at", "-pk")
