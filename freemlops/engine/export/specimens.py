"""A few rows with the Python model's own answers: proof that a model answers alike elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np

from freemlops.domain.dataset import ColumnType
from freemlops.domain.model import SignatureColumn
from freemlops.engine.export.parity import odd_rows
from freemlops.engine.export.pipeline import TrainedModel
from freemlops.engine.table import InputKind, Table, Text, Values, input_kind

COMMON, ODD = 15, 5
FIRST, LAST = -62135596800, 253402300799
"""The years 1 to 9999, in seconds since 1970: what a date as text can say."""


def specimens(model: TrainedModel, holdout: Table, seed: int) -> dict[str, Any]:
    """`columns` as a request has them, `outputs` [rows, classes] or [rows, 1].

    From the holdout, and a few with values missing or never seen.
    """
    random = np.random.default_rng(seed)
    count = min(COMMON, holdout.rows)
    picked = holdout.take(np.sort(random.choice(holdout.rows, count, replace=False)))
    odd = odd_rows(picked, seed).take(np.arange(ODD))
    columns: dict[str, list[Any]] = {c.name: [] for c in model.signature.columns}
    outputs: list[Any] = []
    for part in (picked, odd):
        kept = {c.name: _sayable(part.columns[c.name], c) for c in model.signature.columns}
        for column in model.signature.columns:
            columns[column.name] += _said(kept[column.name], column)
        outputs += model.outputs(Table(kept, part.rows)).tolist()
    return {"columns": columns, "outputs": outputs}


def _sayable(values: Values, column: SignatureColumn) -> Values:
    """Without values that JSON or a calendar has no word for: those are missing."""
    if isinstance(values, Text):
        return values
    kept = np.isfinite(values)
    if input_kind(column.type) is InputKind.DATE:
        kept &= (values >= FIRST) & (values <= LAST)
    if column.type is ColumnType.BOOLEAN:
        kept &= (values == 0) | (values == 1)
    if column.type is ColumnType.INTEGER:
        kept &= values == np.floor(values)
    made: Any = np.where(kept, values, np.nan).astype(values.dtype)
    return made


def _said(values: Values, column: SignatureColumn) -> list[Any]:
    if isinstance(values, Text):
        return [text or None for text in values.strings()]
    return [None if np.isnan(v) else _word(v, column.type) for v in values]


def _word(value: Any, type: ColumnType) -> Any:
    if input_kind(type) is InputKind.DATE:
        return datetime.fromtimestamp(float(value), UTC).replace(tzinfo=None).isoformat()
    if type is ColumnType.BOOLEAN:
        return bool(value)
    # The shortest number that single precision reads as this one.
    short = float(str(value))
    return int(short) if type is ColumnType.INTEGER else short
