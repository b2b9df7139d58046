"""Running the whole product, as its users do: `kith demo` in a folder of its own."""

import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@dataclass
class Site:
    """A running Kith."""

    address: str
    var: Path
    process: subprocess.Popen

    @property
    def database(self) -> dict[str, str]:
        """Return the environment in which Django's commands find this site's database."""
        from kith.machine.postgres import Cluster

        cluster = Cluster(self.var / "database")
        return environment(self.var) | {
            "KITH_MODE": "demo",
            "DJANGO_SETTINGS_MODULE": "kith.settings",
            "DATABASE_URL": cluster.url("kith_app"),
        }

    def pids(self) -> dict[str, int]:
        """Return the process numbers of the web server's and the worker's main processes."""
        numbers: dict[str, int] = json.loads((self.var / "running.json").read_text())
        return numbers

    def ask(self, code: str) -> str:
        """Run some Python inside the product and return what it prints."""
        return subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "django", "shell", "-v0", "-c", code],
            env=self.database,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()

    def letters(self) -> str:
        """Return all e-mail sent so far, as one text."""
        folder = self.var / "mail"
        return "\n".join(p.read_text(errors="replace") for p in sorted(folder.glob("*")))


def environment(var: Path) -> dict[str, str]:
    """Return the environment of a person who has just cloned Kith."""
    ours = ("KITH_", "DATABASE_", "DJANGO_")
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(ours)},
        "KITH_VAR": str(var),
        "PYTHONPATH": str(ROOT / "src"),
    }


def free_port() -> int:
    """Return a port that nobody has: one that Linux lends to nobody else while a county is made."""
    while True:
        with socket.socket() as probe, contextlib.suppress(OSError):
            port = random.randrange(20_000, 32_000)
            probe.bind(("127.0.0.1", port))
            return port


def start_demo(
    var: Path, *, size: str = "tiny", port: int | None = None, seconds: float = 240
) -> Site:
    """Start the product with a county of its own and wait until it answers."""
    port = port or free_port()
    log = (var.parent / f"{var.name}.log").open("ab")
    process = subprocess.Popen(
        [sys.executable, "-m", "kith", "demo", "--size", size, "--port", str(port)],
        cwd=ROOT,
        stdout=log,
        stderr=log,
        # A stream of requests, in which everything is killed, must not be slowed by the limit.
        env={**environment(var), "KITH_API_PER_MINUTE": "5000"},
    )
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"{address}/health", timeout=5).read()
        except OSError:
            time.sleep(0.2)
        else:
            return Site(address, var, process)
    process.kill()
    pytest.fail(f"Kith did not start:\n{Path(log.name).read_text()[-4000:]}")


def stop(site: Site) -> None:
    site.process.send_signal(signal.SIGINT)
    site.process.wait(60)
