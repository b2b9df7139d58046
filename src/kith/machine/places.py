"""Where Kith keeps what it writes, and the plain words for when it cannot."""

import os
import pwd
import shutil
from dataclasses import dataclass
from pathlib import Path


class CannotStart(Exception):
    """Kith cannot start. The message is one sentence that says what to do."""


class DiskFull(CannotStart):
    """There is no space left where Kith writes. What was acknowledged is safe."""


DISK_FULL = "the disk is full. Free some space and start again; nothing is lost."
NO_SPACE = "No space left on device"  # as the operating system says it
SMALLEST_SPACE = 64  # megabytes without which the database cannot go on


def var() -> Path:
    """Return the folder that holds the database, logs and sent e-mail: `KITH_VAR`, else `./var`."""
    return Path(os.environ.get("KITH_VAR") or Path.cwd() / "var").resolve()


def make_folder(path: Path) -> Path:
    """Make a folder, or say in one sentence why that is not possible."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        probe = path / ".writable"
        probe.write_text("yes")
        probe.unlink()
    except PermissionError:
        raise CannotStart(
            f"Kith may not write to {path}. Give this user the right to write there, "
            "or set KITH_VAR to a folder that it may write to."
        ) from None
    except OSError as error:
        raise CannotStart(f"Kith cannot use {path}: {explain(error)}") from None
    return path


def explain(error: OSError) -> str:
    """Return what an operating-system error means to somebody who only wants Kith to run."""
    if error.errno == 28 or NO_SPACE in str(error):
        return DISK_FULL
    return f"{error.strerror or error}."


def free_megabytes(path: Path) -> int:
    """Return how much space is left where a folder is, or will be made."""
    there = next(folder for folder in (path, *path.parents) if folder.exists())
    return shutil.disk_usage(there).free // 1024**2


def check_space(path: Path, megabytes: int) -> None:
    """Raise DiskFull, in one sentence, when there is less space than this where a folder is."""
    free = free_megabytes(path)
    if free < megabytes:
        raise DiskFull(
            f"it needs {megabytes} MB of disk in {path} and only {free} MB are free there. "
            "Free some space, or set KITH_VAR to a folder on another disk, and start again; "
            "nothing is lost."
        )


@dataclass(frozen=True)
class Account:
    """The operating-system account that runs the database server."""

    uid: int
    gid: int
    name: str


def database_account() -> Account | None:
    """Return the account to change to for the database; None where we may run it as ourselves.

    PostgreSQL refuses to run as root. A production server should have an account `postgres`;
    a bare container has at least `nobody`.
    """
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, name)
    raise CannotStart(
        "PostgreSQL does not run as root and this machine has no other account. "
        "Add one (for example `useradd postgres`) or start Kith as an ordinary user."
    )


def reachable_by(account: Account, path: Path) -> bool:
    """Say whether an account may pass through every folder above a path."""
    for folder in (path, *path.parents):
        if not folder.exists():
            continue
        status = folder.stat()
        if status.st_uid == account.uid:
            allowed = status.st_mode & 0o100
        elif status.st_gid == account.gid:
            allowed = status.st_mode & 0o010
        else:
            allowed = status.st_mode & 0o001
        if not allowed:
            return False
    return True
