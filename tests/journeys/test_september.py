"""The story of a review, as a committee lives it: visits, themes, a meeting, recommendations, the executive's answer,
the report; and the return a year later to what was recommended then.

The return is to the review that the demonstration county made a year ago: its figures were counted from records
that really lie between, and no clock was moved.
"""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.journeys.conftest import accessibility_problems
from tests.journeys.filling import answer, press, wait_for_letter
from tests.paper import words_of_paper

SECRET = "the landlord asks too much"
VISIT, BEGINS, CONFIRMS = (
    ("23:58", "23:59"),
    "00:01",
    "00:02",
)  # of today: the one to come, the other begun
SAVED = re.compile(r"^Saved at \d\d:\d\d\.")


def today(name: str) -> dict:
    """A day in the three boxes of a field."""
    on = date.today()
    return {f"{name}_day": on.day, f"{name}_month": on.month, f"{name}_year": on.year}


def save(page, label: str = "Save") -> None:
    press(page, page.locator("main").get_by_role("button", name=label, exact=True).first)
    assert not page.locator(".govuk-error-summary").count(), page.inner_text(".govuk-error-summary")


def follow(page, name: str, **more) -> None:
    press(page, page.locator("main").get_by_role("link", name=name, **more).first)


def choose(page, name: str, words: str) -> None:
    """Choose what holds some words in a list."""
    option = page.locator(f"main [name='{name}'] option", has_text=words).last
    page.locator(f"main [name='{name}']").select_option(value=option.get_attribute("value"))


def test_the_story_of_a_review_from_the_first_visit_to_the_return(sign_in, open_page, site):
    officer = sign_in("officer")
    councillor = sign_in("councillor", width=320)
    citizen = open_page()

    review = begin_a_review_with_a_visit(officer)
    a_councillor_signs_up_and_notes_what_she_saw(councillor, review)
    theme = a_theme_is_made_of_the_notes(officer, review)
    meeting = a_meeting_is_called(officer)
    a_citizen_reads_the_agenda_and_nothing_that_is_not_for_the_public(citizen, meeting)
    the_meeting_is_held_and_minuted(officer, meeting)
    number = a_recommendation_is_agreed_from_the_theme(officer, review, theme, meeting)
    the_executive_answers_by_its_link(open_page, site)
    the_report_is_published_and_read(officer, citizen, review)
    the_minutes_are_published(officer, citizen, meeting)
    the_next_meeting_confirms_the_minutes_and_corrects_a_word(officer, citizen, meeting)
    everybody_follows_it_and_finds_it_by_its_words(officer, citizen, number)
    a_year_later_figures_say_what_changed(officer, citizen)


def begin_a_review_with_a_visit(page) -> str:
    page.goto("/committee/reviews/new/")
    answer(page, {"title": "Doors that families find", "fewest_visitors": 2, **today("began_on")})
    page.locator("[name=committee]").select_option(index=1)
    save(page, page.locator("main form button").last.inner_text())
    review = page.url
    follow(page, "Plan a visit")
    page.locator("[name=hub]").select_option(label="Banbury")
    answer(page, {**today("on"), "starts": VISIT[0], "ends": VISIT[1]})
    save(page, page.locator("main form button").last.inner_text())
    page.goto(review)
    assert "Nobody. 2 more members are missing." in page.inner_text("main")
    return review


def a_councillor_signs_up_and_notes_what_she_saw(page, review: str) -> None:
    page.goto(review)
    press(page, page.locator(".kith-card a", has_text="Banbury").first)
    save(page, "I will go")
    press(page, page.get_by_role("button", name="Write your notes"))
    for number, words in enumerate(
        ("Families did not find the door: there is no sign.", "No sign at the bus stop either, so families walk past.",
         "The sign on the door is small; families ring at the library.")
    ):  # fmt: skip
        page.locator(".kith-note textarea").nth(number).fill(words)
    page.locator("[data-autosave-state]").filter(has_text=SAVED).wait_for()
    assert accessibility_problems(page) == []


def a_theme_is_made_of_the_notes(page, review: str) -> str:
    page.goto(f"{review}themes/")
    save(page, "Propose themes from the notes")
    for box in page.locator("[name=evidence]").all():
        box.check()
    answer(page, {"to": "new", "title": "The door"})
    save(page, "Move")
    follow(page, "The door")
    theme = page.url
    follow(page, "Name it", exact=False)
    answer(page, {"findings": "Families do not find the hub: signs are small or missing."})
    save(page, page.locator("main form button").last.inner_text())
    return theme


def plan_a_meeting(page, begins: str) -> str:
    page.goto("/committee/meetings/add/")
    answer(page, {**today("day"), "starts": begins, "ends": "03:59", "place": "County Hall"})
    save(page, page.locator("main form button").last.inner_text())
    return str(page.url)


def call_it(page) -> None:
    """Publish an agenda without the days of notice: the page asks why."""
    follow(page, "Publish the agenda")
    press(page, page.locator("main form button").last)
    assert "Say why the meeting is called at shorter notice" in page.inner_text("main")
    answer(page, {"short_notice": "Winter is near, and the signs are dark."})
    save(page, page.locator("main form button").last.inner_text())


