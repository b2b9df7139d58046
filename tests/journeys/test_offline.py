"""Away from the desk: the day on a telephone, with the network cut."""

import json

import pytest

from tests.journeys.conftest import accessibility_problems

# A family of Banbury, a register of today with its first child, and who works there.
SET_UP = """
from datetime import time
import json
from django.db import transaction
from django.utils import timezone
from kith.accounts.models import User
from kith.accounts.viewer import see_as
from kith.casework import queries as casework
from kith.families import queries as families
from kith.field import actions as field
from kith.supports import actions
now = timezone.now()
today = timezone.localdate()
with transaction.atomic():
    worker = User.objects.get(email="worker.banbury@kith.example")
    see_as(worker)
    team = casework.teams_of(worker)[0]
    case = casework.open_cases(worker, team).first()
    child = next(one for one in families.people_of(worker, case.family) if one.is_child)
    said = {"by": worker, "at": now}
    field.plan_visit(case=case, on=today, starts=time(6, 1), today=today, **said)
    support = actions.set_up(
        team=team, kind="group", name="Cut off", place="The hub", leader=worker, starts=time(6),
        minutes=60, since=today, **said)
    actions.place(support=support, family=case.family, people=[child.person], since=today, **said)
    print(json.dumps({"case": case.reference, "session": support.sessions.get().pk,
                      "person": child.person.pk, "name": child.person.given_names,
                      "family": case.family.name}))
"""
MARK = """
from django.db import transaction
from django.utils import timezone
from kith.accounts.models import User
from kith.accounts.viewer import see_as
from kith.supports import actions, queries
with transaction.atomic():
    manager = User.objects.get(email="manager.banbury@kith.example")
    see_as(manager)
    session = queries.sessions_visible_to(manager).get(pk={session})
    marks = [actions.Mark({person}, "attended")]
    actions.mark(session=session, marks=marks, by=manager, at=timezone.now())
"""
# What lies in the browser, as whoever takes the telephone would read it.
LIES_THERE = """async () => {
    const base = await new Promise(r => {
        const ask = indexedDB.open("kith-field"); ask.onsuccess = () => r(ask.result); });
    const all = [];
    for (const name of base.objectStoreNames) {
        const rows = await new Promise(r => {
            const ask = base.transaction(name).objectStore(name).getAll();
            ask.onsuccess = () => r(ask.result); });
        all.push(...rows.map(row => JSON.stringify(row) + (row.data
            ? new TextDecoder("latin1").decode(row.data) : "")));
    }
    base.close();
    return [all.length, all.join()];
}"""

IN_CACHES = """async () => {
    let all = "";
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const asked of await cache.keys()) {
            all += asked.url + await (await cache.match(asked)).text();
        }
    }
    return all;
}"""
ROWS = """
    const base = await new Promise(r => {
        const ask = indexedDB.open("kith-field"); ask.onsuccess = () => r(ask.result); });
    const rows = (name) => new Promise(r => {
        const ask = base.transaction(name).objectStore(name).getAll();
        ask.onsuccess = () => r(ask.result); });
"""
STANDS_THERE = f"""async () => {{{ROWS}
    const [kept, queue, [day]] = [await rows("kept"), await rows("queue"), await rows("plain")];
    base.close();
    return {{kept: kept.length, locked: Boolean(day.locked), queue: queue.length}};
}}"""
# The one entry, as whoever has the key would read it.
OPENED = f"""async () => {{{ROWS}
    const [box] = await rows("queue");
    const ids = await new Promise(r => {{
        const ask = base.transaction("queue").objectStore("queue").getAllKeys();
        ask.onsuccess = () => r(ask.result); }});
    base.close();
    const raw = Uint8Array.from(atob(sessionStorage.getItem("kith-field-key")), one => one.charCodeAt(0));
    const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["decrypt"]);
    const about = {{name: "AES-GCM", iv: box.iv, additionalData: new TextEncoder().encode(ids[0])}};
    return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(about, key, box.data)));
}}"""


@pytest.fixture(scope="module")
def there(site):
    return json.loads(site.ask(SET_UP).splitlines()[-1])


def take_along(sign_in):
    """Sign in on a telephone, take the day along, and open it. Returns the page and the code."""
    page = sign_in("worker.banbury", width=320)
    page.goto("/field/")
    page.get_by_role("button", name="Take today with me").click()
    code = page.locator("[data-code]").inner_text()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto("/field/with-me/")
    page.locator("[data-visit]").first.wait_for()
    return page, code


