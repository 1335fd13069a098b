"""A training that is over is given more time, on its page."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.sync_api import expect

from tests.conftest import LiveServer
from tests.e2e.conftest import OpenTab
from tests.integration.conftest import loans_csv, put, trained

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MINUTE = 60_000


@pytest.fixture(scope="module")
def run(server: LiveServer) -> str:
    with server.client() as api:
        data = put(api, loans_csv(seed=77), "more-time").json()
        made = trained(api, data["dataset"], "inadimplente", max_trials=None, budget_s=8)
        assert made["status"] == "finished", made["error"]
        return str(made["run"])


def test_train_on_keeps_the_result_in_sight_and_ends_with_a_larger_receipt(
    server: LiveServer, open_tab: OpenTab, run: str
) -> None:
    """Two tabs at once: the second sees what the first one asked for."""
    tab, other = open_tab(), open_tab(locale="pt-BR")
    page = tab.page
    page.goto(f"{server.url}/run?id={run}")
    other.page.goto(f"{server.url}/run?id={run}")
    expect(page.locator(".fm-more button")).to_be_visible(timeout=MINUTE)
    expect(other.page.locator(".fm-more button")).to_have_text("Treinar mais", timeout=MINUTE)
    page.locator(".fm-more-time [role=combobox]").click()
    page.locator("li[role=option], li.MuiMenuItem-root").first.click()
    page.locator(".fm-more button").click()
    for seen in (page, other.page):
        expect(seen.locator(".fm-progress")).to_be_visible(timeout=MINUTE)
        expect(seen.locator(".fm-verdict")).to_be_visible()
        expect(seen.locator(".fm-more button")).to_be_hidden()
        expect(seen.locator(".fm-cancel button")).to_be_hidden()
    page.locator(".fm-stop button").click(timeout=MINUTE)
    expect(page.locator(".fm-progress")).to_be_hidden(timeout=MINUTE)
    expect(page.locator(".fm-more button")).to_be_visible()
    expect(page.locator(".fm-receipt")).to_have_text(re.compile(r"1 min 08 s"))
    expect(other.page.locator(".fm-more button")).to_be_visible(timeout=MINUTE)
    tab.assert_clean()
    other.assert_clean()


def test_a_numbered_training_offers_no_more_time(server: LiveServer, open_tab: OpenTab) -> None:
    with server.client() as api:
        data = put(api, loans_csv(seed=78), "trials-by-number").json()
        made = trained(api, data["dataset"], "inadimplente")
    tab = open_tab()
    tab.page.goto(f"{server.url}/run?id={made['run']}")
    expect(tab.page.locator(".fm-verdict")).to_be_visible(timeout=MINUTE)
    expect(tab.page.locator(".fm-more button")).to_be_hidden()
    tab.assert_clean()


def test_unknown_time_is_refused_over_the_api(server: LiveServer, run: str) -> None:
    with server.client(headers={"Accept-Language": "pt-BR"}) as api:
        answer: httpx.Response = api.post(f"/api/v1/runs/{run}/continue", json={"budget_s": 1})
    assert answer.status_code == 422
    assert "segundos" in answer.json()["detail"]
