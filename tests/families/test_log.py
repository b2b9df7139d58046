"""Reading the log: the officer all of it, a manager what concerns families of their hub."""

import ast
import csv
import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from kith.accounts.viewer import front_door, seeing_as
from kith.audit.actions import record, saw
from kith.families import log, log_words
from kith.notices.models import Notice
from kith.referrals.models import Referral
from tests.factories.accounts import make_team, make_user
from tests.factories.families import make_family

SRC = Path(__file__).parents[2] / "src" / "kith"
pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def scene(now):
    """Two hubs, a family of each, and something done to and seen of both."""
    banbury, witney = make_team("Banbury"), make_team("Witney")
    here, there = make_family(team=banbury), make_family(team=witney)
    worker = make_user("hub_worker", banbury, "Wyn Worker")
    with seeing_as(front_door()):
        for family in (here, there):
            record(
                "family.renamed",
                subject=family,
                by=worker,
                at=now,
                before={"name": "Old"},
                after={"name": "=cmd|' /C calc'!A0"},
            )
            saw(viewer=worker, family_id=family.pk, page="casework:family", at=now)
        record("family.renamed", subject=here, by=worker, at=now - timedelta(days=90))
    return {
        "here": here,
        "there": there,
        "manager": make_user("hub_manager", banbury),
        "dpo": make_user("dpo", make_team("County", "desk")),
        "worker": worker,
    }


def references_on(page) -> set[str]:
    return {line["family"] for line in page.context["lines"] if line["family"]}


@pytest.mark.parametrize("name", ["audit:log", "audit:seen"])
def test_a_manager_reads_of_their_own_families_and_the_officer_of_all(client, scene, name):
    both = {scene["here"].reference, scene["there"].reference}
    client.force_login(scene["dpo"])
    assert both <= references_on(client.get(reverse(name)))

    client.force_login(scene["manager"])
    assert references_on(client.get(reverse(name))) == {scene["here"].reference}

    client.force_login(scene["worker"])
    assert client.get(reverse(name)).status_code == 403


def test_the_log_is_searched_by_person_number_kind_and_days(client, scene, now):
    client.force_login(scene["dpo"])
    where = reverse("audit:log")

    def found(**asked) -> int:
        return client.get(where, asked).context["page"].paginator.count

    assert found(who="wyn", what="family.") == 2
    assert found(who="nobody") == 0
    assert found(reference=scene["here"].reference.lower(), who="wyn") == 1
    assert found(reference="F-999999") == 0
    long_ago = now - timedelta(days=100)
    days = {"since_day": long_ago.day, "since_month": long_ago.month, "since_year": long_ago.year}
    assert found(reference=scene["here"].reference, who="wyn", **days) == 2
    assert found(what="no-such-kind") == 0, "a search that is not understood finds nothing"
    for nonsense in ({"who": "\0"}, {"since_day": "x"}, {"what": "x"}, {"page": "0"}):
        assert client.get(where, nonsense).status_code == 200


def test_an_emergency_look_is_found_under_that_name_and_settings_together(client, scene, now):
    for what in ("family.emergency", "emergency.reviewed", "look.changed", "area.moved"):
        record(what, subject=scene["here"], by=scene["worker"], at=now)
    client.force_login(scene["dpo"])

    def found(what: str) -> set[str]:
        lines = client.get(reverse("audit:log"), {"what": what}).context["lines"]
        return {line["what"] for line in lines}

    assert found("emergency.") == {"Emergency look opened", "Emergency look reviewed"}
    assert found("settings.") == {
        "Name, colours or front door changed",
        "Neighbourhood given to another hub",
    }


def test_what_changed_is_shown_in_words(client, scene):
    client.force_login(scene["manager"])

    page = client.get(reverse("audit:log"), {"who": "wyn"}).content.decode()

    assert "was “Old”" in page
    assert "Family renamed" in page


def test_a_download_is_harmless_in_a_spreadsheet_and_stands_in_the_log(client, scene):
    client.force_login(scene["dpo"])

    answer = client.get(reverse("audit:download"), {"who": "wyn"})

    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    assert rows[0] == ["When", "Who", "What", "About", "Family", "Changes"]
    assert len(rows) == 3
    assert not any(cell[:1] in "=+-@" for row in rows for cell in row if cell)
    seen = client.get(reverse("audit:download"), {"list": "seen"}).content.decode()
    assert scene["here"].reference in seen
    taken = client.get(reverse("audit:log"), {"what": "log."})
    assert taken.context["page"].paginator.count == 2


