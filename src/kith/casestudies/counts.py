"""How many families share the facts that a study tells: numbers only, small ones hidden."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import caches
from django.db.models import QuerySet
from django.utils import timezone

from kith.accounts.models import User
from kith.accounts.viewer import clock, seeing_as
from kith.analytics.days import age_on
from kith.analytics.pseudonyms import age_band, number_word
from kith.casestudies.kinds import ADULTS, KINDS
from kith.casework import queries as casework
from kith.casework.models import Case, PlannedAction
from kith.families.models import Membership
from kith.referrals.models import Need, ReferralNeed

FEWEST = 10  # fewer families than this, and whoever knows one may know it again
TOO_FEW = 5  # such numbers are not told
MINUTES_KEPT = 10
SOURCE = (
    "Cases of all hubs, open and closed, with the requests, people and actions recorded on them"
)
DEFINITION = (
    "Families of whom a hub has or had a case, each counted once, this one included; beside the whole "
    "county, those of this hub. Children’s ages are those on the day the case was opened, in bands. A "
    "family counts if its request named the same needs (others may stand beside them), its plan had "
    "actions of the same kinds of agency, and the same is recorded of its people and of the end. "
    f"Counts below {TOO_FEW} are said as “fewer than {TOO_FEW}”; from {FEWEST} on they are rounded down "
    "to tens. What is not recorded of a family cannot be counted."
)
ENDINGS = Case.ClosingReason.choices
SENDERS = {
    "parent": "a parent",
    "young_person": "a young person",
    "partner": "a professional",
    "professional": "a professional",
    "other": "somebody who knows the family",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What of a case may set a family apart from others."""

    family: int
    team: int
    children: int
    bands: tuple[str, ...]
    adults: tuple[str, ...]
    asked_by: str
    main: str
    needs: frozenset[str]
    agencies: frozenset[str]
    ending: str
    carer: bool
    disabled: bool
    languages: frozenset[str]


@dataclass(frozen=True)
class Shared:
    """One more fact, and how many families share it: it alone, and with all before it, in the county
    and in the hub. `families` is None for fewer than FEWEST."""

    part: str  # the paragraph that tells it
    fact: str
    families: int | None
    said: str
    in_hub: str
    alone: str
    rare: bool  # fewer than TOO_FEW families have it at all

    @property
    def few(self) -> bool:
        return self.families is None


def in_words(number: int) -> str:
    """Say how many families, so that a small number tells on nobody."""
    if number < TOO_FEW:
        return f"fewer than {TOO_FEW}"
    return f"{TOO_FEW} to {FEWEST - 1}" if number < FEWEST else f"about {number // 10 * 10}"


def facts_of(viewer: User, case: Case) -> Facts:
    """Return the facts of one case."""
    return _gather(casework.visible_to(viewer).filter(pk=case.pk))[0]


def shared(own: Facts, told: Collection[str], *, at: datetime) -> tuple[list[Shared], datetime]:
    """Return how many families share what the told paragraphs say, fact by fact, and when counted.

    Counted over the whole county, whoever asks; kept for some minutes.
    """
    everybody, counted_at = _everybody(at)
    return among(own, everybody, told), counted_at


def among(own: Facts, everybody: list[Facts], told: Collection[str]) -> list[Shared]:
    """Return how many of these share what the told paragraphs say of one, fact by fact."""
    left, found = everybody, []
    for part, words, same in _steps(own):
        if part not in told:
            continue
        alone = _families(own, everybody, same)
        left = [one for one in left if same(one)]
        number = _families(own, left)
        here = _families(own, [one for one in left if one.team == own.team])
        found.append(
            Shared(
                part,
                words,
                None if number < FEWEST else number // 10 * 10,
                in_words(number),
                in_words(here),
                in_words(alone),
                alone < TOO_FEW,
            )
        )
    return found


Same = Callable[[Facts], bool]


def _families(own: Facts, those: list[Facts], same: Same | None = None) -> int:
    return len({one.family for one in those if same is None or same(one)} | {own.family})


