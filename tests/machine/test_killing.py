"""Kill everything, in the midst of it: nothing acknowledged is lost, nothing is done twice."""

import json
import os
import re
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path

from tests.running import environment, free_port, start_demo, stop

SENDERS, LONGEST = 3, 150
KEY = """
from datetime import date
from django.db import transaction
from django.utils import timezone
from kith.accounts.actions import make_api_key
from kith.accounts.models import Team, User
from kith.accounts.viewer import see_as
with transaction.atomic():
    admin = User.objects.get(email="admin@kith.example")
    see_as(admin)
    team = Team.objects.filter(kind="partner").order_by("pk")[0]
    print(make_api_key(team=team, name="stream", by=admin, at=timezone.now())[1])
"""
COUNT = """
import json
from django.db import transaction
from django.db.models import Count
from kith.accounts.viewer import front_door, see_as
from kith.referrals.models import Referral
from kith.notices.models import Notice
with transaction.atomic():
    see_as(front_door())
    mine = Referral.objects.filter(sender_reference__startswith="stream-")
    received = Notice.objects.filter(key="referral.received", about_id__in=mine.values("pk"))
    print(json.dumps({
        "references": dict(mine.values_list("sender_reference", "reference")),
        "rows": mine.count(),
        "families": mine.values("family").distinct().count(),
        "notices": received.count(),
        "waiting": received.filter(state="waiting").count(),
    }))
"""


def send(site, key: str, number: str, deadline: float) -> str | None:
    """Send one request until it is acknowledged, as a careful partner's system would."""
    body = json.dumps(
        {
            "sender_name": "Sam Field",
            "sender_email": "sam.field@school.example",
            "sender_reference": f"stream-{number}",
            "children": [
                {"given_names": "Ada", "family_name": "Stream", "date_of_birth": "2014-03-02"}
            ],
            "postcode": "OX16 5QB",
            "worry": "Often late, and tired.",
            "needs": ["behaviour"],
            "basis": "consent",
            "agreed_by": "Grace Stream",
            "agreed_how": "spoken",
            "agreed_on": "2026-01-01",
        }
    ).encode()
    while time.monotonic() < deadline:
        request = urllib.request.Request(
            f"{site.address}/api/v1/requests",
            data=body,
            headers={
                "Authorization": f"Bearer {key}",
                "Content-Type": "application/json",
                "Idempotency-Key": number,
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return json.load(answer)["reference"]
        except urllib.error.HTTPError as refusal:
            assert refusal.code >= 500 or refusal.code == 429, refusal.read()
        except (OSError, ValueError):
            pass
        time.sleep(0.2)
    return None


def children_of(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in text.split()]


def killings(site) -> None:
    """Kill each part without warning, one after another."""
    database = int((Path(_data(site)) / "postmaster.pid").read_text().split()[0])
    time.sleep(2)
    os.kill(children_of(site.pids()["web"])[0], signal.SIGKILL)  # a web process
    time.sleep(3)
    os.kill(site.pids()["worker"], signal.SIGKILL)
    time.sleep(2)
    os.kill(database, signal.SIGKILL)
    time.sleep(4)
    os.kill(site.pids()["web"], signal.SIGKILL)  # the web server's own main process


def _data(site) -> Path:
    from kith.machine.postgres import Cluster

    return Cluster(site.var / "database").data


def test_no_acknowledged_request_is_lost_and_none_doubled_when_everything_is_killed(site):
    key = site.ask(KEY)
    acknowledged: dict[str, str] = {}
    all_killed = threading.Event()
    deadline = time.monotonic() + LONGEST

    def stream() -> None:
        """Send one after another until one has got through after the last killing."""
        enough = False
        while not enough and time.monotonic() < deadline:
            number, enough = uuid.uuid4().hex, all_killed.is_set()
            reference = send(site, key, number, deadline)
            if reference:
                acknowledged[f"stream-{number}"] = reference

    senders = [threading.Thread(target=stream) for _ in range(SENDERS)]
    for sender in senders:
        sender.start()
    killings(site)
    all_killed.set()
    for sender in senders:
        sender.join()

    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found = json.loads(site.ask(COUNT))
        if not found["waiting"]:
            break
        time.sleep(2)

    assert len(acknowledged) >= 2 * SENDERS
    assert acknowledged.items() <= found["references"].items()
    assert found["rows"] == len(found["references"]) == found["families"] == found["notices"]
    assert found["waiting"] == 0
    letters = site.letters()
    for reference in acknowledged.values():
        assert len(re.findall(rf"^Subject: .*{reference} has arrived", letters, re.M)) == 1


def test_a_second_start_in_the_same_folder_is_refused_kindly(site):
    second = run_demo(site.var, free_port())

    assert second.returncode == 1
    assert "running already" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_port_in_use_gets_one_sentence(site, tmp_path):
    port = int(site.address.rsplit(":", 1)[1])

    second = run_demo(tmp_path / "var", port)

    assert second.returncode == 1
    assert f"port {port} is in use" in second.stderr
    assert "Traceback" not in second.stderr


def run_demo(var: Path, port: int) -> subprocess.CompletedProcess:
    import sys

    return subprocess.run(
        [sys.executable, "-m", "kith", "demo", "--size", "tiny", "--port", str(port)],
        env=environment(var),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_ctrl_c_leaves_nothing_running_and_the_next_start_finds_everything(site):
    parts = [*site.pids().values(), int((_data(site) / "postmaster.pid").read_text().split()[0])]
    count = "from kith.partners.models import Organisation as O; print(O.objects.count())"
    before = site.ask(count)

    stop(site)

    assert [pid for pid in parts if Path(f"/proc/{pid}").exists()] == []
    again = start_demo(site.var)
    site.process, site.address = again.process, again.address
    assert site.ask(count) == before != "0"
