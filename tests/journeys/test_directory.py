"""A parent finds a group, a manager closes a gap, a voluntary group confirms its listing from an e-mail,
a school prints its leaflet, a worker asks a service to help and it answers."""

import re

from tests.journeys.conftest import accessibility_problems
from tests.journeys.filling import open_by_code, press, wait_for_letter
from tests.paper import words_of_paper


def test_a_voluntary_group_confirms_its_listing_from_an_email(sign_in, open_page, site):
    # The desk finds an entry that is hidden because nobody confirmed it, and asks its provider.
    desk = sign_in("desk")
    desk.goto("/directory/checking/?only=hidden")
    hidden = desk.locator(".kith-items__item", has_text="(its provider)").first
    name = hidden.get_by_role("link").first.inner_text()
    press(desk, hidden.get_by_role("link").first)
    entry = desk.url
    public = entry.replace("/directory/", "/find-help/")
    anybody = open_page(width=320, scripts=False)
    assert anybody.goto(public).status == 404
    press(desk, desk.get_by_role("button", name="Ask its provider now"))
    assert "has been sent a letter" in desk.inner_text("main")

    # The group reads its e-mail. Its mail program opens the link first, and changes nothing.
    letter = wait_for_letter(site, f"Hidden already, because nobody confirmed it: {name}")
    link = re.search(r"/find-help/check/[\w-]+/", letter)[0]
    program = open_page()
    program.request.get(link)
    program.request.head(link)
    desk.goto(entry)
    assert "Hidden from families since" in desk.inner_text("main")

    # A member opens it on a telephone, without scripts; looks at what families read; one press.
    anybody.goto(link)
    assert name in anybody.inner_text("main")
    with_scripts = open_page(width=320)
    with_scripts.goto(link)
    assert accessibility_problems(with_scripts) == []
    press(anybody, anybody.get_by_role("button", name="All of this is true"))
    assert "Everybody can read that it was checked today" in anybody.inner_text("main")

    # At once it is read by everybody; pressing again from the page that stood open does no harm.
    assert anybody.goto(public).status == 200
    assert "Checked today by" in anybody.inner_text("main")
    press(with_scripts, with_scripts.get_by_role("button", name="All of this is true"))
    assert "Thank you" in with_scripts.inner_text("main")
    desk.goto("/directory/checking/?only=hidden")
    assert name not in [one.inner_text() for one in desk.locator(".kith-items__title a").all()]

    # Next week the group tells what has changed; somebody at the desk closes it with a reply.
    anybody.goto(public)
    press(anybody, anybody.get_by_role("link", name="Is something wrong here? Tell us"))
    anybody.get_by_label("The time or place is wrong").check()
    anybody.get_by_label("What do you want to tell us?").fill("You need the side door.")
    anybody.get_by_label("Your e-mail address").fill("jo@home.example")
    press(anybody, anybody.get_by_role("button", name="Send"))
    number = re.search(r"D-\d{4}-\d{6}", anybody.inner_text("main"))[0]
    desk.goto(entry)
    press(desk, desk.get_by_role("link", name="The time or place is wrong").first)
    press(desk, desk.get_by_role("button", name="I see to it"))
    desk.get_by_label("Your reply").fill("Thank you. The entry names the side door now.")
    press(desk, desk.get_by_role("button", name="Send and close"))
    reply = wait_for_letter(site, f"Your feedback {number}")
    assert "To: jo@home.example" in reply
    assert "names the side door now" in reply


