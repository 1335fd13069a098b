"""Explanations over HTTP: of a run's candidates and of an endpoint's answers."""

from __future__ import annotations

from typing import Any

import httpx

from tests.integration.conftest import put, trained
from tests.integration.test_api_predict import ROW

COLUMNS = {"renda", "idade", "região", "início"}


def path(run: dict[str, Any], candidate: str = "") -> str:
    return f"/api/v1/runs/{run['run']}/candidates/{candidate or run['best']}"


def test_importance_is_of_the_held_out_rows(api: httpx.Client, run: dict[str, Any]) -> None:
    made = api.get(f"{path(run)}/importance").json()
    assert made["basis"] == {"rows": 80, "held_out": True, "unseen": True}
    assert (made["metric"], made["fit"]) == ("roc_auc", "log_loss")
    by_name = {c["column"]: c for c in made["columns"]}
    assert set(by_name) == COLUMNS
    assert made["columns"][0]["column"] == "renda"
    assert by_name["renda"]["matters"]
    for c in made["columns"]:
        assert c["by_fit"]["low"] <= c["by_fit"]["value"] <= c["by_fit"]["high"]


def test_every_candidate_can_be_explained(api: httpx.Client, run: dict[str, Any]) -> None:
    """By row numbers; base and amounts give the answer."""
    for line in run["leaderboard"]:
        asked = {"row_numbers": [0, 7], "class": "sim"}
        got = api.post(f"{path(run, line['candidate'])}/contributions", json=asked)
        assert got.status_code == 200, got.text
        for made, row in zip(got.json()["contributions"], (0, 7), strict=True):
            assert made["row"] == row
            assert made["class"] == "sim"
            total = made["base"] + sum(made["columns"].values())
            assert abs(total - made["answer"]) < 1e-6


def test_dependence_follows_a_column(api: httpx.Client, run: dict[str, Any]) -> None:
    number = api.get(f"{path(run)}/dependence", params={"column": "renda"}).json()
    assert number["class"] in ("sim", "não")
    assert len(number["points"]) == len(number["curve"]) == len(number["lines"][0])
    assert number["points"][-1] is None  # some incomes are missing
    assert len(number["edges"]) == len(number["counts"]) + 1
    text = api.get(f"{path(run)}/dependence", params={"column": "região", "class": "não"}).json()
    assert set(text["points"]) == {"São Paulo", "Recife", "Belém", "Porto Alegre"}
    day = api.get(f"{path(run)}/dependence", params={"column": "início"}).json()
    assert str(day["points"][0]).startswith("20")


def test_an_endpoint_explains_what_it_answers(api: httpx.Client, endpoint: str) -> None:
    rows = [ROW, ROW | {"renda": None}]
    plain = api.post(endpoint, json={"rows": rows}).json()["predictions"]
    got = api.post(f"{endpoint}?explain=true", json={"rows": rows})
    assert got.status_code == 200, got.text
    for made, bare in zip(got.json()["predictions"], plain, strict=True):
        why = made.pop("contributions")
        assert made == bare
        assert why["class"] == bare["prediction"]
        assert set(why["columns"]) == set(why["errors"]) == COLUMNS
        assert abs(why["answer"] - bare["probabilities"][why["class"]]) < 1e-9
        assert abs(why["base"] + sum(why["columns"].values()) - why["answer"]) < 1e-6
    csv = "renda,idade,região,início\n3000,30,Recife,2020-05-01"
    headers = {"Content-Type": "text/csv"}
    by_csv = api.post(f"{endpoint}?explain=true", content=csv.encode(), headers=headers).json()
    columns = {name: [value] for name, value in ROW.items()}
    by_columns = api.post(f"{endpoint}?explain=true", json={"columns": columns}).json()
    assert by_csv["predictions"] == by_columns["predictions"] == [got.json()["predictions"][0]]


def test_a_number_is_explained_in_its_own_unit(api: httpx.Client, loans: dict[str, Any]) -> None:
    run = trained(api, loans["dataset"], "renda", exclude=["inadimplente"])
    body = {"rows": [{"idade": 30, "região": None, "início": "2020-05-01"}]}
    (made,) = api.post(f"{path(run)}/contributions", json=body).json()["contributions"]
    assert "class" not in made
    assert abs(made["base"] + sum(made["columns"].values()) - made["answer"]) < 1e-2
    assert api.get(f"{path(run)}/importance").json()["fit"] == "rmse"


def test_what_cannot_be_explained_is_said_in_words(
    api: httpx.Client, run: dict[str, Any], endpoint: str
) -> None:
    wrong = {
        "no such candidate": api.get(f"{path(run, 'nobody')}/importance"),
        "no such column": api.get(f"{path(run)}/dependence?column=cor"),
        "no such class": api.get(f"{path(run)}/dependence?column=renda&class=talvez"),
        "nothing": api.post(f"{path(run)}/contributions", json={}),
        "no rows": api.post(f"{path(run)}/contributions", json={"rows": []}),
        "no such row": api.post(f"{path(run)}/contributions", json={"row_numbers": [400]}),
        "wrong value": api.post(
            f"{path(run)}/contributions", json={"rows": [ROW | {"idade": "x"}]}
        ),
        "too many": api.post(f"{endpoint}?explain=true", json={"rows": [ROW] * 101}),
        "none at all": api.post(f"{endpoint}?explain=true", json={"rows": []}),
    }
    codes = {name: answer.status_code for name, answer in wrong.items()}
    assert codes.pop("no such candidate") == 404
    assert codes.pop("too many") == 413
    assert set(codes.values()) == {422}
    assert wrong["wrong value"].json()["errors"][0]["column"] == "idade"
    assert all(answer.json()["detail"] for answer in wrong.values())


def test_the_rows_of_a_deleted_dataset_are_missed_in_words(api: httpx.Client) -> None:
    lines = ["a,b", *(f"{n % 17},{'sim' if n % 17 > 8 else 'nao'}" for n in range(120))]
    data = put(api, "\n".join(lines).encode(), "breve").json()
    run = trained(api, data["dataset"], "b")
    assert api.delete(f"/api/v1/datasets/{data['dataset']}").status_code == 204
    got = api.get(f"{path(run)}/importance")
    assert got.status_code == 404
    assert "deleted" in got.json()["detail"]