def public_page(meeting: str) -> str:
    return f"/committees/meetings/{meeting.rstrip('/').rsplit('/', 1)[-1]}/"


def a_meeting_is_called(page) -> str:
    meeting = plan_a_meeting(page, BEGINS)
    for item in (
        {"title": "Doors that families find", "words": "What members saw."},
        {"title": "A lease", "words": SECRET, "exempt": "on", "paragraphs": ["3"], "public_interest": "A negotiation."},
    ):  # fmt: skip
        page.goto(f"{meeting}items/add/")
        answer(page, item)
        save(page, page.locator("main form button").last.inner_text())
    call_it(page)
    return meeting


def a_citizen_reads_the_agenda_and_nothing_that_is_not_for_the_public(page, meeting: str) -> None:
    page.goto(public_page(meeting))
    shown = page.inner_text("main")
    assert re.search(r"\d+/\d\d Doors that families find", shown) and "A lease" in shown
    assert "Paragraph 3 of Schedule 12A" in shown and "A negotiation." in shown
    for where in (page.url, "/committees/search/?q=landlord", "/committees/feed.atom"):
        assert SECRET not in page.request.get(where).text()


def the_meeting_is_held_and_minuted(page, meeting: str) -> None:
    minutes = f"{meeting}minutes/"
    page.goto(minutes)
    save(page, "The meeting begins now")
    press(page, page.get_by_role("link", name=re.compile("Change.*Joan Pettifer")))
    answer(page, {"state": "apologies"})
    save(page, page.locator("main form button").last.inner_text())
    page.goto(minutes)
    save(page, "All others were present")
    assert re.search(r"Joan Pettifer\s+Apologies", page.inner_text("main"))
    press(
        page,
        page.locator("main section, main")
        .get_by_role("link", name=re.compile("Write.*Doors"))
        .first,
    )
    for point in (
        {"kind": "question", "speaker": "Cllr Morgan", "words": "She asked why no sign is at the stop."},
        {"kind": "request", "words": "The committee asked for a plan of signs at its next meeting."},
        {"kind": "resolution", "words": "That signs be looked at again in a year.", "votes_for": 7, "votes_against": 0},
    ):  # fmt: skip
        answer(page, point)
        save(page, "Keep")
    question = page.locator("[name=answers] option", has_text="why no sign").get_attribute("value")
    answer(page, {"kind": "response", "speaker": "Service Manager", "words": "Nobody has asked the bus company yet.", "answers": question})  # fmt: skip
    save(page, "Keep")
    press(page, page.locator(".kith-point", has_text="asked for a plan").get_by_role("link", name=re.compile("Something was asked for")))  # fmt: skip
    answer(page, {"title": "A plan of signs"})
    save(page, page.locator("main form button").last.inner_text())


def a_recommendation_is_agreed_from_the_theme(page, review: str, theme: str, meeting: str) -> str:
    page.goto(theme)
    follow(page, "The committee agreed the findings")
    page.get_by_label(re.compile("Doors that families find")).first.check()
    save(page)
    page.goto("/committee/recommendations/new/")
    choose(page, "theme", "The door")
    answer(page, {
        "words": "Put a sign at each hub and at each stop near it.", "parts": "A sign at each hub.\nA sign at each stop.",
        "why": "Families walk past.", "owned": "post", "owner": "Head of Property", "owner_email": "property@county.example",
    })  # fmt: skip
    save(page, "Save the draft")
    one = page.url
    assert "How?" in page.inner_text("main"), "gaps are shown, and stop nothing"
    page.goto(f"{one}agree/")
    choose(page, "item", "Doors that families find")
    save(page, page.locator("main form button").last.inner_text())
    page.goto(f"{one}measure/")
    answer(page, {"figure": "requests-received"})
    save(page, page.locator("main form button").last.inner_text())
    page.goto(f"{one}send/")
    answer(
        page,
        {
            "law": "executive",
            "to": "The Cabinet",
            "email": "cabinet@county.example",
            **today("received_on"),
        },
    )
    save(page, page.locator("main form button").last.inner_text())
    assert "An answer is due in law by" in page.inner_text("body")
    return one


def the_executive_answers_by_its_link(open_page, site) -> None:
    letter = wait_for_letter(site, "Put a sign at each hub and at each stop near it.")
    page = open_page(width=320)
    page.goto(re.search(r"/committee/recommendations/answer/[\w-]+/", letter)[0])
    assert accessibility_problems(page) == []
    choose(page, "part", "A sign at each stop")
    answer(page, {"said": "not", "words": "The stops are not the council’s."})
    press(page, page.locator("main form button").last)
    assert "reason" in page.inner_text(".govuk-error-summary").lower(), "what is refused says why"
    answer(page, {"reason": "The bus company owns them."})
    save(page, page.locator("main form button").last.inner_text())
    choose(page, "part", "A sign at each hub")
    answer(
        page,
        {
            "said": "accepted",
            "words": "Yes.",
            "action": "Signs at all hubs",
            "action_owner": "Head of Property",
        },
    )
    answer(page, today("action_due"))
    save(page, page.locator("main form button").last.inner_text())
    assert "The committee has your answer" in page.inner_text("body")


