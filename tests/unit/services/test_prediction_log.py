"""The prediction log: never late, never in the way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from freemlops.domain.model import Deployment, DeploymentRules, DeploymentStatus
from freemlops.engine.predict import Predictor
from freemlops.services import prediction_log
from freemlops.services.prediction_log import PredictionLog
from freemlops.serving import Route, ServedModel
from freemlops.serving.route import Served, answering
from freemlops.serving.rows import by_column
from freemlops.warehouse.warehouse import Warehouse
from tests.unit.engine.test_predict import SIGNATURE, graph  # noqa: F401 - a fixture

ROW = {"age": 40, "paid": True, "color": "red", "since": "2022-05-01"}


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    made = Warehouse.open(tmp_path / "home")
    live = DeploymentStatus.LIVE
    made.deployments.add(Deployment("d", "m", live, datetime.now(UTC), version=1))
    yield made
    made.close()


@pytest.fixture
def served(graph: bytes) -> Served:  # noqa: F811
    model = ServedModel(Predictor(graph, SIGNATURE), "m", 1)
    table = by_column([ROW, ROW])
    route = Route("d", answering(model), rules=DeploymentRules(log_days=3))
    return Served(route, route.champion, model.answer(table), table, 0.001, None, 100)


def rows(warehouse: Warehouse) -> list[Any]:
    with warehouse.reader() as cursor:
        found: list[Any] = cursor.execute("SELECT * FROM app.prediction").fetchall()
    return found


def test_what_is_noted_is_written_when_it_closes(warehouse: Warehouse, served: Served) -> None:
    journal = PredictionLog(warehouse)
    for _ in range(5):
        journal.note(served)
    journal.close()
    assert len(rows(warehouse)) == 10
    assert journal.dropped == 0


def test_too_much_is_dropped_and_counted(
    warehouse: Warehouse, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prediction_log, "EVERY_S", 60)
    monkeypatch.setattr(prediction_log, "MOST_REQUESTS", 3)
    journal = PredictionLog(warehouse)
    for _ in range(5):
        journal.note(served)
    journal.close()
    assert len(rows(warehouse)) == 6
    assert journal.dropped == 2


def test_a_write_that_fails_is_counted_and_the_next_is_written(
    warehouse: Warehouse, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prediction_log, "EVERY_S", 60)
    journal = PredictionLog(warehouse)
    with monkeypatch.context() as broken:
        broken.setattr(warehouse.predictions, "add", lambda entries: 1 / 0)
        journal.note(served)
        journal.flush()
    assert journal.dropped == 1
    journal.note(served)
    journal.close()
    assert len(rows(warehouse)) == 2


def test_old_entries_are_dropped_after_the_days_of_their_deployment(
    warehouse: Warehouse, served: Served
) -> None:
    journal = PredictionLog(warehouse)
    journal.note(served)
    journal.close()
    warehouse.deployment_rules.set("d", DeploymentRules(log_days=3))
    warehouse.predictions.expire(30)
    assert len(rows(warehouse)) == 2
    old = (datetime.now(UTC) - timedelta(days=4)).replace(tzinfo=None)
    query = "UPDATE app.prediction SET answered_at = ?"
    warehouse.write(lambda cursor: cursor.execute(query, [old]) and None)
    warehouse.predictions.expire(30)
    assert rows(warehouse) == []
