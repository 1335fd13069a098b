"""The page of an endpoint: code that runs as pasted, and all that can be done with the endpoint."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.conftest import LiveServer
from tests.e2e.conftest import OpenTab
from tests.e2e.reachable import assert_reachable
from tests.integration.conftest import loans_csv
from tests.integration.test_api_predict import ROW

pytestmark = pytest.mark.browser
MINUTE = 60_000


def opened(page: Page, server: LiveServer, name: str) -> None:
    page.goto(f"{server.url}/deployments?name={name}")
    expect(page.locator("code.fm-curl")).to_be_visible(timeout=MINUTE)


def copied(page: Page, tab: str) -> str:
    """The code of a tab, by its button."""
    page.locator(f"button.{tab}-tab").click()
    page.locator("button.fm-copy").click()
    return str(page.evaluate("navigator.clipboard.readText()"))


def output(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def by_console(page: Page, code: str) -> str:
    """What the code writes into the console of the page's own browser."""
    with page.expect_console_message(lambda m: "predictions" in m.text) as said:
        page.evaluate("code => { (0, eval)(code) }", code)
    return said.value.text


def test_code_of_the_page_runs_as_pasted(
    server: LiveServer, open_tab: OpenTab, endpoint: str
) -> None:
    """In a shell, in the page's own browser, in Node as a script and as a module, in Python."""
    tab = open_tab()
    page = tab.page
    opened(page, server, "loans")
    page.locator(".fm-input-2 [role=combobox]").wait_for()
    expect(page.locator("code.fm-curl")).to_contain_text('"renda"')
    page.locator(".fm-input-1 input").fill("77")
    page.locator(".fm-input-1 input").press("Tab")
    expect(page.locator("code.fm-curl")).to_contain_text('"idade": 77')
    answers: list[dict[str, Any]] = [
        json.loads(output("bash", "-c", copied(page, "fm-curl"))),
        json.loads(by_console(page, copied(page, "fm-javascript"))),
        json.loads(output("node", "-e", copied(page, "fm-javascript"))),
        json.loads(output("node", "--input-type=module", "-e", copied(page, "fm-javascript"))),
    ]
    printed = output(sys.executable, "-c", copied(page, "fm-python"))
    answers.append(eval(printed))
    page.locator(".fm-predict button").click()
    shown = page.locator(".fm-prediction")
    expect(shown).to_be_visible(timeout=MINUTE)
    predictions = [a["predictions"][0]["prediction"] for a in answers]
    assert predictions == [shown.get_attribute("data-value")] * 5
    assert copied(page, "fm-r").startswith("library(httr2)")
    assert copied(page, "fm-power-query").startswith("let\n")
    tab.assert_clean()


@pytest.mark.parametrize("locale", ["en-US", "pt-BR"])
def test_code_holds_a_place_for_the_key_when_one_is_needed(
    api: httpx.Client, server: LiveServer, open_tab: OpenTab, endpoint: str, locale: str
) -> None:
    name = f"keyed-{locale.lower()}"
    api.post("/api/v1/deployments", json={"model": "loans", "name": name}).raise_for_status()
    api.patch(f"/api/v1/deployments/{name}", json={"needs_key": True}).raise_for_status()
    made = api.post("/api/v1/keys", json={"name": name, "endpoints": [name]}).json()
    tab = open_tab(locale=locale, width=390)
    page = tab.page
    opened(page, server, name)
    expect(page.locator("code.fm-curl")).to_contain_text("Bearer YOUR_KEY")
    code = copied(page, "fm-curl").replace("YOUR_KEY", made["secret"])
    assert "predictions" in json.loads(output("bash", "-c", code))
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390, width
    assert_reachable(page)
    tab.assert_clean()
    api.delete(f"/api/v1/deployments/{name}")


@pytest.mark.parametrize("locale", ["en-US", "pt-BR"])
def test_a_file_is_scored_on_the_page(
    server: LiveServer, open_tab: OpenTab, endpoint: str, locale: str, tmp_path: Path
) -> None:
    """A bad file is told by line and column; a good one comes back with its answers."""
    bad, good, out = (tmp_path / n for n in ("bad.csv", "good.csv", "out.csv"))
    bad.write_text("renda,idade,região,início\n1,x<b>,Recife,2020-01-01\n", encoding="utf-8")
    good.write_bytes(loans_csv(300, seed=911))
    tab = open_tab(locale=locale, width=390)
    page = tab.page
    opened(page, server, "loans")
    page.locator(".fm-batch button").first.click()
    page.locator("input.fm-file").set_input_files(bad)
    problem = page.locator(".fm-batch .fm-error")
    where = "line 2, column “idade”" if locale == "en-US" else "linha 2, coluna “idade”"
    expect(problem).to_contain_text(where, timeout=MINUTE)
    expect(problem).to_contain_text("x<b>")
    page.locator("input.fm-file").set_input_files(good)
    done = page.locator(".fm-batch-done")
    expect(done).to_contain_text("300", timeout=MINUTE)
    with page.expect_download() as download:
        page.locator("a.fm-batch-download").click()
    download.value.save_as(out)
    rows = list(csv.DictReader(out.open(encoding="utf-8")))
    assert len(rows) == 300
    assert {r["prediction"] for r in rows} <= {"sim", "não"}
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390, width
    tab.assert_clean()


