"""All runs together: find them, say things about them, lay them side by side."""

from __future__ import annotations

from collections.abc import Sequence

from freemlops.domain.errors import InvalidError, NotFoundError
from freemlops.domain.page import Page
from freemlops.domain.run import Run
from freemlops.domain.search import (
    MAX_COMPARED,
    Annotation,
    Compared,
    Comparison,
    Facets,
    RunFilter,
    RunSort,
    RunSummary,
)
from freemlops.services.changes import Changes
from freemlops.warehouse.warehouse import Warehouse


class ExperimentService:
    """Blocking and thread-safe."""

    def __init__(self, warehouse: Warehouse, changes: Changes) -> None:
        self._runs = warehouse.runs
        self._search = warehouse.run_search
        self._changes = changes

    def search(
        self,
        filter: RunFilter | None = None,
        sort: RunSort = RunSort.NEWEST,
        limit: int = 50,
        cursor: str | None = None,
        skip: int = 0,
    ) -> Page[RunSummary]:
        """The runs that match, a page at a time, with the count of all that do. The next page
        is the one of its cursor, or of as many lines skipped.

        Raises `InvalidError` for a cursor of another order, and for an order by score among
        runs that are judged by different metrics.
        """
        return self._search.search(filter or RunFilter(), sort, limit, cursor, skip)

    def runs(self, found: Sequence[RunSummary]) -> tuple[Run, ...]:
        """The whole runs behind lines of a list, in their order."""
        return self._runs.many([f.id for f in found])

    def known(self, runs: Sequence[str]) -> tuple[Run, ...]:
        """Those of them that are there."""
        return self._runs.many(runs)

    def facets(self, filter: RunFilter | None = None) -> Facets:
        """What each filter can be set to next, with counts, most frequent first."""
        return self._search.facets(filter or RunFilter())

    def annotate(self, run: str, annotation: Annotation) -> Run:
        """Change what people say about a run. Raises `InvalidError` and `NotFoundError`."""
        self._search.annotate(run, annotation.checked())
        self._changes.bump("runs", f"run:{run}")
        return self._runs.get(run)

    def compare(self, runs: Sequence[str]) -> Comparison:
        """Up to twenty runs, in the order asked, each once.

        Raises `InvalidError` for none or too many, `NotFoundError` for an unknown one.
        """
        asked = tuple(dict.fromkeys(runs))
        if not 1 <= len(asked) <= MAX_COMPARED:
            raise InvalidError("Name one to {most} runs to compare.", most=MAX_COMPARED)
        found = self._runs.many(asked)
        if missing := set(asked) - {r.id for r in found}:
            raise NotFoundError("There is no run “{run}”.", run=min(missing))
        best = self._search.leaders(asked)
        return Comparison(tuple(Compared(r, best.get(r.id)) for r in found))
