"""Components for templates: `{% load ui %}`. Each is shown in `kith/ui/README.md`."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.db.models import TextChoices
from django.forms import BaseForm, BaseFormSet
from django.http import QueryDict
from django.template import Context
from django.template.base import Parser, Token
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as django_url
from django.template.loader import get_template, render_to_string
from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils.formats import date_format
from django.utils.html import conditional_escape, escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import get_language

from kith.ui import charts, maps
from kith.ui.forms import BoundField

register = template.Library()

TAG_COLOURS = frozenset(
    ["grey", "green", "teal", "blue", "purple", "magenta", "red", "orange", "yellow"]
)


MOST_DRAWN = 5_000  # parts of pages kept by each process, at about a kilobyte each


# Parts that look the same whenever they say the same


@lru_cache(maxsize=MOST_DRAWN)
def _kept(template_name: str, thing: Hashable, language: str | None) -> SafeString:
    return mark_safe(get_template(template_name).render({"it": thing}))


@register.simple_tag
def drawn(template_name: str, thing: Hashable) -> SafeString:
    """Draw a part of a page from one value, called `it` there, and keep the drawing.

    For lines of long lists. The value is frozen (a frozen dataclass of plain values) and is all
    that the part is drawn from: no user, no request, no token. So a drawing is never out of date.
    """
    draw = _kept.__wrapped__ if settings.DEBUG else _kept
    return draw(template_name, thing, get_language())


# Addresses


class _Address(URLNode):
    """Django's tag, but each address is worked out once: long lists are made of links."""

    def render(self, context: Context) -> str:
        name = self.view_name.resolve(context)
        args = [arg.resolve(context) for arg in self.args]
        named = {key: value.resolve(context) for key, value in self.kwargs.items()}
        try:
            found = address(name, *args, **named)
        except (NoReverseMatch, TypeError):  # no such address, or what cannot be kept
            return str(super().render(context))
        if self.asvar:
            context[self.asvar] = found
            return ""
        return str(conditional_escape(found))


def address(name: str, *args: Any, **named: Any) -> str:
    """Return the address of a page, worked out once. Raises NoReverseMatch."""
    return _kept_address(get_urlconf(), name, *args, **named)


@lru_cache(maxsize=20_000, typed=True)
def _kept_address(urlconf: str | None, name: str, *args: Any, **named: Any) -> str:
    return reverse(name, urlconf=urlconf, args=args, kwargs=named)


@register.tag
def url(parser: Parser, token: Token) -> URLNode:
    """Write the address of a page, as Django's own tag does."""
    node = django_url(parser, token)
    return _Address(node.view_name, node.args, node.kwargs, node.asvar)


# Words and dates


@register.filter
def value_of(mapping: Any, key: str) -> Any:
    """Return what a mapping holds under a key that a template cannot write."""
    return mapping.get(key, "") if hasattr(mapping, "get") else ""


@register.filter
def hidden(pairs: Iterable[tuple[str, str]] | None) -> SafeString:
    """Carry along what was sent, as fields that nobody sees: pairs of name and value."""
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs or ())


@register.filter
def day(value: date | datetime | None) -> str:
    """Write a day as `3 March 2026`."""
    if not value:
        return ""
    if isinstance(value, datetime):
        value = localtime(value)
    if (get_language() or "en").startswith("en"):
        return f"{value:%-d %B %Y}"
    return date_format(value, "j E Y")


@register.filter
def when(value: datetime | None) -> str:
    """Write a moment as `3 March 2026 at 2:15pm`."""
    if not value:
        return ""
    at = localtime(value)
    hour = at.hour % 12 or 12
    clock = "midday" if (at.hour, at.minute) == (12, 0) else f"{hour}"
    if clock != "midday":
        clock += (f":{at.minute:02}" if at.minute else "") + ("am" if at.hour < 12 else "pm")
    return f"{at:%-d %B %Y} at {clock}"


@register.filter
def percent(share: float | None) -> str:
    """Write a share between 0 and 1 as whole per cents; nothing known is a dash."""
    return "–" if share is None else f"{share * 100:.0f}%"


# Forms


@register.simple_tag
def field(bound: BoundField, **options: Any) -> SafeString:
    """Draw a field: `heading=True size="m" width=10 inline=True small=True prefix="£" ...`."""
    return bound.show(**options).as_field_group()  # type: ignore[return-value]


@register.simple_tag
def error_links(*things: Any) -> list[dict[str, str]]:
    """Return what is wrong in forms and formsets, each with the box it leads to."""
    return [problem for thing in things for problem in _problems(thing)]


