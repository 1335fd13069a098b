"""What drives a model: how much worse it gets when one column is dealt out anew.

Breiman (2001), "Random forests", section 10; Fisher, Rudin & Dominici (2019), "All models are
wrong, but many are useful", for any model. The interval is over rows and repeats together: each
of its draws takes the rows anew (bootstrap) and the repeats anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from freemlops.domain.explanation import Effect
from freemlops.domain.metric import METRICS
from freemlops.domain.run import Score
from freemlops.engine.evaluate import measure
from freemlops.engine.explain.feeds import Ask, Feed, Floats, ask_all, count, in_batches

REPEATS = (2, 5)
DRAWS = 100
MOST_ROWS = 2_000
MOST_ANSWERS = 250_000
"""A wide table is asked about fewer rows, so that it takes seconds and not minutes…"""
LEAST_ROWS = 300
"""…but never fewer than these."""


def rows_for(columns: int) -> int:
    """How many rows to look at."""
    asked = max(1, columns) * repeats_for(columns)
    return int(np.clip(MOST_ANSWERS // asked, LEAST_ROWS, MOST_ROWS))


def repeats_for(columns: int) -> int:
    """How often each column is dealt out anew: less often in wide tables."""
    return int(np.clip(200 // max(1, columns), *REPEATS))


def importance(
    ask: Ask, feed: Feed, y: NDArray[Any], metrics: Sequence[str], seed: int
) -> list[Effect]:
    """`y` are class codes or values; `metrics` the run's own and the one that models learn by."""
    random = np.random.default_rng(seed)
    weights = _draws(y, random)
    repeats = repeats_for(len(feed))
    turns = random.integers(0, repeats, (DRAWS, repeats))
    answers = ask_all(ask, in_batches(feed))
    plain = _losses(metrics, y, answers, weights)
    made = []
    for name in feed:
        dealt = _dealt(ask, feed, name, random)
        if np.array_equal(dealt, answers):  # the model does not look at it
            made.append(Effect(name, Score(0.0, 0.0, 0.0), Score(0.0, 0.0, 0.0)))
            continue
        others = (_dealt(ask, feed, name, random) for _ in range(repeats - 1))
        losses = [_losses(metrics, y, d, weights) for d in (dealt, *others)]
        worse = np.stack(losses) - plain
        scores = [_score(worse[:, at], turns) for at in range(len(metrics))]
        made.append(Effect(name, scores[0], scores[-1]))
    return sorted(made, key=lambda e: -e.by_metric.value)


def _dealt(ask: Ask, feed: Feed, name: str, random: np.random.Generator) -> Floats:
    mixed = {**feed, name: feed[name][random.permutation(count(feed))]}
    return ask_all(ask, in_batches(mixed))


def _draws(y: NDArray[Any], random: np.random.Generator) -> Floats:
    """[1 + DRAWS, rows]: all rows once, then how often each is drawn, every class as often as it
    has rows."""
    weights = np.ones((1 + DRAWS, len(y)))
    groups = y if np.issubdtype(y.dtype, np.integer) else np.zeros(len(y), np.int64)
    for group in np.unique(groups):
        places = np.flatnonzero(groups == group)
        even = np.full(len(places), 1 / len(places))
        weights[1:, places] = random.multinomial(len(places), even, size=DRAWS)
    return weights


def _losses(metrics: Sequence[str], y: NDArray[Any], made: Floats, weights: Floats) -> Floats:
    """[metrics, draws], lower is better."""
    signs = [-1.0 if METRICS[m].higher_is_better else 1.0 for m in metrics]
    return np.stack([s * measure(m, y, made, weights) for s, m in zip(signs, metrics, strict=True)])


def _score(worse: Floats, turns: NDArray[np.intp]) -> Score:
    """`worse` [repeats, 1 + draws]; its first column is of all rows."""
    value = float(worse[:, 0].mean())
    draws = worse[turns, np.arange(1, worse.shape[1])[:, None]].mean(axis=1)
    draws = draws[np.isfinite(draws)]
    if not np.isfinite(value) or not len(draws):
        return Score(0.0, 0.0, 0.0)
    low, high = np.percentile(draws, [2.5, 97.5])
    return Score(value, min(value, float(low)), max(value, float(high)))
