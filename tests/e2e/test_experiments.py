"""The list of trainings in a browser: found, marked, renamed, turned page by page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.bench.big_history import loaded
from tests.conftest import LiveServer
from tests.e2e.conftest import OpenTab

pytestmark = pytest.mark.browser
RUNS = 60


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server with sixty old trainings."""
    home = tmp_path_factory.mktemp("past") / "home"
    loaded(home, RUNS)
    made = LiveServer(home)
    yield made
    made.kill()


def shown(page: Page, url: str) -> Page:
    page.goto(url)
    expect(page.locator(".fm-run-line").first).to_be_visible(timeout=60_000)
    return page


def test_pages_turn_forward_and_back(past: LiveServer, open_tab: OpenTab) -> None:
    tab = open_tab()
    page = shown(tab.page, f"{past.url}/experiments")
    count, lines = page.locator(".fm-count"), page.locator(".fm-run-line")
    expect(count).to_have_text("1–25 of 60")
    first = lines.first.get_attribute("data-run")
    page.locator(".fm-page-next").click()
    expect(count).to_have_text("26–50 of 60")
    page.locator(".fm-page-next").focus()
    page.keyboard.press("Enter")
    expect(count).to_have_text("51–60 of 60")
    expect(lines).to_have_count(10)
    expect(page.locator(".fm-page-next")).to_be_disabled()
    page.locator(".fm-page-back").click()
    page.locator(".fm-page-back").click()
    expect(count).to_have_text("1–25 of 60")
    assert lines.first.get_attribute("data-run") == first
    tab.assert_clean()


def test_a_filter_is_in_the_address_and_survives_a_reload(
    past: LiveServer, open_tab: OpenTab
) -> None:
    page = shown(open_tab().page, f"{past.url}/experiments")
    page.locator("input.fm-search").press_sequentially("STUDY 33")
    expect(page.locator(".fm-count")).to_have_text("1–1 of 1")
    expect(page.locator(".fm-run-link")).to_have_text("study 33")
    assert "q=STUDY+33" in page.url
    shown(page, page.url)
    expect(page.locator("input.fm-search")).to_have_value("STUDY 33")
    expect(page.locator(".fm-count")).to_have_text("1–1 of 1")
    page.locator("input.fm-search").fill("nothing like this")
    expect(page.locator(".fm-empty")).to_be_visible()
    page.locator(".fm-clear-filters").click()
    expect(page.locator(".fm-count")).to_have_text("1–25 of 60")
    page.locator(".fm-filter-status select").select_option("failed")
    expect(page.locator(".fm-count")).not_to_have_text("1–25 of 60")
    assert "status=failed" in page.url


def test_the_page_of_the_list_survives_a_reload_and_the_way_back(
    past: LiveServer, open_tab: OpenTab
) -> None:
    tab = open_tab()
    page = shown(tab.page, f"{past.url}/experiments")
    count, lines = page.locator(".fm-count"), page.locator(".fm-run-line")
    page.locator(".fm-page-next").click()
    expect(count).to_have_text("26–50 of 60")
    assert "page=2" in page.url
    first = lines.first.get_attribute("data-run")
    shown(page, page.url)
    expect(count).to_have_text("26–50 of 60")
    assert lines.first.get_attribute("data-run") == first
    page.locator(".fm-run-link").first.click()
    page.wait_for_url("**/run?*")
    page.go_back()
    expect(count).to_have_text("26–50 of 60", timeout=60_000)
    page.locator(".fm-page-back").click()
    expect(count).to_have_text("1–25 of 60")
    assert "page=" not in page.url
    shown(page, f"{past.url}/experiments?page=99")
    expect(count).to_have_text("51–60 of 60")
    page.locator(".fm-page-back").click()
    expect(count).to_have_text("26–50 of 60")
    assert "page=2" in page.url
    page.locator("input.fm-search").fill("study 33")
    expect(count).to_have_text("1–1 of 1")
    assert "page=" not in page.url
    tab.assert_clean()


