"""What people type, made safe to keep: the words stay, what cannot be seen or stored goes."""

import re
import unicodedata

# Marks that turn the direction of the text after them, and can make words look like others.
_TURNING = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
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
    kept = "".join(
        character
        for character in text.replace("\t", " ")
        if character == "\n"
        or (unicodedata.category(character) not in {"Cc", "Cs"} and character not in _TURNING)
    )
    kept = unicodedata.normalize("NFC", _SPACES.sub(" ", kept))
    if lines:
        kept = "\n".join(line.strip(" ") for line in kept.split("\n"))
        kept = _MANY_LINES.sub("\n\n\n", kept)
    return kept.strip()
