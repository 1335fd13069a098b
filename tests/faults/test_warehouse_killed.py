"""kill -9 in the middle of a write: nothing half remains, nothing whole is lost."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from freemlops.warehouse import Warehouse

INGEST = """
import sys
from pathlib import Path
from types import SimpleNamespace
import pyarrow as pa
from freemlops.domain.dataset import Column, ColumnType
from freemlops.warehouse import Warehouse

schema = pa.schema([("i", pa.int64()), ("s", pa.string())])

def batches():
    for k in range(40):
        if k == 1:
            print("in the middle", flush=True)
        i = pa.array(range(k * 5_000, (k + 1) * 5_000))
        yield pa.record_batch([i, i.cast(pa.string())], schema=schema)

home = Path(sys.argv[1])
w = Warehouse.open(home)
for n in range(1000):
    (home / "blob").write_bytes(bytes([n % 256]) * 12_000_000)
    w.artifacts.put(home / "blob", "onnx")
    w.settings.set("artifacts", str(n + 1))
    table = SimpleNamespace(
        reader=pa.RecordBatchReader.from_batches(schema, batches()),
        columns=(Column("i", ColumnType.INTEGER), Column("s", ColumnType.TEXT)), notes=(),
    )
    w.datasets.add(name=f"d{n}", filename="f", sha256=str(n), size_bytes=1, table=table)
    print("committed", n, flush=True)
"""


@pytest.mark.parametrize("attempt", range(4))
def test_kill_during_ingest_leaves_nothing_half(tmp_path: Path, attempt: int) -> None:
    rng = random.Random(attempt)
    home = tmp_path / "home"
    with subprocess.Popen(
        [sys.executable, "-c", INGEST, str(home)], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        lines = [child.stdout.readline() for _ in range(1 + attempt)]
        time.sleep(rng.uniform(0.0, 0.2))
        child.send_signal(signal.SIGKILL)
        lines += child.stdout.read().splitlines()
    committed = [line for line in lines if line.startswith("committed")]
    warehouse = Warehouse.open(home)
    versions = warehouse.datasets.latest(200).items
    assert len(versions) >= len(committed)
    for version in versions:
        assert version.rows == 200_000
        assert warehouse.datasets.rows(version.dataset, 1, 5, 199_999).num_rows == 1
    with warehouse.reader() as cursor:
        stored = cursor.execute(
            "SELECT (SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'data'), "
            "(SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'blob')"
        ).fetchone()
        shas = [r[0] for r in cursor.execute("SELECT sha256 FROM app.artifact").fetchall()]
    assert stored == (len(versions), len(shas))
    assert len(shas) >= int(warehouse.settings.get("artifacts") or 0)
    for sha256 in shas:
        assert len(warehouse.artifacts.read(sha256)) == 12_000_000
    warehouse.close()
