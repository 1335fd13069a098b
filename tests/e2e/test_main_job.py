"""The main job, as a person does it: from a table to a live prediction."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import LiveServer
from tests.e2e.conftest import OpenTab
from tests.e2e.reachable import assert_reachable

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MINUTE = 60_000


def train(page: Page, seconds: int) -> None:
    """From the goal step to the finished run."""
    page.locator(".fm-next button:visible").click()
    page.get_by_text("Another time").or_(page.get_by_text("Outro tempo")).click()
    field = page.locator(".fm-seconds input")
    field.fill(str(seconds))
    field.press("Tab")
    page.locator(".fm-train button").click()
    page.wait_for_url("**/run?id=*", timeout=MINUTE)
    expect(page.locator(".fm-verdict")).to_be_visible(timeout=MINUTE)


def choose_target(page: Page, name: str) -> None:
    page.locator(".fm-target [role=combobox]").click(timeout=MINUTE)
    page.locator("li[role=option], li.MuiMenuItem-root").filter(has_text=name).click()
    expect(page.locator(".fm-target")).to_contain_text(name)


def use(page: Page) -> None:
    page.locator(".fm-use button").click()
    page.wait_for_url("**/deployments?name=*", timeout=MINUTE)
    expect(page.locator("code.fm-curl")).to_be_visible(timeout=MINUTE)


def tried(page: Page) -> tuple[str, str]:
    """What the page's own form answers: the shown value and the raw one."""
    page.locator(".fm-predict button").click()
    answer = page.locator(".fm-prediction")
    expect(answer).to_be_visible(timeout=MINUTE)
    return answer.inner_text(), str(answer.get_attribute("data-value"))


def run_as_pasted(page: Page) -> dict[str, Any]:
    """The shown curl, copied by its button and run by a shell."""
    page.get_by_role("button", name="Copy").or_(
        page.get_by_role("button", name="Copiar")
    ).first.click()
    command = page.evaluate("navigator.clipboard.readText()")
    assert command.startswith("curl")
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    made: dict[str, Any] = json.loads(done.stdout)
    return made


def test_from_a_sample_to_a_curl_that_answers_like_the_page(
    server: LiveServer, open_tab: OpenTab
) -> None:
    tab = open_tab()
    page = tab.page
    page.goto(server.url)
    page.locator(".fm-sample[href*='churn']").click()
    page.wait_for_url("**/new?*")
    page.locator(".fm-next button:visible").click()
    expect(page.locator(".fm-target")).to_be_visible(timeout=MINUTE)
    assert_reachable(page)
    train(page, 15)
    board = page.locator(".fm-leaderboard tbody tr")
    expect(board.first).to_be_visible()
    assert board.count() >= 4
    expect(page.locator(".fm-plot-help").first).to_be_visible(timeout=MINUTE)
    assert_reachable(page)
    second = board.nth(1)
    board.first.press("ArrowDown")
    expect(second).to_be_focused()
    second.press("Enter")
    expect(second).to_have_attribute("aria-selected", "true")
    expect(page.locator(".fm-verdict")).to_be_visible()
    use(page)
    _, value = tried(page)
    answer = run_as_pasted(page)
    assert str(answer["predictions"][0]["prediction"]) == value
    assert answer["version"] == 1
    tab.assert_clean()


def brazilian_csv(path: Path) -> Path:
    """Semicolons, decimal commas, accents, dd/mm/yyyy, and latin-1 bytes."""
    lines = ["região;preço médio;estoque;início;situação"]
    for n in range(300):
        region = ("São Paulo", "Pará", "Ceará")[n % 3]
        price = 10 + (n * 37 % 90) / 10
        status = "ótima" if price + (n % 3) * 2 > 16 else "péssima"
        day = f"{n % 28 + 1:02d}/{n % 12 + 1:02d}/2023"
        lines.append(f"{region};{price:.2f};{n * 13 % 500};{day};{status}".replace(".", ","))
    path.write_bytes("\r\n".join(lines).encode("latin-1"))
    return path


def test_from_a_brazilian_csv_in_portuguese(
    server: LiveServer, open_tab: OpenTab, tmp_path: Path
) -> None:
    tab = open_tab(locale="pt-BR")
    page = tab.page
    page.goto(f"{server.url}/new")
    expect(page.get_by_role("heading", name="Novo modelo")).to_be_visible(timeout=MINUTE)
    page.locator("input[type=file]").set_input_files(brazilian_csv(tmp_path / "preços.csv"))
    expect(page.locator(".fm-dataset-name")).to_contain_text("preços", timeout=MINUTE)
    expect(page.locator(".fm-columns")).to_contain_text("região")
    expect(page.locator(".fm-notes")).to_contain_text("latin-1")
    page.locator(".fm-next button:visible").click()
    choose_target(page, "situação")
    train(page, 15)
    use(page)
    _, value = tried(page)
    answer = run_as_pasted(page)
    assert value in ("ótima", "péssima")
    assert answer["predictions"][0]["prediction"] == value
    tab.assert_clean()


def test_a_run_can_be_stopped_and_reloaded_from_its_link(
    server: LiveServer, open_tab: OpenTab
) -> None:
    page = open_tab().page
    page.goto(f"{server.url}/new?sample=iris")
    page.locator(".fm-next button:visible").click()
    expect(page.locator(".fm-target")).to_be_visible(timeout=MINUTE)
    page.locator(".fm-next button:visible").click()
    page.locator(".fm-train button").click()
    page.wait_for_url("**/run?id=*", timeout=MINUTE)
    expect(page.locator(".fm-leaderboard tbody tr").first).to_be_visible(timeout=MINUTE)
    page.reload()
    expect(page.locator(".fm-progress")).to_be_visible(timeout=MINUTE)
    page.locator(".fm-stop button").click()
    expect(page.locator(".fm-verdict")).to_be_visible(timeout=20_000)


def test_a_file_that_is_no_table_is_explained_on_the_page(
    server: LiveServer, open_tab: OpenTab, tmp_path: Path
) -> None:
    page = open_tab(locale="pt-BR").page
    bad = tmp_path / "foto.csv"
    bad.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 30)
    page.goto(f"{server.url}/new")
    page.locator("input[type=file]").set_input_files(bad)
    expect(page.get_by_role("alert").first).to_be_visible(timeout=MINUTE)
    text = page.get_by_role("alert").first.inner_text()
    assert "Traceback" not in text
    assert len(text) > 20


def test_what_a_person_uploads_is_shown_and_never_run(
    server: LiveServer, open_tab: OpenTab, tmp_path: Path
) -> None:
    tab = open_tab()
    page = tab.page
    evil = '<img src=x onerror="window.hacked=1">'
    path = tmp_path / "evil.csv"
    rows = "".join(f'"{evil}",{n},{"a" if n % 2 else "b"}\n' for n in range(40))
    header = f'"{evil.replace(chr(34), chr(34) * 2)}",n,y\n'
    path.write_text(header + rows.replace('"window', '""window').replace('1">', '1"">'))
    page.goto(f"{server.url}/new")
    page.locator("input[type=file]").set_input_files(path)
    expect(page.locator(".fm-rows")).to_be_visible(timeout=MINUTE)
    page.locator(".fm-next button:visible").click()
    expect(page.locator(".fm-target")).to_be_visible(timeout=MINUTE)
    page.goto(f"{server.url}/home")
    expect(page.locator(".fm-sample").first).to_be_visible(timeout=MINUTE)
    assert page.evaluate("window.hacked") is None
