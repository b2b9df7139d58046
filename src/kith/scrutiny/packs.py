"""The reports pack of a meeting: the frontsheet and all that is published for its items, as one PDF.

Made of what is published and nothing else, in the background; kept with the meeting until anything of it
changes. What is no PDF is typeset from its words, and says that its layout is lost.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from kith.analytics.packs import Line, Pack, Part, put_together
from kith.analytics.papers import PDF
from kith.scrutiny import printing, published
from kith.scrutiny.models import Published

MOST_TYPESET = 200_000  # letters of a file that is no PDF
LAYOUT_LOST = "The words of a file that is no PDF, without its layout and pictures. The file itself stands on the meeting’s page."


def make_pack(shown: Published, county: str) -> Pack:
    """Return the pack of a published meeting. A paper that is broken is told on a page of its own."""
    content = shown.content
    parts: list[Part] = []
    for item in published.within(shown):
        papers = [one for one in published.within(item) if one.sha or one.content.get("sections")]
        for paper in papers:
            parts.append(Part(f"{item.name}: {paper.name}", 0, _pages(paper, content, county)))

    def contents(lines: Sequence[Line]) -> bytes:
        rows = [(line.heading, str(line.page)) for line in lines]
        return printing.document("Contents", content, county, table=(("Paper", "Page"), rows))

    def instead(heading: str) -> bytes:
        words = (
            f"{heading} could not be put into this pack. Open it by itself on the meeting’s page."
        )
        return printing.document("Not in this pack", content, county, words=words)

    return put_together(
        printing.agenda(content, county),
        parts,
        contents=contents,
        instead=instead,
        title=f"Reports pack: {shown.name}",
    )


def _pages(paper: Published, content: Mapping[str, Any], county: str) -> bytes:
    if paper.content.get("sections"):
        return printing.paper(paper.content, content, county)
    if paper.content["mime"] == PDF:
        return published.content(paper)
    words = f"{LAYOUT_LOST}\n\n{paper.words[:MOST_TYPESET]}"
    return printing.document(paper.name, content, county, words=words)
