"""What one candidate answered on the holdout, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from freemlops.domain.run import Task
from freemlops.domain.words import Message, say
from freemlops.engine.arrays import as_array

type Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Answers:
    """`rows` are places in the dataset version; `y` class codes (int64) or values; `made` is
    probabilities [rows, classes] or values [rows, 1]. All in the order of the holdout."""

    task: Task
    rows: NDArray[np.int64]
    y: NDArray[Any]
    made: Floats
    classes: tuple[str, ...]

    @property
    def count(self) -> int:
        return len(self.rows)

    @property
    def size_bytes(self) -> int:
        return int(self.rows.nbytes + self.y.nbytes + self.made.nbytes)

    @cached_property
    def trouble(self) -> Message | None:
        """Why nothing can be measured at all; None when something can."""
        if not self.count:
            return say("No rows were held out, so nothing can be measured.")
        bad = int((~np.isfinite(self.made)).any(axis=1).sum())
        if bad:
            return say(
                "The model gave no number in {bad} of {rows} rows, so nothing can be measured.",
                bad=bad,
                rows=self.count,
            )
        if not self.task.is_classification:
            endless = int((~np.isfinite(self.y)).sum())
            if endless:
                return say(
                    "The truth is missing or infinite in {bad} of {rows} rows, so nothing can be "
                    "measured.",
                    bad=endless,
                    rows=self.count,
                )
            with np.errstate(over="ignore"):
                lost = int((~np.isfinite(self.wrong)).sum())
            if lost:
                return say(
                    "The model misses by more than a number can hold in {bad} of {rows} rows, so "
                    "nothing can be measured.",
                    bad=lost,
                    rows=self.count,
                )
        return None

    @property
    def wrong(self) -> Floats:
        """How wrong each row is: 0 or 1, or the distance."""
        if self.task.is_classification:
            return (self.made.argmax(axis=1) != self.y).astype(np.float64)
        return np.abs(self.made[:, 0] - self.y)

    def take(self, places: NDArray[Any]) -> Answers:
        return Answers(
            self.task, self.rows[places], self.y[places], self.made[places], self.classes
        )


def answers_of(table: pa.Table, task: Task, classes: tuple[str, ...]) -> Answers:
    """Out of the columns `row`, `truth`, `value` and `shares` of the warehouse."""
    rows = as_array(table["row"]).astype(np.int64)
    truth = as_array(table["truth"].cast(pa.float64())).astype(np.float64)
    if not task.is_classification:
        made = as_array(table["value"].cast(pa.float64()))
        return Answers(task, rows, truth, np.array(made, np.float64).reshape(-1, 1), classes)
    shares = table["shares"].combine_chunks()
    flat = as_array(shares.flatten()).astype(np.float64)
    return Answers(task, rows, truth.astype(np.int64), flat.reshape(len(rows), -1), classes)
