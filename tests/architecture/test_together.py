"""Whatever is tested alone is tested when everything is."""

from pathlib import Path

from tests.together import WHOLE_PRODUCT, Runs


def test_no_test_is_left_out_or_run_twice_when_everything_is_run(tmp_path):
    portions = [*WHOLE_PRODUCT.values(), *Runs(tmp_path).waiting]
    named = [Path(name) for portion in portions for name in portion]
    run = [
        file
        for path in named
        for file in (path.rglob("test_*.py") if path.is_dir() else [path])
        if "sample" not in file.parts
    ]

    everything = {path for path in Path("tests").rglob("test_*.py") if "sample" not in path.parts}
    assert sorted(run) == sorted(everything)
