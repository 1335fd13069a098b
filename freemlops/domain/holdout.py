"""The rows that were held out, and what a candidate answered on them."""

from __future__ import annotations

from dataclasses import dataclass

PREDICTIONS = "predictions"
"""The key, among the files of a candidate's event, of its answers on the holdout.

An Arrow IPC file with one row for each row of the holdout, always in the same order: `row` (place
in the dataset version's table, from 0), `truth` (code of the class, or value), and `value` or
`share_0`, `share_1`, …: the probability of each class. `classes` in the metadata is the JSON list
of the labels.
"""


@dataclass(frozen=True, slots=True)
class Holdout:
    """`rows` is how many were held out; `classes` the labels by code, empty for numbers."""

    run: str
    dataset: str
    version: int
    rows: int
    classes: tuple[str, ...]
