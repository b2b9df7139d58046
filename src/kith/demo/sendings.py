"""Services of the directory that workers of the demonstration county told families of, and how it went."""

from datetime import datetime, timedelta
from random import Random

from django.db.models import F
from django.utils import timezone

from kith.accounts.actions import hash_of, make_link
from kith.accounts.models import User
from kith.accounts.viewer import front_door, seeing_as
from kith.casework import actions
from kith.casework.models import Case
from kith.casework.queries import mine
from kith.casework.referring import decides, mailbox
from kith.directory.models import Service
from kith.families.queries import living_of
from kith.notices.models import Notice
from kith.referrals.models import SENDING

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

# What services were asked, days ago; and what each answered, after how many days, in which words.
Asked = tuple[str, int, tuple[str, int, str] | None]
ASKED: tuple[Asked, ...] = (
    ("She cares for her mother before school, and has nobody of her age who knows what that is like.", 9,
     ("offered", 2, "She can come on any Wednesday. Jo meets her at the door the first time.")),
    ("They have no money for the holidays, and three children under ten.", 4, None),
    ("He would like to cook, and is shy in large groups.", 16, ("waiting", 3, "About six weeks.")),
    ("Mum has not left the house much since the baby came.", 12,
     ("full", 1, "We have no places before the spring. The group in the next town may have.")),
)  # fmt: skip
ANSWERERS = ("Jo Field", "Sam Marsh", "Kit Lane")


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
                if number % 3 == 0:
                    written = [one for one in offered if mailbox(one)]
                    asked = ASKED[number // 3 % len(ASKED)]
                    _ask(rng, case, rng.choice(written or offered), worker, asked, now)
                number += 1
    with seeing_as(front_door()):
        # Of last week: nothing of it waits to go out today.
        Notice.objects.filter(key__startswith="casework.service", sent_at=None).update(
            state=Notice.State.SENT, sent_at=F("made_at"), next_try_at=None, tries=1
        )


def _ask(
    rng: Random, case: Case, service: Service, worker: User, asked: Asked, now: datetime
) -> None:
    why, ago, answer = asked
    at = now - timedelta(days=ago)
    theirs = living_of(worker, case.family)
    adults = [one for one in theirs if decides(one, timezone.localdate(at)) and not one.is_child]
    children = [one for one in theirs if one.is_child]
    if not adults or not children or not mailbox(service):
        return
    made = actions.refer(
        case=case, service=service, people=children[:1], way=None, words=why, agreed_by=adults[0],
        agreed_how="spoken", how="link", ask_on=timezone.localdate(now) + timedelta(days=10),
        by=worker, at=at,
    )  # fmt: skip
    if answer is None:
        return
    outcome, after, words = answer
    later = at + timedelta(days=after)
    secret = make_link(purpose=SENDING, subject_id=made.pk, sent_to=made.asked_of, at=at)
    with seeing_as(None, link_hash=hash_of(secret)):
        actions.answer_for_service(
            sending=made, outcome=outcome, words=words, said_by=rng.choice(ANSWERERS), by=None,
            at=later,
        )  # fmt: skip


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
