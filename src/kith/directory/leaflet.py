"""Leaflets: what there is for families near a hub or a school, or what somebody has found, on paper.

Only what everybody may read stands in one: of a place what is shown of it, of services those that are
published. A leaflet says on which day it was made, and of each entry when it was checked.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.text import Truncator

from kith.directory import ages, queries
from kith.directory.finding import A_PAGE, Asked, find
from kith.directory.models import (
    CoreOffer,
    NotOffered,
    Offering,
    Place,
    Service,
)
from kith.directory.nearby import (
    AGES,
    MOST,
    by_heading,
    hub_of_school,
    on_no_map,
    services_near,
    spot_of,
)
from kith.directory.times import in_words
from kith.hubs.models import Hub
from kith.partners.models import Organisation
from kith.ui.models import Look
from kith.ui.paper import as_paper, breakable

MOST_WORDS = 40  # of a description
MOST_PAGES = MOST // A_PAGE  # of what was found


@dataclass(frozen=True)
class Entry:
    """A service, or something else with a name, as a leaflet tells it."""

    name: str
    by: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """A part of a leaflet: a heading, words, and entries."""

    title: str
    lines: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()


@dataclass
class Leaflet:
    """All that a leaflet says. `name` is that of its file."""

    title: str
    name: str
    lead: list[str]
    ask: list[str]  # how to ask for help
    sections: list[Section] = field(default_factory=list)


def of_hub(hub: Hub, look: Look, today: date) -> Leaflet:
    """Return the leaflet of a hub: what it offers, what is near it, and what is not there."""
    leaflet = Leaflet(
        title=f"Help for families near {hub.name}",
        name=f"{hub.slug}-leaflet",
        lead=["What there is for families near the hub, whoever gives it."],
        ask=_how_to_ask(look, hub),
    )
    _tell_all(leaflet, hub, (hub.easting, hub.northing), None, today)
    return leaflet


def of_school(school: Organisation, look: Look, today: date) -> Leaflet:
    """Return the leaflet of a school: its hub, what is near it for the ages of its children."""
    hub = hub_of_school(school, today)
    leaflet = Leaflet(
        title=f"Help for families of {school.name}",
        name=f"school-{school.urn or school.pk}-leaflet",
        lead=[
            "What there is near the school for families with children of its ages, whoever gives it.",
            *([f"Your hub is {hub.name} hub."] if hub else []),
        ],
        ask=["Speak with somebody at school whom you trust. They can ask for help with you.", *_how_to_ask(look, hub)],
    )  # fmt: skip
    _tell_all(leaflet, hub, spot_of(school, hub), AGES.get(school.phase), today)
    return leaflet


def of_found(asked: Asked, look: Look, today: date, *, professional: bool = False) -> Leaflet:
    """Return what somebody has found, as far as MOST; what they typed is not in it, but its place."""
    results = []
    for page in range(1, MOST_PAGES + 1):
        found = find(asked, page=page, professional=professional)
        results += found.results
        if len(results) >= found.total:
            break
    near = f" near {asked.spot.name}" if asked.spot else ""
    entries = tuple(_entry(one.service, one.place, one.km) for one in results)
    more = found.total - len(results)
    return Leaflet(
        title=f"Help for families{near}",
        name="found",
        lead=[f"What was found: {_services(found.total)}{near}, the best fit first."],
        ask=_how_to_ask(look, None),
        sections=[
            Section(
                "What was found",
                (f"The first {len(results)} of {found.total}.",) if more else _none_of(entries),
                entries,
            )
        ],
    )


def _tell_all(
    leaflet: Leaflet,
    hub: Hub | None,
    spot: tuple[int, int] | None,
    months: tuple[int, int] | None,
    today: date,
) -> None:
    offer = queries.offer_in_force(today)
    if hub and offer:
        leaflet.sections.append(_core(hub, offer))
    if hub and (local := _local(hub)):
        leaflet.sections.append(local)
    near, more = services_near(spot, months) if spot else ([], 0)
    leaflet.sections += [
        Section(title, (), tuple(_entry(*one) for one in those))
        for title, those in by_heading(near)
    ]
    if more:
        leaflet.lead.append(
            f"The {len(near)} nearest are listed; there are {more} more on the website."
        )
    if not near:
        leaflet.sections.append(Section("Near here", _none_of(())))
    anywhere = tuple(_entry(service, None, None) for service in on_no_map(months))
    if anywhere:
        leaflet.sections.append(Section("Anywhere in the county", (), anywhere))
    absent = [one for one in queries.not_offered(today) if one.hub_id in (None, hub and hub.pk)]
    leaflet.sections.append(
        Section(
            "What is not here, and where to go instead",
            () if absent else ("Nothing is written down.",),
            tuple(_absent(one) for one in absent),
        )
    )


# What the hub offers


def _core(hub: Hub, offer: CoreOffer) -> Section:
    standings = queries.core_standings()
    entries = []
    for item in offer.items.all():
        standing = standings.get((item.code, hub.pk))
        entries.append(
            Entry(
                item.name,
                "" if standing and standing.state == Offering.State.RUNNING else _state(standing),
                _some(item.words, f"For {item.who_for}.", *_instead(standing)),
            )
        )
    words = (f"The same in all hubs of the county. How it stands at {hub.name} hub:",)
    return Section("What every hub offers", words, tuple(entries))


def _state(standing: Offering | None) -> str:
    if standing is None:
        return "Ask the hub whether it is offered here"
    if standing.state == Offering.State.PLANNED and standing.since:
        return f"Planned from {_day(standing.since)}"
    return {"planned": "Planned", "paused": "Paused at this hub"}.get(
        standing.state, "Not offered at this hub"
    )


def _instead(standing: Offering | None) -> tuple[str, ...]:
    if standing is None or standing.state == Offering.State.RUNNING:
        return ()
    return _some(standing.reason, standing.instead and f"Go instead to: {standing.instead}")


def _local(hub: Hub) -> Section | None:
    entries = tuple(
        Entry(
            one.service.name,
            one.service.provider.name,
            _some(
                "" if one.state == Offering.State.RUNNING else f"{_state(one)}.",
                _short(one.service.description),
                *_how(one.service),
            ),
        )
        for one in queries.local_offer(hub)
        if one.service and _for_everybody(one.service)
    )
    return Section(f"What {hub.name} hub offers besides", (), entries) if entries else None


def _for_everybody(service: Service) -> bool:
    return service.published and not service.professional_only


def _absent(one: NotOffered) -> Entry:
    tries = [
        f"Try: {service.name} ({service.provider.name})" + _phone(service)
        for service in one.services.all()
        if _for_everybody(service)
    ]
    where = f"Not at {one.hub.name} hub" if one.hub else "Nowhere in the county"
    return Entry(one.title, where, _some(one.words, one.instead and f"Try: {one.instead}", *tries))


# Services


def _entry(service: Service, place: Place | None, km: float | None) -> Entry:
    held = {one.pk: one.place for one in service.at_places.all()}
    times = [
        in_words(one)
        for one in service.schedules.all()
        if one.at_place_id is None or place is None or held.get(one.at_place_id) == place
    ]
    elsewhere = len(held) - 1 if place else 0
    closed = service.status == Service.Status.CLOSED
    who = ages.in_words(service.from_months, service.to_months)
    return Entry(
        service.name,
        service.provider.name,
        _some(
            f"Closed for now. {service.alert}" if closed else service.alert,
            _short(service.description),
            who and f"Ages: {who}",
            service.not_for and f"Not for: {service.not_for}",
            service.area_names and f"Only for people who live in {', '.join(service.area_names)}",
            *times,
            _where(place, km),
            elsewhere and f"Also at {elsewhere} other place{'s' if elsewhere > 1 else ''}",
            *_how(service),
        ),
    )


def _how(service: Service) -> tuple[str, ...]:
    cost = "Free" if service.free else ""
    full = service.taking != Service.Taking.OPEN
    return _some(
        service.get_route_display()
        + _phone(service)
        + (f", {service.email}" if service.email else ""),
        service.get_taking_display() if full else "",
        ". ".join(part for part in (cost, service.cost) if part),
        f"Checked on {_day(service.assured_on)}" if service.assured_on else "Not checked yet",
    )


def _phone(service: Service) -> str:
    return f": {service.phone}" if service.phone else ""


def _where(place: Place | None, km: float | None) -> str:
    if place is None:
        return ""
    if place.shown == Place.Shown.FULL:
        parts = (place.name, place.address, f"{place.town} {place.postcode}".strip())
        return ", ".join(dict.fromkeys(part for part in parts if part))
    if place.shown == Place.Shown.AREA and place.town:
        return f"In {place.town}. Ask them for the address."
    return "You are told where it is when you ask."


# Words


def _how_to_ask(look: Look, hub: Hub | None) -> list[str]:
    hours = f" ({look.front_door_hours})" if look.front_door_hours else ""
    lines = [
        f"Call the front door: {look.front_door_phone}{hours}." if look.front_door_phone else "",
        f"E-mail: {look.front_door_email}" if look.front_door_email else "",
    ]
    if hub:
        lines += [
            f"{hub.name} hub: {', '.join([*hub.address.splitlines(), hub.postcode])}",
            f"Telephone: {hub.phone}" if hub.phone else "",
            f"Open: {'; '.join(hub.opening_hours.splitlines())}" if hub.opening_hours else "",
        ]
    lines.append("If a child is in danger now, call 999.")
    return [line for line in lines if line]


def _some(*lines: str | int | Sequence[str]) -> tuple[str, ...]:
    return tuple(str(line) for line in lines if line)


def _none_of(entries: Sequence[Any]) -> tuple[str, ...]:
    return () if entries else ("Nothing is listed. The front door knows what there is: ask there.",)


def _services(number: int) -> str:
    return f"{number} service{'' if number == 1 else 's'}"


def _short(text: str) -> str:
    """Return the beginning of a description: the rest is on the website."""
    return Truncator(text).words(MOST_WORDS)


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"


# On paper


def as_pdf(leaflet: Leaflet, *, county: str, website: str, today: date, large: bool) -> bytes:
    """Return a leaflet as tagged PDF: A4 to fold in the middle, or in large print."""
    return as_paper(
        _PAGE, _all_of(leaflet, county=county, website=website, today=today, large=large)
    )


def fingerprint_of(leaflet: Leaflet, *, county: str, website: str, today: date, large: bool) -> str:
    """Return a mark of all that a leaflet would be made of."""
    it = _all_of(leaflet, county=county, website=website, today=today, large=large)
    return hashlib.sha256(_PAGE + json.dumps(it, sort_keys=True).encode()).hexdigest()


def _all_of(
    leaflet: Leaflet, *, county: str, website: str, today: date, large: bool
) -> dict[str, Any]:
    return {
        "title": breakable(leaflet.title),
        "county": county,
        "made": f"Made on {_day(today)}. Things change: ask before you go.",
        "newest": f"The newest is at {breakable(website)}",
        "lead": [breakable(line) for line in leaflet.lead],
        "ask": [breakable(line) for line in leaflet.ask],
        "large": large,
        "sections": [
            {
                "title": breakable(section.title),
                "lines": _broken(section.lines),
                "entries": [
                    {
                        "name": breakable(one.name),
                        "by": breakable(one.by),
                        "lines": _broken(one.lines),
                    }
                    for one in section.entries
                ],
            }
            for section in leaflet.sections
        ],
    }


def _broken(lines: Iterable[str]) -> list[str]:
    return [breakable(line) for line in lines]


# Folded: the first side has the title on the right, which is the front when it is folded, and how to ask
# for help on the left, which is the back. Whoever listens to it hears the title first all the same.
_PAGE = b"""
#let it = json(bytes(sys.inputs.it))
#let size = if it.large { 18pt } else { 10.5pt }
#set document(title: it.title, author: it.county)
#set text(lang: "en", region: "gb", font: ("Liberation Sans", "DejaVu Sans", "Libertinus Serif"), size: size)
#set text(hyphenate: false)
#set par(leading: 0.6em, spacing: if it.large { 0.9em } else { 0.65em })
#let gap = 1.8cm
#set page(
  paper: "a4",
  flipped: not it.large,
  margin: if it.large { 2cm } else { (x: 1.2cm, top: 1.2cm, bottom: 1.5cm) },
  footer: context [#set text(if it.large { 16pt } else { 9pt }); #it.county #h(1fr) #counter(page).display("1 of 1", both: true)],
)
#show heading.where(level: 1): set text(if it.large { 30pt } else { 22pt })
#show heading.where(level: 1): set block(below: 0.9em)
#show heading.where(level: 2): set text(if it.large { 24pt } else { 14pt })
#show heading.where(level: 2): set block(above: 1.5em, below: 0.8em, sticky: true)
#show heading.where(level: 3): set text(if it.large { 20pt } else { 11.5pt })
#show heading.where(level: 3): set block(above: 1.3em, below: 0.6em, sticky: true)

#let front = [
  = #it.title
  #for line in it.lead [#par(line)]
  #par(strong(it.made))
  #par(it.newest)
]
#let ask = [
  == How to ask for help
  #for line in it.ask [#par(line)]
]
#let inside = [
  #for section in it.sections [
    == #section.title
    #for line in section.lines [#par(line)]
    #for one in section.entries [
      === #one.name
      #if one.by != "" [#block(sticky: true, par(emph(one.by)))]
      #for line in one.lines [#par(line)]
    ]
  ]
]

#if it.large [
  #front
  #ask
  #inside
] else [
  #place(top + right, block(width: 50% - gap / 2, inset: (top: 3cm), align(left, front)))
  #block(width: 50% - gap / 2, height: 100%, align(bottom, ask))
  #pagebreak(weak: true)
  #columns(2, gutter: gap, inside)
]
"""
