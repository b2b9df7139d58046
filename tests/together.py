"""Run everything, three at a time: `python -m tests.together`, which `script/test` calls.

Two runners begin with what runs the whole product, one in a browser and one to kill it; the third
with the rest, in portions. Whoever is done takes the next portion. Browsers, killings and databases
make each runner wait, so three keep two processors busy. All use one database server and one migrated
database, and each a copy of its own.
"""

import os
import subprocess
import sys
import threading
import time
from collections import deque
from pathlib import Path

from kith.machine.postgres import Cluster

ROOT = Path(__file__).parents[1]
# What runs the whole product, each a county of its own.
WHOLE_PRODUCT = {"browser": ["tests/journeys"], "killer": ["tests/machine"]}
# Few and large, since beginning one costs seconds; what is not named comes after the first. The last
# is the smallest, so that all runners end together.
FIRST = ["tests/referrals"]
LATER = [["tests/casework", "tests/families"], ["tests/architecture", "tests/demo"]]
# Nobody waits for an answer in what is not the whole product: it works when there is time.
WHEN_THERE_IS_TIME = ["nice", "-n", "5"]


class Runs:
    """What waits to be run, and what became of what was."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        rooms = {str(path.parent) for path in Path("tests").glob("*/test_*.py")}
        rest = sorted(rooms.difference(*WHOLE_PRODUCT.values(), FIRST, *LATER))
        self.waiting = deque([FIRST, rest, *LATER])
        self.status = 0
        self.running: set[subprocess.Popen[bytes]] = set()
        self.talking = threading.Lock()

    def run(self, runner: str, first: list[str] | None = None) -> None:
        """Run portions one after another until none is left."""
        if first:
            self._run(runner, first)
        while True:
            try:
                portion = self.waiting.popleft()
            except IndexError:
                return
            self._run(runner, portion, WHEN_THERE_IS_TIME)

    def _run(self, runner: str, paths: list[str], before: list[str] | None = None) -> None:
        began = time.monotonic()
        environment = {
            **os.environ,
            "KITH_TEST_VAR": str(self.folder / runner),
            "KITH_TEST_CLUSTER": str(self.folder / "cluster"),
        }
        log = self.folder / f"{runner}.log"
        with log.open("wb") as out:
            command = [*(before or []), sys.executable, "-m", "pytest", *paths]
            part = subprocess.Popen(command, env=environment, stdout=out, stderr=out, cwd=ROOT)
            self.running.add(part)
            _, status, used = os.wait4(part.pid, 0)
            self.running.discard(part)
            part.returncode = status = os.waitstatus_to_exitcode(status)
        with self.talking:
            names = f"{paths[0]} and {len(paths) - 1} more" if len(paths) > 2 else " ".join(paths)
            sys.stdout.write(
                f"\n{names}: {time.monotonic() - began:.0f} seconds, of which a processor worked "
                f"{used.ru_utime + used.ru_stime:.0f} besides the database’s\n"
            )
            sys.stdout.write(log.read_text(errors="replace"))
            sys.stdout.flush()
        self.status = self.status or status

    def stop(self) -> None:
        """End what runs; nothing else is begun."""
        self.waiting.clear()
        for part in self.running:
            part.terminate()


def main() -> int:
    """Run everything and return 0 when all of it is green."""
    os.chdir(ROOT)
    folder = Path(os.environ.get("KITH_TEST_VAR") or ROOT / "var" / "test").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    runs = Runs(folder)
    with Cluster(folder / "cluster", fast_and_loose=True).running():
        runners = [
            *(threading.Thread(target=runs.run, args=both) for both in WHOLE_PRODUCT.items()),
            threading.Thread(target=runs.run, args=("rooms",)),
        ]
        for runner in runners:
            runner.start()
        try:
            for runner in runners:
                runner.join()
        except KeyboardInterrupt:
            runs.stop()
            for runner in runners:
                runner.join()
            return 130
    return runs.status


if __name__ == "__main__":
    sys.exit(main())
