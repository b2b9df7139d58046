"""Which neighbourhood belongs to which hub, from which day. What was true stays on record."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from kith.accounts.models import Team, User
from kith.audit.actions import record
from kith.hubs.models import Catchment, Hub
from kith.hubs.permissions import may_edit_hubs
from kith.hubs.queries import Move, moves_to_nearest
from kith.places.models import Neighbourhood

FURTHEST_AHEAD = timedelta(days=366)


class CannotMove(Exception):
    """A neighbourhood cannot change hubs as asked; the message says why."""


@transaction.atomic
def move_neighbourhoods(
    *,
    codes: Iterable[str],
    hub: Hub | None,
    since: date,
    by: User | None,
    at: datetime,
    by_distance: bool = False,
) -> int:
    """Let neighbourhoods belong to a hub (or to none) from a day on; return how many change.

    Raises PermissionDenied or CannotMove; then none is moved. `by` is None only while Kith is
    being set up.
    """
    wanted = sorted(set(codes))
    # Lock the places: two people drawing borders together come one after the other.
    places = list(
        Neighbourhood.objects.select_for_update(of=("self",))
        .filter(code__in=wanted)
        .defer("outline")
        .order_by("code")
    )
    if by is not None:
        may_edit_hubs(by).or_raise()
        if since > at.date() + FURTHEST_AHEAD:
            raise CannotMove("Choose a day within a year from today.")
    if len(places) != len(wanted):
        raise CannotMove("One of these neighbourhoods is not on the county’s map any more.")
    # A hub that is being closed is waited for.
    if hub is not None and not Team.objects.select_for_update().get(pk=hub.team_id).active:
        raise CannotMove(f"{hub} is closed.")
    reaching = {
        catchment.neighbourhood_id: catchment
        for catchment in Catchment.objects.filter(
            Q(until__isnull=True) | Q(until__gt=since), neighbourhood__in=wanted
        )
        .select_related("hub__team")
        .order_by("since")  # the last wins: the one furthest ahead
    }
    changed, new, moved_from = 0, [], {}
    for place in places:
        held = reaching.get(place.code)
        if held is not None and held.since > since:
            raise CannotMove(
                f"{place.name} goes to {held.hub} on {held.since:%-d %B %Y} already. "
                "Choose that day or a later one."
            )
        if held is not None and held.until is not None:
            raise CannotMove(
                f"{place.name} leaves {held.hub} on {held.until:%-d %B %Y} already. "
                "Choose that day or a later one."
            )
        if (held.hub_id if held else None) == (hub.pk if hub else None):
            continue
        changed += 1
        moved_from[place.code] = held.hub.name if held else None
        if held is not None and held.since == since:
            _replace_same_day(held, hub, by_distance)
            continue
        if held is not None:
            held.until = since
            held.save(update_fields=["until"])
        if hub is not None:
            new.append(
                Catchment(
                    hub=hub, neighbourhood=place, since=since, proposed_by_distance=by_distance
                )
            )
    Catchment.objects.bulk_create(new)
    subject = hub or next((held.hub for held in reaching.values()), None)
    if changed and subject is not None:
        record(
            "area.moved",
            subject=subject,
            by=by,
            at=at,
            before=moved_from,
            after={"hub": hub.name if hub else None, "since": since},
        )
    return changed


def _replace_same_day(held: Catchment, hub: Hub | None, by_distance: bool) -> None:
    """Put right what begins on that very day, instead of keeping a belonging of no length.

    The history that the database keeps of the row still says what stood there.
    """
    if hub is None:
        held.delete()
        return
    held.hub, held.proposed_by_distance = hub, by_distance
    held.save(update_fields=["hub", "proposed_by_distance"])


@transaction.atomic
def propose_catchments(
    *, since: date, by: User | None, at: datetime, only_without_hub: bool = False
) -> list[Move]:
    """Let each neighbourhood belong to the hub nearest to its middle, from a day on.

    Returns what has changed; `queries.moves_to_nearest` tells the same beforehand.
    Raises PermissionDenied or CannotMove.
    """
    if by is not None:
        may_edit_hubs(by).or_raise()
    moves = moves_to_nearest(since, only_without_hub=only_without_hub)
    hubs = {move.to.pk: move.to for move in moves}
    for pk in sorted(hubs):
        move_neighbourhoods(
            codes=[move.neighbourhood.code for move in moves if move.to.pk == pk],
            hub=hubs[pk],
            since=since,
            by=by,
            at=at,
            by_distance=True,
        )
    return moves
