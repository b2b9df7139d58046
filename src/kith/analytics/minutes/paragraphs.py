"""Lines put together to the paragraphs that they were before pages and screens broke them."""

import re
from dataclasses import dataclass, replace

from kith.analytics.minutes.lines import Line

_ALONE = {"heading", "label", "item", "cell", "title", "meta"}
_LISTED = re.compile(r"^\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]\s+\S")
_LABEL = re.compile(
    r"^(?:\d{1,3}[.)]?\s+)?(?:(?:Also |Those |Councillors? |Members? |Officers? )?(?:present|in attendance|attending|attendance|apologies|absent)\b"
    r"|(?:RESOLVED|Resolved|AGREED|RECOMMENDED|ACTION|Action|Decision|Resolution|Venue|Date|Time|Clerk|Chair|Contact|Minutes)\b[^.]{0,30}:)",
)
_LABEL_ANY_CASE = re.compile(
    r"^(?:PRESENT|IN ATTENDANCE|APOLOGIES|ABSENT|ALSO PRESENT|Present|In [Aa]ttendance|Apologies|Also [Pp]resent)\b"
)


@dataclass(frozen=True)
class Paragraph:
    """Words that belong together. `line` is where they begin; `lines` all they came from."""

    text: str
    line: int
    lines: tuple[int, ...]
    page: int | None = None
    role: str = ""
    strong: bool = False
    blank_before: int = 0
    mark: str = ""  # the number or letter of an entry of a list


def width_of(lines: list[Line]) -> int:
    """Return how wide a page of broken lines is; 0 where each line is a paragraph."""
    lengths = sorted(len(line.text) for line in lines if line.role not in ("meta", "cell"))
    if len(lengths) < 8:
        return 0
    top = lengths[int(len(lengths) * 0.95) - 1]
    return top if 45 <= top <= 130 else 0


def of_lines(lines: list[Line], width: int, *, broken: bool) -> list[Paragraph]:
    """Return paragraphs; `broken` says that lines of this kind of file may be parts of one."""
    made: list[Paragraph] = []
    last: Line | None = None
    for line in lines:
        if made and last and broken and _goes_on(last, line, made[-1], width):
            old = made[-1]
            made[-1] = replace(old, text=f"{old.text} {line.text}", lines=(*old.lines, line.number))
        else:
            mark = _LISTED.match(line.text)
            text, sign = line.text, ""
            if mark and line.role not in ("item", "heading"):
                sign, text = line.text.split(None, 1)
            made.append(
                Paragraph(
                    text,
                    line.number,
                    (line.number,),
                    line.page,
                    line.role,
                    line.strong,
                    line.blank_before,
                    sign,
                )
            )
        last = line
    return made


def _goes_on(last: Line, line: Line, so_far: Paragraph, width: int) -> bool:
    """Say whether a line carries on the paragraph before it."""
    if (
        last.role in _ALONE
        or line.role in _ALONE
        or line.role == "bullet"
        or line.strong != last.strong
    ):
        return False
    if last.page != line.page and so_far.text.endswith((".", ":", "!", "?")):
        return False
    if _LISTED.match(line.text) or _LABEL.match(line.text) or _LABEL_ANY_CASE.match(line.text):
        return False
    if line.blank_before >= 3:
        return False
    open_end = not re.search(r"[.!?:;”\"’)]$", last.text) or last.text.endswith(
        (" Cllr.", " Mr.", " Mrs.", " Cllrs.")
    )
    lower = bool(re.match(r"[a-zà-ÿ(&]", line.text))
    if line.blank_before:
        return (
            open_end and line.text[:1].islower() and len(last.text) > 40 and last.role != "bullet"
        )
    if (
        last.text.endswith((",", " and", " &", " of", " the", " to", " by", " from", "-", "–"))
        and len(last.text) > 12
    ):
        return True
    if open_end and lower and not re.match(r"^[a-z]\)", line.text):
        return True
    if not width:
        return False
    first_word = line.text.split()[0]
    return len(last.text) + 1 + len(first_word) > width * 0.8