def _steps(own: Facts) -> Iterator[tuple[str, str, Same]]:
    """Return the facts of a case: which paragraph tells each, in which words, and who shares it."""
    names = dict(Need.objects.values_list("code", "name"))
    if own.bands:
        children = f"{number_word(own.children)} {'child' if own.children == 1 else 'children'}"
        yield "family", children, lambda f: f.children == own.children
        yield "family", f"of these ages: {', '.join(own.bands)}", lambda f: f.bands == own.bands
    if own.adults:
        adults = ", ".join(ADULTS.get(role, role) for role in own.adults)
        yield "family", f"these adults: {adults}", lambda f: f.adults == own.adults
    if own.asked_by:
        yield "request", f"asked for by {own.asked_by}", lambda f: f.asked_by == own.asked_by
    if own.main:
        main = names.get(own.main, own.main).lower()
        yield "request", f"most of all in need of help with {main}", lambda f: f.main == own.main
    if own.needs:
        needs = ", ".join(sorted(names.get(code, code).lower() for code in own.needs))
        yield "request", f"with these needs: {needs}", lambda f: f.needs >= own.needs
    if own.agencies:
        agencies = ", ".join(sorted(own.agencies))
        words = f"helped by these kinds of partner: {agencies}"
        yield "actions", words, lambda f: f.agencies >= own.agencies
    if own.ending:
        words = f"ended so: {dict(ENDINGS).get(own.ending, own.ending).lower()}"
        yield "ending", words, lambda f: f.ending == own.ending
    if own.carer:
        yield "background", "a child looks after somebody at home", lambda f: f.carer
    if own.disabled:
        yield "background", "somebody has a disability", lambda f: f.disabled
    if own.languages:
        spoken = ", ".join(sorted(own.languages))
        yield "background", f"at home they speak {spoken}", lambda f: f.languages >= own.languages


def _everybody(at: datetime) -> tuple[list[Facts], datetime]:
    cache = caches["figures"]
    kept: tuple[list[Facts], datetime] | None = cache.get("casestudies:everybody")
    if kept is None:
        with seeing_as(clock()):
            kept = (_gather(Case.objects.all()), at)
        cache.set("casestudies:everybody", kept, MINUTES_KEPT * 60)
    return kept


def _gather(cases: QuerySet[Case]) -> list[Facts]:
    rows = list(
        cases.values_list(
            *("pk", "family", "family__head", "team", "referral", "opened_at", "closing_reason"),
            *("referral__sender_kind", "referral__sender_organisation__kind"),
        )
    )
    families = cases.values("family")
    children, adults = defaultdict(list), defaultdict(list)
    carers, disabled, languages = set(), set(), defaultdict(set)
    for (
        family,
        role,
        until,
        born,
        expected,
        carer,
        disabilities,
        language,
    ) in Membership.objects.filter(family__in=families).values_list(
        *("family", "role", "until", "person__date_of_birth", "person__expected_on"),
        *("person__young_carer", "person__disabilities", "person__language"),
    ):
        if role == Membership.Role.CHILD:
            children[family].append((born, expected))
        elif role in ADULTS and until is None:
            adults[family].append(role)
        if carer:
            carers.add(family)
        if disabilities:
            disabled.add(family)
        if language and language != "English":
            languages[family].add(language)
    needs, main = defaultdict(set), {}
    for referral, code, first in ReferralNeed.objects.filter(
        referral__in=cases.values("referral")
    ).values_list("referral", "need__code", "main"):
        needs[referral].add(code)
        if first:
            main[referral] = code
    agencies = defaultdict(set)
    for case, kind in (
        PlannedAction.objects.filter(case__in=cases.values("pk"), owner_organisation__isnull=False)
        .values_list("case", "owner_organisation__kind")
        .distinct()
    ):
        agencies[case].add(KINDS.get(kind, kind))
    found = []
    for case, family, head, team, referral, opened_at, ending, sender, organisation in rows:
        opened = timezone.localdate(opened_at)
        bands = sorted(
            age_band(age_on(born, opened))
            if born and born <= opened
            else "not yet born"
            if expected
            else "not known"
            for born, expected in children[family]
        )
        found.append(
            Facts(
                family=head or family,
                team=team,
                children=len(bands),
                bands=tuple(bands),
                adults=tuple(sorted(adults[family])),
                asked_by=KINDS.get(organisation or "", SENDERS.get(sender, "")),
                main=main.get(referral, ""),
                needs=frozenset(needs[referral]),
                agencies=frozenset(agencies[case]),
                ending=ending,
                carer=family in carers,
                disabled=family in disabled,
                languages=frozenset(languages[family]),
            )
        )
    return found
