"""How many families share the facts that a study tells: numbers only, small ones hidden."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import caches
from django.db.models import QuerySet
from django.utils import timezone

from kith.accounts.models import User
from kith.accounts.viewer import clock, seeing_as
from kith.analytics.days import age_on
from kith.analytics.pseudonyms import age_band, number_word
from kith.casework import queries as casework
from kith.casework.models import Case, PlannedAction
from kith.families.models import Membership
from kith.referrals.models import Need, ReferralNeed

FEWEST = 10
MINUTES_KEPT = 10
SOURCE = (
    "Cases of all hubs, open and closed, with the requests, people and actions recorded on them"
)
DEFINITION = (
    "Families of whom a hub has or had a case, each counted once, this one included. Children’s ages "
    "are those on the day the case was opened, in bands. A family counts if its request named the same "
    "needs (others may stand beside them) and its plan had actions of the same kinds of agency. Counts "
    f"below {FEWEST} are not shown; others are rounded down to tens."
)


@dataclass(frozen=True)
class Facts:
    """What of a case may set a family apart from others."""

    family: int
    children: int
    bands: tuple[str, ...]
    main: str
    needs: frozenset[str]
    agencies: frozenset[str]


@dataclass(frozen=True)
class Shared:
    """One more fact, and how many families share it and all before it. None: fewer than FEWEST."""

    part: str  # the paragraph that tells it
    fact: str
    families: int | None

    @property
    def few(self) -> bool:
        return self.families is None

    @property
    def said(self) -> str:
        return f"fewer than {FEWEST}" if self.families is None else f"about {self.families}"


def facts_of(viewer: User, case: Case) -> Facts:
    """Return the facts of one case."""
    return _gather(casework.visible_to(viewer).filter(pk=case.pk))[0]


def shared(own: Facts, told: Collection[str], *, at: datetime) -> tuple[list[Shared], datetime]:
    """Return how many families share what the told paragraphs say, fact by fact, and when counted.

    Counted over the whole county, whoever asks; kept for some minutes.
    """
    everybody, counted_at = _everybody(at)
    names = dict(Need.objects.values_list("code", "name"))
    steps = [
        ("family", f"{number_word(own.children)} {'child' if own.children == 1 else 'children'}",
         lambda f: f.children == own.children),
        ("family", f"of these ages: {', '.join(own.bands)}", lambda f: f.bands == own.bands),
        ("request", f"most of all in need of help with {names.get(own.main, own.main).lower()}",
         lambda f: f.main == own.main),
        ("request", "with these needs: " + ", ".join(sorted(names.get(n, n).lower() for n in own.needs)),
         lambda f: f.needs >= own.needs),
        ("actions", "helped by these kinds of partner: " + ", ".join(sorted(own.agencies)),
         lambda f: f.agencies >= own.agencies),
    ]  # fmt: skip
    has = {
        "family": bool(own.bands),
        "request": bool(own.main),
        "actions": bool(own.agencies),
    }
    left, found = everybody, []
    for part, words, same in steps:
        if part not in told or not has[part]:
            continue
        left = [one for one in left if same(one)]
        number = len({one.family for one in left} | {own.family})
        found.append(Shared(part, words, None if number < FEWEST else number // 10 * 10))
    return found, counted_at


def _everybody(at: datetime) -> tuple[list[Facts], datetime]:
    cache = caches["figures"]
    kept: tuple[list[Facts], datetime] | None = cache.get("casestudies:everybody")
    if kept is None:
        with seeing_as(clock()):
            kept = (_gather(Case.objects.all()), at)
        cache.set("casestudies:everybody", kept, MINUTES_KEPT * 60)
    return kept


def _gather(cases: QuerySet[Case]) -> list[Facts]:
    from kith.casestudies.drafting import KINDS

    rows = list(cases.values_list("pk", "family", "family__head", "referral", "opened_at"))
    families = cases.values("family")
    children = defaultdict(list)
    for family, born, expected in Membership.objects.filter(
        family__in=families, role=Membership.Role.CHILD
    ).values_list("family", "person__date_of_birth", "person__expected_on"):
        children[family].append((born, expected))
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
    for case, family, head, referral, opened_at in rows:
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
                children=len(bands),
                bands=tuple(bands),
                main=main.get(referral, ""),
                needs=frozenset(needs[referral]),
                agencies=frozenset(agencies[case]),
            )
        )
    return found
