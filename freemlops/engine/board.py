"""The leaderboard under construction: a model stands on it once it is scored and exported."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from freemlops.domain.errors import ExportError
from freemlops.domain.job import MEMORY, Earlier
from freemlops.domain.ranking import rank, ties
from freemlops.domain.run import Candidate, EventKind, Score
from freemlops.domain.words import say
from freemlops.engine.entry import Built, Entry, recalled_entry
from freemlops.engine.evaluate import Judge, to_loss
from freemlops.engine.export.files import Exported, described, export
from freemlops.engine.export.pipeline import Member, TrainedModel
from freemlops.engine.export.recipe import make_recipe, to_bytes
from freemlops.engine.failure import refused
from freemlops.engine.holdout import write_predictions
from freemlops.engine.memory import recall_candidate
from freemlops.engine.preprocess.preparation import Preparation
from freemlops.engine.reporter import Reporter, fields
from freemlops.engine.workspace import Workspace


class Board:
    """Scores on the holdout, exports, announces; keeps track of the leader and its ties."""

    def __init__(self, workspace: Workspace, reporter: Reporter) -> None:
        self._workspace = workspace
        self._reporter = reporter
        self.judge = Judge(workspace.target.task, workspace.y_holdout, workspace.shape.seed)
        self._metric = workspace.job.spec.metric
        self._resamples: dict[str, NDArray[np.float64]] = {}
        self._leader: tuple[str, tuple[str, ...]] | None = None
        self._kept = 0
        self.entries: dict[str, Entry] = {}

    @property
    def best(self) -> Entry | None:
        """The first by the holdout, unless it cannot be told from one that is better overall.

        What the holdout leaves open is decided by the folds and the holdout together: those are
        more rows.
        """
        board = rank([e.candidate for e in self.entries.values()], self._metric)
        if not board:
            return None
        first = self.entries[board[0].id]
        equals = [self.entries[n] for n in self._ties(first.candidate.id)]
        judged = [e for e in (first, *equals) if e.candidate.folds]
        return min(judged, key=self._overall) if judged else first

    def _overall(self, entry: Entry) -> float:
        """The loss on folds and holdout, each weighed by its rows."""
        folds = [to_loss(self._metric, v) for v in entry.candidate.folds]
        held = to_loss(self._metric, entry.candidate.holdout[self._metric].value)
        rows = len(self._workspace.y), len(self._workspace.y_holdout)
        return float(np.average([np.mean(folds), held], weights=rows))

    def _ties(self, name: str) -> tuple[str, ...]:
        if self.judge.is_blind:
            return tuple(n for n in self._resamples if n != name)
        return ties({n: self._list(n) for n in self._resamples}, name, self._metric)

    def resamples(self, name: str) -> NDArray[np.float64]:
        """[resamples]: the metric of the run on each, of a candidate on the board."""
        return self._resamples[name]

    def set_folds(self, name: str, folds: tuple[float, ...]) -> None:
        """Tell the scores on the folds of a candidate that was on the board before them."""
        entry = self.entries.get(name)
        if entry is None or entry.candidate.folds == folds:
            return
        entry = replace(entry, candidate=replace(entry.candidate, folds=folds))
        self.entries[name] = entry
        self._reporter.send(EventKind.CANDIDATE, fields(self._with_tie(entry.candidate)))
        self._announce()

    @property
    def tied(self) -> tuple[str, ...]:
        return self._leader[1] if self._leader else ()

    def add(
        self,
        family: str,
        parts: Sequence[Built],
        folds: tuple[float, ...] = (),
        temperature: float = 1.0,
    ) -> Entry | None:
        """Score, export and announce; None, with a line in the receipt, when the export fails.

        `folds` are its scores there, `temperature` what calibrates its probabilities.

        A model whose figures equal those of one of its family is that one: a second line would
        tell a person nothing.
        """
        begun = time.monotonic()
        name = self._free_name(family)
        model = self.assemble(parts, self._workspace.preparation, temperature)
        made = model.matrix_outputs(self._workspace.x_holdout)
        scores, spread = self.judge.judge(made)
        for entry in self.entries.values():
            if entry.candidate.family == family and entry.candidate.holdout == scores:
                return entry
        try:
            exported = self.write(model, name)
        except ExportError as error:
            self.refuse(family, error)
            return None
        self.write_recipe(exported, model, name, parts, scores=scores)
        candidate = self._candidate(name, family, parts, folds, scores, exported)
        rows, took = len(self._workspace.y), time.monotonic() - begun
        entry = Entry(candidate, tuple(parts), took, made, rows, temperature)
        self._place(entry, spread[self._metric])
        artifacts = exported.artifacts | self.remember(name, entry.memory())
        artifacts |= write_predictions(self._workspace, name, made)
        data = fields(self._with_tie(candidate))
        self._reporter.send(EventKind.CANDIDATE, data | {"artifacts": artifacts})
        self._announce()
        return entry

    def move(self, workspace: Workspace) -> None:
        """From now on models are made of the rows of `workspace`; the holdout is the same."""
        self._workspace = workspace

    def _place(self, entry: Entry, resamples: NDArray[np.float64]) -> None:
        name = entry.candidate.id
        self._resamples[name] = resamples
        self.entries[name] = entry

    def remember(self, name: str, content: bytes) -> dict[str, dict[str, Any]]:
        """Keep `content` for when the run goes on, as the artifact of an event.

        Each time in a file of its own: the last one may still be read by who stores it. Not of a
        run with a number of trials: it is to be the same each time, and ends for good.
        """
        if self._workspace.job.spec.max_trials is not None:
            return {}
        self._kept += 1
        path = self._workspace.job.workdir / f"{name}-{self._kept}.{MEMORY}"
        path.write_bytes(content)
        return {MEMORY: described(path)}

    def recall(self, earlier: Earlier) -> None:
        """Put the candidates of an earlier part of the run back, scored as they were."""
        entries = [
            recalled_entry(c, recall_candidate(earlier.memory[c.id])) for c in earlier.candidates
        ]
        for entry in entries:
            self._place(entry, self.judge.resamples(self._metric, entry.made))
        self._announce()

    def assemble(
        self, parts: Sequence[Built], preparation: Preparation, temperature: float = 1.0
    ) -> TrainedModel:
        members = tuple(Member(p.family, p.weight, p.model) for p in parts)
        return TrainedModel(self._workspace.signature, preparation, members, temperature)

    def write(self, model: TrainedModel, name: str) -> Exported:
        """Export and prove. Raises `ExportError`, also for whatever a converter raises."""
        work = self._workspace
        try:
            return export(model, work.job.workdir, name, work.holdout, work.shape.seed)
        except ExportError:
            raise
        except Exception as error:  # converters raise anything; one family must not end the run
            raise ExportError(
                "The export stopped with “{problem}”.", problem=f"{type(error).__name__}: {error}"
            ) from error

    def write_recipe(
        self,
        exported: Exported,
        model: TrainedModel,
        name: str,
        parts: Sequence[Built],
        before: Sequence[Built] = (),
        *,
        scores: Mapping[str, Score],
    ) -> None:
        """Beside the exported files, how to make the model again. `before` are the parts whose
        `scores` stand on the board, when the model's own learned from all rows.

        A recipe that can't be written is a line in the receipt: the model is good without it.
        """
        try:
            figures = {metric: score.value for metric, score in scores.items()}
            made = make_recipe(self._workspace, parts, before, model, figures)
            path = self._workspace.job.workdir / f"{name}.recipe.json"
            path.write_bytes(to_bytes(made))
            exported.artifacts["recipe"] = described(path)
        except Exception as error:
            self._reporter.leave_out(
                say(
                    "The script and the bundle of {family} could not be written: {problem}",
                    family=parts[0].family,
                    problem=f"{type(error).__name__}: {error}",
                )
            )

    def refuse(self, family: str, error: ExportError) -> None:
        self._reporter.leave_out(refused(family, error))

    def _free_name(self, family: str) -> str:
        count = sum(e.candidate.family == family for e in self.entries.values())
        return family if not count else f"{family}-{count + 1}"

    def _candidate(
        self,
        name: str,
        family: str,
        parts: Sequence[Built],
        folds: tuple[float, ...],
        scores: Mapping[str, Score],
        exported: Exported,
    ) -> Candidate:
        single = len(parts) == 1
        return Candidate(
            id=name,
            run=self._workspace.job.run,
            family=family,
            holdout=scores,
            folds=folds,
            fit_s=round(sum(p.fit_s for p in parts), 4),
            latency_ms=round(exported.latency_ms, 4),
            size_bytes=exported.size_bytes,
            parity=exported.parity.worst,
            parity_rows=exported.parity.rows,
            members=() if single else tuple((p.family, round(p.weight, 4)) for p in parts),
            params=dict(parts[0].params) if single else {},
        )

    def _with_tie(self, candidate: Candidate) -> Candidate:
        best = self.best
        if best is None or best.candidate.id == candidate.id:
            return candidate
        if self.judge.is_blind:
            return replace(candidate, tied_with_best=True)
        name = best.candidate.id
        pair = {name: self._list(name), candidate.id: self._list(candidate.id)}
        return replace(candidate, tied_with_best=bool(ties(pair, name, self._metric)))

    def _list(self, name: str) -> list[float]:
        return [float(v) for v in self._resamples[name]]

    def _announce(self) -> None:
        best = self.best
        if best is None:
            return
        name = best.candidate.id
        leader = (name, self._ties(name))
        if leader != self._leader:
            self._leader = leader
            self._reporter.send(EventKind.BEST, {"candidate": name, "tied": list(leader[1])})
