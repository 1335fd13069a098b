"""The floor: what uvicorn and onnxruntime alone can do. It checks nothing, warns of nothing and
logs nothing: `FLOOR_MODEL=m.onnx FLOOR_SIGNATURE=s.json uvicorn tests.bench.serve.floor:app`."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import onnxruntime as rt

options = rt.SessionOptions()
options.intra_op_num_threads = 1
session = rt.InferenceSession(os.environ["FLOOR_MODEL"], options)
signature = msgspec.json.decode(Path(os.environ["FLOOR_SIGNATURE"]).read_bytes())
KINDS = {c["name"]: c["type"] for c in signature["columns"]}
CLASSES = signature["classes"]


def seconds(text: str | None) -> float:
    if text is None:
        return float("nan")
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def array(name: str, kind: str, rows: list[dict[str, Any]]) -> Any:
    if kind in ("date", "datetime"):
        return np.array([[seconds(row[name])] for row in rows], np.float64)
    if kind == "text":
        return np.array([[row[name] or ""] for row in rows], object)
    return np.array([[row[name]] for row in rows], np.float32)


async def app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        return
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    rows = msgspec.json.decode(body)["rows"]
    labels, chances = session.run(None, {n: array(n, k, rows) for n, k in KINDS.items()})
    answer = [
        {"prediction": label, "probabilities": dict(zip(CLASSES, row, strict=True))}
        for label, row in zip(labels.tolist(), chances.tolist(), strict=True)
    ]
    content = msgspec.json.encode({"predictions": answer})
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(content)),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": content})
