"""JSON bodies read by types made from a model's signature: what fits costs no Python a cell."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import msgspec

from freemlops.domain.dataset import ColumnType
from freemlops.domain.errors import InvalidError, MalformedError, TooLargeError
from freemlops.domain.model import Signature, SignatureColumn

EXAMPLE = '{"rows": [{"column": 1}]}'
MAX_ROWS = 100_000
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"')
_CELLS_A_ROW = 50
"""Most values a row in the shape of columns, known columns apart: what is more is no request."""


@dataclass(frozen=True, slots=True)
class TypedRows:
    """Rows whose every value has the JSON type of its column. Rows of several requests for the
    same model can be put together and answered at once."""

    rows: Sequence[Any]

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class TypedColumns:
    """The same column by column, in the signature's order."""

    columns: Sequence[Sequence[Any]]
    count: int

    def __len__(self) -> int:
        return self.count


@dataclass(frozen=True, slots=True)
class LooseColumns:
    """Values of any kind by name, for the path that says what is wrong with which."""

    columns: Mapping[str, Sequence[Any]]
    count: int

    def __len__(self) -> int:
        return self.count


type Table = TypedRows | TypedColumns | LooseColumns


class JsonReader:
    """Thread-safe. Made once a model: msgspec compiles the types."""

    def __init__(self, signature: Signature, max_rows: int = MAX_ROWS) -> None:
        self._max_rows = max_rows
        names = [c.name for c in signature.columns]
        self._most_cells = max_rows * max(2 * len(names), _CELLS_A_ROW)
        fields = [f"c{i}" for i in range(len(names))]
        self._fields = fields
        self._get = attrgetter(*fields) if len(fields) > 1 else None
        self._decoder = self._compiled(signature.columns) if _can_be_keys(names) else None

    def _compiled(self, columns: Sequence[SignatureColumn]) -> msgspec.json.Decoder[Any]:
        rename = {f"c{i}": c.name for i, c in enumerate(columns)}
        types = [(f"c{i}", _TYPES[c.type], c.words) for i, c in enumerate(columns)]
        types_of = [(f, t | str if words else t) for f, t, words in types]
        row = msgspec.defstruct("Row", [(f, t, None) for f, t in types_of], rename=rename, gc=False)
        unset = msgspec.UNSET
        table = msgspec.defstruct(
            "Columns",
            [(f, list[t] | msgspec.UnsetType, unset) for f, t in types_of],  # type: ignore[valid-type]
            rename=rename,
        )
        body = msgspec.defstruct(
            "Body",
            [
                ("rows", list[row] | msgspec.UnsetType, unset),  # type: ignore[valid-type]
                ("columns", table | msgspec.UnsetType, unset),
            ],
        )
        return msgspec.json.Decoder(body)

    def read(self, body: bytes) -> Table:
        """Raises `MalformedError`, `InvalidError` and `TooLargeError`; a value of the wrong kind
        is no error here, it comes back loose."""
        self._check_size(body)
        if self._decoder is not None:
            try:
                made = self._decoder.decode(body)
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
                return self.loose(body)
            if made.rows is not msgspec.UNSET:
                return TypedRows(made.rows)
            if made.columns is not msgspec.UNSET and (table := self._typed(made.columns)):
                return table
        return self.loose(body)

    def columns(self, rows: Sequence[Any]) -> Sequence[Sequence[Any]]:
        """The values of typed rows, column by column."""
        if self._get is None:
            return [[getattr(row, f) for row in rows] for f in self._fields]
        if len(rows) == 1:
            return [(value,) for value in self._get(rows[0])]
        return list(zip(*map(self._get, rows), strict=True))

    def _typed(self, table: Any) -> TypedColumns | None:
        """None when a column is not there, or one is shorter than another."""
        columns = [getattr(table, f) for f in self._fields]
        if any(c is msgspec.UNSET for c in columns):
            return None
        lengths = set(map(len, columns))
        return TypedColumns(columns, lengths.pop()) if len(lengths) == 1 else None

    def loose(self, body: bytes) -> LooseColumns:
        """Raises `MalformedError` and `InvalidError`."""
        data = _decoded(body)
        if isinstance(data, dict):
            rows, columns = data.get("rows"), data.get("columns")
            if isinstance(rows, list) and all(isinstance(r, dict) for r in rows):
                return by_column(rows)
            if isinstance(columns, dict) and all(isinstance(v, list) for v in columns.values()):
                return _even(columns)
        raise InvalidError(
            "The body must be an object with “rows”, a list of objects, or with “columns”, an "
            "object of lists. Send {example}.",
            example=EXAMPLE,
        )

    def _check_size(self, body: bytes) -> None:
        """Refuse what would take far more memory than its bytes, before it takes it.

        Sixty million bytes can be twenty million empty rows.
        """
        if body.count(b"{") - 1 > self._max_rows or body.count(b",") > self._most_cells:
            bare = _STRING.sub(b"", body)
            if bare.count(b"{") - 1 > self._max_rows or bare.count(b",") > self._most_cells:
                raise TooLargeError(
                    "This request holds more than the {limit} rows that may be sent at a time.",
                    limit=self._max_rows,
                )


_TYPES: dict[ColumnType, Any] = {
    ColumnType.INTEGER: float | None,
    ColumnType.DECIMAL: float | None,
    ColumnType.BOOLEAN: bool | float | None,
    ColumnType.TEXT: str | None,
    ColumnType.DATE: str | None,
    ColumnType.DATETIME: str | None,
}


def _can_be_keys(names: Sequence[str]) -> bool:
    """msgspec can't have names that JSON writes with a backslash, nor the same one twice."""
    plain = all('"' not in n and "\\" not in n and min(n, default="x") >= " " for n in names)
    return plain and len(set(names)) == len(names) > 0


def _decoded(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedError(
            "The body is not valid JSON ({problem}). Send {example}.",
            problem=str(error)[:200],
            example=EXAMPLE,
        ) from error


def by_column(rows: Sequence[Mapping[str, Any]]) -> LooseColumns:
    names = list(dict.fromkeys(name for row in rows for name in row))
    return LooseColumns({n: [row.get(n) for row in rows] for n in names}, len(rows))


def _even(columns: Mapping[str, Sequence[Any]]) -> LooseColumns:
    lengths = {len(values) for values in columns.values()}
    if len(lengths) > 1:
        raise InvalidError("All columns must have the same number of values.")
    return LooseColumns(columns, lengths.pop() if lengths else 0)


def check_count(rows: int, limit: int = MAX_ROWS) -> None:
    """Raise unless there is at least one row and no more than `limit`."""
    if rows == 0:
        raise InvalidError(
            "There is nothing to predict. Send at least one row: {example}.", example=EXAMPLE
        )
    if rows > limit:
        raise TooLargeError(
            "{rows} rows in one request are too many; send at most {limit} at a time.",
            rows=rows,
            limit=limit,
        )
