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
from datetime import date
from pathlib import Path

import psycopg

from kith.machine.postgres import Cluster
from tests.factories.sheets import GOOD, as_csv
from tests.factories.workers import wait_until
from tests.running import environment, free_port, start_demo, stop

SENDERS, LONGEST = 3, 150
ROWS = 40
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
# Ready to send a file as soon as there is one.
SEND_FILE = """
import time
from pathlib import Path
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from kith.accounts.models import User
from kith.accounts.viewer import see_as
from kith.referrals.actions import filing
path = Path(settings.KITH_VAR) / "rows.csv"
while not path.exists():
    time.sleep(0.02)
with transaction.atomic():
    sender = User.objects.get(email="senco@kith.example")
    see_as(sender)
    filing.send_file(name=path.name, content=path.read_bytes(), by=sender, at=timezone.now())
"""
# A worker killed while it sends a letter leaves it for a minute: let that minute pass.
A_MINUTE_LATER = """
from django.utils import timezone
from kith.accounts.viewer import clock, seeing_as
from kith.notices import actions
from kith.notices.models import Notice
with seeing_as(clock()):
    Notice.objects.filter(state="waiting").update(next_try_at=timezone.now())
    actions.queue_due(at=timezone.now())
"""
RECEIVED = """
select count(*), count(distinct family_id), jsonb_object_agg(sender_reference, reference),
    (select count(*) from notices_notice
     where key = 'referral.received' and about_id = any(array_agg(mine.id))),
    (select count(*) from notices_notice
     where key = 'referral.received' and about_id = any(array_agg(mine.id)) and state = 'waiting'),
    (select count(*) from notices_notice
     where key = 'referral.received' and about_id = any(array_agg(mine.id)) and state = 'waiting'
     and tries = 0)
from referrals_referral mine where sender_reference like 'stream-%'
"""
FILE = """
select state, tries, (select count(*) from referrals_filerow),
    (select count(distinct sender_reference) from referrals_referral
     where channel = 'file' and sender_reference like 'row-%')
from jobs_job where task = 'referrals.read_file'
"""


def look(site, query: str) -> tuple:
    """Ask the database past all walls; nothing but zeros while it is away."""
    try:
        with Cluster(site.var / "database").connect("kith") as superuser:
            return superuser.execute(query).fetchone() or (0,) * 9
    except psycopg.OperationalError:
        return (0,) * 9


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


def killings(site) -> int:
    """Kill each part without warning, one after another.

    The database is killed in the midst of a job: returns how many of its rows were done by then.
    """
    database = int((Path(_data(site)) / "postmaster.pid").read_text().split()[0])
    file_sender = threading.Thread(target=site.ask, args=(SEND_FILE,))
    file_sender.start()
    time.sleep(2)
    os.kill(children_of(site.pids()["web"])[0], signal.SIGKILL)  # a web process
    time.sleep(3)
    os.kill(site.pids()["worker"], signal.SIGKILL)
    today = f"{date.today():%d/%m/%Y}"
    rows = [GOOD | {"Your number": f"row-{n}", "Date they agreed": today} for n in range(ROWS)]
    (site.var / "rows.part").write_bytes(as_csv(rows))
    (site.var / "rows.part").rename(site.var / "rows.csv")
    file_sender.join()
    wait_until(lambda: look(site, FILE)[2] >= 3)
    done = look(site, FILE)[2]
    os.kill(database, signal.SIGKILL)
    time.sleep(4)
    os.kill(site.pids()["web"], signal.SIGKILL)  # the web server's own main process
    return done


def _data(site) -> Path:
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
    rows_done = killings(site)
    all_killed.set()
    for sender in senders:
        sender.join()

    def settled() -> bool:
        rows, *_, not_tried = look(site, RECEIVED)
        return rows and not not_tried and look(site, FILE)[0] == "done"

    wait_until(settled)
    if look(site, RECEIVED)[4]:
        site.ask(A_MINUTE_LATER)
    wait_until(lambda: (found := look(site, RECEIVED))[0] and not found[4])
    rows, families, references, notices, *_ = look(site, RECEIVED)

    assert len(acknowledged) >= 2 * SENDERS
    assert acknowledged.items() <= references.items()
    assert rows == len(references) == families == notices
    assert rows_done < ROWS, "the database was not killed in the midst of the job"
    state, tries, rows, received = look(site, FILE)
    assert (state, rows, received) == ("done", ROWS, ROWS) and tries > 1
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
    count = "select count(*) from partners_organisation"
    (before,) = look(site, count)

    stop(site)

    assert [pid for pid in parts if Path(f"/proc/{pid}").exists()] == []
    again = start_demo(site.var)
    site.process, site.address = again.process, again.address
    assert look(site, count) == (before,) and before > 0
