"""Sentences in a CSV: read word by word, from the training to the endpoint."""

from __future__ import annotations

import csv
import io
import random
from typing import Any

import httpx
import pytest

from tests.integration.conftest import put, trained

PLAIN = ("o", "produto", "chegou", "na", "segunda", "com", "a", "caixa", "azul", "e", "manual")
GOOD, BAD = ("ótimo", "Adorei", "perfeito", "recomendo"), ("ruim", "quebrado", "péssimo", "odiei")


def comments(rows: int = 300, seed: int = 41) -> bytes:
    pick = random.Random(seed)
    made = io.StringIO()
    writer = csv.writer(made)
    writer.writerow(["comentário", "nota", "volta"])
    for row in range(rows):
        back = pick.random() < 0.5
        words = [*pick.choices(PLAIN, k=7), pick.choice(GOOD if back else BAD), f"{row}"]
        pick.shuffle(words)
        writer.writerow([" ".join(words), pick.randint(1, 5), "sim" if back else "não"])
    return made.getvalue().encode()


@pytest.fixture(scope="module")
def told(api: httpx.Client) -> dict[str, Any]:
    data = put(api, comments(), "comentários").json()
    made = trained(api, data["dataset"], "volta", max_trials=2, budget_s=60)
    assert made["status"] == "finished", made["error"]
    return made


def test_words_decide_and_it_is_said(api: httpx.Client, told: dict[str, Any]) -> None:
    events = api.get(f"/api/v1/runs/{told['run']}/events").text
    assert "“comentário” is read word by word" in events
    best = next(c for c in told["leaderboard"] if c["candidate"] == told["best"])
    assert best["holdout"][told["metric"]]["value"] > 0.95, best


def test_the_endpoint_takes_new_sentences_without_a_warning(
    api: httpx.Client, told: dict[str, Any]
) -> None:
    model = api.post("/api/v1/models", json={"run": told["run"], "name": "comments"})
    assert model.status_code == 201, model.text
    made = api.post("/api/v1/deployments", json={"model": "comments", "name": "comments"})
    assert made.status_code == 201, made.text
    path = "/api/v1/endpoints/comments"
    schema = api.get(f"{path}/schema").text
    assert "comentário" in schema
    assert "x-seen-values" not in schema
    rows = [
        {"comentário": "Que produto ÓTIMO, recomendo!", "nota": 3},
        {"comentário": "chegou quebrado. Péssimo", "nota": 3},
        {"comentário": "palavras desconhecidas " * 2_000, "nota": 3},
        {"comentário": "", "nota": 3},
    ]
    answer = api.post(f"{path}/predict", json={"rows": rows})
    assert answer.status_code == 200, answer.text
    found = answer.json()["predictions"]
    assert [f["prediction"] for f in found[:2]] == ["sim", "não"]
    assert not any(f.get("warnings") for f in found)


def test_many_long_sentences_are_answered_as_one_by_one(
    api: httpx.Client, told: dict[str, Any]
) -> None:
    """Enough rows for several parts of a batch."""
    text = csv.DictReader(io.StringIO(comments(rows=5_000, seed=42).decode()))
    rows = [{"comentário": r["comentário"], "nota": int(r["nota"])} for r in text]
    path = "/api/v1/endpoints/comments/predict"
    whole = api.post(path, json={"rows": rows}).json()["predictions"]
    assert len(whole) == len(rows)
    for row in (0, 2_047, 2_048, 4_999):
        alone = api.post(path, json={"rows": [rows[row]]}).json()["predictions"][0]
        assert alone["prediction"] == whole[row]["prediction"]
        assert alone["probabilities"]["sim"] == pytest.approx(
            whole[row]["probabilities"]["sim"], abs=1e-6
        )


def test_the_same_seed_trains_the_same_models(api: httpx.Client, told: dict[str, Any]) -> None:
    again = trained(api, told["dataset"], "volta", max_trials=2, budget_s=60)
    kept = ("candidate", "family", "holdout", "cv_mean")
    first, second = ([{k: c.get(k) for k in kept} for c in r["leaderboard"]] for r in (told, again))
    assert first == second


def test_no_script_repeats_it_yet(api: httpx.Client, told: dict[str, Any]) -> None:
    path = f"/api/v1/runs/{told['run']}/candidates/{told['best']}/artifact"
    answer = api.get(path, params={"format": "code"})
    assert answer.status_code == 404
    assert "word by word" in answer.text
