"""Reading a file that may be broken or made to harm: in a process of its own, with a limit of time and memory."""

import contextlib
import resource
import subprocess
import sys

MOST_MEMORY = 2 * 1024**3  # bytes that a reader may take


def run_apart(module: str, *words: str, data: bytes, seconds: float) -> bytes | None:
    """Return what a module writes that is given some data; b"" where it failed, None where it took longer."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", module, *words],
            input=data,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    return b"" if done.returncode else done.stdout


def limit_memory() -> None:
    """Let this process take no more than `MOST_MEMORY`, where the machine can be told so."""
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
