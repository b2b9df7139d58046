"""What the documents say is so."""

import re
from pathlib import Path

from kith.accounts.permissions import SENTENCES, Permission
from kith.accounts.roles import ROLES
from tests.architecture.documents import roles_page

ROOT = Path(__file__).parents[2]
# Read by tools and libraries of ours that are not settings of Kith.
NOT_OURS = {"DJANGO_SETTINGS_MODULE", "PYTHONPATH"}
READS = re.compile(
    r"""(?:\benv|\bflag|\brequired|environ\.get|environ\.setdefault|environ)[\[(]\s*["']([A-Z][A-Z0-9_]+)["']"""
)


def test_every_permission_is_said_in_words_and_held_by_a_role():
    assert set(SENTENCES) == set(Permission)
    assert set().union(*(role.permissions for role in ROLES.values())) == set(Permission)


def test_a_role_is_for_people_or_for_kith_itself_not_both():
    for role in ROLES.values():
        assert role.for_people == (role.team_kinds != {"service"}), role.key


def test_the_roles_page_is_in_step_with_the_roles():
    written = (ROOT / "docs" / "roles.md").read_text()

    assert written == roles_page(), "Run .venv/bin/python -m tests.architecture.documents"


def test_every_setting_is_documented():
    page = (ROOT / "docs" / "settings.md").read_text()
    read = {
        name
        for path in (ROOT / "src" / "kith").rglob("*.py")
        for name in READS.findall(path.read_text())
    } | {"DATABASE_URL", "KITH_WORKER_DATABASE_URL", "KITH_OWNER_DATABASE_URL"}

    missing = sorted(name for name in read - NOT_OURS if name.isupper() and f"`{name}`" not in page)
    assert missing == [], "Add them to docs/settings.md"
    stale = sorted(set(re.findall(r"^\| `([A-Z_0-9]+)`", page, re.M)) - read)
    assert stale == [], "No code reads these any more"


def test_links_between_documents_lead_somewhere():
    dead = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in [*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")]
        for target in re.findall(r"\]\(([^)#\s]+)\)", page.read_text())
        if "://" not in target
        and not target.startswith("mailto:")
        and not (page.parent / target).exists()
    ]
    assert dead == []
