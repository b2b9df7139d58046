"""A run: extracts in, people, pairs, model and report out, the same for the same input and seed."""

import hashlib
import html
import json
import shutil
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet

from kith.analytics.linkage import columns, matching

VERSION = 1
Figures = dict[str, Any]


def run(extracts: Sequence[Path], out: Path, *, as_at: date, seed: int = 1) -> Figures:
    """Link extracts in the standard layout and write what was found into the folder `out`.

    `people.parquet` has `source, record_id, person, person_probability`; `pairs.parquet` every
    scored pair above a floor with the weight of each field in bits; `model.json` what was learned
    and from which files; `report.html` the same for people to read. All appear, or none. A day of
    birth after `as_at` counts as not known. Returns the figures of `model.json`.

    Raises ExtractRefused for a file that cannot be used, OSError for a folder that cannot be
    written.
    """
    extracts = sorted(extracts)
    records = columns.clean(columns.read(extracts), as_at)
    linked = matching.link(records, seed)
    names = _named(records, linked)
    figures = _figures(extracts, records, linked, seed) | {"as at": as_at.isoformat()}
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".run-") as folder:
        making = Path(folder)
        pa.parquet.write_table(_people(records, linked, names), making / "people.parquet")
        pa.parquet.write_table(_pairs(records, linked), making / "pairs.parquet")
        (making / "model.json").write_text(json.dumps(figures, indent=1, sort_keys=True))
        (making / "report.html").write_text(_report(figures))
        for made in sorted(making.iterdir()):
            shutil.move(made, out / made.name)
    return figures


def _named(records: columns.Records, linked: matching.Linked) -> list[str]:
    """Name each person after the first of their records, so that no order of rows is told."""
    first: dict[int, tuple[str, str]] = {}
    for person, key in zip(
        linked.person.tolist(), zip(records.source, records.record_id, strict=True), strict=True
    ):
        first[person] = min(first.get(person, key), key)
    return [f"{first[person][0]}/{first[person][1]}" for person in linked.person.tolist()]


def _people(records: columns.Records, linked: matching.Linked, names: list[str]) -> pa.Table:
    table = pa.table(
        {
            "source": records.source,
            "record_id": records.record_id,
            "person": names,
            "person_probability": np.round(linked.probability, 6),
        }
    )
    return table.sort_by([("source", "ascending"), ("record_id", "ascending")])


def _pairs(records: columns.Records, linked: matching.Linked) -> pa.Table:
    source, record = pa.array(records.source), pa.array(records.record_id)
    made = {
        "left_source": source.take(linked.left),
        "left_record_id": record.take(linked.left),
        "right_source": source.take(linked.right),
        "right_record_id": record.take(linked.right),
        "bits": linked.bits,
        "probability": matching.probability(linked.bits),
    }
    worth = matching.weights(linked.model)
    for place, name in enumerate(matching.FIELDS):
        level = linked.levels[:, place]
        words = ["not known", *(level[0] for level in matching.LEVELS[name])]
        made[f"{name}_level"] = pa.DictionaryArray.from_arrays(pa.array(level), words)
        made[f"{name}_against_household"] = worth[name][0][level]
        made[f"{name}_against_strangers"] = worth[name][1][level]
    return pa.table(made)


def _figures(
    extracts: Sequence[Path], records: columns.Records, linked: matching.Linked, seed: int
) -> Figures:
    return {
        "version": VERSION,
        "seed": seed,
        "files": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in extracts},
        "records": len(records),
        "people": len(np.unique(linked.person)),
        "pairs kept": len(linked.bits),
        "pairs of one person, estimated": float(linked.model.pairs[matching.SAME]),
        "pairs of one person, expected among those compared": float(
            matching.probability(linked.bits).sum()
        ),
        "records in blocks that are too large": linked.skipped,
        "fields": {
            name: {
                words: {
                    "one person": float(linked.model.agree[name][matching.SAME, place]),
                    "one household": float(linked.model.agree[name][matching.HOUSEHOLD, place]),
                    "strangers": float(linked.model.agree[name][matching.STRANGERS, place]),
                }
                for place, words in enumerate(
                    ("not known", *(level[0] for level in matching.LEVELS[name]))
                )
            }
            for name in matching.FIELDS
        },
    }


def _report(figures: Figures) -> str:
    estimated = figures["pairs of one person, estimated"]
    expected = figures["pairs of one person, expected among those compared"]
    rows = "".join(
        f"<tr><th scope=row>{html.escape(name)}<td>{html.escape(words)}"
        + "".join(f"<td>{share:.2%}" for share in shares.values())
        for name, levels in figures["fields"].items()
        for words, shares in levels.items()
    )
    files = "".join(
        f"<li>{html.escape(name)} <code>{mark[:16]}</code>"
        for name, mark in figures["files"].items()
    )
    return f"""<!doctype html><html lang=en><meta charset=utf-8><title>Matching</title>
<style>body{{font:1rem/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}}
td,th{{text-align:left;padding:.2rem .8rem .2rem 0;border-bottom:1px solid #ccc}}</style>
<h1>Who is the same person</h1>
<p>{figures["records"]:,} records are of {figures["people"]:,} people. A person decides, never a
score: a cluster is a suggestion, and each pair in <code>pairs.parquet</code> says why.</p>
<p>Without any labels, {estimated:,.0f} pairs of records that differ are estimated to be of one
person; among those compared {expected:,.0f} are expected. {figures["records in blocks that are too large"]:,}
times a record sat in a block of more than {matching.LARGEST_BLOCK}, and was left to its other keys.</p>
<h2>Files</h2><ul>{files}</ul>
<h2>How often pairs agree</h2>
<p>Learned from the files by expectation and maximisation (three classes, version
{figures["version"]}, seed {figures["seed"]}).</p>
<table><tr><th scope=col>Field<th scope=col>Agreement<th scope=col>One person
<th scope=col>One household<th scope=col>Strangers</tr>{rows}</table></html>
"""
