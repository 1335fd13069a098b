"""Rows a second and peak memory of reading a mixed file into a table: `just bench ingest`.

Each contender runs in a process of its own; ours is `read_table` and the warehouse's `fill`.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

COLUMNS = 25
PART_ROWS = 100_000
CONTENDERS = ("polars", "polars_table", "duckdb_table", "pandas", "ours")


def generate(path: Path, most_bytes: int) -> int:
    """Integers, decimals, dates, categories and texts, some of them quoted."""
    random, rows = np.random.default_rng(7), 0
    with path.open("wb") as out:
        while out.tell() < most_bytes:
            _part(random, rows).write_csv(out, include_header=rows == 0)
            rows += PART_ROWS
    return rows


def _part(random: np.random.Generator, start: int) -> pl.DataFrame:
    n = PART_ROWS
    words = np.array(["plain", "two words", 'a "quoted" one', "with, comma", "ação"])
    data: dict[str, object] = {"id": np.arange(start, start + n)}
    data |= {f"i{k}": random.integers(-1000, 10**k, n) for k in range(3, 9)}
    data |= {f"x{k}": random.normal(0, 10**k, n).round(4) for k in range(8)}
    days = random.integers(0, 9000, n).astype("timedelta64[D]")
    data |= {"day": np.datetime64("2000-01-01") + days, "day2": np.datetime64("1999-01-01") + days}
    data |= {f"c{k}": random.choice(["red", "green", "blue"], n) for k in range(4)}
    data |= {f"t{k}": random.choice(words, n) for k in range(4)}
    return pl.DataFrame(data)


def run(contender: str, path: Path, folder: Path) -> None:
    began = time.perf_counter()
    if contender == "polars":
        pl.read_csv(path, try_parse_dates=True)
    elif contender == "pandas":
        import pandas as pd

        pd.read_csv(path)
    elif contender == "ours":
        _ours(path, folder)
    else:
        _table(contender, path, folder)
    # not ru_maxrss: that one begins with the peak of the process that started this one
    peak = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
    print(time.perf_counter() - began, peak)


def _table(contender: str, path: Path, folder: Path) -> None:
    import duckdb

    connection = duckdb.connect(str(folder / "t.duckdb"))
    source = f"read_csv('{path}')"
    if contender == "polars_table":
        frame = pl.scan_csv(path, try_parse_dates=True).collect(engine="streaming")
        connection.register("frame", frame.to_arrow())
        source = "frame"
    connection.execute(f"CREATE TABLE t AS SELECT * FROM {source}")
    connection.close()


def _ours(path: Path, folder: Path) -> None:
    from freemlops.engine.ingest import read_table
    from freemlops.warehouse.warehouse import Warehouse

    warehouse = Warehouse.open(folder / "w.duckdb")
    scratch = folder / "scratch"
    scratch.mkdir()
    warehouse.datasets.add(
        name="t",
        filename="t.csv",
        sha256="0" * 64,
        size_bytes=path.stat().st_size,
        table=read_table(path, "t.csv", scratch),
    )
    warehouse.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gb", type=float, default=0.5)
    parser.add_argument("--only", nargs="*", default=CONTENDERS, choices=CONTENDERS)
    parser.add_argument("--run", nargs=2, metavar=("CONTENDER", "FILE"))
    asked = parser.parse_args()
    if asked.run:
        with tempfile.TemporaryDirectory() as folder:
            run(asked.run[0], Path(asked.run[1]), Path(folder))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "mixed.csv")
        rows = generate(path, round(asked.gb * 1e9))
        seconds: dict[str, float] = {}
        for name in asked.only:
            command = [sys.executable, "-m", "tests.bench.ingest", "--run", name, str(path)]
            out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            seconds[name], peak = map(float, out.split()[-2:])
            print(f"{name:13} {rows / seconds[name]:11,.0f} rows/s {peak:7,.0f} MB")
        tables = [seconds[n] for n in ("polars_table", "duckdb_table") if n in seconds]
        if tables and "ours" in seconds:
            print(f"ours takes {seconds['ours'] / min(tables):.2f} times the faster table writer")


if __name__ == "__main__":
    main()
