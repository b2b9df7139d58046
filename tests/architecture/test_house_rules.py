"""The rules of the house that a reader can rely on, kept by machine. See docs/architecture.md."""

import ast
import inspect
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "kith"
WRITES = {"save", "create", "bulk_create", "get_or_create", "update_or_create", "bulk_update"}
WRITES_OF_A_QUERY = {"update", "delete", "aupdate", "adelete"}
CONFIDENTIAL = [
    *("families", "referrals", "casework", "supports", "field", "casestudies", "returns")
]
# The demonstration county is made in bulk, in seconds; nothing of it runs on a real county.
MAY_WRITE = {"actions", "migrations", "demo"}
TRANSLATORS = {"views", "api", "commands", "urls", "forms"}


@lru_cache(maxsize=1)
def sources() -> list[tuple[Path, ast.Module]]:
    return [(path, ast.parse(path.read_text())) for path in sorted(SRC.rglob("*.py"))]


def place(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(SRC)}:{getattr(node, 'lineno', '?')}"


def names_on(path: Path) -> set[str]:
    """The folders a file lies in, and its own name."""
    return {*path.relative_to(SRC).parts[:-1], path.stem}


def asks_the_database(node: ast.expr) -> bool:
    """Say whether an expression hangs on `.objects` or a queryset method."""
    return any(
        isinstance(inner, ast.Attribute) and inner.attr in {"objects", "filter", "exclude", "all"}
        for inner in ast.walk(node)
    )


def test_only_actions_write_to_the_database():
    strays = [
        f"{place(path, node)} calls .{node.func.attr}()"
        for path, tree in sources()
        if not names_on(path) & MAY_WRITE
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (
            node.func.attr in WRITES
            or (node.func.attr in WRITES_OF_A_QUERY and asks_the_database(node.func.value))
        )
    ]
    assert strays == []


def for_types_only(tree: ast.Module) -> set[ast.AST]:
    """Return what stands below `if TYPE_CHECKING:`."""
    return {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }


def test_views_and_interfaces_and_commands_import_no_models():
    strays = []
    for path, tree in sources():
        if not names_on(path) & TRANSLATORS or "forms" in names_on(path):
            continue
        skip = for_types_only(tree)
        for node in ast.walk(tree):
            if node in skip:
                continue
            imported = []
            if isinstance(node, ast.ImportFrom):
                imported = [node.module or "", *(f"{node.module}.{n.name}" for n in node.names)]
            elif isinstance(node, ast.Import):
                imported = [name.name for name in node.names]
            if any(n.startswith("kith.") and n.split(".")[-1] == "models" for n in imported):
                strays.append(f"{place(path, node)} {ast.unparse(node)}")
    assert strays == [], "Ask a query or an action instead; for annotations use TYPE_CHECKING"


def test_addresses_import_only_their_own_views():
    strays = [
        f"{place(path, node)} {ast.unparse(node)}"
        for path, tree in sources()
        if path.name == "urls.py" and path.parent != SRC
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("kith.")
        and not (node.module or "").startswith(f"kith.{path.parent.name}")
    ]
    assert strays == []


@pytest.mark.parametrize("module", CONFIDENTIAL)
def test_every_confidential_query_asks_who_is_looking(module):
    queries = import_module(f"kith.{module}.queries")
    for name, function in inspect.getmembers(queries, inspect.isfunction):
        if function.__module__ == queries.__name__ and not name.startswith("_"):
            assert next(iter(inspect.signature(function).parameters), None) == "viewer", name


def all_actions() -> Iterator[tuple[str, ast.FunctionDef]]:
    for path, tree in sources():
        if "actions" not in names_on(path):
            continue
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                yield place(path, node), node


def test_an_action_is_told_who_and_when_by_name():
    """`accept(*, referral, by, at)`: nobody mixes up arguments, and the clock is read at the edge."""
    strays = [
        f"{where} {node.name}"
        for where, node in all_actions()
        if "by" in {argument.arg for argument in [*node.args.args, *node.args.kwonlyargs]}
        and not {"by", "at"} <= {argument.arg for argument in node.args.kwonlyargs}
    ]
    assert strays == []


def test_the_clock_is_read_at_the_edge():
    """Actions, queries and sums are told the time. Views, commands, tasks and middleware may ask."""
    strays = [
        place(path, node)
        for path, tree in sources()
        if names_on(path) & {"actions", "counts", "analytics"}
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and not node.args
        and ast.unparse(node.func)
        in {"timezone.now", "datetime.now", "date.today", "timezone.localdate", "localdate"}
    ]
    assert strays == []


def test_every_room_says_what_belongs_in_it():
    rooms = [path for path in SRC.iterdir() if (path / "__init__.py").exists()]
    silent = [room.name for room in rooms if not (room / "README.md").exists()]
    wordy = [
        room.name
        for room in rooms
        # The README of `ui` shows each of its components.
        if room.name != "ui"
        and (room / "README.md").exists()
        and len((room / "README.md").read_text().splitlines()) > 20
    ]
    assert (silent, wordy) == ([], [])


def test_nothing_is_left_to_do_later():
    marks = [
        f"{path.relative_to(SRC)}"
        for path in SRC.rglob("*")
        if path.suffix in {".py", ".html", ".js"}
        and "static" not in path.parts
        and any(mark in path.read_text() for mark in ("TO" + "DO", "FIX" + "ME", "XX" + "X"))
    ]
    assert marks == []


def test_templates_carry_no_scripts_or_styles_of_their_own():
    """The content security policy would refuse them."""
    strays = [
        f"{path.relative_to(SRC)}: {mark}"
        for path in SRC.rglob("*.html")
        for mark in ("style=", "onclick=", "onchange=", "onsubmit=", "javascript:", "<style")
        if mark in path.read_text()
    ]
    strays += [
        f"{path.relative_to(SRC)}: a script without src"
        for path in SRC.rglob("*.html")
        for line in path.read_text().splitlines()
        if "<script" in line and "src=" not in line and "application/json" not in line
    ]
    assert strays == []


def test_imports_point_down():
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [str(program), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_module_can_be_found():
    """A module that nothing imports still has to import."""
    rooms = [path.name for path in SRC.iterdir() if (path / "__init__.py").exists()]
    assert all(find_spec(f"kith.{room}") for room in rooms)
