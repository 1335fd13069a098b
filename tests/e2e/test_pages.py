"""Every page in both languages, light and dark, wide and narrow: whole, quiet, and alone."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.sync_api import expect

from tests.conftest import LiveServer
from tests.e2e.conftest import OpenTab, Tab
from tests.e2e.reachable import assert_reachable

pytestmark = pytest.mark.browser
PAGES = (
    "home", "new", "datasets", "experiments", "run", "compare", "models", "deployments", "sql",
)  # fmt: skip


@pytest.mark.parametrize("page_name", PAGES)
@pytest.mark.parametrize(
    ("locale", "dark", "widths"), [("en-US", True, (390, 1440)), ("pt-BR", False, (1440, 390))]
)
def test_a_page_asks_no_other_host_and_writes_no_error(
    server: LiveServer,
    open_tab: OpenTab,
    page_name: str,
    locale: str,
    dark: bool,
    widths: tuple[int, int],
) -> None:
    tab = open_tab(locale=locale, dark=dark, width=widths[0])
    tab.page.goto(f"{server.url}/{page_name}")
    expect(tab.page.locator(".fm-page")).to_be_visible(timeout=60_000)
    expect(tab.page.locator(".fm-page h1, .fm-page h2, .fm-page p").first).to_be_visible()
    tab.page.wait_for_load_state("networkidle")
    for width in widths:  # as a telephone that is turned, or a window that is made small
        tab.page.set_viewport_size({"width": width, "height": 900})
        overflow = tab.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert overflow <= 1, f"{page_name} is {overflow} px too wide at {width}"
        assert_reachable(tab.page)
        tab.assert_clean()


def test_what_asks_another_machine_is_blocked_and_counted(
    server: LiveServer, open_tab: OpenTab
) -> None:
    """By name or by number, by the page or by one that it opens: the other tests rest on it."""
    tab = open_tab()
    tab.page.goto(f"{server.url}/api/v1/healthz")
    for asked in ("http://example.org/", "http://192.0.2.1/"):
        assert tab.page.evaluate("u => fetch(u).then(() => 'there', () => 'blocked')", asked) == (
            "blocked"
        )
    with tab.page.context.expect_page() as opened:
        tab.page.evaluate("() => { window.open('http://192.0.2.2/') }")
    opened.value.wait_for_load_state()
    assert tab.outside == ["http://example.org/", "http://192.0.2.1/", "http://192.0.2.2/"]


def test_the_language_switch_stays_for_the_next_page(server: LiveServer, open_tab: OpenTab) -> None:
    page = open_tab().page
    page.goto(f"{server.url}/home?lang=pt_BR")
    expect(page.locator(".fm-start")).to_have_text("Começar", timeout=60_000)
    page.goto(f"{server.url}/new")
    expect(page.get_by_role("heading", name="Novo modelo")).to_be_visible(timeout=60_000)


def test_two_people_at_once_see_their_own_language(server: LiveServer, open_tab: OpenTab) -> None:
    one, two = open_tab().page, open_tab(locale="pt-BR").page
    one.goto(f"{server.url}/new")
    two.goto(f"{server.url}/new")
    expect(one.get_by_role("heading", name="New model")).to_be_visible(timeout=60_000)
    expect(two.get_by_role("heading", name="Novo modelo")).to_be_visible(timeout=60_000)


def test_sessions_come_and_go_without_leaving_anything(
    server: LiveServer, open_tab: OpenTab
) -> None:
    import gc

    import psutil

    process = psutil.Process(server.process.pid)

    def visit(times: int) -> None:
        for _ in range(times):
            page = open_tab().page
            page.goto(f"{server.url}/home")
            expect(page.locator(".fm-start")).to_be_visible(timeout=60_000)
            page.context.close()

    visit(2)
    before = process.memory_info().rss
    visit(4)
    gc.collect()
    assert process.memory_info().rss - before < 120 * 1024**2


def test_the_api_page_is_whole_offline(server: LiveServer, open_tab: OpenTab) -> None:
    tab = open_tab()
    tab.page.goto(f"{server.url}/api/docs")
    expect(tab.page.get_by_text("/api/v1/endpoints/{name}/predict").first).to_be_visible(
        timeout=60_000
    )
    tab.assert_clean()


def test_an_unknown_run_is_said_in_words(server: LiveServer, open_tab: OpenTab) -> None:
    page = open_tab(locale="pt-BR").page
    page.goto(f"{server.url}/run?id=run_nothing")
    expect(page.locator(".fm-error-message")).to_be_visible(timeout=60_000)
    assert "Traceback" not in page.content()


def test_static_files_may_be_kept_by_the_browser(server: LiveServer) -> None:
    answer = httpx.get(f"{server.url}/static/js/bokeh.min.js", trust_env=False)
    assert answer.status_code == 200
    assert "max-age" in answer.headers["cache-control"]


def test_a_server_that_nobody_uses_is_quiet(server: LiveServer, open_tab: OpenTab) -> None:
    import time

    import psutil

    tabs = [open_tab().page for _ in range(3)]
    for page, name in zip(tabs, ("home", "models", "run"), strict=True):
        page.goto(f"{server.url}/{name}")
        expect(page.locator(".fm-page")).to_be_visible(timeout=60_000)
    process = psutil.Process(server.process.pid)
    # pages that chase their own updates keep a core busy for ever: three seconds of three
    used = []
    while len(used) < 10 and (not used or used[-1] >= 1.5):
        before = sum(process.cpu_times()[:2])
        time.sleep(3)
        used.append(sum(process.cpu_times()[:2]) - before)
    assert used[-1] < 1.5, used


def test_the_first_page_on_a_dark_system_is_dark(server: LiveServer, open_tab: OpenTab) -> None:
    tab = open_tab(dark=True)
    painted: list[str] = []
    tab.page.expose_function("painted", lambda color: painted.append(color))
    tab.page.add_init_script(
        """new PerformanceObserver((list) => {
          for (const _ of list.getEntriesByName("first-contentful-paint")) {
            painted(getComputedStyle(document.body).backgroundColor)
          }
        }).observe({type: "paint", buffered: true})"""
    )
    tab.page.goto(f"{server.url}/home")
    expect(tab.page.locator(".fm-start")).to_be_visible(timeout=60_000)
    assert _ground(tab) < 100
    assert all(_brightness(color) < 100 for color in painted), painted
    tab.assert_clean()


def test_a_chosen_theme_wins_over_the_system(server: LiveServer, open_tab: OpenTab) -> None:
    tab = open_tab(dark=True)
    tab.page.goto(f"{server.url}/home?theme=light")
    expect(tab.page.locator(".fm-start")).to_be_visible(timeout=60_000)
    assert _ground(tab) > 150


def _ground(tab: Tab) -> float:
    return _brightness(
        tab.page.locator("main").first.evaluate("e => getComputedStyle(e).backgroundColor")
    )


def _brightness(color: str) -> float:
    """The mean of red, green and blue in `rgb(…)`."""
    return sum(int(n) for n in re.findall(r"\d+", color)[:3]) / 3


def test_the_first_stop_of_the_tab_key_skips_to_the_content(
    server: LiveServer, open_tab: OpenTab
) -> None:
    page = open_tab(locale="pt-BR").page
    page.goto(f"{server.url}/home")
    expect(page.locator(".fm-start")).to_be_visible(timeout=60_000)
    page.keyboard.press("Tab")
    skip = page.locator(".fm-skip")
    expect(skip).to_be_focused()
    assert (box := skip.bounding_box()) is not None
    assert box["y"] >= 0
    page.keyboard.press("Enter")
    expect(page.locator("main").first).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".fm-start")).to_be_focused()


def test_the_guided_flow_goes_by_keyboard_alone(server: LiveServer, open_tab: OpenTab) -> None:
    """On each step the Tab key comes to the one button, and the button shows it."""
    page = open_tab().page
    page.goto(f"{server.url}/new?sample=iris")
    for step, hook in (("data", ".fm-next"), ("goal", ".fm-next"), ("train", ".fm-train")):
        expect(page.locator(f".fm-step-{step}[aria-current=step]")).to_be_visible(timeout=60_000)
        button = page.locator(f"{hook} button:visible")
        expect(button).to_be_enabled(timeout=60_000)
        for _ in range(40):
            page.keyboard.press("Tab")
            if button.evaluate("e => e.getRootNode().activeElement === e"):
                break
        expect(button).to_be_focused()
        expect(button).to_have_css("outline-style", "solid")
        if step != "train":
            page.keyboard.press("Enter")
