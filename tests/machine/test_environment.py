"""What the scripts do before Python starts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parents[2]


@pytest.fixture
def environment(tmp_path):
    """An environment that is up to date, as its mark says."""
    lock = subprocess.run(
        "cat uv.lock pyproject.toml | cksum", shell=True, cwd=HERE, capture_output=True, check=True
    )
    (tmp_path / ".kith-run").write_bytes(lock.stdout.strip())
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to(sys.executable)
    return tmp_path


def sourced(environment: Path, then: str) -> subprocess.CompletedProcess[str]:
    """Run something after what every script begins with."""
    return subprocess.run(
        ["sh", "-c", f". script/_environment; {then}", "script/demo"],
        cwd=HERE,
        env={
            **os.environ,
            "PYTHONDONTWRITEBYTECODE": "1",
            "KITH_ENVIRONMENT": str(environment),
            "KITH_GROUPS": "--no-dev",
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_compiled_code_is_kept_whatever_the_machine_says(environment):
    done = sourced(environment, 'echo "${PYTHONDONTWRITEBYTECODE-kept}"')

    assert done.stdout.strip() == "kept", done.stderr


def test_an_environment_that_cannot_be_run_is_named_in_one_sentence(environment):
    (environment / "bin" / "python").unlink()
    (environment / "bin" / "python").symlink_to("/nowhere/python")

    done = sourced(environment, "echo started")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert f"may not run {environment}/bin/python. Set KITH_ENVIRONMENT" in done.stderr
