"""Data as it should not be: trained with a word of warning, or refused with what to do instead."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from tests.conftest import wait_for
from tests.integration.conftest import put, trained

PORTUGUESE = {"Accept-Language": "pt-BR"}
type Columns = dict[str, Sequence[object]]


def table(rows: int, seed: int = 3, **more: Sequence[object]) -> Columns:
    """Two columns with a signal, the target `sai` that follows from them, and `more`."""
    pick = random.Random(seed)
    size = [round(pick.gauss(0, 1), 3) for _ in range(rows)]
    kind = [pick.choice(["a", "b", "c"]) for _ in range(rows)]
    leaves = [
        "sim" if s + (k == "b") + pick.gauss(0, 0.3) > 0.3 else "não"
        for s, k in zip(size, kind, strict=True)
    ]
    return {"tamanho": size, "tipo": kind, "sai": leaves, **more}


def csv(columns: Columns) -> bytes:
    lines = [",".join(columns)]
    lines += [",".join(map(str, row)) for row in zip(*columns.values(), strict=True)]
    return ("\n".join(lines) + "\n").encode()


def stored(api: httpx.Client, name: str, columns: Columns) -> str:
    answer = put(api, csv(columns), name)
    assert answer.status_code in (200, 201), answer.text
    return str(answer.json()["dataset"])


def refused(api: httpx.Client, dataset: str, target: str) -> tuple[str, str]:
    """What is said in English and in Portuguese."""
    body = {"dataset": dataset, "target": target, "budget_s": 15}
    said = []
    for headers in ({"Accept-Language": "en"}, PORTUGUESE):
        answer = api.post("/api/v1/runs", json=body, headers=headers)
        assert answer.status_code == 422, answer.text
        assert answer.json()["errors"]
        said.append(str(answer.json()["detail"]))
    assert said[0] != said[1]
    return said[0], said[1]


def advice(api: httpx.Client, dataset: str, target: str, code: str) -> list[dict[str, Any]]:
    path = f"/api/v1/datasets/{dataset}/versions/1/advice"
    found = api.get(path, params={"target": target}).json()["items"]
    return [a for a in found if a["code"] == code]


def notes(api: httpx.Client, run: dict[str, Any], headers: dict[str, str] | None = None) -> str:
    """The receipt's notes and what was left out."""
    receipt = api.get(f"/api/v1/runs/{run['run']}", headers=headers).json()["receipt"]
    return " ".join((*receipt["notes"], *receipt["left_out"]))


def test_thirty_rows_are_enough(api: httpx.Client) -> None:
    run = trained(api, stored(api, "thirty", table(30)), "sai")
    assert run["status"] == "finished", run["error"]
    assert len(run["leaderboard"]) >= 4
    assert all(c["parity"] <= 1e-5 for c in run["leaderboard"])


def test_too_few_rows_are_refused(api: httpx.Client) -> None:
    english, portuguese = refused(api, stored(api, "twelve", table(12)), "sai")
    assert "at least 20" in english
    assert "20" in portuguese


def test_a_class_with_one_member_is_trained_with(api: httpx.Client) -> None:
    columns = table(90)
    columns["sai"] = ["talvez", *columns["sai"][1:]]
    run = trained(api, stored(api, "lonely", columns), "sai")
    assert run["status"] == "finished", run["error"]
    assert run["task"] == "multiclass"
    assert run["best"] != "constant"


def test_rows_without_a_target_are_dropped_and_counted(api: httpx.Client) -> None:
    columns = table(120)
    columns["sai"] = ["", "", "", "", "", *columns["sai"][5:]]
    run = trained(api, stored(api, "holes", columns), "sai")
    assert run["status"] == "finished", run["error"]
    assert "5 rows without a value in “sai” were left out." in notes(api, run)
    assert "5 linhas sem valor" in notes(api, run, PORTUGUESE)


