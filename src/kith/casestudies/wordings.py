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
