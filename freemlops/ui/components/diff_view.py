"""What differs between two versions of a dataset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from freemlops.domain.dataset import ColumnType
from freemlops.domain.diff import ChangeKind, ColumnChange, Diff, Shift, ShiftLevel
from freemlops.domain.words import N_
from freemlops.i18n import Translator
from freemlops.ui.components.preview import cell
from freemlops.ui.components.safe import Markup, tag
from freemlops.ui.components.words import TYPES

COLUMNS_SHOWN = 12
SHIFTS_SHOWN = 30
_LEVELS: Final = {
    ShiftLevel.SOME: (N_("moved"), "warn"),
    ShiftLevel.LARGE: (N_("moved far"), "bad"),
}


def diff_view(diff: Diff, keys: Sequence[str], t: Translator) -> Markup:
    """`keys` are the columns that rows could be matched by."""
    title = t.text(
        "From version {before} to version {after}",
        before=diff.before.version,
        after=diff.after.version,
    )
    return tag(
        "section",
        tag("h2", title),
        _counts(diff, t),
        _matched(diff, keys, t),
        _columns(diff.columns, t),
        _cells(diff, t),
        _shifts(diff.shifts, t),
        _rows(t.text("Rows that came"), diff.rows.added_rows, t),
        _rows(t.text("Rows that went"), diff.rows.removed_rows, t),
        class_="stack fm-diff",
        style="gap:20px",
    )


def _counts(diff: Diff, t: Translator) -> Markup:
    found = diff.rows
    tiles = [
        (t.text("rows came"), found.added),
        (t.text("rows went"), found.removed),
        (t.text("rows changed"), found.changed) if found.key is not None else None,
        (t.text("rows stayed the same"), found.same),
    ]
    return tag(
        "div",
        [
            tag("div", tag("b", t.number(one[1])), tag("span", one[0]), class_="tile")
            for one in tiles
            if one is not None
        ],
        class_="tiles",
    )


def _matched(diff: Diff, keys: Sequence[str], t: Translator) -> Markup:
    key = diff.rows.key
    words = (
        t.text("Rows were matched by “{column}”.", column=key)
        if key is not None
        else t.text(
            "No column names each row in both versions, so whole rows were compared: a row that "
            "changed is one that went and one that came."
        )
    )
    return tag("div", tag("p", words, class_="muted"), _chooser(diff, keys, t), class_="stack")


def _chooser(diff: Diff, keys: Sequence[str], t: Translator) -> Markup | None:
    if len(keys) < 2:
        return None
    hidden: dict[str, str | int] = {
        "id": diff.after.dataset,
        "version": diff.after.version,
        "with": diff.before.version,
    }
    options = [tag("option", k, value=k, selected=k == diff.rows.key) for k in keys]
    return tag(
        "form",
        [tag("input", type="hidden", name=n, value=v) for n, v in hidden.items()],
        tag("label", t.text("Match rows by"), " ", tag("select", options, name="key")),
        tag("button", t.text("Compare"), class_="button", type="submit"),
        method="get",
        action="./datasets",
        class_="row fm-diff-key",
    )


def _columns(changes: Sequence[ColumnChange], t: Translator) -> Markup | None:
    if not changes:
        return None
    names = {
        ChangeKind.ADDED: t.text("new"),
        ChangeKind.REMOVED: t.text("gone"),
        ChangeKind.RETYPED: t.text("other type"),
    }
    lines = [
        (c.name, names[c.kind], f"{_type(c.before, t)} → {_type(c.after, t)}") for c in changes
    ]
    return _table(t.text("Columns"), [t.text("Column"), "", t.text("Holds")], lines)


def _type(type: ColumnType | None, t: Translator) -> str:
    return "–" if type is None else t.text(TYPES[type])


def _cells(diff: Diff, t: Translator) -> Markup | None:
    if not diff.rows.cells:
        return None
    lines = []
    for one in diff.rows.cells:
        shown = [f"{k}: {cell(a, t)} → {cell(b, t)}" for k, a, b in one.examples[:3]]
        lines.append((one.column, t.number(one.count), "; ".join(shown)))
    head = [t.text("Column"), t.text("Rows"), t.text("For example")]
    return _table(t.text("Cells that changed"), head, lines)


def _shifts(shifts: Sequence[Shift], t: Translator) -> Markup:
    title = t.text("Values that moved")
    moved = [s for s in shifts if s.level is not ShiftLevel.NONE]
    if not moved:
        words = t.text("The values of the columns are spread as before.")
        return tag("div", tag("h3", title), tag("p", words, class_="muted"), class_="stack")
    lines = []
    for shift in moved[:SHIFTS_SHOWN]:
        name, tone = _LEVELS[shift.level]
        missing = f"{t.number(shift.missing_before)} → {t.number(shift.missing_after)}"
        chip = tag("span", t.text(name), class_=f"chip {tone}")
        lines.append((shift.column, chip, t.number(shift.index), missing))
    head = [t.text("Column"), "", t.text("Stability index"), t.text("Missing")]
    about = t.text("0 is no change; from 0.1 some, from 0.25 a large one (PSI).")
    return tag(
        "div", _table(title, head, lines), tag("p", about, class_="muted small"), class_="stack"
    )


def _rows(title: str, rows: Sequence[Mapping[str, Any]], t: Translator) -> Markup | None:
    if not rows:
        return None
    names = list(rows[0])[:COLUMNS_SHOWN]
    lines = [[cell(row[n], t) for n in names] for row in rows]
    return tag(
        "details",
        tag("summary", title, " ", t.text("(some of them)")),
        _table("", names, lines),
    )


def _table(title: str, head: Sequence[str], lines: Sequence[Sequence[object]]) -> Markup:
    body = [
        tag(
            "tr",
            [tag("td", value if isinstance(value, Markup) else _clip(value)) for value in line],
        )
        for line in lines
    ]
    return tag(
        "div",
        tag("h3", title) if title else None,
        tag(
            "div",
            tag(
                "table",
                tag("thead", tag("tr", [tag("th", name) for name in head])),
                tag("tbody", body),
            ),
            class_="scroll",
            tabindex="0",
        ),
        class_="stack",
    )


def _clip(value: object) -> Markup:
    return tag("div", str(value), class_="clip", title=str(value), style="max-width:52ch")
