"""Every page that each kind of user can reach by its links, looked at with axe (WCAG 2.2 AA).

So is every form of them after it was sent empty: the page that says what is missing.
"""

import re
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import Resolver404, resolve

from tests.journeys.conftest import accessibility_problems

PEOPLE = [
    *("desk", "lead", "dpo", "admin"),
    *("manager.banbury", "worker.banbury", "senco", "volunteer"),
    *("officer", "councillor"),
]
MOST_PAGES = 60
NOT_PAGES = ("/static/", "/api/", "/accounts/logout", "mailto:", "tel:")
FILES = (".csv", ".pdf", ".json", ".xlsx")
LINK = re.compile(r"""<a\b[^>]*?\bhref=["']([^"']+)""")
SUMMARY = ".govuk-error-summary"
# Forms that a person fills in; a button alone is an act, not a form.
FORMS = """[...document.querySelectorAll("main form[method=post]")].filter(form =>
    [...form.elements].some(e => e.name && !["hidden", "submit", "button"].includes(e.type)))"""
EMPTY_AND_SEND = f"""number => {{
    const form = {FORMS}[number];
    for (const e of form.elements) {{
        if (["hidden", "submit", "button"].includes(e.type)) continue;
        if (["checkbox", "radio"].includes(e.type)) e.checked = false;
        else if (e.localName === "select") {{
            if ([...e.options].some(option => option.value === "")) e.value = "";
        }} else e.value = "";
    }}
    form.noValidate = true;
    form.requestSubmit(form.querySelector("button:not([type=button])"));
}}"""
LINKS_TO_NOTHING = f"""[...document.querySelectorAll("{SUMMARY} a[href^='#']")]
    .map(a => a.getAttribute("href")).filter(href => !document.getElementById(href.slice(1)))"""
# Forms for which nothing is a right answer: the kind of page, and which of its forms.
MAY_BE_EMPTY = {
    ("referrals:warning_words", 0),  # no word warns
    ("casework:assessment_part", 0),  # a draft is kept as it is
    ("casework:way_safe", 0),  # it is not safe, and nothing more is known
    ("casework:home_change", 0),  # post is not safe there
    ("casework:person_join", 0),  # nobody knows since when they are back
    ("supports:register", 0),  # nobody of ours came
    ("supports:led_register", 0),  # nobody came
    ("directory:decide", 0),  # all of something new stands as it was proposed
    ("directory:said_in", 0),  # an empty box is read in English
    ("directory:hiding", 0),  # something is chosen always
    ("directory:remark", 0),  # it is closed without a reply
    ("directory:source_terms", 0),  # none of theirs is one of ours
    ("visits:notes", 0),  # nothing was noted yet
    ("visits:themes", 0),  # how wide themes are is chosen always
    *((("scrutiny:meeting", number)) for number in range(12)),  # an empty note takes one's own away
    ("visits:themes", 0),  # how alike is chosen always
    ("visits:report", 0),  # the report begins with the aim of the review
    ("scrutiny:old_file", 0),  # what is not answered is asked again
    ("scrutiny:publish_agenda", 0),  # there was time enough, and nothing is to be said
    ("supports:to_know", 0),  # there is nothing to know any more
}
looked_at: set[str] = set()


def kind_of(path: str) -> str | None:
    """Return the name of the page at a path: one of each kind is enough."""
    try:
        return resolve(path).view_name
    except Resolver404:
        return None


def links_of(html: str, link: str) -> list[str]:
    """Return the paths, on this website, of the links in a page."""
    found = (urljoin(link, unescape(href)) for href in LINK.findall(html))
    return [path.split("#")[0] for path in found if path.startswith("/")]


def walk(page, start: str) -> list[str]:
    """Follow links from a page, one of each kind, and return what is wrong on the way.

    A page is drawn only when it is of a kind that nobody has looked at yet.
    """
    problems, waiting, seen_kinds = [], [start], set()
    while waiting and len(seen_kinds) < MOST_PAGES:
        link = waiting.pop(0)
        path = link.split("?")[0]
        kind = kind_of(path)
        if kind is None or kind in seen_kinds or path.startswith(NOT_PAGES) or path.endswith(FILES):
            continue
        seen_kinds.add(kind)
        answer = page.request.get(link)
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        if answer.status >= 400:
            problems.append(f"{link} ({kind}) answered {answer.status}")
            continue
        waiting += links_of(answer.text(), urlsplit(answer.url).path)
        if kind not in looked_at:
            looked_at.add(kind)
            page.goto(link)
            problems += look(page, kind)
            problems += send_nothing(page, link, kind)
    return problems


def look(page, kind: str) -> list[str]:
    """Return what is wrong with how a page looks."""
    problems = accessibility_problems(page)
    wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return problems + ([f"{page.url} ({kind}) is {wide} px too wide"] if wide > 1 else [])


def send_nothing(page, link: str, kind: str) -> list[str]:
    """Send each form of a page empty, and return what is wrong with the page that says so."""
    problems = []
    for number in range(page.evaluate(f"{FORMS}.length")):
        if (kind, number) in MAY_BE_EMPTY:
            continue
        if number:
            page.goto(link)
        with page.expect_navigation() as navigation:
            page.evaluate(EMPTY_AND_SEND, number)
        where = f"{link} ({kind}), form {number}, sent empty:"
        status = navigation.value.status
        if status >= 400:
            problems.append(f"{where} answered {status}")
        elif not page.locator(SUMMARY).count():
            problems.append(f"{where} has no error summary; if nothing is right, say so above")
        else:
            problems += look(page, kind)
            if not page.title().startswith("Error: "):
                problems.append(f"{where} its title is {page.title()!r}")
            if not page.evaluate(f"document.activeElement.matches('{SUMMARY}')"):
                problems.append(f"{where} the focus is not on the summary")
            lost = page.evaluate(LINKS_TO_NOTHING)
            problems += [
                f"{where} the summary links to {href}, which is not there" for href in lost
            ]
    return problems


def test_pages_for_everyone_can_be_used_by_everyone(open_page, site):
    page = open_page(width=320)

    assert walk(page, "/") == []


@pytest.mark.parametrize("who", PEOPLE)
def test_every_page_of_a_role_can_be_used_by_everyone(sign_in, site, who):
    page = sign_in(who, width=320)

    assert walk(page, "/today/") == []
