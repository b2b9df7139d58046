"""Asking for help, page by page, by each who may: every page looked at with axe on the way."""

import re

from tests.journeys.conftest import accessibility_problems
from tests.journeys.filling import answer, press
from tests.referrals.asking import EVERYONE, PARENT

HOME = {"home": {"postcode": "OX16 5QB", "address": "1 Example Road"}}


def ask(page, answers: dict, *, axe: bool) -> tuple[list[str], list[str]]:
    """Ask for help; return the names of the pages met, and what is wrong with how they look."""
    met, wrong = [], []

    def look():
        page.wait_for_load_state()
        met.append(re.search(r"/requests/new/(?:\d+/)?([a-z_]*)/?", page.url)[1] or "begin")
        if not axe:
            return
        wrong.extend(accessibility_problems(page))
        wide = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        wrong.extend([f"{page.url} is {wide} px too wide"] if wide > 1 else [])

    page.goto("/requests/new/")
    look()
    answer(page, {"danger": "no"})
    press_button(page, "Continue")
    for _ in range(60):
        look()
        name = met[-1]
        if name == "check":
            break
        if name == "stop":
            press_button(page, "Go on with the request")
            continue
        answer(page, answers[name])
        press_button(page, "ontinue")
        if page.locator("main input[name=chosen][type=radio]").count():
            look()
            page.locator("main input[name=chosen]").first.check()
            press_button(page, "ontinue")
    press_button(page, "Send the request")
    look()
    return met, wrong


def press_button(page, words: str) -> None:
    press(page, page.get_by_role("button", name=re.compile(words)).last)


def test_a_parent_asks_on_a_telephone_is_told_whom_to_call_and_follows_it(open_page):
    page = open_page(width=320)
    answers = PARENT | HOME | {"worry": {"worry": "We shout all day, and he hits me."}}

    met, wrong = ask(page, answers, axe=True)

    assert wrong == []
    assert met.index("stop") == met.index("worry") + 1 and met[-1] == "done"
    link = page.locator("main a[href*='/requests/link/']").get_attribute("href")
    later = open_page(width=320)
    later.goto(link)
    assert "/requests/sent/R-" in later.url
    assert "Waiting for a decision" in later.inner_text("main")
    assert accessibility_problems(later) == []
    press(later, later.get_by_role("link", name="A short copy in plain words"))
    assert "We shout all day" in later.inner_text("main")
    assert accessibility_problems(later) == []


def test_a_worker_without_an_account_asks_without_scripts_and_comes_back_to_it(open_page):
    page = open_page(scripts=False)
    page.goto("/requests/new/")
    answer(page, {"danger": "no"})
    press_button(page, "Continue")
    answer(page, EVERYONE["who"])
    press_button(page, "continue")
    press(page, page.get_by_role("link", name="Save and come back later"))
    link = page.locator("main a[href*='/requests/back/']").get_attribute("href")

    elsewhere = open_page(scripts=False)
    elsewhere.goto(link)
    assert "About you" in elsewhere.inner_text("main")
    # Any school of the county that has these letters in its name.
    answers = EVERYONE | HOME
    answers |= {"school": {"school_name": "school"}}
    answers |= {"organisation": {"sender_organisation_name": "primary school"}}
    met, _ = ask(elsewhere, answers, axe=False)

    assert met.count("school") == 2 and met.count("organisation") == 2
    assert re.search(r"R-\d{4}-\d{6}", elsewhere.inner_text("main"))


def test_a_school_signs_in_asks_and_finds_it_in_its_list(sign_in):
    page = sign_in("senco")

    met, wrong = ask(page, EVERYONE | HOME, axe=True)

    assert wrong == []
    assert "who" not in met and "organisation" not in met
    number = re.search(r"R-\d{4}-\d{6}", page.inner_text("main"))[0]
    page.goto("/requests/sent/")
    assert number in page.inner_text("main")
    press(page, page.get_by_role("link", name=number))
    assert accessibility_problems(page) == []
    press(page, page.get_by_role("button", name="Make a link for the family"))
    assert "/requests/link/" in page.inner_text("main")
