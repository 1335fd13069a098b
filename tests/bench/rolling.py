"""No request fails while a version is rolled back and forth: `just bench rolling [--seconds 60]`.

Clients ask without pause, each on a connection of its own, while an endpoint is switched between
two versions; every answer must come from one of the two.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx

from tests.conftest import LiveServer

CLIENTS = 32


def rolled(
    base: str, name: str, body: dict[str, Any], seconds: float, times: int, clients: int = CLIENTS
) -> tuple[Counter[int], list[str]]:
    """Answers by version, and what went wrong."""
    answered: Counter[int] = Counter()
    failed: list[str] = []
    lock, end = threading.Lock(), time.monotonic() + seconds

    def ask() -> None:
        mine: Counter[int] = Counter()
        with httpx.Client(base_url=base, timeout=30, trust_env=False) as client:
            while time.monotonic() < end:
                try:
                    answer = client.post(f"/api/v1/endpoints/{name}/predict", json=body)
                    if answer.status_code == 200:
                        mine[answer.json()["version"]] += 1
                    else:
                        failed.append(answer.text[:200])
                except httpx.HTTPError as error:
                    failed.append(repr(error))
        with lock:
            answered.update(mine)

    threads = [threading.Thread(target=ask) for _ in range(clients)]
    for thread in threads:
        thread.start()
    with httpx.Client(base_url=base, timeout=30, trust_env=False) as client:
        for _ in range(times):
            time.sleep(seconds / (times + 1))
            made = client.patch(f"/api/v1/deployments/{name}", json={"roll_back": True})
            if made.status_code != 200:
                failed.append(made.text[:200])
    for thread in threads:
        thread.join()
    return answered, failed


def main() -> None:
    from tests.bench.serve.table import bodies, training_csv
    from tests.integration.conftest import put, trained

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server = LiveServer(Path(folder) / "home")
        try:
            with server.client() as client:
                data = put(client, training_csv(2000), "rolling").json()
                run = trained(client, data["dataset"], "left")
                for family in ("constant", "lightgbm"):
                    board = run["leaderboard"]
                    chosen = next(c["candidate"] for c in board if c["family"] == family)
                    body = {"run": run["run"], "candidate": chosen, "name": "rolling"}
                    client.post("/api/v1/models", json=body)
                deployment = {"model": "rolling", "version": 1}
                client.post("/api/v1/deployments", json=deployment)
                client.patch("/api/v1/deployments/rolling", json={"version": 2})
            import json

            body = json.loads(bodies(1)[0])
            answered, failed = rolled(server.url, "rolling", body, given.seconds, 20)
        finally:
            server.kill()
    print(f"{sum(answered.values()):,} answered {dict(answered)}, {len(failed)} failed")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
