"""Files that are small and unpack to monsters: refused or read, the memory stays bounded."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

MOST_MB = 1500
READ = """
import sys, tempfile
from pathlib import Path
from freemlops.domain.errors import FreeMLOpsError
from freemlops.domain.reading import OnBad, ReadOptions
from freemlops.engine.ingest import read_table
path, said = Path(sys.argv[1]), ""
try:
    with tempfile.TemporaryDirectory() as scratch:
        table = read_table(path, path.name, Path(scratch))
        said = sum(batch.num_rows for batch in table.reader)
        said = f"{said} {' '.join(c.type for c in table.columns)[:60]}"
except FreeMLOpsError as error:
    said = error.code
print(said)
# not ru_maxrss: that one begins with the peak of the process that started this one
status = Path("/proc/self/status").read_text()
print(int(status.split("VmHWM:")[1].split()[0]) // 1024)
"""


def _arrow(path: Path, *, stream: bool) -> None:
    table = pa.table({c: pa.array([0] * 120_000_000, pa.int64()) for c in "ab"})
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    make = pa.ipc.new_stream if stream else pa.ipc.new_file
    with pa.OSFile(str(path), "wb") as file, make(file, table.schema, options=options) as writer:
        writer.write_table(table)


def _parquet(path: Path) -> None:
    text = pa.DictionaryArray.from_arrays(pa.array([0] * 60_000, pa.int32()), ["x" * 60_000])
    pq.write_table(pa.table({"a": text, "b": range(60_000)}), path, compression="zstd")


def _late(path: Path) -> None:
    """Whole numbers for five million rows, then one that is not."""
    block = b"".join(b"%d,7\n" % i for i in range(100_000))
    with path.open("wb") as file:
        file.write(b"a,b\n" + block * 50 + b"1.5,x\n")


def _zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"a,b\n" + b"0,0\n" * 150_000_000)


FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "packed.arrow": (lambda p: _arrow(p, stream=False), "too_large"),
    "packed.arrows": (lambda p: _arrow(p, stream=True), "too_large"),
    "long.parquet": (_parquet, "60000 text integer"),
    "bomb.zip": (_zip, "too_large"),
    "bomb.csv.gz": (
        lambda p: p.write_bytes(gzip.compress(b"a,b\n" + b"0,0\n" * 100_000_000, 9)),
        "too_large",
    ),
    "cell.csv": (lambda p: p.write_text("a,b\n" + "x" * 100_000_000 + ",1\n"), "too_large"),
    "line.json": (
        lambda p: p.write_text(json.dumps([{"a": "x" * 300_000_000}])),
        "too_large",
    ),
    "wide.csv": (
        lambda p: p.write_text(",".join(f"c{i}" for i in range(50_000)) + "\n" + "1," * 49_999),
        "too_large",
    ),
    "late.csv": (_late, "5000001 decimal text"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_memory_stays_bounded(tmp_path: Path, name: str) -> None:
    make, expected = FILES[name]
    path = tmp_path / name
    make(path)
    done = subprocess.run(
        [sys.executable, "-c", READ, str(path)], capture_output=True, text=True, timeout=240
    )
    assert done.returncode == 0, done.stderr
    said, peak = done.stdout.splitlines()
    assert said == expected
    assert int(peak) < MOST_MB
