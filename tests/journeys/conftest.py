"""Journeys use the product as people do: `kith demo` with a tiny county, in Debian's Chromium.

They are skipped, loudly, where there is no Chromium; in CI a missing browser is a failure.
"""

import os
import shutil
from functools import lru_cache
from pathlib import Path

import pytest

from tests.journeys.filling import press

CHROMIUM = os.environ.get("KITH_CHROMIUM") or shutil.which("chromium") or ""
WCAG_22_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def pytest_collection_modifyitems(items):
    for item in items:
        if "journeys" in Path(item.fspath).parts:
            item.add_marker(pytest.mark.journey)
            if not CHROMIUM and not os.environ.get("CI"):
                item.add_marker(pytest.mark.skip(reason="NO BROWSER: install Chromium"))


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    assert CHROMIUM, "Chromium is missing, and here the journeys must run"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
                *("--disable-background-networking", "--disable-component-update"),
                *("--disable-sync", "--disable-dev-shm-usage"),
            ],
        )
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser, site):
    """Open a page as somebody new: `open_page()`, `open_page(width=320)`, `open_page(scripts=False)`.

    A page on which a script fails, or which breaks the content security policy, fails the test.
    """
    contexts, problems = [], []

    def open_one(*, width: int = 1280, scripts: bool = True):
        context = browser.new_context(
            base_url=site.address,
            viewport={"width": width, "height": 900},
            java_script_enabled=scripts,
            locale="en-GB",
        )
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on(
            "console",
            lambda line: (
                problems.append(line.text)
                if line.type == "error" and "Content Security Policy" in line.text
                else None
            ),
        )
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def sign_in(open_page):
    """Sign in as one of the county's people: `sign_in("desk")` is desk@kith.example."""

    def sign_in_as(who: str, **options):
        page = open_page(**options)
        page.goto("/accounts/login/")
        page.get_by_label("E-mail address").fill(f"{who}@kith.example")
        page.get_by_label("Password", exact=True).fill("kith-demo-2026")
        press(page, page.get_by_role("button", name="Sign in").first)
        first = "/committee/" if who == "councillor" else "/today/"  # where their work waits
        assert page.url.endswith(first), page.url
        return page

    return sign_in_as


@lru_cache(maxsize=1)
def axe() -> str:
    from axe_playwright_python.sync_playwright import Axe

    return str(Axe().axe_script)


def accessibility_problems(page) -> list[str]:
    """Return what axe finds against WCAG 2.2 AA on a page, in words."""
    page.evaluate(axe())
    found = page.evaluate(
        "options => axe.run(options).then(results => results.violations)",
        {"runOnly": {"type": "tag", "values": WCAG_22_AA}, "resultTypes": ["violations"]},
    )
    return [
        f"{page.url}: {problem['id']}: {problem['help']}: {node['html'][:200]}"
        for problem in found
        for node in problem["nodes"]
    ]
