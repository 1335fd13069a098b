"""Advice in the guided flow: shown, followed by default, and overruled."""

from __future__ import annotations

import csv
import io
import random

import httpx
import pytest
from playwright.sync_api import expect

from tests.conftest import LiveServer
from tests.e2e.conftest import OpenTab
from tests.e2e.test_main_job import train
from tests.integration.conftest import put

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MINUTE = 60_000


def students(rows: int = 300, seed: int = 0, changed: int = 0) -> bytes:
    """Who left, with a column that is only filled in afterwards and several rows a student."""
    dice, text = random.Random(seed), io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(["matrícula", "aluno_id", "nota", "motivo", "evadiu"])
    for i in range(rows):
        left = dice.random() < 0.4
        mark = dice.gauss(5 if left else 7, 1.5) + (1 if i < changed else 0)
        why = dice.choice(["trabalho", "mudança"]) if left else ""
        answer = "sim" if left else "não"
        writer.writerow(
            [1000 + i, dice.randrange(60), f"{mark:.1f}".replace(".", ","), why, answer]
        )
    return text.getvalue().encode()


def dataset(server: LiveServer, name: str, *files: bytes) -> str:
    with httpx.Client(base_url=server.url, timeout=60) as api:
        made = [put(api, content, name).json() for content in files]
    return str(made[0]["dataset"])


def test_advice_is_followed_by_default_and_can_be_overruled(
    server: LiveServer, open_tab: OpenTab
) -> None:
    id_ = dataset(server, "alunos", students())
    tab = open_tab(locale="pt-BR")
    page = tab.page
    page.goto(f"{server.url}/new?dataset={id_}&step=goal&target=evadiu")
    leak = page.locator(".fm-advice-target_leak")
    expect(leak).to_contain_text("já revela “evadiu” quase sempre", timeout=MINUTE)
    expect(leak.locator("input")).to_be_checked()
    expect(page.locator(".fm-advice-repeated_entity input")).to_be_checked()
    page.locator(".fm-advanced button").first.click()
    expect(page.locator(".fm-exclude")).to_contain_text("motivo")
    expect(page.locator(".fm-split-column")).to_contain_text("aluno_id")
    page.locator(".fm-advice-repeated_entity input").uncheck()
    expect(page.locator(".fm-split-column")).to_be_hidden()
    expect(leak.locator("input")).to_be_checked()
    train(page, 5)
    with httpx.Client(base_url=server.url, timeout=60) as api:
        run = api.get("/api/v1/runs", params={"limit": 1}).json()["items"][0]
    assert run["exclude"] == ["motivo", "matrícula"]
    assert run["split"]["kind"] == "random"
    tab.assert_clean()


def test_another_target_takes_its_own_advice(server: LiveServer, open_tab: OpenTab) -> None:
    id_ = dataset(server, "alunos", students())
    page = open_tab(locale="pt-BR").page
    page.goto(f"{server.url}/new?dataset={id_}&step=goal&target=evadiu")
    expect(page.locator(".fm-advice-target_leak")).to_be_visible(timeout=MINUTE)
    page.locator(".fm-target [role=combobox]").click()
    page.locator("li[role=option], li.MuiMenuItem-root").filter(has_text="nota").click()
    expect(page.locator(".fm-advice-target_leak")).to_have_count(0, timeout=MINUTE)
    page.locator(".fm-advanced button").first.click()
    expect(page.locator(".fm-exclude")).not_to_contain_text("motivo")


def test_two_versions_are_compared(server: LiveServer, open_tab: OpenTab) -> None:
    id_ = dataset(server, "duas turmas", students(), students(320, changed=40))
    tab = open_tab(locale="pt-BR")
    page = tab.page
    page.goto(f"{server.url}/datasets?id={id_}")
    page.locator(".fm-compare").click(timeout=MINUTE)
    diff = page.locator(".fm-diff")
    expect(diff).to_contain_text("Da versão 1 para a versão 2", timeout=MINUTE)
    expect(diff.locator(".tile").nth(0)).to_contain_text("20")
    expect(diff.locator(".tile").nth(2)).to_contain_text("40")
    expect(diff).to_contain_text("As linhas foram ligadas por “matrícula”.")
    page.goto(f"{server.url}/datasets?id={id_}&version=2&with=1&key=nota")
    expect(page.locator(".fm-error-message")).to_contain_text("se repete", timeout=MINUTE)
    page.goto(f"{server.url}/datasets?id={id_}&version=2&with=77")
    expect(page.locator(".fm-error-message")).to_contain_text("77", timeout=MINUTE)
    tab.assert_clean()
