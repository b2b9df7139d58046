"""The questions that a visit guide begins with, under the six things every visitor looks at, and the
guide on paper."""

from collections.abc import Iterable

from django.utils.timezone import localtime

from kith.scrutiny.models import GuideQuestion, Review, Visit
from kith.ui.paper import as_paper, breakable

A = GuideQuestion.About

# What a committee asks unless it writes questions of its own.
BEGINS_WITH: tuple[tuple[str, str], ...] = (
    (A.STAFF, "How do staff speak of their work: what keeps them going, and what wears them down?"),
    (A.STAFF, "Are all posts filled? What do staff say of training and of time to think?"),
    (A.FACILITIES, "What is the building like for a parent who comes for the first time?"),
    (A.FACILITIES, "Can somebody with a pushchair or a wheelchair reach and use every room?"),
    (A.SPACE, "Is there a room to talk in private, and one for groups? Who else uses them?"),
    (A.DEMAND, "Who asks for help here, and for what? Is anything asked for that the hub cannot give?"),
    (A.DEMAND, "How long do families wait, and what happens meanwhile?"),
    (A.PARTNERS, "Which schools, health services and voluntary groups work with the hub, and which do not?"),
    (A.USERS, "What do families and young people say: what helped, and what would they change?"),
    (A.OTHER, "What works here that others should take up?"),
)  # fmt: skip

# Lines to write on, for each question.
LINES = 5

_PAGE = b"""
#let it = json(bytes(sys.inputs.it))
#set document(title: it.title, author: it.county)
#set text(lang: "en", region: "gb", font: ("Libertinus Serif", "DejaVu Sans"), size: 12pt)
#set page(paper: "a4", margin: 2cm,
  footer: context [#set text(9pt); #it.title #h(1fr) #counter(page).display("1 of 1", both: true)])
#set par(leading: 0.65em)
#show heading.where(level: 1): set text(20pt)
#show heading.where(level: 2): set text(14pt)
#show heading.where(level: 2): set block(above: 1.5em, below: 0.8em, sticky: true)
= #it.title
#for line in it.lead [ #par(line) ]
#for part in it.parts [
  == #part.title
  #for question in part.questions [
    #block(breakable: false)[
      #par(strong(question))
      #for n in range(it.lines) [
        #v(0.55cm)
        #line(length: 100%, stroke: 0.4pt + luma(150))
      ]
    ]
  ]
]
"""


def headed(questions: Iterable[GuideQuestion]) -> list[tuple[str, str, list[GuideQuestion]]]:
    """Return the questions under what they are about, in the order of the headings: the heading's key,
    its words, and its questions."""
    found: dict[str, list[GuideQuestion]] = {key: [] for key in A.values}
    for question in questions:
        found[question.about].append(question)
    return [(key, str(A(key).label), asked) for key, asked in found.items() if asked]


def on_paper(
    review: Review, questions: Iterable[GuideQuestion], *, county: str, visit: Visit | None = None
) -> bytes:
    """Return the guide as tagged PDF, with room to write; of one visit, or for any."""
    lead = [review.aim] if review.aim else []
    if visit is not None:
        starts = localtime(visit.starts_at)
        lead.insert(0, f"{visit.place}, {starts:%A %-d %B %Y} at {starts:%H:%M}")
    lead.append(
        "Write what you saw and heard, and say whose words they are. A service user\u2019s words only if "
        "they agreed. No names of families or children, no addresses, no telephone numbers."
    )
    return as_paper(
        _PAGE,
        {
            "title": f"Visit guide: {review.title}",
            "county": county,
            "lead": [breakable(line) for line in lead],
            "parts": [
                {"title": title, "questions": [breakable(question.words) for question in asked]}
                for _, title, asked in headed(questions)
            ],
            "lines": LINES,
        },
    )
