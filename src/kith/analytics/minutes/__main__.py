"""`kith minutes read FILE …` comes here: what each file says, as JSON."""

import json
import sys
from pathlib import Path
from typing import Any

from kith.analytics.bounded import limit_memory
from kith.analytics.minutes import CannotRead, read
from kith.analytics.minutes.formats import open_document


def from_input(name: str) -> int:
    """Read one file from standard input, within limits: what it says and its lines, or why it cannot be
    read, as JSON (`kith.analytics.minutes.apart`)."""
    limit_memory()
    data = sys.stdin.buffer.read()
    told: dict[str, Any]
    try:
        lines = [(line.number, line.text) for line in open_document(data, name).lines]
        told = {"found": read(data, name), "lines": lines}
    except CannotRead as problem:
        told = {"refused": str(problem)}
    sys.stdout.buffer.write(json.dumps(told).encode())
    return 0


def main(words: list[str]) -> int:
    """Write the records as JSON; a sentence for each file that cannot be read. Returns 1 where one could not."""
    words = words[1:] if words[:1] == ["--"] else words
    if words[:1] == ["--input"] and len(words) == 2:
        return from_input(words[1])
    records: list[dict[str, Any]] = []
    failed = False
    for word in words:
        try:
            records.append(read(Path(word)))
        except CannotRead as problem:
            failed = True
            sys.stderr.write(f"{problem}\n")
        except OSError as problem:
            failed = True
            sys.stderr.write(
                f"{word} cannot be opened: {problem.strerror or problem}. Check the name and that you may read it.\n"
            )
    if len(words) > 1 or records:
        shown: Any = records if len(words) > 1 else records[0]
        sys.stdout.buffer.write((json.dumps(shown, ensure_ascii=False, indent=1) + "\n").encode())
        sys.stdout.flush()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
