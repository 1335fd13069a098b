"""A data set at a glance: its columns with their distributions, its first rows, its notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from freemlops.domain.dataset import Column, DatasetVersion, Note
from freemlops.domain.profile import ColumnProfile, TableProfile
from freemlops.i18n import Translator
from freemlops.ui.charts.spark import spark
from freemlops.ui.components.safe import Markup, tag
from freemlops.ui.components.words import TYPES

PAIRS_SHOWN = 10
WIDEST = 60
"""Columns shown; a wider table is cut and says so."""


def heading(table: DatasetVersion, t: Translator) -> Markup:
    return tag(
        "div",
        tag("h2", table.name, class_="fm-dataset-name"),
        tag(
            "div",
            tag("span", t.text("{n} rows", n=table.rows), class_="chip"),
            tag("span", t.text("{n} columns", n=len(table.columns)), class_="chip"),
            tag("span", t.bytes(table.size_bytes), class_="chip"),
            tag("span", t.text("made up"), class_="chip") if table.synthetic else None,
            class_="row",
        ),
        class_="stack",
    )


def columns(table: DatasetVersion, profile: Mapping[str, ColumnProfile], t: Translator) -> Markup:
    """One line a column: what it holds, what is missing, how it is spread."""
    lines = [_column(c, profile.get(c.name), table.rows, t) for c in table.columns[:WIDEST]]
    head = tag(
        "tr",
        tag("th", t.text("Column")),
        tag("th", t.text("Holds")),
        tag("th", t.text("Missing"), class_="r"),
        tag("th", t.text("Different values"), class_="r"),
        tag("th", t.text("From – to")),
        tag("th", t.text("Spread")),
    )
    more = len(table.columns) - WIDEST
    return tag(
        "div",
        tag(
            "div",
            tag("table", tag("thead", head), tag("tbody", lines)),
            class_="scroll fm-columns",
            tabindex="0",
        ),
        tag("p", t.text("and {n} more columns", n=more), class_="muted small")
        if more > 0
        else None,
    )


def _column(column: Column, profile: ColumnProfile | None, rows: int, t: Translator) -> Markup:
    missing = (
        f"{t.number(column.missing)} ({t.percent(column.missing / max(rows, 1))})"
        if column.missing
        else "–"
    )
    return tag(
        "tr",
        tag("td", tag("div", column.name, class_="clip", title=column.name)),
        tag("td", t.text(TYPES[column.type]), class_="muted"),
        tag("td", missing, class_="r num"),
        tag("td", t.number(column.distinct), class_="r num"),
        tag("td", _range(profile, t)),
        tag("td", _spread(column, profile, t)),
    )


def _range(profile: ColumnProfile | None, t: Translator) -> Markup | None:
    """The ends of a column of numbers or dates and its median; how long texts are."""
    if profile is None:
        return None
    if profile.lengths is not None:
        least, most = profile.lengths.least, profile.lengths.most
        words = t.text("{least} to {most} letters", least=least, most=most)
        return tag("span", words, class_="muted small")
    if profile.low is None or profile.high is None:
        return None
    low, high = _mark(profile.low, t), _mark(profile.high, t)
    middle = _mark(profile.quantiles[3], t) if profile.quantiles else ""
    return tag(
        "div",
        tag("div", f"{low} – {high}", class_="num", style="white-space:nowrap"),
        tag(
            "div",
            t.text("median {value}", value=middle),
            class_="muted small num",
            style="white-space:nowrap",
        )
        if middle
        else None,
    )


def _mark(value: float | str, t: Translator) -> str:
    if isinstance(value, str):
        return t.day(date.fromisoformat(value[:10]))
    return t.number(float(f"{value:.5g}"))


def together(profile: TableProfile, t: Translator) -> Markup | None:
    """Columns of numbers that move together, strongest first."""
    if not profile.correlations:
        return None
    lines = [
        tag(
            "tr",
            tag("td", tag("div", c.first, class_="clip", title=c.first)),
            tag("td", tag("div", c.second, class_="clip", title=c.second)),
            tag("td", t.number(round(c.r, 2)), class_="r num"),
            tag("td", _strength(c.r)),
        )
        for c in profile.correlations[:PAIRS_SHOWN]
    ]
    head = tag(
        "tr",
        tag("th", t.text("Column")),
        tag("th", t.text("Column")),
        tag("th", t.text("Correlation"), class_="r"),
        tag("th", ""),
    )
    return tag(
        "div",
        tag("table", tag("thead", head), tag("tbody", lines)),
        class_="scroll fm-together",
        tabindex="0",
    )


def _strength(r: float) -> Markup:
    width = f"width:{100 * abs(r):.0f}%"
    return tag(
        "div",
        tag("div", class_="fill", style=width),
        class_="track",
        style="min-width:90px;margin-top:7px",
        aria_hidden="true",
    )


def _spread(column: Column, profile: ColumnProfile | None, t: Translator) -> Markup | None:
    """A small histogram, or the most frequent values; nothing where every value is its own."""
    if profile is None:
        return None
    if profile.histogram:
        label = t.text("Spread of {column}", column=column.name)
        return spark([bin_.count for bin_ in profile.histogram], label)
    if not profile.top or profile.top[0].count <= 1:
        return None
    shown = ", ".join(cell(value.value, t) for value in profile.top[:3])
    return tag("div", shown, class_="clip muted small", title=shown)


def rows(table: DatasetVersion, shown: Sequence[Mapping[str, Any]], t: Translator) -> Markup:
    """The first rows as they were understood."""
    names = table.columns[:WIDEST]
    head = tag("tr", [tag("th", c.name, class_="r" if c.type.is_number else None) for c in names])
    lines = [
        tag(
            "tr",
            [
                tag(
                    "td",
                    tag("div", cell(line.get(c.name), t), class_="clip"),
                    class_="r num" if c.type.is_number else None,
                )
                for c in names
            ],
        )
        for line in shown
    ]
    return tag(
        "div",
        tag("table", tag("thead", head), tag("tbody", lines)),
        class_="scroll fm-rows",
        tabindex="0",
    )


def cell(value: Any, t: Translator) -> str:
    """A value as the reader writes it."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return t.text("yes") if value else t.text("no")
    if isinstance(value, datetime):
        return t.datetime(value)
    if isinstance(value, date):
        return t.day(value)
    if isinstance(value, (int, float)):
        return t.number(value)
    return str(value)


def notes(found: Sequence[Note], t: Translator) -> Markup | None:
    """What was decided while reading the file, with the lines it concerns."""
    if not found:
        return None
    return tag(
        "div",
        tag("h3", t.text("What we noticed while reading")),
        tag("ul", [tag("li", _note(note, t)) for note in found]),
        class_="panel note fm-notes",
    )


def _note(note: Note, t: Translator) -> str:
    text = t.text(note.message)
    if not note.lines:
        return text
    lines = ", ".join(str(line) for line in note.lines[:5])
    more = "…" if len(note.lines) > 5 else ""
    return f"{text} ({t.text('lines {lines}', lines=lines + more)})"
