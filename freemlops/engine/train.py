"""One training, from the data file to proven exports; runs in a process of its own."""

from __future__ import annotations

import contextlib
import platform
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from freemlops.domain.errors import FreeMLOpsError, TrainingError
from freemlops.domain.job import Earlier, TrainJob
from freemlops.domain.run import Event, EventKind, Phase, RunStatus, Trial
from freemlops.domain.words import Message, say
from freemlops.engine.board import Board
from freemlops.engine.checkpoints import Checkpoints
from freemlops.engine.clock import Clock
from freemlops.engine.failure import failed
from freemlops.engine.finish import Finish
from freemlops.engine.flaml_adapter import Search
from freemlops.engine.floor import build_floor
from freemlops.engine.forecast import search_ends
from freemlops.engine.learning import Learning
from freemlops.engine.party import Alone, Party
from freemlops.engine.pool import Pool
from freemlops.engine.recall import recall
from freemlops.engine.refit import Refit
from freemlops.engine.reporter import OUT_OF_TIME, Halted, Reporter, fields
from freemlops.engine.shared import Helpers, Regroup
from freemlops.engine.trial import FoldMatrices, Outclassed, Tried
from freemlops.engine.workspace import Workspace, open_workspace

LIBRARIES = (
    "freemlops", "flaml", "lightgbm", "xgboost-cpu", "scikit-learn", "numpy", "scipy", "pandas",
    "pyarrow", "joblib", "onnx", "onnxruntime",
)  # fmt: skip
PROMOTE_EVERY = 0.1
"""While it searches, the best trial goes on the board at most this often (of the budget)."""


def train(
    job: TrainJob,
    emit: Callable[[Event], None],
    stop: Callable[[], str | None],
    party: Party | None = None,
) -> None:
    """Train, sending events; the last is always `done`, whatever happened.

    `stop` answers None, "stop" (end now, keep the best) or "cancel". `party` leads to machines
    that search some of the families.
    """
    before_s = job.earlier.receipt.used_s if job.earlier else 0.0
    reporter = Reporter(Clock(job.clicked_at, job.spec.budget_s, before_s), emit, stop)
    if job.earlier is not None:
        reporter.notes += job.earlier.receipt.notes
        reporter.trials = job.earlier.receipt.trials
    training = Training(job, reporter, party or Alone())
    reporter.start()
    status, error = RunStatus.FINISHED, None
    try:
        training.run()
    except Halted as halt:
        status = RunStatus.CANCELLED if halt.reason == "cancel" else RunStatus.STOPPED
        if status is RunStatus.STOPPED:
            training.rescue()
    except FreeMLOpsError as problem:
        status, error = RunStatus.FAILED, problem.message
    except Exception as problem:  # the person must hear of it, and the best so far be kept
        error = say(
            "The training stopped with an error: {problem}",
            problem=f"{type(problem).__name__}: {problem}",
        )
        status = RunStatus.FAILED
    _done(job.earlier, reporter, training, status, error)


def _done(
    earlier: Earlier | None,
    reporter: Reporter,
    training: Training,
    status: RunStatus,
    error: Message | None,
) -> None:
    best, tied = training.leader()
    if status is RunStatus.CANCELLED and earlier is not None and earlier.best:
        status = RunStatus.STOPPED  # what there was before this part of the run stays
    if status is RunStatus.CANCELLED:
        best, tied = None, ()
    if best is not None and status is RunStatus.FAILED and error is not None:
        reporter.leave_out(error)
        status, error = RunStatus.FINISHED, None
    if best is None and status is RunStatus.STOPPED:
        status = RunStatus.CANCELLED
    receipt = reporter.receipt()
    data: dict[str, Any] = {
        "status": status.value,
        "best": best,
        "tied": list(tied),
        "receipt": fields(receipt.after(earlier.receipt) if earlier else receipt),
        "libraries": _libraries(),
    }
    if error is not None:
        data["error"] = error.to_json()
    reporter.done(data)


def _libraries() -> dict[str, str]:
    made = {"python": platform.python_version()}
    for name in LIBRARIES:
        with contextlib.suppress(PackageNotFoundError):  # a plain checkout is not installed
            made[name] = version(name)
    return made


