"""Facts of trainings to draw reports from: real curves of made-up answers, hostile names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from html.parser import HTMLParser
from typing import Any

import numpy as np

from freemlops.domain.bundle import Lineage, Manifest
from freemlops.domain.dataset import Column, ColumnType, DatasetVersion
from freemlops.domain.evaluation.curves import Curve
from freemlops.domain.evaluation.figures import Evaluation
from freemlops.domain.evaluation.measures import measures_for
from freemlops.domain.evaluation.mistakes import Cluster, Condition, Mistake, Mistakes, Relation
from freemlops.domain.explanation import Basis, Effect, Importance
from freemlops.domain.metric import DEFAULT_METRIC
from freemlops.domain.model import ModelVersion, Signature, SignatureColumn
from freemlops.domain.report import Card, Measured, ReportFacts
from freemlops.domain.run import (
    Candidate,
    Phase,
    Receipt,
    Run,
    RunSpec,
    RunStatus,
    Score,
    Task,
)
from freemlops.domain.words import Message
from freemlops.engine.evaluate import Judge
from freemlops.engine.evaluation.answers import Answers
from freemlops.engine.evaluation.figures import Scorer
from freemlops.engine.evaluation.ladder import climb
from freemlops.engine.evaluation.plots import Asked, draw
from freemlops.report.pictures import SHOWN

NOW = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
EVIL = (
    "<script>alert(1)</script>",
    "\"><img src=x onerror='alert(1)'>",
    "</style></title></svg><svg onload=alert(1)>",
    "\u202eevil\u202c\x00\ud800",
    "שלום {target} %s $(id) `id` ' \" \\",
)


def answers(task: Task, rows: int = 300, classes: int = 3, seed: int = 0) -> Answers:
    """Better than guessing; classes have hostile names."""
    random = np.random.default_rng(seed)
    if task is Task.REGRESSION:
        y = random.normal(10, 3, rows)
        return Answers(task, np.arange(rows), y, (y + random.normal(0, 1, rows))[:, None], ())
    count = 2 if task is Task.BINARY else classes
    y = random.integers(0, count, rows)
    raw = random.random((rows, count)) + 0.8 * np.eye(count)[y]
    names = tuple(EVIL[i] if i < len(EVIL) else f"class {i}" for i in range(count))
    return Answers(task, np.arange(rows), y, raw / raw.sum(axis=1, keepdims=True), names)


def curves(made: Answers) -> tuple[tuple[str, Curve | Message], ...]:
    def ladder() -> Any:
        return climb(made.made[:, 1], made.y == 1)

    return tuple((name, draw(name, made, ladder, Asked())) for name in SHOWN[made.task])


@cache
def measured(task: Task, rows: int = 300) -> Measured:
    made = answers(task, rows)
    metrics = tuple(m.name for m in measures_for(made.task))
    figures = Scorer(Judge(made.task, made.y, 0)).figures(metrics, made, None)
    evaluation = Evaluation("r", "c", made.task, made.count, made.count, made.classes, figures)
    where = Cluster((Condition(EVIL[0], Relation.IS, EVIL[1]),), 40, 20, 0.5, 0.2, 0.001)
    said: Any = (EVIL[1], EVIL[2]) if made.classes else (3.0, 5.0)
    worst = Mistake(3, *said, 0.9, {EVIL[0]: "a secret of a row"})
    return Measured(evaluation, curves(made), Mistakes((worst,), (where,), made.count))


def run(task: Task = Task.BINARY, status: RunStatus = RunStatus.FINISHED, **more: Any) -> Run:
    spec = RunSpec("ds_1", 2, EVIL[0], task, DEFAULT_METRIC[task], 60.0, exclude=(EVIL[3],), seed=5)
    plan = {"develop_rows": 240, "holdout_rows": 60, "threads": 1, "split": {"folds": 5}}
    known = {"plan": plan, "libraries": {"lightgbm": "4.7.0"}, "receipt": Receipt(60, 50, {}, 7)}
    return Run("run_1", spec, EVIL[2], status, Phase.DONE, 1.0, NOW, best="a", **known | more)


def candidate(id: str, family: str, task: Task = Task.BINARY, **more: Any) -> Candidate:
    names = (
        ("mae", "rmse", "r2") if task is Task.REGRESSION else ("roc_auc", "accuracy", "log_loss")
    )
    holdout = {name: Score(0.8, 0.7, 0.9) for name in names}
    return Candidate(id, "run_1", family, holdout, parity=1e-8, parity_rows=9, **more)


def data() -> DatasetVersion:
    columns = tuple(Column(name, ColumnType.TEXT, 3, 4) for name in EVIL)
    return DatasetVersion("ds_1", 2, EVIL[2], EVIL[1], "ab" * 32, 300, columns, 99, NOW)


def signature(task: Task = Task.BINARY) -> Signature:
    columns = (
        SignatureColumn(EVIL[1], ColumnType.TEXT, categories=EVIL, has_missing=True),
        SignatureColumn("idade", ColumnType.INTEGER, 18, 90),
    )
    return Signature(columns, EVIL[0], task, EVIL[:2] if task is not Task.REGRESSION else ())


def importance() -> Importance:
    effects = tuple(
        Effect(name, Score(v, v - 0.02, v + 0.02), Score(v, v - 0.02, v + 0.02))
        for name, v in ((EVIL[1], 0.2), ("idade", -0.01))
    )
    return Importance("roc_auc", "log_loss", effects, 5, Basis(60, True, True))


def facts(task: Task = Task.BINARY, **more: Any) -> ReportFacts:
    best = candidate("a", "lightgbm", task)
    base = candidate("b", "constant", task, params={"answer": EVIL[0]})
    known: dict[str, Any] = {
        "run": run(task), "board": (best, base), "candidate": best, "data": data(),
        "signature": signature(task), "measured": measured(task),
        "importance": importance(), "has_script": True,
    }  # fmt: skip
    return ReportFacts(NOW, "1.2.3", **known | more)


def card() -> Card:
    version = ModelVersion(
        "loans", 3, "", "", "linear", signature(), "roc_auc", 0.8, NOW, aliases=("champion",),
        notes=EVIL[0], tags=(EVIL[1],),
    )  # fmt: skip
    lineage = Lineage("run_far", "linear", "ds_far", EVIL[2], 4, "cd" * 32)
    return Card(version, Manifest("loans", 3, "linear", "roc_auc", 0.8, NOW.isoformat(), lineage))


class Elements(HTMLParser):
    """Every element of a page with its attributes, as a browser would find them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def ids(self) -> set[str]:
        return {str(a["id"]) for _, a in self.found if "id" in a}

    def loads(self) -> Iterator[str]:
        """What a browser would fetch or run."""
        for tag, attributes in self.found:
            if tag in ("script", "iframe", "object", "embed", "img", "base", "form"):
                yield tag
            for name, value in attributes.items():
                if name.startswith("on") or (
                    name in ("src", "href", "xlink:href", "srcset", "action", "style")
                    and value != "data:,"
                ):
                    yield f"{tag} {name}={value}"
