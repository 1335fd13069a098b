"""Opens exported graphs, quietly and on one thread."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import onnxruntime as rt
from numpy.typing import NDArray

rt.set_default_logger_severity(4)
MOST_AT_ONCE = 2_048
"""Rows: with long texts in them about 70 MB for each such column."""


def open_session(graph: bytes) -> rt.InferenceSession:
    """One intra-op thread: rows come one at a time, and the server has other work."""
    options = rt.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return rt.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def run_session(
    session: rt.InferenceSession, feed: Mapping[str, NDArray[Any]]
) -> list[NDArray[Any]]:
    """Outputs in the order of the graph: label and probabilities, or prediction.

    Many rows are asked in parts, as a graph that cuts texts holds all their pieces at once.
    """
    rows = len(next(iter(feed.values()), ()))
    if rows <= MOST_AT_ONCE:
        return list(session.run(None, dict(feed)))
    parts = [
        session.run(None, {n: v[first : first + MOST_AT_ONCE] for n, v in feed.items()})
        for first in range(0, rows, MOST_AT_ONCE)
    ]
    return [np.concatenate(made) for made in zip(*parts, strict=True)]
