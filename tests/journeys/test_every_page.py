"""Every page that each kind of user can reach by its links, looked at with axe (WCAG 2.2 AA)."""

from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve

from tests.journeys.conftest import accessibility_problems

PEOPLE = ["desk", "lead", "dpo", "admin", "manager.banbury", "worker.banbury", "senco"]
MOST_PAGES = 60
NOT_PAGES = ("/static/", "/api/", "/accounts/logout", "mailto:", "tel:")
FILES = (".csv", ".pdf", ".json", ".xlsx")
looked_at: set[str] = set()


def kind_of(path: str) -> str | None:
    """Return the name of the page at a path: one of each kind is enough."""
    try:
        return resolve(path).view_name
    except Resolver404:
        return None


def links_of(page, address: str) -> list[str]:
    found = page.eval_on_selector_all(
        "main a[href], nav a[href], footer a[href]",
        "all => all.map(a => new URL(a.getAttribute('href'), document.baseURI).href)",
    )
    return [
        urlsplit(link).path + (f"?{urlsplit(link).query}" if urlsplit(link).query else "")
        for link in found
        if link.startswith(address)
    ]


def walk(page, address: str, start: str) -> list[str]:
    """Follow links from a page, one of each kind, and return what axe finds on the way."""
    problems, waiting, seen_kinds = [], [start], set()
    while waiting and len(seen_kinds) < MOST_PAGES:
        link = waiting.pop(0)
        path = link.split("?")[0]
        kind = kind_of(path)
        if kind is None or kind in seen_kinds or path.startswith(NOT_PAGES) or path.endswith(FILES):
            continue
        seen_kinds.add(kind)
        try:
            answer = page.goto(link)
        except Exception as error:
            if "Download is starting" in str(error):
                continue
            raise
        assert answer is not None
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        if answer.status >= 400:
            problems.append(f"{link} ({kind}) answered {answer.status}")
            continue
        if kind not in looked_at:
            looked_at.add(kind)
            problems += accessibility_problems(page)
            wide = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            if wide > 1:
                problems.append(f"{link} ({kind}) is {wide} px too wide")
        waiting += links_of(page, address)
    return problems


def test_pages_for_everyone_can_be_used_by_everyone(open_page, site):
    page = open_page(width=320)

    assert walk(page, site.address, "/") == []


@pytest.mark.parametrize("who", PEOPLE)
def test_every_page_of_a_role_can_be_used_by_everyone(sign_in, site, who):
    page = sign_in(who, width=320)

    assert walk(page, site.address, "/today/") == []
