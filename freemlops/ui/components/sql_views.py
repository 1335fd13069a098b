"""The SQL lab's tables: what can be asked, and what was answered."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from freemlops.domain.sql import Recipe, SavedQuery, SqlTable
from freemlops.i18n import Translator
from freemlops.ui.address import link
from freemlops.ui.components.preview import cell
from freemlops.ui.components.safe import Markup, tag
from freemlops.ui.state.sql_lab import MOST_SHOWN_COLUMNS, PAGE_ROWS

MOST_TABLES = 60


def tree(tables: Sequence[SqlTable], t: Translator) -> Markup:
    """Every table with its columns, folded; the name is what stands behind FROM."""
    made = [_table(table, t) for table in tables[:MOST_TABLES]]
    more = len(tables) - MOST_TABLES
    return tag(
        "div",
        tag("h2", t.text("What you can ask")),
        made,
        tag("p", t.text("and {n} more", n=more), class_="muted small") if more > 0 else None,
        class_="stack fm-tree",
    )


def _table(table: SqlTable, t: Translator) -> Markup:
    about = t.text(table.about) if table.about else ""
    lines = [
        tag(
            "li",
            tag("code", column.name),
            tag("span", " ", column.type.lower(), class_="muted small"),
            tag("div", t.text(column.about), class_="muted small") if column.about else None,
        )
        for column in table.columns
    ]
    return tag(
        "details",
        tag("summary", tag("code", from_name(table)), class_="fm-table"),
        tag("p", about, class_="small") if about else None,
        tag("ul", lines, style="display:grid;gap:6px;padding:6px 0 6px 1.2em"),
    )


def from_name(table: SqlTable) -> str:
    """As it is written behind FROM."""
    plain = table.name.isidentifier() and table.name.islower() and table.name.isascii()
    return f"{table.schema}.{table.name}" if plain else f'{table.schema}."{table.name}"'


def recipes(found: Sequence[Recipe], t: Translator) -> Markup:
    """The cookbook: a click puts the query into the editor."""
    return tag(
        "div",
        tag("h2", t.text("Questions that others ask")),
        tag(
            "ul",
            [
                tag(
                    "li",
                    tag("a", t.text(r.title), href=link("sql", recipe=r.key), class_="fm-recipe"),
                    tag("div", t.text(r.about), class_="muted small"),
                )
                for r in found
            ],
            style="display:grid;gap:10px",
        ),
        class_="stack",
    )


def saved(found: Sequence[SavedQuery], t: Translator) -> Markup:
    """The kept queries, which everybody on this server sees."""
    lines = [
        tag("li", tag("a", s.name, href=link("sql", saved=s.id), class_="fm-saved")) for s in found
    ]
    nothing = tag("p", t.text("None yet. What you save here, everybody on this server sees."))
    return tag(
        "div",
        tag("h2", t.text("Saved queries")),
        tag("ul", lines, style="display:grid;gap:6px") if lines else nothing,
        class_="stack",
    )


def grid(table: pa.Table, page: int, t: Translator) -> Markup:
    """One page of the answer. NULL is told from empty text."""
    shown = table.slice(page * PAGE_ROWS, PAGE_ROWS)
    names = table.schema.names[:MOST_SHOWN_COLUMNS]
    right = [_is_right(table.schema.field(i).type) for i in range(len(names))]
    head = [tag("th", n, class_="r" if r else None) for n, r in zip(names, right, strict=True)]
    columns = [shown.column(i).to_pylist() for i in range(len(names))]
    lines = [
        tag("tr", [_cell(column[i], r, t) for column, r in zip(columns, right, strict=True)])
        for i in range(shown.num_rows)
    ]
    more = table.num_columns - len(names)
    return tag(
        "div",
        tag(
            "div",
            tag("table", tag("thead", tag("tr", head)), tag("tbody", lines)),
            class_="scroll fm-answer",
            tabindex="0",
        ),
        tag("p", t.text("and {n} more columns", n=more), class_="muted small")
        if more > 0
        else None,
    )


def _cell(value: Any, right: bool, t: Translator) -> Markup:
    if value is None:
        inside: Markup = tag("span", "NULL", class_="muted small")
    elif isinstance(value, (list, dict)):
        inside = _clipped(json.dumps(value, ensure_ascii=False, default=str))
    elif isinstance(value, bytes):
        inside = _clipped(value.hex())
    elif right:
        inside = tag("span", cell(value, t))
    else:
        inside = _clipped(cell(value, t))
    return tag("td", inside, class_="r num" if right else None)


def _clipped(text: str) -> Markup:
    return tag("div", text, class_="clip", title=text if len(text) > 20 else None)


def _is_right(type: pa.DataType) -> bool:
    return pa.types.is_integer(type) or pa.types.is_floating(type) or pa.types.is_decimal(type)
