"""The report of a training and the card of a model, over HTTP."""

from __future__ import annotations

import csv
import html
import io
import json
import random
import re
import shlex
from typing import Any

import httpx
import pytest

from tests.conftest import wait_for
from tests.integration.conftest import loans_csv, put, trained
from tests.unit.report.examples import EVIL, Elements

SECTIONS = {
    "summary", "limits", "data", "split", "board", "measures", "pictures", "drivers", "failures",
    "again",
}  # fmt: skip
WORDS = {
    "en": ("Report of a training", "In short", "Limits", "Leaderboard", "How to repeat it"),
    "pt-BR": ("Relatório de um treinamento", "Em resumo", "Limites", "Placar", "Como repetir"),
}


def read(answer: httpx.Response) -> Elements:
    """The page, which may load nothing and must say so to the browser."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    made = Elements(answer.text)
    assert list(made.loads()) == []
    return made


@pytest.fixture(scope="module")
def hostile(api: httpx.Client) -> dict[str, Any]:
    """A training on a table whose every name tries to be something else."""
    out, pick = io.StringIO(newline=""), random.Random(61)
    writer = csv.writer(out)
    writer.writerow([EVIL[0], EVIL[1], '\u202eevil\u202c "q"', "</style><script>"])
    for _ in range(240):
        x = pick.random()
        said = EVIL[0] if x + pick.gauss(0, 0.3) > 0.5 else EVIL[2]
        writer.writerow([f"{x:.4f}", pick.choice(EVIL[:3]), pick.randint(1, 60), said])
    data = put(api, out.getvalue().encode(), EVIL[1], "evil.csv")
    assert data.status_code == 201, data.text
    made = trained(api, data.json()["dataset"], "</style><script>", max_trials=1)
    assert made["status"] == "finished", made["error"]
    return made


@pytest.mark.parametrize("lang", list(WORDS))
def test_a_report_has_all_sections_in_the_language_asked_for(
    api: httpx.Client, run: dict[str, Any], loans: dict[str, Any], lang: str
) -> None:
    answer = api.get(f"/api/v1/runs/{run['run']}/report", params={"lang": lang})
    made = read(answer)
    assert made.ids() >= SECTIONS
    assert dict(made.found)["html"]["lang"] == lang
    assert all(words in made.text for words in WORDS[lang])
    assert loans["sha256"] in made.text
    assert f"report-{run['run']}.html" in answer.headers["content-disposition"]
    assert answer.headers["content-disposition"].startswith("inline")
    for candidate in run["leaderboard"]:
        assert f"{candidate['holdout']['roc_auc']['value']:.3f}".replace(
            ".", "," if lang == "pt-BR" else "."
        ) in made.text  # fmt: skip
    assert {"plot-roc", "plot-precision_recall", "plot-confusion", "plot-calibration"} <= made.ids()


def test_the_browsers_language_is_taken_when_none_is_asked_for(
    api: httpx.Client, run: dict[str, Any]
) -> None:
    path = f"/api/v1/runs/{run['run']}/report"
    made = read(api.get(path, headers={"Accept-Language": "pt-BR,pt;q=0.9"}))
    assert "Em resumo" in made.text
    kept = api.get(path, params={"download": "true", "lang": "en"})
    assert kept.headers["content-disposition"].startswith("attachment")


def test_the_call_of_a_report_repeats_the_training(api: httpx.Client, run: dict[str, Any]) -> None:
    """As the report gives it, word for word."""
    answer = api.get(f"/api/v1/runs/{run['run']}/report", params={"lang": "en"})
    code = re.search("<pre><code>(curl -X POST .*?)</code>", answer.text)
    assert code is not None
    body = json.loads(shlex.split(html.unescape(code.group(1)))[-1])
    again = trained(api, **body)
    scores = [[(c["family"], c["holdout"]) for c in board["leaderboard"]] for board in (run, again)]
    assert scores[0] == scores[1]


def test_what_drives_the_model_is_in_it_though_nobody_has_asked(
    api: httpx.Client, run: dict[str, Any]
) -> None:
    """Of a candidate that no other test explains; the figures are those of the page."""
    worst = run["leaderboard"][-2]["candidate"]
    path = f"/api/v1/runs/{run['run']}"
    made = read(api.get(f"{path}/report", params={"candidate": worst, "lang": "en"}))
    assert "plot-drivers" in made.ids()
    first = api.get(f"{path}/candidates/{worst}/importance").json()
    assert all(e["column"] in made.text for e in first["columns"])


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "is being made"), ("pt-BR", "está sendo feito")]
)
def test_a_browser_is_answered_at_once_and_asks_again(
    api: httpx.Client, run: dict[str, Any], endpoint: str, lang: str, words: str
) -> None:
    """Either the report within a second, or a page without a script that looks again."""
    for path in (f"/api/v1/runs/{run['run']}/report", "/api/v1/models/loans/versions/1/card"):

        def made(path: str = path) -> httpx.Response | None:
            answer = api.get(path, params={"lang": lang, "at_once": "true"})
            if answer.status_code == 200:
                return answer
            assert answer.status_code == 202
            assert "default-src 'none'" in answer.headers["content-security-policy"]
            waiting = Elements(answer.text)
            assert list(waiting.loads()) == [] and words in waiting.text
            return None

        assert read(wait_for(made)).ids() >= SECTIONS
    assert api.get("/api/v1/runs/run_none/report?at_once=true").status_code == 404


@pytest.mark.parametrize("lang", list(WORDS))
def test_hostile_names_stay_names(api: httpx.Client, hostile: dict[str, Any], lang: str) -> None:
    answer = api.get(f"/api/v1/runs/{hostile['run']}/report", params={"lang": lang})
    made = read(answer)
    assert EVIL[0] in made.text and EVIL[1] in made.text and EVIL[2] in made.text
    assert "\u202e" not in answer.text and "<script" not in answer.text


def test_a_training_that_is_going_on_has_a_report_that_says_so(
    api: httpx.Client, loans: dict[str, Any]
) -> None:
    body = {"dataset": loans["dataset"], "target": "inadimplente", "budget_s": 60, "seed": 3}
    run = api.post("/api/v1/runs", json=body).json()["run"]
    path = f"/api/v1/runs/{run}"
    text = read(api.get(f"{path}/report", params={"lang": "en"})).text
    assert "still going on" in text
    api.post(f"{path}/cancel")
    wait_for(lambda: api.get(path).json()["status"] == "cancelled")
    text = read(api.get(f"{path}/report", params={"lang": "en"})).text
    assert "Cancelled" in text and "No model was kept" in text


def test_a_stopped_training_has_a_report_and_a_failed_one_says_why(api: httpx.Client) -> None:
    """The second has no column that changes: it ends without a model."""
    data = put(api, loans_csv(rows=150, seed=612), "stopped").json()
    body = {"dataset": data["dataset"], "target": "inadimplente", "budget_s": 120, "seed": 3}
    run = api.post("/api/v1/runs", json=body).json()["run"]
    path = f"/api/v1/runs/{run}"
    wait_for(lambda: api.get(path).json()["leaderboard"], timeout=60)
    assert api.post(f"{path}/stop").status_code < 300
    wait_for(lambda: api.get(path).json()["status"] == "stopped", timeout=60)
    made = read(api.get(f"{path}/report", params={"lang": "en"}))
    assert made.ids() >= SECTIONS and "Stopped" in made.text
    dead = "um,dois,sai\n" + "".join(f"1,x,{'sim' if i % 2 else 'não'}\n" for i in range(60))
    failed = trained(api, put(api, dead.encode(), "dead-report").json()["dataset"], "sai")
    assert failed["status"] == "failed"
    told = read(api.get(f"/api/v1/runs/{failed['run']}/report", params={"lang": "en"})).text
    assert failed["error"] in told and "No model was kept" in told


def test_what_is_not_there_is_told_as_everywhere(api: httpx.Client, run: dict[str, Any]) -> None:
    for path in (
        "/api/v1/runs/run_none/report",
        f"/api/v1/runs/{run['run']}/report?candidate=none",
        "/api/v1/models/none/versions/1/card",
        "/api/v1/models/none/versions/x/card",
    ):
        answer = api.get(path)
        assert answer.status_code == 404, path
        assert answer.headers["content-type"].startswith("application/problem+json")


@pytest.mark.parametrize(("lang", "words"), [("en", "Model card"), ("pt-BR", "Ficha do modelo")])
def test_a_model_version_has_its_card(
    api: httpx.Client, endpoint: str, run: dict[str, Any], lang: str, words: str
) -> None:
    answer = api.get("/api/v1/models/loans/versions/1/card", params={"lang": lang})
    made = read(answer)
    assert made.ids() >= {*SECTIONS, "model", "inputs"}
    assert words in made.text and run["run"] in made.text
    assert "card-loans-1.html" in answer.headers["content-disposition"]


def test_an_imported_model_has_a_card_too(api: httpx.Client, bundle: bytes) -> None:
    made = api.post("/api/v1/models/import", params={"name": "came"}, content=bundle)
    assert made.status_code == 201, made.text
    version = made.json()["version"]
    card = read(api.get(f"/api/v1/models/came/versions/{version}/card", params={"lang": "en"}))
    assert {"summary", "model", "inputs", "limits", "data", "again"} <= card.ids()
    assert "not in this Free MLOps" in card.text


def test_a_report_outlives_its_data(api: httpx.Client) -> None:
    data = put(api, loans_csv(rows=120, seed=611), "short-lived").json()
    run = trained(api, data["dataset"], "inadimplente", max_trials=1)
    gone = api.delete(f"/api/v1/datasets/{data['dataset']}")
    assert gone.status_code < 300, gone.text
    made = read(api.get(f"/api/v1/runs/{run['run']}/report", params={"lang": "en"}))
    assert data["sha256"] in made.text
    assert "are not here" in made.text


def test_both_are_documented(api: httpx.Client) -> None:
    paths = api.get("/api/schema/openapi.json").json()["paths"]
    for path in ("/api/v1/runs/{run}/report", "/api/v1/models/{model}/versions/{version}/card"):
        said = paths[path]["get"]
        assert "text/html" in said["responses"]["200"]["content"]
        assert {p["name"] for p in said["parameters"]} >= {"lang", "download"}
