"""Take the pictures of the guides from a running demonstration county."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

FOLDER = Path(__file__).parents[1] / "docs" / "guide" / "pictures"
PASSWORD = "kith-demo-2026"
# name, who (or nobody), the way: an address, then texts of links to follow
PICTURES = [
    ("start", "", ["/"]),
    ("sent", "senco", ["/requests/sent/", "main table a"]),
    ("desk", "desk", ["/requests/desk/"]),
    ("request", "desk", ["/requests/desk/", "main table a"]),
    ("accept", "desk", ["/requests/desk/", "main table a", "text=Accept to a hub"]),
    ("worker", "worker.banbury", ["/cases/"]),
    ("case", "worker.banbury", ["/cases/", "main a[href*='/cases/C-']"]),
    ("manager", "manager.banbury", ["/today/"]),
    ("figures", "lead", ["/figures/"]),
    ("dpo", "dpo", ["/today/"]),
]


def main(address: str) -> int:
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or "/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        for name, who, way in PICTURES:
            context = browser.new_context(
                base_url=address, viewport={"width": 1100, "height": 800}, locale="en-GB"
            )
            page = context.new_page()
            page.set_default_timeout(60_000)
            if who:
                sign_in(page, who)
            page.goto(way[0])
            for step in way[1:]:
                page.locator(step).first.click()
                page.wait_for_load_state()
            page.screenshot(path=FOLDER / f"{name}.png")
            context.close()
        browser.close()
    return 0


def sign_in(page: Page, who: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(f"{who}@kith.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").first.click()
    page.wait_for_url("**/today/")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
