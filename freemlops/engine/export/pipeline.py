"""A candidate as one Python object: what the pickle holds, and what the graph must equal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from freemlops.domain.model import Signature
from freemlops.engine.calibrate import tempered
from freemlops.engine.families.base import outputs
from freemlops.engine.preprocess.preparation import Matrix, Preparation
from freemlops.engine.table import Table, values_of

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Member:
    """One fitted model and its share in the answer."""

    family: str
    weight: float
    model: Any


@dataclass(frozen=True, slots=True)
class TrainedModel:
    """`predict` takes raw columns, as a pandas data frame or a mapping of sequences."""

    signature: Signature
    preparation: Preparation
    members: tuple[Member, ...]
    temperature: float = 1.0
    """See `calibrate`; 1 leaves the probabilities as the members give them."""

    def predict(self, columns: pd.DataFrame | Mapping[str, Sequence[Any]]) -> NDArray[Any]:
        """Class labels, or values."""
        made = self.outputs(self._table(columns))
        if not self.signature.classes:
            return made[:, 0]
        return self.labels(made)

    def labels(self, probabilities: NDArray[np.float64]) -> NDArray[Any]:
        """The likeliest class of each row."""
        return np.array(self.signature.classes, dtype=object)[probabilities.argmax(axis=1)]

    def predict_proba(
        self, columns: pd.DataFrame | Mapping[str, Sequence[Any]]
    ) -> NDArray[np.float64]:
        """[rows, classes] in the order of `signature.classes`."""
        return self.outputs(self._table(columns))

    def outputs(self, table: Table) -> NDArray[np.float64]:
        """Probabilities [rows, classes] or values [rows, 1] of a table of raw columns."""
        return self.matrix_outputs(self.preparation.transform(table))

    def matrix_outputs(self, matrix: Matrix) -> NDArray[np.float64]:
        classes = len(self.signature.classes)
        parts = [m.weight * outputs(m.model, matrix, classes) for m in self.members]
        made = np.asarray(np.sum(parts, axis=0))
        return tempered(made, self.temperature) if classes else made

    def _table(self, columns: pd.DataFrame | Mapping[str, Sequence[Any]]) -> Table:
        made = {}
        rows = 0
        for column in self.preparation.inputs:
            # pandas gives a series, which Arrow reads with NaN as missing.
            values = pa.chunked_array([pa.array(columns[column.name], from_pandas=True)])
            if pa.types.is_null(values.type):
                values = values.cast(pa.float64())
            made[column.name] = values_of(values, column.type)
            rows = len(values)
        return Table(made, rows)
