"""The reports pack of a meeting: the frontsheet and all that is published for its items, as one PDF.

Made of what is published and nothing else, in the background; kept with the meeting until anything of it
changes. What is no PDF is typeset from its words, and says that its layout is lost.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kith.analytics.packs import Line, Pack, Part, put_together
from kith.analytics.papers import PDF
from kith.scrutiny import printing, published
from kith.scrutiny.content import agenda_of, meeting_of
from kith.scrutiny.models import Item, Meeting, Paper, Published

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

    return _together(
        content, parts, printing.agenda(content, county), f"Reports pack: {shown.name}", county
    )


def make_private_pack(meeting: Meeting, items: Iterable[Item], county: str, reader: str) -> Pack:
    """Return the pack of a meeting for one of those who may read all of it: with what is not for the public,
    and on each page that it is not, and whose it is. Nothing of it is kept."""
    notice = {"on": None, "short_notice": ""}
    told = {"meeting": meeting_of(meeting), "agenda": agenda_of(meeting, notice=notice)}
    parts: list[Part] = []
    for item in items:
        for paper in item.papers.all():
            if paper.withdrawn_because or not (paper.content or paper.sections):
                continue
            parts.append(Part(f"{item}: {paper}", 0, _own_pages(paper, told, county)))
    return _together(
        told,
        parts,
        printing.agenda(told, county),
        f"Not for publication: papers for {meeting}",
        county,
        stamp=printing.stamp(f"Not for publication. For {reader} alone."),
    )


def _own_pages(paper: Paper, told: Mapping[str, Any], county: str) -> bytes:
    if paper.content is None:
        drawn = {"title": paper.title, "sections": paper.sections, "drawn_at": None}
        return printing.paper(drawn, told, county)
    if paper.content.mime == PDF:
        return bytes(paper.content.held)
    words = f"{LAYOUT_LOST}\n\n{paper.text[:MOST_TYPESET]}"
    return printing.document(paper.title, told, county, words=words)


def _together(
    told: Mapping[str, Any],
    parts: Sequence[Part],
    front: bytes,
    title: str,
    county: str,
    *,
    stamp: bytes = b"",
) -> Pack:
    def contents(lines: Sequence[Line]) -> bytes:
        rows = [(line.heading, str(line.page)) for line in lines]
        return printing.document("Contents", told, county, table=(("Paper", "Page"), rows))

    def instead(heading: str) -> bytes:
        words = (
            f"{heading} could not be put into this pack. Open it by itself on the meeting’s page."
        )
        return printing.document("Not in this pack", told, county, words=words)

    return put_together(front, parts, contents=contents, instead=instead, title=title, stamp=stamp)


def _pages(paper: Published, content: Mapping[str, Any], county: str) -> bytes:
    if paper.content.get("sections"):
        return printing.paper(paper.content, content, county)
    if paper.content["mime"] == PDF:
        return published.content(paper)
    words = f"{LAYOUT_LOST}\n\n{paper.words[:MOST_TYPESET]}"
    return printing.document(paper.name, content, county, words=words)
