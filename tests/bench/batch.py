"""A large file scored by an endpoint, beside the floor: `just bench batch [--rows 1000000]`.

The file goes through the batch call of a running server and comes back as a CSV. The floor does
the same without a server: polars reads, one ONNX Runtime session answers in slices, polars writes;
nothing is checked, warned of or kept apart. Both must answer alike.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import onnxruntime as rt
import polars as pl
import psutil

from tests.bench.serve.table import row
from tests.bench.serving import deployed
from tests.conftest import LiveServer

BLOCK = 10_000
"""Rows that are made; larger files repeat them."""
SLICE = 10_000
LOOK_S = 0.05


def write_rows(path: Path, rows: int) -> None:
    pick = random.Random(23)
    made = [row(pick) for _ in range(min(rows, BLOCK))]
    text = io.BytesIO()
    pl.DataFrame(made, infer_schema_length=None).write_csv(text)
    head, _, body = text.getvalue().partition(b"\n")
    lines = body.splitlines(keepends=True)
    with path.open("wb") as out:
        out.write(head + b"\n")
        for start in range(0, rows, len(lines)):
            out.writelines(lines[: rows - start])


class Watched:
    """Resident megabytes of a process and its children: `before`, and at most while watched."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self._over = threading.Event()
        self.before = self.peak = self._now()
        self._thread = threading.Thread(target=self._watch)

    def _now(self) -> float:
        found = 0
        for one in (self._process, *self._process.children(recursive=True)):
            try:
                found += one.memory_info().rss
            except psutil.NoSuchProcess:
                continue
        return found / 1024**2

    def _watch(self) -> None:
        while not self._over.wait(LOOK_S):
            self.peak = max(self.peak, self._now())

    def __enter__(self) -> Watched:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()


def by_server(client: httpx.Client, endpoint: str, source: Path, out: Path) -> float:
    """Seconds from the first byte sent to the last one written."""
    begun = time.perf_counter()
    url = endpoint.replace("/predict", "/batch")
    with (
        source.open("rb") as file,
        client.stream("POST", url, params={"wait": "true"}, content=file, timeout=None) as answer,
        out.open("wb") as written,
    ):
        if answer.status_code != 200:
            raise SystemExit(answer.read().decode())
        for piece in answer.iter_bytes():
            written.write(piece)
    return time.perf_counter() - begun


def by_floor(model: bytes, signature: dict[str, Any], source: Path, out: Path) -> float:
    options = rt.SessionOptions()
    options.intra_op_num_threads = 1  # as the server's
    session = rt.InferenceSession(model, options)
    types = {i.name: i.type for i in session.get_inputs()}
    begun = time.perf_counter()
    frame = pl.read_csv(source)
    labels, chances = [], []
    for part in frame.iter_slices(SLICE):
        feed = {c["name"]: _input(part, c, types) for c in signature["columns"]}
        one, other = session.run(None, feed)
        labels.append(np.asarray(one).ravel())
        chances.append(other)
    shares = np.concatenate(chances)
    names = [f"probability_{name}" for name in signature["classes"]]
    frame.with_columns(
        pl.Series("prediction", np.concatenate(labels).tolist()),
        *(pl.Series(name, shares[:, at]) for at, name in enumerate(names)),
    ).write_csv(out)
    return time.perf_counter() - begun


def _input(part: pl.DataFrame, column: dict[str, Any], types: dict[str, str]) -> Any:
    values, name = part[column["name"]], column["name"]
    if column["type"] in ("date", "datetime"):
        text = values if column["type"] == "date" else values + ":00"
        shape = "%Y-%m-%d" if column["type"] == "date" else "%Y-%m-%dT%H:%M"
        made = text.str.to_datetime(shape).dt.epoch("s").cast(pl.Float64).to_numpy()
    elif types[name] == "tensor(string)":
        return values.fill_null("").to_numpy().astype(object).reshape(-1, 1)
    else:
        made = values.cast(pl.Float64).to_numpy()
    kind = np.float64 if types[name] == "tensor(double)" else np.float32
    return made.astype(kind).reshape(-1, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        source, ours, floor = (folder / f"{n}.csv" for n in ("rows", "ours", "floor"))
        write_rows(source, rows)
        server = LiveServer(folder / "home")
        try:
            with server.client() as client:
                endpoint, graph, signature = deployed(client)
                # a small file first: what is loaded once is no matter of the file's size
                write_rows(folder / "warm.csv", 1000)
                by_server(client, endpoint, folder / "warm.csv", folder / "warm-out.csv")
                with Watched(server.process.pid) as memory:
                    took = by_server(client, endpoint, source, ours)
        finally:
            server.kill()
        least = by_floor(graph, signature, source, floor)
        answers = [pl.read_csv(p, columns=["prediction"])["prediction"] for p in (ours, floor)]
        if len(answers[0]) != rows or not answers[0].equals(answers[1]):
            raise SystemExit("the two do not answer alike")
        made = {
            "rows": rows,
            "file_mb": round(source.stat().st_size / 1024**2, 1),
            "rows_per_s": {"server": round(rows / took), "floor": round(rows / least)},
            "of_the_floor": round(least / took, 3),
            "server_mb": {"before": round(memory.before), "peak": round(memory.peak)},
        }
        print(json.dumps(made, indent=1))


if __name__ == "__main__":
    main()
