"""The parts of an explanation in words and in the order of their size."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from freemlops.domain.dataset import Column
from freemlops.domain.explanation import Contributions, KnownRow, Part
from freemlops.domain.model import SignatureColumn
from freemlops.i18n import Translator
from freemlops.i18n.phrases import truth_text
from freemlops.ui.state.try_form import written_day

MOST_REASONS = 12

type Words = Mapping[str, tuple[str, str]]
"""By column: what its file wrote for false and true."""


def own_words(columns: Iterable[Column] | Iterable[SignatureColumn]) -> Words:
    """Of the columns that have words of their own."""
    return {c.name: c.words for c in columns if c.words is not None}


@dataclass(frozen=True, slots=True)
class Reason:
    """`said` is the signed amount and `value` the column's value as the reader writes them; `part`
    is None for all the rest."""

    label: str
    value: str
    amount: float
    error: float
    said: str
    part: Part | None


def reasons(
    made: Contributions, words: Words, t: Translator, most: int = MOST_REASONS
) -> list[Reason]:
    """The largest parts, then all others as one."""
    parts = sorted(made.parts, key=lambda p: -abs(p.amount))
    found = []
    for p in parts[:most]:
        value = value_text(p.value, t, words.get(p.column))
        said = signed(p, made, t)
        found.append(Reason(f"{p.column} = {value}", value, p.amount, p.error, said, p))
    if rest := parts[most:]:
        amount = sum(p.amount for p in rest)
        error = sum(p.error**2 for p in rest) ** 0.5
        label = t.text("{count} other columns", count=len(rest))
        found.append(Reason(label, "", amount, error, signed_number(amount, made.of, t), None))
    return found


def signed(part: Part, made: Contributions, t: Translator) -> str:
    return signed_number(part.amount, made.of, t)


def signed_number(amount: float, of: str | None, t: Translator) -> str:
    """`+12.3%` of a chance, `−1,200` of a number."""
    size = abs(amount)
    text = t.percent(size, 1) if of is not None else t.number(size)
    return f"{'−' if amount < 0 else '+'}{text}"


def answer_number(value: float, of: str | None, t: Translator) -> str:
    return t.percent(value, 1) if of is not None else t.number(value)


def value_text(value: Any, t: Translator, words: tuple[str, str] | None = None) -> str:
    """A value of the data as the reader writes it; a truth value in the column's own `words`."""
    if value is None:
        return t.text("missing")
    if isinstance(value, bool):
        return truth_text(value, words, t)
    if isinstance(value, int | float):
        whole = float(value).is_integer() and abs(value) < 10_000
        return str(int(value)) if whole else t.number(value)
    return written_day(str(value)) if t.language == "pt_BR" else str(value)


def row_label(row: KnownRow, t: Translator) -> str:
    """A row in a list to choose from."""
    answer, truth = (v if isinstance(v, str) else t.number(v) for v in (row.answer, row.truth))
    if row.chance is not None:
        answer = f"{answer} ({t.percent(row.chance)})"
    return t.text(
        "Row {row}: truth {truth}, answer {answer}",
        row=t.number(row.row + 1, 0),
        truth=truth,
        answer=answer,
    )


def changed(before: dict[str, Any], after: dict[str, Any]) -> Sequence[str]:
    """The columns that were moved."""
    return [name for name, value in after.items() if value != before.get(name)]
