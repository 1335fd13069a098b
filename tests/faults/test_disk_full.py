"""A disk that is full: nothing half is stored, what was there is read, and room brings life."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from freemlops.domain.errors import FreeMLOpsError, StorageFullError
from freemlops.services.scratch import Scratch
from freemlops.warehouse.warehouse import Warehouse
from tests.conftest import wait_for
from tests.faults.test_warehouse_killed import add, check

MEGABYTES = 1024**2


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 48 MB of its own."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(disk)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("only root may mount a small disk")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_full_disk_loses_nothing_and_says_so(small_disk: Path) -> None:
    home = small_disk / "home"
    warehouse = Warehouse.open(home)
    add(warehouse, home, 0)
    (home / "blob").unlink()
    ballast = small_disk / "ballast"
    free = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize
    ballast.write_bytes(os.urandom(MEGABYTES) * (free // MEGABYTES - 2))
    failures = 0
    for number in range(1, 8):
        try:
            add(warehouse, home, number)
        except (FreeMLOpsError, OSError):
            failures += 1
    assert failures > 0
    (home / "blob").unlink(missing_ok=True)

    def names() -> set[str] | None:
        try:
            return {v.name for v in warehouse.datasets.latest(50).items}
        except FreeMLOpsError:
            return None  # DuckDB stops at the first failed checkpoint; it is opened again

    stored = wait_for(names, timeout=20)
    assert "d0" in stored
    first = warehouse.datasets.latest(50).items[-1].dataset
    assert warehouse.datasets.rows(first, 1, 1).num_rows == 1
    ballast.unlink()
    add(warehouse, home, 98)
    warehouse.close()
    warehouse = Warehouse.open(home)
    assert check(warehouse) == stored | {"d98"}
    add(warehouse, home, 99)
    assert "d99" in check(warehouse)
    warehouse.close()


def test_an_upload_that_would_fill_the_disk_is_refused_before_it_does(small_disk: Path) -> None:
    scratch = Scratch(small_disk / "scratch")
    with pytest.raises(StorageFullError, match="MB left"):
        scratch.check_space(MEGABYTES)


def test_compacting_and_backups_ask_for_room_first(small_disk: Path) -> None:
    home = small_disk / "home"
    warehouse = Warehouse.open(home)
    add(warehouse, home, 0)
    with pytest.raises(StorageFullError):
        warehouse.upkeep.compact()
    with pytest.raises(StorageFullError):
        warehouse.upkeep.backup(small_disk / "safe")
    assert check(warehouse) == {"d0"}
    warehouse.close()
