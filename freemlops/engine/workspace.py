"""What the learners of a run work on: matrices made of the source's rows."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from freemlops.domain.job import TrainJob
from freemlops.domain.model import Signature
from freemlops.engine.cut import Cut, drawn
from freemlops.engine.families import Shape
from freemlops.engine.plan import Plan, make_plan, threads_for
from freemlops.engine.preprocess.preparation import Matrix, Preparation, fit_transform
from freemlops.engine.reporter import Reporter
from freemlops.engine.source import Source, open_source
from freemlops.engine.table import Table
from freemlops.engine.target import Target
from freemlops.engine.trial import FoldMatrices

LEAST_SKEW = 0.8


@dataclass(frozen=True, slots=True)
class Workspace:
    """`x` and `y` are the development rows of `cut`; `prepared_s` is how long those took."""

    source: Source
    cut: Cut
    preparation: Preparation
    x: Matrix
    y: NDArray[Any]
    x_holdout: Matrix
    shape: Shape
    plan: Plan
    prepared_s: float

    @property
    def job(self) -> TrainJob:
        return self.source.job

    @property
    def target(self) -> Target:
        return self.source.target

    @property
    def signature(self) -> Signature:
        return self.source.signature

    @property
    def holdout(self) -> Table:
        return self.source.holdout

    @property
    def y_holdout(self) -> NDArray[Any]:
        return self.source.y_holdout

    @property
    def more_rows(self) -> float:
        """How many times the development rows all rows of the table are; 1.25 as a rule."""
        return self.source.table.rows / len(self.y)

    @property
    def is_part(self) -> bool:
        """Whether there are rows to learn from that are not in `x`."""
        return len(self.cut.develop) < len(self.source.whole.develop)

    def folds(self) -> list[FoldMatrices]:
        """The matrices of each fold, its preparation learned from its own training rows."""
        made = []
        source = self.source
        develop = source.table.take(self.cut.develop)
        goal = source.goal[self.cut.develop]
        for fold in self.cut.folds:
            part = develop.take(fold.train)
            prepared, x = fit_transform(source.inputs, part, goal[fold.train], self.shape.seed)
            valid = prepared.transform(develop.take(fold.valid))
            made.append(FoldMatrices(x, self.y[fold.train], valid, self.y[fold.valid], fold.valid))
        return made

    def everything(self, most: int | None = None) -> tuple[Preparation, Matrix, NDArray[Any]]:
        """Preparation, matrix and targets of all rows, the holdout included; of `most` of them,
        drawn at random, when that is not None."""
        source, seed = self.source, self.shape.seed
        table, goal, y = source.table, source.goal, source.target.y
        if most is not None and most < table.rows:
            rows = drawn(y, self.shape.classes, most, seed)
            table, goal, y = table.take(rows), goal[rows], y[rows]
        return *fit_transform(source.inputs, table, goal, seed), y

    def shaped(self, preparation: Preparation, rows: int) -> Shape:
        """That of a matrix of other rows: more levels of a text may be kept, or fewer."""
        return replace(
            self.shape,
            rows=rows,
            features=len(preparation.features),
            categorical=preparation.categorical,
            spare=preparation.spare,
            means=preparation.means,
            worded=preparation.worded,
        )

    def grown(self) -> Workspace:
        """The workspace of the search, when the first models have seen fewer rows than it does."""
        return self if self.cut is self.source.cut else _prepared(self.source, self.source.cut)


def open_workspace(job: TrainJob, reporter: Reporter, *, first: bool = False) -> Workspace:
    """Read, cut and prepare the data. Raises `InvalidError` when nothing can be learned from it.

    With `first` there are only so many rows as the first simple models are made of; see `grown`.
    """
    source = open_source(job, reporter)
    return _prepared(source, source.first if first else source.cut)


def _prepared(source: Source, cut: Cut) -> Workspace:
    begun = time.monotonic()
    job, target, seed = source.job, source.target, source.job.spec.seed
    goal = source.goal[cut.develop]
    prepared, x = fit_transform(source.inputs, source.table.take(cut.develop), goal, seed)
    took = time.monotonic() - begun
    features = len(prepared.features)
    threads = threads_for(len(x), features, job.threads)
    shape = Shape(
        len(x), features, target.class_count, prepared.categorical, threads, seed,
        prepared.spare, prepared.means, _can_log(target), prepared.worded,
    )  # fmt: skip
    plan = make_plan(
        source.split, len(source.cut.develop), source.holdout.rows, features, job.spec.metric,
        seed, threads, job.spec.budget_s,
    )  # fmt: skip
    return Workspace(
        source=source,
        cut=cut,
        preparation=prepared,
        x=x,
        y=target.y[cut.develop],
        x_holdout=prepared.transform(source.holdout),
        shape=shape,
        plan=plan,
        prepared_s=took,
    )


def _can_log(target: Target) -> bool:
    """Whether the target is never negative and its few large values tower over the rest."""
    y = target.y
    if target.class_count or float(y.min()) < 0:
        return False
    spread = float(y.std())
    return float(np.mean(((y - y.mean()) / spread) ** 3)) > LEAST_SKEW
