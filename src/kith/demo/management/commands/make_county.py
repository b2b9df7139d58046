"""`kith manage make_county`: make the demonstration county, once."""

import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import date
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone
from tqdm import tqdm

from kith.demo import actions


def a_line_a_step(out: TextIO) -> Callable[[str, int, int], None]:
    """Return what says each step once: a file of the output is no place for a moving bar."""
    said = ""

    def show(words: str, done: int, total: int) -> None:
        nonlocal said
        if words != said:
            out.write(f"{words}\n")
        said = words

    return show


class Command(BaseCommand):
    help = "Make the demonstration county. Does nothing where there is one already."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--size", choices=tuple(actions.YEARS), default="normal")
        parser.add_argument(
            "--date", type=date.fromisoformat, help="the county's today, 2026-11-22"
        )
        parser.add_argument("--seed", type=int, default=actions.SEED)
        parser.add_argument("--fresh", action="store_true", help="throw away what is there first")

    def handle(self, *args: Any, **options: Any) -> None:
        if actions.county_stands() and not options["fresh"]:
            return
        began = time.monotonic()
        today = options["date"] or timezone.localdate()
        try:
            if options["fresh"]:
                actions.empty_county()
            with tqdm(
                desc="Making the demonstration county",
                unit=" requests",
                # Where it goes to a file, a line for each step instead.
                disable=options["verbosity"] == 0 or not sys.stderr.isatty(),
                bar_format="{desc} {percentage:3.0f}% {bar} {n_fmt}/{total_fmt} {elapsed}",
            ) as bar:

                def move(words: str, done: int, total: int) -> None:
                    bar.set_description_str(words, refresh=False)
                    bar.total = max(total, done)
                    bar.n = done
                    bar.refresh()

                lines = options["verbosity"] and bar.disable
                show = a_line_a_step(sys.stderr) if lines else move
                counts = actions.make_county(today, options["size"], show, seed=options["seed"])
        except (actions.NotTheOwner, actions.NotEmpty) as problem:
            raise CommandError(str(problem)) from None
        except DatabaseError as problem:
            first = str(problem).strip().splitlines()[0]
            raise CommandError(
                f"The county was not made, and nothing of it kept: {first}"
            ) from None
        if options["verbosity"]:
            # Some families were asked for more than once, each time with a record of its own.
            requests, records = counts["referrals.Referral"], counts["families.Family"]
            self.stdout.write(
                f"The county stands: {requests:,} requests, {records:,} records of families, "
                f"{sum(counts.values()):,} rows in {time.monotonic() - began:.0f} seconds."
            )
