"""What a dataset version looks like, what to mind about it, and how it differs from another."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Controller, Request, get
from litestar.params import Parameter

from freemlops.api.errors import language
from freemlops.api.schemas.common import version_number
from freemlops.api.schemas.profiles import (
    AdvicePage,
    DiffOut,
    ProfileOut,
    SuggestionOut,
    advice_out,
    diff_out,
    profile_out,
)
from freemlops.bootstrap import Platform
from freemlops.domain.run import Task

ColumnName = Annotated[str, Parameter(max_length=500)]


class ProfileController(Controller):
    path = "/datasets/{dataset:str}"
    tags = ("datasets",)

    @get("/versions/{version:str}/profile", sync_to_thread=True)
    def profile(self, platform: Platform, dataset: str, version: str) -> ProfileOut:
        """Per column: type, missing, distinct, range, quantiles, histogram or most frequent
        values; for the table correlations, columns that say the same, repeated rows."""
        return profile_out(platform.profiles.get(dataset, version_number(version)))

    @get("/versions/{version:str}/advice", sync_to_thread=True)
    def advice(
        self,
        request: Request[Any, Any, Any],
        platform: Platform,
        dataset: str,
        version: str,
        target: ColumnName | None = None,
        task: Task | None = None,
    ) -> AdvicePage:
        """What to know before training, the most serious first; with `target` also leaks, rare
        classes and the like."""
        t = language(request)
        found = platform.profiles.advice(dataset, version_number(version), target, task)
        return AdvicePage([advice_out(a, t) for a in found])

    @get("/versions/{version:str}/suggestion", sync_to_thread=True)
    def suggestion(
        self, request: Request[Any, Any, Any], platform: Platform, dataset: str, version: str
    ) -> SuggestionOut:
        """The target that people most likely want, and the task that follows from it."""
        t, number = language(request), version_number(version)
        found = platform.datasets.suggest_goal(dataset, number)
        if found is None:
            return SuggestionOut(None, "", None, "")
        task, reason = platform.datasets.suggest_task(dataset, number, found.target)
        return SuggestionOut(found.target, t.text(found.reason), task.value, t.text(reason))

    @get("/diff", sync_to_thread=True)
    def diff(
        self,
        platform: Platform,
        dataset: str,
        before: Annotated[int, Parameter(query="from", ge=1, le=10**9)],
        after: Annotated[int, Parameter(query="to", ge=1, le=10**9)],
        key: ColumnName | None = None,
    ) -> DiffOut:
        """From one version to another: columns, values, rows. Rows are matched by `key`, by
        default by a column that names each row in both, else compared as wholes."""
        return diff_out(platform.diffs.diff(dataset, before, after, key or None))
