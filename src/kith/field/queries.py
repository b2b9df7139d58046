"""What is taken along for a day, and the devices on which it lies."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, QuerySet

from kith.accounts.models import User
from kith.accounts.viewer import front_door, seeing_as
from kith.casework import queries as casework
from kith.casework.models import Case, Contact
from kith.families import living
from kith.families import queries as families
from kith.field.models import Device, Visit
from kith.field.permissions import may_visit
from kith.supports import queries as supports
from kith.supports.models import Session

# Registers of these days are taken along: today's, and those of the last days not taken yet.
LATELY = timedelta(days=7)
# A visit may be made some days before or after the day for which it was planned.
NEAR = timedelta(days=7)


def visits_visible_to(viewer: User) -> QuerySet[Visit]:
    """Return planned visits of cases that the viewer may know."""
    return Visit.objects.filter(case__in=casework.visible_to(viewer)).select_related(
        "case__family", "case__team", "worker", "contact"
    )


def visits_on(viewer: User, day: date) -> list[Visit]:
    """Return this person's visits of a day, and of those for whom they stand in, by time."""
    workers = [viewer.pk, *casework.covered_by(viewer)]
    found = visits_visible_to(viewer).filter(worker__in=workers, on=day, dropped_at__isnull=True)
    return list(found.order_by(F("starts").asc(nulls_last=True), "pk"))


def visits_after(viewer: User, day: date) -> list[Visit]:
    """Return this person's visits of the days to come."""
    found = visits_visible_to(viewer).filter(worker=viewer, on__gt=day, dropped_at__isnull=True)
    return list(found.order_by("on", F("starts").asc(nulls_last=True), "pk"))


def not_written_down(viewer: User, day: date) -> list[Visit]:
    """Return the visits of past days of which nobody has said what came of them, the oldest first:
    one's own and of those for whom one stands in; for who gives families to workers, the hub's."""
    found = visits_visible_to(viewer).filter(
        on__lt=day, dropped_at__isnull=True, contact__isnull=True
    )
    if casework.gives_families(viewer):
        found = found.filter(case__team__in=casework.teams_of(viewer))
    else:
        found = found.filter(worker__in=[viewer.pk, *casework.covered_by(viewer)])
    return list(found.order_by("on", F("starts").asc(nulls_last=True), "pk"))


def could_be_of(viewer: User, visit: Visit) -> list[Contact]:
    """Return the contacts that could have been written of a visit: of its days, and of no other."""
    return list(
        Contact.objects.filter(
            case=visit.case_id,
            case__in=casework.visible_to(viewer),
            at__date__gte=visit.on - NEAR,
            at__date__lte=visit.on + NEAR,
        )
        .exclude(pk__in=Visit.objects.filter(contact__isnull=False).values("contact"))
        .select_related("by")
        .order_by("at", "pk")
    )


def could_be_visited(viewer: User, reference: str = "") -> list[Case]:
    """Return the open cases of this person, and of those for whom they stand in, by family; with
    one of a colleague's at the same hub, where it is named."""
    found = {case.pk: case for case in casework.mine(viewer)}
    named = casework.with_names(viewer).filter(reference=reference, closed_at__isnull=True).first()
    if named is not None and may_visit(viewer, named):
        found[named.pk] = named
    return sorted(found.values(), key=lambda case: (case.family.name.casefold(), case.pk))


def registers_for(viewer: User, day: date) -> list[Session]:
    """Return the sessions of the day that this person leads, or stands in for, and those of the
    last days whose register is to be taken."""
    leaders = [viewer.pk, *casework.covered_by(viewer)]
    today = supports.sessions_visible_to(viewer).filter(
        support__leader__in=leaders, on=day, cancelled_at__isnull=True
    )
    owed = supports.to_take(viewer, day, led_by=leaders).filter(on__gte=day - LATELY)
    found = {session.pk: session for session in [*owed, *today]}
    return sorted(found.values(), key=lambda one: (one.on, one.starts, one.pk))


@dataclass(frozen=True)
class Pack:
    """What a device keeps for a day, as plain values, and of which families it tells."""

    content: dict[str, Any]
    families: frozenset[int]


def pack(viewer: User, day: date) -> Pack:
    """Return what this person needs of today's visits and registers, and no more."""
    visits, told = visits_on(viewer, day), set[int]()
    registers = [supports.register_of(viewer, one) for one in registers_for(viewer, day)]
    packed = []
    for visit in visits:
        family = visit.case.family
        records = families.together_with(viewer, family)
        told.add(family.pk)
        packed.append(_visit(viewer, visit, records, day))
    for register in registers:
        told |= {line.family.pk for line in register.lines}
    return Pack(
        {"day": day.isoformat(), "visits": packed, "registers": [_register(r) for r in registers]},
        frozenset(told),
    )


def _visit(viewer: User, visit: Visit, records: list[Any], day: date) -> dict[str, Any]:
    case = visit.case
    people = families.people_of(viewer, case.family, records=records)
    facts = living.facts_now(viewer, records)
    lives = living.on_a_day(facts, day, head=records[0].pk)
    return {
        "case": case.reference,
        "family": case.family.name,
        "at": f"{visit.starts:%H:%M}" if visit.starts else "",
        "words": visit.words,
        "first": case.first_contact_at is None,
        "homes": [
            {
                "lines": f"{home.row['lines']}\n{home.row['postcode']}".strip(),
                "safe": home.row["safe"],
                "who": [*(spell.words for spell in home.here), *home.taken],
            }
            for home in lives.homes
        ],
        "elsewhere": lives.elsewhere,
        "withheld": lives.withheld,
        "people": [
            {
                "name": person.name,
                "role": person.role_name,
                "phones": [
                    {"value": detail.value, "safe": detail.safe, "advice": detail.advice}
                    for detail in person.contact_details
                    if detail.kind == "phone" and detail.until is None
                ],
            }
            for person in people
        ],
    }


def _register(register: supports.Register) -> dict[str, Any]:
    session = register.session
    return {
        "session": session.pk,
        "name": session.support.name,
        "on": session.on.isoformat(),
        "at": f"{session.starts:%H:%M}",
        "where": session.where,
        "lines": [
            {
                "person": line.person.pk,
                "name": line.name,
                "status": line.status,
                "reason": line.reason,
                "had": line.had,
            }
            for line in register.lines
        ],
    }


def devices_of(viewer: User, at: datetime) -> list[Device]:
    """Return the browsers in which this person's days lie, that nobody has forgotten: newest first."""
    return list(
        Device.objects.filter(user=viewer, ended_at__isnull=True, until__gt=at).order_by(
            "-made_at", "pk"
        )
    )


def device_called(viewer: User, text: str) -> Device | None:
    """Return a device of this person's own by its number."""
    try:
        number = uuid.UUID(text)
    except ValueError:
        return None
    return Device.objects.filter(pk=number, user=viewer).first()


def is_to_be_wiped(viewer: User | None, text: str) -> bool:
    """Say whether what lies on a device can never be opened again: it was forgotten, its person's
    account is switched off, or nobody knows it. Answered to anybody who holds its number, which is
    as long as a key and tells nothing else."""
    try:
        number = uuid.UUID(text)
    except ValueError:
        return True
    with seeing_as(front_door()):
        device = Device.objects.select_related("user").filter(pk=number).first()
        return device is None or device.ended_at is not None or not device.user.is_active
