"""Opening a page must not wait for the training libraries."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("flaml", "sklearn", "lightgbm", "xgboost", "onnx", "skl2onnx", "onnxmltools")


def test_importing_the_pages_loads_no_training_library() -> None:
    code = f"import sys, freemlops.ui.route; print([m for m in {HEAVY!r} if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip().splitlines()[-1] == "[]"


def test_the_state_of_the_pages_needs_no_panel() -> None:
    code = (
        "import sys, freemlops.ui.state.new_run, freemlops.ui.state.run_story, "
        "freemlops.ui.state.calls, freemlops.ui.state.try_form; "
        "print('panel' in sys.modules)"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "False"
