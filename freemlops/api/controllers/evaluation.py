"""How good a candidate is, where it fails, and who is really apart, over HTTP."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Controller, Request, get
from litestar.di import Provide
from litestar.params import Parameter

from freemlops.api.errors import language
from freemlops.api.schemas.evaluation import (
    CurveOut,
    EvaluationOut,
    GroupsOut,
    MistakesOut,
    Name,
    Probability,
    RowsOut,
    ThresholdsOut,
    costs,
    curve_out,
    evaluation_out,
    groups_out,
    mistake_out,
    mistakes_out,
    thresholds_out,
)
from freemlops.api.schemas.learning import LearningOut, learning_out
from freemlops.api.schemas.ties import TiesOut, ties_out
from freemlops.bootstrap import Platform
from freemlops.domain.evaluation.threshold import HALF, Costs

CANDIDATE = "/{run:str}/candidates/{candidate:str}"


class EvaluationController(Controller):
    path = "/runs"
    tags = ("evaluation",)
    dependencies = {"costs": Provide(costs, sync_to_thread=False)}  # noqa: RUF012 - as Litestar types it

    @get("/{run:str}/ties", sync_to_thread=True)
    def ties(self, request: Request[Any, Any, Any], platform: Platform, run: str) -> TiesOut:
        """Who can't be told from the best, how sure that is, and which of them to take."""
        return ties_out(platform.evaluation.ties(run), language(request))

    @get("/{run:str}/learning", sync_to_thread=True)
    def learning(
        self, request: Request[Any, Any, Any], platform: Platform, run: str
    ) -> LearningOut:
        """The learning curve of the run's winner: its score with fewer rows to learn from."""
        return learning_out(run, platform.runs.learning(run), language(request))

    @get(f"{CANDIDATE}/evaluation", sync_to_thread=True)
    def evaluation(
        self, request: Request[Any, Any, Any], platform: Platform, run: str, candidate: str
    ) -> EvaluationOut:
        """All metrics of the task on the rows held out, with 95% intervals and the baseline's."""
        return evaluation_out(platform.evaluation.evaluation(run, candidate), language(request))

    @get(f"{CANDIDATE}/curves/{{name:str}}", sync_to_thread=True)
    def curve(
        self,
        request: Request[Any, Any, Any],
        platform: Platform,
        costs: Costs | None,
        run: str,
        candidate: str,
        name: str,
        threshold: Probability | None = None,
        column: Name | None = None,
    ) -> CurveOut:
        """What a plot shows, at most some 500 points. Yes or no: roc, precision_recall, confusion,
        calibration, gain, scores, cost. Several classes: confusion, classes, roc_ovr, calibration.
        Numbers: predicted_true, residuals, residuals_predicted, residuals_column, errors,
        truth_by_answer."""
        found = platform.evaluation.curve(
            run, candidate, name, threshold=threshold, costs=costs, column=column
        )
        return curve_out(name, found, language(request))

    @get(f"{CANDIDATE}/threshold", sync_to_thread=True)
    def threshold(
        self,
        request: Request[Any, Any, Any],
        platform: Platform,
        costs: Costs | None,
        run: str,
        candidate: str,
        threshold: Probability = HALF,
    ) -> ThresholdsOut:
        """What comes of a threshold, and the best ones: by F1, by Youden, and by cost when `miss`
        and `false_alarm` (and maybe `hit`, `quiet`) have a price."""
        found = platform.evaluation.thresholds(run, candidate, threshold, costs)
        return thresholds_out(found, language(request))

    @get(f"{CANDIDATE}/groups", sync_to_thread=True)
    def groups(
        self,
        request: Request[Any, Any, Any],
        platform: Platform,
        run: str,
        candidate: str,
        column: Name,
        metric: Name | None = None,
    ) -> GroupsOut:
        """A metric, the run's by default, for each value of a column (numbers: each quarter)."""
        found = platform.evaluation.groups(run, candidate, column, metric)
        return groups_out(column, metric or "", found, language(request))

    @get(f"{CANDIDATE}/mistakes", sync_to_thread=True)
    def mistakes(
        self, request: Request[Any, Any, Any], platform: Platform, run: str, candidate: str
    ) -> MistakesOut:
        """The ten most wrong rows, and what many wrong rows have in common, in words."""
        return mistakes_out(platform.evaluation.mistakes(run, candidate), language(request))

    @get(f"{CANDIDATE}/rows", sync_to_thread=True)
    def rows(
        self,
        request: Request[Any, Any, Any],
        platform: Platform,
        run: str,
        candidate: str,
        true: Name,
        said: Name,
        threshold: Probability | None = None,
        limit: Annotated[int, Parameter(ge=1, le=200)] = 50,
    ) -> RowsOut:
        """The rows of one cell of the confusion matrix with their raw values."""
        found = platform.evaluation.cell(run, candidate, true, said, threshold, limit)
        t = language(request)
        return RowsOut([mistake_out(m, t) for m in found])
