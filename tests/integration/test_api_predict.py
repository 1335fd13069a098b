"""Endpoints: right answers, and clear words for wrong questions."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.integration.conftest import put, trained

ROW = {"renda": 3000.0, "idade": 30, "região": "Recife", "início": "2020-05-01"}


def test_a_row_is_answered_with_class_and_probabilities(api: httpx.Client, endpoint: str) -> None:
    answer = api.post(endpoint, json={"rows": [ROW]}).json()
    (made,) = answer["predictions"]
    assert made["prediction"] in ("sim", "não")
    assert set(made["probabilities"]) == {"sim", "não"}
    assert abs(sum(made["probabilities"].values()) - 1) < 1e-5
    assert (answer["model"], answer["version"]) == ("loans", 1)
    assert answer["request_id"]


def test_rows_columns_and_csv_give_the_same_answers(api: httpx.Client, endpoint: str) -> None:
    rows = [ROW, ROW | {"renda": None, "região": "Belém"}, ROW | {"renda": 9000}]
    columns = {name: [row[name] for row in rows] for name in ROW}
    lines = ["renda;idade;região;início"]
    lines += [";".join("" if v is None else str(v) for v in row.values()) for row in rows]
    by_rows = api.post(endpoint, json={"rows": rows}).json()["predictions"]
    by_columns = api.post(endpoint, json={"columns": columns}).json()["predictions"]
    by_csv = api.post(
        endpoint, content="\n".join(lines).encode(), headers={"Content-Type": "text/csv"}
    ).json()["predictions"]
    assert by_rows == by_columns == by_csv


def test_csv_is_answered_as_csv_when_asked(api: httpx.Client, endpoint: str) -> None:
    answer = api.post(endpoint, json={"rows": [ROW]}, headers={"Accept": "text/csv"})
    header, line = answer.text.strip().splitlines()
    assert header.startswith("prediction,probability_")
    assert line.split(",")[0] in ("sim", "não")


def test_what_was_never_seen_is_answered_with_a_warning(api: httpx.Client, endpoint: str) -> None:
    strange = ROW | {"região": "Atlantis", "idade": 900}
    answer = api.post(
        endpoint, json={"rows": [strange]}, headers={"Accept-Language": "pt-BR"}
    ).json()
    warnings = " ".join(answer["predictions"][0]["warnings"])
    assert "Atlantis" in warnings
    assert "idade" in warnings


def test_extra_columns_do_no_harm(api: httpx.Client, endpoint: str) -> None:
    plain = api.post(endpoint, json={"rows": [ROW]}).json()["predictions"][0]
    extra = api.post(endpoint, json={"rows": [ROW | {"x": 1}]}).json()["predictions"][0]
    assert plain["probabilities"] == extra["probabilities"]


WRONG: dict[str, tuple[Any, int]] = {
    "missing column": ({"rows": [{k: v for k, v in ROW.items() if k != "idade"}]}, 422),
    "text for a number": ({"rows": [ROW | {"idade": "thirty"}]}, 422),
    "an object for a number": ({"rows": [ROW | {"idade": {"a": 1}}]}, 422),
    "no date": ({"rows": [ROW | {"início": "yesterday"}]}, 422),
    "no rows": ({"rows": []}, 422),
    "rows of numbers": ({"rows": [1, 2]}, 422),
    "a list": ([ROW], 422),
    "uneven columns": ({"columns": {"renda": [1, 2], "idade": [1]}}, 422),
    "nothing": ({}, 422),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_body_is_refused_naming_what_is_wrong(
    api: httpx.Client, endpoint: str, name: str
) -> None:
    body, status = WRONG[name]
    answer = api.post(endpoint, json=body)
    problem = answer.json()
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert len(problem["detail"]) > 15


def test_a_mistake_is_named_by_row_and_column(api: httpx.Client, endpoint: str) -> None:
    body = {"rows": [ROW, ROW | {"idade": "thirty"}]}
    (item,) = api.post(endpoint, json=body).json()["errors"]
    assert (item["row"], item["column"]) == (1, "idade")
    assert "thirty" in item["message"]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xff", b"nan", b"[" * 100_000])
def test_a_body_that_is_not_json_is_refused(api: httpx.Client, endpoint: str, body: bytes) -> None:
    answer = api.post(endpoint, content=body)
    assert answer.status_code == 400, answer.text
    assert "JSON" in answer.json()["detail"]


def test_an_unknown_endpoint_is_not_found_in_both_languages(api: httpx.Client) -> None:
    said = {
        language: api.post(
            "/api/v1/endpoints/nowhere/predict",
            json={"rows": [ROW]},
            headers={"Accept-Language": language},
        )
        for language in ("en", "pt-BR")
    }
    assert {r.status_code for r in said.values()} == {404}
    assert said["en"].json()["detail"] != said["pt-BR"].json()["detail"]


def test_the_schema_describes_a_row_that_is_answered(api: httpx.Client, endpoint: str) -> None:
    schema = api.get(endpoint.replace("/predict", "/schema")).json()
    assert set(schema["properties"]) == set(ROW)
    answer = api.post(endpoint, json={"rows": schema["examples"]})
    assert answer.status_code == 200
    assert "warnings" not in answer.json()["predictions"][0]


def test_a_paused_endpoint_says_when_to_try_again(api: httpx.Client, endpoint: str) -> None:
    api.post("/api/v1/deployments", json={"model": "loans", "name": "pausing"})
    url = "/api/v1/endpoints/pausing/predict"
    assert api.post(url, json={"rows": [ROW]}).status_code == 200
    api.patch("/api/v1/deployments/pausing", json={"status": "paused"})
    paused = api.post(url, json={"rows": [ROW]})
    assert paused.status_code == 503
    assert paused.headers["retry-after"]
    api.patch("/api/v1/deployments/pausing", json={"status": "live"})
    assert api.post(url, json={"rows": [ROW]}).status_code == 200
    assert api.delete("/api/v1/deployments/pausing").status_code == 204
    assert api.post(url, json={"rows": [ROW]}).status_code == 404


def test_an_alias_moves_what_the_endpoint_answers(
    api: httpx.Client, endpoint: str, run: dict[str, Any]
) -> None:
    constant = next(c["candidate"] for c in run["leaderboard"] if c["family"] == "constant")
    body = {"run": run["run"], "name": "moving"}
    first = api.post("/api/v1/models", json=body).json()
    api.post("/api/v1/deployments", json={"model": "moving", "name": "moving"})
    url = "/api/v1/endpoints/moving/predict"
    assert api.post(url, json={"rows": [ROW]}).json()["version"] == first["version"]
    second = api.post("/api/v1/models", json=body | {"candidate": constant}).json()
    assert second["version"] == first["version"] + 1
    assert api.post(url, json={"rows": [ROW]}).json()["version"] == second["version"]
    back = api.put("/api/v1/models/moving/aliases/champion", json={"version": first["version"]})
    assert "champion" in back.json()["aliases"]
    assert api.post(url, json={"rows": [ROW]}).json()["version"] == first["version"]


def test_openapi_lists_every_call_and_its_page_is_offline(api: httpx.Client) -> None:
    schema = api.get("/api/schema/openapi.json").json()
    assert "/api/v1/endpoints/{name}/predict" in schema["paths"]
    page = api.get("/api/docs")
    assert page.status_code == 200
    assert "https://" not in page.text
    assert api.get("/api/docs/assets/swagger-ui-bundle.js").status_code == 200


def test_health_answers(api: httpx.Client) -> None:
    assert api.get("/api/v1/healthz").json()["status"] == "ok"
    assert api.get("/api/v1/readyz").json()["status"] == "ready"


@pytest.mark.parametrize(
    ("labels", "expected"),
    [((0, 1), {0, 1}), (("true", "false"), {True, False}), (("Yes", "No"), {"Yes", "No"})],
)
def test_a_class_comes_back_as_the_data_wrote_it(
    api: httpx.Client, labels: tuple[object, object], expected: set[object]
) -> None:
    lines = [
        "x,flag,y",
        *(f"{n % 40},{'sim' if n % 3 else 'não'},{labels[n % 40 > 19]}" for n in range(120)),
    ]
    data = put(api, "\n".join(lines).encode(), f"labels {labels[0]}").json()
    run = trained(api, data["dataset"], "y", max_trials=1)
    assert run["status"] == "finished", run["error"]
    name = f"labels-{labels[0]}".lower()
    api.post("/api/v1/models", json={"run": run["run"], "name": name})
    url = api.post("/api/v1/deployments", json={"model": name}).json()["endpoint"]
    rows = [{"x": 1, "flag": "sim"}, {"x": 39, "flag": "não"}, {"x": 39, "flag": True}]
    answers = [p["prediction"] for p in api.post(url, json={"rows": rows}).json()["predictions"]]
    assert set(answers) == expected
    assert [type(a) for a in answers] == [type(answers[0])] * 3
    wrong = api.post(url, json={"rows": [{"x": 1, "flag": "maybe"}]})
    assert wrong.status_code == 422
    assert "maybe" in wrong.json()["errors"][0]["message"]


def test_models_are_listed_by_name(api: httpx.Client, endpoint: str) -> None:
    found = api.get("/api/v1/models", params={"name": "loans"}).json()["items"]
    assert [m["model"] for m in found] == ["loans"]
    assert api.get("/api/v1/models", params={"name": "nope"}).json()["items"] == []