def _problems(thing: Any) -> Iterator[dict[str, str]]:
    match thing:
        case BaseForm():
            if not thing.is_bound:
                return
            for message in thing.non_field_errors():
                yield {"id": "", "message": str(message)}
            for name in thing.fields:
                bound = thing[name]
                for message in bound.messages:  # type: ignore[attr-defined]
                    yield {"id": "" if bound.is_hidden else bound.first_id, "message": message}  # type: ignore[attr-defined]
        case BaseFormSet():
            if thing.is_bound:
                for message in thing.non_form_errors():
                    yield {"id": "", "message": str(message)}
                for form in thing.forms:
                    yield from _problems(form)
        case list() | tuple():
            for item in thing:
                yield from _problems(item)
        case {"message": message, "href": href}:  # of a page without a form
            yield {"id": "", "message": str(message), "href": str(href)}


@register.simple_tag
def error_summary(*forms: Any) -> str:
    """Draw the summary of what is wrong, for forms that are not called `form`, and for pages
    without one: lists of `{"message": ..., "href": ...}`."""
    return render_to_string("ui/error_summary.html", {"forms": list(forms)})


@register.simple_tag
def has_errors(*things: Any) -> bool:
    """Say whether a page's form came back with something to mend, for the page's title."""
    return any(True for thing in things for _ in _problems(thing))


@register.inclusion_tag("ui/parts/button_to.html", takes_context=True)
def button_to(context: Context, url: str, label: str, **options: Any) -> dict[str, Any]:
    """Draw a button that sends a form of its own: `kind="secondary"`, `name=`, `value=`."""
    return {
        "url": url,
        "label": label,
        "kind": options.get("kind", ""),
        "name": options.get("name", ""),
        "value": options.get("value", ""),
        "about": options.get("about", ""),
        "next": options.get("next", ""),
        "csrf_token": context.get("csrf_token"),
    }


# Small parts


@register.simple_tag
def tag(text: Any, colour: str = "blue") -> SafeString:
    """Draw a state as a coloured word. Unknown colours are blue; the word says it all."""
    colour = colour if colour in TAG_COLOURS else "blue"
    if isinstance(text, TextChoices):
        text = text.label
    return format_html('<strong class="govuk-tag govuk-tag--{}">{}</strong>', colour, text)


@register.simple_block_tag
def inset(content: str) -> SafeString:
    """Draw words set in from the rest."""
    return format_html('<div class="govuk-inset-text">{}</div>', mark_safe(content.strip()))


@register.simple_block_tag
def warning(content: str, label: str = "Warning") -> SafeString:
    """Draw words that must not be missed, with an exclamation mark."""
    return format_html(
        '<div class="govuk-warning-text"><span class="govuk-warning-text__icon" aria-hidden="true">'
        '!</span><strong class="govuk-warning-text__text"><span class="govuk-visually-hidden">{}'
        "</span> {}</strong></div>",
        label,
        mark_safe(content.strip()),
    )


@register.simple_block_tag
def details(content: str, summary: str, open: bool = False) -> SafeString:
    """Draw words that can be unfolded."""
    return format_html(
        '<details class="govuk-details"{}><summary class="govuk-details__summary">'
        '<span class="govuk-details__summary-text">{}</span></summary>'
        '<div class="govuk-details__text">{}</div></details>',
        mark_safe(" open") if open else "",
        summary,
        mark_safe(content.strip()),
    )


@register.simple_block_tag
def panel(content: str, title: str) -> SafeString:
    """Draw the green panel that says something is done."""
    return format_html(
        '<div class="govuk-panel govuk-panel--confirmation"><h1 class="govuk-panel__title">{}</h1>'
        '<div class="govuk-panel__body">{}</div></div>',
        title,
        mark_safe(content.strip()),
    )


@register.simple_block_tag
def empty(content: str) -> SafeString:
    """Draw what stands where a list would, when there is nothing in it."""
    return format_html('<div class="kith-empty">{}</div>', mark_safe(content.strip()))


