from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from freemlops.domain.run import Task
from freemlops.warehouse.warehouse import Warehouse
from tests.unit.services.evaluation_lab import ROWS, Lab, noisy


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    made = Warehouse.open(tmp_path / "home")
    yield made
    made.close()


@pytest.fixture
def lab(warehouse: Warehouse, tmp_path: Path) -> Lab:
    return Lab(warehouse, tmp_path)


@pytest.fixture
def binary(lab: Lab) -> str:
    run = lab.run(Task.BINARY)
    lab.answer(run, "constant", np.full(ROWS, 0.5))
    lab.answer(run, "lightgbm", noisy(1.0, 1))
    return run
