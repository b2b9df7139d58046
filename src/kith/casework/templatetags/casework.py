"""Lines of a family's page. In Python: a page has dozens of them, and is opened all day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from django import template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from kith.casework.chronology import Event
from kith.families.queries import Member
from kith.ui.templatetags.ui import day, drawn, tag, when

register = template.Library()


@register.simple_tag
def happened(events: Iterable[Event]) -> SafeString:
    """Draw what happened, as the items of a `kith-timeline`."""
    return mark_safe("".join(map(_drawn, events)))  # each is escaped


@lru_cache(maxsize=5000)
def _drawn(event: Event) -> SafeString:
    """Keep the drawing: what happened does not change, and its page is opened again and again."""
    title = escape(event.title)
    marks = [tag(mark, "green") for mark in event.marks]
    if event.late:
        marks.append(tag("Late entry", "orange"))
    facts = [day(event.at) if event.day_only else when(event.at)]
    if event.by:
        facts.append(f", {escape(event.by)}")
    if event.late:
        facts.append(f". Written down on {day(event.recorded_at)}")
    if event.case:
        facts.append(_link("casework:case", event.case, title))
    elif event.referral:
        facts.append(_link("referrals:find", event.referral, title))
    important = " kith-timeline__item--important" if event.kind in ("request", "case") else ""
    said = [
        '<div class="kith-timeline__text kith-words">'
        + (f"<strong>{escape(label)}:</strong> " if label else "")
        + f"{escape(words)}</div>"
        for label, words in event.words
    ]
    return mark_safe(  # every text above is escaped
        f'<li class="kith-timeline__item{important}">'
        f'<h3 class="kith-timeline__title">{" ".join([title, *marks])}</h3>'
        f'<p class="kith-timeline__when">{"".join(facts)}</p>{"".join(said)}</li>'
    )


def _link(page: str, reference: str, title: str) -> str:
    before, after = _around(page, f"{reference[:1]}-2026-000000")
    reference = escape(reference)
    return (
        f'. <a class="govuk-link" href="{before}{reference}{after}">{reference}'
        f'<span class="govuk-visually-hidden">, {title}</span></a>'
    )


@cache
def _around(page: str, sample: str) -> tuple[str, str]:
    """Return what stands before and after a reference like the sample in the addresses of a page."""
    before, _, after = reverse(page, args=[sample]).partition(sample)
    return before, after


@dataclass(frozen=True)
class _Person:
    """Somebody of a family, in plain values: the drawing is kept while they stay as they are."""

    name: str
    role: str
    date_of_birth: date | None
    expected_on: date | None
    overdue: bool
    died_on: date | None
    was_born: bool
    also: str
    ways: tuple[tuple[str, str, bool, str], ...]


@register.simple_tag
def people_lines(people: Iterable[Member], today: date | None = None) -> SafeString:
    """Draw the people of a family with how to reach each, as the items of a list."""
    return mark_safe("".join(_line(member, today) for member in people))  # each is escaped


def _line(member: Member, today: date | None) -> SafeString:
    expected_on = member.expected_on
    return drawn(
        "casework/parts/person.html",
        _Person(
            name=member.name,
            role=member.role_name.lower(),
            date_of_birth=member.date_of_birth,
            expected_on=expected_on,
            overdue=bool(today and expected_on and expected_on < today),
            died_on=member.died_on,
            was_born=member.was_born,
            also=", ".join(member.other_names),
            ways=tuple(
                (detail.kind, detail.value, detail.safe, detail.advice)
                for detail in member.contact_details
            ),
        ),
    )
