"""Runs side by side over HTTP: what was asked, what came of it, and who is really ahead."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Request, get
from litestar.di import Provide

from freemlops.api.described import refusals
from freemlops.api.errors import language
from freemlops.api.schemas.comparisons import (
    FiguresOut,
    OverlayOut,
    TrialsOut,
    asked_runs,
    figures_out,
    overlay_out,
    trials_out,
)
from freemlops.api.schemas.evaluation import Name
from freemlops.api.schemas.experiments import ComparisonOut, comparison_out
from freemlops.bootstrap import Platform


class ComparisonController(Controller):
    path = "/runs/compare"
    tags = ("runs",)
    dependencies = {"asked": Provide(asked_runs, sync_to_thread=False)}  # noqa: RUF012 - as Litestar types it

    @get(sync_to_thread=True, responses=refusals(404, 409))
    def compare(self, platform: Platform, asked: tuple[str, ...]) -> ComparisonOut:
        """Up to twenty runs side by side, in the order asked: `?run=…&run=…` or `?runs=…,…`."""
        return comparison_out(platform.experiments.compare(asked))

    @get("/figures", sync_to_thread=True, responses=refusals(404, 409))
    def figures(
        self,
        request: Request[Any, Any, Any],
        platform: Platform,
        asked: tuple[str, ...],
        metric: Name | None = None,
    ) -> FiguresOut:
        """All metrics of the best model of each of up to eight runs, which of them can be
        compared, and whether those are really apart by `metric`."""
        service = platform.comparisons
        measured = service.measured(asked)
        return figures_out(measured, service.match(measured, metric), language(request))

    @get("/curves/{name:str}", sync_to_thread=True, responses=refusals(404, 409))
    def curves(
        self,
        request: Request[Any, Any, Any],
        platform: Platform,
        asked: tuple[str, ...],
        name: str,
    ) -> OverlayOut:
        """One curve of each run, to be laid over one another. Yes or no: roc, precision_recall,
        calibration, gain. Several classes: calibration. Numbers: truth_by_answer, residuals,
        errors."""
        return overlay_out(name, platform.comparisons.overlay(asked, name), language(request))

    @get("/trials", sync_to_thread=True, responses=refusals(404, 409))
    def trials(self, platform: Platform, asked: tuple[str, ...]) -> TrialsOut:
        """Every configuration that the runs tried, with its settings and score."""
        return trials_out(platform.comparisons.trials(asked))