def test_a_constant_target_is_refused(api: httpx.Client) -> None:
    english, portuguese = refused(api, stored(api, "still", table(60, fixo=[1] * 60)), "fixo")
    assert "same value in every row" in english
    assert "Choose another column" in english
    assert "Escolha outra coluna" in portuguese


@pytest.mark.parametrize("kind", ["text", "number"])
def test_an_identifier_is_refused_as_target_with_advice(api: httpx.Client, kind: str) -> None:
    """No model can learn which number or code comes next."""
    own: list[object] = [f"c-{i:05}" if kind == "text" else 10_000 + i for i in range(150)]
    dataset = stored(api, f"identifier-{kind}", table(150, cliente_id=own))
    english, portuguese = refused(api, dataset, "cliente_id")
    assert "identifier" in english
    assert "identificador" in portuguese


def test_a_date_target_is_refused_with_advice(api: httpx.Client) -> None:
    days = [f"2024-{1 + i % 12:02}-{1 + i % 28:02}" for i in range(60)]
    english, portuguese = refused(api, stored(api, "days", table(60, quando=days)), "quando")
    assert "number of days" in english
    assert "número de dias" in portuguese


def test_columns_that_never_change_leave_nothing_to_learn_from(api: httpx.Client) -> None:
    columns: Columns = {"um": [1] * 60, "dois": ["x"] * 60, "sai": table(60)["sai"]}
    run = trained(api, stored(api, "dead", columns), "sai")
    assert run["status"] == "failed"
    assert "No column is left to learn from" in run["error"]
    again = api.get(f"/api/v1/runs/{run['run']}", headers=PORTUGUESE).json()
    assert "Não sobra nenhuma coluna" in again["error"]


def test_infinities_are_missing_values(api: httpx.Client) -> None:
    columns = table(120)
    columns["tamanho"] = ["inf", "-inf", "Infinity", *columns["tamanho"][3:]]
    run = trained(api, stored(api, "endless", columns), "sai")
    assert run["status"] == "finished", run["error"]
    assert run["best"] != "constant"
    assert all(c["parity"] <= 1e-5 for c in run["leaderboard"])


def test_columns_equal_to_the_target_are_named_as_leaks(api: httpx.Client) -> None:
    columns = table(200)
    leaves = columns["sai"]
    columns |= {"saiu": list(leaves), "codigo": [int(v == "sim") for v in leaves]}
    found = advice(api, stored(api, "leaks", columns), "sai", "target_leak")
    assert {name for a in found for name in a["columns"]} == {"saiu", "codigo"}
    assert {a["severity"] for a in found} == {"serious"}
    assert {a["action"]["kind"] for a in found} == {"exclude"}
    assert all(a["action"]["by_default"] for a in found)


def test_a_million_different_texts_are_bounded_in_time_and_size(api: httpx.Client) -> None:
    """Almost every row has its own text: it is left aside, said, and the model stays small."""
    rows = 1_000_000
    pick = random.Random(1)
    texts = [f"v{i:07}" for i in range(rows)]
    sizes = [round(pick.random(), 3) for _ in range(rows)]
    leaves = ["sim" if s > 0.5 else "não" for s in sizes]
    dataset = stored(api, "million", {"codigo": texts, "tamanho": sizes, "sai": leaves})
    body = {"dataset": dataset, "target": "sai", "budget_s": 30, "seed": 1}
    run = api.post("/api/v1/runs", json=body).json()["run"]

    def over() -> bool:
        status = api.get(f"/api/v1/runs/{run}").json()["status"]
        return status not in ("queued", "running")

    wait_for(over, timeout=120)
    made = api.get(f"/api/v1/runs/{run}").json()
    assert made["status"] == "finished", made["error"]
    assert made["best"] != "constant"
    assert "“codigo” is left aside" in notes(api, made)
    assert all(c["size_bytes"] < 80e6 for c in made["leaderboard"])
