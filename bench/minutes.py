"""Reading other councils' minutes: pages a minute for text, Word and PDF, beside what only takes the text out."""

import argparse
import io
import json
import os
import sys
import time
from collections.abc import Callable
from datetime import date
from random import Random

import docx
import psutil
import pypdf
import typst

from bench.front_door import REPORT
from kith.analytics.minutes import read

BEGIN, END = "<!-- minutes -->", "<!-- end of minutes -->"
TARGET = 200  # pages a minute
WORDS_ON_A_PAGE = 400
MEETINGS, ITEMS = 6, 60
TOPICS = [
    "Highways",
    "Hubs",
    "Budget",
    "Visits",
    "Planning",
    "Housing",
    "Libraries",
    "Schools",
    "Volunteers",
    "Transport",
]
SURNAMES = [
    "Amblin",
    "Birch",
    "Corley",
    "Dunmore",
    "Esk",
    "Farrow",
    "Garth",
    "Hartwell",
    "Ivelet",
    "Jarrow",
]
SAID = [
    "Councillor {a} asked about the cost of {topic} in the coming year, and whether the money would last.",
    "In response, Councillor {b} stated that it was within budget and that a report would follow in the autumn.",
    "It was noted that the work on {topic} had begun in March and that residents had welcomed it warmly.",
    "The Committee requested that a report on {topic} come to the November meeting.",
    "Councillor {a} expressed concern that the programme was short, and that families needed a longer promise.",
]


def main(words: list[str] | None = None) -> int:
    """Measure, print what was found, and write it to docs/measurements.md if asked to."""
    parser = argparse.ArgumentParser(prog="script/bench minutes", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="keep the words")
    options = parser.parse_args(words)
    load = os.getloadavg()[0]
    meetings = [_meeting(Random(number)) for number in range(MEETINGS)]
    pages = sum(len(text.split()) for text in meetings) / WORDS_ON_A_PAGE
    word_files, pdf_files = [_word(text) for text in meetings], [_pdf(text) for text in meetings]
    kinds: dict[str, tuple[list[bytes], Callable[[bytes], object], str]] = {
        "text": (
            [text.encode() for text in meetings],
            lambda data: data.decode().split(),
            "decoding and parting into words",
        ),
        "Word": (word_files, _word_text, "python-docx, text alone"),
        "PDF": (pdf_files, _pdf_text, "pypdf, text alone"),
    }
    rows = []
    for kind, (files, yardstick, name) in kinds.items():
        ours = min(
            _seconds(files, lambda data: read(data, "minutes")) for _ in range(options.rounds)
        )
        alone = min(_seconds(files, yardstick) for _ in range(options.rounds))
        sheets = (
            sum(len(pypdf.PdfReader(io.BytesIO(data)).pages) for data in files)
            if kind == "PDF"
            else pages
        )
        rows.append(
            (
                kind,
                sheets,
                sheets / ours * 60,
                f"{name}: {ours / alone:.1f} times as long"
                if kind != "text"
                else f"{name}: {alone * 1000:.0f} ms for all",
            )
        )
    right = sum(
        [item["number"] for item in read(text.encode(), "a")["items"]]
        == [f"{n}/24" for n in range(1, ITEMS + 1)]
        for text in meetings
    )
    table = "\n".join(
        f"| {kind} | {sheets:,.0f} | {speed:,.0f} | {beside} |"
        for kind, sheets, speed, beside in rows
    )
    text = (
        f"Measured on {date.today():%d %B %Y}: `script/bench minutes --write`, {MEETINGS} made-up meetings of {ITEMS} items; a page of text or Word is "
        f"counted as {WORDS_ON_A_PAGE} words; best of {options.rounds} rounds; load before it began {load:.1f}. The target: {TARGET} pages a minute.\n\n"
        f"| File | Pages | Pages a minute | Beside |\n| --- | --: | --: | --- |\n{table}\n\n"
        f"All item numbers right in {right} of {MEETINGS}; {psutil.Process().memory_info().rss / 1e6:.0f} MB."
    )
    print(text)
    if options.write:
        old = REPORT.read_text()
        before, rest = old.split(BEGIN, 1)
        REPORT.write_text(f"{before}{BEGIN}\n{text}\n{END}{rest.split(END, 1)[1]}")
    return 0 if all(speed >= TARGET for _, _, speed, _ in rows) and right == MEETINGS else 1


def _seconds(files: list[bytes], act: Callable[[bytes], object]) -> float:
    began = time.perf_counter()
    for data in files:
        act(data)
    return time.perf_counter() - began


def _meeting(random: Random) -> str:
    parts = [
        "Norland Scrutiny Committee - Tuesday, 4 June 2024 10.00 am",
        f"Present: Councillors {', '.join(SURNAMES[:8])}",
        f"1/24 Apologies\n\nApologies were received from Councillors {SURNAMES[8]} and {SURNAMES[9]}.",
    ]
    for number in range(2, ITEMS + 1):
        topic = random.choice(TOPICS)
        said = "\n\n".join(
            random.choice(SAID).format(
                a=random.choice(SURNAMES[:8]), b=random.choice(SURNAMES[:8]), topic=topic.lower()
            )
            for _ in range(random.randint(6, 14))
        )
        parts.append(f"{number}/24 {topic}\n\n{said}")
    return "\n\n".join([*parts, "The meeting finished at 12.40 pm."])


def _word(text: str) -> bytes:
    file = docx.Document()
    for paragraph in text.split("\n\n"):
        file.add_paragraph(paragraph)
    made = io.BytesIO()
    file.save(made)
    return made.getvalue()


def _pdf(text: str) -> bytes:
    return bytes(typst.compile(text.encode()))


def _word_text(data: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(data)).paragraphs)


def _pdf_text(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)


if __name__ == "__main__":
    print(json.dumps(main()))
    sys.exit(0)
