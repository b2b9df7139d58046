"""Finding the records of one person in agencies' extracts, on invented people whose truth is known."""

import json
import random
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest

from bench.linkage import people
from kith.analytics.linkage import columns, matching
from kith.analytics.linkage.__main__ import main
from kith.analytics.linkage.columns import ExtractRefused, clean, nhs_number, read
from kith.analytics.linkage.runs import run

TODAY = date(2012, 6, 1)


@pytest.fixture(scope="module")
def made():
    return people.people(1500, seed=11)


@pytest.fixture(scope="module")
def extract(made, tmp_path_factory):
    table, truth = people.extracts(made, seed=12)
    path = tmp_path_factory.mktemp("extract") / "county.parquet"
    pa.parquet.write_table(table, path)
    of = dict(
        zip(
            zip(*[table[c].to_pylist() for c in ("source", "record_id")], strict=True),
            truth,
            strict=True,
        )
    )
    return path, of


@pytest.fixture(scope="module")
def linked(extract):
    path, of = extract
    records = clean(read([path]), TODAY)
    truth = np.array([of[key] for key in zip(records.source, records.record_id, strict=True)])
    return records, matching.link(records), truth


def pairs_within(labels) -> int:
    sizes = np.unique(labels, return_counts=True)[1]
    return int((sizes * (sizes - 1) // 2).sum())


def clusters_of(path: Path, tmp_path: Path) -> dict[tuple[str, str], str]:
    run([path], tmp_path / "out", as_at=TODAY)
    table = pa.parquet.read_table(tmp_path / "out" / "people.parquet").to_pydict()
    return dict(
        zip(zip(table["source"], table["record_id"], strict=True), table["person"], strict=True)
    )


def test_clusters_are_right_without_any_labels(linked):
    _, found, truth = linked
    both = pairs_within(truth * 10**7 + found.person)
    precision, recall = both / pairs_within(found.person), both / pairs_within(truth)
    assert precision > 0.99
    assert recall > 0.96


def test_twins_are_two_people(linked, made):
    _, found, truth = linked
    twins = {
        (one.number, other.number)
        for one, other in pairwise(made)
        if one.family == other.family and one.born == other.born
    }
    assert len(twins) > 10, "the generator makes too few twins to say anything"
    clusters: dict[int, set[int]] = {}
    for person, true in zip(found.person.tolist(), truth.tolist(), strict=True):
        clusters.setdefault(true, set()).add(person)
    known = [pair for pair in twins if all(number in clusters for number in pair)]
    joined = [pair for pair in known if clusters[pair[0]] & clusters[pair[1]]]
    assert len(joined) <= len(known) * 0.05


def test_the_number_of_pairs_of_one_person_is_estimated_without_labels(linked):
    records, found, truth = linked
    hashed = matching._mixed([records.codes[name] for name in sorted(records.codes)])
    different = np.unique(hashed, return_index=True)[1]
    estimated = found.model.pairs[matching.SAME]
    assert abs(estimated / pairs_within(truth[different]) - 1) < 0.05


def test_the_order_of_rows_changes_nothing(extract, tmp_path):
    path, _ = extract
    table = pa.parquet.read_table(path)
    order = list(range(table.num_rows))
    random.Random(5).shuffle(order)
    other = tmp_path / "county.parquet"
    pa.parquet.write_table(table.take(order), other)
    assert clusters_of(path, tmp_path / "one") == clusters_of(other, tmp_path / "two")
    for name in ("people.parquet", "pairs.parquet"):
        assert (tmp_path / "one" / "out" / name).read_bytes() == (
            tmp_path / "two" / "out" / name
        ).read_bytes()


def test_an_exact_repeat_changes_no_other_cluster(extract, tmp_path):
    path, _ = extract
    table = pa.parquet.read_table(path)
    again = table.slice(7, 1).set_column(1, "record_id", pa.array(["zz-again"]))
    other = tmp_path / "with.parquet"
    pa.parquet.write_table(pa.concat_tables([table, again]), other)
    before, after = clusters_of(path, tmp_path / "one"), clusters_of(other, tmp_path / "two")
    row = table.slice(7, 1).to_pylist()[0]
    assert after.pop((row["source"], "zz-again")) == after[row["source"], row["record_id"]]
    assert after == before


def row_of(**other: str) -> dict[str, str]:
    return {
        "source": "police", "record_id": "1", "given_names": "Ann", "family_name": "Ashton",
        "date_of_birth": "2001-02-03", **other,
    }  # fmt: skip


def csv_of(path: Path, *rows: dict[str, str]) -> Path:
    lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_one_row_is_one_person(tmp_path):
    path = csv_of(tmp_path / "one.csv", row_of())
    assert list(clusters_of(path, tmp_path).values()) == ["police/1"]


def test_the_same_row_many_times_is_one_person(tmp_path):
    path = csv_of(tmp_path / "same.csv", *(row_of(record_id=str(n)) for n in range(500)))
    assert set(clusters_of(path, tmp_path).values()) == {"police/0"}


def test_a_crowd_of_one_name_is_not_compared_with_itself(tmp_path):
    rows = [
        row_of(
            record_id=f"{n:05}", date_of_birth=f"{1950 + n % 50}-{1 + n % 12:02}-{1 + n % 28:02}"
        )
        for n in range(3000)
    ]
    path = csv_of(tmp_path / "crowd.csv", *rows)
    figures = run([path], tmp_path / "out", as_at=TODAY)
    assert figures["records in blocks that are too large"] > 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Empty CSV file"),
        (b"source,record_id,given_names,family_name,date_of_birth\n", "no rows"),
        (b"name,born\nAnn,2001\n", "Name the columns as the standard layout does"),
        (b"source,record_id,given_names,family_name,date_of_birth\na,1,\xff\xfe,b,c\n", "UTF-8"),
        (b"source,record_id,given_names,family_name,date_of_birth\na,1\n", "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_used_says_what_to_do_and_writes_nothing(
    content, said, tmp_path, capsys
):
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    assert main([str(path), "--as-at", "2012-06-01", "--out", str(tmp_path / "out")]) == 1
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_what_stands_for_not_known_is_not_known(tmp_path):
    path = csv_of(
        tmp_path / "gaps.csv",
        row_of(given_names="Baby", date_of_birth="1900-01-01"),
        row_of(record_id="2", given_names="", date_of_birth="2031-01-01"),
        row_of(record_id="3", given_names="Unknown", date_of_birth="soon"),
    )
    records = clean(read([path]), TODAY)
    assert set(records.codes["first"]) == {-1}
    assert set(records.codes["birth"]) == {-1}
    with pytest.raises(ExtractRefused, match="at least one file"):
        columns.read([])


def test_an_nhs_number_with_a_wrong_check_digit_is_not_known():
    assert nhs_number("943 476 5919") == "9434765919"
    assert nhs_number("943 476 5918") == ""
    assert nhs_number("0000000000") == ""


def test_a_run_says_what_it_read_and_learned(extract, tmp_path, capsys):
    path, _ = extract
    assert main([str(path), "--as-at", "2012-06-01", "--out", str(tmp_path / "out")]) == 0
    assert "people" in capsys.readouterr().out
    model = json.loads((tmp_path / "out" / "model.json").read_text())
    assert list(model["files"]) == ["county.parquet"]
    assert model["fields"]["given"]["same first name"]["one household"] <= 0.02
    pairs = pa.parquet.read_table(tmp_path / "out" / "pairs.parquet")
    assert {"given_level", "given_against_household", "bits"} <= set(pairs.column_names)
    assert "A person decides" in (tmp_path / "out" / "report.html").read_text()
