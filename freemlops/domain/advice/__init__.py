"""What somebody who knows data would say about a table. Pure policy over measured facts."""

from __future__ import annotations

from collections.abc import Iterator

from freemlops.domain.advice.columns import same_columns, useless
from freemlops.domain.advice.model import (
    Action,
    ActionKind,
    Advice,
    Facts,
    Power,
    Severity,
    TargetFacts,
)
from freemlops.domain.advice.rows import row_advice, split_advice
from freemlops.domain.advice.target import target_advice
from freemlops.domain.advice.values import odd_values

__all__ = [
    "Action",
    "ActionKind",
    "Advice",
    "Facts",
    "Power",
    "Severity",
    "TargetFacts",
    "advise",
]


def advise(facts: Facts) -> tuple[Advice, ...]:
    """The most serious first. A column that leaks is not called an identifier as well."""
    found = list(_all(facts))
    leaks = {name for a in found if a.code == "target_leak" for name in a.columns}
    kept = [a for a in found if a.code != "identifier" or not leaks.intersection(a.columns)]
    return tuple(sorted(kept, key=lambda a: a.severity.rank))


def _all(facts: Facts) -> Iterator[Advice]:
    yield from target_advice(facts)
    yield from split_advice(facts)
    yield from row_advice(facts)
    for column, profile in facts.features():
        idle = useless(column, profile, facts.rows)
        if idle is not None:
            yield idle
        else:
            yield from odd_values(column, profile, facts)
    yield from same_columns(facts)
