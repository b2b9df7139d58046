"""Notes of visits put into themes: how near that comes to the topics their writer had in mind, beside
scikit-learn told the right number of topics, and how long it takes."""

import argparse
import json
import os
import subprocess
import time
from collections import Counter
from collections.abc import Hashable, Sequence
from datetime import date
from math import comb, log
from pathlib import Path

from bench.front_door import REPORT
from kith.analytics.themes import Note, Sentence, propose, sentences_of

BEGIN, END = "<!-- themes -->", "<!-- end of themes -->"
HERE = Path(__file__).parent
PLACES = 7


def main(words: list[str] | None = None) -> int:
    """Measure, print what was found, and write it to docs/measurements.md if asked to."""
    parser = argparse.ArgumentParser(prog="script/bench themes", description=__doc__)
    parser.add_argument("--peers", help="a Python that has scikit-learn; without it, no peers")
    parser.add_argument("--write", action="store_true", help="keep the words")
    options = parser.parse_args(words)
    load = os.getloadavg()[0]
    first, second = (HERE / "visit_notes.txt").read_text().split("\n---\n")
    tables = "\n\n".join(
        _table(f"{name} set", _read(part), options.peers)
        for name, part in (("First", first), ("Second", second))
    )
    many = _sentences(_read(first) * 6)
    began = time.perf_counter()
    propose(many)
    took = time.perf_counter() - began
    text = (
        f"Measured on {date.today():%d %B %Y}: `script/bench themes --peers PYTHON --write`, with a Python that has "
        f"scikit-learn; load before it began {load:.1f}. Invented notes with the topic their writer had in mind "
        "(`bench/visit_notes.txt`), without the guide's headings, which would help. A sentence left over counts as a "
        "group of its own; the peers are told how many topics there are, Kith is not. 1 is the topics exactly; an "
        "adjusted Rand index of 0 is chance.\n\n"
        f"{tables}\n\n{len(many)} sentences (the first set six times) take {took:.1f} s."
    )
    print(text)
    if options.write:
        before, rest = REPORT.read_text().split(BEGIN, 1)
        REPORT.write_text(f"{before}{BEGIN}\n{text}\n{END}{rest.split(END, 1)[1]}")
    return 0


def adjusted_rand(one: Sequence[Hashable], other: Sequence[Hashable]) -> float:
    """Return how far two groupings agree on pairs, chance taken off (Hubert and Arabie 1985)."""
    both = sum(comb(n, 2) for n in Counter(zip(one, other, strict=True)).values())
    mine, theirs = (sum(comb(n, 2) for n in Counter(part).values()) for part in (one, other))
    chance = mine * theirs / comb(len(one), 2)
    most = (mine + theirs) / 2
    return 1.0 if most == chance else (both - chance) / (most - chance)


def v_measure(topics: Sequence[Hashable], found: Sequence[Hashable]) -> float:
    """Return the harmonic mean of homogeneity and completeness (Rosenberg and Hirschberg 2007)."""
    many = len(topics)

    def entropy(part: Sequence[Hashable]) -> float:
        return -sum(n / many * log(n / many) for n in Counter(part).values())

    mine, theirs = entropy(topics), entropy(found)
    shared = mine + theirs - entropy(list(zip(topics, found, strict=True)))
    return 1.0 if mine + theirs == 0 else 2 * shared / (mine + theirs)


def _read(part: str) -> list[tuple[str, str]]:
    """Return topics with their sentences. What is of no topic is a topic of its own each."""
    lines = [line.split(": ", 1) for line in part.splitlines() if line and line[0] != "#"]
    return [
        (f"apart {number}" if topic == "apart" else topic, words)
        for number, (topic, words) in enumerate(lines)
    ]


def _sentences(said: list[tuple[str, str]]) -> list[Sentence]:
    notes = [
        Note(number, f"Hub {number % PLACES}", f"Visitor {number % 4}", "", words)
        for number, (_, words) in enumerate(said)
    ]
    return sentences_of(notes)


def _table(name: str, said: list[tuple[str, str]], peers: str | None) -> str:
    topics = [topic for topic, _ in said]
    sentences = _sentences(said)
    assert len(sentences) == len(said), "one sentence a note"
    began = time.perf_counter()
    proposal = propose(sentences)
    mine = time.perf_counter() - began
    home: dict[int, Hashable] = {
        one.note: number for number, theme in enumerate(proposal.themes) for one in theme.sentences
    }
    found: list[tuple[str, list[Hashable], float]] = [
        ("**Kith**", [home.get(one.note, f"rest {one.note}") for one in sentences], mine)
    ]
    many = len({topic for topic in topics if not topic.startswith("apart")})
    if peers:
        asked = json.dumps({"sentences": [words for _, words in said], "topics": many})
        command = [peers, str(HERE / "themes_peers.py")]
        answer = subprocess.run(command, input=asked, capture_output=True, text=True, check=True)
        for peer, one in json.loads(answer.stdout).items():
            found.append((peer, one["groups"], one["seconds"]))
    rows = [
        f"| {who} | {adjusted_rand(topics, groups):.2f} | {v_measure(topics, groups):.2f} | {took / mine:.1f} |"
        for who, groups, took in found
    ]
    return "\n".join(
        [
            f"{name}: {len(said)} sentences of {many} topics. Kith proposes {len(proposal.themes)} themes and leaves "
            f"{len(proposal.rest)} over.",
            "",
            "| | adjusted Rand index | V-measure | time, Kith's = 1 |",
            "| --- | --- | --- | --- |",
            *rows,
        ]
    )
