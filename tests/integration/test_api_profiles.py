"""Profiles, advice, suggestions and diffs over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.e2e.test_advice import students
from tests.integration.conftest import put


@pytest.fixture(scope="module")
def school(api: httpx.Client) -> str:
    put(api, students(), "school")
    made = put(api, students(320, changed=40), "school").json()
    assert made["version"] == 2
    return f"/api/v1/datasets/{made['dataset']}"


def test_a_profile_describes_the_table_and_every_column(
    api: httpx.Client, loans: dict[str, Any]
) -> None:
    profile = api.get(f"/api/v1/datasets/{loans['dataset']}/versions/1/profile").json()
    assert (profile["rows"], profile["sampled_rows"], profile["duplicate_rows"]) == (400, 400, 0)
    assert set(profile["columns"]) == {c["name"] for c in loans["columns"]}
    income = profile["columns"]["renda"]
    assert len(income["quantiles"]) == 7
    assert income["low"] <= income["quantiles"][0] <= income["quantiles"][6] <= income["high"]
    assert len(income["examples"]) == 5


def test_advice_comes_with_evidence_in_the_readers_language(api: httpx.Client, school: str) -> None:
    path = f"{school}/versions/1/advice"
    plain = api.get(path).json()["items"]
    assert "target_leak" not in {a["code"] for a in plain}
    first = api.get(f"{path}?target=evadiu", headers={"Accept-Language": "pt-BR"}).json()["items"][
        0
    ]
    assert (first["code"], first["severity"], first["columns"]) == (
        "target_leak", "serious", ["motivo"],
    )  # fmt: skip
    assert "Talvez" in first["message"]
    assert first["evidence"]["missing_gain"] == 1
    assert first["action"] == {"kind": "exclude", "columns": ["motivo"], "by_default": True}


def test_a_target_is_suggested_with_its_task_and_the_reasons(
    api: httpx.Client, school: str
) -> None:
    found = api.get(f"{school}/versions/1/suggestion").json()
    assert (found["target"], found["task"]) == ("evadiu", "binary")
    assert "two different values" in found["task_reason"]
    dates = put(api, b"a,b\n2024-01-01,x1\n2024-01-02,x2\n2024-01-03,x3\n", "dates").json()
    none = api.get(f"/api/v1/datasets/{dates['dataset']}/versions/1/suggestion").json()
    assert (none["target"], none["task"]) == (None, None)


def test_two_versions_differ_by_rows_cells_and_columns(api: httpx.Client, school: str) -> None:
    diff = api.get(f"{school}/diff", params={"from": 1, "to": 2}).json()
    rows = diff["rows"]
    assert (rows["key"], rows["added"], rows["removed"], rows["changed"]) == (
        "matrícula", 20, 0, 40,
    )  # fmt: skip
    assert [c["column"] for c in rows["cells"]] == ["nota"]
    back = api.get(f"{school}/diff", params={"from": 2, "to": 1}).json()
    assert (back["rows"]["added"], back["rows"]["removed"]) == (0, 20)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/versions/1/advice?target=nope", 422),
        ("/versions/1/advice?target=evadiu&task=nope", 422),
        ("/versions/1/advice?target=motivo&task=regression", 200),
        ("/versions/9/advice", 404),
        ("/versions/x/profile", 404),
        ("/diff", 422),
        ("/diff?from=1&to=0", 422),
        ("/diff?from=1&to=9", 404),
        ("/diff?from=1&to=2&key=nota", 422),
        ("/diff?from=1&to=2&key=nope", 422),
    ],
)
def test_what_cannot_be_answered_is_said(
    api: httpx.Client, school: str, path: str, status: int
) -> None:
    answer = api.get(school + path)
    assert answer.status_code == status, answer.text
    if status >= 400:
        assert answer.json()["detail"]
