"""An answer of an endpoint as its log keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class LoggedAnswer:
    """One row of a request, with what its answer came from.

    `prediction` and `decision` are texts, as the log keeps them. `inputs` is None where rows are
    not kept. `run`, `candidate` and the dataset are None where the version was imported or deleted,
    or its run was.
    """

    request: str
    row: int
    role: str
    model: str
    version: int
    run: str | None
    candidate: str | None
    dataset: str | None
    dataset_name: str | None
    dataset_version: int | None
    answered_at: datetime
    took_ms: float
    prediction: str
    probabilities: Mapping[str, float] | None
    decision: str | None
    warnings: int
    inputs: Mapping[str, Any] | None
