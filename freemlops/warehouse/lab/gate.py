"""Which statements may run: a pure policy over DuckDB's own syntax tree.

It is one wall of several: the query runs in a child process without secrets, on a read-only
copy of what researchers may see, with the outside shut and the configuration locked.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from freemlops.domain.errors import InvalidError

LAB, DATA, CATALOG = "lab", "data", "history"
QUERY_NODES = {"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"}
TABLE_FUNCTIONS = {
    "range", "generate_series", "unnest", "json_each", "json_tree", "regexp_split_to_table",
}  # fmt: skip
SHOWN = {'"tables"', "__show_tables_expanded"}
REFUSED_FUNCTIONS = {
    "current_setting", "getenv", "getvariable", "nextval", "currval", "setval", "setseed",
    "write_log", "parse_duckdb_log_message", "sleep_ms", "pg_sleep", "error", "assert_true",
    "json_execute_serialized_sql", "query", "query_table", "inet_client_addr",
    "inet_client_port", "inet_server_addr", "inet_server_port", "pg_conf_load_time",
    "pg_postmaster_start_time",
}  # fmt: skip
REFUSED_WORDS = ("read_", "scan", "sniff", "glob", "duckdb_", "pragma_", "parquet_", "http")


@dataclass(frozen=True, slots=True)
class Known:
    """What can stand behind FROM. Names in lower case.

    `exists` says whether a name that is none of these would find something in DuckDB, such as a
    view of the system or a file.
    """

    tables: Collection[str]
    data: Collection[str]
    exists: Callable[[str], bool]


def check(tree: Mapping[str, Any], known: Known) -> frozenset[str]:
    """The names of the datasets that the statement reads, in lower case.

    `tree` is what `json_serialize_sql` gives. Raises `InvalidError` for anything that is not one
    SELECT over the lab, the datasets and its own WITH.
    """
    if tree.get("error") or len(tree.get("statements") or ()) != 1:
        raise only_select()
    if tree["statements"][0].get("named_param_map"):
        raise InvalidError("Parameters such as $1 or ? can't be given here. Write the values.")
    data: set[str] = set()
    for node, ctes in _nodes(tree["statements"][0], known):
        kind = str(node.get("type", ""))
        if kind.endswith("_NODE") and kind not in QUERY_NODES:
            raise only_select()
        if kind == "BASE_TABLE":
            data |= _table(_path(node), ctes, known)
        elif kind == "TABLE_FUNCTION":
            _table_function(node)
        elif kind == "SHOW_REF":
            _show(node)
        elif node.get("class") in ("FUNCTION", "WINDOW"):
            _function(node)
    return frozenset(data)


def _nodes(
    root: Mapping[str, Any], known: Known
) -> Iterator[tuple[Mapping[str, Any], frozenset[str]]]:
    """Every object of the tree with the names of WITH that hold there. No recursion: the tree
    may be as deep as its author likes."""
    waiting: list[tuple[Any, frozenset[str]]] = [(root, frozenset())]
    while waiting:
        node, ctes = waiting.pop()
        if isinstance(node, list):
            waiting += [(item, ctes) for item in node]
        elif isinstance(node, dict):
            ctes |= _with(node, ctes, known)
            yield node, ctes
            waiting += [(value, ctes) for value in node.values()]


def _with(node: Mapping[str, Any], ctes: frozenset[str], known: Known) -> frozenset[str]:
    """Names that this node's WITH adds.

    Inside its own definition such a name means what it meant before: it may be one of the lab's
    tables, but nothing else that exists.
    """
    found = node.get("cte_map")
    if not isinstance(found, dict):
        return frozenset()
    names = frozenset(str(entry["key"]).lower() for entry in found.get("map", ()))
    for name in names - ctes - frozenset(known.tables):
        if known.exists(name):
            raise InvalidError("Choose another name than “{name}” after WITH.", name=name)
    return names


def _path(node: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(part).lower() for part in node["qualified_name"]["path"])


def _table(path: tuple[str, ...], ctes: frozenset[str], known: Known) -> set[str]:
    if len(path) == 1 and (path[0] in ctes or path[0] in known.tables):
        return set()
    if path[:-1] in ((LAB,), (CATALOG, LAB)) and path[-1] in known.tables:
        return set()
    if path[:-1] == (DATA,) and path[-1] in known.data:
        return {path[-1]}
    raise _unknown(".".join(path), known)


def _unknown(name: str, known: Known) -> InvalidError:
    offered = [f"{LAB}.{t}" for t in known.tables] + [f"{DATA}.{quoted(t)}" for t in known.data]
    near = get_close_matches(name, offered, 1, 0.6) or get_close_matches(
        f"{LAB}.{name}", offered, 1, 0.6
    )
    if near:
        return InvalidError(
            "There is no table “{name}” here. Did you mean {near}?", name=name, near=near[0]
        )
    return InvalidError(
        "There is no table “{name}” here. The tables begin with lab. or data., such as lab.runs.",
        name=name,
    )


def _table_function(node: Mapping[str, Any]) -> None:
    name = _called(node.get("function") or {})
    if name not in TABLE_FUNCTIONS:
        raise InvalidError(
            "{function} is not offered after FROM. Only tables of lab and data, and range, "
            "generate_series, unnest and json_each, are.",
            function=name,
        )


def _show(node: Mapping[str, Any]) -> None:
    if not node.get("query") and node.get("table_name") not in SHOWN:
        raise InvalidError("This can't be shown here. Try DESCRIBE lab.runs or SHOW TABLES.")


def _function(node: Mapping[str, Any]) -> None:
    name = _called(node)
    if name in REFUSED_FUNCTIONS or name.startswith(REFUSED_WORDS) or "_scan" in name:
        raise InvalidError("The function {function} is not offered here.", function=name)


def _called(node: Mapping[str, Any]) -> str:
    return str(node.get("function_name", "")).lower()


def only_select() -> InvalidError:
    return InvalidError(
        "Only one statement that reads is possible here: SELECT, WITH … SELECT, FROM, VALUES, "
        "DESCRIBE or SUMMARIZE. PIVOT needs its values: ON column IN (…)."
    )


def quoted(name: str) -> str:
    """A dataset's name as it is written after `data.`; always in quotes, as it may have any
    character."""
    return '"' + name.replace('"', '""') + '"'
