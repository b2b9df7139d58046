"""`kith link EXTRACT … --out DIR`: find the same people in agencies' extracts."""

import argparse
import sys
from datetime import date
from pathlib import Path

from kith.analytics.linkage.columns import ExtractRefused
from kith.analytics.linkage.runs import run


def main(words: list[str] | None = None) -> int:
    """Run a command line. Whatever is wrong with a file is one sentence, and no traceback."""
    parser = argparse.ArgumentParser(prog="kith link", description=__doc__)
    parser.add_argument("extracts", nargs="+", type=Path, metavar="EXTRACT")
    parser.add_argument("--out", required=True, type=Path, help="the folder to write into")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--as-at",
        required=True,
        type=date.fromisoformat,
        metavar="DATE",
        help="nobody was born after it; today, where `kith link` is not told",
    )
    options = parser.parse_args(words)
    try:
        found = run(options.extracts, options.out, as_at=options.as_at, seed=options.seed)
    except (ExtractRefused, OSError) as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    sys.stdout.write(
        f"{found['records']:,} records, {found['people']:,} people, "
        f"{found['pairs kept']:,} pairs kept. Written to {options.out}.\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
