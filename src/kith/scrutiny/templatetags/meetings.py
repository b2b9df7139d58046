"""Days and moments of what was published, which stand there as ISO text; and the committee's tabs."""

from datetime import date, datetime

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from kith.scrutiny.queries import has_own_page
from kith.ui.templatetags.ui import day as day_in_words
from kith.ui.templatetags.ui import tabs, when

register = template.Library()
KINDS = {
    "application/pdf": "PDF",
    "text/plain": "Text",
    "image/png": "Picture",
    "image/jpeg": "Picture",
    "text/csv": "Table (CSV)",
    "application/vnd.oasis.opendocument.text": "OpenDocument",
    "application/vnd.oasis.opendocument.spreadsheet": "Spreadsheet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Spreadsheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
}

PARTS = (
    ("Meetings", "scrutiny:meetings"),
    ("Reviews and visits", "visits:reviews"),
    ("Recommendations", "recommendations:listed"),
    ("Exemplar practice", "visits:practices"),
    ("Key decisions", "scrutiny:decisions"),
)


@register.simple_tag(takes_context=True)
def committee_tabs(context: Context, here: str) -> SafeString:
    """Draw the parts of the committee's own pages, the one that is shown marked. A member's own page is
    the first of theirs. Whoever reads one of them may read all."""
    own = (("My page", "scrutiny:home"),) if has_own_page(context["request"].user) else ()
    return tabs(
        (
            {"label": label, "href": reverse(name), "current": name == here}
            for label, name in (*own, *PARTS)
        ),
        "Parts of the committee’s pages",
    )


@register.filter
def moment(value: str | None) -> str:
    """Write a day, or a moment, as pages write it; nothing where there is none."""
    if not value:
        return ""
    if len(value) == 10:
        return day_in_words(date.fromisoformat(value))
    return when(datetime.fromisoformat(value))


@register.filter
def meets(value: str | datetime | None) -> str:
    """Write when a meeting is, as its papers do: Wednesday, 2 December 2026 at 10am."""
    if not value:
        return ""
    at = localtime(datetime.fromisoformat(value) if isinstance(value, str) else value)
    return f"{at:%A}, {when(at)}"


@register.filter
def clock(value: str | datetime | None) -> str:
    """Write the time of a moment: 10am, 12:50pm, midday."""
    if not value:
        return ""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return when(at).rpartition(" at ")[2]


@register.filter
def month(value: str | None) -> str:
    """Write the month of a day."""
    return date_format(date.fromisoformat(value), "F Y") if value else ""


@register.filter
def file_kind(mime: str) -> str:
    """Write what kind of file something is."""
    return KINDS.get(mime, "File")
