"""The graph as a BentoML service; run in a venv that has BentoML."""

import json
import os
from datetime import UTC, datetime

import bentoml
import numpy as np
import onnxruntime as rt


@bentoml.service(workers=1)
class Bench:
    def __init__(self):
        options = rt.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = rt.InferenceSession(os.environ["FLOOR_MODEL"], options)
        with open(os.environ["FLOOR_SIGNATURE"]) as file:
            columns = json.load(file)["columns"]
        self.kinds = {c["name"]: c["type"] for c in columns}

    @bentoml.api
    def predict(self, rows: list[dict]) -> list[dict]:
        def seconds(text):
            if text is None:
                return float("nan")
            return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()

        feed = {}
        for name, kind in self.kinds.items():
            values = [row[name] for row in rows]
            if kind in ("date", "datetime"):
                feed[name] = np.array([[seconds(v)] for v in values], np.float64)
            elif kind == "text":
                feed[name] = np.array([[v or ""] for v in values], object)
            else:
                feed[name] = np.array([[v] for v in values], np.float32)
        labels, chances = self.session.run(None, feed)
        return [
            {"prediction": label, "probabilities": row}
            for label, row in zip(labels.tolist(), chances.tolist(), strict=True)
        ]
