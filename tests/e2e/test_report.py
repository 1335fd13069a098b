"""A report is opened, read without a network, and printed."""

from __future__ import annotations

import re
from pathlib import Path

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
        data = put(api, loans_csv(rows=500, seed=93), "report-me").json()
        made = trained(api, data["dataset"], "inadimplente", max_trials=1)
        assert made["status"] == "finished", made["error"]
        kept = api.post("/api/v1/models", json={"run": made["run"], "name": "report-me"})
        assert kept.status_code == 201, kept.text
    return str(made["run"])


@pytest.mark.parametrize(
    ("locale", "dark", "width", "words"),
    [
        ("en-US", False, 1440, "Report of a training"),
        ("pt-BR", True, 390, "Relatório de um treinamento"),
    ],
)
def test_one_click_gives_a_report_that_prints(
    server: LiveServer,
    open_tab: OpenTab,
    run: str,
    tmp_path: Path,
    locale: str,
    dark: bool,
    width: int,
    words: str,
) -> None:
    tab = open_tab(locale=locale, dark=dark, width=width)
    tab.page.goto(f"{server.url}/run?id={run}")
    button = tab.page.locator("a.fm-report")
    expect(button).to_be_visible(timeout=MINUTE)
    with tab.page.context.expect_page() as opened:
        button.click()
    page = opened.value
    page.on("console", lambda m: tab.errors.append(m.text) if m.type == "error" else None)
    expect(page.locator(".kind")).to_have_text(words, timeout=MINUTE)
    assert page.locator("html").get_attribute("lang") == locale.removesuffix("-US")

    # the first page is whole before the network goes
    expect(tab.page.locator(".fm-plots canvas").first).to_be_visible(timeout=MINUTE)
    kept = tmp_path / "report.html"
    kept.write_text(page.content(), "utf-8")
    asked: list[str] = []
    page.context.set_offline(True)
    page.on("request", lambda r: asked.append(r.url))
    page.goto(kept.as_uri())
    for place in page.locator("figure").all():
        assert place.locator("svg[role=img] title").count() == 1
    assert page.locator("figure").count() >= 5
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width, "the page is wider than the window"
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    pages = len(re.findall(rb"/Type\s*/Page[^s]", pdf))
    assert pdf.startswith(b"%PDF") and len(pdf) > 40_000
    assert 3 <= pages <= 12
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    tab.assert_clean()


def test_no_picture_is_cut_by_the_end_of_a_page(
    server: LiveServer, open_tab: OpenTab, run: str
) -> None:
    """As the browser lays it out for paper: pictures are kept whole and black on white."""
    tab = open_tab(dark=True)
    page = tab.page
    page.goto(f"{server.url}/api/v1/runs/{run}/report?lang=en")
    page.emulate_media(media="print", color_scheme="dark")
    kept = "e => getComputedStyle(e).breakInside"
    for figure in page.locator("figure").all():
        assert figure.evaluate(kept) == "avoid"
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert colour == "rgb(255, 255, 255)"
    expect(page.locator("header .screen")).to_be_hidden()
    tab.assert_clean()


@pytest.mark.parametrize(
    ("locale", "words"), [("en-US", "Model card"), ("pt-BR", "Ficha do modelo")]
)
def test_a_version_has_its_card_on_the_models_page(
    server: LiveServer, open_tab: OpenTab, run: str, locale: str, words: str
) -> None:
    tab = open_tab(locale=locale)
    tab.page.goto(f"{server.url}/models")
    link = tab.page.locator("a.fm-card[href*='/report-me/']")
    expect(link).to_have_text(words, timeout=MINUTE)
    with tab.page.context.expect_page() as opened:
        link.click()
    expect(opened.value.locator(".kind")).to_have_text(words, timeout=MINUTE)
    expect(opened.value.locator("#inputs tbody tr")).to_have_count(4)
    tab.assert_clean()
