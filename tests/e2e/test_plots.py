"""The pictures of a result, for each task, in both languages and on both surfaces."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.conftest import LiveServer
from tests.e2e.conftest import OpenTab
from tests.e2e.reachable import assert_reachable
from tests.integration.conftest import loans_csv, put, trained

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MINUTE = 60_000
TASKS = {"binary": "inadimplente", "multiclass": "região", "regression": "renda"}


@pytest.fixture(scope="module")
def runs(server: LiveServer) -> dict[str, str]:
    with server.client() as api:
        data = put(api, loans_csv(seed=91), "pictures").json()
        made = {
            task: trained(api, data["dataset"], target, task=task, max_trials=1)
            for task, target in TASKS.items()
        }
    assert all(run["status"] == "finished" for run in made.values())
    return {task: str(run["run"]) for task, run in made.items()}


def opened(page: Page, url: str) -> Locator:
    page.goto(url)
    plots = page.locator(".fm-plots")
    expect(plots.locator(".fm-plot-help")).to_be_visible(timeout=MINUTE)
    plots.scroll_into_view_if_needed()
    return plots


def each(page: Page, plots: Locator) -> Iterator[str]:
    """Choose one plot after another; its name once its words are there."""
    chooser = plots.locator(".fm-plot-name [role=combobox]")
    chooser.click()
    options = page.locator("li[role=option], li.MuiMenuItem-root")
    names = options.all_inner_texts()
    page.keyboard.press("Escape")
    for place, name in enumerate(names):
        chooser.click()
        options.nth(place).click()
        expect(chooser).to_have_text(name)
        expect(chooser).not_to_have_attribute("aria-disabled", "true", timeout=MINUTE)
        yield name


@pytest.mark.parametrize(
    ("task", "locale", "dark", "width", "count"),
    [
        ("binary", "en-US", False, 1440, 7),
        ("multiclass", "pt-BR", True, 390, 4),
        ("regression", "pt-BR", False, 1440, 5),
    ],
)
def test_every_picture_is_drawn_and_explained(
    server: LiveServer,
    open_tab: OpenTab,
    runs: dict[str, str],
    task: str,
    locale: str,
    dark: bool,
    width: int,
    count: int,
) -> None:
    tab = open_tab(locale=locale, dark=dark, width=width)
    plots = opened(tab.page, f"{server.url}/run?id={runs[task]}")
    seen = 0
    for name in each(tab.page, plots):
        if plots.locator(".fm-plot-none").count():
            assert "cost" in name.lower(), name
        else:
            expect(plots.locator(".fm-plot canvas").first).to_be_visible(timeout=MINUTE)
            expect(plots.locator(".fm-plot-table summary")).to_be_visible()
        seen += 1
    assert seen == count
    assert_reachable(tab.page)
    wide = tab.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width, "the page is wider than the window"
    tab.assert_clean()


def test_the_threshold_moves_the_figures_and_costs_find_the_cheapest(
    server: LiveServer, open_tab: OpenTab, runs: dict[str, str]
) -> None:
    tab = open_tab()
    page = tab.page
    plots = opened(page, f"{server.url}/run?id={runs['binary']}")
    figures = plots.locator(".fm-threshold-figures")
    before = figures.inner_text()
    slider = plots.locator(".fm-threshold input[type=range]")
    slider.focus()
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    expect(figures).not_to_have_text(before, timeout=MINUTE)
    plots.locator(".fm-miss input").fill("500")
    plots.locator(".fm-miss input").press("Tab")
    plots.locator(".fm-alarm input").fill("5")
    plots.locator(".fm-alarm input").press("Tab")
    expect(plots.locator(".fm-saves")).to_be_visible(timeout=MINUTE)
    tab.assert_clean()