def the_report_is_published_and_read(officer, citizen, review: str) -> None:
    officer.goto(f"{review}report/")
    assert "Banbury" in officer.inner_text("main"), "what it lacks is said, and stops nothing"
    answer(officer, {"words": "The committee wanted to know how families find the hubs."})
    save(officer, "Keep the introduction")
    save(officer, "Publish the report")
    follow(officer, "as everybody reads it")
    citizen.goto(officer.url)
    shown = citizen.inner_text("main")
    assert "Families do not find the hub: signs are small or missing." in shown
    assert "Put a sign at each hub and at each stop near it." in shown
    assert "ring at the library" not in shown, "no note of a visit stands in it"
    pdf = citizen.request.get(f"{citizen.url}report.pdf")
    assert pdf.ok and "Families do not find the hub" in words_of_paper(pdf.body())
    assert accessibility_problems(citizen) == []


def the_minutes_are_published(officer, citizen, meeting: str) -> None:
    officer.goto(f"{meeting}end/")
    over = f"{datetime.now(ZoneInfo('Europe/London')) - timedelta(minutes=1):%H:%M}"
    answer(officer, {"began": BEGINS, "finished": over, "chair": "Cllr Margaret Aldworth"})
    save(officer, officer.locator("main form button").last.inner_text())
    officer.goto(f"{meeting}minutes/")
    save(officer, "The draft is written")
    follow(officer, "The chair has cleared it")
    save(officer, officer.locator("main form button").last.inner_text())
    officer.goto(f"{meeting}minutes/")
    press(officer, officer.get_by_role("button", name=re.compile("^Publish")).first)
    citizen.goto(public_page(meeting))
    shown = citizen.inner_text("main")
    assert (
        "She asked why no sign is at the stop." in shown
        and "Nobody has asked the bus company yet." in shown
    )
    assert "Not confirmed yet: a later meeting may correct them." in shown and SECRET not in shown


def everybody_follows_it_and_finds_it_by_its_words(officer, citizen, one: str) -> None:
    officer.goto(one)
    assert "The bus company owns them." in officer.inner_text("main")
    press(
        officer, officer.get_by_role("button", name=re.compile("^(Publish|Let the public)")).first
    )
    citizen.goto("/committees/search/?q=bus+company+sign&kind=recommendation")
    assert citizen.locator("mark").count(), "the words that were looked for are marked"
    press(citizen, citizen.get_by_role("link", name=re.compile("Put a sign at each hub")).last)
    shown = citizen.inner_text("main")
    assert "Accepted" in shown and "Not accepted" in shown and "Signs at all hubs" in shown


def the_next_meeting_confirms_the_minutes_and_corrects_a_word(
    officer, citizen, meeting: str
) -> None:
    plan_a_meeting(officer, CONFIRMS)
    call_it(officer)
    officer.goto(f"{officer.url.split('#')[0]}minutes/")
    save(officer, "The meeting begins now")
    for way, words in (("correct", "For “stop” read “stops”."), ("confirm", "")):
        officer.goto(f"{meeting}minutes/{way}/")
        officer.locator("[name=at_meeting]").select_option(index=1)
        answer(officer, {"words": words} if words else {})
        save(officer)
    officer.goto(f"{meeting}minutes/")
    press(officer, officer.get_by_role("button", name=re.compile("^Publish")).first)
    citizen.goto(public_page(meeting))
    shown = citizen.inner_text("main")
    assert "Confirmed as a correct record" in shown and "For “stop” read “stops”." in shown
    assert "She asked why no sign is at the stop." in shown, "what was confirmed keeps its words"


def a_year_later_figures_say_what_changed(officer, citizen) -> None:
    """What was recommended a year ago comes back with a paper that wrote itself from the county's records."""
    officer.goto("/committee/recommendations/")
    press(officer, officer.get_by_role("link", name=re.compile(r"^R2\b")).last)
    shown = officer.inner_text("main")
    assert (
        re.search(r"Cannot tell|Too early|[Mm]ore|[Ff]ewer", shown) and "What one can tell" in shown
    )
    officer.goto("/committee/")
    coming = officer.locator("h2", has_text="Meetings to come").locator(
        "xpath=following-sibling::ul[1]"
    )
    press(officer, coming.get_by_role("link").last)
    press(
        officer,
        officer.get_by_role("link", name=re.compile("Publish the agenda|Publish a supplement")),
    )
    save(officer, officer.locator("main form button").last.inner_text())
    citizen.goto(public_page(officer.url.split("#")[0]))
    press(
        citizen,
        citizen.get_by_role(
            "link", name=re.compile("Recommendations followed up: what was promised")
        ),
    )
    paper = citizen.inner_text("main")
    assert "On the day of the decision" in paper and "What one can tell" in paper
    assert "That a figure moved does not say that the recommendation moved it." in paper
    assert citizen.request.get(f"{citizen.url}paper.pdf").ok
