"""The page of the datasets, and sending files over a line that breaks."""

from __future__ import annotations

import re
import time
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from tests.conftest import LiveServer
from tests.e2e.conftest import OpenTab
from tests.integration.conftest import put

pytestmark = pytest.mark.browser
MINUTE = 60_000
EVIL = "<img src=x onerror=window.__hit=1>"


@pytest.fixture
def dataset(server: LiveServer) -> str:
    """Two versions of a table with a name and a column that want to be run."""
    with httpx.Client(base_url=server.url, timeout=60) as api:
        put(api, f"{EVIL},b\n1,2\n3,4\n".encode(), f"shop {EVIL}")
        made = put(api, f"{EVIL},b\n1,2\n3,5\n".encode(), f"shop {EVIL}").json()
    return str(made["dataset"])


def test_a_dataset_is_described_and_nothing_in_it_is_run(
    server: LiveServer, open_tab: OpenTab, dataset: str
) -> None:
    tab = open_tab()
    page = tab.page
    page.goto(f"{server.url}/datasets")
    page.locator(".fm-dataset-link").filter(has_text="shop").click(timeout=MINUTE)
    expect(page.locator(".fm-dataset-versions tbody tr")).to_have_count(2, timeout=MINUTE)
    page.locator(".fm-describe button").click()
    page.locator(".fm-about textarea").first.fill(f"Bought in {EVIL}")
    page.locator(".fm-tags input").fill(f"raw, {EVIL}")
    page.locator(".fm-describe-save button").click()
    expect(page.get_by_text("Bought in").first).to_be_visible(timeout=MINUTE)
    expect(page.locator(".chip").filter(has_text="raw")).to_be_visible()
    assert page.evaluate("window.__hit") is None
    tab.assert_clean()


def test_a_version_and_then_the_rest_are_deleted_after_a_question(
    server: LiveServer, open_tab: OpenTab, dataset: str
) -> None:
    page = open_tab(locale="pt-BR").page
    page.goto(f"{server.url}/datasets?id={dataset}&version=1")
    page.locator(".fm-delete button").click(timeout=MINUTE)
    expect(page.get_by_text("Isto não pode ser desfeito")).to_be_visible()
    page.locator(".fm-delete-version button").click()
    expect(page.locator(".fm-dataset-versions tbody tr")).to_have_count(1, timeout=MINUTE)
    page.locator(".fm-delete button").click()
    page.locator(".fm-delete-confirm button").click()
    page.wait_for_url(re.compile(r"/datasets$"), timeout=MINUTE)
    assert httpx.get(f"{server.url}/api/v1/datasets/{dataset}").status_code == 404


def test_an_unknown_dataset_is_said_in_words(server: LiveServer, open_tab: OpenTab) -> None:
    page = open_tab(locale="pt-BR").page
    page.goto(f"{server.url}/datasets?id=ds_nothing")
    expect(page.locator(".fm-error-message")).to_contain_text("Não há", timeout=MINUTE)


def send(page: Page, server: LiveServer, path: Path) -> None:
    page.goto(f"{server.url}/new")
    page.locator(".fm-choose").wait_for(timeout=MINUTE)
    page.locator("input.fm-file").set_input_files(path)


def test_an_upload_goes_on_after_the_line_broke(
    server: LiveServer, open_tab: OpenTab, tmp_path: Path
) -> None:
    path = tmp_path / "long.csv"
    path.write_text("a,b\n" + "".join(f"{i},{i * 3}\n" for i in range(1_200_000)))
    page, broken = open_tab().page, []

    def break_some(route: Route) -> None:
        if route.request.method == "PATCH" and len(broken) < 2:
            broken.append(route.request.url)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/api/v1/uploads/*", break_some)
    send(page, server, path)
    expect(page.get_by_text("1,200,000 rows").first).to_be_visible(timeout=2 * MINUTE)
    assert len(broken) == 2


def test_a_cancelled_upload_leaves_nothing(
    server: LiveServer, open_tab: OpenTab, tmp_path: Path
) -> None:
    path = tmp_path / "cancelled.csv"
    path.write_text("a,b\n" + "".join(f"{i},{i}\n" for i in range(900_000)))
    page = open_tab().page
    page.route(
        "**/api/v1/uploads/*",
        lambda route: None if route.request.method == "PATCH" else route.continue_(),
    )
    send(page, server, path)
    page.locator(".fm-upload-cancel").click(timeout=MINUTE)
    expect(page.locator(".fm-choose")).to_be_visible()
    names = [d["name"] for d in httpx.get(f"{server.url}/api/v1/datasets").json()["items"]]
    assert "cancelled" not in names
    scratch = server.home / "scratch"
    until = time.monotonic() + 10
    while list(scratch.glob("*/upload")) and time.monotonic() < until:
        page.wait_for_timeout(100)
    assert not list(scratch.glob("*/upload"))


def test_an_upload_that_is_cancelled_before_it_has_a_name_leaves_nothing(
    server: LiveServer, open_tab: OpenTab, tmp_path: Path
) -> None:
    path = tmp_path / "early.csv"
    path.write_text("a,b\n1,2\n")
    page = open_tab().page
    held: list[Route] = []
    page.route("**/api/v1/uploads", lambda route: held.append(route))
    send(page, server, path)
    page.locator(".fm-upload-cancel").click(timeout=MINUTE)
    expect(page.locator(".fm-choose")).to_be_visible()
    deleted = re.compile(r"/api/v1/uploads/.+")
    with page.expect_request(
        lambda r: r.method == "DELETE" and bool(deleted.search(r.url))
    ) as gone:
        held[0].continue_()
    answer = gone.value.response()
    assert answer is not None and answer.status == 204
    assert not list((server.home / "scratch").glob("*/upload"))


def test_a_column_is_read_otherwise_as_a_new_version(server: LiveServer, open_tab: OpenTab) -> None:
    with httpx.Client(base_url=server.url, timeout=60) as api:
        made = put(api, b"code,b\n12,x\n13,y\n12,z\n", "codes").json()
    page = open_tab().page
    page.goto(f"{server.url}/new?dataset={made['dataset']}")
    page.get_by_text("Something was read wrongly?").click(timeout=MINUTE)
    page.locator(".fm-types select").first.select_option("text")
    page.locator(".fm-reading-apply").click()
    page.wait_for_url("**version=2**", timeout=MINUTE)
    with httpx.Client(base_url=server.url, timeout=60) as api:
        second = api.get(f"/api/v1/datasets/{made['dataset']}/versions/2").json()
    assert {c["name"]: c["type"] for c in second["columns"]}["code"] == "text"
    assert second["source"] == "reading"
