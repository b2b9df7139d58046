"""The line of a family's history. In Python: a page has dozens of them, and is opened all day."""

from functools import cache, lru_cache

from django import template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from kith.casework.chronology import Event
from kith.ui.templatetags.ui import day, tag, when

register = template.Library()


@register.simple_tag
def happened(event: Event) -> SafeString:
    """Draw one thing that happened, as an item of a `kith-timeline`."""
    return _drawn(event)


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