@pytest.mark.parametrize("locale", ["en-US", "pt-BR"])
def test_traffic_shows_as_it_comes_and_the_log_is_set(
    api: httpx.Client, server: LiveServer, open_tab: OpenTab, endpoint: str, locale: str
) -> None:
    name = f"busy-{locale.lower()}"
    api.post("/api/v1/deployments", json={"model": "loans", "name": name}).raise_for_status()
    tab = open_tab(locale=locale, width=390, dark=locale == "pt-BR")
    page = tab.page
    opened(page, server, name)
    page.locator(".fm-traffic button").first.click()
    expect(page.locator(".fm-no-traffic")).to_be_visible(timeout=MINUTE)
    for place, rows in enumerate(([ROW, ROW], [ROW], [])):
        told = {"X-Request-Id": f"asked-{place}"}
        api.post(f"/api/v1/endpoints/{name}/predict", json={"rows": rows}, headers=told)
    line = page.locator(".fm-traffic-figures tr[data-version='1']")
    expect(line).to_contain_text("ms", timeout=MINUTE)
    assert [c.strip() for c in line.locator("td").all_inner_texts()[:2]] == ["2", "3"]
    expect(page.locator(".fm-traffic-notes")).to_contain_text("1")
    asked = page.locator(".fm-origin-request input")
    asked.fill("nobody")
    page.locator(".fm-origin-find button").click()
    expect(page.locator(".fm-error-message")).to_contain_text("nobody", timeout=MINUTE)
    asked.fill("asked-0")
    page.locator(".fm-origin-find button").click()
    lines = page.locator(".fm-origins tbody tr")
    expect(lines).to_have_count(2, timeout=MINUTE)
    expect(lines.first).to_contain_text("renda = ")
    expect(lines.first.locator("a[href*='run?id=']")).to_be_visible()
    expect(lines.first.locator("a[href*='datasets?id=']")).to_be_visible()
    page.locator(".fm-log-kind [role=combobox]").click()
    page.locator("li[role=option], li.MuiMenuItem-root").nth(1).click()
    field = page.locator(".fm-log-share input")
    field.fill("200")
    field.press("Tab")
    page.locator(".fm-log-save button").click()
    expect(page.locator(".fm-error-message")).to_contain_text("100", timeout=MINUTE)
    field.fill("2.5" if locale == "en-US" else "2,5")
    field.press("Tab")
    page.locator(".fm-log-inputs input").click()
    page.locator(".fm-log-save button").click()
    expect(page.get_by_text("Saved" if locale == "en-US" else "Salvo")).to_be_visible()
    log = api.get(f"/api/v1/deployments/{name}").json()["log"]
    assert log == {"share": 0.025, "inputs": False, "days": 30}
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390, width
    tab.assert_clean()
    api.delete(f"/api/v1/deployments/{name}")


def choose(page: Page, field: str, option: str) -> None:
    page.locator(f"{field} [role=combobox]").click()
    page.locator("li[role=option], li.MuiMenuItem-root").get_by_text(option, exact=True).click()


