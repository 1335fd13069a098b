"""What endpoints answered, in their log."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.integration.test_api_predict import ROW
from tests.integration.test_serving import change, logged, url


def test_the_log_keeps_what_the_deployment_says(api: httpx.Client, deployed: str) -> None:
    answer = api.post(url(deployed), json={"rows": [ROW, ROW | {"região": "Atlantis"}]}).json()
    change(api, deployed, log={"inputs": False})
    api.post(url(deployed), json={"rows": [ROW]})
    change(api, deployed, log={"share": 0})
    api.post(url(deployed), json={"rows": [ROW]})
    rows = logged(api, deployed)
    assert [r["row_number"] for r in rows] == [0, 1, 0]
    assert rows[1]["inputs"] == ROW | {"região": "Atlantis"}
    assert rows[0]["request"] == answer["request_id"]
    assert rows[0]["prediction"] == answer["predictions"][0]["prediction"]
    assert rows[0]["probabilities"] == answer["predictions"][0]["probabilities"]
    assert [r["warnings"] for r in rows] == [0, 1, 0]
    assert rows[2]["inputs"] is None
    assert rows[0]["run"]
    api.delete(f"/api/v1/deployments/{deployed}")
    assert logged(api, deployed) == []


def test_an_answer_leads_back_to_its_version_run_and_data(
    api: httpx.Client, run: dict[str, Any], loans: dict[str, Any], deployed: str
) -> None:
    path = f"/api/v1/endpoints/{deployed}/predict"
    body = {"rows": [ROW, {**ROW, "idade": None}]}
    told = {"X-Request-Id": "back:to-the.start"}
    answered = api.post(path, json=body, headers=told).json()
    found = api.get(f"/api/v1/deployments/{deployed}/answers/back:to-the.start").json()["items"]
    assert [(a["row"], a["role"]) for a in found] == [(0, "champion"), (1, "champion")]
    for kept, said in zip(found, answered["predictions"], strict=True):
        assert kept["prediction"] == said["prediction"]
        assert kept["probabilities"] == pytest.approx(said["probabilities"])
    one = found[1]
    assert (one["model"], one["version"]) == (answered["model"], answered["version"])
    assert (one["run"], one["dataset"]) == (run["run"], loans["dataset"])
    assert one["candidate"]
    assert one["dataset_version"] == 1
    assert (one["inputs"]["região"], one["inputs"]["idade"]) == (ROW["região"], None)
    line = api.get("/api/v1/lineage", params={"request_id": "back:to-the.start"}).json()["items"]
    assert [(i["model"], i["version"]) for i in line] == [(one["model"], one["version"])]
    assert line[0]["logged"] >= 2


def test_an_answer_that_is_not_in_the_log_is_said_to_be(api: httpx.Client, deployed: str) -> None:
    answer = api.get(f"/api/v1/deployments/{deployed}/answers/nothing")
    assert answer.status_code == 404
    assert "nothing" in answer.json()["detail"]
    assert api.get("/api/v1/deployments/none/answers/nothing").status_code == 404


def test_traffic_counts_requests_once_and_errors_too(api: httpx.Client, deployed: str) -> None:
    for rows in ([ROW] * 3, [ROW]):
        api.post(url(deployed), json={"rows": rows})
    for body in ({"rows": []}, {"rows": [ROW | {"idade": "x"}]}):
        assert api.post(url(deployed), json=body).status_code == 422
    got = api.get(f"/api/v1/deployments/{deployed}/traffic").json()
    (version,) = got["versions"]
    assert (version["requests"], version["rows"]) == (2, 4)
    assert sum(e["count"] for e in got["errors"]) == 2
    assert {e["status"] for e in got["errors"]} == {422}
    first = datetime.fromisoformat(got["errors"][0]["minute"]) + timedelta(minutes=1)
    assert datetime.fromisoformat(got["errors_since"]) < first
