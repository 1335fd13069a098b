"""Whatever the table: what was trained can be exported, and both files give the same answers."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import joblib
import msgspec
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings

from freemlops.domain.job import TrainJob
from freemlops.domain.metric import DEFAULT_METRIC
from freemlops.domain.run import RunSpec, Task
from freemlops.engine.clock import Clock
from freemlops.engine.export.files import export
from freemlops.engine.export.parity import TOLERANCE
from freemlops.engine.export.pipeline import Member, TrainedModel
from freemlops.engine.families import FAMILIES, Guard
from freemlops.engine.predict import Predictor
from freemlops.engine.reporter import Reporter
from freemlops.engine.workspace import Workspace, open_workspace

from .conftest import described
from .generated import TARGET, Recipe, everything, recipes

pytestmark = pytest.mark.filterwarnings("ignore")
SMALLER = {"n_estimators": 12, "max_leaf_nodes": 12, "num_leaves": 12, "max_leaves": 12}


def write_arrow(table: pa.Table, path: Path) -> None:
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)


def opened(table: pa.Table, task: Task, folder: Path) -> Workspace:
    data = folder / "data.arrow"
    write_arrow(table, data)
    spec = RunSpec("d", 1, TARGET, task, DEFAULT_METRIC[task], 60.0, seed=1)
    job = TrainJob("r", spec, described(table), data, folder, time.time(), threads=1)
    return open_workspace(job, Reporter(Clock(time.time(), 60.0), lambda _: None, lambda: None))


def trained(work: Workspace) -> dict[str, TrainedModel]:
    """Every family, and the mixture of all."""
    made: dict[str, TrainedModel] = {}
    for name, family in FAMILIES.items():
        first = family.portfolio(work.shape)[0]
        params = {k: min(v, SMALLER[k]) if k in SMALLER else v for k, v in first.items()}
        fitted = family.fit(params, work.x, work.y, work.shape, Guard(lambda: None))
        member = Member(name, 1.0, fitted)
        made[name] = TrainedModel(work.signature, work.preparation, (member,))
    parts = [m.members[0] for m in made.values()]
    shared = tuple(Member(p.family, 1 / len(parts), p.model) for p in parts)
    return made | {"ensemble": TrainedModel(work.signature, work.preparation, shared)}


def answers(onnx: Path, pickle: Path, work: Workspace, rows: pa.Table) -> float:
    """The largest difference on raw rows: the graph behind the API against the pickle on pandas.

    Labels must be the same, one by one.
    """
    signature = work.signature
    columns: dict[str, Any] = {c.name: rows[c.name].to_pylist() for c in signature.columns}
    made = Predictor(onnx.read_bytes(), signature).predict(columns, len(rows))
    model, frame = joblib.load(pickle), rows.to_pandas()
    if made.probabilities is not None:
        assert list(made.values) == list(model.predict(frame))
        return float(np.abs(made.probabilities - model.predict_proba(frame)).max())
    ours = np.asarray(model.predict(frame), np.float64)
    spread = max(ours.std(), np.abs(ours).mean() * 1e-2, 1e-12)
    return float(np.abs(ours - np.array(made.values)).max() / spread)


def agree(recipe: Recipe, folder: Path) -> None:
    work = opened(recipe.table(), recipe.task, folder)
    for name, model in trained(work).items():
        made = export(model, folder, name, work.holdout, 0)
        assert made.parity.worst <= TOLERANCE, name
        assert not made.parity.other_classes, name
        for rows in (recipe.table(), recipe.table(later=True)):
            worst = answers(folder / f"{name}.onnx", folder / f"{name}.pickle", work, rows)
            assert worst <= TOLERANCE, (name, worst)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(recipes())
def test_whatever_the_table_graph_and_pickle_of_every_family_agree(recipe: Recipe) -> None:
    """Types, gaps, infinities, unseen values, names: 1e-5, and the same class in every row."""
    with TemporaryDirectory() as folder:
        agree(recipe, Path(folder))


@pytest.mark.parametrize("task", list(Task))
def test_a_table_with_every_kind_of_column_at_once_agrees(task: Task, tmp_path: Path) -> None:
    agree(everything(task), tmp_path)


FRESH = """
import sys
from pathlib import Path
import msgspec, pyarrow as pa
from types import SimpleNamespace
from freemlops.domain.model import Signature
from tests.unit.engine.test_generated import answers
folder = Path(sys.argv[1])
signature = msgspec.json.decode((folder / "signature.json").read_bytes(), type=Signature)
rows = pa.ipc.open_file(str(folder / "later.arrow")).read_all()
work = SimpleNamespace(signature=signature)
for name in sys.argv[2:]:
    print(answers(folder / f"{name}.onnx", folder / f"{name}.pickle", work, rows))
"""


@pytest.mark.parametrize("task", list(Task))
def test_the_files_agree_in_a_process_that_did_not_train_them(task: Task, tmp_path: Path) -> None:
    """Nothing of the answer lives outside the two files and the signature."""
    recipe = everything(task)
    work = opened(recipe.table(), task, tmp_path)
    models = trained(work)
    for name, model in models.items():
        export(model, tmp_path, name, work.holdout, 0)
    (tmp_path / "signature.json").write_bytes(msgspec.json.encode(work.signature))
    later = recipe.table(later=True)
    write_arrow(later, tmp_path / "later.arrow")
    command = [sys.executable, "-W", "ignore", "-c", FRESH, str(tmp_path), *models]
    root = Path(__file__).parents[3]
    told = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    worst = [float(line) for line in told.stdout.split()]
    assert len(worst) == len(models)
    assert max(worst) <= TOLERANCE
