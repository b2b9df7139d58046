"""Filling in pages as a person would, whatever the order in which they come."""

import re


def press(page, what) -> None:
    """Press what leads to another page, and go on when that is there."""
    with page.expect_navigation():
        what.click()


def answer(page, values: dict) -> None:
    """Fill in the fields of this page by name."""
    for name, value in values.items():
        for each in value if isinstance(value, list) else [value]:
            field = page.locator(f"main [name='{name}']")
            kind = field.first.get_attribute("type") or field.first.evaluate("e => e.localName")
            if kind in ("radio", "checkbox"):
                wanted = page.locator(f"main [name='{name}'][value='{each}']")
                (wanted if wanted.count() else field.first).check()
            elif kind == "select":
                field.select_option(str(each))
            else:
                field.fill(str(each))


def ask_for_help(page, answers: dict) -> str:
    """Answer page after page of a request, send it, and return its number."""
    page.goto("/requests/new/")
    answer(page, {"danger": "no"})
    press(page, page.get_by_role("button", name="Continue").first)
    for _ in range(60):
        place = re.search(r"/requests/new/\d+/([a-z_]+)/", page.url)
        assert place, page.url
        if place[1] == "check":
            break
        answer(page, answers[place[1]])
        press(page, page.get_by_role("button", name="Continue").first)
    else:
        raise AssertionError(f"the form does not end: {page.url}\n{page.inner_text('main')}")
    press(page, page.get_by_role("button", name=re.compile("^Send")).first)
    number = re.search(r"R-\d{4}-\d{6}", page.inner_text("main"))
    assert number, page.inner_text("main")
    return number[0]
