"""Hostile queries read nothing, change nothing, and leave the lab working."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from freemlops.domain.errors import FreeMLOpsError, InvalidError, QueryLimitError
from freemlops.services.sql import SqlService
from freemlops.warehouse.warehouse import Warehouse
from tests.unit.lab.attacks import ATTACKS, HARMLESS
from tests.unit.lab.conftest import CANARY
from tests.unit.lab.honest import HONEST


def test_there_are_enough_attacks_and_honest_queries() -> None:
    assert sum(len(group) for group in ATTACKS.values()) >= 150
    assert len(HONEST) >= 40


def footprint(home: Path) -> dict[str, str]:
    """Every file of the home but the children's scratch and the datasets' exports."""
    return {
        str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(home.rglob("*"))
        if path.is_file() and not path.is_relative_to(home / "lab" / "scratch")
        and path.suffix not in (".parquet", ".lock", ".wal")
    }  # fmt: skip


@pytest.mark.parametrize("group", ATTACKS)
def test_hostile_queries_are_refused_and_change_nothing(
    group: str, sql: SqlService, home: Path, canary_file: Path
) -> None:
    sql.run("FROM lab.runs")
    before = footprint(home)

    def attack(query: str) -> tuple[str, str]:
        text = query.replace("{file}", str(canary_file)).replace("{home}", str(home))
        try:
            answer = sql.run(text.replace("{{", "{").replace("}}", "}"))
        except (InvalidError, QueryLimitError) as error:
            return query, f"{type(error).__name__}: {error}"
        return query, f"answered: {answer.table.to_pylist()}"

    with ThreadPoolExecutor(2) as pool:
        outcomes = dict(pool.map(attack, ATTACKS[group]))
    assert not [o for o in outcomes.items() if CANARY in o[1]]
    answered = {q for q, o in outcomes.items() if o.startswith("answered")}
    assert answered <= HARMLESS
    assert not [o for o in outcomes.items() if o[1].startswith("QueryLimit")]
    assert footprint(home) == before
    assert sql.run("SELECT count(*) AS n FROM lab.runs").table.to_pylist() == [{"n": 5}]


def test_honest_queries_are_answered(sql: SqlService) -> None:
    def ask(query: str) -> tuple[str, str]:
        try:
            sql.run(query)
        except FreeMLOpsError as error:
            return query, str(error)
        return query, ""

    with ThreadPoolExecutor(2) as pool:
        refused = {q: problem for q, problem in pool.map(ask, HONEST) if problem}
    assert not refused


def test_no_secret_is_in_the_published_file(
    sql: SqlService, warehouse: Warehouse, home: Path
) -> None:
    sql.run("FROM lab.runs")
    assert warehouse.settings.get("password") == CANARY
    for name in ("history.duckdb", "live.duckdb"):
        assert CANARY.encode() not in (home / "lab" / name).read_bytes()
