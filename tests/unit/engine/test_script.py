"""The script that trains a model again without this product, run as a person would run it."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from freemlops.domain.job import TrainJob
from freemlops.domain.metric import DEFAULT_METRIC
from freemlops.domain.run import RunSpec, Split, SplitKind, Task
from freemlops.engine.board import Built
from freemlops.engine.clock import Clock
from freemlops.engine.export.graph import build_graph
from freemlops.engine.export.pipeline import Member, TrainedModel
from freemlops.engine.export.recipe import make_recipe
from freemlops.engine.export.script import Facts, Written, render
from freemlops.engine.families import FAMILIES, Guard
from freemlops.engine.ingest import read_table
from freemlops.engine.reporter import Reporter
from freemlops.engine.session import open_session, run_session
from freemlops.engine.workspace import Workspace, open_workspace

pytestmark = pytest.mark.filterwarnings("ignore")
FREE = Guard(lambda: None)
ROWS = 360
EVIL = 'tam["x"]\'); raise SystemExit(9) #{é}'
FAST = {"n_estimators": 15}


def csv_text(decimal: str = ".", seed: int = 1) -> str:
    """Numbers, few texts and many, dates and truths, with gaps, under names that bite."""
    random = np.random.default_rng(seed)
    size = random.normal(size=ROWS)
    color = random.choice(["azul", 'ver"de', "ação"], ROWS)
    days = random.integers(0, 2000, ROWS)
    city = np.array([f"c{v}" for v in random.integers(0, 80, ROWS)])
    score = size + (color == "azul") * 1.5 + np.sin(days / 50) + (city < "c4") * 0.8
    score += random.normal(size=ROWS) * 0.3
    separator = ";" if decimal == "," else ","

    def number(value: float) -> str:
        return f"{value:.4f}".replace(".", decimal)

    lines = [[f'"{EVIL.replace(chr(34), chr(34) * 2)}"', "cor . nome", "cidade", "quando", "ativo",
              "valor", "tipo", "alvo"]]  # fmt: skip
    for i in range(ROWS):
        day = np.datetime64("2015-01-01") + days[i]
        lines.append([
            number(size[i]) if i % 7 else "NA",
            '"' + color[i].replace('"', '""') + '"' if i % 11 else "",
            city[i],
            str(day),
            ("sim", "não")[int(random.random() < 0.5)],
            number(np.exp(score[i]) * 10),
            str(int(np.digitize(score[i], [-0.5, 1.0]))),
            "bom" if score[i] > 0.4 else "mau",
        ])  # fmt: skip
    return "\n".join(separator.join(line) for line in lines) + "\n"


def opened(folder: Path, text: str, task: Task, target: str, **spec: Any) -> Workspace:
    """The file read by the product's own reader, and cut as a run cuts it."""
    file = folder / "data.csv"
    file.write_text(text, encoding="utf-8")
    table = read_table(file, "data.csv", folder)
    data = folder / "data.arrow"
    with pa.OSFile(str(data), "wb") as sink, pa.ipc.new_file(sink, table.reader.schema) as writer:
        for batch in table.reader:
            writer.write_batch(batch)
    others = tuple(t for t in ("valor", "tipo", "alvo") if t != target)
    asked = RunSpec(
        "d", 1, target, task, DEFAULT_METRIC[task], 60.0, exclude=others, seed=4, **spec
    )
    job = TrainJob("r", asked, table.columns, data, folder, time.time(), threads=2)
    return open_workspace(job, Reporter(Clock(time.time(), 60.0), lambda _: None, lambda: None))


def fitted(work: Workspace, families: list[str], **more: Any) -> tuple[list[Built], TrainedModel]:
    """All of them on all rows, mixed, as the refit makes them."""
    prepared, x, _ = work.everything()
    shape = replace(
        work.shape,
        features=len(prepared.features),
        categorical=prepared.categorical,
        spare=prepared.spare,
        means=prepared.means,
    )
    parts = []
    for step, name in enumerate(families):
        first = FAMILIES[name].portfolio(shape)[-1 if name == "lightgbm" else 0]
        params = first | {k: v for k, v in FAST.items() if k in first}
        if name == "lightgbm":
            params["categories"] = "native"
        if name != "constant":
            params |= more
        seeded = replace(shape, seed=shape.seed + step)
        model = FAMILIES[name].fit(params, x, work.target.y, seeded, FREE)
        parts.append(Built(name, params, model, 0.1, 1 / len(families), step))
    members = tuple(Member(p.family, p.weight, p.model) for p in parts)
    temperature = 0.8 if work.target.classes else 1.0
    return parts, TrainedModel(work.signature, prepared, members, temperature)


def run_script(folder: Path, work: Workspace, parts: list[Built], model: TrainedModel,
               written: Written) -> tuple[str, np.ndarray, str]:  # fmt: skip
    before = [replace(p, seed_step=0) for p in parts]
    recipe = make_recipe(work, parts, before, model, {"log_loss": 0.5})
    facts = Facts("run_1", "ensemble", "ensemble", 'da"ta\nimport os', "data.csv", "log_loss",
                  written=written)  # fmt: skip
    script = folder / "model.py"
    script.write_text(render(recipe, facts), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "model.py", "data.csv", "--output", "out.csv"],
        cwd=folder, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr + script.read_text()
    import pandas as pd

    out = pd.read_csv(folder / "out.csv", float_precision="round_trip")
    numbers = out.select_dtypes("number").drop(columns="prediction", errors="ignore")
    made = numbers.to_numpy() if work.target.classes else out[["prediction"]].to_numpy()
    return done.stdout, made, script.read_text()


