"""Requests a second and latency of predictions, beside the floor and the usual servers.

`just bench serving [--seconds 5] [--only ours floor mlflow bentoml] [--peers VENV]`

One LightGBM pipeline of 20 mixed columns is trained through the API and served by each contender
in one worker: by this product with validation, warnings and the prediction log on; by the floor,
a bare uvicorn app over onnxruntime that checks nothing; by `mlflow models serve` (the same graph
behind a pyfunc) and by BentoML when the venv VENV has them (mlflow, 'protobuf<6', bentoml,
onnxruntime, pandas). wrk sends 50 different bodies in turn from one thread. Rounds are
interleaved, the median of each cell is shown.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.bench.serve import peers as peers_of
from tests.bench.serve.table import bodies, training_csv
from tests.conftest import LiveServer, wait_for

ROOT = Path(__file__).parent.parent.parent
CONTENDERS = ("ours", "floor", "mlflow", "bentoml")


@dataclass(frozen=True, slots=True)
class Contender:
    name: str
    url: str
    one: str
    """The Lua script of single rows."""
    many: str


@dataclass(frozen=True, slots=True)
class Measured:
    per_second: float
    p50_ms: float
    p99_ms: float
    bad: int


def deployed(client: httpx.Client) -> tuple[str, bytes, dict[str, Any]]:
    """The endpoint's path, its graph and its signature."""
    data = client.put("/api/v1/datasets", params={"name": "bench"}, content=training_csv()).json()
    body = {
        "dataset": data["dataset"],
        "target": "left",
        "budget_s": 90,
        "max_trials": 8,
        "seed": 1,
    }
    run = client.post("/api/v1/runs", json=body).json()["run"]

    def over() -> Any:
        got = client.get(f"/api/v1/runs/{run}").json()
        return got if got["status"] not in ("queued", "running") else None

    made: Any = wait_for(over, timeout=300, step=1)
    board = made["leaderboard"]
    chosen = next(c["candidate"] for c in board if c["family"] == "lightgbm")
    client.post("/api/v1/models", json={"run": run, "candidate": chosen, "name": "bench"})
    endpoint = client.post("/api/v1/deployments", json={"model": "bench"}).json()["endpoint"]
    graph = client.get("/api/v1/models/bench/versions/1/artifact").content
    known = client.get("/api/v1/models/bench/versions/1").json()
    answer = client.post(endpoint, content=bodies(1)[0]).json()["predictions"][0]
    classes = list(answer["probabilities"])
    return endpoint, graph, {"columns": known["columns"], "classes": classes}


def free_port() -> int:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])


@contextmanager
def started(command: list[str], url: str, **env: str) -> Iterator[None]:
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **env},
        cwd=ROOT,
        start_new_session=True,
    )

    def listens() -> bool:
        try:
            return httpx.get(url, timeout=2, trust_env=False).status_code > 0
        except httpx.HTTPError:
            return False

    try:
        wait_for(listens, timeout=90, step=0.3)
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wrk(url: str, script: str, connections: int, seconds: int) -> Measured:
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", script, url]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))  # type: ignore[union-attr]
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
    errors = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", out)
    lost = sum(map(int, errors.groups())) if errors else 0
    return Measured(rate, _ms(out, "50%"), _ms(out, "99%"), lost + int(bad.group(1) if bad else 0))


def _ms(out: str, quantile: str) -> float:
    found = re.search(rf"{re.escape(quantile)}\s+([\d.]+)(us|ms|s)", out)
    scale = {"us": 1e-3, "ms": 1.0, "s": 1e3}
    return float(found.group(1)) * scale[found.group(2)] if found else float("nan")


def contenders(
    stack: ExitStack, only: list[str], peers: Path | None, folder: Path
) -> list[Contender]:
    server = LiveServer(folder / "home", env={"FREEMLOPS_HOME": ""})
    stack.callback(server.kill)
    with server.client() as client:
        endpoint, graph, signature = deployed(client)
    (folder / "m.onnx").write_bytes(graph)
    (folder / "s.json").write_text(json.dumps(signature))
    one, many = bodies(1), bodies(100)
    scripts = peers_of.scripts(folder, "rows", one, many)
    made = [Contender("ours", server.url + endpoint, *scripts)]
    files = {"FLOOR_MODEL": str(folder / "m.onnx"), "FLOOR_SIGNATURE": str(folder / "s.json")}
    if "floor" in only:
        port = free_port()
        app = [sys.executable, "-m", "uvicorn", "tests.bench.serve.floor:app"]
        app += ["--port", str(port), "--log-level", "error", "--no-access-log"]
        url = f"http://127.0.0.1:{port}/"
        stack.enter_context(started(app, f"http://127.0.0.1:{port}/nothing", **files))
        made.append(Contender("floor", url, *scripts))
    if peers is not None:
        for name, prepare in (("mlflow", peers_of.mlflow), ("bentoml", peers_of.bentoml)):
            if name in only:
                command, ready, url, own = prepare(peers, folder, free_port(), (one, many))
                path = f"{peers / 'bin'}:{os.environ['PATH']}"
                stack.enter_context(started(command, ready, PATH=path, **files))
                made.append(Contender(name, url, *own))
    return [c for c in made if c.name in only]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="+", default=list(CONTENDERS), choices=CONTENDERS)
    parser.add_argument("--peers", type=Path)
    given = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("This needs wrk: apt-get install wrk")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        made = contenders(stack, given.only, given.peers, folder)
        measure(made, given.rounds, given.seconds)


def measure(made: list[Contender], rounds: int, seconds: int) -> None:
    print("rows  conc. " + "".join(f"{c.name:>28}" for c in made) + "   ours/floor")
    for rows in (1, 100):
        for connections in (1, 8, 32):
            found: dict[str, list[Measured]] = {c.name: [] for c in made}
            for _ in range(rounds):
                for c in made:
                    script = c.one if rows == 1 else c.many
                    found[c.name].append(wrk(c.url, script, connections, seconds))
                    time.sleep(0.3)
            line = f"{rows:>4} {connections:>6} "
            rates = {}
            for name, all_of in found.items():
                rates[name] = statistics.median(m.per_second for m in all_of)
                p50 = statistics.median(m.p50_ms for m in all_of)
                p99 = statistics.median(m.p99_ms for m in all_of)
                bad = sum(m.bad for m in all_of)
                cell = f"{rates[name]:,.0f}/s {p50:.2f}/{p99:.1f}" + (f" BAD {bad}" if bad else "")
                line += f"{cell:>28}"
            if {"ours", "floor"} <= rates.keys():
                line += f"   {rates['ours'] / rates['floor']:.2f}"
            print(line, flush=True)


if __name__ == "__main__":
    main()
