from __future__ import annotations

import subprocess
import sys


def test_a_replica_loads_neither_warehouse_nor_training_libraries() -> None:
    heavy = (
        "duckdb", "polars", "pyarrow", "pandas", "flaml", "sklearn", "scipy", "lightgbm",
        "xgboost", "onnx", "skl2onnx", "panel", "litestar",
    )  # fmt: skip
    code = f"import sys, freemlops.serving; print([m for m in {heavy!r} if m in sys.modules])"
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert made.stdout.strip() == "[]"
