"""What people type, made safe to keep: the words stay, what cannot be seen or stored goes."""

import re
import unicodedata

# Control characters but the line break, halves of characters, and marks that turn the direction
# of the text after them and can make words look like others.
_UNSEEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_SPACES = re.compile(r"[^\S\n]+")
_MANY_LINES = re.compile(r"\n{4,}")


def tidy_text(text: str, *, lines: bool = False) -> str:
    """Return text without NUL, control characters, half characters and direction overrides.

    Spaces at the ends go, and runs of spaces become one. With `lines`, line breaks stay (as
    "\\n", three empty lines at most); without, they become spaces. Accents are composed (NFC),
    so that the same name is stored the same way whoever types it.
    """
    text = str(text).replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    if not lines:
        text = text.replace("\n", " ")
    kept = _UNSEEN.sub("", text.replace("\t", " "))
    kept = unicodedata.normalize("NFC", _SPACES.sub(" ", kept))
    if lines:
        kept = "\n".join(line.strip(" ") for line in kept.split("\n"))
        kept = _MANY_LINES.sub("\n\n\n", kept)
    return kept.strip()
