"""Two hundred megabytes in: memory does not grow with the file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

INGEST = """
import sys, threading, time
from pathlib import Path
import psutil
from freemlops.engine.ingest import read_table
from freemlops.warehouse.warehouse import Warehouse

process, peak, over = psutil.Process(), [0], threading.Event()
def watch():
    while not over.wait(0.02):
        peak[0] = max(peak[0], process.memory_info().rss)
home = Path(sys.argv[1])
warehouse = Warehouse.open(home / "home")
before = process.memory_info().rss
watcher = threading.Thread(target=watch)
watcher.start()
table = read_table(home / "big.csv", "big.csv", home)
made = warehouse.datasets.add(name="x", filename="x", sha256="x", size_bytes=1, table=table)
warehouse.datasets.write_ipc(made.dataset, 1, home / "x.arrow")
warehouse.profiles.columns(made.dataset, 1)
over.set()
watcher.join()
warehouse.close()
print(made.rows, (peak[0] - before) // 1024**2)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("size", "tail"), [(200_000_000, ""), (60_000_000, "1;2\n")], ids=["even", "repaired"]
)
def test_memory_stays_under_a_gigabyte(tmp_path: Path, size: int, tail: str) -> None:
    block = "".join(
        f"{i};{i % 28 + 1:02}/03/2024;São Paulo {i % 50};{i},{i % 10}5;texto livre {i}\n"
        for i in range(20_000)
    ).encode("latin-1")
    blocks = size // len(block)
    with (tmp_path / "big.csv").open("wb") as file:
        file.write("id;data;município;valor;observação\n".encode("latin-1"))
        for _ in range(blocks):
            file.write(block)
        file.write(tail.encode())
    done = subprocess.run(
        [sys.executable, "-c", INGEST, str(tmp_path)], capture_output=True, text=True, timeout=280
    )
    assert done.returncode == 0, done.stderr
    rows, growth_mb = map(int, done.stdout.split())
    assert rows == blocks * 20_000 + bool(tail)
    assert growth_mb < 1000
