"""`kith minutes read`: JSON on one side, a sentence for what cannot be read on the other."""

import json
import subprocess
import sys

SMALL = """Ambleford Parish Council
Minutes of the meeting held on Tuesday 4 June 2024 at 7.30 pm in the Village Hall

1. Apologies
Apologies were received from Cllr Ines Hartwell.

2. Minutes
The minutes of 7 May 2024 were approved.

The meeting closed at 8.45 pm.
"""


def kith(*words):
    return subprocess.run(
        [sys.executable, "-m", "kith.machine.cli", "minutes", "read", *map(str, words)],
        capture_output=True,
        check=False,
    )


def test_one_file_is_one_record(tmp_path):
    file = tmp_path / "juni – ü.txt"
    file.write_text(SMALL)

    done = kith(file)

    assert (done.returncode, done.stderr) == (0, b"")
    record = json.loads(done.stdout.decode())
    assert (record["date"], record["start_time"], record["apologies"]) == (
        "2024-06-04",
        "19:30",
        ["hartwell"],
    )
    assert [item["number"] for item in record["items"]] == ["1", "2"]
    assert record["file"] == file.name


def test_several_files_are_a_list_and_a_bad_one_stops_nothing(tmp_path):
    good, empty = tmp_path / "good.txt", tmp_path / "empty.txt"
    good.write_text(SMALL)
    empty.write_bytes(b"")

    done = kith(empty, tmp_path / "nowhere.txt", good)

    assert done.returncode == 1
    assert [record["file"] for record in json.loads(done.stdout)] == ["good.txt"]
    said = done.stderr.decode().splitlines()
    assert (
        len(said) == 2
        and "empty.txt is empty" in said[0]
        and "nowhere.txt cannot be opened" in said[1]
    )


def test_one_bad_file_is_one_sentence_and_no_json(tmp_path):
    old = tmp_path / "old.doc"
    old.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)

    done = kith(old)

    assert (done.returncode, done.stdout) == (1, b"")
    assert len(done.stderr.decode().splitlines()) == 1 and "save it as" in done.stderr.decode()
