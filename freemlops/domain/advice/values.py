"""What is odd in the values of a column."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from freemlops.domain.advice.columns import ALMOST_ALL, FEWEST_ROWS
from freemlops.domain.advice.model import Advice, Facts, Severity
from freemlops.domain.dataset import Column, ColumnType
from freemlops.domain.profile import ColumnProfile
from freemlops.domain.prose import FEWEST_TEXTS, is_prose
from freemlops.domain.words import say

MANY_MISSING: Final = 0.4
MANY_ROWS: Final = 500
FEW_NEGATIVE: Final = 0.005
MANY_NAMES: Final = 0.5


def odd_values(column: Column, profile: ColumnProfile, facts: Facts) -> Iterator[Advice]:
    """What should be looked at before anything is learnt from it."""
    filled = facts.rows - column.missing
    if filled < FEWEST_ROWS:
        return
    yield from _missing(column, facts.rows)
    yield from _almost_constant(column, profile, filled)
    if column.type is ColumnType.TEXT:
        yield from _texts(column, profile, filled)
    elif column.type.is_number:
        yield from _numbers(column, profile, filled)
    elif column.type in (ColumnType.DATE, ColumnType.DATETIME):
        yield from _dates(column, profile, facts.today)


def _missing(column: Column, rows: int) -> Iterator[Advice]:
    share = column.missing / rows
    if share >= MANY_MISSING:
        yield Advice(
            "many_missing",
            Severity.INFO,
            (column.name,),
            say(
                "“{column}” is missing in {share} of 100 rows.",
                column=column.name,
                share=round(100 * share, 1),
            ),
            say(
                "Models can use what is there. Find out why it is missing, and whether it will be "
                "there when you predict."
            ),
            {"missing": column.missing, "share": round(share, 4)},
        )


def _almost_constant(column: Column, profile: ColumnProfile, filled: int) -> Iterator[Advice]:
    most = max((t.count for t in profile.top), default=profile.zeros)
    if filled < 200 or column.distinct < 2 or most < ALMOST_ALL * filled:
        return
    yield Advice(
        "almost_constant",
        Severity.INFO,
        (column.name,),
        say(
            "“{column}” is the same in all rows but {count}.",
            column=column.name,
            count=filled - most,
        ),
        say("Little can be learnt from so few rows; leave it out unless they matter to you."),
        {"others": filled - most, "rows": filled},
    )


def _texts(column: Column, profile: ColumnProfile, filled: int) -> Iterator[Advice]:
    lengths = profile.lengths
    if lengths is not None and is_prose(lengths.spaced / filled, lengths.mean):
        if column.distinct <= FEWEST_TEXTS:
            return
        yield Advice(
            "free_text",
            Severity.INFO,
            (column.name,),
            say("“{column}” holds sentences.", column=column.name),
            say(
                "Models look at which words come up in it, and not at what they mean together. "
                "If you have short labels that say the same, they tell more."
            ),
            {"mean_length": round(lengths.mean, 1)},
        )
    elif column.distinct >= MANY_NAMES * filled and column.distinct > 50:
        yield Advice(
            "many_names",
            Severity.INFO,
            (column.name,),
            say(
                "“{column}” has {count} different values in {rows} rows: most come up once.",
                column=column.name,
                count=column.distinct,
                rows=filled,
            ),
            say("Group them if you can, such as streets into districts, or leave the column out."),
            {"distinct": column.distinct, "rows": filled},
        )


def _numbers(column: Column, profile: ColumnProfile, filled: int) -> Iterator[Advice]:
    name = column.name
    if profile.filler is not None:
        yield Advice(
            "filler",
            Severity.WARNING,
            (name,),
            say(
                "“{column}” is {value} in {count} rows, far from all others. That often stands "
                "for “unknown”, and a model takes it for a number.",
                column=name,
                value=profile.filler.value,
                count=profile.filler.count,
            ),
            say("If it does, empty these cells in the file and send it again."),
            {"value": profile.filler.value, "count": profile.filler.count},
        )
    elif profile.far is not None:
        yield Advice(
            "outliers",
            Severity.INFO,
            (name,),
            say(
                "Values of “{column}” far from all others: {count}, such as {value}.",
                column=name,
                count=profile.far.count,
                value=profile.far.extreme,
            ),
            say("Look at them: a slip of the keyboard is best corrected in the file."),
            {"count": profile.far.count, "extreme": profile.far.extreme},
        )
    if profile.mixture is not None:
        yield _mixed(name, profile)
    yield from _negatives(name, profile, filled)


def _mixed(name: str, profile: ColumnProfile) -> Advice:
    assert profile.mixture is not None
    gap = profile.mixture
    return Advice(
        "mixed_units",
        Severity.WARNING,
        (name,),
        say(
            "The numbers of “{column}” come in two clouds: up to {low}, and from {high} in {share} "
            "of 100 rows. Perhaps two units are mixed, such as metres and centimetres.",
            column=name,
            low=gap.low,
            high=gap.high,
            share=round(100 * gap.above, 1),
        ),
        say("Bring them to one unit in the file and send it again."),
        {"low": gap.low, "high": gap.high, "above": round(gap.above, 4)},
    )


def _negatives(name: str, profile: ColumnProfile, filled: int) -> Iterator[Advice]:
    count = profile.negatives
    told = profile.filler is not None and profile.filler.value < 0
    if filled < MANY_ROWS or not 0 < count <= FEW_NEGATIVE * filled or told:
        return
    yield Advice(
        "few_negative",
        Severity.INFO,
        (name,),
        say(
            "“{column}” is hardly ever below zero: in {count} of {rows} rows, the least is "
            "{value}.",
            column=name,
            count=count,
            rows=filled,
            value=profile.low,
        ),
        say("Check whether these are slips."),
        {"count": count},
    )


def _dates(column: Column, profile: ColumnProfile, today: date) -> Iterator[Advice]:
    latest = str(profile.high or "")[:10]
    beyond = (today + timedelta(days=2)).isoformat()
    usual = str(profile.quantiles[3])[:10] if profile.quantiles else ""
    if len(latest) != 10 or latest < beyond or usual >= beyond:
        return  # dates that mostly lie ahead, such as ends of contracts, are meant to
    yield Advice(
        "future_dates",
        Severity.INFO,
        (column.name,),
        say("“{column}” goes up to {date}, which is yet to come.", column=column.name, date=latest),
        say("Check whether these dates are slips."),
        {"latest": latest},
    )