def test_a_note_written_without_a_connection_is_sealed_sent_once_and_wiped_at_the_end(
    sign_in, there, site
):
    page, code = take_along(sign_in)
    network = page.context
    network.set_offline(True)
    page.goto("/field/")  # the day's page is out of reach: what was taken along opens instead
    visit = page.locator(f"[data-visit='{there['case']}']").first
    visit.get_by_text("Write a note").click()
    visit.get_by_label("Note", exact=True).fill("Seen without a signal.")
    visit.get_by_label("Yes, and alone").check()
    visit.get_by_role("button", name="Keep it").click()
    page.locator("[data-entry=note]").wait_for()
    assert visit.get_by_label("Note", exact=True).count() == 0, "it is not kept a second time"
    rows, lies_there = page.evaluate(LIES_THERE)
    assert rows >= 3 and "signal" not in lies_there and there["case"] not in lies_there

    # Closed, and opened again without a connection: only the day's code opens it.
    page.close()
    page = network.new_page()
    page.goto("/field/with-me/")
    page.get_by_text("What you took along is locked").wait_for()
    assert page.locator("[data-entry], [data-visit]").count() == 0
    page.get_by_label("today’s code").fill("0000 0000")
    page.get_by_role("button", name="Open").click()
    page.get_by_text("That code does not open it").wait_for()
    page.get_by_label("today’s code").fill(code.upper())
    page.get_by_role("button", name="Open").click()
    page.locator("[data-entry=note]").wait_for()

    # The first answer is lost on the way: it is sent again, and done once.
    lost = []

    def lose(route):
        lost.append(route.fetch().status)
        route.abort()

    page.route("**/field/entries/", lose, times=1)
    network.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.locator("[data-entry=note]").wait_for(state="detached", timeout=40_000)
    assert lost == [200]
    page.get_by_text(f"The note on {there['case']} is kept.").wait_for()
    assert accessibility_problems(page) == []
    page.goto(f"/cases/{there['case']}/")
    assert page.get_by_text("Seen without a signal.").count() == 1

    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("link", name="Sign in").wait_for()
    assert page.evaluate("indexedDB.databases().then(found => found.length)") == 0
    assert page.evaluate("sessionStorage.getItem('kith-field-key')") is None
    assert page.evaluate("localStorage.length") == 0
    # What a browser keeps of pages is about nobody either.
    left = page.evaluate(IN_CACHES)
    assert not any(word in left for word in (there["case"], there["name"], "signal"))


def test_when_the_sign_in_is_over_what_was_taken_along_is_shut_and_what_was_written_waits(
    sign_in, there
):
    page, code = take_along(sign_in)
    network = page.context
    network.set_offline(True)
    visit = page.locator(f"[data-visit='{there['case']}']").first
    visit.get_by_text("Write a note").click()
    visit.get_by_label("Note", exact=True).fill("Written before the end.")
    visit.get_by_role("button", name="Keep it").click()
    page.locator("[data-entry=note]").wait_for()
    entry = page.evaluate(OPENED)
    assert entry["case"] == there["case"] and there["family"] not in json.dumps(entry)

    network.clear_cookies(name="kith_session")
    network.set_offline(False)
    page.get_by_text("What you took along is locked").wait_for()
    page.get_by_text("1 written on this device is not sent yet").wait_for()
    assert page.get_by_label("today’s code").count() == 0
    assert page.locator("[data-entry], [data-visit]").count() == 0
    assert page.evaluate("sessionStorage.getItem('kith-field-key')") is None
    assert page.evaluate(STANDS_THERE) == {"kept": 0, "locked": False, "queue": 1}

    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("E-mail address").fill("worker.banbury@kith.example")
    page.get_by_label("Password", exact=True).fill("kith-demo-2026")
    page.get_by_role("button", name="Sign in").first.click()
    page.get_by_text(f"The note on {there['case']} is kept.").wait_for()
    assert page.locator("[data-code]").inner_text() not in ("", code)
    assert page.evaluate(STANDS_THERE) == {"kept": 1, "locked": True, "queue": 0}


def test_marks_and_what_is_refused_are_shown_and_nothing_is_lost_or_overwritten(
    sign_in, there, site
):
    page, _ = take_along(sign_in)
    page.context.set_offline(True)
    visit = page.locator(f"[data-visit='{there['case']}']").first
    visit.get_by_text("Write a note").click()
    register = page.locator(f"[data-register='{there['session']}']")
    register.get_by_role("radio", name="Missed").first.check()
    register.get_by_role("button", name="Keep the register").click()
    page.locator("[data-entry=marks]").wait_for()
    # The day was drawn anew, and what was opened before is still open.
    visit.get_by_label("Note", exact=True).fill("At a wrong time.")
    visit.get_by_label("Time").fill("")
    visit.get_by_role("button", name="Keep it").click()
    page.locator("[data-entry=note]").wait_for()
    site.ask(MARK.format(**there))

    page.context.set_offline(False)
    page.get_by_text("Somebody else marked 1 differently meanwhile").wait_for()
    refused = page.locator("[data-entry=note]")
    refused.get_by_text("Not taken:").wait_for()
    refused.get_by_role("button", name="Change it and send it again").click()
    assert refused.get_by_label("Note", exact=True).input_value() == "At a wrong time."
    refused.get_by_label("Time").fill("00:00")
    refused.get_by_role("button", name="Keep it").click()
    page.locator("[data-entry]").first.wait_for(state="detached")

    page.get_by_role("link", name="Open the register and decide").click()
    page.get_by_role("heading", name="Two people marked differently: decide").wait_for()
    page.get_by_role("button", name="Make it “missed”").click()
    page.get_by_text("Decided.").wait_for()
    assert page.get_by_role("radio", name="Missed").first.is_checked()
