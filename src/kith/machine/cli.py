"""`kith`: start everything with one command, stop everything with one Ctrl-C.

kith demo      a demonstration county on this machine, nothing to set up
kith server    as production runs it: secrets required, no invented data
kith manage …  any of Django's commands, against the database of this folder
kith minutes read FILE …  what minutes, an agenda or a review's report say, as JSON
kith link EXTRACT … --out DIR  find the same people in agencies' extracts
"""

import argparse
import contextlib
import fcntl
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from kith.machine import places
from kith.machine.places import (
    DISK_FULL,
    NO_SPACE,
    SMALLEST_SPACE,
    CannotStart,
    DiskFull,
    explain,
    free_megabytes,
)
from kith.machine.postgres import Cluster, die_with_parent

HERE = Path(__file__).resolve().parents[1]
PATIENCE = 120  # seconds for the web server to answer
LONGEST_PAUSE = 10.0  # seconds between tries to bring back what died
SPACE_LOOKS = 5.0  # seconds between looks whether there is space on the disk
SHORTEST_SECRET = 32  # letters
# Megabytes that the first start writes: the empty database, and each county with what its loading
# leaves in the database's log.
SPACE = {"server": 200, "tiny": 200, "normal": 1000, "large": 4000}


def main(words: list[str] | None = None) -> int:
    """Run a command line. Every failure that we know of is one sentence, and no traceback."""
    options = _parser().parse_args(words)
    try:
        return int(options.run(options))
    except CannotStart as problem:
        print(f"\nKith cannot start: {problem}", file=sys.stderr)
    except OSError as problem:
        print(f"\nKith cannot go on: {explain(problem)}", file=sys.stderr)
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kith", description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(required=True)
    demo = commands.add_parser("demo", help="start the demonstration county")
    demo.add_argument("--size", choices=("tiny", "normal", "large"), default="normal")
    demo.add_argument("--fresh", action="store_true", help="make the county anew")
    demo.set_defaults(run=run_demo)
    server = commands.add_parser("server", help="start as production does")
    server.set_defaults(run=run_server)
    for command in (demo, server):
        command.add_argument("--host", default="127.0.0.1")
        command.add_argument("--port", type=int, default=8000)
    manage = commands.add_parser("manage", help="run one of Django's commands", add_help=False)
    manage.add_argument("rest", nargs=argparse.REMAINDER)
    manage.set_defaults(run=run_manage)
    link = commands.add_parser("link", help="find the same people in agencies' extracts")
    link.add_argument("rest", nargs=argparse.REMAINDER)
    link.set_defaults(run=run_link)
    minutes = commands.add_parser("minutes", help="minutes and agendas that others have written")
    reading = minutes.add_subparsers(required=True).add_parser(
        "read", help="print what files say as JSON: text, HTML, ModernGov XML, Word, PDF"
    )
    reading.add_argument("files", nargs="+", metavar="FILE")
    reading.set_defaults(run=run_minutes)
    return parser


def run_demo(options: argparse.Namespace) -> int:
    """Start the demonstration county and stay until stopped."""
    with _only_one_here(), _database(SPACE[options.size]) as site:
        site.environment["KITH_MODE"] = "demo"
        site.environment.setdefault("KITH_ADDRESS", f"http://{options.host}:{options.port}")
        _check_port(options.host, options.port)
        site.prepare()
        site.make_county(options.size, fresh=options.fresh)
        return site.serve(options.host, options.port, welcome=True)


def run_server(options: argparse.Namespace) -> int:
    """Start as production does: with the database of `DATABASE_URL`, or one of our own."""
    _check_secrets()
    with _only_one_here(), _database(SPACE["server"]) as site:
        site.environment["KITH_MODE"] = "server"
        _check_port(options.host, options.port)
        site.prepare()
        return site.serve(options.host, options.port, welcome=False)


def run_manage(options: argparse.Namespace) -> int:
    """Run one of Django's commands, starting the database for it where it is not running."""
    with _database() as site:
        site.environment.setdefault("KITH_MODE", "demo")
        owner = options.rest[:1] in (["migrate"], ["make_county"])
        return site.django(*options.rest, owner=owner, check=False)


def run_minutes(options: argparse.Namespace) -> int:
    """Print what files of minutes say. A program of its own reads them: it needs no database."""
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    command = [sys.executable, "-m", "kith.analytics.minutes", "--", *options.files]
    return subprocess.run(command, env=environment, check=False).returncode


