"""What an older version stored comes back out of the tables of today."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from freemlops.domain.run import Event, EventKind, Trial
from freemlops.resources import resource
from freemlops.warehouse.holdouts import HoldoutStore
from freemlops.warehouse.warehouse import Warehouse


def older(folder: Path, last: int) -> Path:
    """The migrations up to that one."""
    folder.mkdir()
    for file in sorted((resource("store") / "migrations").glob("*.sql"))[:last]:
        shutil.copy(str(file), folder)
    return folder


def test_events_and_trials_stored_as_variants_are_read_as_they_were(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as then:
        then.setattr(HoldoutStore, "sweep", lambda _: None)  # its tables came later
        past = Warehouse.open(home, migrations=older(tmp_path / "five", 5))
    with_all = '{"n": 1, "rate": 0.25, "list": [1, "ção", null], "deep": {"a": true}}'
    past.write(
        lambda c: (
            c.execute(
                "INSERT INTO app.event SELECT 'run_1', 1, 'log', 2.5, $data::JSON::VARIANT",
                {"data": with_all},
            )
            and c.execute(
                "INSERT INTO app.trial SELECT 'run_1', 3, 'linear', 0.5, 0.1, 2.5, "
                "$data::JSON::VARIANT",
                {"data": with_all},
            )
            and c.execute("INSERT INTO app.trial VALUES ('run_1', 4, 'linear', 0.5, 0.1, 3, NULL)")
            and None
        )
    )
    past.close()
    now = Warehouse.open(home)
    data = {"n": 1, "rate": 0.25, "list": [1, "ção", None], "deep": {"a": True}}
    assert now.runs.events("run_1") == (Event(EventKind.LOG, 2.5, data, 1),)
    with now.reader() as cursor:
        kinds = cursor.execute(
            "SELECT typeof(params), params.rate::DOUBLE FROM lab.trials ORDER BY number"
        ).fetchall()
        comment = cursor.execute(
            "SELECT comment FROM duckdb_columns() "
            "WHERE schema_name = 'lab' AND table_name = 'trials' AND column_name = 'params'"
        ).fetchone()
    assert kinds == [("VARIANT", 0.25), ("VARIANT", None)]
    assert comment == ("Hyperparameters, as a VARIANT",)
    now.write(lambda c: c.execute("DELETE FROM app.trial WHERE number = 4") and None)
    assert now.runs.trials("run_1") == (Trial(3, "linear", 0.5, 0.1, 2.5, data),)
    now.close()
