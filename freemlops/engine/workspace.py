"""Everything a run works on, read and cut once: the rows, the matrices, the signature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from freemlops.domain.errors import InvalidError
from freemlops.domain.job import TrainJob
from freemlops.domain.model import Signature
from freemlops.domain.run import SplitKind
from freemlops.domain.splits import plan_split
from freemlops.domain.words import say
from freemlops.engine.cut import Cut, cut_rows
from freemlops.engine.families import Shape
from freemlops.engine.plan import Plan, make_plan, threads_for
from freemlops.engine.preprocess.inputs import Input, choose_inputs
from freemlops.engine.preprocess.preparation import (
    Matrix,
    Preparation,
    fit_transform,
    goals,
)
from freemlops.engine.reporter import Reporter
from freemlops.engine.signature import describe
from freemlops.engine.table import Table, Text, read_table
from freemlops.engine.target import Target, read_target
from freemlops.engine.trial import FoldMatrices

LEAST_SKEW = 0.8


@dataclass(frozen=True, slots=True)
class Workspace:
    """`table` holds only rows with a target; `x` and `y` are the development rows."""

    job: TrainJob
    table: Table
    target: Target
    cut: Cut
    inputs: tuple[Input, ...]
    preparation: Preparation
    x: Matrix
    y: NDArray[Any]
    holdout: Table
    x_holdout: Matrix
    y_holdout: NDArray[Any]
    shape: Shape
    signature: Signature
    plan: Plan

    @property
    def goal(self) -> NDArray[np.float64]:
        return goals(self.target.y, self.target.class_count)

    def folds(self) -> list[FoldMatrices]:
        """The matrices of each fold, its preparation learned from its own training rows."""
        made = []
        develop = self.table.take(self.cut.develop)
        goal = self.goal[self.cut.develop]
        for fold in self.cut.folds:
            part = develop.take(fold.train)
            prepared, x = fit_transform(self.inputs, part, goal[fold.train], self.shape.seed)
            valid = prepared.transform(develop.take(fold.valid))
            made.append(FoldMatrices(x, self.y[fold.train], valid, self.y[fold.valid], fold.valid))
        return made

    def everything(self) -> tuple[Preparation, Matrix]:
        """Preparation and matrix of all rows, the holdout included."""
        return fit_transform(self.inputs, self.table, self.goal, self.shape.seed)


def open_workspace(job: TrainJob, reporter: Reporter) -> Workspace:
    """Read and cut the data. Raises `InvalidError` when nothing can be learned from it."""
    spec = job.spec
    known = next((c for c in job.columns if c.name == spec.target), None)
    if known is None:
        raise InvalidError("There is no column called “{column}”.", column=spec.target)
    others = [c for c in job.columns if c.name != spec.target]
    source, raw = read_table(job.data, others)
    target = read_target(source.column(spec.target), known, spec.task)
    _say_dropped(reporter, source.num_rows, target)
    table = raw.take(target.rows)
    rarest = int(np.bincount(target.y).min()) if target.class_count else None
    split = job.earlier.split if job.earlier else None
    if split is None:
        split = plan_split(spec.split.kind, table.rows, len(others), spec.budget_s, rarest)
    cut = cut_rows(split, target, _by(job, table), spec.seed)
    inputs = _inputs(job, table.take(cut.develop), reporter)
    goal = goals(target.y, target.class_count)[cut.develop]
    prepared, x = fit_transform(inputs, table.take(cut.develop), goal, spec.seed)
    holdout = table.take(cut.holdout)
    features = len(prepared.features)
    threads = threads_for(len(x), features, job.threads)
    shape = Shape(
        len(x), features, target.class_count, prepared.categorical, threads, spec.seed,
        prepared.spare, prepared.means, _can_log(target),
    )  # fmt: skip
    plan = make_plan(
        split, len(x), holdout.rows, features, spec.metric, spec.seed, threads, spec.budget_s
    )
    return Workspace(
        job, table, target, cut, inputs, prepared, x, target.y[cut.develop], holdout,
        prepared.transform(holdout), target.y[cut.holdout], shape,
        describe(inputs, job.columns, source, raw, target), plan,
    )  # fmt: skip


def _can_log(target: Target) -> bool:
    """Whether the target is never negative and its few large values tower over the rest."""
    y = target.y
    if target.class_count or float(y.min()) < 0:
        return False
    spread = float(y.std())
    return float(np.mean(((y - y.mean()) / spread) ** 3)) > LEAST_SKEW


def _say_dropped(reporter: Reporter, rows: int, target: Target) -> None:
    dropped = rows - len(target.rows)
    if dropped:
        message = say(
            "{rows} rows without a value in “{column}” were left out.",
            rows=dropped,
            column=target.name,
        )
        reporter.note(message)


def _inputs(job: TrainJob, develop: Table, reporter: Reporter) -> tuple[Input, ...]:
    spec = job.spec
    exclude: Sequence[str] = spec.exclude
    if spec.split.kind is SplitKind.GROUP and spec.split.column:
        exclude = (*exclude, spec.split.column)
    inputs, notes = choose_inputs(develop, job.columns, spec.target, exclude)
    for note in notes:
        reporter.note(note)
    if not inputs:
        raise InvalidError("No column is left to learn from.")
    return inputs


def _by(job: TrainJob, table: Table) -> NDArray[np.float64] | None:
    split = job.spec.split
    if split.kind is SplitKind.RANDOM:
        return None
    values = table.columns.get(split.column or "")
    if values is None:
        raise InvalidError("Choose the column by which the rows are split.")
    if isinstance(values, Text):
        if split.kind is SplitKind.TIME:
            raise InvalidError(
                "“{column}” holds no dates or numbers to sort by.", column=split.column
            )
        return values.codes.astype(np.float64)
    return np.asarray(values, np.float64)
