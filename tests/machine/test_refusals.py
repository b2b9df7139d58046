"""What Kith says, in one sentence, when it cannot start or cannot go on."""

import contextlib
import logging
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest

from kith.machine.cli import main
from kith.machine.logs import DatabaseAway
from kith.machine.places import DiskFull
from kith.machine.postgres import Cluster

PRODUCTION = {
    "KITH_SECRET_KEY": "x" * 40,
    "KITH_HOSTS": "kith.county.gov.uk",
    "KITH_ADDRESS": "https://kith.county.gov.uk",
}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"KITH_SECRET_KEY": ""}, "KITH_SECRET_KEY is not set"),
        ({"KITH_SECRET_KEY": "secret"}, "KITH_SECRET_KEY has 6 letters"),
        ({"KITH_HOSTS": ""}, "KITH_HOSTS is not set"),
        ({"KITH_ADDRESS": ""}, "such as https://kith.county.gov.uk"),
        ({"KITH_ADDRESS": "http://kith.county.gov.uk"}, "must begin with https://"),
        ({"KITH_TLS": "no"}, "must begin with http://"),
        ({"DATABASE_URL": "postgresql://kith_app@db/kith"}, "KITH_OWNER_DATABASE_URL is not"),
    ],
)
def test_production_names_the_setting_that_is_missing_or_wrong(
    monkeypatch, capsys, tmp_path, wrong, said
):
    for name in ("DATABASE_URL", "KITH_TLS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in (PRODUCTION | wrong).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("KITH_VAR", str(tmp_path))

    assert main(["server"]) == 1

    sentence = capsys.readouterr().err.strip()
    assert said in sentence
    assert "\n" not in sentence


def test_an_ordinary_user_without_the_right_to_write_hears_so(open_folder, monkeypatch):
    if os.geteuid() != 0:
        pytest.skip("ONLY ROOT CAN BECOME SOMEBODY ELSE")
    monkeypatch.setenv("KITH_VAR", str(open_folder / "var"))
    nobody = pwd.getpwnam("nobody")
    said, says = os.pipe()

    child = os.fork()
    if child == 0:  # an ordinary user from here on
        status = 99
        with contextlib.suppress(BaseException):
            os.dup2(says, 2)
            sys.stderr = os.fdopen(2, "w")
            os.setgroups([])
            os.setgid(nobody.pw_gid)
            os.setuid(nobody.pw_uid)
            status = main(["demo"])
            sys.stderr.flush()
        os._exit(status)
    os.close(says)
    with os.fdopen(said) as words:
        sentence = words.read().strip()

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1
    assert f"Kith may not write to {open_folder / 'var'}" in sentence
    assert "\n" not in sentence


@pytest.fixture
def open_folder():
    """A folder that everybody may pass through, as the account of the database must."""
    folder = Path(tempfile.mkdtemp(prefix="kith-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def small_disk(open_folder):
    """A disk of 120 megabytes."""
    command = ["mount", "-t", "tmpfs", "-o", "size=120m,mode=755", "tmpfs", str(open_folder)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("THIS MACHINE DOES NOT LET US MOUNT A SMALL DISK")
    yield open_folder
    subprocess.run(["umount", "--lazy", str(open_folder)], check=True)


def test_a_full_disk_is_one_sentence_loses_nothing_and_is_over_when_there_is_space(
    small_disk, capsys, monkeypatch
):
    cluster = Cluster(small_disk / "database")
    cluster.start()
    cluster.make_database()
    with psycopg.connect(cluster.url("kith_owner"), autocommit=True) as connection:
        connection.execute("create table kept (n int, words text)")
        connection.execute("insert into kept select generate_series(1, 1000)")
        with contextlib.suppress(OSError), (small_disk / "ballast").open("wb") as ballast:
            while True:
                ballast.write(b"x" * 65536)
        with pytest.raises(psycopg.OperationalError, match="No space left on device"):
            connection.execute(
                "insert into kept select n, repeat('x', 1000) from generate_series(1, 90000) n"
            )
    cluster.stop()

    with pytest.raises(DiskFull) as refused:
        cluster.start()
    monkeypatch.setenv("KITH_VAR", str(small_disk / "other"))
    assert main(["demo"]) == 1
    (small_disk / "ballast").unlink()
    with cluster.running(), psycopg.connect(cluster.url("kith_owner")) as connection:
        kept = connection.execute("select count(*), max(words) from kept").fetchone()

    assert "\n" not in str(refused.value) and "nothing is lost" in str(refused.value)
    assert "only 0 MB are free there" in capsys.readouterr().err
    assert kept == (1000, None)


def test_while_the_database_is_away_the_log_says_so_in_one_line():
    try:
        raise psycopg.OperationalError("connection failed: refused\n\tIs the server running?")
    except psycopg.OperationalError:
        away = logging.LogRecord("django", 40, "", 1, "Error: %s", ("/today/",), sys.exc_info())
    try:
        raise ValueError("somebody's name")
    except ValueError:
        other = logging.LogRecord("django", 40, "", 1, "Error", (), sys.exc_info())

    for record in (away, other):
        assert DatabaseAway().filter(record)

    assert away.getMessage() == "Error: /today/: connection failed: refused"
    assert away.exc_info is None
    assert other.exc_info is not None