@register.simple_block_tag
def card(
    content: str,
    title: str = "",
    href: str = "",
    number: Any = None,
    state: str = "",
    level: int = 3,
) -> SafeString:
    """Draw a card, for use inside `<ul class="kith-cards">`. `state`: late, soon, done, quiet."""
    heading = (
        format_html('<a class="govuk-link" href="{}">{}</a>', href, title)
        if href
        else format_html("{}", title)
    )
    head = (
        format_html('<h{} class="kith-card__title">{}</h{}>', level, heading, level)
        if title
        else ""
    )
    classes = [state] if state in {"late", "soon", "done", "quiet"} else []
    if href and "<a " not in content and "<form" not in content:
        classes.append("whole")
    return format_html(
        '<li class="kith-card{}">{}{}{}</li>',
        "".join(f" kith-card--{name}" for name in classes),
        head,
        format_html('<p class="kith-card__number">{}</p>', number) if number is not None else "",
        mark_safe(content.strip()),
    )


# Ways round


@register.simple_tag
def back_link(url: str, label: str = "Back") -> SafeString:
    """Draw the way back, for the `before` block."""
    return format_html(
        '<nav aria-label="Back"><a href="{}" class="govuk-back-link">{}</a></nav>', url, label
    )


@register.simple_tag
def breadcrumbs(*parts: Any) -> SafeString:
    """Draw where this page is: `label url label url ... label`, for the `before` block."""
    pairs = [
        (parts[i], parts[i + 1] if i + 1 < len(parts) else "") for i in range(0, len(parts), 2)
    ]
    items = format_html_join(
        "",
        "{}",
        (
            (
                format_html(
                    '<li class="govuk-breadcrumbs__list-item"><a class="govuk-breadcrumbs__link"'
                    ' href="{}">{}</a></li>',
                    url,
                    label,
                )
                if url
                else format_html(
                    '<li class="govuk-breadcrumbs__list-item" aria-current="page">{}</li>', label
                ),
            )
            for label, url in pairs
        ),
    )
    return format_html(
        '<nav class="govuk-breadcrumbs govuk-breadcrumbs--collapse-on-mobile"'
        ' aria-label="Where you are"><ol class="govuk-breadcrumbs__list">{}</ol></nav>',
        items,
    )


@register.simple_tag
def tabs(items: Iterable[Mapping[str, Any]], label: str = "Parts of this page") -> SafeString:
    """Draw links that stand beside one another: each has `label`, `href`, `current`, `count`."""
    links = []
    for item in items:
        count = item.get("count")
        here = ' aria-current="page"' if item.get("current") else ""
        many = (
            "" if count in (None, "") else f' <span class="kith-tabs__count">{escape(count)}</span>'
        )
        links.append(
            f'<li><a class="kith-tabs__link" href="{escape(item["href"])}"{here}>'
            f"{escape(item['label'])}{many}</a></li>"
        )
    return mark_safe(  # every text above is escaped
        f'<nav aria-label="{escape(label)}"><ul class="kith-tabs">{"".join(links)}</ul></nav>'
    )


def changed_query(query: QueryDict, **changes: Any) -> str:
    """Return the address's question with something changed; None takes it out."""
    changed = query.copy()
    for name, value in changes.items():
        if value is None:
            changed.pop(name, None)
        else:
            changed[name] = str(value)
    return f"?{changed.urlencode()}" if changed else "?"


@register.simple_tag(takes_context=True)
def with_query(context: Context, **changes: Any) -> str:
    """Return a link to this page with something of its question changed."""
    request = context.get("request")
    return changed_query(request.GET if request else QueryDict(), **changes)


