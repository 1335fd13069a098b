"""Files that need an answer of the person before they can be used."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import LiveServer
from tests.e2e.conftest import OpenTab

pytestmark = pytest.mark.browser
MINUTE = 60_000


def send(page: Page, server: LiveServer, path: Path, content: bytes) -> None:
    path.write_bytes(content)
    page.goto(f"{server.url}/new")
    page.locator(".fm-choose").wait_for(timeout=MINUTE)
    page.locator("input.fm-file").set_input_files(path)


def test_a_table_of_an_archive_is_chosen(
    server: LiveServer, open_tab: OpenTab, tmp_path: Path
) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("vendas.csv", "a;b\n1;2\n3;4\n")
        archive.writestr("clientes.csv", "nome;idade\nAna;30\nBia;40\n")
    page = open_tab(locale="pt-BR").page
    send(page, server, tmp_path / "two.zip", made.getvalue())
    page.get_by_role("button", name="clientes.csv").click(timeout=MINUTE)
    expect(page.locator(".fm-rows")).to_contain_text("Ana", timeout=MINUTE)


def test_the_order_of_day_and_month_is_asked_before_going_on(
    server: LiveServer, open_tab: OpenTab, tmp_path: Path
) -> None:
    rows = "".join(f"0{i % 9 + 1}/0{i * 7 % 9 + 1}/2024;{i * i}\n" for i in range(60))
    page = open_tab(locale="pt-BR").page
    send(page, server, tmp_path / "datas.csv", f"dia;valor\n{rows}".encode())
    expect(page.locator(".fm-question")).to_be_visible(timeout=MINUTE)
    expect(page.locator(".fm-next button:visible")).to_be_disabled()
    expect(page.locator(".fm-rows tbody tr").nth(1)).to_contain_text("02/08/2024")
    page.locator(".fm-answer-mdy button").click()
    expect(page.locator(".fm-rows tbody tr").nth(1)).to_contain_text("08/02/2024", timeout=MINUTE)
    expect(page.locator(".fm-question")).to_have_count(0)
    expect(page.locator(".fm-next button:visible")).to_be_enabled()


def test_lines_that_do_not_fit_are_left_out_only_when_told(
    server: LiveServer, open_tab: OpenTab, tmp_path: Path
) -> None:
    good = "".join(f"{i},{i * 3}\n" for i in range(50))
    page = open_tab(locale="pt-BR").page
    send(page, server, tmp_path / "mau.csv", f'a,b\n{good}x"y,"q\n7,8\n'.encode())
    page.get_by_role("button", name="Ler sem essas linhas").click(timeout=MINUTE)
    expect(page.locator(".fm-rejects")).to_be_visible(timeout=MINUTE)
    expect(page.locator(".fm-dataset-name")).to_contain_text("mau")
    with page.expect_download() as started:
        page.locator(".fm-rejects a").click()
    assert '"' in started.value.path().read_text("utf-8")
