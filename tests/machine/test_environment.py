"""What the scripts do before Python starts."""

import os
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]


def test_compiled_code_is_kept_whatever_the_machine_says(tmp_path):
    lock = subprocess.run(
        "cat uv.lock pyproject.toml | cksum", shell=True, cwd=HERE, capture_output=True, check=True
    )
    (tmp_path / ".kith-run").write_bytes(lock.stdout.strip())

    done = subprocess.run(
        [
            "sh",
            "-c",
            '. script/_environment; echo "${PYTHONDONTWRITEBYTECODE-kept}"',
            "script/demo",
        ],
        cwd=HERE,
        env={
            **os.environ,
            "PYTHONDONTWRITEBYTECODE": "1",
            "KITH_ENVIRONMENT": str(tmp_path),
            "KITH_GROUPS": "--no-dev",
        },
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == "kept", done.stderr
