"""Every change to partner organisations."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import shapely
from django.db import transaction

from kith.accounts.models import Team, User
from kith.audit.actions import fields_of, record
from kith.partners.gias import School
from kith.partners.models import Organisation
from kith.partners.permissions import may_edit_partners
from kith.places.actions.importing import nearest_postcodes
from kith.places.files import Problem, WrongFile
from kith.places.importing import Preview
from kith.places.queries import find_postcode

FIELDS = (
    "name", "kind", "phase", "urn", "address", "postcode", "email", "phone",
    "takes_requests", "active",
)  # fmt: skip
REGISTERED = (
    "name", "phase", "address", "postcode", "phone", "pupils", "free_meals_percent",
    "easting", "northing", "district_id", "active",
)  # fmt: skip
EDGE = 1500.0  # metres from the county's nearest postcode at which a school is still in it
EXAMPLES = 10


class PartnerRefused(Exception):
    """The partner cannot be as asked; the message says why, and `field` where."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Details:
    """What is said about a partner. `postcode` "" leaves its place unknown."""

    name: str
    kind: str
    phase: str = ""
    urn: int | None = None
    address: str = ""
    postcode: str = ""
    email: str = ""
    phone: str = ""
    takes_requests: bool = False
    active: bool = True


@transaction.atomic
def add_partner(*, details: Details, by: User, at: datetime) -> Organisation:
    """Add a partner. Raises PermissionDenied, PartnerRefused, NotAPostcode or NotInTheCounty."""
    may_edit_partners(by).or_raise()
    partner = Organisation()
    _write(partner, details)
    partner.save(force_insert=True)
    record("partner.added", subject=partner, by=by, at=at, after=fields_of(partner, FIELDS))
    return partner


@transaction.atomic
def change_partner(
    *, partner: Organisation, details: Details, by: User, at: datetime
) -> Organisation:
    """Change a partner; its team, if it has one, is called the same. Raises as `add_partner`."""
    partner = _locked(partner)
    may_edit_partners(by).or_raise()
    before = fields_of(partner, FIELDS)
    _write(partner, details)
    partner.save()
    if partner.team is not None and partner.team.name != partner.name:
        partner.team.name = partner.name
        partner.team.save(update_fields=["name"])
    after = fields_of(partner, FIELDS)
    record("partner.changed", subject=partner, by=by, at=at, before=before, after=after)
    return partner


@transaction.atomic
def give_team(*, partner: Organisation, by: User, at: datetime) -> Team:
    """Give a partner a team, so that its people can sign in. One that has a team keeps it.

    Raises PermissionDenied.
    """
    partner = _locked(partner)
    may_edit_partners(by).or_raise()
    if partner.team is not None:
        return partner.team
    # The partner is its team for everybody who signs in: they are called the same.
    team = Team.objects.create(name=partner.name, kind=Team.Kind.PARTNER, email=partner.email)
    partner.team = team
    partner.save(update_fields=["team"])
    record("partner.given_team", subject=partner, by=by, at=at, after={"team": team})
    return team


def _locked(partner: Organisation) -> Organisation:
    """Lock a partner, then read its team: joined to it, it would be read before the lock is had."""
    partner = Organisation.objects.select_for_update().get(pk=partner.pk)
    if partner.team_id is not None:
        partner.team = Team.objects.select_for_update().get(pk=partner.team_id)
    return partner


def _write(partner: Organisation, details: Details) -> None:
    if details.phase and details.kind != Organisation.Kind.SCHOOL:
        raise PartnerRefused("Only a school has a phase. Choose no phase.", "phase")
    same = Organisation.objects.exclude(pk=partner.pk)
    if details.urn is not None:
        other = same.filter(urn=details.urn).first()
        if other is not None:
            raise PartnerRefused(f"{other} has this number already.", "urn")
    if same.filter(name__iexact=details.name, kind=details.kind, active=True).exists():
        raise PartnerRefused("There is a partner of this name and kind already.", "name")
    for field in FIELDS:
        setattr(partner, field, getattr(details, field))
    if details.postcode:
        place = find_postcode(details.postcode)
        partner.postcode = str(place)
        partner.easting, partner.northing = place.easting, place.northing
        partner.district_id = place.district_id


