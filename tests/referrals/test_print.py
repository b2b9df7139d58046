"""A request on paper: tagged, in any script, and never read as a program."""

import pytest

from kith.referrals.print import as_pdf


def paper(words: str) -> bytes:
    return as_pdf(
        title="Request for help",
        reference="R-2026-000001",
        county="Oxfordshire",
        lead=[words],
        sections=[
            {"title": words, "rows": [("The worry", words), ("Tried", "")]},
            {"title": "Your rights", "lines": [words]},
        ],
    )


def test_the_paper_is_tagged_and_says_so():
    pdf = paper("Zoë O’Neill is often late.")

    assert pdf[:5] == b"%PDF-"
    assert b"/StructTreeRoot" in pdf and b"/Lang" in pdf and b"pdfuaid:part" in pdf


@pytest.mark.parametrize(
    "words",
    ["李 مرحبا 👩‍👧", '#panic("x") [ ] $ \\ "', '#read("/etc/passwd")', "\u200b\u0301\u0301", "a\n\n\nb", "y" * 10_000],
)  # fmt: skip
def test_whatever_was_typed_is_printed_and_not_read_as_a_program(words):
    pdf = paper(words)

    assert pdf[:5] == b"%PDF-" and b"/StructTreeRoot" in pdf
    assert b"root:" not in pdf