class Training:
    """The steps of one run, in order."""

    def __init__(self, job: TrainJob, reporter: Reporter, party: Party) -> None:
        self._job = job
        self._reporter = reporter
        self._helpers = Helpers(party, reporter, self._arrived)
        self._search: Search | None = None
        self._pool = Pool()
        self._ahead: Tried | None = None
        self._ends = 0.0
        self._promoted = 0.0
        self._finish: Finish | None = None
        self._checkpoints: Checkpoints | None = None
        self.board: Board | None = None

    def leader(self) -> tuple[str | None, tuple[str, ...]]:
        """The best candidate, and those as good as it; that of before, while there is no other."""
        best = self.board.best if self.board else None
        if self.board is not None and best is not None:
            return best.candidate.id, self.board.tied
        earlier = self._job.earlier
        return (earlier.best, earlier.tied) if earlier else (None, ())

    def run(self) -> None:
        reporter = self._reporter
        reporter.check()
        work = open_workspace(self._job, reporter, first=True)
        plan = fields(work.plan) | {
            "data_sha256": self._job.data_sha256,
            "libraries": _libraries(),
            "machines": 1 + self._helpers.count,
        }
        signature = fields(work.signature)
        reporter.send(EventKind.PLAN, plan | {"signature": signature})
        reporter.phase(Phase.FLOOR)
        board = Board(work, reporter)
        if self._job.earlier is not None:
            board.recall(self._job.earlier)
        self.board = board
        self._checkpoints = Checkpoints(board, reporter)
        build_floor(work, board, reporter)
        if not board.entries:
            raise TrainingError("None of the simplest models could be trained on this data.")
        reporter.phase(Phase.SEARCH)
        work = work.grown()
        board.move(work)
        folds = work.folds()
        self._finish = finish = Finish(work, board, reporter, folds)
        self._seek(work, folds)
        self._checkpoints.keep(self._pool)
        reporter.phase(Phase.ENSEMBLE)
        if self._pool.count:
            finish.ensemble(self._pool)
            finish.finalists(self._pool)
        reporter.phase(Phase.ROWS)
        Learning(work, board, reporter).run()
        reporter.phase(Phase.REFIT)
        Refit(work, board, reporter).run()

    def _seek(self, work: Workspace, folds: Sequence[FoldMatrices]) -> None:
        reporter, spec = self._reporter, self._job.spec
        recalled = recall(self._job)
        self._pool.recall(recalled.best, reporter.trials)
        self._set_end()

        def check() -> None:
            reporter.check()
            self._helpers.listen()
            if reporter.clock.now() > self._ends:
                raise Halted(OUT_OF_TIME)

        if self._ends - reporter.clock.now() < 0.3:
            self._helpers.end()
            reporter.leave_out(say("No time was left to search for better settings."))
            return
        self._search = Search(
            families=self._helpers.share(work.plan.families, work.shape, folds),
            folds=folds,
            shape=work.shape,
            metric=spec.metric,
            check=check,
            on_trial=self._tried,
            on_failure=self._failed,
            starts=recalled.starts or self._starts(),
        )
        for tried in recalled.known:
            self._search.learn(tried)
        try:
            self._run(self._search, check)
        except Halted as halt:
            if halt.reason != OUT_OF_TIME:
                raise
        finally:
            self._helpers.end()

    def _run(self, search: Search, check: Callable[[], None]) -> None:
        """Search, again when a helper's families have come back."""
        spec = self._job.spec
        while True:
            try:
                search.run(self._reporter.clock.left(), spec.max_trials, spec.seed)
                self._helpers.wait(check)
                return
            except Regroup:
                search.families = (*search.families, *self._helpers.returned())

    def _arrived(self, tried: Tried | Outclassed) -> None:
        """A helper's trial; it waits for its place on the board until no fit is under way."""
        assert self._search is not None
        self._search.learn(tried)
        self._count(tried)
        self._set_end()

    def _starts(self) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        warmth = self._job.warmth
        if warmth is None:
            return {}
        self._reporter.note(
            say(
                "The search began from the best settings of an earlier training, on version "
                "{version}.",
                version=warmth.version,
            )
        )
        return warmth.starts

    def _tried(self, tried: Tried | Outclassed) -> None:
        self._count(tried)
        if self._ahead is not None:
            ahead, self._ahead = self._ahead, None
            self._promote(ahead)
        self._set_end()
        if self._checkpoints is not None:
            self._checkpoints.keep_if_due(self._pool)
        self._helpers.regroup()

    def _count(self, tried: Tried | Outclassed) -> None:
        better = self._pool.add(tried)
        trial = Trial(
            number=self._pool.count,
            family=tried.family,
            loss=tried.loss,
            fit_s=round(tried.fit_s, 4),
            at_s=round(self._reporter.clock.at(), 3),
            params=tried.params,
        )
        self._reporter.trial(trial)
        if better and isinstance(tried, Tried):
            self._reporter.log(
                say("Trial {number}, {family}, is the best so far.",
                    number=trial.number, family=tried.family)
            )  # fmt: skip
            self._ahead = tried

    def _set_end(self) -> None:
        """The search lasts until the rest is just enough for what comes after it."""
        assert self._finish is not None
        self._ends = search_ends(self._job.spec.budget_s, self._finish.needed(self._pool))

    def _promote(self, tried: Tried) -> None:
        """Not with a number of trials: the board must not depend on the clock then."""
        now = self._reporter.clock.now()
        often = now - self._promoted < PROMOTE_EVERY * self._job.spec.budget_s
        if self._finish is None or often or self._job.spec.max_trials is not None:
            return
        self._promoted = now
        self._finish.promote(tried)

    def rescue(self) -> None:
        """Asked to stop: keep the best trial too, if that is a matter of a moment."""
        if self._finish is not None:
            self._finish.rescue(self._pool)

    def _failed(self, family: str, error: Exception) -> None:
        self._reporter.leave_out(failed(family, error))
