"""The county's own words as a page shows them: in its reader's language, else in English and marked so."""

from typing import Any

from django import template
from django.template.defaultfilters import truncatewords
from django.utils.html import format_html
from django.utils.html import linebreaks as in_paragraphs
from django.utils.safestring import SafeString, mark_safe

from kith.directory.spoken import said

register = template.Library()


@register.simple_tag(takes_context=True)
def told(context: Any, thing: Any, field: str, words: int = 0, lines: bool = False) -> SafeString:
    """Draw what something says: at most so many `words`, or in paragraphs (`lines`)."""
    english = getattr(thing, field)
    tongue = context.get("tongue")
    own = said(context.get("spoken") or {}, thing, field) if tongue and tongue.foreign else ""
    text: Any = own or english
    if words:
        text = truncatewords(text, words)
    if lines:
        text = mark_safe(in_paragraphs(text, autoescape=True))
    if own or not (tongue and tongue.foreign):
        return format_html("{}", text)
    name = "div" if lines else "span"
    return format_html('<{0} lang="en" dir="ltr">{1}</{0}>', name, text)
