"""The consistency board as one picture, for a paper of the committee: drawn, as a table, as a file.

What is drawn is plain data, so that a copy of a day can be kept and drawn again, the same for good. Every
box says in words how it stands; gaps are dark, with a thick frame, so that nothing hangs on a colour.
"""

import csv
import io
from collections import Counter
from datetime import date, datetime
from typing import Any

from kith.analytics.standards import MET, NOT_MET
from kith.directory.models import Offering
from kith.ui.charts import element, plain_text
from kith.ui.paper import as_paper, breakable
from kith.web.board import Board, Place

# How a box stands, what that means, and how it is drawn: paper, letters, dashes of its frame.
STANDS: dict[str, tuple[str, str, str, str]] = {
    "Met": ("Runs, and the standard is met: measured", "#cce2d8", "#0b0c0c", ""),
    "Said met": (
        "Runs, and the manager says that the standard is met",
        "#ffffff",
        "#0b0c0c",
        "4 3",
    ),
    "Cannot tell": ("Runs; too little is known of the standard", "#e6e8ea", "#0b0c0c", "1 3"),
    "Stale": (
        "Runs; said more than three months ago, and not confirmed",
        "#e6e8ea",
        "#0b0c0c",
        "1 3",
    ),
    "Not met": ("Runs below the standard: measured, a gap", "#7a2318", "#ffffff", ""),
    "Said not met": (
        "Runs; the manager says that the standard is not met: a gap",
        "#7a2318",
        "#ffffff",
        "4 3",
    ),
    "Planned": ("Planned: a gap", "#1d4f73", "#ffffff", ""),
    "Paused": ("Paused: a gap", "#1d4f73", "#ffffff", ""),
    "Not offered": ("Not offered: a gap", "#0b0c0c", "#ffffff", ""),
    "Not said": ("The hub has not said: a gap", "#505a5f", "#ffffff", ""),
}
GAPS = {name for name, (_, _, letters, _) in STANDS.items() if letters == "#ffffff"}
WHAT = ("Gap closed", "New gap", "Other change")
WIDE, FIRST, HIGH, HEAD = 1120, 270, 44, 96


def stand(place: Place) -> str:
    """Return how a box stands, in the words of the legend."""
    if place.offering is None:
        return "Not said"
    if place.offering.state != Offering.State.RUNNING:
        return str(place.words)
    if place.standard == NOT_MET:
        return "Not met" if place.measured else "Said not met"
    if place.standard == MET:
        return "Met" if place.measured else "Said met"
    return "Stale" if place.stale else "Cannot tell"


def of_board(
    board: Board, county: str, as_at: date, since: date | None = None, before: Board | None = None
) -> dict[str, Any]:
    """Return all that a picture says, as plain data. `before`: the board as it was on the day `since`."""
    assert board.offer
    data: dict[str, Any] = {
        "county": county,
        "as_at": as_at.isoformat(),
        "version": board.offer.version,
        "agreed_by": board.offer.agreed_by,
        "hubs": [hub.name for hub in board.hubs],
        "lines": [
            {
                "name": line.item.name,
                "standard": line.item.standard,
                "boxes": [
                    {"stands": stand(place), "how": place.how, "checked": _day(place.checked)}
                    for place in line.places
                ],
            }
            for line in board.lines
        ],
        "gaps": [
            {
                "hub": place.hub.name,
                "item": item.name,
                "stands": stand(place),
                "why": (place.offering.reason or place.how) if place.offering else "",
                # The name of who sees to it is not told to everybody.
                "owned": bool(place.offering and place.offering.owner_id),
                "due_on": _day(place.offering.due_on) if place.offering else "",
            }
            for item, place in board.gaps
        ],
        "since": since.isoformat() if since else "",
        "gaps_before": len(before.gaps) if before and before.offer else None,
        "changes": _changes(board, before) if before and before.offer else [],
    }
    return data


def _changes(board: Board, before: Board) -> list[dict[str, str]]:
    was = {
        (line.item.code, place.hub.pk): stand(place)
        for line in before.lines
        for place in line.places
    }
    changes = []
    for line in board.lines:
        for place in line.places:
            then = was.get((line.item.code, place.hub.pk), "Not in the core offer")
            if then != stand(place):
                what = _what(then, stand(place))
                told = {"hub": place.hub.name, "item": line.item.name, "was": then}
                changes.append({**told, "now": stand(place), "what": what})
    return sorted(changes, key=lambda one: WHAT.index(one["what"]))


def _what(was: str, now: str) -> str:
    before, after = was in GAPS, now in GAPS
    if before and not after:
        return "Gap closed"
    return "New gap" if after and not before else "Other change"


