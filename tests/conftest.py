"""Tests run on a real PostgreSQL, migrated as its owner, and work as the application's own role.

The server is started by Kith's own launcher in `var/test` (or `KITH_TEST_VAR`), once a run;
`tests/together.py` starts one for several runs. The migrated database is kept as a template, and
made anew when a migration or a role has changed.
"""

import fcntl
import gc
import hashlib
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kith.machine.postgres import Cluster

ROOT = Path(__file__).parents[1]


def pytest_collection_finish() -> None:
    """What was imported stays until the end: looking through it for garbage took a tenth of all time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def migrations_fingerprint() -> str:
    """Return a mark of everything that the migrated database is made from."""
    files = sorted((ROOT / "src" / "kith").glob("*/migrations/*.py"))
    files += [ROOT / "src/kith/accounts" / name for name in ("roles.py", "guards.py")]
    files += [ROOT / "src/kith/accounts/actions/grants.py", ROOT / "uv.lock"]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]


@pytest.fixture(scope="session")
def cluster():
    """A database server of the tests' own; one that runs already is shared."""
    home = os.environ.get("KITH_TEST_CLUSTER") or Path(os.environ["KITH_VAR"]) / "cluster"
    cluster = Cluster(Path(home), fast_and_loose=True)
    if cluster.is_running():
        yield cluster
        return
    with cluster.running():
        yield cluster


@pytest.fixture(scope="session")
def template(cluster) -> str:
    """The name of a migrated, otherwise empty database to copy from."""
    name = f"kith_{migrations_fingerprint()}"
    with (cluster.home / "template.lock").open("w") as lock:
        # Of several runs that share the server, one makes it.
        fcntl.flock(lock, fcntl.LOCK_EX)
        make_template(cluster, name)
    return name


def make_template(cluster: Cluster, name: str) -> None:
    """Migrate an empty database, unless it is there; throw away those of older code."""
    with cluster.connect() as connection:
        have = connection.execute("select datname from pg_database").fetchall()
        for (old,) in have:
            run = old.rpartition("_")[2]  # of a copy: the process that works with it
            in_use = old.startswith(name) and (old == name or Path(f"/proc/{run}").exists())
            if old.startswith("kith_") and not in_use:
                connection.execute(f'drop database if exists "{old}" with (force)')
        if (name,) in have:
            return
    making = f"{name}_making"
    cluster.make_database(making)
    subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "django", "migrate", "-v0"],
        check=True,
        env={
            **os.environ,
            "KITH_DATABASE_ROLE": "owner",
            "KITH_OWNER_DATABASE_URL": cluster.url("kith_owner", making),
        },
    )
    with cluster.connect() as connection:
        connection.execute(f'alter database "{making}" rename to "{name}"')


def copy_database(cluster: Cluster, template: str, what: str) -> str:
    """Make a fresh copy of a database for this run alone, and return its name."""
    name = f"{template}_{what}_{os.getpid()}"
    with cluster.connect() as connection:
        connection.execute(f'drop database if exists "{name}" with (force)')
        connection.execute(f'create database "{name}" template "{template}" owner kith_owner')
    return name


def drop_database(cluster: Cluster, name: str) -> None:
    with cluster.connect() as connection:
        connection.execute(f'drop database if exists "{name}" with (force)')


@pytest.fixture(scope="session")
def django_db_setup(cluster, template, django_db_blocker):
    """Give Django a copy of the template, as the application's own role."""
    from django.db import connections

    from kith.settings import database

    name = copy_database(cluster, template, "run")
    with django_db_blocker.unblock():
        connections["default"].close()
        settings = database(cluster.url("kith_app", name))
        connections["default"].settings_dict.update(
            {key: value for key, value in settings.items() if key != "TEST"}
        )
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    drop_database(cluster, name)


@pytest.fixture
def fresh_database(cluster, template, django_db_setup, django_db_blocker, request):
    """For tests that commit: a database of the test's own, thrown away afterwards.

    Yields the address of the database for any role: `fresh_database("kith_app")`.
    """
    from django.db import connections

    name = copy_database(cluster, template, "fresh")
    connection = connections["default"]
    with django_db_blocker.unblock():
        connection.close()
        before = connection.settings_dict["NAME"]
        connection.settings_dict["NAME"] = name
        try:
            yield lambda role: cluster.url(role, name)
        finally:
            connections.close_all()
            connection.settings_dict["NAME"] = before
    drop_database(cluster, name)


@pytest.fixture
def at() -> datetime:
    """A Monday morning in term."""
    return datetime(2026, 11, 16, 9, 30, tzinfo=ZoneInfo("Europe/London"))


@pytest.fixture
def seen_by(db):
    """Work for somebody for the rest of the test: `seen_by(worker)`."""
    from kith.accounts.viewer import see_as

    return see_as


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The whole product, running, with a tiny county: one for all journeys and killings."""
    from tests.running import start_demo, stop

    var = tmp_path_factory.mktemp("demo") / "var"
    var.mkdir()
    site = start_demo(var)
    yield site
    stop(site)
