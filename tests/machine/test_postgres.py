"""The launcher, on real servers of its own."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest

from kith.machine import places
from kith.machine.cli import Site
from kith.machine.places import CannotStart
from kith.machine.postgres import Cluster, find_programs


@pytest.fixture
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


def rows(cluster: Cluster) -> int:
    with psycopg.connect(cluster.url("kith_owner")) as connection:
        return connection.execute("select count(*) from kept").fetchone()[0]


def test_what_was_committed_survives_a_kill_and_the_roles_stay_apart(home):
    cluster = Cluster(home)
    cluster.start()
    cluster.make_database()
    with psycopg.connect(cluster.url("kith_owner")) as connection:
        connection.execute("create table kept (n int)")
        connection.execute("insert into kept select generate_series(1, 1000)")
    assert cluster.process
    os.kill(cluster.process.pid, signal.SIGKILL)
    cluster.process.wait()
    assert cluster.has_died()

    cluster.start()

    try:
        assert rows(cluster) == 1000
        with psycopg.connect(cluster.url("kith_app"), autocommit=True) as app:
            assert app.execute("select count(*) from kept").fetchone() == (1000,)
            for forbidden in ("truncate kept", "drop table kept", "create table mine (n int)"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    app.execute(forbidden)
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute("set role kith_owner")
    finally:
        cluster.stop()
    assert not cluster.is_running()


def test_it_starts_though_a_process_of_the_killed_server_is_still_at_work(home):
    cluster = Cluster(home)
    cluster.start()
    cluster.make_database()
    busy = psycopg.connect(cluster.url("kith_app"))
    process = busy.info.backend_pid
    os.kill(process, signal.SIGSTOP)  # as one is in the midst of long work: it notices nothing
    os.kill(cluster.process.pid, signal.SIGKILL)
    cluster.process.wait()

    with cluster.running():
        assert cluster.is_running()
        assert not _alive(process)


def test_while_kith_runs_it_brings_the_database_back_as_often_as_it_takes(home, capsys):
    cluster = Cluster(home)
    cluster.start()
    site = Site(home, cluster, {})
    os.kill(cluster.process.pid, signal.SIGKILL)
    cluster.process.wait()
    (cluster.data / "global").rename(cluster.data / "elsewhere")

    mended = threading.Timer(1, (cluster.data / "elsewhere").rename, [cluster.data / "global"])
    mended.start()
    site._revive(cluster)

    assert cluster.is_running()
    assert "tries again" in capsys.readouterr().err
    cluster.stop()


def test_the_database_goes_when_the_process_above_it_is_killed(home):
    script = (
        "import sys, time; from pathlib import Path; from kith.machine.postgres import Cluster\n"
        "c = Cluster(Path(sys.argv[1])); c.start(); print(c.process.pid, flush=True); time.sleep(60)"
    )
    above = subprocess.Popen(
        [sys.executable, "-c", script, str(home)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    pid = int(above.stdout.readline())

    above.kill()
    above.wait()

    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and _alive(pid):
        time.sleep(0.1)
    assert not _alive(pid)
    again = Cluster(home)
    again.start()
    again.stop()


def _alive(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rsplit(")", 1)[1].split()[0] != "Z"


def test_half_a_cluster_left_by_a_crash_is_made_again(home):
    cluster = Cluster(home)
    (cluster.data_home / "postgres.part").mkdir()
    (cluster.data_home / "postgres.part" / "rubbish").write_text("half")

    with cluster.running():
        assert cluster.is_running()


def test_a_folder_that_cannot_be_used_is_named_in_one_sentence(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")

    with pytest.raises(CannotStart) as refused:
        places.make_folder(blocked / "var")

    assert str(blocked) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_full_disk_is_called_a_full_disk():
    assert "disk is full" in places.explain(OSError(28, "No space left on device"))


def test_programs_that_are_not_there_are_named(monkeypatch, tmp_path):
    monkeypatch.setenv("KITH_PGBIN", str(tmp_path))

    with pytest.raises(CannotStart, match="KITH_PGBIN"):
        find_programs()


def test_data_of_another_major_version_are_left_alone(home):
    cluster = Cluster(home)
    with cluster.running():
        pass
    (cluster.data / "PG_VERSION").write_text("14\n")

    with pytest.raises(CannotStart, match="PostgreSQL 14"):
        cluster.start()
