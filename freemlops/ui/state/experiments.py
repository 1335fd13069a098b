"""What the list of trainings shows: filter, order and page. All of it but the page is the URL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import param

from freemlops.domain.run import RunStatus
from freemlops.domain.search import MAX_TEXT, RunFilter, RunSort

FILTERS: Final = ("q", "status", "dataset", "target", "family", "tag", "starred")
IN_URL: Final = (*FILTERS, "sort")


class ExperimentsState(param.Parameterized):
    """Empty texts leave a filter open; `starred` is "1" or empty, `sort` empty for newest."""

    q = param.String(default="")
    status = param.String(default="")
    dataset = param.String(default="")
    target = param.String(default="")
    family = param.String(default="")
    tag = param.String(default="")
    starred = param.String(default="")
    sort = param.String(default="")

    def __init__(self, query: Mapping[str, str]) -> None:
        """From the address."""
        super().__init__(**{name: _clean(name, query.get(name, "")) for name in IN_URL})
        self._starts: list[str | None] = [None]

    def choose(self, name: str, value: str) -> None:
        """Set a filter or the order, and go to the first page; an unknown one is ignored."""
        if name in IN_URL:
            self.rewind()
            self.param.update(**{name: _clean(name, value)})

    @property
    def values(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in IN_URL}

    def filter(self) -> RunFilter:
        return RunFilter(
            text=self.q,
            dataset=self.dataset or None,
            target=self.target or None,
            statuses=(RunStatus(self.status),) if self.status else (),
            family=self.family or None,
            tags=(self.tag,) if self.tag else (),
            starred=True if self.starred else None,
        )

    @property
    def order(self) -> RunSort:
        return RunSort(self.sort) if self.sort else RunSort.NEWEST

    @property
    def is_filtered(self) -> bool:
        return any(getattr(self, name) for name in FILTERS)

    def clear(self) -> None:
        """Open every filter, and go to the first page; the order stays."""
        self.rewind()
        self.param.update(**dict.fromkeys(FILTERS, ""))

    @property
    def cursor(self) -> str | None:
        """Where the shown page starts."""
        return self._starts[-1]

    @property
    def page(self) -> int:
        """The number of the shown page, from 0."""
        return len(self._starts) - 1

    def forward(self, cursor: str) -> None:
        self._starts.append(cursor)

    def back(self) -> None:
        if self.page:
            self._starts.pop()

    def rewind(self) -> None:
        """To the first page."""
        self._starts = [None]


def _clean(name: str, value: str) -> str:
    """What is said wrongly is as if it was not said."""
    if name == "status":
        return value if value in list(RunStatus) else ""
    if name == "sort":
        return value if value in list(RunSort) and value != RunSort.NEWEST else ""
    if name == "starred":
        return "1" if value in ("1", "true") else ""
    return value[:MAX_TEXT]
