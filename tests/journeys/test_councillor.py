"""A councillor with a tablet: signs in, sees what is new, writes a note for themselves and finds it again."""

import re
import uuid

from tests.journeys.conftest import accessibility_problems
from tests.journeys.filling import press


def test_a_councillor_finds_on_one_page_what_is_theirs(sign_in):
    page = sign_in("councillor", width=768)
    page.goto("/today/")
    assert page.url.endswith("/committee/")
    assert accessibility_problems(page) == []
    meetings = page.get_by_role("region", name="My meetings")
    first = meetings.locator(".kith-items__item").first
    assert page.get_by_role("region", name="Questions I asked").get_by_text("Not answered").count()
    assert (
        page.get_by_role("region", name="What changed in my division")
        .get_by_text("No figure is counted for a division alone")
        .is_visible()
    )

    # Opening a meeting makes nothing of it new any more; a note is kept under one of its items.
    press(page, first.get_by_role("link").first)
    where = page.url
    mark = f"Ask about the garden, {uuid.uuid4().hex[:6]}"
    item = page.locator(".kith-items__item", has_text="My own notes").first
    item.get_by_text("My own notes").click()
    item.locator("textarea").fill(mark)
    press(page, item.get_by_role("button", name="Keep"))
    press(page, page.get_by_role("link", name="Committee", exact=True).first)
    assert "Nothing new since you opened it" in first.inner_text()

    # Found by its words, it leads back to its place.
    press(page, page.get_by_role("link", name=re.compile(r"^Search all \d+$")))
    page.get_by_label("Words").fill(mark.split(", ")[1])
    press(page, page.get_by_role("button", name="Search"))
    assert page.get_by_text(mark).count() == 1
    assert accessibility_problems(page) == []
    press(page, page.locator(".kith-items__title a").first)
    assert page.url.split("#")[0] == where.split("#")[0]
    assert page.get_by_text(mark).is_visible()
