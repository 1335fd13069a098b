"""What is odd about the rows as a whole, and how they are best cut for the test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from freemlops.domain.advice.model import Action, ActionKind, Advice, Facts, Severity
from freemlops.domain.dataset import Column, ColumnType
from freemlops.domain.naming import named_birth, named_entity
from freemlops.domain.profile import ColumnProfile
from freemlops.domain.words import say

FEW_ROWS: Final = 200
MANY_DUPLICATES: Final = 0.05
IN_ORDER: Final = 0.98
FEWEST_DATES: Final = 20
FEWEST_GROUPS: Final = 20
ROWS_A_GROUP: Final = 1.5


def row_advice(facts: Facts) -> Iterator[Advice]:
    yield from _few(facts)
    yield from _duplicates(facts)


def split_advice(facts: Facts) -> Iterator[Advice]:
    """At most one way to cut: rows of one thing kept together go before the order of time."""
    groups = list(_groups(facts))
    times = list(_times(facts))
    yield from (groups or times)[:1]


def _few(facts: Facts) -> Iterator[Advice]:
    rows, wide = facts.rows, len(facts.columns) - 1
    if rows < FEW_ROWS:
        yield Advice(
            "few_rows",
            Severity.WARNING if rows < FEW_ROWS / 2 else Severity.INFO,
            (),
            say(
                "There are only {rows} rows. Scores of so few swing by chance, and small "
                "differences between models mean nothing.",
                rows=rows,
            ),
            say("Read the intervals beside the scores, and collect more rows if you can."),
            {"rows": rows},
        )
    elif wide > rows:
        yield Advice(
            "more_columns_than_rows",
            Severity.WARNING,
            (),
            say(
                "There are more columns ({columns}) than rows ({rows}): by chance alone some "
                "columns will seem to matter.",
                columns=wide,
                rows=rows,
            ),
            say("Leave out what cannot matter, and collect more rows if you can."),
            {"rows": rows, "columns": wide},
        )


def _duplicates(facts: Facts) -> Iterator[Advice]:
    count = facts.profile.duplicate_rows
    if not count:
        return
    share = count / facts.rows
    yield Advice(
        "duplicates",
        Severity.WARNING if share >= MANY_DUPLICATES else Severity.INFO,
        (),
        say(
            "Rows that repeat an earlier row: {count}. When a row is learnt from and its double "
            "is in the test, the models seem better than they are.",
            count=count,
        ),
        say("If they are the same case twice, take the doubles out of the file."),
        {"count": count, "share": round(share, 4)},
    )


def _groups(facts: Facts) -> Iterator[Advice]:
    """Columns that name who or what a row is about, with several rows each; best first."""
    found = [c for c, _ in facts.features() if _is_group(c, facts.rows)]
    for column in sorted(found, key=lambda c: -c.distinct):
        yield Advice(
            "repeated_entity",
            Severity.WARNING,
            (column.name,),
            say(
                "“{column}” stands for {count} different ones in {rows} rows. Rows of the same one "
                "are alike: with some in training and some in the test, the models seem better "
                "than they will be for new ones.",
                column=column.name,
                count=column.distinct,
                rows=facts.rows,
            ),
            say("Keep all rows of one “{column}” on the same side.", column=column.name),
            {"distinct": column.distinct, "rows": facts.rows},
            Action(ActionKind.SPLIT_GROUP, (column.name,), by_default=True),
        )


def _is_group(column: Column, rows: int) -> bool:
    filled = rows - column.missing
    if column.type not in (ColumnType.TEXT, ColumnType.INTEGER) or column.missing > 0.1 * rows:
        return False
    if not FEWEST_GROUPS <= column.distinct <= filled / ROWS_A_GROUP:
        return False
    return named_entity(column.name)


def _times(facts: Facts) -> Iterator[Advice]:
    """Dates of events; those that the rows follow first."""
    found = [(c, p) for c, p in facts.features() if _is_time(c, p, facts.rows)]
    for column, profile in sorted(found, key=lambda pair: -(pair[1].rising or 0.0)):
        rising = profile.rising or 0.0
        sure = rising >= IN_ORDER
        message = (
            say(
                "The rows are in the order of “{column}”. With later rows in training the test on "
                "earlier ones is too easy, and that is not how you will use the model.",
                column=column.name,
            )
            if sure
            else say(
                "“{column}” says when. If you want to predict what is to come, the test should be "
                "later than the training.",
                column=column.name,
            )
        )
        yield Advice(
            "time_order",
            Severity.WARNING if sure else Severity.INFO,
            (column.name,),
            message,
            say(
                "Learn from the past and test on the newest rows, by “{column}”.",
                column=column.name,
            ),
            {"rising": round(rising, 4)},
            Action(ActionKind.SPLIT_TIME, (column.name,), by_default=sure),
        )


def _is_time(column: Column, profile: ColumnProfile, rows: int) -> bool:
    return (
        column.type in (ColumnType.DATE, ColumnType.DATETIME)
        and column.distinct >= FEWEST_DATES
        and column.missing <= 0.05 * rows
        and profile.rising is not None
        and not named_birth(column.name)
    )
