"""Endpoints under change: keys, thresholds, two versions, roll back, the log, damage."""

from __future__ import annotations

import json
from typing import Any

import httpx

from tests.conftest import LiveServer, wait_for
from tests.integration.test_api_predict import ROW


def url(name: str) -> str:
    return f"/api/v1/endpoints/{name}/predict"


def change(api: httpx.Client, name: str, **body: Any) -> dict[str, Any]:
    answer = api.patch(f"/api/v1/deployments/{name}", json=body)
    assert answer.status_code == 200, answer.text
    made: dict[str, Any] = answer.json()
    return made


def key(api: httpx.Client, **body: Any) -> dict[str, Any]:
    answer = api.post("/api/v1/keys", json={"name": "test"} | body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made | {"headers": {"Authorization": f"Bearer {made['secret']}"}}


def logged(api: httpx.Client, name: str) -> list[dict[str, Any]]:
    """The log of a deployment, as researchers see it."""
    api.get(f"/api/v1/deployments/{name}/traffic")  # writes what waits
    sql = f"SELECT * FROM lab.prediction_log WHERE deployment = '{name}' ORDER BY seq"
    answer = api.post("/api/v1/sql", json={"sql": sql}).json()
    names = [c["name"] for c in answer["columns"]]
    return [dict(zip(names, row, strict=True)) for row in answer["rows"]]


def test_a_threshold_decides(api: httpx.Client, versions: str, deployed: str) -> None:
    place = f"/api/v1/models/{versions}/versions/1/threshold"
    assert "decision" not in api.post(url(deployed), json={"rows": [ROW]}).json()["predictions"][0]
    likely = api.post(url(deployed), json={"rows": [ROW]}).json()["predictions"][0]
    no, yes = likely["probabilities"].items()
    for threshold, decided in ((yes[1] * 0.9, yes[0]), (min(0.99, yes[1] * 1.1), no[0])):
        made = api.put(place, json={"threshold": threshold})
        assert made.json() == {"threshold": threshold, "decides_for": yes[0]}
        answer = api.post(url(deployed), json={"rows": [ROW]}).json()["predictions"][0]
        assert answer["decision"] == decided
    assert api.put(place, json={"threshold": 1.5}).status_code == 422
    assert api.put(place, json={"threshold": None}).json()["threshold"] is None
    assert "decision" not in api.post(url(deployed), json={"rows": [ROW]}).json()["predictions"][0]


def test_a_key_opens_what_its_scopes_say_until_it_is_revoked(
    api: httpx.Client, deployed: str, endpoint: str
) -> None:
    made = key(api, endpoints=[deployed])
    ask = {"json": {"rows": [ROW]}, "headers": made["headers"]}
    assert api.post(url(deployed), **ask).status_code == 200
    assert api.post(endpoint, **ask).status_code == 403
    assert api.get("/api/v1/models", headers=made["headers"]).status_code == 403
    reader = key(api, scopes=["read"])
    assert api.get("/api/v1/models", headers=reader["headers"]).status_code == 200
    refused = api.post(url(deployed), json={"rows": [ROW]}, headers=reader["headers"])
    assert refused.status_code == 403
    assert refused.headers["content-type"].startswith("application/problem+json")
    writer = key(api, scopes=["write"])
    assert api.get("/api/v1/keys", headers=writer["headers"]).status_code == 403
    assert api.delete(f"/api/v1/keys/{made['key']}").status_code == 204
    revoked = api.post(url(deployed), **ask)
    assert (revoked.status_code, revoked.headers["www-authenticate"]) == (401, "Bearer")
    listed = {k["key"]: k for k in api.get("/api/v1/keys").json()["items"]}
    assert listed[made["key"]]["revoked_at"]
    assert listed[made["key"]]["last_used_at"]
    assert made["secret"] not in json.dumps(listed)


def test_a_key_that_asks_too_often_is_told_when_to_come_back(
    api: httpx.Client, deployed: str
) -> None:
    made = key(api, per_minute=2)
    answers = [
        api.post(url(deployed), json={"rows": [ROW]}, headers=made["headers"]) for _ in range(3)
    ]
    assert [a.status_code for a in answers] == [200, 200, 429]
    assert 1 <= int(answers[2].headers["retry-after"]) <= 30


def test_an_endpoint_can_ask_for_a_key_even_on_this_machine(
    api: httpx.Client, deployed: str
) -> None:
    change(api, deployed, needs_key=True)
    assert api.post(url(deployed), json={"rows": [ROW]}).status_code == 401
    around = f"{url(deployed)}//"
    assert api.post(around, json={"rows": [ROW]}).status_code in (401, 404)
    headers = key(api)["headers"]
    assert api.post(url(deployed), json={"rows": [ROW]}, headers=headers).status_code == 200
    wrong = {"Authorization": "Bearer fmk_wrong"}
    assert api.post(url(deployed), json={"rows": [ROW]}, headers=wrong).status_code == 401


def test_a_challenger_gets_its_share_and_the_same_request_the_same_version(
    api: httpx.Client, deployed: str
) -> None:
    change(api, deployed, challenger={"version": 2, "share": 0.3})

    def version(request: str) -> int:
        headers = {"X-Request-Id": request}
        answer = api.post(url(deployed), json={"rows": [ROW]}, headers=headers).json()
        assert answer["request_id"] == request
        return int(answer["version"])

    first = [version(f"r{n}") for n in range(200)]
    assert 30 <= first.count(2) <= 90
    assert [version(f"r{n}") for n in range(20)] == first[:20]
    made = change(api, deployed, challenger={"version": 2, "share": 0.5, "by": "key"})
    assert made["challenger"]["by"] == "key"
    headers = key(api)["headers"]
    of_key = {
        api.post(url(deployed), json={"rows": [ROW]}, headers=headers).json()["version"]
        for _ in range(12)
    }
    assert len(of_key) == 1
    assert change(api, deployed, challenger=None)["challenger"] is None
    assert {version(f"r{n}") for n in range(20)} == {1}


def test_a_shadow_answers_in_silence_and_is_compared(api: httpx.Client, deployed: str) -> None:
    change(api, deployed, shadow={"version": 2})
    for age in range(20, 30):
        body = {"rows": [ROW | {"idade": age}, ROW]}
        assert api.post(url(deployed), json=body).json()["version"] == 1

    def compared() -> bool:
        got = api.get(f"/api/v1/deployments/{deployed}/traffic").json()
        return bool(got["compared"] == 20)

    wait_for(compared, timeout=10)
    rows = logged(api, deployed)
    by_role = {role: [r for r in rows if r["role"] == role] for role in ("champion", "shadow")}
    assert {r["version"] for r in by_role["shadow"]} == {2}
    assert {r["request"] for r in by_role["shadow"]} == {r["request"] for r in by_role["champion"]}


def test_rolling_back_serves_the_version_before_and_again_undoes_it(
    api: httpx.Client, deployed: str
) -> None:
    assert api.patch(f"/api/v1/deployments/{deployed}", json={"roll_back": True}).status_code == 409
    change(api, deployed, version=2)
    assert api.post(url(deployed), json={"rows": [ROW]}).json()["version"] == 2
    assert change(api, deployed, roll_back=True)["version"] == 1
    assert api.post(url(deployed), json={"rows": [ROW]}).json()["version"] == 1
    assert change(api, deployed, roll_back=True)["version"] == 2
    history = api.get(f"/api/v1/deployments/{deployed}/history").json()["items"]
    assert [h["version"] for h in history] == [2, 1, 2, 1]


def test_a_deleted_version_is_not_rolled_back_to(api: httpx.Client, bundle: bytes) -> None:
    for _ in range(2):
        api.post("/api/v1/models/import", params={"name": "gone"}, content=bundle)
        bundle = api.get("/api/v1/models/gone/versions/1/artifact?format=bundle").content
    api.post("/api/v1/deployments", json={"model": "gone", "version": 1}).raise_for_status()
    change(api, "gone", version=2)
    assert api.delete("/api/v1/models/gone/versions/1").status_code == 204
    history = api.get("/api/v1/deployments/gone/history").json()["items"]
    assert [(h["version"], h["deleted"]) for h in history] == [(2, False), (1, True)]
    refused = api.patch("/api/v1/deployments/gone", json={"roll_back": True})
    assert refused.status_code == 409
    assert refused.json()["detail"].startswith("Version 1, which answered before, was deleted")
    assert api.patch("/api/v1/deployments/gone", json={"version": 1}).status_code == 404
    assert api.post(url("gone"), json={"rows": [ROW]}).json()["version"] == 2
    api.delete("/api/v1/deployments/gone")


def test_a_version_and_an_alias_at_once_are_refused(
    api: httpx.Client, versions: str, deployed: str
) -> None:
    both = {"version": 1, "alias": "champion"}
    asked = [
        api.post("/api/v1/deployments", json={"model": versions, "name": "both"} | both),
        api.post(f"/api/v1/models/{versions}/predict", params=both, json={"rows": [ROW]}),
        api.patch(f"/api/v1/deployments/{deployed}", json=both),
    ]
    for answer in asked:
        told = answer.json()["detail"]
        assert (answer.status_code, told) == (422, "Name either a version or an alias.")
    assert api.get("/api/v1/deployments/both").status_code == 404
    path = f"/api/v1/deployments/{deployed}"
    assert api.patch(path, json={"roll_back": True, "version": 1}).status_code == 422


def test_a_moved_alias_can_be_rolled_back_too(api: httpx.Client, versions: str) -> None:
    alias = f"/api/v1/models/{versions}/aliases/staging"
    api.put(alias, json={"version": 1})
    api.post("/api/v1/deployments", json={"model": versions, "name": "rolled", "alias": "staging"})
    api.put(alias, json={"version": 2})
    assert api.post(url("rolled"), json={"rows": [ROW]}).json()["version"] == 2
    assert change(api, "rolled", roll_back=True)["version"] == 1
    api.delete("/api/v1/deployments/rolled")


def test_a_second_version_must_answer_the_same_question(api: httpx.Client, deployed: str) -> None:
    for body in ({"challenger": {"version": 9}}, {"shadow": {"alias": "nope"}}):
        assert api.patch(f"/api/v1/deployments/{deployed}", json=body).status_code == 404
    share = {"challenger": {"version": 2, "share": 3}}
    for body in (share, {"shadow": {}}, {"log": {"days": 0}}):
        assert api.patch(f"/api/v1/deployments/{deployed}", json=body).status_code == 422
    assert api.get(f"/api/v1/deployments/{deployed}/traffic").json()["same"] == 0


def test_no_request_fails_while_versions_are_rolled_back_and_forth(
    server: LiveServer, api: httpx.Client, deployed: str
) -> None:
    """32 clients for 8 seconds; `tests/bench/rolling.py` does a minute of it."""
    change(api, deployed, version=2)
    from tests.bench.rolling import rolled

    answered, failed = rolled(server.url, deployed, {"rows": [ROW]}, seconds=8, times=8)
    assert failed == []
    assert set(answered) == {1, 2}
    assert sum(answered.values()) > 200
