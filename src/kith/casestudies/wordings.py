"""What is sent about case studies."""

from kith.notices.words import Wording, register

TO_RELEASE = register(
    Wording(
        key="casestudies.to_release",
        name="To a manager: a case study to release",
        when="To each manager of a hub who may release it, when a case study is sent to be released; to "
        "county leads where every manager of the hub has written in it, or it has none.",
        subject="A case study waits for you",
        body="""A case study of ((hub)) is written, and waits for a manager who wrote nothing in it.

Read it, and release it or send it back:
((link))
""",
        fields={"hub": "Banbury", "link": "https://kith.example/case-studies/12/"},
    )
)
WITHDRAWN = register(
    Wording(
        key="casestudies.withdrawn",
        name="To a manager: a case study was withdrawn",
        when="To whoever released a case study, and to county leads, when it is withdrawn because the "
        "family took its agreement back, or because its record is kept to named people.",
        subject="A case study was withdrawn",
        body="""“((study))”, released on ((released)), was withdrawn. Nobody can read it any more.

Why: ((why))

Ask those who had it to delete their copies, and to use them no further:
((readers))
""",
        fields={
            "study": "How a family was helped",
            "released": "3 May 2026",
            "why": "The family took back that its story is told.",
            "readers": "Cllr Waine: took the PDF",
        },
    )
)
