"""Two texts beside one another, word by word."""

import re
from difflib import SequenceMatcher

WORD = re.compile(r"\s+|\w+|[^\w\s]")
MOST = 4_000  # words compared one by one; longer texts are told as one removed and one added

Part = tuple[str, str]  # same, removed or added; and the words


def words_apart(before: str, after: str) -> list[Part]:
    """Return a text's way from what it was to what it is: parts that stay, go and come, in order.

    The parts that are not added make up `before`, those that are not removed make up `after`.
    """
    old, new = WORD.findall(before), WORD.findall(after)
    if len(old) + len(new) > MOST:
        return [part for part in (("removed", before), ("added", after)) if part[1]]
    parts: list[Part] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            parts.append(("same", "".join(old[a:b])))
            continue
        parts += [("removed", "".join(old[a:b]))] if b > a else []
        parts += [("added", "".join(new[c:d]))] if d > c else []
    return parts