@pytest.mark.parametrize("locale", ["en-US", "pt-BR"])
def test_versions_are_rolled_back_and_tried_beside_one_another(
    api: httpx.Client,
    server: LiveServer,
    open_tab: OpenTab,
    run: dict[str, Any],
    endpoint: str,
    locale: str,
) -> None:
    """From version 1 to 2 and back in two clicks; then version 2 as a shadow, and its answers.
    Once version 2 is deleted, nothing offers to go back to it."""
    name = f"changing-{locale.lower()}"
    best = next(c["candidate"] for c in run["leaderboard"] if c["family"] != "constant")
    constant = next(c["candidate"] for c in run["leaderboard"] if c["family"] == "constant")
    for candidate in (best, constant):
        body = {"run": run["run"], "name": name, "candidate": candidate}
        api.post("/api/v1/models", json=body).raise_for_status()
    body = {"model": name, "name": name, "version": 1}
    api.post("/api/v1/deployments", json=body).raise_for_status()
    api.patch(f"/api/v1/deployments/{name}", json={"version": 2}).raise_for_status()
    tab = open_tab(locale=locale, width=390, dark=locale == "en-US")
    page = tab.page
    opened(page, server, name)
    page.locator(".fm-changes button").first.click()
    page.locator(".fm-roll-back button").click()
    page.locator(".fm-serve-confirm button").click()
    first, word = ("version 1", "version 2") if locale == "en-US" else ("versão 1", "versão 2")
    expect(page.locator(".fm-served strong").first).to_have_text(first, timeout=MINUTE)
    assert api.get(f"/api/v1/deployments/{name}").json()["version"] == 1
    choose(page, ".fm-shadow", word)
    choose(page, ".fm-challenger", word)
    page.locator(".fm-challenger-share input").fill("101")
    page.locator(".fm-challenger-share input").press("Tab")
    page.locator(".fm-second-save button").click()
    expect(page.locator(".fm-error-message")).to_contain_text("100", timeout=MINUTE)
    choose(page, ".fm-challenger", "None" if locale == "en-US" else "Nenhuma")
    page.locator(".fm-second-save button").click()
    expect(page.get_by_text("Saved" if locale == "en-US" else "Salvo")).to_be_visible()
    made = api.get(f"/api/v1/deployments/{name}").json()
    assert (made["challenger"], made["shadow"]["version"]) == (None, 2)
    rows = [ROW | {"renda": renda} for renda in (300, 900, 3000, 9000)]
    api.post(f"/api/v1/endpoints/{name}/predict", json={"rows": rows}).raise_for_status()
    page.locator(".fm-pause button").click()  # whatever changes has it look anew
    expect(page.locator(".fm-resume button")).to_be_visible(timeout=MINUTE)
    expect(page.locator(".fm-agreement")).to_contain_text("4", timeout=MINUTE)
    assert api.post(f"/api/v1/endpoints/{name}/predict", json={"rows": rows}).status_code == 503
    expect(page.locator(".fm-roll-back button")).to_be_visible()
    api.patch(f"/api/v1/deployments/{name}", json={"shadow": None}).raise_for_status()
    api.delete(f"/api/v1/models/{name}/versions/2").raise_for_status()
    expect(page.locator(".fm-roll-back button")).to_be_hidden(timeout=MINUTE)
    gone = "deleted since" if locale == "en-US" else "excluída depois"
    expect(page.locator(".fm-served li").nth(1)).to_contain_text(gone)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390, width
    tab.assert_clean()
    api.delete(f"/api/v1/deployments/{name}")


@pytest.mark.parametrize("locale", ["en-US", "pt-BR"])
def test_a_key_is_shown_once_opens_its_endpoint_and_is_revoked(
    api: httpx.Client, server: LiveServer, open_tab: OpenTab, endpoint: str, locale: str
) -> None:
    name = f"guarded-{locale.lower()}"
    api.post("/api/v1/deployments", json={"model": "loans", "name": name}).raise_for_status()
    url = f"{server.url}/api/v1/endpoints/{name}/predict"
    tab = open_tab(locale=locale, width=390)
    page = tab.page
    opened(page, server, name)
    page.locator(".fm-keys button").first.click()
    expect(page.locator(".fm-no-keys")).to_be_visible()
    page.locator(".fm-needs-key input").click()
    expect(page.locator("code.fm-curl")).to_contain_text("YOUR_KEY", timeout=MINUTE)
    assert httpx.post(url, json={"rows": [ROW]}).status_code == 401
    page.locator(".fm-key-make button").click()
    expect(page.locator(".fm-error-message")).to_contain_text("100", timeout=MINUTE)
    page.locator(".fm-key-name input").fill("<b>Ana</b>")
    page.locator(".fm-key-limit input").fill("5")
    page.locator(".fm-key-limit input").press("Tab")
    page.locator(".fm-key-make button").click()
    secret = page.locator("code.fm-secret").inner_text(timeout=MINUTE)
    page.locator(".fm-secret-done button").click()
    expect(page.locator("code.fm-secret")).to_have_count(0)
    line = page.locator(".fm-key")
    expect(line).to_contain_text("<b>Ana</b>")
    headers = {"Authorization": f"Bearer {secret}"}
    codes = [httpx.post(url, json={"rows": [ROW]}, headers=headers).status_code for _ in range(7)]
    assert codes == [200] * 5 + [429] * 2
    page.locator(".fm-key-revoke button").click()
    expect(line).to_contain_text("Revoked" if locale == "en-US" else "Revogada", timeout=MINUTE)
    assert httpx.post(url, json={"rows": [ROW]}, headers=headers).status_code == 401
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390, width
    tab.assert_clean()
    api.delete(f"/api/v1/deployments/{name}")
