"""An exported graph that can be asked about many rows at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from freemlops.domain.dataset import Column
from freemlops.domain.model import Signature, SignatureColumn
from freemlops.engine.arrays import as_array
from freemlops.engine.explain.feeds import Feed, Floats
from freemlops.engine.feed import column_feed
from freemlops.engine.predict import Predictor
from freemlops.engine.session import run_session
from freemlops.engine.table import InputKind, Table, input_kind, values_of
from freemlops.engine.target import label_text


class Graph(Predictor):
    """Thread-safe, as a `Predictor`."""

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that go into the graph, in the signature's order."""
        return tuple(c.name for c in self.signature.columns if c.name in set(self._inputs))

    def column(self, name: str) -> SignatureColumn:
        return self._columns[name]

    def ask(self, feed: Feed) -> Floats:
        """Probabilities [rows, classes] or values [rows, 1]."""
        made = run_session(self._session, {n: feed[n] for n in self._inputs})
        return np.asarray(made[-1], np.float64).reshape(len(made[-1]), -1)

    def read(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, NDArray[Any]]:
        """Rows as JSON has them. Raises `InvalidError` for each mistake, as `predict` does."""
        columns = {n: [row.get(n) for row in rows] for n in {k for row in rows for k in row}}
        self.predict(columns, len(rows))
        absent: list[Any] = [None] * len(rows)
        return {n: column_feed(self._columns[n], columns.get(n, absent), []) for n in self.names}

    def rows_of(self, table: pa.Table) -> dict[str, NDArray[Any]]:
        """Rows of a dataset version."""
        made = {n: values_of(table.column(n), self._columns[n].type) for n in self.names}
        return Table(made, table.num_rows).feed(self.names)


def plain(column: SignatureColumn, value: Any) -> Any:
    """A value of a feed as JSON has it: None when missing, dates as ISO 8601."""
    kind = input_kind(column.type)
    if kind is InputKind.TEXT:
        return value or None
    if not np.isfinite(value):
        return None
    if kind is InputKind.DATE:
        day = str(np.datetime64(int(value), "s"))
        return day[:10] if column.type.value == "date" else day
    if column.type.value == "boolean":
        return bool(value)
    # the shortest number that is the same in single precision: 0.1 and not 0.10000000149
    short = float(str(np.float32(value)))
    return int(short) if short.is_integer() else short


def truth_of(values: pa.ChunkedArray, signature: Signature, target: Column) -> NDArray[Any]:
    """Class codes (-1 for a label the model does not know, and for none) or values (NaN)."""
    if not signature.classes:
        wide = as_array(values.cast(pa.float64(), safe=False))
        return np.array(wide, np.float64)
    code = {label: at for at, label in enumerate(signature.classes)}
    labels = (_label(v, target) for v in values.to_pylist())
    return np.array([code.get(label, -1) for label in labels], np.int64)


def _label(value: Any, target: Column) -> str:
    if value is None:
        return ""
    return target.words[bool(value)] if target.words is not None else label_text(value)
