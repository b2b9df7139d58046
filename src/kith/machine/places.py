"""Where Kith keeps what it writes, and the plain words for when it cannot."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path


class CannotStart(Exception):
    """Kith cannot start. The message is one sentence that says what to do."""


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
    if error.errno == 28:
        return "the disk is full. Free some space and start again; nothing is lost."
    return f"{error.strerror or error}."


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
