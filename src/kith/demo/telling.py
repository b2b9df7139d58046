"""Case studies of the demonstration county: a few cases told, made by the actions that make them."""

from datetime import datetime, timedelta
from random import Random

from django.db.models import Count, Q
from django.utils import timezone

from kith.accounts.models import User
from kith.accounts.viewer import front_door, seeing_as
from kith.casestudies import actions, queries
from kith.casestudies.models import CaseStudy
from kith.casework.actions import record_consent
from kith.casework.models import Case, Sharing
from kith.demo.people import address
from kith.families import queries as families
from kith.notices.models import Notice

# Each hub's studies, and how far each has come: the first is the one with most to tell.
HUBS = {"banbury": ("released", "draft", "sent"), "east-oxford": ("draft",)}
TITLES = ("Mornings that work again", "Back to school, step by step", "Somebody to turn to")
STAY = (
    "Said of many families that hubs help.",
    "The story makes no sense without it, and it is told widely.",
    "The family read these words and wants them told.",
)


def tell_cases(chance: Random, now: datetime) -> None:
    """Tell the cases with most on record: those of families that live quietly since."""
    at = now - timedelta(hours=20)
    for slug, ways in HUBS.items():
        with seeing_as(front_door()):
            found = (
                Case.objects.filter(team__hub__slug=slug, first_contact_at__isnull=False)
                .filter(opened_at__lt=at - timedelta(days=60))
                .annotate(done=Count("actions", filter=Q(actions__done_on__isnull=False)))
                .order_by("-done", "pk")
            )
            cases = list(found[: len(ways)])
        for case, way in zip(cases, ways, strict=False):
            _tell(chance, case, slug, way, at)


def _tell(chance: Random, case: Case, slug: str, way: str, at: datetime) -> None:
    worker = User.objects.get(email=address(f"worker.{slug}"))
    manager = User.objects.get(email=address(f"manager.{slug}"))
    with seeing_as(worker):
        case = Case.objects.select_related("family").get(pk=case.pk)
        today = timezone.localdate(at)
        if not queries.in_force(worker, case.family, today).exists():
            adults = [m for m in families.living_of(worker, case.family) if not m.is_child]
            if not adults:
                return
            record_consent(
                case=case, purpose=Sharing.Purpose.CASE_STUDY, given_by=adults[0].name,
                giver="parent", how="written", since=today - timedelta(days=2), by=worker, at=at,
            )  # fmt: skip
        study = actions.begin(case=case, by=worker, at=at, chance=chance)
        if way == "draft":
            return
        _answer(chance, study, worker, at + timedelta(minutes=20))
        sent = at + timedelta(minutes=30)
        study = actions.send(study=study, by=worker, at=sent)
    with seeing_as(front_door()):
        # Of yesterday: nothing of it waits to go out today.
        waiting = Notice.objects.filter(about_kind="casestudy", about_id=study.pk, sent_at=None)
        waiting.update(state=Notice.State.SENT, sent_at=sent, next_try_at=None, tries=1)
    if way == "released":
        with seeing_as(manager):
            after = at + timedelta(hours=3)
            actions.release(study=study, revision=study.revision, by=manager, at=after)


def _answer(chance: Random, study: CaseStudy, worker: User, at: datetime) -> None:
    """Leave out what holds a real name, and say of the rest why it stays."""
    hard = {one.finding.part for one in queries.look_through(worker, study, at).hard}
    study = actions.write(
        study=study,
        title=chance.choice(TITLES),
        words={
            part.key: (part.chosen and part.key not in hard, part.words)
            for part in queries.paragraphs(worker, study)
        },
        revision=study.revision,
        by=worker,
        at=at,
    )
    soft = [one.finding for one in queries.look_through(worker, study, at).found]
    if soft:
        why = {
            one.mark: STAY[2] if one.kind == "quotation" else chance.choice(STAY[:2])
            for one in soft
        }
        actions.keep(study=study, why=why, by=worker, at=at)