CASES = {
    "binary": (Task.BINARY, "alvo", ".", {}),
    "multiclass": (Task.MULTICLASS, "tipo", ",", {}),
    "regression": (Task.REGRESSION, "valor", ".", {"log_target": True}),
    "time": (Task.REGRESSION, "valor", ",", {"split": Split(SplitKind.TIME, "quando")}),
    "group": (Task.BINARY, "ativo", ".", {"split": Split(SplitKind.GROUP, "cidade")}),
}


@pytest.mark.parametrize("case", CASES)
def test_the_script_trains_the_same_model_without_the_product(case: str, tmp_path: Path) -> None:
    """All families mixed: equal to the pickle within 1e-12 and to the graph within 1e-5. Other
    ways to cut the rows with one family."""
    task, target, decimal, more = CASES[case]
    spec = {k: v for k, v in more.items() if k == "split"}
    work = opened(tmp_path, csv_text(decimal), task, target, **spec)
    families = ["linear"] if spec else sorted(FAMILIES)
    parts, model = fitted(work, families, **{k: v for k, v in more.items() if k != "split"})
    written = Written(separator=";" if decimal == "," else ",", decimal=decimal)
    told, made, script = run_script(tmp_path, work, parts, model, written)
    assert "freemlops" not in script
    ours = model.outputs(work.source.table)
    scale = max(1.0, float(np.abs(ours).max()))
    assert np.abs(made - ours).max() / scale < 1e-12
    session = open_session(build_graph(model).SerializeToString())
    names = [i.name for i in model.preparation.inputs]
    theirs = run_session(session, work.source.table.feed(names))[-1].reshape(ours.shape)
    assert np.abs(made - theirs).max() / scale < 1e-5
    assert f"On {len(work.y_holdout)} rows held out" in told


@pytest.mark.parametrize("family", ["lightgbm", "xgboost"])
def test_boosted_trees_are_trained_again_bit_for_bit(family: str, tmp_path: Path) -> None:
    work = opened(tmp_path, csv_text(), Task.BINARY, "alvo")
    parts, model = fitted(work, [family])
    model = replace(model, temperature=1.0)
    _, made, _ = run_script(tmp_path, work, parts, model, Written())
    assert np.array_equal(made, model.outputs(work.source.table))


def test_rounds_that_leave_no_tree_are_counted(tmp_path: Path) -> None:
    """So easy a question that most rounds find nothing to split: there are fewer trees than
    rounds, and fewer rounds would not make the same trees."""
    lines = ["a;b;c", *(f"{i % 9};{i * 31 % 77};{'xy'[i * 31 % 77 > 40]}" for i in range(200))]
    work = opened(tmp_path, "\n".join(lines), Task.BINARY, "c")
    parts, model = fitted(work, ["lightgbm"], n_estimators=900, categories="ordered")
    model = replace(model, temperature=1.0)
    assert parts[0].model.booster_.num_trees() < 900
    _, made, _ = run_script(tmp_path, work, parts, model, Written(separator=";"))
    assert np.array_equal(made, model.outputs(work.source.table))


def test_a_file_that_reads_otherwise_is_refused(tmp_path: Path) -> None:
    """A row less, the rows in another order, another value: the script stops and says so."""
    work = opened(tmp_path, csv_text(), Task.BINARY, "alvo")
    parts, model = fitted(work, ["constant"])
    facts = Facts("r", "constant", "constant", "d", "data.csv", "log_loss")
    space: dict[str, Any] = {"__name__": "model"}
    exec(render(make_recipe(work, parts, [], model, {}), facts), space)
    lines = csv_text().splitlines()
    changes = (lines[:-1], [lines[0], *lines[:0:-1]], [*lines[:5], "9" + lines[5], *lines[6:]])

    def checked(text: str) -> None:
        (tmp_path / "data.csv").write_text(text)
        cells = space["read"](tmp_path / "data.csv")
        known = space["labels"](cells)
        space["check"](cells, np.array([space["CLASSES"].index(k) for k in known]))

    checked(csv_text())
    for changed in changes:
        with pytest.raises(SystemExit, match="training"):
            checked("\n".join(changed))


def test_the_script_is_fit_to_be_read(tmp_path: Path) -> None:
    """No line is too long, and a formatter finds nothing that is no Python."""
    work = opened(tmp_path, csv_text(), Task.MULTICLASS, "tipo")
    parts, model = fitted(work, sorted(FAMILIES))
    recipe = make_recipe(work, parts, parts, model, {})
    facts = Facts("r", "e", "ensemble", "d", "data.csv", "log_loss")
    script = render(recipe, facts)
    compile(script, "model.py", "exec")
    assert [line for line in script.splitlines() if len(line) > 100] == []
    assert script.isprintable() or all(c.isprintable() or c == "\n" for c in script)
