"""Pages on paper: tagged PDF (PDF/UA-1), made by typst. What was typed travels as data and is never read
as typst's own language: a page begins with `#let it = json(bytes(sys.inputs.it))`."""

import json
import re
from collections.abc import Mapping
from typing import Any

import typst

LONG = re.compile(r"\S{24}(?=\S)")


def as_paper(page: bytes, it: Mapping[str, Any]) -> bytes:
    """Return a typst page, filled with `it`, as PDF.

    Where a text holds a letter for which this machine has no font (PDF/UA-1 then refuses the whole
    document), the PDF is tagged all the same and shows a box in its place.
    """
    inputs = {"it": json.dumps(it)}
    try:
        made = typst.compile(page, format="pdf", sys_inputs=inputs, pdf_standards=["ua-1"])
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
        made = typst.compile(page, format="pdf", sys_inputs=inputs)
    assert isinstance(made, bytes)
    return made


def breakable(text: str) -> str:
    """Let a very long word, such as an address on the web, go on in the next line."""
    return LONG.sub("\\g<0>\u200b", text)
