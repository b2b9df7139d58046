"""Which hub a request should go to, and why: advice to the desk, with its reasons and numbers."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q

from kith.accounts.models import User
from kith.casework.intensity import plain
from kith.casework.models import Case
from kith.casework.queries import HubRoom, rooms, visible_to
from kith.families import queries as families
from kith.families.models import Address
from kith.hubs.models import Hub
from kith.hubs.queries import hub_for_postcode
from kith.places.queries import distance_km
from kith.referrals.models import Referral, ReferralChild


@dataclass(frozen=True)
class School:
    """Where a child of the request learns, and how far that is from a hub."""

    name: str
    km: float


@dataclass(frozen=True)
class HubSuggestion:
    """One hub, and what speaks for it. The facts decide the order; a person decides the hub."""

    hub: Hub
    room: HubRoom
    in_area: bool  # the family's postcode lies in the hub's area
    km: float | None  # from the family's address to the hub
    schools: tuple[School, ...]  # of the children, for which this is the nearest hub
    open_case: Case | None  # the hub works with the family now
    earlier_case: Case | None  # the hub has worked with the family before

    @property
    def full(self) -> bool:
        return self.room.capacity > 0 and self.room.room <= 0

    def room_in_words(self) -> str:
        """Return how many more families the hub can have, and how many it has."""
        room = self.room
        if not room.capacity:
            return "Nobody has a post there now."
        has = f"{room.open} open, {room.waiting} waiting, {room.capacity} at most."
        if room.weight != room.open + room.waiting:
            has += f" By how much each needs they count as {plain(room.weight)}."
        return has if self.full else f"Room for {plain(room.room)} more: {has}"

    def reasons(self) -> list[str]:
        """Return what speaks for this hub, in words, the weightiest first."""
        said = []
        if self.open_case:
            who = f" ({self.open_case.worker})" if self.open_case.worker else ""
            said.append(f"It works with this family now: {self.open_case.reference}{who}.")
        if self.in_area:
            said.append("The family’s postcode is in its area.")
        if self.earlier_case:
            worker = self.earlier_case.worker
            who = f", with {worker}" if worker else ""
            said.append(
                f"It has worked with this family before{who}: {self.earlier_case.reference}."
            )
        for school in self.schools:
            said.append(f"It is the nearest hub to {school.name}: {school.km:.1f} km.")
        return said


def suggested_hubs(viewer: User, referral: Referral, on: date) -> list[HubSuggestion]:
    """Return every open hub, the one that fits best first.

    A hub that works with the family now comes first, whatever the map says: a family should tell
    its story once. Then the hub of the family's area, one that has worked with them before, the
    hub nearest to most of the children's schools, and the nearest. A full hub is not pushed down:
    its area stays its area, but the page says that it is full.
    """
    records = families.together_with(viewer, referral.family)
    address = (
        Address.objects.filter(Q(until__isnull=True) | Q(until__gt=on), family__in=records)
        .exclude(postcode="")
        .order_by(F("since").desc(nulls_last=True), "-pk")
        .first()
    )
    area = hub_for_postcode(address.postcode, on) if address else None
    by_hub = rooms(viewer, on)
    hubs = [room.hub for room in by_hub.values()]
    now: dict[int, Case] = {}
    earlier: dict[int, Case] = {}
    for case in (
        visible_to(viewer)
        .filter(family__in=records)
        .select_related("worker")
        .order_by("opened_at", "pk")
    ):
        (earlier if case.status == Case.Status.CLOSED else now)[case.team_id] = case
    nearest = _nearest_by_school(referral, hubs)
    found = [
        HubSuggestion(
            hub=hub,
            room=by_hub[hub.pk],
            in_area=area is not None and area.pk == hub.pk,
            km=_km(address, hub),
            schools=tuple(nearest.get(hub.pk, [])),
            open_case=now.get(hub.team_id),
            earlier_case=earlier.get(hub.team_id),
        )
        for hub in hubs
    ]
    return sorted(found, key=_fit)


def _fit(suggestion: HubSuggestion) -> tuple[object, ...]:
    return (
        suggestion.open_case is None,
        not suggestion.in_area,
        suggestion.earlier_case is None,
        -len(suggestion.schools),
        suggestion.km if suggestion.km is not None else 1e9,
        -suggestion.room.room,
        suggestion.hub.order,
        suggestion.hub.pk,
    )


def _km(address: Address | None, hub: Hub) -> float | None:
    if address is None or address.easting is None or address.northing is None:
        return None
    return distance_km(address.easting, address.northing, hub.easting, hub.northing)


def _nearest_by_school(referral: Referral, hubs: list[Hub]) -> dict[int, list[School]]:
    """Return the children's schools under the hub that is nearest to each."""
    nearest: dict[int, list[School]] = {}
    schools = {
        child.school
        for child in ReferralChild.objects.filter(referral=referral).select_related("school")
        if child.school is not None and child.school.easting is not None
    }
    for school in sorted(schools, key=lambda school: (school.name, school.pk)):
        if not hubs or school.easting is None or school.northing is None:
            continue
        away = [
            (distance_km(school.easting, school.northing, hub.easting, hub.northing), hub.pk)
            for hub in hubs
        ]
        km, hub_id = min(away)
        nearest.setdefault(hub_id, []).append(School(school.name, km))
    return nearest
