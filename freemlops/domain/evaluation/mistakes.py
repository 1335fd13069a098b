"""Where a model is wrong: its worst rows, and what the rows that it gets wrong have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from freemlops.domain.words import Message, say


@dataclass(frozen=True, slots=True)
class Mistake:
    """`row` is the place in the dataset version, from 0; `values` its raw columns. `truth` and
    `said` are labels or numbers; `error` is the probability that the truth did not get, or the
    distance."""

    row: int
    truth: str | float
    said: str | float
    error: float
    values: Mapping[str, Any] = field(default_factory=dict)

    def message(self) -> Message:
        if isinstance(self.said, str):
            return say(
                "It said “{said}” and gave “{truth}”, which is true, only {percent}%.",
                said=self.said,
                truth=self.truth,
                percent=round(100 * (1 - self.error), 1),
            )
        if self.said > float(self.truth):
            return say(
                "It said {said} and the truth is {truth}: {error} too high.",
                said=self.said,
                truth=self.truth,
                error=self.error,
            )
        return say(
            "It said {said} and the truth is {truth}: {error} too low.",
            said=self.said,
            truth=self.truth,
            error=self.error,
        )


class Relation(StrEnum):
    IS = "is"
    IS_NOT = "is_not"
    MISSING = "missing"
    THERE = "there"
    AT_MOST = "at_most"
    ABOVE = "above"


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that rows have in common. A truth value is the data's own word for it, or True and
    False where it has none."""

    column: str
    relation: Relation
    value: str | float | bool | None = None

    def message(self) -> Message:
        column, value = self.column, self.value
        match self.relation:
            case Relation.IS:
                return say("{column} is {value}", column=column, value=value)
            case Relation.IS_NOT:
                return say("{column} is not {value}", column=column, value=value)
            case Relation.MISSING:
                return say("{column} is missing", column=column)
            case Relation.THERE:
                return say("{column} is not missing", column=column)
            case Relation.AT_MOST:
                return say("{column} is at most {value}", column=column, value=value)
            case Relation.ABOVE:
                return say("{column} is above {value}", column=column, value=value)


@dataclass(frozen=True, slots=True)
class Cluster:
    """`rows` that share all `conditions`, `wrong` of them. `error` there against `overall`: shares
    of wrong answers, or average distances. `p` is the chance of seeing it by luck."""

    conditions: tuple[Condition, ...]
    rows: int
    wrong: int | None
    error: float
    overall: float
    p: float

    def message(self, text: Callable[[Message], str]) -> Message:
        """`text` translates; the conditions become one piece of the sentence."""
        where = text(self.conditions[0].message())
        for condition in self.conditions[1:]:
            both = {"first": where, "second": text(condition.message())}
            where = text(say("{first} and {second}", **both))
        if self.wrong is not None:
            return say(
                "Wrong in {wrong} of {rows} rows where {where}: {percent}%, against {overall}% "
                "of all rows.",
                wrong=self.wrong,
                rows=self.rows,
                where=where,
                percent=round(100 * self.error, 1),
                overall=round(100 * self.overall, 1),
            )
        return say(
            "Misses by {error} on average in {rows} rows where {where}, against {overall} in all "
            "rows.",
            error=self.error,
            rows=self.rows,
            where=where,
            overall=self.overall,
        )


@dataclass(frozen=True, slots=True)
class Mistakes:
    """`note` says why there are no clusters, when there are none."""

    worst: tuple[Mistake, ...]
    clusters: tuple[Cluster, ...]
    rows: int
    note: Message | None = None
