"""A request on paper: tagged PDF (PDF/UA-1), made by typst, in full or for the family."""

from collections.abc import Mapping, Sequence
from typing import Any

from kith.ui.paper import as_paper

_PAGE = b"""
#let it = json(bytes(sys.inputs.it))
#set document(title: it.title, author: it.county)
#set text(lang: "en", region: "gb", font: ("Libertinus Serif", "DejaVu Sans"), size: 12pt)
#set page(
  paper: "a4",
  margin: 2.2cm,
  footer: context [#set text(9pt); #it.reference #h(1fr) #counter(page).display("1 of 1", both: true)],
)
#set par(leading: 0.7em)
#show heading.where(level: 1): set text(20pt)
#show heading.where(level: 2): set text(14pt)
#show heading.where(level: 2): set block(above: 1.6em, below: 0.8em)
= #it.title
#for line in it.lead [
  #par(line)
]
#for section in it.sections [
  == #section.title
  #if section.rows.len() > 0 [
    #table(
      columns: (1fr, 2.2fr),
      column-gutter: 12pt,
      stroke: (x: none, y: 0.5pt + luma(170)),
      inset: (x: 0pt, y: 6pt),
      table.header(strong(section.head.at(0)), strong(section.head.at(1))),
      ..section.rows.map(row => (text(row.at(0)), text(row.at(1)))).flatten()
    )
  ]
  #for line in section.lines [
    #par(line)
  ]
]
"""


def as_pdf(
    *,
    title: str,
    reference: str,
    county: str,
    lead: Sequence[str],
    sections: Sequence[Mapping[str, Any]],
) -> bytes:
    """Return a document as PDF. A section has a `title`, and `rows` of two texts or `lines`; `head` says
    what the two texts of its rows are."""
    it = {
        "title": title,
        "reference": reference,
        "county": county,
        "lead": list(lead),
        "sections": [
            {
                "title": section["title"],
                "head": list(section.get("head", ("Question", "Answer"))),
                "rows": [[key, value or "Not given"] for key, value in section.get("rows", [])],
                "lines": list(section.get("lines", [])),
            }
            for section in sections
        ],
    }
    return as_paper(_PAGE, it)
