"""How good each candidate is, where it fails and how sure that is, from its stored answers."""

from __future__ import annotations

from collections.abc import Callable, Hashable

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from freemlops.domain.dataset import DatasetVersion
from freemlops.domain.errors import InvalidError, NotFoundError
from freemlops.domain.evaluation.curves import Curve
from freemlops.domain.evaluation.figures import Evaluation
from freemlops.domain.evaluation.groups import GroupReport
from freemlops.domain.evaluation.measures import MEASURES, measures_for
from freemlops.domain.evaluation.mistakes import Mistake, Mistakes
from freemlops.domain.evaluation.threshold import HALF, Costs, Rule, Thresholds
from freemlops.domain.evaluation.ties import Ties
from freemlops.domain.run import Run, Task
from freemlops.domain.words import Message, say
from freemlops.engine.arrays import as_array
from freemlops.engine.evaluate import Judge
from freemlops.engine.evaluation.answers import Answers, answers_of
from freemlops.engine.evaluation.columns import grouped, in_own_words
from freemlops.engine.evaluation.figures import Scorer
from freemlops.engine.evaluation.ladder import Ladder, at, choose, climb
from freemlops.engine.evaluation.plots import CURVES, Asked, draw
from freemlops.services.kept import Kept
from freemlops.services.standings import standings
from freemlops.warehouse.warehouse import Warehouse

KEPT_BYTES = 192 * 1024**2
"""Of answers: those of a million rows take 32 MB."""
KEPT_RESULTS = 512
KEPT_JUDGES = 4
MOST_ROWS = 200
BASELINE = "constant"


