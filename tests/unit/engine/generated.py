"""Frames made up by Hypothesis: every type of column, under every kind of name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import strategies as st
from numpy.typing import NDArray

from freemlops.domain.run import Task

NAMES = (
    "label", "prediction", "probabilities", "features", "fm_0_Cast", "_", " ", "a b",
    'tam["x"] {á}', "it's", "ação", "größe", "年齢", "🙂", "a:b,c;d", "x/y\\z", "<b>", "%s", "{0}",
)  # fmt: skip
TARGET = "alvo?"
type Random = np.random.Generator


def _dates(random: Random, rows: int) -> NDArray[Any]:
    return random.integers(-30_000, 60_000, rows).astype("datetime64[D]")


def _moments(random: Random, rows: int) -> NDArray[Any]:
    return random.integers(-(10**9), 4 * 10**9, rows).astype("datetime64[s]")


def _words(levels: int) -> Callable[[Random, int], NDArray[Any]]:
    def made(random: Random, rows: int) -> NDArray[Any]:
        return np.array([f"é {v}'\"🙂" for v in random.integers(0, levels, rows)], object)

    return made


KINDS: dict[str, Callable[[Random, int], Any]] = {
    "small integers": lambda r, n: r.integers(-3, 4, n),
    "large integers": lambda r, n: r.integers(-(2**53), 2**53, n),
    "decimals": lambda r, n: r.normal(size=n),
    "tiny decimals": lambda r, n: r.normal(size=n) * 1e-9,
    "huge decimals": lambda r, n: r.normal(size=n) * 1e30,
    "booleans": lambda r, n: r.random(n) < 0.5,
    "few texts": _words(4),
    "many texts": _words(90),
    "own texts": _words(10**9),
    "dates": _dates,
    "moments": _moments,
    "constant number": lambda _, n: np.full(n, 7.5),
    "constant text": lambda _, n: np.full(n, "only", object),
}
"""Of NumPy's arrays Arrow makes the types that the warehouse stores."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """A frame to be made; `missing` and `infinite` are shares. `kind` "missing" has no value."""

    columns: tuple[tuple[str, str, float, float], ...]
    task: Task
    rows: int
    seed: int
    offset: float
    """Added to a numeric target, in units of its spread."""

    def table(self, later: bool = False) -> pa.Table:
        """The rows to learn from, or `later` ones: other values, with unseen ones among them."""
        random = np.random.default_rng([self.seed, later])
        made: dict[str, pa.Array] = {}
        signal = random.normal(size=self.rows)
        for name, kind, missing, infinite in self.columns:
            if kind == "missing":
                made[name] = pa.nulls(self.rows, pa.string())
                continue
            values = KINDS[kind](random, self.rows)
            if values.dtype == np.float64:
                signal = signal + np.tanh(values)
                values[random.random(self.rows) < infinite] = random.choice([-np.inf, np.inf])
            elif values.dtype == object:
                signal = signal + np.array([len(v) % 3 for v in values])
                unseen = (random.random(self.rows) < 0.2) & later
                values = np.where(unseen, "never “seen”", values)
            made[name] = pa.array(values, mask=random.random(self.rows) < missing)
        made[TARGET] = self._target(signal)
        return pa.table(made)

    def _target(self, signal: NDArray[np.float64]) -> pa.Array:
        order = signal.argsort().argsort()
        if self.task is Task.REGRESSION:
            return pa.array(signal + self.offset * signal.std())
        classes = 2 if self.task is Task.BINARY else 4
        return pa.array(
            np.array(["não", "sim", "label", '"'], object)[order * classes // len(order)]
        )


def _column(name: str) -> st.SearchStrategy[tuple[str, str, float, float]]:
    return st.tuples(
        st.just(name),
        st.sampled_from([*KINDS, "missing"]),
        st.sampled_from([0.0, 0.0, 0.1, 0.6]),
        st.sampled_from([0.0, 0.0, 0.1]),
    )


_NAME = st.sampled_from(NAMES) | st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn")), min_size=1, max_size=12
)


@st.composite
def recipes(draw: st.DrawFn) -> Recipe:
    """Two to eight columns; the first is always one that can be learned from."""
    names = draw(st.lists(_NAME.filter(lambda n: n != TARGET), min_size=2, max_size=8, unique=True))
    columns = [(names[0], "decimals", 0.0, 0.0), *(draw(_column(n)) for n in names[1:])]
    return Recipe(
        columns=tuple(columns),
        task=draw(st.sampled_from(list(Task))),
        rows=draw(st.integers(60, 120)),
        seed=draw(st.integers(0, 2**32 - 1)),
        offset=draw(st.sampled_from([0.0, 1.0, -300.0])),
    )


def everything(task: Task) -> Recipe:
    """One frame with every kind of column at once, under the worst names."""
    kinds = [*KINDS, "missing"]
    columns = tuple(
        (NAMES[place], kind, 0.1 * (place % 2), 0.1 * (place % 3 == 0))
        for place, kind in enumerate(kinds)
    )
    return Recipe((("plain", "decimals", 0.0, 0.0), *columns), task, 150, 4, 50.0)
