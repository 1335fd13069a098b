"""Opens exported graphs, quietly and on one thread."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import onnxruntime as rt
from numpy.typing import NDArray

rt.set_default_logger_severity(4)


def open_session(graph: bytes) -> rt.InferenceSession:
    """One intra-op thread: rows come one at a time, and the server has other work."""
    options = rt.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return rt.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def run_session(
    session: rt.InferenceSession, feed: Mapping[str, NDArray[Any]]
) -> list[NDArray[Any]]:
    """Outputs in the order of the graph: label and probabilities, or prediction."""
    return list(session.run(None, dict(feed)))
