"""What a run will do with its time, decided before it begins. Pure: plain data in and out."""

from __future__ import annotations

from dataclasses import dataclass

from freemlops.domain.run import Phase
from freemlops.domain.splits import SplitPlan

FLOOR = ("constant", "linear", "lightgbm", "random_forest")
FLOOR_OF_LARGE = ("constant", "lightgbm", "linear", "random_forest")
"""A fit that can be left at any round comes first, for who waits for a first model."""
SEARCHED = ("lightgbm", "linear", "xgboost", "extra_trees", "random_forest", "neural")
MOST_LINEAR_CELLS = 20_000_000
MOST_NEURAL = 1_000
SMALL_CELLS = 50_000
_SEARCH_ENDS = ((10.0, 0.45), (20.0, 0.55), (40.0, 0.65), (120.0, 0.75), (600.0, 0.85))


@dataclass(frozen=True, slots=True)
class Plan:
    """`shares` is the part of the budget meant for each phase, keyed by `Phase` value.

    A guide for people: the search really ends when the rest is needed for what comes after.
    """

    floor: tuple[str, ...]
    families: tuple[str, ...]
    split: SplitPlan
    develop_rows: int
    holdout_rows: int
    features: int
    metric: str
    seed: int
    threads: int
    shares: dict[str, float]
    refit: bool = True


def threads_for(rows: int, features: int, threads: int) -> int:
    """One thread on small data: sharing it out costs more than it saves, above all on a busy
    machine, where threads that wait for each other wait for everybody."""
    return 1 if rows * features < SMALL_CELLS else threads


def search_end(budget_s: float) -> float:
    """The part of the budget after which the search ends: the rest is for exports and refit."""
    return next((share for limit, share in _SEARCH_ENDS if budget_s <= limit), 0.9)


def make_plan(
    split: SplitPlan,
    develop_rows: int,
    holdout_rows: int,
    features: int,
    metric: str,
    seed: int,
    threads: int,
    budget_s: float,
) -> Plan:
    """Families and shares that fit the size of the data and the budget."""
    heavy = develop_rows * features > MOST_LINEAR_CELLS
    unfit = {"linear", "neural"} if heavy else {"neural"} if features > MOST_NEURAL else set()
    families = tuple(f for f in SEARCHED if f not in unfit)
    floor = min(0.25, max(0.05, 3.0 / budget_s))
    end = search_end(budget_s)
    rest = 1.0 - end
    shares = {
        Phase.FLOOR.value: round(floor, 3),
        Phase.SEARCH.value: round(end - floor, 3),
        Phase.ENSEMBLE.value: round(rest * 0.4, 3),
        Phase.REFIT.value: round(rest * 0.4, 3),
        Phase.EXPORT.value: round(rest * 0.2, 3),
    }
    return Plan(
        floor=FLOOR if split.first is None else FLOOR_OF_LARGE,
        families=families,
        split=split,
        develop_rows=develop_rows,
        holdout_rows=holdout_rows,
        features=features,
        metric=metric,
        seed=seed,
        threads=threads,
        shares=shares,
    )
