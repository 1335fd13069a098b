"""What an answer warns of: values that the model never saw."""

from __future__ import annotations

from freemlops.domain.model import SignatureColumn
from freemlops.domain.words import Message, say


def unseen(column: SignatureColumn, value: str) -> Message:
    shown = value if len(value) <= 60 else f"{value[:57]}…"
    return say("“{value}” was never seen in “{column}”.", value=shown, column=column.name)


def outside(column: SignatureColumn) -> Message:
    return say(
        "“{column}” is outside what was seen, {low} to {high}.",
        column=column.name,
        low=column.low,
        high=column.high,
    )
