"""A line of the leaderboard under construction, and the fitted models that it is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from freemlops.domain.run import Candidate
from freemlops.engine.memory import Part, Recalled, candidate_memory


@dataclass(frozen=True, slots=True)
class Built:
    """A model fitted on the development rows, with what is needed to fit it again.

    `model` is None for a part of a candidate from before the run went on. `seed_step` is added to
    the run's seed.
    """

    family: str
    params: Mapping[str, Any]
    model: Any
    fit_s: float
    weight: float = 1.0
    seed_step: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """A candidate and its parts. `export_s` is what writing and proving it took.

    `made` is what it says of the holdout, [rows, outputs]. `whole` when its files are those of a
    fit on all rows already. `rows` is how many it learned from for its scores.
    """

    candidate: Candidate
    parts: tuple[Built, ...]
    export_s: float
    made: NDArray[np.float64]
    rows: int
    temperature: float = 1.0
    whole: bool = False

    def memory(self) -> bytes:
        """What brings it back when the run goes on."""
        parts = tuple(Part(p.family, dict(p.params), p.weight, p.fit_s) for p in self.parts)
        recalled = Recalled(
            parts, self.export_s, self.temperature, self.whole, self.rows, self.made
        )
        return candidate_memory(recalled)


def recalled_entry(candidate: Candidate, recalled: Recalled) -> Entry:
    """A candidate from before the run went on."""
    parts = tuple(Built(p.family, p.params, None, p.fit_s, p.weight) for p in recalled.parts)
    return Entry(
        candidate,
        parts,
        recalled.export_s,
        recalled.made,
        recalled.rows,
        recalled.temperature,
        recalled.whole,
    )
