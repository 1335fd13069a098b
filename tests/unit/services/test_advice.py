"""Each advice: a table in which it is given, and one that is nearly so in which it is not."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from freemlops.domain.advice import ActionKind, Advice, Severity
from freemlops.engine.samples import SAMPLES
from freemlops.services.changes import Changes
from freemlops.services.intake import IntakeService
from freemlops.services.profiles import ProfileService
from freemlops.services.scratch import Scratch
from freemlops.warehouse.warehouse import Warehouse
from tests.unit.services.tables import store

N = 600
DAY = date(2021, 3, 1)
type Columns = dict[str, Sequence[Any]]
type Case = tuple[str, Columns, tuple[str, ...]]


def r(seed: int = 0) -> random.Random:
    return random.Random(seed)


def noise(seed: int = 0, n: int = N) -> list[float]:
    dice = r(seed)
    return [dice.gauss(0, 1) for _ in range(n)]


def pick(values: Sequence[Any], seed: int = 1, n: int = N) -> list[Any]:
    dice = r(seed)
    return [dice.choice(values) for _ in range(n)]


X = noise(7)
Y = ["yes" if x + e > 0.3 else "no" for x, e in zip(X, noise(8), strict=True)]
PRICE = [100 + 30 * x + 5 * e for x, e in zip(X, noise(9), strict=True)]


def flip(values: list[str], share: float) -> list[str]:
    dice = r(3)
    return [("no" if v == "yes" else "yes") if dice.random() < share else v for v in values]


def with_far(count: int, value: float) -> list[float]:
    return [value] * count + [50 + 5 * x for x in noise(4)[count:]]


FIRES: dict[str, Case] = {
    "empty": ("empty", {"e": [None] * N}, ("e",)),
    "constant": ("constant", {"c": ["same"] * N}, ("c",)),
    "numbers of rows": ("identifier", {"row": list(range(5, N + 5))}, ("row",)),
    "names of rows": ("identifier", {"key": [f"k{i:04}" for i in range(N)]}, ("key",)),
    "an id with gaps": ("identifier", {"id": [3 * i for i in range(N)]}, ("id",)),
    "mostly missing": ("mostly_missing", {"m": [1, 2, 3, 4] + [None] * (N - 4)}, ("m",)),
    "a code and its name": (
        "same_columns",
        {"code": pick([1, 2, 3]), "name": [{1: "a", 2: "b", 3: "c"}[v] for v in pick([1, 2, 3])]},
        ("code", "name"),
    ),
    "cents": ("same_columns", {"x": X, "cents": [100 * x + 7 for x in X]}, ("x", "cents")),
    "half missing": ("many_missing", {"h": [None, 1.5] * (N // 2)}, ("h",)),
    "almost constant": ("almost_constant", {"a": ["x"] * (N - 2) + ["y", "z"]}, ("a",)),
    "sentences": (
        "free_text",
        {"s": [f"the customer said that {i} things were broken" for i in range(N)]},
        ("s",),
    ),
    "streets": ("many_names", {"s": [f"street {i % 400}" for i in range(N)]}, ("s",)),
    "999 for unknown": ("filler", {"age": with_far(5, 999.0)}, ("age",)),
    "a slip": ("outliers", {"age": with_far(1, 4712.0)}, ("age",)),
    "two units": (
        "mixed_units",
        {
            "height": [
                v * 100 if i % 3 else v
                for i, v in enumerate(pick([1.5 + i / 90 for i in range(50)]))
            ]
        },
        ("height",),
    ),
    "few below zero": ("few_negative", {"n": [-3.0] + [abs(v) for v in noise(5)[1:]]}, ("n",)),
    "a slip of the year": (
        "future_dates",
        {"d": [date(2999, 1, 1), *pick([DAY + timedelta(days=i) for i in range(300)])[1:]]},
        ("d",),
    ),
    "repeated rows": ("duplicates", {"x": X[: N // 2] * 2, "y": Y[: N // 2] * 2}, ()),
    "rows of one customer": (
        "repeated_entity",
        {"customer_id": pick(range(100))},
        ("customer_id",),
    ),
    "rows by date": (
        "time_order",
        {"when": [DAY + timedelta(days=i // 4) for i in range(N)]},
        ("when",),
    ),
}
NEARLY: dict[str, Case] = {
    "one value": ("empty", {"e": ["x"] + [None] * (N - 1)}, ()),
    "a value or none": ("constant", {"c": ["same", None] * (N // 2)}, ()),
    "numbers that differ": ("identifier", {"salary": r().sample(range(10**6), N)}, ()),
    "measurements": ("identifier", {"id": X}, ()),
    "sentences are no names": (
        "identifier",
        {"s": [f"the customer said that {i} things were broken" for i in range(N)]},
        (),
    ),
    "some missing": ("mostly_missing", {"m": [1, None] * (N // 2)}, ()),
    "nearly the same": (
        "same_columns",
        {"code": pick([1, 2, 3]), "name": ["a", "c"] + [str(v) for v in pick([1, 2, 3])[2:]]},
        (),
    ),
    "unique columns": ("same_columns", {"a": X, "b": [f"k{i}" for i in range(N)]}, ()),
    "strongly correlated": (
        "same_columns",
        {"x": X, "y": [x + 0.1 * e for x, e in zip(X, noise(6), strict=True)]},
        (),
    ),
    "a third missing": ("many_missing", {"h": [None, 1.5, 2.5] * (N // 3)}, ()),
    "rare but there": ("almost_constant", {"a": ["x"] * (N - 20) + ["y"] * 20}, ()),
    "labels": ("free_text", {"s": pick(["new york", "são paulo"])}, ()),
    "cities": ("many_names", {"s": [f"city {i % 60}" for i in range(N)]}, ()),
    "incomes": ("outliers", {"income": [2.718**v * 1000 for v in noise(5)]}, ()),
    "99 among others": ("filler", {"age": [float(v) for v in pick(range(20, 100))]}, ()),
    "prices": ("mixed_units", {"price": [10 ** (3 + v) for v in noise(5)]}, ()),
    "two fees": ("mixed_units", {"fee": pick([10, 1000])}, ()),
    "both signs": ("few_negative", {"n": X}, ()),
    "ends of contracts": (
        "future_dates",
        {"d": pick([date(2999, 1, 1) + timedelta(days=i) for i in range(300)])},
        (),
    ),
    "single rows": ("duplicates", {"x": X, "y": Y}, ()),
    "a row each": ("repeated_entity", {"customer_id": [f"c{i}" for i in range(N)]}, ()),
    "not somebody": ("repeated_entity", {"city": [f"city {i % 100}" for i in range(N)]}, ()),
    "dates of birth": (
        "time_order",
        {"birth_date": [DAY + timedelta(days=i // 4) for i in range(N)]},
        (),
    ),
}
LEAKS: dict[str, Case] = {
    "a copy": ("target_leak", {"y": Y, "copy": [1 if v == "yes" else 0 for v in Y]}, ("copy",)),
    "a copy with slips": ("target_leak", {"y": Y, "copy": flip(Y, 0.004)}, ("copy",)),
    "filled in afterwards": (
        "target_leak",
        {"y": Y, "reason": [f"r{i % 9}" if v == "yes" else None for i, v in enumerate(Y)]},
        ("reason",),
    ),
    "sorted by the target": (
        "target_leak",
        {"y": sorted(Y), "row": list(range(N))},
        ("row",),
    ),
    "a number in other units": (
        "target_leak",
        {"y": PRICE, "in_cents": [100 * p for p in PRICE]},
        ("in_cents",),
    ),
    "no target": ("target_missing", {"y": [None] * 20 + Y[20:], "x": X}, ("y",)),
    "rare": ("rare_classes", {"y": ["z"] * 4 + pick(["a", "b"])[4:], "x": X}, ("y",)),
    "uneven": ("imbalance", {"y": ["yes"] * 25 + ["no"] * (N - 25), "x": X}, ("y",)),
    "a long tail": ("long_tail", {"y": [10.0 ** (v + 2) for v in noise(5)], "x": X}, ("y",)),
    "against each other": ("contradictions", {"y": Y, "x": pick([1, 2, 3])}, ("y",)),
}
NO_LEAKS: dict[str, Case] = {
    "a strong column": ("target_leak", {"y": Y, "hint": flip(Y, 0.06)}, ()),
    "learnt by heart": ("target_leak", {"y": Y, "key": [f"k{i}" for i in range(N)]}, ()),
    "names seen once or twice": (
        "target_leak",
        {"y": Y, "key": [f"k{i % 350}" for i in range(N)]},
        (),
    ),
    "one rare case": (
        "target_leak",
        {"y": ["yes"] * 3 + ["no"] * (N - 3), "x": [1] * 3 + [0] * (N - 3)},
        (),
    ),
    "close to the number": ("target_leak", {"y": PRICE, "x": X}, ()),
    "all there": ("target_missing", {"y": Y, "x": X}, ()),
    "enough of each": ("rare_classes", {"y": ["z"] * 30 + pick(["a", "b"])[30:], "x": X}, ()),
    "even": ("imbalance", {"y": pick(["yes", "no"]), "x": X}, ()),
    "no tail": ("long_tail", {"y": PRICE, "x": X}, ()),
    "rows of their own": ("contradictions", {"y": Y, "x": X}, ()),
}


@pytest.fixture
def advise(warehouse: Warehouse) -> Callable[..., tuple[Advice, ...]]:
    def made(columns: Columns, target: str | None = None) -> tuple[Advice, ...]:
        version = store(warehouse, columns)
        return ProfileService(warehouse).advice(version.dataset, version.version, target)

    return made


type Advise = Callable[..., tuple[Advice, ...]]


def columns_of(found: Sequence[Advice], code: str) -> list[tuple[str, ...]]:
    return [a.columns for a in found if a.code == code]


def plain(columns: Columns) -> Columns:
    """With an ordinary column beside, so that the rows differ."""
    return {**columns, "other": noise(99)}


@pytest.mark.parametrize("case", FIRES.values(), ids=FIRES)
def test_says_what_is_there(advise: Advise, case: Case) -> None:
    code, table, columns = case
    found = advise(table if code == "duplicates" else plain(table))
    assert columns_of(found, code) == [columns]


@pytest.mark.parametrize("case", NEARLY.values(), ids=NEARLY)
def test_keeps_quiet_about_what_is_nearly_there(advise: Advise, case: Case) -> None:
    code, table, _ = case
    assert columns_of(advise(plain(table)), code) == []


@pytest.mark.parametrize("case", LEAKS.values(), ids=LEAKS)
def test_says_what_is_wrong_with_a_target(advise: Advise, case: Case) -> None:
    code, table, columns = case
    assert columns_of(advise(table, "y"), code) == [columns]


@pytest.mark.parametrize("case", NO_LEAKS.values(), ids=NO_LEAKS)
def test_suspects_no_target_without_evidence(advise: Advise, case: Case) -> None:
    code, table, _ = case
    assert columns_of(advise(table, "y"), code) == []


def test_a_leak_comes_first_with_its_evidence_and_is_left_out_by_default(advise: Advise) -> None:
    first = advise({"x": X, "y": Y, "copy": Y}, "y")[0]
    assert (first.code, first.severity) == ("target_leak", Severity.SERIOUS)
    assert first.evidence["right"] == 1
    assert first.action is not None
    assert (first.action.kind, first.action.columns) == (ActionKind.EXCLUDE, ("copy",))
    assert first.action.by_default


def test_only_one_way_to_cut_is_proposed(advise: Advise) -> None:
    when = [DAY + timedelta(days=i // 4) for i in range(N)]
    found = advise({"when": when, "customer_id": pick(range(100)), "x": X})
    cuts = [a.action.kind for a in found if a.action and a.action.kind is not ActionKind.EXCLUDE]
    assert cuts == [ActionKind.SPLIT_GROUP]


def test_very_few_rows_are_told(advise: Advise) -> None:
    found = advise({"x": X[:60], "y": Y[:60]}, "y")
    assert [a.severity for a in found if a.code == "few_rows"] == [Severity.WARNING]
    wide: Columns = {f"c{i}": noise(i, 250) for i in range(300)}
    assert columns_of(advise(wide), "more_columns_than_rows") == [()]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: s.key)
def test_no_sample_raises_a_false_alarm(warehouse: Warehouse, tmp_path: Path, sample: Any) -> None:
    intake = IntakeService(warehouse, Scratch(tmp_path / "scratch"), Changes())
    version = intake.add_sample(sample.key)
    found = ProfileService(warehouse).advice(version.dataset, 1, sample.target)
    alarms = {a.code for a in found if a.severity is not Severity.INFO}
    assert alarms <= {"time_order"}
    assert len(found) <= 4
