"""Everything it takes to train a candidate again without this product, as plain JSON values.

`export/script` writes it as a Python script; a bundle takes its sample rows from it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from freemlops.engine.export.pipeline import TrainedModel
from freemlops.engine.export.specimens import specimens
from freemlops.engine.families.adapted import Logged, Picked
from freemlops.engine.families.neural import NeuralModel
from freemlops.engine.reporter import plain
from freemlops.engine.table import Table, Text
from freemlops.engine.target import Target

if TYPE_CHECKING:
    from freemlops.engine.entry import Built
    from freemlops.engine.workspace import Workspace

FORMAT = 1
ORDER = 997
"""The target's checksum weighs rows by their place, modulo this: rows in another order show."""


def make_recipe(
    work: Workspace,
    parts: Sequence[Built],
    before: Sequence[Built],
    model: TrainedModel,
    figures: dict[str, float],
) -> dict[str, Any]:
    """`before` are the parts that the board's `figures` were measured with, when `parts` learned
    from all rows, the holdout included; else it is empty."""
    spec, seed = work.job.spec, work.shape.seed
    made = {
        "format": FORMAT,
        "target": {"name": spec.target, "task": spec.task, "classes": work.target.classes},
        "columns": [{"name": c.name, "type": c.type, "words": c.words} for c in work.job.columns],
        "inputs": [{"name": i.name, "encoding": i.encoding} for i in work.source.inputs],
        "split": {
            "kind": spec.split.kind,
            "column": spec.split.column,
            "holdout_share": work.plan.split.holdout_share,
        },
        "sampled": work.source.split.sample is not None,
        "worded": bool(model.preparation.words),
        "seed": seed,
        "threads": work.shape.threads,
        "trained_on": "all rows" if before else "the rows outside the holdout",
        "members": [_told(p, seed) for p in parts],
        "measured": [_told(p, seed) for p in before],
        "temperature": model.temperature,
        "figures": figures,
        "check": _fingerprint(work),
        "samples": specimens(model, work.holdout, seed),
    }
    return dict(plain(made))


def _told(part: Built, seed: int) -> dict[str, Any]:
    params = {k: v for k, v in part.params.items() if part.family != "constant"}
    made = {"family": part.family, "weight": part.weight, "seed": seed + part.seed_step}
    return made | {"params": params | _grown(part.model)}


def _grown(model: Any) -> dict[str, Any]:
    """The rounds that a model really took: the clock may have ended its growth."""
    if isinstance(model, Logged | Picked):
        return _grown(model.model)
    if isinstance(model, NeuralModel):
        return {"n_estimators": list(model.epochs)}
    if hasattr(model, "rounds_"):
        return {"n_estimators": int(model.rounds_)}
    if hasattr(model, "steps"):
        trees = getattr(model.steps[-1][1], "estimators_", None)
        return {} if trees is None else {"n_estimators": len(trees)}
    booster = getattr(model, "model", model)
    if hasattr(booster, "get_booster"):
        return {"n_estimators": int(booster.get_booster().num_boosted_rounds())}
    return {}


def _fingerprint(work: Workspace) -> dict[str, Any]:
    """Rows, and for each column how many values are missing and what the others sum up to.

    Who reads the same file again can tell whether it was read alike. Texts sum their lengths.
    """
    names = [i.name for i in work.source.inputs]
    if work.job.spec.split.column and work.job.spec.split.column not in names:
        names.append(work.job.spec.split.column)
    return {
        "rows": work.source.table.rows,
        "order": _in_order(work.target),
        "columns": {n: _sum(work.source.table, n) for n in names},
    }


def _in_order(target: Target) -> float:
    return float(np.dot(target.y, np.arange(len(target.y)) % ORDER))


def _sum(table: Table, name: str) -> list[float]:
    values = table.columns[name]
    if isinstance(values, Text):
        there = values.codes[values.codes >= 0]
        lengths = np.array([len(t) for t in values.levels], np.float64)
        return [table.rows - len(there), float(lengths[there].sum()) if len(there) else 0.0]
    return [int(np.isnan(values).sum()), float(np.nansum(values.astype(np.float64)))]


def to_bytes(recipe: dict[str, Any]) -> bytes:
    """The same recipe gives the same bytes."""
    return json.dumps(recipe, ensure_ascii=False, sort_keys=True).encode()
