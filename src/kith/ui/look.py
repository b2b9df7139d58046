"""How a county looks: its name and colours, and the sums that keep them readable."""

import re

# WCAG 2.2: 1.4.3 asks 4.5 to 1 of text, 1.4.11 asks 3 to 1 of parts of controls.
TEXT_CONTRAST = 4.5
PART_CONTRAST = 3.0
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


class NotAColour(ValueError):
    """What was typed is not a colour like `#0b4a4c`."""


def tidy_colour(text: str) -> str:
    """Return a colour as `#rrggbb` in small letters. Raises NotAColour."""
    colour = text.strip().lower()
    if re.fullmatch(r"#?[0-9a-f]{3}", colour):
        colour = "#" + "".join(letter * 2 for letter in colour.lstrip("#"))
    if re.fullmatch(r"[0-9a-f]{6}", colour):
        colour = f"#{colour}"
    if not _HEX.fullmatch(colour):
        raise NotAColour("Write the colour as # and six letters or numbers, like #0b4a4c")
    return colour


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb`, from 0 (black) to 1 (white), as WCAG defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 (none) to 21 (black on white)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable_on(colour: str) -> str:
    """Return white or black, whichever reads better on a colour."""
    white, black = contrast("#ffffff", colour), contrast("#0b0c0c", colour)
    return "#ffffff" if white >= black else "#0b0c0c"


def problem_on_white(colour: str, *, least: float) -> str:
    """Say what is wrong with a colour on a white page; nothing when it reads well."""
    have = contrast(colour, "#ffffff")
    if have >= least:
        return ""
    return (
        f"This colour is too pale to read: its contrast with white is {have:.1f} to 1, and it "
        f"needs {least:g} to 1. Choose a darker one."
    )
