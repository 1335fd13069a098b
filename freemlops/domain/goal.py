"""What can be predicted from a table, judged by the statistics of its columns alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from freemlops.domain.dataset import Column, ColumnType
from freemlops.domain.errors import Detail, InvalidError
from freemlops.domain.metric import METRICS
from freemlops.domain.naming import name_words, named_identifier
from freemlops.domain.run import RunSpec, SplitKind, Task
from freemlops.domain.words import N_, Message, say

MIN_BUDGET_S = 5.0
MAX_BUDGET_S = 24 * 3600.0
MIN_ROWS = 20
MAX_CLASSES = 100
FEW_VALUES = 10
"""Whole numbers with no more different values than this are taken for classes."""
MOST_NEAR = 3
MOST_SHOWN = 8
"""Names of columns in a sentence: those like the one asked for, or the first of all."""

_TYPICAL = (
    "target", "label", "class", "classe", "alvo", "y", "outcome", "resultado", "churn",
    "churned", "cancelou", "evasao", "evadiu", "survived", "sobreviveu", "default",
    "inadimplente", "inadimplencia", "fraud", "fraude", "species", "especie", "diagnosis",
    "diagnostico", "attrition", "comprou", "desistiu", "price", "preco", "valor", "sales",
    "vendas", "quality", "qualidade", "rating", "nota", "status", "situacao", "approved",
    "aprovado",
)  # fmt: skip
"""Names that results have, the most telling first; without accents, in lower case."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A target worth trying, and why."""

    target: str
    reason: Message


def suggest_target(
    columns: Sequence[Column], rows: int, preferred: str | None = None
) -> Suggestion | None:
    """The column that people most likely want to predict; None when no column can be one."""
    usable = [c for c in columns if can_be_target(c, rows)]
    for column in usable:
        if column.name == preferred:
            return Suggestion(
                column.name, say("“{column}” is what this data is known for.", column=column.name)
            )
    found = _typical(usable)
    if found is not None:
        return Suggestion(found.name, say("“{column}” is named like a result.", column=found.name))
    if not usable:
        return None
    last = usable[-1]
    return Suggestion(
        last.name,
        say("“{column}” is the last column, where the result often stands.", column=last.name),
    )


def can_be_target(column: Column, rows: int) -> bool:
    """Whether `column` varies, is no date and does not look like an identifier."""
    return next(_target_problems(column, None, rows), None) is None and not _identifier(
        column, rows
    )


def _identifier(column: Column, rows: int) -> bool:
    named = named_identifier(column.name)
    unique = rows > 0 and column.distinct >= 0.95 * (rows - column.missing)
    return unique and (named or column.type is ColumnType.TEXT)


def _identifier_problem(column: Column, rows: int) -> Iterator[Detail]:
    """An identifier of many texts is refused as having too many classes."""
    if rows - column.missing >= MIN_ROWS and _identifier(column, rows):
        message = say(
            "“{column}” looks like an identifier: almost every row has its own value, so nothing "
            "can be learned about the next one. Choose another column.",
            column=column.name,
        )
        yield Detail(message, column=column.name)


def _typical(columns: Sequence[Column]) -> Column | None:
    """The column with the most telling name; whole names win over parts, later over earlier."""
    best: tuple[tuple[int, int, int], Column] | None = None
    for place, column in enumerate(columns):
        words = name_words(column.name)
        hits = [_TYPICAL.index(w) for w in words if w in _TYPICAL]
        if not hits:
            continue
        key = (len(words) == 1, -min(hits), place)
        if best is None or key > best[0]:
            best = (key, column)
    return best[1] if best else None


def suggest_task(column: Column, rows: int) -> tuple[Task, Message]:
    """The task that follows from what the target holds, with the reason in words."""
    name, distinct = column.name, column.distinct
    if distinct == 2 or column.type is ColumnType.BOOLEAN:
        return Task.BINARY, say("“{column}” has two different values.", column=name)
    if column.type is ColumnType.TEXT:
        return Task.MULTICLASS, say(
            "“{column}” holds {count} different names.", column=name, count=distinct
        )
    few = distinct <= FEW_VALUES and rows >= 5 * distinct
    if column.type is ColumnType.INTEGER and few:
        return Task.MULTICLASS, say(
            "“{column}” holds only {count} different whole numbers, which look like classes.",
            column=name,
            count=distinct,
        )
    return Task.REGRESSION, say("“{column}” holds numbers of many sizes.", column=name)


def check_spec(spec: RunSpec, columns: Sequence[Column], rows: int) -> None:
    """Raise `InvalidError`, naming every mistake, when `spec` cannot be trained on the table."""
    problems = list(_problems(spec, {c.name: c for c in columns}, rows))
    if problems:
        first = problems[0].message
        raise InvalidError(first.template, details=problems, **first.params)


