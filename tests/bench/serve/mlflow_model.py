"""Saves the graph as an MLflow model; run in a venv that has MLflow."""

import json
import sys

import mlflow
import numpy as np
import onnxruntime as rt
import pandas as pd

graph, signature, out = sys.argv[1:4]


class Pipeline(mlflow.pyfunc.PythonModel):
    """What people write around an ONNX pipeline whose columns are of several types."""

    def load_context(self, context):
        options = rt.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = rt.InferenceSession(context.artifacts["graph"], options)
        with open(context.artifacts["signature"]) as file:
            self.kinds = {c["name"]: c["type"] for c in json.load(file)["columns"]}

    def predict(self, context, model_input, params=None):
        feed = {}
        for name, kind in self.kinds.items():
            column = model_input[name]
            if kind in ("date", "datetime"):
                since = pd.to_datetime(column, utc=True, format="ISO8601")
                made = (since - pd.Timestamp(0, tz="UTC")).dt.total_seconds()
                feed[name] = made.to_numpy(np.float64).reshape(-1, 1)
            elif kind == "text":
                feed[name] = column.fillna("").to_numpy(object).reshape(-1, 1)
            else:
                feed[name] = column.astype(float).to_numpy(np.float32).reshape(-1, 1)
        labels, chances = self.session.run(None, feed)
        return pd.DataFrame({"prediction": labels, "p0": chances[:, 0], "p1": chances[:, 1]})


mlflow.pyfunc.save_model(
    out,
    python_model=Pipeline(),
    artifacts={"graph": graph, "signature": signature},
    pip_requirements=["onnxruntime"],
)
