"""How a dataset version's file is written, told by what was noted when it was read."""

from __future__ import annotations

from freemlops.domain.dataset import Note
from freemlops.domain.errors import NotFoundError
from freemlops.domain.reading import DateOrder, Origin
from freemlops.engine.export.script import Written
from freemlops.engine.ingest.encoding import TITLES
from freemlops.warehouse.warehouse import Warehouse

_CODECS = {title: codec for codec, title in reversed(TITLES.items())} | {"UTF-8": "utf-8-sig"}


def written(warehouse: Warehouse, dataset: str, version: int) -> Written:
    """The plainest CSV when the version is gone."""
    try:
        notes = warehouse.datasets.get(dataset, version).notes
        origin = warehouse.origins.get(dataset, version)
    except NotFoundError:
        return Written()
    return from_notes(notes, origin)


def from_notes(notes: tuple[Note, ...], origin: Origin) -> Written:
    """What a person chose comes first, then what the reader noted."""
    options, by_code = origin.options, {n.code: n for n in notes}
    text = by_code.get("read.text")
    params = text.message.params if text else {}
    separator = str(params.get("separator") or ",")
    if text is not None and "tabs" in text.message.template:
        separator = "\t"
    header: int | None = int(by_code["header.titles"].message.params["count"] or 0) if (
        "header.titles" in by_code
    ) else 0  # fmt: skip
    if options.header_line is not None:
        header = options.header_line - 1
    if "header.none" in by_code or options.header_line == 0:
        header = None
    title = str(params.get("encoding") or "UTF-8")
    return Written(
        encoding=options.encoding or _CODECS.get(title, title),
        separator=options.separator or separator,
        decimal=options.decimal or ("," if "number.comma" in by_code else "."),
        date_order=(options.date_order or _order(notes)).value,
        header=header,
        has_units=bool({"number.percent", "number.currency"} & by_code.keys()),
        is_text=text is not None,
    )


def _order(notes: tuple[Note, ...]) -> DateOrder:
    american = any(
        n.code == "date.american"
        or (n.code == "date.ambiguous" and "read as month/day/year" in n.message.template)
        for n in notes
    )
    return DateOrder.MDY if american else DateOrder.DMY