def test_a_group_says_from_its_email_that_its_times_have_changed(sign_in, open_page, site):
    # The desk asks a group about an entry that is overdue.
    desk = sign_in("desk")
    desk.goto("/directory/checking/?only=overdue")
    asked = desk.locator(".kith-items__item", has_text="(its provider)")
    fresh = asked.filter(has_not_text="Change sent")
    for number in range(fresh.count()):
        desk.goto("/directory/checking/?only=overdue")
        name = fresh.nth(number).get_by_role("link").first.inner_text()
        press(desk, fresh.nth(number).get_by_role("link").first)
        if desk.get_by_role("link", name=re.compile("Not on one day")).count():
            break
    public = desk.url.replace("/directory/", "/find-help/")
    press(desk, desk.get_by_role("button", name="Ask its provider now"))
    letter = wait_for_letter(site, name.upper())
    link = re.search(r"/find-help/check/[\w-]+/", letter)[0]

    # A member of the group, on a telephone without scripts: another day, and what it costs.
    group = open_page(width=320, scripts=False)
    group.goto(link)
    press(
        group,
        group.get_by_role("link", name=re.compile("Something has changed.*" + re.escape(name))),
    )
    times = group.locator(".kith-card").first
    times.get_by_label("No, something is different").check()
    times.get_by_label("On which day?").select_option("Sunday")
    times.get_by_label("How often?").get_by_label("Every week").or_(
        times.get_by_label("Every week", exact=True)
    ).first.check()
    times.get_by_label("From").fill("half past nine")
    group.get_by_label("What does it cost?").fill("NOTHING AT ALL!!! (but bring biscuits)")
    press(group, group.get_by_role("button", name="Send"))
    assert "Write the time like" in group.inner_text("main")
    group.locator(".kith-card").first.get_by_label("From").fill("9.30am")
    group.locator(".kith-card").first.get_by_label("To (optional)", exact=True).fill("11am")
    with_scripts = open_page(width=320)
    with_scripts.goto(link)
    assert "check/" in with_scripts.url and link not in with_scripts.url
    with_scripts.goto(group.url)
    assert accessibility_problems(with_scripts) == []
    press(group, group.get_by_role("button", name="Send"))
    assert "You told us on" in group.inner_text("main")
    group.goto(public)
    assert "Every Sunday" not in group.inner_text("main")

    # The desk sees both side by side, says one in other words, and approves.
    desk.goto("/directory/proposals/")
    press(desk, desk.get_by_role("link", name=name, exact=True))
    assert "from the confirm link of" in desk.inner_text("main")
    assert accessibility_problems(desk) == []
    cost = desk.locator(".kith-card", has=desk.get_by_role("heading", name="Cost", exact=True))
    cost.get_by_label("In other words", exact=True).check()
    cost.get_by_label("Cost, in other words").fill("Free. Please bring biscuits.")
    press(desk, desk.get_by_role("button", name="Approve"))

    # The group is told what was changed; everybody reads it.
    told = wait_for_letter(site, "Free. Please bring biscuits.")
    again = re.search(r"/find-help/check/[\w-]+/", told)[0]
    assert group.goto(again).status == 200
    group.goto(public)
    words = group.inner_text("main")
    assert "Every Sunday" in words and "9.30am to 11am" in words
    assert "Free. Please bring biscuits." in words and "Checked today by" in words


def test_a_school_prints_its_leaflet(sign_in):
    page = sign_in("senco", width=320)
    link = page.get_by_role("button", name=re.compile("Leaflet for families of .* \\(PDF\\)"))
    school = re.search("of (.*) \\(PDF", link.inner_text())[1]

    with page.expect_download() as begun:
        link.click()
    words = words_of_paper(begun.value.path().read_bytes())

    assert f"Help for families of {school}" in words
    for part in ("How to ask for help", "What every hub offers", "Checked on", "What is not here"):
        assert part in words
    # And in large print, found by its name as anybody finds it.
    page.goto("/leaflets/")
    page.get_by_label("Name or postcode of the school").fill(school)
    press(page, page.get_by_role("button", name="Find the school"))
    assert accessibility_problems(page) == []
    large = page.get_by_role("link", name=re.compile(rf"Large print \(PDF\).*{re.escape(school)}"))
    with page.expect_download() as begun:
        large.first.click()
    assert begun.value.suggested_filename.endswith("-large-print.pdf")
    assert f"Help for families of {school}" in words_of_paper(begun.value.path().read_bytes())


