"""Writes a candidate's files, each named by its content."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import joblib

from freemlops.engine.export.graph import build_graph
from freemlops.engine.export.parity import Parity, check_parity, one_row_ms
from freemlops.engine.export.pipeline import TrainedModel
from freemlops.engine.session import open_session
from freemlops.engine.table import Table


@dataclass(frozen=True, slots=True)
class Exported:
    """What the board and the service need to know of the files."""

    artifacts: dict[str, dict[str, Any]]
    parity: Parity
    size_bytes: int
    latency_ms: float


def export(model: TrainedModel, folder: Path, name: str, holdout: Table, seed: int) -> Exported:
    """Write `name`.onnx and `name`.pickle. Raises `ExportError` unless both answer alike."""
    graph = build_graph(model).SerializeToString()
    session = open_session(graph)
    parity = check_parity(model, session, holdout, seed)
    latency = one_row_ms(session, holdout, [i.name for i in model.preparation.inputs])
    onnx, pickle = folder / f"{name}.onnx", folder / f"{name}.pickle"
    onnx.write_bytes(graph)
    joblib.dump(model, pickle, compress=1)
    return Exported(
        {"onnx": described(onnx), "pickle": described(pickle)}, parity, len(graph), latency
    )


def described(path: Path) -> dict[str, Any]:
    """Where a file is, what it weighs, and its name by content."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"path": str(path), "sha256": digest, "size": path.stat().st_size}
