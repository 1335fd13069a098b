"""Writes what a candidate answered on the holdout into a file for the warehouse."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from freemlops.domain.holdout import PREDICTIONS
from freemlops.engine.export.files import described
from freemlops.engine.workspace import Workspace

BATCH_ROWS = 65_536


def write_predictions(
    work: Workspace, name: str, made: NDArray[np.float64]
) -> dict[str, dict[str, Any]]:
    """The file of `made` (probabilities [rows, classes] or values [rows, 1]), as an artifact.

    Probabilities are stored in single precision, values in double.
    """
    path = work.job.workdir / f"{name}.predictions.arrow"
    rows = work.target.rows[work.cut.holdout]
    columns = {"row": pa.array(rows, pa.int64()), "truth": pa.array(work.y_holdout, pa.float64())}
    if work.target.class_count:
        for i in range(work.target.class_count):
            columns[f"share_{i}"] = pa.array(made[:, i].astype(np.float32))
    else:
        columns["value"] = pa.array(made[:, 0].astype(np.float64))
    table = pa.table(columns, metadata={"classes": json.dumps(work.target.classes)})
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as file:
        file.write_table(table, max_chunksize=BATCH_ROWS)
    return {PREDICTIONS: described(path)}
