"""The SQL lab in the browser."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.conftest import LiveServer
from tests.e2e.conftest import OpenTab
from tests.integration.conftest import put

pytestmark = pytest.mark.browser
MINUTE = 60_000


@pytest.fixture
def numbers(server: LiveServer) -> None:
    with httpx.Client(base_url=server.url, timeout=60) as api:
        put(api, b"name,n\n" + b"".join(b"row %d,%d\n" % (i, i) for i in range(120)), "numbers")


def write(page: Page, sql: str) -> None:
    page.locator(".ace_text-input").first.focus(timeout=MINUTE)
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(sql)


def run(page: Page, sql: str) -> None:
    write(page, sql)
    page.locator(".fm-sql-run button").click()


def test_a_query_is_answered_drawn_and_saved_as_a_file(
    server: LiveServer, open_tab: OpenTab, numbers: None
) -> None:
    tab = open_tab()
    page = tab.page
    page.goto(f"{server.url}/sql")
    run(page, "FROM data.numbers")
    expect(page.locator(".fm-answer tbody tr")).to_have_count(50, timeout=MINUTE)
    expect(page.locator(".fm-answer-status")).to_contain_text("120 rows")
    page.locator(".fm-page-next button").click()
    expect(page.locator(".fm-answer tbody")).to_contain_text("row 60")
    expect(page.locator(".fm-chart-kind")).to_contain_text("Bars")
    with page.expect_download() as waiting:
        page.locator(".fm-download-csv a, .fm-download-csv button").first.click()
    rows = list(csv.reader(io.StringIO(Path(waiting.value.path()).read_text())))
    assert len(rows) == 121
    assert rows[0] == ["name", "n"]
    tab.assert_clean()


def test_names_are_completed_and_the_keyboard_runs_the_query(
    server: LiveServer, open_tab: OpenTab, numbers: None
) -> None:
    page = open_tab().page
    page.goto(f"{server.url}/sql")
    expect(page.locator(".fm-tree")).to_contain_text("lab.runs", timeout=MINUTE)
    write(page, "")
    page.keyboard.type("SELECT count(*) FROM data.numb", delay=40)
    expect(page.locator(".ace_autocomplete")).to_contain_text("data.numbers", timeout=10_000)
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".fm-answer tbody")).to_contain_text("120", timeout=MINUTE)


def test_an_error_is_said_in_portuguese_with_its_place(
    server: LiveServer, open_tab: OpenTab
) -> None:
    page = open_tab(locale="pt-BR").page
    page.goto(f"{server.url}/sql")
    run(page, "SELECT * FROM lab.rums")
    expect(page.locator(".fm-error-message")).to_contain_text("Não existe a tabela", timeout=MINUTE)
    expect(page).to_have_url(re.compile("q=SELECT"))
    run(page, "SELECT 1,\n  nothing")
    expect(page.locator(".ace_gutter-cell.ace_error")).to_have_text("2", timeout=MINUTE)
    run(page, "SELECT getenv('HOME')")
    expect(page.locator(".fm-error-message")).to_contain_text("não é oferecida", timeout=MINUTE)


def test_what_a_query_answers_is_shown_and_never_run(server: LiveServer, open_tab: OpenTab) -> None:
    evil = "<img src=x onerror=window.__hit=1>"
    tab = open_tab()
    page = tab.page
    page.goto(f"{server.url}/sql")
    run(page, f"SELECT '{evil}' AS \"{evil}\", 1 AS n UNION ALL SELECT '<b>b</b>', 2")
    expect(page.locator(".fm-answer tbody tr")).to_have_count(2, timeout=MINUTE)
    page.wait_for_timeout(500)
    assert page.evaluate("window.__hit") is None
    tab.assert_clean()


def test_a_query_in_the_address_waits_for_a_person(server: LiveServer, open_tab: OpenTab) -> None:
    page = open_tab().page
    page.goto(f"{server.url}/sql?q=SELECT%2042%20AS%20answer")
    expect(page.locator(".ace_content").first).to_contain_text("42", timeout=MINUTE)
    expect(page.locator(".fm-recipe").first).to_be_visible(timeout=MINUTE)
    assert page.locator(".fm-answer").count() == 0
    page.locator(".fm-sql-run button").click()
    expect(page.locator(".fm-answer tbody")).to_contain_text("42", timeout=MINUTE)


def test_a_saved_query_is_found_again_and_can_be_deleted(
    server: LiveServer, open_tab: OpenTab
) -> None:
    page = open_tab().page
    page.goto(f"{server.url}/sql")
    write(page, "SELECT 'kept' AS word")
    page.locator(".fm-sql-save button").click()
    page.locator(".fm-sql-name input").fill("My question")
    page.locator(".fm-sql-save-confirm button").click()
    page.wait_for_url(re.compile("saved="), timeout=MINUTE)
    page.reload()
    expect(page.locator(".ace_content").first).to_contain_text("kept", timeout=MINUTE)
    expect(page.locator(".fm-saved")).to_have_text("My question")
    page.locator(".fm-sql-forget button").click()
    page.get_by_role("button", name="Yes, delete it for everybody").click()
    page.wait_for_url(re.compile("/sql$"), timeout=MINUTE)
    assert httpx.get(f"{server.url}/api/v1/sql/saved").json() == []
