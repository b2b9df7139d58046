"""Reading the words of a PDF, as tests want them."""

import io

from pypdf import PdfReader


def words_of_paper(pdf: bytes) -> str:
    """Return the words of a PDF, its lines one after the other, with single spaces."""
    pages = (page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return " ".join("\n".join(pages).replace("\u200b", "").split())
