"""Trainings side by side in a browser: chosen, judged, drawn, and kept in the address."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import LiveServer
from tests.e2e.conftest import OpenTab
from tests.e2e.reachable import assert_reachable
from tests.e2e.test_plots import MINUTE, each
from tests.integration.conftest import loans_csv, put, trained

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NAME = "<b>first</b> training"


@pytest.fixture(scope="module")
def runs(server: LiveServer) -> dict[str, str]:
    """Two on the same rows, one on a newer version, one of another question, one cancelled."""
    with server.client() as api:
        data = put(api, loans_csv(seed=606), "beside").json()
        newer = put(api, loans_csv(rows=440, seed=606), "beside").json()
        asked = {
            "a": {"name": NAME, "max_trials": 3, "budget_s": 120},
            "b": {"exclude": ["renda"], "max_trials": 3, "budget_s": 120},
            "newer": {"version": newer["version"], "name": "newer"},
            "number": {"target": "renda"},
        }
        made = {"dataset": str(data["dataset"])}
        for key, more in asked.items():
            request = {"target": "inadimplente", "version": 1, "max_trials": 1} | more
            run = trained(api, data["dataset"], str(request.pop("target")), **request)
            assert run["status"] == "finished", run["error"]
            made[key] = str(run["run"])
        body = {"dataset": data["dataset"], "target": "inadimplente", "budget_s": 60}
        made["cancelled"] = str(api.post("/api/v1/runs", json=body).json()["run"])
        api.post(f"/api/v1/runs/{made['cancelled']}/cancel")
    return made


def compared(page: Page, server: LiveServer, *names: str, more: str = "") -> Page:
    """The page of these runs, all of it there."""
    page.goto(f"{server.url}/compare?runs={','.join(names)}{more}")
    return whole(page)


def whole(page: Page) -> Page:
    expect(page.locator(".fm-verdict")).to_be_visible(timeout=MINUTE)
    expect(page.locator(".fm-metrics table").first).to_be_visible(timeout=MINUTE)
    expect(page.locator(".fm-data-diff p").first).to_be_visible(timeout=MINUTE)
    return page


def test_ticked_lines_are_compared_and_the_address_keeps_the_choice(
    server: LiveServer, open_tab: OpenTab, runs: dict[str, str]
) -> None:
    tab = open_tab()
    page = tab.page
    page.goto(f"{server.url}/experiments?dataset={runs['dataset']}")
    lines = [page.locator(f".fm-run-line[data-run={runs[key]}] .fm-pick") for key in ("a", "b")]
    lines[0].click(timeout=MINUTE)
    expect(page.locator(".fm-beside")).to_contain_text("Choose a second training")
    lines[1].click()
    page.locator(".fm-compare-page").click(timeout=MINUTE)
    page.wait_for_url("**/compare?*")
    whole(page)
    expect(page.locator(".fm-side")).to_have_count(2)
    expect(page.locator(".fm-side-link").first).to_have_text(NAME)
    verdict = page.locator(".fm-verdict")
    expect(verdict).to_contain_text("by more than chance")
    expect(verdict).to_contain_text("on the same 80 rows")
    page.locator(".fm-compare-metric [role=combobox]").click()
    page.locator("li[role=option], li.MuiMenuItem-root").filter(has_text="Log loss").click()
    page.wait_for_url("**metric=log_loss*")
    whole(page)
    page.reload()
    whole(page)
    expect(page.locator(".fm-compare-metric [role=combobox]")).to_have_text("Log loss")
    expect(page.locator(".fm-side")).to_have_count(2)
    tab.assert_clean()


@pytest.mark.parametrize(
    ("locale", "dark", "width", "title"),
    [
        ("en-US", False, 1440, "Compare trainings"),
        ("pt-BR", True, 390, "Comparar treinos"),
    ],
)
def test_everything_is_drawn_and_has_a_table(
    server: LiveServer,
    open_tab: OpenTab,
    runs: dict[str, str],
    locale: str,
    dark: bool,
    width: int,
    title: str,
) -> None:
    tab = open_tab(locale=locale, dark=dark, width=width)
    page = compared(tab.page, server, runs["a"], runs["b"], runs["newer"])
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    expect(page.locator(".fm-diff .tile").first).to_be_visible(timeout=MINUTE)
    overlay = page.locator(".fm-overlay")
    seen = 0
    for _ in each(page, overlay):
        expect(overlay.locator(".fm-plot canvas").first).to_be_visible(timeout=MINUTE)
        expect(overlay.locator(".fm-plot-table")).to_have_count(3)
        seen += 1
    assert seen == 4
    page.wait_for_url("**plot=gain*")
    expect(page.locator(".fm-cloud canvas").first).to_be_visible(timeout=MINUTE)
    expect(page.locator(".fm-cloud-table summary")).to_be_visible()
    expect(page.locator(".fm-parallel canvas, .fm-trials .note").first).to_be_visible()
    assert_reachable(page)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width, "the page is wider than the window"
    tab.assert_clean()


def test_numbers_have_curves_of_their_own(
    server: LiveServer, open_tab: OpenTab, runs: dict[str, str]
) -> None:
    tab = open_tab(locale="pt-BR")
    page = compared(tab.page, server, runs["number"], runs["a"])
    expect(page.locator(".fm-verdict")).to_contain_text("outro tipo de pergunta")
    overlay = page.locator(".fm-overlay")
    names = list(each(page, overlay))
    assert len(names) == 7, "those of both questions"
    tab.assert_clean()


def test_what_is_unknown_or_without_a_model_gets_a_sentence(
    server: LiveServer, open_tab: OpenTab, runs: dict[str, str]
) -> None:
    tab = open_tab()
    page = compared(tab.page, server, "run_nothing", runs["a"], runs["cancelled"])
    expect(page.locator(".fm-left-out")).to_contain_text("run_nothing")
    expect(page.locator(".fm-side")).to_have_count(2)
    expect(page.locator(".fm-reason")).to_contain_text("without a model")
    expect(page.locator(".fm-verdict")).to_contain_text("nothing to compare")
    page.goto(f"{server.url}/compare?runs=,';DROP,<script>")
    expect(page.locator(".fm-empty")).to_be_visible(timeout=MINUTE)
    nine = ",".join(f"run_{n}" for n in range(9))
    page.goto(f"{server.url}/compare?runs={nine}")
    expect(page.locator(".fm-left-out")).to_contain_text("Only 8", timeout=MINUTE)
    expect(page.locator(".fm-error")).to_have_count(0)
    tab.assert_clean()


def test_from_a_training_to_its_comparison_and_back(
    server: LiveServer, open_tab: OpenTab, runs: dict[str, str]
) -> None:
    tab = open_tab(width=390)
    page = tab.page
    page.goto(f"{server.url}/run?id={runs['a']}")
    page.locator(".fm-compare-run").click(timeout=MINUTE)
    page.wait_for_url("**/compare?*")
    expect(page.locator(".fm-side")).to_have_count(1, timeout=MINUTE)
    page.locator(".fm-add-run").filter(has_text="inadimplente").first.click(timeout=MINUTE)
    page.wait_for_url(re.compile("runs=[^&]+(,|%2C)"))
    whole(page)
    expect(page.locator(".fm-side")).to_have_count(2)
    page.locator(".fm-away").last.click()
    expect(page.locator(".fm-side")).to_have_count(1, timeout=MINUTE)
    page.locator(".fm-choose").click()
    page.wait_for_url("**/experiments?*")
    expect(page.locator(".fm-beside")).to_contain_text("Choose a second training", timeout=MINUTE)
    tab.assert_clean()
