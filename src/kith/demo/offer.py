"""The core offer of the demonstration county, how its hubs stand to it, and what is not offered."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from kith.accounts.models import User
from kith.demo.calendar import LONDON
from kith.directory import actions
from kith.directory.models import NotFound, NotOffered, Offering, Service, Term
from kith.hubs.models import Hub

State = Offering.State
ITEMS: tuple[tuple[Any, ...], ...] = (
    ("First contact", "Somebody from the hub gets in touch with you, in the way you said is safe.",
     "every family whose request is accepted", "Within five working days.",
     {"indicator": "first-contact-in-time", "at_least": 85}),
    ("An answer to what you ask", "Somebody reads what you ask for, and you hear what happens next.", "whoever asks for help",
     "Half of all hear within four days.", {"indicator": "days-to-decision", "at_most": 4}),
    ("One worker, one plan", "One person who knows you, and one plan that everybody who helps shares.",
     "every family the hub works with", "Looked at again with you on the day agreed.",
     {"indicator": "plans-reviewed-in-time", "at_least": 70}),
    ("Stay and play", "Toys, songs and other families.", "families with children under five",
     "Every week in term time.", {"every": "week", "term_time_only": True, "at_least": 80}),
    ("Parenting course", "Ten weeks on calm days and kind rules.", "parents and carers",
     "At least three courses a year."),
    ("Groups that people keep coming to", "Groups that are worth the journey.", "whoever has a place on a group",
     "At least six in ten come half the time or more.",
     {"indicator": "people-who-keep-coming", "at_least": 60}),
    ("Young carers’ group", "A night off for children who look after somebody.", "young carers from 8 to 17",
     "Every fortnight.", {"every": "fortnight", "at_least": 80}),
    ("Young people’s worker", "Somebody to talk to who is not a teacher or a parent.", "young people from 11 to 19",
     "Seen within ten working days."),
    ("Baby clinic", "A health visitor to ask, and scales.", "families with children under five", "Every week, free, without steps.",
     {"every": "week", "at_least": 80, "entry_shows": ("free", "step_free")}),
    ("Money advice", "Debt, benefits, and letters you do not dare to open.", "any family", "Every fortnight."),
    ("Help for fathers", "A group or a worker for fathers and other men.", "fathers and men who bring up children",
     "Every month, also on a Saturday."),
)  # fmt: skip
# What does not run, or not well: hub, item, state, why, instead, whether somebody sees to it.
GAPS: tuple[tuple[Any, ...], ...] = (
    ("littlemore", "Stay and play", State.NOT_OFFERED, "We have one room, and it is in use by the library.",
     "East Oxford hub, on the number 1 bus, or the library’s rhyme time.", True),
    ("littlemore", "Baby clinic", State.NOT_OFFERED, "There is no room for a clinic.", "East Oxford hub.", False),
    ("witney", "Young carers’ group", State.PAUSED, "The leader has left; we look for somebody.",
     "The group at Abingdon: we pay for the journey.", True),
    ("bicester", "Help for fathers", State.PLANNED, "", "", True),
    ("didcot", "Help for fathers", State.NOT_OFFERED, "Nobody has come to the last three tries.",
     "Abingdon’s Saturday club.", False),
    ("abingdon", "Young people’s worker", State.PAUSED, "The post is empty.", "The listening post in town.", True),
)  # fmt: skip
BELOW = {("banbury", "Money advice"), ("didcot", "Parenting course")}  # by the hub's own word
STALE = {
    ("witney", "Parenting course"),
    ("banbury", "Young people’s worker"),
}  # nobody said it again
# What was paused five months ago and runs again: the picture tells it.
WAS_PAUSED = {
    ("banbury", "Help for fathers"),
    ("bicester", "Money advice"),
    ("didcot", "Baby clinic"),
}
UNSAID = {("witney", "Money advice"), ("bicester", "Baby clinic")}
NEEDS = (
    ("Families here ask most often for help with a child’s worries.", "requests-received"),
    ("Many families here have come to the country of late.", "open-cases"),
    ("Fathers told us they had nowhere to go on a Saturday.", ""),
)
ABSENT = (
    ("Diagnosis of autism or ADHD", "Hubs do not assess. Only the health service can.", ("autism test", "ADHD assessment"),
     "Ask your GP or school. You need no diagnosis for our groups and courses.", None),
    ("Overnight respite care", "Hubs are open in the day. Nights away are arranged by children’s social care.",
     ("night away", "short break overnight", "respite"), "The Saturday short breaks; or ask the front door.", None),
    ("Legal advice about separation", "Our workers are not lawyers.", ("solicitor", "custody", "divorce lawyer"),
     "The county’s evening “Separating well”; Citizens Advice.", None),
    ("Childcare while you work", "Hubs have no nursery.", ("nursery", "crèche", "childminder"),
     "The county’s list of childminders and nurseries.", None),
    ("Tutoring and homework clubs", "There is no money for tutors.", ("tutor", "homework", "maths help"),
     "The libraries have quiet tables and free computers.", None),
    ("Cash in an emergency", "Hubs hold no money.", ("crisis loan", "emergency money", "grant"),
     "The district council’s hardship fund; a food larder today.", None),
    ("A group for babies", "There is no room for one.", ("baby group",), "East Oxford hub, every week.", "littlemore"),
)  # fmt: skip


def tell_offer(today: date, now: datetime) -> None:
    """Write a core offer that was agreed last year, how each hub stands to it, and what is not offered."""
    lead = User.objects.filter(memberships__role="county_lead").order_by("pk").first()
    assert lead
    then = datetime.combine(today - timedelta(days=330), time(10), LONDON)
    offer = actions.draft_offer(by=lead, at=then)
    for number, (name, words, who, standard, *measure) in enumerate(ITEMS):
        how = measure[0] if measure else {}
        details = actions.Item(name, words, who, standard, order=number * 10, **how)
        actions.write_item(offer=offer, details=details, by=lead, at=then)
    actions.consult(
        offer=offer, on=then.date(), whom="Hub managers, schools’ heads and two parents’ forums", by=lead, at=then
    )  # fmt: skip
    agreed = then.date() + timedelta(days=40)
    actions.agree_offer(
        offer=offer, on=agreed, agreed_by="Cabinet", in_force_from=agreed + timedelta(days=20), by=lead, at=then
    )  # fmt: skip
    gaps = {(slug, name): rest for slug, name, *rest in GAPS}
    later = now - timedelta(days=25)
    for hub in Hub.objects.select_related("team"):
        manager = User.objects.filter(
            memberships__role="hub_manager", memberships__team=hub.team
        ).order_by("pk").first() or lead  # fmt: skip
        for item in offer.items.all():
            key = (hub.slug, item.name)
            if key in UNSAID:
                continue
            standing = actions.Standing(
                State.RUNNING, standard_said=None if item.measured else key not in BELOW
            )
            if item.entry_shows:
                entry = Service.objects.filter(
                    published=True,
                    professional_only=False,
                    name="Baby clinic",
                    at_places__place__town=hub.name.removesuffix(" hub"),
                )
                standing = replace(standing, entry=entry.order_by("name", "pk").first())
            if key in gaps:
                state, reason, instead, owned = gaps[key]
                standing = actions.Standing(
                    state,
                    reason=reason,
                    instead=instead,
                    since=today + timedelta(days=40) if state == State.PLANNED else None,
                    review_on=None if state == State.PLANNED else today + timedelta(days=60),
                    owner=manager if owned else None,
                    due_on=today + timedelta(days=-12 if hub.slug == "witney" else 75)
                    if owned
                    else None,
                )
            at = now - timedelta(days=140) if key in STALE else later
            # How it stood five months ago: what the picture compares with.
            before = standing
            if key in WAS_PAUSED:
                before = actions.Standing(
                    State.PAUSED,
                    reason="Nobody to lead it.",
                    instead="The nearest hub.",
                    review_on=today - timedelta(days=60),
                )
            half = now - timedelta(days=150)
            actions.say_offering(hub=hub, code=item.code, standing=before, by=manager, at=half)
            actions.say_offering(hub=hub, code=item.code, standing=standing, by=manager, at=at)
            if (
                standing.standard_said is not None
                and standing.state == State.RUNNING
                and key not in STALE
            ):
                actions.confirm_standard(
                    hub=hub, code=item.code, met=standing.standard_said, by=manager, at=at
                )
        given = Service.objects.filter(
            published=True,
            professional_only=False,
            at_places__place__town=hub.name.removesuffix(" hub"),
        ).order_by("name", "pk")
        for (need, figure), service in zip(NEEDS, given[3:6], strict=False):
            standing = actions.Standing(State.RUNNING, need=need, figure=figure)
            actions.say_offering(hub=hub, service=service, standing=standing, by=lead, at=later)
    for title, words, synonyms, instead, slug in ABSENT:
        where = Hub.objects.get(slug=slug) if slug else None
        absence = actions.Absence(
            title, words, today + timedelta(days=120), hub=where, synonyms=synonyms, instead=instead
        )
        actions.write_not_offered(details=absence, by=lead, at=later)


# What people look for and do not find, roughly so often in three months: terms by a word for them.
LOOKED_FOR = (
    ("dentist", 46),
    ("CAMHS", 71),
    ("vaping", 19),
    ("cooking", 12),
    ("divorce", 23),
    ("glasses", 3),
)


def tell_not_found(rng: Random, today: date) -> None:
    """Count searches that found nothing, as they would have been counted day by day."""
    hubs = [*Hub.objects.order_by("pk"), None]
    lines: list[tuple[str, str, int]] = [("other", "", 64), ("choices", "", 17)]
    lines += [
        ("term", f"{term.taxonomy}:{term.code}", often)
        for word, often in LOOKED_FOR
        for term in Term.objects.filter(synonyms__contains=[word])[:1]
    ]
    lines += [("absent", str(one.uid), 15) for one in NotOffered.objects.order_by("pk")[:2]]
    counts: Counter[tuple[date, Hub | None, str, str]] = Counter()
    for kind, key, often in lines:
        for _ in range(often):
            day = today - timedelta(days=rng.randrange(1, 85))
            counts[day, rng.choice(hubs), kind, key] += 1
    NotFound.objects.bulk_create(
        NotFound(day=day, hub=hub, kind=kind, key=key, count=n)
        for (day, hub, kind, key), n in counts.items()
    )


# As a machine would put it: no speaker has read it, and the pages say so.
IN_POLISH = {
    "Activities, clubs and groups": "Zajęcia, kluby i grupy",
    "Family support": "Wsparcie dla rodziny",
    "Health": "Zdrowie",
    "Pregnancy, birth and early years": "Ciąża, poród i pierwsze lata",
    "Special educational needs and disabilities (SEND)": "Specjalne potrzeby edukacyjne i niepełnosprawność (SEND)",
    "Transport": "Dojazd",
    "Parent, baby and toddler groups": "Grupy dla rodziców z małymi dziećmi",
    "Parenting support": "Wsparcie dla rodziców",
    "Debt and welfare advice": "Porady w sprawie długów i zasiłków",
    "Domestic abuse": "Przemoc domowa",
    "Oral health": "Zęby i jama ustna",
    "Stay and play": "Zabawa dla maluchów",
    "Toys, songs and a cup of tea. Stay with your child and meet other families.": (
        "Zabawki, piosenki i filiżanka herbaty. Zostań z dzieckiem i poznaj inne rodziny."
    ),
}  # fmt: skip


def tell_spoken(now: datetime) -> None:
    """Write some of the county's words in Polish."""
    desk = User.objects.filter(email__startswith="desk@").order_by("pk").first()
    if desk is None:
        return

    def say(thing: Any, field: str, words: str) -> None:
        actions.say_in(
            thing=thing, field=field, language="pl", words=words, english=getattr(thing, field),
            by=desk, at=now - timedelta(days=20),
        )  # fmt: skip

    for term in Term.objects.filter(name__in=IN_POLISH):
        say(term, "name", IN_POLISH[term.name])
    groups = Service.objects.filter(name__startswith="Stay and play, ", published=True)
    for group in groups.order_by("pk")[:4]:
        town = group.name.removeprefix("Stay and play, ")
        say(group, "name", f"{IN_POLISH['Stay and play']}, {town}")
        if group.description in IN_POLISH:
            say(group, "description", IN_POLISH[group.description])