def _day(moment: datetime | date | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else ""


def said(day: str) -> str:
    """Return a day of the data as people say it."""
    return f"{date.fromisoformat(day):%-d %B %Y}" if day else ""


def counts(data: dict[str, Any]) -> list[tuple[str, str, int]]:
    """Return the legend: each way to stand, what it means, and how many boxes stand so."""
    of = Counter(box["stands"] for line in data["lines"] for box in line["boxes"])
    return [(name, meaning, of[name]) for name, (meaning, *_) in STANDS.items()]


def summary(data: dict[str, Any]) -> str:
    """Say the picture in a few sentences: how many gaps, and how many there were."""
    boxes = len(data["lines"]) * len(data["hubs"])
    gaps = len(data["gaps"])
    unowned = sum(not gap["owned"] for gap in data["gaps"])
    words = [
        f"On {said(data['as_at'])}: {_gaps(gaps)} among {boxes} boxes, {unowned} without an owner."
    ]
    if data["gaps_before"] is not None:
        words.append(f"On {said(data['since'])}: {_gaps(data['gaps_before'])}.")
    elif data["since"]:
        words.append(f"On {said(data['since'])} no core offer was in force.")
    return " ".join(words)


def _gaps(number: int) -> str:
    return f"{number} gap{'' if number == 1 else 's'}"


def title(data: dict[str, Any]) -> str:
    """Return what stands above the picture."""
    return f"The core offer in the hubs of {data['county']}, as at {said(data['as_at'])}"


def drawn(data: dict[str, Any], ids: str = "board") -> str:
    """Return the picture as SVG that stands alone: readable in grey, at A4, and by ear."""
    hubs, lines = data["hubs"], data["lines"]
    wide = (WIDE - FIRST) / max(1, len(hubs))
    legend = [one for one in counts(data) if one[2]]
    below = HEAD + HIGH * len(lines) + 24
    high = below + 26 * ((len(legend) + 1) // 2) + 14
    parts = [
        element("title", plain_text(title(data)), id=f"{ids}-t"),
        element("desc", plain_text(f"{summary(data)} The table has every box."), id=f"{ids}-d"),
        element("rect", x=0, y=0, width=WIDE, height=high, fill="#ffffff"),
        _words(title(data), 0, 24, 20, weight="bold"),
        _words(summary(data), 0, 50, 14),
    ]
    for n, hub in enumerate(hubs):
        parts.append(
            _words(
                _fit(hub, wide, 12),
                FIRST + wide * (n + 0.5),
                HEAD - 10,
                12,
                "middle",
                weight="bold",
            )
        )
    for number, line in enumerate(lines):
        top = HEAD + HIGH * number
        parts.append(_words(_fit(line["name"], FIRST - 8, 14), 0, top + 18, 14, weight="bold"))
        parts.append(_words(_fit(line["standard"], FIRST - 8, 11), 0, top + 34, 11))
        for n, box in enumerate(line["boxes"]):
            parts.append(_box(box["stands"], FIRST + wide * n, top, wide, HIGH))
    for number, (name, meaning, many) in enumerate(legend):
        x, y = (number % 2) * WIDE / 2, below + 26 * (number // 2)
        parts.append(_box(name, x, y, 96, 24))
        parts.append(_words(f"{meaning} ({many})", x + 104, y + 16, 12))
    attributes = (
        f'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {high}" width="{WIDE}" height="{high}" '
        f'role="img" aria-labelledby="{ids}-t {ids}-d"'
    )
    return f"<svg {attributes}>{''.join(parts)}</svg>"


def _box(name: str, x: float, y: float, wide: float, high: float) -> str:
    _, paper, letters, dashes = STANDS[name]
    gap = letters == "#ffffff"
    size = 12 if wide >= 84 else 10
    more = {"stroke-dasharray": dashes} if dashes else {}
    frame = element(
        "rect", x=round(x + 2, 1), y=round(y + 2, 1), width=round(wide - 4, 1), height=high - 4, fill=paper,
        stroke="#0b0c0c", **{"stroke-width": 3 if gap else 1}, **more,
    )  # fmt: skip
    return frame + _words(
        name, x + wide / 2, y + high / 2 + 4, size, "middle", fill=letters,
        weight="bold" if gap else "normal",
    )  # fmt: skip


def _words(
    words: str, x: float, y: float, size: int, anchor: str = "start", *, weight: str = "normal",
    fill: str = "#0b0c0c",
) -> str:  # fmt: skip
    return element(
        "text", plain_text(words), x=round(x, 1), y=round(y, 1), fill=fill,
        **{"font-family": "Liberation Sans, Arial, sans-serif", "font-size": size,
           "font-weight": weight, "text-anchor": anchor},
    )  # fmt: skip


def _fit(words: str, wide: float, size: int) -> str:
    most = max(4, int(wide / (size * 0.56)))
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def as_csv(data: dict[str, Any]) -> str:
    """Return every box of the picture as a line, for a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out)
    gaps = {(gap["hub"], gap["item"]): gap for gap in data["gaps"]}
    was = {(one["hub"], one["item"]): one["was"] for one in data["changes"]}
    heads = ["As at", "Hub", "Item", "Standard", "How it stands", "How it is known", "Last checked", "Gap", "Has an owner", "Due on"]  # fmt: skip
    writer.writerow([*heads, *([f"On {data['since']}"] if data["since"] else [])])
    for line in data["lines"]:
        for hub, box in zip(data["hubs"], line["boxes"], strict=True):
            gap = gaps.get((hub, line["name"]))
            row = [
                data["as_at"], hub, line["name"], line["standard"], box["stands"], box["how"], box["checked"],
                "yes" if gap else "no", ("yes" if gap["owned"] else "no") if gap else "",
                gap["due_on"] if gap else "",
            ]  # fmt: skip
            if data["since"]:
                known = data["gaps_before"] is not None
                row.append(was.get((hub, line["name"]), box["stands"]) if known else "not in force")
            writer.writerow([_harmless(str(cell)) for cell in row])
    return out.getvalue()


def _harmless(words: str) -> str:
    """Keep a spreadsheet from taking words for a formula."""
    return f"'{words}" if words[:1] in ("=", "+", "-", "@", "\t", "\r") else words


def as_pdf(data: dict[str, Any]) -> bytes:
    """Return the picture on A4, then the same as tables: tagged PDF, as the leaflets are."""
    return as_paper(
        _PAGE,
        {
            "county": data["county"],
            "title": title(data),
            "summary": summary(data),
            "version": f"Version {data['version']} of the core offer, agreed by {data['agreed_by']}.",
            "picture": drawn(data),
            "hubs": [breakable(hub) for hub in data["hubs"]],
            "lines": [
                [breakable(line["name"]), *(box["stands"] for box in line["boxes"])]
                for line in data["lines"]
            ],
            "gaps": [
                [gap["hub"], gap["item"], gap["stands"], breakable(gap["why"]), _owner(gap)]
                for gap in data["gaps"]
            ],
            "since": said(data["since"]),
            "changes": [
                [one["what"], one["hub"], one["item"], one["was"], one["now"]]
                for one in data["changes"]
            ],
        },
    )


def _owner(gap: dict[str, Any]) -> str:
    return f"By {said(gap['due_on'])}" if gap["owned"] else "Nobody sees to it yet"


_PAGE = b"""
#let it = json(bytes(sys.inputs.it))
#set document(title: it.title, author: it.county)
#set text(lang: "en", region: "gb", font: ("Liberation Sans", "DejaVu Sans", "Libertinus Serif"), size: 9.5pt, hyphenate: false)
#set page(paper: "a4", flipped: true, margin: 1.4cm, footer: context [#set text(8pt); #it.county #h(1fr) #counter(page).display("1 of 1", both: true)])
#show heading.where(level: 1): set text(16pt)
#show heading.where(level: 2): set text(12pt)
#set table(stroke: 0.5pt + luma(90), inset: 4pt)
#show table.cell.where(y: 0): strong

= #it.title
#it.summary #it.version
#block(height: 1fr, image(bytes(it.picture), format: "svg", width: 100%, height: 100%, fit: "contain", alt: it.title + ". " + it.summary + " The table that follows has every box."))
#pagebreak()
== Every box
#table(columns: (auto,) + (1fr,) * it.hubs.len(),
  table.header([Item], ..it.hubs.map(hub => [#hub])),
  ..it.lines.flatten().map(word => [#word]))
== Gaps
#if it.gaps.len() == 0 [There are none.] else [#table(columns: (auto, auto, auto, 1fr, auto),
  table.header([Hub], [Item], [How it stands], [Why], [Who sees to it]),
  ..it.gaps.flatten().map(word => [#word]))]
#if it.since != "" [
  == What has changed since #it.since
  #if it.changes.len() == 0 [Nothing.] else [#table(columns: (auto, auto, 1fr, auto, auto),
    table.header([What], [Hub], [Item], [Was], [Is]),
    ..it.changes.flatten().map(word => [#word]))]
]
"""
