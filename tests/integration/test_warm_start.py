"""A newer version of the data is searched from what was good on the one before."""

from __future__ import annotations

from typing import Any

import httpx

from tests.integration.conftest import loans_csv, put, trained

TARGET = "inadimplente"
SAID = "earlier training, on version 1"


def notes(run: dict[str, Any]) -> list[str]:
    return [str(note) for note in run["receipt"]["notes"]]


def test_a_newer_version_begins_from_the_best_settings_of_the_one_before(
    api: httpx.Client,
) -> None:
    first = put(api, loans_csv(seed=61), "warm").json()
    clock = {"max_trials": None, "budget_s": 12}
    earlier = trained(api, first["dataset"], TARGET, **clock)
    assert earlier["status"] == "finished"
    assert not any(SAID in note for note in notes(earlier)), "there was nothing before it"

    second = put(api, loans_csv(rows=440, seed=62), "warm").json()
    assert (second["dataset"], second["version"]) == (first["dataset"], 2)
    later = trained(api, first["dataset"], TARGET, **clock)
    assert later["status"] == "finished"
    assert any(SAID in note for note in notes(later))

    cold = trained(api, first["dataset"], TARGET, **clock, warm_start=False)
    assert not any(SAID in note for note in notes(cold))
    numbered = trained(api, first["dataset"], TARGET)
    assert not any(SAID in note for note in notes(numbered)), "its trials must not depend on others"
