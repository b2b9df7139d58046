"""Services of the directory that workers of the demonstration county told families of, and how it went."""

from datetime import datetime, timedelta
from random import Random

from django.utils import timezone

from kith.accounts.models import User
from kith.accounts.viewer import seeing_as
from kith.casework import actions
from kith.casework.models import Case
from kith.casework.queries import mine
from kith.directory.models import Service

MOST = 40  # workers who wrote some down
FAMILIES = 2  # of each
# Why, how the family was told, days ago, after how many days to ask; and what was known last, after how
# many days, in which words, and when to ask again.
Told = tuple[str, str, int, int, tuple[str, int, str, int] | None]
TOLD: tuple[Told, ...] = (
    ("They asked what there is at the weekend.", "spoken", 30, 28, None),
    ("Mum would like to meet other parents.", "leaflet", 24, 14,
     ("started", 16, "They have been twice, and know two families there by now.", 0)),
    ("", "message", 20, 28, None),
    ("Money is what keeps them awake.", "phone", 33, 14, ("waiting", 15, "An appointment in January.", 30)),
    ("He said he would like something of his own.", "spoken", 28, 14,
     ("did_not_go", 15, "The bus goes at four, and it begins at half past three.", 0)),
    ("", "spoken", 12, 28, None),
    ("They want a place near school.", "phone", 26, 14, ("full", 14, "They were told to try after Easter.", 0)),
)  # fmt: skip


def tell_sendings(rng: Random, now: datetime) -> None:
    """Write what workers told families of, in cases that have gone on for a while."""
    workers = User.objects.filter(memberships__role="hub_worker", is_active=True).distinct()
    number = 0
    for worker in workers.order_by("pk")[:MOST]:
        with seeing_as(worker):
            long_enough = now - timedelta(days=60)
            cases = mine(worker).filter(
                opened_at__lt=long_enough, first_contact_at__lt=long_enough, worker=worker
            )
            for case in cases.order_by("pk")[:FAMILIES]:
                near = Service.objects.filter(
                    published=True, professional_only=False, name__endswith=f", {case.team.name}"
                )
                offered = list(near.order_by("pk"))
                if not offered:
                    continue
                _tell(case, rng.choice(offered), worker, TOLD[number % len(TOLD)], now)
                number += 1


def _tell(case: Case, service: Service, worker: User, told: Told, now: datetime) -> None:
    why, how, ago, ask_after, known = told
    at = now - timedelta(days=ago)
    day = timezone.localdate(at)
    (sent,) = actions.signpost(
        case=case, services=[service], how=how, words=why,
        ask_on=day + timedelta(days=ask_after), by=worker, at=at,
    )  # fmt: skip
    if known is None:
        return
    outcome, after, words, again = known
    later = at + timedelta(days=after)
    actions.say_how_it_went(
        case=case, sending=sent, outcome=outcome, on=timezone.localdate(later), words=words,
        ask_on=timezone.localdate(later) + timedelta(days=again) if again else None,
        by=worker, at=later,
    )  # fmt: skip
