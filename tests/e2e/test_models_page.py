"""The models page: where a version comes from, what it can leave as, how two of them differ."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from tests.conftest import LiveServer
from tests.e2e.conftest import OpenTab
from tests.e2e.reachable import assert_reachable

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("locale", ["en-US", "pt-BR"])
def test_versions_show_their_origin_their_files_and_what_differs(
    api: httpx.Client,
    server: LiveServer,
    open_tab: OpenTab,
    run: dict[str, Any],
    bundle: bytes,
    locale: str,
    tmp_path: Path,
) -> None:
    """Three versions of one model: two trained here and one brought in, as an attacker names it."""
    name = f"shelf-{locale.lower()}"
    for candidate in (run["best"], run["leaderboard"][-1]["candidate"]):
        body = {"run": run["run"], "candidate": candidate, "name": name}
        api.post("/api/v1/models", json=body).raise_for_status()
    made = api.post("/api/v1/models/import", params={"name": name}, content=bundle)
    path = f"/api/v1/models/{name}/versions/{made.json()['version']}"
    api.patch(path, json={"tags": ["<img src=x onerror=alert(1)>"]}).raise_for_status()
    api.put(f"{path}/approval", json={"by": "Ana <b>", "note": "ok"}).raise_for_status()
    tab = open_tab(locale=locale, dark=locale == "pt-BR")
    page = tab.page
    page.goto(f"{server.url}/models")
    card = page.locator(".fm-model").filter(has_text=name)
    expect(card).to_contain_text("Ana <b>", timeout=60_000)
    expect(card).to_contain_text("<img src=x onerror=alert(1)>")
    expect(card.locator(".fm-stamp").first).to_contain_text("1e-5")
    word = "imported" if locale == "en-US" else "importado"
    expect(card).to_contain_text(f"{word}: empréstimos")
    code = "View code" if locale == "en-US" else "Ver código"
    expect(card.get_by_text(code)).to_have_count(2)  # an imported one has none
    with page.expect_download() as download:
        card.locator(".fm-exports a[href*='format=bundle']").last.click()
    saved = tmp_path / "x.fmlops"
    download.value.save_as(saved)
    got = api.get(f"/api/v1/models/{name}/versions/1/artifact", params={"format": "bundle"})
    assert hashlib.sha256(saved.read_bytes()).hexdigest() == got.headers["x-checksum-sha256"]
    card.locator(".fm-compare-show button").click()
    expect(card.locator(".fm-compared")).to_be_visible(timeout=30_000)
    expect(card.locator(".fm-compared th[scope=row]").nth(2)).to_be_visible()
    assert_reachable(page)
    tab.assert_clean()


@pytest.mark.parametrize(("locale", "width"), [("en-US", 1440), ("pt-BR", 390)])
def test_a_bundle_is_brought_in_and_a_broken_one_is_told_where_it_was_dropped(
    api: httpx.Client,
    server: LiveServer,
    open_tab: OpenTab,
    bundle_file: Path,
    locale: str,
    width: int,
    tmp_path: Path,
) -> None:
    before = api.get("/api/v1/models/loans").json()
    broken = tmp_path / "broken.fmlops"
    broken.write_bytes(bundle_file.read_bytes()[:-2_000])
    tab = open_tab(locale=locale, width=width)
    page = tab.page
    page.goto(f"{server.url}/models")
    part = page.locator(".fm-import")
    part.locator("button").first.click(timeout=60_000)
    file = page.locator(".fm-import input.fm-file")
    file.set_input_files(broken)
    expect(part.locator(".fm-error")).to_be_visible(timeout=60_000)
    assert api.get("/api/v1/models/loans").json() == before
    file.set_input_files(bundle_file)
    expect(part.locator(".fm-imported")).to_contain_text("loans", timeout=60_000)
    expect(part.locator(".fm-error")).to_have_count(0)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width, "the page is wider than the window"
    tab.assert_clean()
