"""Postcodes as people type them: tidied, put right where only one reading is possible, or refused
with words that say what to do."""

import re
import unicodedata

EXAMPLE = "OX4 1AA"
WHOLE = re.compile(
    r"(?P<out>[A-PR-UWYZ](?:[0-9]{1,2}|[A-HK-Y][0-9]|[A-HK-Y][0-9]{2}"
    r"|[0-9][A-HJKPSTUW]|[A-HK-Y][0-9][ABEHMNPRVWXY]))"
    r"(?P<in>[0-9][ABD-HJLNP-UW-Z]{2})"
)
# The first half alone: whatever a person may have stopped after.
FIRST_HALF = re.compile(r"[A-PR-UWYZ][A-HK-Y]?[0-9][0-9ABEHJKMNPRSTUVWXY]?")
LOOKALIKES = {"O": "0", "0": "O", "I": "1", "L": "1", "1": "I"}
# Areas of the United Kingdom. Without them, X0 for XO could be read in too many ways.
AREAS = frozenset(
    re.findall(
        r"[A-Z]+",
        """AB AL B BA BB BD BF BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN
    DT DY E EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD
    LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL
    SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE""",
    )
)
LONGEST_SHOWN = 20


class NotAPostcode(ValueError):
    """What was typed is no postcode. The message says what to do about it."""


class NotInTheCounty(ValueError):
    """It has the form of a postcode, but the county's list does not hold it."""

    def __init__(self, message: str, postcode: str) -> None:
        super().__init__(message)
        self.postcode = postcode


def tidy(text: str) -> str:
    """Return a postcode in capitals with one space, such as "OX4 1AA".

    Small letters, missing or odd spaces and hyphens are put right, and so is a letter O written
    for a nought (or I and L for a one) where only one reading is a postcode.
    Raises NotAPostcode, with a message for the person who typed it.
    """
    readings = slips(text)
    if len(readings) == 1:
        return readings[0]
    if readings:
        raise NotAPostcode(
            f"{_shown(text)} could mean {' or '.join(readings)}. Check which is a letter and "
            "which is a number."
        )
    raise NotAPostcode(_what_is_wrong(text))


def slips(text: str) -> list[str]:
    """Return the postcodes that may be meant, all with as few changed characters as possible.

    One postcode when the text is right as it stands or can be read in one way only; several when
    it is ambiguous; none when it is no postcode.
    """
    letters = letters_of(text)
    if not 5 <= len(letters) <= 7:
        return []
    readings: dict[str, int] = {"": 0}
    for letter in letters:
        options = [(letter, 0)]
        if letter in LOOKALIKES:
            options.append((LOOKALIKES[letter], 1))
        readings = {
            before + after: changed + more
            for before, changed in readings.items()
            for after, more in options
        }
    possible = {reading: changed for reading, changed in readings.items() if _is_whole(reading)}
    fewest = min(possible.values(), default=0)
    return [spaced(reading) for reading, changed in possible.items() if changed == fewest]


def letters_of(text: str) -> str:
    """Return the letters and digits of a text, in capitals and nothing else.

    Full-width and accented forms become plain ones; spaces, hyphens, marks of writing direction
    and characters that do not show disappear.
    """
    plain = unicodedata.normalize("NFKD", str(text)[:200]).upper()
    return "".join(letter for letter in plain if "A" <= letter <= "Z" or "0" <= letter <= "9")


def spaced(letters: str) -> str:
    """Return a postcode without a space with its space."""
    return f"{letters[:-3]} {letters[-3:]}"


def packed(postcode: str) -> str:
    """Return a postcode as it is stored: capitals, no space."""
    return letters_of(postcode)


def outward(postcode: str) -> str:
    """Return the first half of a postcode: OX4 of OX4 1AA."""
    return packed(postcode)[:-3]


def sector(postcode: str) -> str:
    """Return a postcode's sector: OX4 1 of OX4 1AA."""
    letters = packed(postcode)
    return f"{letters[:-3]} {letters[-3]}"


def _is_whole(letters: str) -> bool:
    found = WHOLE.fullmatch(letters)
    if not found:
        return False
    return re.match(r"[A-Z]+", letters).group() in AREAS  # type: ignore[union-attr]


def _what_is_wrong(text: str) -> str:
    letters, shown = letters_of(text), _shown(text)
    if not letters:
        return f"Enter a postcode, such as {EXAMPLE}."
    stops_after_sector = letters[-1].isdigit() and _is_first_half(letters[:-1])
    typed_apart = re.search(r"\s\S\s*$", text) is not None
    if _is_first_half(letters) and not (stops_after_sector and typed_apart):
        return (
            f"{letters} is only the first half of a postcode. "
            f"Add the second half, such as {EXAMPLE[-3:]}."
        )
    if stops_after_sector:
        return (
            f"{letters[:-1]} {letters[-1]} is not the whole postcode: its last two letters are "
            f"missing. A whole postcode looks like {EXAMPLE}."
        )
    if len(letters) > 7:
        return f"{shown} is too long for a postcode. A postcode looks like {EXAMPLE}."
    if len(letters) >= 5:
        ending = re.fullmatch(r"(.+)([0-9][A-Z]{2})", letters)
        if ending and set(ending[2]) & set("CIKMOV") and _is_first_half(ending[1]):
            wrong = next(letter for letter in ending[2] if letter in "CIKMOV")
            return (
                f"{shown} is not a postcode: the last two letters of a postcode are never "
                f"{wrong}. Check it, and enter it again."
            )
        area = re.match(r"[A-Z]*", letters).group()  # type: ignore[union-attr]
        if area and WHOLE.fullmatch(letters) and area not in AREAS:
            return f"{shown} is not a postcode: none begin with {area}. Check the first letters."
    return f"{shown} is not a postcode. Enter a whole one, such as {EXAMPLE}."


def _is_first_half(letters: str) -> bool:
    if not FIRST_HALF.fullmatch(letters):
        return False
    return re.match(r"[A-Z]+", letters).group() in AREAS  # type: ignore[union-attr]


def _shown(text: str) -> str:
    """Return what was typed, safe and short enough to be shown back."""
    seen = "".join(
        letter for letter in str(text)[:200] if unicodedata.category(letter)[0] not in "C"
    )
    seen = " ".join(seen.split())
    short = seen if len(seen) <= LONGEST_SHOWN else seen[:LONGEST_SHOWN] + "…"
    return f"“{short}”" if short else "This"
