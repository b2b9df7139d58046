"""A committee's papers on paper: agenda frontsheet, chair's brief and minutes as tagged PDF (PDF/UA-1).

They print what `content.py` gathered and publishing kept, and nothing else: from the public's content the
public's papers; the chair's brief alone is made from the committee's own items.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from kith.scrutiny.templatetags.meetings import clock, file_kind, meets, moment, month
from kith.ui.paper import as_paper, breakable

_PAGE = b"""
#let it = json(bytes(sys.inputs.it))
#set document(title: it.title, author: it.county)
#set text(lang: "en", region: "gb", font: ("Libertinus Serif", "DejaVu Sans"), size: 11.5pt)
#set page(
  paper: "a4",
  margin: (x: 2.2cm, y: 2.4cm),
  header: context [#set text(9pt); #it.head #h(1fr) #it.mark],
  footer: context [#set text(9pt); #it.foot #h(1fr) #counter(page).display("1 of 1", both: true)],
)
#set par(leading: 0.68em, spacing: 1em)
#show heading.where(level: 1): set text(19pt)
#show heading.where(level: 2): set text(13.5pt)
#show heading.where(level: 2): set block(above: 1.5em, below: 0.8em)
#show heading.where(level: 3): set text(11.5pt)
#show heading.where(level: 3): set block(above: 1.2em, below: 0.6em)
= #it.title
#for line in it.lead [
  #par(line)
]
#for part in it.parts {
  if part.kind == "heading" [== #part.words]
  if part.kind == "item" [=== #part.words]
  if part.kind == "words" [#par(part.words)]
  if part.kind == "said" [#par[#strong(part.who + ":") #part.words]]
  if part.kind == "list" [#list(..part.lines.map(line => text(line)))]
  if part.kind == "resolved" [
    #block(inset: (left: 10pt), stroke: (left: 2pt + luma(90)))[#strong(part.who + ":") #part.words]
  ]
  if part.kind == "table" [
    #table(
      columns: part.head.len(),
      column-gutter: 10pt,
      stroke: (x: none, y: 0.5pt + luma(170)),
      inset: (x: 0pt, y: 5pt),
      table.header(..part.head.map(cell => strong(cell))),
      ..part.rows.flatten().map(cell => text(cell))
    )
  ]
}
"""
Part = dict[str, Any]
# What everybody may do at a meeting: Local Government Act 1972, s. 100A; SI 2014/2095.
OPEN = (
    "Meetings are open to the public and the press, who may film, record and report, but for items that are "
    "not for the public."
)


def _words(words: str) -> list[Part]:
    return [{"kind": "words", "words": breakable(one)} for one in words.split("\n") if one.strip()]


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[Part]:
    lines = [[breakable(str(cell)) for cell in row] for row in rows]
    return [{"kind": "table", "head": list(head), "rows": lines}] if lines else []


def _heading(words: str) -> Part:
    return {"kind": "heading", "words": words}


def _page(
    content: Mapping[str, Any], title: str, parts: list[Part], county: str, mark: str = ""
) -> bytes:
    told = content["meeting"]
    together = "".join(f" with {name}" for name in told["together_with"])
    lead = [f"{meets(told['starts_at'])}, {told['place']}"]
    if told["state"] == "cancelled":
        lead.append(f"CANCELLED: {told['why']}")
    elif told["moved_from"]:
        lead.append(f"MOVED from {moment(told['moved_from'])}: {told['why']}")
    foot = f"{told['committee']['name']}, {moment(told['starts_at'])}"
    name = f"{title}: {told['committee']['name']}{together}"
    return _printed(name, lead, parts, foot, county, mark)


def _printed(
    title: str, lead: list[str], parts: list[Part], foot: str, county: str, mark: str
) -> bytes:
    return as_paper(
        _PAGE,
        {
            "title": title,
            "county": county,
            "head": county,
            "mark": mark,
            "foot": foot,
            "lead": lead,
            "parts": parts,
        },
    )


def agenda(content: Mapping[str, Any], county: str) -> bytes:
    """Return the agenda frontsheet of a published meeting: `content` is that of its edition."""
    told, listed = content["meeting"], content["agenda"]
    parts = _words(OPEN)
    if listed["notice"]["short_notice"]:
        parts += _words(f"Called at shorter notice: {listed['notice']['short_notice']}")
    if told["webcast"]:
        parts += _words(f"It can be watched at {told['webcast']}.")
    if told["contact"]:
        contact = ", ".join(filter(None, (told["contact"], told["contact_email"])))
        parts += _words(f"Contact: {contact}")
    parts.append(_heading("Members"))
    parts += _table(
        ("Name", "Role", "Group or whom they represent"), map(_member, listed["members"])
    )
    parts.append(_heading("Items"))
    for item in listed["items"]:
        parts += _item(item)
    return _page(content, "Agenda", parts, county)


def _member(seat: Mapping[str, Any]) -> tuple[str, str, str]:
    votes = "" if seat["votes"] == "Votes" else f", {seat['votes'].lower()}"
    return seat["name"], f"{seat['role']}{votes}", seat["group"] or seat["represents"]


def _item(item: Mapping[str, Any]) -> list[Part]:
    parts: list[Part] = [{"kind": "item", "words": f"{item['number']} {item['title']}".strip()}]
    if not item["public"]:
        parts += _words(_why_exempt(item))
    if item["late_because"]:
        parts += _words(f"Taken as urgent: {item['late_because']}")
    parts += _words(item["words"])
    if item.get("asked"):
        parts.append({"kind": "list", "lines": [_asked(one) for one in item["asked"]]})
    if item["presenters"]:
        who = "; ".join(", ".join(filter(None, (one["name"], one["post"], one["body"]))) for one in item["presenters"])  # fmt: skip
        parts += _words(f"Asked to come: {who}")
    if item["papers"]:
        parts.append({"kind": "list", "lines": [_paper(one) for one in item["papers"]]})
    return parts


def _asked(one: Mapping[str, Any]) -> str:
    """Return what was asked for and is not done, in a line."""
    owner = f" ({one['owner']})" if one["owner"] else ""
    number = f", item {one['item']}" if one["item"] else ""
    due = f", due {moment(one['on'])}" if one["on"] else ""
    due = due or (f", due in {month(one['month'])}" if one["month"] else "")
    return breakable(f"{one['title']}{owner}: asked for on {moment(one['asked_on'])}{number}{due}")


def _why_exempt(thing: Mapping[str, Any]) -> str:
    paragraphs = ", ".join(map(str, thing["paragraphs"]))
    return (
        f"Not for the public: paragraph {paragraphs} of Schedule 12A to the Local Government Act 1972. "
        f"{thing['public_interest']}"
    )


def _paper(paper: Mapping[str, Any]) -> str:
    if not paper["public"]:
        return f"{paper['title']}. {_why_exempt(paper)}"
    if paper["to_follow"]:
        return f"{paper['title']} (to follow)"
    pages = f", {paper['pages']} pages" if paper["pages"] else ""
    return (
        f"{paper['title']} ({file_kind(paper['mime'])}{pages})" if paper["mime"] else paper["title"]
    )


def minutes(content: Mapping[str, Any], county: str) -> bytes:
    """Return the minutes of a published meeting, with the attendance as legal proof asks for it."""
    told, listed = content["minutes"], content["agenda"]
    draft = told["state"] != "confirmed"
    parts = _words(
        "DRAFT: not confirmed yet, and a later meeting may correct it."
        if draft
        else f"Confirmed as a correct record on {moment(told['confirmed_on'])}."
    )
    for one in told["corrections"]:
        parts += _words(f"Corrected on {moment(one['decided_on'])}: {one['words']}")
    chair = f" {told['chair']} took the chair." if told["chair"] else ""
    over = f" and finished at {clock(told['finished_at'])}" if told["finished_at"] else ""
    parts += _words(f"The meeting began at {clock(told['began_at'])}{over}.{chair}")
    parts.append(_heading("Attendance"))
    parts += _table(
        ("Name", "Attendance"), ((_who(one), _there(one)) for one in told["attendance"])
    )
    if told["officers"]:
        rows = (
            (", ".join(filter(None, (one["name"], one["post"], one["body"]))), one["item"])
            for one in told["officers"]
        )
        parts += _table(("Also there", "Item"), rows)
    if told["declarations"]:
        parts.append(_heading("Declarations of interests"))
        parts += _table(
            ("Member", "Interest", "Item"),
            (
                (one["member"], f"{one['kind']}. {one['words']}{' Left the room.' if one['left'] else ''}", one["item"])
                for one in told["declarations"]
            ),
        )  # fmt: skip
    if told["questions"]:
        parts.append(_heading("Questions"))
        for one in told["questions"]:
            parts.append(_said(one["asked_by"], one["words"]))
            parts += [_said(one["answered_by"] or "Answer", one["answer"])] if one["answer"] else []
            parts += [_said("Supplementary", one["more"])] if one["more"] else []
            parts += [_said("Answer", one["more_answer"])] if one["more_answer"] else []
    parts.append(_heading("Items"))
    for item in listed["items"]:
        parts.append({"kind": "item", "words": f"{item['number']} {item['title']}".strip()})
        parts += _words(_why_exempt(item)) if not item["public"] else []
        for point in told["items"].get(item["uid"], []):
            parts += _point(point)
    return _page(
        content, "Draft minutes" if draft else "Minutes", parts, county, "DRAFT" if draft else ""
    )


def _who(one: Mapping[str, Any]) -> str:
    role = one.get("role", "")
    return one["name"] if role in ("", "Member") else f"{one['name']}, {role.lower()}"


def _there(one: Mapping[str, Any]) -> str:
    said = one["said"]
    said += f" for {one['instead_of']}" if one["instead_of"] else ""
    said += f", from {clock(one['came_at'])}" if one["came_at"] else ""
    said += f", until {clock(one['left_at'])}" if one["left_at"] else ""
    said += f"; left the room for item {', '.join(one['out_for'])}" if one["out_for"] else ""
    return said


def _said(who: str, words: str) -> Part:
    return {"kind": "said", "who": who, "words": breakable(words)}


def _point(point: Mapping[str, Any]) -> list[Part]:
    kinds = {"resolution": "RESOLVED", "recommendation": "RECOMMENDED"}
    words = breakable(point["words"])
    if point["kind"] in kinds:
        parts: list[Part] = [{"kind": "resolved", "who": kinds[point["kind"]], "words": words}]
    elif point["speaker"]:
        parts = [_said(point["speaker"], words)]
    else:
        parts = _words(words)
    moved = f"Moved by {point['moved_by']}" if point["moved_by"] else ""
    moved += f", seconded by {point['seconded_by']}" if point["seconded_by"] else ""
    votes = ""
    if point["for"] is not None or point["against"] is not None:
        votes = f"For {point['for'] or 0}, against {point['against'] or 0}, abstained {point['abstained'] or 0}"
    return parts + _words(". ".join(filter(None, (moved, votes))))


def brief(content: Mapping[str, Any], items: Iterable[Any], county: str) -> bytes:
    """Return the chair's brief: the agenda with times and notes, also of what is not for the public.

    `content` holds the meeting, and what was `asked` for and is not done; `items` are the committee's own.
    Never published.
    """
    parts: list[Part] = [_heading("Items")]
    at = 0
    for item in items:
        parts.append({"kind": "item", "words": str(item)})
        if item.minutes_planned:
            parts += _words(f"{item.minutes_planned} minutes, after {at} minutes")
            at += item.minutes_planned
        for one in item.invited.all():
            body = f", {one.body}" if one.body else ""
            parts += _words(f"Invited: {one}{body} ({one.get_came_display().lower()})")
        if item.kind == "actions" and content.get("asked"):
            parts.append({"kind": "list", "lines": [_asked(one) for one in content["asked"]]})
        if item.exempt:
            parts += _words("The public leaves for this item: move that they be excluded.")
        parts += _words(item.brief)
    return _page(content, "Chair’s brief", parts, county, "For the chair: not to be published")


def paper(told: Mapping[str, Any], content: Mapping[str, Any], county: str) -> bytes:
    """Return a paper that wrote itself, as PDF: `told` is its published content."""
    parts: list[Part] = []
    if told["drawn_at"]:
        parts += _words(f"As it was on {moment(told['drawn_at'])}.")
    return _page(content, told["title"], parts + _sections(told["sections"]), county)


def report(told: Mapping[str, Any], county: str, mark: str = "") -> bytes:
    """Return the report of a review, as PDF: `told` is what is published of it."""
    name = told["committee"]["name"]
    lead = [f"Report of the {name}", moment(told["on"])]
    return _printed(
        f"{told['title']}: {name}", lead, _sections(told["sections"]), name, county, mark
    )


def _sections(sections: Iterable[Mapping[str, Any]]) -> list[Part]:
    parts: list[Part] = []
    for section in sections:
        parts += [_heading(section["heading"])] if section.get("heading") else []
        for words in section.get("paragraphs", []):
            parts += _words(words)
        if section.get("list"):
            parts.append({"kind": "list", "lines": [breakable(one) for one in section["list"]]})
        table = section.get("table") or {}
        parts += _table(table.get("head", []), table.get("rows", []))
    return parts


def document(
    title: str,
    content: Mapping[str, Any],
    county: str,
    *,
    words: str = "",
    table: tuple[Iterable[str], Iterable[Iterable[str]]] | None = None,
) -> bytes:
    """Return words, or a table, as a PDF of a meeting: the contents of a pack, a file that is no PDF."""
    parts = _words(words)
    parts += _table(*table) if table else []
    return _page(content, title, parts, county)


_STAMP = b"""
#let it = json(bytes(sys.inputs.it))
#set document(title: it.words)
#set text(lang: "en", region: "gb", font: ("Libertinus Serif", "DejaVu Sans"), size: 8pt, fill: rgb("#a00000"))
#set page(paper: "a4", margin: 0pt, fill: none)
#place(top + center, dy: 8pt, strong(it.words))
"""


def stamp(words: str) -> bytes:
    """Return a page with nothing but words at its upper edge, to be laid over others."""
    return as_paper(_STAMP, {"words": words})
