"""The columns of a data set and those of a model, as words."""

from __future__ import annotations

import contextlib
from datetime import date

from freemlops.domain.dataset import Column, ColumnType, DatasetVersion
from freemlops.domain.model import Signature, SignatureColumn
from freemlops.domain.report import ReportFacts
from freemlops.domain.titles import TYPES
from freemlops.domain.words import N_
from freemlops.i18n import Translator
from freemlops.markup import Markup, tag
from freemlops.report.tables import facts as pairs
from freemlops.report.tables import table

KINDS = {
    ColumnType.INTEGER: N_("whole number"),
    ColumnType.DECIMAL: N_("number"),
    ColumnType.BOOLEAN: N_("yes or no"),
    ColumnType.TEXT: N_("text"),
    ColumnType.DATE: N_("date"),
    ColumnType.DATETIME: N_("date and time"),
}
"""Column types within a sentence or a cell."""
MOST_VALUES = 12
MOST_COLUMNS = 200
MOST_NOTES = 20


def seen(column: SignatureColumn, t: Translator) -> list[str]:
    """The range of a number or date in one piece, or the values; at most `MOST_VALUES` of them."""
    if column.low is not None and column.high is not None:
        ends = [_end(v, column.type, t) for v in (column.low, column.high)]
        return [t.text("{low} to {high}", low=ends[0], high=ends[1])]
    if column.words is not None:
        return list(column.words)
    more = ["…"] if len(column.categories) > MOST_VALUES else []
    return [*column.categories[:MOST_VALUES], *more]


def _end(value: float | str, type: ColumnType, t: Translator) -> str:
    if type is ColumnType.DATE and isinstance(value, str):
        with contextlib.suppress(ValueError):  # what is no ISO date stays as it is
            return t.day(date.fromisoformat(value))
    return t.number(value) if isinstance(value, float) else str(value)


def takes(signature: Signature, t: Translator) -> Markup:
    """What the model takes, and what it has seen of it."""
    head = [t.text("Column"), t.text("Type"), t.text("Seen"), t.text("May be missing")]
    shown = signature.columns[:MOST_COLUMNS]
    lines = [
        [c.name, t.text(KINDS[c.type]), ", ".join(seen(c, t)),
         t.text("yes") if c.has_missing else t.text("no")]
        for c in shown
    ]  # fmt: skip
    outside = t.text(
        "Values outside these ranges, and texts that are not listed, are answered with a warning "
        "and less surely."
    )
    return tag(
        "section",
        tag("h2", t.text("What it takes")),
        table(head, lines),
        _more(len(signature.columns), t),
        tag("p", outside, class_="small muted"),
        id="inputs",
    )


def data(facts: ReportFacts, t: Translator) -> Markup:
    """Rows, columns, types and what is missing; the version and its hash."""
    found, run = facts.data, facts.run
    heading = tag("h2", t.text("The data"))
    if found is None or run is None:
        gone = t.text("The data is not here any more, or never was. Its hash tells it again.")
        hash_ = pairs([("SHA-256", tag("code", facts.data_sha256) if facts.data_sha256 else None)])
        return tag("section", heading, tag("p", gone, class_="note"), hash_, id="data")
    cells = found.rows * len(found.columns)
    missing = sum(c.missing for c in found.columns)
    share = t.percent(missing / cells, 1) if cells else "–"
    told = pairs(
        [
            (t.text("Name"), t.text("{dataset}, version {version}", dataset=found.name,
                                    version=str(found.version))),
            (t.text("File"), found.filename),
            (t.text("Added"), t.datetime(found.created_at)),
            (t.text("About"), found.description),
            (t.text("Rows"), t.number(found.rows, 0)),
            (t.text("Columns"), t.number(len(found.columns), 0)),
            (t.text("Missing values"), f"{t.number(missing, 0)} ({share})"),
            ("SHA-256", tag("code", found.sha256)),
        ]
    )  # fmt: skip
    return tag("section", heading, told, _columns(found, facts, t), _notes(found, t), id="data")


def _columns(found: DatasetVersion, facts: ReportFacts, t: Translator) -> list[Markup | None]:
    head = [t.text("Column"), t.text("Type"), t.text("Missing"), t.text("Different values"),
            t.text("Used")]  # fmt: skip
    inputs = {c.name for c in facts.signature.columns} if facts.signature else None
    lines = [
        [c.name, t.text(TYPES[c.type]), _missing(c, found.rows, t), t.number(c.distinct, 0),
         _use(c, facts, inputs, t)]
        for c in found.columns[:MOST_COLUMNS]
    ]  # fmt: skip
    return [table(head, lines, right=(2, 3)), _more(len(found.columns), t)]


def _use(c: Column, facts: ReportFacts, inputs: set[str] | None, t: Translator) -> str:
    assert facts.run is not None
    spec = facts.run.spec
    if c.name == spec.target:
        return t.text("to predict")
    if c.name in spec.exclude:
        return t.text("left out as asked")
    if inputs is None or c.name in inputs:
        return t.text("to learn from")
    if c.name == spec.split.column:
        return t.text("to split the rows")
    return t.text("not used")


def _missing(c: Column, rows: int, t: Translator) -> str:
    if not c.missing:
        return "0"
    return f"{t.number(c.missing, 0)} ({t.percent(c.missing / rows if rows else None, 1)})"


def _more(columns: int, t: Translator) -> Markup | None:
    if columns <= MOST_COLUMNS:
        return None
    return tag("p", t.text("{count} more columns are not listed.", count=columns - MOST_COLUMNS))


def _notes(found: DatasetVersion, t: Translator) -> Markup | None:
    """What was decided or noticed while the file was read."""
    if not found.notes:
        return None
    lines = [tag("li", t.text(note.message)) for note in found.notes[:MOST_NOTES]]
    heading = tag("h3", t.text("Noticed while the file was read"))
    return tag("div", heading, tag("ul", lines), class_="keep")
