"""Days and moments of what was published, which stand there as ISO text."""

from datetime import date, datetime

from django import template
from django.utils.formats import date_format
from django.utils.timezone import localtime

from kith.ui.templatetags.ui import day as day_in_words
from kith.ui.templatetags.ui import when

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
