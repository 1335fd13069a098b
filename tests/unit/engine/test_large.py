"""Large tables: the first models and the search learn from a part, the winner from all."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from freemlops.domain import splits
from freemlops.domain.job import TrainJob
from freemlops.domain.run import Event, EventKind, Task
from freemlops.engine.train import train

from .conftest import MakeJob

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture
def tiny_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is large begins at 2,000 rows here, so that the test takes seconds."""
    monkeypatch.setattr(splits, "SAMPLED_CELLS_PER_SECOND", 0)
    monkeypatch.setattr(splits, "LEAST_SAMPLED", 2_000)
    monkeypatch.setattr(splits, "FIRST_CELLS", 0)
    monkeypatch.setattr(splits, "LEAST_FIRST", 500)
    monkeypatch.setattr(splits, "MOST_HOLDOUT", 1_000)


def table(rows: int = 12_000) -> pa.Table:
    random = np.random.default_rng(5)
    x = random.normal(size=(rows, 4))
    group = random.integers(0, 400, rows)
    s = (
        x[:, 0]
        + np.sin(2 * x[:, 1])
        + random.normal(size=400)[group]
        + random.normal(size=rows) / 2
    )
    made: dict[str, Any] = {f"x{i}": x[:, i] for i in range(4)}
    made["group"] = [f"g{g}" for g in group]
    made["t"] = np.where(s > 0, "yes", "no")
    made["v"] = s
    return pa.table(made)


def run(job: TrainJob) -> list[Event]:
    events: list[Event] = []
    train(job, events.append, lambda: None)
    assert events[-1].data["status"] == "finished", events[-1].data
    return events


@pytest.mark.parametrize(
    ("task", "target", "other"), [(Task.BINARY, "t", "v"), (Task.REGRESSION, "v", "t")]
)
def test_the_board_is_made_of_parts_and_the_winner_of_all_rows(
    make_job: MakeJob, tiny_limits: None, task: Task, target: str, other: str
) -> None:
    events = run(make_job(table(), task, target=target, exclude=(other,), max_trials=3))
    plan = next(e.data for e in events if e.kind is EventKind.PLAN)
    assert (plan["develop_rows"], plan["holdout_rows"]) == (2_000, 1_000)
    assert plan["split"]["first"] == 500
    notes = events[-1].data["receipt"]["notes"]
    said = {n["template"]: n["params"] for n in notes}
    assert any(p.get("all") == 11_000 and p.get("rows") == 2_000 for p in said.values())
    assert any("again on all rows" in template for template in said)
    names = [e.data["id"] for e in events if e.kind is EventKind.CANDIDATE]
    assert names.index("lightgbm") < names.index("linear"), "who can be left half-way is first"
    assert "lightgbm-2" in names, "the same settings on more rows are another model"


def test_a_seed_repeats_it(make_job: MakeJob, tiny_limits: None) -> None:
    """The drawn rows too are the same each time."""
    boards = []
    for _ in range(2):
        job = make_job(table(4_000), Task.BINARY, target="t", exclude=("v",), max_trials=2)
        found = [e.data for e in run(job) if e.kind is EventKind.CANDIDATE]
        boards.append([(c["id"], c["holdout"]) for c in found])
    assert boards[0] == boards[1]
