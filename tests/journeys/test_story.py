"""A school's request, from its first page to the notice of what came of it, by everyone on its way."""

import re
import time

from tests.journeys.filling import answer, ask_for_help, press
from tests.referrals.asking import EVERYONE

ASKED = EVERYONE | {"home": {"postcode": "OX16 5QB", "address": "1 Example Road"}}


def wait_for_letter(site, words: str, seconds: float = 60) -> str:
    """Return the sent e-mail that has these words, once the worker has sent it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for letter in sorted((site.var / "mail").glob("*")):
            text = letter.read_text(errors="replace")
            if words in text:
                return text
        time.sleep(0.5)
    raise AssertionError(f"no e-mail says {words!r}")


def name_of(page) -> str:
    """Return whose page this is, from its header."""
    return page.locator("header a").all_inner_texts()[-1].strip()


def test_a_schools_request_goes_its_whole_way_and_the_school_hears_what_came_of_it(sign_in, site):
    school = sign_in("senco")
    number = ask_for_help(school, ASKED)
    wait_for_letter(site, f"Your request {number} has arrived")

    desk = sign_in("desk")
    desk.goto("/requests/desk/")
    desk.goto(f"/requests/desk/{number}/")
    assert "Often late, and tired." in desk.inner_text("main")
    press(desk, desk.get_by_text("Accept to a hub"))
    desk.get_by_label("Banbury (suggested)").check()
    answer(desk, {"reason": "It is their area.", "words": "Banbury will ring the family."})
    press(desk, desk.get_by_role("button", name="Accept for this hub"))
    decided = wait_for_letter(site, f"Your request {number}: what we decided")
    assert "Banbury will ring the family." in decided
    assert "It is their area." not in decided

    worker = sign_in("worker.banbury", width=320)
    case = number.replace("R-", "C-")
    assert worker.goto(f"/cases/{case}/").status == 200

    manager = sign_in("manager.banbury")
    manager.goto(f"/cases/{case}/")
    press(manager, manager.get_by_text("Give to a worker"))
    manager.get_by_label(name_of(worker)).check()
    answer(manager, {"reason": "Knows the school."})
    press(manager, manager.get_by_role("button", name="Give to this worker"))

    worker.goto("/cases/")
    worker.goto(f"/cases/{case}/contact/")
    answer(
        worker,
        {
            "succeeded": "yes",
            "with_whom": "Grace Okafor",
            "sender_words": "We have spoken with the mother.",
            "how": "phone",
            "words": "She is glad of help.",
        },
    )
    press(worker, worker.get_by_role("button", name="Save contact"))
    assert "She is glad of help." in worker.inner_text("main")
    reached = wait_for_letter(site, f"Your request {number}: we have been in touch")
    assert "We have spoken with the mother." in reached
    assert "She is glad of help." not in reached

    worker.goto(f"/cases/{case}/action/")
    answer(
        worker,
        {
            "what": "Breakfast club at school",
            "who": "worker",
            "due_on_day": "1",
            "due_on_month": "3",
            "due_on_year": "2031",
        },
    )
    worker.locator("main [name='owner']").select_option(label=name_of(worker))
    press(worker, worker.get_by_role("button", name="Save action"))
    assert "Breakfast club at school" in worker.inner_text("main")

    manager.goto(f"/cases/{case}/close/")
    answer(
        manager,
        {
            "reason": "goals_met",
            "outcome": "better",
            "words": "Ada is on time most days.",
            "family_words": "You have done this together.",
            "drop_actions": "on",
        },
    )
    press(manager, manager.get_by_role("button", name="Close the case"))
    ended = wait_for_letter(site, f"Your request {number}: what came of it")
    assert "Ada is on time most days." in ended

    school.goto(f"/requests/sent/{number}/")
    seen = school.inner_text("main")
    for words in (
        "Banbury will ring the family.",
        "We have spoken with the mother.",
        "Ada is on time most days.",
    ):
        assert words in seen
    assert "She is glad of help." not in seen
    assert "It is their area." not in seen


def test_two_people_decide_together_and_the_second_is_told_politely(sign_in, site):
    first, second = sign_in("desk"), sign_in("lead")
    first.goto("/requests/desk/?state=waiting&holder=nobody")
    number = re.search(r"/requests/desk/(R-\d{4}-\d{6})/", first.content())[1]
    for page in (first, second):
        page.goto(f"/requests/desk/{number}/decide/no-further-action/")
        answer(page, {"reason": "The school helps already."})
        press(page, page.get_by_role("button", name="Continue"))
    for page in (first, second):
        press(page, page.get_by_role("button", name="Confirm"))

    assert f"{name_of(first)} has already decided" in second.inner_text("main")


def test_an_emergency_number_is_on_the_first_page_and_danger_stops_the_way(open_page, site):
    page = open_page(width=320, scripts=False)
    page.goto("/")
    assert "999" in page.inner_text("body")
    page.goto("/requests/new/")
    answer(page, {"danger": "yes"})
    press(page, page.get_by_role("button", name="Continue").first)

    assert "/stop/" in page.url
    assert "999" in page.inner_text("main")
