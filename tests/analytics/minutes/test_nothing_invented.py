"""Whatever the text: no exception, the same answer again, and no word that is not in it."""

import re

from hypothesis import example, given, settings
from hypothesis import strategies as some

from kith.analytics.minutes import CannotRead, read
from kith.analytics.minutes.lines import collapse

NAMES = ["Amblin", "Ines Hartwell", "T. Veale", "O'Dare", "de Burle", "McCorley"]
LINES = some.sampled_from(
    [
        *(
            "Ambleford Parish Council",
            "Minutes of the meeting held on Tuesday 4 June 2024 at 7.30 pm",
            "AGENDA",
            "PRESENT",
            "Apologies:",
            "Minutes:",
        ),
        *(
            "1. Apologies",
            "2. Minutes",
            "3 Highways",
            "224/12 Hubs",
            "1.1 It was noted that the road was wet.",
            "- a bullet",
            "a) a letter",
            "| 4. | Bars | Noted. |",
        ),
        *(
            "RESOLVED that the report be NOTED.",
            "A question was asked about cost. In response, JA said no.",
            "Jo Amblin (JA) gave an overview.",
            "She went on.",
        ),
        *(
            "Committee Recommendation",
            "Vision and Aims",
            "The meeting closed at 9.00 pm.",
            "... view the full minutes text for item 7/13",
            "Page 2 of 3",
            "",
            "",
            "",
        ),
    ]
)
WHO = some.sampled_from(NAMES)
APOLOGIES = some.builds(
    "Apologies were received from {} {}{}{}.".format,
    some.sampled_from(["Councillors", "Cllr", "Mr"]),
    WHO,
    some.sampled_from([" and ", ", substituted by ", " (substituted by Cllr Corley), ", ", "]),
    WHO,
)
TEXTS = some.lists(some.one_of(LINES, APOLOGIES, some.text(max_size=60)), max_size=30).map(
    "\n".join
)


def texts_of(value):
    """Return every value that is said to be the document's own words."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in (
                "text",
                "title",
                "name",
                "post",
                "finish_text",
                "venue",
                "committee",
            ) and isinstance(inner, str):
                yield inner
            elif key in ("list", "agenda_text", "parts", "introduction"):
                yield from inner
            elif key not in ("warnings", "forward_plan"):
                yield from texts_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_of(inner)


def plain(text):
    """Return letters and digits only: bullets, Markdown's marks and the marks of lists are dropped on purpose."""
    return re.sub(r"[\W_]+", "", collapse(text))


@settings(max_examples=150, deadline=None)
@given(TEXTS)
@example("Apologies: Cllr")
@example(
    "Ambleford Parish Council\n" * 8
    + "Apologies were received from Cllr Amblin and many others who had\nPage 2 of 3\nwritten to the Clerk"
)
@example("1. \n2. \n3. ")
def test_no_word_is_added_and_reading_again_gives_the_same(text):
    try:
        record = read(text.encode("utf-8", "replace"), "a.txt")
    except CannotRead:
        return

    source = plain(text.encode("utf-8", "replace").decode())
    for said in texts_of(record):
        assert plain(said) in source, said
    assert read(text.encode("utf-8", "replace"), "a.txt") == record


@settings(max_examples=150, deadline=None)
@given(
    some.binary(max_size=400),
    some.sampled_from(
        [
            b"",
            b"%PDF-1.4\n",
            b"PK\x03\x04",
            b"<?xml version='1.0'?><meeting>",
            b"<!DOCTYPE html><html>",
            b"---\n",
            b"| a | b |\n",
        ]
    ),
)
def test_whatever_comes_is_read_or_refused(data, before):
    try:
        record = read(before + data, "a")
    except CannotRead as refused:
        assert str(refused)
        return

    assert record["doc_type"] in ("minutes", "agenda", "scrutiny_review_report")
