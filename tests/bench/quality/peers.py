"""Raw FLAML and AutoGluon, each as its own documentation starts; run in their own environment.

`python peers.py PEER FOLDER TARGET TASK SECONDS SEED OUT`: FOLDER has train.csv and test.csv;
OUT becomes a CSV of the test rows' predictions (a column a class, or `value`), with the seconds
from the start of the training to the model on its first line as a comment.
"""

from __future__ import annotations

import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

warnings.filterwarnings("ignore")
THREADS = 2


def flaml(train, test, target, task, seconds, seed, folder):
    from flaml import AutoML

    x, y = train.drop(columns=[target]), train[target]
    for frame in (x, test):
        for name in frame.columns[[not pd.api.types.is_numeric_dtype(t) for t in frame.dtypes]]:
            frame[name] = frame[name].astype("category")
    tuner = AutoML()
    begun = time.monotonic()
    tuner.fit(
        x, y, task="regression" if task == "regression" else "classification",
        metric="rmse" if task == "regression" else "log_loss",
        time_budget=seconds, n_jobs=THREADS, seed=seed, verbose=0,
    )  # fmt: skip
    used = time.monotonic() - begun
    if task == "regression":
        return used, pd.DataFrame({"value": tuner.predict(test)})
    return used, pd.DataFrame(tuner.predict_proba(test), columns=list(tuner.classes_))


def autogluon(train, test, target, task, seconds, seed, folder):
    from autogluon.tabular import TabularPredictor

    begun = time.monotonic()
    made = TabularPredictor(
        label=target,
        problem_type=task,
        eval_metric="rmse" if task == "regression" else "log_loss",
        path=str(folder / f"ag-{seed}"),
        verbosity=0,
    ).fit(train, time_limit=seconds, num_cpus=THREADS, num_gpus=0)
    used = time.monotonic() - begun
    if task == "regression":
        return used, pd.DataFrame({"value": made.predict(test).to_numpy()})
    return used, made.predict_proba(test).reset_index(drop=True)


def main() -> None:
    peer, folder, target, task, seconds, seed, out = sys.argv[1:]
    train = pd.read_csv(Path(folder) / "train.csv")
    test = pd.read_csv(Path(folder) / "test.csv").drop(columns=[target])
    np.random.seed(int(seed))
    run = {"flaml": flaml, "autogluon": autogluon}[peer]
    used, made = run(train, test, target, task, float(seconds), int(seed), Path(out).parent)
    with Path(out).open("w", newline="") as file:
        file.write(f"#{used:.3f}\n")
        made.to_csv(file, index=False)


if __name__ == "__main__":
    main()