def test_a_parent_finds_a_group_and_asks_for_a_place(open_page):
    # On a telephone without scripts: a slip of the finger, a postcode, the child's age.
    page = open_page(width=320, scripts=False)
    page.goto("/")
    page.get_by_label("What are you looking for?").fill("parentng")
    page.get_by_label("Postcode or town").fill("OX16 5LS")
    press(page, page.get_by_role("button", name="Find", exact=True))
    said = page.inner_text("main")
    assert "We read “parentng” as parenting" in said
    assert re.search(r"[1-9]\d* services? near OX16 5LS", said)
    assert "Found by" in said and "mile" in said
    page.get_by_label("Age of the child").fill("2")
    press(page, page.get_by_role("button", name="Find help").first)

    # The entry says for whom, when, where, and when it was checked; it goes back to the list.
    name = page.locator(".kith-items__title a").first.inner_text()
    press(page, page.locator(".kith-items__title a").first)
    assert page.locator("h1").inner_text().endswith(name)
    for part in ("How to get it", "Can somebody new come?", "When and where"):
        assert part in page.inner_text("main")
    assert re.search("Checked|Not checked", page.inner_text("main"))

    # What is not offered is said as plainly, with where to go instead.
    page.goto("/offer/not-offered/")
    missing = re.split(" Not ", page.locator(".kith-items__title").first.inner_text())[0]
    page.goto(f"/find-help/?q={missing}")
    absent = page.locator(".kith-items__item", has_text=missing).first.inner_text()
    assert re.search("Not (available here|at )", absent) and "Try:" in absent

    # Something that is asked for at the front door takes its name along.
    page.goto("/find-help/?q=targeted family support")
    for link in [one.get_attribute("href") for one in page.locator(".kith-items__title a").all()]:
        page.goto(link)
        ask = page.get_by_role("button", name="Ask for a place")
        if ask.count():
            break
    else:
        raise AssertionError("nothing on the first page is asked for at the front door")
    wanted = page.locator("h1").inner_text().splitlines()[-1]
    press(page, ask)
    assert f"Ask for a place: {wanted}" in page.inner_text("main")
    page.get_by_label("No", exact=True).check()
    press(page, page.get_by_role("button", name="Continue"))
    assert re.search(r"/requests/new/\d+/", page.url)


def test_a_manager_closes_a_gap_and_everybody_reads_it(sign_in, open_page):
    page = sign_in("manager.banbury")
    page.goto("/offer/")
    # What is measured closes when the data do; this is one that the hub itself speaks of.
    measured = re.compile("counted|by registers|by times in the directory|shown by its entry")
    gaps = page.locator(".kith-items__item", has_text="Banbury:").filter(has_not_text=measured)
    gap = gaps.first
    title = gap.locator(".kith-items__title").inner_text()
    before = page.locator("#gaps + p").inner_text()
    press(page, gap.get_by_role("link", name="Say how it stands"))
    assert accessibility_problems(page) == []

    # Not yet: whoever says that it is not offered must say where families go instead.
    page.get_by_label("Not offered").check()
    page.get_by_label("Where can families go instead?").fill("")
    press(page, page.get_by_role("button", name="Save"))
    assert page.locator(".govuk-error-summary").count() == 1

    page.get_by_label("Running", exact=True).check()
    page.get_by_label("Does it meet the standard?").select_option("yes")
    press(page, page.get_by_role("button", name="Save"))

    anybody = open_page(width=320, scripts=False)
    anybody.goto("/offer/")
    titles = [one.inner_text() for one in anybody.locator(".kith-items__title").all()]
    assert title not in titles
    assert anybody.locator("#gaps + p").inner_text() != before


def test_a_parent_who_reads_polish_or_urdu_finds_a_group_without_scripts(open_page):
    parent = open_page(width=320, scripts=False)
    parent.goto("/find-help/")
    press(parent, parent.get_by_role("link", name="polski"))
    parent.get_by_label("Czego szukasz?").fill("baby")
    parent.get_by_label("Wiek dziecka").fill("old")
    press(parent, parent.get_by_role("button", name="Znajdź pomoc").first)
    assert "Podaj wiek w latach" in parent.inner_text("main")
    parent.get_by_label("Wiek dziecka").fill("")
    press(parent, parent.get_by_role("button", name="Znajdź pomoc").first)
    name = parent.locator(".kith-items__title a").first.inner_text()
    press(parent, parent.locator(".kith-items__title a").first)
    assert name in parent.inner_text("h1")
    assert "Jak skorzystać" in parent.inner_text("main")
    found = parent.url

    press(parent, parent.get_by_role("link", name="اردو"))
    assert parent.get_attribute("html", "dir") == "rtl"
    assert parent.evaluate("document.documentElement.scrollWidth") == 320
    with_scripts = open_page(width=320)
    for address in (
        f"{found}?lang=ur",
        f"{found}feedback/",
        "/find-help/",
        "/find-help/?q=baby&day=1&age=old",
    ):
        with_scripts.goto(address)
        assert with_scripts.get_attribute("html", "lang") == "ur"
        assert accessibility_problems(with_scripts) == []

    # A browser that does not say where it is, is told of in the reader's language too.
    with_scripts.goto("/find-help/?lang=pl")
    with_scripts.get_by_role("button", name="Blisko mnie").click()
    with_scripts.get_by_text("Przeglądarka nie podała, gdzie jesteś.").wait_for()