def test_trainings_are_compared_and_the_choice_is_in_the_address(
    past: LiveServer, open_tab: OpenTab
) -> None:
    tab = open_tab()
    page = shown(tab.page, f"{past.url}/experiments")
    picks, beside = page.locator(".fm-pick"), page.locator(".fm-beside")
    picks.nth(1).click()
    expect(beside).to_contain_text("Choose a second training")
    page.locator(".fm-page-next").click()
    expect(page.locator(".fm-count")).to_have_text("26–50 of 60")
    picks.nth(0).focus()
    page.keyboard.press("Enter")
    expect(beside.locator("thead a")).to_have_count(2)
    expect(beside).to_contain_text("Best model")
    expect(picks.nth(0)).to_have_attribute("aria-pressed", "true")
    expect(picks.nth(0)).to_be_focused()
    shown(page, page.url)
    expect(beside.locator("thead a")).to_have_count(2)
    assert "page=2" in page.url
    page.locator(".fm-unpick").first.click()
    expect(beside.locator("table")).to_have_count(0)
    page.locator(".fm-forget").click()
    expect(beside).to_have_count(0)
    assert "compare" not in page.url
    shown(page, f"{past.url}/experiments?compare=run_gone,nothing")
    expect(beside).to_have_count(0)
    tab.assert_clean()


def test_comparing_fits_a_narrow_screen(past: LiveServer, open_tab: OpenTab) -> None:
    tab = open_tab(width=390)
    page = shown(tab.page, f"{past.url}/experiments")
    for n in range(3):
        page.locator(".fm-pick").nth(n).click()
        expect(page.locator(".fm-pick").nth(n)).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".fm-beside thead a")).to_have_count(3)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
    tab.assert_clean()


def test_a_star_and_notes_stay(past: LiveServer, open_tab: OpenTab) -> None:
    tab = open_tab()
    page = shown(tab.page, f"{past.url}/experiments?q=study+57")
    star = page.locator(".fm-star").first
    expect(star).to_have_attribute("aria-pressed", "false")
    star.click()
    expect(star).to_have_attribute("aria-pressed", "true")
    page.locator(".fm-edit").first.click()
    expect(page.locator("input.fm-notes-name")).to_have_value("study 57")
    page.locator("input.fm-notes-name").fill("<b>my</b> best")
    page.locator("input.fm-notes-tags").fill("paper, " + "x" * 41)
    page.locator("textarea.fm-notes-notes").fill("50% of it\nis luck")
    page.locator(".fm-notes-save").click()
    expect(page.locator(".fm-error-message")).to_have_text("A tag may have 40 characters.")
    page.locator("input.fm-notes-tags").fill("paper, final")
    page.locator(".fm-notes-save").click()
    expect(page.locator("dialog")).to_be_hidden()
    shown(page, f"{past.url}/experiments?q=my+best&starred=1&tag=final")
    expect(page.locator(".fm-run-link")).to_have_text("<b>my</b> best")
    expect(page.locator(".fm-run-tag")).to_have_text(["paper", "final"])
    expect(page.locator(".fm-run-notes")).to_contain_text("50% of it")
    expect(page.locator(".fm-star")).to_have_attribute("aria-pressed", "true")
    tab.assert_clean()


def test_a_tag_of_a_line_filters_by_it(past: LiveServer, open_tab: OpenTab) -> None:
    page = shown(open_tab().page, f"{past.url}/experiments")
    page.locator(".fm-run-tag").first.click()
    page.wait_for_url("**tag=*")
    expect(page.locator(".fm-clear-filters")).to_be_visible()


def test_best_first_comes_with_one_metric(past: LiveServer, open_tab: OpenTab) -> None:
    page = shown(open_tab().page, f"{past.url}/experiments?sort=score")
    scores = [float(s) for s in page.locator(".fm-run-line strong").all_inner_texts()]
    assert scores == sorted(scores, reverse=True)


def test_the_list_reads_in_portuguese(past: LiveServer, open_tab: OpenTab) -> None:
    tab = open_tab(locale="pt-BR", width=390)
    page = shown(tab.page, f"{past.url}/experiments")
    expect(page.get_by_role("heading", name="Treinos")).to_be_visible()
    expect(page.locator(".fm-status").filter(has_text="Terminado").first).to_be_visible()
    assert "," in page.locator(".fm-run-line strong").first.inner_text()
    tab.assert_clean()


def test_the_menu_leads_to_all_trainings(past: LiveServer, open_tab: OpenTab) -> None:
    page = open_tab().page
    page.goto(f"{past.url}/run")
    expect(page.locator(".fm-empty")).to_be_visible(timeout=60_000)
    expect(page.locator(".fm-nav-experiments")).to_have_attribute("aria-current", "page")
    page.locator(".fm-nav-experiments").click()
    expect(page.locator(".fm-run-line").first).to_be_visible(timeout=60_000)
