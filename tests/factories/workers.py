"""A real worker in a process of its own, for tests that kill it."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]


@contextlib.contextmanager
def worker(
    url: str, *, settings: str = "kith.settings", **environment: str
) -> Iterator[subprocess.Popen]:
    """Run a worker on a database; it is killed at the end of the block if it still lives."""
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "django", "work"],
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
            "DJANGO_SETTINGS_MODULE": settings,
            "KITH_DATABASE_ROLE": "worker",
            "KITH_WORKER_DATABASE_URL": url,
            **environment,
        },
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(10)


def wait_until(true: Callable[[], object], *, seconds: float = 120) -> None:
    """Wait until something has happened. Raises AssertionError when it takes too long."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
