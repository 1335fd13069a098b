"""Walks a running server from a CSV to a prediction over the API. Standard library only."""

from __future__ import annotations

import json
import sys
import time
import urllib.error
import urllib.request
from typing import Any

URL, PASSWORD = sys.argv[1], sys.argv[2]


def call(
    method: str,
    path: str,
    body: bytes | None = None,
    kind: str = "application/json",
    key: bool = True,
) -> tuple[int, Any]:
    request = urllib.request.Request(URL + path, data=body, method=method)
    request.add_header("Content-Type", kind)
    if key:
        request.add_header("Authorization", f"Bearer {PASSWORD}")
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            content = answer.read()
            is_json = "json" in answer.headers.get("content-type", "")
            return answer.status, json.loads(content) if is_json else content
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def wait(check: Any, seconds: float) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if found := check():
                return found
        except OSError:
            pass
        time.sleep(0.5)
    raise SystemExit("waited in vain")


def main() -> None:
    wait(lambda: call("GET", "/api/v1/healthz", key=False)[0] == 200, 60)
    assert call("GET", "/api/v1/datasets", key=False)[0] == 401, "the door is open"
    assert call("GET", "/home")[0] == 200, "no pages"
    lines = ["x,y,label"] + [f"{i % 17},{i % 5},{'a' if i % 17 > 8 else 'b'}" for i in range(300)]
    status, data = call("PUT", "/api/v1/datasets?name=smoke", "\n".join(lines).encode(), "text/csv")
    assert status == 201, data
    body = {"dataset": data["dataset"], "target": "label", "budget_s": 15}
    status, run = call("POST", "/api/v1/runs", json.dumps(body).encode())
    assert status == 202, run

    def over() -> Any:
        got = call("GET", f"/api/v1/runs/{run['run']}")[1]
        return got if got["status"] not in ("queued", "running") else None

    made = wait(over, 60)
    assert made["status"] == "finished", made["error"]
    status, model = call("POST", "/api/v1/models", json.dumps({"run": run["run"]}).encode())
    assert status == 201, model
    body = {"model": model["model"], "name": "smoke"}
    status, deployment = call("POST", "/api/v1/deployments", json.dumps(body).encode())
    assert status == 201, deployment
    rows = {"rows": [{"x": 16, "y": 1}, {"x": 1, "y": 1}]}
    status, answer = call("POST", deployment["endpoint"], json.dumps(rows).encode())
    assert status == 200, answer
    assert [p["prediction"] for p in answer["predictions"]] == ["a", "b"], answer
    print(
        f"smoke test passed: asked {made['receipt']['asked_s']:.0f} s, "
        f"used {made['receipt']['used_s']:.1f} s, {len(made['leaderboard'])} candidates"
    )


if __name__ == "__main__":
    main()