def test_changes_are_told_whatever_kind_they_are():
    class Entry:
        before = {"a": None, "b": True, "same": 1, "list": []}
        after = {
            "a": {"id": 1, "name": "Banbury"},
            "b": False,
            "same": 1,
            "new": ["x", "y"],
            "until": "2026-11-22T15:52:16.231721+00:00",
            "code": "2026-11-22Tea",
            "on": "2026-12-31",
            "never": "2026-02-31",
            "note": 850,
        }

    assert log.changes(Entry()) == [
        ("A", "nothing", "Banbury"),
        ("B", "yes", "no"),
        ("List", "nothing", ""),
        ("New", "", "x, y"),
        ("Until", "", "22 November 2026 at 3:52pm"),
        ("Code", "", "2026-11-22Tea"),
        ("On", "", "31 December 2026"),
        ("Never", "", "2026-02-31"),
    ]


# Of long work, of rooms and of what others wrote: nothing that is recorded.
OTHER_NAMES = {
    "returns.make",  # the name of work
    *(
        "places.import",
        "notices.deliver",
        "directory.read_source",
        "directory.read_table",
        "referrals.read_file",
        "referrals.scan_files",
        "scrutiny.read_attached",
        "scrutiny.read_paper",
        "scrutiny.make_pack",
    ),
    *("kith.errand", "kith.run", "kith.referrals", "allauth.account"),
    *("scrutiny.recommendation", "scrutiny.meeting", "scrutiny.invited"),
}


def recorded_anywhere() -> set[str]:
    """Names of actions in the code of every module that records."""
    found = set()
    for path in SRC.rglob("*.py"):
        text = path.read_text()
        records = ("import record", "fields_of, record", "scrutiny.actions.common import")
        if not any(words in text for words in records):
            continue
        tree = ast.parse(text)
        names = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)]
        begun = [
            n.values[0].value
            for n in ast.walk(tree)
            if isinstance(n, ast.JoinedStr) and n.values and isinstance(n.values[0], ast.Constant)
        ]
        for call in ast.walk(tree):
            is_record = isinstance(call, ast.Call) and getattr(call.func, "id", "") == "record"
            if is_record and isinstance(call.args[0], ast.Constant):
                found.add(call.args[0].value)
        # Also those that reach `record` by way of a function of the module's own.
        found |= {
            name
            for name in names
            if isinstance(name, str) and re.fullmatch(r"[a-z_]+\.[a-z_]*[a-z]", name)
        }
        if "referral." in begun:
            found |= {f"referral.{status}" for status in Referral.Status} - {"referral.waiting"}
        if "referral.told_" in begun:
            found |= {f"referral.told_{kind}" for kind in ("first_contact", "ended", "resumed")}
    return found - OTHER_NAMES


def test_every_action_that_is_recorded_has_words_and_stands_under_a_filter():
    found = recorded_anywhere()
    begins = tuple(
        beginning for kind in log.KINDS if kind for beginning in log.GATHERED.get(kind, (kind,))
    )

    assert len(found) > 90
    assert found == set(log_words.ACTIONS)
    assert [what for what in sorted(found) if not what.startswith(begins)] == []


def test_who_saw_whom_and_what_was_done_are_told_without_words_of_the_program(client, scene, now):
    with seeing_as(front_door()):
        record(
            "notice.made", subject=Notice(pk=1), by=None, at=now, after={"key": "referral.decided"}
        )
        saw(
            viewer=scene["worker"],
            family_id=scene["here"].pk,
            page="family",
            right="emergency",
            at=now + timedelta(seconds=1),
        )
    client.force_login(scene["dpo"])

    (made,) = client.get(reverse("audit:log"), {"what": "notice."}).context["lines"]
    seen = client.get(reverse("audit:seen"), {"who": "wyn"}).context["lines"][0]

    assert (made["who"], made["what"], made["about"]) == (
        "Kith itself",
        "Message or letter made",
        "A message or letter",
    )
    assert made["changes"] == [("Which", "", "To the sender: what was decided")]
    assert (seen["page"], seen["right"]) == ("The family’s page", "Emergency look")
