"""The same seed, the same number of trials: the same leaderboard, to the last bit."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.integration.conftest import trained

SAME = ("candidate", "family", "holdout", "folds", "members", "size_bytes", "parity")
TOLD = ("id", "number", "family", "loss", "params", "holdout")


def board(api: httpx.Client, run: dict[str, Any]) -> list[dict[str, Any]]:
    """Each candidate without what the clock says, and with the hash of its graph."""
    made = []
    for candidate in run["leaderboard"]:
        path = f"/api/v1/runs/{run['run']}/candidates/{candidate['candidate']}/artifact"
        stamp = api.get(path, params={"format": "onnx"}).headers["x-content-sha256"]
        made.append({k: candidate[k] for k in SAME} | {"onnx": stamp})
    return made


def told(api: httpx.Client, run: dict[str, Any]) -> list[dict[str, Any]]:
    """What the trials and the candidates were made from, in order."""
    with api.stream("GET", f"/api/v1/runs/{run['run']}/events") as stream:
        data = [json.loads(line[5:]) for line in stream.iter_lines() if line.startswith("data:")]
    return [{k: d[k] for k in TOLD if k in d} for d in data if "params" in d]


@pytest.mark.parametrize("target", ["inadimplente", "renda"])
def test_two_runs_of_one_seed_give_the_same_board_bit_for_bit(
    api: httpx.Client, loans: dict[str, Any], target: str
) -> None:
    """Through the platform, in two processes: scores, settings, order, and every graph."""
    more = {"max_trials": 8, "budget_s": 300, "seed": 5}
    first, second = (trained(api, loans["dataset"], target, **more) for _ in range(2))
    assert first["run"] != second["run"]
    assert len(first["leaderboard"]) > 5
    assert board(api, first) == board(api, second)
    assert first["best"] == second["best"]
    assert [c["tied_with_best"] for c in first["leaderboard"]] == [
        c["tied_with_best"] for c in second["leaderboard"]
    ]
    assert len(told(api, first)) >= 8
    assert told(api, first) == told(api, second)


def test_a_run_keeps_what_it_takes_to_repeat_it(
    api: httpx.Client, loans: dict[str, Any], run: dict[str, Any]
) -> None:
    """Versions of Python and the libraries, the plan with seed and split, the data's hash."""
    assert {"python", "lightgbm", "xgboost-cpu", "scikit-learn", "numpy", "onnx"} <= set(
        run["libraries"]
    )
    assert run["plan"]["seed"] == 1
    assert run["plan"]["split"]
    assert run["plan"]["data_sha256"] == loans["sha256"]
