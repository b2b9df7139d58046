"""Writing an assessment: in two windows, with the connection lost, and signed out in the middle."""

import re
import time

from playwright.sync_api import expect

from tests.journeys.filling import press

WHY = "What led to this assessment?"
HOME = "How do the family live at the moment?"
SHORTLY = 20_000  # milliseconds


def said(page, words: str) -> None:
    expect(page.locator("[data-autosave-state]")).to_contain_text(words, timeout=SHORTLY)


def slowly(route) -> None:
    """Let the answer to a save take its time, as on a telephone in the country."""
    answer = route.fetch()
    time.sleep(1)
    route.fulfill(response=answer)


def send_all_back(manager) -> None:
    """Let the manager send back whatever waits to be signed."""
    while True:
        manager.goto("/cases/to-sign/")
        waiting = manager.locator("main a[href*='/assessments/']")
        if not waiting.count():
            return
        press(manager, waiting.first)
        press(manager, manager.get_by_role("link", name="Send it back"))
        manager.get_by_label("What is missing").fill("Ask the school too.")
        press(manager, manager.get_by_role("button", name="Send back"))


def begin_one(page) -> None:
    """Begin an assessment of a family of the hub, or go on with one that is being written."""
    page.goto("/cases/open/")
    cases = [one.get_attribute("href") for one in page.locator("main a[href*='/cases/C-']").all()]
    for case in dict.fromkeys(cases):
        page.goto(case)
        start = page.get_by_role("link", name=re.compile("^Begin an"))
        written = page.locator("li", has_text="Being written").get_by_role("link")
        if start.count():
            press(page, start)
            press(page, page.get_by_role("button", name="Begin"))
        elif written.count():
            press(page, written.first)
        else:
            continue
        press(page, page.get_by_role("link", name="About this assessment"))
        return
    raise AssertionError("the hub has no family to assess")


def test_nothing_that_is_typed_is_lost(sign_in):
    send_all_back(sign_in("manager.banbury"))
    page = sign_in("worker.banbury")
    begin_one(page)
    context = page.context

    page.get_by_label(WHY).fill("The school rang twice.")
    said(page, "Saved at")
    other = context.new_page()
    other.goto(page.url)
    expect(other.get_by_label(WHY)).to_have_value("The school rang twice.")

    other.get_by_label(WHY).fill("The nurse rang.")
    said(other, "Saved at")
    page.get_by_label(WHY).fill("The school rang three times.")
    said(page, "both texts are kept")

    # While one save is under way, more is typed, and the button is pressed: no text meets itself.
    page.get_by_label(HOME).fill("At")
    page.route("**/part/about/", slowly)
    said(page, "Saved at")
    page.get_by_label(HOME).fill("At home")
    page.wait_for_timeout(1700)
    page.get_by_label(HOME).fill("At home, the three of them.")
    press(page, page.get_by_role("button", name="Save and see all parts"))
    page.unroute("**/part/about/")
    press(page, page.get_by_role("link", name="About this assessment"))
    expect(page.get_by_label(HOME)).to_have_value("At home, the three of them.")
    expect(page.get_by_role("link", name="Decide what stands here")).to_have_count(1)

    context.set_offline(True)
    page.get_by_label(HOME).fill("With their aunt.")
    said(page, "there is no connection")
    context.set_offline(False)
    said(page, "Saved at")

    context.clear_cookies(name="kith_session")
    page.get_by_label(HOME).fill("With their aunt, since May.")
    said(page, "you are signed out")
    other.goto("/accounts/login/")
    other.get_by_label("E-mail address").fill("worker.banbury@kith.example")
    other.get_by_label("Password", exact=True).fill("kith-demo-2026")
    press(other, other.get_by_role("button", name="Sign in"))
    # Coming back to the window, it is tried again.
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    said(page, "Saved at")

    press(page, page.get_by_role("button", name="Save and see all parts"))
    press(page, page.get_by_role("link", name="About this assessment"))
    expect(page.get_by_label(HOME)).to_have_value("With their aunt, since May.")
    press(page, page.get_by_role("link", name="Decide what stands here"))
    expect(page.get_by_label("What should stand here")).to_have_value(
        "The nurse rang.\n\nThe school rang three times."
    )
    press(page, page.get_by_role("button", name="Let these words stand"))
    expect(page.get_by_label(WHY)).to_have_value("The nurse rang.\n\nThe school rang three times.")
