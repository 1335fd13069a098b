"""The shape of the house."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
FILES = sorted((ROOT / "freemlops").rglob("*.py"))
LONG_FILES: dict[str, str] = {}
LONG_FUNCTIONS: dict[str, str] = {}
LEARNING = ("flaml", "sklearn", "lightgbm", "xgboost", "onnx", "skl2onnx", "onnxmltools")
FORBIDDEN = {"utils.py", "helpers.py", "common_utils.py"}


def test_files_are_short_or_say_why() -> None:
    long = {str(p.relative_to(ROOT)) for p in FILES if len(p.read_text("utf-8").splitlines()) > 300}
    assert long == set(LONG_FILES)


def test_functions_are_short_or_say_why() -> None:
    long = {
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= 50
    }
    assert long == set(LONG_FUNCTIONS)


def test_files_are_named_by_their_noun() -> None:
    assert not [p for p in FILES if p.name in FORBIDDEN]


def test_dashboards_are_routes() -> None:
    for path in (ROOT / "dashboards").glob("*.py"):
        assert len(path.read_text("utf-8").splitlines()) <= 15, path.name


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("freemlops.ui.route", (*LEARNING, "pandas", "scipy")),
        ("freemlops.cli", (*LEARNING, "panel", "polars")),
        ("freemlops.warehouse.lab.worker", (*LEARNING, "panel", "polars", "structlog")),
        ("freemlops.ui.state.new_run", ("panel",)),
        ("freemlops.ui.state.run_story", ("panel",)),
        ("freemlops.ui.state.calls", ("panel",)),
        ("freemlops.ui.state.try_form", ("panel",)),
    ],
)
def test_what_people_wait_for_loads_nothing_heavy(module: str, heavy: tuple[str, ...]) -> None:
    """A page, a command, the process of a query."""
    code = f"import sys, {module}; print([m for m in {heavy!r} if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip().splitlines()[-1] == "[]"
