"""Filling in pages as a person would, whatever the order in which they come."""

import re


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


def ask_for_help(page, answers: dict, *, press: str = "Continue") -> str:
    """Answer page after page of a request, send it, and return its number."""
    page.goto("/requests/new/")
    answer(page, {"danger": "no"})
    page.get_by_role("button", name=press).first.click()
    for _ in range(60):
        page.wait_for_load_state()
        place = re.search(r"/requests/new/\d+/([a-z_]+)/", page.url)
        assert place, page.url
        if place[1] == "check":
            break
        answer(page, answers[place[1]])
        page.get_by_role("button", name=press).first.click()
    else:
        raise AssertionError(f"the form does not end: {page.url}\n{page.inner_text('main')}")
    page.get_by_role("button", name=re.compile("^Send")).first.click()
    page.wait_for_url("**/done/")
    number = re.search(r"R-\d{4}-\d{6}", page.inner_text("main"))
    assert number, page.inner_text("main")
    return number[0]
