"""Why a candidate answers as it does."""

from __future__ import annotations

from typing import Annotated

from litestar import Controller, get, post
from litestar.params import Parameter

from freemlops.api.schemas.explanations import (
    DependenceOut,
    ExplainedOut,
    ExplainIn,
    ImportanceOut,
    dependence_out,
    explain,
    importance_out,
)
from freemlops.bootstrap import Platform


class ExplanationController(Controller):
    path = "/runs/{run:str}/candidates/{candidate:str}"
    tags = ("explanations",)

    @get("/importance", sync_to_thread=True)
    def importance(self, platform: Platform, run: str, candidate: str) -> ImportanceOut:
        """How much worse the model gets when one column's values are dealt out anew.

        With 95% intervals; `matters` is false where the effect can't be told from none. Measured
        on the held-out rows, with the model from before it was trained again on all rows.
        """
        return importance_out(platform.explanations.importance(run, candidate))

    @get("/dependence", sync_to_thread=True)
    def dependence(
        self,
        platform: Platform,
        run: str,
        candidate: str,
        column: str,
        of: Annotated[str | None, Parameter(query="class")] = None,
    ) -> DependenceOut:
        """The mean answer as `column` takes each of `points` (`curve`), and single rows (`lines`).

        For classes: the probability of `class`, by default the second of two, the first of more.
        """
        return dependence_out(platform.explanations.dependence(run, candidate, column, of))

    @post("/contributions", status_code=200, sync_to_thread=True)
    def contributions(
        self, platform: Platform, run: str, candidate: str, data: ExplainIn
    ) -> ExplainedOut:
        """What each column's value adds to the answer for each row (Shapley values, sampled).

        The body is `{"rows": [{column: value}]}` or `{"row_numbers": [0, 1]}`, at most 100, and
        optionally `class`; by default the class predicted for the row.
        """
        return explain(platform.explanations, run, candidate, data)
