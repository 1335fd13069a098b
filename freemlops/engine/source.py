"""What a run learns from, read once: the rows, how they are cut, which columns are inputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from freemlops.domain.errors import InvalidError
from freemlops.domain.job import TrainJob
from freemlops.domain.model import Signature
from freemlops.domain.run import SplitKind
from freemlops.domain.splits import SplitPlan, plan_split
from freemlops.domain.words import say
from freemlops.engine.cut import Cut, cut_rows, thinned
from freemlops.engine.preprocess.inputs import Input, choose_inputs, width
from freemlops.engine.preprocess.preparation import goals
from freemlops.engine.reporter import Reporter
from freemlops.engine.signature import describe
from freemlops.engine.table import Table, Text, read_table
from freemlops.engine.target import Target, read_target


@dataclass(frozen=True, slots=True)
class Source:
    """`table` holds only rows with a target. Of a large one the search learns from a part of the
    development rows: `cut` has that part, `whole` all of them, `first` those of the first models.
    """

    job: TrainJob
    table: Table
    target: Target
    split: SplitPlan
    whole: Cut
    cut: Cut
    first: Cut
    inputs: tuple[Input, ...]
    holdout: Table
    signature: Signature

    @property
    def goal(self) -> NDArray[np.float64]:
        return goals(self.target.y, self.target.class_count)

    @property
    def by(self) -> NDArray[np.float64] | None:
        """The time or the group's code of each row of the table, if it is split by them."""
        return _by(self.job, self.table)

    @property
    def y_holdout(self) -> NDArray[Any]:
        return np.asarray(self.target.y[self.whole.holdout])


def open_source(job: TrainJob, reporter: Reporter) -> Source:
    """Read and cut the data. Raises `InvalidError` when nothing can be learned from it."""
    spec = job.spec
    known = next((c for c in job.columns if c.name == spec.target), None)
    if known is None:
        raise InvalidError("There is no column called “{column}”.", column=spec.target)
    others = [c for c in job.columns if c.name != spec.target]
    source, raw = read_table(job.data, others)
    target = read_target(source.column(spec.target), known, spec.task)
    _say_dropped(reporter, source.num_rows, target)
    if len(target.rows) < source.num_rows:
        raw, source = raw.take(target.rows), source.take(pa.array(target.rows))
    table = raw
    split = job.earlier.split if job.earlier else None
    if split is None:
        rarest = int(np.bincount(target.y).min()) if target.class_count else None
        read = [c.name for c in others if c.name not in spec.exclude]
        features = width(table, read)
        split = plan_split(spec.split.kind, table.rows, features, spec.budget_s, rarest)
    whole = cut_rows(split, target, _by(job, table), spec.seed)
    cut = thinned(whole, target, split.sample, spec.seed)
    _say_sampled(reporter, len(whole.develop), len(cut.develop))
    inputs = _inputs(job, table.take(cut.develop), reporter)
    return Source(
        job=job,
        table=table,
        target=target,
        split=split,
        whole=whole,
        cut=cut,
        first=cut if split.first is None else thinned(whole, target, split.first, spec.seed),
        inputs=inputs,
        holdout=table.take(whole.holdout),
        signature=describe(inputs, job.columns, source, table, target),
    )


def _say_dropped(reporter: Reporter, rows: int, target: Target) -> None:
    dropped = rows - len(target.rows)
    if dropped:
        message = say(
            "{rows} rows without a value in “{column}” were left out.",
            rows=dropped,
            column=target.name,
        )
        reporter.note(message)


def _say_sampled(reporter: Reporter, all_rows: int, rows: int) -> None:
    if rows < all_rows:
        message = say(
            "There are {all} rows to learn from. To try more in the time, the search used {rows} "
            "of them, drawn at random.",
            all=all_rows,
            rows=rows,
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