def no_column(name: str, columns: Sequence[str]) -> Message:
    """That `name` is no column, with the names that come near; the first few when none does."""
    lower = {c.casefold(): c for c in reversed(columns)}
    near = [lower[c] for c in get_close_matches(name.casefold(), list(lower), MOST_NEAR, 0.6)]
    if near:
        return say(
            "There is no column called “{column}”. Did you mean {near}?",
            column=name,
            near=", ".join(f"“{c}”" for c in near),
        )
    shown = ", ".join(f"“{c}”" for c in columns[:MOST_SHOWN])
    if len(columns) > MOST_SHOWN:
        return say(
            "There is no column called “{column}”. The first are {names}.",
            column=name,
            names=shown,
        )
    return say(
        "There is no column called “{column}”. The columns are {names}.", column=name, names=shown
    )


_NO_BUDGET = N_("The time must be between 5 seconds and 24 hours.")


def check_budget(budget_s: float) -> None:
    """Raises `InvalidError` for a time that is no promise."""
    if not MIN_BUDGET_S <= budget_s <= MAX_BUDGET_S:  # also what is no number
        raise InvalidError(_NO_BUDGET)


def _problems(spec: RunSpec, columns: dict[str, Column], rows: int) -> Iterator[Detail]:
    target = columns.get(spec.target)
    if target is None:
        yield Detail(no_column(spec.target, list(columns)), column=spec.target)
    else:
        for message in _target_problems(target, spec.task, rows):
            yield Detail(message, column=spec.target)
        if target.distinct <= MAX_CLASSES or spec.task is Task.REGRESSION:
            yield from _identifier_problem(target, rows)
    yield from _column_problems(spec, columns)
    if not MIN_BUDGET_S <= spec.budget_s <= MAX_BUDGET_S:
        yield Detail(say(_NO_BUDGET))
    metric = METRICS.get(spec.metric)
    if metric is None or spec.task not in metric.tasks:
        yield Detail(
            say("The measure “{metric}” does not fit this kind of target.", metric=spec.metric)
        )
    if spec.max_trials is not None and spec.max_trials < 1:
        yield Detail(say("The number of trials must be at least 1."))


def _target_problems(column: Column, task: Task | None, rows: int) -> Iterator[Message]:
    name, filled = column.name, rows - column.missing
    if column.type in (ColumnType.DATE, ColumnType.DATETIME):
        yield say(
            "“{column}” holds dates, and a date cannot be predicted yet. Predict a number instead, "
            "such as the number of days until that date.",
            column=name,
        )
    elif filled <= 0:
        yield say("“{column}” is empty, so there is nothing to learn from.", column=name)
    elif column.distinct < 2:
        yield say(
            "“{column}” has the same value in every row, so there is nothing to predict. "
            "Choose another column.",
            column=name,
        )
    elif filled < MIN_ROWS:
        yield say(
            "Only {rows} rows have a value in “{column}”; at least {least} are needed.",
            rows=filled,
            column=name,
            least=MIN_ROWS,
        )
    elif task is not None:
        yield from _task_problems(column, task)


def _task_problems(column: Column, task: Task) -> Iterator[Message]:
    name = column.name
    if task is Task.REGRESSION and not column.type.is_number:
        yield say("“{column}” holds no numbers, so no number can be predicted.", column=name)
    elif task is Task.BINARY and column.distinct > 2:
        yield say(
            "“{column}” has {count} different values, not two. Choose “several classes”.",
            column=name,
            count=column.distinct,
        )
    elif task is Task.MULTICLASS and column.distinct > MAX_CLASSES:
        yield say(
            "“{column}” has {count} different values, and at most {limit} classes can be "
            "told apart. Is it a name or an identifier?",
            column=name,
            count=column.distinct,
            limit=MAX_CLASSES,
        )


def _column_problems(spec: RunSpec, columns: dict[str, Column]) -> Iterator[Detail]:
    for name in spec.exclude:
        if name not in columns:
            yield Detail(no_column(name, list(columns)), column=name)
    if spec.target in spec.exclude:
        message = say("The column to predict cannot be left out.")
        yield Detail(message, column=spec.target)
    if not set(columns) - set(spec.exclude) - {spec.target}:
        yield Detail(say("No column is left to learn from."))
    if spec.split.kind is SplitKind.RANDOM:
        return
    name = spec.split.column or ""
    column = columns.get(name)
    if column is None:
        yield Detail(say("Choose the column by which the rows are split."), column=name or None)
    elif name == spec.target:
        yield Detail(say("The rows cannot be split by the column to predict."), column=name)
    elif spec.split.kind is SplitKind.TIME and column.type is ColumnType.TEXT:
        message = say("“{column}” holds no dates or numbers to sort by.", column=name)
        yield Detail(message, column=name)
    elif spec.split.kind is SplitKind.GROUP and column.distinct < 3:
        message = say("“{column}” has too few different groups to split by.", column=name)
        yield Detail(message, column=name)
