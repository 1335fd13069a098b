"""Arrow's columns as arrays of numpy."""

from __future__ import annotations

from typing import Any

import polars as pl
import pyarrow as pa
from numpy.typing import NDArray


def as_array(values: pa.Array | pa.ChunkedArray) -> NDArray[Any]:
    """One column, NaN for what is missing among numbers; possibly a view that is not to be written.

    Not by pyarrow's `to_numpy`: that loads pandas, which takes seconds, and DuckDB, which looks
    for frames of pandas among its arguments, lets nothing be written until it is loaded.
    """
    made: NDArray[Any] = pl.Series(values).to_numpy()
    return made
