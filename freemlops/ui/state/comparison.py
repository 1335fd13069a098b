"""What the page that compares shows; all of it is the URL."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import param

from freemlops.domain.evaluation.comparison import MOST_RUNS, OVERLAYS
from freemlops.domain.family import FAMILIES
from freemlops.domain.metric import METRICS
from freemlops.domain.run import Run
from freemlops.ui.state.experiments import run_ids
from freemlops.ui.theme import MANY

IN_URL: Final = ("runs", "metric", "plot", "family")
LETTERS: Final = "ABCDEFGH"


@dataclass(frozen=True, slots=True)
class Side:
    """A run as it is called and drawn everywhere on the page."""

    run: Run
    letter: str
    color: str
    title: str

    @property
    def name(self) -> str:
        return f"{self.letter} ({self.title})"


class ComparisonState(param.Parameterized):
    """`runs` with commas between; empty texts are what the page chooses by itself."""

    runs = param.String(default="")
    metric = param.String(default="")
    plot = param.String(default="")
    family = param.String(default="")

    def __init__(self, query: Mapping[str, str]) -> None:
        """From the address; what is said wrongly is as if it was not said."""
        asked = run_ids(query.get("runs", ""))
        self.beyond = max(0, len(asked) - MOST_RUNS)
        names = {n for several in OVERLAYS.values() for n in several}
        super().__init__(
            runs=",".join(asked[:MOST_RUNS]),
            metric=_one_of(METRICS, query.get("metric", "")),
            plot=_one_of(names, query.get("plot", "")),
            family=_one_of(FAMILIES, query.get("family", "")),
        )

    @property
    def chosen(self) -> tuple[str, ...]:
        return tuple(self.runs.split(",")) if self.runs else ()


def _one_of(known: Container[str], value: str) -> str:
    return value if value in known else ""


def sides(runs: Sequence[Run], titles: Sequence[str]) -> tuple[Side, ...]:
    """A letter and a colour for each, in their order."""
    return tuple(
        Side(run, letter, color, title)
        for run, title, letter, color in zip(runs, titles, LETTERS, MANY, strict=False)
    )


def version_pairs(runs: Sequence[Run]) -> tuple[tuple[str, int, int], ...]:
    """(dataset, before, after) for neighbouring versions, and for the first with the last."""
    by_dataset: dict[str, set[int]] = {}
    for run in runs:
        by_dataset.setdefault(run.spec.dataset, set()).add(run.spec.version)
    pairs: list[tuple[str, int, int]] = []
    for dataset, found in by_dataset.items():
        versions = sorted(found)
        if len(versions) > 2:
            pairs.append((dataset, versions[0], versions[-1]))
        pairs += [(dataset, a, b) for a, b in pairwise(versions)]
    return tuple(pairs)
