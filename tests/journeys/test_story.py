"""A school's request, from its first page to the notice of what came of it, by everyone on its way."""

import re

from tests.journeys.filling import answer, ask_for_help, open_by_code, press, wait_for_letter
from tests.referrals.asking import EVERYONE

ASKED = EVERYONE | {"home": {"postcode": "OX16 5QB", "address": "1 Example Road"}}


def save(page) -> None:
    """Press the button under the question of this page."""
    press(page, page.locator("main form button.govuk-button").first)


def a_team_meets(worker, partner, mother, site, case: str) -> None:
    """The mother agrees that volunteers join; they are asked to a meeting and answer; so does she,
    on her own page."""
    worker.goto(f"/cases/{case}/")
    press(worker, worker.get_by_role("link", name="Add, correct, and see where they live"))
    press(worker, worker.locator("a[href$='/people/add/']").first)
    answer(worker, {"given_names": "Grace", "family_name": "Okafor", "role": "mother"})
    save(worker)
    worker.goto(f"/cases/{case}/")
    press(worker, worker.get_by_role("link", name="Add, correct, and see where they live"))
    person = worker.locator("a[href*='/people/']", has_text="Grace Okafor").first
    worker.goto(f"{person.get_attribute('href')}reach/")
    answer(worker, {"kind": "email", "value": "grace@home.example", "safe": "on"})
    save(worker)
    worker.goto(f"/cases/{case}/sharing/agreed/")
    worker.get_by_label("Grace Okafor, mother").check()
    answer(worker, {"purpose": "team", "with_whom": "voluntary", "how": "spoken"})
    save(worker)
    worker.goto(f"/cases/{case}/team/add/")
    answer(worker, {"kind": "partner", "name": "Vera Lunt", "email": "vera@volunteers.example"})
    volunteers = worker.locator("[name='organisation'] optgroup[label^='Voluntary'] option").first
    answer(worker, {"organisation": volunteers.get_attribute("value"), "role": "Volunteer"})
    save(worker)
    worker.goto(f"/cases/{case}/team/add/")
    answer(worker, {"kind": "family", "role": "Mother"})
    worker.locator("[name='person']").select_option(label="Grace Okafor, Mother")
    save(worker)
    worker.goto(f"/cases/{case}/meeting/")
    day = {"on_day": "3", "on_month": "3", "on_year": "2031", "time": "2pm"}
    answer(worker, day | {"place": "The library", "agenda": "How the mornings go"})
    save(worker)
    worker.goto(f"/cases/{case}/family-page/")
    worker.get_by_label(re.compile("grace@home.example")).check()
    save(worker)

    asked = wait_for_letter(site, "To: grace@home.example\nSubject: A meeting with you")
    assert "Monday 3 March 2031, 2pm" in asked and "How the mornings go" not in asked
    open_by_code(partner, site, "vera@volunteers.example", "our-team")
    assert "How the mornings go" in partner.inner_text("main")
    press(partner, partner.get_by_text("Say whether you will come"))
    answer(partner, {"reply": "coming", "words": "I bring the key."})
    save(partner)
    open_by_code(mother, site, "grace@home.example", "our-page")
    seen = mother.inner_text("main")
    assert "The library" in seen and "Vera Lunt, Volunteer" in seen and "How the" not in seen
    answer(mother, {"words": "Please not before nine."})
    save(mother)

    worker.goto(f"/cases/{case}/team/")
    press(worker, worker.get_by_role("link", name="3 March 2031 at 2pm"))
    assert "I bring the key." in worker.inner_text("main")
    worker.goto(f"/cases/{case}/")
    assert "Please not before nine." in worker.inner_text("main")


def name_of(page) -> str:
    """Return whose page this is, from its header."""
    return page.locator("header a").all_inner_texts()[-1].strip()


def test_a_schools_request_goes_its_whole_way_and_the_school_hears_what_came_of_it(
    sign_in, open_page, site
):
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

    a_team_meets(worker, open_page(width=320), open_page(width=320), site, case)

    manager.goto(f"/cases/{case}/close/")
    answer(
        manager,
        {
            "reason": "goals_met",
            "outcome": "better",
            "words": "Ada is on time most days.",
            "family_words": "You have done this together.",
            "rest_ends": "on",
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
