"""Why a model answers so, as a person finds it on the page of a training."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from tests.conftest import LiveServer
from tests.e2e.conftest import OpenTab
from tests.integration.conftest import loans_csv, put, trained

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MINUTE = 60_000
WORDS = {
    "en-US": ("What drives the model", "Why this row?", "had not seen them"),
    "pt-BR": ("O que move o modelo", "Por que esta linha?", "não as tinha visto"),
}


@pytest.fixture(scope="module")
def explained(api: httpx.Client) -> dict[str, Any]:
    data = put(api, loans_csv(seed=93), "para explicar").json()
    return trained(api, data["dataset"], "inadimplente")


@pytest.mark.parametrize(
    ("locale", "dark", "width"), [("en-US", False, 1440), ("pt-BR", True, 390)]
)
def test_a_person_sees_what_drives_the_model_and_moves_a_value(
    server: LiveServer,
    open_tab: OpenTab,
    explained: dict[str, Any],
    locale: str,
    dark: bool,
    width: int,
) -> None:
    """Nothing is worked out until asked; then three plots, their tables, and an answer that
    moves with a value, the same as the API's."""
    tab = open_tab(locale=locale, dark=dark, width=width)
    page = tab.page
    drivers, why, unseen = WORDS[locale]
    page.goto(f"{server.url}/run?id={explained['run']}")
    button = page.locator(".fm-explain button")
    expect(button).to_be_visible(timeout=MINUTE)
    assert page.locator(".fm-drivers").count() == 0
    button.click()
    expect(page.get_by_role("heading", name=drivers)).to_be_visible(timeout=MINUTE)
    expect(page.get_by_role("heading", name=why)).to_be_visible()
    expect(page.locator(".fm-basis")).to_contain_text(unseen)
    for hook in ("fm-drivers", "fm-dependence", "fm-reasons"):
        expect(page.locator(f".{hook} canvas").first).to_be_visible(timeout=MINUTE)
    page.locator(".fm-drivers-table summary").click()
    expect(page.locator(".fm-drivers-table tbody tr").first).to_contain_text("renda")
    if width < 500:
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert over <= 0

    page.locator(".fm-why-column [role=combobox]").click()
    page.locator("li[role=option], li.MuiMenuItem-root").filter(has_text="região").click()
    page.locator(".fm-dependence-table summary").click()
    expect(page.locator(".fm-dependence-table")).to_contain_text("Recife", timeout=MINUTE)

    reason = page.locator(".fm-reason")
    before = float(reason.get_attribute("data-value") or "nan")
    field = page.locator(".fm-reasons .fm-input-0 input")
    field.fill("20000")
    field.press("Tab")
    expect(page.locator(".fm-what-if")).to_contain_text("renda", timeout=MINUTE)
    assert float(reason.get_attribute("data-value") or "nan") != before
    page.locator(".fm-why-back button").click()
    expect(page.locator(".fm-what-if")).to_be_hidden(timeout=MINUTE)
    assert float(reason.get_attribute("data-value") or "nan") == before
    tab.assert_clean()
