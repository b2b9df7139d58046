"""What a school of the demonstration county proposes to say of its services: waiting, sent back, approved;
and what groups without an account sent from their links."""

from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import F

from kith.accounts.actions import hash_of, make_link
from kith.accounts.models import User
from kith.accounts.viewer import front_door, seeing_as
from kith.demo.people import address
from kith.directory import actions, assured, proposed
from kith.directory.held import TIME, in_order
from kith.directory.models import Proposal, Provider, Service, Term
from kith.notices.models import Notice
from kith.partners.models import Organisation

# Days ago, what a group writes beside its changes, and what should stand.
FROM_LINKS: tuple[tuple[int, str, dict[str, Any]], ...] = (
    (3, "We begin later from next week on, because the school run takes longer than we thought.",
     {"phone": "01632 960 414", "cost": "£2 for a family. Nobody is turned away.", "free": False}),
    (1, "", {"who_for": "Parents and carers with a child under five. Dads are very welcome.",
             "alert": "No session in the week before Christmas."}),
)  # fmt: skip


def tell_proposals(now: datetime) -> None:
    """Write the services of the school of the person who signs in, and what it proposes of them."""
    desk = User.objects.filter(memberships__role="county_desk").order_by("pk").first()
    senco = User.objects.filter(email=address("senco")).first()
    school = Organisation.objects.filter(team__memberships__user=senco).order_by("pk").first()
    if desk is None or senco is None or school is None:
        return
    giver, _ = Provider.objects.update_or_create(
        name=school.name,
        defaults={
            "partner": school,
            "description": "A school that opens its doors early and late.",
        },
    )
    kind = Term.objects.get(name="Before and after school clubs")
    begun = now - timedelta(days=30)

    def told(name: str, words: str, **more: Any) -> actions.Told:
        return actions.Told(giver, name, words, (kind,), route="come", published=True, **more)

    breakfast, homework, chess = (
        actions.write_service(details=told(name, words, phone="01632 960 220"), by=desk, at=begun)
        for name, words in (
            ("Breakfast club at school", "Toast and a chat before lessons. Free."),
            ("Homework club", "A quiet room and somebody to ask."),
            ("Chess for beginners", "Boards, biscuits and patience."),
        )
    )

    def propose(
        service: Service | None, details: actions.Told, ago: int, words: str = ""
    ) -> Proposal:
        return actions.propose(
            provider=giver, service=service, details=details, words=words, by=senco,
            at=now - timedelta(days=ago),
        )  # fmt: skip

    propose(
        breakfast,
        told("Breakfast club at school", "Toast, fruit and a chat before lessons. Still free.",
             phone="01632 960 221", who_for="Any child of the school"),
        2, "We open at 7.30 now, not at 7.45.",
    )  # fmt: skip
    propose(None, told("Parents’ café", "Coffee in the hall while the little ones play."), 9)
    for service, details, reason in (
        (homework, told("Homework club", "Help with homework.", phone="01632 960 220"),
         "Please say for which years it is, and until what time."),
        (chess, told("Chess club", "Boards, biscuits and patience. Beginners welcome.", phone="01632 960 220"), ""),
    ):  # fmt: skip
        one = propose(service, details, 5)
        at, mark = now - timedelta(days=4), proposed.mark_of(one)
        if reason:
            actions.send_back(proposal=one, reason=reason, mark=mark, by=desk, at=at)
        else:
            actions.approve(proposal=one, mark=mark, by=desk, at=at)
    _from_links(now)
    with seeing_as(front_door()):
        # Of last week: nothing of it waits to go out today.
        waiting = Notice.objects.filter(key__startswith="directory.proposal", sent_at=None)
        waiting.update(state=Notice.State.SENT, sent_at=F("made_at"), next_try_at=None, tries=1)


def _half_an_hour_later(value: dict[str, Any]) -> dict[str, Any]:
    """Return the times of a group that gets up later than it thought."""
    late = {}
    for name in ("opens", "closes"):
        if value[name]:
            hour, minute = map(int, value[name].split(":")[:2])
            late[name] = time((hour + (minute + 30) // 60) % 24, (minute + 30) % 60).isoformat()
    return value | (late if late.get("opens", "") < late.get("closes", "24") else {})


def _from_links(now: datetime) -> None:
    """Send what two groups say has changed, from the links of their letters."""
    asked = assured.kept_services().exclude(provider__keeper_email="").filter(proposals=None)
    asked = asked.exclude(schedules=None)
    givers: set[int] = set()
    for service in asked.filter(hidden_on=None, at_places__isnull=False).order_by(
        "assured_on", "pk"
    ):
        if service.provider_id in givers or len(givers) == len(FROM_LINKS):
            continue
        ago, words, changes = FROM_LINKS[len(givers)]
        givers.add(service.provider_id)
        at, giver = now - timedelta(days=ago), service.provider
        secret = make_link(
            purpose=assured.LINK, subject_id=giver.pk, sent_to=giver.keeper_email, at=at
        )
        stands = proposed.values_of(service)
        values = stands | changes
        held = {name: stands[name] for name in in_order(stands)}
        for name in [name for name in held if name.startswith(TIME)][:1]:
            held[name] = _half_an_hour_later(held[name])
        with seeing_as(None, link_hash=hash_of(secret)):
            actions.propose(
                provider=giver, service=service, details=actions.told_of(values, giver, service, at.date()),
                held=held, words=words, by=None, mailbox=giver.keeper_email, at=at,
            )  # fmt: skip
