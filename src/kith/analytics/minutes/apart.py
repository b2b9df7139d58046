"""Reading a file of minutes that somebody sent: in a process of its own, with limits."""

import json
from dataclasses import dataclass
from typing import Any

from kith.analytics.bounded import run_apart
from kith.analytics.minutes.formats import CannotRead


@dataclass(frozen=True)
class Read:
    """What a file says (`record.read`), and the lines it says it in, by their numbers."""

    found: dict[str, Any]
    lines: dict[int, str]


def read_apart(data: bytes, name: str, *, seconds: float) -> Read:
    """Return what a file says. Raises CannotRead, with what to do, also where it takes too long or too much."""
    told = run_apart("kith.analytics.minutes", "--input", name, data=data, seconds=seconds)
    if told is None:
        raise CannotRead(
            f"{name} took longer than {seconds:.0f} seconds to read, and was left. Send the minutes by themselves, "
            "without the papers."
        )
    if not told:
        raise CannotRead(
            f"{name} could not be read: it is damaged, or far too large inside. Save it again and send it once more."
        )
    answer = json.loads(told)
    if "refused" in answer:
        raise CannotRead(answer["refused"])
    lines: dict[int, str] = {}
    for number, text in answer["lines"]:
        lines[number] = f"{lines[number]} {text}" if number in lines else text
    return Read(answer["found"], lines)
