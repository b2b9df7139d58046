"""Making the statutory returns of a large county: seconds, and memory at its highest.

Uses the county that the front door's measurement makes (and makes it where there is none). Each
return is made once, in a process of its own, as the worker makes it: for the county lead, of what
row security lets her see.
"""

import argparse
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bench import front_door
from kith.machine.postgres import Cluster

BEGIN, END = "<!-- returns -->", "<!-- end of returns -->"
# The target for Annex A.
MOST_SECONDS, MOST_MEGABYTES = 20, 500
RETURNS = (("annex_a", "xlsx"), ("ssd", "zip"), ("ssd", "xlsx"), ("cin", "xml"))
CODE = """
import json, resource, sys, time
from django.utils import timezone
from kith.accounts.models import User
from kith.accounts.viewer import seeing_as
from kith.returns import actions
lead = User.objects.get(email="lead@kith.example")
now = timezone.now()
with seeing_as(lead):
    asked = actions.ask(
        kind="{kind}", form="{form}", on=timezone.localdate(now), by=lead, at=now
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.monotonic()
    made = actions.make(asked=asked, by=lead, at=now, step=lambda words: None)
    seconds = time.monotonic() - began
    highest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print("MADE", json.dumps(dict(
        name=str(made.get_kind_display()), form=made.form, seconds=seconds, before=before / 1000,
        megabytes=highest / 1000, size=made.file.size / 1e6, rows=sum(made.rows.values()),
        faults=sum(made.faults.values()))))
"""


@dataclass
class Made:
    """What making one return took."""

    name: str
    form: str
    seconds: float
    before: float  # MB that the process had before it began
    megabytes: float  # MB at its highest
    size: float  # MB of the file
    rows: int
    faults: int


def main(words: list[str] | None = None) -> int:
    """Measure, print a table and write it to docs/measurements.md."""
    options = _options(words)
    var = Path(options.var).resolve()
    environment = front_door._environment(var, 0)
    front_door._make_county(var, environment, fresh=False, size=options.size, keep=options.keep)
    load = os.getloadavg()[0]
    cluster = Cluster(var / "database")
    with cluster.running():
        made = [_make(cluster, environment, kind, form) for kind, form in RETURNS]
    text = _report(made, load, front_door._sizes(var))
    print(text)
    if options.size == "large":
        _write(text)
    annex_a = made[0]
    return int(annex_a.seconds > MOST_SECONDS or annex_a.megabytes > MOST_MEGABYTES)


def _options(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench returns", description=__doc__)
    var = os.environ.get("KITH_BENCH_VAR", str(front_door.ROOT / "var/bench"))
    parser.add_argument("--var", default=var)
    parser.add_argument("--size", choices=("normal", "large", "tiny"), default="large")
    parser.add_argument("--keep", action="store_true", help="keep a county that older code made")
    return parser.parse_args(words)


def _make(cluster: Cluster, environment: dict[str, str], kind: str, form: str) -> Made:
    roles = {
        "DATABASE_URL": cluster.url("kith_app"),
        "KITH_WORKER_DATABASE_URL": cluster.url("kith_worker"),
        "KITH_DATABASE_ROLE": "worker",
        "DJANGO_SETTINGS_MODULE": "kith.settings",
    }
    code = CODE.replace("{kind}", kind).replace("{form}", form)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "django", "shell", "-c", code],
        env=environment | roles,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return Made(**json.loads(done.stdout.rsplit("MADE ", 1)[1]))


def _report(made: list[Made], load: float, sizes: str) -> str:
    lines = [
        f"Measured on {date.today():%-d %B %Y}: `script/bench returns`, each return once, in a "
        f"process of its own, on {os.cpu_count()} cores; load average before it began {load:.1f}. "
        f"The target for Annex A of six months: under {MOST_SECONDS} seconds and "
        f"{MOST_MEGABYTES} MB.",
        "",
        f"The county: {sizes}",
        "",
        "| Return | File | Seconds | Memory MB (before) | File MB | Rows | To mend |",
        "| --- | --- | --: | --: | --: | --: | --: |",
    ]
    lines += [
        f"| {one.name} | {one.form} | {one.seconds:.1f} | {one.megabytes:.0f} ({one.before:.0f}) | "
        f"{one.size:.1f} | {one.rows:,} | {one.faults:,} |"
        for one in made
    ]
    return "\n".join(lines)


def _write(text: str) -> None:
    page = front_door.REPORT.read_text()
    block = f"{BEGIN}\n{text}\n{END}"
    if BEGIN in page:
        before, _, rest = page.partition(BEGIN)
        page = before + block + rest.partition(END)[2]
    else:
        page = f"{page.rstrip()}\n\n## Statutory returns\n\n{block}\n"
    front_door.REPORT.write_text(page)


if __name__ == "__main__":
    sys.exit(main())