class EvaluationService:
    """Blocking and thread-safe. Everything may raise `NotFoundError`: an unknown run or candidate,
    answers that are not stored. What can't be measured is told by a `Message` in its place."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._answers = Kept(KEPT_BYTES)
        self._results = Kept(KEPT_RESULTS)
        self._judges = Kept(KEPT_JUDGES)

    def evaluation(self, run: str, candidate: str) -> Evaluation:
        """All metrics of the task, the run's own first, with intervals and the baseline's."""
        known = self._known(run, candidate)

        def make() -> Evaluation:
            answers = self.read(known, candidate)
            scorer = Scorer(self.judge(known, answers))
            metrics = tuple(m.name for m in measures_for(known.spec.task, known.spec.metric))
            figures = scorer.figures(metrics, answers, self._baseline(known))
            return Evaluation(
                run, candidate, known.spec.task, answers.count, scorer.sampled, answers.classes,
                figures,
            )  # fmt: skip

        return self._once("evaluation", known, candidate, make)

    def ties(self, run: str) -> Ties:
        """Who can't be told from the best, how sure that is, and which of them to take."""
        known = self._warehouse.runs.get(run)
        board = self._warehouse.runs.candidates(run)
        stored = self._stored(run)
        key = ("ties", run, known.best, tuple((c.id, c.folds) for c in board), stored)

        def make() -> Ties:
            first = next((c for c in stored), None)
            scorer = None
            if first is not None:
                answers = self.read(known, first)
                if answers.trouble is None:
                    judge = self.judge(known, answers)
                    scorer = None if judge.is_blind else Scorer(judge)
            return standings(known, board, scorer, stored, lambda c: self.read(known, c))

        return self._results.get(key, make)

    def curve(
        self,
        run: str,
        candidate: str,
        name: str,
        *,
        threshold: float | None = None,
        costs: Costs | None = None,
        column: str | None = None,
    ) -> Curve | Message:
        """One of `CURVES` of the task. Raises `InvalidError` for another, for costs or a column
        that are missing."""
        known = self._known(run, candidate)
        if name not in CURVES[known.spec.task]:
            raise InvalidError(
                "There is no curve “{name}” for this task. There are: {names}.",
                name=name,
                names=", ".join(CURVES[known.spec.task]),
            )

        def make() -> Curve | Message:
            answers = self.read(known, candidate)
            if answers.trouble is not None:
                return answers.trouble
            grouping = None
            if name == "residuals_column":
                grouping = grouped(self._column(known, candidate, answers, column))
            asked = Asked(threshold, costs, column or "", grouping)
            return draw(name, answers, lambda: self._ladder(known, candidate, answers), asked)

        return self._once(("curve", name, threshold, costs, column), known, candidate, make)

    def thresholds(
        self,
        run: str,
        candidate: str,
        threshold: float = HALF,
        costs: Costs | None = None,
    ) -> Thresholds | Message:
        """What comes of a threshold, and the best ones by each rule, that of cost with costs only.

        Raises `InvalidError` unless the question is one of yes or no.
        """
        known = self._known(run, candidate)
        if known.spec.task is not Task.BINARY:
            raise InvalidError("Only a question of yes or no has a threshold.")
        answers = self.read(known, candidate)
        if answers.trouble is not None:
            return answers.trouble
        ladder = self._ladder(known, candidate, answers)
        if not ladder.yes or not ladder.no:
            return say("Only one class was held out, so no threshold can be chosen.")
        rules = [r for r in Rule if r is not Rule.COST or costs is not None]
        return Thresholds(
            answers.classes[1],
            at(ladder, threshold, costs),
            tuple(choose(ladder, rule, costs) for rule in rules),
        )

    def groups(
        self, run: str, candidate: str, column: str, metric: str | None = None
    ) -> GroupReport | Message:
        """A metric, the run's by default, for each value of a column or each quarter of numbers.

        Raises `InvalidError` for a column or metric that is not there.
        """
        from freemlops.engine.evaluation.groups import by_group  # loads scipy: not at start

        known = self._known(run, candidate)
        chosen = metric or known.spec.metric
        if chosen not in MEASURES or known.spec.task not in MEASURES[chosen].tasks:
            raise InvalidError("There is no metric “{metric}” for this task.", metric=chosen)

        def make() -> GroupReport | Message:
            answers = self.read(known, candidate)
            if answers.trouble is not None:
                return answers.trouble
            grouping = grouped(self._column(known, candidate, answers, column))
            return by_group(answers, column, grouping, chosen, known.spec.seed)

        return self._once(("groups", column, chosen), known, candidate, make)

    def mistakes(self, run: str, candidate: str) -> Mistakes:
        """The ten most wrong rows, and what many wrong rows have in common."""
        from freemlops.engine.evaluation import mistakes  # loads scipy: not at start

        known = self._known(run, candidate)

        def make() -> Mistakes:
            answers = self.read(known, candidate)
            if answers.trouble is not None:
                return Mistakes((), (), answers.count, answers.trouble)
            worst = self._rows(known, answers, mistakes.worst(answers))
            places = mistakes.sampled(answers, known.spec.seed)
            part = answers.take(places)
            raw = self._told(known, part).drop_columns([known.spec.target])
            found = mistakes.clusters(part, raw, known.spec.seed)
            note = None
            if not found:
                note = say("The mistakes have nothing in common that is more than chance.")
            return Mistakes(tuple(worst), found, answers.count, note)

        return self._once("mistakes", known, candidate, make)

    def cell(
        self,
        run: str,
        candidate: str,
        true: str,
        said: str,
        threshold: float | None = None,
        limit: int = 50,
    ) -> tuple[Mistake, ...]:
        """The rows of one cell of the confusion matrix with their raw values, the least sure of
        the truth first. Raises `InvalidError` for a label that is no class."""
        from freemlops.engine.evaluation import mistakes

        known = self._known(run, candidate)
        answers = self.read(known, candidate)
        for label in (true, said):
            if label not in answers.classes:
                raise InvalidError("There is no class “{label}”.", label=label)
        answered = answers.made.argmax(axis=1)
        if threshold is not None and len(answers.classes) == 2:
            answered = (answers.made[:, 1] >= threshold).astype(np.int64)
        codes = answers.classes.index(true), answers.classes.index(said)
        inside = np.flatnonzero((answers.y == codes[0]) & (answered == codes[1]))
        part = inside[mistakes.worst(answers.take(inside), min(limit, MOST_ROWS))]
        return tuple(self._rows(known, answers, part))

    def _rows(self, run: Run, answers: Answers, places: NDArray[np.intp]) -> list[Mistake]:
        from freemlops.engine.evaluation import mistakes

        raw = self._raw(run, answers.take(places)).to_pylist()
        return mistakes.described(answers, [int(p) for p in places], raw)

    def _raw(self, run: Run, answers: Answers) -> pa.Table:
        spec = run.spec
        places = answers.rows.tolist()
        return self._warehouse.datasets.rows_at(spec.dataset, spec.version, places)

    def _told(self, run: Run, answers: Answers) -> pa.Table:
        """`_raw`, with truth values in the data's own words."""
        words = {c.name: c.words for c in self._data(run).columns}
        raw = self._raw(run, answers)
        return pa.table({n: in_own_words(raw[n], words[n]) for n in raw.column_names})

    def _data(self, run: Run) -> DatasetVersion:
        return self._warehouse.datasets.get(run.spec.dataset, run.spec.version)

    def _column(
        self, run: Run, candidate: str, answers: Answers, column: str | None
    ) -> pa.ChunkedArray:
        """Of the held-out rows, in their order."""
        spec = run.spec
        version, table = self._warehouse.datasets.table_of(spec.dataset, spec.version)
        about = version.column(column or "")
        if column is None or about is None:
            raise InvalidError("There is no column called “{column}”.", column=column or "")
        found = self._warehouse.holdouts.column(run.id, candidate, table, column)
        by_row = np.argsort(as_array(found["row"]))
        turns = np.empty(len(by_row), np.int64)
        turns[np.argsort(answers.rows)] = by_row
        return in_own_words(found["value"].take(pa.array(turns)), about.words)

    def _known(self, run: str, candidate: str) -> Run:
        found = self._warehouse.runs.get(run)
        if candidate not in {c.id for c in self._warehouse.runs.candidates(run)}:
            raise NotFoundError("The run has no candidate “{candidate}”.", candidate=candidate)
        self._warehouse.holdouts.get(run)  # gone with its data: nothing kept may be told then
        return found

    def _stored(self, run: str) -> tuple[str, ...]:
        try:
            self._warehouse.holdouts.get(run)
        except NotFoundError:
            return ()
        return tuple(sorted(self._warehouse.holdouts.candidates(run)))

    def read(self, run: Run, candidate: str) -> Answers:
        """The stored answers."""

        def make() -> Answers:
            classes = self._warehouse.holdouts.get(run.id).classes
            table = self._warehouse.holdouts.read(run.id, candidate)
            return answers_of(table, run.spec.task, classes)

        return self._answers.get((run.id, candidate), make, lambda a: a.size_bytes)

    def judge(self, run: Run, answers: Answers) -> Judge:
        """That of the run's holdout; `answers` are any of the run's."""

        def make() -> Judge:
            return Judge(run.spec.task, answers.y, run.spec.seed)

        return self._judges.get(run.id, make)

    def _baseline(self, run: Run) -> Answers | None:
        found = self._warehouse.runs.candidates(run.id)
        name = next((c.id for c in found if c.family == BASELINE), None)
        stored = name is not None and name in self._stored(run.id)
        return self.read(run, name) if stored and name is not None else None

    def _ladder(self, run: Run, candidate: str, answers: Answers) -> Ladder:
        def make() -> Ladder:
            return climb(answers.made[:, 1], answers.y == 1)

        key = ("ladder", run.id, candidate)
        return self._answers.get(key, make, lambda found: 3 * found.scores.nbytes)

    def _once[T](self, what: Hashable, run: Run, candidate: str, make: Callable[[], T]) -> T:
        return self._results.get((what, run.id, candidate), make)
