"""What the list of trainings shows: filter, order, page, and what is compared. All is the URL."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Final

import param

from freemlops.domain.errors import InvalidError
from freemlops.domain.run import RunStatus
from freemlops.domain.search import MAX_COMPARED, MAX_TEXT, RunFilter, RunSort

FILTERS: Final = ("q", "status", "dataset", "target", "family", "tag", "starred")
CHOICES: Final = (*FILTERS, "sort")
IN_URL: Final = (*CHOICES, "page", "compare")
MOST_PAGES: Final = 10_000_000
_ID: Final = re.compile(r"[\w-]{1,64}")


class ExperimentsState(param.Parameterized):
    """Empty texts leave a filter open; `starred` is "1" or empty, `sort` empty for newest.

    `page` counts from 1 and is empty for the first; `compare` is the runs with commas between.
    """

    q = param.String(default="")
    status = param.String(default="")
    dataset = param.String(default="")
    target = param.String(default="")
    family = param.String(default="")
    tag = param.String(default="")
    starred = param.String(default="")
    sort = param.String(default="")
    page = param.String(default="")
    compare = param.String(default="")

    def __init__(self, query: Mapping[str, str]) -> None:
        """From the address."""
        super().__init__(**{name: _clean(name, query.get(name, "")) for name in IN_URL})

    def choose(self, name: str, value: str) -> None:
        """Set a filter or the order, and go to the first page; an unknown one is ignored."""
        if name in CHOICES:
            self.param.update(**{name: _clean(name, value), "page": ""})

    @property
    def values(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in CHOICES}

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
        self.param.update(**dict.fromkeys(FILTERS, ""), page="")

    @property
    def place(self) -> int:
        """The number of the shown page, from 0."""
        return int(self.page or "1") - 1

    def turn(self, place: int) -> None:
        """Show the page of that number, from 0."""
        self.page = _clean("page", str(place + 1))

    @property
    def compared(self) -> tuple[str, ...]:
        """The runs to lay side by side, in the order in which they were chosen."""
        return tuple(self.compare.split(",")) if self.compare else ()

    def pick(self, run: str) -> None:
        """Compare this run too, or no longer. Raises `InvalidError` for one too many."""
        chosen = self.compared
        if run in chosen:
            self.compare = ",".join(r for r in chosen if r != run)
        elif len(chosen) < MAX_COMPARED:
            self.compare = _clean("compare", ",".join((*chosen, run)))
        else:
            raise InvalidError(
                "You can compare {most} trainings at a time. Take one away first.",
                most=MAX_COMPARED,
            )

    def keep(self, runs: Collection[str]) -> None:
        """Compare no others than these."""
        self.compare = ",".join(r for r in self.compared if r in runs)


def run_ids(value: str) -> list[str]:
    """What can be identifiers of runs, each once, of a text with commas between them."""
    return list(dict.fromkeys(r for r in value.split(",") if _ID.fullmatch(r)))


def _clean(name: str, value: str) -> str:
    """What is said wrongly is as if it was not said."""
    if name == "status":
        return value if value in list(RunStatus) else ""
    if name == "sort":
        return value if value in list(RunSort) and value != RunSort.NEWEST else ""
    if name == "page":
        number = int(value) if value.isascii() and value.isdigit() and len(value) < 9 else 1
        return str(number) if 1 < number <= MOST_PAGES else ""
    if name == "compare":
        return ",".join(run_ids(value)[:MAX_COMPARED])
    if name == "starred":
        return "1" if value in ("1", "true") else ""
    return value[:MAX_TEXT]
