"""Filling in pages as a person would, whatever the order in which they come."""

import email
import email.policy
import re
import time


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


def wait_for_letter(site, words: str, seconds: float = 60) -> str:
    """Return the sent e-mail that has these words, once the worker has sent it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for letter in sorted(
            (site.var / "mail").glob("*.eml"), key=lambda one: -one.stat().st_mtime
        ):
            text = read(letter)
            if words in text:
                return text
        time.sleep(0.5)
    raise AssertionError(f"no e-mail says {words!r}")


def read(letter) -> str:
    """Return an e-mail: whom it goes to, what it is about, and its words, as they are read."""
    message = email.message_from_bytes(letter.read_bytes(), policy=email.policy.default)
    body = message.get_body(("plain",)).get_content()
    return f"To: {message['to']}\nSubject: {message['subject']}\n{body}"


def open_by_code(page, site, to: str, way: str) -> None:
    """Open the page of somebody without an account: the link and then the code, from their e-mails."""
    link = re.search(rf"/{way}/open/\S+", wait_for_letter(site, f"/{way}/open/"))
    page.goto(link[0])
    press(page, page.get_by_role("button", name="Send me a code"))
    code = re.search(r"\b\d{6}\b", wait_for_letter(site, f"To: {to}\nSubject: Your code"))
    page.get_by_label("Code").fill(code[0])
    press(page, page.get_by_role("button", name="Open my page"))