def run_link(options: argparse.Namespace) -> int:
    """Match people in extracts. A program of its own does it: it needs no database."""
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    today = date.today().isoformat()
    command = [sys.executable, "-m", "kith.analytics.linkage", "--as-at", today, *options.rest]
    return subprocess.run(command, env=environment, check=False).returncode


class Site:
    """The parts that make up a running Kith, and the environment they share."""

    def __init__(self, var: Path, cluster: Cluster | None, environment: dict[str, str]) -> None:
        self.var, self.cluster, self.environment = var, cluster, environment
        self.parts: dict[str, subprocess.Popen[bytes]] = {}
        self.stopping = False
        self._short_of_space = False
        self._looked_at_space = 0.0

    def django(self, *words: str, owner: bool = False, check: bool = True) -> int:
        """Run one of Django's commands. Raises CannotStart when it fails and `check` is set.

        A full disk is told from any other failure, and in one sentence.
        """
        environment = dict(self.environment)
        if owner:
            environment["KITH_DATABASE_ROLE"] = "owner"
        quiet = "-v0" in words
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "django", *words],
            env=environment,
            check=False,
            stderr=subprocess.PIPE if quiet else None,
        )
        said = (done.stderr or b"").decode(errors="replace")
        if check and done.returncode:
            if NO_SPACE in said or self._disk_is_full():
                raise DiskFull(DISK_FULL)
            print(said, file=sys.stderr)
            raise CannotStart(f"`{words[0]}` failed; what it says above tells why.")
        print(said, end="", file=sys.stderr)
        return done.returncode

    def _disk_is_full(self) -> bool:
        return bool(self.cluster and NO_SPACE in self.cluster.last_words())

    def prepare(self) -> None:
        """Bring the database and the static files up to date, where the code is newer."""
        mark = _code_mark()
        state_file = self.var / "prepared.json"
        with contextlib.suppress(FileNotFoundError, ValueError):
            state = json.loads(state_file.read_text())
            if state == {"mark": mark, "database": self._database_mark()}:
                return
        print("Bringing the database up to date …", flush=True)
        self.django("migrate", "-v0", owner=True)
        self.django("collectstatic", "--noinput", "--clear", "-v0")
        _write(state_file, json.dumps({"mark": mark, "database": self._database_mark()}))

    def _database_mark(self) -> str:
        """Tell one database from another, so that a new one is prepared."""
        if self.cluster:
            return str((self.cluster.data / "postgresql.conf").stat().st_ctime_ns)
        return hashlib.sha256(self.environment.get("DATABASE_URL", "").encode()).hexdigest()

    def make_county(self, size: str, *, fresh: bool) -> None:
        """Make the demonstration county, once."""
        self.django("make_county", "--size", size, *(["--fresh"] if fresh else []), owner=True)

    # Running

    def serve(self, host: str, port: int, *, welcome: bool) -> int:
        """Start web and worker, watch them, bring back what dies, until told to stop."""
        for call in (signal.SIGINT, signal.SIGTERM):
            signal.signal(call, self._stop)
        self._end_leftovers()
        commands = {
            "web": [
                *(sys.executable, "-W", "ignore", "-m", "granian", "--interface", "wsgi"),
                *("--host", host, "--port", str(port), "--workers", "2"),
                *("--blocking-threads", "2", "--respawn-failed-workers"),
                *("--no-ws", "--log-level", "warning", "kith.wsgi:application"),
            ],
            "worker": [sys.executable, "-W", "ignore", "-m", "django", "work"],
        }
        pauses = dict.fromkeys(commands, 0.0)
        begun = dict.fromkeys(commands, 0.0)
        told = False
        try:
            while not self.stopping:
                if self.cluster and self.cluster.has_died():
                    self._revive(self.cluster)
                for name, command in commands.items():
                    part = self.parts.get(name)
                    if part and part.poll() is None:
                        if time.monotonic() - begun[name] > 30:
                            pauses[name] = 0.0
                        continue
                    if part:
                        # What it left behind still holds the port or a job.
                        _end_group(part.pid, signal.SIGKILL)
                        _say(f"The {name} process stopped; starting it again.")
                        self._pause(pauses[name])
                        pauses[name] = min(LONGEST_PAUSE, pauses[name] * 2 + 0.5)
                    self.parts[name] = self._start(name, command)
                    begun[name] = time.monotonic()
                self._watch_space()
                if not told:
                    self._wait_until_answering(host, port)
                    self._welcome(host, port, welcome)
                    told = True
                time.sleep(0.2)
        finally:
            self.stop()
        return 0

    def _revive(self, cluster: Cluster) -> None:
        """Start the database again, as often as it takes. On a full disk it waits for space."""
        _say("The database stopped; starting it again.")
        pause, told = 0.5, ""
        while not self.stopping:
            try:
                cluster.start()
            except DiskFull:
                self._short(cluster.data_home)
                self._pause(SPACE_LOOKS)
            except CannotStart as problem:
                if str(problem) != told:
                    told = str(problem)
                    _say(f"{told} Kith tries again until it does.")
                self._pause(pause)
                pause = min(LONGEST_PAUSE, pause * 2)
            else:
                return

    def _watch_space(self) -> None:
        """Say once when the disk is nearly full, and once when there is space again."""
        if time.monotonic() - self._looked_at_space < SPACE_LOOKS:
            return
        self._looked_at_space = time.monotonic()
        folders = [self.var, *([self.cluster.data_home] if self.cluster else [])]
        fullest = min(folders, key=free_megabytes)
        if free_megabytes(fullest) < SMALLEST_SPACE:
            self._short(fullest)
        elif self._short_of_space:
            self._short_of_space = False
            _say("There is space on the disk again, and Kith goes on.")

    def _short(self, folder: Path) -> None:
        if not self._short_of_space:
            _say(
                f"The disk of {folder} is full: what people send now is refused, and nothing that "
                "was acknowledged is lost. Free some space, and Kith goes on by itself."
            )
        self._short_of_space = True

    def _pause(self, seconds: float) -> None:
        """Sleep, but not longer than until told to stop."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not self.stopping:
            time.sleep(0.2)

    def _start(self, name: str, command: list[str]) -> subprocess.Popen[bytes]:
        environment = dict(self.environment)
        environment["KITH_DATABASE_ROLE"] = "worker" if name == "worker" else "app"
        # The owner's rights are for migrations only.
        environment.pop("KITH_OWNER_DATABASE_URL", None)
        part = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            preexec_fn=lambda: die_with_parent(signal.SIGTERM),
        )
        # Without space for it the part runs all the same: it dies with us, whatever happens.
        with contextlib.suppress(OSError):
            _write(
                self.var / "running.json",
                json.dumps(
                    {key: running.pid for key, running in self.parts.items()} | {name: part.pid}
                ),
            )
        return part

    def _wait_until_answering(self, host: str, port: int) -> None:
        address = f"http://{'127.0.0.1' if host in ('0.0.0.0', '') else host}:{port}/health"
        # Whom Kith answers is said by KITH_HOSTS, and this machine's own name is seldom among them.
        name = os.environ.get("KITH_HOSTS", "").split(",")[0].lstrip(".").replace("*", "")
        question = urllib.request.Request(address, headers={"Host": name} if name else {})
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and not self.stopping:
            if self.cluster and self.cluster.has_died():
                self._revive(self.cluster)
            if self.parts["web"].poll() is not None:
                raise CannotStart("The web server stopped at once; its words are above.")
            with (
                contextlib.suppress(urllib.error.URLError, OSError),
                urllib.request.urlopen(question, timeout=2),
            ):
                return
            time.sleep(0.1)
        if not self.stopping:
            raise CannotStart(f"The web server did not answer within {PATIENCE} seconds.")

    def _welcome(self, host: str, port: int, demo: bool) -> None:
        if self.stopping:
            return
        print(f"\nKith is running at http://{host}:{port}/   (Ctrl-C stops it)\n", flush=True)
        if demo:
            self.django("show_sign_ins", check=False)

    def _stop(self, *_: object) -> None:
        self.stopping = True

    def stop(self) -> None:
        """Stop web and worker, kindly and then not; the database is stopped by its own block."""
        for part in self.parts.values():
            if part.poll() is None:
                part.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + 15
        for part in self.parts.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                part.wait(max(0.1, deadline - time.monotonic()))
            _end_group(part.pid, signal.SIGKILL)
            part.wait()
        (self.var / "running.json").unlink(missing_ok=True)

    def _end_leftovers(self) -> None:
        """End what a killed Kith left running."""
        with contextlib.suppress(FileNotFoundError, ValueError):
            for pid in json.loads((self.var / "running.json").read_text()).values():
                with contextlib.suppress(OSError):
                    if b"kith" in Path(f"/proc/{pid}/cmdline").read_bytes():
                        _end_group(pid, signal.SIGKILL)


def _check_secrets() -> None:
    """Raise CannotStart for the first setting that production needs and does not have."""
    more = "docs/how-to/run-in-production.md lists what else is needed."
    secret = os.environ.get("KITH_SECRET_KEY", "")
    if not secret:
        raise CannotStart(
            "KITH_SECRET_KEY is not set. It signs sessions and links: set it to a long random text "
            f"and keep it safe. {more}"
        )
    if len(secret) < SHORTEST_SECRET:
        raise CannotStart(
            f"KITH_SECRET_KEY has {len(secret)} letters, and somebody could guess it. Set it to a "
            f"random text of {SHORTEST_SECRET} or more, such as `openssl rand -base64 48` writes."
        )
    hosts = [name for name in os.environ.get("KITH_HOSTS", "").split(",") if name]
    if not hosts:
        raise CannotStart(
            "KITH_HOSTS is not set. Set it to the names people use, such as kith.example.gov.uk. "
            f"{more}"
        )
    address = os.environ.get("KITH_ADDRESS", "")
    if not address:
        raise CannotStart(
            "KITH_ADDRESS is not set. Links in e-mail begin with it: set it to the address people "
            f"use, such as https://{hosts[0].lstrip('.*')}. {more}"
        )
    plain = os.environ.get("KITH_TLS", "yes").lower() not in ("1", "yes", "true", "on")
    scheme = "http" if plain else "https"
    if not address.startswith(f"{scheme}://"):
        raise CannotStart(
            f"KITH_ADDRESS is {address}, but it must begin with {scheme}://, as KITH_TLS is "
            f"{'off' if plain else 'on'}."
        )


@contextlib.contextmanager
def _database(megabytes: int = 0) -> Iterator[Site]:
    """Give the environment of a database: that of `DATABASE_URL`, else our own, started here.

    `megabytes` is how much space a first start needs.
    """
    var = places.make_folder(places.var())
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "kith.settings",
        "KITH_VAR": str(var),
        "PYTHONPATH": os.pathsep.join(
            filter(None, [str(HERE.parent), os.environ.get("PYTHONPATH")])
        ),
    }
    if os.environ.get("DATABASE_URL"):
        for name in ("KITH_OWNER_DATABASE_URL", "KITH_WORKER_DATABASE_URL"):
            if not os.environ.get(name):
                raise CannotStart(
                    f"DATABASE_URL is set but {name} is not. Kith uses three roles, so that the web "
                    "server owns nothing: docs/how-to/run-in-production.md makes them."
                )
        yield Site(var, None, environment)
        return
    cluster = Cluster(var / "database")
    joined = cluster.is_running()
    if not joined:
        if not cluster.data.exists():
            places.check_space(cluster.data_home, megabytes)
        cluster.start()
    try:
        if not joined:
            cluster.make_database()
        environment |= {
            "DATABASE_URL": cluster.url("kith_app"),
            "KITH_WORKER_DATABASE_URL": cluster.url("kith_worker"),
            "KITH_OWNER_DATABASE_URL": cluster.url("kith_owner"),
        }
        yield Site(var, cluster, environment)
    finally:
        if not joined:
            cluster.stop()


@contextlib.contextmanager
def _only_one_here() -> Iterator[None]:
    lock = places.make_folder(places.var()) / "kith.lock"
    with lock.open("a+") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            held.seek(0)
            raise CannotStart(
                f"it is running already (process {held.read().strip() or 'unknown'}). "
                "Stop it first with Ctrl-C, or set KITH_VAR to another folder for a second one."
            ) from None
        held.truncate(0)
        held.write(str(os.getpid()))
        held.flush()
        yield


def _check_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise CannotStart(
                f"this user may not use port {port}. Choose one above 1023: --port 8000."
            ) from None
        except OverflowError:
            raise CannotStart(
                "a port is a number from 1 to 65535. Choose one: --port 8000."
            ) from None
        except OSError as problem:
            if problem.errno == 98:
                raise CannotStart(
                    f"port {port} is in use by another program. Choose another: --port {port + 1}."
                ) from None
            raise CannotStart(f"it cannot listen on {host}:{port}: {explain(problem)}") from None


def _code_mark() -> str:
    """Return a mark that changes with anything that `prepare` reads."""
    files = [
        *HERE.glob("*/migrations/*.py"),
        *HERE.glob("*/static/**/*"),
        HERE / "accounts/roles.py",
    ]
    lines = sorted(
        f"{path.relative_to(HERE)} {path.stat().st_mtime_ns}" for path in files if path.is_file()
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def _write(path: Path, text: str) -> None:
    """Write a small file so that a crash leaves either the old or the new one."""
    part = path.with_suffix(".part")
    part.write_text(text)
    part.replace(path)


def _end_group(pid: int, how: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, how)


if __name__ == "__main__":
    sys.exit(main())
