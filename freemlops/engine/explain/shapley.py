"""What each column's value adds to an answer: Shapley values by sampling permutations.

Štrumbelj & Kononenko (2014), "Explaining prediction models and individual predictions with
feature contributions", with antithetic pairs: every order is walked forwards and backwards
(Mitchell et al. 2022, "Sampling permutations for Shapley value estimation"). A walk begins at a
background row and takes over the explained row's columns one by one; what the answer moves at
each step belongs to the column. The steps of a walk add up to the whole way, so the amounts
always add up to the answer less the base.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from freemlops.engine.explain.feeds import Ask, Feed, Floats, at_a_time, count, take

ROUNDS = 2


@dataclass(frozen=True, slots=True)
class Shares:
    """`base` [outputs] is the mean answer of the background, `made` [rows, outputs] the answers.

    `amounts` and `errors` are [rows, columns, outputs]. The errors are standard errors of the
    sampling of orders, against this background; none for a model that only adds columns up.
    """

    base: Floats
    made: Floats
    amounts: Floats
    errors: Floats


def contributions(
    ask: Ask, rows: Feed, background: Feed, seed: int, rounds: int = ROUNDS
) -> Shares:
    """Every background row is the start of `rounds` pairs of walks, at least two.

    The orders are the same for every row, so that rows, and a row before and after a change, can
    be compared. Asks the model about 2 x background x rounds x (columns - 1) answers a row.
    """
    names, starts = tuple(rows), count(background)
    pairs = np.tile(np.arange(starts), max(2, rounds))
    random = np.random.default_rng(seed)
    place = random.permuted(np.tile(np.arange(len(names)), (len(pairs), 1)), axis=1)
    begin, made = ask(background), ask(rows)
    amounts, errors = [], []
    for row in range(count(rows)):
        own = {n: rows[n][row, 0] for n in names}
        moved = _walks(ask, own, background, pairs, place, begin, made[row])
        amounts.append(moved.mean(axis=0))
        turns = moved.reshape(-1, starts, *moved.shape[1:])
        spread = turns.var(axis=0, ddof=1).mean(axis=0)
        errors.append(np.sqrt(spread / len(pairs)))
    return Shares(begin.mean(axis=0), made, np.stack(amounts), np.stack(errors))


def _walks(
    ask: Ask,
    own: dict[str, Any],
    background: Feed,
    pairs: NDArray[np.intp],
    place: NDArray[np.intp],
    begin: Floats,
    end: Floats,
) -> Floats:
    """What each column moved in each pair of walks, [pairs, columns, outputs].

    `pairs` is the background row of each pair; `place` [pairs, columns] when a column's turn
    comes on the way forth.
    """
    columns = len(own)
    step = max(1, at_a_time(background) // max(1, 2 * (columns - 1)))
    made = []
    for start in range(0, len(pairs), step):
        part, turn = pairs[start : start + step], place[start : start + step]
        both = np.stack([turn, columns - 1 - turn], axis=1)
        path = np.empty((len(part), 2, columns + 1, len(end)))
        path[:, :, 0], path[:, :, -1] = begin[part][:, None], end
        if columns > 1:
            path[:, :, 1:-1] = _between(ask, own, background, part, both)
        moved = np.diff(path, axis=2)
        made.append(np.take_along_axis(moved, both[..., None], axis=2).mean(axis=1))
    return np.concatenate(made)


def _between(
    ask: Ask,
    own: dict[str, Any],
    background: Feed,
    part: NDArray[np.intp],
    turn: NDArray[np.intp],
) -> Floats:
    """The answers after each step but the last: [pairs, 2, columns - 1, outputs]."""
    columns = len(own)
    done = turn[:, :, None, :] <= np.arange(columns - 1)[:, None]
    starts = take(background, part)
    feed = {}
    for at, (name, value) in enumerate(own.items()):
        there = np.broadcast_to(starts[name][:, :, None], done.shape[:3])
        feed[name] = np.where(done[..., at], value, there).astype(there.dtype).reshape(-1, 1)
    return ask(feed).reshape(*done.shape[:3], -1)


def spread_sample(ask: Ask, feed: Feed, size: int) -> NDArray[np.intp]:
    """Rows that stand for all of `feed`: every so many in the order of the model's answers.

    Their mean answer is close to that of all rows, closer than that of rows at random.
    """
    made = ask(feed)
    main = made[:, -1] if made.shape[1] <= 2 else made.max(axis=1)
    group = np.zeros(len(made)) if made.shape[1] <= 2 else made.argmax(axis=1)
    order = np.lexsort((main, group))
    size = min(size, len(order))
    return np.asarray(order[((np.arange(size) + 0.5) * len(order) / size).astype(np.intp)])
