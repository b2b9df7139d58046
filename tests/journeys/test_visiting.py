"""A councillor visits a hub with a telephone; the signal comes and goes; themes are made of the notes."""

import re
import uuid

from tests.factories.pictures import make_png
from tests.journeys.conftest import accessibility_problems
from tests.journeys.filling import press

SAVED = re.compile(r"^Saved at \d\d:\d\d\.")


def open_notes(page) -> str:
    """Open the notes of today's visit from the list of one's own, and return their address."""
    page.goto("/committee/reviews/")
    press(page, page.locator(".kith-card a", has_text="Witney hub").first)
    press(page, page.get_by_role("button", name="Write your notes"))
    return page.url


def box(page, question: str):
    """The empty box under a question of the guide."""
    part = page.locator(".kith-notes__question", has_text=question)
    return part.locator(".kith-note").last


def says(page, words) -> None:
    page.locator("[data-autosave-state]").filter(has_text=words).wait_for()


def test_notes_on_a_telephone_outlive_a_lost_signal_and_a_closed_page(sign_in):
    page = sign_in("councillor", width=320)
    where = open_notes(page)
    run = uuid.uuid4().hex[:6]
    quiet, weeks = f"One quiet room, {run}.", f"Two weeks at most, {run}."
    assert accessibility_problems(page) == []

    # Saved by itself, and sent twice it is one note.
    page.get_by_label("Note", exact=True).first.scroll_into_view_if_needed()
    space = box(page, "Is there a room to talk in private")
    space.locator("textarea").fill(quiet)
    says(page, SAVED)
    # The signal goes; words wait in the browser, and the page is closed.
    page.context.set_offline(True)
    demand = box(page, "How long do families wait")
    demand.locator("textarea").fill(weeks)
    demand.locator("select").select_option("staff")
    says(page, "there is no connection")
    assert demand.locator("[type=checkbox]").is_hidden()
    page.evaluate("window.onbeforeunload = null")
    context = page.context
    page.close(run_before_unload=False)
    context.set_offline(False)
    again = context.new_page()
    again.goto(where)
    says(again, SAVED)
    again.reload()
    kept = [area.input_value() for area in again.locator(".kith-note textarea").all()]
    assert kept.count(quiet) == 1
    assert kept.count(weeks) == 1

    # A service user's words ask for their consent, and a number is asked about.
    users = box(again, "What do families and young people say")
    users.locator("select").select_option("user")
    users.locator("textarea").fill("Ring me on 07700 900123, it helped.")
    says(again, "agreed")
    users.locator("[type=checkbox]").check()
    says(again, "telephone number")
    assert accessibility_problems(again) == []

    press(again, again.get_by_role("button", name="Add a photograph"))
    again.get_by_label("Photograph").set_input_files(
        {"name": "garden.png", "mimeType": "image/png", "buffer": make_png()}
    )
    again.get_by_label("What does it show?").fill("The garden")
    press(again, again.get_by_role("button", name="Add the photograph"))
    # A picture is fetched once somebody looks at it.
    picture = again.locator("img[alt='The garden']").first
    picture.evaluate("image => image.scrollIntoView()")
    again.wait_for_function("image => image.naturalWidth > 0", arg=picture.element_handle())
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert again.evaluate(wide) <= 1


def test_notes_and_themes_without_a_script(sign_in):
    page = sign_in("officer", scripts=False)
    page.goto("/committee/reviews/")
    press(page, page.get_by_role("link", name="Early intervention hubs", exact=True))
    press(page, page.get_by_role("link", name="Themes", exact=True))
    press(page, page.get_by_role("button", name="Propose themes from the notes"))
    assert "What people placed has not moved." in page.inner_text("main")
    press(page, page.get_by_role("button", name="Move", exact=True))
    assert "Tick at least one sentence" in page.inner_text("main")
    page.get_by_label("Two vacancies, both advertised twice without a candidate.").check()
    page.get_by_label("Move what is ticked to").select_option("new")
    page.get_by_label("Name of the new theme").fill("Empty posts")
    press(page, page.get_by_role("button", name="Move", exact=True))
    assert "1 sentence moved to “Empty posts”." in page.inner_text("main")
    press(page, page.get_by_role("link", name="Empty posts", exact=True))
    assert "Two vacancies" in page.inner_text("main")
