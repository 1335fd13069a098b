"""The board of a finished training: how sure its order is, where its models fail, and for whom."""

from __future__ import annotations

import base64
import csv
import io

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
        data = put(api, loans_csv(rows=600, seed=92), "board").json()
        made = trained(api, data["dataset"], "inadimplente", max_trials=2)
    assert made["status"] == "finished", made["error"]
    return str(made["run"])


@pytest.mark.parametrize(
    ("locale", "dark", "width", "words"),
    [("en-US", False, 1440, "in 100"), ("pt-BR", True, 390, "em 100")],
)
def test_the_board_says_how_sure_it_is_and_its_models_where_they_fail(
    server: LiveServer,
    open_tab: OpenTab,
    run: str,
    locale: str,
    dark: bool,
    width: int,
    words: str,
) -> None:
    tab = open_tab(locale=locale, dark=dark, width=width)
    page = tab.page
    page.goto(f"{server.url}/run?id={run}")
    expect(page.locator(".fm-recommended")).to_be_visible(timeout=MINUTE)
    table = page.locator(".fm-leaderboard table")
    expect(table).to_contain_text(words, timeout=MINUTE)
    link = str(page.locator(".fm-board-csv").get_attribute("href"))
    text = base64.b64decode(link.partition("base64,")[2]).decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text)))
    assert len(lines) == page.locator(".fm-leaderboard tbody tr").count()
    assert {"candidate", "roc_auc", "roc_auc_low", "p_best_better"} <= set(lines[0])
    expect(page.locator(".fm-trade-off canvas").first).to_be_visible(timeout=MINUTE)
    expect(page.locator(".fm-learning canvas").first).to_be_visible(timeout=MINUTE)
    expect(page.locator(".fm-more-rows")).to_be_visible()
    page.locator(".fm-fail button").click()
    expect(page.locator(".fm-mistakes tbody tr")).to_have_count(10, timeout=MINUTE)
    page.locator(".fm-group button").click()
    expect(page.locator(".fm-groups-found")).to_be_visible(timeout=MINUTE)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width, "the page is wider than the window"
    tab.assert_clean()


@pytest.mark.parametrize(
    ("locale", "width", "fewest"),
    [("en-US", 1440, "Smallest first"), ("pt-BR", 390, "Menor primeiro")],
)
def test_all_measures_unfold_and_the_board_is_arranged(
    server: LiveServer, open_tab: OpenTab, run: str, locale: str, width: int, fewest: str
) -> None:
    tab = open_tab(locale=locale, width=width)
    page = tab.page
    page.goto(f"{server.url}/run?id={run}")
    button = page.locator(".fm-all-measures button")
    button.click(timeout=MINUTE)
    expect(page.locator(".fm-measures tbody tr").nth(15)).to_be_visible(timeout=MINUTE)
    rows = page.locator(".fm-leaderboard tbody tr")
    first = rows.first.locator("td.place")
    expect(first).to_have_text("1", timeout=MINUTE)
    before = rows.count()
    page.locator(".fm-board-order [role=combobox]").click()
    option = "li[role=option], li.MuiMenuItem-root"
    page.locator(option).filter(has_text=fewest).click()
    expect(first).not_to_have_text("1", timeout=MINUTE)
    assert rows.count() == before
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width, "the page is wider than the window"
    button.click()
    expect(page.locator(".fm-measures")).to_have_count(0)
    tab.assert_clean()
