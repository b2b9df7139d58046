"""Make the environment from the lock file, on a machine that has Python and nothing else.

uv comes from PyPI: by pip where the machine has it, else by this file, which reads the address and
the hash of the wheel from the lock file.
"""

import hashlib
import io
import os
import platform
import shutil
import subprocess
import sys
import tomllib
import urllib.request
import venv
import zipfile
from pathlib import Path


def main(folder: Path, groups: str) -> int:
    try:
        if not (folder / "bin" / "python").exists():
            shutil.rmtree(folder, ignore_errors=True)
            venv.create(folder, with_pip=False, symlinks=True)
        uv = folder / "bin" / "uv"
        if not uv.exists():
            fetch_uv(uv)
    except OSError as problem:
        print(
            f"Kith cannot start: its environment cannot be made in {folder}: {problem}",
            file=sys.stderr,
        )
        return 1
    environment = {
        **os.environ,
        "UV_PROJECT_ENVIRONMENT": str(folder.resolve()),
        "UV_PYTHON_PREFERENCE": "only-system",
        "UV_LINK_MODE": os.environ.get("UV_LINK_MODE", "copy"),
    }
    command = [str(uv), "sync", "--frozen", "--inexact", "--quiet", *groups.split()]
    done = subprocess.run([*command, "--python", str(folder / "bin" / "python")], env=environment)
    if done.returncode:
        print(
            "Kith cannot start: its libraries could not be fetched; the lines above say why. "
            "Check the network to PyPI and the free disk space, and start again.",
            file=sys.stderr,
        )
    return done.returncode


def fetch_uv(target: Path) -> None:
    """Put uv's program into the environment. Raises OSError with what went wrong."""
    package = next(
        p for p in tomllib.loads(Path("uv.lock").read_text())["package"] if p["name"] == "uv"
    )
    if (
        subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True).returncode
        == 0
    ):
        holder = target.parent.parent / "uv"
        command = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-deps",
            "--target",
            str(holder),
        ]
        done = subprocess.run(
            [*command, "--disable-pip-version-check", f"uv=={package['version']}"],
            capture_output=True,
        )
        if done.returncode == 0:
            shutil.copy2(holder / "bin" / "uv", target)
            shutil.rmtree(holder)
            return
    libc = "musl" if not platform.libc_ver()[0] else "manylinux"
    wheel = next(
        (w for w in package["wheels"] if libc in w["url"] and platform.machine() in w["url"]), None
    )
    if wheel is None:
        raise OSError(
            f"PyPI has no uv for this machine ({platform.machine()}); install uv yourself"
        )
    with urllib.request.urlopen(wheel["url"], timeout=120) as answer:
        content = answer.read()
    if "sha256:" + hashlib.sha256(content).hexdigest() != wheel["hash"]:
        raise OSError("what PyPI sent is not what the lock file names; start again")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        name = next(n for n in archive.namelist() if n.endswith("/scripts/uv"))
        target.write_bytes(archive.read(name))
    target.chmod(0o755)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