def test_a_manager_confirms_what_no_data_show_when_today_asks(sign_in, open_page):
    page = sign_in("manager.banbury")
    press(page, page.get_by_role("link", name="Standards to confirm"))
    asked = page.locator("#to-confirm ~ .kith-items a").first
    name = asked.inner_text()
    press(page, asked)
    assert "Stale" in page.locator("main").inner_text()
    assert accessibility_problems(page) == []
    press(page, page.get_by_role("button", name="It meets the standard"))

    assert "Written down, with today’s date and your name." in page.locator("main").inner_text()
    assert "Standard met." in page.locator("main").inner_text()
    assert accessibility_problems(page) == []
    page.goto("/offer/")
    assert name not in page.locator("#to-confirm ~ .kith-items a").all_inner_texts()
    anybody = open_page(width=320, scripts=False)
    anybody.goto("/offer-picture/")
    assert (
        anybody.locator("svg title").first.text_content().startswith("The core offer in the hubs")
    )


def test_a_worker_asks_a_service_that_was_found_from_the_case_and_it_answers_by_its_link(
    sign_in, open_page, site
):
    # From the case: a service with a mailbox, told only what it needs.
    worker = sign_in("worker.banbury")
    worker.goto("/cases/")
    press(worker, worker.locator("main a[href^='/cases/C-']").first)
    case = worker.url.split("?")[0]

    def find():
        worker.goto(f"{case}services/")
        worker.get_by_label("What are you looking for?").fill("group")
        press(worker, worker.get_by_role("button", name="Find help"))
        return worker.locator("input[name=service]")

    by_mail = worker.get_by_label(re.compile("By e-mail to"))
    for wanted in [one.get_attribute("value") for one in find().all()]:
        worker.goto(f"{case}services/refer/?service={wanted}")
        if by_mail.count():
            break
    find()
    worker.locator(f"input[name=service][value='{wanted}']").check()
    press(worker, worker.get_by_role("button", name="Ask the one chosen to take them"))
    service = re.search("Ask (.*) to help", worker.locator("h1").inner_text())[1]
    assert accessibility_problems(worker) == []
    worker.locator("input[name=people]").first.check()
    worker.get_by_label("What does the service need to know?").fill("She would like company.")
    worker.get_by_label("Through us: they ring us first").check()
    worker.locator("input[name=agreed_by]").first.check()
    worker.get_by_label("They said so").check()
    by_mail.check()
    label = worker.locator("label", has_text="By e-mail to").inner_text()
    mailbox = re.search("By e-mail to (.*?):", label)[1]
    press(worker, worker.get_by_role("button", name="Continue"))
    assert "This is all that it opens" in worker.inner_text("main")
    press(worker, worker.get_by_role("button", name="Ask the service"))

    # The service: a link without names, a code to the same mailbox, and an answer.
    letter = wait_for_letter(site, "/asked/open/")
    assert f"To: {mailbox}" in letter and "company" not in letter
    group = open_page(width=320, scripts=False)
    open_by_code(group, site, mailbox, "asked")
    assert "She would like company." in group.inner_text("main")
    group.get_by_label("We have a place for them").check()
    group.get_by_label("Anything to add").fill("From Monday.")
    group.get_by_label("Your name").fill("Jo Group")
    press(group, group.get_by_role("button", name="Send the answer"))
    assert "Jo Group" in group.inner_text("main")

    worker.goto(case)
    said = worker.inner_text("main")
    assert service in said and "From Monday." in said