# The register of schools


def preview_schools(found: list[School]) -> Preview:
    """Say what the register would change. Raises WrongFile when no school is in the county."""
    return _compare(found)[0]


def write_schools(found: list[School], *, by: User, at: datetime) -> Preview:
    """Write the register's schools. What the register does not know stays as it is: teams,
    whether requests are sent on, e-mail addresses. Raises WrongFile.
    """
    may_edit_partners(by).or_raise()
    preview, new, changed = _compare(found)
    Organisation.objects.bulk_create(new, batch_size=500)
    Organisation.objects.bulk_update(changed, REGISTERED, batch_size=200)
    return preview


def _compare(found: list[School]) -> tuple[Preview, list[Organisation], list[Organisation]]:
    placed = _placed(found)
    if not placed:
        raise WrongFile(
            Problem("at least one school in this county. If there is none, load the county first")
        )
    held = {school.urn: school for school in Organisation.objects.filter(urn__isnull=False)}
    new, changed, examples, same = [], [], [], 0
    for school, values in placed:
        before = held.get(school.urn)
        if before is None:
            if school.open:
                new.append(Organisation(kind=Organisation.Kind.SCHOOL, urn=school.urn, **values))
            continue
        was = {name: getattr(before, name) for name in REGISTERED}
        if all(was[name] == value for name, value in values.items()):
            same += 1
            continue
        for name, value in values.items():
            setattr(before, name, value)
        if before.kind != Organisation.Kind.SCHOOL:
            before.phase = ""
        changed.append(before)
        examples.append((school.name, _difference(was, values)))
    of_file = {school.urn for school in found}
    preview = Preview(
        adds=len(new),
        changes=len(changed),
        same=same,
        left_out=len(found) - len(new) - len(changed) - same,
        kept=len(held.keys() - of_file),
        notes=_without_place(found),
        examples=tuple(
            ([(school.name, "New") for school in new[:EXAMPLES]] + examples)[: 2 * EXAMPLES]
        ),
    )
    return preview, new, changed


def _placed(found: list[School]) -> list[tuple[School, dict[str, Any]]]:
    """Return the county's schools with the fields of an organisation that the register decides."""
    on_grid = [school for school in found if school.easting is not None]
    near = nearest_postcodes(
        [shapely.Point(school.easting, school.northing) for school in on_grid], within=EDGE
    )
    place = {
        school.urn: (school.easting, school.northing, postcode[1])
        for school, postcode in zip(on_grid, near, strict=True)
        if postcode is not None
    }
    for school in found:
        if school.easting is None and school.postcode:
            try:
                own = find_postcode(school.postcode)
            except ValueError:
                continue
            place[school.urn] = (own.easting, own.northing, own.district_id)
    return [
        (school, _fields(school, *place[school.urn])) for school in found if school.urn in place
    ]


def _without_place(found: list[School]) -> tuple[str, ...]:
    """Name the open schools of which the register knows no place; they cannot be put on a map."""
    names = [
        school.name
        for school in found
        if school.open and school.easting is None and not school.postcode
    ]
    if not names:
        return ()
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return (f"Left out, because the file gives no place for them: {', '.join(names[:5])}{more}.",)


def _fields(school: School, easting: Any, northing: Any, district: str) -> dict[str, Any]:
    values: dict[str, Any] = {
        "name": school.name,
        "phase": school.phase,
        "active": school.open,
        "easting": easting,
        "northing": northing,
        "district_id": district,
    }
    if school.postcode:
        values["postcode"] = school.postcode
    for name in ("address", "phone", "pupils"):
        if getattr(school, name) is not None:
            values[name] = getattr(school, name)
    if school.free_meals_percent is not None:
        values["free_meals_percent"] = round(Decimal(str(school.free_meals_percent)), 1)
    return values


def _difference(before: dict[str, Any], after: dict[str, Any]) -> str:
    words = {"district_id": "district", "free_meals_percent": "free meals", "active": "open"}
    parts = [
        f"{words.get(name, name)}: {before[name] if before[name] != '' else 'none'} "
        f"becomes {value if value != '' else 'none'}"
        for name, value in after.items()
        if before[name] != value
    ]
    return "; ".join(parts).replace("\n", ", ")
