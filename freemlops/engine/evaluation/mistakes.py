"""What the rows that a model gets wrong have in common, found by a shallow tree on its errors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from freemlops.domain.evaluation.groups import holm
from freemlops.domain.evaluation.mistakes import Cluster, Condition, Mistake, Relation
from freemlops.engine.arrays import as_array
from freemlops.engine.evaluation.answers import Answers, Floats
from freemlops.engine.evaluation.chances import drawn, higher
from freemlops.engine.evaluation.columns import as_numbers
from freemlops.engine.evaluation.split_tree import Split, grow

MOST_ROWS = 20_000
DEPTH = 3
LEVELS = 15
"""Of a text column, the tree asks for the most frequent values only."""
LEAST_ROWS = 10
LEAST_SHARE = 0.02
MOST_CLUSTERS = 5
LEAST_LIFT = 1.2
"""A cluster that is wrong by less than a fifth more than all rows says nothing to anybody."""
NEARLY = 0.8
CLIP = 0.99


@dataclass(frozen=True, slots=True)
class Feature:
    """A number that the tree may ask for: `relation` IS (value), MISSING, or ABOVE."""

    column: str
    relation: Relation
    value: str | bool | None
    values: Floats
    whole: bool = False


def worst(answers: Answers, most: int = 10) -> NDArray[np.intp]:
    """The places of the most wrong rows among those of the holdout, the worst first."""
    return np.argsort(-_severity(answers), kind="stable")[:most]


def described(
    answers: Answers, places: Sequence[int], raw: Sequence[dict[str, Any]]
) -> list[Mistake]:
    """Those rows with what was said; `raw` are their values in the same order."""
    severity = _severity(answers)
    made = []
    for place, values in zip(places, raw, strict=True):
        truth: str | float
        said: str | float
        if answers.task.is_classification:
            truth = answers.classes[int(answers.y[place])]
            said = answers.classes[int(answers.made[place].argmax())]
        else:
            truth, said = float(answers.y[place]), float(answers.made[place, 0])
        error = float(severity[place])
        made.append(Mistake(int(answers.rows[place]), truth, said, error, values))
    return made


def _severity(answers: Answers) -> Floats:
    if not answers.task.is_classification:
        return answers.wrong
    return 1.0 - answers.made[np.arange(answers.count), answers.y]


def sampled(answers: Answers, seed: int) -> NDArray[np.intp]:
    """The places of the rows that clusters are sought in."""
    random = np.random.default_rng(seed)
    count = min(answers.count, MOST_ROWS)
    return np.sort(random.choice(answers.count, count, replace=False))


def clusters(answers: Answers, raw: pa.Table, seed: int) -> tuple[Cluster, ...]:
    """The worst first. `raw` holds the columns of the same rows, in the same order.

    The tree grows on one half of the rows; what it finds is believed when the other half, which it
    has not seen, is wrong there too by more than chance (Holm over all its leaves; hypergeometric
    for wrong or right, Welch's t for distances). Counts are of both halves.
    """
    wrong = answers.wrong
    if not answers.task.is_classification:
        wrong = np.minimum(wrong, np.quantile(wrong, CLIP))
    features = [f for name in raw.column_names for f in _features(name, raw[name])]
    if not features or answers.count < 4 * LEAST_ROWS or wrong.min() == wrong.max():
        return ()
    x = np.stack([f.values for f in features], axis=1)
    half = np.random.default_rng(seed).permutation(answers.count) % 2 == 0
    least = max(LEAST_ROWS, round(LEAST_SHARE * half.sum()))
    tree = grow(x[half], wrong[half], DEPTH, least)
    paths = {_needed(p, raw, wrong, half) for p in _leaves(tree, features) if p}
    found = sorted(paths, key=str)
    inside = [_inside(path, raw) for path in found]
    chances = [_chance(wrong[~half], own[~half], answers) for own in inside]
    overall = float(answers.wrong.mean())
    made = []
    for path, own, p, mark in zip(found, inside, chances, holm(chances), strict=True):
        there = answers.wrong[own]
        if mark and p is not None and there.mean() >= LEAST_LIFT * overall:
            count = int(there.sum()) if answers.task.is_classification else None
            made.append(Cluster(path, len(there), count, float(there.mean()), overall, p))
    return tuple(sorted(made, key=lambda c: -c.error)[:MOST_CLUSTERS])


def _chance(wrong: Floats, inside: NDArray[np.bool_], answers: Answers) -> float | None:
    """Of being so much more wrong there, one-sided."""
    own, others = wrong[inside], wrong[~inside]
    if len(own) < 2 or len(others) < 2:
        return None
    if answers.task.is_classification:
        return drawn(int(own.sum()), len(wrong), int(wrong.sum()), len(own))
    return higher(own, others)


def _features(name: str, values: pa.ChunkedArray) -> list[Feature]:
    kind = values.type
    missing = np.asarray(as_array(values.is_null()), np.float64)
    found = []
    if 0 < missing.sum() < len(missing):
        found.append(Feature(name, Relation.MISSING, None, missing))
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_boolean(kind):
        counts = pc.value_counts(values.drop_null()).to_pylist()
        counts.sort(key=lambda c: -c["counts"])
        for level in (c["values"] for c in counts[:LEVELS] if c["counts"] >= LEAST_ROWS):
            same = _equal(values, level).astype(np.float64)
            found.append(Feature(name, Relation.IS, level, same))
        return found
    if pa.types.is_temporal(kind):
        return found  # seconds since 1970 would make no sentence
    numbers = as_numbers(values)
    there = np.isfinite(numbers)
    if there.any():
        filled = np.where(there, numbers, np.median(numbers[there]))
        whole = bool(pa.types.is_integer(kind))
        found.append(Feature(name, Relation.ABOVE, None, filled, whole))
    return found


def _leaves(tree: Split | None, features: Sequence[Feature]) -> list[tuple[Condition, ...]]:
    """The conditions on the way to each leaf; of one kind for a column, the last: the tightest."""
    found: list[tuple[Condition, ...]] = []
    todo: list[tuple[Split | None, dict[tuple[object, ...], Condition]]] = [(tree, {})]
    while todo:
        node, path = todo.pop()
        if node is None:
            found.append(_plain(path.values()))
            continue
        feature = features[node.feature]
        for child, above in ((node.low, False), (node.high, True)):
            condition = _condition(feature, node.threshold, above)
            slot = (condition.column, condition.relation, feature.value)
            todo.append((child, {**path, slot: condition}))
    return found


def _plain(path: Iterable[Condition]) -> tuple[Condition, ...]:
    """Without what another condition says already: who is from Recife is not from Belém."""
    kept = tuple(path)
    named = {c.column for c in kept if c.relation in (Relation.IS, Relation.MISSING)}
    idle = (Relation.IS_NOT, Relation.THERE)
    return tuple(c for c in kept if c.relation not in idle or c.column not in named)


def _needed(
    path: tuple[Condition, ...], raw: pa.Table, wrong: Floats, grow: NDArray[np.bool_]
) -> tuple[Condition, ...]:
    """Without conditions that the tree asked for in passing: those whose other rows are nearly as
    wrong, on the half that it grew on."""
    kept = list(path)
    for condition in path:
        rest = tuple(c for c in kept if c is not condition)
        if not rest:
            break
        own, wider = _inside(tuple(kept), raw) & grow, _inside(rest, raw) & grow
        added = wider & ~own
        if not added.any() or wrong[added].mean() >= NEARLY * wrong[own].mean():
            kept = list(rest)
    return tuple(kept)


def _inside(path: tuple[Condition, ...], raw: pa.Table) -> NDArray[np.bool_]:
    return np.logical_and.reduce([_holds(c, raw[c.column]) for c in path])


def _holds(condition: Condition, values: pa.ChunkedArray) -> NDArray[np.bool_]:
    """For each row, as its sentence says: a missing number is neither above nor at most."""
    missing = np.asarray(as_array(values.is_null()), bool)
    match condition.relation:
        case Relation.MISSING:
            return missing
        case Relation.THERE:
            return ~missing
        case Relation.IS | Relation.IS_NOT:
            own = _equal(values, condition.value)
            return own if condition.relation is Relation.IS else ~own
        case _:
            assert isinstance(condition.value, float)
            above = as_numbers(values) > condition.value
            return ~missing & (above if condition.relation is Relation.ABOVE else ~above)


def _equal(values: pa.ChunkedArray, value: object) -> NDArray[np.bool_]:
    same = pc.equal(values, pa.scalar(value, values.type))
    return np.asarray(as_array(pc.fill_null(same, False)), bool)


def _condition(feature: Feature, threshold: float, above: bool) -> Condition:
    match feature.relation:
        case Relation.IS:
            relation = Relation.IS if above else Relation.IS_NOT
            return Condition(feature.column, relation, feature.value)
        case Relation.MISSING:
            return Condition(feature.column, Relation.MISSING if above else Relation.THERE)
        case _:
            edge = float(np.floor(threshold)) if feature.whole else float(f"{threshold:.4g}")
            return Condition(feature.column, Relation.ABOVE if above else Relation.AT_MOST, edge)
