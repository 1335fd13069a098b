from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from freemlops.warehouse.warehouse import Warehouse


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    made = Warehouse.open(tmp_path / "home")
    yield made
    made.close()