@register.inclusion_tag("ui/parts/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any], name: str = "page") -> dict[str, Any]:
    """Draw links to the pages of a list; filters in the address are kept."""
    request = context.get("request")
    query = request.GET if request else QueryDict()

    def link(number: int) -> str:
        return changed_query(query, **{name: number})

    return {
        "page": page,
        "previous": link(page.previous_page_number()) if page.has_previous() else "",
        "next": link(page.next_page_number()) if page.has_next() else "",
        "links": [
            {
                "number": number if isinstance(number, int) else None,
                "href": link(number) if isinstance(number, int) else "",
                "current": number == page.number,
            }
            for number in page.paginator.get_elided_page_range(
                page.number, on_each_side=1, on_ends=1
            )
        ],
    }


# Lists and tables


@register.inclusion_tag("ui/parts/summary_list.html")
def summary_list(
    rows: Iterable[Any], missing: str = "Not given", borders: bool = True
) -> dict[str, Any]:
    """Draw questions and answers. A row is `(key, value)` or has `key`, `value`, `href`, `action`."""
    made = []
    for row in rows:
        if isinstance(row, tuple | list):
            row = dict(zip(("key", "value", "href", "action"), row, strict=False))
        made.append(row)
    return {"rows": made, "missing": missing, "borders": borders}


@register.inclusion_tag("ui/parts/table.html", takes_context=True)
def table(
    context: Context,
    columns: Iterable[Any],
    rows: Iterable[Iterable[Any]],
    caption: str = "",
    **options: Any,
) -> dict[str, Any]:
    """Draw a table from data.

    A column is a label, or has `label`, `numeric` and `sort` (the name it is sorted by in the
    address). The first cell of a row is its heading. `total=True` marks the last row.
    """
    made = [{"label": column} if isinstance(column, str) else column for column in columns]
    lines = [
        [(cell, made[i] if i < len(made) else {}) for i, cell in enumerate(row)] for row in rows
    ]
    return {
        "columns": made,
        "lines": lines,
        "caption": caption,
        "size": options.get("size", "m"),
        "total": options.get("total", False),
        "hide_caption": options.get("hide_caption", False),
        "request": context.get("request"),
    }


@register.simple_block_tag
def scroll_table(
    content: str, caption: str, size: str = "m", hide_caption: bool = False
) -> SafeString:
    """Put rows that a template writes itself into a table that narrow screens can scroll."""
    return format_html(
        '<div class="kith-table-scroll" role="region" aria-label="{}" tabindex="0">'
        '<table class="govuk-table kith-table"><caption class="govuk-table__caption'
        ' govuk-table__caption--{}{}">{}</caption>{}</table></div>',
        caption,
        size,
        " govuk-visually-hidden" if hide_caption else "",
        caption,
        mark_safe(content),
    )


@register.simple_tag(takes_context=True)
def sort_header(
    context: Context, name: str, label: str, numeric: bool = False, first: str = "ascending"
) -> SafeString:
    """Draw a column's heading as a link that sorts by it: `?sort=name` or `?sort=-name`."""
    request = context.get("request")
    query = request.GET if request else QueryDict()
    now = query.get("sort", "")
    state = {name: "ascending", f"-{name}": "descending"}.get(now, "none")
    forward, backward = (name, f"-{name}") if first == "ascending" else (f"-{name}", name)
    href = changed_query(query, sort=backward if now == forward else forward, page=None)
    return format_html(
        '<th scope="col" class="govuk-table__header{}" aria-sort="{}">'
        '<a class="kith-sort{}" href="{}">{}</a></th>',
        " govuk-table__header--numeric" if numeric else "",
        state,
        f" kith-sort--{state}" if state != "none" else "",
        href,
        label,
    )


@register.inclusion_tag("ui/parts/timeline.html")
def timeline(items: Iterable[Any], level: int = 3) -> dict[str, Any]:
    """Draw what happened: each has `title`, `at`, and perhaps `by`, `text`, `href`, `tag`."""
    return {"items": list(items), "level": level}


@register.inclusion_tag("ui/parts/task_list.html")
def task_list(items: Iterable[Any]) -> dict[str, Any]:
    """Draw what is to be done: each has `title`, `status`, and perhaps `href`, `hint`, `colour`."""
    return {"items": list(items)}


# Charts and maps


def _ids(context: Context, name: str) -> str:
    """Return the beginning of an id that no other part of this answer has."""
    request = context.get("request")
    if request is None:
        return f"{name}-0"
    number = request.META["kith.parts"] = request.META.get("kith.parts", 0) + 1
    return f"{name}-{number}"


@register.inclusion_tag("ui/parts/chart.html", takes_context=True, name="chart")
def draw_chart(
    context: Context,
    chart: charts.Chart,
    table: str = "closed",
    heading: bool = True,
    level: int = 3,
) -> dict[str, Any]:
    """Draw a chart with its title, legend and the table behind it: `table` is open, closed or ""."""
    return {
        "chart": chart,
        "legend": [
            (number % charts.COLOURS + 1, series.name) for number, series in enumerate(chart.series)
        ],
        "svg": charts.draw(chart, _ids(context, "chart")),
        "table": table,
        "heading": heading,
        "level": level,
        "request": context.get("request"),
    }


@register.inclusion_tag("ui/parts/map.html", takes_context=True, name="map")
def draw_map(
    context: Context, map: maps.Map, table: str = "closed", heading: bool = True, level: int = 3
) -> dict[str, Any]:
    """Draw a map with its legend and the table of the same facts: `table` is open, closed or ""."""
    return {
        "map": map,
        "svg": maps.draw(map, _ids(context, "map")),
        "table": table,
        "heading": heading,
        "level": level,
        "request": context.get("request"),
    }
